//! What a terminal shows, at the widths that terminals have.

mod sample;

use cachemark_report::assertions::check_assertions;
use cachemark_report::sheet::{Sheet, USUAL_WIDTH};
use cachemark_report::{assertion_sheet, terminal_sheet};
use cachemark_results::warning;
use cachemark_results::{Capacity, CapacityProbe, ColdStart, Run, Warning};
use sample::Sample;

fn sheet(sample: &Sample) -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    terminal_sheet(&sample.write(folder.path()))
}

/// As a terminal with so many columns shows it; two are left free.
fn at(sheet: &Sheet, columns: usize) -> String {
    sheet.render(columns - 2, false)
}

/// A closed loop over two stacks.
fn closed() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside", "read-through"],
        caches: &["moka", "redis"],
        ..Sample::default()
    }
}

/// The second load is beyond what no-cache can do, and within what cache-aside can.
fn open() -> Sample {
    Sample {
        read_ratios: &[0.9],
        strategies: &["no-cache", "cache-aside"],
        rates: &[20_000.0, 200_000.0],
        ..Sample::default()
    }
}

fn spoilt() -> Sample {
    Sample {
        blocks: 2,
        reads: 60,
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" {
                trial.warnings.push(Warning::new(warning::FAILURES, "52 of 100 operations failed"));
            }
            trial.warnings.push(Warning::new(warning::NEIGHBOURS, "other programs used 40 % of the machine"));
        },
        ..closed()
    }
}

fn cold() -> Sample {
    Sample {
        caches: &["moka"],
        blocks: 3,
        reads: 50,
        tweak: |cell, trial| {
            let to_95_percent_ns = 1_000_000_000 * u64::from(trial.block + 1);
            trial.cold_start =
                (cell.strategy != "no-cache").then_some(ColdStart { steady_hit_ratio: 0.8, to_95_percent_ns });
        },
        ..closed()
    }
}

/// A search that found an answer for one strategy and none for another.
fn searched() -> Run {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Sample { blocks: 4, rates: &[20_000.0], caches: &["moka"], ..closed() }.write(folder.path());
    let id = |strategy: &str| format!("{strategy}-moka-0us-0.9-20000");
    let of = |strategy: &str, answer_per_s: Option<f64>, note: Option<&str>| {
        let trials = run.trials.iter().filter(|trial| trial.cell == id(strategy));
        let probes = trials.map(|trial| CapacityProbe {
            trial: trial.number,
            offered_per_s: 20_000.0,
            purpose: "climb".into(),
            passed: true,
            missed: None,
        });
        let (cell, objective, note) = (id(strategy), "response.p99 < 2ms".to_owned(), note.map(str::to_owned));
        let (at_least_per_s, unfound) = (None, None);
        Capacity { cell, objective, answer_per_s, at_least_per_s, note, unfound, probes: probes.collect() }
    };
    let unmeasured = "the client was the limit at every load";
    run.manifest.capacities = vec![of("cache-aside", Some(20_000.0), None), of("no-cache", None, Some(unmeasured))];
    run.manifest.blocks.clear();
    run
}

