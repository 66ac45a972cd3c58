//! What a terminal shows of an answer.

use crate::support::{ask, priced, record, set_asks, set_fresh, set_p99, trials};
use cachemark_report::recommend::{Ask, recommend};
use cachemark_report::recommendation_sheets;
use cachemark_results::Run;

/// As a terminal with so many columns shows it; two are left free.
fn at(run: &Run, ask: &Ask, columns: usize) -> String {
    let told = recommend(run, ask).unwrap();
    let sheets: Vec<String> =
        recommendation_sheets(run, ask, &told).iter().map(|sheet| sheet.render(columns - 2, false)).collect();
    let shown = sheets.join("\n");
    for line in shown.lines() {
        assert!(line.chars().count() <= columns - 2, "{columns}: {line}");
    }
    shown
}

const SLO: &str = "response.p99 < 5ms, fresh_within.1s >= 99.9%, store_load < 0.2";
const PRICE: &str = "cache=0.02,store=0.10";

/// One that meets it, one that fails, one that can't be told, one of which a figure is missing.
fn mixed() -> Run {
    let mut run = record();
    for (block, trial) in trials(&mut run, "no-cache").enumerate() {
        set_p99(trial, Some(9_000_000 + 100_000 * block as u64));
        set_asks(trial, 0.0, 1.0);
    }
    for (block, trial) in trials(&mut run, "cache-aside").enumerate() {
        set_p99(trial, Some(4_000_000 + 150_000 * block as u64));
        set_fresh(trial, Some(0.9995));
    }
    trials(&mut run, "read-through").take(3).for_each(|trial| set_fresh(trial, None));
    for (block, trial) in trials(&mut run, "write-through").enumerate() {
        set_p99(trial, Some(3_000_000 + 50_000 * block as u64));
        set_asks(trial, 1.1, 0.12);
    }
    run
}

