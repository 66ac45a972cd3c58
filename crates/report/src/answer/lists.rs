//! Names within a sentence, as many as one can read.

/// How many names a sentence has room for.
pub(super) const NAMED: usize = 3;

/// `a, b or c`; of many the first few, and how many more.
pub(super) fn one_of(names: &[impl AsRef<str>]) -> String {
    joined(names, "or", "or one of")
}

/// `a, b and c`; of many the first few, and how many more.
pub(super) fn all_of(names: &[impl AsRef<str>]) -> String {
    joined(names, "and", "and")
}

fn joined(names: &[impl AsRef<str>], word: &str, more: &str) -> String {
    let told: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    let left = names.len() - told.len();
    if left > 0 {
        return format!("{} {more} {left} more", told.join(", "));
    }
    match told.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} {word} {last}", before.join(", ")),
        _ => told.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_names_are_counted() {
        let names = ["a", "b", "c", "d", "e"];
        assert_eq!(
            [1, 2, 3, 5].map(|count| one_of(&names[..count])),
            ["a", "a or b", "a, b or c", "a, b, c or one of 2 more"]
        );
        assert_eq!(all_of(&names), "a, b, c and 2 more");
        assert_eq!(all_of(&[""; 0]), "");
    }
}
