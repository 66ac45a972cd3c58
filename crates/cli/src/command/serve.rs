//! `cachemark serve`: one strategy over one stack, behind HTTP.

use crate::addresses;
use crate::args::ServeArgs;
use crate::assemble::Assembly;
use crate::catalogue::{capabilities, catalogue};
use crate::exit::{Exit, Failure};
use crate::open_files;
use crate::output::say;
use crate::presets;
use crate::servers::Claims;
use crate::stack::{Stack, refuse_left_out};
use cachemark_bench::definition::{Definition, Draft, Overrides};
use cachemark_bench::{Assembler, Composition, Probes, Target, TargetError};
use cachemark_core::{CacheMeter, Counters, Failures, StoreMeter};
use cachemark_service::{Drained, Limits, Parts, Readiness, Service};
use cachemark_workload::{Keyspace, Preload, Seed, ValueSize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};

/// What is served where nothing is named.
const STRATEGY: &str = "cache-aside";

pub(crate) fn run(args: &ServeArgs) -> Result<Exit, Failure> {
    refuse_left_out(args.stack)?;
    let definition = definition(args)?;
    let composition = only_composition(&definition)?;
    let addresses = addresses::resolve(args.stack, &definition, args.addresses.given())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::System("start a runtime", error))?;
    // Before the servers are started: told to stop from now on, the service takes them with it.
    let inside = runtime.enter();
    let mut stop = Box::pin(stop_signal().map_err(|error| Failure::System("listen for signals", error))?);
    drop(inside);
    let stack = Stack::up(args.stack, &definition, addresses)?;
    let assembly = Assembly::over(&stack, &definition)?;
    let served = runtime.block_on(async {
        let prepared = tokio::select! {
            biased;
            () = &mut stop => return Ok(None),
            prepared = prepare(args, &definition, &composition, &assembly) => prepared?,
        };
        serve(args, &composition, prepared, stop).await.map(Some)
    });
    match served? {
        Some(ended) => Ok(ended.exit()),
        // It was stopped before it served anything.
        None => Ok(Exit::Interrupted),
    }
}

/// Of a workload that has arms one is named, or another strategy: none would be passed over in silence.
fn definition(args: &ServeArgs) -> Result<Definition, Failure> {
    let read = presets::text(&args.workload)?;
    let draft = Draft::read(&read.0, &read.1)?;
    let arms = draft.arm_names();
    if let (false, None, None) = (arms.is_empty(), &args.arm, &args.strategy) {
        return Err(Failure::Usage(format!(
            "{} has arms, and serve takes one: name it with --arm ({}), or a strategy with --strategy",
            args.workload,
            arms.join(", ")
        )));
    }
    presets::resolved(&read, overrides(args), &catalogue(args.stack))
}

/// One strategy over one cache and one store. The service's runtime moves work between its threads, so all of them count
/// as one driver.
///
/// Caches and stores that the workload names are for sweeps: settings alone come from it.
fn overrides(args: &ServeArgs) -> Overrides {
    let stack = catalogue(args.stack);
    let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    let or_first = |name: &Option<String>, all: &[&str]| {
        name.clone().or_else(|| all.first().map(ToString::to_string)).map(|name| vec![name])
    };
    Overrides {
        strategies: args.arm.is_none().then(|| vec![args.strategy.clone().unwrap_or_else(|| STRATEGY.to_owned())]),
        arm: args.arm.clone(),
        caches: or_first(&args.cache, stack.default_caches),
        stores: or_first(&args.store, stack.default_stores),
        read_costs_us: Some(vec![u64::try_from(args.read_cost.as_micros()).unwrap_or(u64::MAX)]),
        instances: Some(vec![args.instances]),
        clients: Some(1),
        operation_timeout_ms: Some(millis(args.deadline)),
        cache_timeout_ms: args.cache_timeout.map(millis),
        ..Overrides::default()
    }
}

fn only_composition(definition: &Definition) -> Result<Composition, Failure> {
    let Definition { arms, caches, stores, read_costs, instances, .. } = definition;
    let ([arm], [store], [read_cost], [instances]) = (&arms[..], &stores[..], &read_costs[..], &instances[..]) else {
        let arms = arms.iter().map(|arm| arm.name.as_str()).collect::<Vec<_>>().join(", ");
        let text =
            format!("serve takes one arm with one value for each setting: name it with --arm. There are: {arms}");
        return Err(Failure::Usage(text));
    };
    let composition = Composition::of(definition, arm, (caches.first(), store), *read_cost, *instances);
    match composition.lacking(capabilities) {
        Some(reason) => Err(Failure::Usage(format!("{reason}, which {} lacks", composition.cache_name()))),
        None => Ok(composition),
    }
}

