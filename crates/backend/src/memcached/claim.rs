//! A Memcached server as one run's place.

use super::MemcachedEndpoint;
use super::text::TextConnection;
use crate::claim::{Claim, ClaimError, KEY, Lock, TTL};
use cachemark_core::CacheError;

impl MemcachedEndpoint {
    /// Claims our keys on this server for a run, until the claim is released, or some 15 s after the run was killed. `who`
    /// is what another run is told of this one, in one line.
    ///
    /// # Errors
    /// [`ClaimError`] if another run has them, or the server does not let us.
    pub async fn claim(&self, who: &str) -> Result<Claim, ClaimError> {
        let who = who.replace(['\r', '\n'], " ");
        Claim::take(MemcachedLock { endpoint: self.clone(), who, connection: None, held: false }).await
    }
}

struct MemcachedLock {
    endpoint: MemcachedEndpoint,
    who: String,
    connection: Option<TextConnection>,
    held: bool,
}

impl MemcachedLock {
    async fn connection(&mut self) -> Result<&mut TextConnection, String> {
        match &mut self.connection {
            Some(connection) => Ok(connection),
            none => {
                let opened = TextConnection::open(&self.endpoint).await;
                let opened = opened.map_err(|error| CacheError::from(error).to_string())?;
                Ok(none.insert(opened))
            }
        }
    }

    async fn ask(&mut self, command: &str) -> Result<String, String> {
        let answer = self.connection().await?.ask(command).await;
        self.settled(answer)
    }

    async fn holder(&mut self) -> Result<Option<String>, String> {
        let found = self.connection().await?.value(KEY).await;
        Ok(self.settled(found)?.map(|value| String::from_utf8_lossy(&value).into_owned()))
    }

    /// A connection that failed is not used again.
    fn settled<T>(&mut self, answer: Result<T, CacheError>) -> Result<T, String> {
        answer.map_err(|error| {
            self.connection = None;
            error.to_string()
        })
    }
}

impl Lock for MemcachedLock {
    const UNLESS: &'static str = " (15 s after it was killed, its claim ends)";

    /// Renewed by `touch`, which is neither a get nor a set in the counts that are compared with ours, and which does not
    /// tell whose the key is: it is ours unless it was gone for a while.
    async fn keep(&mut self) -> Result<Option<String>, String> {
        let seconds = TTL.as_secs();
        if self.held && self.ask(&format!("touch {KEY} {seconds}")).await? == "TOUCHED" {
            return Ok(None);
        }
        let add = format!("add {KEY} 0 {seconds} {}\r\n{}", self.who.len(), self.who);
        if self.ask(&add).await? == "STORED" {
            self.held = true;
            return Ok(None);
        }
        let holder = self.holder().await?;
        Ok(Some(holder.unwrap_or_else(|| "it does not say who".to_owned())).filter(|holder| *holder != self.who))
    }

    async fn free(&mut self) {
        if self.holder().await.is_ok_and(|holder| holder.as_ref() == Some(&self.who)) {
            // A key that stays goes by itself.
            let _ = self.ask(&format!("delete {KEY}")).await;
        }
    }
}
