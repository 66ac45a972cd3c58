//! The statements that a session has prepared.

use super::answer::{self, NO_DATA, ROW_DESCRIPTION};
use super::error::{DirectError, Wrong};
use super::link::Link;
use super::question;

/// The server's numbers of the types that we have to do with.
pub(super) const BOOL: u32 = 16;
pub(super) const BYTEA: u32 = 17;
pub(super) const INT8: u32 = 20;
pub(super) const TEXT: u32 = 25;

/// A statement by the name that it has in a session, and the types of its columns.
#[derive(Clone, Copy)]
pub(super) struct Prepared {
    pub(super) name: &'static str,
    columns: &'static [u32],
}

pub(super) const READ: Prepared = Prepared { name: "r", columns: &[INT8, BOOL, BYTEA] };
pub(super) const READ_AT_COST: Prepared = Prepared { name: "c", ..READ };
pub(super) const WRITE: Prepared = Prepared { name: "w", columns: &[INT8] };
pub(super) const DELETE: Prepared = Prepared { name: "d", ..WRITE };
pub(super) const APPLY: Prepared = Prepared { name: "a", columns: &[TEXT] };

/// Prepares these statements, all with one question. Fails if a table of this name has columns of other types.
pub(super) async fn prepare(link: &mut Link, statements: &[(Prepared, &str)]) -> Result<(), DirectError> {
    let question = link.question();
    for (prepared, text) in statements {
        question::parse_and_describe(question, prepared.name, text)?;
    }
    question::sync(question);
    let mut described = statements.iter();
    link.ask(|message| {
        let columns = match message.tag {
            ROW_DESCRIPTION => answer::columns(message.body)?,
            NO_DATA => Vec::new(),
            _ => return Err(message.unexpected()),
        };
        match described.next() {
            Some((prepared, _)) if prepared.columns == columns => Ok(()),
            Some((prepared, text)) => {
                let (expected, statement) = (prepared.columns, text);
                Err(Wrong::Value(format!("columns of the types {columns:?}, not {expected:?}, from {statement}")))
            }
            None => Err(message.unexpected()),
        }
    })
    .await
}
