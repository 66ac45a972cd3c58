//! The contract of [`Store`].

mod basics;
mod batches;
mod concurrent;

pub use basics::*;
pub use batches::*;
pub use concurrent::*;

use cachemark_core::Store;
use std::future::Future;

/// Hands the list of checks on to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! store_checks {
    ($then:ident, $attributes:tt $factory:path) => {
        $crate::$then! { $attributes $factory, store:
            a_row_comes_back,
            an_absent_key_was_never_written,
            an_overwrite_raises_the_version_by_one,
            a_delete_raises_the_version_and_hides_the_value,
            deleting_nothing_makes_no_version,
            a_revived_row_goes_on_counting,
            keys_are_told_apart,
            every_size_comes_back,
            every_byte_comes_back,
            the_longest_key_is_taken,
            concurrent_writers_get_distinct_versions,
            concurrent_writes_and_deletes_count_together,
            a_read_sees_what_was_acknowledged_before_it,
            deadlines_are_kept,
            a_dropped_call_leaves_the_store_usable,
            changes_put_rows_at_their_versions,
            a_change_that_is_no_newer_is_superseded,
            a_batch_that_is_refused_changes_nothing,
            a_batch_keeps_every_byte,
            batches_at_once_leave_the_newest,
            a_batch_that_is_cut_short_leaves_the_store_usable,
        }
    };
}

/// Runs every check, each over a store that `factory` makes; panics at the first that fails.
pub async fn run_all<S, K, F>(factory: impl Fn() -> F)
where
    S: Store,
    F: Future<Output = (S, K)>,
{
    crate::store_checks!(conformance_run_all, [] factory);
}
