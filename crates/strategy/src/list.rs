//! The list of strategies. What a new one needs besides its file and a line here is in CONTRIBUTING.md.

use crate::any::list_strategies;
use crate::{
    cache_aside, cache_first, double_delete, lease, memoised, no_cache, null, read_through, refresh_ahead,
    single_flight, sliding_ttl, stale_while_revalidate, ttl_only, versioned, write_around, write_behind, write_through,
    xfetch,
};

list_strategies! {
    NoCache(no_cache::NoCache<S>) described by no_cache::DESCRIPTOR,
    CacheAside(cache_aside::CacheAside<C, S>) described by cache_aside::DESCRIPTOR,
    ReadThrough(read_through::ReadThrough<C, S>) described by read_through::DESCRIPTOR,
    WriteThrough(write_through::WriteThrough<C, S>) described by write_through::DESCRIPTOR,
    WriteAround(write_around::WriteAround<C, S>) described by write_around::DESCRIPTOR,
    TtlOnly(ttl_only::TtlOnly<C, S>) described by ttl_only::DESCRIPTOR,
    SingleFlight(single_flight::SingleFlight<C, S>) described by single_flight::DESCRIPTOR,
    DoubleDelete(double_delete::DoubleDelete<C, S>) described by double_delete::DESCRIPTOR,
    RefreshAhead(refresh_ahead::RefreshAhead<C, S>) described by refresh_ahead::DESCRIPTOR,
    StaleWhileRevalidate(stale_while_revalidate::StaleWhileRevalidate<C, S>)
        described by stale_while_revalidate::DESCRIPTOR,
    XFetch(xfetch::XFetch<C, S>) described by xfetch::DESCRIPTOR,
    CacheFirst(cache_first::CacheFirst<C, S>) described by cache_first::DESCRIPTOR,
    Memoised(memoised::Memoised<C, S>) described by memoised::DESCRIPTOR,
    Lease(lease::Lease<C, S>) described by lease::DESCRIPTOR,
    Versioned(versioned::Versioned<C, S>) described by versioned::DESCRIPTOR,
    SlidingTtl(sliding_ttl::SlidingTtl<C, S>) described by sliding_ttl::DESCRIPTOR,
    WriteBehind(write_behind::WriteBehind<C, S>) described by write_behind::DESCRIPTOR,
    Null(null::Null) described by null::DESCRIPTOR,
}

#[cfg(test)]
mod tests {
    use super::strategies;
    use cachemark_core::PartKind;
    use std::collections::BTreeSet;

    #[test]
    fn descriptors_can_be_told_apart() {
        let names: BTreeSet<_> = strategies().iter().map(|strategy| strategy.name).collect();
        let colours: BTreeSet<_> = strategies().iter().map(|strategy| strategy.colour).collect();
        assert_eq!((names.len(), colours.len()), (strategies().len(), strategies().len()));
        assert!(strategies().iter().all(|strategy| strategy.kind == PartKind::Strategy));
    }

    #[test]
    fn every_default_is_a_value_that_its_setting_takes() {
        for setting in strategies().iter().flat_map(|strategy| strategy.settings) {
            assert_eq!(setting.check(setting.default_value()), Ok(setting.default_value()));
        }
    }
}
