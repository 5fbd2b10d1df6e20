//! The triangular factors of `P A Q = L U`, where the permutations stay what they are nearby.
//!
//! With `F = L^-1 P dA Q U^-1`: `dL = L F` below the diagonal, `dU = F U` from the diagonal on. In reverse `P A_bar Q = L^-T G U^-T`, where `G` has
//! `L^T L_bar` below its diagonal and `U_bar U^T` from there on.

use crate::linalg::rule::undefined;
use crate::matrix::Number;
use nalgebra::allocator::Allocator;
use nalgebra::{DefaultAllocator, Dim, OMatrix};

/// A factorisation with pivots.
pub trait Triangles<T: Number, D: Dim>
where
    DefaultAllocator: Allocator<D, D>,
{
    /// `L`
    fn lower(&self) -> OMatrix<T, D, D>;

    /// `U`
    fn upper(&self) -> OMatrix<T, D, D>;

    /// `P A Q` of `A`
    fn permute(&self, a: &mut OMatrix<T, D, D>);

    /// `A` of `P A Q`
    fn permute_back(&self, a: &mut OMatrix<T, D, D>);

    /// `L^-1 B U^-1`
    #[track_caller]
    fn divided(&self, mut b: OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        self.lower().solve_lower_triangular_unchecked_mut(&mut b);
        let mut b = b.transpose();
        regular(self.upper()).tr_solve_upper_triangular_unchecked_mut(&mut b);
        b.transpose()
    }

    /// `L^-T B U^-T`
    #[track_caller]
    fn divided_by_transposes(&self, mut b: OMatrix<T, D, D>) -> OMatrix<T, D, D> {
        self.lower().tr_solve_lower_triangular_unchecked_mut(&mut b);
        let mut b = b.transpose();
        regular(self.upper()).solve_upper_triangular_unchecked_mut(&mut b);
        b.transpose()
    }

    /// The tangents of `L` and `U`.
    #[track_caller]
    fn tangents(&self, da: &OMatrix<T, D, D>) -> [OMatrix<T, D, D>; 2] {
        let mut da = da.clone();
        self.permute(&mut da);
        let f = self.divided(da);
        [self.lower() * below(&f), f.upper_triangle() * self.upper()]
    }

    /// The adjoint of the matrix.
    #[track_caller]
    fn pulled(&self, [l_bar, u_bar]: [&OMatrix<T, D, D>; 2]) -> OMatrix<T, D, D> {
        let g = inner([&self.lower(), l_bar], [&self.upper(), u_bar]);
        let mut a_bar = self.divided_by_transposes(g);
        self.permute_back(&mut a_bar);
        a_bar
    }

    /// The tangent of that adjoint, where the matrix changes by `da`: of `M = L^-T G U^-T` it is
    /// `L^-T (dG - dL^T M U^T - L^T M dU^T) U^-T`.
    #[track_caller]
    fn pulled_twice(
        &self,
        [l_bar, u_bar]: [&OMatrix<T, D, D>; 2],
        da: &OMatrix<T, D, D>,
    ) -> OMatrix<T, D, D> {
        let (l, u, [dl, du]) = (self.lower(), self.upper(), self.tangents(da));
        let m = self.divided_by_transposes(inner([&l, l_bar], [&u, u_bar]));
        let dg = inner([&dl, l_bar], [&du, u_bar]);
        let moved = dl.tr_mul(&m) * regular(u).transpose() + l.tr_mul(&m) * du.transpose();
        let mut change = self.divided_by_transposes(dg - moved);
        self.permute_back(&mut change);
        change
    }
}

/// `L^T L_bar` below the diagonal, `U_bar U^T` from there on.
fn inner<T: Number, D: Dim>(
    [l, l_bar]: [&OMatrix<T, D, D>; 2],
    [u, u_bar]: [&OMatrix<T, D, D>; 2],
) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let right = (u_bar.upper_triangle() * u.transpose()).upper_triangle();
    below(&l.tr_mul(l_bar)) + right
}

/// The part below the diagonal.
fn below<T: Number, D: Dim>(a: &OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let mut lower = a.lower_triangle();
    lower.fill_diagonal(T::__ZERO);
    lower
}

/// `U` with one for its last pivot, if that is zero: nothing depends on it.
#[track_caller]
fn regular<T: Number, D: Dim>(mut u: OMatrix<T, D, D>) -> OMatrix<T, D, D>
where
    DefaultAllocator: Allocator<D, D>,
{
    let n = u.nrows();
    if n > 0 && u[(n - 1, n - 1)] == T::__ZERO {
        u[(n - 1, n - 1)] = T::__ONE;
    }
    if let Some(i) = (0..n).find(|i| u[(*i, *i)] == T::__ZERO) {
        undefined("lu", format!("the pivot {i} is zero"));
    }
    u
}

/// Functions that give the factors.
macro_rules! triangles {
    ($l:ident, $u:ident, $Factors:ty) => {
        method! {
            /// The lower triangle, with ones on its diagonal.
            $l[T: Number, D: DimMin<D, Output = D>](a da: &$Factors) -> OMatrix<T, D, D>, saved: ()
            where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.lower(), ());
            da => { let [dl, _] = a.tangents(da); dl };
            |seed, bar| *bar += a.pulled([seed, &seed.map(|_| T::__ZERO)]);
            @ [a_bar a_dot] {
                a_dot(da): |seed, d, bar| *bar += a.pulled_twice([seed, &seed.map(|_| T::__ZERO)], d);
            }
        }

        method! {
            /// The upper triangle.
            $u[T: Number, D: DimMin<D, Output = D>](a da: &$Factors) -> OMatrix<T, D, D>, saved: ()
            where [DefaultAllocator: Allocator<D, D> + Allocator<D>] = (a.upper(), ());
            da => { let [_, du] = a.tangents(da); du };
            |seed, bar| *bar += a.pulled([&seed.map(|_| T::__ZERO), seed]);
            @ [a_bar a_dot] {
                a_dot(da): |seed, d, bar| *bar += a.pulled_twice([&seed.map(|_| T::__ZERO), seed], d);
            }
        }
    };
}

pub(super) use triangles;
