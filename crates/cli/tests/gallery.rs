//! What is published: every page has a question and an answer that it bears out, and the gallery is what `scripts/gallery` makes of them.

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;

use markdown::{paragraphs, root};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::{TempDir, tempdir};

/// The folders of what is published.
fn published() -> Vec<PathBuf> {
    let folders = fs::read_dir(root().join("results/published")).unwrap().map(|entry| entry.unwrap().path());
    let mut folders: Vec<_> = folders.filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() > 10, "{folders:?}");
    folders
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_default()
}

/// What the paragraph of a page says that begins with its `part` in bold.
fn said(page: &str, part: &str) -> Option<String> {
    paragraphs(page).iter().find_map(|paragraph| paragraph.strip_prefix(&format!("**{part}.** ")).map(str::to_owned))
}

/// The numbers in a text, as they are written there.
fn numbers(text: &str) -> Vec<String> {
    let pieces = text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',');
    let numbers = pieces.map(|piece| piece.trim_matches(['.', ',']));
    numbers.filter(|piece| piece.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned).collect()
}

/// The numbers of the answer of `page` that neither the rest of it nor its summary has.
fn unfounded(page: &str, summary: &str) -> Vec<String> {
    let answer = said(page, "Answer").unwrap_or_default();
    let rest: Vec<_> = paragraphs(page).into_iter().filter(|paragraph| !paragraph.starts_with("**Answer.**")).collect();
    let known = numbers(&format!("{} {summary}", rest.join(" ")));
    numbers(&answer).into_iter().filter(|number| !known.contains(number)).collect()
}

#[test]
fn every_page_has_a_question_and_an_answer_of_a_few_sentences() {
    for folder in published() {
        let (page, name) = (read(&folder, "README.md"), folder.display());
        let question = said(&page, "Question").unwrap_or_else(|| panic!("{name}: README.md has no **Question.**"));
        assert!(question.ends_with('?') && question.len() > 20, "{name}: {question}");
        let answer = said(&page, "Answer").unwrap_or_else(|| panic!("{name}: README.md has no **Answer.**"));
        assert!((60..700).contains(&answer.chars().count()), "{name}: {answer}");
    }
}

/// A summary is made of its record, a README is written: what it says first has to stand where it comes from.
#[test]
fn an_answer_says_no_number_that_its_page_lacks() {
    for folder in published() {
        // The pages of scripts are made with their answers: those are worked out of the figures.
        let summary = read(&folder, "SUMMARY.md");
        if !summary.is_empty() {
            let unfounded = unfounded(&read(&folder, "README.md"), &summary);
            assert!(unfounded.is_empty(), "{}: neither page nor summary has {unfounded:?}", folder.display());
        }
    }
    let page =
        "**Question.** Which of 2?\n\n**Answer.** The first, 1.31\ntimes (1.1 to 2), of 1,000.\n\nIt has 1.3 times.";
    assert_eq!(unfounded(page, "| 1.1 to 1.5 | 1,000 |"), ["1.31"]);
}

#[test]
fn a_page_has_the_keys_of_its_record() {
    let keys = |text: &str| -> Vec<String> {
        let before = text.split(" keys").map(|piece| piece.rsplit(' ').next().unwrap().replace(',', ""));
        before.filter(|word| word.parse::<u64>().is_ok_and(|keys| keys >= 1000)).collect()
    };
    assert_eq!(keys("over 5,000 keys by law, all 10000 keys of 7 keys"), ["5000", "10000"]);
    for folder in published() {
        if let Ok(manifest) = serde_json::from_str::<Value>(&read(&folder, "manifest.json")) {
            let (told, recorded) = (keys(&read(&folder, "README.md")), keys(manifest["workload"].as_str().unwrap()));
            let wrong: Vec<_> = told.iter().filter(|keys| !recorded.contains(keys)).collect();
            assert!(wrong.is_empty(), "{}: has {wrong:?} keys, its record {recorded:?}", folder.display());
        }
    }
}

