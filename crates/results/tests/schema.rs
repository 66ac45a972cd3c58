//! The published JSON Schemas are those of the code, and a written record fits them.
//!
//! `scripts/bless schemas` writes the schemas anew after a wanted change.

mod sample;

use cachemark_results::warning;
use cachemark_results::{
    Environment, Histograms, Manifest, RecordError, Run, RunWriter, Series, Stability, Trial, Warning, add_concerns,
};
use std::fs;
use std::path::{Path, PathBuf};

fn published(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schema").join(format!("{name}.schema.json"))
}

fn current(name: &str) -> serde_json::Value {
    match name {
        "manifest" => schemars::schema_for!(Manifest),
        "environment" => schemars::schema_for!(Environment),
        "summary" => schemars::schema_for!(Trial),
        "series" => schemars::schema_for!(Series),
        "histograms" => schemars::schema_for!(Histograms),
        "stability" => schemars::schema_for!(Stability),
        other => panic!("no such file: {other}"),
    }
    .to_value()
}

const NAMES: [&str; 6] = ["manifest", "environment", "summary", "series", "histograms", "stability"];

#[test]
fn published_schemas_are_current() {
    for name in NAMES {
        let text = format!("{:#}\n", current(name));
        if std::env::var_os("CACHEMARK_BLESS").is_some() {
            fs::write(published(name), &text).unwrap();
        }
        assert_eq!(
            fs::read_to_string(published(name)).unwrap_or_default(),
            text,
            "schema of {name} has changed: scripts/bless schemas writes it anew, if that is wanted"
        );
    }
}

#[test]
fn a_written_record_fits_the_schemas_and_reads_back() {
    let out = tempfile::tempdir().unwrap();
    let manifest = sample::manifest();
    let writer = RunWriter::create(out.path(), &manifest, "name = \"sample\"\n").unwrap();
    writer.environment(&sample::environment()).unwrap();
    writer.trial(&sample::trial(1), &sample::series(), &sample::histograms()).unwrap();
    let folder = writer.folder();
    for (name, path) in [
        ("manifest", folder.join("manifest.json")),
        ("environment", folder.join("environment.json")),
        ("summary", folder.join("trials/0001/summary.json")),
        ("series", folder.join("trials/0001/series.json")),
        ("histograms", folder.join("trials/0001/histograms.json")),
    ] {
        let validator = jsonschema::validator_for(&current(name)).unwrap();
        let instance = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert!(validator.is_valid(&instance), "{name}: {:?}", validator.iter_errors(&instance).next());
    }
    let run = Run::open(folder).unwrap();
    assert_eq!(run.manifest, manifest);
    assert_eq!(run.trials, [sample::trial(1)]);
    assert_eq!(run.series(&run.trials[0]).unwrap(), sample::series());
    assert_eq!(run.histograms(&run.trials[0]).unwrap(), sample::histograms());
}

#[test]
fn what_speaks_against_a_run_is_added_once_its_writer_has_ended() {
    let out = tempfile::tempdir().unwrap();
    let writer = RunWriter::create(out.path(), &sample::manifest(), "").unwrap();
    let folder = writer.folder().to_owned();
    let lost = vec![Warning::new(warning::CLAIM_LOST, "another run took it")];
    assert!(matches!(add_concerns(&folder, lost.clone()), Err(RecordError::Busy { .. })));
    drop(writer);
    add_concerns(&folder, lost.clone()).unwrap();
    add_concerns(&folder, Vec::new()).unwrap();
    assert_eq!(Run::open(&folder).unwrap().manifest, Manifest { concerns: lost, ..sample::manifest() });
}
