//! `cachemark schema`: the JSON Schemas of definitions, of records, and of what commands print.

use crate::args::{SchemaArgs, SchemaOf};
use crate::catalogue;
use crate::exit::{Exit, Failure};
use crate::output::say;
use cachemark_bench::definition::json_schema as schema_of;
use cachemark_results::json_schema;

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    let text = match args.of {
        SchemaOf::Definition => of_definitions(),
        SchemaOf::Manifest => json_schema::MANIFEST.into(),
        SchemaOf::Environment => json_schema::ENVIRONMENT.into(),
        SchemaOf::Summary => json_schema::SUMMARY.into(),
        SchemaOf::Series => json_schema::SERIES.into(),
        SchemaOf::Histograms => json_schema::HISTOGRAMS.into(),
        SchemaOf::Stability => json_schema::STABILITY.into(),
        SchemaOf::Report => include_str!("../../schema/report.schema.json").into(),
        SchemaOf::Compare => include_str!("../../schema/compare.schema.json").into(),
        SchemaOf::Doctor => include_str!("../../schema/doctor.schema.json").into(),
    };
    say(text.trim_end());
    Ok(Exit::Pass)
}

/// That of definitions, of what this build has.
pub(super) fn of_definitions() -> String {
    #[cfg(feature = "http")]
    let http = cachemark_http::json_schema();
    // Passed over by a build without loads.
    #[cfg(not(feature = "http"))]
    let http = serde_json::json!({ "type": "object", "description": "How `cachemark load` speaks to services." });
    format!("{:#}\n", schema_of(&catalogue::of_definitions(), http))
}
