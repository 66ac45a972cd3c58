//! What a cache is given to keep, and for how long.

use super::draw::draw;
use crate::settings::{NEGATIVE_TTL_MS, TTL_JITTER, TTL_MS};
use cachemark_core::{Entry, Freshness, Key, OpContext, Row, Settings, Value, Version};
use std::time::Duration;

/// The least time to live: a jitter of 1 can draw zero, which some caches read as "for ever".
const LEAST_TTL: Duration = Duration::from_millis(1);

/// Times to live: of values, of absence, and how far both are spread.
#[derive(Debug, Clone, Copy)]
pub struct Expiry {
    ttl: Option<Duration>,
    negative_ttl: Option<Duration>,
    absence_as_value: bool,
    jitter: f64,
}

/// An entry and its time to live (`None`: until it is evicted or removed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fill {
    /// What to keep.
    pub entry: Entry,
    /// For how long.
    pub ttl: Option<Duration>,
}

impl Expiry {
    /// Reads `ttl-ms`, `negative-ttl-ms` and `ttl-jitter`.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            ttl: settings.millis(TTL_MS.name),
            negative_ttl: settings.millis(NEGATIVE_TTL_MS.name),
            absence_as_value: false,
            jitter: settings.ratio(TTL_JITTER.name),
        }
    }

    /// The same with another lifetime of values.
    #[must_use]
    pub fn for_values(self, ttl: Option<Duration>) -> Self {
        Self { ttl, ..self }
    }

    /// The same where absence is kept as a value is, and for as long.
    #[must_use]
    pub fn keeping_absence(self) -> Self {
        Self { absence_as_value: true, ..self }
    }

    /// What to keep of a row that was loaded; `None` if there is no live row and absence is not cached. A negative
    /// entry carries the version of the row's deletion, so that a later insert is newer.
    #[must_use]
    pub fn of_row(&self, ctx: &OpContext, key: &Key, row: &Row) -> Option<Fill> {
        match &row.value {
            Some(value) => Some(self.of_value(ctx, key, row.version, value.clone())),
            None if self.absence_as_value => Some(self.of_entry(ctx, key, Entry::absent(row.version), self.ttl)),
            None => self.negative_ttl.map(|ttl| self.of_entry(ctx, key, Entry::absent(row.version), Some(ttl))),
        }
    }

    /// What to keep of a value that was written.
    #[must_use]
    pub fn of_value(&self, ctx: &OpContext, key: &Key, version: Version, value: Value) -> Fill {
        self.of_entry(ctx, key, Entry::live(version, value), self.ttl)
    }

    fn of_entry(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Fill {
        let ttl = ttl.map(|ttl| self.spread(ttl, ctx, key, entry.version));
        Fill { entry, ttl }
    }

    /// How long an entry that is asked for now lives from now on, where a hit renews its lifetime; none if entries do not expire.
    #[must_use]
    pub fn renewal(&self, ctx: &OpContext, key: &Key) -> Option<Duration> {
        // Nobody knows the entry's version yet.
        self.ttl.map(|ttl| self.spread(ttl, ctx, key, Version::NONE))
    }

    /// The draw is of what is filled and who fills it.
    fn spread(&self, ttl: Duration, ctx: &OpContext, key: &Key, version: Version) -> Duration {
        let id = ctx.write_id();
        let draw = draw(key, [version.0, u64::from(id.session), id.sequence]);
        Freshness::jittered(ttl, self.jitter, draw).max(LEAST_TTL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::SettingValue;

    fn expiry(ttl: u64, negative: u64, jitter: f64) -> Expiry {
        let mut settings = Settings::defaults(&[TTL_MS, NEGATIVE_TTL_MS, TTL_JITTER]);
        settings.put(&TTL_MS, SettingValue::Integer(ttl));
        settings.put(&NEGATIVE_TTL_MS, SettingValue::Integer(negative));
        settings.put(&TTL_JITTER, SettingValue::Ratio(jitter));
        Expiry::new(&settings)
    }

    fn row(version: u64, value: Option<&'static str>) -> Row {
        Row { version: Version(version), value: value.map(Value::new) }
    }

    fn key(index: usize) -> Key {
        Key::new(format!("k{index}")).unwrap()
    }

    #[test]
    fn absence_is_kept_only_where_that_is_on() {
        let ctx = OpContext::new(1);
        assert_eq!(expiry(60_000, 0, 0.0).of_row(&ctx, &key(1), &row(3, None)), None);
        let fill = expiry(60_000, 500, 0.0).of_row(&ctx, &key(1), &row(3, None)).unwrap();
        assert_eq!(fill, Fill { entry: Entry::absent(Version(3)), ttl: Some(Duration::from_millis(500)) });
    }

    #[test]
    fn absence_may_be_kept_as_a_value_is() {
        let (ctx, none) = (OpContext::new(1), row(3, None));
        let kept = |ttl| expiry(ttl, 0, 0.0).keeping_absence().of_row(&ctx, &key(1), &none).unwrap();
        assert_eq!(kept(0), Fill { entry: Entry::absent(Version(3)), ttl: None });
        assert_eq!(kept(60_000).ttl, Some(Duration::from_secs(60)));
    }

    #[test]
    fn no_ttl_is_no_ttl_whatever_the_jitter() {
        let fill = expiry(0, 0, 1.0).of_row(&OpContext::new(1), &key(1), &row(1, Some("a"))).unwrap();
        assert_eq!(fill.ttl, None);
    }

    #[test]
    fn draws_repeat_and_fill_their_band() {
        let expiry = expiry(10_000, 0, 0.2);
        let ttls: Vec<f64> = (0..2_000)
            .map(|index| {
                let ctx = OpContext::new(3).at(index as u64);
                let ttl = || expiry.of_row(&ctx, &key(index), &row(1, Some("a"))).unwrap().ttl.unwrap();
                assert_eq!(ttl(), ttl());
                ttl().as_secs_f64()
            })
            .collect();
        assert!(ttls.iter().all(|ttl| (8.0..=12.0).contains(ttl)));
        let mean = ttls.iter().sum::<f64>() / ttls.len() as f64;
        // The mean of 2,000 uniform draws over 4 s has a standard deviation of 26 ms.
        assert!((mean - 10.0).abs() < 0.13, "mean {mean}");
        assert!(ttls.iter().any(|&ttl| ttl < 8.1) && ttls.iter().any(|&ttl| ttl > 11.9));
    }

    #[test]
    fn a_ttl_is_never_drawn_to_nothing() {
        let expiry = expiry(1, 0, 1.0);
        for index in 0..1_000 {
            let fill = expiry.of_row(&OpContext::new(1), &key(index), &row(1, Some("a"))).unwrap();
            assert!(fill.ttl.unwrap() >= LEAST_TTL);
        }
    }
}
