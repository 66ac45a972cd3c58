//! How many connections a Redis server has room for.

use super::connection::Connection;
use super::info::Info;
use super::{RedisEndpoint, RedisMode, RedisOptions};
use crate::room::{Room, of_lanes};
use cachemark_core::CacheError;

impl RedisOptions {
    /// How many connections are held at most.
    #[must_use]
    pub fn connections(&self) -> u64 {
        let lanes = if self.mode == RedisMode::Shared { 1 } else { self.lanes };
        of_lanes(lanes, self.drivers)
    }
}

impl RedisEndpoint {
    /// How many connections the server has room for (`maxclients`), if it tells. By INFO: CONFIG is often kept from users.
    pub async fn room(&self) -> Option<Room> {
        let asked = async {
            let mut connection = Connection::open(self).await?;
            let asking = redis::cmd("INFO").arg("clients").take();
            let info: Result<String, _> = asking.query_async(&mut connection.client).await;
            Ok::<_, CacheError>(info.ok().and_then(|info| Info::parse(&info).room()))
        };
        Room::told(asked).await
    }
}
