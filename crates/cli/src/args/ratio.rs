//! Shares as flags take them.

/// A number. Whether it is a share is checked with the rest of the definition.
pub(super) fn ratio(text: &str) -> Result<f64, String> {
    if let Some(percent) = text.strip_suffix('%').and_then(|number| number.trim().parse::<f64>().ok()) {
        return Err(format!("a share of reads is a number from 0 to 1: write {} for {text}", percent / 100.0));
    }
    text.trim().parse().map_err(|_| format!("`{text}` is no share of reads; write a number from 0 to 1, as in 0.9"))
}

/// A share above 0, as `5%` or `0.05`.
pub(super) fn share(text: &str) -> Result<f64, String> {
    let share = match text.strip_suffix('%') {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.trim().parse(),
    };
    match share {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        Ok(_) => Err(format!("`{text}` is no such share; give one above 0 and below 100 %, as 5% or 0.05")),
        Err(_) => Err(format!("`{text}` is no share; write it as 5% or 0.05")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_answered_with_the_share() {
        assert_eq!(ratio("0.9"), Ok(0.9));
        assert!(ratio("90%").unwrap_err().ends_with("write 0.9 for 90%"));
        assert!(ratio("most").unwrap_err().contains("as in 0.9"));
    }

    #[test]
    fn a_share_is_one_or_per_cent() {
        assert_eq!(["5%", "0.05", "12.5 %"].map(share), [Ok(0.05), Ok(0.05), Ok(0.125)]);
        for refused in ["0", "100%", "-5%", "5"] {
            assert!(share(refused).unwrap_err().contains("5% or 0.05"), "{refused}");
        }
        assert!(share("some").is_err());
    }
}
