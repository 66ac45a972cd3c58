//! Errors of servers that cannot be reached.

use cachemark_bench::TargetError;
use cachemark_stack::{Address, AddressSource, ServerKind};
use std::fmt::Display;

/// An error of a server that could not be reached: where its address comes from, and what to do where nothing listens.
pub(super) fn unreached(name: &str, address: &Address, error: impl Display) -> TargetError {
    let (text, source) = (error.to_string(), address.source);
    // What was started for the run has no other address; everything else the user can change.
    if source == AddressSource::Started {
        return TargetError::new(name, "reaching", text);
    }
    let other = ServerKind::of(name).map(|kind| format!("{} or {}", kind.flag, kind.variable)).unwrap_or_default();
    let named = match source {
        AddressSource::Default => format!("the address is the default; {other} gives another"),
        source => format!("the address comes from {source}"),
    };
    let nothing_listens = ["Connection refused", "No such file"].iter().any(|words| text.contains(words));
    let in_compose = ServerKind::of(name).is_some_and(|kind| kind.compose.is_some());
    let hint = if nothing_listens && in_compose {
        "; nothing listens there: `docker compose up -d` starts a stack at the defaults"
    } else {
        ""
    };
    TargetError::new(name, "reaching", format!("{text} ({named}{hint})"))
}

/// An address that is none. All of them are read before anything is started, so this is for those that are not the user's.
pub(super) fn misread(name: &str, address: &Address, error: impl Display) -> TargetError {
    TargetError::new(name, "reaching", format!("{}: {error}", address.source))
}
