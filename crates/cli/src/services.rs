//! Services behind HTTP: the arms of a definition that a load is made of.

use crate::exit::Failure;
use cachemark_bench::definition::{Arm, Definition, Draft, Overrides};
#[cfg(feature = "goose")]
use cachemark_bench::{DriveError, Driven, Driver, DriverThreads, Instruments, Load, Timeline};
use cachemark_core::{Durable, LeftOut};
#[cfg(feature = "goose")]
use cachemark_http::HttpTarget;
use cachemark_http::{BaseUrl, DESCRIPTOR, DRIVER, HttpTemplates, Service, Spoken, URL};
use cachemark_results::{Manifest, Part};
use serde_json::Value;
use std::collections::BTreeMap;
#[cfg(feature = "goose")]
use std::sync::Arc;

/// What may drive a load, ours first.
pub(crate) const DRIVERS: &[&str] = &["cachemark", GOOSE];
const GOOSE: &str = "goose";
/// What a load opens besides its connections: the record, the runtime's own, and some to spare.
const OTHER_FILES: u64 = 64;

/// Reads a definition as a load takes it: its arms are the services that are given or, without any, those that it names.
pub(crate) fn definition(
    (name, bytes): &(String, Vec<u8>),
    given: &[Service],
    overrides: Overrides,
) -> Result<Spoken, Failure> {
    let spoken = cachemark_http::spoken(name, bytes, given, overrides, DRIVERS)?;
    goose(&spoken.definition)?;
    Ok(spoken)
}

/// Whether a definition says how services are spoken to, or names some.
pub(crate) fn speaks_http((name, bytes): &(String, Vec<u8>)) -> bool {
    Draft::read(name, bytes).is_ok_and(|draft| draft.names_services(&DESCRIPTOR))
}

/// Whether a load has something of its own to check in a definition.
pub(crate) fn concerns_load(read: &(String, Vec<u8>)) -> bool {
    speaks_http(read) || Draft::read(&read.0, &read.1).is_ok_and(|draft| draft.drives_services())
}

/// A definition as a load takes it, while nobody has named the services that its command would.
pub(crate) fn unasked(read: &(String, Vec<u8>)) -> Result<Definition, Failure> {
    Ok(definition(read, &[], Overrides::default())?.definition)
}

/// The services of a definition's arms: where one is given, with the login that no definition holds.
pub(crate) fn of(definition: &Definition, given: &[Service]) -> Result<Vec<Service>, Failure> {
    let names: Vec<&str> = definition.arms.iter().map(|arm| arm.name.as_str()).collect();
    if let Some(other) = given.iter().find(|service| !names.contains(&service.name.as_str())) {
        let (name, names) = (&other.name, names.join(", "));
        return Err(Failure::Usage(format!("--target: no service of this load is called {name} (there are: {names})")));
    }
    if names.is_empty() {
        let text =
            "a load has at least one service: name it with --target NAME=URL, or as an [[arm]] of the definition";
        return Err(Failure::Usage(text.into()));
    }
    let service = |arm: &Arm| match given.iter().find(|service| service.name == arm.name) {
        Some(service) => Ok(service.clone()),
        None => Ok(Service { name: arm.name.clone(), base_url: BaseUrl::parse(url(arm))? }),
    };
    definition.arms.iter().map(service).collect()
}

fn url(arm: &Arm) -> &str {
    arm.strategy.settings.text(URL.name)
}

/// What a record says of a service that was asked with a user or a password.
fn login_of(name: &str) -> String {
    format!("login {name}")
}

/// A service that was asked with a login has to be asked with one again: no record keeps it.
pub(crate) fn refuse_lost_logins(manifest: &Manifest, services: &[Service]) -> Result<(), Failure> {
    let lost = |service: &&Service| {
        manifest.parameters.contains_key(&login_of(&service.name)) && !service.base_url.has_login()
    };
    let lost: Vec<&Service> = services.iter().filter(lost).collect();
    if lost.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = lost.iter().map(|service| service.name.as_str()).collect();
    let again: String = lost.iter().map(|service| format!(" --target {}=URL", service.name)).collect();
    Err(Failure::Usage(format!(
        "{} was asked with a user or a password in its URL, which no record keeps; give it again:{again}",
        names.join(", ")
    )))
}

/// The services that are no longer where the definition has them, a line each.
pub(crate) fn moved(definition: &Definition, services: &[Service]) -> Vec<String> {
    // As addresses: a slash at the end or the usual port makes no difference.
    let was = |arm: &Arm| BaseUrl::parse(url(arm)).map_or_else(|_| url(arm).to_owned(), |url| url.to_string());
    let pairs = definition.arms.iter().zip(services);
    pairs
        .filter(|(arm, service)| was(arm) != service.base_url.to_string())
        .map(|(arm, service)| format!("{}: it was at {}, now it is at {}", arm.name, url(arm), service.base_url))
        .collect()
}

/// What asks each service, by name.
fn drivers(definition: &Definition) -> Vec<&str> {
    if definition.arms.is_empty() {
        return vec![definition.driver.as_str()];
    }
    let own = definition.arms.iter().map(|arm| arm.strategy.settings.text(DRIVER.name));
    own.map(|own| if own.is_empty() { definition.driver.as_str() } else { own }).collect()
}

