//! SUMMARY.md: what to paste into an issue or a README.

use crate::ReportError;
use crate::analysis::{Analysis, Trust};
use crate::answer::Answer;
use crate::assertions;
use crate::charts::Chart;
use crate::page::{banners, verdict_sentences};
use crate::table::escape_markdown;
use crate::tables::{
    arms, assertion_sentence, assertions as assertion_table, capacity, cold_start, entries_in_the_end, failed_calls,
    failures, figures, findings, fresh_within, freshness, hops, lanes, loads, more_figures, out_of_order, policies,
    recoveries, room, rows_in_the_end, schedule, stale_causes, verdicts, worth_tables,
};
use cachemark_results::{Manifest, Run};

/// The charts that stand in the summary where none are chosen, of those that the record has; the page has all.
const KEY: [&str; 7] =
    ["timeline", "ratios", "throughput-response", "throughput", "response-time", "service-time", "store-load"];

/// Whether a chart stands in the summary where none are chosen: ratios do for each figure that verdicts are on.
pub(crate) fn is_key(chart: &str) -> bool {
    KEY.contains(&chart) || chart.starts_with("ratios-") || chart.starts_with("timeline-")
}

pub(crate) fn markdown(
    run: &Run,
    analysis: &Analysis<'_>,
    charts: &[&Chart],
    data: &[&str],
) -> Result<String, ReportError> {
    let manifest = &run.manifest;
    let trust = Trust::of(run, analysis);
    let mut text = head(manifest, &Answer::of(run, analysis, &trust));
    for banner in banners(run, &trust) {
        text += format!("> **{}** {}", escape_markdown(&banner.head), escape_markdown(&banner.text)).trim_end();
        if !banner.items.is_empty() {
            text += "\n>";
        }
        banner.items.iter().for_each(|item| text += &format!("\n> - {}", escape_markdown(item)));
        text += "\n\n";
    }
    let (timelines, charts): (Vec<&Chart>, Vec<&Chart>) =
        charts.iter().copied().partition(|chart| chart.name.starts_with("timeline"));
    timelines.into_iter().for_each(|chart| text += &picture(chart));
    for table in recoveries(analysis) {
        text += &format!("## {}\n\n{}\n", table.title, table.to_markdown());
    }
    let capacity = capacity(run, analysis);
    let (heading, table) =
        if capacity.rows.is_empty() { ("Verdicts", verdicts(manifest, analysis)) } else { ("Capacity", capacity) };
    text += &format!("## {heading}\n\n");
    for sentence in verdict_sentences(run, analysis) {
        text += &format!("- {}\n", escape_markdown(&sentence));
    }
    text += &format!("\n{}\n", table.to_markdown());
    let checked = assertions::check(run, analysis);
    if let Some(kept) = assertion_sentence(&checked) {
        text += &format!("## Assertions\n\n{kept}\n\n{}\n", assertion_table(&checked).to_markdown());
    }
    if !charts.is_empty() {
        text += "## Charts\n\n";
    }
    for chart in charts {
        text += &picture(chart);
    }
    let data: Vec<String> = data.iter().map(|name| format!("[{name}]({name})")).collect();
    text += &format!("All charts and tables: [report.html](report.html). Data: {}.\n\n", data.join(", "));
    text += &format!("## Figures of every cell\n\n{}\n", figures(analysis).to_markdown());
    let more = [
        arms(analysis),
        more_figures(analysis),
        freshness(run, analysis)?,
        stale_causes(analysis),
        fresh_within(analysis),
        out_of_order(analysis),
        rows_in_the_end(analysis),
        entries_in_the_end(analysis),
        findings(analysis),
        loads(analysis),
        policies(analysis),
        room(analysis),
        lanes(analysis),
        schedule(analysis),
        hops(analysis),
        cold_start(analysis),
        failures(analysis),
        failed_calls(analysis),
    ];
    let worth = worth_tables(run, analysis);
    for table in worth.iter().chain(&more).filter(|table| !table.rows.is_empty()) {
        text += &format!("## {}\n\n{}\n", table.title, table.to_markdown());
    }
    text += &format!(
        "## How it was made\n\n{}\n{}\n",
        code(&manifest.command),
        escape_markdown(&crate::tables::environment_line(run))
    );
    Ok(text)
}

/// A chart and how to read it.
fn picture(chart: &Chart) -> String {
    let [title, reading] = [&chart.title, &chart.reading].map(|text| escape_markdown(text));
    format!("![{title}](charts/{}.png)\n\n{reading}\n\n", chart.name)
}

/// The title, the answer, and what was asked.
fn head(manifest: &Manifest, answer: &Answer) -> String {
    let mut text = format!("# {}\n\n", escape_markdown(&answer.title));
    for (question, sentence) in answer.sentences() {
        text += &format!("- **{question}:** {}\n", escape_markdown(sentence));
    }
    for (question, told) in answer.afterwards() {
        text += &format!("- **{question}:** {}\n", escape_markdown(&told));
    }
    if !answer.doubts.is_empty() {
        text += &format!("- **Doubts:** {}\n", escape_markdown(&answer.doubts_in_words()));
    }
    let lead = if answer.lead.is_empty() { String::new() } else { format!("{}\n\n", escape_markdown(&answer.lead)) };
    text += &format!("\n{lead}{}: {}\n\n", escape_markdown(&manifest.name), escape_markdown(&manifest.workload));
    // As text: whoever wrote it may not have made the record.
    let notes = code(&manifest.notes);
    if notes.is_empty() { text } else { format!("{text}## Notes\n\n{notes}\n") }
}

/// A block of code that ends where it should, whatever the command holds.
fn code(command: &str) -> String {
    command.lines().fold(String::new(), |text, line| text + "    " + line + "\n")
}
