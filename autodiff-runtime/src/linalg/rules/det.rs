//! The determinant, for matrices of any rank.

use crate::linalg::Field;
use crate::linalg::decomposition::svd::Svd;
use crate::linalg::factor::{adjoint_inverse, is_singular};
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{View, ViewMut, square, view, view_mut};
use nalgebra::{DMatrix, DimMin, Dyn, LU, StorageMut};

rule! {
    /// The determinant `y = det A`.
    ///
    /// `A` n x n. $\dot y = \mathrm{tr}(\mathrm{adj}(A) \dot A)$; $\bar A = \bar y \mathrm{adj}(A)^H$ with the adjugate, which exists for any
    /// rank: at a matrix of rank `n - 1` the gradient is a matrix of rank one, below that it is zero.
    ///
    /// The adjugate is $\det(A) A^{-1}$ where the matrix is well conditioned, else, with $A = U S V^H$,
    /// $\mathrm{adj}(A) = \det(U) \det(V^H) V \mathrm{diag}(\prod_{l \neq i} s_l) U^H$, which never divides.
    ///
    /// G. W. Stewart, On the adjugate matrix, Linear Algebra and its Applications 283 (1998),
    /// [doi:10.1016/S0024-3795(98)10098-8](https://doi.org/10.1016/S0024-3795(98)10098-8).
    ///
    /// ```
    /// use autodiff_runtime::linalg::det;
    /// use nalgebra::Matrix2;
    ///
    /// let singular = Matrix2::new(1.0, 2.0, 2.0, 4.0);
    /// let (value, gradient) = det::value_and_grad(&singular);
    /// assert_eq!(value, 0.0);
    /// assert!((gradient - Matrix2::new(4.0, -2.0, -2.0, 1.0)).norm() < 1e-14);
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square.
    det[T: Field, D](a da: S[D, D]) -> T
    ; twice
}

impl<T: Field> Rule<T, 1> for det {
    type Constants = ();
    type Value = T;
    type Saved = LU<T, Dyn, Dyn>;

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (T, Self::Saved) {
        square("det", &a);
        let lu = LU::new(a.clone_owned());
        let closed_form = a.nrows() <= 3;
        let value = if closed_form {
            a.determinant()
        } else {
            lu.determinant()
        };
        (value, lu)
    }

    fn tangent([a]: [View<'_, T>; 1], lu: &Self::Saved, [da]: [View<'_, T>; 1]) -> T {
        cofactors(&a, Some(lu)).dotc(&da)
    }

    fn reverse(
        [a]: [View<'_, T>; 1],
        lu: &Self::Saved,
        y_bar: T,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        a_bar.zip_apply(&cofactors(&a, Some(lu)), |a_bar, c| *a_bar += c * y_bar);
    }
}

impl<T: Field> SecondRule<T, 1> for det {
    fn reverse_tangent(
        [a]: [View<'_, T>; 1],
        (): Self::Constants,
        _: &Self::Saved,
        [da]: [View<'_, T>; 1],
        y_bar: Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        add_second_cofactors(&a, &da, y_bar, &mut slope);
    }
}

/// `adj(A)^H`, by the factors of A where there are some.
#[inline]
pub(crate) fn cofactors<T: Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
    lu: Option<&LU<T, D, D>>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    match lu {
        Some(lu) if a.nrows() > 4 => large_cofactors(a, lu),
        _ if a.nrows() > 4 => large_cofactors(a, &a.clone_owned().lu()),
        _ => small_cofactors(a),
    }
}

fn large_cofactors<T: Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
    lu: &LU<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let det = lu.determinant();
    if is_singular(lu) || det.is_zero() {
        return redim(singular_cofactors(&view(a)));
    }
    let cofactors = adjoint_inverse(lu, det.conjugate());
    // So well conditioned that two thirds of the digits are right?
    let bound = det.modulus() * T::EPSILON.cbrt().recip();
    if a.norm() * cofactors.norm() < bound {
        cofactors
    } else {
        redim(singular_cofactors(&view(a)))
    }
}

/// `adj(A)^H` of a matrix of at most four rows, by the minors: no division, any rank.
#[inline]
fn small_cofactors<T: Field, D: Dim, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let (rows, columns) = a.shape_generic();
    let n = a.nrows();
    if n == 4 {
        let minors = minors_of_4(a);
        return OMatrix::from_fn_generic(rows, columns, |i, j| {
            let minor = minors[i][j].conjugate();
            if (i + j) % 2 == 0 { minor } else { -minor }
        });
    }
    // The entry in the rows and columns that are left, cyclically: the signs come of themselves.
    let at = |i: usize, j: usize, k: usize, l: usize| a[((i + k) % n, (j + l) % n)];
    OMatrix::from_fn_generic(rows, columns, |i, j| {
        let cofactor = match n {
            1 => T::one(),
            2 if i == j => at(i, j, 1, 1),
            2 => -at(i, j, 1, 1),
            _ => at(i, j, 1, 1) * at(i, j, 2, 2) - at(i, j, 1, 2) * at(i, j, 2, 1),
        };
        cofactor.conjugate()
    })
}

