//! The JSON Schema of definitions: the one in the repository is the program's, and every definition of the repository fits it.

#![cfg(all(feature = "servers", feature = "http"))]

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;

use jsonschema::Validator;
use markdown::root;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn cachemark(arguments: &[&str]) -> Output {
    Command::new(assert_cmd::cargo::cargo_bin("cachemark")).args(arguments).output().unwrap()
}

fn printed(name: &str) -> String {
    let output = cachemark(&["schema", name]);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn published() -> PathBuf {
    root().join("crates/results/schema/definition.schema.json")
}

/// `scripts/bless schemas` writes it anew after a wanted change.
#[test]
fn published_schemas_are_current() {
    let text = printed("definition");
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(published(), &text).unwrap();
    }
    let found = fs::read_to_string(published()).unwrap_or_default();
    assert!(found == text, "the schema of definitions has changed: scripts/bless schemas writes it anew");
}

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(&printed("definition")).unwrap();
    assert!(jsonschema::draft7::meta::is_valid(&schema));
    jsonschema::draft7::new(&schema).unwrap()
}

/// What the schema refuses in a definition.
fn refused(validator: &Validator, text: &str) -> Vec<String> {
    let instance = json!(toml::from_str::<toml::Table>(text).unwrap());
    validator.iter_errors(&instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// The definitions below a folder.
fn definitions(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            definitions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

/// The schema that the first line of a definition names, if it does.
fn named(path: &Path, text: &str) -> Option<PathBuf> {
    let name = text.lines().next()?.strip_prefix("#:schema ")?;
    path.parent()?.join(name).canonicalize().ok()
}

#[test]
fn every_preset_names_the_schema_and_fits_it() {
    let validator = validator();
    let mut found = vec![root().join("examples/foreign-service/load.toml")];
    definitions(&root().join("workloads"), &mut found);
    assert!(found.len() > 35, "{found:?}");
    for path in found {
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(named(&path, &text), Some(published()), "{}", path.display());
        assert_eq!(refused(&validator, &text), [""; 0], "{}", path.display());
    }
}

/// Of each preset with every default spelt out, too: what a record has.
#[test]
fn every_preset_fits_it_spelt_out() {
    let validator = validator();
    let list = cachemark(&["workload", "list"]).stdout;
    let list = String::from_utf8(list).unwrap();
    let names: Vec<_> = list.lines().filter(|line| !line.starts_with(' ')).collect();
    assert!(names.len() > 35);
    for name in names.iter().filter_map(|line| line.split(' ').next()) {
        let shown = cachemark(&["workload", "show", name]).stdout;
        assert_eq!(refused(&validator, &String::from_utf8(shown).unwrap()), [""; 0], "{name}");
    }
}

#[test]
fn what_init_writes_names_a_schema_beside_it_and_fits_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    for flags in [&[][..], &["--over", "redis", "--rate", "500"]] {
        let output = cachemark(&[&["init", "--yes", file.to_str().unwrap()][..], flags].concat());
        assert!(output.status.success(), "{output:?}");
        let text = fs::read_to_string(&file).unwrap();
        let schema = named(&file, &text).unwrap();
        assert_eq!(fs::read_to_string(schema).unwrap(), printed("definition"));
        assert_eq!(refused(&validator(), &text), [""; 0]);
        fs::remove_file(&file).unwrap();
    }
    // One that somebody has changed is told and stays.
    let schema = folder.path().join("cachemark.schema.json");
    fs::write(&schema, "{}").unwrap();
    let output = cachemark(&["init", "--yes", file.to_str().unwrap()]);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success() && told.contains("of another version"), "{told}");
    assert_eq!(fs::read_to_string(&schema).unwrap(), "{}");
}

/// With the real parts, what an editor would show while one types.
#[test]
fn mistakes_are_refused_where_they_are() {
    let validator = validator();
    for (text, place) in [
        ("[workload]\nkeyz = 5\n", "/workload"),
        ("[run]\nclients = 0\n", "/run/clients"),
        ("[sweep]\nstrategies = [\"no-cache\", \"cashe-aside\"]\n", "/sweep/strategies"),
        ("[sweep]\ncaches = []\n", "/sweep/caches"),
        ("[sweep]\nrate = 0\n", "/sweep/rate"),
        ("[sweep]\nverdict-on = \"hit_rate\"\n", "/sweep/verdict-on"),
        ("[strategy.cache-aside]\nttl = 5\n", "/strategy/cache-aside"),
        ("[strategy.cache-aside]\non-write = \"overwrite\"\n", "/strategy/cache-aside/on-write"),
        ("[cache.rediss]\nlanes = 5\n", "/cache"),
        ("[servers]\ncache-memory-mib = 1\n", "/servers/cache-memory-mib"),
        ("[[arm]]\non-write = \"update\"\n", "/arm/0"),
        ("[[arm]]\nname = \"a.b\"\nstrategy = \"no-cache\"\n", "/arm/0/name"),
        ("[[arm]]\nname = \"redis\"\nstrategy = \"no-cache\"\n", "/arm/0/name"),
        ("[[arm]]\nstrategy = \"cache-aside\"\nbeta = 1.0\n", "/arm/0"),
        ("[[arm]]\nstrategy = \"cache-aside\"\nstore.retry = \"often\"\n", "/arm/0/store/retry"),
        ("[[fault]]\nkind = \"flush\"\nat-s = 1\nfor-s = 1\n", "/fault/0"),
        ("[[fault]]\nkind = \"slow\"\nat-s = 1\ntarget = \"cache\"\n", "/fault/0"),
        ("[[fault]]\nkind = \"evict\"\nat-s = 1\nfor-s = 1\ntarget = \"store\"\n", "/fault/0/target"),
        ("[http.read]\npath = \"items\"\n", "/http/read/path"),
        ("[http.hit]\nrule = \"header\"\n", "/http/hit"),
        ("[run]\ndriver = \"gose\"\n", "/run/driver"),
    ] {
        let told = refused(&validator, text);
        assert!(!told.is_empty() && told.iter().all(|error| error.starts_with(place)), "{text}: {told:#?}");
    }
    for text in [
        "",
        "[sweep]\nverdict-on = [\"hit-ratio\", \"read_p99\"]\n",
        "[strategy.cache-aside]\nttl-ms = [1_000, 10_000]\n",
        "[[arm]]\nstrategy = \"cache-aside\"\ncache.lanes = 8\ncache.in-process.capacity = 5\nservers.cache-memory-mib = 8\n",
        "[[arm]]\nname = \"old\"\nstrategy = \"http\"\nurl = \"http://127.0.0.1:8080\"\n",
        "[http.version]\nheader = \"etag\"\n",
    ] {
        assert_eq!(refused(&validator, text), [""; 0], "{text}");
    }
}

#[test]
fn the_schemas_of_a_record_s_files_are_printed_too_and_an_unknown_one_is_refused() {
    for name in ["manifest", "environment", "summary", "series", "histograms", "stability"] {
        let path = root().join(format!("crates/results/schema/{name}.schema.json"));
        assert_eq!(printed(name), fs::read_to_string(path).unwrap());
    }
    let output = cachemark(&["schema", "definitions"]);
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("manifest"), "{told}");
}
