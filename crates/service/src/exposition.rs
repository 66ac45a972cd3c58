//! The text that Prometheus takes: format 0.0.4. By hand, for it is simpler than any library for it, and its counts are read from
//! where they are instead of being counted twice.

use std::fmt::{Display, Write};

/// What every name begins with.
const PREFIX: &str = "cachemark_";
/// How the format is told in a response's head.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only rises; its name ends in `_total`.
    Counter,
    /// It rises and falls.
    Gauge,
    /// Counts by upper ends, and a sum.
    Histogram,
}

/// A page, as it is written.
#[derive(Debug, Default)]
pub struct Exposition {
    text: String,
    /// The metric whose samples follow.
    name: String,
}

impl Exposition {
    /// An empty page with room for so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes), name: String::new() }
    }

    /// Begins a metric, named without `cachemark_`; its samples follow.
    pub fn metric(&mut self, name: &str, kind: Kind, help: &str) {
        self.name = format!("{PREFIX}{name}");
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let name = &self.name;
        // Writing to a string does not fail, here and below.
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    /// A sample of the metric that was begun last. Values of labels may be any text.
    pub fn sample(&mut self, labels: &[(&str, &str)], value: impl Display) {
        let _ = writeln!(self.text, "{}{} {value}", self.name, in_braces(labels, None));
    }

    /// A metric with one sample and no label.
    pub fn single(&mut self, name: &str, kind: Kind, help: &str, value: impl Display) {
        self.metric(name, kind, help);
        self.sample(&[], value);
    }

    /// A histogram of the metric that was begun last: upper ends, ascending, each with what is in its bucket alone; what is above all;
    /// and the sum. The count is the sum of the buckets, so that the two never disagree.
    pub fn histogram<'a>(
        &mut self,
        labels: &[(&str, &str)],
        buckets: impl IntoIterator<Item = (&'a str, u64)>,
        above: u64,
        sum: f64,
    ) {
        let mut count = 0;
        for (end, in_bucket) in buckets.into_iter().chain([("+Inf", above)]) {
            count += in_bucket;
            let _ = writeln!(self.text, "{}_bucket{} {count}", self.name, in_braces(labels, Some(end)));
        }
        let labels = in_braces(labels, None);
        let _ = writeln!(self.text, "{}_sum{labels} {sum}\n{}_count{labels} {count}", self.name, self.name);
    }

    /// The page.
    #[must_use]
    pub fn into_text(self) -> String {
        self.text
    }
}

fn in_braces(labels: &[(&str, &str)], end: Option<&str>) -> String {
    let labels = labels.iter().copied().chain(end.map(|end| ("le", end)));
    let labels: Vec<String> = labels.map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) }
}

/// The three characters that would end a value, or its line.
fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_has_its_help_its_kind_and_its_samples() {
        let mut page = Exposition::default();
        page.single("up", Kind::Gauge, "Whether.", 1);
        page.metric("asked_total", Kind::Counter, "How often.");
        page.sample(&[("arm", "a"), ("kind", "b")], 7);
        assert_eq!(
            page.into_text(),
            "# HELP cachemark_up Whether.\n# TYPE cachemark_up gauge\ncachemark_up 1\n\
             # HELP cachemark_asked_total How often.\n# TYPE cachemark_asked_total counter\n\
             cachemark_asked_total{arm=\"a\",kind=\"b\"} 7\n"
        );
    }

    #[test]
    fn a_label_s_value_may_be_any_text() {
        let mut page = Exposition::default();
        page.metric("n_total", Kind::Counter, "N.");
        page.sample(&[("arm", "a\"} 1\nb\\")], 2);
        assert!(page.into_text().ends_with("\ncachemark_n_total{arm=\"a\\\"} 1\\nb\\\\\"} 2\n"));
    }

    #[test]
    fn buckets_are_cumulative_and_agree_with_the_count() {
        let mut page = Exposition::default();
        page.metric("d_seconds", Kind::Histogram, "D.");
        page.histogram(&[("o", "r")], [("0.1", 2), ("1", 3)], 1, 4.5);
        let samples = "cachemark_d_seconds_bucket{o=\"r\",le=\"0.1\"} 2\ncachemark_d_seconds_bucket{o=\"r\",le=\"1\"} 5\n\
                       cachemark_d_seconds_bucket{o=\"r\",le=\"+Inf\"} 6\ncachemark_d_seconds_sum{o=\"r\"} 4.5\n\
                       cachemark_d_seconds_count{o=\"r\"} 6\n";
        assert!(page.into_text().ends_with(samples));
    }
}
