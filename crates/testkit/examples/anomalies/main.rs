//! Holds two strategies that are not ours to the anomaly suite, and prints what it found: a cache-aside over plain redis-rs (on
//! the Redis that `REDIS_URL` names) and moka's `try_get_with`.
//!
//! ```text
//! REDIS_URL=redis://127.0.0.1:6379 cargo run -p cachemark-testkit --example anomalies
//! ```

mod redis_rs;
mod try_get_with;

use cachemark_core::{ANOMALIES, Cache, Store, Strategy};
use cachemark_testkit::anomaly::{Absence, Suite, Verdict};
use cachemark_testkit::scripted::{GatedCache, GatedStore, ScriptedStore};
use std::error::Error;
use std::io::{Write, stdout};
use std::sync::Arc;
use std::time::Duration;

/// Columns of the page, and those before what was found.
const WIDTH: usize = 79;
const INDENT: usize = 38;

/// Nothing here works or sleeps by itself for longer.
const PATIENCE: Duration = Duration::from_millis(200);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let moka = Suite::new(|_cache, store| try_get_with::TryGetWith::new(store));
    show("moka's try_get_with, a cache in each process", &moka.patience(PATIENCE)).await?;
    match std::env::var("REDIS_URL") {
        Ok(url) => {
            let redis = Arc::new(redis_rs::PlainRedis::connect(&url).await?);
            let suite = Suite::over(redis, Arc::new(ScriptedStore::new()), redis_rs::CacheAside::new);
            show("cache-aside over plain redis-rs, one Redis for all processes", &suite.patience(PATIENCE)).await?;
        }
        Err(_) => writeln!(stdout(), "cache-aside over plain redis-rs: REDIS_URL names no Redis to hold it on")?,
    }
    Ok(())
}

/// Prints what the suite finds with one process and with two.
async fn show<C, S, M, T>(title: &str, suite: &Suite<C, S, M>) -> std::io::Result<()>
where
    C: Cache,
    S: Store,
    M: Fn(Arc<GatedCache<C>>, Arc<GatedStore<S>>) -> T,
    T: Strategy,
{
    let mut page = stdout().lock();
    writeln!(page, "{title}\n\n{:22}{:8}{:8}what was found", "anomaly", "one", "two")?;
    for anomaly in ANOMALIES {
        let verdicts = [suite.provoke(anomaly, 1).await, suite.provoke(anomaly, 2).await];
        let words = verdicts.each_ref().map(|verdict| match verdict {
            Verdict::Seen(_) => "seen",
            Verdict::Absent(Absence::Masked(_)) => "masked",
            Verdict::Absent(_) => "-",
        });
        let telling = verdicts.iter().find(|verdict| verdict.is_seen()).unwrap_or(&verdicts[0]);
        let found = match telling {
            Verdict::Seen(evidence) => evidence.to_string(),
            Verdict::Absent(absence) => absence.to_string(),
        };
        let head = format!("{:22}{:8}{:8}", anomaly.name, words[0], words[1]);
        writeln!(page, "{head}{}", wrapped(&found))?;
    }
    writeln!(page, "\nmasked: wrong without a race as well, so that the race is not the cause.\n")
}

/// Breaks a text at words, so that it fits beside the columns before it.
fn wrapped(text: &str) -> String {
    let (mut page, mut column) = (String::new(), INDENT);
    for word in text.split(' ') {
        if column > INDENT && column + 1 + word.len() > WIDTH {
            page += &format!("\n{:INDENT$}", "");
            column = INDENT;
        } else if column > INDENT {
            page.push(' ');
            column += 1;
        }
        page += word;
        column += word.len();
    }
    page
}
