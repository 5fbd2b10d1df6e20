//! Differentiated functions as parameters of other code, and Taylor models made of their derivatives.
//!
//! The type `f` beside a function `fn f(x: &[f64], a: f64) -> f64` implements [`Gradient`] of its arguments as a tuple, and with
//! `order = 2` [`HessianProduct`], with `taylor` [`TaylorSeries`]; that beside a function with several outputs implements [`Jacobian`]. An optimiser that is written for such types takes any function:
//!
//! ```
//! use autodiff_runtime::differentiate;
//! use autodiff_runtime::operators::Gradient;
//!
//! fn descend<F>(mut x: Vec<f64>, rate: f64, steps: usize) -> Vec<f64>
//! where
//!     F: for<'a> Gradient<(&'a [f64],), Gradient = Vec<f64>>,
//! {
//!     for _ in 0..steps {
//!         let (_, gradient) = F::value_and_grad((&x,));
//!         for (x, g) in x.iter_mut().zip(gradient) {
//!             *x -= rate * g;
//!         }
//!     }
//!     x
//! }
//!
//! #[differentiate]
//! fn bowl(x: &[f64]) -> f64 {
//!     x.iter().map(|x| (x - 1.0).powi(2)).sum()
//! }
//!
//! let minimum = descend::<bowl>(vec![3.0, -2.0], 0.25, 60);
//! assert!(minimum.iter().all(|x| (x - 1.0).abs() < 1e-12));
//! ```

use crate::batch::Lanes;
use crate::scalar::Real;
use nalgebra::DMatrix;

/// A function with a scalar result and a gradient. `Args` is the tuple of its arguments.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no gradient with respect to arguments of type `{Args}`",
    label = "the type beside a function that is marked `#[differentiate]` is expected",
    note = "its arguments are a tuple in their order, `(&[f64],)` for one"
)]
pub trait Gradient<Args> {
    /// The type of the result.
    type Value;
    /// The type of the gradient: bare for one differentiable parameter, a tuple for several.
    type Gradient;

    /// The value and the gradient.
    fn value_and_grad(args: Args) -> (Self::Value, Self::Gradient);
}

/// A function that is differentiated twice.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no second derivatives with respect to arguments of type `{Args}`",
    note = "functions that are marked `#[differentiate(order = 2)]` have"
)]
pub trait HessianProduct<Args>: Gradient<Args> {
    /// The product of the Hessian with a direction, which has the shape of the gradient.
    fn hvp(args: Args, direction: &Self::Gradient) -> Self::Gradient;
}

/// A function with the option `taylor`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no Taylor coefficients with respect to arguments of type `{Args}`",
    note = "functions with a scalar result that are marked `#[differentiate(taylor)]` have"
)]
pub trait TaylorSeries<Args>: Gradient<Args> {
    /// The value, and the coefficients of `t`, `t^2`, .. along a direction, which has the shape of the gradient.
    fn taylor<const K: usize>(
        args: Args,
        direction: &Self::Gradient,
    ) -> (Self::Value, Lanes<Self::Value, K>);
}

/// A function of which the result is a list, a matrix, a tuple or another that has coordinates, and its Jacobian matrix. `Value` is the type of
/// the result.
///
/// ```
/// use autodiff_runtime::differentiate;
/// use autodiff_runtime::operators::Jacobian;
/// use nalgebra::DVector;
///
/// /// Newton's method for any equations.
/// fn root<F>(mut x: DVector<f64>, steps: usize) -> DVector<f64>
/// where
///     F: for<'a> Jacobian<(&'a DVector<f64>,), DVector<f64>, Number = f64>,
/// {
///     for _ in 0..steps {
///         let (value, jacobian) = F::value_and_jacobian((&x,));
///         x -= jacobian.lu().solve(&value).expect("a regular matrix");
///     }
///     x
/// }
///
/// #[differentiate]
/// fn equations(x: &DVector<f64>) -> DVector<f64> {
///     DVector::from_vec(vec![x[0] * x[0] + x[1] - 3.0, x[0] - x[1] + 1.0])
/// }
///
/// let x = root::<equations>(DVector::from_vec(vec![1.5, 1.5]), 8);
/// assert!((x - DVector::from_vec(vec![1.0, 2.0])).norm() < 1e-14);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no Jacobian matrix of a result of type `{Value}` with respect to arguments of type `{Args}`",
    label = "the type beside a function that is marked `#[differentiate]`, with several outputs, is expected",
    note = "its arguments are a tuple in their order, `(&[f64],)` for one"
)]
pub trait Jacobian<Args, Value> {
    /// The type of the numbers.
    type Number;

    /// The value.
    fn value(args: Args) -> Value;

    /// Outputs by inputs, both flattened in order.
    fn jacobian(args: Args) -> DMatrix<Self::Number>;

    /// Both.
    fn value_and_jacobian(args: Args) -> (Value, DMatrix<Self::Number>)
    where
        Args: Clone,
    {
        (Self::value(args.clone()), Self::jacobian(args))
    }
}

