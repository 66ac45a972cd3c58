//! What was written and acknowledged. Every answer is judged by it, and what the store has in the end.
//!
//! It takes no more memory the longer it runs: of each key it knows the last few acknowledgements.

use cachemark_core::{Key, Row, Stamp, Value, Version, WriteId};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Acknowledgements of a key that are kept.
const KEPT: usize = 16;
/// Faults that are told in words; the others are counted.
const TOLD: usize = 5;
const PAYLOAD: [u8; 1024] = [b'x'; 1024];

/// A write, or a delete.
type What = Option<WriteId>;

pub(crate) struct Ledger {
    trial: u32,
    /// Keys that everybody reads and writes.
    keys: Vec<(Key, Mutex<Known>)>,
    /// How many writes each session has begun.
    begun: Vec<AtomicU64>,
    faults: Mutex<(Vec<String>, u64)>,
}

/// What was acknowledged of a key.
#[derive(Default)]
struct Known {
    /// The last few, in the order of their acknowledgement.
    kept: [(Version, What); KEPT],
    count: usize,
    newest: Version,
}

impl Known {
    /// What was acknowledged as `version`, as far as it is known: two instances may give one version to two writes.
    fn at(&self, version: Version) -> impl Iterator<Item = What> {
        let kept = self.kept.iter().take(self.count).filter(move |(known, _)| *known == version);
        kept.map(|(_, what)| *what)
    }
}

impl Ledger {
    pub(crate) fn new(trial: u32, keys: usize, sessions: usize) -> Self {
        let key = |number| (key(trial, &format!("{number}")), Mutex::default());
        let begun = (0..sessions).map(|_| AtomicU64::new(0)).collect();
        Self { trial, keys: (0..keys).map(key).collect(), begun, faults: Mutex::default() }
    }

    pub(crate) fn key(&self, place: usize) -> &Key {
        &self.keys[place].0
    }

    pub(crate) fn len(&self) -> usize {
        self.keys.len()
    }

    /// A key that one session writes once, and nobody has met before.
    pub(crate) fn passing(&self, session: u32, number: u64) -> Key {
        key(self.trial, &format!("{session}:{number}"))
    }

    /// A value for a key, which counts as begun from now on.
    pub(crate) fn begin(&self, key: &Key, session: u32) -> (WriteId, Value) {
        let sequence = self.begun[session as usize].fetch_add(1, Ordering::SeqCst);
        let write_id = WriteId { session, sequence };
        (write_id, Stamp { trial: self.trial, key: key.fingerprint(), write_id }.seal(&PAYLOAD))
    }

    pub(crate) fn acknowledged(&self, place: usize, version: Option<Version>, what: What) {
        let Some(version) = version else { return self.fault(format!("no version of {:?}", self.key(place))) };
        let mut known = self.keys[place].1.lock().unwrap();
        let at = known.count % KEPT;
        known.kept[at] = (version, what);
        known.count += 1;
        known.newest = known.newest.max(version);
    }

    /// Judges what was read of a key that everybody writes.
    pub(crate) fn judge(&self, place: usize, version: Option<Version>, value: Option<&Value>) {
        let (key, known) = &self.keys[place];
        let Some(version) = version else { return self.fault(format!("a read of {key:?} without a version")) };
        let Some(what) = self.stamped(key, value) else { return };
        let known: Vec<What> = known.lock().unwrap().at(version).collect();
        if !known.is_empty() && !known.contains(&what) {
            self.fault(format!("{key:?} was read as {what:?} at {version}, which was acknowledged as {known:?}"));
        }
    }

    /// Judges a value by itself; none if it is none that a session has begun to write.
    pub(crate) fn stamped(&self, key: &Key, value: Option<&Value>) -> Option<What> {
        let Some(value) = value else { return Some(None) };
        match Stamp::check(value, key) {
            Ok(stamp) if stamp.trial == self.trial && self.has_begun(stamp.write_id) => Some(Some(stamp.write_id)),
            Ok(stamp) => {
                self.fault(format!("{key:?} has a phantom: {stamp:?}"));
                None
            }
            Err(error) => {
                self.fault(format!("{key:?} is corrupt: {error}"));
                None
            }
        }
    }

    fn has_begun(&self, WriteId { session, sequence }: WriteId) -> bool {
        self.begun.get(session as usize).is_some_and(|begun| sequence < begun.load(Ordering::SeqCst))
    }

    /// Compares a key's row with what was acknowledged, now that all is over.
    pub(crate) fn compare(&self, place: usize, row: &Row) {
        let (key, known) = &self.keys[place];
        let (newest, last): (Version, Vec<What>) = {
            let known = known.lock().unwrap();
            (known.newest, known.at(known.newest).collect())
        };
        let Some(what) = self.stamped(key, row.value.as_ref()) else { return };
        if row.version < newest {
            self.fault(format!("{key:?}: a lost write: the store has {}, {newest} was acknowledged", row.version));
        } else if row.version > newest {
            self.fault(format!("{key:?}: nobody was acknowledged {}, which the store has", row.version));
        } else if newest > Version::NONE && !last.is_empty() && !last.contains(&what) {
            self.fault(format!("{key:?}: a lost write: the store has {what:?} at {newest}, acknowledged was {last:?}"));
        }
    }

    /// Judges what a cache holds of a key, now that all is over.
    pub(crate) fn compare_entry(&self, place: usize, version: Version, value: Option<&Value>) {
        let newest = self.keys[place].1.lock().unwrap().newest;
        if version > newest {
            self.fault(format!("{:?}: the cache has {version}, newest is {newest}", self.key(place)));
        }
        self.judge(place, Some(version), value);
    }

    pub(crate) fn fault(&self, what: String) {
        let (told, more) = &mut *self.faults.lock().unwrap();
        if told.len() < TOLD { told.push(what) } else { *more += 1 }
    }

    /// What was found wrong.
    pub(crate) fn faults(&self) -> Vec<String> {
        let (told, more) = &*self.faults.lock().unwrap();
        let more = (*more > 0).then(|| format!("and {more} more of these"));
        told.iter().cloned().chain(more).collect()
    }
}

fn key(trial: u32, name: &str) -> Key {
    Key::new(format!("cm:endurance:{trial}:{name}")).unwrap()
}
