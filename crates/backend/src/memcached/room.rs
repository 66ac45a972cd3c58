//! How many connections a Memcached server has room for.

use super::text::TextConnection;
use super::{MemcachedEndpoint, MemcachedOptions};
use crate::room::{Room, of_lanes};
use cachemark_core::CacheError;

impl MemcachedOptions {
    /// How many connections are held at most.
    #[must_use]
    pub fn connections(&self) -> u64 {
        of_lanes(self.lanes, self.drivers)
    }
}

impl MemcachedEndpoint {
    /// How many connections the server has room for (`-c`), if it tells.
    pub async fn room(&self) -> Option<Room> {
        let asked = async {
            let stats = TextConnection::open(self).await?.stats("stats").await?;
            let stat = |name: &str| stats.get(name)?.parse::<u64>().ok();
            let room = |limit, open: u64| Room { limit, taken: open.saturating_sub(1) };
            Ok::<_, CacheError>(
                stat("max_connections").zip(stat("curr_connections")).map(|(limit, open)| room(limit, open)),
            )
        };
        Room::told(asked).await
    }
}
