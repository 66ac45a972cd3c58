//! Writes arms out in full: those of one group as one table, its lists put together again.

use super::arm::{Own, Scope};
use super::values::{plain, put};
use super::{Arm, values};
use cachemark_core::SettingValue;
use toml::{Table, Value};

/// A table for each group, in order.
pub(super) fn tables(arms: &[Arm]) -> Vec<Value> {
    let shared = shared_servers(arms);
    arms.chunk_by(|a, b| a.group == b.group).map(|group| Value::Table(table(group, &shared))).collect()
}

/// The settings of servers that all arms have alike.
pub(super) fn shared_servers(arms: &[Arm]) -> Table {
    let Some(first) = arms.first() else { return Table::new() };
    let all_have = |name: &str, value: &SettingValue| {
        arms.iter().all(|arm| arm.servers.iter().any(|(own, other)| own == name && other == value))
    };
    let shared = first.servers.iter().filter(|(name, value)| all_have(name, value));
    shared.map(|(name, value)| (name.to_owned(), plain(value))).collect()
}

fn table(group: &[Arm], shared: &Table) -> Table {
    let mut table = Table::new();
    let Some(first) = group.first() else { return table };
    put(&mut table, "name", first.group.clone());
    put(&mut table, "strategy", first.strategy.descriptor.name);
    for (name, _) in first.strategy.settings.iter() {
        let of = |arm: &Arm| arm.strategy.settings.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone());
        let known = first.strategy.descriptor.setting(name);
        if group.iter().filter_map(of).all(|value| known.is_some_and(|setting| setting.goes_unsaid(&value))) {
            continue;
        }
        let values = together(group.iter().filter_map(of));
        // A text that is not given has no value that could be read again.
        if values.as_str() != Some("") {
            put(&mut table, name, values);
        }
    }
    for (word, scope) in Scope::NAMED {
        let inner = if scope == Scope::Servers { servers(group, shared) } else { own(group, scope) };
        if !inner.is_empty() {
            put(&mut table, word, inner);
        }
    }
    table
}

fn servers(group: &[Arm], shared: &Table) -> Table {
    let mut table = Table::new();
    for (name, _) in group[0].servers.iter().filter(|(name, _)| !shared.contains_key(*name)) {
        let of = |arm: &Arm| arm.servers.iter().find(|(own, _)| *own == name).map(|(_, value)| value.clone());
        put(&mut table, name, together(group.iter().filter_map(of)));
    }
    table
}

/// What the group sets of its caches or stores: those of a part that is named under that name.
fn own(group: &[Arm], scope: Scope) -> Table {
    let mut table = Table::new();
    for Own { part, setting, .. } in group[0].own.iter().filter(|own| own.scope == scope) {
        let same = |own: &&Own| own.scope == scope && own.setting == *setting && own.part == *part;
        let of = |arm: &Arm| arm.own.iter().find(same).map(|own| own.value.clone());
        let values = together(group.iter().filter_map(of));
        match part {
            None => put(&mut table, setting, values),
            Some(part) => {
                let entry = table.entry(part.clone()).or_insert_with(|| Value::Table(Table::new()));
                if let Value::Table(of_part) = entry {
                    put(of_part, setting, values);
                }
            }
        }
    }
    table
}

/// The value that all have, or the list of theirs.
fn together(values: impl Iterator<Item = SettingValue>) -> Value {
    let mut each: Vec<SettingValue> = Vec::new();
    for value in values {
        if !each.contains(&value) {
            each.push(value);
        }
    }
    match each.as_slice() {
        [one] => plain(one),
        several => several.iter().map(values::plain).collect::<Vec<_>>().into(),
    }
}
