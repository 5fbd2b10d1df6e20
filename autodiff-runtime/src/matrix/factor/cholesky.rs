//! Cholesky factorisation: what `a.cholesky()` gives, and what is computed with it.
//!
//! The tangent of a factorisation is that of the matrix that was factored; of its adjoint the symmetric part counts. nalgebra reads the lower triangle of what it takes to be a symmetric
//! matrix; the adjoint of the matrix is symmetric.

use crate::linalg;
use crate::linalg::factor::subtract_owned_outer;
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, DimSub, Dyn, Matrix, OMatrix, Storage, U1, Vector};
use std::cell::OnceCell;
use std::ops::Deref;

/// The factor, if the matrix has one.
#[derive(Clone, Debug)]
pub struct Cholesky<T: Number, D: Dim>
where
    DefaultAllocator: Allocator<D, D>,
{
    factor: nalgebra::Cholesky<T, D>,
}

impl<T: Number, D: Dim> Deref for Cholesky<T, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    type Target = nalgebra::Cholesky<T, D>;
    fn deref(&self) -> &Self::Target {
        &self.factor
    }
}

impl<T: Number, D: Dim> Cholesky<T, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    /// `L phi(L^-1 dA L^-T)`, where `phi` takes the lower triangle and halves the diagonal.
    fn factor_tangent(&self, da: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        let mut inner = symmetric(da);
        let l = self.factor.l_dirty();
        l.solve_lower_triangular_unchecked_mut(&mut inner);
        let mut inner = inner.transpose();
        l.solve_lower_triangular_unchecked_mut(&mut inner);
        self.factor.l() * phi(&inner)
    }

    /// The tangent of the symmetric part of what [`Self::pull_factor`] adds, where the matrix changes by `da`: of `M = L^-T K L^-1` it is
    /// `L^-T dK L^-1 - (dL L^-1)^T M - M dL L^-1`.
    fn pull_factor_twice(
        &self,
        l_bar: &OMatrix<T, D, D>,
        da: &OMatrix<T, D, D>,
    ) -> OMatrix<T, D, D> {
        let (lower, dl) = (l_bar.lower_triangle(), self.factor_tangent(da));
        let mut pulled = dl.map(|_| T::__ZERO);
        linalg::add_hermitian(
            &mut pulled,
            &linalg::pull_factor(self.factor.l_dirty(), lower.clone()),
        );
        let (l, mut turn) = (self.factor.l_dirty(), dl.transpose());
        l.tr_solve_lower_triangular_unchecked_mut(&mut turn);
        let mut change = phi(&dl.tr_mul(&lower));
        change += change.transpose();
        l.tr_solve_lower_triangular_unchecked_mut(&mut change);
        let mut change = change.transpose();
        l.tr_solve_lower_triangular_unchecked_mut(&mut change);
        let through = &turn * pulled;
        change * half::<T>() - &through - through.transpose()
    }

    /// The same of a few rows.
    #[inline]
    fn pull_few(&self, l_bar: &OMatrix<T, D, D>, a_bar: &mut OMatrix<T, D, D>) {
        let n = a_bar.nrows();
        let lower = linalg::pull_few(n, self.factor.l_dirty().as_slice(), l_bar.as_slice());
        let bars = a_bar.as_mut_slice();
        for (j, shares) in lower.iter().enumerate().take(n) {
            for (i, share) in shares.iter().enumerate().take(n) {
                if j <= i {
                    bars[j * n + i] += *share;
                }
            }
        }
    }

    /// The inverse of the matrix, made once.
    #[inline]
    fn inverse<'a>(&self, kept: &'a Inverse<T, D>) -> &'a OMatrix<T, D, D> {
        kept.get_or_init(|| linalg::factor::cholesky_inverse(self.factor.l_dirty()))
    }

    /// Adds a matrix with the symmetric part `1/2 L^-T (phi(L^T L_bar) + its transpose) L^-1`.
    #[inline]
    fn pull_factor(&self, l_bar: &OMatrix<T, D, D>, a_bar: &mut OMatrix<T, D, D>) {
        if a_bar.nrows() <= linalg::FEW {
            return self.pull_few(l_bar, a_bar);
        }
        let (n, lower) = (
            a_bar.nrows(),
            linalg::pull_factor(self.factor.l_dirty(), l_bar.clone()),
        );
        let columns = a_bar.as_mut_slice().chunks_exact_mut(n.max(1));
        for (j, (bar, share)) in columns
            .zip(lower.as_slice().chunks_exact(n.max(1)))
            .enumerate()
        {
            bar[j..]
                .iter_mut()
                .zip(&share[j..])
                .for_each(|(bar, share)| *bar += *share);
        }
    }
}

