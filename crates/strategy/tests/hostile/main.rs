//! Hostile entries under every strategy of the list: bytes that are none of ours, values that no cache takes. What comes of them is
//! an error or the store's answer; never a value that nobody wrote, and never a panic, in a task of the strategy's own neither.

mod placed;
mod subject;
mod too_large;
