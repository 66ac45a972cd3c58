//! What is usual, by the windows before the first fault, and what is as before.

use super::{Course, OneWindow};

/// The least share of the usual goodput that is as before.
pub(super) const GOODPUT: f64 = 0.9;
/// The least share of the usual hit ratio that is.
const HIT_RATIO: f64 = 0.95;
/// The most times the usual tail that is.
const TAIL: f64 = 1.2;
/// How many times as far from the usual as any window before a window must be to be harmed for sure.
const BEYOND_NOISE: f64 = 2.0;
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
    /// How far the worst of before's windows is from it, in each respect.
    strays: Far,
    /// The share of before's windows that are not as before.
    pub(super) noise: f64,
}

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
            noise: 0.0,
        };
        let failing = before.iter().filter(|window| !usual.is_as_before(course, window)).count();
        usual.noise = failing as f64 / before.len() as f64;
        usual.strays = before.iter().map(|window| usual.far(course, window)).fold(Far::default(), Far::worse);
        Some(usual)
    }

    fn far(&self, course: &Course, window: &OneWindow) -> Far {
        let lacking = |value: f64, usual: f64| 1.0 - value / usual;
        // Reads that asked no cache, where they used to, hit nothing.
        let hits = self.hit_ratio.map_or(0.0, |usual| lacking(window.interval.hit_ratio().unwrap_or(0.0), usual));
        let tail = self.tail.and_then(|tail| tail.of(window)).zip(self.tail_ns);
        let tail = tail.map_or(0.0, |(nanos, usual)| (nanos as f64 / usual.max(1) as f64).max(f64::MIN_POSITIVE).ln());
        Far { goodput: lacking(course.goodput(window), self.goodput), hits, tail }
    }

    /// The respects in which a window fails the test.
    fn failing(far: Far) -> [bool; 3] {
        // A share of 0.9 lacks 0.1, and no rounding is to make it fail.
        let beyond = |far: f64, allowed: f64| far > allowed + 1e-9;
        [beyond(far.goodput, 1.0 - GOODPUT), beyond(far.hits, 1.0 - HIT_RATIO), beyond(far.tail, TAIL.ln())]
    }

    /// Whether a window is as before. One without any answer never is.
    pub(super) fn is_as_before(&self, course: &Course, window: &OneWindow) -> bool {
        window.interval.answered() > 0 && !Self::failing(self.far(course, window)).contains(&true)
    }

    /// Whether it is worse than before, and by more than noise.
    pub(super) fn is_harmed(&self, course: &Course, window: &OneWindow) -> bool {
        let (far, strays) = (self.far(course, window), self.strays);
        let pairs = [(far.goodput, strays.goodput), (far.hits, strays.hits), (far.tail, strays.tail)];
        let beyond = |(far, strays): (f64, f64)| far > BEYOND_NOISE * strays;
        // What lacks all cannot be twice as far as what lacked more than half.
        let dead = window.interval.answered() == 0 && strays.goodput < 1.0;
        dead || Self::failing(far).into_iter().zip(pairs).any(|(fails, pair)| fails && beyond(pair))
    }
}

impl Far {
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
