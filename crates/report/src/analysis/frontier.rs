//! What no other beats: the frontier of several figures.

/// Of each place, whether no other beats it, which is: as good or better in every coordinate, and better in one. The less a
/// coordinate is the better; all places have as many. Places that are equal beat each other in nothing.
pub(crate) fn unbeaten<Place: AsRef<[f64]>>(places: &[Place]) -> Vec<bool> {
    let beats = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a <= b) && a.iter().zip(b).any(|(a, b)| a < b);
    places.iter().map(|place| !places.iter().any(|other| beats(other.as_ref(), place.as_ref()))).collect()
}

#[cfg(test)]
mod tests {
    use super::unbeaten;

    #[test]
    fn only_what_is_beaten_in_nothing_is_on_the_frontier() {
        let places = [[1.0, 0.0], [0.2, 0.1], [0.3, 0.1], [0.1, 0.5], [0.5, 0.05], [0.5, 0.05]];
        assert_eq!(unbeaten(&places), [true, true, false, true, true, true]);
        assert_eq!(unbeaten::<[f64; 2]>(&[]), [false; 0]);
        // In no figure at all, none is better than another.
        assert_eq!(unbeaten(&[[0.0; 0], [0.0; 0]]), [true, true]);
    }
}
