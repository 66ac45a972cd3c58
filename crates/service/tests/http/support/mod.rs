//! A running service and a client for it.

mod client;

pub(crate) use client::{Client, Reply};

use cachemark_core::{CacheMeter, Key, Metered, SettingValue, Settings, StoreMeter, Strategy, SystemClock, Value};
use cachemark_service::{Drained, Limits, Parts, Readiness, Service};
use cachemark_strategy::settings::LOAD_TIMEOUT_MS;
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// A service that listens on a port of its own.
pub(crate) struct Running {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<std::io::Result<Drained>>,
}

impl Running {
    pub(crate) async fn start<S: Strategy>(parts: Parts<S>, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let service = Service::new(parts, limits);
        let served = tokio::spawn(async move {
            let stopped = async {
                let _ = stopped.await;
            };
            service.serve(listener, stopped).await
        });
        Self { address, stop: Some(stop), served }
    }

    pub(crate) async fn client(&self) -> Client {
        Client::connect(self.address).await
    }

    /// Asks the service to stop, and does not wait.
    pub(crate) fn signal(&mut self) {
        let _ = self.stop.take().expect("signalled once").send(());
    }

    pub(crate) async fn ended(self) -> Drained {
        self.served.await.unwrap().unwrap()
    }
}

/// A service over a scripted cache and store.
pub(crate) struct Stack {
    pub(crate) running: Running,
    store: Arc<Metered<ScriptedStore, StoreMeter>>,
}

impl Stack {
    pub(crate) async fn start() -> Self {
        Self::with("cache-aside", patient()).await
    }

    pub(crate) async fn with(strategy: &str, limits: Limits) -> Self {
        Self::ready_if(strategy, limits, always_ready()).await
    }

    pub(crate) async fn ready_if(strategy: &str, limits: Limits, readiness: Readiness) -> Self {
        let (cache_meter, store_meter) = (Arc::new(CacheMeter::default()), Arc::new(StoreMeter::default()));
        let cache = Arc::new(Metered::new(ScriptedCache::new(), Arc::clone(&cache_meter)));
        let store = Arc::new(Metered::new(ScriptedStore::new(), Arc::clone(&store_meter)));
        let clock = Arc::new(SystemClock::new());
        let described = cachemark_strategy::strategies().iter().find(|described| described.name == strategy).unwrap();
        // A load that is held at a gate must not run into its own timeout.
        let mut settings = Settings::defaults(described.settings);
        if let Some(timeout) = described.settings.iter().find(|setting| setting.name == LOAD_TIMEOUT_MS.name) {
            settings.put(timeout, SettingValue::Integer(30_000));
        }
        let built = cachemark_strategy::build(strategy, &settings, cache, Arc::clone(&store), clock);
        let parts = Parts { instances: vec![Arc::new(built.unwrap())], cache_meter, store_meter, readiness };
        Self { running: Running::start(parts, limits).await, store }
    }

    pub(crate) fn store(&self) -> &ScriptedStore {
        self.store.inner()
    }

    pub(crate) async fn client(&self) -> Client {
        self.running.client().await
    }

    /// Stops the service and gives the store and how it ended.
    pub(crate) async fn stopped(mut self) -> (Drained, Arc<Metered<ScriptedStore, StoreMeter>>) {
        self.running.signal();
        (self.running.ended().await, self.store)
    }
}

pub(crate) fn always_ready() -> Readiness {
    Box::new(|| Box::pin(async { Ok(()) }))
}

/// Limits with deadlines that a busy machine does not reach.
pub(crate) fn patient() -> Limits {
    Limits { deadline: Duration::from_secs(30), grace: Duration::from_secs(30), ..Limits::default() }
}

pub(crate) fn key(text: &str) -> Key {
    Key::new(text).unwrap()
}

pub(crate) fn value(text: &str) -> Value {
    Value::new(text.to_owned())
}
