//! The scalar product.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::bilinear;
use crate::linalg::shape::same_shapes;
use crate::linalg::shape::{View, ViewMut};

rule! {
    /// The scalar product `y = sum_ij A_ij B_ij`, without conjugation.
    ///
    /// `A`, `B` n x m, vectors among them. $\dot y = \dot A \cdot B + A \cdot \dot B$; $\bar A = \bar y \overline{B}$,
    /// $\bar B = \bar y \overline{A}$. All values are in the domain.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::dot;
    /// use nalgebra::Vector2;
    ///
    /// let (a, b) = (Vector2::new(1.0, 2.0), Vector2::new(3.0, 4.0));
    /// assert_eq!(dot::value_and_grad(&a, &b), (11.0, (b, a)));
    /// ```
    ///
    /// # Panics
    ///
    /// If the dimensions differ.
    dot[T: Field, R, C, R2, C2](a da: SA[R, C], b db: SB[R2, C2]) -> T
    ; twice
}

impl<T: Field> Rule<T, 2> for dot {
    type Constants = ();
    type Value = T;
    type Saved = ();

    fn forward([a, b]: [View<'_, T>; 2], (): ()) -> (T, ()) {
        same_shapes("dot", &a, &b);
        (a.dot(&b), ())
    }

    fn tangent([a, b]: [View<'_, T>; 2], (): &(), [da, db]: [View<'_, T>; 2]) -> T {
        da.dot(&b) + a.dot(&db)
    }

    fn reverse(
        [a, b]: [View<'_, T>; 2],
        (): &(),
        y_bar: T,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        a_bar.zip_apply(&b, |a_bar, b| *a_bar += y_bar * b.conjugate());
        b_bar.zip_apply(&a, |b_bar, a| *b_bar += y_bar * a.conjugate());
    }
}

bilinear!(dot);
