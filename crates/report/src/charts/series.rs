//! The course of one trial of each cell: throughput, hit ratio and p99 over the window. One chart a stack.

use super::subject::line;
use super::{Chart, Source};
use crate::ReportError;
use crate::analysis::{Point, Stack};
use crate::scene::{Plot, Scale, Scene, Sheet, dashed};
use crate::units;
use cachemark_results::{Interval, Series};

/// A cell's course: its place in the legend, its window in nanoseconds, its intervals.
struct Course {
    variant: usize,
    window_ns: u64,
    series: Series,
}

impl Course {
    /// The length of an interval in seconds; the last one may be cut short by the end of the window.
    fn seconds(&self, interval: &Interval) -> f64 {
        let left = self.window_ns.saturating_sub(interval.start_ns);
        let length = if left == 0 { self.series.interval_ns } else { self.series.interval_ns.min(left) };
        length.max(1) as f64 / 1e9
    }
}

/// How many offered loads have rows: more would make the chart longer than anyone looks at.
const RATES: usize = 3;

/// One row: a point, and the course of one trial of each cell there.
type Row = (Point, Vec<Course>);

/// One column: what it shows, and its figure of an interval.
struct Column {
    heading: &'static str,
    /// The figure's name where the column's heading stands above.
    name: &'static str,
    figure: fn(&Course, &Interval) -> Option<f64>,
    format: fn(f64) -> String,
    scale: fn(&[f64]) -> Scale,
    /// Whether all read ratios have one axis.
    one_axis: bool,
}

/// The columns: the last one of the 99th percentile, or of the median where no interval has enough operations for more.
fn columns(rows: &[Row]) -> [Column; 3] {
    let intervals = || rows.iter().flat_map(|(_, courses)| courses).flat_map(|course| &course.series.intervals);
    let only_median = intervals().all(|each| each.p99_ns.is_none()) && intervals().any(|each| each.p50_ns.is_some());
    let [throughput, hit_ratio] = COLUMNS;
    let time = if only_median {
        time_column("p50", |_, interval| interval.p50_ns.map(|ns| ns as f64))
    } else {
        time_column("p99", |_, interval| interval.p99_ns.map(|ns| ns as f64))
    };
    [throughput, hit_ratio, time]
}

fn time_column(heading: &'static str, figure: fn(&Course, &Interval) -> Option<f64>) -> Column {
    Column {
        heading,
        // Service time or response time: the record says which.
        name: "",
        figure,
        format: units::time_tick,
        scale: |figures| Scale::log_around(figures.iter().copied(), 1.4).unwrap_or(Scale::Log { from: 1e3, to: 1e6 }),
        one_axis: true,
    }
}

