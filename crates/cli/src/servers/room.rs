//! Whether servers that somebody else runs let in as many connections as a run may hold. Lanes are connected when they are first
//! wanted, so a server with less room would turn some away in the middle of a trial.

use super::reached::misread;
use crate::assemble::{Assembly, widest};
use crate::stack::StackKind;
use cachemark_backend::memcached::{MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{PostgresEndpoint, PostgresOptions};
use cachemark_backend::redis::{RedisEndpoint, RedisOptions};
use cachemark_backend::{Backend, Room, backend, background_lanes};
use cachemark_bench::TargetError;
use cachemark_bench::definition::{Chosen, Definition};
use cachemark_core::PartKind;
use cachemark_stack::ServerKind;
use std::future::Future;
use std::time::Duration;

/// Beside the lanes: the probe's, and the one that holds the claim.
const OTHERS: u64 = 2;
/// So often is a server asked that seems full: what was connected a moment ago may be on its way out.
const TIMES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(100);

/// What a server has room for, if that is less than is needed.
type Short = Option<(u64, Room)>;

impl Assembly<'_> {
    /// Refuses servers of others that have too little room; those that do not tell are taken. Ours are started with enough.
    pub(crate) async fn find_room(&self, definition: &Definition) -> Result<(), TargetError> {
        if self.stack.kind != StackKind::External {
            return Ok(());
        }
        for part in definition.caches.iter().chain(&definition.stores) {
            let part = &Chosen { settings: widest(definition, part), ..part.clone() };
            if let Some((needed, room)) = self.short_of(part, under_way(definition)).await? {
                let name = part.descriptor.name;
                let text = self.told(part, needed, room, !definition.rates.is_empty());
                return Err(TargetError::new(name, "counting the connections of", text));
            }
        }
        Ok(())
    }

    /// What the server of `part` has room for, if `most` operations at a time of each driver thread need more.
    async fn short_of(&self, part: &Chosen, most: usize) -> Result<Short, TargetError> {
        let (name, drivers, addresses) = (part.descriptor.name, self.drivers(), &self.stack.addresses);
        let lanes = (part.settings.integer("lanes") as usize).min(most);
        match backend(name) {
            Some(Backend::Redis) => {
                let address = self.address(name, addresses)?;
                let endpoint = RedisEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
                let options = RedisOptions::new(endpoint.clone()).with_settings(&part.settings);
                Ok(short(RedisOptions { lanes, drivers, ..options }.connections(), || endpoint.room()).await)
            }
            Some(Backend::Memcached) => {
                let address = self.address(name, addresses)?;
                let endpoint = MemcachedEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
                let options = MemcachedOptions { lanes, drivers, ..MemcachedOptions::new(endpoint.clone()) };
                Ok(short(options.connections(), || endpoint.room()).await)
            }
            Some(Backend::Postgres) => {
                let address = self.address(name, addresses)?;
                let endpoint = PostgresEndpoint::parse(&address.url).map_err(|error| misread(name, address, error))?;
                let options = PostgresOptions { lanes, drivers, ..PostgresOptions::new(endpoint.clone()) };
                Ok(short(options.connections(), || endpoint.room()).await)
            }
            Some(Backend::InProcess | Backend::Sqlite) | None => Ok(None),
        }
    }

    fn told(&self, part: &Chosen, needed: u64, room: Room, open_loop: bool) -> String {
        let (name, Room { limit, taken }) = (part.descriptor.name, room);
        let kind = if part.descriptor.kind == PartKind::Store { "store" } else { "cache" };
        let limited_by = ServerKind::of(name).map_or("limit", |kind| kind.connections_limit);
        let for_drivers = room.left().saturating_sub(OTHERS + background_lanes(usize::MAX) as u64);
        let fit = for_drivers / self.drivers().max(1) as u64;
        let fewer = if fit == 0 {
            String::new()
        } else {
            let flag = if open_loop { "--max-in-flight" } else { "--clients" };
            format!("set `lanes = {fit}` under [{kind}.{name}] in the definition, or lower {flag}, or ")
        };
        format!(
            "it lets in {limit}, {taken} are taken, and this run may hold {needed}, lanes of {} driver threads for the most part: \
             {fewer}raise the server's {limited_by}",
            self.drivers()
        )
    }
}

/// How many operations a driver thread has under way at most: no more of its lanes are ever connected.
fn under_way(definition: &Definition) -> usize {
    let driving = &definition.driving;
    let all = if definition.rates.is_empty() { driving.clients } else { driving.open_loop.max_in_flight };
    all.div_ceil(u32::from(driving.driver_threads.max(1))).max(1) as usize
}

/// Asks a server for its room until that is enough for so many `connections` and the claim's, for a second at most.
async fn short<F>(connections: u64, ask: impl Fn() -> F) -> Short
where
    F: Future<Output = Option<Room>>,
{
    let needed = connections + OTHERS - 1;
    let mut short = None;
    for _ in 0..TIMES {
        let room = ask().await?;
        if room.left() >= needed {
            return None;
        }
        short = Some((needed, room));
        tokio::time::sleep(PAUSE).await;
    }
    short
}
