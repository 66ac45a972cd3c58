//! For a look by eye: writes made-up records and their pages to a folder.
//!
//! `cargo run --example look -- FOLDER`

#[path = "../tests/sample/mod.rs"]
mod sample;
#[expect(dead_code, reason = "an example looks at some of what the tests make")]
#[path = "../tests/answer/support.rs"]
mod support;

use cachemark_report::write_report;
use cachemark_results::warning;
use cachemark_results::{Status, Warning};
use sample::Sample;
use support::{all_alike, small as one_point, write_through_wins};

const RATES: [f64; 8] = [500.0, 2000.0, 20_000.0, 50_000.0, 100_000.0, 150_000.0, 200_000.0, 300_000.0];

fn main() {
    let out = std::path::PathBuf::from(std::env::args_os().nth(1).expect("a folder to write to"));
    let small = Sample::default();
    let big = Sample { name: "stacks", caches: &["moka", "redis"], costs_us: &[0, 1000], ..Sample::default() };
    let torn = Sample {
        name: "torn",
        status: Status::Interrupted,
        blocks: 3,
        reads: 400,
        unsupported: |cell| {
            (cell.strategy == "write-through").then(|| "needs versioned sets, which the cache lacks".into())
        },
        finished: |cell, block| block == 0 && cell.read_ratio < 0.95,
        ..Sample::default()
    };
    let nothing = Sample { name: "nothing", status: Status::Failed, finished: |_, _| false, ..Sample::default() };
    let open = Sample { name: "open", read_ratios: &[0.5, 0.9], rates: &RATES[2..], ..Sample::default() };
    let one_rate = Sample { name: "one-rate", rates: &[50_000.0], ..Sample::default() };
    let many = Sample { name: "many-rates", caches: &["moka", "redis"], rates: &RATES, ..Sample::default() };
    let hops = Sample { name: "hops", hops: true, ..Sample::default() };
    let many_hops = Sample {
        name: "many-hops",
        caches: &["moka", "redis"],
        costs_us: &[0, 1000],
        read_ratios: &[0.5, 0.8, 0.9, 0.95, 0.99],
        hops: true,
        ..Sample::default()
    };
    let open_hops =
        Sample { name: "open-hops", read_ratios: &[0.5, 0.9], rates: &RATES[4..], hops: true, ..Sample::default() };
    let spoilt = Sample {
        name: "spoilt",
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.warnings.push(Warning::new(
                    warning::FAILURES,
                    "52 of 100 operations failed; errors by kind are in the record",
                ));
            }
            if trial.number % 7 == 0 {
                trial.warnings.push(Warning::new(
                    warning::NOT_STEADY,
                    "measured before the run was steady: the throughput still rose",
                ));
            }
            let text = "other programs used 40 % of the machine's processors in the window";
            trial.warnings.push(Warning::new(warning::NEIGHBOURS, text));
        },
        ..Sample::default()
    };
    // What the first screen says of a clear winner, of a tie, and where nothing is valid.
    let winner = Sample { name: "winner", tweak: write_through_wins, read_ratios: &[0.9, 0.99], ..one_point() };
    let tie = Sample { name: "tie", tweak: all_alike, ..one_point() };
    let invalid = Sample {
        name: "invalid",
        tweak: |_, trial| trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was late")),
        ..one_point()
    };
    const BROKEN: [&str; 6] =
        ["cache-aside", "no-cache", "read-through", "write-through", "write-behind", "write-around"];
    let broken = |name, faults| Sample { name, faults, strategies: &BROKEN, blocks: 8, ..one_point() };
    let (slow, restart, both) =
        (broken("slow", &["slow"]), broken("restart", &["restart"]), broken("slow-and-flush", &["slow", "flush"]));
    let late = Sample { name: "late", late_s: 0.5, rates: &[9_000.0], ..broken("late", &["freeze"]) };
    let three = Sample {
        strategies: &["write-behind", "cache-aside", "no-cache"],
        blocks: 7,
        reads: 1_500,
        ..broken("three", &["slow"])
    };
    let never = Sample { strategies: &["write-behind", "write-through"], ..broken("never", &["restart"]) };
    for sample in [slow, restart, both, late, three, never] {
        write_report(&sample.write(&out.join(sample.name))).unwrap();
    }
    for sample in
        [winner, tie, invalid, spoilt, hops, many_hops, open_hops, small, big, torn, nothing, open, one_rate, many]
    {
        write_report(&sample.write(&out.join(sample.name))).unwrap();
    }
}
