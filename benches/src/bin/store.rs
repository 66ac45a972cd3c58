//! What a read by key of Postgres costs in the client's process, over each of its clients.
//!
//! `store URL sqlx|tokio-postgres|direct READS [CONNECTIONS]` writes a value of 100 bytes and reads it READS times, over one connection or as many
//! at once, each with one read in flight, all on one thread. It prints wall and processor nanoseconds for each read. Run under an
//! instruction counter with two numbers of reads, the difference gives the instructions of one:
//! `valgrind --tool=callgrind target/release/store URL sqlx 12000`, and the same with 2000. It makes the schema `cachemark_bench` and drops it.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output this is")]

use cachemark_backend::AnyStore;
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_core::{Key, OpContext, Store, Value};
use rustix::time::{ClockId, clock_gettime};
use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

const USAGE: &str = "usage: store URL sqlx|tokio-postgres|direct READS [CONNECTIONS]";

struct Options {
    store: PostgresOptions,
    reads: u64,
    connections: u64,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            // The URL may hold a password, which the error does not repeat.
            eprintln!("store: {error}");
            return ExitCode::from(2);
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    match runtime.block_on(LocalSet::new().run_until(measure(options))) {
        Ok((wall, processor)) => {
            println!("{wall:.0} ns a read, {processor:.0} ns of them on a processor");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("store: {error}");
            ExitCode::FAILURE
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, Box<dyn Error>> {
    let endpoint = PostgresEndpoint::parse(&arguments.next().ok_or(USAGE)?)?;
    let client = match arguments.next().as_deref() {
        Some("sqlx") => PostgresClient::Sqlx,
        Some("tokio-postgres") => PostgresClient::TokioPostgres,
        Some("direct") => PostgresClient::Direct,
        _ => return Err(USAGE.into()),
    };
    let reads = arguments.next().and_then(|text| text.parse().ok()).ok_or(USAGE)?;
    let connections = arguments.next().map_or(Ok(1), |text| text.parse())?;
    if !(1..=256).contains(&connections) {
        return Err(USAGE.into());
    }
    let schema = Schema::new("cachemark_bench")?;
    let store = PostgresOptions { client, schema, lanes: connections as usize, ..PostgresOptions::new(endpoint) };
    Ok(Options { store, reads, connections })
}

/// Wall and processor time of a read, in nanoseconds.
async fn measure(options: Options) -> Result<(f64, f64), Box<dyn Error>> {
    let postgres = Postgres::connect(options.store.clone()).await?;
    let (store, key) = (Rc::new(AnyStore::from(postgres)), Key::new("cm:0")?);
    store.write(&OpContext::new(0), &key, Value::new(vec![b'x'; 100])).await?;
    let (began, busy_before) = (Instant::now(), busy());
    let sessions = (0..options.connections).map(|session| {
        let (store, key) = (Rc::clone(&store), key.clone());
        tokio::task::spawn_local(read(store, key, session as u32, options.reads / options.connections))
    });
    for session in sessions.collect::<Vec<_>>() {
        session.await?.map_err(|error| error.to_string())?;
    }
    let (wall, processor) = (began.elapsed(), busy().saturating_sub(busy_before));
    let reads = options.reads.max(1) as f64;
    drop(store);
    Postgres::connect(options.store).await?.drop_schema().await?;
    Ok((wall.as_nanos() as f64 / reads, processor.as_nanos() as f64 / reads))
}

async fn read(store: Rc<AnyStore>, key: Key, session: u32, count: u64) -> Result<(), cachemark_core::StoreError> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(3_600);
    let ctx = OpContext::new(session).on_driver(0).until(deadline);
    for _ in 0..count {
        black_box(store.read(black_box(&ctx), black_box(&key)).await?);
    }
    Ok(())
}

/// The process's time on a processor.
fn busy() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}
