//! From a record on disk to tables, charts and a page.
