//! The formula for operations that overlap, against clients of a simulated stack that keep each other waiting.

use cachemark_core::HitModel;
use cachemark_workload::predict::{Overlap, Popularity, warm};
use cachemark_workload::{KeyDistribution, Mix, OpStream, OperationKind, Seed, ValueSize, WorkloadSpec};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet, VecDeque};

const KEYS: u64 = 5_000;
const WARM_UP: u64 = 150_000;
const OPERATIONS: u64 = 350_000;

/// How long a hit, a load and a write take, on average.
#[derive(Clone, Copy, Debug)]
struct Times {
    hit: u64,
    load: u64,
    write: u64,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    /// The client's operation has ended.
    Next(u32),
    /// A load of cache-aside.
    Loaded {
        client: u32,
        key: u64,
    },
    /// A load of a tier, by its number: it fills once it has the key's lock.
    Flown {
        key: u64,
        flight: u64,
    },
    Written {
        client: u32,
        key: u64,
    },
}

/// What waits for a key's lock.
enum Waiting {
    Write(u32),
    Fill(u64),
}

struct Flight {
    key: u64,
    superseded: bool,
    readers: Vec<u32>,
}

/// Cache-aside, or with `tier` read-through: one load for all who wait, writers under the key's lock, loads that a write
/// has overtaken dropped.
struct Stack {
    tier: bool,
    times: Times,
    now: u64,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    streams: Vec<OpStream>,
    cached: HashSet<u64>,
    flights: HashMap<u64, Flight>,
    boarding: HashMap<u64, u64>,
    locks: HashMap<u64, VecDeque<Waiting>>,
    began: Vec<u64>,
    issued: u64,
    /// Reads, hits, time of misses, writes, time of writes; when counting began.
    counted: [u64; 5],
    since: u64,
}

impl Stack {
    fn after(&mut self, time: u64, event: Event) {
        self.events.push(Reverse((self.now + time, self.issued + self.events.len() as u64, event)));
    }

    /// Between half of it and one and a half, by the operation's number.
    fn about(&self, time: u64) -> u64 {
        time / 2 + time * (self.issued.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54) / 1024
    }

    fn issue(&mut self, client: u32) {
        self.issued += 1;
        if self.issued == WARM_UP {
            (self.counted, self.since) = ([0; 5], self.now);
        }
        self.began[client as usize] = self.now;
        let operation = self.streams[client as usize].next_operation();
        let key = operation.key;
        if operation.kind == OperationKind::Write {
            return if self.tier {
                self.lock(key, Waiting::Write(client));
            } else {
                self.after(self.about(self.times.write), Event::Written { client, key });
            };
        }
        self.counted[0] += 1;
        if self.cached.contains(&key) {
            self.counted[1] += 1;
            self.after(self.about(self.times.hit), Event::Next(client));
        } else if !self.tier {
            self.after(self.about(self.times.load), Event::Loaded { client, key });
        } else if let Some(flight) = self.boarding.get(&key) {
            self.flights.get_mut(flight).unwrap().readers.push(client);
        } else {
            let flight = self.issued;
            self.flights.insert(flight, Flight { key, superseded: false, readers: vec![client] });
            self.boarding.insert(key, flight);
            self.after(self.about(self.times.load), Event::Flown { key, flight });
        }
    }

    fn lock(&mut self, key: u64, waiting: Waiting) {
        let line = self.locks.entry(key).or_default();
        line.push_back(waiting);
        if line.len() == 1 {
            self.turn(key);
        }
    }

    /// The first in the line of `key` has its lock.
    fn turn(&mut self, key: u64) {
        match self.locks.get(&key).and_then(VecDeque::front) {
            None => drop(self.locks.remove(&key)),
            Some(&Waiting::Write(client)) => self.after(self.about(self.times.write), Event::Written { client, key }),
            Some(&Waiting::Fill(flight)) => {
                let flight_ended = self.flights.remove(&flight).unwrap();
                if !flight_ended.superseded {
                    self.cached.insert(flight_ended.key);
                    self.boarding.remove(&key);
                }
                for reader in flight_ended.readers {
                    self.counted[2] += self.now - self.began[reader as usize];
                    self.after(0, Event::Next(reader));
                }
                self.unlock(key);
            }
        }
    }

