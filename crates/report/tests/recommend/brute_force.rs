//! Every arm and objective judged again, naively, from the trials themselves.

use crate::support::{ARMS, ASKED, lose, priced, record, set_asks, set_fresh, set_p99, trials};
use cachemark_report::recommend::{Ask, Candidate, Met, Recommendation, recommend};
use cachemark_results::assertion::Relation;
use cachemark_results::{Run, Trial, Warning, warning};
use proptest::prelude::*;

/// What one trial has: times of 1 to 8 ms, operations of the cache and store in tenths, failures, freshness in thousandths.
#[derive(Debug, Clone)]
struct Drawn {
    p99_ms: Option<u64>,
    cache: u8,
    store: u8,
    errors: u64,
    fresh: Option<u16>,
    invalid: bool,
}

/// What an arm did that no figure makes up for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Did {
    Nothing,
    Lost,
    LostAsDeclared,
    Phantom,
}

/// Around a value of the arm's own, so that intervals lie on either side of bounds and across.
fn drawn(p99: u64, store: u8) -> impl Strategy<Value = Drawn> {
    let fresh = prop_oneof![30 => (990_u16..=1000).prop_map(Some), 1 => Just(None)];
    let p99 = prop_oneof![40 => (0_u64..3).prop_map(move |more| Some(p99 + more)), 1 => Just(None)];
    let asks = (0_u8..3, 0_u8..2);
    (p99, asks, 0_u64..3, fresh, prop::bool::weighted(0.06)).prop_map(
        move |(p99_ms, (cache, more), errors, fresh, invalid)| Drawn {
            p99_ms,
            cache: 10 + cache,
            store: store + more,
            errors,
            fresh,
            invalid,
        },
    )
}

fn arm() -> impl Strategy<Value = (Vec<Drawn>, Did)> {
    let did = prop_oneof![
        12 => Just(Did::Nothing),
        1 => Just(Did::Lost),
        1 => Just(Did::LostAsDeclared),
        1 => Just(Did::Phantom),
    ];
    let of = |(p99, store)| prop::collection::vec(drawn(p99, store), 4..=12);
    ((2_u64..6, 1_u8..6).prop_flat_map(of), did)
}

/// Some of the objectives that there are, with bounds among the values that are drawn.
fn objectives() -> impl Strategy<Value = String> {
    let sign = || prop::sample::select(vec!["<", "<=", ">", ">="]);
    let p99 = (sign(), 2_u64..9).prop_map(|(sign, ms)| format!("response.p99 {sign} {ms}ms"));
    let store = (sign(), 1_u8..8).prop_map(|(sign, tenths)| format!("store_load {sign} 0.{tenths}"));
    let errors = (sign(), 0_u8..4).prop_map(|(sign, count)| format!("errors {sign} {count}"));
    let fresh = (sign(), 990_u16..=999).prop_map(|(sign, share)| format!("fresh_within.1s {sign} 0.{share}"));
    let one = prop_oneof![p99, store, errors, fresh];
    prop::collection::vec(one, 1..4).prop_map(|all| all.join(", "))
}

fn made(arms: &[(Vec<Drawn>, Did)]) -> Run {
    let mut run = record();
    for (name, (blocks, did)) in ARMS.iter().zip(arms) {
        for (trial, drawn) in trials(&mut run, name).zip(blocks) {
            set_p99(trial, drawn.p99_ms.map(|ms| ms * 1_000_000));
            set_asks(trial, f64::from(drawn.cache) / 10.0, f64::from(drawn.store) / 10.0);
            set_fresh(trial, drawn.fresh.map(|share| f64::from(share) / 1000.0));
            (trial.totals.ok, trial.totals.error) = (ASKED - drawn.errors, drawn.errors);
            if drawn.invalid {
                trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit"));
            }
        }
        let first = trials(&mut run, name).next().unwrap();
        match did {
            Did::Nothing => {}
            Did::Lost => lose(first, false),
            Did::LostAsDeclared => lose(first, true),
            Did::Phantom => first.audit.as_mut().unwrap().store.phantoms = 1,
        }
        let left_out: Vec<u32> = trials(&mut run, name).skip(blocks.len()).map(|trial| trial.number).collect();
        run.trials.retain(|trial| !left_out.contains(&trial.number));
    }
    run
}

