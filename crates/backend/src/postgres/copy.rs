//! The preload: COPY in its binary form, which the server reads fastest.

use cachemark_core::{Key, PreloadRows, Value};
use sqlx::{Error, PgConnection};

/// Sent at once, about, in bytes.
const CHUNK: usize = 256 << 10;

/// What the form begins with: a signature, then no flags and no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What it ends with, in the place of a number of fields.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

const FIELDS: i16 = 4;

/// Copies every row, at version 1, in the transaction that is open.
pub(super) async fn copy_in(
    connection: &mut PgConnection,
    statement: &str,
    rows: &dyn PreloadRows,
) -> Result<(), Error> {
    let mut copy = connection.copy_in_raw(statement).await?;
    let mut chunk = Vec::with_capacity(CHUNK * 2);
    chunk.extend_from_slice(HEADER);
    for index in 0..rows.count() {
        let (key, value) = rows.row(index);
        put_row(&mut chunk, &key, &value);
        if chunk.len() >= CHUNK {
            copy.send(chunk.as_slice()).await?;
            chunk.clear();
        }
    }
    chunk.extend_from_slice(&TRAILER);
    copy.send(chunk.as_slice()).await?;
    copy.finish().await?;
    Ok(())
}

fn put_row(chunk: &mut Vec<u8>, key: &Key, value: &Value) {
    chunk.extend_from_slice(&FIELDS.to_be_bytes());
    put_field(chunk, key.as_bytes());
    put_field(chunk, &1_i64.to_be_bytes());
    put_field(chunk, &[u8::from(false)]);
    put_field(chunk, value.as_bytes());
}

/// A field in its binary form, behind its length.
pub(super) fn put_field(chunk: &mut Vec<u8>, bytes: &[u8]) {
    // A field is below 2^30 bytes, on the server's side too: one that is not is refused there.
    let len = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    chunk.extend_from_slice(&len.to_be_bytes());
    chunk.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_four_fields_with_their_lengths() {
        let mut chunk = Vec::new();
        put_row(&mut chunk, &Key::new(&b"k"[..]).unwrap(), &Value::new(&b"xy"[..]));
        let expected = b"\0\x04\0\0\0\x01k\0\0\0\x08\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0\0\x02xy";
        assert_eq!(chunk, expected);
    }
}