    fn unlock(&mut self, key: u64) {
        self.locks.get_mut(&key).unwrap().pop_front();
        self.turn(key);
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Next(client) => self.issue(client),
            Event::Loaded { client, key } => {
                self.cached.insert(key);
                self.counted[2] += self.now - self.began[client as usize];
                self.issue(client);
            }
            Event::Flown { key, flight } => self.lock(key, Waiting::Fill(flight)),
            Event::Written { client, key } => {
                self.cached.remove(&key);
                self.counted[3] += 1;
                self.counted[4] += self.now - self.began[client as usize];
                if self.tier {
                    if let Some(flight) = self.boarding.remove(&key) {
                        self.flights.get_mut(&flight).unwrap().superseded = true;
                    }
                    self.unlock(key);
                }
                self.issue(client);
            }
        }
    }
}

/// The hit ratio, and how the operations overlapped.
fn simulate(tier: bool, clients: u32, read_ratio: f64, times: Times) -> (f64, Overlap) {
    let zipf = KeyDistribution::Zipf { exponent: 0.99 };
    let spec = WorkloadSpec::new(KEYS, zipf, Mix::of_reads(read_ratio), ValueSize::Fixed { bytes: 100 }).unwrap();
    let streams = (0..clients).map(|client| OpStream::new(&spec, Seed::new(3), 0, client)).collect();
    let mut stack = Stack {
        tier,
        times,
        now: 0,
        events: BinaryHeap::new(),
        streams,
        cached: HashSet::new(),
        flights: HashMap::new(),
        boarding: HashMap::new(),
        locks: HashMap::new(),
        began: vec![0; clients as usize],
        issued: 0,
        counted: [0; 5],
        since: 0,
    };
    (0..clients).for_each(|client| stack.issue(client));
    while stack.issued < OPERATIONS {
        let Reverse((now, _, event)) = stack.events.pop().unwrap();
        stack.now = now;
        stack.happen(event);
    }
    let [reads, hits, missed, writes, wrote] = stack.counted.map(|count| count as f64);
    let overlap = Overlap {
        ops_per_s: (OPERATIONS - WARM_UP) as f64 / (stack.now - stack.since) as f64 * 1e9,
        clients: Some(clients),
        load_s: missed / (reads - hits) / 1e9,
        write_s: wrote / writes / 1e9,
    };
    (hits / reads, overlap)
}

#[test]
fn operations_that_overlap_hit_as_often_as_predicted() {
    let popularity = Popularity::of(KeyDistribution::Zipf { exponent: 0.99 }, KEYS);
    let mut moved: f64 = 0.0;
    for (tier, model) in [(false, HitModel::InvalidatedByWrites), (true, HitModel::InvalidatedWithLoads)] {
        for (clients, within) in [(8, 0.015), (16, 0.03)] {
            for read_ratio in [0.5, 0.9] {
                for (hit, load, write) in [(10, 1_000, 1_000), (200, 1_000, 3_000), (200, 4_000, 2_000)] {
                    let times = Times { hit, load, write };
                    let (seen, overlap) = simulate(tier, clients, read_ratio, times);
                    let predicted = warm(&popularity, read_ratio, model, None, Some(overlap)).hit_ratio;
                    let case = format!("{model:?}, {clients} clients, read ratio {read_ratio}, {times:?}");
                    assert!((seen - predicted).abs() < within, "{case}: {seen:.4}, predicted {predicted:.4}");
                    moved = moved.max(read_ratio - seen);
                }
            }
        }
    }
    // What the formula is for: one operation at a time would be this far off.
    assert!(moved > 0.08, "{moved}");
}
