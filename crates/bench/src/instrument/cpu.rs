//! How busy a driver thread was.

use std::time::{Duration, Instant};

/// The calling thread's share of a processor between two moments. Warm-up and drain are no part of it: a client that idled
/// there would look less busy than it was while it was measured.
#[derive(Debug, Default)]
pub(super) struct CpuShare {
    began: Option<Moment>,
    ended: Option<Moment>,
}

#[derive(Debug, Clone, Copy)]
struct Moment {
    at: Instant,
    busy: Duration,
}

impl CpuShare {
    /// The first call is the beginning.
    #[inline]
    pub(super) fn begin(&mut self) {
        self.began.get_or_insert_with(now);
    }

    /// The first call is the end.
    pub(super) fn end(&mut self) {
        self.ended.get_or_insert_with(now);
    }

    /// The share, 0 to 1; none if it never began or never ended.
    pub(super) fn share(&self) -> Option<f64> {
        let (began, ended) = (self.began?, self.ended?);
        let wall = ended.at.saturating_duration_since(began.at).as_secs_f64();
        (wall > 0.0).then(|| ended.busy.saturating_sub(began.busy).as_secs_f64() / wall)
    }
}

fn now() -> Moment {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let busy = Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0));
    Moment { at: Instant::now(), busy }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spin(span: Duration) {
        let until = now().busy + span;
        while now().busy < until {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn what_lies_before_and_after_is_left_out() {
        let mut share = CpuShare::default();
        assert_eq!(share.share(), None);
        spin(Duration::from_millis(20));
        share.begin();
        std::thread::sleep(Duration::from_millis(40));
        share.begin();
        share.end();
        spin(Duration::from_millis(20));
        share.end();
        // At most what waking and looking take, of forty milliseconds.
        assert!(share.share().is_some_and(|share| share < 0.4), "{share:?}");
    }
}
