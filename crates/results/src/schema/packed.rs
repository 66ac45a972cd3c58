//! What the manifest says of a pack.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The file that holds the trials of a packed record, in the place of their folders: a tar archive under zstd.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// Its SHA-256, in hexadecimal: what `sha256sum` says of it.
    pub sha256: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// The length in bytes of the archive within. Nothing beyond it is unpacked.
    pub unpacked_bytes: u64,
    /// What of the trials is not in it, for people; empty if all is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}
