//! The bench knows no setting of a strategy, cache or store by its name: what it needs to know of one is in the descriptor's model.

#![cfg(feature = "servers")]

use cachemark_core::{Descriptor, Room, Settings};
use std::fs;
use std::path::{Path, PathBuf};

/// The crate's sources, but for those that are tests.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    const TESTS: [&str; 4] = ["golden.rs", "sample_trials.rs", "scripted.rs", "tests.rs"];
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if !TESTS.contains(&entry.file_name().unwrap().to_str().unwrap()) {
            found.push(entry);
        }
    }
}

/// The code of a file without its comments and its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether the code looks for the name. An example within a longer message looks for nothing.
fn says(code: &str, name: &str) -> bool {
    code.contains(&format!("\"{name}\""))
}

fn parts() -> Vec<Descriptor> {
    [cachemark_strategy::strategies(), cachemark_backend::caches(), cachemark_backend::stores()].concat()
}

#[test]
fn the_bench_names_no_setting_of_a_part() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bench/src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    // The oracle's laws are tests, of strategies that are set in one way or another.
    files.retain(|file| !file.components().any(|part| part.as_os_str() == "laws"));
    assert!(files.len() > 30, "{files:?}");
    let parts = parts();
    let of_parts = parts.iter().flat_map(|part| part.settings.iter().map(move |setting| (part.name, setting.name)));
    let of_servers = cachemark_stack::server_settings().iter().map(|server| ("servers", server.setting.name));
    let settings: Vec<_> = of_parts.chain(of_servers).collect();
    let mut named = Vec::new();
    for file in &files {
        let code = code(&fs::read_to_string(file).unwrap());
        for (part, setting) in settings.iter().filter(|(_, setting)| says(&code, setting)) {
            named.push(format!("{}: {setting} of {part}", file.strip_prefix(&src).unwrap().display()));
        }
    }
    assert!(named.is_empty(), "ask the descriptor's model instead: {named:#?}");
}

#[test]
fn the_memory_that_a_cache_goes_by_is_a_setting_of_servers() {
    for part in parts() {
        if let Room::ServerMemory { mib_setting } = (part.model)(&Settings::defaults(part.settings)).room {
            let of_servers = cachemark_stack::server_settings();
            let known =
                of_servers.iter().any(|known| known.setting.name == mib_setting && known.of.contains(&part.name));
            assert!(known, "{}: {mib_setting}", part.name);
        }
    }
}

#[test]
fn a_name_is_seen_in_code_and_not_in_comments_or_tests() {
    assert!(says(&code("let ttl = settings.integer(\"ttl-ms\");"), "ttl-ms"));
    assert!(!says(&code("// ttl-ms\n#[cfg(test)]\nmod tests { \"ttl-ms\" }"), "ttl-ms"));
    assert!(!says(&code("\"the capacity of a cell\""), "capacity"));
}
