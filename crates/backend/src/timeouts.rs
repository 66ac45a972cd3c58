//! How long a server is waited for.

use std::time::Duration;

/// How long a server is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// The longest that making a connection may take, handshake included.
    pub connect: Duration,
    /// The longest that an operation without a deadline of its own may take: queueing for a connection, making one and
    /// waiting for the answer together.
    pub operation: Duration,
}

impl Default for Timeouts {
    /// 1 s to connect, 5 s to operate: beyond any healthy answer, short of what would stall a run.
    fn default() -> Self {
        Self { connect: Duration::from_secs(1), operation: Duration::from_secs(5) }
    }
}
