//! Eigenvalues and eigenvectors of a symmetric matrix.

use crate::linalg::Field;
use crate::linalg::RealNumber;
use crate::linalg::decomposition::gauge::{Gauge, are_distinct, rounding, ties};
use crate::linalg::decomposition::symmetric::{decomposed, largest};
use crate::linalg::factor::hermitian_part;
use crate::linalg::rule::names::*;
use crate::linalg::rule::rule;
use crate::linalg::second::{SecondRule, assert_distinct};
use crate::linalg::shape::{View, ViewMut, square};
use nalgebra::{DMatrix, DVector, OVector, RealField, U1};

rule! {
    /// The eigenvalues in ascending order and the orthonormal eigenvectors, `(l, V)` with `A = V diag(l) V^H`.
    ///
    /// `A` n x n; a function of its symmetric (Hermitian) part. With $C = V^H \dot A V$: $\dot l = \mathrm{diag} C$,
    /// $\dot V = V (F \circ C)$, and in reverse $\bar A = V (\mathrm{diag}(\bar l) + F \circ \mathrm{skew}(V^H \bar V)) V^H$, where
    /// $F_{ij} = 1 / (l_j - l_i)$ off the diagonal.
    ///
    /// The eigenvectors of a repeated eigenvalue are arbitrary up to a rotation. `jvp` takes those that have a derivative in the direction
    /// `dA` (they diagonalise `C` on the eigenspace), and returns them as the value. In reverse, the projector on the eigenspace has its
    /// derivative exactly, and so has what only the other eigenvectors or the eigenvalues make. Anything else is refused: the cotangents
    /// do not tell how a function such as `V exp(l) V^H` depends on what mixes equal eigenvalues. Use the function of the matrix itself.
    ///
    /// J. R. Magnus, On differentiating eigenvalues and eigenvectors, Econometric Theory 1 (1985),
    /// [doi:10.1017/S0266466600011129](https://doi.org/10.1017/S0266466600011129).
    ///
    /// ```
    /// use autodiff_runtime::linalg::symmetric_eigen;
    /// use nalgebra::{Matrix2, Vector2};
    ///
    /// let a = Matrix2::from_diagonal(&Vector2::new(1.0, 3.0));
    /// let ((l, _), (dl, _)) = symmetric_eigen::jvp(&a, &Matrix2::new(0.5, 1.0, 1.0, 0.0));
    /// assert_eq!((l, dl), (Vector2::new(1.0, 3.0), Vector2::new(0.5, 0.0)));
    /// ```
    ///
    /// # Panics
    ///
    /// If `A` is not square; in reverse, if the cotangent depends on the choice of eigenvectors.
    symmetric_eigen[T: Field, D](a da: S[D, D]) -> (OMatrix<T::RealField, D, U1>, OMatrix<T, D, D>)
    where [DefaultAllocator: Allocator<D, U1>]
    ; twice
}

impl<T: Field> Rule<T, 1> for symmetric_eigen {
    type Constants = ();
    type Value = (DVector<T::RealField>, DMatrix<T>);
    type Saved = (DVector<T::RealField>, DMatrix<T>);

