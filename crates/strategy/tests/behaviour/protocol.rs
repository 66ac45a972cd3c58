//! What descriptors say of each operation's steps is what strategies ask, call by call.

use crate::rig::{Rig, ctx, key, settle};
use cachemark_core::{Descriptor, Source, Step, Strategy, Value};
use cachemark_strategy::strategies;

/// The calls among the steps, as the log writes them but for the key.
fn calls(steps: &[Step]) -> Vec<String> {
    let call = |step: &Step| match step {
        Step::Cache(call) => Some(format!("C.{call}")),
        Step::Store(call) => Some(format!("S.{call}")),
        Step::Own(_) | Step::Answer => None,
    };
    steps.iter().filter_map(call).collect()
}

/// The calls since the last question, once everything that was begun has ended.
async fn asked(rig: &Rig) -> Vec<String> {
    settle().await;
    rig.strategy.drain(&ctx()).await.unwrap();
    let head = |line: String| line.split_once(' ').map_or(line.clone(), |(call, _)| call.to_owned());
    rig.asked().into_iter().map(head).collect()
}

async fn check(strategy: &Descriptor) {
    let (name, protocol) = (strategy.name, strategy.protocol);
    let rig = Rig::new(name, "");
    rig.store.preload(&key(), Value::new("a"));
    rig.read().await.unwrap();
    assert_eq!(asked(&rig).await, calls(protocol.miss), "{name}: miss");
    if !protocol.hit.is_empty() {
        assert_eq!(rig.read().await.unwrap().source, Source::Hit, "{name}");
        assert_eq!(asked(&rig).await, calls(protocol.hit), "{name}: hit");
    }
    rig.write("b").await.unwrap();
    assert_eq!(asked(&rig).await, calls(protocol.write), "{name}: write");
    rig.delete().await.unwrap();
    assert_eq!(asked(&rig).await, calls(protocol.delete), "{name}: delete");
}

#[tokio::test(start_paused = true)]
async fn steps_are_those_that_are_taken() {
    for strategy in strategies() {
        // A read that no cache answers, a write and a delete are there whatever it is; a hit, if it asks a cache.
        let protocol = strategy.protocol;
        let has_all = [protocol.miss, protocol.write, protocol.delete].iter().all(|steps| !steps.is_empty());
        assert!(has_all && protocol.hit.is_empty() != strategy.asks_cache(), "{}: {protocol:?}", strategy.name);
        let told = strategy.protocol.operations().all(|(_, steps)| steps.contains(&Step::Answer));
        assert!(told, "{}: an operation that is never answered", strategy.name);
        check(strategy).await;
    }
}