/// What is served, for people.
fn in_words(composition: &Composition) -> String {
    let names = [
        Some(composition.arm.as_str()),
        composition.cache.as_ref().map(|_| composition.cache_name()),
        Some(composition.store_name()),
    ];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// What serving needs.
struct Prepared {
    target: Target<ServedStrategy>,
    /// What a preload is this service's by.
    claims: Option<Claims>,
    /// What cache and store counted before.
    before: (Counters, Counters),
}

type ServedStrategy = <Assembly<'static> as Assembler>::Asked;

async fn prepare(
    args: &ServeArgs,
    definition: &Definition,
    composition: &Composition,
    assembly: &Assembly<'_>,
) -> Result<Prepared, Failure> {
    let target = assembly.assemble(composition).await?;
    let claims = if args.preload { Some(Claims::take(assembly, definition).await?) } else { None };
    let filled = async {
        if args.preload {
            preload(definition, composition, &*target.probes).await?;
        }
        Ok(counters(composition, &*target.probes).await?)
    };
    match filled.await {
        Ok(before) => Ok(Prepared { target, claims, before }),
        Err(failure) => {
            release(claims).await;
            Err(failure)
        }
    }
}

async fn preload(definition: &Definition, composition: &Composition, probes: &dyn Probes) -> Result<(), Failure> {
    let keyspace =
        Keyspace::new(super::measure::KEY_PREFIX, definition.keys).map_err(cachemark_bench::SweepError::from)?;
    let size = ValueSize::Fixed { bytes: definition.value_bytes };
    let rows = Preload::new(keyspace, size, Seed::new(definition.seed));
    let reset = probes.store().reset(&rows).await;
    Ok(reset.map_err(|error| TargetError::new(composition.store_name(), "preloading", error))?)
}

/// Gives back what was claimed: left to itself, a cache would keep it from others for a while. Whether it was this service's
/// to the end.
async fn release(claims: Option<Claims>) -> bool {
    match claims {
        Some(claims) => claims.release().await,
        None => true,
    }
}

/// How a service ended.
struct Ended {
    drained: Drained,
    /// Whether what it had claimed was its own to the end.
    kept: bool,
}

impl Ended {
    /// Says what was cut off, and gives the exit code.
    fn exit(self) -> Exit {
        let Self { drained, kept } = self;
        if drained.is_clean() {
            return if kept { Exit::Pass } else { Exit::Untrusted };
        }
        let left = drained.operations_left;
        let strategy = drained.strategy.map_or_else(|error| error.to_string(), |()| "drained".into());
        let cut = drained.connections_cut;
        // Talk that nobody can hear is no error.
        let _ = writeln!(
            std::io::stderr().lock(),
            "stopped with {cut} connections cut and {left} operations under way; strategy: {strategy}"
        );
        Exit::Untrusted
    }
}

async fn serve(
    args: &ServeArgs,
    composition: &Composition,
    prepared: Prepared,
    stop: impl Future<Output = ()> + Send,
) -> Result<Ended, Failure> {
    let Prepared { target, claims, before } = prepared;
    let drained = answer(args, composition, target, before, stop).await;
    let kept = release(claims).await;
    Ok(Ended { drained: drained?, kept })
}

/// Answers until it is told to stop, and prints the last line.
async fn answer(
    args: &ServeArgs,
    composition: &Composition,
    target: Target<ServedStrategy>,
    before: (Counters, Counters),
    stop: impl Future<Output = ()> + Send,
) -> Result<Drained, Failure> {
    let probes: Arc<dyn Probes> = Arc::from(target.probes);
    let (cache_meter, store_meter) = (target.cache_meter, target.store_meter);
    let parts = Parts {
        instances: target.instances,
        cache_meter: Arc::clone(&cache_meter),
        store_meter: Arc::clone(&store_meter),
        readiness: readiness(Arc::clone(&probes)),
    };
    let limits = limits(args);
    open_files::raise(limits.connections);
    let listener = listen(args.listen, limits.connections).map_err(|error| Failure::Listen(args.listen, error))?;
    let service = Service::new(parts, limits);
    let address = listener.local_addr().map_err(|error| Failure::System("listen", error))?;
    // Scripts wait for this line, and take the port from it.
    say(&format!("serving {} on http://{address}", in_words(composition)));
    let drained = service.serve(listener, stop).await.map_err(|error| Failure::System("serve", error))?;
    let (cache, store) = match counters(composition, &*probes).await {
        Ok((cache, store)) => (cache.since(&before.0).0, store.since(&before.1).0),
        // A backend that is gone is told by how the drain ended, which must be told.
        Err(error) if !drained.is_clean() => {
            let _ = writeln!(std::io::stderr().lock(), "{error}");
            Default::default()
        }
        Err(error) => return Err(error.into()),
    };
    say(&summary((&cache_meter, &store_meter), (&cache, &store), &probes.policies()).to_string());
    Ok(drained)
}

/// With a queue for as many connections as may be open: where a crowd comes at once, each that finds the queue full
/// waits a second before it tries again. The system has a bound of its own (`net.core.somaxconn`).
fn listen(address: SocketAddr, connections: usize) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // A port whose last service has just ended is free.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(u32::try_from(connections).unwrap_or(u32::MAX))
}

