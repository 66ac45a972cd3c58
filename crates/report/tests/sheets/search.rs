//! A search for the greatest load.

use crate::support::{at, searched};
use cachemark_report::terminal_sheet;

#[test]
fn a_search_at_60() {
    insta::assert_snapshot!(at(&terminal_sheet(&searched()), 60), @"
    cache-aside and read-through against no-cache over moka +
      sqlite
    What to use: The greatest load that meets response.p99 <
      2ms: cache-aside-moka-0us-0.9-20000 bore 20,000/s; 1 met
      it at no load.
    How sure: Each answer was met in every repeat; cells were
      searched one after the other, so the order is no
      verdict.
    NOT TO BE TRUSTED: unmeasured:
      no-cache-moka-0us-0.9-20000: `response.p99 < 2ms` was
      not measured: the client was the limit at every load.
    ───────────────────────────────────────────────────────
                               response     achieved
                   met up to,       p99  throughput,    hit
    strategy       arrivals/s     there        ops/s  ratio
    ───────────────────────────────────────────────────────
    read ratio 0.9, 20000/s offered: response.p99 < 2ms
    cache-aside        20,000    112 µs       20,000  0.879
    no-cache     not measured       n/a          n/a    n/a
    ───────────────────────────────────────────────────────
    - The rate was doubled until a trial missed the objective,
      then the gap between passed and failed was halved until
      it was a tenth, and the answer had to pass three times
      more. A trial passes if the objective holds and at most
      0.1 % of what was asked was not sent or had no answer.
      An invalid trial neither passes nor misses: its rate is
      tried again, and after three in a row the search cannot
      tell. Figures: the median over the valid trials at the
      answer (least to greatest). Cells were searched one
      after the other, so the machine may have changed between
      them: nothing is judged.
    - Not shown for want of room: store load; trials.
    ");
}

#[test]
fn a_search_at_80() {
    insta::assert_snapshot!(at(&terminal_sheet(&searched()), 80), @"
    cache-aside and read-through against no-cache over moka + sqlite
    What to use: The greatest load that meets response.p99 < 2ms:
      cache-aside-moka-0us-0.9-20000 bore 20,000/s; 1 met it at no load.
    How sure: Each answer was met in every repeat; cells were searched one after
      the other, so the order is no verdict.
    NOT TO BE TRUSTED: unmeasured: no-cache-moka-0us-0.9-20000: `response.p99 <
      2ms` was not measured: the client was the limit at every load.
    ──────────────────────────────────────────────────────────────────────
                               response     achieved
                   met up to,       p99  throughput,    hit  store
    strategy       arrivals/s     there        ops/s  ratio   load  trials
    ──────────────────────────────────────────────────────────────────────
    read ratio 0.9, 20000/s offered: response.p99 < 2ms
    cache-aside        20,000    112 µs       20,000  0.879  0.209       4
    no-cache     not measured       n/a          n/a    n/a    n/a       4
    ──────────────────────────────────────────────────────────────────────
    - The rate was doubled until a trial missed the objective, then the gap
      between passed and failed was halved until it was a tenth, and the answer
      had to pass three times more. A trial passes if the objective holds and at
      most 0.1 % of what was asked was not sent or had no answer. An invalid trial
      neither passes nor misses: its rate is tried again, and after three in a row
      the search cannot tell. Figures: the median over the valid trials at the
      answer (least to greatest). Cells were searched one after the other, so the
      machine may have changed between them: nothing is judged.
    ");
}
