//! A closed loop, and one that went wrong.

use crate::support::{at, closed, sheet, spoilt};

#[test]
fn a_closed_loop_at_60() {
    insta::assert_snapshot!(at(&sheet(&closed()), 60), @r#"
    cache-aside and read-through against no-cache
    What to use: read-through: 1.20 to 4.75 times the
      throughput of no-cache (95 % intervals), at both points
      measured.
    At which price: None shown; no difference in read p99
      shown, read p50 23 to 97 % lower and store load 85 to
      86 % lower (intervals, not tested); staleness not
      watched.
    How sure: Strong: better than no-cache by a test over 8
      blocks (Holm, 5 %), by 20 % at least, which is more than
      the noise of ± 1 %; that it is ahead of the others is
      not tested (--pairs does): intervals lie apart.
    What would change it: Not the cache (moka and redis): it
      holds throughout. Nothing else was varied.
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
    - Staleness was not watched: no verdict says how fresh the
      answers were.
    - Noise floor (half the A/A control's interval): moka,
      0 µs, read ratio 0.9: ± 1.4 %; redis, 0 µs, read ratio
      0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of
      the service time.
    - Not shown for want of room: hit ratio; store load; 95 %
      interval; read p50.
    "#);
}

#[test]
fn a_closed_loop_at_80() {
    insta::assert_snapshot!(at(&sheet(&closed()), 80), @r#"
    cache-aside and read-through against no-cache
    What to use: read-through: 1.20 to 4.75 times the throughput of no-cache (95 %
      intervals), at both points measured.
    At which price: None shown; no difference in read p99 shown, read p50 23 to
      97 % lower and store load 85 to 86 % lower (intervals, not tested);
      staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by
      20 % at least, which is more than the noise of ± 1 %; that it is ahead of
      the others is not tested (--pairs does): intervals lie apart.
    What would change it: Not the cache (moka and redis): it holds throughout.
      Nothing else was varied.
    ──────────────────────────────────────────────────────────────────────
                    throughput,                         read    hit  store
    strategy              ops/s  ratio  verdict          p99  ratio   load
    ──────────────────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            129,760      1  reference     136 µs    n/a  0.999
    no-cache (A/A)      131,206  0.995  A/A control   141 µs    n/a  1.000
    cache-aside         477,193  3.642  better       98.8 µs  0.879  0.209
    read-through        607,164  4.681  better       81.6 µs  0.951  0.144

    redis, 0 µs, read ratio 0.9
    no-cache            131,116      1  reference     138 µs    n/a  1.000
    no-cache (A/A)      130,630  0.998  A/A control   137 µs    n/a  1.000
    cache-aside         147,297  1.125  better        170 µs  0.881  0.207
    read-through        158,705  1.206  better        151 µs  0.950  0.145
    ──────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9:
      ± 1.4 %; redis, 0 µs, read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: 95 % interval; read p50.
    "#);
}

#[test]
fn a_closed_loop_at_100() {
    insta::assert_snapshot!(at(&sheet(&closed()), 100), @r#"
    cache-aside and read-through against no-cache
    What to use: read-through: 1.20 to 4.75 times the throughput of no-cache (95 % intervals), at both
      points measured.
    At which price: None shown; no difference in read p99 shown, read p50 23 to 97 % lower and store
      load 85 to 86 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by 20 % at least,
      which is more than the noise of ± 1 %; that it is ahead of the others is not tested (--pairs
      does): intervals lie apart.
    What would change it: Not the cache (moka and redis): it holds throughout. Nothing else was
      varied.
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
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9: ± 1.4 %; redis, 0 µs,
      read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    "#);
}

#[test]
fn a_closed_loop_at_120() {
    insta::assert_snapshot!(at(&sheet(&closed()), 120), @r#"
    cache-aside and read-through against no-cache
    What to use: read-through: 1.20 to 4.75 times the throughput of no-cache (95 % intervals), at both
      points measured.
    At which price: None shown; no difference in read p99 shown, read p50 23 to 97 % lower and store
      load 85 to 86 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by 20 % at least, which
      is more than the noise of ± 1 %; that it is ahead of the others is not tested (--pairs does):
      intervals lie apart.
    What would change it: Not the cache (moka and redis): it holds throughout. Nothing else was varied.
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
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9: ± 1.4 %; redis, 0 µs,
      read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    "#);
}

#[test]
fn a_spoilt_run_with_too_few_blocks() {
    insta::assert_snapshot!(at(&sheet(&spoilt()), 80), @r#"
    cache-aside and read-through against no-cache
    What to use: Nothing to recommend yet: no verdict on 2 comparisons from 2
      blocks; 7 are needed.
    How sure: Not at all.
    What not to use: cache-aside, whatever its figures: it has the warning
      failures in 4 of 4 trials.
    NOT TO BE TRUSTED: failures in 4 of 16 trials: More than one operation in a
      thousand failed, was shed or has an unknown end.
    Good to know: neighbours in 16 of 16 trials: Other programs used the machine's
      processors in the window.
    ────────────────────────────────────────────────────────────────────────────
                    throughput,                         read  read    hit  store
    strategy              ops/s  ratio  verdict          p50   p99  ratio   load
    ────────────────────────────────────────────────────────────────────────────
    moka, 0 µs, read ratio 0.9
    no-cache            139,689      1  reference    51.3 µs   n/a    n/a  1.000
    no-cache (A/A)      139,585  1.000  A/A control  56.1 µs   n/a    n/a  0.998
    cache-aside         508,063  3.642  not judged   2.10 µs   n/a  0.878  0.210
    read-through        658,601  4.721  not judged   1.75 µs   n/a  0.952  0.143

    redis, 0 µs, read ratio 0.9
    no-cache            140,694      1  reference    55.3 µs   n/a    n/a  1.000
    no-cache (A/A)      140,150  0.997  A/A control  52.5 µs   n/a    n/a  0.998
    cache-aside         159,313  1.132  not judged   44.2 µs   n/a  0.880  0.208
    read-through        169,905  1.208  not judged   41.6 µs   n/a  0.948  0.147
    ────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Noise floor (half the A/A control's interval): moka, 0 µs, read ratio 0.9:
      n/a; redis, 0 µs, read ratio 0.9: n/a. Without it nothing is called
      equivalent.
    - Too few blocks for verdicts: 2 comparisons need 7 blocks with figures of
      both cells, and there are 2.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: 95 % interval.
    "#);
}
