//! How an anomaly is provoked.

use super::scene::{Found, Scene};
use cachemark_core::Anomaly;
use std::future::Future;
use std::pin::Pin;

/// The steps of an anomaly, gone through in a scene.
pub(super) type Steps = for<'a> fn(&'a mut Scene) -> Pin<Box<dyn Future<Output = Found> + Send + 'a>>;

/// What it means that the plain run, without a race or a fault, finds it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// That the race is not the cause, so that the anomaly is not there.
    Masks,
    /// That the anomaly is there: it needs no race.
    Shows,
}

/// An anomaly and its steps.
#[derive(Clone, Copy)]
pub(super) struct Provocation {
    pub(super) anomaly: Anomaly,
    pub(super) plain: Plain,
    pub(super) steps: Steps,
}

impl Provocation {
    /// Of an anomaly that is there only if the plain run is free of it.
    pub(super) const fn of_a_race(anomaly: Anomaly, steps: Steps) -> Self {
        Self { anomaly, plain: Plain::Masks, steps }
    }

    /// Of an anomaly that may be there without any race.
    pub(super) const fn plain(anomaly: Anomaly, steps: Steps) -> Self {
        Self { anomaly, plain: Plain::Shows, steps }
    }
}
