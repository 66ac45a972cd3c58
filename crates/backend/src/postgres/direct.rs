//! Operations straight over the socket: the task that asks writes the question and reads the answer.
//!
//! A client crate makes a row of owned parts of every answer, and a statement of every question, before anybody looks at them. What is
//! asked here is known beforehand: four statements and a batch, of columns of three types. tokio-postgres logs in, over a stream that is
//! lent to it and taken back; from then on a question is one write, of Bind, Execute and Sync, and its answer is read as it stands.

mod answer;
pub(super) mod error;
mod link;
mod prepared;
mod question;
mod stream;

use super::client_error::ClientError;
use super::statement::{Batch, Change, SESSION, Statements, became, slept};
use answer::{DATA_ROW, Message};
use cachemark_core::{Applied, Key, Row, StoreChange, Version};
use error::{DirectError, Wrong};
use link::Link;
use prepared::{APPLY, DELETE, READ, READ_AT_COST, WRITE};
use std::collections::HashSet;
use std::time::Duration;
use stream::{Lent, Stream};
use tokio_postgres::{Config, NoTls};

/// A session whose statements are prepared, over which one question at a time is asked. A question that was given up leaves it with an
/// answer to come: it is closed then.
pub(super) struct Direct {
    link: Link,
    /// With the first batch.
    apply_is_prepared: bool,
}

impl Direct {
    /// Connects and prepares the statements, so that no operation pays for that. Its time limit is the caller's.
    pub(super) async fn connect(config: &Config, statements: &Statements) -> Result<Self, ClientError> {
        let lent = Lent::new(Stream::open(config).await?);
        // Once it is through, nothing is under way: the last that it read is that the server is ready.
        drop(config.connect_raw(lent.clone(), NoTls).await?);
        let mut link = Link::over(lent)?;
        link.run(SESSION).await?;
        let (read, read_at_cost) = (statements.read.as_str(), statements.read_at_cost.as_str());
        let (write, delete) = (statements.write.as_str(), statements.delete.as_str());
        prepared::prepare(&mut link, &[(READ, read), (READ_AT_COST, read_at_cost), (WRITE, write), (DELETE, delete)])
            .await?;
        Ok(Self { link, apply_is_prepared: false })
    }

    pub(super) async fn read(&mut self, key: &Key, cost: Option<Duration>) -> Result<Row, DirectError> {
        match cost {
            None => question::execute(self.link.question(), READ.name, &[key.as_bytes()])?,
            Some(cost) => {
                let seconds = slept(cost).to_be_bytes();
                question::execute(self.link.question(), READ_AT_COST.name, &[key.as_bytes(), &seconds])?;
            }
        }
        let mut found = Row::NEVER;
        self.link
            .ask(|message| {
                found = answer::row(data(message)?)?;
                Ok(())
            })
            .await?;
        Ok(found)
    }

    pub(super) async fn change(&mut self, change: Change<'_>) -> Result<Version, DirectError> {
        match change {
            Change::Write { key, value } => {
                question::execute(self.link.question(), WRITE.name, &[key.as_bytes(), value.as_bytes()])?;
            }
            Change::Delete { key } => question::execute(self.link.question(), DELETE.name, &[key.as_bytes()])?,
        }
        let mut made = Version::NONE;
        self.link
            .ask(|message| {
                made = answer::version(data(message)?)?;
                Ok(())
            })
            .await?;
        Ok(made)
    }

    pub(super) async fn apply(
        &mut self,
        statements: &Statements,
        changes: &[StoreChange],
    ) -> Result<Vec<Applied>, DirectError> {
        if !self.apply_is_prepared {
            prepared::prepare(&mut self.link, &[(APPLY, statements.apply.as_str())]).await?;
            self.apply_is_prepared = true;
        }
        let Batch { keys, versions, deleted, values } = Batch::of(changes);
        let columns = [
            question::array(prepared::TEXT, keys.iter()),
            question::array(prepared::INT8, versions.iter().map(|version| version.to_be_bytes())),
            question::array(prepared::BOOL, deleted.iter().map(|deleted| [u8::from(*deleted)])),
            question::array(prepared::BYTEA, values.iter()),
        ];
        question::execute(self.link.question(), APPLY.name, &columns.each_ref().map(Vec::as_slice))?;
        let mut put = Vec::with_capacity(changes.len());
        self.link
            .ask(|message| {
                put.push(answer::key(data(message)?)?);
                Ok(())
            })
            .await?;
        Ok(became(changes, &put.iter().map(String::as_str).collect::<HashSet<_>>()))
    }

    /// Runs a statement whose rows nobody wants.
    pub(super) async fn run(&mut self, text: &str) -> Result<(), DirectError> {
        self.link.run(text).await
    }
}

/// The body of a row, which is all that a statement which is prepared already answers with.
fn data<'a>(message: Message<'a>) -> Result<&'a [u8], Wrong> {
    if message.tag == DATA_ROW { Ok(message.body) } else { Err(message.unexpected()) }
}

#[cfg(test)]
mod tests;
