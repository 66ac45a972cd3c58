//! What every cache and every store must do, written once.
//!
//! A suite is a module of checks, each a function over the trait. [`cache_conformance!`](crate::cache_conformance) and
//! its relatives make a test of each, so that a failure names the check:
//!
//! ```ignore
//! cachemark_testkit::cache_conformance!(lru, fresh_lru);
//! cachemark_testkit::store_conformance!(#[ignore = "needs postgresql"] postgres, fresh_store);
//! ```
//!
//! The factory is an async function without arguments that returns the subject and whatever keeps it alive (a
//! directory, a server). A check gets a subject of its own, made anew or not: its keys are its own either way.

pub mod cache;
pub mod cache_probe;
pub mod store;
pub mod store_probe;
mod subject;

pub use subject::SampleRows;

/// Makes a test of every check of [`conformance::cache`](crate::conformance::cache), in a module of the given name.
#[macro_export]
macro_rules! cache_conformance {
    ($(#[$attribute:meta])* $module:ident, $factory:path) => {
        mod $module {
            use super::*;
            $crate::cache_checks!(conformance_tests, [$(#[$attribute])*] $factory);
        }
    };
}

/// Makes a test of every check of [`conformance::cache_probe`](crate::conformance::cache_probe).
#[macro_export]
macro_rules! cache_probe_conformance {
    ($(#[$attribute:meta])* $module:ident, $factory:path) => {
        mod $module {
            use super::*;
            $crate::cache_probe_checks!(conformance_tests, [$(#[$attribute])*] $factory);
        }
    };
}

/// Makes a test of every check of [`conformance::store`](crate::conformance::store).
#[macro_export]
macro_rules! store_conformance {
    ($(#[$attribute:meta])* $module:ident, $factory:path) => {
        mod $module {
            use super::*;
            $crate::store_checks!(conformance_tests, [$(#[$attribute])*] $factory);
        }
    };
}

/// Makes a test of every check of [`conformance::store_probe`](crate::conformance::store_probe).
#[macro_export]
macro_rules! store_probe_conformance {
    ($(#[$attribute:meta])* $module:ident, $factory:path) => {
        mod $module {
            use super::*;
            $crate::store_probe_checks!(conformance_tests, [$(#[$attribute])*] $factory);
        }
    };
}

/// One test for each check of a suite.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_tests {
    ($attributes:tt $factory:path, $suite:ident: $($check:ident,)*) => {
        $($crate::conformance_test!($attributes $factory, $suite, $check);)*
    };
}

/// One test.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_test {
    ([$(#[$attribute:meta])*] $factory:path, $suite:ident, $check:ident) => {
        $(#[$attribute])*
        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
        async fn $check() {
            let (subject, _kept_alive) = $factory().await;
            $crate::conformance::$suite::$check(&std::sync::Arc::new(subject)).await;
        }
    };
}

/// The body of a suite's `run_all`.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_run_all {
    ([] $factory:path, $suite:ident: $($check:ident,)*) => {
        $({
            let (subject, kept_alive) = $factory().await;
            $check(&std::sync::Arc::new(subject)).await;
            drop(kept_alive);
        })*
    };
}
