//! What arms are made of, and what is said of it.

use crate::definition::draft::Draft;
use crate::definition::written::Written;
use crate::definition::{Catalogue, Chosen};
use cachemark_core::{Descriptor, PartKind, Setting, SettingValue};

/// What arms are resolved against.
pub(in crate::definition) struct Parts<'a> {
    pub(in crate::definition) catalogue: &'a Catalogue<'a>,
    pub(in crate::definition) caches: &'a [Chosen],
    pub(in crate::definition) stores: &'a [Chosen],
    /// The operations that a driver thread may have under way.
    pub(in crate::definition) sessions: u64,
}

/// The settings that the draft's tables and flags give the part called `name`. A `--set` of a part names the setting alone.
pub(in crate::definition) fn of_part<'a>(
    draft: &'a Draft,
    kind: PartKind,
    name: &'a str,
) -> impl Iterator<Item = &'a Written> {
    let tables = draft.parts.iter().filter(move |table| table.kind == kind && table.name.value == name);
    let sets = draft.sets.iter().filter(move |set| set.target == name && !draft.is_arm(name));
    let plain = sets.filter(|set| set.is_plain()).map(|set| &set.setting.written);
    tables.flat_map(|table| &table.settings).chain(plain)
}

/// Setting and values, if they are as they should be.
pub(in crate::definition) fn sound(part: &Descriptor, written: &Written) -> Option<(Setting, Vec<SettingValue>)> {
    let setting = *part.setting(&written.name.value)?;
    Some((setting, sound_values(&setting, written)?))
}

/// The values, if each is one that the setting takes.
pub(super) fn sound_values(setting: &Setting, written: &Written) -> Option<Vec<SettingValue>> {
    let values: Option<Vec<_>> = written.values.iter().map(|value| setting.check(value.clone()?).ok()).collect();
    values.filter(|values| !values.is_empty())
}
