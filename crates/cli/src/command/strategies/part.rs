//! All that a part says of itself.

use crate::output::say_wrapped;
use cachemark_core::{Descriptor, PartKind, Setting, Step};

pub(super) fn print(part: &Descriptor) {
    let head = format!("{} {}: {}", part.kind.name(), part.name, part.summary);
    say_wrapped("", &head);
    if part.on_request {
        say_wrapped("    ", "It takes part only where it is named.");
    }
    if part.kind == PartKind::Strategy {
        print_promises(part);
    }
    part.settings.iter().for_each(print_setting);
    if part.kind == PartKind::Strategy {
        print_anomalies(part);
    }
}

pub(super) fn print_setting(setting: &Setting) {
    say_wrapped("    ", &format!("{} = {} ({})", setting.name, setting.default_value(), setting.kind));
    say_wrapped("        ", &setting.told());
}

/// What it needs, promises and costs, as it is set by default.
fn print_promises(strategy: &Descriptor) {
    say_wrapped("    ", &format!("needs of a cache: {}", strategy.needs_in_words()));
    say_wrapped("    ", "freshness, as it is set by default:");
    strategy.freshness_in_words().iter().for_each(|promise| say_wrapped("      - ", promise));
    say_wrapped("    ", &format!("durability: {}", strategy.durability_in_words()));
    if strategy.protocol.operations().next().is_some() {
        say_wrapped("    ", "calls, as it is set by default:");
    }
    for (operation, steps) in strategy.protocol.operations() {
        say_wrapped("      - ", &format!("{operation}: {}", Step::in_words(steps)));
    }
    for (head, text) in [("theory", strategy.formula), ("source", strategy.source)] {
        if !text.is_empty() {
            say_wrapped("    ", &format!("{head}: {text}"));
        }
    }
}

/// Which anomalies a strategy has; the anomaly suite holds it to that.
fn print_anomalies(strategy: &Descriptor) {
    let anomalies = strategy.anomalies_in_words();
    let head = if anomalies.is_empty() { "anomalies: none" } else { "anomalies (docs/anomalies.md):" };
    say_wrapped("    ", head);
    for (anomaly, circumstances) in anomalies {
        let circumstances = if circumstances.is_empty() { circumstances } else { format!(": {circumstances}") };
        say_wrapped("        ", &format!("{}{circumstances}", anomaly.name));
    }
}
