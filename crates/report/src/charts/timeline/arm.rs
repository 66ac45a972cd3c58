//! An arm's trials over time.

use super::super::Source;
use crate::ReportError;
use crate::analysis::{Point, Stack};
use crate::scene::Colour;
use cachemark_results::{FaultSeen, Interval, Series, Trial};

/// An arm at one place: the series of its valid trials that went through a fault.
pub(super) struct Arm {
    pub(super) label: String,
    pub(super) colour: Colour,
    /// The cell: an index into the cells.
    pub(super) cell: usize,
    /// The series of each block, with the length of its window in nanoseconds.
    courses: Vec<(Series, u64)>,
    /// When each fault was in place, in seconds, in the order of the record's faults; medians over blocks.
    pub(super) faults: Vec<Option<(f64, f64)>>,
}

/// A value over time: seconds from the window's start, and the value where there is one.
pub(super) type Line = Vec<(f64, Option<f64>)>;

/// The arms of a place, without those of which no trial went through a fault.
pub(super) fn arms(source: Source<'_>, stack: &Stack, point: Point) -> Result<Vec<Arm>, ReportError> {
    let mut arms = Vec::new();
    for cell in &stack.cells {
        let figures = &source.analysis.cells[*cell];
        let variant = &source.analysis.variants[figures.variant];
        if variant.control || figures.point() != point {
            continue;
        }
        let broken: Vec<&Trial> = figures.trials.iter().filter(|trial| trial.recovery.is_some()).copied().collect();
        let mut courses = Vec::new();
        for trial in &broken {
            courses.push((source.run.series(trial)?, trial.window.measured_ns));
        }
        if courses.is_empty() {
            continue;
        }
        let seen = |place: usize| in_place(&broken, source.analysis.faults.get(place)?.at_ns, place);
        let faults = (0..source.analysis.faults.len()).map(seen).collect();
        arms.push(Arm { label: variant.label.clone(), colour: variant.colour.into(), cell: *cell, courses, faults });
    }
    Ok(arms)
}

/// When a fault was in place: the medians of the trials' own times, of those that have one that was to begin then.
fn in_place(trials: &[&Trial], at_ns: u64, place: usize) -> Option<(f64, f64)> {
    let of = |trial: &&Trial| -> Option<(f64, f64)> {
        let same = |fault: &&FaultSeen| fault.at_ns == at_ns;
        let fault = trial.faults.get(place).filter(same).or_else(|| trial.faults.iter().find(same))?;
        let began = fault.began_ns?;
        Some((began as f64 / 1e9, fault.ended_ns.unwrap_or(began).max(began) as f64 / 1e9))
    };
    let times: Vec<(f64, f64)> = trials.iter().filter_map(of).collect();
    let began = median(times.iter().map(|(began, _)| *began).collect())?;
    // What is of a moment takes a moment to do: it is drawn where it began.
    let is_moment = trials.iter().flat_map(|trial| &trial.faults).any(|it| it.at_ns == at_ns && it.until_ns <= at_ns);
    let ended = median(times.iter().map(|(_, ended)| *ended).collect())?;
    Some((began, if is_moment { began } else { ended }))
}

impl Arm {
    pub(super) fn blocks(&self) -> usize {
        self.courses.len()
    }

    /// When its longest window ends, in seconds.
    pub(super) fn end_s(&self) -> f64 {
        let ends = self.courses.iter().map(|(_, window_ns)| *window_ns as f64 / 1e9);
        ends.fold(0.0, f64::max)
    }

    /// A value of each block over time.
    pub(super) fn lines(&self, of: fn(&Interval, f64) -> Option<f64>) -> Vec<Line> {
        let line = |(series, window_ns): &(Series, u64)| {
            let point = |interval: &Interval| {
                let left = window_ns.saturating_sub(interval.start_ns);
                let length = if left == 0 { series.interval_ns } else { series.interval_ns.min(left) };
                let seconds = length.max(1) as f64 / 1e9;
                (interval.start_ns as f64 / 1e9 + seconds / 2.0, of(interval, seconds))
            };
            series.intervals.iter().map(point).collect()
        };
        self.courses.iter().map(line).collect()
    }
}

/// The median of the lines, interval by interval, where at least half of them have a value.
pub(super) fn middle(lines: &[Line]) -> Line {
    let longest = lines.iter().max_by_key(|line| line.len());
    let at = |place: usize| {
        let values: Vec<f64> = lines.iter().filter_map(|line| line.get(place)?.1).collect();
        if values.len() * 2 >= lines.len() { median(values) } else { None }
    };
    longest.map(|line| line.iter().enumerate().map(|(place, (x, _))| (*x, at(place))).collect()).unwrap_or_default()
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values.get(values.len().checked_sub(1)? / 2)?, values.get(values.len() / 2)?);
    Some(f64::midpoint(*low, *high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_lines_needs_half_of_them() {
        let lines = vec![
            vec![(0.5, Some(1.0)), (1.5, Some(4.0)), (2.5, None)],
            vec![(0.5, Some(2.0)), (1.5, None), (2.5, None)],
            vec![(0.5, Some(9.0)), (1.5, Some(6.0)), (2.5, Some(1.0))],
        ];
        assert_eq!(middle(&lines), vec![(0.5, Some(2.0)), (1.5, Some(5.0)), (2.5, None)]);
        assert_eq!(middle(&[]), vec![]);
    }
}
