//! The course of one trial of each cell: throughput, hit ratio and p99 over the window. One chart a stack.

mod by_arm;
mod figures;

use super::subject::line;
use super::{Chart, Source, room};
use crate::ReportError;
use crate::analysis::{Point, Stack};
use crate::scene::{LegendEntry, Plot, RED, Scale, Scene, Sheet, Sign, Swatch, dashed};
use crate::units::{self, capital};
use cachemark_results::figure::{FIGURES, Figure, HIT_RATIO, Measure, THROUGHPUT, response, service};
use cachemark_results::warning::NOT_STEADY;
use cachemark_results::{Interval, Series};

/// A cell's course: its place in the legend, whether it was steady, its window in nanoseconds, its intervals.
struct Course {
    variant: usize,
    was_steady: bool,
    window_ns: u64,
    series: Series,
}

impl Course {
    fn has_failures(&self) -> bool {
        self.series.intervals.iter().any(|interval| interval.failures > 0)
    }

    /// The length of an interval in seconds; the last one may be cut short by the end of the window.
    fn seconds(&self, interval: &Interval) -> f64 {
        let left = self.window_ns.saturating_sub(interval.start_ns);
        let length = if left == 0 { self.series.interval_ns } else { self.series.interval_ns.min(left) };
        length.max(1) as f64 / 1e9
    }
}

/// How many offered loads have rows: more would make the chart longer than anyone looks at.
const RATES: usize = 3;

/// How high a row of panels is.
const HEIGHT: f64 = 225.0;

/// So many columns are wide enough for the figure and the point in one heading.
const WIDE: usize = 3;

/// One row: a point, and the course of one trial of each cell there.
type Row = (Point, Vec<Course>);

/// One column: what it shows.
struct Column {
    figure: &'static Figure,
    heading: String,
    /// The figure's name where the column's heading stands above.
    name: &'static str,
    scale: fn(&[f64]) -> Scale,
    /// Whether all read ratios have one axis.
    one_axis: bool,
    /// Whether each arm has its own axis where each has a panel of its own.
    axis_by_arm: bool,
}

/// The columns: what every series has (where no arm asks a cache, without a hit ratio), what else is told over time and was not zero throughout, and times at the end.
fn columns(source: Source<'_>, rows: &[Row]) -> Vec<Column> {
    let throughput = Column {
        heading: "Throughput".into(),
        name: "operations per second",
        // One axis would press the slow ones flat, and what matters here is whether a line is level.
        one_axis: false,
        ..Column::from_zero(THROUGHPUT)
    };
    let hit_ratio = Column {
        heading: "Hit ratio".into(),
        name: "hits / lookups",
        scale: |_| Scale::Linear { from: 0.0, to: 1.05 },
        axis_by_arm: false,
        ..Column::from_zero(HIT_RATIO)
    };
    let others = FIGURES.iter().filter(|figure| !figure.is_time() && ![THROUGHPUT, HIT_RATIO].contains(figure));
    let others = others.map(|figure| Column::from_zero(figure)).filter(|column| {
        let courses = rows.iter().flat_map(|(_, courses)| courses);
        courses.flat_map(|course| column.figures(course)).any(|figure| figure > 0.0)
    });
    let courses = || rows.iter().flat_map(|(_, courses)| courses);
    let has_hits = courses().next().is_none() || courses().any(|course| !hit_ratio.figures(course).is_empty());
    let hit_ratio = has_hits.then_some(hit_ratio);
    [throughput].into_iter().chain(hit_ratio).chain(others).chain([time_column(source, rows)]).collect()
}

/// The column of the 99th percentile, or of the median where no interval has enough operations for more.
fn time_column(source: Source<'_>, rows: &[Row]) -> Column {
    let intervals = || rows.iter().flat_map(|(_, courses)| courses).flat_map(|course| &course.series.intervals);
    let only_median = intervals().all(|each| each.p99_ns.is_none()) && intervals().any(|each| each.p50_ns.is_some());
    let ((p50, p99), name) = if source.analysis.open_loop {
        ((response::P50, response::P99), "response time")
    } else {
        ((service::P50, service::P99), "service time")
    };
    let (figure, heading) = if only_median { (p50, "p50") } else { (p99, "p99") };
    Column {
        figure,
        heading: heading.into(),
        name,
        scale: |figures| Scale::log_around(figures.iter().copied(), 1.4).unwrap_or(Scale::Log { from: 1e3, to: 1e6 }),
        one_axis: true,
        axis_by_arm: false,
    }
}

