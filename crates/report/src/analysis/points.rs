//! Where cells stand on the axes that are not a stack's: read ratio and offered load.

use super::CellFigures;
use crate::units;

/// A read ratio and an offered load: what cells that stand side by side have in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The share of reads, 0 to 1.
    pub read_ratio: f64,
    /// Arrivals per second; none in a closed loop.
    pub offered_per_s: Option<f64>,
}

impl Point {
    /// The point in words: `read ratio 0.9`, `read ratio 0.9, 500/s offered`.
    #[must_use]
    pub fn label(self) -> String {
        let offered = self.offered_per_s.map(|rate| format!(", {}/s offered", units::count(rate)));
        format!("read ratio {}{}", self.read_ratio, offered.unwrap_or_default())
    }
}

impl CellFigures<'_> {
    /// Where the cell stands. A record whose cells don't name the offered load has it in its trials.
    #[must_use]
    pub fn point(&self) -> Point {
        let of_trials = || self.finished().find_map(|trial| Some(trial.open_loop.as_ref()?.offered_per_s));
        Point { read_ratio: self.cell.read_ratio, offered_per_s: self.cell.offered_per_s.or_else(of_trials) }
    }
}

/// Every point once, ascending by read ratio, then by offered load.
pub(super) fn points(cells: &[CellFigures<'_>]) -> Vec<Point> {
    let mut points: Vec<Point> = cells.iter().map(CellFigures::point).collect();
    let rate = |point: &Point| point.offered_per_s.unwrap_or(0.0);
    points.sort_by(|a, b| a.read_ratio.total_cmp(&b.read_ratio).then(rate(a).total_cmp(&rate(b))));
    points.dedup();
    points
}

/// The figures in ascending order, each once.
pub(super) fn ascending(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.dedup();
    figures
}

/// At most `limit` of them (two at least): the first, the last, and some in between, spread evenly.
pub(super) fn spread_out(figures: &[f64], limit: usize) -> Vec<f64> {
    let limit = limit.max(2);
    if figures.len() <= limit {
        return figures.to_vec();
    }
    let last = figures.len() - 1;
    (0..limit).map(|place| figures[(place * last + (limit - 1) / 2) / (limit - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_of_many_keep_both_ends() {
        let ten: Vec<f64> = (1..=10).map(f64::from).collect();
        assert_eq!(spread_out(&ten, 3), [1.0, 6.0, 10.0]);
        assert_eq!(spread_out(&ten, 0), [1.0, 10.0]);
        assert_eq!(spread_out(&ten[..2], 5), [1.0, 2.0]);
    }

    #[test]
    fn a_point_says_what_was_offered() {
        let point = Point { read_ratio: 0.9, offered_per_s: Some(1500.0) };
        assert_eq!(point.label(), "read ratio 0.9, 1,500/s offered");
        assert_eq!(Point { offered_per_s: None, ..point }.label(), "read ratio 0.9");
    }
}
