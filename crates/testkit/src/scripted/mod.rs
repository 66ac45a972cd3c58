//! Caches and stores that do what a test tells them.
