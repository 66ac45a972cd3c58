//! URLs without what is secret in them.

/// The flags whose values are addresses.
const FLAGS: [&str; 4] = ["--redis-url", "--memcached-url", "--database-url", "--target"];

/// An argument with the user, the password and the parameters of a URL in it struck out. Where it cannot be told which
/// part of a URL is which (a character that ends the password, as it is, may be in the password), all of it is.
pub(crate) fn without(argument: &str) -> String {
    let Some((scheme, rest)) = argument.split_once("://") else {
        // Memcached's address needs no scheme.
        let value = FLAGS.iter().find_map(|flag| argument.strip_prefix(flag)?.strip_prefix('='));
        return match value.and_then(|value| value.rsplit_once('@')) {
            Some((login, place)) => {
                format!("{}***@{place}", &argument[..argument.len() - login.len() - 1 - place.len()])
            }
            None => argument.to_owned(),
        };
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    if path.contains('@') {
        return format!("{scheme}://***");
    }
    let place = authority.rsplit_once('@').map_or(authority.to_owned(), |(_, place)| format!("***@{place}"));
    match path.find(['?', '#']) {
        // Drivers take passwords as parameters too.
        Some(at) => format!("{scheme}://{place}{}{}***", &path[..at], &path[at..=at]),
        None => format!("{scheme}://{place}{path}"),
    }
}

/// The arguments of a command line, each treated so.
pub(crate) fn without_any(arguments: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut before = String::new();
    arguments.map(move |argument| {
        let flag = std::mem::replace(&mut before, argument.clone());
        if !FLAGS.contains(&flag.as_str()) {
            return without(&argument);
        }
        // What follows the flag is its value, as it is behind an equals sign.
        without(&format!("{flag}={argument}")).split_off(flag.len() + 1)
    })
}

/// A message with every URL in it treated so. URLs end where words do.
pub(crate) fn struck(message: &str) -> String {
    message.split_inclusive(|c: char| c.is_whitespace() || "'\"`".contains(c)).map(word).collect()
}

fn word(word: &str) -> String {
    let end = word.trim_end_matches(|c: char| c.is_whitespace() || "'\"`".contains(c));
    if end.contains("://") { format!("{}{}", without(end), &word[end.len()..]) } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_struck_out() {
        let cases = [
            ("--redis-url=redis://me:p@ss@host:1/0", "--redis-url=redis://***@host:1/0"),
            ("postgres://u:p@h/d?a=b", "postgres://***@h/d?***"),
            ("postgres://h/d?user=u&password=p", "postgres://h/d?***"),
            ("redis://host/", "redis://host/"),
            ("0.5,0.9", "0.5,0.9"),
            ("--memcached-url=u:p@h:1", "--memcached-url=***@h:1"),
            ("ann@example", "ann@example"),
            ("redis://h/#p", "redis://h/#***"),
        ];
        for (given, shown) in cases {
            assert_eq!(without(given), shown);
        }
    }

    #[test]
    fn the_value_of_a_flag_is_an_address_without_a_scheme_too() {
        let given = ["--memcached-url", "u:p@h:1", "--assert", "a@b"].map(str::to_owned);
        let shown: Vec<_> = without_any(given.into_iter()).collect();
        assert_eq!(shown, ["--memcached-url", "***@h:1", "--assert", "a@b"]);
    }

    #[test]
    fn where_the_password_ends_is_not_guessed() {
        for url in ["u:12/s3@h/d", "u:12?s3@h", "u:12#s3@h", "u:p@s/s3@h/d", "u:p@h/d?a=s3@c"] {
            assert_eq!(without(&format!("postgres://{url}")), "postgres://***");
        }
    }

    #[test]
    fn a_message_keeps_its_other_words() {
        let message = "error: unexpected argument 'redis://u:p@h/0' found\n\n  tip: use '-- redis://u:p@h/0'\n";
        let expected = "error: unexpected argument 'redis://***@h/0' found\n\n  tip: use '-- redis://***@h/0'\n";
        assert_eq!(struck(message), expected);
    }
}
