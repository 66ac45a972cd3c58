//! Verdicts on the figures that they are asked on, and the other figures' ratios without verdict.

use super::{NAMED, counted, spread};
use crate::analysis::{Analysis, Compared, Family, FamilyRow, Role, TO_RECOVER};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::Measure;
use cachemark_results::{MANY, Manifest};

/// One row a cell: figure, ratio to the reference cell, interval, verdict.
pub(crate) fn verdicts(manifest: &Manifest, analysis: &Analysis<'_>) -> Table {
    let figure = if analysis.verdict_on.len() > 1 {
        "median (least to greatest)".to_owned()
    } else {
        format!("{}: median (least to greatest)", described(analysis, analysis.shown_first()))
    };
    let to = if analysis.pairs { "" } else { " to reference" };
    let (figure, effect) = (format!("#{figure}"), format!("#{}{to}", effect(analysis)));
    let headers = ["comparison", analysis.subject.name(), &figure, &effect, "#95 % interval", "verdict"];
    let mut table = Table::new("Verdicts", &headers);
    for family in &analysis.families {
        for (place, row) in family.rows.iter().enumerate() {
            let reference = row.role == Role::Reference;
            let cells = vec![
                if place == 0 { analysis.name_of(family) } else { String::new() },
                row.label.clone(),
                if row.is_pair(family) {
                    String::new()
                } else {
                    spread(&analysis.cells[row.cell], of(analysis, family))
                },
                if reference { no_effect(family).into() } else { row.ratio() },
                if reference { String::new() } else { row.interval() },
                row.verdict_and_staleness(),
            ];
            table.push(cells, emphasis(row), place == 0);
        }
    }
    table.footnotes = notes(manifest, analysis);
    table
}

/// What the column of effects holds: ratios, or differences, or both.
pub(super) fn effect(analysis: &Analysis<'_>) -> &'static str {
    let rows = || analysis.families.iter().flat_map(|family| &family.rows).filter_map(|row| row.primary.as_ref());
    let has_ratio = rows().any(|found| found.comparison.ratio.is_some());
    match (has_ratio, rows().any(|found| found.comparison.difference.is_some())) {
        (true, true) => "ratio or difference",
        (false, true) => "difference",
        _ => "ratio",
    }
}

/// The reference to itself.
pub(super) fn no_effect(family: &Family) -> &'static str {
    let rows = || family.rows.iter().filter_map(|row| row.primary.as_ref());
    let by_difference = rows().any(|found| found.comparison.difference.is_some());
    if by_difference && rows().all(|found| found.comparison.ratio.is_none()) { "0" } else { "1" }
}

/// The figure that a family's verdicts are on, or the one to show where none is known.
pub(super) fn of(analysis: &Analysis<'_>, family: &Family) -> &'static Figure {
    family.figure.unwrap_or_else(|| analysis.shown_first())
}

/// The unit in the heading, where the figures don't carry it.
pub(crate) fn described(analysis: &Analysis<'_>, figure: &Figure) -> String {
    let title = analysis.title(figure);
    if figure.unit == Measure::Rate { format!("{title}, ops/s") } else { title.to_owned() }
}

pub(super) fn emphasis(row: &FamilyRow) -> Emphasis {
    match row.role {
        Role::Reference => Emphasis::Reference,
        Role::Control => Emphasis::Control,
        Role::Compared if row.unsupported.is_some() => Emphasis::Missing,
        Role::Compared => Emphasis::Plain,
    }
}

/// Ratios on the figures that no verdict is on: intervals, no verdicts.
pub(crate) fn exploratory(analysis: &Analysis<'_>) -> Table {
    let rows = || analysis.families.iter().flat_map(|family| &family.rows);
    let has = |figure: &&'static Figure| rows().any(|row| found(row, figure).is_some_and(Compared::is_told));
    let others: Vec<&'static Figure> = analysis.shown.iter().copied().filter(has).collect();
    if others.is_empty() {
        return Table::new("Ratios on the other figures, exploratory", &[]);
    }
    let titles: Vec<String> =
        others.iter().map(|figure| format!("#{} ({})", analysis.title(figure), figure.better_in_words())).collect();
    let headers: Vec<&str> =
        ["comparison", analysis.subject.name()].into_iter().chain(titles.iter().map(String::as_str)).collect();
    let mut table = Table::new("Ratios on the other figures, exploratory", &headers);
    for family in analysis.families.iter().filter(|family| of(analysis, family) == analysis.shown_first()) {
        let rows = family.rows.iter().filter(|row| row.role != Role::Reference && row.unsupported.is_none());
        let rows = rows.filter(|row| !row.is_pair(family));
        for (place, row) in rows.enumerate() {
            let name = if place == 0 { family.name.clone() } else { String::new() };
            let mut cells = vec![name, row.label.clone()];
            cells.extend(others.iter().map(|figure| ratio_of(row, figure)));
            table.push(cells, emphasis(row), place == 0);
        }
    }
    table.footnotes.push(
        "Ratio to the reference cell, or with a sign the difference where a figure is 0 (95 % interval, not adjusted). Exploratory: no verdicts are given, and with so many \
         comparisons some intervals miss 1 by chance."
            .into(),
    );
    table
}

fn found<'a>(row: &'a FamilyRow, figure: &Figure) -> Option<&'a Compared> {
    row.exploratory.iter().find(|compared| compared.figure == figure)
}

