//! Each strategy over in-process parts. `hits` shows what strategy, counting and dispatch add to a bare cache.

use super::support::{Stack, context, entry, in_process, key};
use cachemark_core::{Cache, Key, Strategy, Value};
use criterion::Criterion;

const CACHING: [&str; 3] = ["cache-aside", "read-through", "write-through"];
const KEYS: usize = 1000;

pub(crate) fn hits(criterion: &mut Criterion) {
    let stack = Stack::new();
    let keys: Vec<Key> = (0..KEYS as u64).map(key).collect();
    let bare = in_process();
    let ctx = context();
    stack.runtime.block_on(async {
        for key in &keys {
            bare.set(&ctx, key, entry(), None).await.expect("set");
            stack.cache.set(&ctx, key, entry(), None).await.expect("set");
        }
    });
    let mut group = criterion.benchmark_group("strategies/hit");
    let mut turn = 0;
    group.bench_function("bare cache", |bencher| {
        bencher.to_async(&stack.runtime).iter(|| {
            turn += 1;
            bare.get(&ctx, &keys[turn % KEYS])
        });
    });
    for name in CACHING {
        let strategy = stack.strategy(name);
        group.bench_function(name, |bencher| {
            bencher.to_async(&stack.runtime).iter(|| {
                turn += 1;
                strategy.read(&ctx, &keys[turn % KEYS])
            });
        });
    }
    group.finish();
}

pub(crate) fn misses(criterion: &mut Criterion) {
    let stack = Stack::new();
    let (ctx, key) = (context(), key(1));
    let mut group = criterion.benchmark_group("strategies/miss");
    for name in ["no-cache"].iter().chain(&CACHING) {
        let strategy = stack.strategy(name);
        stack.runtime.block_on(strategy.write(&ctx, &key, Value::new(vec![7; 256]))).expect("write");
        group.bench_function(*name, |bencher| {
            bencher.to_async(&stack.runtime).iter(async || {
                // Part of what is timed, the same for all: without it there would be no miss.
                stack.cache.delete(&ctx, &key).await.expect("delete");
                strategy.read(&ctx, &key).await
            });
        });
    }
    group.finish();
}

pub(crate) fn writes(criterion: &mut Criterion) {
    let stack = Stack::new();
    let (ctx, key, value) = (context(), key(1), Value::new(vec![7; 256]));
    let mut group = criterion.benchmark_group("strategies/write");
    for name in ["no-cache"].iter().chain(&CACHING) {
        let strategy = stack.strategy(name);
        group.bench_function(*name, |bencher| {
            bencher.to_async(&stack.runtime).iter(|| strategy.write(&ctx, &key, value.clone()));
        });
    }
    group.finish();
}
