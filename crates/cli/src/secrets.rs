//! URLs without what is secret in them.

/// The flags whose values are addresses.
fn address_flags() -> impl Iterator<Item = &'static str> {
    cachemark_stack::SERVERS.iter().map(|kind| kind.flag).chain(["--target"])
}

/// An argument with the user, the password and the parameters of a URL in it struck out. Where it cannot be told which
/// part of a URL is which (a character that ends the password, as it is, may be in the password), all of it is.
pub(crate) fn without(argument: &str) -> String {
    let Some((scheme, rest)) = argument.split_once("://") else { return without_login(argument) };
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

/// The same of an address without a scheme, as Memcached's may be.
fn without_login(argument: &str) -> String {
    let flag = address_flags().find(|flag| argument.strip_prefix(flag).is_some_and(|rest| rest.starts_with('=')));
    let begin = match argument.split_once('=') {
        Some((before, _)) if before.starts_with('-') => before.len() + 1,
        _ => 0,
    };
    match argument[begin..].rsplit_once('@') {
        // The value of another flag, or of none, may be something else with an @ in it.
        Some((login, place)) if flag.is_some() || (is_login(login) && is_place(place)) => {
            format!("{}***@{place}", &argument[..begin])
        }
        _ => argument.to_owned(),
    }
}

/// A user and a password. What has a slash before its colon is a path.
fn is_login(text: &str) -> bool {
    text.split_once(':').is_some_and(|(user, _)| !user.contains('/'))
}

/// A host, with or without a port and what follows it.
fn is_place(text: &str) -> bool {
    let host = text.split('/').next().unwrap_or_default();
    !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || ".-_:[]%".contains(c))
}

/// A text, line by line, with what may be a login or a URL's parameters struck out byte for byte, so that places in it stay the
/// same. A password may hold quotes and blanks, so all up to a line's last `@` goes, rather too much than too little.
pub(crate) fn masked(text: &str) -> String {
    text.split_inclusive('\n').map(masked_line).collect()
}

fn masked_line(line: &str) -> String {
    let at = line.rfind('@').unwrap_or(0);
    let scheme = line.find("://").map(|place| place + 3);
    let begin = match scheme {
        Some(begin) if begin <= at => begin,
        _ => begin_of_value(line),
    };
    let is_login = begin < at && (scheme == Some(begin) || line[begin..at].contains(':'));
    let shown =
        if is_login { line[..begin].to_owned() + &stars(&line[begin..at]) + &line[at..] } else { line.to_owned() };
    match scheme {
        Some(begin) => without_parameters(&shown, begin.max(at)),
        None => shown,
    }
}

/// Where the value of `name = "value"` begins.
fn begin_of_value(line: &str) -> usize {
    let after = line.find('=').map_or(0, |place| place + 1);
    after + line[after..].find(|c: char| !(c.is_whitespace() || "'\"[".contains(c))).unwrap_or(0)
}

/// The line with what follows a question mark of the URL that goes on at `from` struck out.
fn without_parameters(line: &str, from: usize) -> String {
    let end =
        line[from..].find(|c: char| c.is_whitespace() || "'\"`".contains(c)).map_or(line.len(), |place| from + place);
    match line[from..end].find(['?', '#']) {
        Some(place) => {
            let begin = from + place + 1;
            line[..begin].to_owned() + &stars(&line[begin..end]) + &line[end..]
        }
        None => line.to_owned(),
    }
}

fn stars(secret: &str) -> String {
    "*".repeat(secret.len())
}

/// The arguments of a command line, each treated so.
pub(crate) fn without_any(arguments: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let mut before = String::new();
    arguments.map(move |argument| {
        let flag = std::mem::replace(&mut before, argument.clone());
        if !address_flags().any(|known| known == flag) {
            return without(&argument);
        }
        // What follows the flag is its value, as it is behind an equals sign.
        without(&format!("{flag}={argument}")).split_off(flag.len() + 1)
    })
}