fn ratio_of(row: &FamilyRow, figure: &Figure) -> String {
    match found(row, figure) {
        Some(compared) => match compared.interval() {
            none if none == units::NOT_AVAILABLE => compared.effect(),
            interval => format!("{} ({interval})", compared.effect()),
        },
        None => units::NOT_AVAILABLE.to_owned(),
    }
}

/// What has to be known to read the verdicts.
pub(crate) fn notes(manifest: &Manifest, analysis: &Analysis<'_>) -> Vec<String> {
    let mut notes = vec![format!(
        "Ratios are paired by block; \"equivalent\" means that the whole interval lies within {} of {}. The \
         intervals are not adjusted for the number of comparisons, the verdicts are (Holm, within each family).",
        units::percent(manifest.equivalence_margin),
        if analysis.pairs { "what it is compared with" } else { "the reference" },
    )];
    notes.extend(by_difference(analysis));
    notes.extend(unwatched(analysis));
    notes.extend(unknown(manifest, analysis));
    if analysis.verdict_on.len() > 1 {
        let names: Vec<&str> = analysis.verdict_on.iter().map(|figure| analysis.title(figure)).collect();
        notes.push(format!(
            "Verdicts are on {} figures ({}), each judged by itself: their number does not make a verdict harder, so of many \
             figures one may differ by chance.",
            names.len(),
            names.join(", ")
        ));
    }
    if analysis.pairs {
        notes.push("Every two are compared: \"b vs a\" is the ratio of b to a, and better means b.".into());
    }
    if analysis.families.is_empty() {
        notes.push("No cell of this run is compared with another.".into());
    }
    notes.extend(overloaded(analysis));
    notes.extend(noise(analysis));
    notes.extend(too_few(analysis));
    let told = compared(analysis).filter_map(|row| row.primary.as_ref()).filter(|found| found.no_ratio.is_none());
    let dropped: usize = told.map(|found| found.comparison.dropped).sum();
    if dropped > 0 {
        let few = if analysis.verdict_on.iter().any(|figure| figure.is_time()) {
            ", or too short for the percentile (1,000 operations for p99)"
        } else {
            ""
        };
        let pairs = counted(dropped, "pair");
        notes.push(format!(
            "{pairs} of trials could not be used: one of the two cells has none in that block, or an invalid one{few}."
        ));
    }
    notes
}

/// What stands for a ratio where there is none.
fn by_difference(analysis: &Analysis<'_>) -> Vec<String> {
    let rows = || analysis.families.iter().flat_map(|family| &family.rows);
    let compared = || rows().flat_map(|row| row.primary.iter().chain(&row.exploratory));
    let is_of = |wanted: fn(&Figure) -> bool| {
        compared().any(|found| found.comparison.difference.is_some() && wanted(found.figure))
    };
    let times = is_of(|figure| figure == TO_RECOVER).then_some(
        "Times to recover are compared by difference, by the sign test over blocks: one that was not seen to its end has no \
         ratio. \"<\" and \">\": one of the two was not seen, and the true difference is less or more; n/a: neither was.",
    );
    let zeros = is_of(|figure| figure != TO_RECOVER).then_some(
        "A figure that is 0 in a trial has no ratio: in its place stands the difference, with its sign and unit, paired and \
         judged alike; \"equivalent\" then means that no block differs.",
    );
    times.into_iter().chain(zeros).map(str::to_owned).collect()
}

