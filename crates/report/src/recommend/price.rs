//! What a load costs, by what it asks of the cache and of the store.

use cachemark_results::Trial;
use cachemark_results::figure::STORE_LOAD;
use std::str::FromStr;

/// Prices of a million operations asked of a cache, and of a store, in whatever money. So a million operations of a load cost
/// `cache` times the cache operations, and `store` times the store operations, that there are for each operation. Calls that
/// failed are among them: they were asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Of a million cache operations: 0 or above.
    pub cache: f64,
    /// Of a million store operations: 0 or above.
    pub store: f64,
}

/// Why a text is no price.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{given}`: {what}; give cache=X, store=Y or both: what a million operations asked of it cost, as in cache=0.02,store=0.10"
)]
pub struct PriceError {
    given: String,
    what: &'static str,
}

impl FromStr for Price {
    type Err = PriceError;

    fn from_str(text: &str) -> Result<Self, PriceError> {
        let refused = |what| PriceError { given: text.trim().to_owned(), what };
        let (mut cache, mut store) = (None, None);
        for part in text.split(',') {
            let (name, number) = part.split_once('=').ok_or_else(|| refused("a name and its price are missing"))?;
            let place = match name.trim() {
                "cache" => &mut cache,
                "store" => &mut store,
                _ => return Err(refused("only a cache and a store have a price")),
            };
            let price = number.trim().parse::<f64>().ok().filter(|price| price.is_finite() && *price >= 0.0);
            let price = price.ok_or_else(|| refused("a price is a number from 0"))?;
            if place.replace(price).is_some() {
                return Err(refused("a price is given twice"));
            }
        }
        let price = Self { cache: cache.unwrap_or(0.0), store: store.unwrap_or(0.0) };
        match price.cache + price.store {
            sum if sum > 0.0 && sum.is_finite() => Ok(price),
            _ => Err(refused("one of them has to cost something")),
        }
    }
}

impl Price {
    /// What a million operations of the trial's load cost; none where nothing was asked, or where calls to the cache cost
    /// something and `cache_is_seen` is not.
    #[must_use]
    pub fn of(self, trial: &Trial, cache_is_seen: bool) -> Option<f64> {
        let cache = match self.cache > 0.0 {
            true => cache_load(trial).filter(|_| cache_is_seen)?,
            false => 0.0,
        };
        Some(self.cache * cache + self.store * STORE_LOAD.of(trial)?)
    }
}

/// Cache operations for each operation that ended, as the store load is of store operations.
fn cache_load(trial: &Trial) -> Option<f64> {
    let store = trial.store.operations() as f64;
    // The record has no count of those that ended but by the store load; of a store that was not asked, those issued are as
    // many but for what was in flight.
    let counted = store > 0.0 && trial.store_load > 0.0;
    let ended = if counted { store / trial.store_load } else { trial.totals.issued as f64 };
    (ended > 0.0).then(|| trial.cache.calls() as f64 / ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::{CacheOperations, StoreOperations, Totals};

    #[test]
    fn what_is_refused_is_explained() {
        for (text, part) in [
            ("", "a name and its price are missing"),
            ("0.02", "a name and its price are missing"),
            ("redis=0.02", "only a cache and a store have a price"),
            ("cache=cheap", "a price is a number from 0"),
            ("cache=-1", "a price is a number from 0"),
            ("cache=inf", "a price is a number from 0"),
            ("store=nan", "a price is a number from 0"),
            ("cache=1,cache=2", "given twice"),
            ("cache=0,store=0", "cost something"),
            ("cache=1,", "a name and its price are missing"),
        ] {
            let error = text.parse::<Price>().unwrap_err().to_string();
            assert!(error.contains(part) && error.ends_with("as in cache=0.02,store=0.10"), "{text}: {error}");
        }
        assert_eq!("store=0.1".parse(), Ok(Price { cache: 0.0, store: 0.1 }));
        assert_eq!(" cache = 2 , store=0 ".parse(), Ok(Price { cache: 2.0, store: 0.0 }));
    }

    /// 1,000 operations that asked the cache 1,500 times and the store 200 times.
    fn trial() -> Trial {
        Trial {
            totals: Totals { issued: 1_010, ok: 1_010, ..Totals::default() },
            store_load: 0.2,
            cache: CacheOperations { gets: 900, sets: 100, deletes: 400, errors: 100, ..CacheOperations::default() },
            store: StoreOperations { reads: 100, writes: 100, ..StoreOperations::default() },
            ..Trial::default()
        }
    }

    #[test]
    fn a_million_operations_cost_what_they_ask_for() {
        let price = Price { cache: 0.02, store: 0.1 };
        let cost = price.of(&trial(), true).unwrap();
        assert!((cost - (0.02 * 1.5 + 0.1 * 0.2)).abs() < 1e-12, "{cost}");
        let idle = Trial { store_load: 0.0, store: StoreOperations::default(), ..trial() };
        let cost = price.of(&idle, true).unwrap();
        assert!((cost - 0.02 * 1500.0 / 1010.0).abs() < 1e-12, "{cost}");
    }

    #[test]
    fn what_is_not_seen_has_no_price() {
        let price = Price { cache: 0.02, store: 0.1 };
        assert_eq!(price.of(&trial(), false), None);
        assert!(Price { cache: 0.0, ..price }.of(&trial(), false).is_some());
        assert_eq!(price.of(&Trial::default(), true), None);
    }
}