/// The figure of a trial, read off its fields.
fn figure(name: &str, trial: &Trial) -> Option<f64> {
    match name {
        "response.p99" => trial.open_loop.as_ref()?.all_response?.p99_ns.map(|ns| ns as f64),
        "store_load" => Some(trial.store_load),
        "errors" => Some(trial.totals.error as f64),
        "fresh_within.1s" => {
            let told = trial.freshness.as_ref()?;
            Some(told.fresh_within[0].reads as f64 / told.judged as f64)
        }
        other => panic!("{other} is not drawn"),
    }
}

/// How many of n values lie outside of the interval on a side: so many that it is not more than 2.5 % likely that no more of
/// n fair coins show heads. Counted, over Pascal's triangle.
fn outside(n: usize) -> Option<usize> {
    let mut row = vec![1_u64];
    for _ in 0..n {
        let next: Vec<u64> = row.windows(2).map(|pair| pair[0] + pair[1]).collect();
        row = [vec![1], next, vec![1]].concat();
    }
    let likely = |heads: usize| row[..=heads].iter().sum::<u64>() * 40 <= 1 << n;
    (0..=n).rev().find(|heads| likely(*heads))
}

/// Median, and the interval if there is one.
fn located(mut values: Vec<f64>) -> (f64, Option<(f64, f64)>) {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let median = if n % 2 == 1 { values[n / 2] } else { (values[n / 2 - 1] + values[n / 2]) / 2.0 };
    (median, outside(n).map(|heads| (values[heads], values[n - 1 - heads])))
}

fn stands(value: f64, relation: Relation, bound: f64) -> bool {
    match relation {
        Relation::Below => value < bound,
        Relation::AtMost => value <= bound,
        Relation::Above => value > bound,
        Relation::AtLeast => value >= bound,
    }
}

/// What an arm comes to: each objective, the whole, and its medians (with its cost last) where it may stand beside others.
fn judged(run: &Run, arm: &str, did: Did, ask: &Ask) -> (Vec<Met>, Met, Option<Vec<f64>>) {
    let cell = run.manifest.cells.iter().find(|cell| cell.arm == arm && !cell.control).unwrap();
    let all: Vec<&Trial> = run.trials.iter().filter(|trial| trial.cell == cell.id).collect();
    let valid: Vec<&Trial> =
        all.iter().copied().filter(|trial| !trial.warnings.iter().any(|warning| warning.invalidates)).collect();
    let few = valid.len() * 2 < all.len();
    let of_all = |of: &dyn Fn(&Trial) -> Option<f64>| valid.iter().map(|trial| of(trial)).collect::<Option<Vec<f64>>>();
    let lost = [Did::Lost, Did::Phantom].contains(&did);
    let mut objectives = Vec::new();
    let mut medians = Some(Vec::new());
    for asked in &ask.objectives {
        // What it did speaks before how few of its trials are valid.
        let is_judged = |values: &Vec<f64>| !values.is_empty() && (lost || !few);
        let values = of_all(&|trial| figure(asked.figure.name, trial)).filter(is_judged);
        let located = values.map(located);
        let met = match located {
            Some((_, Some((low, high)))) => {
                match [low, high].map(|end| stands(end, asked.relation, asked.bound.value())) {
                    [true, true] => Met::Meets,
                    [false, false] => Met::Fails,
                    _ => Met::CannotTell,
                }
            }
            _ => Met::CannotTell,
        };
        objectives.push(met);
        medians = medians.zip(located).map(|(medians, (median, _))| [medians, vec![median]].concat());
    }
    let any = |met: Met| objectives.contains(&met);
    let whole = match () {
        () if lost => Met::Fails,
        () if any(Met::Fails) => Met::Fails,
        () if any(Met::CannotTell) => Met::CannotTell,
        () => Met::Meets,
    };
    let price = ask.price.unwrap();
    let cost = |trial: &Trial| {
        let ended = trial.store.reads as f64 / trial.store_load;
        Some(price.cache * (trial.cache.gets as f64 / ended) + price.store * trial.store_load)
    };
    let cost = of_all(&cost).filter(|costs| !costs.is_empty()).map(|costs| located(costs).0);
    let place = medians.zip(cost).map(|(medians, cost)| [medians, vec![cost]].concat());
    (objectives, whole, place.filter(|_| !lost && !few))
}

