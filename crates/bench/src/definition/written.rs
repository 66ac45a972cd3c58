//! Settings and arms as they were written, in the file or on the command line.

use super::arm::Scope;
use super::mistake::{Located, Mistake, Origin};
use super::table;
use cachemark_core::SettingValue;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A setting: one value, or a list of those that are to be compared.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) name: Located<String>,
    /// None for one of a type that no setting takes.
    pub(super) values: Vec<Option<SettingValue>>,
}

/// A setting in an arm.
#[derive(Debug, Clone)]
pub(super) struct OfArm {
    pub(super) scope: Scope,
    /// The cache or store, where one is named.
    pub(super) part: Option<String>,
    pub(super) written: Written,
}

/// One `[[arm]]`, or one `--arm`.
#[derive(Debug, Clone)]
pub(super) struct WrittenArm {
    pub(super) name: Option<Located<String>>,
    pub(super) strategy: Located<String>,
    pub(super) settings: Vec<OfArm>,
}

/// One `--set`: `NAME.SETTING=VALUE`.
#[derive(Debug, Clone)]
pub(super) struct WrittenSet {
    /// The arm or part.
    pub(super) target: String,
    pub(super) setting: OfArm,
}

impl WrittenSet {
    /// Whether it sets something of the arm called `group`: by its name, or, of what is not the strategy's own, by its
    /// strategy's, where that is no other arm's name.
    pub(super) fn is_of_arm(&self, group: &str, strategy: &str, is_arm: impl Fn(&str) -> bool) -> bool {
        let by_name = self.target == group && is_arm(group);
        let by_strategy = self.target == strategy && !is_arm(strategy) && self.setting.scope != Scope::Strategy;
        by_name || by_strategy
    }

    /// Whether it gives a setting alone, as one of a part is given: `redis.lanes=8`.
    pub(super) fn is_plain(&self) -> bool {
        self.setting.scope == Scope::Strategy
    }
}

/// Every setting of a table.
pub(super) fn settings(table: &DeTable<'_>) -> Vec<Written> {
    table.iter().map(|(name, value)| setting(name, value)).collect()
}

pub(super) fn setting(name: &Spanned<std::borrow::Cow<'_, str>>, value: &Spanned<DeValue<'_>>) -> Written {
    let origin = Origin::File(name.span().start..value.span().end);
    let values = match value.get_ref() {
        DeValue::Array(list) => list.iter().map(|each| table::setting(each.get_ref())).collect(),
        one => vec![table::setting(one)],
    };
    Written { name: Located { value: name.get_ref().to_string(), origin }, values }
}

impl WrittenArm {
    /// Whether it has that name: its own, or its strategy's.
    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name.as_ref().unwrap_or(&self.strategy).value == name
    }

    /// Reads one `[[arm]]`.
    pub(super) fn read(table: &Spanned<DeValue<'_>>, mistakes: &mut Vec<Mistake>) -> Option<Self> {
        let place = Origin::File(table.span());
        let DeValue::Table(fields) = table.get_ref() else {
            mistakes.push(Mistake::new(place, "arm takes tables: write each under [[arm]]"));
            return None;
        };
        let (mut name, mut strategy, mut found) = (None, None, Vec::new());
        for (field, value) in fields {
            let scope = Scope::NAMED.iter().find(|(word, _)| word == field.get_ref());
            match (field.get_ref().as_ref(), value.get_ref().as_str(), scope) {
                ("name", Some(text), _) => name = Some(located(text, value)),
                ("strategy", Some(text), _) => strategy = Some(located(text, value)),
                (word @ ("name" | "strategy"), None, _) => {
                    mistakes.push(Mistake::new(Origin::File(value.span()), format!("arm.{word} takes a text")));
                }
                (_, _, Some((word, scope))) => read_scope(word, *scope, value, &mut found, mistakes),
                _ => found.push(OfArm { scope: Scope::Strategy, part: None, written: setting(field, value) }),
            }
        }
        let Some(strategy) = strategy else {
            let message = "an arm without a strategy";
            mistakes.push(Mistake::new(place, message).advise("name it, as in strategy = \"cache-aside\""));
            return None;
        };
        Some(Self { name, strategy, settings: found })
    }
}

