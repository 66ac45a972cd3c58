//! The load of one trial on a scripted clock: the same clients and the same recorder on one thread, and time that passes only
//! where a part takes some. The same load comes out the same to the byte: what the golden record needs.

use super::asked::Asked;
use super::client::Scanned;
use super::driver::{Driven, Driver};
use super::failure::DriveError;
use super::load::Load;
use super::thread::sessions;
use crate::instrument::Instruments;
use crate::timeline::{Timeline, nanos};
use cachemark_core::{Clock, OpContext};
use cachemark_workload::{KeyPass, OpStream};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep_until};

/// Operations of each client before the window, and how many make a window of the warm-up.
const WARM_UP: usize = 50;
const WINDOW: u64 = 5;
/// The warm-up's stream and sequences, beyond those of the load.
const SESSIONS: u32 = 1 << 30;
const SEQUENCES: u64 = 1 << 41;

/// The time of the runtime, which is paused: it moves on when everybody waits.
#[derive(Debug, Clone, Copy)]
struct RuntimeClock {
    origin: Instant,
}

impl Clock for RuntimeClock {
    fn now_ns(&self) -> u64 {
        nanos(self.origin.elapsed())
    }
}

/// Drives a closed loop, as [`DriverThreads`](super::DriverThreads) does, on a runtime of its own. Every call to a part has to
/// take time: a client whose operations take none would never come to the window's end.
pub(crate) struct Scripted;

impl<T: Asked> Driver<T> for Scripted {
    fn drive(
        &self,
        load: &Arc<Load<T>>,
        timeline: &Timeline,
        instruments: &mut Instruments<'_>,
    ) -> Result<Driven, DriveError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        Ok(runtime.block_on(run(load, timeline, instruments)))
    }
}

async fn run<T: Asked>(load: &Arc<Load<T>>, timeline: &Timeline, instruments: &mut Instruments<'_>) -> Driven {
    let clock = RuntimeClock { origin: Instant::now() };
    let recorder = Rc::new(RefCell::new(instruments.threads().pop().unwrap()));
    let clients = sessions(load, 0, (clock, clock.origin), load.driving.clients);
    let scanned = RefCell::<Scanned>::default();
    for client in &clients {
        let share = load.warm_up.share(client.session, load.driving.clients);
        let keys = KeyPass::new(&load.spec, load.seed, load.block, share).map(|operation| operation.key);
        client.scan(keys, u64::MAX, &scanned).await;
    }
    let scanned_ns = clock.now_ns();
    recorder.borrow_mut().watch_warm_up(WINDOW);
    for client in &clients {
        let operations = OpStream::new(&load.spec, load.seed, load.block, SESSIONS + client.session).take(WARM_UP);
        client.warm(operations, SEQUENCES, None, || true, &recorder).await;
    }
    recorder.borrow_mut().unwatch_warm_up((WARM_UP * clients.len()) as u64 / WINDOW);

    let start_ns = clock.now_ns();
    timeline.open_at(start_ns, &clock);
    let tasks = LocalSet::new();
    for client in &clients {
        let operations = OpStream::new(&load.spec, load.seed, load.block, client.session);
        let (client, window, recorder) = (Rc::clone(client), Arc::clone(timeline.window()), Rc::clone(&recorder));
        tasks.spawn_local(async move { client.run(operations, &window, recorder).await });
    }
    let watched = async {
        for moment in timeline.moments() {
            let at_ns = timeline.at_ns(moment);
            if clock.now_ns() < at_ns {
                sleep_until(clock.origin + Duration::from_nanos(at_ns)).await;
            }
            instruments.moment(moment.what);
        }
    };
    tasks.run_until(watched).await;
    tasks.await;
    let drained_ns = clock.now_ns();
    drop(clients);
    for instance in &load.instances {
        instance.drain(&OpContext::new(0)).await.unwrap();
    }

    let mut recorded = Rc::into_inner(recorder).unwrap().into_inner().finish();
    let scanned = scanned.into_inner();
    recorded.scanned(scanned.issued, scanned.bad_stamps, &scanned.errors);
    Driven {
        recorded,
        window_began: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        scan: Duration::from_nanos(scanned_ns),
        warm_up: Duration::from_nanos(start_ns - scanned_ns),
        cut_short: false,
        drain: Duration::from_nanos(drained_ns - timeline.window().end()),
        client_cpu: Some(0.25),
        drained: Ok(()),
        remarks: Vec::new(),
    }
}
