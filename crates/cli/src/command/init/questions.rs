//! The three questions on a terminal.

use super::template::{Answers, CLIENTS, Load, READ_RATIO};
use crate::args::{InitArgs, Over};
use crate::exit::Failure;
use std::io::{self, BufRead, Write};

/// An answer that is none is asked for again so often.
const TRIES: usize = 3;

/// Asks for what was not given by flags. An empty line takes what stands in brackets.
pub(super) fn ask(args: &InitArgs, from: impl BufRead, to: impl Write) -> Result<Answers, Failure> {
    let mut talk = Talk { from, to };
    let over = match args.over {
        Some(over) => over,
        None => talk.ask(
            "What do you compare strategies over: 1 a cache in the process and SQLite, 2 Redis and Postgres, 3 Memcached and Postgres? [1]",
            over,
        )?,
    };
    let read_ratio = match args.read_ratio {
        Some(ratio) => ratio,
        None => talk.ask(&format!("Which share of the operations are reads, from 0 to 1? [{READ_RATIO}]"), share)?,
    };
    let load = match (args.rate, args.clients) {
        (Some(rate), _) => Load::Rate(rate),
        (None, Some(clients)) => Load::Clients(clients),
        (None, None) => talk.ask(
            &format!(
                "How does load come: a number of clients that wait for their answers, as 8, or arrivals that wait for nobody, as 500/s? [{CLIENTS}]"
            ),
            load,
        )?,
    };
    Ok(Answers { over, read_ratio, load })
}

struct Talk<R, W> {
    from: R,
    to: W,
}

impl<R: BufRead, W: Write> Talk<R, W> {
    fn ask<T>(&mut self, question: &str, read: fn(&str) -> Result<T, &'static str>) -> Result<T, Failure> {
        let lost = |error: io::Error| Failure::Usage(format!("cannot ask: {error}; give the answers as flags"));
        for _ in 0..TRIES {
            write!(self.to, "{question} ").and_then(|()| self.to.flush()).map_err(lost)?;
            let mut line = String::new();
            if self.from.read_line(&mut line).map_err(lost)? == 0 {
                return Err(Failure::Usage("no answer came; give the answers as flags".into()));
            }
            match read(line.trim()) {
                Ok(answer) => return Ok(answer),
                Err(what) => writeln!(self.to, "`{}` is none: {what}", line.trim()).map_err(lost)?,
            }
        }
        Err(Failure::Usage(format!("no answer after {TRIES} tries; give the answers as flags")))
    }
}

fn over(answer: &str) -> Result<Over, &'static str> {
    match answer {
        "" | "1" => Ok(Over::Embedded),
        "2" => Ok(Over::Redis),
        "3" => Ok(Over::Memcached),
        _ => Err("answer 1, 2 or 3"),
    }
}

fn share(answer: &str) -> Result<f64, &'static str> {
    let share = if answer.is_empty() { Some(READ_RATIO) } else { answer.parse().ok() };
    share.filter(|share| (0.0..=1.0).contains(share)).ok_or("answer a number from 0 to 1, as 0.9")
}

fn load(answer: &str) -> Result<Load, &'static str> {
    const WHAT: &str = "answer a number of clients, as 8, or of arrivals per second, as 500/s";
    if answer.is_empty() {
        return Ok(Load::Clients(CLIENTS));
    }
    match answer.strip_suffix("/s") {
        Some(rate) => {
            rate.trim().parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0).map(Load::Rate).ok_or(WHAT)
        }
        None => answer.parse().ok().filter(|clients| *clients > 0).map(Load::Clients).ok_or(WHAT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> InitArgs {
        InitArgs { file: "x.toml".into(), over: None, read_ratio: None, rate: None, clients: None, yes: false }
    }

    /// What is answered to the lines, and what was asked.
    fn asked(args: &InitArgs, lines: &str) -> (Result<Answers, Failure>, String) {
        let mut to = Vec::new();
        let answers = ask(args, lines.as_bytes(), &mut to);
        (answers, String::from_utf8(to).unwrap())
    }

    #[test]
    fn an_empty_line_takes_what_stands_in_brackets() {
        let (answers, told) = asked(&args(), "\n\n\n");
        assert_eq!(answers.unwrap(), Answers { over: Over::Embedded, read_ratio: 0.9, load: Load::Clients(8) });
        assert_eq!(told.matches('?').count(), 3);
    }

    #[test]
    fn what_is_no_answer_is_asked_again_and_what_was_given_is_not_asked() {
        let (answers, told) = asked(&args(), "redis\n2\n90\n0.5\nfast\n500/s\n");
        assert_eq!(answers.unwrap(), Answers { over: Over::Redis, read_ratio: 0.5, load: Load::Rate(500.0) });
        assert_eq!(told.matches("is none").count(), 3, "{told}");
        let given = InitArgs { read_ratio: Some(0.8), clients: Some(4), ..args() };
        let (answers, told) = asked(&given, "3\n");
        assert_eq!(answers.unwrap(), Answers { over: Over::Memcached, read_ratio: 0.8, load: Load::Clients(4) });
        assert_eq!(told.matches('?').count(), 1);
    }

    #[test]
    fn who_never_answers_is_asked_three_times() {
        for lines in ["a\nb\nc\nd\n", ""] {
            let (answers, _) = asked(&args(), lines);
            assert!(answers.unwrap_err().to_string().contains("as flags"));
        }
    }
}
