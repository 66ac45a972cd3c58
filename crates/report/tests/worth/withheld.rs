//! Who has made its times the better by what it left out, or has lost writes, wins nothing by them.

use crate::made::{answer, plain, usual};
use crate::sample::Sample;
use cachemark_results::{Audit, Cell, Trial};
use serde_json::json;

fn lose(trial: &mut Trial) {
    let mut audit = Audit::default();
    audit.store.lost = 1;
    trial.audit = Some(audit);
}

fn turn_away(trial: &mut Trial) {
    trial.totals.shed = trial.totals.issued / 100;
}

fn with(tweak: fn(&Cell, &mut Trial)) -> serde_json::Value {
    answer(&Sample { tweak, ..plain() })
}

#[test]
fn lost_writes_are_made_up_for_by_no_time() {
    let lost = with(|cell, trial| {
        usual(cell, trial);
        if cell.strategy == "cache-aside" {
            lose(trial);
        }
    });
    assert_eq!((&lost["answer"], &lost["why"]), (&json!("cannot-tell"), &json!("it lost acknowledged writes")));
}

#[test]
fn times_of_the_answered_alone_win_nothing() {
    let shed = with(|cell, trial| {
        usual(cell, trial);
        if cell.strategy == "cache-aside" {
            turn_away(trial);
        }
    });
    let why = "it left too much of what was asked without an answer";
    assert_eq!((&shed["answer"], &shed["why"]), (&json!("cannot-tell"), &json!(why)));
    // What it is compared with may have been flattered, and lost all the same.
    let other = with(|cell, trial| {
        usual(cell, trial);
        if cell.strategy == "no-cache" {
            turn_away(trial);
        }
    });
    assert_eq!(other["answer"], "worth-it");
}
