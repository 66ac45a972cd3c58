//! What ends a trial before its time, and how that is heard of.

use crate::observer::StopFlag;
use crate::target::TargetError;
use std::any::Any;
use std::cell::RefCell;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::pin;
use std::task::Poll;

/// Why there is no trial.
#[derive(Debug)]
pub enum DriveError {
    /// A runtime or a timer could not be made.
    Start(io::Error),
    /// A driver that is none of ours failed.
    Failed {
        /// Its name.
        driver: &'static str,
        /// What it said.
        message: String,
    },
    /// A driver thread panicked, or what it ran.
    Panicked {
        /// Which, from 0.
        driver: usize,
        /// What the panic said.
        message: String,
    },
}

impl From<io::Error> for DriveError {
    fn from(error: io::Error) -> Self {
        Self::Start(error)
    }
}

/// What a panic said.
pub(super) fn message_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("without a message").to_owned()
}

/// The panics of one thread's sessions. A runtime keeps a task's panic to itself; here it stops the trial, and goes on once
/// the other sessions have ended.
pub(super) struct Panics {
    first: RefCell<Option<Box<dyn Any + Send>>>,
    stop: StopFlag,
}

impl Panics {
    pub(super) fn new(stop: &StopFlag) -> Self {
        Self { first: RefCell::default(), stop: stop.clone() }
    }

    /// What comes of `work`; none if it panicked.
    pub(super) async fn catch<F: Future>(&self, work: F) -> Option<F::Output> {
        let mut work = pin!(work);
        std::future::poll_fn(|context| {
            // It is not polled again, and what it shares with others is thrown away with the trial.
            match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
                Ok(polled) => polled.map(Some),
                Err(panic) => {
                    self.stop.stop();
                    self.first.borrow_mut().get_or_insert(panic);
                    Poll::Ready(None)
                }
            }
        })
        .await
    }

    /// Goes on with the first panic, if there was one.
    pub(super) fn go_on(&self) {
        if let Some(panic) = self.first.take() {
            resume_unwind(panic);
        }
    }
}

impl From<DriveError> for TargetError {
    fn from(error: DriveError) -> Self {
        match error {
            DriveError::Start(error) => Self::new("the driver threads", "starting", error),
            DriveError::Failed { driver, message } => Self::new(driver, "driving by", message),
            DriveError::Panicked { driver, message } => {
                let text =
                    format!("thread {driver} panicked: {message}; that is a fault of the program, please report it");
                Self::new("the driver threads", "running", text)
            }
        }
    }
}
