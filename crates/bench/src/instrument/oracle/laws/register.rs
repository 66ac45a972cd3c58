//! Soundness: over a linearizable register nothing is ever told against a read, however operations overlap.

use super::super::OfThread;
use super::super::known::Known;
use super::{TRIAL, is_spotless, oracle};
use crate::instrument::{Ended, Outcome};
use cachemark_core::{ErrorKind, Source, Stamp, Version, WriteId};
use cachemark_workload::{OperationKind, PRELOAD_TRIAL};
use proptest::prelude::*;

const KEYS: u64 = 3;
const SESSIONS: usize = 5;

/// A row: its version, and who wrote its value, if it has one.
#[derive(Debug, Clone, Copy)]
struct Row {
    version: u64,
    value: Option<Stamp>,
}

/// What a session is at.
#[derive(Debug, Clone, Copy)]
struct UnderWay {
    operation: OperationKind,
    key: u64,
    known: Known,
    started_ns: u64,
    /// What it found or made, once it took effect.
    took: Option<Row>,
}

#[derive(Debug)]
struct World {
    rows: [Row; KEYS as usize],
    parts: Vec<OfThread>,
    sessions: [Option<UnderWay>; SESSIONS],
    /// Writes whose client has gone, and which may be carried out at any time.
    left_behind: Vec<(u64, Option<Stamp>)>,
    now_ns: u64,
    sequence: u64,
}

fn stamp(trial: u32, session: usize, sequence: u64) -> Stamp {
    Stamp { trial, key: 0, write_id: WriteId { session: session as u32, sequence } }
}

impl World {
    fn step(&mut self, session: usize, choice: u8, key: u64) {
        self.now_ns += 7_000;
        self.sequence += 1;
        match self.sessions[session] {
            None => self.begin(session, choice, key),
            Some(under_way) if under_way.took.is_none() => self.take_effect(session, under_way, choice),
            Some(under_way) => self.end(session, under_way, choice),
        }
        if choice.is_multiple_of(7)
            && let Some((key, value)) = self.left_behind.pop()
        {
            self.change(key, value);
        }
    }

    fn begin(&mut self, session: usize, choice: u8, key: u64) {
        let operation = OperationKind::ALL[usize::from(choice % 3)];
        let known = self.part(session).known(operation, key);
        self.sessions[session] = Some(UnderWay { operation, key, known, started_ns: self.now_ns, took: None });
    }

    fn change(&mut self, key: u64, value: Option<Stamp>) -> Row {
        let row = &mut self.rows[key as usize];
        *row = Row { version: row.version + 1, value };
        *row
    }

    /// The register does it, or, of a change, the client gives up first.
    fn take_effect(&mut self, session: usize, under_way: UnderWay, choice: u8) {
        let value = match under_way.operation {
            OperationKind::Read => {
                let took = Some(self.rows[under_way.key as usize]);
                self.sessions[session] = Some(UnderWay { took, ..under_way });
                return;
            }
            OperationKind::Write => Some(stamp(TRIAL, session, self.sequence)),
            OperationKind::Delete => None,
        };
        if choice.is_multiple_of(5) {
            self.left_behind.push((under_way.key, value));
            return self.tell(session, under_way, Outcome::Unknown(ErrorKind::Timeout), None);
        }
        let took = Some(self.change(under_way.key, value));
        self.sessions[session] = Some(UnderWay { took, ..under_way });
    }

    /// The client hears of it, or does not.
    fn end(&mut self, session: usize, under_way: UnderWay, choice: u8) {
        let heard = !choice.is_multiple_of(5);
        let outcome = if heard { Outcome::Ok } else { Outcome::Unknown(ErrorKind::ConnectionLost) };
        self.tell(session, under_way, outcome, under_way.took.filter(|_| heard));
    }

    fn tell(&mut self, session: usize, under_way: UnderWay, outcome: Outcome, row: Option<Row>) {
        let UnderWay { operation, key, known, started_ns, .. } = under_way;
        let is_read = operation == OperationKind::Read;
        let ended = Ended {
            operation,
            key,
            session: session as u32,
            source: is_read.then_some(Source::Hit),
            outcome,
            version: row.map(|row| Version(row.version)),
            stamped: row.and_then(|row| row.value).filter(|_| is_read).map(Ok),
            known,
            cache: None,
            intended_ns: None,
            started_ns,
            ended_ns: self.now_ns,
            measured: true,
            hops: None,
        };
        self.part(session).ended(&ended);
        self.sessions[session] = None;
    }

    fn part(&mut self, session: usize) -> &mut OfThread {
        let threads = self.parts.len();
        &mut self.parts[session % threads]
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]
    #[test]
    fn nothing_is_told_against_a_linearizable_register(
        steps in prop::collection::vec((0..SESSIONS, any::<u8>(), 0..KEYS), 0..300),
    ) {
        let watching = oracle(KEYS);
        let rows = [0, 1, 2].map(|key| Row { version: 1, value: Some(stamp(PRELOAD_TRIAL, 0, key)) });
        let parts = vec![watching.thread(), watching.thread()];
        let sessions = [None; SESSIONS];
        let mut world = World { rows, parts, sessions, left_behind: Vec::new(), now_ns: 0, sequence: 0 };
        for (session, choice, key) in steps {
            world.step(session, choice, key);
        }
        let mut seen = super::super::Seen::default();
        world.parts.into_iter().for_each(|part| seen.merge(part.finish()));
        let (freshness, ages) = watching.finish(seen);
        prop_assert!(is_spotless(&freshness), "{freshness:?}");
        prop_assert_eq!((freshness.judged, ages), (freshness.reads, None));
    }
}
