//! Linear systems with a triangular matrix.

use crate::linalg::Field;
use crate::linalg::rule::names::*;
use crate::linalg::rule::{defined, rule};
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, same_rows, square};
use crate::linalg::triangular::{Side, Triangle, solve_triangular_mut};
use nalgebra::DMatrix;

rule! {
    /// The solution `X` of `T X = B`, or of `T^H X = B` if `transposed`, for the lower or upper triangle `T` of `A`; `None` if there is
    /// a zero on the diagonal.
    ///
    /// `A` n x n, `B` n x k. $\dot X = T^{-1} (\dot B - \dot T X)$; $\bar B = T^{-H} \bar X$, $\bar A = -\bar B X^H$, of which only the
    /// triangle is kept: the other one is not read and has no part in the derivative.
    ///
    /// M. B. Giles (2008), [doi:10.1007/978-3-540-68942-3_4](https://doi.org/10.1007/978-3-540-68942-3_4).
    ///
    /// ```
    /// use autodiff_runtime::linalg::{Triangle, solve_triangular};
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let (l, b) = (Matrix2::new(2.0, 0.0, 1.0, 4.0), Vector2::new(2.0, 5.0));
    /// let (x, pullback) = solve_triangular::vjp(&l, &b, Triangle::Lower, false);
    /// assert_eq!(x, Some(Vector2::new(1.0, 1.0)));
    /// let (l_bar, b_bar) = pullback(Some(Vector2::new(0.0, 1.0)));
    /// assert_eq!(l_bar, Matrix2::new(0.125, 0.0, -0.25, -0.25));
    /// assert_eq!(b_bar, Vector2::new(-0.125, 0.25));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square, or `B` has another number of rows.
    solve_triangular[T: Field, D, E, K](a da: SA[D, D], b db: SB[E, K]; triangle: Triangle, transposed: bool)
        -> Option<OMatrix<T, D, K>>
    where [DefaultAllocator: Allocator<D, K>]
    ; twice
}

/// The solution, and how it was solved for.
pub struct Solved<T> {
    x: DMatrix<T>,
    triangle: Triangle,
    side: Side,
}

impl<T: Field> Rule<T, 2> for solve_triangular {
    type Constants = (Triangle, bool);
    type Value = Option<DMatrix<T>>;
    type Saved = Option<Solved<T>>;

    fn forward(
        [a, b]: [View<'_, T>; 2],
        (triangle, transposed): (Triangle, bool),
    ) -> (Self::Value, Self::Saved) {
        square("solve_triangular", &a);
        same_rows("solve_triangular", &a, &b);
        if a.diagonal().iter().any(T::is_zero) {
            return (None, None);
        }
        let side = if transposed {
            Side::Adjoint
        } else {
            Side::Plain
        };
        let mut x = b.clone_owned();
        solve_triangular_mut(&a, triangle, side, &mut x);
        (Some(x.clone()), Some(Solved { x, triangle, side }))
    }

    fn tangent(
        [a, _]: [View<'_, T>; 2],
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
    ) -> Self::Value {
        let Solved { x, triangle, side } = saved.as_ref()?;
        let mut dx = db.clone_owned();
        let da = triangle.of(&da);
        let da = if *side == Side::Adjoint {
            da.adjoint()
        } else {
            da
        };
        dx.gemm(-T::one(), &da, x, T::one());
        solve_triangular_mut(&a, *triangle, *side, &mut dx);
        Some(dx)
    }

    fn reverse(
        [a, _]: [View<'_, T>; 2],
        saved: &Self::Saved,
        x_bar: Self::Value,
        [mut a_bar, mut b_bar]: [ViewMut<'_, T>; 2],
    ) {
        let Some((Solved { x, triangle, side }, mut z)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        solve_triangular_mut(&a, *triangle, side.opposite(), &mut z);
        b_bar += &z;
        let product = match side {
            Side::Plain => z * x.adjoint(),
            Side::Adjoint => x * z.adjoint(),
        };
        a_bar -= triangle.of(&product);
    }
}

impl<T: Field> SecondRule<T, 2> for solve_triangular {
    fn reverse_tangent(
        [a, b]: [View<'_, T>; 2],
        _: Self::Constants,
        saved: &Self::Saved,
        [da, db]: [View<'_, T>; 2],
        x_bar: Self::Value,
        [mut a_slope, mut b_slope]: [ViewMut<'_, T>; 2],
    ) {
        let Some((Solved { x, triangle, side }, mut z)) = defined(saved.as_ref(), x_bar) else {
            return;
        };
        let dx = Self::tangent([a, b], saved, [da, db]);
        let Some(dx) = dx else { return };
        solve_triangular_mut(&a, *triangle, side.opposite(), &mut z);
        let da = triangle.of(&da);
        let mut dz = match side {
            Side::Plain => -da.ad_mul(&z),
            Side::Adjoint => -(&da * &z),
        };
        solve_triangular_mut(&a, *triangle, side.opposite(), &mut dz);
        let product = match side {
            Side::Plain => &dz * x.adjoint() + z * dx.adjoint(),
            Side::Adjoint => x * dz.adjoint() + dx * z.adjoint(),
        };
        a_slope -= triangle.of(&product);
        b_slope += dz;
    }
}