/// That nobody looked for stale reads, where nobody did: no verdict says then that there were none.
fn unwatched(analysis: &Analysis<'_>) -> Option<String> {
    let mut measured = analysis.cells.iter().filter(|figures| !figures.trials.is_empty()).peekable();
    let unwatched = measured.peek().is_some() && measured.all(|figures| figures.staleness().is_none());
    unwatched.then(|| "Staleness was not watched: no verdict says how fresh the answers were.".to_owned())
}

/// Figures of the manifest that this build does not know.
fn unknown(manifest: &Manifest, analysis: &Analysis<'_>) -> Vec<String> {
    let shown = if analysis.verdict_on.is_empty() { " Throughput is shown." } else { "" };
    let unknown = manifest.verdict_figures().filter(|name| Figure::named(name).is_none());
    let note = |name: &str| format!("No verdicts: this build does not know the figure {name:?}.{shown}");
    unknown.map(note).collect()
}

fn compared<'a>(analysis: &'a Analysis<'_>) -> impl Iterator<Item = &'a FamilyRow> {
    analysis.families.iter().flat_map(|family| &family.rows).filter(|row| row.role == Role::Compared)
}

/// The noise floor of every family, in one sentence for those alike.
fn noise(analysis: &Analysis<'_>) -> Option<String> {
    if analysis.families.is_empty() {
        return None;
    }
    let told = |family: &Family| match family.noise {
        Some(noise) if family.noisy => format!("{}: ± {}, noisy", analysis.name_of(family), units::percent(noise)),
        Some(noise) => format!("{}: ± {}", analysis.name_of(family), units::percent(noise)),
        None => format!("{}: n/a", analysis.name_of(family)),
    };
    let told: Vec<String> = analysis.families.iter().map(told).collect();
    if !analysis.has_control() {
        return Some(
            "No A/A control was run: there is no noise floor, and without it nothing is called equivalent.".to_owned(),
        );
    }
    let mut note = format!("Noise floor (half the A/A control's interval): {}.", told.join("; "));
    if analysis.families.iter().any(|family| family.noise.is_none()) {
        note += " Without it nothing is called equivalent.";
    }
    if analysis.families.iter().any(|family| family.noisy) {
        note +=
            " Where it passes the margin, nothing is called equivalent: measure on a quieter machine, or more blocks.";
    }
    let missing_1 = |family: &&Family| family.rows.iter().any(|row| row.role == Role::Control && row.misses_1());
    let missed = analysis.families.iter().filter(missing_1).count();
    if missed > 0 {
        note += &format!(
            " In {} the A/A interval misses 1: one in twenty does so by chance; more means that trials of a block were not \
             alike.",
            counted(missed, "comparison")
        );
    }
    Some(note)
}

/// Cells of which a response time does not tell all: a strategy that sheds most arrivals answers the rest in no time.
fn overloaded(analysis: &Analysis<'_>) -> Option<String> {
    let cells: Vec<&str> =
        analysis.cells.iter().filter(|figures| figures.was_overloaded()).map(|figures| &*figures.cell.id).collect();
    let more = cells.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {}", counted(more, "more cell")) } else { String::new() };
    (!cells.is_empty()).then(|| {
        format!(
            "Overloaded, with more than {} of a trial's arrivals turned away by the client's own bound on operations in flight, or \
             unsent: {}{more}. Their response times are of what was sent, and leave out what was not: look at the achieved \
             throughput first.",
            units::percent(MANY),
            cells.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ")
        )
    })
}

/// Families without verdicts for want of blocks.
fn too_few(analysis: &Analysis<'_>) -> Option<String> {
    let mut needs: Vec<String> = Vec::new();
    for family in analysis.families.iter().filter(|family| family.size > 0 && family.blocks < family.blocks_needed) {
        let need = format!(
            "{} {} {} blocks with figures of both cells, and there {}",
            counted(family.size, "comparison"),
            if family.size == 1 { "needs" } else { "need" },
            family.blocks_needed,
            if family.blocks == 1 { "is 1".to_owned() } else { format!("are {}", family.blocks) }
        );
        if !needs.contains(&need) {
            needs.push(need);
        }
    }
    (!needs.is_empty()).then(|| format!("Too few blocks for verdicts: {}.", needs.join("; ")))
}
