//! The pseudo-inverse.

use crate::linalg::Field;
use crate::linalg::decomposition::svd::{Svd, scaled_columns};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, view_mut};
use nalgebra::DMatrix;

rule! {
    /// The pseudo-inverse `Y = A^+`; singular values up to `tolerance` times the largest count as zero.
    ///
    /// `A` n x m, `Y` m x n, of any rank. As long as the rank stays the same
    /// $\dot Y = -Y \dot A Y + Y Y^H \dot A^H (I - A Y) + (I - Y A) \dot A^H Y^H Y$, and in reverse
    /// $\bar A = -Y^H \bar Y Y^H + (I - A Y) \bar Y^H Y Y^H + Y^H Y \bar Y^H (I - Y A)$. Where the rank changes the pseudo-inverse is not
    /// continuous; these are the derivatives along matrices of the same rank.
    ///
    /// G. H. Golub and V. Pereyra (1973), [doi:10.1137/0710036](https://doi.org/10.1137/0710036).
    ///
    /// ```
    /// use autodiff_runtime::linalg::pinv;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let a = Matrix2::from_diagonal(&Vector2::new(2.0, 0.0));
    /// let (y, dy) = pinv::jvp(&a, 1e-12, &Matrix2::new(1.0, 1.0, 0.0, 0.0));
    /// assert!((y - Matrix2::new(0.5, 0.0, 0.0, 0.0)).norm() < 1e-15);
    /// assert!((dy - Matrix2::new(-0.25, 0.0, 0.25, 0.0)).norm() < 1e-15);
    /// ```
    pinv[T: Field, R, C](a da: S[R, C]; tolerance: T::RealField) -> OMatrix<T, C, R>
    where [DefaultAllocator: Allocator<C, R>]
    ; twice
}

/// The pseudo-inverse, and orthonormal bases of the ranges of the matrix and its adjoint.
#[derive(Clone)]
pub struct Inverted<T> {
    pub y: DMatrix<T>,
    range: DMatrix<T>,
    corange: DMatrix<T>,
}

impl<T: Field> Rule<T, 1> for pinv {
    type Constants = T::RealField;
    type Value = DMatrix<T>;
    type Saved = Inverted<T>;

    fn forward([a]: [View<'_, T>; 1], tolerance: T::RealField) -> (DMatrix<T>, Self::Saved) {
        let Svd { u, s, v_t } = Svd::new(&a);
        let largest = s.iter().next().copied().unwrap_or_else(T::RealField::zero);
        let rank = s.iter().take_while(|s| **s > tolerance * largest).count();
        let range = u.columns(0, rank).into_owned();
        let corange = v_t.rows(0, rank).adjoint();
        let inverses = s.rows(0, rank).map(|s| s.recip());
        let y = scaled_columns(&corange, &inverses) * range.adjoint();
        (y.clone(), Inverted { y, range, corange })
    }

    fn tangent([_]: [View<'_, T>; 1], saved: &Self::Saved, [da]: [View<'_, T>; 1]) -> DMatrix<T> {
        let Inverted { y, range, corange } = saved;
        let da_h = da.adjoint();
        let left = y * (y.adjoint() * &da_h);
        let right = (&da_h * y.adjoint()) * y;
        -(y * da * y)
            + (&left - (&left * range) * range.adjoint())
            + (&right - corange * (corange.ad_mul(&right)))
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        saved: &Self::Saved,
        y_bar: DMatrix<T>,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        if a.nrows() >= a.ncols() {
            return tall(saved, &y_bar, a_bar);
        }
        // The pseudo-inverse of the adjoint is the adjoint of the pseudo-inverse.
        let adjoint = Inverted {
            y: saved.y.adjoint(),
            range: saved.corange.clone(),
            corange: saved.range.clone(),
        };
        let mut transposed = DMatrix::zeros(a.ncols(), a.nrows());
        tall(&adjoint, &y_bar.adjoint(), view_mut(&mut transposed));
        a_bar += transposed.adjoint();
    }
}

impl<T: Field> SecondRule<T, 1> for pinv {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        _: Self::Constants,
        saved: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        let (y, dy) = (&saved.y, Self::tangent([a], saved, [da]));
        let (y_h, dy_h, y_bar_h) = (y.adjoint(), dy.adjoint(), y_bar.adjoint());
        let outside = |x: DMatrix<T>| &x - a * (y * &x);
        let beside = |x: DMatrix<T>| &x - (&x * y) * a;
        let left = &y_bar_h * (y * &y_h);
        let right = (&y_h * y) * &y_bar_h;
        let d_left = &y_bar_h * (&dy * &y_h + y * &dy_h);
        let d_right = (&dy_h * y + &y_h * &dy) * &y_bar_h;
        slope -= &dy_h * (&y_bar * &y_h) + &y_h * (y_bar * dy_h);
        slope += outside(d_left) - (da * y + a * &dy) * left;
        slope += beside(d_right) - right * (dy * a + y * da);
    }
}

/// The reverse for a matrix that is not wide: products of three go through the smaller side.
fn tall<T: Field>(saved: &Inverted<T>, y_bar: &DMatrix<T>, mut a_bar: ViewMut<'_, T>) {
    let Inverted { y, range, corange } = saved;
    let (y_h, y_bar_h) = (y.adjoint(), y_bar.adjoint());
    let left = &y_bar_h * (y * &y_h);
    let inner = y * &y_bar_h;
    let right = &inner - (&inner * corange) * corange.adjoint();
    a_bar += &left;
    a_bar.gemm(-T::one(), range, &range.ad_mul(&left), T::one());
    a_bar.gemm(T::one(), &y_h, &(right - y_bar * &y_h), T::one());
}
