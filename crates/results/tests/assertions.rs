//! Assertions: printed and parsed again they are the same; no text makes the parser panic.

use cachemark_results::assertion::{Assertion, Bound, Relation, Selector, Unit};
use cachemark_results::axis::AXES;
use cachemark_results::figure::{FIGURES, Figure, Measure};
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    "[a-z0-9_.-]{1,12}"
        .prop_filter("a name that is a figure's is read as one", |name| Figure::at_end_of(name).is_none())
}

fn selector() -> impl Strategy<Value = Selector> {
    let names = [prop::option::of(name()), prop::option::of(name()), prop::option::of(name())];
    let numbers = (prop::option::of(0.0..=1.0), prop::option::of(0..=u64::from(u32::MAX)));
    let rest = (prop::option::of(0.001..1e9), prop::option::of(1_u32..));
    let settings = prop::option::of(("[a-z][a-z0-9-]{0,8}-ms", "[a-z0-9-]{1,8}"));
    (names, numbers, rest, settings).prop_map(
        |([arm, cache, store], (read_ratio, cost), (rate, instances), settings)| {
            let values = [read_ratio, cost.map(|us| us as f64), rate, instances.map(f64::from)];
            let axes = AXES.into_iter().zip(values).filter_map(|(axis, value)| Some((axis, value?))).collect();
            Selector { arm, cache, store, axes, settings: settings.into_iter().collect() }
        },
    )
}

fn bound(figure: &Figure) -> BoxedStrategy<Bound> {
    let times = [Unit::Nanoseconds, Unit::Microseconds, Unit::Milliseconds, Unit::Seconds].map(Some);
    let (most, units) = match figure.unit {
        Measure::Share | Measure::SmallShare => (1.0, vec![None, Some(Unit::Percent)]),
        Measure::Rate => (1e12, vec![None]),
        Measure::Count => (1e6, vec![None]),
        Measure::Ratio => (1e6, vec![None, Some(Unit::Percent)]),
        Measure::Time => (1e9, times.to_vec()),
    };
    (0.0..=most, prop::sample::select(units)).prop_map(|(number, unit)| Bound { number, unit }).boxed()
}

fn assertion() -> impl Strategy<Value = Assertion> {
    prop::sample::select(FIGURES).prop_flat_map(|figure| {
        (selector(), prop::sample::select(Relation::ALL.to_vec()), bound(figure))
            .prop_map(move |(selector, relation, bound)| Assertion { selector, figure, relation, bound })
    })
}

proptest! {
    #[test]
    fn parse_after_print_is_the_same(assertion in assertion()) {
        prop_assert_eq!(assertion.to_string().parse(), Ok(assertion));
    }

    #[test]
    fn no_text_makes_it_panic(
        text in "([a-z*]{0,4}|\\.|@|\\[|\\]|,|read_(ratio|cost)=|rate=|store=|none|hit_ratio|p99|service|<|>|=|[0-9._-]|%|µs| |\\PC){0,20}",
    ) {
        if let Ok(assertion) = text.parse::<Assertion>() {
            prop_assert_eq!(assertion.to_string().parse(), Ok(assertion));
        }
    }
}
