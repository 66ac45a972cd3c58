//! `[sweep]`: what is compared, and how often.

use super::{Field, Takes};
use cachemark_core::PartKind;
use cachemark_workload::HIGHEST_RATE;

/// The most reads that a store can be made to do at once: as many as it is given connections.
const MOST_WORKERS: u64 = 256;

pub(in crate::definition) const STRATEGIES: &Field = &Field {
    name: "strategies",
    help: "The strategies that are compared, each with its settings from [strategy.NAME]. Left out without an [[arm]]: every one \
           that needs not be asked for.",
    takes: Takes::Names(PartKind::Strategy),
    default: "",
};

pub(in crate::definition) const CACHES: &Field = &Field {
    name: "caches",
    help: "The caches to sweep over. Left out: those of the stack.",
    takes: Takes::Names(PartKind::Cache),
    default: "",
};

pub(in crate::definition) const STORES: &Field = &Field {
    name: "stores",
    help: "The stores to sweep over. Left out: those of the stack.",
    takes: Takes::Names(PartKind::Store),
    default: "",
};

pub(in crate::definition) const READ_COST_US: &Field = &Field {
    name: "read-cost-us",
    help: "Microseconds added to each read at the store, as of one that is far away. A list is swept over.",
    takes: Takes::Integers(0, 10_000_000),
    default: "0",
};

pub(in crate::definition) const STORE_WORKERS: &Field = &Field {
    name: "store-workers",
    help: "Emulates a store that does so many reads at once, in the client's process. Left out: as many as it can.",
    takes: Takes::Integer(1, MOST_WORKERS),
    default: "",
};

pub(in crate::definition) const RATE: &Field = &Field {
    name: "rate",
    help: "Offered loads in arrivals per second: an open loop. A list is swept over. Left out: a closed loop of clients.",
    takes: Takes::Rates(HIGHEST_RATE),
    default: "",
};

pub(in crate::definition) const INSTANCES: &Field = &Field {
    name: "instances",
    help: "Copies of a strategy's in-process state, at most as many as sessions. A list is swept over.",
    takes: Takes::Integers(1, 64),
    default: "1",
};

pub(in crate::definition) const REFERENCE: &Field = &Field {
    name: "reference",
    help: "The arm that the others are compared with. Left out: no-cache if it takes part, else the first.",
    takes: Takes::Text,
    default: "",
};

pub(in crate::definition) const CONTROL: &Field = &Field {
    name: "control",
    help: "Whether the reference runs twice in each block, as an A/A control. Left out, a load of one service has none.",
    takes: Takes::Flag,
    default: "true",
};

pub(in crate::definition) const VERDICT_ON: &Field = &Field {
    name: "verdict-on",
    help: "The figures that verdicts are given on. Left out: throughput, of an open loop response.p99.",
    takes: Takes::Figures,
    default: "",
};

pub(in crate::definition) const PAIRS: &Field = &Field {
    name: "pairs",
    help: "Whether every two arms are compared, and not only each with the reference: this takes more blocks.",
    takes: Takes::Flag,
    default: "false",
};

pub(in crate::definition) const BLOCKS: &Field = &Field {
    name: "blocks",
    help: "How often every cell is run. Left out: 8, of a load 1.",
    takes: Takes::Integer(1, 1000),
    default: "",
};

pub(in crate::definition) const SEED: &Field = &Field {
    name: "seed",
    help: "Everything random comes from this number.",
    takes: Takes::Integer(0, i64::MAX as u64),
    default: "1",
};

pub(in crate::definition) const EQUIVALENCE_MARGIN: &Field = &Field {
    name: "equivalence-margin",
    help: "Differences within plus or minus this share count as none.",
    takes: Takes::Number(0.001, 1.0),
    default: "0.05",
};

pub(in crate::definition) const ALL: &[&Field] = &[
    STRATEGIES,
    CACHES,
    STORES,
    READ_COST_US,
    STORE_WORKERS,
    RATE,
    INSTANCES,
    REFERENCE,
    CONTROL,
    VERDICT_ON,
    PAIRS,
    BLOCKS,
    SEED,
    EQUIVALENCE_MARGIN,
];
