//! What SQLite tells of itself, and the reset.

use super::Sqlite;
use super::failure::{Kind, explain};
use super::statement;
use crate::budget::Budget;
use cachemark_core::{Counters, Key, PreloadRows, Probe, ProbeFuture, Row, Seeing, StoreError, StoreProbe};
use futures::TryFutureExt;
use futures::future::ready;
use sqlx::{AssertSqlSafe, Row as _};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Questions wait this long at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// Keys of one question of a look: their values are in memory at once.
const LOOKED_AT: usize = 1_000;

const PRAGMAS: [&str; 6] =
    ["journal_mode", "synchronous", "page_size", "mmap_size", "cache_size", "wal_autocheckpoint"];

impl Sqlite {
    /// Asks for one figure over the probe's own lane, so that no operation waits for it.
    async fn ask(&self, question: String) -> Result<String, StoreError> {
        let budget = Budget::lasting(PATIENCE);
        let mut lane = self.probing.lane(0, &budget).await?;
        // Pragmas have no placeholders; every question is a constant of this file.
        let asked = sqlx::query(AssertSqlSafe(question)).fetch_one(lane.start());
        // Unchecked: SQLite gives any figure as text when it is asked for text.
        let asked = asked.and_then(|row| ready(row.try_get_unchecked(0))).map_err(|error| explain(&error, Kind::Read));
        let answer = budget.bound(asked).await;
        lane.settle(answer)
    }
}

impl Probe<StoreError> for Sqlite {
    fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
        Box::pin(async {
            let began = Instant::now();
            self.version().await?;
            Ok(began.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, StoreError> {
        Box::pin(async { Ok(format!("SQLite {}", self.ask("SELECT sqlite_version()".to_owned()).await?)) })
    }

    /// SQLite's pragmas by their names, and what is ours: lanes and the cost added to reads.
    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, StoreError> {
        Box::pin(async {
            let mut settings = BTreeMap::new();
            for pragma in PRAGMAS {
                settings.insert(pragma.to_owned(), self.ask(format!("PRAGMA {pragma}")).await?);
            }
            settings.insert("read-lanes".to_owned(), self.options.read_lanes.to_string());
            if let Some(cost) = self.options.read_cost {
                settings.insert("read-cost-us".to_owned(), cost.as_micros().to_string());
            }
            Ok(settings)
        })
    }

    /// What lanes cost, readers' and writer's together: SQLite keeps no figures that outlive a statement.
    fn counters(&self) -> ProbeFuture<'_, Counters, StoreError> {
        Box::pin(async { Ok(Counters((self.reader_lanes() + self.writer_lane()).counters().into())) })
    }
}

impl StoreProbe for Sqlite {
    /// Goes on to a copy of the template for `rows`, which the first reset to them makes, of all stores that share their templates. Connections are opened anew
    /// by the operations that follow.
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async {
            let template = self.templates.of(&self.opener, rows).await?;
            let files = Arc::clone(&self.files);
            let advanced = tokio::task::spawn_blocking(move || files.advance(&template)).await;
            self.disconnect();
            match advanced {
                Ok(Ok(())) => Ok(()),
                Ok(Err(error)) => Err(StoreError::Rejected(format!("the preloaded file could not be copied: {error}"))),
                Err(stopped) => Err(StoreError::Unavailable(stopped.to_string())),
            }
        })
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        Box::pin(async {
            let budget = Budget::lasting(PATIENCE);
            let mut lane = self.probing.lane(0, &budget).await?;
            let reading = statement::read(lane.start(), key).map_err(|error| explain(&error, Kind::Read));
            let found = budget.bound(reading).await;
            lane.settle(found)
        })
    }

    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            for (number, chunk) in keys.chunks(LOOKED_AT).enumerate() {
                let budget = Budget::lasting(PATIENCE);
                let mut lane = self.probing.lane(0, &budget).await?;
                let looking = statement::look(lane.start(), chunk).map_err(|error| explain(&error, Kind::Read));
                let found = budget.bound(looking).await;
                let mut rows = lane.settle(found)?;
                for (at, key) in chunk.iter().enumerate() {
                    see(number * LOOKED_AT + at, rows.remove(key.as_str()).unwrap_or(Row::NEVER));
                }
            }
            Ok(())
        })
    }
}
