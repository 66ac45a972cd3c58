//! Caches and stores, one a file, each with its probe.
