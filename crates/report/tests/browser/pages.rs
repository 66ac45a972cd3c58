//! What a browser makes of pages as they are.

use crate::checks::{
    Check, DESK, PHONE, asks_for_nothing, can_be_read, filters, fits, has_tables_behind_charts, is_quiet, see, sorts,
    unfolds,
};
use crate::chromium::Chromium;
use crate::made::{default_sweep, of, published_default};
use crate::sample::Sample;

const ALL: [Check; 8] =
    [is_quiet, asks_for_nothing, fits, can_be_read, has_tables_behind_charts, sorts, filters, unfolds];

#[test]
#[ignore = "needs chromium"]
fn a_page_does_what_it_says_on_a_phone_and_on_a_desk() {
    let Some(browser) = Chromium::find() else { return };
    let made = default_sweep();
    for width in [PHONE, DESK] {
        let seen = see(&browser, &made.html, width);
        let wrong: Vec<String> = ALL.iter().filter_map(|check| check(&seen).err()).collect();
        assert!(wrong.is_empty(), "{width}: {wrong:#?}");
        assert_eq!(seen.told["scripts"], 1);
    }
}

#[test]
#[ignore = "needs chromium"]
fn pages_of_every_kind_fit_a_phone() {
    let Some(browser) = Chromium::find() else { return };
    let open =
        Sample { rates: &[20_000.0, 50_000.0, 200_000.0], blocks: 2, hops: true, reads: 100, ..Sample::default() };
    let torn = Sample { finished: |cell, _| cell.read_ratio < 0.95, blocks: 2, reads: 100, ..Sample::default() };
    let strategies = &["no-cache", "cache-aside", "read-through", "write-through", "write-behind"];
    let broken = Sample { strategies, faults: &["slow", "flush"], blocks: 2, reads: 100, ..Sample::default() };
    for sample in [open, torn, broken] {
        let seen = see(&browser, &of(&sample).html, PHONE);
        for check in [is_quiet, asks_for_nothing, fits, can_be_read, has_tables_behind_charts] {
            check(&seen).unwrap();
        }
    }
}

/// Four to six pages of paper: what is folded is not printed.
#[test]
#[ignore = "needs chromium"]
fn the_default_sweep_prints_in_four_to_six_pages() {
    let Some(browser) = Chromium::find() else { return };
    for made in [default_sweep(), published_default()] {
        let pages = browser.printed(&made.html);
        assert!((4..=6).contains(&pages), "{}: {pages} pages", made.folder.path().display());
    }
}
