//! How much one picture holds: a longer one is more than a screen shows, and than anybody looks at.

/// So high may panels be together, in pixels of a page: with title, legend and notes a picture stays below 4,000.
pub(super) const MOST: f64 = 3_300.0;
/// Between two rows of panels.
const BETWEEN: f64 = 26.0;

/// How many panels of a height have room, so many side by side.
pub(super) fn panels(height: f64, columns: usize) -> usize {
    ((MOST / (height + BETWEEN)) as usize).max(1) * columns.max(1)
}

/// Leaves the first `most` of the places, and says how many others there are.
pub(super) fn cut<T>(places: &mut Vec<T>, most: usize) -> Option<String> {
    let beyond = places.len().saturating_sub(most);
    places.truncate(most);
    said(beyond)
}

/// Leaves `most` of the places, the first, the last and some between, and says how many others there are.
pub(super) fn spread<T: Copy>(places: &mut Vec<T>, most: usize) -> Option<String> {
    let beyond = places.len().saturating_sub(most);
    if beyond > 0 {
        let last = places.len() - 1;
        *places = (0..most).map(|place| places[place * last / (most - 1).max(1)]).collect();
    }
    said(beyond)
}

/// Leaves the places that have room together, by the height of each, and says how many others there are.
pub(super) fn cut_by<T>(places: &mut Vec<T>, height: impl Fn(&T) -> f64) -> Option<String> {
    let mut taken = 0.0;
    let fits = |place: &T| {
        taken += height(place);
        taken <= MOST
    };
    let fit = places.iter().map(fits).take_while(|fits| *fits).count().max(1);
    cut(places, fit)
}

/// What a chart says of places that it has no room for.
pub(super) fn said(beyond: usize) -> Option<String> {
    match beyond {
        0 => None,
        1 => Some("One more place has no room in this picture; the tables have it.".to_owned()),
        _ => Some(format!("{beyond} more places have no room in this picture; the tables have all.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_counted() {
        let mut places = vec![1, 2, 3, 4, 5];
        assert_eq!(cut(&mut places, 5), None);
        assert!(cut(&mut places, 3).unwrap().starts_with("2 more places"));
        assert_eq!(places, [1, 2, 3]);
        let mut five = vec![1, 2, 3, 4, 5];
        assert!(spread(&mut five, 2).unwrap().starts_with("3 more places"));
        assert_eq!(five, [1, 5]);
        assert!(cut_by(&mut places, |_| MOST / 2.0).unwrap().starts_with("One more place"));
        assert_eq!((places.len(), cut_by(&mut places, |_| MOST * 9.0), places.len()), (2, said(1), 1));
    }

    #[test]
    fn panels_in_all_rows_fit() {
        assert_eq!(panels(310.0, 2), 18);
        assert_eq!(panels(9_000.0, 3), 3);
    }
}
