//! From figures to places on an axis, and the ticks in between.

/// An axis: what it begins and ends with.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scale {
    /// Even steps.
    Linear { from: f64, to: f64 },
    /// Even factors; both ends above zero.
    Log { from: f64, to: f64 },
}

impl Scale {
    /// From zero to a little above the greatest of the figures.
    pub(crate) fn from_zero(figures: impl IntoIterator<Item = f64>, headroom: f64) -> Self {
        let greatest = figures.into_iter().fold(0.0, f64::max);
        Self::Linear { from: 0.0, to: if greatest > 0.0 { greatest * headroom } else { 1.0 } }
    }

    /// Factors around the figures above zero, with some room; none without any.
    pub(crate) fn log_around(figures: impl IntoIterator<Item = f64>, room: f64) -> Option<Self> {
        let above: Vec<f64> = figures.into_iter().filter(|figure| *figure > 0.0 && figure.is_finite()).collect();
        let least = above.iter().copied().reduce(f64::min)?;
        let greatest = above.iter().copied().reduce(f64::max)?;
        Some(Self::Log { from: least / room, to: greatest * room })
    }

    /// The place of a figure: 0 at the beginning, 1 at the end.
    pub(crate) fn place(self, figure: f64) -> f64 {
        match self {
            Self::Linear { from, to } => (figure - from) / (to - from),
            Self::Log { from, to } => (figure / from).ln() / (to / from).ln(),
        }
    }

    /// About `wanted` round figures inside.
    pub(crate) fn ticks(self, wanted: usize) -> Vec<f64> {
        match self {
            Self::Linear { from, to } => even_ticks(from, to, wanted),
            // Within a factor of a few, powers of ten are too far apart.
            Self::Log { from, to } if to / from < 4.0 => even_ticks(from, to, wanted),
            Self::Log { from, to } => log_ticks(from, to, wanted),
        }
    }
}

fn even_ticks(from: f64, to: f64, wanted: usize) -> Vec<f64> {
    let rough = (to - from) / wanted.max(1) as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    let first = (from / step - 1e-9).ceil() as i64;
    let last = (to / step + 1e-9).floor() as i64;
    (first..=last).map(|at| at as f64 * step).collect()
}

fn log_ticks(from: f64, to: f64, wanted: usize) -> Vec<f64> {
    let (first, last) = (from.log10().floor() as i32, to.log10().ceil() as i32);
    let with = |factors: &[f64]| -> Vec<f64> {
        let all = (first..=last).flat_map(|power| factors.iter().map(move |factor| factor * 10_f64.powi(power)));
        all.filter(|tick| (from..=to).contains(tick)).collect()
    };
    let fine = with(&[1.0, 2.0, 5.0]);
    let middle = with(&[1.0, 3.0]);
    let coarse = with(&[1.0]);
    let stride = coarse.len().div_ceil(wanted.max(1)).max(1);
    match wanted + 2 {
        limit if fine.len() <= limit => fine,
        limit if middle.len() <= limit => middle,
        _ => coarse.into_iter().step_by(stride).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(Scale::Linear { from: 0.0, to: 11_200.0 }.ticks(5), [0.0, 5000.0, 10_000.0]);
        assert_eq!(Scale::Log { from: 15.0, to: 900.0 }.ticks(6), [20.0, 50.0, 100.0, 200.0, 500.0]);
        assert_eq!(Scale::Log { from: 0.9, to: 1.3 }.ticks(5).len(), 5);
        assert_eq!(Scale::Log { from: 1.0, to: 1e9 }.ticks(5), [1.0, 100.0, 1e4, 1e6, 1e8]);
    }

    #[test]
    fn places_run_from_0_to_1() {
        let scale = Scale::log_around([1.0, 100.0, 0.0], 1.0).unwrap();
        assert_eq!([1.0, 10.0, 100.0].map(|figure| scale.place(figure)), [0.0, 0.5, 1.0]);
        assert_eq!(Scale::log_around([0.0], 1.5), None);
        assert_eq!(Scale::from_zero([0.0], 1.1), Scale::Linear { from: 0.0, to: 1.0 });
    }
}
