//! What can go wrong, with a kind to count it by.

use crate::LostWrites;
use std::fmt;
use std::time::Duration;

/// The kinds of error that are counted. Text for people is in the errors themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No answer in time. Whether the operation took effect is unknown.
    Timeout,
    /// No lane became free in time. The operation was never sent.
    QueueTimeout,
    /// The same [`ErrorKind::Timeout`], of an operation that waited for its cache.
    CacheTimeout,
    /// The same [`ErrorKind::QueueTimeout`], of an operation that waited for a lane of its cache.
    CacheQueueTimeout,
    /// The same [`ErrorKind::Timeout`], of an operation that waited for its store: for an answer, or for a load that another
    /// operation began.
    StoreTimeout,
    /// The same [`ErrorKind::QueueTimeout`], of an operation that waited for a lane of its store, or in line behind other
    /// writes of its key.
    StoreQueueTimeout,
    /// The operation's own deadline passed, and nobody was waited for then: what was left to do was not begun.
    Deadline,
    /// The server could not be reached; the operation was never sent.
    Unavailable,
    /// The connection broke after the operation was sent. Whether it took effect is unknown.
    ConnectionLost,
    /// The server answered that it won't.
    Rejected,
    /// The server answered that it can't now, for a reason that may pass and lies not in what was asked: a lock, no room, a failover.
    Transient,
    /// The backend cannot do what was asked, whatever its state.
    Unsupported,
    /// The key or value is larger than the backend takes.
    TooLarge,
    /// What came back is not what was written.
    Corrupt,
    /// Turned away by a limit of ours before any work was done.
    Shed,
    /// Not asked, for our circuit breaker before the cache or the store is open: it has failed too often of late.
    BreakerOpen,
    /// A fault of the program itself.
    Internal,
    /// A service answered with this HTTP status, which is no success.
    Status(u16),
}

impl ErrorKind {
    /// Every kind that has no number, in the order of reports.
    pub const ALL: [Self; 17] = [
        Self::Timeout,
        Self::QueueTimeout,
        Self::CacheTimeout,
        Self::CacheQueueTimeout,
        Self::StoreTimeout,
        Self::StoreQueueTimeout,
        Self::Deadline,
        Self::Unavailable,
        Self::ConnectionLost,
        Self::Rejected,
        Self::Transient,
        Self::Unsupported,
        Self::TooLarge,
        Self::Corrupt,
        Self::Shed,
        Self::BreakerOpen,
        Self::Internal,
    ];

    /// The name in records and reports, without the number that a kind may have: its [`Display`](fmt::Display) has that too.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::QueueTimeout => "queue-timeout",
            Self::CacheTimeout => "cache-timeout",
            Self::CacheQueueTimeout => "cache-queue-timeout",
            Self::StoreTimeout => "store-timeout",
            Self::StoreQueueTimeout => "store-queue-timeout",
            Self::Deadline => "deadline",
            Self::Unavailable => "unavailable",
            Self::ConnectionLost => "connection-lost",
            Self::Rejected => "rejected",
            Self::Transient => "transient",
            Self::Unsupported => "unsupported",
            Self::TooLarge => "too-large",
            Self::Corrupt => "corrupt",
            Self::Shed => "shed",
            Self::BreakerOpen => "breaker-open",
            Self::Internal => "internal",
            Self::Status(_) => "status",
        }
    }
}

impl fmt::Display for ErrorKind {
    /// `timeout`, `status-503`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) => write!(f, "status-{status}"),
            kind => f.write_str(kind.name()),
        }
    }
}

impl ErrorKind {
    /// Whether a call that ended so may have taken effect, or may yet.
    fn leaves_unknown(self) -> bool {
        matches!(self, Self::Timeout | Self::ConnectionLost)
    }
}

