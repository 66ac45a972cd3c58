//! Which cells an assertion is about.

use crate::axis::{AXES, Axis};
use std::fmt;

/// The cells that an assertion is about. An A/A control is never one of them: it is the reference cell again.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Selector {
    /// The name of an arm, or of a group of them; none: every arm.
    pub arm: Option<String>,
    /// The cache's name; none: over whichever cache.
    pub cache: Option<String>,
    /// The store's name; none: over whichever store.
    pub store: Option<String>,
    /// Places on axes; of one that is not named: at each.
    pub axes: Vec<(&'static Axis, f64)>,
    /// Settings that arms are varied over, by name, with the value as it is printed.
    pub settings: Vec<(String, String)>,
}

impl Selector {
    /// Whether it selects a cell of these.
    #[must_use]
    pub fn selects(&self, cell: &crate::Cell) -> bool {
        let is = |wanted: &Option<String>, name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
        !cell.control
            && (is(&self.arm, &cell.group) || is(&self.arm, &cell.arm))
            && is(&self.cache, &cell.cache)
            && is(&self.store, &cell.store)
            && self.axes.iter().all(|(axis, value)| (axis.of)(cell) == Some(*value))
            && self.settings.iter().all(|(name, value)| {
                cell.arm_axes.iter().any(|(axis, has)| is_named(axis, name) && is_value(has, value))
            })
    }

    /// The selector that is written so: `cache-aside@redis[store=postgres, read_ratio=0.9]`; the error is what is wrong.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let (names, inside) = match text.split_once('[') {
            Some((names, inside)) => {
                (names, Some(inside.strip_suffix(']').ok_or("a `[` has to be closed before the figure")?))
            }
            None => (text, None),
        };
        let (arm, cache) = match names.split_once('@') {
            Some((arm, cache)) => (arm, Some(name(cache, "a cache's")?)),
            None => (names, None),
        };
        if let Some(written) = in_brackets(arm, cache.as_deref(), inside) {
            let arm = arm.trim();
            return Err(format!(
                "`{arm}` is an arm as tables name it; here its settings stand in brackets: `{written}`"
            ));
        }
        let arm = if arm.trim() == "*" { None } else { Some(name(arm, "an arm's")?) };
        let narrowed =
            inside.map_or_else(|| Ok(Self::default()), |inside| Self::narrowed(inside, "[read_ratio=0.9]"))?;
        if cache.is_some() && narrowed.cache.is_some() {
            return Err("the cache is given twice".to_owned());
        }
        Ok(Self { arm, cache: cache.or(narrowed.cache), ..narrowed })
    }

    /// Every arm where these conditions hold, written as an assertion has them in brackets: `read_ratio=0.9,store=postgres`.
    ///
    /// # Errors
    /// What is wrong, and what can be given.
    pub fn of_conditions(conditions: &str) -> Result<Self, String> {
        Self::narrowed(conditions, "read_ratio=0.9")
    }

    /// The same; `example` is how a condition is written here.
    fn narrowed(conditions: &str, example: &str) -> Result<Self, String> {
        let mut selector = Self::default();
        conditions.split(',').try_for_each(|each| selector.narrow(each, example))?;
        selector.axes.sort_by_key(|(axis, _)| AXES.iter().position(|known| known == axis));
        Ok(selector)
    }

    /// Takes one `field=value`.
    fn narrow(&mut self, condition: &str, example: &str) -> Result<(), String> {
        let known = || AXES.iter().map(|axis| axis.name).collect::<Vec<_>>().join(", ");
        let unknown = || {
            let known = known();
            format!("`{condition}` has to be one of cache, store, {known}, or a setting of the arms, as in `{example}`")
        };
        let (field, value) = condition.split_once('=').ok_or_else(unknown)?;
        let (field, value) = (field.trim(), value.trim());
        let again = if field == "cache" {
            self.cache.replace(name(value, "a cache's")?).is_some()
        } else if field == "store" {
            self.store.replace(name(value, "a store's")?).is_some()
        } else if let Some(axis) = Axis::named(field) {
            let taken = (axis.parse)(value);
            let value = taken.ok_or_else(|| format!("`{field}={value}`: {field} takes {}", axis.takes))?;
            let again = self.axes.iter().any(|(known, _)| *known == axis);
            self.axes.push((axis, value));
            again
        } else if is_setting(field) && !value.is_empty() {
            let again = self.settings.iter().any(|(known, _)| is_named(known, field));
            self.settings.push((field.to_owned(), value.to_owned()));
            again
        } else {
            return Err(unknown());
        };
        if again { Err(format!("{field} is given twice")) } else { Ok(()) }
    }
}

/// The selector of an arm that is named as tables name it, with its settings behind it (`ttl ttl-ms=100`); none if it isn't.
fn in_brackets(arm: &str, cache: Option<&str>, inside: Option<&str>) -> Option<String> {
    let mut words = arm.split_whitespace();
    let name = words.next().filter(|name| !name.contains('='))?;
    let settings: Vec<&str> = words.chain(inside).collect();
    let fits = |text: &&str| text.split_once('=').is_some_and(|(name, value)| is_setting(name) && !value.is_empty());
    let cache = cache.map(|cache| format!("@{cache}")).unwrap_or_default();
    (arm.contains('=') && settings.iter().all(fits)).then(|| format!("{name}{cache}[{}]", settings.join(",")))
}

