//! What theory says of a cell before it is run.

use crate::definition::{Chosen, Definition};
use crate::warm_up::{Room, hit_model};
use cachemark_core::HitModel;
use cachemark_workload::predict::{self, Popularity};

/// The hit ratio that theory gives where a formula covers the cell: no TTL, no deletes, one instance, and room for every
/// key or an LRU. Elsewhere there is none, rather than a formula stretched. Servers are taken to have the room that the
/// definition gives them; of servers of others that is a guess, which their hit ratio then confirms or not.
pub(crate) fn hit_ratio(
    definition: &Definition,
    popularity: &Popularity,
    strategy: &Chosen,
    cache: Option<&Chosen>,
    read_ratio: f64,
    instances: u32,
) -> Option<f64> {
    let cache = cache?;
    let model = hit_model(strategy);
    let timeless = strategy.settings.integer("ttl-ms") == 0 && definition.delete_ratio == 0.0;
    if model == HitModel::Never || !timeless || instances != 1 || read_ratio == 0.0 {
        return None;
    }
    let room = match Room::of(cache, definition) {
        Room::All => None,
        Room::Lru(entries) => Some(entries),
        Room::About(_) => return None,
    };
    Some(predict::warm(popularity, read_ratio, model, room).hit_ratio)
}
