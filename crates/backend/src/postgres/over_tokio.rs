//! Operations over the client tokio-postgres.

pub(super) mod config;
mod driven;

use super::statement::{Batch, Change, SESSION, Statements, became, slept, version};
use cachemark_core::{Applied, Key, Row, StoreChange, Value, Version};
use driven::Driven;
use std::time::Duration;
use tokio_postgres::{Client, Config, Error, NoTls, Statement};

/// A connection whose statements are prepared, and what drives it.
pub(super) struct TokioSession {
    client: Client,
    read: Statement,
    read_at_cost: Statement,
    write: Statement,
    delete: Statement,
    /// Prepared with the first batch.
    apply: Option<Statement>,
    driven: Driven,
}

impl TokioSession {
    /// Connects and prepares the statements, so that no operation pays for that.
    pub(super) async fn connect(config: &Config, statements: &Statements) -> Result<Self, Error> {
        let (client, connection) = config.connect(NoTls).await?;
        let mut driven = Driven::new(connection);
        driven.asking(client.batch_execute(SESSION)).await?;
        let read = driven.asking(client.prepare(statements.read.as_str())).await?;
        let read_at_cost = driven.asking(client.prepare(statements.read_at_cost.as_str())).await?;
        let write = driven.asking(client.prepare(statements.write.as_str())).await?;
        let delete = driven.asking(client.prepare(statements.delete.as_str())).await?;
        Ok(Self { client, read, read_at_cost, write, delete, apply: None, driven })
    }

    pub(super) async fn read(&mut self, key: &Key, cost: Option<Duration>) -> Result<Row, Error> {
        let Self { client, driven, .. } = self;
        let found = match cost {
            None => driven.asking(client.query_opt(&self.read, &[&key.as_str()])).await?,
            Some(cost) => driven.asking(client.query_opt(&self.read_at_cost, &[&key.as_str(), &slept(cost)])).await?,
        };
        let Some(row) = found else { return Ok(Row::NEVER) };
        let Some(number) = row.try_get::<_, Option<i64>>(0)? else { return Ok(Row::NEVER) };
        let value = if row.try_get(1)? { None } else { Some(Value::new(row.try_get::<_, Vec<u8>>(2)?)) };
        Ok(Row { version: version(number), value })
    }

    pub(super) async fn change(&mut self, change: Change<'_>) -> Result<Version, Error> {
        let Self { client, driven, .. } = self;
        let row = match change {
            Change::Write { key, value } => {
                driven.asking(client.query_opt(&self.write, &[&key.as_str(), &value.as_bytes()])).await?
            }
            Change::Delete { key } => driven.asking(client.query_opt(&self.delete, &[&key.as_str()])).await?,
        };
        row.map_or(Ok(Version::NONE), |row| row.try_get(0).map(version))
    }

    pub(super) async fn apply(
        &mut self,
        statements: &Statements,
        changes: &[StoreChange],
    ) -> Result<Vec<Applied>, Error> {
        let Self { client, driven, .. } = self;
        if self.apply.is_none() {
            self.apply = Some(driven.asking(client.prepare(statements.apply.as_str())).await?);
        }
        let Some(apply) = &self.apply else { return Ok(Vec::new()) };
        let Batch { keys, versions, deleted, values } = Batch::of(changes);
        let rows = driven.asking(client.query(apply, &[&keys, &versions, &deleted, &values])).await?;
        let put = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, Error>>()?;
        Ok(became(changes, &put))
    }

    pub(super) async fn run(&mut self, text: &str) -> Result<(), Error> {
        self.driven.asking(self.client.batch_execute(text)).await
    }
}
