//! What is found wrong while a draft is checked.

use super::mistake::{Mistake, Origin};

pub(super) struct Check {
    pub(super) mistakes: Vec<Mistake>,
}

pub(super) fn twice(origin: Origin, what: &str, value: &str) -> Mistake {
    Mistake::new(origin, format!("{what} `{value}` is named twice")).advise("name it once")
}
