//! What stands above the first table.

use super::{Field, Takes};

pub(in crate::definition) const NAME: &Field = &Field {
    name: "name",
    help: "Names the record's folder: 1 to 60 lower-case letters, digits and hyphens. `unnamed` if left out, of a load `load`.",
    takes: Takes::Form("^[a-z0-9-]{1,60}$"),
    default: "",
};

pub(in crate::definition) const DESCRIPTION: &Field = &Field {
    name: "description",
    help: "What the run is for, in a sentence: the heading of its pages.",
    takes: Takes::Text,
    default: "\"\"",
};

pub(in crate::definition) const ASSERT: &Field = &Field {
    name: "assert",
    help: "What the run has to keep to, as \"cache-aside.hit_ratio > 0.8\", or a list of such.",
    takes: Takes::Assertions,
    default: "",
};

pub(in crate::definition) const ALL: &[&Field] = &[NAME, DESCRIPTION, ASSERT];