macro_rules! backend_error {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
        #[non_exhaustive]
        pub enum $name {
            /// No answer by the deadline; whether the operation took effect is unknown.
            #[error("the {what} gave no answer within {0:?}", what = Self::WHAT)]
            Timeout(Duration),
            /// No lane became free by the deadline; nothing was sent.
            #[error("no connection to the {what} became free within {0:?}", what = Self::WHAT)]
            QueueTimeout(Duration),
            /// The deadline had passed before the call was begun; nothing was sent.
            #[error("the deadline had passed before the {what} was asked", what = Self::WHAT)]
            Deadline,
            /// Turned away by a limit of ours, which says which; nothing was sent.
            #[error("the {what} was not asked, by a limit of ours: {0}", what = Self::WHAT)]
            Shed(&'static str),
            /// Our circuit breaker is open: it has failed too often of late. Nothing was sent.
            #[error("the {what} was not asked: its circuit breaker is open", what = Self::WHAT)]
            BreakerOpen,
            /// Not reached; nothing was sent.
            #[error("the {what} cannot be reached: {0}", what = Self::WHAT)]
            Unavailable(String),
            /// The connection broke after the operation was sent; whether it took effect is unknown.
            #[error("the connection to the {what} broke: {0}", what = Self::WHAT)]
            ConnectionLost(String),
            /// The server refused the operation.
            #[error("the {what} refused the operation: {0}", what = Self::WHAT)]
            Rejected(String),
            /// The server refused the operation for a reason that may pass, and that lies not in what was asked: the same may be
            /// carried out later.
            #[error("the {what} refused the operation for now: {0}", what = Self::WHAT)]
            Transient(String),
            /// The backend has no such operation.
            #[error("the {what} does not support {0}", what = Self::WHAT)]
            Unsupported(&'static str),
            /// Larger than the backend takes.
            #[error("{len} bytes are more than the {what} takes ({limit})", what = Self::WHAT)]
            TooLarge {
                /// What was asked for, in bytes.
                len: usize,
                /// The most, in bytes.
                limit: usize,
            },
            /// The bytes that came back are not of our form.
            #[error("the {what} returned bytes that are not of our form: {0}", what = Self::WHAT)]
            Corrupt(String),
        }

        impl $name {
            const WHAT: &str = $what;

            /// The kind to count the error by.
            #[must_use]
            pub fn kind(&self) -> ErrorKind {
                match self {
                    Self::Timeout(_) => ErrorKind::Timeout,
                    Self::QueueTimeout(_) => ErrorKind::QueueTimeout,
                    Self::Deadline => ErrorKind::Deadline,
                    Self::Shed(_) => ErrorKind::Shed,
                    Self::BreakerOpen => ErrorKind::BreakerOpen,
                    Self::Unavailable(_) => ErrorKind::Unavailable,
                    Self::ConnectionLost(_) => ErrorKind::ConnectionLost,
                    Self::Rejected(_) => ErrorKind::Rejected,
                    Self::Transient(_) => ErrorKind::Transient,
                    Self::Unsupported(_) => ErrorKind::Unsupported,
                    Self::TooLarge { .. } => ErrorKind::TooLarge,
                    Self::Corrupt(_) => ErrorKind::Corrupt,
                }
            }
        }
    };
}

backend_error!(
    /// An error of a cache.
    CacheError,
    "cache"
);
backend_error!(
    /// An error of a store.
    StoreError,
    "store"
);

/// What is known of an operation that a service did not carry out as asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceEnd {
    /// It was turned away before anything was done.
    Shed,
    /// It failed for sure.
    Failed,
    /// It may have taken effect, or may yet.
    Unknown,
}

/// Why a service that stands behind one address did not answer an operation. Whom it waited for itself is not seen, so what
/// its answer or its silence means is settled by whoever asked it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct ServiceError {
    /// What it is counted by.
    pub kind: ErrorKind,
    /// What is known of the operation.
    pub end: ServiceEnd,
    /// What was said, for people.
    pub said: String,
}

