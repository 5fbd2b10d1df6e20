//! The applications' primal, generated derivative and hand-written derivative, side by side.

use criterion::{Criterion, criterion_group, criterion_main};
use examples::applications;
use std::hint::black_box;

fn gradients(criterion: &mut Criterion) {
    let all = match applications::all(None) {
        Ok(all) => all,
        Err(error) => panic!("{error:#}"),
    };
    for application in all {
        let mut group = criterion.benchmark_group(&application.name);
        group.bench_function("primal", |b| b.iter(|| black_box((application.value)())));
        group.bench_function("generated", |b| {
            b.iter(|| black_box((application.generated)()))
        });
        group.bench_function("by hand", |b| b.iter(|| black_box((application.by_hand)())));
        group.finish();
    }
}

criterion_group!(benches, gradients);
criterion_main!(benches);
