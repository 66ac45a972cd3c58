//! An open loop on one driver thread: operations start when their time has come, whether or not others have ended.

use super::asked::Asked;
use super::client::{Arrival, Client, OPERATIONS_A_TURN};
use super::failure::Panics;
use super::free::FreeSessions;
use super::pacer::{Paced, Pacer};
use crate::definition::{OpenLoopOptions, WhenFull};
use crate::instrument::Recorder;
use crate::observer::StopFlag;
use crate::timeline::Window;
use cachemark_core::{Clock, SystemClock};
use cachemark_workload::{Arrivals, OpStream, Operation};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::LocalSet;

/// What one driver thread needs to drive its share of the arrivals.
pub(super) struct OpenLoop<'a, T> {
    /// The sessions: as many operations may be in flight.
    pub(super) sessions: Vec<Rc<Client<T>>>,
    /// The thread's operations, in the order of its arrivals: no answer changes what is asked next.
    pub(super) operations: OpStream,
    pub(super) arrivals: Arrivals,
    pub(super) options: OpenLoopOptions,
    pub(super) window: &'a Window,
    pub(super) recorder: Rc<RefCell<Recorder>>,
    pub(super) clock: SystemClock,
    /// How long arrivals that wait at the window's end are still sent.
    pub(super) grace: Duration,
    pub(super) stop: StopFlag,
}

/// Sessions with nothing in flight, and word of those that come back.
struct Free<T> {
    sessions: RefCell<FreeSessions<Rc<Client<T>>>>,
    returned: Notify,
    panics: Panics,
}

impl<T: Asked> OpenLoop<'_, T> {
    /// Drives arrivals from `began_ns` on until the window ends, and waits for what is in flight then.
    pub(super) async fn run(mut self, began_ns: u64, pacer: &Pacer) -> io::Result<()> {
        let tasks = LocalSet::new();
        let sessions = std::mem::take(&mut self.sessions).into_iter().map(|session| (session.instance, session));
        let sessions = RefCell::new(FreeSessions::new(sessions));
        let free = Rc::new(Free { sessions, returned: Notify::new(), panics: Panics::new(&self.stop) });
        let paced = tasks.run_until(self.pace(began_ns, pacer, &tasks, &free)).await;
        self.recorder.borrow_mut().window_over();
        tasks.await;
        free.panics.go_on();
        paced
    }

    async fn pace(&mut self, began_ns: u64, pacer: &Pacer, tasks: &LocalSet, free: &Rc<Free<T>>) -> io::Result<()> {
        // From an arrival that waits for a session on, until the loop has caught up: what is due meanwhile waits behind it.
        let mut held_up = false;
        let mut at_once = 0;
        for sequence in 0.. {
            // Behind schedule nothing is waited for, and answers that have come would wait for all that is due.
            if at_once == OPERATIONS_A_TURN {
                at_once = 0;
                tokio::task::yield_now().await;
                if self.is_grace_over() {
                    self.give_up(began_ns);
                    return Ok(());
                }
            }
            let intended_ns = began_ns.saturating_add(self.arrivals.next_ns());
            match pacer.until(intended_ns, self.window).await? {
                Paced::Stopped => return Ok(()),
                Paced::Slept => (at_once, held_up) = (0, false),
                Paced::AtOnce => at_once += 1,
            }
            if intended_ns >= self.window.end() {
                return Ok(());
            }
            let idle = free.sessions.borrow_mut().take();
            let session = match idle {
                Some(session) => Some(session),
                None if self.options.when_full == WhenFull::Shed => None,
                None => {
                    held_up = true;
                    self.wait_for(free).await
                }
            };
            if session.is_none() && self.stop.is_stopped() {
                return Ok(());
            }
            let operation = self.operations.next_operation();
            let measured = self.recorder.borrow_mut().arrive(intended_ns);
            match session {
                Some(session) => {
                    if held_up {
                        self.recorder.borrow_mut().late(measured);
                    }
                    let arrival = Arrival { sequence, intended_ns, measured, held_up };
                    self.start(tasks, session, free, operation, arrival).await;
                }
                None if self.options.when_full == WhenFull::Shed => self.recorder.borrow_mut().shed(measured),
                None => {
                    self.recorder.borrow_mut().unsent(measured);
                    self.give_up(began_ns);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Runs an operation up to its first wait, here and now and not after the timer for the next arrival was set; what is
    /// left of it goes on as a task. One that never waits needs none.
    async fn start(
        &self,
        tasks: &LocalSet,
        session: Rc<Client<T>>,
        free: &Rc<Free<T>>,
        operation: Operation,
        arrival: Arrival,
    ) {
        let (recorder, free) = (Rc::clone(&self.recorder), Rc::clone(free));
        let mut running = Box::pin(async move {
            free.panics.catch(session.arrive(operation, arrival, &recorder)).await;
            free.sessions.borrow_mut().put(session.instance, session);
            free.returned.notify_one();
        });
        let ended = std::future::poll_fn(|context| Poll::Ready(running.as_mut().poll(context).is_ready())).await;
        if !ended {
            tasks.spawn_local(running);
        }
    }

    /// The next session that is free; none if there is none until the window and the grace are over, or the trial is stopped.
    async fn wait_for(&self, free: &Free<T>) -> Option<Rc<Client<T>>> {
        loop {
            if let Some(session) = free.sessions.borrow_mut().take() {
                return Some(session);
            }
            // Looked at anew from time to time: the window may not have been known before.
            let _ = tokio::time::timeout(Duration::from_millis(10), free.returned.notified()).await;
            if self.is_grace_over() || self.stop.is_stopped() {
                return None;
            }
        }
    }

    /// Whether what is not sent by now never is. The client may be as far behind as the stack.
    fn is_grace_over(&self) -> bool {
        let grace_ns = u64::try_from(self.grace.as_nanos()).unwrap_or(u64::MAX);
        self.clock.now_ns() >= self.window.end().saturating_add(grace_ns)
    }

    /// Counts the arrivals of the window that are left.
    fn give_up(&mut self, began_ns: u64) {
        let mut recorder = self.recorder.borrow_mut();
        while !self.stop.is_stopped() {
            let intended_ns = began_ns.saturating_add(self.arrivals.next_ns());
            if intended_ns >= self.window.end() {
                return;
            }
            let measured = recorder.arrive(intended_ns);
            recorder.unsent(measured);
        }
    }
}
