//! `cachemark schema`: the JSON Schemas of definitions and records.

use crate::args::{SchemaArgs, SchemaOf};
use crate::catalogue;
use crate::exit::{Exit, Failure};
use crate::output::say;
use cachemark_bench::definition::json_schema;

pub(crate) fn run(args: &SchemaArgs) -> Result<Exit, Failure> {
    let text = match args.of {
        SchemaOf::Definition => of_definitions(),
        SchemaOf::Manifest => include_str!("../../../results/schema/manifest.schema.json").into(),
        SchemaOf::Environment => include_str!("../../../results/schema/environment.schema.json").into(),
        SchemaOf::Summary => include_str!("../../../results/schema/summary.schema.json").into(),
        SchemaOf::Series => include_str!("../../../results/schema/series.schema.json").into(),
        SchemaOf::Histograms => include_str!("../../../results/schema/histograms.schema.json").into(),
        SchemaOf::Stability => include_str!("../../../results/schema/stability.schema.json").into(),
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
    format!("{:#}\n", json_schema(&catalogue::of_definitions(), http))
}
