//! `[run]`: how the load is driven.

use super::{DAY_MS, Field, Takes};
use crate::definition::{Phase, WhenFull};
use cachemark_workload::{ArrivalProcess, MOST_KEYS};

/// More keys than a workload can have.
const MOST_AUDITED: u64 = 1_000_000_000;

pub(in crate::definition) const CLIENTS: &Field = &Field {
    name: "clients",
    help: "Closed-loop clients: each waits for its answer before it asks again.",
    takes: Takes::Integer(1, 10_000),
    default: "8",
};

pub(in crate::definition) const DRIVER_THREADS: &Field = &Field {
    name: "driver-threads",
    help: "Threads that drive the clients; never more than there are clients.",
    takes: Takes::Integer(1, 64),
    default: "2",
};

pub(in crate::definition) const WARM_UP_MS: &Field = &Field {
    name: "warm-up-ms",
    help: "For how many milliseconds the load runs unmeasured first. Left out: by as many operations as the caches need, of a load 2000.",
    takes: Takes::Integer(0, DAY_MS),
    default: "",
};

pub(in crate::definition) const WARM_UP_CAP_MS: &Field = &Field {
    name: "warm-up-cap-ms",
    help: "The longest warm-up by operations in milliseconds, its scan included; one that takes longer is broken off, with a warning.",
    takes: Takes::Integer(0, DAY_MS),
    default: "60000",
};

pub(in crate::definition) const PHASE: &Field = &Field {
    name: "phase",
    help: "What is measured: steady (after a warm-up) or cold (from the first operation on an empty cache on).",
    takes: Takes::Words(|| Phase::ALL.map(|(name, _)| name).to_vec()),
    default: "\"steady\"",
};

pub(in crate::definition) const ARRIVALS: &Field = &Field {
    name: "arrivals",
    help: "How arrivals are spread: poisson or constant. Only with a rate.",
    takes: Takes::Words(|| ArrivalProcess::ALL.map(|(name, _)| name).to_vec()),
    default: "\"poisson\"",
};

pub(in crate::definition) const MAX_IN_FLIGHT: &Field = &Field {
    name: "max-in-flight",
    help: "The most operations in flight of an open loop. Only with a rate.",
    takes: Takes::Integer(1, 100_000),
    default: "1000",
};

pub(in crate::definition) const WHEN_FULL: &Field = &Field {
    name: "when-full",
    help: "What becomes of an arrival that finds as many in flight: wait, or shed (it is not sent, and counted). Only with a rate.",
    takes: Takes::Words(|| WhenFull::ALL.map(|(name, _)| name).to_vec()),
    default: "\"wait\"",
};

pub(in crate::definition) const WARM_UP_SCAN: &Field = &Field {
    name: "warm-up-scan",
    help: "Whether every key is read once before all else.",
    takes: Takes::Flag,
    default: "false",
};

pub(in crate::definition) const PREWARM_KEYS: &Field = &Field {
    name: "prewarm-keys",
    help: "How many of the keys that are asked for most are read once before all else, in a cold phase too.",
    takes: Takes::Integer(0, MOST_KEYS),
    default: "0",
};

pub(in crate::definition) const DURATION_MS: &Field = &Field {
    name: "duration-ms",
    help: "The measured window of one trial in milliseconds. Left out: 500, in a cold phase 3000, of a load 10000.",
    takes: Takes::Integer(10, DAY_MS),
    default: "",
};

pub(in crate::definition) const OPERATION_TIMEOUT_MS: &Field = &Field {
    name: "operation-timeout-ms",
    help: "The deadline of one operation in milliseconds.",
    takes: Takes::Integer(1, DAY_MS),
    default: "1000",
};

pub(in crate::definition) const CACHE_TIMEOUT_MS: &Field = &Field {
    name: "cache-timeout-ms",
    help: "The longest call to a cache server in milliseconds. Left out: a quarter of operation-timeout-ms.",
    takes: Takes::Integer(1, DAY_MS),
    default: "",
};

pub(in crate::definition) const INTERVAL_MS: &Field = &Field {
    name: "interval-ms",
    help: "The step of the series over time in milliseconds. Left out: 100, from a window of 10 s on 1000.",
    takes: Takes::Integer(10, 60_000),
    default: "",
};

pub(in crate::definition) const HOP_TIMES: &Field = &Field {
    name: "hop-times",
    help: "Whether is timed what each operation spends on lanes, cache and store; it costs some clock reads an operation.",
    takes: Takes::Flag,
    default: "false",
};

pub(in crate::definition) const ORACLE: &Field = &Field {
    name: "oracle",
    help: "Whether answers are watched for stale reads.",
    takes: Takes::Flag,
    default: "true",
};

pub(in crate::definition) const AUDIT_KEYS: &Field = &Field {
    name: "audit-keys",
    help: "The most keys whose row and entries are looked at once a trial is over; 0 for none.",
    takes: Takes::Integer(0, MOST_AUDITED),
    default: "100000",
};

pub(in crate::definition) const DRIVER: &Field = &Field {
    name: "driver",
    help: "What asks the services of a load, as cachemark or goose; a sweep passes over it.",
    takes: Takes::Driver,
    default: "",
};

pub(in crate::definition) const PRELOAD: &Field = &Field {
    name: "preload",
    help: "Whether a load writes every key once before each trial; a sweep passes over it.",
    takes: Takes::Flag,
    default: "false",
};

pub(in crate::definition) const HATCH_PER_S: &Field = &Field {
    name: "hatch-per-s",
    help: "How many of goose's users are started per second; a sweep passes over it. Left out: all at once.",
    takes: Takes::Number(0.001, 100_000.0),
    default: "",
};

pub(in crate::definition) const ALL: &[&Field] = &[
    CLIENTS,
    DRIVER_THREADS,
    WARM_UP_MS,
    WARM_UP_CAP_MS,
    PHASE,
    ARRIVALS,
    MAX_IN_FLIGHT,
    WHEN_FULL,
    WARM_UP_SCAN,
    PREWARM_KEYS,
    DURATION_MS,
    OPERATION_TIMEOUT_MS,
    CACHE_TIMEOUT_MS,
    INTERVAL_MS,
    HOP_TIMES,
    ORACLE,
    AUDIT_KEYS,
    DRIVER,
    PRELOAD,
    HATCH_PER_S,
];
