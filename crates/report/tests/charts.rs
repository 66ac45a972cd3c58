//! The charts as they stand on the page: by day and by night, large enough to read.

mod sample;

use cachemark_report::write_report;
use sample::Sample;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A chart is never shown narrower than this; where there is less room it scrolls (`templates/report.css`).
const NARROWEST: f64 = 800.0;
/// What nobody should have to read is smaller.
const LEAST_TEXT: f64 = 9.0;

/// The pages of sweeps of both loops, with whatever has a chart.
fn pages() -> Vec<String> {
    let stale = |cell: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        use cachemark_results::{Freshness, StaleCauses};
        let stale = if cell.strategy == "no-cache" { 0 } else { 40 };
        let causes = Some(StaleCauses { lost_invalidation: stale / 2, unknown: stale / 2, ..StaleCauses::default() });
        trial.freshness = Some(Freshness { reads: 5_000, judged: 5_000, stale, causes, ..Freshness::default() });
    };
    let closed =
        Sample { caches: &["moka", "redis"], hops: true, reads: 1_000, blocks: 6, tweak: stale, ..Sample::default() };
    let open = Sample { read_ratios: &[0.9], rates: &[500.0, 1e6], reads: 1_000, blocks: 6, ..Sample::default() };
    let page = |sample: Sample| {
        let folder = tempfile::tempdir().unwrap();
        fs::read_to_string(write_report(&sample.write(folder.path())).unwrap().html).unwrap()
    };
    vec![page(closed), page(open)]
}

fn charts(page: &str) -> Vec<&str> {
    page.split("<svg ").skip(1).map(|rest| rest.split_once("</svg>").unwrap().0).collect()
}

/// What stands between `before` and the next quotation mark, at each place.
fn after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split_once('"').unwrap().0).collect()
}

#[test]
fn no_letter_is_smaller_than_nine_pixels_on_any_screen() {
    for page in pages() {
        assert!(page.contains(&format!("min-width: {NARROWEST}px")));
        for chart in charts(&page) {
            let view: Vec<f64> =
                after(chart, "viewBox=\"")[0].split(' ').map(|number| number.parse().unwrap()).collect();
            let sizes = after(chart, "font-size=\"");
            assert!(sizes.len() > 10);
            for size in sizes {
                let shown = size.parse::<f64>().unwrap() * NARROWEST / view[2];
                assert!(shown >= LEAST_TEXT, "{size} of {} is {shown} px", view[2]);
            }
            // Whatever stands around it does not make it narrower.
            assert!(!chart.contains("<foreignObject"));
        }
        let in_boxes = page
            .split("<div class=\"scroll chart\"")
            .skip(1)
            .filter(|held| held.split_once('>').unwrap().1.starts_with("<svg "));
        assert_eq!(in_boxes.count(), charts(&page).len());
    }
}

#[test]
fn every_colour_has_one_counterpart_on_a_dark_page() {
    for page in pages() {
        let mut counterparts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for chart in charts(&page) {
            let (_, rest) = chart.split_once("<style>@media screen and (prefers-color-scheme:dark){").unwrap();
            let (style, body) = rest.split_once("}</style>").unwrap();
            for rule in style.split('}').filter(|rule| !rule.is_empty()) {
                let (light, dark) = (after(rule, "=\"")[0], rule.rsplit_once(':').unwrap().1);
                assert!(light.len() == 7 && dark.len() == 7, "{rule}");
                counterparts.entry(light).or_default().insert(dark);
            }
            for attribute in ["fill", "stroke"] {
                for colour in after(body, &format!(" {attribute}=\"")).into_iter().filter(|colour| *colour != "none") {
                    assert!(
                        style.contains(&format!("[{attribute}=\"{colour}\"]{{{attribute}:#")),
                        "{attribute} {colour}"
                    );
                }
            }
        }
        assert!(counterparts.len() > 12, "{counterparts:?}");
        for (light, dark) in &counterparts {
            assert_eq!(dark.len(), 1, "{light} is {dark:?} on a dark page");
        }
        assert_eq!(counterparts["#FFFFFF"].first(), Some(&"#0D1117"));
    }
}
