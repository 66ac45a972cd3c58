//! What a driver is: whatever asks the operations of a load.

use super::failure::DriveError;
use super::load::Load;
use crate::instrument::{Instruments, Recorded};
use crate::timeline::Timeline;
use cachemark_core::OpError;
use cachemark_results::Warning;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Drives the load of one trial over a target's strategy `T`.
///
/// A driver
/// 1. takes a recorder for each of its threads ([`Instruments::threads`], as many as [`Driving::driver_threads`]), and gives
///    it every operation: [`Recorder::ask`] and [`Recorder::issue`] before it, [`Recorder::end`] after it;
/// 2. opens the window once it is warm ([`Timeline::open_at`], on the clock that the recorders' times are of);
/// 3. tells the instruments each [`Moment`] of the timeline when its time has come ([`Instruments::moment`]);
/// 4. issues nothing after the window's end, or once [`Load::stop`] was asked, waits for what is in flight, ends every
///    recording ([`Recorder::finish`]; [`Recorder::give_up`] if it was stopped) and returns them merged.
///
/// [`Driving::driver_threads`]: crate::definition::Driving::driver_threads
/// [`Moment`]: crate::Moment
/// [`Recorder::ask`]: crate::Recorder::ask
/// [`Recorder::end`]: crate::Recorder::end
/// [`Recorder::finish`]: crate::Recorder::finish
/// [`Recorder::give_up`]: crate::Recorder::give_up
/// [`Recorder::issue`]: crate::Recorder::issue
pub trait Driver<T> {
    /// Drives it to its end, or until it is stopped.
    ///
    /// # Errors
    /// [`DriveError`], once nothing is under way any more.
    fn drive(
        &self,
        load: &Arc<Load<T>>,
        timeline: &Timeline,
        instruments: &mut Instruments<'_>,
    ) -> Result<Driven, DriveError>;
}

/// What came back.
#[derive(Debug)]
pub struct Driven {
    /// Of all driver threads.
    pub recorded: Recorded,
    /// When the window began, by the machine's calendar.
    pub window_began: SystemTime,
    /// How long every key's read took; nothing where there was none.
    pub scan: Duration,
    /// How long the load, or a warm-up by operations, ran unmeasured.
    pub warm_up: Duration,
    /// Whether the warm-up took too long and was broken off.
    pub cut_short: bool,
    /// How long finishing what was in flight took.
    pub drain: Duration,
    /// Driver threads' CPU time / (threads x wall) over the window; none where nobody can tell.
    pub client_cpu: Option<f64>,
    /// Whether the strategies came to rest in time, with all in the store that they had acknowledged: what the first of them said that
    /// did not.
    pub drained: Result<(), OpError>,
    /// What a reader should know of the trial that the driver alone can tell.
    pub remarks: Vec<Warning>,
}

impl Driven {
    /// What came of a load whose window began then, of which nothing more is known yet.
    #[must_use]
    pub fn of_window(window_began: SystemTime) -> Self {
        Self {
            recorded: Recorded::default(),
            window_began,
            scan: Duration::ZERO,
            warm_up: Duration::ZERO,
            cut_short: false,
            drain: Duration::ZERO,
            client_cpu: None,
            drained: Ok(()),
            remarks: Vec::new(),
        }
    }
}
