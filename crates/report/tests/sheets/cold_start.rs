//! A cold start.

use crate::support::{at, cold, sheet};

#[test]
fn a_cold_start_at_80() {
    insta::assert_snapshot!(at(&sheet(&cold()), 80), @r#"
    cache-aside and read-through against no-cache over moka + sqlite
    What to use: Nothing to recommend yet: no verdict on 2 comparisons from 3
      blocks; 7 are needed.
    How sure: Not at all.
    ──────────────────────────────────────────────────────────────────────────────
                                                       95 %
                    throughput,                        full     read    hit  store
    strategy              ops/s  ratio  verdict       after      p50  ratio   load
    ──────────────────────────────────────────────────────────────────────────────
    read ratio 0.9
    no-cache            125,235      1  reference       n/a  55.6 µs    n/a  1.000
    no-cache (A/A)      126,100  0.998  A/A control     n/a  60.3 µs    n/a  1.000
    cache-aside         463,033  3.633  not judged   2.00 s  2.13 µs  0.876  0.212
    read-through        600,121  4.679  not judged   2.00 s  1.89 µs  0.954  0.141
    ──────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Noise floor (half the A/A control's interval): read ratio 0.9: n/a. Without
      it nothing is called equivalent.
    - Too few blocks for verdicts: 2 comparisons need 7 blocks with figures of
      both cells, and there are 3.
    - 95 % full after: when the hit ratio had come to 95 % of where it ended, from
      an empty cache.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: read p99; 95 % interval.
    "#);
}
