//! The `[workload]` table: a sweep's own.

use super::LoadDefinition;
use super::mistake::nearest;
use super::section::{Section, list, number, text};
use cachemark_core::STAMP_LEN;
use cachemark_workload::{KeyDistribution, LARGEST_EXPONENT, LARGEST_VALUE, MOST_KEYS};

pub(super) fn read(mut section: Section<'_>, definition: &mut LoadDefinition) {
    definition.keys = section.take("keys", number(1..=MOST_KEYS)).unwrap_or(definition.keys);
    let law = section.take("distribution", |value| {
        let name = text(value)?;
        let known = ["zipf", "uniform"].contains(&name.as_str());
        if known { Ok(name) } else { Err(format!("has no law `{name}`: {}", nearest(&name, &["zipf", "uniform"]))) }
    });
    let exponent = section.take("exponent", number(0.0..=LARGEST_EXPONENT));
    definition.distribution = match (law.as_deref(), exponent) {
        (Some("uniform"), None) => KeyDistribution::Uniform,
        (Some("uniform"), Some(_)) => {
            let message = "workload.exponent has no meaning with distribution \"uniform\"";
            section.note(section.place(), message.into(), Some("leave it out".into()));
            KeyDistribution::Uniform
        }
        (_, exponent) => KeyDistribution::Zipf { exponent: exponent.unwrap_or(0.99) },
    };
    let ratios = section.take("read-ratio", |value| {
        let ratios = list(number(0.0..=1.0))(value)?;
        let twice = ratios.iter().enumerate().find(|(at, ratio)| ratios[..*at].contains(ratio));
        twice.map_or(Ok(ratios.clone()), |(_, ratio)| Err(format!("has {ratio} twice")))
    });
    definition.read_ratios = ratios.unwrap_or_else(|| definition.read_ratios.clone());
    definition.delete_ratio = section.take("delete-ratio", number(0.0..=1.0)).unwrap_or(definition.delete_ratio);
    let bytes = section.take("value-bytes", number(STAMP_LEN as u32..=LARGEST_VALUE));
    definition.value_bytes = bytes.unwrap_or(definition.value_bytes);
    section.finish();
}
