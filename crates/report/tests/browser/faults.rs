//! Each check finds the fault that it is for: a page is spoilt, and the check must say so.

use crate::checks::{
    Check, PHONE, asks_for_nothing, can_be_read, filters, fits, has_tables_behind_charts, is_quiet, see, sorts, unfolds,
};
use crate::chromium::Chromium;
use crate::made::default_sweep;

/// A fault, its change to the page's text, the check that must find it.
type Fault = (&'static str, fn(String) -> String, Check);

const FAULTS: [Fault; 10] = [
    ("a-script-that-the-policy-does-not-know.html", |page| in_body(&page, "<script>1</script>"), is_quiet),
    ("another-script.html", |page| page.replace("const SORTED = 3", "const SORTED = 4"), is_quiet),
    (
        "a-request.html",
        |page| in_body(&without_policy(&page), "<img src=\"http://127.0.0.1:9/a.png\">"),
        asks_for_nothing,
    ),
    ("a-wide-box.html", |page| in_body(&page, "<div style=\"width:900px\">wide</div>"), fits),
    ("small-letters.html", |page| in_body(&page, "<p style=\"font-size:8px\">small</p>"), can_be_read),
    ("a-small-chart.html", |page| page.replace("min-width: 800px", "min-width: 600px"), can_be_read),
    (
        "a-chart-without-a-table.html",
        |page| page.replacen(" aria-details=\"table-", " aria-details=\"no-", 1),
        has_tables_behind_charts,
    ),
    (
        "sorted-as-text.html",
        |page| without_policy(&page).replace("const number = Number(text)", "const number = text.length"),
        sorts,
    ),
    ("filters-nothing.html", |page| without_policy(&page).replace("row.hidden =", "row.title ="), filters),
    ("stays-folded.html", |page| without_policy(&page).replace("unfold(target);", ""), unfolds),
];

#[test]
#[ignore = "needs chromium"]
fn every_check_finds_its_fault() {
    let Some(browser) = Chromium::find() else { return };
    let made = default_sweep();
    for (name, spoil, check) in FAULTS {
        let seen = see(&browser, &made.with(name, spoil), PHONE);
        assert!(check(&seen).is_err(), "{name} is not found");
    }
}

#[test]
#[ignore = "needs chromium"]
fn a_page_that_unfolds_everything_prints_on_too_much_paper() {
    let Some(browser) = Chromium::find() else { return };
    let page = default_sweep();
    let unfolded = page.with("unfolded.html", |page| page.replace("<details ", "<details open "));
    assert!(browser.printed(&unfolded) > 6);
}

fn in_body(page: &str, more: &str) -> String {
    page.replacen("<main>", &format!("<main>{more}"), 1)
}

/// The policy would keep the fault from being one.
fn without_policy(page: &str) -> String {
    page.replacen("http-equiv=\"Content-Security-Policy\"", "name=\"policy\"", 1)
}
