//! One comparison, as it was published and as it is here.

use crate::analysis::{Analysis, Compared, Family, FamilyRow, Role};
use crate::units;
use cachemark_results::Figure;
use cachemark_stats::{Agreement, Direction, Effect, Judgement, NotJudged, Scale, Summary, Verdict, agreement};

/// One comparison.
#[derive(Debug, Clone)]
pub struct ConfirmedRow {
    /// The figure.
    pub figure: &'static Figure,
    /// Its name in these records.
    pub title: &'static str,
    /// The family in which it is compared, for people.
    pub family: String,
    /// The arm.
    pub label: String,
    /// As it was published.
    pub published: Compared,
    /// As it is here; none if this record hasn't the cell.
    pub here: Option<Compared>,
    /// The A/A controls of the published family and of that here.
    pub controls: [Control; 2],
    found: Result<Agreement, &'static str>,
}

/// What a row came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowAgreement {
    /// The same comes out.
    Agrees,
    /// Something else comes out.
    Differs,
    /// Neither is shown.
    CannotTell,
}

/// The A/A control of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// Its whole interval is within the margin; of differences, it holds none.
    Quiet,
    /// It is not: a second run of the reference may look as different as this.
    Strays,
    /// The reference was run once, or in too few blocks for an interval.
    None,
}

impl RowAgreement {
    /// In words.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::CannotTell => "can't tell",
        }
    }
}

impl Control {
    fn of(family: &Family, margin: f64) -> Self {
        let is_quiet = |effect: &Effect| match effect.scale() {
            Scale::Ratio => effect.is_within(margin),
            Scale::Difference => effect.holds_none(),
        };
        let controls = family.rows.iter().filter(|row| row.role == Role::Control);
        let effects: Vec<Effect> = controls.filter_map(effect).collect();
        match effects.iter().all(is_quiet) {
            _ if effects.is_empty() => Self::None,
            true => Self::Quiet,
            false => Self::Strays,
        }
    }

    /// In a word.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Strays => "strays",
            Self::None => "none",
        }
    }
}

/// The comparisons that verdicts are given on, and their families: what is to be confirmed. What could not be run is not.
pub(super) fn rows_of<'a>(analysis: &'a Analysis<'_>) -> impl Iterator<Item = (&'a Family, &'a FamilyRow)> {
    let rows = analysis.families.iter().flat_map(|family| family.rows.iter().map(move |row| (family, row)));
    rows.filter(|(_, row)| row.role == Role::Compared && row.unsupported.is_none() && row.primary.is_some())
}

pub(super) fn effect(row: &FamilyRow) -> Option<Effect> {
    Effect::of(&row.primary.as_ref()?.comparison)
}

/// How many times as wide intervals are here: the median over rows that have two on one scale.
pub(super) fn wider(rows: &[ConfirmedRow]) -> Option<f64> {
    let of = |row: &ConfirmedRow| {
        let [there, here] = [Some(&row.published), row.here.as_ref()].map(|side| Effect::of(&side?.comparison));
        let (there, here) = (there?, here?);
        (there.scale() == here.scale() && there.width() > 0.0).then(|| here.width() / there.width())
    };
    let values: Vec<f64> = rows.iter().filter_map(of).collect();
    Summary::of(&values).ok().map(|summary| summary.median)
}

/// Whether its times leave out so much that they can't be held against others.
fn leaves_out(row: &FamilyRow) -> bool {
    let reason = Verdict::NotJudged { reason: NotJudged::LeavesOut };
    row.judgement.as_ref().is_some_and(|Judgement { verdict, .. }| *verdict == reason)
}

impl ConfirmedRow {
    /// `places` are those of the published cells in `here`.
    pub(super) fn of(
        (there, family, row): (&Analysis<'_>, &Family, &FamilyRow),
        here: &Analysis<'_>,
        places: &[Option<usize>],
        margin: f64,
    ) -> Self {
        let primary = row.primary.clone().expect("only rows with a figure are asked for");
        let same = |(other, ours): &(&Family, &FamilyRow)| {
            other.figure == family.figure
                && Some(ours.cell) == places[row.cell]
                && Some(ours.against) == places[row.against]
        };
        let ours = rows_of(here).find(same);
        let found = match ours {
            None => Err("it was not run here"),
            Some((_, ours)) => found(row, ours, margin),
        };
        Self {
            figure: primary.figure,
            title: there.title(primary.figure),
            family: family.name.clone(),
            label: row.label.clone(),
            published: primary,
            here: ours.and_then(|(_, row)| row.primary.clone()),
            controls: [
                Control::of(family, margin),
                ours.map_or(Control::None, |(family, _)| Control::of(family, margin)),
            ],
            found,
        }
    }

    /// What it came to.
    #[must_use]
    pub fn says(&self) -> RowAgreement {
        match self.found {
            Ok(Agreement::Agrees { .. }) => RowAgreement::Agrees,
            Ok(Agreement::Differs) => RowAgreement::Differs,
            Ok(Agreement::CannotTell) | Err(_) => RowAgreement::CannotTell,
        }
    }

    /// Whether it agrees and the intervals don't overlap: the side is the same, and the size is not.
    #[must_use]
    pub fn is_of_another_size(&self) -> bool {
        self.found == Ok(Agreement::Agrees { overlap: false })
    }

    /// Why it can't be told, if so.
    #[must_use]
    pub fn why(&self) -> Option<&'static str> {
        match self.found {
            Err(why) => Some(why),
            Ok(Agreement::CannotTell) => {
                Some("an interval holds both that there is a difference and that there is none")
            }
            Ok(_) => None,
        }
    }

    /// Whether the A/A control is quiet in both records.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.controls == [Control::Quiet; 2]
    }

    /// The A/A controls, in a word or two.
    pub(super) fn control(&self) -> String {
        match self.controls.map(Control::in_words) {
            [one, other] if one == other => one.to_owned(),
            [one, other] => format!("{one}/{other}"),
        }
    }

    /// The effect and its interval, as published and as it is here.
    pub(super) fn in_words(&self) -> [[String; 2]; 2] {
        let of = |side: Option<&Compared>| {
            let none = || units::NOT_AVAILABLE.to_owned();
            [side.map_or_else(none, Compared::effect), side.map_or_else(none, Compared::interval)]
        };
        [of(Some(&self.published)), of(self.here.as_ref())]
    }

    /// The figure for a heading, with which way is good.
    pub(super) fn heading(&self) -> String {
        match self.figure.better {
            Direction::Neither => self.title.to_owned(),
            _ => format!("{} ({})", self.title, self.figure.better_in_words()),
        }
    }
}

fn found(there: &FamilyRow, here: &FamilyRow, margin: f64) -> Result<Agreement, &'static str> {
    match (effect(there), effect(here)) {
        _ if leaves_out(there) => Err("as published, its times leave out much that had no answer"),
        _ if leaves_out(here) => Err("its times here leave out much that had no answer"),
        (None, _) => Err("it was published without an interval"),
        (_, None) => Err("it has no interval here: too few blocks, or too few operations for the figure"),
        (Some(there), Some(here)) => Ok(agreement(&there, &here, margin)),
    }
}