const COLUMNS: [Column; 2] = [
    Column {
        heading: "Throughput",
        name: "operations per second",
        figure: |course, interval| Some(interval.operations as f64 / course.seconds(interval)),
        format: units::short,
        scale: |figures| Scale::from_zero(figures.iter().copied(), 1.1),
        // One axis would press the slow ones flat, and what matters here is whether a line is level.
        one_axis: false,
    },
    Column {
        heading: "Hit ratio",
        name: "hits / lookups",
        figure: |_, interval| interval.hit_ratio(),
        format: |value| format!("{value:.2}"),
        scale: |_| Scale::Linear { from: 0.0, to: 1.05 },
        one_axis: true,
    },
];

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
    for point in source.analysis.some_points(RATES) {
        let mut courses = Vec::new();
        for variant in 0..source.analysis.variants.len() {
            let trial = source.analysis.at(stack, variant, point).and_then(|figures| figures.representative());
            if let Some(trial) = trial {
                let window_ns = trial.window.measured_ns;
                courses.push(Course { variant, window_ns, series: source.run.series(trial)? });
            }
        }
        rows.push((point, courses));
    }
    let title = match source.analysis.stacks.len() {
        1 => "The course of one trial of each cell".to_owned(),
        _ => format!("The course of one trial of each cell: {}", stack.label),
    };
    let told: usize = rows.iter().map(|(_, courses)| courses.len()).sum();
    Ok(Chart {
        name,
        alt: format!(
            "{title}: throughput, hit ratio and {} in each interval of the window, {told} trials.",
            columns(&rows)[2].heading
        ),
        title,
        reading: reading(source),
        scene: scene(source, stack, &rows),
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
    format!("{level} Shown is the trial in the middle by {by} of each cell.")
}

/// What the column of times is of.
fn time(source: Source<'_>) -> &'static str {
    if source.analysis.open_loop { "response time" } else { "service time" }
}

fn scene(source: Source<'_>, stack: &Stack, rows: &[Row]) -> Scene {
    let shown =
        |variant: &usize| rows.iter().any(|(_, courses)| courses.iter().any(|course| course.variant == *variant));
    let variants: Vec<usize> = (0..source.analysis.variants.len()).filter(shown).collect();
    let alone = source.analysis.stacks.len() == 1;
    let columns = columns(rows);
    let percentile = columns[2].heading;
    let of = if source.analysis.open_loop { "response time of" } else { "of" };
    let mut notes = vec![format!(
        "{percentile}: {of} all operations that ended in the interval; a gap where they were too few. Each panel of throughput has its own \
         scale."
    )];
    notes.extend(source.not_drawn(&source.analysis.some_rates(RATES)));
    let (mut scene, areas) = Sheet {
        title: format!("Throughput, hit ratio and {percentile} over the window, one trial of each cell"),
        subtitle: source.subtitle(if alone { "" } else { &stack.label }),
        legend: source.legend(&variants, line),
        notes,
        panels: rows.len() * columns.len(),
        columns: columns.len(),
        panel_height: 225.0,
    }
    .lay_out();
    let ends = rows.iter().flat_map(|(_, courses)| courses).filter_map(end_s);
    let x = Scale::Linear { from: 0.0, to: ends.reduce(f64::max).unwrap_or(1.0) };
    let places = areas.chunks(columns.len());
    for ((point, courses), row) in rows.iter().zip(places) {
        for (column, area) in columns.iter().zip(row) {
            let of_axis = rows.iter().filter(|(other, _)| column.one_axis || other == point);
            let figures: Vec<f64> = of_axis.flat_map(|(_, courses)| courses).flat_map(|c| column.figures(c)).collect();
            let (heading, name) = column.names(source, *point);
            let scale = (column.scale)(&figures);
            let plot = Plot::begin(&mut scene, *area, 40.0, (&heading, &name), scale, &column.format);
            plot.level_axis(&mut scene, x, &x.ticks(5), &|at| units::short(at), "seconds of the window");
            column.draw(source, &mut scene, &plot, x, courses);
        }
    }
    scene
}

fn end_s(course: &Course) -> Option<f64> {
    course.series.intervals.last().map(|last| last.start_ns as f64 / 1e9 + course.seconds(last))
}

impl Column {
    /// The heading of a panel, and the name of its axis. Where the point takes the whole heading, the axis says what it is.
    fn names(&self, source: Source<'_>, point: Point) -> (String, String) {
        let name = if self.name.is_empty() { time(source) } else { self.name };
        if source.analysis.has_many_rates() {
            (source.place(point), format!("{}: {name}", self.heading))
        } else {
            (format!("{}, {}", self.heading, source.place(point)), name.to_owned())
        }
    }

    fn figures(&self, course: &Course) -> Vec<f64> {
        course.series.intervals.iter().filter_map(|interval| (self.figure)(course, interval)).collect()
    }

    fn draw(&self, source: Source<'_>, scene: &mut Scene, plot: &Plot, x: Scale, courses: &[Course]) {
        if courses.iter().all(|course| self.figures(course).is_empty()) {
            return plot.say(scene, if courses.is_empty() { "Not measured." } else { "No figures." });
        }
        for course in courses {
            let variant = &source.analysis.variants[course.variant];
            let place = |interval: &Interval| {
                let middle = interval.start_ns as f64 / 1e9 + course.seconds(interval) / 2.0;
                Some((plot.across(x, middle), plot.at((self.figure)(course, interval)?)))
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
        }
    }
}
