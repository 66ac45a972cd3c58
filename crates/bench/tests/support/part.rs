//! A part of a catalogue that a test makes up.

use cachemark_core::{Descriptor, Model, PartKind, Setting, Settings};

pub(crate) const fn part(
    kind: PartKind,
    name: &'static str,
    settings: &'static [Setting],
    model: fn(&Settings) -> Model,
) -> Descriptor {
    Descriptor { settings, model, ..Descriptor::of(kind, name, "A part.") }
}
