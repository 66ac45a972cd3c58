//! What is held of every page, each as a check that says what is wrong.

use crate::chromium::{Chromium, Opened};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// The narrowest screen that a page is for, and a desk's.
pub(crate) const PHONE: u32 = 390;
pub(crate) const DESK: u32 = 1280;
/// The least letters, in pixels.
const LEAST_LETTERS: f64 = 9.0;

/// A page as a browser saw it, through a page beside it that looks into it.
pub(crate) struct Seen {
    pub(crate) opened: Opened,
    pub(crate) told: Value,
}

pub(crate) type Check = fn(&Seen) -> Result<(), String>;

/// Opens the page on a screen of that width.
pub(crate) fn see(browser: &Chromium, page: &Path, width: u32) -> Seen {
    let probe = page.with_file_name(format!("probe-{width}.html"));
    let name = page.file_name().unwrap().to_str().unwrap();
    fs::write(&probe, include_str!("probe.html").replace("PAGE", name).replace("WIDTH", &width.to_string())).unwrap();
    let opened = browser.open(&probe);
    let (_, told) = opened.dom.split_once("<pre id=\"result\">").expect("the probe's own element");
    let told = told.split_once("</pre>").unwrap().0.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let told = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told:?}, {:?}", opened.console));
    Seen { opened, told }
}

pub(crate) fn is_quiet(seen: &Seen) -> Result<(), String> {
    hold(seen.opened.console.is_empty(), || format!("on the console: {:?}", seen.opened.console))
}

pub(crate) fn asks_for_nothing(seen: &Seen) -> Result<(), String> {
    hold(seen.opened.requests.is_empty(), || format!("requested: {:?}", seen.opened.requests))
}

pub(crate) fn fits(seen: &Seen) -> Result<(), String> {
    let beyond = seen.told["beyond"].as_f64();
    hold(beyond.is_some_and(|beyond| beyond <= 0.0), || format!("wider than the screen by {beyond:?} pixels"))
}

pub(crate) fn can_be_read(seen: &Seen) -> Result<(), String> {
    let least = &seen.told["letters"];
    hold(least["size"].as_f64().is_some_and(|size| size >= LEAST_LETTERS), || format!("too small: {least}"))
}

pub(crate) fn has_tables_behind_charts(seen: &Seen) -> Result<(), String> {
    let charts = seen.told["pictures"].as_array().ok_or("no charts")?;
    let without = charts.iter().find(|chart| {
        let tables = chart["tables"].as_array();
        tables.is_none_or(|tables| tables.is_empty() || tables.iter().any(|there| there != true))
    });
    hold(!charts.is_empty() && without.is_none(), || format!("without a table: {without:?}"))
}

/// By a click, by the address, back to the order of the page; what is equal or has no value keeps its place.
pub(crate) fn sorts(seen: &Seen) -> Result<(), String> {
    let told = &seen.told;
    hold(told["error"].is_null(), || told["error"].to_string())?;
    hold(told["can_be_focused"] == true, || "no button to be reached by keyboard".into())?;
    for (state, order) in [("ascending", "ascending"), ("descending", "descending"), ("asked", "descending")] {
        let state = &told[state];
        hold(state["sort"] == order, || format!("aria-sort is {}", state["sort"]))?;
        let keys = keys(state)?;
        hold(keys.len() > 10, || format!("too few: {keys:?}"))?;
        let in_order = |pair: &[f64]| if order == "ascending" { pair[0] <= pair[1] } else { pair[0] >= pair[1] };
        hold(keys.windows(2).all(in_order), || format!("not {order}: {keys:?}"))?;
    }
    let as_before = told["none"]["rows"] == told["first"]["rows"] && told["none"]["sort"].is_null();
    hold(as_before, || "the third click does not bring back the order of the page".into())?;
    hold(told["asked"]["table_in_view"] == true, || "an address does not lead to its table".into())
}

/// The figures that rows are sorted by: those without stand last.
fn keys(state: &Value) -> Result<Vec<f64>, String> {
    let keys = state["keys"].as_array().ok_or("no rows")?;
    let number = |key: &Value| key.as_str().and_then(|key| key.parse::<f64>().ok());
    let figures: Vec<f64> = keys.iter().map_while(number).collect();
    hold(keys[figures.len()..].iter().all(|key| number(key).is_none()), || format!("a gap within: {keys:?}"))?;
    Ok(figures)
}

pub(crate) fn filters(seen: &Seen) -> Result<(), String> {
    let rows = |state: &str| seen.told[state]["shown"].as_u64();
    let (first, filtered, asked) = (rows("first"), rows("filtered"), rows("asked"));
    // Of one strategy there is a row at each of three read ratios; the first words name its stack as well, which stands once.
    hold(first > Some(10) && filtered == Some(3) && asked == Some(3), || format!("{first:?}, {filtered:?}, {asked:?}"))
}

pub(crate) fn unfolds(seen: &Seen) -> Result<(), String> {
    hold(seen.told["unfolded"] == true, || "an address does not open what it names".into())
}

fn hold(holds: bool, or: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(or()) }
}
