//! report.html: one file that needs nothing else: no network, and no script but to sort, filter and unfold.

mod banner;
mod explanations;
mod figure;
mod grid;
mod script;

pub(crate) use banner::{Banner, banners};
pub(crate) use explanations::verdict_sentences;
pub(crate) use figure::Figure;
pub(crate) use grid::grid;

use crate::ReportError;
use crate::analysis::{Analysis, Subject, Trust};
use crate::answer::Answer;
use crate::assertions;
use crate::table::Table;
use crate::tables;
use askama::Template;
use cachemark_results::Run;
use std::fmt::Write;

/// A file to be saved: carried within the page, or beside it.
struct Download<'a> {
    name: &'a str,
    data: String,
}

/// Files that are larger together lie beside the page: it is to be read on a phone, too.
const MOST_CARRIED: usize = 600_000;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    run: &'a Run,
    answer: Answer,
    banners: Vec<Banner>,
    sentences: Vec<String>,
    kept: Option<String>,
    assertions: Table,
    capacity: Table,
    verdicts: Table,
    /// Empty where nothing was broken.
    recoveries: Vec<Table>,
    /// Without rows where strategies alone are compared.
    arms: Table,
    exploratory: Table,
    figures: Vec<Figure>,
    /// What a fault did over time, which stands under the answer; empty where nothing was broken.
    timelines: Vec<Figure>,
    /// Charts that would be empty, and why.
    left_out: Vec<String>,
    cells: Table,
    /// Without rows in a closed loop.
    more_cells: Table,
    /// Without rows where no read was judged.
    freshness: Vec<Table>,
    /// Empty where no cell has a cache and nothing is compared.
    worth: Vec<Table>,
    /// Without rows where calls to the store were not seen.
    loads: Table,
    /// Without rows where no cell has policies.
    policies: Table,
    /// Without rows where no cache counted what it held.
    room: Table,
    /// Without rows where hardly any operation waited for one.
    lanes: Table,
    /// Without rows in a closed loop.
    schedule: Table,
    schedule_words: &'static str,
    /// Without rows where hops were not timed.
    hops: Table,
    /// Without rows where every trial warmed up first.
    cold_start: Table,
    failures: Table,
    /// Without rows where none failed.
    failed_calls: Table,
    warnings: Table,
    invalid: Table,
    unsupported: Table,
    shared: Table,
    different: Table,
    limits: Vec<String>,
    environment: Option<Table>,
    environment_line: String,
    words: Vec<(&'static str, String)>,
    fairness: &'static str,
    no_difference: &'static str,
    parts: Vec<(String, String)>,
    definition: String,
    downloads: Vec<Download<'a>>,
    /// Whether these are in the page, and not beside it.
    carried: bool,
    /// Whether counted.csv lies beside it.
    counted: bool,
    script: &'static str,
    /// What the page's policy lets run.
    script_source: String,
}

/// The page, with its charts and what is said of those that it lacks. `files` are carried within it, or lie beside it where it is not
/// to be `whole`, or would become too large.
pub(crate) fn html(
    run: &Run,
    analysis: &Analysis<'_>,
    (figures, left_out): (Vec<Figure>, Vec<String>),
    files: &[(&'static str, String)],
    whole: bool,
) -> Result<String, ReportError> {
    let manifest = &run.manifest;
    let carried = whole && files.iter().map(|(_, text)| text.len()).sum::<usize>() <= MOST_CARRIED;
    let part = |part: &cachemark_results::Part| {
        // A service of ours goes by its strategy's name and colour.
        let is_strategy = part.kind == Subject::Strategy.name();
        let of_service = analysis.subject == Subject::Service && is_strategy;
        let kind = if of_service { analysis.subject.name() } else { &part.kind };
        let more = if is_strategy { explanations::page_of(&part.name) } else { String::new() };
        (format!("{} ({kind})", part.name), part.summary.clone() + &more)
    };
    let download = |(name, text): &(&'static str, String)| Download {
        name,
        data: if carried { as_uri(text) } else { (*name).to_owned() },
    };
    let checked = assertions::check(run, analysis);
    let trust = Trust::of(run, analysis);
    let mut page = Page {
        run,
        answer: Answer::of(run, analysis, &trust),
        banners: banners(run, &trust),
        sentences: verdict_sentences(run, analysis),
        kept: tables::assertion_sentence(&checked),
        assertions: tables::assertions(&checked),
        capacity: tables::capacity(run, analysis),
        verdicts: tables::verdicts(manifest, analysis),
        recoveries: tables::recoveries(analysis),
        arms: tables::arms(analysis),
        exploratory: tables::exploratory(analysis),
        figures,
        timelines: Vec::new(),
        left_out,
        cells: tables::figures(analysis),
        more_cells: tables::more_figures(analysis),
        freshness: freshness(run, analysis)?,
        worth: tables::worth_tables(run, analysis),
        loads: tables::loads(analysis),
        policies: tables::policies(analysis),
        room: tables::room(analysis),
        lanes: tables::lanes(analysis),
        schedule: tables::schedule(analysis),
        schedule_words: tables::LAG,
        hops: tables::hops(analysis),
        cold_start: tables::cold_start(analysis),
        failures: tables::failures(analysis),
        failed_calls: tables::failed_calls(analysis),
        warnings: tables::warnings(&run.trials),
        invalid: tables::invalid(&run.trials),
        unsupported: tables::unsupported(analysis),
        shared: tables::shared(manifest, analysis),
        different: tables::different(analysis),
        limits: explanations::limits(run, analysis),
        environment: run.environment.as_ref().map(tables::environment),
        environment_line: tables::environment_line(run),
        words: explanations::definitions(analysis),
        fairness: explanations::fairness(analysis.subject),
        no_difference: explanations::no_difference(analysis.subject),
        parts: manifest.parts.iter().map(part).collect(),
        definition: run.definition().unwrap_or_else(|error| format!("not readable: {error}")),
        downloads: files.iter().map(download).collect(),
        carried,
        counted: whole,
        script: script::SCRIPT,
        script_source: script::source(),
    };
    page.arrange_charts();
    Ok(page.render()?)
}

impl Page<'_> {
    /// Which charts are unfolded, and which tables stand behind them.
    fn arrange_charts(&mut self) {
        figure::unfold(&mut self.figures);
        let (verdicts, cells) = (&self.verdicts, [&self.cells, &self.more_cells]);
        let tables = figure::Tables { verdicts, cells, hops: &self.hops, freshness: &self.freshness };
        tables.stand_behind(&mut self.figures);
        (self.timelines, self.figures) = self.figures.drain(..).partition(Figure::is_timeline);
    }
}

/// Text as a `data:` address: everything but letters and digits is escaped, so nothing in it can end the attribute.
fn as_uri(text: &str) -> String {
    let mut uri = String::with_capacity(text.len() * 2 + 32);
    uri.push_str("data:text/csv;charset=utf-8,");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => uri.push(char::from(byte)),
            // Writing to a string cannot fail.
            _ => drop(write!(uri, "%{byte:02X}")),
        }
    }
    uri
}

/// What was stale while the trials ran, and what was left behind, as far as anybody looked.
fn freshness(run: &Run, analysis: &Analysis<'_>) -> Result<Vec<Table>, ReportError> {
    let tables = [
        tables::freshness(run, analysis)?,
        tables::stale_causes(analysis),
        tables::fresh_within(analysis),
        tables::out_of_order(analysis),
        tables::rows_in_the_end(analysis),
        tables::entries_in_the_end(analysis),
        tables::findings(analysis),
    ];
    Ok(tables.into_iter().filter(|table| !table.rows.is_empty()).collect())
}
