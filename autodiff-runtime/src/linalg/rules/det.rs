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
    /// `A` n x n. `dy = tr(adj(A) dA)`; `A_bar = y_bar adj(A)^H` with the adjugate, which exists for any rank: at a matrix of rank
    /// `n - 1` the gradient is a matrix of rank one, below that it is zero.
    ///
    /// The adjugate is `det(A) A^-1` where the matrix is well conditioned, else, with `A = U S V^H`,
    /// `adj(A) = det(U) det(V^H) V diag(prod_{l != i} s_l) U^H`, which never divides.
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
pub(crate) fn cofactors<T: Field, D: DimMin<D, Output = D>, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
    lu: Option<&LU<T, D, D>>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D> + Allocator<D>,
{
    let Some(lu) = lu.filter(|_| a.nrows() > 4) else {
        return small_cofactors(a);
    };
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
fn small_cofactors<T: Field, D: Dim, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let (rows, columns) = a.shape_generic();
    let n = a.nrows();
    // The entry in the rows and columns that are left, cyclically: the signs of odd sizes come of themselves.
    let at = |i: usize, j: usize, k: usize, l: usize| a[((i + k) % n, (j + l) % n)];
    let minor = |i: usize, j: usize, [k, l]: [usize; 2]| {
        at(i, j, 1, k) * at(i, j, 2, l) - at(i, j, 1, l) * at(i, j, 2, k)
    };
    OMatrix::from_fn_generic(rows, columns, |i, j| {
        let cofactor = match n {
            1 => T::one(),
            2 if i == j => at(i, j, 1, 1),
            2 => -at(i, j, 1, 1),
            3 => minor(i, j, [1, 2]),
            _ => {
                let sum = at(i, j, 3, 3) * minor(i, j, [1, 2])
                    + at(i, j, 3, 1) * minor(i, j, [2, 3])
                    - at(i, j, 3, 2) * minor(i, j, [1, 3]);
                if (i + j) % 2 == 0 { sum } else { -sum }
            }
        };
        cofactor.conjugate()
    })
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
