//! Definitions of loads: a sweep's own file, and an `[http]` table where the service is not ours.
//!
//! `[workload]` is that of a sweep, so that one file drives both; of `[sweep]` a load takes `seed`, `blocks` and
//! `equivalence-margin`, of `[run]` what is below. What else a sweep takes says nothing of a service behind a URL: it is passed
//! over unread, and `cachemark workload check` looks at it. Only a `rate` is refused: users over HTTP are a closed loop, and who
//! asks for an offered load would not get one. A field that neither takes is a mistake, except under `[servers]`,
//! `[strategy.x]`, `[cache.x]` and `[store.x]`, which a load does not look into.
//!
//! ```toml
//! [run]
//! clients = 16                     # goose's users
//! driver-threads = 2
//! hatch-per-s = 8.0                # users started per second; left out: all at once
//! preload = true                   # write every key once before anything else
//! warm-up-ms = 2000
//! duration-ms = 10000
//! interval-ms = 1000
//! operation-timeout-ms = 1000
//!
//! [http.read]
//! path = "/v1/objects/{key}"
//! headers = { authorization = "Bearer {env:TOKEN}" }
//!
//! [http.write]
//! method = "POST"
//! path = "/v1/objects"
//! body = '{"id": "{key}", "data": "{value:base64}"}'
//! headers = { content-type = "application/json" }
//! ok = [200, 201]
//!
//! [http.value]
//! at = "/data"
//! encoding = "base64"
//!
//! [http.hit]
//! rule = "header"                  # or "cache-status" (ours), "json" with `at`, "none"
//! header = "x-cache"
//! matches = "^HIT"
//! ```

mod http;
mod mistake;
mod print;
mod section;
mod workload;

pub use mistake::{Mistake, Mistakes};

use crate::{HttpTemplates, LoadError};
use cachemark_results::Assertion;
use cachemark_results::assertion::AssertionError;
use cachemark_workload::{KeyDistribution, Mix, ValueSize, WorkloadSpec};
use section::{Notes, Section, flag, list, number, text};
use std::time::Duration;
use toml::de::{DeTable, DeValue};

/// Fields of `[sweep]` for sweeps alone: a service over HTTP has its own strategy, cache and store.
const SWEEP_ALONE: [&str; 7] = ["strategies", "caches", "stores", "read-cost-us", "instances", "reference", "control"];
/// Fields of `[run]` for sweeps alone: a load is measured warm and in a closed loop, fills a cache by `preload`, and does not see
/// what a service asks of its cache and store.
const SWEEP_RUN_ALONE: [&str; 8] = [
    "phase",
    "warm-up-cap-ms",
    "cache-timeout-ms",
    "arrivals",
    "max-in-flight",
    "when-full",
    "warm-up-scan",
    "hop-times",
];

const DAY_MS: u64 = 24 * 60 * 60 * 1000;
/// The most bytes that a definition may have.
const LONGEST: usize = 1 << 20;

/// A checked and complete definition of a load.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadDefinition {
    /// Its name, which the record's folder carries.
    pub name: String,
    /// What it is for, in a sentence.
    pub description: String,
    /// How many keys there are.
    pub keys: u64,
    /// What the run has to keep to.
    pub assertions: Vec<Assertion>,
    /// How they are picked.
    pub distribution: KeyDistribution,
    /// The shares of reads, one cell each, 0 to 1.
    pub read_ratios: Vec<f64>,
    /// The share of deletes among what is not a read, 0 to 1.
    pub delete_ratio: f64,
    /// The length of a value in bytes, stamp included.
    pub value_bytes: u32,
    /// Everything random comes from this.
    pub seed: u64,
    /// How often every cell is run.
    pub blocks: u32,
    /// Differences within plus or minus this share count as none.
    pub equivalence_margin: f64,
    /// Closed-loop sessions: goose's users.
    pub users: u32,
    /// Worker threads of the client.
    pub threads: usize,
    /// Users started per second; none: all at once.
    pub hatch: Option<f64>,
    /// Whether every key is written once before anything else.
    pub preload: bool,
    /// Unmeasured running before the window.
    pub warm_up: Duration,
    /// The window.
    pub duration: Duration,
    /// The step of the series over time.
    pub interval: Duration,
    /// How long a request may take.
    pub timeout: Duration,
    /// How the service is spoken to.
    pub http: HttpTemplates,
}

