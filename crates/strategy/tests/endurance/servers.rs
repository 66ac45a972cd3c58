//! The servers' own word on who is connected, asked without anything of ours.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::process::Command;

/// Password, and host with port, of `scheme://user:password@host:port/`.
fn parts(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").unwrap().1.trim_end_matches('/');
    let (login, place) = rest.split_once('@').unwrap();
    (login.split_once(':').unwrap().1, place)
}

/// Sends a question, and gives the lines of the answer up to the one that ends it.
fn ask(place: &str, question: &str, is_last: impl Fn(&str) -> bool) -> Vec<String> {
    let mut stream = TcpStream::connect(place).unwrap();
    stream.write_all(question.as_bytes()).unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(stream).lines() {
        lines.push(line.unwrap().trim_end().to_owned());
        if is_last(&lines[lines.len() - 1]) {
            break;
        }
    }
    lines
}

/// The lines of `CLIENT LIST`, but its own.
pub(crate) fn redis_clients(url: &str) -> usize {
    let (password, place) = parts(url);
    let question = format!("AUTH {password}\r\nCLIENT LIST\r\nPING\r\n");
    let lines = ask(place, &question, |line| line == "+PONG");
    lines.iter().filter(|line| line.starts_with("id=")).count() - 1
}

/// `curr_connections`, but its own.
pub(crate) fn memcached_connections(url: &str) -> usize {
    let (password, place) = parts(url);
    let login = format!("cachemark {password}");
    let question = format!("set login 0 0 {}\r\n{login}\r\nstats\r\n", login.len());
    let lines = ask(place, &question, |line| line == "END");
    let count = lines.iter().find_map(|line| line.strip_prefix("STAT curr_connections "));
    count.unwrap().parse::<usize>().unwrap() - 1
}

/// The clients of `pg_stat_activity`, but psql.
pub(crate) fn postgres_sessions(url: &str) -> usize {
    let question =
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let answer = Command::new("psql").args([url, "-Atqc", question]).output().unwrap();
    assert!(answer.status.success(), "{}", String::from_utf8_lossy(&answer.stderr));
    String::from_utf8(answer.stdout).unwrap().trim().parse().unwrap()
}
