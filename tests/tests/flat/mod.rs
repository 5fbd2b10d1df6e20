//! Functions of a list of numbers, both modes against differences, the primal bit by bit.

macro_rules! check_flat {
    ($f:path, $x:expr) => {{
        use $f as f;
        let x: Vec<f64> = $x.to_vec();
        let value = f(&x);
        assert!(value.is_finite());
        let (v, g) = f::value_and_grad(&x);
        assert_eq!(v.to_bits(), value.to_bits(), "primal in reverse");
        autodiff_runtime::check::gradient(|p: &Vec<f64>| f(p), &x, &g).assert_below(1e-8);
        assert!(g.iter().any(|slope| *slope != 0.0));
        let mut into = vec![9.0; x.len()];
        f::value_and_grad_into(&x, &mut into);
        assert_eq!(into, g);
        for k in 0..x.len() {
            let mut d = vec![0.0; x.len()];
            d[k] = 1.0;
            let (v, s) = f::jvp(&x, &d);
            assert_eq!(v.to_bits(), value.to_bits(), "primal in forward");
            assert!((s - g[k]).abs() <= 1e-12 * s.abs().max(1.0), "{s} {}", g[k]);
        }
    }};
}

pub(crate) use check_flat;