/// An inverse, once something needs it: a second derivative does several times.
type Inverse<T, D> = OnceCell<OMatrix<T, D, D>>;

fn half<T: Number>() -> T {
    nalgebra::convert(0.5)
}

fn symmetric<T: Number, D: Dim>(a: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    (a + a.transpose()) * half::<T>()
}

/// `bar += (a + a^T) / 2`
#[inline]
fn add_symmetric<T: Number, D: Dim>(a: &OMatrix<T, D, D>, bar: &mut OMatrix<T, D, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    let (n, a) = (a.nrows().max(1), a.as_slice());
    if n <= linalg::FEW {
        return add_few_symmetric(n, a, bar.as_mut_slice());
    }
    let mut rest = bar.as_mut_slice();
    for (j, column) in a.chunks_exact(n).enumerate() {
        let (own, right) = rest.split_at_mut(n);
        own[j] += column[j];
        let row = a[(j + 1) * n..].iter().skip(j).step_by(n);
        let pairs = column[j + 1..].iter().zip(row);
        let bars = own[j + 1..]
            .iter_mut()
            .zip(right.iter_mut().skip(j).step_by(n));
        for ((x, y), (below, beside)) in pairs.zip(bars) {
            let share = (*x + *y) * half::<T>();
            *below += share;
            *beside += share;
        }
        rest = right;
    }
}

/// The same of a few rows: of a static matrix no loop is left.
#[inline]
fn add_few_symmetric<T: Number>(n: usize, a: &[T], bar: &mut [T]) {
    for j in 0..a.len() / n {
        for i in 0..n {
            bar[j * n + i] += (a[j * n + i] + a[i * n + j]) * half::<T>();
        }
    }
}

/// The lower triangle with half of the diagonal.
fn phi<T: Number, D: Dim>(a: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let mut lower = a.lower_triangle();
    for i in 0..lower.nrows() {
        lower[(i, i)] *= half::<T>();
    }
    lower
}

impl<T: Number, D: Dim> Differentiable for Cholesky<T, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    type Tangent = OMatrix<T, D, D>;
    type Slot = OMatrix<T, D, D>;
    fn zero_tangent(&self) -> OMatrix<T, D, D> {
        self.factor.l_dirty().zero_tangent()
    }
    fn fits_tangent(&self, slot: &OMatrix<T, D, D>) -> bool {
        self.factor.l_dirty().fits_tangent(slot)
    }
}

method! {
    /// Is there a factor, and which: that of the identity where there is none.
    cholesky[T: Number, D: DimSub<Dyn>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> (bool, Cholesky<T, D>), saved: ()
    where [DefaultAllocator: Allocator<D, D>] = (factored(a), ());
    da => ((), da.clone()); |seed, bar| add_symmetric(&seed.1, bar);
    @ [a_bar a_dot] {}
}

fn factored<T: Number, D: DimSub<Dyn>, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
) -> (bool, Cholesky<T, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    let factor = a.clone_owned().cholesky();
    let exists = factor.is_some();
    let (rows, columns) = a.shape_generic();
    let unit = || OMatrix::identity_generic(rows, columns);
    let factor = factor.unwrap_or_else(|| nalgebra::Cholesky::pack_dirty(unit()));
    (exists, Cholesky { factor })
}

method! {
    /// `A = L L^T`
    cholesky_l[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> OMatrix<T, D, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D>] = (a.factor.l(), ());
    da => a.factor_tangent(da); |seed, bar| a.pull_factor(seed, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| *bar += a.pull_factor_twice(seed, d);
    }
}

