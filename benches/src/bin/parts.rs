//! `parts STAGE COUNT` repeats one stage and prints its nanoseconds for each repetition; run under an instruction counter
//! with two counts, the difference gives its instructions. `parts list` prints the stages as JSON: name, what, and two such counts.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output this is")]

use cachemark_benches::stage::{STAGES, called};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["list"] => list(),
        [name, count] => match (called(name), count.parse::<u64>()) {
            (Some(stage), Ok(count)) if count > 0 => {
                println!("{:.1}", (stage.run)(count).as_nanos() as f64 / count as f64);
            }
            _ => return usage(),
        },
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn list() {
    let stages: Vec<_> = STAGES
        .iter()
        .map(|stage| serde_json::json!({ "name": stage.name, "what": stage.what, "counts": stage.counts }))
        .collect();
    println!("{}", serde_json::Value::from(stages));
}

fn usage() -> ExitCode {
    let names: Vec<_> = STAGES.iter().map(|stage| stage.name).collect();
    eprintln!("usage: parts list | parts STAGE COUNT, with COUNT above 0, and STAGE one of {}", names.join(", "));
    ExitCode::from(2)
}