pub(crate) fn charts(source: Source<'_>) -> Result<Vec<Chart>, ReportError> {
    let stacks = &source.analysis.stacks;
    let chart = |(index, stack): (usize, &Stack)| {
        let twice = stacks.iter().filter(|other| other.slug == stack.slug).count() > 1;
        let name = match stacks.len() {
            1 => "series".to_owned(),
            _ if twice || stack.slug.is_empty() => format!("series-{}-{}", stack.slug, index + 1),
            _ => format!("series-{}", stack.slug),
        };
        of_stack(source, stack, name)
    };
    stacks.iter().enumerate().map(chart).collect()
}

fn of_stack(source: Source<'_>, stack: &Stack, name: String) -> Result<Chart, ReportError> {
    let mut rows: Vec<Row> = Vec::new();
    let mut points = source.analysis.some_points(RATES);
    let beyond = room::spread(&mut points, room::panels(row_height(source), 1));
    for point in points {
        let mut courses = Vec::new();
        for variant in 0..source.analysis.variants.len() {
            let trial = source.analysis.at(stack, variant, point).and_then(|figures| figures.representative());
            if let Some(trial) = trial {
                let window_ns = trial.window.measured_ns;
                let was_steady = trial.warnings.iter().all(|warning| warning.code != NOT_STEADY.code);
                courses.push(Course { variant, was_steady, window_ns, series: source.run.series(trial)? });
            }
        }
        rows.push((point, courses));
    }
    let title = match source.analysis.stacks.len() {
        1 => "The course of one trial of each cell".to_owned(),
        _ => format!("The course of one trial of each cell: {}", stack.label),
    };
    let has_none = rows.iter().flat_map(|(_, courses)| courses).all(|course| course.series.intervals.is_empty());
    let told: usize = rows.iter().map(|(_, courses)| courses.len()).sum();
    Ok(Chart {
        lacks: has_none.then_some("no trial has a course over its window."),
        name,
        alt: format!("{title}: {} in each interval of the window, {told} trials.", headings(&columns(source, &rows))),
        title,
        table: Some(figures::table(source, stack, &rows)),
        reading: reading(source),
        scene: scene(source, stack, &rows, beyond),
    })
}

fn reading(source: Source<'_>) -> String {
    let level = if source.analysis.has_cold_starts() {
        "The window begins on an empty cache: the climb of the hit ratio is the cold start itself, and where it is level the \
         cache has filled."
    } else {
        "Level lines mean that the window was steady; a line that climbs or falls says that the warm-up was too short."
    };
    let by = if source.analysis.open_loop { "response time p99" } else { "throughput" };
    let failed = " A cross on the throughput marks an interval in which operations failed.";
    let marked = if source.is_numbered() { " Trials that the record calls not steady are marked." } else { "" };
    format!("{level} Shown is the trial in the middle by {by} of each cell.{failed}{marked}")
}

/// The headings of the columns, within a sentence: `throughput, hit ratio and p99`.
fn headings(columns: &[Column]) -> String {
    let headings: Vec<String> = columns.iter().map(|column| column.heading.to_lowercase()).collect();
    units::listed(&headings)
}

/// How high the row of a point is at most.
fn row_height(source: Source<'_>) -> f64 {
    if source.is_numbered() { by_arm::height(source.analysis.variants.len()) } else { HEIGHT }
}

fn scene(source: Source<'_>, stack: &Stack, rows: &[Row], beyond: Option<String>) -> Scene {
    let shown =
        |variant: &usize| rows.iter().any(|(_, courses)| courses.iter().any(|course| course.variant == *variant));
    let variants: Vec<usize> = (0..source.analysis.variants.len()).filter(shown).collect();
    let alone = source.analysis.stacks.len() == 1;
    let columns = columns(source, rows);
    let percentile = columns.last().map_or("p99", |column| column.heading.as_str());
    let of = if source.analysis.open_loop { "response time of" } else { "of" };
    let by_arm = source.is_numbered();
    let scales = if by_arm { by_arm::scales(&columns) } else { "Each panel of throughput has its own scale.".into() };
    let mut notes = vec![format!(
        "{percentile}: {of} all operations that ended in the interval; a gap where they were too few. {scales}"
    )];
    notes.extend(source.not_drawn(&source.analysis.some_rates(RATES)));
    notes.extend(beyond);
    let mut legend = if by_arm { Vec::new() } else { source.legend(&variants, line) };
    let failed = rows.iter().flat_map(|(_, courses)| courses).any(Course::has_failures);
    legend.extend(failed.then(failures));
    let sheet = Sheet {
        title: format!("{} over the window, one trial of each cell", capital(&headings(&columns))),
        subtitle: source.subtitle(if alone { "" } else { &stack.label }),
        legend,
        notes,
        panels: if by_arm { rows.len() } else { rows.len() * columns.len() },
        columns: if by_arm { 1 } else { columns.len() },
        panel_height: if by_arm { by_arm::height(most(rows)) } else { HEIGHT },
    };
    let (mut scene, areas) = sheet.lay_out();
    let ends = rows.iter().flat_map(|(_, courses)| courses).filter_map(end_s);
    let x = Scale::Linear { from: 0.0, to: ends.reduce(f64::max).unwrap_or(1.0) };
    if by_arm {
        by_arm::draw(source, &mut scene, &areas, (&columns, x), rows);
        return scene;
    }
    let places = areas.chunks(columns.len());
    for ((point, courses), row) in rows.iter().zip(places) {
        for (column, area) in columns.iter().zip(row) {
            let of_axis = rows.iter().filter(|(other, _)| column.one_axis || other == point);
            let figures: Vec<f64> = of_axis.flat_map(|(_, courses)| courses).flat_map(|c| column.figures(c)).collect();
            let (heading, name) = column.names(source, *point, columns.len() > WIDE);
            let scale = (column.scale)(&figures);
            let format = |value| column.format(value);
            let plot = Plot::begin(&mut scene, *area, 40.0, (&heading, &name), scale, &format);
            plot.level_axis(&mut scene, x, &x.ticks(5), &|at| units::short(at), "seconds of the window");
            column.draw(source, &mut scene, &plot, x, courses);
        }
    }
    scene
}

