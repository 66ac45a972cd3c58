//! The commands, one for each operation.

use super::lease::{self, Leases};
use crate::decimal::push_decimal;
use crate::encoded;
use crate::lane::Repeat;
use cachemark_core::{CacheError, Entry, Held, Key, LeaseToken};
use redis::aio::MultiplexedConnection;
use redis::{Cmd, Pipeline, RedisError, Script, ScriptInvocation, Value};
use std::time::Duration;

/// The longest TTL that is asked for (some 3000 years): Redis refuses those that overflow its clock.
const LONGEST_TTL_MS: u128 = 100_000_000_000_000;

/// Stores ARGV[1] unless the entry there has its version or a newer one; answers 1 if it stored. ARGV[2] is the TTL in
/// milliseconds, or empty.
///
/// The version is bytes 3 to 10 of an entry, big-endian. SETRANGE with nothing to set only gives the length, and, being
/// a write, leaves the server's count of hits and misses alone; so each GETRANGE is a hit, and the probe can take them
/// out of the hits again.
const SET_IF_NEWER: &str = r"
if redis.call('SETRANGE', KEYS[1], 0, '') >= 10 then
  local held = redis.call('GETRANGE', KEYS[1], 2, 9)
  local newer = false
  for at = 1, 8 do
    local a, b = string.byte(held, at), string.byte(ARGV[1], at + 2)
    if a ~= b then
      newer = b > a
      break
    end
  end
  if not newer then return 0 end
end
if ARGV[2] == '' then
  redis.call('SET', KEYS[1], ARGV[1])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
";

/// Reads KEYS[1] without being counted as a get, and, in the way of [`SET_IF_NEWER`], without being counted as a hit.
const INSPECT: &str = r"
if redis.call('SETRANGE', KEYS[1], 0, '') == 0 then return false end
return redis.call('GETRANGE', KEYS[1], 0, -1)
";

/// The script of the versioned set.
pub(super) fn set_if_newer() -> Script {
    Script::new(SET_IF_NEWER)
}

/// A question to the server.
pub(super) enum Command<'a> {
    Plain(Plain<'a>),
    // EVALSHA; if the server does not know the script yet, it is loaded and asked again.
    Scripted(Box<ScriptInvocation<'a>>),
}

/// A command of one key, with a value to store under it or without, and for how long.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain<'a> {
    verb: Verb,
    key: &'a Key,
    value: Option<&'a [u8]>,
    ttl: Option<Duration>,
    repeat: Repeat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Get,
    GetEx,
    Set,
    Del,
}

impl Verb {
    fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::GetEx => "GETEX",
            Self::Set => "SET",
            Self::Del => "DEL",
        }
    }

    /// How many words the command has, and the first of them, as the protocol has them; `lives` if a lifetime is said.
    fn head(self, lives: bool) -> &'static [u8] {
        match (self, lives) {
            (Self::Get, _) => b"*2\r\n$3\r\nGET\r\n",
            (Self::GetEx, _) => b"*4\r\n$5\r\nGETEX\r\n",
            (Self::Set, false) => b"*3\r\n$3\r\nSET\r\n",
            (Self::Set, true) => b"*5\r\n$3\r\nSET\r\n",
            (Self::Del, _) => b"*2\r\n$3\r\nDEL\r\n",
        }
    }
}

impl Plain<'_> {
    /// Writes it down as the protocol has it, behind what stands in `text`.
    pub(super) fn write(&self, text: &mut Vec<u8>) {
        text.extend_from_slice(self.verb.head(self.ttl.is_some()));
        word(text, self.key.as_bytes());
        if let Some(value) = self.value {
            word(text, value);
        }
        if let Some(ttl) = self.ttl {
            word(text, b"PX");
            word(text, millis(ttl).to_string().as_bytes());
        }
    }

    /// The same for the client.
    pub(super) fn cmd(&self) -> Cmd {
        let mut cmd = redis::cmd(self.verb.name());
        cmd.arg(self.key.as_bytes());
        if let Some(value) = self.value {
            cmd.arg(value);
        }
        if let Some(ttl) = self.ttl {
            cmd.arg("PX").arg(millis(ttl));
        }
        cmd
    }
}

fn word(text: &mut Vec<u8>, word: &[u8]) {
    text.push(b'$');
    push_decimal(text, word.len() as u64);
    text.extend_from_slice(b"\r\n");
    text.extend_from_slice(word);
    text.extend_from_slice(b"\r\n");
}

impl<'a> Command<'a> {
    pub(super) fn get(key: &'a Key) -> Self {
        Self::Plain(Plain { verb: Verb::Get, key, value: None, ttl: None, repeat: Repeat::Harmless })
    }

    pub(super) fn set(key: &'a Key, encoded: &'a [u8], ttl: Option<Duration>) -> Self {
        // Set again it could undo what others set or deleted after the first time.
        Self::Plain(Plain { verb: Verb::Set, key, value: Some(encoded), ttl, repeat: Repeat::Harmful })
    }

    pub(super) fn set_if_newer(script: &'a Script, key: &Key, encoded: &[u8], ttl: Option<Duration>) -> Self {
        let mut invocation = script.key(key.as_bytes());
        invocation.arg(encoded).arg(millis_or_empty(ttl));
        Self::Scripted(Box::new(invocation))
    }

