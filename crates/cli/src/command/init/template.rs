//! The definition that is written.

use crate::args::Over;
use std::fmt::Write;

pub(super) const READ_RATIO: f64 = 0.9;
pub(super) const CLIENTS: u64 = 8;
/// The schema's file beside the definition.
pub(super) const SCHEMA_FILE: &str = "cachemark.schema.json";

/// What it is made for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Answers {
    pub(super) over: Over,
    pub(super) read_ratio: f64,
    pub(super) load: Load,
}

/// How load comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Load {
    /// Closed loop.
    Clients(u64),
    /// Open loop, arrivals per second.
    Rate(f64),
}

/// A setting, what it is, and whether it is only shown.
struct Line {
    key: &'static str,
    value: String,
    what: &'static str,
    shown: bool,
}

fn set(key: &'static str, value: impl ToString, what: &'static str) -> Line {
    Line { key, value: value.to_string(), what, shown: false }
}

/// One that says what is the case without it.
fn shown(key: &'static str, value: impl ToString, what: &'static str) -> Line {
    Line { shown: true, ..set(key, value, what) }
}

/// The definition as TOML.
pub(super) fn definition(answers: &Answers) -> String {
    // Editors look for it in the first line alone.
    let mut text = format!("#:schema ./{SCHEMA_FILE}\n");
    text.push_str(
        "# A definition for cachemark. Lines that begin with # show what is the case without them.\n\
         # All of what there is to set: cachemark workload show default, cachemark strategies NAME.\n\n",
    );
    let name = set("name", "\"mine\"", "names the record's folder");
    let question = "\"Which caching strategy suits us?\"";
    section(&mut text, "", &[name, set("description", question, "what the run is for")]);
    section(&mut text, "workload", &workload(answers));
    section(&mut text, "sweep", &sweep(answers));
    section(&mut text, "run", &run(answers));
    match answers.over {
        Over::Embedded => section(
            &mut text,
            "cache.in-process",
            &[
                set("capacity", 2_000, "entries that have room; 0 is room for all"),
                set("policy", "\"lru\"", "what goes when it is full; or \"tiny-lfu\""),
            ],
        ),
        Over::Redis | Over::Memcached => section(
            &mut text,
            "servers",
            &[set(
                "cache-memory-mib",
                64,
                "room in the cache server; with --stack native, which starts servers of its own",
            )],
        ),
    }
    section(
        &mut text,
        "strategy.cache-aside",
        &[
            set("on-write", "\"invalidate\"", "what a write does to the entry; or \"update\", \"none\""),
            shown("ttl-ms", 0, "how long an entry lives; 0 leaves it until it is evicted or removed"),
        ],
    );
    text.truncate(text.trim_end().len());
    text + "\n"
}

fn workload(answers: &Answers) -> Vec<Line> {
    vec![
        set("keys", "10_000", "how many there are"),
        set("distribution", "\"zipf\"", "how they are asked for: some far more than others; or \"uniform\""),
        set("exponent", 0.99, "how much more: of Zipf's law, 0 to 10"),
        set("read-ratio", format!("[{}]", number(answers.read_ratio)), "the share of reads; a list is swept over"),
        shown("delete-ratio", "0.0", "the share of deletes among the rest"),
        set("value-bytes", 256, "the length of a value, its stamp of 40 bytes included"),
    ]
}