/// How many courses the point with the most of them has.
fn most(rows: &[Row]) -> usize {
    rows.iter().map(|(_, courses)| courses.len()).max().unwrap_or(0)
}

/// What marks an interval in which operations failed.
fn failures() -> LegendEntry {
    LegendEntry { swatch: Swatch::Sign(Sign::Cross, RED), text: "operations failed in this interval".into() }
}

fn end_s(course: &Course) -> Option<f64> {
    course.series.intervals.last().map(|last| last.start_ns as f64 / 1e9 + course.seconds(last))
}

impl Column {
    /// A figure that begins at 0.
    fn from_zero(figure: &'static Figure) -> Self {
        let name = match figure.unit {
            Measure::Time => "time",
            Measure::Rate => "operations per second",
            Measure::Count => "operations in the interval",
            Measure::Share | Measure::SmallShare | Measure::Ratio => "share in the interval",
        };
        let scale = |figures: &[f64]| Scale::from_zero(figures.iter().copied(), 1.1);
        Self { figure, heading: capital(figure.title), name, scale, one_axis: true, axis_by_arm: true }
    }

    /// The heading of a panel, and the name of its axis. Where the point takes the whole heading, the axis says what it is;
    /// where panels are narrow, the axis says where they stand.
    fn names(&self, source: Source<'_>, point: Point, narrow: bool) -> (String, String) {
        if narrow {
            (self.heading.clone(), source.place(point))
        } else if source.analysis.has_many_rates() {
            (source.place(point), format!("{}: {}", self.heading, self.name))
        } else {
            (format!("{}, {}", self.heading, source.place(point)), self.name.to_owned())
        }
    }

    fn of(&self, course: &Course, interval: &Interval) -> Option<f64> {
        (self.figure.over_time?)(interval, course.seconds(interval))
    }

    fn figures(&self, course: &Course) -> Vec<f64> {
        course.series.intervals.iter().filter_map(|interval| self.of(course, interval)).collect()
    }

    fn format(&self, value: f64) -> String {
        if self.figure.is_time() { units::time_tick(value) } else { units::figure_short(self.figure, value) }
    }

    fn draw(&self, source: Source<'_>, scene: &mut Scene, plot: &Plot, x: Scale, courses: &[Course]) {
        if courses.iter().all(|course| self.figures(course).is_empty()) {
            return plot.say(scene, if courses.is_empty() { "Not measured." } else { "No figures." });
        }
        for course in courses {
            let variant = &source.analysis.variants[course.variant];
            let place = |interval: &Interval| {
                let middle = interval.start_ns as f64 / 1e9 + course.seconds(interval) / 2.0;
                Some((plot.across(x, middle), plot.at(self.of(course, interval)?)))
            };
            let places: Vec<Option<(f64, f64)>> = course.series.intervals.iter().map(place).collect();
            for run in places.split(Option::is_none) {
                let path: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
                match path.as_slice() {
                    [] => (),
                    [only] => scene.disc(*only, 3.0, variant.colour),
                    _ if variant.control => dashed(scene, &path, variant.colour, 1.5),
                    _ => scene.line(&path, variant.colour, 2.0),
                }
            }
            if self.figure == THROUGHPUT {
                let failed = course.series.intervals.iter().zip(&places).filter(|(interval, _)| interval.failures > 0);
                failed.filter_map(|(_, place)| *place).for_each(|place| Sign::Cross.draw(scene, place, RED));
            }
        }
    }
}
