//! The trace.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::linear;
use crate::linalg::shape::{View, ViewMut, square};

rule! {
    /// The trace `y = tr A`, the sum of the diagonal.
    ///
    /// `A` n x n. $\dot y = \mathrm{tr} \dot A$; $\bar A = \bar y I$. All values are in the domain.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::trace;
    /// use nalgebra::Matrix2;
    ///
    /// let (value, gradient) = trace::value_and_grad(&Matrix2::new(1.0, 2.0, 3.0, 4.0));
    /// assert_eq!((value, gradient), (5.0, Matrix2::identity()));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    trace[T: Field, D](a da: S[D, D]) -> T
    ; twice
}

impl<T: Field> Rule<T, 1> for trace {
    type Constants = ();
    type Value = T;
    type Saved = ();

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (T, ()) {
        square("trace", &a);
        (a.trace(), ())
    }

    fn tangent(_: [View<'_, T>; 1], (): &(), [da]: [View<'_, T>; 1]) -> T {
        da.trace()
    }

    fn reverse(_: [View<'_, T>; 1], (): &(), y_bar: T, [mut a_bar]: [ViewMut<'_, T>; 1]) {
        for i in 0..a_bar.nrows() {
            a_bar[(i, i)] += y_bar;
        }
    }
}

linear!(trace);
