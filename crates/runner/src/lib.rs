//! From a definition to a plan, trials and a record.
