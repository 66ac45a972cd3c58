//! Which offered load to try next: climb, then bisect, then repeat.

use cachemark_workload::HIGHEST_RATE;

/// Rates closer together than this factor are not told apart.
const RESOLUTION: f64 = 1.1;
/// How many invalid trials at one rate are enough to give up.
const INVALID: usize = 3;
/// How often the answer is tried again.
const REPEATS: usize = 3;
/// The search gives up below this share of the first rate.
const LEAST_SHARE: f64 = 1e-5;
/// More probes than any search takes that behaves: from 1/s to 10^9/s it climbs 30 times.
const MOST_PROBES: usize = 60;

/// Why a rate is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Nothing has failed yet, or nothing passed: the next rate that was asked for; beyond those, twice or half the last.
    Climb,
    /// The answer lies between a rate that passed and one that failed.
    Bisect,
    /// The rate is the answer if it passes again.
    Repeat,
}

impl Purpose {
    /// Its name in records.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Climb => "climb",
            Self::Bisect => "bisect",
            Self::Repeat => "repeat",
        }
    }
}

/// What is next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Next {
    /// Try this rate.
    Probe(f64, Purpose),
    /// The greatest rate that passed, and passed again; none if none did.
    Done(Option<f64>),
    /// This rate could not be tried: trial after trial was invalid.
    CannotTell(f64),
}

/// What came of a rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// The objective held.
    Passed,
    /// It did not.
    Failed,
    /// The trial says nothing of the stack.
    Invalid,
}

/// A search for the greatest rate that passes. One failure at a rate is enough: the answer lies below it. An invalid trial is
/// neither: it is tried again.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// What was asked for: the rates to begin with, ascending.
    listed: Vec<f64>,
    /// Rate, what came of it, why it was tried.
    told: Vec<(f64, Told, Purpose)>,
}

impl Search {
    /// A search that begins with these rates, the least first, and goes on from there.
    pub(crate) fn from(rates: &[f64]) -> Self {
        let mut listed = rates.to_vec();
        listed.sort_by(f64::total_cmp);
        Self { listed, told: Vec::new() }
    }

    /// The greatest rate that passed below every one that failed.
    pub(crate) fn passed(&self) -> Option<f64> {
        let failed = self.failed();
        let below = |rate: &f64| failed.is_none_or(|failed| *rate < failed);
        self.rates(Told::Passed).filter(below).reduce(f64::max)
    }

    fn failed(&self) -> Option<f64> {
        self.rates(Told::Failed).reduce(f64::min)
    }

    fn rates(&self, what: Told) -> impl Iterator<Item = f64> {
        self.told.iter().filter(move |told| told.1 == what).map(|told| told.0)
    }

    pub(crate) fn next(&self) -> Next {
        if let Some(&(rate, Told::Invalid, purpose)) = self.told.last() {
            let at_rate = self.told.iter().rev().filter(|told| told.0 == rate);
            let enough = at_rate.take_while(|told| told.1 == Told::Invalid).count() >= INVALID;
            return if enough { Next::CannotTell(rate) } else { Next::Probe(rate, purpose) };
        }
        let (passed, failed) = (self.passed(), self.failed());
        if self.told.len() >= MOST_PROBES {
            return Next::Done(None);
        }
        let Some(&first) = self.listed.first() else { return Next::Done(None) };
        match (passed, failed) {
            (None, None) => Next::Probe(first, Purpose::Climb),
            (Some(passed), None) => match self.listed_above(passed) {
                Some(listed) => Next::Probe(listed, Purpose::Climb),
                None if passed * 2.0 > HIGHEST_RATE => Next::Done(None),
                None => Next::Probe(rounded(passed * 2.0), Purpose::Climb),
            },
            (None, Some(failed)) if failed / 2.0 < first * LEAST_SHARE => Next::Done(None),
            (None, Some(failed)) => Next::Probe(rounded(failed / 2.0), Purpose::Climb),
            (Some(passed), Some(failed)) if failed / passed > RESOLUTION => {
                Next::Probe(rounded((passed * failed).sqrt()), Purpose::Bisect)
            }
            (Some(passed), _) if self.repeats(passed) < REPEATS => Next::Probe(passed, Purpose::Repeat),
            (Some(passed), _) => Next::Done(Some(passed)),
        }
    }

    pub(crate) fn tell(&mut self, rate: f64, purpose: Purpose, told: Told) {
        self.told.push((rate, told, purpose));
    }

    /// The least rate above `rate` that was asked for.
    fn listed_above(&self, rate: f64) -> Option<f64> {
        self.listed.iter().copied().find(|listed| *listed > rate)
    }

    fn repeats(&self, rate: f64) -> usize {
        self.told.iter().filter(|told| **told == (rate, Told::Passed, Purpose::Repeat)).count()
    }
}

