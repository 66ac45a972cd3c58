//! Shares as flags take them.

/// A number. Whether it is a share is checked with the rest of the definition.
pub(super) fn ratio(text: &str) -> Result<f64, String> {
    if let Some(percent) = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok()) {
        return Err(format!("a share of reads is a number from 0 to 1: write {} for {text}", percent / 100.0));
    }
    text.trim().parse().map_err(|_| format!("`{text}` is no share of reads; write a number from 0 to 1, as in 0.9"))
}

#[cfg(test)]
mod tests {
    use super::ratio;

    #[test]
    fn a_percentage_is_answered_with_the_share() {
        assert_eq!(ratio("0.9"), Ok(0.9));
        assert!(ratio("90%").unwrap_err().ends_with("write 0.9 for 90%"));
        assert!(ratio("most").unwrap_err().contains("as in 0.9"));
    }
}
