//! Every strategy with every choice of its settings.

use cachemark_core::{Descriptor, Setting, SettingKind, SettingValue, Settings};
use cachemark_strategy::strategies;
use std::fmt::Write;

/// A strategy with settings.
#[derive(Debug, Clone)]
pub(crate) struct Arm {
    pub(crate) strategy: &'static Descriptor,
    pub(crate) settings: Settings,
}

impl Arm {
    /// `cache-aside on-write=invalidate ..`
    pub(crate) fn name(&self) -> String {
        let mut name = self.strategy.name.to_owned();
        for (setting, value) in self.settings.iter() {
            write!(name, " {setting}={value}").unwrap();
        }
        name
    }
}

/// The values of a setting that an anomaly could depend on: every word, on and off, none of a number and some of it, none of a
/// ratio and what it is by default.
fn values(setting: &Setting) -> Vec<SettingValue> {
    const SOME: u64 = 3_600_000;
    match setting.kind {
        SettingKind::Choice(words) => words.iter().map(|word| SettingValue::Text((*word).to_owned())).collect(),
        SettingKind::Flag => vec![SettingValue::Flag(false), SettingValue::Flag(true)],
        SettingKind::Integer { min: 0, max } => {
            vec![SettingValue::Integer(0), SettingValue::Integer(SOME.min(max))]
        }
        SettingKind::Ratio => vec![SettingValue::Ratio(0.0), setting.default_value()],
        SettingKind::Integer { .. } | SettingKind::Number { .. } | SettingKind::Text(_) => {
            vec![setting.default_value()]
        }
    }
}

/// Every strategy with every combination of the values of its settings that `varied` names; the others are as by default.
pub(crate) fn arms(varied: impl Fn(&Setting) -> bool) -> Vec<Arm> {
    let mut arms = Vec::new();
    for strategy in strategies() {
        let mut settings = vec![Settings::defaults(strategy.settings)];
        for setting in strategy.settings.iter().filter(|setting| varied(setting)) {
            let with = |base: &Settings, value: SettingValue| {
                let mut settings = base.clone();
                settings.put(setting, value);
                settings
            };
            settings = settings
                .iter()
                .flat_map(|base| values(setting).into_iter().map(move |value| with(base, value)))
                .collect();
        }
        arms.extend(settings.into_iter().map(|settings| Arm { strategy, settings }));
    }
    arms
}
