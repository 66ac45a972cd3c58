//! What a run comes to: what to use, at which price, how sure that is, and what would change it.
//!
//! One model for four faces (page, SUMMARY.md, terminal, JSON): at most three sentences, then what would change them, then
//! doubts. It is never more certain than the verdicts and intervals that it is made of. Its rules, each with a test in
//! `tests/answer`:
//!
//! 1. **Points.** A point is one family of comparisons (a stack and a place on the axes) by one figure. A point counts if a
//!    comparison of it has a verdict. Figures are taken in the order of the manifest; those without such a point are left out.
//! 2. **Candidates** are all arms, the reference among them, but for those that are *barred*: an arm that lost an acknowledged
//!    write or served or left a phantom value in any trial, and one with a grave warning. Whatever its figures, it is never
//!    recommended, and the doubts say why. Stale reads bar nobody: their share stands beside the name.
//! 3. **Who leads a point.** Of the candidates that are better than the reference by verdict, the one with the best estimate; if
//!    none is better, the reference. With the leader lead all that are not shown to be behind it. Of two arms one is behind by
//!    the verdict on their pair, if the run has one; otherwise if its interval lies wholly on the worse side of the other's,
//!    which is said to be no verdict. An arm is behind the reference if it is worse, and the reference behind an arm that is
//!    better.
//!    Where the A/A control misses 1, a verdict counts as none if the arm's interval meets the control's: the reference strays from itself as far.
//! 4. **The winner** over all points of a figure is the arm that is behind nowhere and leads most often. Arms that are behind
//!    nowhere and lead less often are named as not shown to be behind.
//! 5. **Several figures.** The first decides; the next decides between those that it has not told apart. What the other
//!    figures say of the winner is the price.
//! 6. **It depends** if every candidate is behind somewhere by the first figure. The axis (or cache, or store) along which
//!    each value has a winner is named, with its winners; without such an axis, who leads most often.
//! 7. **A tie** is said where the reference is among those that are left with others, or nobody left is better by any figure. "Within the
//!    margin" is said only where every verdict is "equivalent".
//! 8. **The reference** is the answer if it alone is left: all others are worse somewhere, and none is better than it anywhere.
//! 9. **Nothing is recommended** if no trial was finished or none is valid, if something grave speaks against the run as a whole, if it was
//!    resumed although something had changed, or its program was built without optimisation, if no comparison has a verdict (too few blocks, or every verdict withheld), and
//!    if every candidate is barred. The reason is the first sentence.
//! 10. **One arm alone** is no choice: its own figures are told, and no more.
//! 11. **A capacity search** judges nothing: what each arm bore is told in order, as what was found and not as a verdict.
//! 12. **Services** over HTTP are arms like others. Their staleness is told as far as their answers name versions.
//! 13. **An effect** is told as its interval; over several points, from the least to the greatest end of their intervals. Of one
//!     point the estimate stands before its interval.
//! 14. **How sure** is one word first. *Strong*: better (of the reference: all others worse; of a tie: alike) by verdict, the near end
//!     of the interval past the noise (half the width of the A/A control's interval) and past the margin, at every point that the
//!     sentence names. *Weak*: by verdict, but somewhere not past them, or of a run that is not to be trusted. *Undecided*: no verdict.
//! 15. **Where something was broken on purpose** time to recover comes first, then the goodput kept while the fault lasted, both by the
//!     sign test over blocks; a recovery that was not seen counts as the time that was looked at. Of arms that times to recover do not tell apart
//!     those that failed to recover more often than others stand back: nothing that they keep makes up for it, and throughput decides
//!     nothing. Every fault is named in the first sentence. *Strong*: sooner by verdict at every point, and every time of it shorter than every one of
//!     the reference.
//! 16. **What would change it**: the values of an axis at which the winner is not better, or worse, than the reference; and, of arms
//!     that are varied over a setting, the values at which some are better and others worse than the reference.

mod breaks;
mod candidates;
mod choice;
mod dimension;
mod doubts;
mod durability;
mod effect;
mod grade;
mod lists;
mod made;
mod nothing;
mod point;
mod power;
mod price;
mod search;
mod staleness;
mod sure;
mod title;
mod turns;
mod what;

use crate::analysis::{Analysis, Trust};
use crate::units;
pub(crate) use breaks::doubts as fault_doubts;
use cachemark_results::Run;
use candidates::Candidates;
use choice::{Choice, decide};
pub use grade::Grade;
use point::by_figure;
pub use power::power_in_words;

/// The questions that the sentences answer.
const WHAT: &str = "What to use";
const PRICE: &str = "At which price";

/// The answer of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The heading of all faces.
    pub title: String,
    /// What else the definition's description says; empty if that is all in the title.
    pub lead: String,
    /// What sort of answer it is.
    pub kind: Kind,
    /// The names of what is recommended; of a tie, of those that are not told apart. Empty where nothing is.
    pub names: Vec<String>,
    /// The first sentence: what to use.
    pub what: String,
    /// The second: what else the figures say of it.
    pub price: Option<String>,
    /// How well it is shown; none where nothing is compared.
    pub grade: Option<Grade>,
    /// The third: the same with what it stands on.
    pub sure: Option<String>,
    /// What would change it, a sentence each.
    pub changes: Vec<String>,
    /// Who is not to be used whatever its figures, and why, a sentence each.
    pub not_to_use: Vec<String>,
    /// What its blocks find, a sentence each; empty where that was not reckoned before the run.
    pub finds: Vec<String>,
    /// What speaks against it, briefly.
    pub doubts: Vec<String>,
}

