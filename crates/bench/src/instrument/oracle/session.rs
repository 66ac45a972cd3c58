//! What a session has written and read of its last keys.

use super::index::mix;

/// How many keys a session remembers, and how many all sessions together where there are very many.
const KEYS: u32 = 1_024;
const KEYS_OF_ALL: u32 = 4 << 20;
const FEWEST: u32 = 16;

/// The keys that one session knows, each in the one place that its hash gives it: a later key takes the place of an earlier.
#[derive(Debug)]
struct Session(Box<[Known]>);

#[derive(Debug, Clone, Copy, Default)]
struct Known {
    /// The key + 1; 0 is none.
    key: u32,
    /// The highest version that the session's own writes and deletes were acknowledged as.
    written: u32,
    /// The highest version that its reads were answered with.
    read: u32,
}

/// What a session knew of a key before it read it: 0 where it knew nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct KnownVersions {
    pub(super) written: u32,
    pub(super) read: u32,
}

/// The sessions of one driver thread. What one knows is made when it first acts.
#[derive(Debug)]
pub(super) struct Sessions {
    sessions: Vec<Option<Session>>,
    keys: u32,
}

/// How many keys each of so many sessions remembers: a power of two.
pub(super) fn keys_remembered(sessions: u32) -> u32 {
    let share = (KEYS_OF_ALL / sessions.max(1)).clamp(FEWEST, KEYS);
    1 << share.ilog2()
}

impl Sessions {
    /// Of a trial with so many sessions on all threads.
    pub(super) fn new(of_all: u32) -> Self {
        Self { sessions: Vec::new(), keys: keys_remembered(of_all) }
    }

    /// A read was answered with `version`: returns what its session knew before.
    pub(super) fn read(&mut self, session: u32, key: u32, version: u32) -> KnownVersions {
        let known = self.known(session, key);
        let before = KnownVersions { written: known.written, read: known.read };
        known.read = known.read.max(version);
        before
    }

    /// A write or delete was acknowledged as `version`.
    pub(super) fn wrote(&mut self, session: u32, key: u32, version: u32) {
        let known = self.known(session, key);
        known.written = known.written.max(version);
    }

    #[cold]
    fn make(&mut self, session: usize) {
        if session >= self.sessions.len() {
            self.sessions.resize_with(session + 1, || None);
        }
        self.sessions[session] = Some(Session(vec![Known::default(); self.keys as usize].into()));
    }

    fn known(&mut self, session: u32, key: u32) -> &mut Known {
        let (session, keys) = (session as usize, self.keys);
        if self.sessions.get(session).is_none_or(Option::is_none) {
            self.make(session);
        }
        let Some(of_session) = &mut self.sessions[session] else { unreachable!("it was made") };
        let known = &mut of_session.0[(mix(key) & (keys - 1)) as usize];
        if known.key != key + 1 {
            *known = Known { key: key + 1, ..Known::default() };
        }
        known
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_knows_its_own_writes_and_reads_and_no_other_s() {
        let mut sessions = Sessions::new(2);
        sessions.wrote(1, 7, 4);
        assert_eq!(sessions.read(0, 7, 3), KnownVersions::default());
        assert_eq!(sessions.read(1, 7, 3), KnownVersions { written: 4, read: 0 });
        assert_eq!(sessions.read(1, 7, 2), KnownVersions { written: 4, read: 3 });
        assert_eq!(sessions.read(1, 7, 9), KnownVersions { written: 4, read: 3 });
        assert_eq!(sessions.read(1, 8, 1), KnownVersions::default());
    }

    #[test]
    fn a_later_key_takes_the_place_of_an_earlier() {
        let mut sessions = Sessions::new(1);
        for key in 0..100_000 {
            sessions.wrote(0, key, 2);
        }
        // From the last on: who is asked for takes a place, too.
        let known = (0..100_000).rev().filter(|&key| sessions.read(0, key, 2).written == 2).count();
        assert!(known > 0 && known <= KEYS as usize, "{known}");
    }

    #[test]
    fn very_many_sessions_remember_fewer_keys_each() {
        assert_eq!([1, 4_096, 4_097, 100_000].map(keys_remembered), [1_024, 1_024, 512, 32]);
    }
}