/// The settings under `cache`, `store` or `servers`: of every part that has them, or of one that is named.
fn read_scope(
    word: &str,
    scope: Scope,
    value: &Spanned<DeValue<'_>>,
    found: &mut Vec<OfArm>,
    mistakes: &mut Vec<Mistake>,
) {
    let DeValue::Table(fields) = value.get_ref() else {
        let message = format!("arm.{word} takes settings, as in {word}.NAME = value");
        mistakes.push(Mistake::new(Origin::File(value.span()), message));
        return;
    };
    for (field, value) in fields {
        match value.get_ref() {
            DeValue::Table(of_part) if scope != Scope::Servers => {
                let part = Some(field.get_ref().to_string());
                found.extend(settings(of_part).into_iter().map(|written| OfArm { scope, part: part.clone(), written }));
            }
            _ => found.push(OfArm { scope, part: None, written: setting(field, value) }),
        }
    }
}

fn located(text: &str, value: &Spanned<DeValue<'_>>) -> Located<String> {
    Located { value: text.to_owned(), origin: Origin::File(value.span()) }
}

const ARM_FLAG: &str = "--arm";
const SET_FLAG: &str = "--set";

/// Reads `[NAME:] STRATEGY [SETTING=VALUE[,VALUE]]...`.
pub(super) fn arm_of_flag(text: &str) -> Result<WrittenArm, Mistake> {
    let flag = |value: &str| Located { value: value.to_owned(), origin: Origin::Flag(ARM_FLAG) };
    let wrong = |what: String| {
        let help = "write it as in 'update: cache-aside on-write=update ttl-ms=1000,10000', the name may be left out";
        Mistake::new(Origin::Flag(ARM_FLAG), what).advise(help)
    };
    let (name, rest) = match text.split_once(':') {
        Some((name, rest)) => (Some(flag(name.trim())), rest),
        None => (None, text),
    };
    let mut words = rest.split_whitespace();
    let strategy = words.next().filter(|word| !word.contains('=')).map(flag);
    let strategy = strategy.ok_or_else(|| wrong(format!("`{text}` names no strategy")))?;
    let settings = words
        .map(|word| of_arm(word, ARM_FLAG).ok_or_else(|| wrong(format!("`{word}` is no SETTING=VALUE"))))
        .collect::<Result<_, _>>()?;
    Ok(WrittenArm { name, strategy, settings })
}

/// Reads `NAME.SETTING=VALUE[,VALUE]`.
pub(super) fn set_of_flag(text: &str) -> Result<WrittenSet, Mistake> {
    let split = text.split_once('.').and_then(|(target, rest)| Some((target.trim(), of_arm(rest, SET_FLAG)?)));
    split.filter(|(target, _)| !target.is_empty()).map_or_else(
        || {
            let message = format!("`{text}` is no NAME.SETTING=VALUE");
            let help = "NAME is an arm, a strategy, a cache, a store or servers, as in cache-aside.ttl-ms=1000,10000";
            Err(Mistake::new(Origin::Flag(SET_FLAG), message).advise(help))
        },
        |(target, setting)| Ok(WrittenSet { target: target.to_owned(), setting }),
    )
}

/// Reads `[cache.|store.|servers.][PART.]SETTING=VALUE[,VALUE]`.
fn of_arm(text: &str, flag: &'static str) -> Option<OfArm> {
    let (path, values) = text.split_once('=')?;
    let mut path: Vec<&str> = path.trim().split('.').collect();
    let name = path.pop().filter(|name| !name.is_empty())?;
    let scope = path.first().map(|word| Scope::NAMED.iter().find(|(known, _)| known == word));
    let scope = match scope {
        None => Scope::Strategy,
        Some(known) => known?.1,
    };
    let part = match path.len() {
        0 | 1 => None,
        2 if scope != Scope::Servers => Some(path[1].to_owned()),
        _ => return None,
    };
    let name = Located { value: name.to_owned(), origin: Origin::Flag(flag) };
    let values = values.split(',').map(|value| Some(SettingValue::read(value.trim()))).collect();
    Some(OfArm { scope, part, written: Written { name, values } })
}
