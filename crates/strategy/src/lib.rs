//! Caching strategies, one a file, and the policies they are made of.