/// The order in which a derivative is computed: with the function, or against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// A sweep for each input, or for several at once.
    Forward,
    /// A sweep for each output.
    Reverse,
}

impl Mode {
    /// The mode that needs fewer sweeps for a Jacobian, where a forward sweep takes so many directions at once. A sweep of several
    /// costs about as much as two of one.
    #[doc(hidden)]
    #[must_use]
    pub fn of_jacobian(inputs: usize, outputs: usize, directions: usize) -> Self {
        let sweeps = match directions {
            1 => inputs,
            n => 2 * inputs.div_ceil(n),
        };
        if sweeps <= outputs {
            Self::Forward
        } else {
            Self::Reverse
        }
    }
}

/// The first-order Taylor model `f(x) + <g, y - x>`, which is off by `O(|y - x|^2)`.
///
/// ```
/// use autodiff_runtime::differentiate;
/// use autodiff_runtime::operators::LinearModel;
///
/// #[differentiate]
/// fn product(x: &[f64]) -> f64 {
///     x[0] * x[1]
/// }
///
/// let x = [2.0, 3.0];
/// let model = LinearModel::new(&x, product::value_and_grad(&x));
/// assert_eq!(model.at(&[2.5, 3.5]), 6.0 + 3.0 * 0.5 + 2.0 * 0.5);
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct LinearModel<S> {
    /// The point that it is made at.
    pub point: Vec<S>,
    /// The value there.
    pub value: S,
    /// The gradient there.
    pub gradient: Vec<S>,
}

impl<S: Real> LinearModel<S> {
    /// The model at a point, from what `value_and_grad` says there.
    ///
    /// # Panics
    ///
    /// If the gradient has not the length of the point.
    #[track_caller]
    pub fn new(point: &[S], (value, gradient): (S, Vec<S>)) -> Self {
        let (n, m) = (point.len(), gradient.len());
        assert_eq!(
            n, m,
            "the point has {n} coordinates, but the gradient has {m}"
        );
        Self {
            point: point.to_vec(),
            value,
            gradient,
        }
    }

    /// The model's value at `y`.
    ///
    /// # Panics
    ///
    /// If `y` has not the length of the point.
    #[track_caller]
    pub fn at(&self, y: &[S]) -> S {
        let step = self.step_to(y);
        self.value + dot(&self.gradient, &step)
    }

    #[track_caller]
    fn step_to(&self, y: &[S]) -> Vec<S> {
        let (n, m) = (self.point.len(), y.len());
        assert_eq!(n, m, "the model has {n} coordinates, but the point has {m}");
        y.iter().zip(&self.point).map(|(y, x)| *y - *x).collect()
    }
}

/// The second-order Taylor model `f(x) + <g, h> + <h, H h> / 2` with `h = y - x`, which is off by `O(|h|^3)`.
///
/// ```
/// use autodiff_runtime::differentiate;
/// use autodiff_runtime::operators::QuadraticModel;
///
/// #[differentiate(order = 2)]
/// fn product(x: &[f64]) -> f64 {
///     x[0] * x[1]
/// }
///
/// let x = [2.0, 3.0];
/// let model = QuadraticModel::new(&x, product::value_and_grad(&x), product::hessian(&x));
/// assert_eq!(model.at(&[2.5, 3.5]), product(&[2.5, 3.5]));
/// ```
#[derive(Clone, PartialEq, Debug)]
pub struct QuadraticModel<S> {
    /// Value and gradient.
    pub linear: LinearModel<S>,
    /// The Hessian.
    pub hessian: DMatrix<S>,
}

impl<S: Real> QuadraticModel<S> {
    /// The model at a point, from what `value_and_grad` and `hessian` say there.
    ///
    /// # Panics
    ///
    /// If the gradient or the Hessian have not the shape of the point.
    #[track_caller]
    pub fn new(point: &[S], first: (S, Vec<S>), hessian: DMatrix<S>) -> Self {
        let (n, shape) = (point.len(), hessian.shape());
        assert_eq!(
            (n, n),
            shape,
            "the point has {n} coordinates, but the Hessian is {shape:?}"
        );
        Self {
            linear: LinearModel::new(point, first),
            hessian,
        }
    }

    /// The model's value at `y`.
    ///
    /// # Panics
    ///
    /// If `y` has not the length of the point.
    #[track_caller]
    pub fn at(&self, y: &[S]) -> S {
        let step = self.linear.step_to(y);
        let columns = self.hessian.column_iter().zip(&step);
        let terms = columns.map(|(column, h)| *h * dot(column.as_slice(), &step));
        let curvature: S = terms.sum();
        self.linear.at(y) + S::__from_f64(0.5) * curvature
    }
}

fn dot<S: Real>(a: &[S], b: &[S]) -> S {
    a.iter().zip(b).map(|(a, b)| *a * *b).sum()
}
