//! What is sent: the messages of a client, with every parameter and every column in its binary form.

use crate::postgres::copy::put_field;
use std::io;

/// Run the portal that was bound last, for all of its rows, and then say that the server is ready.
const EXECUTE_AND_SYNC: &[u8] = b"E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04";

const SYNC: &[u8] = b"S\0\0\0\x04";

/// Adds what runs a prepared statement with these parameters.
///
/// # Errors
/// `InvalidInput` if it is longer than a message can be (2^31 bytes).
pub(super) fn execute(question: &mut Vec<u8>, name: &str, parameters: &[&[u8]]) -> io::Result<()> {
    message(question, b'B', |body| {
        // The portal has no name.
        body.push(0);
        put_name(body, name);
        // One form for all parameters: binary.
        body.extend_from_slice(&[0, 1, 0, 1]);
        body.extend_from_slice(&(parameters.len() as u16).to_be_bytes());
        parameters.iter().for_each(|parameter| put_field(body, parameter));
        // And one for all columns.
        body.extend_from_slice(&[0, 1, 0, 1]);
    })?;
    question.extend_from_slice(EXECUTE_AND_SYNC);
    Ok(())
}

/// Adds what prepares a statement under a name, and asks what its rows are made of. The server finds the types of the parameters.
pub(super) fn parse_and_describe(question: &mut Vec<u8>, name: &str, statement: &str) -> io::Result<()> {
    message(question, b'P', |body| {
        put_name(body, name);
        put_name(body, statement);
        body.extend_from_slice(&[0, 0]);
    })?;
    message(question, b'D', |body| {
        body.push(b'S');
        put_name(body, name);
    })
}

/// Adds that the server is to say when it is ready.
pub(super) fn sync(question: &mut Vec<u8>) {
    question.extend_from_slice(SYNC);
}

/// Adds a statement that is run once, as it stands.
pub(super) fn query(question: &mut Vec<u8>, statement: &str) -> io::Result<()> {
    message(question, b'Q', |body| put_name(body, statement))
}

/// A parameter of several elements, of which none is null and all are of the type with this number.
pub(super) fn array<T: AsRef<[u8]>>(of: u32, elements: impl ExactSizeIterator<Item = T>) -> Vec<u8> {
    // No batch has more than a thousand changes.
    let count = elements.len() as u32;
    let mut array = Vec::new();
    // One dimension, no nulls; the first element is number 1.
    for number in [1, 0, of, count, 1] {
        array.extend_from_slice(&number.to_be_bytes());
    }
    elements.for_each(|element| put_field(&mut array, element.as_ref()));
    array
}

/// Text of ours, in which there is no byte 0.
fn put_name(body: &mut Vec<u8>, name: &str) {
    body.extend_from_slice(name.as_bytes());
    body.push(0);
}

fn message(question: &mut Vec<u8>, tag: u8, put: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
    question.push(tag);
    let start = question.len();
    question.extend_from_slice(&[0; 4]);
    put(question);
    let too_long = |_| io::Error::new(io::ErrorKind::InvalidInput, "a question of 2^31 bytes or more cannot be sent");
    let length = i32::try_from(question.len() - start).map_err(too_long)?;
    question[start..start + 4].copy_from_slice(&length.to_be_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::BytesMut;
    use postgres_protocol::IsNull;
    use postgres_protocol::message::frontend;
    use postgres_protocol::types::{ArrayDimension, array_to_sql};
    use proptest::prelude::*;

    fn of_the_library(put: impl FnOnce(&mut BytesMut)) -> Vec<u8> {
        let mut bytes = BytesMut::new();
        put(&mut bytes);
        bytes.to_vec()
    }

    proptest! {
        /// Bind, Execute and Sync are what a client crate makes of the same.
        #[test]
        fn a_run_is_what_the_library_sends(parameters in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..5)) {
            let mut ours = Vec::new();
            execute(&mut ours, "name", &parameters.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
            let theirs = of_the_library(|bytes| {
                let put = |parameter: &Vec<u8>, bytes: &mut BytesMut| {
                    bytes.extend_from_slice(parameter);
                    Ok(IsNull::No)
                };
                let bound = frontend::bind("", "name", Some(1), &parameters, put, Some(1), bytes);
                assert!(bound.is_ok());
                frontend::execute("", 0, bytes).unwrap();
                frontend::sync(bytes);
            });
            prop_assert_eq!(ours, theirs);
        }

        /// So is an array.
        #[test]
        fn an_array_is_what_the_library_makes(elements in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..5)) {
            let theirs = of_the_library(|bytes| {
                let dimension = ArrayDimension { len: elements.len() as i32, lower_bound: 1 };
                let put = |element: &Vec<u8>, bytes: &mut BytesMut| {
                    bytes.extend_from_slice(element);
                    Ok(IsNull::No)
                };
                array_to_sql([dimension], 17, &elements, put, bytes).unwrap();
            });
            prop_assert_eq!(array(17, elements.iter()), theirs);
        }
    }

    #[test]
    fn what_comes_before_a_run_is_what_the_library_sends() {
        let mut ours = Vec::new();
        query(&mut ours, "SET a = 1").unwrap();
        parse_and_describe(&mut ours, "r", "SELECT $1").unwrap();
        sync(&mut ours);
        let theirs = of_the_library(|bytes| {
            frontend::query("SET a = 1", bytes).unwrap();
            frontend::parse("r", "SELECT $1", [], bytes).unwrap();
            frontend::describe(b'S', "r", bytes).unwrap();
            frontend::sync(bytes);
        });
        assert_eq!(ours, theirs);
    }
}