method! {
    /// `X = A^-1 B`: `dX = A^-1 (dB - dA X)`; `B_bar = A^-1 X_bar`, `A_bar = -B_bar X^T`
    cholesky_solve[T: Number, D: DimSub<Dyn>, K: Dim, S: Storage<T, D, K>]
    (a da: &Cholesky<T, D>, b db: &Matrix<T, D, K, S>) -> OMatrix<T, D, K>, saved: OMatrix<T, D, K>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D, K> + Allocator<K, D>]
    = { let x = a.factor.solve(b); (x.clone(), x) };
    [seed: { let mut z = seed; a.factor.solve_mut(&mut z); z }]
    da => -a.factor.solve(&(symmetric(da) * saved));
    |z, bar| subtract_owned_outer(bar, z, saved);
    db => a.factor.solve(db);
    |z, bar| *bar += z;
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(da): |z, d, bar| {
            let d = symmetric(d);
            subtract_owned_outer(bar, &-a.factor.solve(&(&d * z)), saved);
            subtract_owned_outer(bar, z, &-a.factor.solve(&(d * saved)));
        };
        a_dot(db): |z, d, bar| subtract_owned_outer(bar, z, &a.factor.solve(d));
        b_dot(da): |z, d, bar| *bar -= a.factor.solve(&(symmetric(d) * z));
    }
}

method! {
    /// `Y = A^-1`: `dY = -Y dA Y`; `A_bar = -Y^T Y_bar Y^T`
    cholesky_inverse[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> OMatrix<T, D, D>, saved: OMatrix<T, D, D>
    where [DefaultAllocator: Allocator<D, D>] = { let y = a.factor.inverse(); (y.clone(), y) };
    da => -(saved * symmetric(da) * saved);
    |seed, bar| *bar -= saved.tr_mul(&(seed * saved.transpose()));
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| super::lu::pull_inverse_twice(seed, saved, &symmetric(d), bar);
    }
}

method! {
    /// `det A`: `A_bar = y_bar y A^-1`
    cholesky_determinant[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> T, saved: (T, Inverse<T, D>)
    where [DefaultAllocator: Allocator<D, D>]
    = { let y = a.factor.determinant(); (y, (y, Inverse::<T, D>::new())) };
    da => saved.0 * a.inverse(&saved.1).dot(&symmetric(da));
    |seed, bar| *bar += a.inverse(&saved.1) * (*seed * saved.0);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let (inverse, d) = (a.inverse(&saved.1), symmetric(d));
            let growth = inverse.dot(&d);
            *bar += (inverse * growth - inverse * d * inverse) * (*seed * saved.0);
        };
    }
}

method! {
    /// `ln det A`: `A_bar = y_bar A^-1`
    cholesky_ln_determinant[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> T, saved: Inverse<T, D>
    where [DefaultAllocator: Allocator<D, D>] = (a.factor.ln_determinant(), Inverse::<T, D>::new());
    da => a.inverse(saved).dot(&symmetric(da));
    |seed, bar| *bar += a.inverse(saved) * *seed;
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let inverse = a.inverse(saved);
            *bar -= inverse * symmetric(d) * inverse * *seed;
        };
    }
}

pub use self::cholesky_l as cholesky_unpack;

method! {
    /// The factorisation of `A + s x x^T`: `dA + ds x x^T + s (dx x^T + x dx^T)`.
    cholesky_rank_one_update[T: Number, D: DimSub<Dyn>, S: Storage<T, D>](a da: &Cholesky<T, D>, x dx: &Vector<T, D, S>, s ds: &T) -> Cholesky<T, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<U1, D>]
    = {
        let mut factor = a.factor.clone();
        factor.rank_one_update(x, *s);
        (Cholesky { factor }, ())
    };
    da => da.clone(); |seed, bar| *bar += seed;
    dx => { let half = dx * x.transpose() * *s; &half + half.transpose() };
    |seed, bar| *bar += (seed + seed.transpose()) * x * *s;
    ds => x * x.transpose() * *ds; |seed, bar| *bar += x.dot(&(seed * x));
    @ [a_bar a_dot, x_bar x_dot, s_bar s_dot] {
        x_dot(dx): |seed, d, bar| *bar += (seed + seed.transpose()) * d * *s;
        x_dot(ds): |seed, d, bar| *bar += (seed + seed.transpose()) * x * *d;
        s_dot(dx): |seed, d, bar| *bar += x.dot(&(seed * d)) + d.dot(&(seed * x));
    }
}
