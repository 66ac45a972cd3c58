//! A private Valkey: a relative of Redis that speaks its protocol and takes its options.

use super::{ServerKind, redis};

pub(super) const KIND: ServerKind = ServerKind {
    name: "valkey",
    title: "Valkey",
    flag: "--valkey-url",
    variable: "VALKEY_URL",
    compose: None,
    program: "valkey-server",
    package: "valkey",
    ..redis::KIND
};
