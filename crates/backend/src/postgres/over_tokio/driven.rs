//! A connection of tokio-postgres, which reads and writes in a task of its own.

use std::future::Future;
use tokio::task::JoinHandle;
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{Connection, Error, Socket};

/// The task. It ends with the connection; dropped before, it closes the connection at once.
pub(super) struct Driven {
    task: Option<JoinHandle<Result<(), Error>>>,
}

impl Driven {
    pub(super) fn new(connection: Connection<Socket, NoTlsStream>) -> Self {
        Self { task: Some(tokio::spawn(connection)) }
    }

    /// The answer to what the client of the connection asks.
    pub(super) async fn asking<T>(&mut self, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match asked.await {
            // The task knows why: the server's last words, or the system's.
            Err(error) if error.is_closed() => Err(self.end().await.unwrap_or(error)),
            answer => answer,
        }
    }

    async fn end(&mut self) -> Option<Error> {
        self.task.take()?.await.ok()?.err()
    }
}

impl Drop for Driven {
    fn drop(&mut self) {
        // It would wait for the answer to what was given up.
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}