/// Three significant digits: steps are far wider than that, and people read the rates.
fn rounded(rate: f64) -> f64 {
    let unit = 10_f64.powf(rate.log10().floor() - 2.0);
    // Division by a power of ten from 1 on is exact where multiplication by a fraction is not.
    if unit >= 1.0 { (rate / unit).round() * unit } else { (rate / unit).round() / (1.0 / unit).round() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs a search against `passes`, told of rate and how often that rate was tried before.
    fn search(first: f64, passes: impl Fn(f64, usize) -> bool) -> (Option<f64>, Vec<(f64, Purpose)>) {
        search_from(&[first], passes)
    }

    fn search_from(rates: &[f64], passes: impl Fn(f64, usize) -> bool) -> (Option<f64>, Vec<(f64, Purpose)>) {
        let (mut search, mut probes) = (Search::from(rates), Vec::new());
        loop {
            match search.next() {
                Next::Done(answer) => return (answer, probes),
                Next::CannotTell(rate) => panic!("nothing was invalid at {rate}"),
                Next::Probe(rate, purpose) => {
                    let before = probes.iter().filter(|(tried, _)| *tried == rate).count();
                    probes.push((rate, purpose));
                    let told = if passes(rate, before) { Told::Passed } else { Told::Failed };
                    search.tell(rate, purpose, told);
                }
            }
        }
    }

    #[test]
    fn the_answer_is_within_the_resolution_from_wherever_it_starts() {
        for first in [1.0, 100.0, 1_000.0, 64_000.0] {
            for capacity in [7.0, 950.0, 1_000.0, 12_345.0, 60_000.0] {
                let (answer, probes) = search(first, |rate, _| rate <= capacity);
                let answer = answer.unwrap();
                assert!(answer <= capacity && capacity < answer * RESOLUTION * 1.01, "{answer} of {capacity}");
                let last: Vec<_> = probes.iter().rev().take(REPEATS).collect();
                assert!(last.iter().all(|(rate, purpose)| (*rate, *purpose) == (answer, Purpose::Repeat)));
                assert!(probes.len() < 40, "{} probes", probes.len());
            }
        }
    }

    #[test]
    fn a_rate_that_fails_again_is_not_the_answer() {
        // Above 700 a rate passes once and never again.
        let (answer, _) = search(100.0, |rate, before| rate <= 700.0 || (rate <= 1_000.0 && before == 0));
        let answer = answer.unwrap();
        assert!(answer <= 700.0 && answer > 600.0, "{answer}");
    }

    #[test]
    fn what_never_passes_has_no_answer() {
        let (answer, probes) = search(1_000.0, |_, _| false);
        assert_eq!(answer, None);
        assert!(probes.last().unwrap().0 < 0.1 && probes.len() < 20);
    }

    #[test]
    fn what_always_passes_has_no_answer_and_ends() {
        let (answer, probes) = search(1.0, |_, _| true);
        assert!(answer.is_none() && probes.len() < 40, "{} probes", probes.len());
    }

    #[test]
    fn an_invalid_trial_is_tried_again_and_is_no_failure() {
        let mut search = Search::from(&[100.0]);
        search.tell(100.0, Purpose::Climb, Told::Passed);
        search.tell(200.0, Purpose::Climb, Told::Invalid);
        assert_eq!(search.next(), Next::Probe(200.0, Purpose::Climb));
        search.tell(200.0, Purpose::Climb, Told::Passed);
        assert_eq!(search.next(), Next::Probe(400.0, Purpose::Climb));
        for _ in 0..INVALID {
            assert_eq!(search.next(), Next::Probe(400.0, Purpose::Climb));
            search.tell(400.0, Purpose::Climb, Told::Invalid);
        }
        assert_eq!((search.next(), search.passed()), (Next::CannotTell(400.0), Some(200.0)));
    }

    #[test]
    fn the_rates_that_were_asked_for_are_tried_first_from_the_least_on() {
        let tried = |capacity: f64| {
            let (answer, probes) = search_from(&[3_000.0, 500.0, 1_000.0], |rate, _| rate <= capacity);
            let rates: Vec<f64> = probes.iter().map(|(rate, _)| *rate).take(5).collect();
            assert!(answer.is_some_and(|answer| answer <= capacity && capacity < answer * RESOLUTION * 1.01));
            rates
        };
        assert_eq!(tried(7_000.0), [500.0, 1_000.0, 3_000.0, 6_000.0, 12_000.0], "on from the greatest that held");
        assert_eq!(
            tried(1_000.0)[..4],
            [500.0, 1_000.0, 3_000.0, 1_730.0],
            "between the last that held and the first not"
        );
        assert_eq!(tried(200.0)[..3], [500.0, 250.0, 125.0], "down from the least");
        assert!(!tried(800.0).contains(&3_000.0), "a greater one is not tried after one that failed");
    }

    #[test]
    fn rates_are_round() {
        assert_eq!([1_234.0, 0.012_34, 98_765.4, 1.0].map(rounded), [1_230.0, 0.0123, 98_800.0, 1.0]);
    }
}
