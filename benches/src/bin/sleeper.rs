//! A bare thread that sleeps until each of its moments: how late does this machine wake anyone?
//!
//! `sleeper RATE SECONDS` waits for RATE equally spaced moments a second, with the least timer slack there is (1 ns), and
//! prints how late it woke and its share of a processor, as JSON. Nothing else runs in it: a load generator that sleeps
//! can hardly be better.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program whose output this is")]

use cachemark_stats::Histogram;
use std::num::NonZero;
use std::time::{Duration, Instant};

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut number = || arguments.next().and_then(|text| text.parse::<f64>().ok()).filter(|number| *number > 0.0);
    let (Some(rate), Some(seconds)) = (number(), number()) else {
        eprintln!("usage: sleeper RATE SECONDS");
        std::process::exit(2);
    };
    let slack = rustix::thread::set_current_timer_slack(NonZero::new(1));
    if let Err(error) = slack {
        eprintln!("sleeper: the timer slack cannot be set: {error}");
    }
    let mut late = Histogram::new();
    let (began, busy_before) = (Instant::now(), busy());
    for number in 0..(rate * seconds) as u64 {
        let moment = began + Duration::from_secs_f64(number as f64 / rate);
        std::thread::sleep(moment.saturating_duration_since(Instant::now()));
        late.record(Instant::now().saturating_duration_since(moment).as_nanos() as u64);
    }
    let share = (busy() - busy_before).as_secs_f64() / began.elapsed().as_secs_f64();
    println!(
        "{{\"count\": {}, \"p50_ns\": {}, \"p99_ns\": {}, \"max_ns\": {}, \"cpu\": {share:.4}}}",
        late.count(),
        late.quantile(0.5).unwrap_or_default(),
        late.quantile(0.99).unwrap_or_default(),
        late.max().unwrap_or_default(),
    );
}

/// The thread's time on a processor.
fn busy() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
