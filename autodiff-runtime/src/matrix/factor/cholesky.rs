//! Cholesky factorisation: what `a.cholesky()` gives, and what is computed with it.
//!
//! The tangent of a factorisation is that of the matrix that was factored, of which the symmetric part counts. nalgebra reads the lower triangle of what it takes to be a
//! symmetric matrix; all that is contributed to its adjoint is symmetric.

use crate::linalg;
use crate::linalg::factor::subtract_owned_outer;
use crate::matrix::Number;
use crate::matrix::method::method;
use crate::tangent::Differentiable;
use nalgebra::allocator::Allocator;
use nalgebra::{
    Cholesky, DefaultAllocator, Dim, DimSub, Dyn, Matrix, OMatrix, Storage, U1, Vector,
};
use std::cell::OnceCell;

/// What the derivatives need of a factorisation.
trait Factored<T: Number, D: Dim>
where
    DefaultAllocator: Allocator<D, D>,
{
    /// `L phi(L^-1 dA L^-T)`, where `phi` takes the lower triangle and halves the diagonal.
    fn factor_tangent(&self, da: &OMatrix<T, D, D>) -> OMatrix<T, D, D>;

    /// The tangent of what [`linalg::pull_factor`] gives, where the matrix changes by `da`: of `M = L^-T K L^-1` it is
    /// `L^-T dK L^-1 - (dL L^-1)^T M - M dL L^-1`. The adjoint of the factor is that of `L L^T` again, the lower triangle of `2 M L`.
    fn pull_factor_twice(
        &self,
        pulled: &OMatrix<T, D, D>,
        da: &OMatrix<T, D, D>,
    ) -> OMatrix<T, D, D>;

    /// The inverse of the matrix, made once.
    fn inverse_kept<'a>(&self, kept: &'a Inverse<T, D>) -> &'a OMatrix<T, D, D>;
}

impl<T: Number, D: Dim> Factored<T, D> for Cholesky<T, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    fn factor_tangent(&self, da: &OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        let mut inner = symmetric(da);
        let l = self.l_dirty();
        l.solve_lower_triangular_unchecked_mut(&mut inner);
        let mut inner = inner.transpose();
        l.solve_lower_triangular_unchecked_mut(&mut inner);
        self.l() * phi(&inner)
    }

    fn pull_factor_twice(
        &self,
        pulled: &OMatrix<T, D, D>,
        da: &OMatrix<T, D, D>,
    ) -> OMatrix<T, D, D> {
        let dl = self.factor_tangent(da);
        let mut whole = dl.map(|_| T::__ZERO);
        add_lower(pulled, &mut whole);
        let lower = (&whole * self.l() * two::<T>()).lower_triangle();
        let (l, mut turn) = (self.l_dirty(), dl.transpose());
        l.tr_solve_lower_triangular_unchecked_mut(&mut turn);
        let mut change = phi(&dl.tr_mul(&lower));
        change += change.transpose();
        l.tr_solve_lower_triangular_unchecked_mut(&mut change);
        let mut change = change.transpose();
        l.tr_solve_lower_triangular_unchecked_mut(&mut change);
        let through = &turn * whole;
        change * half::<T>() - &through - through.transpose()
    }

    #[inline]
    fn inverse_kept<'a>(&self, kept: &'a Inverse<T, D>) -> &'a OMatrix<T, D, D> {
        kept.get_or_init(|| linalg::factor::cholesky_inverse(self.l_dirty()))
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

fn two<T: Number>() -> T {
    nalgebra::convert(2.0)
}

/// `bar += factor (a + a^T) / 2`
#[inline]
fn add_symmetric<T: Number, D: Dim>(a: &OMatrix<T, D, D>, factor: T, bar: &mut OMatrix<T, D, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    let (n, a, factor) = (a.nrows().max(1), a.as_slice(), factor * half::<T>());
    let columns = bar.as_mut_slice().chunks_exact_mut(n).enumerate();
    for ((j, bars), column) in columns.zip(a.chunks_exact(n)) {
        for ((bar, x), row) in bars.iter_mut().zip(column).zip(a.chunks_exact(n)) {
            *bar += (*x + row[j]) * factor;
        }
    }
}

/// `bar += (a + a^T) / 2`, where `a` is the lower triangle of a matrix.
#[inline]
fn add_lower<T: Number, D: Dim>(a: &OMatrix<T, D, D>, bar: &mut OMatrix<T, D, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    let (n, a) = (a.nrows().max(1), a.as_slice());
    for (j, column) in a.chunks_exact(n).enumerate() {
        let (own, right) = bar.as_mut_slice()[j * n..].split_at_mut(n);
        own[j] += column[j];
        let below = &column[j + 1..];
        let bars = own[j + 1..].iter_mut().zip(below);
        bars.for_each(|(bar, share)| *bar += *share * half::<T>());
        let rows = right.chunks_exact_mut(n).zip(below);
        rows.for_each(|(bars, share)| bars[j] += *share * half::<T>());
    }
}

/// `bar -= (x y^T + y x^T) / 2`
#[inline]
fn subtract_symmetric<T: Number, D: Dim, K: Dim>(
    bar: &mut OMatrix<T, D, D>,
    x: &OMatrix<T, D, K>,
    y: &OMatrix<T, D, K>,
) where
    DefaultAllocator: Allocator<D, D> + Allocator<D, K>,
{
    let x = x * half::<T>();
    subtract_owned_outer(bar, &x, y);
    subtract_owned_outer(bar, y, &x);
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
        self.l_dirty().zero_tangent()
    }
    fn fits_tangent(&self, slot: &OMatrix<T, D, D>) -> bool {
        self.l_dirty().fits_tangent(slot)
    }
}

