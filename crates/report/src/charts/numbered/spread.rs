//! Heights of numbers beside a panel.

/// Shifts ascending heights so that they are `step` apart at least, as little as that takes, between `top` and `bottom`.
pub(super) fn spread(heights: &[f64], step: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    // Without the steps between them, what remains is that none comes before the one above it: neighbours that do share their
    // mean.
    let mut shared: Vec<(f64, usize)> = Vec::new();
    for (index, height) in heights.iter().enumerate() {
        shared.push((height - index as f64 * step, 1));
        while let [.., (above, many), (below, more)] = shared[..] {
            if above <= below {
                break;
            }
            shared.truncate(shared.len() - 2);
            let all = many + more;
            shared.push(((above * many as f64 + below * more as f64) / all as f64, all));
        }
    }
    let last = (bottom - heights.len().saturating_sub(1) as f64 * step).max(top);
    let each = shared.iter().flat_map(|(height, many)| std::iter::repeat_n(height.clamp(top, last), *many));
    each.enumerate().map(|(index, height)| height + index as f64 * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heights_are_moved_no_more_than_they_must() {
        assert_eq!(spread(&[10.0, 50.0], 13.0, (0.0, 100.0)), [10.0, 50.0]);
        assert_eq!(spread(&[50.0, 50.0, 50.0], 10.0, (0.0, 100.0)), [40.0, 50.0, 60.0]);
        assert_eq!(spread(&[1.0, 2.0, 70.0], 10.0, (5.0, 100.0)), [5.0, 15.0, 70.0]);
        assert_eq!(spread(&[95.0, 99.0], 10.0, (0.0, 100.0)), [90.0, 100.0]);
        assert!(spread(&[], 10.0, (0.0, 100.0)).is_empty());
    }
}
