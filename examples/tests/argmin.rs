//! Functions of the examples as problems of an optimiser that knows nothing of them, the crate argmin: by its traits and those of
//! `autodiff_runtime::operators`, once for all functions of a list.

use argmin::core::{CostFunction, Error, Executor, Gradient, Hessian, Solver, State};
use argmin::solver::linesearch::MoreThuenteLineSearch;
use argmin::solver::quasinewton::LBFGS;
use argmin::solver::trustregion::{Steihaug, TrustRegion};
use autodiff_runtime::differentiate;
use autodiff_runtime::operators::{self, HessianProduct};
use examples::classics::rosenbrock;
use std::marker::PhantomData;

/// The function beside which the type `F` is.
struct Problem<F>(PhantomData<F>);

impl<F> CostFunction for Problem<F>
where
    F: for<'a> operators::Gradient<(&'a [f64],), Value = f64, Gradient = Vec<f64>>,
{
    type Param = Vec<f64>;
    type Output = f64;

    fn cost(&self, x: &Vec<f64>) -> Result<f64, Error> {
        Ok(F::value_and_grad((x,)).0)
    }
}

impl<F> Gradient for Problem<F>
where
    F: for<'a> operators::Gradient<(&'a [f64],), Value = f64, Gradient = Vec<f64>>,
{
    type Param = Vec<f64>;
    type Gradient = Vec<f64>;

    fn gradient(&self, x: &Vec<f64>) -> Result<Vec<f64>, Error> {
        Ok(F::value_and_grad((x,)).1)
    }
}

impl<F> Hessian for Problem<F>
where
    F: for<'a> HessianProduct<(&'a [f64],), Gradient = Vec<f64>>,
{
    type Param = Vec<f64>;
    type Hessian = Vec<Vec<f64>>;

    fn hessian(&self, x: &Vec<f64>) -> Result<Vec<Vec<f64>>, Error> {
        let unit = |k: usize| (0..x.len()).map(|i| f64::from(i == k)).collect();
        let row = |k| F::hvp((x,), &unit(k));
        Ok((0..x.len()).map(row).collect())
    }
}

/// Where a method ends, and how many iterations it takes.
fn minimum<P, S, I>(problem: P, solver: S, start: impl FnOnce(I) -> I) -> (Vec<f64>, u64)
where
    I: State<Param = Vec<f64>>,
    S: Solver<P, I>,
{
    let run = Executor::new(problem, solver).configure(start).run();
    let state = run.expect("it converges").state;
    let best = state.get_best_param().expect("there is a best one");
    (best.clone(), state.get_iter())
}

/// A function of this file: not convex, the minimum at `x_k = ln(k + 1)`.
#[differentiate(order = 2)]
fn wells(x: &[f64]) -> f64 {
    let mut total = 0.0;
    for (k, v) in x.iter().enumerate() {
        let off = v.exp() - (k as f64 + 1.0);
        total += (1.0 + off * off).ln();
    }
    total
}

fn near(x: &[f64], expected: impl Fn(usize) -> f64) {
    for (k, v) in x.iter().enumerate() {
        assert!((v - expected(k)).abs() < 1e-6, "{x:?}");
    }
}

#[test]
fn a_trust_region_by_second_derivatives() {
    let solver = || TrustRegion::new(Steihaug::new().with_max_iters(20));
    let start = vec![-1.2, 1.0, -0.5, 0.8, 1.4, -0.3];
    let problem = Problem::<rosenbrock>(PhantomData);
    let (x, iterations) = minimum(problem, solver(), |s| s.param(start).max_iters(60));
    near(&x, |_| 1.0);
    assert!(iterations <= 60);
    let problem = Problem::<wells>(PhantomData);
    let (x, _) = minimum(problem, solver(), |s| s.param(vec![0.3; 4]).max_iters(60));
    near(&x, |k| (k as f64 + 1.0).ln());
}

#[test]
fn lbfgs_by_gradients() {
    let start: Vec<f64> = (0..20)
        .map(|k| 1.0 + 0.3 * f64::sin(f64::from(k)))
        .collect();
    let solver = LBFGS::new(MoreThuenteLineSearch::new(), 7);
    let problem = Problem::<rosenbrock>(PhantomData);
    let (x, _) = minimum(problem, solver, |s| s.param(start).max_iters(300));
    near(&x, |_| 1.0);
}