/// The minors of 4x4 matrices without their signs, row by row, by those of the upper and of the lower half.
#[inline]
fn minors_of_4<T: Field, D: Dim, S: Storage<T, D, D>>(a: &Matrix<T, D, D, S>) -> [[T; 4]; 4] {
    let row = |i: usize| [a[(i, 0)], a[(i, 1)], a[(i, 2)], a[(i, 3)]];
    let rows = [row(0), row(1), row(2), row(3)];
    let (upper, lower) = (
        minors_of_pair(rows[0], rows[1]),
        minors_of_pair(rows[2], rows[3]),
    );
    [
        expanded(rows[1], lower),
        expanded(rows[0], lower),
        expanded(rows[3], upper),
        expanded(rows[2], upper),
    ]
}

/// The 2x2 minors of two rows, by the pairs of columns: 01, 02, 03, 12, 13, 23.
#[inline]
fn minors_of_pair<T: Field>(x: [T; 4], y: [T; 4]) -> [T; 6] {
    [
        x[0] * y[1] - y[0] * x[1],
        x[0] * y[2] - y[0] * x[2],
        x[0] * y[3] - y[0] * x[3],
        x[1] * y[2] - y[1] * x[2],
        x[1] * y[3] - y[1] * x[3],
        x[2] * y[3] - y[2] * x[3],
    ]
}

/// The 3x3 minors of a row and two others, without each of the columns, by those of the two.
#[inline]
fn expanded<T: Field>(x: [T; 4], m: [T; 6]) -> [T; 4] {
    [
        x[1] * m[5] - x[2] * m[4] + x[3] * m[3],
        x[0] * m[5] - x[2] * m[2] + x[3] * m[1],
        x[0] * m[4] - x[1] * m[2] + x[3] * m[0],
        x[0] * m[3] - x[1] * m[1] + x[2] * m[0],
    ]
}

fn singular_cofactors<T: Field>(a: &View<'_, T>) -> DMatrix<T> {
    let Svd { mut u, s, v_t } = Svd::new(a);
    let sign = (u.determinant() * v_t.determinant()).conjugate();
    for (i, mut column) in u.column_iter_mut().enumerate() {
        let others = s.iter().enumerate().filter(|(l, _)| *l != i);
        let product = others.fold(T::RealField::one(), |product, (_, s)| product * *s);
        column.scale_mut(product);
    }
    u * v_t * sign
}

/// Adds `seed` times the derivative of `adj(A)^T` in the direction `d`, of any rank: with `A = U diag(s) V^T` and `Q = U^T d V` it is
/// `det(U) det(V) U G V^T`, where `G_ii` is the sum of `w_ij Q_jj` over `j != i`, `G_ij = -w_ij Q_ji`, and `w_ij` is the product of the
/// singular values but the `i`th and the `j`th.
pub(crate) fn add_second_cofactors<T: Field, D: Dim>(
    a: &Matrix<T, D, D, impl Storage<T, D, D>>,
    d: &Matrix<T, D, D, impl Storage<T, D, D>>,
    seed: T,
    bar: &mut Matrix<T, D, D, impl StorageMut<T, D, D>>,
) {
    let Svd { u, s, v_t } = Svd::new(&view(a));
    let q = u.ad_mul(&view(d)) * v_t.adjoint();
    let without = |i: usize, j: usize| {
        let others = s.iter().enumerate().filter(|(l, _)| *l != i && *l != j);
        T::from_real(others.fold(T::RealField::one(), |product, (_, s)| product * *s))
    };
    let n = s.len();
    let core = DMatrix::from_fn(n, n, |i, j| {
        if i != j {
            return -without(i, j) * q[(j, i)].conjugate();
        }
        let others = (0..n).filter(|k| *k != i);
        others.fold(T::zero(), |sum, k| {
            sum + without(i, k) * q[(k, k)].conjugate()
        })
    });
    let sign = (u.determinant() * v_t.determinant()).conjugate();
    let mut bar = view_mut(bar);
    bar += u * core * v_t * (sign * seed);
}
