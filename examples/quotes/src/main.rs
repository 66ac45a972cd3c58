//! Quotes by number: kept in SQLite, served from Redis by cache-aside.

#[cfg(test)]
mod audited;
mod collection;
mod mistake;
mod quotes;

use cachemark_core::Source;
use clap::{Parser, Subcommand};
use mistake::{Mistake, Mistakes};
use quotes::{Failure, Found, Quotes};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Quotes by number: kept in SQLite, served from Redis by cache-aside.
#[derive(Debug, Parser)]
#[command(name = "quotes")]
struct Args {
    /// A folder of its own for the database.
    #[arg(long, value_name = "DIR", default_value = "quotes-data", env = "QUOTES_DIR", global = true)]
    dir: PathBuf,
    /// Where Redis is.
    #[arg(long, value_name = "URL", default_value = "redis://127.0.0.1:6379/", env = "REDIS_URL", global = true)]
    #[arg(hide_env_values = true)]
    redis_url: String,
    /// A mistake that such applications are often written with; may be given again.
    #[arg(long = "mistake", value_name = "MISTAKE", global = true)]
    mistakes: Vec<Mistake>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Put the ten quotes into the store, as they were in the beginning.
    Init,
    /// Show a quote, and say where it came from.
    Get {
        /// The quote's number.
        id: u32,
    },
    /// Put the ten quotes into Redis before anybody asks for them.
    Prewarm,
    /// Put a quote of a new number into the store.
    Add {
        /// The quote's number.
        id: u32,
        /// Its text.
        text: String,
    },
    /// Give a quote a new text.
    Update {
        /// The quote's number.
        id: u32,
        /// The new text.
        text: String,
    },
}

/// As of a search that found nothing, or something where there should be nothing.
const ABSENT: u8 = 1;
/// As of a command line that won't do.
const USAGE: u8 = 2;
/// As of a server or a disk that failed.
const BACKEND: u8 = 4;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Talk that nobody can hear is no error.
            let _ = writeln!(std::io::stderr().lock(), "{failure}");
            ExitCode::from(match failure {
                Failure::NoSuchQuote(_) | Failure::AlreadyThere(_) => ABSENT,
                Failure::NoText | Failure::RedisUrl(_) => USAGE,
                _ => BACKEND,
            })
        }
    }
}

async fn run(args: Args) -> Result<(), Failure> {
    if !matches!(args.command, Command::Init) && !args.dir.is_dir() {
        return Err(Failure::NoFolder(args.dir));
    }
    let quotes = Quotes::open(&args.dir, &args.redis_url, Mistakes(args.mistakes)).await?;
    match args.command {
        Command::Init => {
            let count = quotes.init(&collection::QUOTES).await?;
            say(&format!("{count} quotes are in {}", args.dir.display()));
        }
        Command::Get { id } => {
            let Found { text, source } = quotes.get(id).await?;
            say(&format!("{}: {text}", place(source)));
        }
        Command::Prewarm => {
            let count = quotes.prewarm(collection::QUOTES.len() as u32).await?;
            say(&format!("{count} quotes are in Redis"));
        }
        Command::Add { id, text } => {
            quotes.add(id, &text).await?;
            say(&format!("there is a quote {id} now"));
        }
        Command::Update { id, text } => {
            quotes.update(id, &text).await?;
            say(&format!("quote {id} has its new text"));
        }
    }
    Ok(())
}

fn place(source: Source) -> &'static str {
    match source {
        Source::Hit | Source::StaleServed => "FROM CACHE",
        Source::MissLed | Source::MissJoined | Source::MissQueued | Source::CacheFailed | Source::Bypass => {
            "FROM STORE"
        }
    }
}

#[expect(clippy::print_stdout, reason = "what the user asked for")]
fn say(line: &str) {
    println!("{line}");
}
