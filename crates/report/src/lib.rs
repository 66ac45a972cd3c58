//! From a record on disk to tables, charts and a page.
//!
//! It reads only what is on disk ([`cachemark_results::Run`]), so that a page can be made again, later, elsewhere.
//!
//! | module | what it holds |
//! |---|---|
//! | [`answer`] | what to use, at which price, how sure that is, and what would change it |
//! | [`analysis`] | medians over blocks, ratios to the reference cell with intervals, verdicts |
//! | [`worth`] | whether a cache is worth it: costs, break-even hit ratios, the least difference found |
//! | [`mod@compare`] | runs of different times against each other |
//! | [`mod@confirm`] | a published record against its own definition run again elsewhere |
//! | [`assertions`] | whether the run kept to its assertions; JUnit XML |
//! | [`recommend`] | which arms keep to what is asked, what they cost, what to measure next |
//! | [`table`] | tables as plain data, for Markdown and the page |
//! | [`sheet`] | tables for a terminal, as wide as it is |
//! | [`units`] | figures as people read them |
//! | `sort_key` | the value that a printed figure is sorted by |
//! | `scene` | a chart as shapes, before it becomes SVG or PNG: text measured, axes, layout |
//! | `charts` | one chart a file |
//! | `page`, `summary`, `csv_files`, `counted`, `json` | report.html, SUMMARY.md, the CSV files; figures for programs |
//! | `oklab` | colours as eyes see them |
//! | `junit` | test cases as JUnit XML |
//! | `write` | all of them into the record's folder, each whole or absent |

pub mod analysis;
pub mod answer;
pub mod assertions;
mod charts;
pub mod compare;
pub mod confirm;
mod counted;
mod csv_files;
mod error;
mod export;
mod fonts;
mod json;
mod junit;
mod oklab;
mod page;
pub mod recommend;
mod scene;
pub mod sheet;
mod sort_key;
mod summary;
pub mod table;
mod tables;
pub mod units;
pub mod worth;
mod write;

pub use answer::Answer;
pub use error::ReportError;
pub use export::{ExportError, Format, export};
pub use fonts::register_fonts;
pub use json::as_json;
pub use table::{Emphasis, Row, Table};
pub use tables::{
    assertion_sentence, assertion_sheet, assertions as assertion_table, recommendation_sheets, terminal_sheet,
};
pub use tables::{foreseen_sheet, stability_sentences, stability_sheet, worth_sheets};
pub use write::{Pages, Pictures, write_report, write_report_with, write_stability};