/// An error of an operation, as its client sees it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpError {
    /// The cache failed and the strategy does not serve without it.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A service that was asked did not answer as it should. In a box, since it is larger than what others say.
    #[error(transparent)]
    Service(Box<ServiceError>),
    /// The store committed, the cache failed before or after that, and the strategy reports it as an error.
    #[error("the store committed, but the cache step of the write failed: {0}")]
    AfterCommit(CacheError),
    /// The write is queued for a store that does not have it yet, then the cache failed, and the strategy reports that as an error.
    #[error(
        "the write is queued for the store, which does not have it yet, but the cache step of the write failed: {0}"
    )]
    AfterQueueing(CacheError),
    /// The caller's deadline passed, and nobody knows on whom it waited.
    #[error("no answer by the operation's deadline")]
    Deadline,
    /// The caller's deadline passed while a load from the store was under way.
    #[error("the load from the store gave no answer by the operation's deadline")]
    LoadTimeout,
    /// The caller's deadline passed in line behind other writes of the key; nothing was sent.
    #[error("other writes of the key did not end by the operation's deadline")]
    LineTimeout,
    /// A drain ended, and writes that had been acknowledged may be lost. Nothing is under way any more, unless it says so. In a box, since
    /// it is larger than what others say.
    #[error(transparent)]
    Lost(Box<LostWrites>),
    /// Turned away by a limit.
    #[error("turned away: {0}")]
    Shed(&'static str),
    /// A fault of the program itself.
    #[error("internal fault: {0}")]
    Internal(&'static str),
}

impl OpError {
    /// The kind to count the error by. Where there was a wait, it names who was waited for.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Cache(error) | Self::AfterCommit(error) | Self::AfterQueueing(error) => match error.kind() {
                ErrorKind::Timeout => ErrorKind::CacheTimeout,
                ErrorKind::QueueTimeout => ErrorKind::CacheQueueTimeout,
                kind => kind,
            },
            Self::Store(error) => match error.kind() {
                ErrorKind::Timeout => ErrorKind::StoreTimeout,
                ErrorKind::QueueTimeout => ErrorKind::StoreQueueTimeout,
                kind => kind,
            },
            Self::Service(error) => error.kind,
            Self::Deadline => ErrorKind::Deadline,
            Self::LoadTimeout => ErrorKind::StoreTimeout,
            Self::LineTimeout => ErrorKind::StoreQueueTimeout,
            Self::Lost(lost) if lost.queued_keys == 0 => ErrorKind::Rejected,
            Self::Lost(_) => ErrorKind::StoreTimeout,
            Self::Shed(_) => ErrorKind::Shed,
            Self::Internal(_) => ErrorKind::Internal,
        }
    }

    /// Whether the operation may have taken effect, or may yet: such an operation is neither a failure nor an
    /// acknowledgement.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::AfterCommit(_) | Self::AfterQueueing(_) => true,
            Self::Deadline | Self::LoadTimeout | Self::Lost(_) => true,
            Self::Cache(error) => error.kind().leaves_unknown(),
            Self::Store(error) => error.kind().leaves_unknown(),
            Self::Service(error) => error.end == ServiceEnd::Unknown,
            Self::LineTimeout | Self::Shed(_) | Self::Internal(_) => false,
        }
    }

    /// How the drains of two instances ended together: what both lost is summed, with what did not come to rest beside it; of other
    /// errors the first stands.
    ///
    /// # Errors
    /// What one of them ended in.
    pub fn of_drains(one: Result<(), Self>, other: Result<(), Self>) -> Result<(), Self> {
        match (one, other) {
            (Err(Self::Lost(one)), Err(Self::Lost(other))) => Err(Self::Lost(Box::new(one.with(*other)))),
            (Err(Self::Lost(lost)), Err(error)) | (Err(error), Err(Self::Lost(lost))) => {
                Err(Self::Lost(Box::new(lost.beside(error))))
            }
            (one, other) => one.and(other),
        }
    }

    /// Whether a drain that ended so has left nothing under way: what it has lost is lost.
    #[must_use]
    pub fn is_at_rest(drained: &Result<(), Self>) -> bool {
        match drained {
            Ok(()) => true,
            Err(Self::Lost(lost)) => lost.unfinished.is_none(),
            Err(_) => false,
        }
    }

    /// Whether the operation was turned away before any work was done.
    #[must_use]
    pub fn is_shed(&self) -> bool {
        match self {
            Self::Shed(_) | Self::Cache(CacheError::Shed(_)) | Self::Store(StoreError::Shed(_)) => true,
            Self::Service(error) => error.end == ServiceEnd::Shed,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_unknown_and_a_refusal_is_not() {
        assert!(OpError::Store(StoreError::Timeout(Duration::from_secs(1))).is_unknown());
        assert!(OpError::Deadline.is_unknown());
        assert!(OpError::AfterCommit(CacheError::Unavailable("gone".into())).is_unknown());
        assert!(OpError::AfterQueueing(CacheError::Unavailable("gone".into())).is_unknown());
        assert!(!OpError::Store(StoreError::QueueTimeout(Duration::from_secs(1))).is_unknown());
        assert!(!OpError::Store(StoreError::Rejected("no".into())).is_unknown());
        assert!(!OpError::Store(StoreError::Deadline).is_unknown(), "nothing was sent");
    }

    #[test]
    fn a_wait_names_who_was_waited_for() {
        let second = Duration::from_secs(1);
        for (error, kind) in [
            (OpError::from(CacheError::Timeout(second)), ErrorKind::CacheTimeout),
            (CacheError::QueueTimeout(second).into(), ErrorKind::CacheQueueTimeout),
            (OpError::AfterCommit(CacheError::QueueTimeout(second)), ErrorKind::CacheQueueTimeout),
            (OpError::AfterQueueing(CacheError::Timeout(second)), ErrorKind::CacheTimeout),
            (StoreError::Timeout(second).into(), ErrorKind::StoreTimeout),
            (StoreError::QueueTimeout(second).into(), ErrorKind::StoreQueueTimeout),
            (StoreError::Deadline.into(), ErrorKind::Deadline),
            (OpError::Deadline, ErrorKind::Deadline),
            (OpError::LoadTimeout, ErrorKind::StoreTimeout),
            (OpError::LineTimeout, ErrorKind::StoreQueueTimeout),
        ] {
            assert_eq!(error.kind(), kind, "{error:?}");
        }
    }

    #[test]
    fn kinds_have_distinct_names() {
        let mut names: Vec<_> = ErrorKind::ALL.iter().map(|kind| kind.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ErrorKind::ALL.len());
    }

    #[test]
    fn a_status_keeps_its_number_and_who_asked_settles_what_it_means() {
        let of =
            |end| OpError::Service(Box::new(ServiceError { kind: ErrorKind::Status(504), end, said: "late".into() }));
        let error = of(ServiceEnd::Unknown);
        assert_eq!((error.kind().to_string(), error.to_string()), ("status-504".to_owned(), "late".to_owned()));
        assert!(error.is_unknown() && !error.is_shed(), "and it is no timeout");
        assert!(of(ServiceEnd::Shed).is_shed() && !of(ServiceEnd::Failed).is_unknown());
        assert_eq!(ErrorKind::CacheTimeout.to_string(), "cache-timeout");
    }

    #[test]
    fn messages_say_who_and_what() {
        let error = OpError::from(CacheError::TooLarge { len: 9, limit: 4 });
        assert_eq!(error.to_string(), "9 bytes are more than the cache takes (4)");
    }
}
