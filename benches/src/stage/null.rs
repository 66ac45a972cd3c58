//! The strategy that asks nothing: what calling a strategy costs.

use cachemark_core::{Key, OpContext, Strategy};
use cachemark_strategy::Null;
use std::hint::black_box;
use std::time::{Duration, Instant};

pub(super) fn run(count: u64) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    let (ctx, key) = (OpContext::new(0), Key::new("cm:0").expect("it is short"));
    runtime.block_on(async {
        let began = Instant::now();
        for _ in 0..count {
            black_box(Null.read(black_box(&ctx), black_box(&key)).await.is_ok());
        }
        began.elapsed()
    })
}
