//! `policies OPERATION HOW COUNT` repeats a `hit`, a `miss` or a `write` with `plain`, `none` or `all` around it
//! ([`cachemark_benches::policies`]) and prints nanoseconds for each; run under an instruction counter with two counts, the
//! difference gives instructions.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output this is")]

use cachemark_benches::policies::{How, Operation, repeat};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let asked = match arguments.as_slice() {
        [operation, how, count] => Operation::called(operation).zip(How::called(how)).zip(count.parse::<u64>().ok()),
        _ => None,
    };
    let Some(((operation, how), count @ 1..)) = asked else {
        eprintln!("usage: policies hit|miss|write plain|none|all COUNT");
        std::process::exit(2);
    };
    println!("{:.1}", repeat(operation, how, count).as_nanos() as f64 / count as f64);
}
