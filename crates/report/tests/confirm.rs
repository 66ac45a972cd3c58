//! Made-up records against others of the same definition: what agrees, what differs, what can't be told, and every face.

mod sample;

use cachemark_report::confirm::{
    ConfirmError, Confirmation, Control, RowAgreement, check_published, confirm, confirmation_json,
};
use cachemark_results::{Manifest, Run, Status};
use sample::Sample;
use serde_json::Value;
use std::path::PathBuf;
use tempfile::TempDir;

fn published() -> (TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample {
        strategies: &["no-cache", "cache-aside", "write-through"],
        read_ratios: &[0.9],
        verdict_on: &["throughput"],
        ..Sample::default()
    };
    let run = sample.write(folder.path());
    (folder, run)
}

/// The record once more, elsewhere, with its throughput times `factor`, and that of the cells `of` times `own`.
fn elsewhere(run: &Run, factor: f64, (of, own): (&str, f64)) -> Run {
    let mut here = run.clone();
    here.folder = PathBuf::from("/home/somebody/results/here-1");
    for trial in &mut here.trials {
        let of = trial.cell.starts_with(of);
        trial.throughput_ops_per_s *= factor * if of { own } else { 1.0 };
    }
    here
}

/// The record with its first blocks alone.
fn with_blocks(run: &Run, blocks: usize) -> Run {
    let mut here = run.clone();
    here.manifest.blocks.truncate(blocks);
    here.trials.retain(|trial| (trial.block as usize) < blocks);
    here
}

/// The trials of the A/A control with their throughput times what `factor` gives for their block.
fn with_control(mut run: Run, factor: fn(u32) -> f64) -> Run {
    let control = run.manifest.cells.iter().find(|cell| cell.control).unwrap().id.clone();
    for trial in run.trials.iter_mut().filter(|trial| trial.cell == control) {
        trial.throughput_ops_per_s *= factor(trial.block);
    }
    run
}

const NONE: (&str, f64) = ("nothing", 1.0);

fn says(found: &Confirmation, arm: &str) -> RowAgreement {
    found.rows.iter().find(|row| row.label == arm).expect("there is such a row").says()
}

#[test]
fn a_record_agrees_with_itself_and_a_faster_machine_changes_nothing() {
    let (_folder, run) = published();
    for factor in [1.0, 7.0] {
        let found = confirm(&run, &elsewhere(&run, factor, NONE)).unwrap();
        assert_eq!(found.rows.len(), 2, "two arms with the reference; the control is none");
        assert!(found.rows.iter().all(|row| row.says() == RowAgreement::Agrees), "{:?}", found.rows);
        assert!(!found.is_contradicted() && found.wider.is_some_and(|wider| (wider - 1.0).abs() < 1e-9));
        assert!(found.shortened.costs().is_empty() && found.is_of_one_machine());
        assert!(
            found.conclusion().starts_with("Of 2 rows, 2 agree, 0 differ, and 0 can't be told."),
            "{}",
            found.conclusion()
        );
    }
}

#[test]
fn an_arm_that_comes_out_on_the_other_side_differs_and_one_of_another_size_does_not() {
    let (_folder, run) = published();
    let found = confirm(&run, &elsewhere(&run, 1.0, ("cache-aside", 0.05))).unwrap();
    assert_eq!(says(&found, "cache-aside"), RowAgreement::Differs, "{:?}", found.rows);
    assert_eq!(says(&found, "write-through"), RowAgreement::Agrees);
    assert!(found.is_contradicted(), "{:?}", found.rows);
    let found = confirm(&run, &elsewhere(&run, 1.0, ("cache-aside", 3.0))).unwrap();
    let row = found.rows.iter().find(|row| row.label == "cache-aside").unwrap();
    assert!(row.says() == RowAgreement::Agrees && row.is_of_another_size(), "{row:?}");
    assert!(found.markdown().contains("The side is the same and the size is not"));
}

