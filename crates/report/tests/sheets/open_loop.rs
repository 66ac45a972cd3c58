//! An open loop, with a load that is too much.

use crate::support::{at, open, sheet};

#[test]
fn an_open_loop_at_60() {
    insta::assert_snapshot!(at(&sheet(&open()), 60), @r#"
    cache-aside against no-cache over moka + sqlite
    What to use: cache-aside: response p99 26 to 99.9972 %
      lower than with no-cache (95 % intervals), at both
      points measured.
    At which price: None shown; no difference in achieved
      throughput shown and store load 79 % lower (intervals,
      not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8
      blocks (Holm, 5 %), by 26 % at least, which is more than
      the noise of ± 6 %.
    What would change it: Not the offered load (20,000/s to
      200,000/s): it holds throughout. Nothing else was
      varied.
    Doubt: noisy: read ratio 0.9, 20000/s offered: two runs of
      the same arm differ by up to ± 6 %, where 5 % is to
      matter.
    ─────────────────────────────────────────────────────────
                    response
    strategy             p99    ratio  verdict         unsent
    ─────────────────────────────────────────────────────────
    read ratio 0.9, 20000/s offered
    no-cache          151 µs        1  reference            0
    no-cache (A/A)    144 µs    1.014  A/A control          0
    cache-aside       100 µs    0.684  better               0

    read ratio 0.9, 200000/s offered
    no-cache          3.44 s        1  reference    5,659,095
    no-cache (A/A)    3.38 s    0.999  A/A control  5,656,578
    cache-aside       110 µs  3.10e-5  better               0
    ─────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the
      whole interval lies within 5 % of the reference. The
      intervals are not adjusted for the number of
      comparisons, the verdicts are (Holm, within each
      family).
    - Staleness was not watched: no verdict says how fresh the
      answers were.
    - Overloaded, with more than 0.1 % of a trial's arrivals
      turned away by the client's own bound on operations in
      flight, or unsent: no-cache-moka-0us-0.9-200000,
      no-cache-moka-0us-0.9-200000-again. Their response times
      are of what was sent, and leave out what was not: look
      at the achieved throughput first.
    - Noise floor (half the A/A control's interval): read
      ratio 0.9, 20000/s offered: ± 6 %, noisy; read ratio
      0.9, 200000/s offered: ± 2.7 %. Where it passes the
      margin, nothing is called equivalent: measure on a
      quieter machine, or more blocks.
    - Figures are medians over blocks; late, turned away (too
      many were in flight) and unsent count the arrivals of
      all trials. Response time = completion - intended start,
      service time = completion - actual start (both of all
      answered operations), lag = actual - intended start.
    - Not shown for want of room: achieved throughput, ops/s;
      hit ratio; store load; 95 % interval; lag p99; late;
      response p50; service p99; service p50.
    "#);
}

#[test]
fn an_open_loop_at_80() {
    insta::assert_snapshot!(at(&sheet(&open()), 80), @r#"
    cache-aside against no-cache over moka + sqlite
    What to use: cache-aside: response p99 26 to 99.9972 % lower than with
      no-cache (95 % intervals), at both points measured.
    At which price: None shown; no difference in achieved throughput shown and
      store load 79 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by
      26 % at least, which is more than the noise of ± 6 %.
    What would change it: Not the offered load (20,000/s to 200,000/s): it holds
      throughout. Nothing else was varied.
    Doubt: noisy: read ratio 0.9, 20000/s offered: two runs of the same arm differ
      by up to ± 6 %, where 5 % is to matter.
    ─────────────────────────────────────────────────────────────────────────────
                                                       achieved
                    response                        throughput,    hit
    strategy             p99    ratio  verdict            ops/s  ratio     unsent
    ─────────────────────────────────────────────────────────────────────────────
    read ratio 0.9, 20000/s offered
    no-cache          151 µs        1  reference         20,000    n/a          0
    no-cache (A/A)    144 µs    1.014  A/A control       20,000    n/a          0
    cache-aside       100 µs    0.684  better            20,000  0.878          0

    read ratio 0.9, 200000/s offered
    no-cache          3.44 s        1  reference        130,581    n/a  5,659,095
    no-cache (A/A)    3.38 s    0.999  A/A control      131,687    n/a  5,656,578
    cache-aside       110 µs  3.10e-5  better           200,000  0.878          0
    ─────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Overloaded, with more than 0.1 % of a trial's arrivals turned away by the
      client's own bound on operations in flight, or unsent:
      no-cache-moka-0us-0.9-200000, no-cache-moka-0us-0.9-200000-again. Their
      response times are of what was sent, and leave out what was not: look at the
      achieved throughput first.
    - Noise floor (half the A/A control's interval): read ratio 0.9, 20000/s
      offered: ± 6 %, noisy; read ratio 0.9, 200000/s offered: ± 2.7 %. Where it
      passes the margin, nothing is called equivalent: measure on a quieter
      machine, or more blocks.
    - Figures are medians over blocks; late, turned away (too many were in flight)
      and unsent count the arrivals of all trials. Response time = completion -
      intended start, service time = completion - actual start (both of all
      answered operations), lag = actual - intended start.
    - Not shown for want of room: store load; 95 % interval; lag p99; late;
      response p50; service p99; service p50.
    "#);
}

#[test]
fn an_open_loop_at_120() {
    insta::assert_snapshot!(at(&sheet(&open()), 120), @r#"
    cache-aside against no-cache over moka + sqlite
    What to use: cache-aside: response p99 26 to 99.9972 % lower than with no-cache (95 % intervals), at
      both points measured.
    At which price: None shown; no difference in achieved throughput shown and store load 79 % lower
      (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by 26 % at least, which
      is more than the noise of ± 6 %.
    What would change it: Not the offered load (20,000/s to 200,000/s): it holds throughout. Nothing
      else was varied.
    Doubt: noisy: read ratio 0.9, 20000/s offered: two runs of the same arm differ by up to ± 6 %, where
      5 % is to matter.
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
                                                                        achieved
                    response                                         throughput,    hit  store
    strategy             p99    ratio    95 % interval  verdict            ops/s  ratio   load  lag p99     unsent
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
    read ratio 0.9, 20000/s offered
    no-cache          151 µs        1                   reference         20,000    n/a  1.000  9.48 µs          0
    no-cache (A/A)    144 µs    1.014      0.948–1.064  A/A control       20,000    n/a  0.999  9.62 µs          0
    cache-aside       100 µs    0.684      0.637–0.745  better            20,000  0.878  0.209  3.44 µs          0

    read ratio 0.9, 200000/s offered
    no-cache          3.44 s        1                   reference        130,581    n/a  1.000   3.44 s  5,659,095
    no-cache (A/A)    3.38 s    0.999      0.974–1.028  A/A control      131,687    n/a  0.999   3.38 s  5,656,578
    cache-aside       110 µs  3.10e-5  2.85e-5–3.60e-5  better           200,000  0.878  0.210  10.6 µs          0
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies within 5 % of the
      reference. The intervals are not adjusted for the number of comparisons, the verdicts are (Holm,
      within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Overloaded, with more than 0.1 % of a trial's arrivals turned away by the client's own bound on
      operations in flight, or unsent: no-cache-moka-0us-0.9-200000, no-cache-moka-0us-0.9-200000-again.
      Their response times are of what was sent, and leave out what was not: look at the achieved
      throughput first.
    - Noise floor (half the A/A control's interval): read ratio 0.9, 20000/s offered: ± 6 %, noisy; read
      ratio 0.9, 200000/s offered: ± 2.7 %. Where it passes the margin, nothing is called equivalent:
      measure on a quieter machine, or more blocks.
    - Figures are medians over blocks; late, turned away (too many were in flight) and unsent count the
      arrivals of all trials. Response time = completion - intended start, service time = completion -
      actual start (both of all answered operations), lag = actual - intended start.
    - Not shown for want of room: late; response p50; service p99; service p50.
    "#);
}
