//! Modules, types and variants of one's own that are named as those of the standard library, of numbers and of libm.

use autodiff_runtime::{Differentiable, differentiate};

/// What a type parameter sets.
pub trait Setting {
    const K: f64;
    const N: usize;
}

pub struct Fine;

impl Setting for Fine {
    const K: f64 = 2.5;
    const N: usize = 3;
}

#[differentiate(order = 2)]
fn set<S: Setting>(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for v in x.iter().take(S::N) {
        sum += (v * S::K).sin() * v;
    }
    sum * S::K
}

#[differentiate(order = 2)]
pub fn constants(x: &[f64]) -> f64 {
    set::<Fine>(x) * Fine::K + x[0] * <Fine as Setting>::K
}

pub mod libm {
    use autodiff_runtime::differentiate;

    #[differentiate(order = 2)]
    pub fn sin(a: f64) -> f64 {
        a.sin() * a
    }
}

pub mod num {
    use autodiff_runtime::differentiate;

    #[differentiate(order = 2)]
    pub fn abs(v: f64) -> f64 {
        v * v
    }
}

pub mod algorithms {
    pub mod mem {
        use autodiff_runtime::differentiate;

        #[differentiate(order = 2)]
        pub fn swap(a: &mut f64, b: &mut f64) {
            *a *= 2.0;
            *b += *a;
        }

        #[differentiate(order = 2)]
        pub fn replace(a: &mut f64, b: f64) -> f64 {
            *a *= b;
            *a + b
        }
    }

    pub mod f64 {
        use autodiff_runtime::differentiate;

        type Real = ::core::primitive::f64;

        #[differentiate(order = 2)]
        pub fn hypot(a: Real, b: Real) -> Real {
            a * b
        }
    }

    pub mod iter {
        use autodiff_runtime::differentiate;

        #[differentiate(order = 2)]
        pub fn zip(a: f64, b: f64) -> f64 {
            a * b * b
        }
    }
}

pub mod shim {
    use autodiff_runtime::differentiate;

    #[differentiate(order = 2)]
    pub fn identity(a: f64) -> f64 {
        a * a + 3.0
    }
}

#[differentiate(order = 2)]
pub fn drop(a: f64) -> f64 {
    a * a
}

/// The same names, of the standard library.
pub mod beside {
    use autodiff_runtime::differentiate;
    use std::mem;

    #[differentiate(order = 2)]
    pub fn exchanged(a: f64, b: f64) -> f64 {
        let (mut a, mut b) = (a, b * b);
        mem::swap(&mut a, &mut b);
        f64::hypot(a, 1.0) * b + mem::replace(&mut a, 0.0)
    }
}

#[differentiate(order = 2)]
pub fn of_crates(x: &[f64]) -> f64 {
    libm::sin(x[0]) * num::abs(x[1]) + beside::exchanged(x[1], x[2])
}

#[differentiate(order = 2)]
pub fn of_paths(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    algorithms::mem::swap(&mut a, &mut b);
    let product = algorithms::f64::hypot(a, b) + f64::hypot(a, b);
    product * algorithms::iter::zip(x[2], a)
}

#[differentiate(order = 2)]
pub fn of_imports(x: &[f64]) -> f64 {
    use algorithms::mem;
    use shim as convert;
    let mut a = x[0];
    let b = mem::replace(&mut a, x[1]);
    let kept = vec![a];
    std::mem::drop(kept);
    a * b + convert::identity(x[2]) * drop(x[0])
}

/// A unit of functions only.
pub struct Real;

#[differentiate(order = 2)]
impl Real {
    pub fn sin(v: f64) -> f64 {
        v * v
    }

    pub fn max(a: f64, b: f64) -> f64 {
        a + b * b
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Cell {
    u: f64,
    v: f64,
}

#[differentiate(order = 2, self)]
impl Cell {
    fn new(u: f64, v: f64) -> Self {
        Cell { u, v }
    }

    fn flow(&self) -> f64 {
        self.u * self.v
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Range {
    low: f64,
    high: f64,
}

#[differentiate(order = 2, self)]
impl Range {
    fn new(low: f64, high: f64) -> Self {
        Range { low, high }
    }

    fn map(&self, k: f64) -> Range {
        Range {
            low: self.low * k,
            high: self.high * k,
        }
    }

    fn len(&self) -> f64 {
        self.high - self.low * self.low
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub struct Float(f64);

#[differentiate(order = 2, self)]
impl Float {
    fn sqrt(self) -> Self {
        Float(self.0 * self.0)
    }

    fn get(self) -> f64 {
        self.0
    }
}

#[differentiate(order = 2)]
pub fn of_types(x: &[f64]) -> f64 {
    let cells: Vec<Cell> = x.iter().map(|v| Cell::new(v * 0.3, 0.2 + v)).collect();
    let flows: f64 = cells.iter().map(Cell::flow).sum();
    let range = Range::new(x[0], x[1]);
    flows * range.map(2.0).len() + Real::sin(x[0]) * Real::max(x[1], x[2])
        - Float(x[2]).sqrt().get()
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub enum Maybe {
    Some(f64),
    None,
}

#[differentiate(order = 2, self)]
impl Maybe {
    fn of(v: f64) -> Self {
        if v > 0.5 {
            Self::Some(v * v)
        } else {
            Maybe::None
        }
    }

    fn or(&self, other: f64) -> f64 {
        match self {
            Self::Some(v) => *v,
            Self::None => other,
        }
    }
}

#[derive(Clone, Copy, Debug, Differentiable)]
pub enum Half {
    Ok(f64),
    Err(f64),
}

#[differentiate(order = 2)]
fn half(v: f64) -> Half {
    if v > 1.0 {
        Half::Ok(v * v)
    } else {
        Half::Err(v * 3.0)
    }
}

#[differentiate(order = 2)]
pub fn of_variants(x: &[f64]) -> f64 {
    let halves = x.iter().map(|v| match half(*v) {
        Half::Ok(a) => a * x[0],
        Half::Err(b) => b + x[1],
    });
    let sum: f64 = halves.sum();
    let first: Option<f64> = x.first().map(|v| v * x[1]);
    let first = match first {
        Some(v) if v > 0.0 => v,
        _ => 0.0,
    };
    sum + Maybe::of(x[0]).or(x[1] * x[2]) + Maybe::None.or(x[1] * x[1]) * first
}

#[test]
fn of_the_standard_library() {
    const POINTS: &[&[f64]] = &[&[0.71, 1.3, 2.1], &[-0.41, 0.8, 0.31], &[1.4, -1.2, 0.6]];
    tests::agree!(of_crates at POINTS);
    tests::curvature!(of_crates at POINTS);
    tests::agree!(of_paths at POINTS);
    tests::curvature!(of_paths at POINTS);
    tests::agree!(of_imports at POINTS);
    tests::curvature!(of_imports at POINTS);
    tests::agree!(constants at POINTS);
    tests::curvature!(constants at POINTS);
    tests::agree!(of_types at POINTS);
    tests::curvature!(of_types at POINTS);
    tests::agree!(of_variants at POINTS);
    tests::curvature!(of_variants at POINTS);
}
