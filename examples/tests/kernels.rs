//! Every benchmarked kernel: the generated derivative against the hand-written one and against differences.

use examples::applications;

#[test]
fn derivatives_agree() {
    for kernel in applications::kernels() {
        let name = &kernel.name;
        let (generated, by_hand) = ((kernel.generated)(), (kernel.by_hand)());
        assert_eq!(generated.len(), by_hand.len(), "{name}");
        for (k, (a, b)) in generated.iter().zip(&by_hand).enumerate() {
            let off = (a - b).abs() / (a.abs() + b.abs()).max(1.0);
            assert!(off <= 1e-10, "{name}, entry {k}: {a} is not {b}");
        }
    }
}

#[test]
fn derivatives_are_those_of_the_primal() {
    for kernel in applications::all(None).expect("generated data") {
        let off = (kernel.error)(&(kernel.generated)());
        assert!(off <= 1e-6, "{}: {off:e} off the differences", kernel.name);
    }
}

#[test]
fn second_derivatives_are_those_of_the_gradient() {
    for kernel in applications::all(None).expect("generated data") {
        let Some(curvature) = &kernel.curvature else {
            continue;
        };
        let off = (curvature.error)(&(curvature.product)());
        assert!(off <= 1e-6, "{}: {off:e} off the differences", kernel.name);
    }
}
