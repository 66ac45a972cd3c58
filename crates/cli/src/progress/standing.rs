//! How verdicts stand while a sweep goes on. Interim: nothing is stopped, prolonged or left out by them.

use super::line::shortened;
use cachemark_report::analysis::{Analysis, FamilyRow, Role};
use cachemark_report::sheet::printable;
use cachemark_stats::Verdict;
use unicode_width::UnicodeWidthStr;

/// What is said of one arm so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Call {
    Better,
    Worse,
    Equivalent,
    CantTell,
}

impl Call {
    fn of(row: &FamilyRow) -> Option<Self> {
        match row.judgement.as_ref().filter(|_| row.withheld.is_none())?.verdict {
            Verdict::Better => Some(Self::Better),
            Verdict::Worse => Some(Self::Worse),
            Verdict::Equivalent => Some(Self::Equivalent),
            Verdict::Inconclusive => Some(Self::CantTell),
            Verdict::NotJudged { .. } => None,
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Equivalent => "equivalent",
            Self::CantTell => "can't tell",
        }
    }
}

/// How verdicts stand after some of the blocks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Standing {
    done: usize,
    of: usize,
    /// Blocks that verdicts need.
    needed: usize,
    /// The arms of which something is said, in the order of calls.
    calls: Vec<(Call, String)>,
    /// Comparisons without a verdict.
    unjudged: usize,
    /// Whether a name alone says which comparison is meant.
    one_family: bool,
}

impl Standing {
    /// As `analysis` has it after `done` blocks.
    pub(super) fn of(analysis: &Analysis<'_>, done: usize) -> Self {
        let families = &analysis.families;
        let compared = || families.iter().flat_map(|family| &family.rows).filter(|row| row.role == Role::Compared);
        let mut calls: Vec<(Call, String)> =
            compared().filter_map(|row| Some((Call::of(row)?, printable(&row.label)))).collect();
        calls.sort();
        Self {
            done,
            of: analysis.blocks,
            needed: families.iter().map(|family| family.blocks_needed as usize).min().unwrap_or(0),
            unjudged: compared().count() - calls.len(),
            calls,
            one_family: families.len() == 1,
        }
    }

    /// In at most so many columns.
    pub(super) fn line(&self, columns: usize) -> String {
        let Self { done, of, .. } = self;
        let head = format!("interim, {done} of {of} blocks: ");
        let told = self.told();
        let fits = |text: &&String| head.width() + text.width() <= columns;
        let text = told.iter().find(fits).or(told.last()).map_or("", String::as_str);
        shortened(&format!("{head}{text}"), columns)
    }

    /// From the longest to the shortest.
    fn told(&self) -> Vec<String> {
        if self.calls.is_empty() {
            return vec![match (self.unjudged, self.needed) {
                (0, _) => "nothing is compared".into(),
                (_, needed) if needed > self.of => "too few blocks for verdicts".into(),
                (_, needed) if needed > self.done => format!("no verdict before block {needed}"),
                _ => "no verdict".into(),
            }];
        }
        let counts = self.counts(&[Call::Better, Call::Worse, Call::Equivalent, Call::CantTell]);
        if !self.one_family {
            return vec![counts];
        }
        let named = self.calls.iter().filter(|(call, _)| matches!(call, Call::Better | Call::Worse));
        let mut named: Vec<String> = named.map(|(call, name)| format!("{name} {}", call.in_words())).collect();
        let rest = self.counts(&[Call::Equivalent, Call::CantTell]);
        named.extend((!rest.is_empty()).then_some(rest));
        vec![named.join(", "), counts]
    }

    fn counts(&self, calls: &[Call]) -> String {
        let count = |call: Call| self.calls.iter().filter(|(of, _)| *of == call).count();
        let of_calls = calls.iter().map(|&call| (count(call), call.in_words()));
        let counted = of_calls.chain([(self.unjudged, "not judged")]).filter(|(count, _)| *count > 0);
        counted.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(calls: &[(Call, &str)]) -> Standing {
        let calls = calls.iter().map(|(call, name)| (*call, (*name).to_owned())).collect();
        Standing { done: 6, of: 8, needed: 6, calls, unjudged: 0, one_family: true }
    }

    #[test]
    fn it_is_said_to_be_interim_at_every_width() {
        let told = standing(&[
            (Call::Better, "write-through"),
            (Call::Better, "read-through"),
            (Call::Worse, "write-behind"),
            (Call::CantTell, "refresh-ahead"),
            (Call::CantTell, "ttl-only"),
        ]);
        let lines = [58, 78, 118].map(|columns| {
            let line = told.line(columns);
            assert!(line.width() <= columns && line.starts_with("interim, "), "{line}");
            line
        });
        insta::assert_snapshot!(lines.join("\n"), @"
        interim, 6 of 8 blocks: 2 better, 1 worse, 2 can't tell
        interim, 6 of 8 blocks: 2 better, 1 worse, 2 can't tell
        interim, 6 of 8 blocks: write-through better, read-through better, write-behind worse, 2 can't tell
        ");
    }

    #[test]
    fn where_there_is_no_verdict_yet_none_is_told() {
        let early = Standing { done: 3, unjudged: 2, ..standing(&[]) };
        assert_eq!(early.line(78), "interim, 3 of 8 blocks: no verdict before block 6");
        let never = Standing { done: 1, of: 2, unjudged: 2, ..standing(&[]) };
        assert_eq!(never.line(78), "interim, 1 of 2 blocks: too few blocks for verdicts");
    }

    #[test]
    fn of_several_families_there_are_counts_alone() {
        let told = Standing { one_family: false, unjudged: 1, ..standing(&[(Call::Better, "a"), (Call::Better, "a")]) };
        assert_eq!(told.line(78), "interim, 6 of 8 blocks: 2 better, 1 not judged");
    }
}
