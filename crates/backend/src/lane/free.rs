//! Lanes that are free, for what is asked of each connection by itself.

use super::held::Place;
use super::{Group, Lane, Lanes, Past};
use std::sync::Arc;
use tokio::time::Instant;

impl<T: Send + 'static> Lanes<T> {
    /// Every lane that is connected and free, taken for as long as they are held. Off the hot path: operations that
    /// come meanwhile find fewer lanes.
    pub(crate) fn free(&self) -> Vec<Lane<T>> {
        let take = |group: &Arc<Group<T>>| {
            let permit = group.gate.try_acquire().ok()?;
            permit.forget();
            let place = Place::new(Arc::clone(group));
            let (connection, since) = group.idle().pop()?;
            Some(Lane::new(place, connection, Past::since(since, Instant::now())))
        };
        self.groups.iter().flat_map(|group| std::iter::from_fn(move || take(group))).collect()
    }
}
