//! What a test told a cache or store to do, and the carrying out of it.

use super::gate::GateState;
use super::when::{Match, Point};
use super::{Call, CallLog, Gate, Op, When};
use cachemark_core::{CacheError, Leased, OpContext, StoreError};
use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout_at};

/// The errors of caches and stores, as far as a script needs them.
pub(crate) trait ScriptError: Clone + Send + 'static {
    fn timeout(waited: Duration) -> Self;
    fn over() -> Self;
}

impl ScriptError for CacheError {
    fn timeout(waited: Duration) -> Self {
        Self::Timeout(waited)
    }

    fn over() -> Self {
        Self::Deadline
    }
}

impl ScriptError for StoreError {
    fn timeout(waited: Duration) -> Self {
        Self::Timeout(waited)
    }

    fn over() -> Self {
        Self::Deadline
    }
}

#[derive(Debug, Clone)]
enum Action<E> {
    Delay(Duration),
    Hold(Arc<GateState>),
    Fail(E),
    Panic(&'static str),
}

#[derive(Debug)]
struct Rule<E> {
    when: When,
    seen: u64,
    action: Action<E>,
}

/// The steps of one call before and after its effect.
#[derive(Debug)]
struct Steps<E> {
    before: Vec<Action<E>>,
    after: Vec<Action<E>>,
}

#[derive(Debug)]
struct State<E> {
    rules: Vec<Rule<E>>,
    pace: VecDeque<Duration>,
}

#[derive(Debug)]
pub(crate) struct Script<E> {
    state: Mutex<State<E>>,
    log: CallLog,
}

impl<E: ScriptError> Script<E> {
    pub(crate) fn new(log: CallLog) -> Self {
        Self { state: Mutex::new(State { rules: Vec::new(), pace: VecDeque::new() }), log }
    }

    pub(super) fn log(&self) -> &CallLog {
        &self.log
    }

    pub(crate) fn gate(&self, when: When) -> Gate {
        let (gate, state) = Gate::new();
        self.add(when, Action::Hold(state));
        gate
    }

    pub(crate) fn fail(&self, when: When, error: E) {
        self.add(when, Action::Fail(error));
    }

    pub(super) fn panic(&self, when: When, message: &'static str) {
        self.add(when, Action::Panic(message));
    }

    pub(super) fn delay(&self, when: When, delay: Duration) {
        self.add(when, Action::Delay(delay));
    }

    pub(super) fn pace(&self, durations: impl IntoIterator<Item = Duration>) {
        self.lock().pace = durations.into_iter().collect();
    }

    pub(crate) fn forget(&self) {
        let mut state = self.lock();
        state.rules.clear();
        state.pace.clear();
    }

    /// Asks for a lease: the call is a step, unless another holds it.
    pub(super) async fn lease(
        &self,
        ctx: &OpContext,
        call: Call,
        effect: impl Future<Output = Result<Leased, E>>,
    ) -> Result<Leased, E> {
        let asked = self.run(ctx, call, effect).await;
        if !matches!(asked, Ok(Leased::Held)) {
            self.log.step();
        }
        asked
    }

    /// Carries out one call: logs it, then the steps before, the effect, the steps after, all by the deadline.
    pub(super) async fn run<T>(
        &self,
        ctx: &OpContext,
        call: Call,
        effect: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.run_together(ctx, vec![call], effect).await
    }

    /// Carries out several as one: the steps of each, and one effect.
    pub(super) async fn run_together<T>(
        &self,
        ctx: &OpContext,
        calls: Vec<Call>,
        effect: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let steps = self.steps(&calls);
        let may_wait = calls.iter().any(|call| call.op == Op::GetOrLease);
        calls.into_iter().for_each(|call| self.log.push(call));
        let started = Instant::now();
        let work = async {
            take(&steps.before).await?;
            let under_way = self.log.under_way();
            let done = effect.await;
            drop(under_way);
            if !may_wait {
                self.log.step();
            }
            let done = done?;
            take(&steps.after).await?;
            Ok(done)
        };
        match ctx.deadline() {
            None => work.await,
            Some(deadline) if deadline <= started => Err(E::over()),
            Some(deadline) => timeout_at(deadline, work).await.unwrap_or_else(|_| Err(E::timeout(started.elapsed()))),
        }
    }

    fn add(&self, when: When, action: Action<E>) {
        self.lock().rules.push(Rule { when, seen: 0, action });
    }

    /// Which steps these calls have to take together; rules for one call are used up by it.
    fn steps(&self, calls: &[Call]) -> Steps<E> {
        let mut steps = Steps { before: Vec::new(), after: Vec::new() };
        let mut state = self.lock();
        for actions in [&mut steps.before, &mut steps.after] {
            if let Some(delay) = state.pace.pop_front() {
                actions.push(Action::Delay(delay));
                state.pace.push_back(delay);
            }
        }
        for call in calls {
            state.rules.retain_mut(|rule| {
                let matched = rule.when.matches(call.op, &call.key, &mut rule.seen);
                if matched != Match::No {
                    match rule.when.point {
                        Point::Before => steps.before.push(rule.action.clone()),
                        Point::After => steps.after.push(rule.action.clone()),
                    }
                }
                matched != Match::Once
            });
        }
        steps
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State<E>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the steps in the order in which they were scripted.
async fn take<E: ScriptError>(actions: &[Action<E>]) -> Result<(), E> {
    for action in actions {
        match action {
            Action::Delay(delay) => sleep(*delay).await,
            Action::Hold(gate) => gate.pass().await,
            Action::Fail(error) => return Err(error.clone()),
            Action::Panic(message) => panic!("{message}"),
        }
    }
    Ok(())
}

/// The scripting methods that caches and stores have alike, over a field `script`.
macro_rules! scripting {
    ($scripted:ident $(<$inner:ident>)?, $error:ty) => {
        impl $(<$inner>)? $scripted $(<$inner>)? {
            /// The log of calls, in the order in which they began.
            #[must_use]
            pub fn log(&self) -> &CallLog {
                self.script.log()
            }

            /// Holds the next call of `op` for `key` before it takes effect.
            pub fn gate(&self, op: Op, key: &Key) -> Gate {
                self.script.gate(When::next(op).on(key))
            }

            /// Holds one call that fits `when`. One gate holds one call: give `next` or `nth`, not `every`.
            pub fn gate_when(&self, when: When) -> Gate {
                self.script.gate(when)
            }

            /// Fails the next call of `op` without taking effect.
            pub fn fail_next(&self, op: Op, error: $error) {
                self.script.fail(When::next(op), error);
            }

            /// Fails the calls that fit `when`; after their effect if it says so.
            pub fn fail_when(&self, when: When, error: $error) {
                self.script.fail(when, error);
            }

            /// Makes the calls that fit `when` panic with `message`.
            pub fn panic_when(&self, when: When, message: &'static str) {
                self.script.panic(when, message);
            }

            /// Makes the calls that fit `when` wait for `delay` first (or, after the effect, last).
            pub fn delay_when(&self, when: When, delay: Duration) {
                self.script.delay(when, delay);
            }

            /// Gives each call two of `durations` in turn, for ever: one to wait before its effect, one after.
            pub fn pace(&self, durations: impl IntoIterator<Item = Duration>) {
                self.script.pace(durations);
            }

            /// Forgets everything scripted; calls that are under way go on as they were.
            pub fn forget_script(&self) {
                self.script.forget();
            }
        }
    };
}
pub(super) use scripting;
