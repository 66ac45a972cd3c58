//! The targets of a sweep's cells.

use crate::audit::{AUDIT_URL, AUDIT_WAIT_MS, AuditAt};
use crate::probe::HttpProbe;
use crate::{BaseUrl, HttpError, HttpTarget, HttpTemplates};
use cachemark_bench::{Assembler, Composition, StopFlag, Target, TargetError};
use cachemark_core::{Descriptor, PartKind, Setting, Settings};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A service as a strategy: what it asks of a cache is its own.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[URL, DRIVER, AUDIT_URL, AUDIT_WAIT_MS],
    colour: [110, 110, 110],
    ..Descriptor::of(
        PartKind::Strategy,
        "http",
        "A service, asked over HTTP: its strategy, its cache and its store are its own.",
    )
};

/// Where a service is, without its login.
pub const URL: Setting = Setting::text("url", "a URL as http://127.0.0.1:8080", "Where the service is.");

/// What asks a service.
pub const DRIVER: Setting =
    Setting::text("driver", "a driver's name, as goose", "What asks the service, if it is not what [run] driver says.");

/// What stands behind services.
pub(crate) const STORE: Descriptor = Descriptor {
    colour: [110, 110, 110],
    ..Descriptor::of(PartKind::Store, "http", "Whatever a service keeps its data in: it is not seen.")
};

/// A service to be asked.
#[derive(Debug, Clone)]
pub struct Service {
    /// The name of its arm.
    pub name: String,
    /// Where it is.
    pub base_url: BaseUrl,
}

impl Service {
    /// A service that is not there would make a record of nothing but failures.
    ///
    /// # Errors
    /// [`HttpError::Unreachable`].
    pub fn reach(&self) -> Result<(), HttpError> {
        self.base_url.reach().map_err(|source| HttpError::Unreachable { service: self.clone(), source })
    }
}

/// Makes targets: the services that arms name.
#[derive(Debug, Clone)]
pub struct HttpAssembler {
    /// Every service that arms name.
    pub services: Vec<Service>,
    /// How they are spoken to, with what headers take from the environment put in.
    pub templates: Arc<HttpTemplates>,
    /// The most sessions of a trial.
    pub sessions: u32,
    /// How long a request of the preload may take.
    pub timeout: Duration,
    /// Whether every key is written before each trial.
    pub preload: bool,
    /// Ends a preload.
    pub stop: StopFlag,
}

impl Assembler for HttpAssembler {
    type Asked = HttpTarget;

    async fn assemble(&self, composition: &Composition) -> Result<Target<HttpTarget>, TargetError> {
        let Composition { arm, strategy, .. } = composition;
        let service = self.services.iter().find(|service| service.name == *arm);
        let service = service.ok_or_else(|| TargetError::new(arm, "asking", "there is no such service"))?;
        self.built(service, &strategy.settings).map_err(|error| TargetError::new(arm, "making clients of", error))
    }
}

impl HttpAssembler {
    fn built(&self, service: &Service, settings: &Settings) -> Result<Target<HttpTarget>, HttpError> {
        let mut target = HttpTarget::new(Arc::clone(&self.templates), service.base_url.clone(), self.sessions)?;
        target.driver = settings.text(DRIVER.name).to_owned();
        let target = Arc::new(target);
        let probe = HttpProbe {
            target: Arc::clone(&target),
            wanted: self.preload,
            timeout: self.timeout,
            stop: self.stop.clone(),
            audit: AuditAt::of(settings, &self.templates)?,
            preloaded: Mutex::default(),
        };
        Ok(Target {
            instances: vec![target],
            cache_meter: Arc::default(),
            store_meter: Arc::default(),
            probes: Box::new(probe),
        })
    }
}
