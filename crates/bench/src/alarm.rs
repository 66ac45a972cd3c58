//! A thread that ends before its time stops the trial.

use crate::observer::StopFlag;

/// Stops the trial when it is dropped, unless all was well: the other threads would go on to the end of the window.
pub(crate) struct Alarm<'a> {
    stop: &'a StopFlag,
    well: bool,
}

impl<'a> Alarm<'a> {
    pub(crate) fn new(stop: &'a StopFlag) -> Self {
        Self { stop, well: false }
    }

    pub(crate) fn all_is_well(mut self) {
        self.well = true;
    }
}

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if !self.well {
            self.stop.stop();
        }
    }
}
