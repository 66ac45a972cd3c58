//! The table that a terminal shows when a run has ended.

use super::verdicts::{described, emphasis, notes};
use super::{counted, median, offered};
use crate::analysis::{Analysis, CellFigures, Family, FamilyRow, Metric, Role, Schedule, analyse};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_results::{Run, Status};

/// Figures, ratios and verdicts of a record as plain data, for a terminal to show.
#[must_use]
pub fn terminal_table(run: &Run) -> Table {
    let analysis = analyse(run);
    let metric = analysis.shown_first();
    let others = Others::of(&analysis, metric);
    let first = format!("#{}", described(&analysis, metric));
    let names = others.names(&analysis);
    let mut headers = vec!["comparison", analysis.subject.name(), first.as_str(), "#vs reference", "verdict"];
    headers.extend(names.iter().map(String::as_str));
    let mut table = Table::new(run.manifest.name.clone(), &headers);
    for family in &analysis.families {
        for (place, row) in family.rows.iter().enumerate() {
            let mut cells = family_cells(&analysis, family, row, metric, place == 0);
            cells.extend(others.figures(&analysis.cells[row.cell]));
            table.push(cells, emphasis(row), place == 0);
        }
    }
    let compared: Vec<usize> = analysis.families.iter().flat_map(|f| f.rows.iter().map(|row| row.cell)).collect();
    for (_, figures) in analysis.cells.iter().enumerate().filter(|(index, _)| !compared.contains(index)) {
        let mut cells = vec![figures.cell.family.clone(), analysis.label(figures).to_owned(), median(figures, metric)];
        cells.extend([String::new(), "not compared".to_owned()]);
        cells.extend(others.figures(figures));
        table.push(cells, if figures.trials.is_empty() { Emphasis::Missing } else { Emphasis::Plain }, true);
    }
    table.footnotes = footnotes(run, &analysis);
    table
}

/// A sort of arrivals that is worth a column where there are any: its name and its count.
type Arrivals = (&'static str, fn(&Schedule) -> u64);

/// The columns behind the verdict.
struct Others {
    open_loop: bool,
    metrics: Vec<Metric>,
    arrivals: Vec<Arrivals>,
}

impl Others {
    fn of(analysis: &Analysis<'_>, first: Metric) -> Self {
        let all: [Arrivals; 3] =
            [("late", |schedule| schedule.late), ("shed", |schedule| schedule.shed), ("unsent", |s| s.unsent)];
        let any = |(_, count): &Arrivals| {
            analysis.cells.iter().filter_map(CellFigures::schedule).any(|schedule| count(&schedule) > 0)
        };
        Self {
            open_loop: analysis.open_loop,
            metrics: analysis.metrics.iter().copied().filter(|metric| *metric != first).collect(),
            arrivals: all.into_iter().filter(any).collect(),
        }
    }

    fn names(&self, analysis: &Analysis<'_>) -> Vec<String> {
        let mut names = Vec::new();
        names.extend(self.open_loop.then(|| "#offered load, arrivals/s".to_owned()));
        names.extend(self.metrics.iter().map(|metric| {
            // Beside the offered load the achieved throughput has its unit; alone it is known from the first column.
            if self.open_loop { format!("#{}", described(analysis, *metric)) } else { format!("#{}", metric.title()) }
        }));
        names.extend(self.open_loop.then(|| "#schedule lag p99".to_owned()));
        names.extend(self.arrivals.iter().map(|(name, _)| format!("#{name}")));
        names
    }

    fn figures(&self, figures: &CellFigures<'_>) -> Vec<String> {
        let schedule = figures.schedule();
        let lag = || {
            let lag = schedule.as_ref().and_then(|schedule| schedule.lag_p99);
            units::or_none(lag.map(|lag| lag.median), units::time)
        };
        let count = |count: fn(&Schedule) -> u64| {
            units::or_none(schedule.as_ref().map(|schedule| count(schedule) as f64), units::count)
        };
        let mut cells = Vec::new();
        cells.extend(self.open_loop.then(|| offered(figures)));
        cells.extend(self.metrics.iter().map(|metric| median(figures, *metric)));
        cells.extend(self.open_loop.then(lag));
        cells.extend(self.arrivals.iter().map(|(_, of)| count(*of)));
        cells
    }
}

fn family_cells(analysis: &Analysis<'_>, family: &Family, row: &FamilyRow, metric: Metric, first: bool) -> Vec<String> {
    let ratio = match row.role {
        Role::Reference => "1".to_owned(),
        _ if row.interval() == units::NOT_AVAILABLE => row.ratio(),
        _ => format!("{} ({})", row.ratio(), row.interval()),
    };
    let name = if first { family.name.clone() } else { String::new() };
    vec![name, row.label.clone(), median(&analysis.cells[row.cell], metric), ratio, row.verdict()]
}

fn footnotes(run: &Run, analysis: &Analysis<'_>) -> Vec<String> {
    let mut notes = notes(&run.manifest, analysis);
    let planned = run.manifest.planned_trials();
    if run.manifest.status != Status::Complete {
        notes.insert(0, format!("The run is not complete: {} of {}.", run.trials.len(), counted(planned, "trial")));
    }
    let invalid: usize = analysis.cells.iter().map(|figures| figures.invalid.len()).sum();
    if invalid > 0 {
        let text = "did not measure the stack, and no figure of them is in this table; the page says why.";
        notes.push(format!("{} {text}", counted(invalid, "invalid trial")));
    }
    notes.push(if analysis.open_loop {
        "Figures are medians over blocks; late, shed and unsent count the arrivals of all trials. Response time = completion - \
         intended start, service time = completion - actual start (both of all answered operations), schedule lag = actual - \
         intended start."
            .into()
    } else {
        "Figures are medians over blocks; read p50 and p99 are of the service time.".into()
    });
    for figures in &analysis.cells {
        if let Some(why) = &figures.cell.unsupported {
            notes.push(format!("{} is unsupported: {why}.", figures.cell.id));
        }
    }
    notes
}
