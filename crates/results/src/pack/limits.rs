//! How much is unpacked at most: a small file may claim, or hold, any number of zeros.

use crate::schema::packed::Packed;

/// The longest archive that is packed or unpacked, in bytes: 1 GiB, a hundred times a sweep of 300 trials.
pub(super) const MOST_UNPACKED: u64 = 1 << 30;
/// The longest pack, in bytes.
const MOST_PACKED: u64 = MOST_UNPACKED;
/// An archive up to this length, in bytes, may be of anything.
const ALWAYS_UNPACKED: u64 = 16 << 20;
/// A longer one is at most so many times as long as its pack: those of real records are 2 to 20 times as long.
const MOST_TIMES: u64 = 200;

/// Why a pack of these lengths is refused, if it is.
pub(super) fn refused(packed: &Packed) -> Option<String> {
    let Packed { bytes, unpacked_bytes, .. } = *packed;
    if bytes > MOST_PACKED {
        return Some(format!("it has {bytes} bytes, and a pack has at most {MOST_PACKED}"));
    }
    if unpacked_bytes > MOST_UNPACKED {
        return Some(format!(
            "it is to unpack to {unpacked_bytes} bytes, and a pack unpacks to at most {MOST_UNPACKED}"
        ));
    }
    let too_many = unpacked_bytes > ALWAYS_UNPACKED && unpacked_bytes / MOST_TIMES > bytes;
    too_many.then(|| {
        format!(
            "it is to unpack to {unpacked_bytes} bytes, more than {MOST_TIMES} times its own {bytes}: no record does"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(bytes: u64, unpacked_bytes: u64) -> Packed {
        Packed { sha256: String::new(), bytes, unpacked_bytes, left_out: Vec::new() }
    }

    #[test]
    fn a_record_passes_and_a_bomb_does_not() {
        for (bytes, unpacked, refuses) in [
            (100, 16 << 20, false),
            (6_500_000, 13_000_000, false),
            (100_000, 17_000_000, false),
            (100, (16 << 20) + 201, true),
            (33_000, 1 << 30, true),
            (1 << 29, (1 << 30) + 1, true),
            (u64::MAX, 1, true),
            (1, u64::MAX, true),
        ] {
            assert_eq!(refused(&packed(bytes, unpacked)).is_some(), refuses, "{bytes} to {unpacked}");
        }
    }
}