/// Whether goose asks some service, with the users that it starts per second, if that is given.
pub(crate) fn goose(definition: &Definition) -> Result<Option<Option<f64>>, Failure> {
    let hatch = definition.services.as_ref().and_then(|services| services.hatch_per_s);
    if !drivers(definition).contains(&GOOSE) {
        return match hatch {
            None => Ok(None),
            Some(_) => {
                Err(Failure::Usage("hatch-per-s is of goose's users: give --driver goose, or leave it out".into()))
            }
        };
    }
    if cfg!(not(feature = "goose")) {
        return Err(Failure::Usage(LeftOut { name: "the driver goose", feature: "goose" }.to_string()));
    }
    if !definition.rates.is_empty() {
        let text = "goose's users are a closed loop: leave --rate and --find-max out, or --driver goose";
        return Err(Failure::Usage(text.into()));
    }
    Ok(Some(hatch))
}

/// What drives where goose asks some service: each is asked by its own driver, or by that of the run.
#[cfg(feature = "goose")]
pub(crate) struct EachByItsOwn {
    pub(crate) of_run: String,
    pub(crate) goose: cachemark_goose::GooseDriver,
}

#[cfg(feature = "goose")]
impl Driver<HttpTarget> for EachByItsOwn {
    fn drive(
        &self,
        load: &Arc<Load<HttpTarget>>,
        timeline: &Timeline,
        instruments: &mut Instruments<'_>,
    ) -> Result<Driven, DriveError> {
        let own = load.instances[0].driver.as_str();
        match if own.is_empty() { self.of_run.as_str() } else { own } {
            GOOSE => self.goose.drive(load, timeline, instruments),
            _ => DriverThreads.drive(load, timeline, instruments),
        }
    }
}

/// Each session holds a connection, and a connection is an open file: too low a limit shows only when some are connected.
pub(crate) fn refuse_few_files(sessions: u32, closed: bool) -> Result<(), Failure> {
    let needed = u64::from(sessions) + OTHER_FILES;
    let (who, flag) = if closed { ("users", "--users") } else { ("requests in flight", "--max-in-flight") };
    match rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        Some(limit) if limit < needed => Err(Failure::Preflight(format!(
            "{sessions} {who} need about {needed} open files, and the limit of this shell is {limit}; raise it with `ulimit -n \
             {needed}`, or give a lower {flag}"
        ))),
        _ => Ok(()),
    }
}

/// One for all, or what each service is asked by.
fn driver_of_all(definition: &Definition) -> String {
    let drivers = drivers(definition);
    if drivers.windows(2).all(|two| two[0] == two[1]) {
        return drivers.first().copied().unwrap_or_default().to_owned();
    }
    let each = definition.arms.iter().zip(&drivers).map(|(arm, driver)| format!("{}: {driver}", arm.name));
    each.collect::<Vec<_>>().join(", ")
}

/// What is the same for all of a load, for its fairness page.
pub(crate) fn parameters(
    definition: &Definition,
    templates: &HttpTemplates,
    services: &[Service],
) -> BTreeMap<String, Value> {
    let of_services = definition.services.as_ref();
    let preload = match of_services.is_some_and(|services| services.preload) {
        true => "every key written over HTTP",
        false => "none: as the service was",
    };
    let mut parameters: BTreeMap<String, Value> = [
        ("stack", Manifest::SERVICES.to_owned()),
        ("driver", driver_of_all(definition)),
        ("connections", "one client for each session, with a connection of its own".into()),
        ("service time", "from handing the request to the client to the last byte of the body".into()),
        (
            "store load",
            "reckoned from the answers: reads not answered by the cache, writes and deletes answered".into(),
        ),
        ("preload", preload.into()),
    ]
    .into_iter()
    .chain(templates.rules())
    .map(|(name, value)| (name.to_owned(), value.into()))
    .collect();
    if drivers(definition).contains(&GOOSE) {
        let rate = of_services.and_then(|services| services.hatch_per_s);
        let rate = rate.map_or_else(|| "all at once".to_owned(), |rate| format!("{rate} users per second"));
        parameters.insert("hatch".into(), rate.into());
        parameters.insert(
            "arrivals".into(),
            "closed loop: each of goose's users waits for its answer, then asks again".into(),
        );
        parameters.insert("runtime".into(), "one tokio runtime of as many threads for all of goose's users".into());
        let text = "not mitigated: goose's option makes samples up, so it is off";
        parameters.insert("coordinated omission".into(), text.into());
    }
    for service in services {
        if service.base_url.has_login() {
            parameters.insert(login_of(&service.name), "sent with each request, and kept nowhere".into());
        }
        parameters.insert(format!("target {}", service.name), service.base_url.to_string().into());
    }
    parameters
}

/// Services that are called like a strategy of ours have its colour.
pub(crate) fn parts(services: &[Service]) -> Vec<Part> {
    let part = |service: &Service| {
        let ours = cachemark_strategy::strategies().iter().find(|part| part.name == service.name)?;
        Some(Part {
            kind: "strategy".into(),
            name: service.name.clone(),
            summary: format!("A service at {}.", service.base_url),
            colour: ours.colour,
            acknowledges_early: ours.durable() != Durable::AtOnce,
        })
    };
    services.iter().filter_map(part).collect()
}
