//! Lines with fewer points that look the same.

/// How far a line may move, in the pixels that it is drawn in, of which a page shows two as one: less than the line is wide.
const TOLERANCE: f64 = 1.5;

type Pixel = (i32, i32);

/// The points that the line cannot do without: first, last, and each that lies further than the tolerance from the straight
/// way between its neighbours (Ramer, Douglas and Peucker). A spectrum of a thousand points is drawn with some hundred.
pub(super) fn simplified(points: &[Pixel]) -> Vec<Pixel> {
    let mut kept = vec![false; points.len()];
    let mut pieces = Vec::new();
    if let Some(last) = points.len().checked_sub(1) {
        (kept[0], kept[last]) = (true, true);
        pieces.push((0, last));
    }
    while let Some((from, to)) = pieces.pop() {
        let between = (from + 1..to).map(|at| (distance(points[at], points[from], points[to]), at));
        if let Some((_, at)) = between.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(far, _)| *far > TOLERANCE) {
            kept[at] = true;
            pieces.extend([(from, at), (at, to)]);
        }
    }
    points.iter().zip(kept).filter_map(|(point, kept)| kept.then_some(*point)).collect()
}

/// How far a point lies from the piece of line between two others.
fn distance(point: Pixel, from: Pixel, to: Pixel) -> f64 {
    let minus = |a: Pixel, b: Pixel| (f64::from(a.0) - f64::from(b.0), f64::from(a.1) - f64::from(b.1));
    let ((x, y), (along_x, along_y)) = (minus(point, from), minus(to, from));
    let length = along_x * along_x + along_y * along_y;
    let share = if length > 0.0 { ((x * along_x + y * along_y) / length).clamp(0.0, 1.0) } else { 0.0 };
    (x - share * along_x).hypot(y - share * along_y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_on_the_way_goes_and_every_corner_stays() {
        assert_eq!(simplified(&[]), []);
        assert_eq!(simplified(&[(1, 1)]), [(1, 1)]);
        assert_eq!(simplified(&[(0, 0), (5, 0), (10, 0), (10, 7), (10, 9)]), [(0, 0), (10, 0), (10, 9)]);
        // There and back again: the point lies on the line, but beyond its end.
        assert_eq!(simplified(&[(0, 0), (9, 0), (4, 0)]), [(0, 0), (9, 0), (4, 0)]);
        // A closed frame.
        let frame = [(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)];
        assert_eq!(simplified(&frame), frame);
    }

    #[test]
    fn no_point_of_a_curve_is_left_further_off_than_the_tolerance() {
        let curve: Vec<Pixel> = (0..2000).map(|x| (x, (300.0 * (f64::from(x) / 90.0).sin()) as i32)).collect();
        let fewer = simplified(&curve);
        assert!(fewer.len() < curve.len() / 4, "{}", fewer.len());
        for point in curve {
            let nearest = fewer.windows(2).map(|ends| distance(point, ends[0], ends[1])).fold(f64::MAX, f64::min);
            assert!(nearest <= TOLERANCE, "{point:?} is {nearest} off");
        }
    }
}
