//! Sessions with nothing in flight.

use std::collections::BTreeMap;

/// The free sessions of one driver thread, apart by the instance that they ask. Of one instance the session that was free
/// last is taken, whose memory is warm; the instances take turns, or at low load the last one would serve every arrival.
pub(super) struct FreeSessions<S> {
    instances: Vec<Vec<S>>,
    /// The place in `instances` of each instance that the thread has sessions of.
    places: BTreeMap<usize, usize>,
    /// The place that is next.
    turn: usize,
}

impl<S> FreeSessions<S> {
    /// All of them, each with the instance that it asks.
    pub(super) fn new(sessions: impl IntoIterator<Item = (usize, S)>) -> Self {
        let mut free = Self { instances: Vec::new(), places: BTreeMap::new(), turn: 0 };
        for (instance, session) in sessions {
            let next = free.places.len();
            free.places.entry(instance).or_insert(next);
            free.instances.resize_with(free.places.len(), Vec::new);
            free.put(instance, session);
        }
        free
    }

    /// A session of the instance whose turn it is, or of the next one that has any.
    pub(super) fn take(&mut self) -> Option<S> {
        let count = self.instances.len();
        for place in (self.turn..count).chain(0..self.turn) {
            if let Some(session) = self.instances[place].pop() {
                self.turn = if place + 1 == count { 0 } else { place + 1 };
                return Some(session);
            }
        }
        None
    }

    /// Takes back a session of an instance that it was made with.
    pub(super) fn put(&mut self, instance: usize, session: S) {
        self.instances[self.places[&instance]].push(session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instance_has_its_turn_and_of_one_the_last_comes_first() {
        // A thread that has sessions of instances 1 and 3 alone.
        let mut free = FreeSessions::new([(1, "a"), (3, "b"), (1, "c"), (3, "d")]);
        let taken: Vec<_> = (0..4)
            .map(|_| {
                let session = free.take().unwrap();
                free.put(if "ac".contains(session) { 1 } else { 3 }, session);
                session
            })
            .collect();
        assert_eq!(taken, ["c", "d", "c", "d"]);
        let rest: Vec<_> = std::iter::from_fn(|| free.take()).collect();
        assert_eq!(rest, ["c", "d", "a", "b"]);
        free.put(3, "b");
        assert_eq!(free.take(), Some("b"), "the other has none");
        assert_eq!(FreeSessions::<u8>::new([]).take(), None);
    }
}
