//! What PostgreSQL tells of itself, and the reset.

use super::client_error::Wrong;
use super::statement::Statements;
use super::{Postgres, copy};
use crate::budget::Budget;
use crate::lane::{Again, Repeat};
use cachemark_core::{Counters, Key, PreloadRows, Probe, ProbeFuture, Row, Seeing, StoreError, StoreProbe};
use futures::future::{BoxFuture, join_all};
use sqlx::{AssertSqlSafe, Error, Executor, PgConnection, Row as _};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Questions wait this long at most.
const PATIENCE: Duration = Duration::from_secs(10);

/// A preload waits this long at most: millions of rows take minutes.
const PRELOAD_PATIENCE: Duration = Duration::from_secs(900);

/// Keys of one question of a look: their values are in memory at once.
const LOOKED_AT: usize = 1_000;

/// A lane is waited for this long to hand in its figures, and so are those that were thrown away.
const FLUSH_PATIENCE: Duration = Duration::from_secs(2);

/// Makes a server process hand in its figures when the statement is over. The function is new in version 15.
const HAND_IN: &str = "SELECT pg_stat_force_next_flush()";

const SETTINGS: &str = "SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('fsync', \
     'synchronous_commit', 'full_page_writes', 'wal_level', 'shared_buffers', 'max_connections', 'jit')";

const COUNTERS: &str = "SELECT coalesce(idx_tup_fetch, 0) + coalesce(seq_tup_read, 0), \
     coalesce(n_tup_ins, 0) + coalesce(n_tup_upd, 0), coalesce(n_live_tup, 0) \
     FROM pg_stat_user_tables WHERE schemaname = $1 AND relname = 'cachemark_rows'";

const CONNECTIONS: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid()";

/// A server process does not notice that its client is gone before it is through with a statement.
const AT_WORK: &str = "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND pid <> pg_backend_pid() \
     AND state <> 'idle'";

