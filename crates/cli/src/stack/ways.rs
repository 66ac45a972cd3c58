//! The ways to servers whose faults are of the way: each leads through a proxy of ours, in every arm alike, for operations, probes and
//! preloads.

use crate::servers::place;
use cachemark_bench::definition::Definition;
use cachemark_bench::fault::PlannedFault;
use cachemark_core::{Fault, FaultActor, FaultError, FaultTarget};
use cachemark_stack::{Addresses, Place, Proxy, StackError, impossible};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The proxies before the servers of some parts.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// Whose servers are reached through a proxy.
    parts: BTreeSet<&'static str>,
    proxies: Mutex<BTreeMap<Place, Proxy>>,
}

impl Ways {
    /// Of the parts whose ways a definition spoils.
    pub(super) fn of(definition: &Definition) -> Self {
        Self::to(spoiled(definition))
    }

    fn to(parts: BTreeSet<&'static str>) -> Self {
        Self { parts, proxies: Mutex::default() }
    }

    fn proxies(&self) -> MutexGuard<'_, BTreeMap<Place, Proxy>> {
        self.proxies.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Leads through a proxy what is to go through one. A server that no proxy can stand before is reached as it was: what cannot be
    /// done to it is refused by [`Ways::can`].
    pub(super) fn lead(&self, mut addresses: Addresses) -> Result<Addresses, StackError> {
        for part in &self.parts {
            let Some(place) = addresses.of(part).and_then(|address| place(part, &address.url)) else { continue };
            let mut proxies = self.proxies();
            let port = match proxies.get(&place) {
                Some(proxy) => proxy.port(),
                None => {
                    let failed = |source| StackError::Io { action: format!("start a proxy before {part}"), source };
                    let proxy = Proxy::before(place.clone()).map_err(failed)?;
                    let port = proxy.port();
                    proxies.insert(place, proxy);
                    port
                }
            };
            addresses.lead_through(part, port);
        }
        Ok(addresses)
    }

    /// Ends the proxies before servers that are not among these any more.
    pub(super) fn keep_to(&self, addresses: &Addresses) {
        let here: BTreeSet<Place> =
            addresses.iter().filter_map(|(kind, address)| place(kind.name, &address.url)).collect();
        self.proxies().retain(|place, _| here.contains(place));
    }

    /// Whether the way to a server of `part`, which is at `url` if it is known where, can be spoiled.
    pub(super) fn can(&self, fault: Fault, part: &str, url: Option<&str>) -> Result<(), FaultError> {
        let why = if !self.parts.contains(part) {
            "the definition spoils no way to it, so none leads through a proxy"
        } else if url.is_some_and(|url| place(part, url).is_none()) {
            "it is reached over a Unix socket, which no proxy stands before; give its host and port"
        } else {
            return Ok(());
        };
        Err(impossible(fault, part, why))
    }

    /// Spoils the way to the server of `part` at these addresses, or undoes that.
    pub(super) fn act(&self, fault: Fault, part: &str, addresses: &Addresses, begins: bool) -> Result<(), FaultError> {
        let place = addresses.of(part).and_then(|address| place(part, &address.url));
        let proxies = self.proxies();
        match place.and_then(|place| proxies.get(&place)) {
            Some(proxy) if begins => proxy.begin(fault).map_err(|said| cachemark_stack::failed(fault, part, said)),
            Some(proxy) => proxy.end(fault).map_err(|said| cachemark_stack::failed(fault, part, said)),
            // Its server has gone, and its proxy with it.
            None if !begins => Ok(()),
            None => Err(impossible(fault, part, "the server that is set so does not run now")),
        }
    }

    /// Resets all connections through the proxies, and ends them.
    pub(super) fn close(&self) {
        let proxies = std::mem::take(&mut *self.proxies());
        drop(proxies);
    }
}

/// The parts whose ways a definition spoils.
fn spoiled(definition: &Definition) -> BTreeSet<&'static str> {
    let of_ways = definition.faults.iter().filter_map(PlannedFault::of_server);
    let targets = of_ways.filter(|(_, fault)| fault.actor() == FaultActor::Proxy).map(|(target, _)| target);
    let parts = targets.flat_map(|target| match target {
        FaultTarget::Cache => &definition.caches,
        FaultTarget::Store => &definition.stores,
    });
    parts.map(|part| part.descriptor.name).collect()
}

#[cfg(all(test, feature = "servers"))]
mod tests {
    use super::*;
    use cachemark_stack::{Address, AddressSource};
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    fn at(url: String) -> Addresses {
        let mut addresses = Addresses::default();
        for name in ["redis", "postgres"] {
            addresses.put(name, Address { url: url.replace("NAME", name), source: AddressSource::Started });
        }
        addresses
    }

    /// Says a byte to whoever comes.
    fn server() -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || listener.incoming().for_each(|stream| drop(stream.unwrap().write_all(b"x"))));
        port
    }

    fn says(port: u16) -> bool {
        TcpStream::connect(("127.0.0.1", port)).is_ok_and(|mut stream| matches!(stream.read(&mut [0]), Ok(1)))
    }

    #[test]
    fn only_the_way_that_is_spoiled_leads_through_a_proxy_and_each_server_has_its_own() {
        let ways = Ways::to(["redis"].into());
        let (one, other) = (at(format!("NAME://127.0.0.1:{}", server())), at(format!("NAME://127.0.0.1:{}", server())));
        let led = |addresses: &Addresses| ways.lead(addresses.clone()).unwrap().proxy_of("redis").unwrap();
        let (first, second) = (led(&one), led(&other));
        assert!(first != second && led(&one) == first, "it stays where it is");
        assert_eq!(ways.lead(one.clone()).unwrap().proxy_of("postgres"), None);
        assert!(says(first) && says(second));
        ways.act(Fault::Drop, "redis", &one, true).unwrap();
        assert!(!says(first) && says(second));
        ways.act(Fault::Drop, "redis", &one, false).unwrap();
        assert!(says(first));
        ways.keep_to(&other);
        assert!(!says(first) && says(second), "a proxy goes with its server");
        assert_eq!(ways.act(Fault::Drop, "redis", &one, false), Ok(()), "and what was wrong with it");
        assert!(ways.act(Fault::Drop, "redis", &one, true).is_err());
        ways.close();
        assert!(!says(second));
    }

    #[test]
    fn a_way_that_leads_nowhere_is_refused_with_the_reason() {
        let ways = Ways::to(["redis"].into());
        let said = |part, url| ways.can(Fault::BlackHole, part, url).map_err(|error| error.to_string());
        assert_eq!(said("redis", None), Ok(()));
        assert_eq!(said("redis", Some("redis://cache:1")), Ok(()));
        assert!(said("redis", Some("redis+unix:///run/redis.sock")).unwrap_err().contains("Unix socket"));
        assert!(
            said("postgres", None).unwrap_err().starts_with("a black hole cannot be done to postgres: the definition")
        );
        let socket = at("redis+unix:///run/redis.sock".into());
        assert_eq!(ways.lead(socket).unwrap().proxy_of("redis"), None, "it is reached as it was");
    }
}
