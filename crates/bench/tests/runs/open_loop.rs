//! Open loops: the schedule is kept, what it could not keep is counted, and a stall shows where it must.

use crate::scripted_stack::{READS, Stack, definition, sweep};
use cachemark_bench::{Silent, StopFlag};
use cachemark_results::{OpenLoop, Run, Trial};
use cachemark_testkit::scripted::{Op, ScriptedStore, When};
use std::time::Duration;

/// One trial of no-cache by one driver thread under the given [run] settings.
fn trial(rate: u32, settings: &str, script: fn(&ScriptedStore)) -> Trial {
    trial_by(1, rate, settings, script)
}

fn trial_by(threads: u32, rate: u32, settings: &str, script: fn(&ScriptedStore)) -> Trial {
    let text =
        format!("{READS}rate = {rate}\n[run]\ndriver-threads = {threads}\nclients = 1\nwarm-up-ms = 0\n{settings}\n");
    let out = tempfile::tempdir().unwrap();
    let end = sweep(&definition(&text), &Stack::with(script), out.path(), &StopFlag::default(), &mut Silent).unwrap();
    Run::open(&end.folder).unwrap().trials.swap_remove(0)
}

fn open(trial: &Trial) -> &OpenLoop {
    let open = trial.open_loop.as_ref().expect("it has a rate");
    assert_eq!(open.offered, trial.totals.issued + open.shed + open.unsent, "{open:?}");
    open
}

/// The licence to publish. A store that freezes for a second holds up the one operation in flight; the 500 arrivals of
/// that second wait for it. A harness that times from the actual start sees one slow operation in 1,250.
#[test]
fn a_stall_shows_in_response_time_and_not_in_service_time() {
    let settings = "arrivals = \"constant\"\nmax-in-flight = 1\nduration-ms = 2500\noperation-timeout-ms = 5000";
    let trial = trial(500, settings, |store| {
        store.delay_when(When::every(Op::Read).nth(300), Duration::from_secs(1));
    });
    let open = open(&trial);
    assert_eq!((open.offered, open.shed, open.unsent), (1250, 0, 0));
    let (service, response) = (trial.all_time.unwrap(), open.all_response.unwrap());
    assert!(service.max_ns >= 1_000_000_000 && response.max_ns >= 1_000_000_000);
    assert!(service.p99_ns.unwrap() < 500_000_000, "service p99: {:?}", service.p99_ns);
    assert!(response.p90_ns.unwrap() > 500_000_000, "response p90: {:?}", response.p90_ns);
    assert!(open.late >= 450, "{} late", open.late);
    // The wait before the start is the schedule's lag: response time is the two together.
    assert!(open.schedule_lag.unwrap().p90_ns.unwrap() > 500_000_000);
}

#[test]
fn more_than_the_store_can_do_is_counted_one_way_or_the_other() {
    // One at a time and 5 ms each: 200 a second at most, of 1,000 offered.
    let slow = |store: &ScriptedStore| store.delay_when(When::always(), Duration::from_millis(5));
    let settings = "arrivals = \"constant\"\nmax-in-flight = 1\nduration-ms = 500\noperation-timeout-ms = 100";
    let waiting = trial(1000, settings, slow);
    let counts = open(&waiting);
    assert_eq!((counts.offered, counts.shed), (500, 0));
    assert!(counts.unsent > 300 && counts.late > 0, "{counts:?}");
    let shedding = trial(1000, &format!("{settings}\nwhen-full = \"shed\""), slow);
    let counts = open(&shedding);
    assert_eq!((counts.offered, counts.unsent, counts.late), (500, 0, 0));
    assert!(counts.shed > 300, "{counts:?}");
    let slowest = counts.all_response.unwrap().max_ns;
    assert!(slowest < waiting.open_loop.unwrap().all_response.unwrap().max_ns, "who is shed does not wait");
}

#[test]
fn no_arrival_is_lost_to_a_thread_without_a_session() {
    let trial = trial_by(4, 400, "max-in-flight = 2\nduration-ms = 500", |_| {});
    let counts = open(&trial);
    assert_eq!((counts.shed, counts.unsent), (0, 0), "{counts:?}");
    assert!(trial.hit_ratio.is_none() && trial.totals.ok > 0);
}

#[test]
fn a_client_that_is_the_limit_gives_up_when_the_grace_is_over() {
    // Ten million a second, of which nothing waits for the store: whatever is late, the client is.
    let settings = "arrivals = \"constant\"\nduration-ms = 100\noperation-timeout-ms = 50";
    let trial = trial(10_000_000, settings, |_| {});
    let counts = open(&trial);
    assert_eq!(counts.offered, 1_000_000);
    assert!(counts.unsent > 0 && trial.totals.issued > 0, "{counts:?}");
    assert!(trial.invalid_because().is_some(), "{:?}", trial.warnings);
}

#[test]
fn poisson_arrivals_are_the_same_for_a_seed() {
    let counts = || {
        let trial = trial(2000, "duration-ms = 300", |_| {});
        let open = open(&trial);
        assert_eq!((open.process.as_str(), open.offered_per_s), ("poisson", 2000.0));
        open.offered
    };
    let offered = counts();
    assert_eq!(offered, counts(), "the window begins with the first arrival, as there is no warm-up");
    // 600 expected, with a standard deviation of 25.
    assert!((450..750).contains(&offered), "{offered}");
}
