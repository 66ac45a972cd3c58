//! The contract of [`Cache`].

mod basics;
mod concurrent;
mod expiry;
mod lease;
mod touch;
mod versioned;

pub use basics::*;
pub use concurrent::*;
pub use expiry::*;
pub use lease::*;
pub use touch::*;
pub use versioned::*;

use cachemark_core::Cache;
use std::future::Future;

/// Hands the list of checks on to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! cache_checks {
    ($then:ident, $attributes:tt $factory:path) => {
        $crate::$then! { $attributes $factory, cache:
            an_entry_comes_back_whole,
            an_absent_key_has_no_entry,
            a_set_overwrites,
            a_delete_removes_and_deleting_nothing_is_no_error,
            keys_are_told_apart,
            every_size_comes_back,
            every_byte_comes_back,
            the_longest_key_is_taken,
            a_negative_entry_comes_back,
            too_large_is_refused_by_name,
            an_entry_expires_in_time_and_not_before,
            a_lifetime_of_whole_steps_is_kept_to_a_step,
            an_entry_without_ttl_stays,
            an_overwrite_brings_its_own_ttl,
            versioned_set_agrees_with_the_capabilities,
            a_newer_version_is_stored_and_others_are_not,
            after_a_delete_an_older_version_is_accepted,
            a_versioned_set_brings_its_own_ttl,
            concurrent_versioned_sets_leave_the_highest,
            versioned_sets_hold_against_plain_ones,
            leases_agree_with_the_capabilities,
            a_key_without_an_entry_is_leased_to_one_who_fills_it,
            a_lease_is_no_entry,
            a_change_of_the_key_voids_its_lease,
            a_lease_ends_by_itself,
            a_lease_is_never_given_to_two,
            an_entry_too_large_leaves_the_lease_to_a_delete,
            touch_agrees_with_the_capabilities,
            a_touch_renews_the_lifetime_and_a_get_does_not,
            a_touch_of_nothing_leaves_nothing,
            concurrent_calls_on_one_key_give_whole_entries,
            deadlines_are_kept,
            a_dropped_call_leaves_the_cache_usable,
        }
    };
}

/// Runs every check, each over a cache that `factory` makes; panics at the first that fails.
pub async fn run_all<C, K, F>(factory: impl Fn() -> F)
where
    C: Cache,
    F: Future<Output = (C, K)>,
{
    crate::cache_checks!(conformance_run_all, [] factory);
}