fn limits(args: &ServeArgs) -> Limits {
    Limits {
        body_bytes: args.body_bytes,
        head_read: args.head_read,
        body_read: args.body_read,
        deadline: args.deadline,
        ..Limits::default()
    }
}

/// What the cache and the store say of themselves.
async fn counters(composition: &Composition, probes: &dyn Probes) -> Result<(Counters, Counters), TargetError> {
    let mut cache = Counters::default();
    for probe in probes.caches() {
        let counters = probe.counters().await.map_err(|error| TargetError::new("the cache", "asking", error))?;
        for (name, count) in counters.0 {
            *cache.0.entry(name).or_default() += count;
        }
    }
    let store =
        probes.store().counters().await.map_err(|error| TargetError::new(composition.store_name(), "asking", error))?;
    Ok((cache, store))
}

/// The last line: what was asked of cache and store, what they count themselves, and what the policies did.
fn summary(
    (cache_meter, store_meter): (&CacheMeter, &StoreMeter),
    (cache_counters, store_counters): (&BTreeMap<&str, u64>, &BTreeMap<&str, u64>),
    policy_counters: &BTreeMap<String, u64>,
) -> Value {
    let (cache, store) = (cache_meter.snapshot(), store_meter.snapshot());
    json!({
        "cache": { "gets": cache.gets, "hits": cache.hits, "sets": cache.sets, "deletes": cache.deletes,
                   "errors": cache.errors, "failures": failures(&cache_meter.failures()) },
        "store": { "reads": store.reads, "found": store.found, "writes": store.writes, "deletes": store.deletes,
                   "errors": store.errors, "failures": failures(&store_meter.failures()) },
        "cache_counters": cache_counters,
        "store_counters": store_counters,
        "policy_counters": policy_counters,
    })
}

fn failures(failures: &Failures) -> Vec<Value> {
    let told = failures.0.iter().map(|((call, kind), failed)| {
        json!({ "call": call, "kind": kind.name(), "calls": failed.count, "first": failed.first })
    });
    told.collect()
}

/// Every backend must answer within a second.
fn readiness(probes: Arc<dyn Probes>) -> Readiness {
    Box::new(move || {
        let probes = Arc::clone(&probes);
        Box::pin(async move {
            let asking = async {
                for cache in probes.caches() {
                    cache.ping().await.map_err(|error| error.to_string())?;
                }
                probes.store().ping().await.map_err(|error| error.to_string())
            };
            match tokio::time::timeout(Duration::from_secs(1), asking).await {
                Ok(answer) => answer.map(drop),
                Err(_) => Err("a backend gave no answer within a second".into()),
            }
        })
    })
}

/// Ends when the user or the system asks the service to stop.
fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(all(test, feature = "servers"))]
mod tests {
    use super::*;
    use crate::args::{Args, Command};
    use clap::Parser;

    /// What a command line of `serve` serves.
    fn served(arguments: &[&str]) -> String {
        let args = Args::try_parse_from([&["cachemark", "serve"], arguments].concat()).unwrap();
        let Command::Serve(args) = args.command else { panic!("no serve") };
        let definition = presets::definition(&args.workload, overrides(&args), args.stack);
        let definition = definition.unwrap_or_else(|error| panic!("{error}"));
        in_words(&only_composition(&definition).unwrap_or_else(|error| panic!("{error}")))
    }

    #[test]
    fn the_stack_s_first_parts_are_served_whatever_the_workload_sweeps_over() {
        assert_eq!(served(&["--workload", "servers"]), "cache-aside in-process sqlite");
        assert_eq!(served(&["--stack", "native", "--workload", "servers"]), "cache-aside redis postgres");
        let named = ["--stack", "native", "--cache", "memcached", "--workload", "servers"];
        assert_eq!(served(&named), "cache-aside memcached postgres");
    }
}
