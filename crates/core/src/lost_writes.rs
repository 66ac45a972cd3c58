//! What a drain could not bring into the store.

use crate::{OpError, StoreError};
use std::fmt;
use std::time::Duration;

/// Keys of which the store may lack the last write that a strategy has acknowledged, because it could not bring it there. They are
/// what an audit counts as lost: a write that a later one of its key was written over in the store is not lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostWrites {
    /// Keys whose last acknowledged write was still queued when the time was over. What was being written then may have come into the store.
    pub queued_keys: u64,
    /// Keys whose last acknowledged write the store refused for good.
    pub refused_keys: u64,
    /// Acknowledged writes of all these keys that the store has none of: besides the last, those that it took the place of in the queue.
    pub writes: u64,
    /// How long those that were queued were waited for.
    pub waited: Duration,
    /// What the store said, if it said anything.
    pub said: Option<StoreError>,
    /// How what was drained beside it ended, where that did not come to rest.
    pub unfinished: Option<Box<OpError>>,
}

impl fmt::Display for LostWrites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { queued_keys, refused_keys, writes, waited, said, unfinished } = self;
        let keys = self.keys();
        write!(f, "the store may lack the last acknowledged write of {keys} keys (of {writes} acknowledged writes): ")?;
        let queued = (*queued_keys > 0).then(|| format!("{queued_keys} were still queued after {waited:?}"));
        let refused = (*refused_keys > 0).then(|| format!("{refused_keys} were refused by it"));
        f.write_str(&queued.into_iter().chain(refused).collect::<Vec<_>>().join(", "))?;
        said.as_ref().map_or(Ok(()), |said| write!(f, " ({said})"))?;
        unfinished.as_ref().map_or(Ok(()), |error| write!(f, "; and not all came to rest: {error}"))
    }
}

impl std::error::Error for LostWrites {}

impl LostWrites {
    /// How many keys there are. One that several instances have lost a write of counts for each.
    #[must_use]
    pub fn keys(&self) -> u64 {
        self.queued_keys + self.refused_keys
    }

    /// What one instance has lost and what another has, together.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self {
            queued_keys: self.queued_keys + other.queued_keys,
            refused_keys: self.refused_keys + other.refused_keys,
            writes: self.writes + other.writes,
            waited: self.waited.max(other.waited),
            said: self.said.or(other.said),
            unfinished: self.unfinished.or(other.unfinished),
        }
    }

    /// The same beside something that did not come to rest.
    #[must_use]
    pub fn beside(self, unfinished: OpError) -> Self {
        Self { unfinished: self.unfinished.or(Some(Box::new(unfinished))), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> LostWrites {
        let waited = Duration::from_secs(10);
        LostWrites { queued_keys: 3, refused_keys: 1, writes: 9, waited, said: None, unfinished: None }
    }

    fn both(one: &OpError, other: &OpError) -> OpError {
        OpError::of_drains(Err(one.clone()), Err(other.clone())).unwrap_err()
    }

    #[test]
    fn lost_writes_are_told_by_keys_with_what_the_store_said() {
        let text = "the store may lack the last acknowledged write of 4 keys (of 9 acknowledged writes): 3 were still queued after 10s, \
                    1 were refused by it";
        assert_eq!(lost().to_string(), text);
        let refused = LostWrites { queued_keys: 0, ..lost() };
        assert!(
            refused.to_string().ends_with("of 1 keys (of 9 acknowledged writes): 1 were refused by it"),
            "{refused}"
        );
        let said = Some(StoreError::Unavailable("refused".into()));
        let error = OpError::Lost(Box::new(LostWrites { said, ..lost() }));
        assert_eq!(error.to_string(), format!("{text} (the store cannot be reached: refused)"));
        assert!(error.is_unknown());
    }

    #[test]
    fn what_several_have_lost_is_summed_and_what_is_unfinished_hides_nothing() {
        let error = OpError::Lost(Box::new(lost()));
        let OpError::Lost(summed) = both(&error, &error) else { panic!("no loss") };
        assert_eq!((summed.queued_keys, summed.refused_keys, summed.writes), (6, 2, 18));
        assert_eq!(OpError::of_drains(Ok(()), Err(error.clone())), Err(error.clone()));
        assert!(OpError::is_at_rest(&Err(error.clone())) && OpError::is_at_rest(&Ok(())));
        for ended in [both(&OpError::Deadline, &error), both(&error, &OpError::Deadline)] {
            assert_eq!(ended, OpError::Lost(Box::new(lost().beside(OpError::Deadline))));
            assert!(!OpError::is_at_rest(&Err(ended.clone())));
            let rest = "; and not all came to rest: no answer by the operation's deadline";
            assert!(ended.to_string().ends_with(rest), "{ended}");
            let OpError::Lost(three) = both(&ended, &error) else { panic!("no loss") };
            assert!(three.keys() == 8 && three.unfinished.is_some());
        }
        assert!(!OpError::is_at_rest(&Err(OpError::Deadline)));
        assert_eq!(both(&OpError::Deadline, &OpError::Deadline), OpError::Deadline);
    }
}