#[test]
fn some_meet_it_at_80() {
    insta::assert_snapshot!(at(&mixed(), &priced(SLO, PRICE), 80), @"
    strategies: response.p99 < 5ms, fresh_within.1s >= 99.9%, store_load < 0.2
    Meets it: write-through.
    Cheapest: write-through, 0.0340 per million operations.
    Doubt: control-misses-1: read ratio 0.9, 500/s offered: the second run of the
      reference differs from the first: the interval of their ratio is 0.408 to
      0.430.
    ──────────────────────────────────────────────────────────────────────────────
                                 response.p99  fresh_within.1s  store_load    cost
    arm              answer             < 5ms         >= 99.9%       < 0.2   of 1M
    ──────────────────────────────────────────────────────────────────────────────
    read ratio 0.9, 500/s offered
    no-cache         fails          9.55 ms !            100 %    1.0000 !   0.100
    cache-aside *    can't tell     4.83 ms ?         99.950 %      0.1000  0.0300
    read-through     can't tell       4.00 ms            n/a ?      0.1000  0.0300
    write-through *  meets            3.27 ms            100 %      0.1200  0.0340
    ──────────────────────────────────────────────────────────────────────────────
    - Figures are medians over blocks. The exact 95 % interval of the median
      decides, whatever the distribution: an objective is met with all of it on
      the right side of the bound, fails (!) with all of it on the wrong one, and
      can't be told (?) otherwise. Intervals are not adjusted for how many arms
      there are.
    - * No other is as good in every figure (and in cost) and better in one, by
      the medians.
    - Cost of a million (1M) operations: 0.02 times the cache operations, and 0.1
      times the store operations, for each.
    - Next, for read-through: fresh_within.1s takes --oracle on.
    - Next, for cache-aside: about --blocks 123, if medians stay and blocks are
      spread as they are.
    - Not every trial was watched for phantom values and audited for lost writes
      (--oracle, --audit-keys): what was not looked for was not seen.
    - Not shown for want of room: response.p99 interval; fresh_within.1s interval;
      store_load interval; cost interval.
    Not met, or not told
    ──────────────────────────────────────────────────────────────────────────────
    objective                 why not
    ──────────────────────────────────────────────────────────────────────────────
    no-cache
    response.p99 < 5ms        fails: 9.55 ms (9.20 ms to 9.90 ms)
    store_load < 0.2          fails: 1.0000 (1.0000 to 1.0000)

    cache-aside
    response.p99 < 5ms        can't tell: 4.83 ms (4.30 ms to 5.35 ms), across the
                              bound

    read-through
    fresh_within.1s >= 99.9%  can't tell: 3 of 12 trials without the figure: no
                              read could be judged: the oracle was left out, or no
                              answer had a version
    ──────────────────────────────────────────────────────────────────────────────
    ");
}

#[test]
fn some_meet_it_at_60_and_120() {
    insta::assert_snapshot!(at(&mixed(), &priced(SLO, PRICE), 60), @"
    strategies: response.p99 < 5ms, fresh_within.1s >= 99.9%,
      store_load < 0.2
    Meets it: write-through.
    Cheapest: write-through, 0.0340 per million operations.
    Doubt: control-misses-1: read ratio 0.9, 500/s offered:
      the second run of the reference differs from the first:
      the interval of their ratio is 0.408 to 0.430.
    ──────────────────────────────────────────────────────────
                                 response.p99  fresh_within.1s
    arm              answer             < 5ms         >= 99.9%
    ──────────────────────────────────────────────────────────
    read ratio 0.9, 500/s offered
    no-cache         fails          9.55 ms !            100 %
    cache-aside *    can't tell     4.83 ms ?         99.950 %
    read-through     can't tell       4.00 ms            n/a ?
    write-through *  meets            3.27 ms            100 %
    ──────────────────────────────────────────────────────────
    - Figures are medians over blocks. The exact 95 % interval
      of the median decides, whatever the distribution: an
      objective is met with all of it on the right side of the
      bound, fails (!) with all of it on the wrong one, and
      can't be told (?) otherwise. Intervals are not adjusted
      for how many arms there are.
    - * No other is as good in every figure (and in cost) and
      better in one, by the medians.
    - Cost of a million (1M) operations: 0.02 times the cache
      operations, and 0.1 times the store operations, for
      each.
    - Next, for read-through: fresh_within.1s takes --oracle
      on.
    - Next, for cache-aside: about --blocks 123, if medians
      stay and blocks are spread as they are.
    - Not every trial was watched for phantom values and
      audited for lost writes (--oracle, --audit-keys): what
      was not looked for was not seen.
    - Not shown for want of room: store_load < 0.2; cost of
      1M; response.p99 interval; fresh_within.1s interval;
      store_load interval; cost interval.
    Not met, or not told
    ──────────────────────────────────────────────────────────
    objective                 why not
    ──────────────────────────────────────────────────────────
    no-cache
    response.p99 < 5ms        fails: 9.55 ms (9.20 ms to
                              9.90 ms)
    store_load < 0.2          fails: 1.0000 (1.0000 to 1.0000)

    cache-aside
    response.p99 < 5ms        can't tell: 4.83 ms (4.30 ms to
                              5.35 ms), across the bound

    read-through
    fresh_within.1s >= 99.9%  can't tell: 3 of 12 trials
                              without the figure: no read
                              could be judged: the oracle was
                              left out, or no answer had a
                              version
    ──────────────────────────────────────────────────────────
    ");
    insta::assert_snapshot!(at(&mixed(), &priced(SLO, PRICE), 120), @"
    strategies: response.p99 < 5ms, fresh_within.1s >= 99.9%, store_load < 0.2
    Meets it: write-through.
    Cheapest: write-through, 0.0340 per million operations.
    Doubt: control-misses-1: read ratio 0.9, 500/s offered: the second run of the reference differs from
      the first: the interval of their ratio is 0.408 to 0.430.
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                                 response.p99     response.p99  fresh_within.1s    fresh_within.1s  store_load    cost
    arm              answer             < 5ms         interval         >= 99.9%           interval       < 0.2   of 1M
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    read ratio 0.9, 500/s offered
    no-cache         fails          9.55 ms !  9.20 ms–9.90 ms            100 %        100 %–100 %    1.0000 !   0.100
    cache-aside *    can't tell     4.83 ms ?  4.30 ms–5.35 ms         99.950 %  99.950 %–99.950 %      0.1000  0.0300
    read-through     can't tell       4.00 ms  4.00 ms–4.00 ms            n/a ?                n/a      0.1000  0.0300
    write-through *  meets            3.27 ms  3.10 ms–3.45 ms            100 %        100 %–100 %      0.1200  0.0340
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    - Figures are medians over blocks. The exact 95 % interval of the median decides, whatever the
      distribution: an objective is met with all of it on the right side of the bound, fails (!) with
      all of it on the wrong one, and can't be told (?) otherwise. Intervals are not adjusted for how
      many arms there are.
    - * No other is as good in every figure (and in cost) and better in one, by the medians.
    - Cost of a million (1M) operations: 0.02 times the cache operations, and 0.1 times the store
      operations, for each.
    - Next, for read-through: fresh_within.1s takes --oracle on.
    - Next, for cache-aside: about --blocks 123, if medians stay and blocks are spread as they are.
    - Not every trial was watched for phantom values and audited for lost writes (--oracle,
      --audit-keys): what was not looked for was not seen.
    - Not shown for want of room: store_load interval; cost interval.
    Not met, or not told
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    objective                 why not
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    no-cache
    response.p99 < 5ms        fails: 9.55 ms (9.20 ms to 9.90 ms)
    store_load < 0.2          fails: 1.0000 (1.0000 to 1.0000)

    cache-aside
    response.p99 < 5ms        can't tell: 4.83 ms (4.30 ms to 5.35 ms), across the bound

    read-through
    fresh_within.1s >= 99.9%  can't tell: 3 of 12 trials without the figure: no read could be judged: the oracle was left
                              out, or no answer had a version
    ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
    ");
}

#[test]
fn none_meets_it_at_80() {
    let mut run = mixed();
    trials(&mut run, "write-through").for_each(|trial| set_fresh(trial, Some(0.9985)));
    let slo = "response.p99 < 3ms, fresh_within.1s >= 99.9%";
    insta::assert_snapshot!(at(&run, &ask(slo), 80), @"
    strategies: response.p99 < 3ms, fresh_within.1s >= 99.9%
    None meets it.
    Nearest by the medians: write-through, beyond a bound by 50 % at most:
      fresh_within.1s is 99.85 %.
    Doubt: control-misses-1: read ratio 0.9, 500/s offered: the second run of the
      reference differs from the first: the interval of their ratio is 0.408 to
      0.430.
    ───────────────────────────────────────────────────────────────────────
                             response.p99     response.p99  fresh_within.1s
    arm              answer         < 3ms         interval         >= 99.9%
    ───────────────────────────────────────────────────────────────────────
    read ratio 0.9, 500/s offered
    no-cache *       fails      9.55 ms !  9.20 ms–9.90 ms            100 %
    cache-aside *    fails      4.83 ms !  4.30 ms–5.35 ms         99.950 %
    read-through     fails      4.00 ms !  4.00 ms–4.00 ms            n/a ?
    write-through *  fails      3.27 ms !  3.10 ms–3.45 ms        99.85 % !
    ───────────────────────────────────────────────────────────────────────
    - Figures are medians over blocks. The exact 95 % interval of the median
      decides, whatever the distribution: an objective is met with all of it on
      the right side of the bound, fails (!) with all of it on the wrong one, and
      can't be told (?) otherwise. Intervals are not adjusted for how many arms
      there are.
    - * No other is as good in every figure (and in cost) and better in one, by
      the medians.
    - How far beyond is a share of the bound; of a share that has to be at least
      so much, what lacks to 1 beside what may lack.
    - Not every trial was watched for phantom values and audited for lost writes
      (--oracle, --audit-keys): what was not looked for was not seen.
    - Not shown for want of room: fresh_within.1s interval.
    Not met, or not told
    ─────────────────────────────────────────────────────────────
    objective                 why not
    ─────────────────────────────────────────────────────────────
    no-cache
    response.p99 < 3ms        fails: 9.55 ms (9.20 ms to 9.90 ms)

    cache-aside
    response.p99 < 3ms        fails: 4.83 ms (4.30 ms to 5.35 ms)

    read-through
    response.p99 < 3ms        fails: 4.00 ms (4.00 ms to 4.00 ms)

    write-through
    response.p99 < 3ms        fails: 3.27 ms (3.10 ms to 3.45 ms)
    fresh_within.1s >= 99.9%  fails: 99.85 % (99.85 % to 99.85 %)
    ─────────────────────────────────────────────────────────────
    ");
}

#[test]
fn it_can_not_be_told_at_80() {
    let mut run = mixed();
    trials(&mut run, "write-through").for_each(|trial| set_fresh(trial, Some(0.9985)));
    insta::assert_snapshot!(at(&run, &ask(SLO), 80), @"
    strategies: response.p99 < 5ms, fresh_within.1s >= 99.9%, store_load < 0.2
    None is shown to meet it, and these may: cache-aside and read-through.
    By the medians cache-aside keeps to every bound, which is not shown.
    Next, for read-through: fresh_within.1s takes --oracle on.
    Next, for cache-aside: about --blocks 123, if medians stay and blocks are
      spread as they are.
    Doubt: control-misses-1: read ratio 0.9, 500/s offered: the second run of the
      reference differs from the first: the interval of their ratio is 0.408 to
      0.430.
    ──────────────────────────────────────────────────────────────────────
                                 response.p99  fresh_within.1s  store_load
    arm              answer             < 5ms         >= 99.9%       < 0.2
    ──────────────────────────────────────────────────────────────────────
    read ratio 0.9, 500/s offered
    no-cache *       fails          9.55 ms !            100 %    1.0000 !
    cache-aside *    can't tell     4.83 ms ?         99.950 %      0.1000
    read-through     can't tell       4.00 ms            n/a ?      0.1000
    write-through *  fails            3.27 ms        99.85 % !      0.1200
    ──────────────────────────────────────────────────────────────────────
    - Figures are medians over blocks. The exact 95 % interval of the median
      decides, whatever the distribution: an objective is met with all of it on
      the right side of the bound, fails (!) with all of it on the wrong one, and
      can't be told (?) otherwise. Intervals are not adjusted for how many arms
      there are.
    - * No other is as good in every figure (and in cost) and better in one, by
      the medians.
    - How far beyond is a share of the bound; of a share that has to be at least
      so much, what lacks to 1 beside what may lack.
    - Not every trial was watched for phantom values and audited for lost writes
      (--oracle, --audit-keys): what was not looked for was not seen.
    - Not shown for want of room: response.p99 interval; fresh_within.1s interval;
      store_load interval.
    Not met, or not told
    ──────────────────────────────────────────────────────────────────────────────
    objective                 why not
    ──────────────────────────────────────────────────────────────────────────────
    no-cache
    response.p99 < 5ms        fails: 9.55 ms (9.20 ms to 9.90 ms)
    store_load < 0.2          fails: 1.0000 (1.0000 to 1.0000)

    cache-aside
    response.p99 < 5ms        can't tell: 4.83 ms (4.30 ms to 5.35 ms), across the
                              bound

    read-through
    fresh_within.1s >= 99.9%  can't tell: 3 of 12 trials without the figure: no
                              read could be judged: the oracle was left out, or no
                              answer had a version

    write-through
    fresh_within.1s >= 99.9%  fails: 99.85 % (99.85 % to 99.85 %)
    ──────────────────────────────────────────────────────────────────────────────
    ");
}
