//! `cachemark worth`: is a cache worth it, by a record; or what a run to come would find, by one that is like it.

use crate::args::WorthArgs;
use crate::doctor::noise;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::analysis::analyse;
use cachemark_report::worth::{foreseen, foreseen_as_json, worth, worth_as_json};
use cachemark_report::{foreseen_sheet, worth_sheets};
use cachemark_results::{Run, latest_in};
use serde_json::json;
use std::path::Path;

/// The blocks that are reckoned with, unless others are asked for.
const BLOCKS: [usize; 5] = [6, 8, 12, 20, 40];

const OWN: &str = "The noise is this machine's at its quietest, by an A/A sweep of short trials over an embedded stack (cachemark doctor has it \
    too): a run over servers may stray further. --like RUN takes that of a record.";

pub(crate) fn run(args: &WorthArgs) -> Result<Exit, Failure> {
    let blocks: Vec<usize> = args.blocks.iter().map(|blocks| usize::from(*blocks)).collect();
    if let Some(like) = &args.like {
        return foresee(&Run::open(like)?, Some(like), &blocks, args.json);
    }
    let folder = args.folder.clone().or_else(|| latest_in(&args.out).filter(|_| blocks.is_empty()));
    let Some(folder) = folder else { return by_own_noise(args, &blocks) };
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

/// Before any run: with the noise of the doctor's own A/A sweep.
fn by_own_noise(args: &WorthArgs, blocks: &[usize]) -> Result<Exit, Failure> {
    let swept = noise::measured().map_err(|failure| {
        Failure::Usage(format!(
            "can't tell yet: there is no record in {}, and an A/A sweep for the noise could not be run ({failure}); name the record of a run \
             that is like yours with --like",
            args.out.display()
        ))
    })?;
    foresee(&swept.run, None, blocks, args.json)
}

fn foresee(run: &Run, like: Option<&Path>, blocks: &[usize], as_json: bool) -> Result<Exit, Failure> {
    let blocks = if blocks.is_empty() { &BLOCKS[..] } else { blocks };
    if as_json {
        let found = foreseen(&analyse(run), blocks);
        let like = like.map(Path::to_string_lossy);
        let told = json!({ "like": like, "least_differences": foreseen_as_json(&found, blocks) });
        say(&format!("{told:#}"));
    } else {
        let mut sheet = foreseen_sheet(run, blocks);
        sheet.remarks.extend(like.is_none().then(|| OWN.to_owned()));
        show(&sheet);
    }
    Ok(Exit::Pass)
}