#[test]
fn a_difference_beside_a_control_that_strays_contradicts_nothing() {
    let (_folder, run) = published();
    let other_side = elsewhere(&run, 1.0, ("cache-aside", 0.05));
    let shaken: fn(u32) -> f64 = |block| if block % 2 == 0 { 1.6 } else { 0.7 };
    for here in [with_control(other_side.clone(), shaken), with_control(other_side, |_| 1.2)] {
        let found = confirm(&run, &here).unwrap();
        let row = found.rows.iter().find(|row| row.label == "cache-aside").unwrap();
        assert_eq!((row.says(), row.controls), (RowAgreement::Differs, [Control::Quiet, Control::Strays]));
        assert!(!found.is_contradicted() && found.different().count() == 1);
        let told = found.markdown();
        assert!(told.contains("no evidence against either") && told.contains("quiet/strays"), "{told}");
        assert!(found.conclusion().ends_with("In none is the A/A control quiet in both records."));
    }
}

#[test]
fn fewer_blocks_are_told_with_their_price_and_too_few_tell_nothing() {
    let (_folder, run) = published();
    let found = confirm(&run, &with_blocks(&run, 6)).unwrap();
    assert!(found.shortened.costs()[0].starts_with("6 blocks in place of 8"), "{:?}", found.shortened);
    let found = confirm(&run, &with_blocks(&run, 5)).unwrap();
    assert_eq!(found.count(RowAgreement::CannotTell), 2);
    assert!(found.rows[0].why().unwrap().contains("no interval here"), "{:?}", found.rows[0]);
    assert!(!found.is_contradicted() && found.rows[0].controls[1] == Control::None);
}

#[test]
fn what_was_not_run_here_is_no_agreement() {
    let (_folder, run) = published();
    let mut here = run.clone();
    here.manifest.cells.retain(|cell| cell.strategy != "write-through");
    let found = confirm(&run, &here).unwrap();
    assert_eq!(says(&found, "write-through"), RowAgreement::CannotTell);
    assert_eq!(found.rows.iter().find(|row| row.here.is_none()).unwrap().why(), Some("it was not run here"));
    here.manifest.cells.retain(|cell| cell.strategy == "no-cache");
    assert!(matches!(confirm(&run, &here), Err(ConfirmError::NoCommonRow { .. })));
}

#[test]
fn what_cannot_be_confirmed_is_refused_and_says_why() {
    let (_folder, run) = published();
    let refused = |change: fn(&mut Manifest)| {
        let mut run = run.clone();
        change(&mut run.manifest);
        check_published(&run).unwrap_err().to_string()
    };
    assert!(refused(|manifest| manifest.kind = Manifest::SEARCH.into()).contains("is a capacity search"));
    assert!(refused(|manifest| manifest.kind = "load".into()).contains("run `cachemark sweep --workload strategies"));
    assert!(refused(|manifest| manifest.status = Status::Interrupted).contains("did not come to its end"));
    assert!(check_published(&with_blocks(&run, 5)).unwrap_err().to_string().contains("blocks: 5; an interval takes 6"));
    assert!(check_published(&run).is_ok());
}

#[test]
fn the_report_names_both_machines_and_what_differs_and_no_path() {
    let (folder, run) = published();
    let mut here = with_blocks(&elsewhere(&run, 2.0, NONE), 6);
    let host = &mut here.environment.as_mut().unwrap().host;
    (host.cpu_model, host.cpus) = (Some("Another <Processor> | of 64".into()), Some(64));
    let found = confirm(&run, &here).unwrap();
    assert!(!found.is_of_one_machine());
    let told = found.markdown();
    for part in [
        "# Confirmation of ",
        "- Published, record ",
        "- Here, record here-1 ",
        "64 processors",
        "6 blocks in place of 8",
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(told.contains("Another &lt;Processor&gt; \\| of 64") && !told.contains("<Processor>"), "{told}");
    let json = Value::Object(confirmation_json(&found)).to_string();
    for path in ["/home", "somebody", folder.path().to_str().unwrap()] {
        assert!(!told.contains(path) && !json.contains(path), "{path}: {told}");
    }
}

#[test]
fn a_terminal_of_80_columns_has_room_for_what_it_says() {
    let (_folder, run) = published();
    let told = confirm(&run, &elsewhere(&run, 1.0, ("cache-aside", 0.05))).unwrap().sheet().render(78, false);
    assert!(told.lines().all(|line| line.chars().count() <= 78), "{told}");
    let row = told.lines().find(|line| line.starts_with("cache-aside")).unwrap();
    assert!(row.ends_with("differs") && row.contains("quiet") && row.contains(" to "), "{told}");
}
