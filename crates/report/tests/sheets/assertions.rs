//! What assertions came to.

use crate::support::{asserted, at};

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