/// A message about a command line with `arguments`, which it may repeat: each of them treated so, and every URL besides.
pub(crate) fn struck(message: &str, arguments: impl Iterator<Item = String>) -> String {
    // As a whole first: what ends a word may stand in a password.
    let replaced = arguments.fold(message.to_owned(), |message, argument| {
        parts(&argument).into_iter().fold(message, |message, part| match without(part) {
            shown if shown != part => message.replace(part, &shown),
            _ => message,
        })
    });
    replaced.split_inclusive(|c: char| c.is_whitespace() || "'\"`".contains(c)).map(word).collect()
}

/// What a message may repeat of an argument: all of it, the value behind its flag, one of a list of values.
fn parts(argument: &str) -> Vec<&str> {
    let value = argument.split_once('=').map(|(_, value)| value);
    let items = value.unwrap_or(argument).split(',');
    [argument].into_iter().chain(value).chain(items).collect()
}

fn word(word: &str) -> String {
    // What an address looks like, in our own words, holds no secret.
    if word.contains('[') && word.contains("user:password@") {
        return word.to_owned();
    }
    let end = word.trim_end_matches(|c: char| c.is_whitespace() || "'\"`".contains(c));
    format!("{}{}", without(end), &word[end.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_address_is_shown_as_it_is() {
        let form = "an address is of the form redis://[user:password@]host[:port]";
        assert_eq!(struck(form, std::iter::empty()), form);
        let given = "redis://me:secret@[::1]:1/x";
        let told = struck(&format!("{given}: {form}"), std::iter::once(given.to_owned()));
        assert!(!told.contains("secret") && told.contains("[user:password@]"), "{told}");
    }

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
            ("redis://u:pa'ss word@h/0", "redis://***@h/0"),
            ("me:secret@host:11211", "***@host:11211"),
            ("me:sec=ret@host", "***@host"),
            ("--memcached-ur=me:sec=ret@host", "--memcached-ur=***@host"),
            ("/records/a:b@c", "/records/a:b@c"),
            ("a:b@c d", "a:b@c d"),
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
        assert_eq!(struck(message, std::iter::empty()), expected);
    }

    #[test]
    fn a_repeated_argument_is_struck_whole_whatever_its_password_holds() {
        for (argument, message, expected) in [
            ("redis://u:pa'ss@h/0", "found 'redis://u:pa'ss@h/0' here", "found 'redis://***@h/0' here"),
            ("redis://u:pa ss@h/0", "found 'redis://u:pa ss@h/0' here", "found 'redis://***@h/0' here"),
            ("--keys=redis://u:pa\"ss@h", "no 'redis://u:pa\"ss@h' here", "no 'redis://***@h' here"),
            ("--rate=1,redis://u:p'w@h", "no 'redis://u:p'w@h' here", "no 'redis://***@h' here"),
            ("me:sec'ret@h:1", "found 'me:sec'ret@h:1' here", "found '***@h:1' here"),
            ("a", "a is found", "a is found"),
        ] {
            assert_eq!(struck(message, std::iter::once(argument.to_owned())), expected);
        }
    }

    #[test]
    fn what_stands_beside_a_mistake_keeps_its_places_and_loses_its_secrets() {
        for (text, shown) in [
            ("url = \"http://ann:sesame@h/\" # mine\n", "url = \"http://**********@h/\" # mine\n"),
            ("url = 'http://ann:se/sa?me@h/a'", "url = 'http://************@h/a'"),
            ("http://h/a?password=sesame", "http://h/a?***************"),
            ("http://ann:sésame@h", "http://***********@h"),
            ("url = \"http://ann:se same@h/\"", "url = \"http://***********@h/\""),
            ("url = \"http://ann:pa'ss@h\"", "url = \"http://*********@h\""),
            ("url = \"ann:sesame@h\"", "url = \"**********@h\""),
            ("url = http:/ann:s@h", "url = ***********@h"),
            ("x = 1\nurl = \"http://a:b@h\"\ny = 2\n", "x = 1\nurl = \"http://***@h\"\ny = 2\n"),
            ("a@b = \"c\"", "a@b = \"c\""),
        ] {
            assert_eq!(masked(text), shown);
            assert_eq!(masked(text).len(), text.len());
        }
    }
}