impl Postgres {
    /// Asks something over the probe's own connection, which is idle for as long as a trial lasts: a server that closes
    /// what is idle has closed it by then. All that the probe asks leaves the server alike, asked once or twice.
    async fn probe<T>(
        &self,
        patience: Duration,
        question: impl for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, Result<T, Error>>,
    ) -> Result<T, StoreError> {
        let (budget, mut again) = (Budget::lasting(patience), Again::new(Repeat::Harmless));
        loop {
            let mut lane = self.probing.lane(0, &budget).await?;
            let asked = budget.bound(question(lane.start())).await;
            let asked = asked.map(|answer| answer.map_err(|error| self.unanswered(&error)));
            if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                return answer;
            }
        }
    }

    /// Makes the server processes of the lanes hand in their figures, which they otherwise do once a second, and only
    /// when they have something to do. Lanes that do not answer are thrown away (those of a runtime that has ended,
    /// above all): their processes hand in as they end, which is waited for. Whether all have.
    async fn flush_figures(&self) -> Result<bool, StoreError> {
        let flushing = self.lanes.free().into_iter().map(|mut lane| async move {
            let flushed = tokio::time::timeout(FLUSH_PATIENCE, lane.start_timed().0.run(HAND_IN)).await;
            // An error is an answer too, unless the session ends with it.
            let refused = matches!(&flushed, Ok(Err(error)) if Wrong::from(error).is_answer());
            let kept = matches!(flushed, Ok(Ok(()))) || refused;
            if kept {
                lane.finish();
            }
            (i64::from(kept), !refused)
        });
        let flushed = join_all(flushing).await;
        let kept: i64 = flushed.iter().map(|(kept, _)| kept).sum();
        let limit = Instant::now() + FLUSH_PATIENCE;
        while self.connections().await? > kept {
            if Instant::now() >= limit {
                return Ok(false);
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(flushed.iter().all(|(_, handed_in)| *handed_in))
    }

    /// How many connections the server knows this store to have, the probe's own aside. A server process leaves the
    /// list after it has handed in its figures.
    async fn connections(&self) -> Result<i64, StoreError> {
        self.count(CONNECTIONS).await
    }

    /// The answer to a question that counts, of which `$1` is the name of this store's connections.
    async fn count(&self, question: &'static str) -> Result<i64, StoreError> {
        let name = self.name.clone();
        let asking = move || sqlx::query_scalar(question).bind(name.clone());
        self.probe(PATIENCE, move |connection| Box::pin(asking().fetch_one(connection))).await
    }

    /// Drops our schema and all that is in it. The store is of no use afterwards.
    ///
    /// # Errors
    /// [`StoreError`] as for any operation.
    pub async fn drop_schema(&self) -> Result<(), StoreError> {
        let drop_it = format!("DROP SCHEMA IF EXISTS {} CASCADE", self.options.schema);
        self.disconnect();
        self.probe(PATIENCE, move |connection| Box::pin(run(connection, drop_it.clone()))).await
    }
}

/// Runs a statement made here, of constants and checked names.
async fn run(connection: &mut PgConnection, statement: String) -> Result<(), Error> {
    connection.execute(AssertSqlSafe(statement)).await.map(drop)
}

impl Probe<StoreError> for Postgres {
    fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
        Box::pin(async {
            let began = Instant::now();
            self.probe(PATIENCE, |connection| Box::pin(sqlx::Connection::ping(connection))).await?;
            Ok(began.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, StoreError> {
        Box::pin(async {
            let asking = || sqlx::query_scalar("SHOW server_version");
            let version: String = self.probe(PATIENCE, |connection| Box::pin(asking().fetch_one(connection))).await?;
            // What a packager added comes after a space.
            Ok(format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default()))
        })
    }

    /// The server's settings by its own names, and ours: `lanes`, and the cost added to reads.
    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, StoreError> {
        Box::pin(async {
            let asking = || sqlx::query_as(SETTINGS);
            let found: Vec<(String, String)> =
                self.probe(PATIENCE, |connection| Box::pin(asking().fetch_all(connection))).await?;
            let mut settings: BTreeMap<_, _> = found.into_iter().collect();
            settings.insert("lanes".to_owned(), self.options.lanes.to_string());
            if let Some(cost) = self.options.read_cost {
                settings.insert("read-cost-us".to_owned(), cost.as_micros().to_string());
            }
            Ok(settings)
        })
    }

    /// `rows-read`, `rows-written`, `entries`, of our table alone, by the server's statistics. A write finds its row
    /// first, so it counts as a read too where the row is there; so do inspections. What was read and written is left out
    /// where it cannot be known, since some of it is yet to be handed in: with lanes in use at the moment of the question,
    /// and of a server before version 15. And of our own: what lanes cost.
    fn counters(&self) -> ProbeFuture<'_, Counters, StoreError> {
        Box::pin(async {
            // First: flushing throws lanes away that no operation lost.
            let lanes = self.lanes().counters();
            let complete = self.flush_figures().await?;
            let schema = self.options.schema.to_string();
            let asking = move || sqlx::query(COUNTERS).bind(schema.clone());
            let found = self.probe(PATIENCE, move |connection| Box::pin(asking().fetch_optional(connection))).await?;
            let Some(row) = found else {
                return Ok(Counters(lanes.into()));
            };
            let figures = ["rows-read", "rows-written", "entries"].into_iter().enumerate();
            let known = figures.filter(|(_, name)| complete || *name == "entries");
            let figure = |at| row.try_get::<i64, _>(at).map_or(0, i64::unsigned_abs);
            Ok(Counters(known.map(|(at, name)| (name, figure(at))).chain(lanes).collect()))
        })
    }
}

impl StoreProbe for Postgres {
    /// Empties the table and copies the rows into it, in one transaction; then lets the planner look at them.
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            let (budget, mut again) = (Budget::lasting(PRELOAD_PATIENCE), Again::new(Repeat::Harmless));
            loop {
                let mut lane = self.probing.lane(0, &budget).await?;
                let loading = load(lane.start(), &self.statements, rows, self.options.owned);
                let loaded = budget.bound(loading).await;
                let loaded = loaded.map(|answer| answer.map_err(|error| self.unanswered(&error)));
                let settled = lane.settle_or_again(loaded, &mut again);
                if settled.as_ref().is_some_and(Result::is_err) {
                    // A transaction is left open, so not even a refusal leaves the connection fit.
                    lane.start();
                }
                if let Some(settled) = settled {
                    return settled;
                }
            }
        })
    }

    fn unfinished(&self) -> ProbeFuture<'_, u64, StoreError> {
        Box::pin(async { self.count(AT_WORK).await.map(i64::unsigned_abs) })
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        Box::pin(async move {
            let (key, statements) = (key.clone(), Arc::clone(&self.statements));
            let asking = self.probe(PATIENCE, move |connection| {
                let (key, statements) = (key.clone(), Arc::clone(&statements));
                Box::pin(async move { statements.read(connection, &key, None).await })
            });
            asking.await
        })
    }

    fn keys(&self, most: u64) -> ProbeFuture<'_, Vec<Key>, StoreError> {
        Box::pin(async move {
            let (statements, most) = (Arc::clone(&self.statements), i64::try_from(most).unwrap_or(i64::MAX));
            let asking = self.probe(PRELOAD_PATIENCE, move |connection| {
                let statements = Arc::clone(&statements);
                Box::pin(async move { statements.keys(connection, most).await })
            });
            Ok(asking.await?.into_iter().filter_map(|key| Key::new(key).ok()).collect())
        })
    }

    /// Counts among the rows read, which are handed in at once, so that no later trial has them for its own.
    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            for (number, chunk) in keys.chunks(LOOKED_AT).enumerate() {
                let asked: Arc<[String]> = chunk.iter().map(|key| key.as_str().to_owned()).collect();
                let statements = Arc::clone(&self.statements);
                let looking = self.probe(PATIENCE, move |connection| {
                    let (asked, statements) = (Arc::clone(&asked), Arc::clone(&statements));
                    Box::pin(async move {
                        let found = statements.look(connection, &asked).await?;
                        hand_in_figures(connection).await?;
                        Ok(found)
                    })
                });
                let mut rows: HashMap<String, Row> = looking.await?.into_iter().collect();
                for (at, key) in chunk.iter().enumerate() {
                    see(number * LOOKED_AT + at, rows.remove(key.as_str()).unwrap_or(Row::NEVER));
                }
            }
            Ok(())
        })
    }
}

async fn load(
    connection: &mut PgConnection,
    statements: &Statements,
    rows: &dyn PreloadRows,
    owned: bool,
) -> Result<(), Error> {
    connection.execute("BEGIN").await?;
    connection.execute(statements.truncate.clone()).await?;
    copy::copy_in(connection, &statements.copy, rows).await?;
    connection.execute("COMMIT").await?;
    connection.execute(statements.analyze.clone()).await?;
    if owned {
        connection.execute("CHECKPOINT").await?;
    }
    hand_in_figures(connection).await
}

/// Or the rows of the preload would be handed in a second later, and counted as the trial's.
async fn hand_in_figures(connection: &mut PgConnection) -> Result<(), Error> {
    match connection.execute(HAND_IN).await {
        Err(error) if Wrong::from(&error).is_answer() => Ok(()),
        handed_in => handed_in.map(drop),
    }
}
