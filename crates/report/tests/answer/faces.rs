//! The same sentences on the page, in SUMMARY.md, on the terminal and in JSON.

use crate::sample::Sample;
use crate::support::{answer_of, small, write_through_wins, written};
use cachemark_report::{as_json, terminal_sheet, write_report};
use std::fs;

#[test]
fn one_answer_on_four_faces() {
    let (_folder, run) = written(&Sample { tweak: write_through_wins, read_ratios: &[0.5, 0.9], ..small() });
    let answer = answer_of(&run);
    let pages = write_report(&run).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| fs::read_to_string(path).unwrap());
    let terminal = terminal_sheet(&run);
    let json = &as_json(&run)["answer"];

    assert!(summary.starts_with(&format!("# {}\n\n- **What to use:** ", answer.title)), "{summary}");
    assert_eq!((&terminal.title, json["title"].as_str()), (&answer.title, Some(answer.title.as_str())));
    let after_heading = html.split_once("</h1>").unwrap().1.trim_start();
    assert!(after_heading.starts_with("<dl class=\"answer\""), "the answer is the first thing under the title");
    for (question, sentence) in answer.sentences() {
        assert!(terminal.answer.contains(&format!("{question}: {sentence}")));
        assert!(summary.contains(&format!("- **{question}:** {sentence}\n")), "{summary}");
    }
    for (sentence, of_json) in
        [(Some(answer.what.clone()), &json["what"]), (answer.price, &json["price"]), (answer.sure, &json["sure"])]
    {
        assert_eq!(sentence.as_deref(), of_json.as_str());
    }
    assert_eq!((json["kind"].as_str(), json["use"][0].as_str()), (Some("use"), Some("write-through")));
}

#[test]
fn no_sentence_stands_twice_on_the_page() {
    let (_folder, run) = written(&Sample { tweak: write_through_wins, read_ratios: &[0.5, 0.9], ..small() });
    let answer = answer_of(&run);
    let html = fs::read_to_string(write_report(&run).unwrap().html).unwrap();
    // A sentence is marked up as far as its colon.
    let rest = |sentence: &str| sentence.split_once(": ").unwrap().1.to_owned();
    for sentence in [rest(&answer.what), answer.price.unwrap(), rest(&answer.sure.unwrap()), answer.changes[0].clone()]
    {
        let escaped = sentence.replace('&', "&#38;").replace('\'', "&#39;");
        assert_eq!(html.matches(&escaped).count(), 1, "{sentence}");
    }
}

#[test]
fn a_hostile_title_stays_text() {
    let (_folder, mut run) = written(&Sample { blocks: 1, ..small() });
    run.manifest.title = "<script>alert(1)</script> | [x](y) \u{1b}[31m".into();
    let pages = write_report(&run).unwrap();
    let html = fs::read_to_string(pages.html).unwrap();
    assert!(!html.contains("<script>alert") && html.contains("&#60;script&#62;alert(1)"));
    let summary = fs::read_to_string(pages.summary).unwrap();
    assert!(summary.starts_with("# &lt;script&gt;alert(1)&lt;/script&gt; \\| \\[x\\](y)"), "{summary}");
    assert!(!terminal_sheet(&run).render(78, false).contains('\u{1b}'));
}
