//! Every kernel's primal, generated tangent, generated derivative and hand-written derivative, side by side.

use criterion::{Criterion, criterion_group, criterion_main};
use examples::applications;
use std::hint::black_box;

fn gradients(criterion: &mut Criterion) {
    for kernel in applications::kernels() {
        let mut group = criterion.benchmark_group(&kernel.name);
        group.bench_function("primal", |b| b.iter(|| black_box((kernel.value)())));
        group.bench_function("tangent", |b| b.iter(|| (kernel.tangent)()));
        group.bench_function("generated", |b| b.iter(|| black_box((kernel.generated)())));
        group.bench_function("by hand", |b| b.iter(|| black_box((kernel.by_hand)())));
        group.finish();
    }
}

criterion_group!(benches, gradients);
criterion_main!(benches);
