//! What a crash costs: an arm whose strategy acknowledges a write before the store has it.

use super::lists::all_of;
use crate::analysis::Analysis;
use cachemark_results::Run;

/// Strategies of which records of before do not say it.
const KNOWN: [&str; 1] = ["write-behind"];
const STRATEGY: &str = "strategy";

/// That a crash loses what those arms have acknowledged, of those among `names` that do so; none where there was no write.
pub(super) fn loss(run: &Run, analysis: &Analysis<'_>, names: &[&str]) -> Option<String> {
    let is_early = |name: &&&str| {
        let mut cells = analysis.cells.iter().filter(|figures| analysis.label(figures) == **name);
        cells.any(|figures| figures.cell.read_ratio < 1.0 && acknowledges_early(run, &figures.cell.strategy))
    };
    let early: Vec<&str> = names.iter().filter(is_early).copied().collect();
    let who = match early.as_slice() {
        [] => return None,
        [_] if names.len() == 1 => "it acknowledges".to_owned(),
        [one] => format!("{one} acknowledges"),
        several => format!("{} acknowledge", all_of(several)),
    };
    Some(format!("a crash loses acknowledged writes: {who} them before the store has them"))
}

fn acknowledges_early(run: &Run, strategy: &str) -> bool {
    let mut parts = run.manifest.parts.iter().filter(|part| part.kind == STRATEGY && part.name == strategy);
    parts.any(|part| part.acknowledges_early || KNOWN.contains(&part.name.as_str()))
}
