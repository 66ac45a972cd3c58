//! Write-behind in a process of its own, asked by `cachemark load`: what the process takes with it the load's own audit finds, and
//! nothing after a stop.

use crate::Service;
use crate::shutdown::Stack;
use assert_cmd::Command;
use cachemark_results::{Audit, Run, latest_in};
use cachemark_testkit::free_port;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

const KEYS: u64 = 2_000;
/// Operations per second, of which this share changes something.
const RATE: f64 = 1_000.0;
const CHANGES: f64 = 0.6;
/// How long a write waits by default, and how long its flush may take then: on a machine with other work many times what it needs.
const DELAY: Duration = Duration::from_millis(500);
const FLUSH: Duration = Duration::from_millis(500);

/// The record of four seconds of load, in the middle of which `end` ends the service and another one takes its address.
fn record(stack: &Stack, end: impl FnOnce(Service)) -> Run {
    let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
    let serve = || Service::launch(stack.command_at(address, "redis", &["--strategy", "write-behind"]));
    let (service, witness) = (serve(), stack.serve("no-cache"));
    let out = tempfile::tempdir().unwrap();
    let definition = out.path().join("behind.toml");
    let (witness_address, reads) = (&witness.address, 1.0 - CHANGES);
    let text = format!(
        "[workload]\nkeys = {KEYS}\nread-ratio = {reads}\ndelete-ratio = 0.1\ndistribution = \"uniform\"\n\
         [[arm]]\nname = \"behind\"\nstrategy = \"http\"\nurl = \"http://{address}\"\n\
         audit-url = \"http://{witness_address}\"\naudit-wait-ms = 3000\n"
    );
    std::fs::write(&definition, text).unwrap();
    let again = thread::scope(|scope| {
        let load = scope.spawn(|| {
            let mut command = Command::cargo_bin("cachemark").unwrap();
            command.env("CACHEMARK_OUT", out.path()).args(["load", "--blocks", "1", "--warm-up", "0s"]);
            command.args(["--duration", "4s", "--rate", &RATE.to_string(), "--workload"]).arg(&definition);
            command.output().unwrap()
        });
        // In the middle: with a second and a half behind it, and more before it.
        while service.metric("cachemark_operations_total") < (1.5 * RATE) as u64 {
            assert!(!load.is_finished(), "{}", String::from_utf8_lossy(&load.join().unwrap().stderr));
            thread::sleep(Duration::from_millis(5));
        }
        end(service);
        let again = serve();
        let output = load.join().unwrap();
        // What was asked in between failed: that may be too much for the run to be trusted.
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
        again
    });
    assert!(again.metric("cachemark_operations_total") > 0, "the load went on");
    assert_eq!((again.stop().0, witness.stop().0), (Some(0), Some(0)));
    Run::open(&latest_in(out.path()).unwrap()).unwrap()
}

/// What the audit of the only trial found, whole and without a fault of another sort.
fn audited(run: &Run) -> &Audit {
    let [trial] = &run.trials[..] else { panic!("{} trials", run.trials.len()) };
    let audit = trial.audit.as_ref().expect("an audit");
    assert_eq!((audit.incomplete.as_deref(), audit.store.seen), (None, KEYS), "{audit:?}");
    assert_eq!((audit.phantoms(), audit.corrupt()), (0, 0), "{audit:?}");
    assert!(audit.store.written.unwrap() > KEYS / 3, "{audit:?}");
    let fresh = trial.freshness.as_ref().unwrap();
    assert_eq!((fresh.phantoms, fresh.corrupt), (0, 0), "{fresh:?}");
    audit
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn the_load_s_own_audit_finds_what_a_crash_takes_and_that_is_no_more_than_theory_allows() {
    let stack = Stack::up();
    let run = record(&stack, |service| {
        service.signal("-KILL");
        drop(service);
    });
    let audit = audited(&run);
    let lost = audit.lost_writes().unwrap() as f64;
    // The last change of a key is lost if it came within the delay and the flush before the end: Poisson's chance of one at least. Some
    // keys were written again, and are not lost any more.
    let chance = -(-RATE * CHANGES / KEYS as f64 * (DELAY + FLUSH).as_secs_f64()).exp_m1();
    let (most, deviation) = (KEYS as f64 * chance, (KEYS as f64 * chance * (1.0 - chance)).sqrt());
    assert!(lost > 0.0 && lost <= most + 3.0 * deviation, "{lost} keys lost of {most:.0} +- {deviation:.0}");
    let told = |code: &str| run.trials[0].warnings.iter().any(|warning| warning.code == code);
    assert!(told("lost-writes"), "{:?}", run.trials[0].warnings);
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn the_load_s_own_audit_finds_nothing_lost_after_a_stop() {
    let stack = Stack::up();
    let run = record(&stack, |service| assert_eq!(service.stop().0, Some(0)));
    assert_eq!(audited(&run).lost_writes(), Some(0), "{:?}", run.trials[0].audit);
}
