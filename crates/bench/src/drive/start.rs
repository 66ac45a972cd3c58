//! How the driver threads meet the one that leads them: a thread that ends early is noticed, and never waited for.

use std::sync::mpsc::{Receiver, Sender, channel};

/// The leader's side.
pub(super) struct Leader {
    ready: Vec<Receiver<()>>,
    begin: Vec<Sender<u64>>,
}

/// One driver thread's side.
pub(super) struct Starter {
    ready: Sender<()>,
    begin: Receiver<u64>,
}

/// Both sides, for `threads` driver threads.
pub(super) fn meeting(threads: usize) -> (Leader, Vec<Starter>) {
    let mut leader = Leader { ready: Vec::new(), begin: Vec::new() };
    let starters = (0..threads).map(|_| {
        let ((ready, scanned), (begin, told)) = (channel(), channel());
        leader.ready.push(scanned);
        leader.begin.push(begin);
        Starter { ready, begin: told }
    });
    let starters = starters.collect();
    (leader, starters)
}

impl Leader {
    /// Waits until every driver thread is ready, or has ended.
    pub(super) fn wait(&self) {
        for driver in &self.ready {
            // One that has hung up has ended: joining it tells why.
            let _ = driver.recv();
        }
    }

    /// Tells all that are there that the load begins at `began_ns` on the trial's clock.
    pub(super) fn begin(self, began_ns: u64) {
        for driver in &self.begin {
            let _ = driver.send(began_ns);
        }
    }
}

impl Starter {
    /// Says that this thread is ready, and waits for when the load begins; none if nobody leads any more.
    pub(super) fn wait(self) -> Option<u64> {
        self.ready.send(()).ok()?;
        self.begin.recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_for_who_has_ended() {
        let (leader, mut starters) = meeting(2);
        std::thread::scope(|scope| {
            let (last, first) = (starters.pop().unwrap(), starters.pop().unwrap());
            drop(first);
            let began = scope.spawn(move || last.wait());
            leader.wait();
            leader.begin(7);
            assert_eq!(began.join().unwrap(), Some(7));
        });
        let (leader, starters) = meeting(1);
        drop(leader);
        assert_eq!(starters.into_iter().next().unwrap().wait(), None);
    }
}
