//! What is usual, by the windows before the first fault, and what is as before.

use super::{Course, OneWindow};
use cachemark_results::AsBefore;

/// The least share of the usual goodput that is as before.
const GOODPUT: f64 = 0.9;
/// The least share of the usual hit ratio that is.
const HIT_RATIO: f64 = 0.95;
/// The most times the usual tail that is, 1.2, as a logarithm.
const TAIL_LN: f64 = 0.182_321_556_793_954_62;
/// How many times as far from the usual as nine in ten of the windows before a window must be to be harmed for sure.
const BEYOND_NOISE: f64 = 2.0;
/// The share of before's windows that pass for as before at least: the bounds are as wide as that takes.
const PASSING: f64 = 0.9;
/// The share of before's windows that must have a quantile for it to be compared.
const MOST: f64 = 0.9;

/// The quantile of a window's times that stands for its tail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    P99,
    P90,
    P50,
}

impl Tail {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::P99 => "p99",
            Self::P90 => "p90",
            Self::P50 => "p50",
        }
    }

    fn of(self, window: &OneWindow) -> Option<u64> {
        match self {
            Self::P99 => window.interval.p99_ns,
            Self::P90 => window.p90_ns,
            Self::P50 => window.interval.p50_ns,
        }
    }
}

/// What is usual.
#[derive(Debug, Clone)]
pub(super) struct Usual {
    /// Answered operations per second.
    pub(super) goodput: f64,
    hit_ratio: Option<f64>,
    /// The greatest quantile that nearly all windows have, and its median over them.
    pub(super) tail: Option<Tail>,
    pub(super) tail_ns: Option<u64>,
    /// How far nine in ten of before's windows are from it at most, in each respect.
    strays: Far,
    /// How far a window may be that is as before.
    allowed: Far,
    /// The share of before's windows that are beyond the fixed bounds.
    pub(super) noise: f64,
}

/// The bounds that hold however calm it was before.
const FIXED: Far = Far { goodput: 1.0 - GOODPUT, hits: 1.0 - HIT_RATIO, tail: TAIL_LN };

/// How far a window is from the usual to the worse: of goodput and hit ratio the share that it lacks, of the tail the logarithm of how
/// many times as long it is. 0 or less where it is as good, or where there is nothing to compare.
#[derive(Debug, Clone, Copy, Default)]
struct Far {
    goodput: f64,
    hits: f64,
    tail: f64,
}

impl Usual {
    /// None without any window, or where none was answered: nothing can be as before then.
    pub(super) fn of(course: &Course, before: &[OneWindow]) -> Option<Self> {
        let sum = |of: fn(&OneWindow) -> u64| before.iter().map(of).sum::<u64>();
        let answered = sum(|window| window.interval.answered());
        if answered == 0 {
            return None;
        }
        let (hits, misses) = (sum(|window| window.interval.hits), sum(|window| window.interval.misses));
        let tails = |tail: Tail| before.iter().filter_map(move |window| tail.of(window)).collect::<Vec<_>>();
        let tail = [Tail::P99, Tail::P90, Tail::P50]
            .into_iter()
            .find(|&tail| tails(tail).len() as f64 >= MOST * before.len() as f64);
        let mut usual = Self {
            goodput: answered as f64 / (before.len() as f64 * course.seconds()),
            // Of a cache that never hit nothing can be lost.
            hit_ratio: (hits > 0).then(|| hits as f64 / (hits + misses) as f64),
            tail,
            tail_ns: tail.and_then(|tail| median(tails(tail))),
            strays: Far::default(),
            allowed: FIXED,
            noise: 0.0,
        };
        let far: Vec<Far> = before.iter().map(|window| usual.far(course, window)).collect();
        usual.noise = far.iter().filter(|far| far.is_beyond(FIXED)).count() as f64 / far.len() as f64;
        let most = |of: fn(&Far) -> f64| most_of(far.iter().map(of).collect());
        usual.strays = Far { goodput: most(|far| far.goodput), hits: most(|far| far.hits), tail: most(|far| far.tail) };
        usual.allowed = FIXED.worse(usual.strays);
        Some(usual)
    }

    /// The bounds of what is as before, as figures.
    pub(super) fn bounds(&self) -> AsBefore {
        AsBefore {
            goodput_ops_per_s: self.goodput * (1.0 - self.allowed.goodput),
            hit_ratio: self.hit_ratio.map(|usual| usual * (1.0 - self.allowed.hits)),
            tail_ns: self.tail_ns.map(|usual| (usual as f64 * self.allowed.tail.exp()).round() as u64),
        }
    }

    fn far(&self, course: &Course, window: &OneWindow) -> Far {
        let lacking = |value: f64, usual: f64| 1.0 - value / usual;
        // Reads that asked no cache, where they used to, hit nothing.
        let hits = self.hit_ratio.map_or(0.0, |usual| lacking(window.interval.hit_ratio().unwrap_or(0.0), usual));
        let tail = self.tail.and_then(|tail| tail.of(window)).zip(self.tail_ns);
        let tail = tail.map_or(0.0, |(nanos, usual)| (nanos as f64 / usual.max(1) as f64).max(f64::MIN_POSITIVE).ln());
        Far { goodput: lacking(course.goodput(window), self.goodput), hits, tail }
    }

    /// Whether a window is as before. One without any answer never is.
    pub(super) fn is_as_before(&self, course: &Course, window: &OneWindow) -> bool {
        window.interval.answered() > 0 && !self.far(course, window).is_beyond(self.allowed)
    }

    /// Whether as much is answered as before.
    pub(super) fn has_goodput(&self, course: &Course, window: &OneWindow) -> bool {
        window.interval.answered() > 0 && !self.far(course, window).beyond(self.allowed)[0]
    }

    /// Whether it is worse than before, and by more than noise.
    pub(super) fn is_harmed(&self, course: &Course, window: &OneWindow) -> bool {
        let (far, strays) = (self.far(course, window), self.strays);
        let pairs = [(far.goodput, strays.goodput), (far.hits, strays.hits), (far.tail, strays.tail)];
        let beyond = |(far, strays): (f64, f64)| far > BEYOND_NOISE * strays;
        // What lacks all cannot be twice as far as what lacked more than half.
        let dead = window.interval.answered() == 0 && strays.goodput < 1.0;
        dead || far.beyond(FIXED).into_iter().zip(pairs).any(|(fails, pair)| fails && beyond(pair))
    }
}

impl Far {
    /// The respects in which it is farther than `allowed`.
    fn beyond(self, allowed: Self) -> [bool; 3] {
        // A share of 0.9 lacks 0.1, and no rounding is to make it fail.
        let beyond = |far: f64, allowed: f64| far > allowed + 1e-9;
        [beyond(self.goodput, allowed.goodput), beyond(self.hits, allowed.hits), beyond(self.tail, allowed.tail)]
    }

    fn is_beyond(self, allowed: Self) -> bool {
        self.beyond(allowed).contains(&true)
    }

    fn worse(self, other: Self) -> Self {
        Self {
            goodput: self.goodput.max(other.goodput),
            hits: self.hits.max(other.hits),
            tail: self.tail.max(other.tail),
        }
    }
}

/// The one in the middle; of an even number the lesser of the two.
pub(super) fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied()
}

/// The least of the values that at least nine in ten of them do not pass.
fn most_of(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let place = (PASSING * values.len() as f64).ceil() as usize;
    values.get(place.saturating_sub(1)).copied().unwrap_or(0.0)
}