/// What sort of answer it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One arm is recommended, or several that are not told apart: better than the reference.
    Use,
    /// The reference itself is.
    Reference,
    /// Nobody is told apart from the reference.
    Tie,
    /// Each arm is behind another somewhere.
    Depends,
    /// One arm ran.
    Alone,
    /// Of a capacity search.
    Search,
    /// Nothing is recommended.
    None,
}

impl Kind {
    /// Whether it stands on verdicts.
    fn is_judged(self) -> bool {
        matches!(self, Self::Use | Self::Reference | Self::Tie | Self::Depends)
    }

    /// The word for it in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Use => "use",
            Self::Reference => "reference",
            Self::Tie => "tie",
            Self::Depends => "depends",
            Self::Alone => "alone",
            Self::Search => "search",
            Self::None => "none",
        }
    }
}

impl Answer {
    /// Works it out.
    #[must_use]
    pub fn of(run: &Run, analysis: &Analysis<'_>, trust: &Trust) -> Self {
        let (title, lead) = title::title(run, analysis);
        let mut answer = Self { title, lead, ..found(run, analysis, trust) };
        // The noise that is known is that of figures which decide nothing where something was broken.
        let judged = answer.kind.is_judged() && !analysis.has_faults();
        answer.finds = run.manifest.power.iter().map(|power| power_in_words(power) + ".").collect();
        answer.doubts.extend(breaks::doubts(run, analysis));
        answer.doubts.extend(doubts::doubts(run, analysis, trust, judged));
        answer.doubts.extend(run.manifest.power.iter().filter_map(power::doubt));
        answer
    }

    /// The sentences with the question that each answers, in order: three at most.
    #[must_use]
    pub fn sentences(&self) -> Vec<(&'static str, &str)> {
        let others = [(PRICE, &self.price), ("How sure", &self.sure)];
        let told = others.into_iter().filter_map(|(question, sentence)| Some((question, sentence.as_deref()?)));
        [(WHAT, self.what.as_str())].into_iter().chain(told).collect()
    }

    /// All doubts as one sentence.
    #[must_use]
    pub fn doubts_in_words(&self) -> String {
        units::capital(&self.doubts.join("; ")) + "."
    }

    /// What follows the sentences, each with what it says, but for the doubts.
    #[must_use]
    pub fn afterwards(&self) -> Vec<(&'static str, String)> {
        let told = [
            ("What not to use", &self.not_to_use),
            ("What would change it", &self.changes),
            ("What it would find", &self.finds),
        ];
        let told = told.into_iter().filter(|(_, sentences)| !sentences.is_empty());
        told.map(|(question, sentences)| (question, sentences.join(" "))).collect()
    }

    /// The sentences, each parted at the colon of its head: who reads in haste reads the head. A price has none.
    #[must_use]
    pub fn sentences_with_heads<'s>(&'s self) -> Vec<(&'static str, &'s str, &'s str)> {
        let parted = |(question, sentence): (&'static str, &'s str)| match sentence.find(": ") {
            Some(colon) if question != PRICE => (question, &sentence[..colon], &sentence[colon..]),
            _ if question == WHAT => (question, sentence, ""),
            _ => (question, "", sentence),
        };
        self.sentences().into_iter().map(parted).collect()
    }

    fn new(kind: Kind, what: String) -> Self {
        Self {
            title: String::new(),
            lead: String::new(),
            kind,
            names: Vec::new(),
            what,
            price: None,
            grade: None,
            sure: None,
            changes: Vec::new(),
            not_to_use: Vec::new(),
            finds: Vec::new(),
            doubts: Vec::new(),
        }
    }
}

/// All but the title and what speaks against the run.
fn found(run: &Run, analysis: &Analysis<'_>, trust: &Trust) -> Answer {
    if let Some(why) = nothing::of_run(run, analysis, trust) {
        return nothing::answer(breaks::named(analysis, &why));
    }
    if run.manifest.is_search() || !run.manifest.capacities.is_empty() {
        return search::answer(run);
    }
    if let Some(answer) = breaks::answer(run, analysis, trust) {
        return answer;
    }
    if nothing::is_alone(analysis) {
        return nothing::alone(analysis);
    }
    let candidates = Candidates::of(analysis);
    let figures = by_figure(analysis, &candidates);
    let Some(choice) = decide(&figures, &candidates) else {
        let why = nothing::without_verdict(analysis, &candidates);
        return Answer { not_to_use: candidates.barred_in_words(), ..nothing::answer(why) };
    };
    let told = what::Told { run, analysis, figures: &figures, choice: &choice, is_trusted: trust.is_trusted() };
    let (grade, sure) = sure::sure(&told);
    let arms: &[&str] = match &choice {
        Choice::Of(chosen) => &chosen.arms,
        Choice::Depends => &[],
    };
    Answer {
        names: arms.iter().map(|name| (*name).to_owned()).collect(),
        price: price::price(&told),
        grade: Some(grade),
        sure: Some(sure),
        changes: turns::changes(&told),
        not_to_use: candidates.barred_in_words(),
        doubts: doubts::of_arms(analysis, arms),
        ..Answer::new(what::kind(&told), what::what(&told))
    }
}
