//! Every size and every wait, bounded.

use std::time::Duration;

/// What the service takes, and how long it waits.
///
/// A request takes at most `head_read` + `body_read` + `deadline` + 50 ms (for the strategy's own clean-up), and its
/// response at most `response_write` more. Memory for bodies is at most `operations` x `body_bytes`, for batches
/// `operations` x (`batch_bytes` + 16 values).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest value that a client may send, in bytes; above it 413. Default 1 MiB.
    pub body_bytes: usize,
    /// The sum of the values in the answer to one batch get, in bytes: those that no longer fit are reported as
    /// `too-large`, without value. Default 8 MiB.
    pub batch_bytes: usize,
    /// How long a request's head may take, from the opening of the connection or the end of the request before it; so
    /// it is the longest idle time of a connection too. At its end the connection is closed. Default 15 s.
    pub head_read: Duration,
    /// How long a request's body may take, however steadily it comes; after that 408. Default 10 s.
    pub body_read: Duration,
    /// The deadline of the operation, from when the request is whole; after that 504. Default 1 s.
    pub deadline: Duration,
    /// How long a client may take to accept a response, from when its socket was first full. Default 10 s.
    pub response_write: Duration,
    /// Connections at once. At the limit nothing is accepted: new connections wait in the kernel's queue until one
    /// ends, which `head_read` makes an idle one do. Default 4096.
    pub connections: usize,
    /// Requests for items at once, from their head to the end of their strategy call; above it 503 at once. Default
    /// 1024. A body on its way holds its place for up to `body_read`.
    pub operations: usize,
    /// After the signal to stop: how long `/ready` says 503 while connections are still accepted, for a load balancer
    /// to notice. Default none.
    pub notice: Duration,
    /// How long requests under way may take after that, before their connections are cut. Default 10 s, more than
    /// `deadline`.
    pub grace: Duration,
    /// How long the strategy may take to drain. Default 10 s.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1 << 20,
            batch_bytes: 8 << 20,
            head_read: Duration::from_secs(15),
            body_read: Duration::from_secs(10),
            deadline: Duration::from_secs(1),
            response_write: Duration::from_secs(10),
            connections: 4096,
            operations: 1024,
            notice: Duration::ZERO,
            grace: Duration::from_secs(10),
            drain: Duration::from_secs(10),
        }
    }
}
