//! The tail of a histogram as a line: time against log10(1 / (1 - q)), so that each decade of rarity is equally wide.

use serde::{Deserialize, Serialize};

use super::Histogram;
use super::sample_rule::SAMPLES_BEYOND;

/// One point of a percentile spectrum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SpectrumPoint {
    /// The quantile, 0 to 1.
    pub quantile: f64,
    /// The time at that quantile, in ns.
    pub value_ns: u64,
}

impl SpectrumPoint {
    /// Its place on the chart's axis, log10(1 / (1 - q)): 0 for the minimum, 1 for p90, 2 for p99, 3 for p99.9.
    pub fn decades(&self) -> f64 {
        -(1.0 - self.quantile).log10()
    }
}

impl Histogram {
    /// `points` quantiles, evenly spaced on the axis of [`SpectrumPoint::decades`] from 0 to where the sample-size rule
    /// of [`Histogram::quantile`] ends. Times never fall from one point to the next. Empty for fewer than ten samples.
    pub fn spectrum(&self, points: usize) -> Vec<SpectrumPoint> {
        let rarest = self.count() as f64 / SAMPLES_BEYOND;
        if rarest < 1.0 {
            return Vec::new();
        }
        let step = rarest.log10() / points.saturating_sub(1).max(1) as f64;
        let last = 1.0 - 1.0 / rarest;
        let quantiles = (0..points).map(|point| {
            let quantile = 1.0 - 10_f64.powf(-step * point as f64);
            // Rounding could carry the last point past the rule's end.
            quantile.clamp(0.0, last)
        });
        quantiles.map(|quantile| SpectrumPoint { quantile, value_ns: self.inner.value_at_quantile(quantile) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_to(n: u64) -> Histogram {
        let mut histogram = Histogram::new();
        (1..=n).for_each(|value| histogram.record(value));
        histogram
    }

    #[test]
    fn it_ends_where_the_sample_rule_ends() {
        let histogram = one_to(1000);
        let spectrum = histogram.spectrum(5);
        let decades: Vec<f64> = spectrum.iter().map(SpectrumPoint::decades).collect();
        for (found, expected) in decades.iter().zip([0.0, 0.5, 1.0, 1.5, 2.0]) {
            assert!((found - expected).abs() < 1e-9, "{decades:?}");
        }
        assert_eq!(spectrum.first().map(|point| point.value_ns), Some(1));
        assert_eq!(spectrum.last().map(|point| point.value_ns), histogram.quantile(0.99));
    }

    #[test]
    fn few_samples_or_points_make_few_points() {
        assert!(one_to(9).spectrum(5).is_empty());
        assert!(one_to(100).spectrum(0).is_empty());
        assert_eq!(one_to(100).spectrum(1), [SpectrumPoint { quantile: 0.0, value_ns: 1 }]);
        assert!(one_to(10).spectrum(3).iter().all(|point| point.quantile == 0.0));
    }
}