fn gallery(results: &Path, arguments: &[&str]) -> Output {
    let script = root().join("scripts/gallery");
    Command::new(script).env("RESULTS", results).args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
#[ignore = "needs python3"]
fn the_gallery_is_what_its_script_makes() {
    let output = gallery(&root().join("results"), &["--check"]);
    assert!(output.status.success(), "{}", text(&output));
}

const QUESTION: &str = "Is <script>alert(1)</script> & \"x\" a `<b>` | name_of_it?";
const COMMAND: &str = "cachemark sweep --strategy '<img src=x onerror=alert(1)>' | tee `x`";

/// Results with one page, whose words try to be markup.
fn hostile() -> TempDir {
    let results = tempdir().unwrap();
    let folder = results.path().join("published/a page");
    fs::create_dir_all(folder.join("charts")).unwrap();
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    let page = format!(
        "# It\n\n**Question.** {QUESTION}\n\n**Answer.** Not </p><b>told</b>.\n\n![a \"c\" <i>](charts/a.png)\n"
    );
    write("README.md", &page);
    write("report.html", "");
    let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    picture.extend([0, 0, 7, 128, 0, 0, 4, 0]);
    fs::write(folder.join("charts/a.png"), picture).unwrap();
    write(
        "manifest.json",
        &serde_json::json!({ "command": COMMAND, "started_utc": "2026-11-27T00:00:00Z" }).to_string(),
    );
    let host = serde_json::json!({ "cpus": 2, "cpu_model": "<i>|", "system": "linux" });
    let tool = serde_json::json!({ "version": "0.1.0", "revision": "abc-dirty", "profile": "release", "rustc": "rustc 1 (x)" });
    let environment = serde_json::json!({ "host": host, "tool": tool, "servers": [] });
    write("environment.json", &environment.to_string());
    let list = "By hand.\n<!-- begin: scripts/gallery -->\nof before\n<!-- end: scripts/gallery -->\nBy hand too.\n";
    fs::write(results.path().join("README.md"), list).unwrap();
    results
}

#[test]
#[ignore = "needs python3"]
fn words_of_a_page_stay_words_in_the_gallery() {
    let results = hostile();
    let output = gallery(results.path(), &[]);
    assert!(output.status.success(), "{}", text(&output));
    let page = read(results.path(), "index.html");
    for markup in ["<script", "<img src=x", "<i>", "<b>", "</p><b>", "tee `x`\n"] {
        assert!(!page.contains(markup), "{markup}: {page}");
    }
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot; a <code>&lt;b&gt;</code>"),
        "{page}"
    );
    assert!(page.contains("src=\"published/a%20page/charts/a.png\" width=\"1920\" height=\"1024\""), "{page}");
    let list = read(results.path(), "README.md");
    assert!(
        list.starts_with("By hand.\n") && list.ends_with("\nBy hand too.\n") && !list.contains("of before"),
        "{list}"
    );
    assert!(list.contains("### Is \\<script\\>alert(1)") && list.contains("a `<b>` \\| name\\_of\\_it?"), "{list}");
    assert!(list.contains("`` cachemark sweep --strategy '<img src=x onerror=alert(1)>' \\| tee `x` ``"), "{list}");
    assert!(list.contains("revision abc, with changes that no revision has"), "{list}");
}

#[test]
#[ignore = "needs python3"]
fn a_gallery_of_before_and_a_page_that_lacks_its_part_are_told() {
    let results = hostile();
    assert_eq!(gallery(results.path(), &["--check"]).status.code(), Some(1), "it was never made");
    assert!(gallery(results.path(), &[]).status.success() && gallery(results.path(), &["--check"]).status.success());
    let page = results.path().join("published/a page/README.md");
    let whole = fs::read_to_string(&page).unwrap();
    let told = |from: &str, to: &str| {
        assert!(whole.contains(from), "{from}");
        fs::write(&page, whole.replace(from, to)).unwrap();
        let output = gallery(results.path(), &["--check"]);
        (output.status.code(), text(&output))
    };
    let (code, message) = told("Not </p>", "Well told: ");
    assert!(code == Some(1) && message.matches("run scripts/gallery").count() == 2, "{message}");
    for (from, to, problem) in [
        ("**Question.**", "**Query.**", "no **Question.**"),
        ("Not </p><b>told</b>.", "?", "no **Answer.**"),
        ("Not </p>", "[Not](a.md)", "has a link"),
        ("charts/a.png", "charts/b.png", "charts/b.png, which is not there"),
        ("charts/a.png", "report.html", "is no PNG"),
    ] {
        let (code, message) = told(from, to);
        assert!(code == Some(2) && message.contains(problem), "{problem}: {message}");
    }
    fs::write(&page, &whole).unwrap();
    fs::remove_file(results.path().join("published/a page/environment.json")).unwrap();
    let output = gallery(results.path(), &[]);
    assert!(output.status.code() == Some(2) && text(&output).contains("no **Build.**"), "{}", text(&output));
}