    fn forward([a]: [View<'_, T>; 1], (): ()) -> (Self::Value, Self::Saved) {
        square("symmetric_eigen", &a);
        let factors = decomposed(hermitian_part(&a));
        (factors.clone(), factors)
    }

    fn align(value: &mut Self::Value, saved: &mut Self::Saved, [da]: [View<'_, T>; 1]) {
        let (l, v) = saved;
        let da = hermitian_part(&da);
        for run in ties::<T>(l.as_slice(), largest(l.as_slice())) {
            if run.len() > 1 {
                let block = v.columns(run.start, run.len());
                let (_, turn) = decomposed(hermitian_part(&(block.adjoint() * &da * block)));
                let turned = block * turn;
                v.columns_mut(run.start, run.len()).copy_from(&turned);
            }
        }
        value.1.copy_from(v);
    }

    fn tangent(_: [View<'_, T>; 1], (l, v): &Self::Saved, [da]: [View<'_, T>; 1]) -> Self::Value {
        let c = v.adjoint() * hermitian_part(&da) * v;
        let dl = c.diagonal().map(|x| x.real());
        (dl, v * rotation(l.as_slice(), &c))
    }

    fn reverse(
        _: [View<'_, T>; 1],
        (l, v): &Self::Saved,
        (l_bar, v_bar): Self::Value,
        [mut a_bar]: [ViewMut<'_, T>; 1],
    ) {
        let (gauge, g) = (turns(l, &v_bar), v.ad_mul(&v_bar));
        for run in ties::<T>(l.as_slice(), largest(l.as_slice())) {
            gauge.assert_no_mixing(&g, &l_bar, run);
        }
        a_bar += pulled(&gauge, [l, &l_bar], v, &g);
    }
}

/// What divides by the differences of the eigenvalues.
fn turns<T: Field, D: Dim>(l: &OVector<T::RealField, D>, v_bar: &OMatrix<T, D, D>) -> Gauge<T>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    let size = largest(l.as_slice());
    Gauge::new("symmetric_eigen", l.len(), v_bar.norm(), size)
}

/// The share of the matrix in the adjoints of its eigenvalues and eigenvectors, for `g = V^H V_bar`.
#[track_caller]
fn pulled<T: Field, D: Dim>(
    gauge: &Gauge<T>,
    [l, l_bar]: [&OVector<T::RealField, D>; 2],
    v: &OMatrix<T, D, D>,
    g: &OMatrix<T, D, D>,
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    let half: T = nalgebra::convert(0.5);
    let (rows, columns) = v.shape_generic();
    let core = OMatrix::from_fn_generic(rows, columns, |i, j| {
        let skew = (g[(i, j)] - g[(j, i)].conjugate()) * half;
        let turned = gauge.quotient(skew, l[j] - l[i]);
        if i == j {
            turned + T::from_real(l_bar[i])
        } else {
            turned
        }
    });
    v * core * v.adjoint()
}

/// The same where no two eigenvalues are equal, in any order; `None` where some are.
pub(crate) fn pull_distinct<T: Field, D: Dim>(
    l: &OVector<T::RealField, D>,
    v: &OMatrix<T, D, D>,
    l_bar: &OVector<T::RealField, D>,
    v_bar: &OMatrix<T, D, D>,
) -> Option<OMatrix<T, D, D>>
where
    DefaultAllocator: Allocator<D> + Allocator<D, D>,
{
    are_distinct::<T>(l.as_slice(), largest(l.as_slice()))
        .then(|| pulled(&turns(l, v_bar), [l, l_bar], v, &v.ad_mul(v_bar)))
}

/// Of `V K V^T`, where `K` is made of the differences of the eigenvalues.
impl<T: RealNumber> SecondRule<T, 1> for symmetric_eigen {
    fn reverse_tangent(
        _: [View<'_, T>; 1],
        (): Self::Constants,
        (l, v): &Self::Saved,
        [da]: [View<'_, T>; 1],
        (l_bar, v_bar): Self::Value,
        [mut slope]: [ViewMut<'_, T>; 1],
    ) {
        assert_distinct("symmetric_eigen", l.as_slice(), largest(l.as_slice()), None);
        let c = v.tr_mul(&(hermitian_part(&da) * v));
        let turn = rotation(l.as_slice(), &c);
        let g = v.tr_mul(&v_bar);
        let dg = turn.tr_mul(&g);
        let half: T = nalgebra::convert(0.5);
        let skew = |g: &DMatrix<T>, i, j| (g[(i, j)] - g[(j, i)]) * half;
        let of_pairs = |f: &dyn Fn(usize, usize) -> T, diagonal: &dyn Fn(usize) -> T| {
            DMatrix::from_fn(
                l.len(),
                l.len(),
                |i, j| if i == j { diagonal(i) } else { f(i, j) },
            )
        };
        let core = of_pairs(&|i, j| skew(&g, i, j) / (l[j] - l[i]), &|i| l_bar[i]);
        let split = |i, j| c[(j, j)] - c[(i, i)];
        let change = of_pairs(
            &|i, j| (skew(&dg, i, j) - core[(i, j)] * split(i, j)) / (l[j] - l[i]),
            &|_| T::zero(),
        );
        slope += v * (&turn * &core - &core * turn + change) * v.transpose();
    }
}

/// How the eigenvectors turn, `V^H dV`, for `C = V^H dA V`, which is diagonal on each eigenspace. Within an eigenspace that the
/// direction splits they turn at second order of `C`.
fn rotation<T: Field>(l: &[T::RealField], c: &DMatrix<T>) -> DMatrix<T> {
    let n = l.len();
    let size = l
        .iter()
        .fold(T::RealField::zero(), |size, l| size.max(l.abs()));
    let mut rotation = DMatrix::from_fn(n, n, |i, j| match l[j] - l[i] {
        gap if gap.is_zero() => T::zero(),
        gap => c[(i, j)].unscale(gap),
    });
    let equal = rounding::<T>(n) * c.norm();
    for run in ties::<T>(l, size) {
        for (i, j) in run.clone().flat_map(|i| run.clone().map(move |j| (i, j))) {
            let split = c[(j, j)].real() - c[(i, i)].real();
            let others = (0..n).filter(|k| !run.contains(k));
            let through = others.map(|k| (c[(i, k)] * c[(k, j)]).unscale(l[j] - l[k]));
            let coupling = through.fold(T::zero(), |sum, x| sum + x);
            let turns = split.abs() > equal;
            rotation[(i, j)] = if turns {
                coupling.unscale(split)
            } else {
                T::zero()
            };
        }
    }
    rotation
}