#[test]
fn a_closed_loop_at_60() {
    insta::assert_snapshot!(at(&sheet(&closed()), 60), @r###"
    strategies
    ────────────────────────────────────────────────────────
                    throughput,                         read
    strategy              ops/s  ratio  verdict          p99
    ────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            129,760      1  reference     136 µs
    no-cache (A/A)      131,206  0.995  A/A control   141 µs
    cache-aside         477,193  3.642  better       98.8 µs
    read-through        607,164  4.681  better       81.6 µs

    redis, 0 µs, read ratio 0.9
    no-cache            131,116      1  reference     138 µs
    no-cache (A/A)      130,630  0.998  A/A control   137 µs
    cache-aside         147,297  1.125  better        170 µs
    read-through        158,705  1.206  better        151 µs
    ────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the
      whole interval lies within 5 % of the reference. The
      intervals are not adjusted for the number of
      comparisons, the verdicts are (Holm, within each
      family).
    - Noise floor (half the A/A control's interval): moka,
      0 µs, read ratio 0.9: ± 1.4 %; redis, 0 µs, read ratio
      0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of
      the service time.
    - Not shown for want of room: 95 % interval; hit ratio;
      store load; read p50.
    "###);
}

#[test]
fn a_closed_loop_at_80() {
    insta::assert_snapshot!(at(&sheet(&closed()), 80), @r###"
    strategies
    ────────────────────────────────────────────────────────────────────────────
                    throughput,                95 %                  read    hit
    strategy              ops/s  ratio     interval  verdict          p99  ratio
    ────────────────────────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            129,760      1               reference     136 µs    n/a
    no-cache (A/A)      131,206  0.995  0.982–1.010  A/A control   141 µs    n/a
    cache-aside         477,193  3.642  3.598–3.697  better       98.8 µs  0.879
    read-through        607,164  4.681  4.618–4.754  better       81.6 µs  0.951

    redis, 0 µs, read ratio 0.9
    no-cache            131,116      1               reference     138 µs    n/a
    no-cache (A/A)      130,630  0.998  0.988–1.008  A/A control   137 µs    n/a
    cache-aside         147,297  1.125  1.114–1.133  better        170 µs  0.881
    read-through        158,705  1.206  1.201–1.223  better        151 µs  0.950
    ────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9:
      ± 1.4 %; redis, 0 µs, read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: store load; read p50.
    "###);
}

#[test]
fn a_closed_loop_at_100() {
    insta::assert_snapshot!(at(&sheet(&closed()), 100), @r###"
    strategies
    ────────────────────────────────────────────────────────────────────────────────────────────
                    throughput,                95 %                  read     read    hit  store
    strategy              ops/s  ratio     interval  verdict          p50      p99  ratio   load
    ────────────────────────────────────────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            129,760      1               reference    58.9 µs   136 µs    n/a  0.999
    no-cache (A/A)      131,206  0.995  0.982–1.010  A/A control  58.8 µs   141 µs    n/a  1.000
    cache-aside         477,193  3.642  3.598–3.697  better       2.08 µs  98.8 µs  0.879  0.209
    read-through        607,164  4.681  4.618–4.754  better       2.00 µs  81.6 µs  0.951  0.144

    redis, 0 µs, read ratio 0.9
    no-cache            131,116      1               reference    58.9 µs   138 µs    n/a  1.000
    no-cache (A/A)      130,630  0.998  0.988–1.008  A/A control  58.8 µs   137 µs    n/a  1.000
    cache-aside         147,297  1.125  1.114–1.133  better       46.5 µs   170 µs  0.881  0.207
    read-through        158,705  1.206  1.201–1.223  better       44.5 µs   151 µs  0.950  0.145
    ────────────────────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies within 5 % of the
      reference. The intervals are not adjusted for the number of comparisons, the verdicts are (Holm,
      within each family).
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9: ± 1.4 %; redis, 0 µs,
      read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    "###);
}

#[test]
fn a_closed_loop_at_120() {
    insta::assert_snapshot!(at(&sheet(&closed()), 120), @r###"
    strategies
    ────────────────────────────────────────────────────────────────────────────────────────────
                    throughput,                95 %                  read     read    hit  store
    strategy              ops/s  ratio     interval  verdict          p50      p99  ratio   load
    ────────────────────────────────────────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            129,760      1               reference    58.9 µs   136 µs    n/a  0.999
    no-cache (A/A)      131,206  0.995  0.982–1.010  A/A control  58.8 µs   141 µs    n/a  1.000
    cache-aside         477,193  3.642  3.598–3.697  better       2.08 µs  98.8 µs  0.879  0.209
    read-through        607,164  4.681  4.618–4.754  better       2.00 µs  81.6 µs  0.951  0.144

    redis, 0 µs, read ratio 0.9
    no-cache            131,116      1               reference    58.9 µs   138 µs    n/a  1.000
    no-cache (A/A)      130,630  0.998  0.988–1.008  A/A control  58.8 µs   137 µs    n/a  1.000
    cache-aside         147,297  1.125  1.114–1.133  better       46.5 µs   170 µs  0.881  0.207
    read-through        158,705  1.206  1.201–1.223  better       44.5 µs   151 µs  0.950  0.145
    ────────────────────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies within 5 % of the
      reference. The intervals are not adjusted for the number of comparisons, the verdicts are (Holm,
      within each family).
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9: ± 1.4 %; redis, 0 µs,
      read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    "###);
}

#[test]
fn a_spoilt_run_with_too_few_blocks() {
    insta::assert_snapshot!(at(&sheet(&spoilt()), 80), @r###"
    strategies
    NOT TO BE TRUSTED: failures in 4 of 16 trials.
    Good to know: neighbours in 16 of 16 trials.
    ─────────────────────────────────────────────────────────────────────────────
                    throughput,             95 %               read    hit  store
    strategy              ops/s  ratio  interval  verdict       p99  ratio   load
    ─────────────────────────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            139,689      1            reference     n/a    n/a  1.000
    no-cache (A/A)      139,585  1.000       n/a  A/A control   n/a    n/a  0.998
    cache-aside         508,063  3.642       n/a  not judged    n/a  0.878  0.210
    read-through        658,601  4.721       n/a  not judged    n/a  0.952  0.143

    redis, 0 µs, read ratio 0.9
    no-cache            140,694      1            reference     n/a    n/a  1.000
    no-cache (A/A)      140,150  0.997       n/a  A/A control   n/a    n/a  0.998
    cache-aside         159,313  1.132       n/a  not judged    n/a  0.880  0.208
    read-through        169,905  1.208       n/a  not judged    n/a  0.948  0.147
    ─────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9:
      n/a; redis, 0 µs, read ratio 0.9: n/a. Without it nothing is called
      equivalent.
    - Too few blocks for verdicts: 2 comparisons need 7 blocks with figures of
      both cells, and there are 2.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: read p50.
    "###);
}

#[test]
fn an_open_loop_at_60() {
    insta::assert_snapshot!(at(&sheet(&open()), 60), @r###"
    strategies
    Doubts: noisy: read ratio 0.9, 20000/s offered: the A/A
      control strays by ± 6 %, and 5 % is to matter.
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
    - Overloaded, with more than 0.1 % of a trial's arrivals
      shed or unsent: no-cache-moka-0us-0.9-200000,
      no-cache-moka-0us-0.9-200000-again. Their response times
      are of what was sent, and leave out what was not: look
      at the achieved throughput first.
    - Noise floor (half the A/A control's interval): read
      ratio 0.9, 20000/s offered: ± 6 %, noisy; read ratio
      0.9, 200000/s offered: ± 2.7 %. Where it passes the
      margin, nothing is called equivalent: measure on a
      quieter machine, or more blocks.
    - Figures are medians over blocks; late, shed and unsent
      count the arrivals of all trials. Response time =
      completion - intended start, service time = completion -
      actual start (both of all answered operations), lag =
      actual - intended start.
    - Not shown for want of room: achieved throughput, ops/s;
      95 % interval; hit ratio; store load; lag p99; late;
      response p50; service p99; service p50.
    "###);
}

#[test]
fn an_open_loop_at_80() {
    insta::assert_snapshot!(at(&sheet(&open()), 80), @r###"
    strategies
    Doubts: noisy: read ratio 0.9, 20000/s offered: the A/A control strays by
      ± 6 %, and 5 % is to matter.
    ──────────────────────────────────────────────────────────────────────
                                                       achieved
                    response                        throughput,
    strategy             p99    ratio  verdict            ops/s     unsent
    ──────────────────────────────────────────────────────────────────────
    read ratio 0.9, 20000/s offered
    no-cache          151 µs        1  reference         20,000          0
    no-cache (A/A)    144 µs    1.014  A/A control       20,000          0
    cache-aside       100 µs    0.684  better            20,000          0

    read ratio 0.9, 200000/s offered
    no-cache          3.44 s        1  reference        130,581  5,659,095
    no-cache (A/A)    3.38 s    0.999  A/A control      131,687  5,656,578
    cache-aside       110 µs  3.10e-5  better           200,000          0
    ──────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Overloaded, with more than 0.1 % of a trial's arrivals shed or unsent:
      no-cache-moka-0us-0.9-200000, no-cache-moka-0us-0.9-200000-again. Their
      response times are of what was sent, and leave out what was not: look at the
      achieved throughput first.
    - Noise floor (half the A/A control's interval): read ratio 0.9, 20000/s
      offered: ± 6 %, noisy; read ratio 0.9, 200000/s offered: ± 2.7 %. Where it
      passes the margin, nothing is called equivalent: measure on a quieter
      machine, or more blocks.
    - Figures are medians over blocks; late, shed and unsent count the arrivals of
      all trials. Response time = completion - intended start, service time =
      completion - actual start (both of all answered operations), lag = actual -
      intended start.
    - Not shown for want of room: 95 % interval; hit ratio; store load; lag p99;
      late; response p50; service p99; service p50.
    "###);
}

#[test]
fn an_open_loop_at_120() {
    insta::assert_snapshot!(at(&sheet(&open()), 120), @r###"
    strategies
    Doubts: noisy: read ratio 0.9, 20000/s offered: the A/A control strays by ± 6 %, and 5 % is to
      matter.
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
    - Overloaded, with more than 0.1 % of a trial's arrivals shed or unsent:
      no-cache-moka-0us-0.9-200000, no-cache-moka-0us-0.9-200000-again. Their response times are of what
      was sent, and leave out what was not: look at the achieved throughput first.
    - Noise floor (half the A/A control's interval): read ratio 0.9, 20000/s offered: ± 6 %, noisy; read
      ratio 0.9, 200000/s offered: ± 2.7 %. Where it passes the margin, nothing is called equivalent:
      measure on a quieter machine, or more blocks.
    - Figures are medians over blocks; late, shed and unsent count the arrivals of all trials. Response
      time = completion - intended start, service time = completion - actual start (both of all answered
      operations), lag = actual - intended start.
    - Not shown for want of room: late; response p50; service p99; service p50.
    "###);
}

#[test]
fn a_cold_start_at_80() {
    insta::assert_snapshot!(at(&sheet(&cold()), 80), @r###"
    strategies
    ──────────────────────────────────────────────────────────────────────────────
                                                                 95 %
                    throughput,             95 %                 full  read    hit
    strategy              ops/s  ratio  interval  verdict       after   p99  ratio
    ──────────────────────────────────────────────────────────────────────────────
    read ratio 0.9
    no-cache            125,235      1            reference       n/a   n/a    n/a
    no-cache (A/A)      126,100  0.998       n/a  A/A control     n/a   n/a    n/a
    cache-aside         463,033  3.633       n/a  not judged   2.00 s   n/a  0.876
    read-through        600,121  4.679       n/a  not judged   2.00 s   n/a  0.954
    ──────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Noise floor (half the A/A control's interval): read ratio 0.9: n/a. Without
      it nothing is called equivalent.
    - Too few blocks for verdicts: 2 comparisons need 7 blocks with figures of
      both cells, and there are 3.
    - 95 % full after: when the hit ratio had come to 95 % of where it ended, from
      an empty cache.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: store load; read p50.
    "###);
}

#[test]
fn a_search_at_60() {
    insta::assert_snapshot!(at(&terminal_sheet(&searched()), 60), @r###"
    strategies
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
    "###);
}

#[test]
fn a_search_at_80() {
    insta::assert_snapshot!(at(&terminal_sheet(&searched()), 80), @r###"
    strategies
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
    "###);
}

fn asserted() -> Sheet {
    let folder = tempfile::tempdir().unwrap();
    let assertions: &[&str] = &["cache-aside.hit_ratio > 0.999", "*.errors <= 0%"];
    assertion_sheet(&check_assertions(&Sample { assertions, caches: &["moka"], ..closed() }.write(folder.path())))
}

#[test]
fn assertions_at_60() {
    insta::assert_snapshot!(at(&asserted(), 60), @r###"
    Assertions
    ──────────────────────────────────────────────────────────
                                        median (least to
    outcome  cell                       greatest)
    ──────────────────────────────────────────────────────────
    cache-aside.hit_ratio > 0.999
    fail     cache-aside-moka-0us-0.9   0.8787 (0.8756 to
                                        0.8858)

    *.errors <= 0%
    pass     no-cache-moka-0us-0.9      0 % (0 % to 0 %)
    pass     cache-aside-moka-0us-0.9   0 % (0 % to 0 %)
    pass     read-through-moka-0us-0.9  0 % (0 % to 0 %)
    ──────────────────────────────────────────────────────────
    - 1 of 2 assertions did not hold.
    "###);
}

#[test]
fn assertions_at_80() {
    insta::assert_snapshot!(at(&asserted(), 80), @r###"
    Assertions
    ─────────────────────────────────────────────────────────────
                                        median (least to
    outcome  cell                       greatest)
    ─────────────────────────────────────────────────────────────
    cache-aside.hit_ratio > 0.999
    fail     cache-aside-moka-0us-0.9   0.8787 (0.8756 to 0.8858)

    *.errors <= 0%
    pass     no-cache-moka-0us-0.9      0 % (0 % to 0 %)
    pass     cache-aside-moka-0us-0.9   0 % (0 % to 0 %)
    pass     read-through-moka-0us-0.9  0 % (0 % to 0 %)
    ─────────────────────────────────────────────────────────────
    - 1 of 2 assertions did not hold.
    "###);
}

/// Every word and number of a sheet with room for all stands whole on a narrower one, or its column is named as left out.
#[test]
fn no_line_is_too_long_and_nothing_is_cut() {
    let many = || Sample {
        strategies: &["no-cache", "cache-aside", "read-through", "write-through"],
        caches: &["in-process", "memcached", "redis"],
        costs_us: &[0, 1000],
        blocks: 2,
        reads: 60,
        ..closed()
    };
    let sheets = [
        sheet(&closed()),
        sheet(&many()),
        sheet(&open()),
        sheet(&spoilt()),
        sheet(&cold()),
        asserted(),
        terminal_sheet(&searched()),
    ];
    for sheet in &sheets {
        let whole = sheet.render(1000, false);
        let known: Vec<&str> = whole.split_whitespace().collect();
        for width in [58, USUAL_WIDTH, 98, 118, 250] {
            let shown = sheet.render(width, false);
            for line in shown.lines() {
                assert!(line.chars().count() <= width, "{} columns at {width}: {line}", line.chars().count());
            }
            let (_, after) = shown.split_once("Not shown for want of room").unwrap_or((&shown, ""));
            for word in shown.strip_suffix(after).unwrap_or(&shown).split_whitespace() {
                let added = ["Not", "shown", "for", "want", "of", "room", "-"].contains(&word) || word.starts_with('─');
                assert!(added || known.contains(&word), "{word} at {width} in\n{shown}");
            }
        }
    }
}

/// A terminal of a few columns shows what identifies a row, in whole words, however it must fold them.
#[test]
fn a_tiny_terminal_breaks_no_word() {
    let shown = sheet(&closed()).render(10, false);
    for word in ["read-through", "cache-aside", "equivalent"] {
        assert!(shown.contains(word), "{word} in\n{shown}");
    }
}