    pub(super) fn get_or_lease(leases: &'a Leases, key: &Key, token: LeaseToken, lease: Duration) -> Self {
        let mut invocation = leases.get_or_lease.key(key.as_bytes());
        invocation.arg(&lease::marker(token)[..]).arg(millis(lease));
        Self::Scripted(Box::new(invocation))
    }

    pub(super) fn set_leased(
        leases: &'a Leases,
        key: &Key,
        token: LeaseToken,
        encoded: &[u8],
        ttl: Option<Duration>,
    ) -> Self {
        let mut invocation = leases.set_leased.key(key.as_bytes());
        invocation.arg(&lease::marker(token)[..]).arg(encoded).arg(millis_or_empty(ttl));
        Self::Scripted(Box::new(invocation))
    }

    /// Servers have GETEX from 6.2 on.
    pub(super) fn get_and_touch(key: &'a Key, ttl: Duration) -> Self {
        Self::Plain(Plain { verb: Verb::GetEx, key, value: None, ttl: Some(ttl), repeat: Repeat::Harmless })
    }

    pub(super) fn delete(key: &'a Key) -> Self {
        Self::Plain(Plain { verb: Verb::Del, key, value: None, ttl: None, repeat: Repeat::Harmful })
    }

    /// Whether it may be asked again though the server may have carried it out.
    pub(super) fn repeat(&self) -> Repeat {
        match self {
            Self::Plain(plain) => plain.repeat,
            // What the first time stored, or leased, the second would call superseded, or held.
            Self::Scripted(_) => Repeat::Harmful,
        }
    }
}

/// Asks for an entry outside of any operation.
pub(super) async fn inspect(key: &Key, connection: &mut MultiplexedConnection) -> Result<Value, RedisError> {
    Script::new(INSPECT).key(key.as_bytes()).invoke_async(connection).await
}

/// Asks for the entries under `keys` and how long each has left, after asking that none of it counts as a use: the connection
/// is the probe's own, so that may stay as it is. What one key is answered stops no other.
pub(super) fn look(keys: &[Key]) -> Pipeline {
    let mut pipeline = redis::pipe();
    pipeline.ignore_errors().cmd("CLIENT").arg("NO-TOUCH").arg("ON");
    for key in keys {
        pipeline.cmd("GET").arg(key.as_bytes()).cmd("PTTL").arg(key.as_bytes());
    }
    pipeline
}

/// What the two answers of a key say that is under it.
pub(super) fn held(value: Value, lifetime: &Value) -> Result<Option<Held>, CacheError> {
    let remaining = match *lifetime {
        // It expired between the two questions.
        Value::Int(-2) => return Ok(None),
        Value::Int(-1) => None,
        Value::Int(millis) => Some(Duration::from_millis(millis.unsigned_abs())),
        ref other => return Err(unexpected(other)),
    };
    match value {
        Value::Nil => Ok(None),
        Value::BulkString(bytes) if lease::is_marker(&bytes) => Ok(None),
        Value::BulkString(bytes) => Ok(Some(Held { entry: encoded::decoded(bytes).ok(), remaining })),
        // Not a string.
        Value::ServerError(error) if error.code() == "WRONGTYPE" => Ok(Some(Held { entry: None, remaining })),
        other => Err(unexpected(&other)),
    }
}

/// The entry in an answer; a lease is none.
pub(super) fn entry(answer: Value) -> Result<Option<Entry>, CacheError> {
    match answer {
        Value::Nil => Ok(None),
        Value::BulkString(bytes) if lease::is_marker(&bytes) => Ok(None),
        Value::BulkString(bytes) => encoded::decoded(bytes).map(Some),
        other => Err(unexpected(&other)),
    }
}

pub(super) fn unexpected(answer: &Value) -> CacheError {
    // Of a value that is not ours, the beginning says enough.
    CacheError::Corrupt(format!("an answer of another kind: {:.60}", format!("{answer:?}")))
}

/// Milliseconds, rounded up; at least 1, since Redis refuses 0.
fn millis(ttl: Duration) -> u64 {
    ttl.as_nanos().div_ceil(1_000_000).clamp(1, LONGEST_TTL_MS) as u64
}

/// The same as an argument of a script; empty where there is no TTL.
fn millis_or_empty(ttl: Option<Duration>) -> String {
    ttl.map_or_else(String::new, |ttl| millis(ttl).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is asked of whatever key, the client crate would have sent the same.
        #[test]
        fn a_command_is_what_the_client_sends(key in "[!-~]{1,40}", encoded: Vec<u8>, ttl: Option<u64>) {
            let (key, ttl) = (&Key::new(&key).unwrap(), ttl.map(Duration::from_micros));
            let touch = Command::get_and_touch(key, ttl.unwrap_or_default());
            for command in [Command::get(key), Command::set(key, &encoded, ttl), touch, Command::delete(key)] {
                let Command::Plain(plain) = command else { unreachable!("it is no script") };
                let mut text = Vec::new();
                plain.write(&mut text);
                prop_assert_eq!(text, plain.cmd().get_packed_command());
            }
        }
    }

    #[test]
    fn ttls_are_rounded_up_and_never_to_nothing() {
        let cases = [(Duration::ZERO, 1), (Duration::from_nanos(1), 1), (Duration::from_micros(1_500), 2)];
        for (ttl, expected) in cases {
            assert_eq!(millis(ttl), expected);
        }
        assert_eq!(millis(Duration::from_millis(250)), 250);
        assert_eq!(u128::from(millis(Duration::MAX)), LONGEST_TTL_MS);
    }
}
