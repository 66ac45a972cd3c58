//! A connection of tokio-postgres, which reads and writes where its answer is waited for.
//!
//! The client hands each question to a connection, and whoever holds that has it read and write: in a task of its own, the library
//! says. Each question would then cost two more turns of a runtime: one of that task, and one of whoever asks. Here the operation that holds the lane drives its connection itself, as with sqlx. So a connection that is
//! free is not looked at; what the server said to it meanwhile is the first that the next operation reads, before it has sent anything.

use futures::task::AtomicWaker;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use tokio_postgres::tls::NoTlsStream;
use tokio_postgres::{Connection, Error, Socket};

/// A connection that is driven by what is asked over it.
pub(super) struct Driven {
    /// None once it has ended.
    connection: Option<Box<Connection<Socket, NoTlsStream>>>,
    relay: Arc<Relay>,
    /// The relay as the connection knows it.
    waker: Waker,
}

impl Driven {
    pub(super) fn new(connection: Connection<Socket, NoTlsStream>) -> Self {
        let relay = Arc::new(Relay { asker: AtomicWaker::new(), state: AtomicU8::new(HEARD) });
        let waker = Waker::from(Arc::clone(&relay));
        Self { connection: Some(Box::new(connection)), relay, waker }
    }

    /// The answer to what the client of the connection asks.
    pub(super) async fn asking<T>(&mut self, asked: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let mut asked = pin!(asked);
        std::future::poll_fn(|context| self.turn(context, asked.as_mut())).await
    }

    /// Has the question sent and its answer read, as far as both go now.
    fn turn<T>(
        &mut self,
        context: &Context<'_>,
        mut asked: Pin<&mut impl Future<Output = Result<T, Error>>>,
    ) -> Poll<Result<T, Error>> {
        // It waits for the connection alone, which is looked at here in any case.
        let unwoken = &mut Context::from_waker(Waker::noop());
        self.relay.to(context.waker());
        if let Poll::Ready(answer) = asked.as_mut().poll(unwoken) {
            return Poll::Ready(answer);
        }
        let Some(connection) = &mut self.connection else { return Poll::Pending };
        // Putting a question wakes the connection, whose turn it is now.
        self.relay.hear();
        let ended = Pin::new(&mut **connection).poll(&mut Context::from_waker(&self.waker));
        let Poll::Ready(end) = ended else {
            if let Poll::Ready(answer) = asked.poll(unwoken) {
                return Poll::Ready(answer);
            }
            self.relay.rest();
            return Poll::Pending;
        };
        // Dropped, it says to whoever asks that it is closed. Why, it has said here.
        self.connection = None;
        match (asked.poll(unwoken), end) {
            (Poll::Ready(Err(error)), Err(why)) if error.is_closed() => Poll::Ready(Err(why)),
            (Poll::Pending, Err(why)) => Poll::Ready(Err(why)),
            (asked, _) => asked,
        }
    }
}

/// The operation is at work, or nobody asks: a wake-up needs no passing on.
const HEARD: u8 = 0;
/// The same, and one has come.
const WOKEN: u8 = 1;
/// The operation waits: a wake-up is passed on.
const WAITING: u8 = 2;

/// Wakes the operation that waits for the connection, whichever that is, and no other. The connection keeps the waker of its last turn,
/// which is of an operation that is long over when the next one puts its question.
struct Relay {
    asker: AtomicWaker,
    state: AtomicU8,
}

impl Relay {
    /// From now on it wakes `asker`, which is at work.
    fn to(&self, asker: &Waker) {
        self.asker.register(asker);
        self.hear();
    }

    /// Whatever has come is looked at from here on.
    fn hear(&self) {
        self.state.store(HEARD, Ordering::SeqCst);
    }

    /// The operation waits from now on. What came since it last heard wakes it at once.
    fn rest(&self) {
        if self.state.swap(WAITING, Ordering::SeqCst) == WOKEN {
            self.asker.wake();
        }
    }
}

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if self.state.compare_exchange(HEARD, WOKEN, Ordering::SeqCst, Ordering::SeqCst) == Err(WAITING) {
            self.asker.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;

    #[derive(Default)]
    struct Counted(AtomicUsize);

    impl Wake for Counted {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// A relay, what it wakes, and how often that was woken.
    fn relay() -> (Arc<Relay>, Waker, Arc<Counted>) {
        let (relay, counted) = (Relay { asker: AtomicWaker::new(), state: AtomicU8::new(HEARD) }, Arc::default());
        (Arc::new(relay), Waker::from(Arc::clone(&counted)), counted)
    }

    #[test]
    fn who_waits_is_woken_and_who_works_is_not() {
        let (relay, asker, counted) = relay();
        let woken = || counted.0.load(Ordering::SeqCst);
        relay.to(&asker);
        relay.wake_by_ref();
        relay.hear();
        relay.rest();
        assert_eq!(woken(), 0, "what came before it was heard is looked at");
        relay.wake_by_ref();
        assert_eq!(woken(), 1, "it waits");
        relay.to(&asker);
        relay.wake_by_ref();
        relay.wake_by_ref();
        assert_eq!(woken(), 1, "it works");
        relay.rest();
        assert_eq!(woken(), 2, "what came amid its work is not lost");
    }
}
