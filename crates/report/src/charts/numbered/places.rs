//! Places of numbers beside marks.

use crate::scene::{Area, Point};

/// Half the side of a mark, with some air.
const MARK: f64 = 6.5;
/// Half the height of a number.
pub(super) const HALF: f64 = 6.5;
/// How far a number may stand from its mark: the ways that are tried, in pixels. Beyond the first a thin line leads there.
const WAYS: [f64; 8] = [2.0, 10.0, 18.0, 28.0, 40.0, 55.0, 75.0, 100.0];
/// The directions that are tried; the first is to the right.
const DIRECTIONS: usize = 16;
/// What it costs a place that something drawn there is covered or crossed, in pixels further away.
const COVERED: f64 = 4.0;

/// Left, top, right, bottom.
type Rectangle = [f64; 4];

/// Where numbers may stand.
pub(super) struct Places {
    area: Area,
    /// Marks, and the numbers that have a place already.
    taken: Vec<Rectangle>,
    /// Points of the lines.
    drawn: Vec<Point>,
}

/// A place beside a mark.
pub(super) struct Place {
    pub(super) at: Point,
    /// How far it is from the mark's edge.
    way: f64,
    /// From the mark's edge to the number's.
    pub(super) leader: [Point; 2],
}

impl Place {
    /// Whether it is so far off that a line is to lead there.
    pub(super) fn is_apart(&self) -> bool {
        self.way > WAYS[0]
    }
}

impl Places {
    /// Marks and lines are there already.
    pub(super) fn new(area: Area, marks: &[(usize, Point)], lines: &[Vec<Point>]) -> Self {
        let taken = marks.iter().map(|(_, at)| around(*at, MARK, MARK)).collect();
        Self { area, taken, drawn: lines.iter().flat_map(|line| sampled(line)).collect() }
    }

    /// The free place beside `mark` that is nearest and covers least, taken; none where all are taken.
    pub(super) fn take(&mut self, mark: Point, half: f64) -> Option<Place> {
        let far = WAYS[WAYS.len() - 1] + MARK + 2.0 * half;
        let near: Vec<Point> = self.drawn.iter().copied().filter(|at| inside(*at, around(mark, far, far))).collect();
        let tried =
            WAYS.iter().flat_map(|way| (0..DIRECTIONS).map(move |direction| beside(mark, half, *way, direction)));
        let free = tried.filter(|place| self.is_free(around(place.at, half, HALF)));
        let (_, place) =
            free.map(|place| (self.cost(&place, half, &near), place)).min_by(|(a, _), (b, _)| a.total_cmp(b))?;
        self.taken.push(around(place.at, half, HALF));
        self.drawn.extend(sampled(&place.leader));
        Some(place)
    }

    fn is_free(&self, [left, top, right, bottom]: Rectangle) -> bool {
        let Area { left: l, top: t, right: r, bottom: b } = self.area;
        let in_area = left >= l && top >= t && right <= r && bottom <= b - 2.0;
        in_area && self.taken.iter().all(|[l, t, r, b]| right <= *l || *r <= left || bottom <= *t || *b <= top)
    }

    fn cost(&self, place: &Place, half: f64, near: &[Point]) -> f64 {
        let own = around(place.at, half, HALF);
        let covered = near.iter().filter(|at| inside(**at, own)).count();
        let on_the_way = sampled(&place.leader);
        let crossed = self.taken.iter().filter(|taken| on_the_way.iter().any(|at| inside(*at, **taken))).count();
        // Its own mark is at the beginning of the way.
        place.way + COVERED * (covered as f64 + 2.0 * crossed.saturating_sub(1) as f64)
    }
}

/// The place in a direction, so far from the mark's edge.
fn beside(mark: Point, half: f64, way: f64, direction: usize) -> Place {
    let (sin, cos) = (std::f64::consts::TAU * direction as f64 / DIRECTIONS as f64).sin_cos();
    // The way from a rectangle's middle to its edge in this direction.
    let reach = (half / cos.abs().max(1e-9)).min(HALF / sin.abs().max(1e-9));
    let along = |far: f64| (mark.0 + cos * far, mark.1 + sin * far);
    Place { at: along(MARK + way + reach), way, leader: [along(MARK - 1.0), along(MARK + way)] }
}

fn around((x, y): Point, across: f64, up: f64) -> Rectangle {
    [x - across, y - up, x + across, y + up]
}

fn inside((x, y): Point, [left, top, right, bottom]: Rectangle) -> bool {
    (left..=right).contains(&x) && (top..=bottom).contains(&y)
}

/// Points of a line, a few pixels apart.
fn sampled(line: &[Point]) -> Vec<Point> {
    const EVERY: f64 = 4.0;
    let piece = |ends: &[Point]| {
        let ((x, y), (to_x, to_y)) = (ends[0], ends[1]);
        let steps = ((to_x - x).hypot(to_y - y) / EVERY).ceil().max(1.0);
        (0..=steps as usize).map(move |step| {
            let share = step as f64 / steps;
            (x + (to_x - x) * share, y + (to_y - y) * share)
        })
    };
    line.windows(2).flat_map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area { left: 0.0, top: 0.0, right: 300.0, bottom: 300.0 };

    fn apart([l, t, r, b]: Rectangle, [left, top, right, bottom]: Rectangle) -> bool {
        r <= left || right <= l || b <= top || bottom <= t
    }

    #[test]
    fn twenty_marks_on_one_point_have_their_numbers_apart() {
        let mark = (150.0, 150.0);
        let mut places = Places { area: AREA, taken: vec![around(mark, MARK, MARK); 20], drawn: Vec::new() };
        for _ in 0..20 {
            places.take(mark, 9.0).unwrap();
        }
        let numbers = &places.taken[20..];
        for (at, number) in numbers.iter().enumerate() {
            assert!(apart(*number, around(mark, MARK, MARK)), "{number:?} lies over the mark");
            assert!(numbers[..at].iter().all(|other| apart(*number, *other)), "{number:?}");
        }
    }

    #[test]
    fn a_number_stands_beside_its_mark_inside_the_area_and_off_the_lines() {
        let place = |mark: Point, line: &[Point]| {
            let mut places = Places { area: AREA, taken: vec![around(mark, MARK, MARK)], drawn: sampled(line) };
            places.take(mark, 9.0).unwrap()
        };
        let alone = place((100.0, 100.0), &[]);
        assert!(alone.at.0 > 110.0 && alone.at.1 == 100.0 && alone.way == WAYS[0]);
        assert!(place((295.0, 100.0), &[]).at.0 < 292.0, "to the right there is no room");
        assert!(place((100.0, 300.0), &[]).at.1 < 292.0, "it would lie on the axis");
        let off = place((100.0, 100.0), &[(100.0, 100.0), (200.0, 100.0)]);
        assert!((off.at.1 - 100.0).abs() > HALF, "{:?} lies on the line", off.at);
    }

    #[test]
    fn where_all_is_taken_there_is_no_place() {
        let taken = vec![[0.0, 0.0, 300.0, 300.0]];
        assert!(Places { area: AREA, taken, drawn: Vec::new() }.take((150.0, 150.0), 9.0).is_none());
    }
}
