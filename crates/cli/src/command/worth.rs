//! `cachemark worth`: is a cache worth it, by a record; or what a run to come would find, by one that is like it.

use crate::args::WorthArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::analysis::analyse;
use cachemark_report::worth::{foreseen, foreseen_as_json, worth, worth_as_json};
use cachemark_report::{foreseen_sheet, worth_sheets};
use cachemark_results::{Run, latest_in};
use serde_json::json;
use std::path::Path;

pub(crate) fn run(args: &WorthArgs) -> Result<Exit, Failure> {
    if let Some(like) = &args.like {
        let blocks: Vec<usize> = args.blocks.iter().map(|blocks| usize::from(*blocks)).collect();
        return foresee(like, &blocks, args.json);
    }
    let folder = args.folder.clone().or_else(|| latest_in(&args.out)).ok_or_else(|| {
        let out = args.out.display();
        Failure::Usage(format!(
            "can't tell yet: there is no record in {out}; run `cachemark sweep` first, or name the record of a run that is like yours \
             with --like"
        ))
    })?;
    let run = Run::open(&folder)?;
    if args.json {
        let analysis = analyse(&run);
        let mut told = worth_as_json(&analysis, &worth(&run, &analysis));
        told["folder"] = json!(folder.to_string_lossy());
        say(&format!("{told:#}"));
        return Ok(Exit::Pass);
    }
    for (place, sheet) in worth_sheets(&run).iter().enumerate() {
        if place > 0 {
            say("");
        }
        show(sheet);
    }
    Ok(Exit::Pass)
}

fn foresee(like: &Path, blocks: &[usize], as_json: bool) -> Result<Exit, Failure> {
    let run = Run::open(like)?;
    if as_json {
        let found = foreseen(&analyse(&run), blocks);
        let told = json!({ "like": like.to_string_lossy(), "least_differences": foreseen_as_json(&found, blocks) });
        say(&format!("{told:#}"));
    } else {
        show(&foreseen_sheet(&run, blocks));
    }
    Ok(Exit::Pass)
}