/// Whether `a` is as good as `b` everywhere and better somewhere.
fn beats(ask: &Ask, a: &[f64], b: &[f64]) -> bool {
    let mut better = false;
    for (place, (a, b)) in a.iter().zip(b).enumerate() {
        let less =
            ask.objectives.get(place).is_none_or(|asked| matches!(asked.relation, Relation::Below | Relation::AtMost));
        if (less && a > b) || (!less && a < b) {
            return false;
        }
        better |= a != b;
    }
    better
}

/// Holds all of it against the answer.
fn check(run: &Run, dids: &[Did], ask: &Ask, told: &Recommendation) -> Result<(), TestCaseError> {
    let candidates: &[Candidate] = &told.points[0].candidates;
    let point = &told.points[0];
    let naive: Vec<_> = ARMS.iter().zip(dids).map(|(arm, did)| judged(run, arm, *did, ask)).collect();
    for (candidate, (objectives, whole, place)) in candidates.iter().zip(&naive) {
        let each: Vec<Met> = candidate.objectives.iter().map(|judged| judged.met).collect();
        prop_assert_eq!(&each, objectives, "{}", candidate.name);
        prop_assert_eq!(candidate.met, *whole, "{}", candidate.name);
        let best = place.as_ref().is_some_and(|place| {
            !naive.iter().filter_map(|(.., other)| other.as_ref()).any(|other| beats(ask, other, place))
        });
        prop_assert_eq!(candidate.on_frontier, best, "{}", candidate.name);
    }
    let any = |met: Met| naive.iter().any(|(_, whole, _)| *whole == met);
    let whole = match (any(Met::Meets), any(Met::CannotTell)) {
        (true, _) => Met::Meets,
        (false, true) => Met::CannotTell,
        (false, false) => Met::Fails,
    };
    prop_assert_eq!(point.met, whole);
    let cost = |(_, whole, place): &(Vec<Met>, Met, Option<Vec<f64>>)| {
        place.as_ref().filter(|_| *whole == Met::Meets).map(|place| *place.last().unwrap())
    };
    let least = naive.iter().filter_map(cost).reduce(f64::min);
    let cheapest: Vec<usize> =
        (0..naive.len()).filter(|arm| cost(&naive[*arm]).is_some() && cost(&naive[*arm]) == least).collect();
    prop_assert_eq!(&point.cheapest, &cheapest);
    prop_assert!(point.as_cheap.iter().all(|arm| naive[*arm].1 == Met::Meets && !cheapest.contains(arm)));
    // No other is less far from its furthest bound than the nearest.
    prop_assert!(point.nearest.is_empty() || whole != Met::Meets);
    let excess = |arm: &usize| candidates[*arm].excess.unwrap();
    for arm in &point.nearest {
        prop_assert!(candidates.iter().filter_map(|other| other.excess).all(|other| other >= excess(arm)));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn the_answer_is_that_of_a_brute_force(
        arms in prop::collection::vec(arm(), 4),
        slo in objectives(),
        cache in 0_u8..3,
    ) {
        let run = made(&arms);
        let ask = priced(&slo, &format!("cache={cache},store=10"));
        let told = recommend(&run, &ask).unwrap();
        let dids: Vec<Did> = arms.iter().map(|(_, did)| *did).collect();
        check(&run, &dids, &ask, &told)?;
    }
}
