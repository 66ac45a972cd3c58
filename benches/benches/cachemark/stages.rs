//! Every stage of an operation and of a report, alone: the list that the instruction counts are of.

use cachemark_benches::stage::STAGES;
use criterion::Criterion;

pub(crate) fn stages(criterion: &mut Criterion) {
    for stage in STAGES {
        let mut group = criterion.benchmark_group("stages");
        // A stage of a second is not repeated a hundred times.
        if stage.counts.0 == 1 {
            group.sample_size(10);
        }
        group.bench_function(stage.name, |bencher| bencher.iter_custom(stage.run));
        group.finish();
    }
}
