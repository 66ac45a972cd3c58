//! What others named stays text in a browser: no element, no script, no request, no page wider than its screen.

use crate::checks::{PHONE, asks_for_nothing, can_be_read, fits, is_quiet, see};
use crate::chromium::Chromium;
use crate::made::of;
use crate::sample::Sample;

#[test]
#[ignore = "needs chromium"]
fn hostile_names_stay_text() {
    let Some(browser) = Chromium::find() else { return };
    let long: &'static str = "W".repeat(10_000).leak();
    let strategies: &'static [&'static str] = vec![
        "no-cache",
        "<script>document.title = 'run'</script>",
        "<img src=http://127.0.0.1:9/a.png onerror=alert(1)>",
        "=HYPERLINK(\"http://127.0.0.1:9\")",
        "</script></style></table><h1>out</h1>",
        long,
    ]
    .leak();
    let sample = Sample { strategies, workload: long, blocks: 1, reads: 60, ..Sample::default() };
    let made = of(&sample);
    let seen = see(&browser, &made.html, PHONE);
    for check in [is_quiet, asks_for_nothing, fits, can_be_read] {
        check(&seen).unwrap();
    }
    assert_eq!(seen.told["scripts"], 1, "a name has become a script");
    let html = std::fs::read_to_string(&made.html).unwrap();
    assert!(!html.contains("<script>document") && !html.contains("<img") && !html.contains("<h1>out"));
}
