//! `[workload]`: what is asked.

use super::{Field, Takes};
use cachemark_core::STAMP_LEN;
use cachemark_workload::{LARGEST_VALUE, MOST_KEYS};

pub(in crate::definition) const KEYS: &Field =
    &Field { name: "keys", help: "How many keys there are.", takes: Takes::Integer(1, MOST_KEYS), default: "10000" };

pub(in crate::definition) const DISTRIBUTION: &Field = &Field {
    name: "distribution",
    help: "How keys are picked: zipf (some far more often than others) or uniform.",
    takes: Takes::Words(|| vec!["uniform", "zipf"]),
    default: "\"zipf\"",
};

pub(in crate::definition) const EXPONENT: &Field = &Field {
    name: "exponent",
    help: "The exponent of Zipf's law: the greater, the more often the popular keys are asked for. Only with distribution zipf.",
    takes: Takes::Number(0.0, 10.0),
    default: "0.99",
};

pub(in crate::definition) const READ_RATIO: &Field = &Field {
    name: "read-ratio",
    help: "The share of reads, 0 to 1. A list is swept over.",
    takes: Takes::Numbers(0.0, 1.0),
    default: "[0.5, 0.9, 0.99]",
};

pub(in crate::definition) const DELETE_RATIO: &Field = &Field {
    name: "delete-ratio",
    help: "The share of deletes among what is not a read, 0 to 1.",
    takes: Takes::Number(0.0, 1.0),
    default: "0.0",
};

pub(in crate::definition) const VALUE_BYTES: &Field = &Field {
    name: "value-bytes",
    help: "The length of a value in bytes, its stamp of 40 included.",
    takes: Takes::Integer(STAMP_LEN as u64, LARGEST_VALUE as u64),
    default: "256",
};

pub(in crate::definition) const ALL: &[&Field] = &[KEYS, DISTRIBUTION, EXPONENT, READ_RATIO, DELETE_RATIO, VALUE_BYTES];