fn sweep(answers: &Answers) -> Vec<Line> {
    let (cache, store) = match answers.over {
        Over::Embedded => ("in-process", "sqlite"),
        Over::Redis => ("redis", "postgres"),
        Over::Memcached => ("memcached", "postgres"),
    };
    let strategies = "[\"no-cache\", \"cache-aside\", \"read-through\", \"write-through\"]";
    let mut lines = vec![
        set("strategies", strategies, "what is compared: cachemark strategies"),
        set("caches", format!("[\"{cache}\"]"), "a list is swept over"),
        set("stores", format!("[\"{store}\"]"), "the same"),
        shown("read-cost-us", "[0, 1000]", "added to each read at the store: a store that is far away"),
        shown("store-workers", 3, "emulates a store that does so many reads at once, in this process"),
        shown("instances", "[1]", "processes of the application, each with a strategy of its own"),
    ];
    if let Load::Rate(rate) = answers.load {
        lines.push(set("rate", format!("[{}]", number(rate)), "arrivals per second; a list is swept over"));
    }
    lines.extend([
        set("reference", "\"no-cache\"", "what the others are compared with"),
        set("blocks", 8, "how often every cell is run: cachemark sweep --dry-run says how long it takes"),
        set("seed", 1, "everything random comes from it"),
        shown("verdict-on", "[\"throughput\"]", "the figures that verdicts are on: cachemark explain"),
    ]);
    lines
}

fn run(answers: &Answers) -> Vec<Line> {
    let mut lines = match answers.load {
        Load::Clients(clients) => vec![set("clients", clients, "each waits for its answer before it asks again")],
        Load::Rate(_) => vec![
            set("arrivals", "\"poisson\"", "how they are spread; or \"constant\""),
            set("max-in-flight", 1_000, "the most operations at a time; further arrivals wait"),
        ],
    };
    lines.extend([
        set("duration-ms", 1_000, "what is measured of each trial"),
        shown("operation-timeout-ms", 1_000, "how long an operation may take"),
        shown("hop-times", false, "time what an operation spends on lanes, cache and store"),
    ]);
    lines
}

/// A number that TOML takes for one with a fraction.
fn number(value: f64) -> String {
    format!("{value:?}")
}

/// Its lines, with what each is in one column.
fn section(text: &mut String, name: &str, lines: &[Line]) {
    if !name.is_empty() {
        let _ = writeln!(text, "[{name}]");
    }
    let setting = |line: &Line| format!("{}{} = {}", if line.shown { "# " } else { "" }, line.key, line.value);
    let width = lines.iter().map(|line| setting(line).len()).filter(|width| *width < 48).max().unwrap_or(0);
    for line in lines {
        let _ = writeln!(text, "{:<width$}  # {}", setting(line), line.what);
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::of_any_stack;
    use cachemark_bench::definition::{Definition, Draft};

    const EACH: [Over; 3] = [Over::Embedded, Over::Redis, Over::Memcached];

    fn read(text: &str) -> Definition {
        let draft = Draft::read("mine.toml", text.as_bytes()).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes}"));
        Definition::resolve(draft, &of_any_stack()).unwrap_or_else(|mistakes| panic!("{text}\n{mistakes}"))
    }

    fn answers(over: Over, load: Load) -> Answers {
        Answers { over, read_ratio: 0.75, load }
    }

    #[test]
    fn what_was_answered_is_what_is_defined() {
        for over in EACH.into_iter().filter(|over| *over == Over::Embedded || cfg!(feature = "servers")) {
            let closed = read(&definition(&answers(over, Load::Clients(5))));
            assert_eq!((closed.driving.clients, closed.read_ratios.as_slice()), (5, &[0.75][..]));
            let open = read(&definition(&answers(over, Load::Rate(1_234.0))));
            assert_eq!(open.rates, [1_234.0]);
        }
    }

    #[test]
    fn a_line_that_is_only_shown_can_be_set() {
        for load in [Load::Clients(5), Load::Rate(500.0)] {
            let text = definition(&answers(Over::Embedded, load));
            let set: String =
                text.lines().skip(3).map(|line| line.strip_prefix("# ").unwrap_or(line).to_owned() + "\n").collect();
            assert!(set.matches("read-cost-us").count() == 1 && read(&set).read_costs.len() == 2, "{set}");
        }
    }

    #[test]
    fn what_is_said_of_a_line_stands_beside_it_in_eighty_columns_where_it_can() {
        let text = definition(&answers(Over::Redis, Load::Rate(500.0)));
        let wide: Vec<&str> = text.lines().filter(|line| line.chars().count() > 120).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }
}
