//! `cachemark recommend`: which arms of a record keep to objectives, and which of them costs least.

use super::report::{complain, folder_of};
use crate::args::RecommendArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::recommend::{Ask, Met, Price, Recommendation, objectives, recommend, recommendation_json};
use cachemark_report::recommendation_sheets;
use cachemark_results::Run;
use cachemark_results::assertion::{Assertion, Selector};
use serde_json::{Value, json};

pub(crate) fn run(args: &RecommendArgs) -> Result<Exit, Failure> {
    let ask = asked(args)?;
    let folder = folder_of(args.folder.as_deref(), &args.out)?;
    let run = Run::open(&folder)?;
    let told = recommend(&run, &ask).map_err(|error| {
        let of = args.at.as_ref().map_or_else(|| folder.display().to_string(), |at| format!("--at {at}"));
        Failure::Usage(format!("{of}: {error}"))
    })?;
    if args.json {
        let mut data = recommendation_json(&ask, &told);
        data.insert("folder".into(), json!(folder.to_string_lossy()));
        say(&format!("{:#}", Value::Object(data)));
    } else {
        recommendation_sheets(&run, &ask, &told).iter().for_each(show);
    }
    told.untrusted.iter().for_each(|reason| complain(reason));
    Ok(exit(&told))
}

/// What the flags ask; a mistake in them is told before any record is read.
fn asked(args: &RecommendArgs) -> Result<Ask, Failure> {
    let refused = |flag: &str, what: String| Failure::Usage(format!("{flag}: {what}"));
    let example = "write it as in 'response.p99 < 5ms, hit_ratio >= 80%'";
    let of = |text: &String| objectives(text).map_err(|error| refused("--slo", format!("{error}; {example}")));
    let lists: Vec<Vec<Assertion>> = args.slo.iter().map(of).collect::<Result<_, _>>()?;
    let price = args.price.as_deref().map(str::parse::<Price>).transpose();
    let at = args.at.as_deref().map(Selector::of_conditions).transpose();
    Ok(Ask {
        objectives: lists.concat(),
        price: price.map_err(|error| refused("--price", error.to_string()))?,
        at: at.map_err(|what| refused("--at", what))?.unwrap_or_default(),
    })
}

/// That none meets it fails as an assertion does; what can't be told is not to be trusted, nor is a run that is not.
fn exit(told: &Recommendation) -> Exit {
    match told.met() {
        _ if !told.untrusted.is_empty() => Exit::Untrusted,
        Met::Meets => Exit::Pass,
        Met::Fails => Exit::AssertionFailed,
        Met::CannotTell => Exit::Untrusted,
    }
}