method! {
    /// Is there a factor, and which: that of the identity where there is none.
    cholesky[T: Number, D: DimSub<Dyn>, S: Storage<T, D, D>](a da: &Matrix<T, D, D, S>) -> (bool, Cholesky<T, D>), saved: ()
    where [DefaultAllocator: Allocator<D, D>] = (factored(a), ());
    @unread(a)
    da => ((), da.clone()); |seed, bar| add_symmetric(&seed.1, T::__ONE, bar);
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
    let factor = factor.unwrap_or_else(|| Cholesky::pack_dirty(unit()));
    (exists, factor)
}

method! {
    /// `A = L L^T`
    cholesky_l[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> OMatrix<T, D, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D>] = (a.l(), ());
    [seed: linalg::pull_factor(a.l_dirty(), seed)]
    da => a.factor_tangent(da); |pulled, bar| add_lower(pulled, bar);
    @ [a_bar a_dot] {
        a_dot(da): |pulled, d, bar| *bar += a.pull_factor_twice(pulled, d);
    }
}

method! {
    /// `X = A^-1 B`: `dX = A^-1 (dB - dA X)`; `B_bar = A^-1 X_bar`, `A_bar = -B_bar X^T`
    cholesky_solve[T: Number, D: DimSub<Dyn>, K: Dim, S: Storage<T, D, K>]
    (a da: &Cholesky<T, D>, b db: &Matrix<T, D, K, S>) -> OMatrix<T, D, K>, saved: OMatrix<T, D, K>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D, K> + Allocator<K, D>]
    = { let x = a.solve(b); (x.clone(), x) };
    @unread(b)
    [seed: { let mut z = seed; a.solve_mut(&mut z); z }]
    da => -a.solve(&(symmetric(da) * saved));
    |z, bar| subtract_symmetric(bar, z, saved);
    db => a.solve(db);
    |z, bar| *bar += z;
    @ [a_bar a_dot, b_bar b_dot] {
        a_dot(da): |z, d, bar| {
            let d = symmetric(d);
            subtract_symmetric(bar, &-a.solve(&(&d * z)), saved);
            subtract_symmetric(bar, z, &-a.solve(&(d * saved)));
        };
        a_dot(db): |z, d, bar| subtract_symmetric(bar, z, &a.solve(d));
        b_dot(da): |z, d, bar| *bar -= a.solve(&(symmetric(d) * z));
    }
}

method! {
    /// `Y = A^-1`: `dY = -Y dA Y`; `A_bar = -Y^T Y_bar Y^T`
    cholesky_inverse[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> OMatrix<T, D, D>, saved: OMatrix<T, D, D>
    where [DefaultAllocator: Allocator<D, D>] = { let y = a.inverse(); (y.clone(), y) };
    da => -(saved * symmetric(da) * saved);
    |seed, bar| add_symmetric(&saved.tr_mul(&(seed * saved.transpose())), -T::__ONE, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let mut change = bar.map(|_| T::__ZERO);
            super::lu::pull_inverse_twice(seed, saved, &symmetric(d), &mut change);
            add_symmetric(&change, T::__ONE, bar);
        };
    }
}

method! {
    /// `det A`: `A_bar = y_bar y A^-1`
    cholesky_determinant[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> T, saved: (T, Inverse<T, D>)
    where [DefaultAllocator: Allocator<D, D>]
    = { let y = a.determinant(); (y, (y, Inverse::<T, D>::new())) };
    da => saved.0 * a.inverse_kept(&saved.1).dot(&symmetric(da));
    |seed, bar| add_symmetric(a.inverse_kept(&saved.1), *seed * saved.0, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let (inverse, d) = (a.inverse_kept(&saved.1), symmetric(d));
            let growth = inverse.dot(&d);
            let change = inverse * growth - inverse * d * inverse;
            add_symmetric(&change, *seed * saved.0, bar);
        };
    }
}

method! {
    /// `ln det A`: `A_bar = y_bar A^-1`
    cholesky_ln_determinant[T: Number, D: DimSub<Dyn>](a da: &Cholesky<T, D>) -> T, saved: Inverse<T, D>
    where [DefaultAllocator: Allocator<D, D>] = (a.ln_determinant(), Inverse::<T, D>::new());
    da => a.inverse_kept(saved).dot(&symmetric(da));
    |seed, bar| add_symmetric(a.inverse_kept(saved), *seed, bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let inverse = a.inverse_kept(saved);
            add_symmetric(&(inverse * symmetric(d) * inverse), -*seed, bar);
        };
    }
}

pub use self::cholesky_l as cholesky_unpack;

method! {
    /// The factorisation of `A + s x x^T`: `dA + ds x x^T + s (dx x^T + x dx^T)`.
    cholesky_rank_one_update[T: Number, D: DimSub<Dyn>, S: Storage<T, D>](a da: &Cholesky<T, D>, x dx: &Vector<T, D, S>, s ds: &T) -> Cholesky<T, D>, saved: ()
    where [DefaultAllocator: Allocator<D, D> + Allocator<D> + Allocator<U1, D>]
    = {
        let mut factor = a.clone();
        factor.rank_one_update(x, *s);
        (factor, ())
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