/// Whether it could be a setting's name; which there are is known where arms are.
fn is_setting(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.len() <= 60 && name.chars().all(fits)
}

/// Whether `given` means the setting `name`: hyphens are taken for underscores.
fn is_named(name: &str, given: &str) -> bool {
    name.replace('-', "_") == given.replace('-', "_")
}

/// Whether `given` is the setting's value: numbers by what they are, not by how they are written.
fn is_value(value: &serde_json::Value, given: &str) -> bool {
    match value.as_f64() {
        Some(number) => given.replace('_', "").parse() == Ok(number),
        None => value.as_str().map_or_else(|| given.parse().ok() == value.as_bool(), |text| text == given),
    }
}

fn name(text: &str, whose: &str) -> Result<String, String> {
    let text = text.trim();
    let strange = |c: char| c.is_whitespace() || c.is_control() || "*@[]=,`'\"".contains(c);
    if text.is_empty() || text.contains(strange) {
        return Err(format!("`{text}` is not {whose} name; `*` stands for every arm"));
    }
    Ok(text.to_owned())
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.arm.as_deref().unwrap_or("*"))?;
        if let Some(cache) = &self.cache {
            write!(f, "@{cache}")?;
        }
        let store = self.store.iter().map(|store| format!("store={store}"));
        let on_axes = AXES.iter().filter_map(|axis| self.axes.iter().find(|(known, _)| known == axis));
        let on_axes = on_axes.map(|(axis, value)| format!("{}={}", axis.name, (axis.print)(*value)));
        let settings = self.settings.iter().map(|(name, value)| format!("{name}={value}"));
        let conditions: Vec<String> = store.chain(on_axes).chain(settings).collect();
        if conditions.is_empty() { Ok(()) } else { write!(f, "[{}]", conditions.join(",")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> String {
        Selector::parse(text).map_or_else(|error| error, |selector| selector.to_string())
    }

    #[test]
    fn every_condition_is_read_and_printed() {
        for (text, printed) in [
            ("*[store=postgres]", "*[store=postgres]"),
            ("*[cache=redis]", "*@redis"),
            ("a@b [ read-cost = 1ms, read-ratio=.5 ]", "a@b[read_ratio=0.5,read_cost=1000us]"),
            ("a[rate=10000,instances=2,read_cost=none]", "a[read_cost=none,rate=10000,instances=2]"),
            ("a[read_cost=0us]", "a[read_cost=none]"),
            ("a[ttl-ms=1000, on-write=update]", "a[ttl-ms=1000,on-write=update]"),
        ] {
            assert_eq!(parsed(text), printed, "{text}");
            assert_eq!(parsed(printed), printed);
        }
    }

    #[test]
    fn conditions_alone_are_of_every_arm() {
        let of = |text: &str| Selector::of_conditions(text).map(|selector| selector.to_string());
        assert_eq!(of("read-ratio=0.9, store=postgres"), Ok("*[store=postgres,read_ratio=0.9]".to_owned()));
        assert!(of("0.9").unwrap_err().ends_with("as in `read_ratio=0.9`"));
        assert!(of("").unwrap_err().contains("one of cache, store, read_ratio"));
    }

    #[test]
    fn a_setting_is_found_by_what_it_is_not_by_how_it_is_written() {
        for (value, given) in [(0.0.into(), "0"), (0.5.into(), "0.50"), (1000.into(), "1_000"), ("lru".into(), "lru")] {
            assert!(is_value(&value, given), "{value} {given}");
        }
        assert!(!is_value(&1000.into(), "100") && !is_value(&"lru".into(), "lfu") && !is_value(&1.into(), "x"));
    }

    #[test]
    fn what_is_refused_is_explained() {
        for (text, part) in [
            ("a[TTL=5]", "has to be one of cache, store"),
            ("a[ttl-ms=]", "has to be one of cache, store"),
            ("a[ttl-ms=1,ttl_ms=2]", "given twice"),
            ("a[]", "has to be one of cache, store"),
            ("a[read_ratio=0.5,]", "has to be one of cache, store"),
            ("a[read_ratio=1.5]", "from 0 to 1"),
            ("a[read_ratio=nan]", "from 0 to 1"),
            ("a[read_cost=1]", "whole microseconds"),
            ("a[read_cost=1.5ms]", "whole microseconds"),
            ("a[read_cost=10ns]", "whole microseconds"),
            ("a[read_cost=99999999999999999999s]", "whole microseconds"),
            ("a[rate=0]", "above 0"),
            ("a[rate=inf]", "above 0"),
            ("a[rate=1e300]", "above 0"),
            ("a[rate=-1]", "above 0"),
            ("a[instances=0]", "from 1"),
            ("a[store=]", "not a store's name"),
            ("a ttl-ms=100", "in brackets: `a[ttl-ms=100]`"),
            (" a ttl-ms=100  on-write=update@redis", "in brackets: `a@redis[ttl-ms=100,on-write=update]`"),
            ("a ttl-ms=100[read_ratio=0.5]", "in brackets: `a[ttl-ms=100,read_ratio=0.5]`"),
            ("a b", "not an arm's name"),
            ("a ttl-ms=", "not an arm's name"),
            ("ttl-ms=100", "not an arm's name"),
            ("a[rate=1,rate=2]", "given twice"),
            ("a@b[cache=b]", "given twice"),
        ] {
            assert!(parsed(text).contains(part), "{text}: {}", parsed(text));
        }
    }
}
