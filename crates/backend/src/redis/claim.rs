//! A Redis database as one run's place.

use super::RedisEndpoint;
use super::connection::Connection;
use crate::claim::{self, Claim, ClaimError, KEY, Lock, TTL};
use cachemark_core::CacheError;
use redis::{Cmd, FromRedisValue};

impl RedisEndpoint {
    /// Claims our keys in this database for a run, until the claim is released, or 15 s after the run was killed. `who` is
    /// what another run is told of this one.
    ///
    /// # Errors
    /// [`ClaimError`] if another run has them, or the server does not let us.
    pub async fn claim(&self, who: &str) -> Result<Claim, ClaimError> {
        Claim::take(RedisLock { endpoint: self.clone(), who: claim::marked(who), connection: None }).await
    }
}

struct RedisLock {
    endpoint: RedisEndpoint,
    /// What the key holds while it is ours.
    who: String,
    /// The client pairs answers with questions: one that nobody waited for any more goes to nobody.
    connection: Option<Connection>,
}

impl RedisLock {
    async fn ask<T: FromRedisValue>(&mut self, command: Cmd) -> Result<T, String> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            None => {
                let connected = Connection::open(&self.endpoint).await;
                let connected = connected.map_err(|error| CacheError::from(error).to_string())?;
                self.connection.insert(connected)
            }
        };
        let answer = command.query_async(&mut connection.client).await;
        answer.map_err(|error| {
            if error.is_unrecoverable_error() {
                self.connection = None;
            }
            self.endpoint.told(&error.to_string())
        })
    }

    /// Whose the key is; empty if nobody's. GETRANGE is neither a get nor a set in the counts that are compared with ours.
    async fn holder(&mut self) -> Result<String, String> {
        self.ask(redis::cmd("GETRANGE").arg(KEY).arg(0).arg(-1).take()).await
    }
}

impl Lock for RedisLock {
    const UNLESS: &'static str = " (15 s after it was killed, its claim ends)";

    async fn keep(&mut self) -> Result<Option<String>, String> {
        let millis = TTL.as_millis() as u64;
        let mut holder = self.holder().await?;
        if holder.is_empty() {
            let set = redis::cmd("SET").arg(KEY).arg(&self.who).arg("NX").arg("PX").arg(millis).take();
            if self.ask::<Option<String>>(set).await?.is_some() {
                return Ok(None);
            }
            holder = self.holder().await?;
        }
        if holder != self.who {
            return Ok(Some(holder));
        }
        self.ask::<u64>(redis::cmd("PEXPIRE").arg(KEY).arg(millis).take()).await.map(|_| None)
    }

    async fn free(&mut self) {
        if self.holder().await.is_ok_and(|holder| holder == self.who) {
            // A key that stays goes by itself. UNLINK, for DEL is among the counts that are compared with ours.
            let _ = self.ask::<u64>(redis::cmd("UNLINK").arg(KEY).take()).await;
        }
    }
}