impl LoadDefinition {
    /// Reads a definition; `file` is its name for messages.
    ///
    /// # Errors
    /// Every mistake at once; of a text that is no TOML, the first.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Mistakes> {
        let stop = |text: &str, at, message: String| {
            let list = vec![Mistake { at, message, help: None }];
            Err(Mistakes { name: file.into(), text: text.into(), list })
        };
        if bytes.len() > LONGEST {
            return stop("", None, format!("{} bytes are more than a definition has ({LONGEST})", bytes.len()));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => return stop("", None, format!("not UTF-8 from byte {} on", error.valid_up_to())),
        };
        let document = match DeTable::parse(text) {
            Ok(document) => document,
            Err(error) => {
                return stop(text, error.span().map(|span| span.start), format!("not TOML: {}", error.message()));
            }
        };
        let notes = Notes::default();
        let definition = Self::from_root(Section::root(document.get_ref(), &notes));
        let mut list = notes.into_inner();
        if list.is_empty() {
            return Ok(definition);
        }
        list.sort_by_key(|mistake| mistake.at.unwrap_or(usize::MAX));
        Err(Mistakes { name: file.into(), text: text.into(), list })
    }

    fn from_root(mut root: Section<'_>) -> Self {
        let mut definition = Self {
            name: root.take("name", name).unwrap_or_else(|| "load".into()),
            description: root.take("description", text).unwrap_or_default(),
            assertions: root.take("assert", list(assertion)).unwrap_or_default(),
            ..Self::default()
        };
        workload::read(root.section("workload"), &mut definition);
        definition.read_sweep(root.section("sweep"));
        definition.read_run(root.section("run"));
        definition.http = http::read(root.section("http"));
        for others in ["servers", "strategy", "cache", "store"] {
            root.section(others);
        }
        root.finish();
        definition
    }

    fn read_sweep(&mut self, mut section: Section<'_>) {
        self.seed = section.take("seed", number(0..=i64::MAX as u64)).unwrap_or(self.seed);
        self.blocks = section.take("blocks", number(1..=1000)).unwrap_or(self.blocks);
        let margin = section.take("equivalence-margin", number(0.001..=1.0));
        self.equivalence_margin = margin.unwrap_or(self.equivalence_margin);
        section.take("rate", no_rate);
        section.pass_over(&SWEEP_ALONE);
        section.finish();
    }

    fn read_run(&mut self, mut section: Section<'_>) {
        self.users = section.take("clients", number(1..=10_000)).unwrap_or(self.users);
        self.threads = section.take("driver-threads", number(1..=64)).unwrap_or(self.threads);
        self.hatch = section.take("hatch-per-s", number(0.001..=100_000.0)).or(self.hatch);
        self.preload = section.take("preload", flag).unwrap_or(self.preload);
        let mut millis =
            |field, range, default: Duration| section.take(field, number(range)).map_or(default, Duration::from_millis);
        self.warm_up = millis("warm-up-ms", 0..=DAY_MS, self.warm_up);
        self.duration = millis("duration-ms", 10..=DAY_MS, self.duration);
        self.timeout = millis("operation-timeout-ms", 1..=DAY_MS, self.timeout);
        let step = Duration::from_millis(if self.duration < Duration::from_secs(10) { 100 } else { 1000 });
        self.interval = millis("interval-ms", 10..=60_000, step).min(self.duration);
        section.pass_over(&SWEEP_RUN_ALONE);
        section.finish();
    }

    /// Adds what the run has to keep to, once: `cache-aside.service.p99 < 2ms`.
    ///
    /// # Errors
    /// What is wrong with the text, and what to write.
    pub fn assert(&mut self, text: &str) -> Result<&Assertion, String> {
        let assertion = text.parse().map_err(|error: AssertionError| error.to_string()).and_then(judgeable)?;
        let known = self.assertions.iter().position(|other| *other == assertion);
        let at = known.unwrap_or_else(|| {
            self.assertions.push(assertion);
            self.assertions.len() - 1
        });
        Ok(&self.assertions[at])
    }

    /// The workload at one share of reads.
    ///
    /// # Errors
    /// [`LoadError::Workload`] if a field that was set by hand is out of range.
    pub fn spec(&self, read_ratio: f64) -> Result<WorkloadSpec, LoadError> {
        let mix = Mix { read_ratio, delete_ratio: self.delete_ratio };
        let size = ValueSize::Fixed { bytes: self.value_bytes };
        Ok(WorkloadSpec::new(self.keys, self.distribution, mix, size)?)
    }
}

impl Default for LoadDefinition {
    fn default() -> Self {
        Self {
            name: "load".into(),
            description: String::new(),
            assertions: Vec::new(),
            keys: 10_000,
            distribution: KeyDistribution::Zipf { exponent: 0.99 },
            read_ratios: vec![0.5, 0.9, 0.99],
            delete_ratio: 0.0,
            value_bytes: 256,
            seed: 1,
            blocks: 1,
            equivalence_margin: 0.05,
            users: 8,
            threads: 2,
            hatch: None,
            preload: false,
            warm_up: Duration::from_secs(2),
            duration: Duration::from_secs(10),
            interval: Duration::from_secs(1),
            timeout: Duration::from_secs(1),
            http: HttpTemplates::default(),
        }
    }
}

fn assertion(value: &DeValue<'_>) -> Result<Assertion, String> {
    let assertion = text(value)?.parse().map_err(|error: AssertionError| format!("cannot be read: {error}"))?;
    judgeable(assertion).map_err(|what| format!("cannot be judged: {what}"))
}

/// An assertion that a load has the figure for.
fn judgeable(assertion: Assertion) -> Result<Assertion, String> {
    let figure = assertion.figure;
    if !figure.needs.open_loop() {
        return Ok(assertion);
    }
    let instead = figure.in_a_closed_loop().map(|figure| format!("; assert {}", figure.name)).unwrap_or_default();
    Err(format!("{} is a figure of an open loop alone, and users over HTTP are a closed one{instead}", figure.name))
}

/// An offered load that was asked for must not become a closed loop in silence.
fn no_rate(_: &DeValue<'_>) -> Result<(), String> {
    Err("is an offered load, and a load over HTTP is a closed loop of users: leave it out".into())
}

fn name(value: &DeValue<'_>) -> Result<String, String> {
    let name = text(value)?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let good = (1..=60).contains(&name.len()) && name.chars().all(fits);
    if good { Ok(name) } else { Err("takes 1 to 60 lower-case letters, digits and hyphens: it names a folder".into()) }
}
