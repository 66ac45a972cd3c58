//! What a cache can do beyond get, set and delete.

use std::time::Duration;

/// Asked before a run: a cell whose strategy needs what its cache lacks is reported as unsupported, by name. Each
/// value here and the behaviour of the method behind it agree; the conformance suite proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Entries can expire by themselves.
    pub ttl: bool,
    /// [`crate::Cache::set_if_newer`] works.
    pub versioned_set: bool,
    /// [`crate::Cache::get_or_lease`] and [`crate::Cache::set_leased`] work.
    pub lease: bool,
    /// [`crate::Cache::get_and_touch`] works.
    pub touch: bool,
    /// One content for every instance of a service. An in-process cache is one for each instance instead.
    pub shared: bool,
    /// The step in which the cache counts lifetimes, those of leases too, where that is longer than a millisecond: an entry whose TTL is a whole
    /// number of steps goes up to one step late, any other up to two. `None`: no later than a millisecond.
    pub ttl_step: Option<Duration>,
    /// The largest encoded entry in bytes, if there is a limit.
    pub largest_entry: Option<usize>,
}

impl Capabilities {
    /// Nothing of all that. Whoever has or needs something names that alone: `Capabilities { ttl: true, ..Capabilities::NONE }`.
    pub const NONE: Self = Self {
        ttl: false,
        versioned_set: false,
        lease: false,
        touch: false,
        shared: false,
        ttl_step: None,
        largest_entry: None,
    };

    /// The names of what `self` asks for and `offered` lacks. Only the yes-or-no capabilities can be needed.
    #[must_use]
    pub fn missing_from(&self, offered: &Self) -> Vec<&'static str> {
        [
            ("ttl", self.ttl, offered.ttl),
            ("versioned-set", self.versioned_set, offered.versioned_set),
            ("lease", self.lease, offered.lease),
            ("touch", self.touch, offered.touch),
            ("shared", self.shared, offered.shared),
        ]
        .into_iter()
        .filter_map(|(name, needed, has)| (needed && !has).then_some(name))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_needed_and_lacking_is_missing() {
        let needed = Capabilities { ttl: true, versioned_set: true, ..Capabilities::NONE };
        let offered = Capabilities { ttl: true, shared: true, ..Capabilities::NONE };
        assert_eq!(needed.missing_from(&offered), ["versioned-set"]);
        assert!(Capabilities::NONE.missing_from(&offered).is_empty());
    }
}
