//! A table as plain data. Whoever shows it (Markdown, page) decides how.

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// The columns' names.
    pub headers: Vec<String>,
    /// Which columns hold figures, and are set to the right.
    pub numeric: Vec<bool>,
    /// The rows, each as long as the headers.
    pub rows: Vec<Row>,
    /// What has to be known to read it.
    pub footnotes: Vec<String>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// One text for each column.
    pub cells: Vec<String>,
    /// What sort of row it is.
    pub emphasis: Emphasis,
    /// Whether a group of rows begins with it.
    pub begins_group: bool,
}

/// What sort of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// One among others.
    Plain,
    /// The reference cell.
    Reference,
    /// The A/A control.
    Control,
    /// What could not be measured.
    Missing,
}

impl Table {
    /// An empty table. A header that begins with `#` names a column of figures.
    pub(crate) fn new(title: impl Into<String>, headers: &[&str]) -> Self {
        Self {
            title: title.into(),
            headers: headers.iter().map(|header| header.trim_start_matches('#').to_owned()).collect(),
            numeric: headers.iter().map(|header| header.starts_with('#')).collect(),
            rows: Vec::new(),
            footnotes: Vec::new(),
        }
    }

    /// Adds a row.
    pub(crate) fn push(&mut self, cells: Vec<String>, emphasis: Emphasis, begins_group: bool) {
        debug_assert_eq!(cells.len(), self.headers.len(), "a row is as long as its headers");
        self.rows.push(Row { cells, emphasis, begins_group });
    }

    /// The table in GitHub's Markdown, with its footnotes.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let line = |cells: &[String]| {
            let escaped: Vec<String> = cells.iter().map(|cell| escape_markdown(cell)).collect();
            format!("| {} |\n", escaped.join(" | "))
        };
        let rule: Vec<&str> = self.numeric.iter().map(|numeric| if *numeric { "---:" } else { "---" }).collect();
        let mut text = line(&self.headers) + &format!("| {} |\n", rule.join(" | "));
        self.rows.iter().for_each(|row| text += &line(&row.cells));
        if !self.footnotes.is_empty() {
            text.push('\n');
        }
        self.footnotes.iter().for_each(|note| text += &format!("- {}\n", escape_markdown(note)));
        text
    }
}

impl Row {
    /// The word for its sort, as a class of the page's style.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self.emphasis {
            Emphasis::Plain => "plain",
            Emphasis::Reference => "reference",
            Emphasis::Control => "control",
            Emphasis::Missing => "missing",
        }
    }
}

/// A figure and the spread in parentheses behind it, for places with room below but not beside.
pub(crate) fn halves(cell: &str) -> (&str, &str) {
    let split = cell.split_once(" (").and_then(|(figure, spread)| Some((figure, spread.strip_suffix(')')?)));
    split.unwrap_or((cell, ""))
}

/// Text as Markdown that shows just this text: nothing that a user named can become a tag, a link or another column.
pub(crate) fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' | '\r' => escaped.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '#' | '~' => {
                escaped.push('\\');
                escaped.push(c);
            }
            _ => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_named_stays_text() {
        assert_eq!(escape_markdown("a|b <i> [x](y)\nz"), "a\\|b &lt;i&gt; \\[x\\](y) z");
    }

    #[test]
    fn a_spread_is_told_from_its_figure() {
        assert_eq!(halves("1.2 (1.1 to 1.3)"), ("1.2", "1.1 to 1.3"));
        assert_eq!(["n/a", "1 (2) 3"].map(halves), [("n/a", ""), ("1 (2) 3", "")]);
    }

    #[test]
    fn figures_are_set_to_the_right() {
        let mut table = Table::new("t", &["name", "#ops/s"]);
        table.push(vec!["a".into(), "1".into()], Emphasis::Plain, true);
        table.footnotes.push("a note".into());
        assert_eq!(table.to_markdown(), "| name | ops/s |\n| --- | ---: |\n| a | 1 |\n\n- a note\n");
    }
}
