//! A comparison in Markdown.

use super::{RunComparison, sentences, table};
use crate::table::escape_markdown;

pub(super) fn markdown(comparison: &RunComparison) -> String {
    let mut text = format!("## {}\n\n", escape_markdown(&sentences::title(comparison)));
    text += &format!("**{}**\n\n", escape_markdown(&comparison.conclusion()));
    for warning in sentences::warnings(comparison) {
        text += &format!("> **{}**\n\n", escape_markdown(&warning));
    }
    text + &table::table(comparison).to_markdown()
}
