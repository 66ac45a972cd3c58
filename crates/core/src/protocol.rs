//! What a strategy does in each operation, step by step: what an operation costs, and what the diagram of its page shows.

/// One step of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A call to the cache: `get`, `set`, `set-if-newer`, `delete`, ..
    Cache(&'static str),
    /// A call to the store: `read`, `write`, `delete`, ..
    Store(&'static str),
    /// What the strategy does by itself: takes a lock, begins a load that others join.
    Own(&'static str),
    /// The client has its answer, and waits for nothing that follows.
    Answer,
}

/// The steps of each operation with the defaults of a strategy's settings, where nothing fails and nobody else is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protocol {
    /// A read that the cache answers; without steps where no read asks one.
    pub hit: &'static [Step],
    /// A read that the store answers.
    pub miss: &'static [Step],
    /// A write.
    pub write: &'static [Step],
    /// A delete.
    pub delete: &'static [Step],
}

/// How many calls an operation makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// To the store.
    pub store: usize,
    /// To the cache.
    pub cache: usize,
}

impl Protocol {
    /// Of a part that says nothing of its steps.
    pub const NONE: Self = Self { hit: &[], miss: &[], write: &[], delete: &[] };

    /// Whether a write is answered before the store is asked for it.
    #[must_use]
    pub fn acknowledges_first(&self) -> bool {
        let mut before = self.write.iter().take_while(|step| **step != Step::Answer);
        let asked = |step: &Step| matches!(step, Step::Store(_));
        self.write.iter().any(asked) && !before.any(asked)
    }

    /// Each operation's name, with its steps; those without any are left out.
    pub fn operations(&self) -> impl Iterator<Item = (&'static str, &'static [Step])> + use<> {
        let all = [("hit", self.hit), ("miss", self.miss), ("write", self.write), ("delete", self.delete)];
        all.into_iter().filter(|(_, steps)| !steps.is_empty())
    }
}

impl Calls {
    /// Those that are made in `steps`.
    #[must_use]
    pub fn of(steps: &[Step]) -> Self {
        steps.iter().fold(Self::default(), |Self { store, cache }, step| match step {
            Step::Cache(_) => Self { store, cache: cache + 1 },
            Step::Store(_) => Self { store: store + 1, cache },
            Step::Own(_) | Step::Answer => Self { store, cache },
        })
    }
}

impl Step {
    /// The steps as people read them: `cache get, store read, cache set`; `nothing` where only the answer is left. The answer is
    /// told where something follows it.
    #[must_use]
    pub fn in_words(steps: &[Self]) -> String {
        let last = steps.len().saturating_sub(1);
        let told = steps.iter().enumerate().filter_map(|(at, step)| match step {
            Self::Cache(call) => Some(format!("cache {call}")),
            Self::Store(call) => Some(format!("store {call}")),
            Self::Own(what) => Some((*what).to_owned()),
            Self::Answer => (at < last).then(|| "answer".to_owned()),
        });
        let told = told.collect::<Vec<_>>().join(", ");
        if told.is_empty() { "nothing".into() } else { told }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_told_by_its_calls_and_by_what_follows_its_answer() {
        const BEHIND: &[Step] = &[Step::Own("line up"), Step::Cache("set"), Step::Answer, Step::Store("write")];
        assert_eq!(Step::in_words(BEHIND), "line up, cache set, answer, store write");
        assert_eq!(Calls::of(BEHIND), Calls { store: 1, cache: 1 });
        assert_eq!(Step::in_words(&[Step::Cache("get"), Step::Answer]), "cache get");
        assert_eq!(Step::in_words(&[Step::Answer]), "nothing");
        assert!(Protocol { write: BEHIND, ..Protocol::NONE }.acknowledges_first());
        for write in [&[Step::Answer][..], &[Step::Store("write"), Step::Answer]] {
            assert!(!Protocol { write, ..Protocol::NONE }.acknowledges_first(), "{write:?}");
        }
        let protocol = Protocol { miss: BEHIND, ..Protocol::NONE };
        assert_eq!(protocol.operations().collect::<Vec<_>>(), [("miss", BEHIND)]);
    }
}
