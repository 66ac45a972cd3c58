//! A cell of the plan, and how the record has it.

use crate::composition::Composition;
use crate::definition::Chosen;
use crate::prediction::Theory;
use crate::warm_up::WarmUp;
use cachemark_core::{Lifetime, SettingValue, Settings};
use cachemark_results::{Cell, SettingMap};
use serde_json::Value;
use std::time::Duration;

/// One cell to be run.
#[derive(Debug, Clone)]
pub struct CellPlan {
    /// Names the cell within its run.
    pub id: String,
    /// What it is run on.
    pub composition: Composition,
    /// The name of the arm's group.
    pub group: String,
    /// What the arm's group is varied over, with the arm's values.
    pub arm_axes: Vec<(String, SettingValue)>,
    /// The share of reads, 0 to 1.
    pub read_ratio: f64,
    /// The offered load in arrivals per second; none for a closed loop.
    pub rate: Option<f64>,
    /// The second run of a reference cell.
    pub control: bool,
    /// The family of comparisons, for people.
    pub family: String,
    /// The id of the cell that this one is compared with.
    pub reference: Option<String>,
    /// How long the strategy lets entries live, where they expire.
    pub lifetimes: Vec<Lifetime>,
    /// The step in which the cache counts lifetimes, where it is a coarse one.
    pub ttl_step: Option<Duration>,
    /// What the strategy needs and the cache lacks, if anything.
    pub unsupported: Option<String>,
    /// What theory says of the hit ratio; none where no formula covers the cell.
    pub(crate) theory: Option<Theory>,
    /// What comes before the window, the same for all cells of a comparison.
    pub warm_up: WarmUp,
}

impl CellPlan {
    /// The same with the id and the family that its parts and its place on the axes come to.
    pub(crate) fn named(self) -> Self {
        let cell = self.recorded();
        Self { id: cell.made_id(), family: cell.made_family(), ..self }
    }

    /// The same at this offered load, in arrivals per second. It stays in its family: all loads of a search are of one.
    pub(crate) fn at_rate(&self, rate: f64) -> Self {
        let at_rate = Self { rate: Some(rate), ..self.clone() }.named();
        Self { family: self.family.clone(), ..at_rate }
    }

    /// The cell as the record has it.
    pub(crate) fn recorded(&self) -> Cell {
        let (cell, built) = (self, &self.composition);
        let predicted = cell.theory.as_ref().and_then(|theory| theory.one_at_a_time(cell.rate));
        Cell {
            id: cell.id.clone(),
            arm: built.arm.clone(),
            group: cell.group.clone(),
            arm_axes: cell.arm_axes.iter().map(|(name, value)| (name.clone(), plain_value(value))).collect(),
            strategy: built.strategy.descriptor.name.into(),
            cache: built.cache_name().into(),
            store: built.store_name().into(),
            read_ratio: cell.read_ratio,
            read_cost_us: u64::try_from(built.read_cost.as_micros()).unwrap_or(u64::MAX),
            store_workers: built.store_workers,
            offered_per_s: cell.rate,
            instances: built.instances,
            control: cell.control,
            family: cell.family.clone(),
            reference: cell.reference.clone(),
            unsupported: cell.unsupported.clone(),
            strategy_settings: of_part(&built.strategy),
            cache_settings: cache_settings(cell),
            store_settings: of_part(&built.store),
            server_settings: plain(&built.servers),
            predicted_hit_ratio: predicted.map(|predicted| predicted.hit_ratio),
            predicted_store_load: predicted.and_then(|predicted| predicted.store_load),
        }
    }
}

/// Those of the cache, and how long it keeps an entry where its step makes that another time than what was asked for.
fn cache_settings(cell: &CellPlan) -> SettingMap {
    let mut settings = cell.composition.cache.as_ref().map_or_else(SettingMap::new, of_part);
    let Some(step) = cell.ttl_step.map(|step| step.as_secs_f64() * 1000.0) else { return settings };
    for lifetime in &cell.lifetimes {
        let (ms, jitter) = (lifetime.length.as_millis() as f64, lifetime.jitter);
        // Rounded up to the step, and up to one more, since nobody knows where between two steps of the clock an entry is set.
        let whole = |ms: f64| (ms / step - 1e-9).ceil() * step;
        let text = format!("{:.0} to {:.0}", whole(ms * (1.0 - jitter)), whole(ms * (1.0 + jitter)) + step);
        settings.insert(format!("{}-kept-ms", lifetime.setting.trim_end_matches("-ms")), text.into());
    }
    settings
}

fn of_part(part: &Chosen) -> SettingMap {
    plain(&part.settings.said(part.descriptor.settings))
}

fn plain(settings: &Settings) -> SettingMap {
    settings.iter().map(|(name, value)| (name.to_owned(), plain_value(value))).collect()
}

fn plain_value(value: &SettingValue) -> Value {
    match value {
        SettingValue::Text(text) => text.clone().into(),
        SettingValue::Integer(number) => (*number).into(),
        SettingValue::Ratio(ratio) => (*ratio).into(),
        SettingValue::Flag(flag) => (*flag).into(),
    }
}
