//! No two files of a crate import each other, directly or around a corner: what one is about can be read without the other.
//!
//! A file and the folder of its name are one thing here: what stands above may import what lies below, and the other way round.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

type Module = Vec<String>;

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

/// The modules of a crate, with their texts.
fn modules(src: &Path) -> BTreeMap<Module, String> {
    let mut files = Vec::new();
    sources(src, &mut files);
    let of = |file: &PathBuf| {
        let place = file.strip_prefix(src).unwrap().with_extension("");
        let mut module: Module = place.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if ["mod", "lib", "main"].contains(&module.last().unwrap().as_str()) {
            module.pop();
        }
        // Tests may import what they like.
        let text = fs::read_to_string(file).unwrap();
        (module, text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned())
    };
    files.iter().map(of).collect()
}

/// `a::{b, c::{d}}` as `a::b` and `a::c::d`.
fn spread(path: &str) -> Vec<String> {
    let Some((head, rest)) = path.split_once('{') else { return vec![path.to_owned()] };
    let body = rest.rsplit_once('}').map_or(rest, |(body, _)| body);
    let (mut parts, mut depth) = (vec![String::new()], 0);
    for letter in body.chars() {
        match letter {
            ',' if depth == 0 => parts.push(String::new()),
            _ => {
                depth += i32::from(letter == '{') - i32::from(letter == '}');
                parts.last_mut().unwrap().push(letter);
            }
        }
    }
    parts.iter().filter(|part| !part.is_empty()).flat_map(|part| spread(&format!("{head}{part}"))).collect()
}

/// What `module` imports of its own crate.
fn imports(module: &Module, text: &str, modules: &BTreeMap<Module, String>) -> BTreeSet<Module> {
    let uses = text.split(';').filter_map(|statement| {
        let line = statement.rsplit_once("use ").map(|(before, path)| (before.rsplit('\n').next().unwrap(), path));
        line.filter(|(before, _)| before.trim().is_empty() || before.trim().starts_with("pub")).map(|(_, path)| path)
    });
    let paths = uses.flat_map(|path| spread(&path.split_whitespace().collect::<String>()));
    paths.filter_map(|path| target(module, &path, modules)).filter(|found| found != module).collect()
}

/// The module that a path leads to, or into.
fn target(module: &Module, path: &str, modules: &BTreeMap<Module, String>) -> Option<Module> {
    let mut parts = path.split("::").peekable();
    let mut place = match parts.peek()? {
        &"crate" => Vec::new(),
        &"self" | &"super" => module.clone(),
        _ => return None,
    };
    for part in parts {
        match part {
            "crate" | "self" => {}
            "super" => drop(place.pop()),
            part => place.push(part.to_owned()),
        }
    }
    (0..=place.len()).rev().map(|length| place[..length].to_vec()).find(|prefix| modules.contains_key(prefix))
}

/// The modules from which one comes back to where one was.
fn circles(src: &Path) -> Vec<String> {
    let modules = modules(src);
    let apart = |a: &Module, b: &Module| !a.starts_with(b) && !b.starts_with(a);
    let edges: BTreeMap<&Module, BTreeSet<Module>> = modules
        .iter()
        .map(|(module, text)| {
            let imports = imports(module, text, &modules);
            (module, imports.into_iter().filter(|other| apart(module, other)).collect())
        })
        .collect();
    let comes_back = |start: &&Module| {
        let (mut seen, mut left) = (BTreeSet::new(), vec![*start]);
        while let Some(module) = left.pop() {
            for next in &edges[module] {
                if next == *start {
                    return true;
                }
                if seen.insert(next) {
                    left.push(next);
                }
            }
        }
        false
    };
    modules.keys().filter(comes_back).map(|module| module.join("::")).collect()
}

#[test]
fn no_file_imports_one_that_imports_it() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut found = BTreeSet::new();
    for folder in fs::read_dir(crates).unwrap().map(|entry| entry.unwrap().path()) {
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        found.extend(circles(&folder.join("src")).into_iter().map(|module| format!("{name}: {module}")));
    }
    assert_eq!(found, BTreeSet::new(), "file circles: move what both need into a file of its own");
}

#[test]
fn a_circle_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("lib.rs", "mod a;\nmod b;\nmod c;\npub use a::A;\n");
    write("a.rs", "use crate::b::{self, inner::{B, D}};\nuse std::fmt;\npub struct A;\n");
    write("b/mod.rs", "pub(crate) mod inner;\n");
    write("b/inner.rs", "use super::super::c::C;\npub(crate) struct B;\n");
    write("c.rs", "//! c\n\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}\n");
    assert_eq!(circles(folder.path()), [""; 0]);
    write("c.rs", "//! c\n\npub(crate) use crate::a::A;\n");
    assert_eq!(circles(folder.path()), ["a", "b::inner", "c"]);
}
