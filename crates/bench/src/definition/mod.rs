//! Definitions: what a sweep is to measure, written in TOML, checked as a whole.
//!
//! [`Draft::read`] keeps every value with its place, [`Draft::with`] lays flags over it, [`Definition::resolve`] checks
//! everything against the parts that exist and gives either a complete definition or every mistake at once.

mod arm;
mod arms;
mod assertions;
mod catalogue;
mod check;
mod check_driving;
mod draft;
mod faults;
mod field;
mod lifetimes;
mod meaning;
mod mistake;
mod overrides;
mod print;
mod print_arms;
mod resolve;
mod schema;
mod services;
mod table;
mod values;
mod verdicts;
mod written;

pub use arm::Arm;
pub use catalogue::Catalogue;
pub use draft::{Draft, LONGEST_DEFINITION};
pub use mistake::{Located, Mistake, Mistakes, Origin, likely};
pub use overrides::Overrides;
pub use schema::json_schema;
pub use services::Services;
pub use table::{Fields, Table, refuse_unknown};

use crate::timeline::fault::PlannedFault;
use cachemark_core::{Descriptor, Model, PartKind, ServerSetting, Settings};
use cachemark_results::{Assertion, Figure};
use cachemark_workload::{ArrivalProcess, KeyDistribution};
use std::time::Duration;

/// A checked and complete definition of a sweep.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its name, which the record's folder carries: letters, digits and hyphens.
    pub name: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// What the run has to keep to.
    pub assertions: Vec<Assertion>,
    /// How many keys there are.
    pub keys: u64,
    /// How they are picked.
    pub distribution: KeyDistribution,
    /// The shares of reads to sweep over, 0 to 1.
    pub read_ratios: Vec<f64>,
    /// The share of deletes among what is not a read, 0 to 1.
    pub delete_ratio: f64,
    /// The length of a value in bytes, stamp included.
    pub value_bytes: u32,
    /// What is compared.
    pub arms: Vec<Arm>,
    /// The caches to sweep over.
    pub caches: Vec<Chosen>,
    /// The stores to sweep over.
    pub stores: Vec<Chosen>,
    /// The costs added to a read at the store, to sweep over.
    pub read_costs: Vec<Duration>,
    /// How many reads the store does at once, where its capacity is emulated in this process (`cachemark_core::Bounded`).
    pub store_workers: Option<u32>,
    /// Offered loads in arrivals per second, to sweep over; none for a closed loop.
    pub rates: Vec<f64>,
    /// Numbers of copies of a strategy's in-process state, to sweep over.
    pub instances: Vec<u32>,
    /// The name of the arm that the others are compared with.
    pub reference: String,
    /// Whether the reference cell is run a second time in each block, as an A/A control: what it differs by is noise.
    pub control: bool,
    /// The figures that verdicts are given on, each a family of comparisons of its own.
    pub verdict_on: Vec<&'static Figure>,
    /// Whether every two arms at one point are compared, and not only each with the reference.
    pub pairs: bool,
    /// How often every cell is run.
    pub blocks: u32,
    /// Everything random comes from this.
    pub seed: u64,
    /// Differences within plus or minus this share count as none.
    pub equivalence_margin: f64,
    /// How the load is driven.
    pub driving: Driving,
    /// What is done on purpose amid the window, in the order of the beginnings.
    pub faults: Vec<PlannedFault>,
    /// What drives it, by name.
    pub driver: String,
    /// What there is besides, where the arms are services behind an address.
    pub services: Option<Services>,
    /// Every setting of servers that there is; each arm has its own values. Servers of others run as they are.
    pub server_settings: Vec<ServerSetting>,
}

/// A part that was chosen, with complete settings.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The part.
    pub descriptor: Descriptor,
    /// Its settings.
    pub settings: Settings,
}

impl Chosen {
    /// What theory goes by.
    #[must_use]
    pub fn model(&self) -> Model {
        (self.descriptor.model)(&self.settings)
    }
}

impl Definition {
    /// The settings of the part called `name` in every arm that it takes part in: caches in those that ask one.
    pub fn settings_of<'a>(&'a self, part: &'a Chosen) -> impl Iterator<Item = Settings> + 'a {
        let is_cache = part.descriptor.kind == PartKind::Cache;
        let arms = self.arms.iter().filter(move |arm| !is_cache || arm.asks_cache());
        arms.map(|arm| arm.over(part).settings)
    }
}

/// How the load of a trial is driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Driving {
    /// Closed-loop sessions, each with one operation at a time. In an open loop they only read the keys for the first time.
    pub clients: u32,
    /// Threads that drive them, each with a single-threaded runtime of its own.
    pub driver_threads: u16,
    /// How arrivals are spread in an open loop.
    pub open_loop: OpenLoopOptions,
    /// What is measured.
    pub phase: Phase,
    /// How long the load runs unmeasured before the window; none for a warm-up by operations, as many as the caches need.
    pub warm_up: Option<Duration>,
    /// The longest that a warm-up by operations may take: it is broken off then, and that is told.
    pub warm_up_cap: Duration,
    /// Whether every key is read once before all else.
    pub warm_up_scan: bool,
    /// How many of the keys that are asked for most are read, and so put into each cache, before all else, of a cold start too;
    /// 0: none.
    pub prewarm_keys: u64,
    /// The window.
    pub duration: Duration,
    /// The deadline of one operation.
    pub operation_timeout: Duration,
    /// The longest that a call to a cache may take, within that deadline; a cache in the process never waits.
    pub cache_timeout: Duration,
    /// The step of the series over time.
    pub interval: Duration,
    /// Whether the hops of operations are timed: it costs some clock reads an operation.
    pub hop_times: bool,
    /// Whether the answers are watched for what is stale.
    pub oracle: bool,
    /// The most keys that are looked at in store and caches once a trial is over; 0: no audit.
    pub audit_keys: u64,
}

/// What a trial measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The steady state, after a warm-up.
    Steady,
    /// The cold start: from the first operation on an empty cache on.
    Cold,
}

impl Phase {
    /// Every phase, by the name in definitions.
    pub const ALL: [(&'static str, Self); 2] = [("steady", Self::Steady), ("cold", Self::Cold)];

    /// The name in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Cold => "cold",
        }
    }
}

/// How arrivals are spread, and how many operations may be in flight, where a cell has an offered load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenLoopOptions {
    /// The law of the arrivals.
    pub process: ArrivalProcess,
    /// The most operations in flight.
    pub max_in_flight: u32,
    /// What becomes of an arrival that finds as many.
    pub when_full: WhenFull,
}

/// What becomes of an arrival that finds as many operations in flight as there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenFull {
    /// It waits, and so do those behind it: the wait is part of its response time.
    Wait,
    /// It is not sent, and counted.
    Shed,
}

impl WhenFull {
    /// Both, by the name in definitions.
    pub const ALL: [(&'static str, Self); 2] = [("wait", Self::Wait), ("shed", Self::Shed)];

    /// The name in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Wait => "wait",
            Self::Shed => "shed",
        }
    }
}
