//! The settings of policies: for each a choice of values (`off`, `textbook`, `recommended`), and single settings over them.
//!
//! They came after definitions were published, so they are quiet: as long as they are as by default no definition says them.

use cachemark_core::{Acts, Setting, Settings};

/// No policy.
pub const OFF: &str = "off";
/// The numbers of the pattern books.
pub const TEXTBOOK: &str = "textbook";
/// Those that this page recommends.
pub const RECOMMENDED: &str = "recommended";

/// What every policy can be.
const PRESETS: &[&str] = &[OFF, TEXTBOOK, RECOMMENDED];

/// The choice of a policy.
pub(super) const fn policy(name: &'static str, help: &'static str) -> Setting {
    Setting::choice(name, PRESETS, help).quiet()
}

/// A whole number of the policy `of`, by default what its preset says.
pub(super) const fn number(
    of: &'static str,
    name: &'static str,
    (min, max): (u64, u64),
    help: &'static str,
) -> Setting {
    Setting::integer(name, min, max, 0, help).by_preset().acting(Acts::Unless(of, OFF))
}

/// A ratio of the policy `of`, by default what its preset says.
pub(super) const fn share(of: &'static str, name: &'static str, help: &'static str) -> Setting {
    Setting::ratio(name, 0.0, help).by_preset().acting(Acts::Unless(of, OFF))
}

/// One of some words, by default what the preset of the policy `of` says.
pub(super) const fn word(
    of: &'static str,
    name: &'static str,
    words: &'static [&'static str],
    help: &'static str,
) -> Setting {
    Setting::choice(name, words, help).by_preset().acting(Acts::Unless(of, OFF))
}

/// Which of two sets of values a policy goes by; none if it is off, or not among the settings.
pub(super) fn preset<'a, T>(settings: &Settings, name: &str, textbook: &'a T, recommended: &'a T) -> Option<&'a T> {
    match settings.text(name) {
        TEXTBOOK => Some(textbook),
        RECOMMENDED => Some(recommended),
        _ => None,
    }
}

/// The word that is given; the other where the preset decides.
pub(super) fn word_or<'a>(settings: &'a Settings, name: &str, preset: &'a str) -> &'a str {
    match settings.text(name) {
        "" | Setting::PRESET => preset,
        given => given,
    }
}
