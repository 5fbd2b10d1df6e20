//! Functions parts of which depend on the configuration, as crates that also work without the standard library have them.
#![allow(clippy::non_minimal_cfg)] // conditions that hold nowhere and everywhere, on any machine

use autodiff_runtime::differentiate;

/// The fused operation where the target has it.
#[differentiate]
pub fn mul_add(a: f64, b: f64, c: f64) -> f64 {
    #[cfg(target_feature = "fma")]
    {
        a.mul_add(b, c)
    }
    #[cfg(not(target_feature = "fma"))]
    {
        a * b + c
    }
}

#[differentiate]
pub fn relaxed(x: &[f64], omega: f64) -> f64 {
    #[cfg(debug_assertions)]
    assert!(omega > 0.0 && omega < 2.0, "omega is out of range");
    #[cfg(any())]
    let x: &[f64] = &[];
    #[cfg(all())]
    let scale = 2.0;
    #[cfg(not(all()))]
    let scale = 3.0;
    let mut sum = 0.0;
    for v in x {
        #[cfg(all())]
        sum *= omega;
        #[cfg(any())]
        sum *= 7.0;
        sum += scale * mul_add(*v, *v, omega);
    }
    sum
}

#[differentiate]
pub fn by_order(x: f64, order: usize) -> f64 {
    match order {
        0 => x,
        #[cfg(any())]
        1 => 5.0 * x,
        1 => x * x,
        #[cfg(all())]
        _ => x.powi(3),
        #[cfg(any())]
        _ => 0.0,
    }
}

#[derive(Clone, Copy, Debug, autodiff_runtime::Differentiable)]
pub struct Spring {
    pub stiffness: f64,
}

#[differentiate(self)]
impl Spring {
    #[cfg(any())]
    fn force(&self, x: f64) -> f64 {
        x
    }

    #[cfg(all())]
    fn force(&self, x: f64) -> f64 {
        #[cfg(any())]
        return 0.0;
        -self.stiffness * x
    }
}

#[differentiate]
pub fn stretched(stiffness: f64, x: f64) -> f64 {
    let spring = Spring {
        #[cfg(any())]
        stiffness: 1.0,
        #[cfg(not(any()))]
        stiffness,
    };
    spring.force(x)
}

checks! {
    fused: |x| mul_add(x[0], x[1], x[2]), [0.4, 0.3, 1.2];
    statements: |x| relaxed(&x[1..], x[0]), [0.4, 0.3, 1.2, 0.7];
    arms: |x| by_order(x[0], 0) + by_order(x[0], 1) + by_order(x[0], 2), [0.4];
    members: |x| stretched(x[0], x[1]), [0.4, 1.3];
}
