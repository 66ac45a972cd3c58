//! The last change that was acknowledged of a key, in one word.
//!
//! The high half is its version's number. The low half says which of the versions that share the number it is, in as many bits as tell
//! that, and then what it was: a delete, or which write. So the word of the higher version is the greater one.

use super::numbers::Numbers;
use cachemark_core::{Version, WriteId};

/// What it was is not known: several were acknowledged as that version, or one whose write has no mark.
const UNKNOWN: u32 = 0;
const DELETE: u32 = 1;

/// A change that was acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct LastChange {
    word: u64,
    /// How many bits of it say what it was.
    bits: u32,
}

impl LastChange {
    /// The write with the [mark](mark_of); 0 where it has none.
    pub(super) fn write(numbers: &Numbers, (number, version): (u32, Version), mark: u32) -> Self {
        Self::new(numbers, (number, version), |bits| if mark == 0 { UNKNOWN } else { of_write(mark, bits) })
    }

    pub(super) fn delete(numbers: &Numbers, (number, version): (u32, Version)) -> Self {
        Self::new(numbers, (number, version), |_| DELETE)
    }

    fn new(numbers: &Numbers, (number, version): (u32, Version), what: impl Fn(u32) -> u32) -> Self {
        let bits = u32::BITS - numbers.shared_log2(number);
        let place = version.0.saturating_sub(numbers.version(number));
        Self { word: u64::from(number) << 32 | place << bits | u64::from(what(bits)), bits }
    }

    /// What a word of the table says.
    pub(super) fn of_word(numbers: &Numbers, word: u64) -> Self {
        Self { word, bits: u32::BITS - numbers.shared_log2((word >> 32) as u32) }
    }

    /// What the word of a key becomes by this change; none if it stays.
    pub(super) fn over(self, there: u64) -> Option<u64> {
        let unknown = self.word >> self.bits << self.bits;
        match (there >> self.bits).cmp(&(self.word >> self.bits)) {
            std::cmp::Ordering::Less => Some(self.word),
            std::cmp::Ordering::Equal => (there != self.word).then_some(unknown),
            std::cmp::Ordering::Greater => None,
        }
    }

    pub(super) fn number(self) -> u32 {
        (self.word >> 32) as u32
    }

    pub(super) fn version(self, numbers: &Numbers) -> u64 {
        numbers.version(self.number()) + u64::from(self.word as u32 >> (self.bits - 1) >> 1)
    }

    /// Whether it was a delete; none if that is not known.
    pub(super) fn is_delete(self) -> Option<bool> {
        let what = self.what();
        (what != UNKNOWN).then_some(what == DELETE)
    }

    /// Which write it was; none if that is not known, or a delete.
    pub(super) fn mark(self) -> Option<Mark> {
        let (what, bits) = (self.what(), self.bits);
        (what > DELETE).then_some(Mark { what, bits })
    }

    fn what(self) -> u32 {
        (self.word & ((1 << self.bits) - 1)) as u32
    }
}

/// What is kept to know a write by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    what: u32,
    bits: u32,
}

impl Mark {
    /// Whether it can be the mark of that write. By chance it is that of one other in two thousand million, where versions have numbers of
    /// their own; in two million, where microseconds have.
    pub(crate) fn can_be_of(self, write: WriteId) -> bool {
        self.what == of_write(mark_of(write), self.bits)
    }
}

/// What tells one write of a key from another, in 32 bits: never 0. Two of four thousand millions have the same.
pub(super) fn mark_of(write: WriteId) -> u32 {
    let mixed = (write.sequence ^ u64::from(write.session).rotate_right(16)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as u32 | 1
}

/// So many bits of the mark.
fn of_write(mark: u32, bits: u32) -> u32 {
    mark >> (u32::BITS - bits) | DELETE << 1
}

#[cfg(test)]
mod tests {
    use super::super::numbers::Versions;
    use super::*;
    use std::time::Duration;

    const NOW: u64 = 1_790_000_000_000_000 * Version::A_MICROSECOND;

    /// The numbers of versions that a strategy or the store gives, and the word of a key after changes: a session's write, or a delete.
    fn after(versions: Versions, changes: &[(u64, Option<u32>)]) -> (Numbers, LastChange) {
        let numbers = Numbers::new(versions, Duration::from_secs(10));
        let word = changes.iter().fold(0, |word, (version, session)| {
            let version = Version(*version);
            let at = (numbers.of(version).unwrap(), version);
            let change = match session {
                Some(session) => LastChange::write(&numbers, at, mark_of(write(*session))),
                None => LastChange::delete(&numbers, at),
            };
            change.over(word).unwrap_or(word)
        });
        let last = LastChange::of_word(&numbers, word);
        (numbers, last)
    }

    fn write(session: u32) -> WriteId {
        WriteId { session, sequence: 7 }
    }

    #[test]
    fn the_change_with_the_highest_version_stays_in_whatever_order_they_come() {
        // Of one microsecond, and of two; and what a store counts.
        for (versions, first, step) in
            [(Versions::OfStrategy, NOW, 1), (Versions::OfStrategy, NOW, 1_500), (Versions::OfStore, 5, 1)]
        {
            let (one, other) = ((first, Some(1)), (first + step, Some(2)));
            for changes in [[one, other], [other, one]] {
                let (numbers, last) = after(versions, &changes);
                assert_eq!(last.version(&numbers), first + step);
                let mark = last.mark().unwrap();
                assert_eq!([1, 2, 3].map(|session| mark.can_be_of(write(session))), [false, true, false]);
                assert_eq!(last.is_delete(), Some(false));
            }
        }
    }

    #[test]
    fn a_delete_is_told_from_a_write_in_the_same_microsecond() {
        let (_, last) = after(Versions::OfStrategy, &[(NOW + 3, None), (NOW + 2, Some(1))]);
        assert_eq!((last.is_delete(), last.mark()), (Some(true), None));
        let (numbers, last) = after(Versions::OfStrategy, &[(NOW + 3, None), (NOW + 4, Some(1))]);
        assert_eq!((last.is_delete(), last.version(&numbers)), (Some(false), NOW + 4));
    }

    #[test]
    fn of_two_that_were_acknowledged_as_one_version_nobody_knows_which_it_was() {
        for other in [Some(2), None] {
            let (numbers, last) = after(Versions::OfStrategy, &[(NOW, Some(1)), (NOW, other), (NOW, Some(1))]);
            assert_eq!((last.is_delete(), last.mark(), last.version(&numbers)), (None, None, NOW));
        }
        let (_, last) = after(Versions::OfStrategy, &[(NOW, Some(1)), (NOW, Some(1))]);
        assert!(last.mark().is_some(), "one write, told twice");
    }
}
