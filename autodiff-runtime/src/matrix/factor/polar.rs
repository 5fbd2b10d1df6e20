//! The polar decomposition: nalgebra's value, and the derivatives of the rule in [`crate::linalg`].

use crate::linalg::functions::polar::Polar;
use crate::linalg::rule::Rule;
use crate::linalg::second::SecondRule;
use crate::linalg::shape::{Redim, view, view_mut};
use crate::linalg::{self, Field, RealNumber};
use crate::matrix::Number;
use crate::matrix::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DefaultAllocator, Dim, DimDiff, DimMin, DimMinimum, DimSub, Matrix, OMatrix, Storage, U1,
};

method! {
    /// `A = H W`, `H` positive semidefinite, `W` with orthonormal rows or columns.
    polar[T: Number + RealNumber + Field<RealField = T>, R: DimMin<C>, C: Dim, S: Storage<T, R, C>]
    (a da: &Matrix<T, R, C, S>) -> (OMatrix<T, R, R>, OMatrix<T, R, C>), saved: Polar<T>
    where [
        DimMinimum<R, C>: DimSub<U1>,
        DefaultAllocator: Allocator<R, C> + Allocator<R> + Allocator<C> + Allocator<DimDiff<DimMinimum<R, C>, U1>>
            + Allocator<DimMinimum<R, C>, C> + Allocator<R, DimMinimum<R, C>> + Allocator<DimMinimum<R, C>>
            + Allocator<DimMinimum<R, C>, R> + Allocator<R, R> + Allocator<DimMinimum<R, C>, DimMinimum<R, C>>
    ]
    = (a.clone_owned().polar(), <linalg::polar_left as Rule<T, 1>>::forward([view(a)], ()).1);
    da => {
        let (dh, dw) = <linalg::polar_left as Rule<T, 1>>::tangent([view(a)], saved, [view(da)]);
        (dh.redim(), dw.redim())
    };
    |seed, bar| {
        let cotangent = (seed.0.clone(), seed.1.clone()).redim();
        <linalg::polar_left as Rule<T, 1>>::reverse([view(a)], saved, cotangent, [view_mut(bar)]);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| {
            let cotangent = (seed.0.clone(), seed.1.clone()).redim();
            <linalg::polar_left as SecondRule<T, 1>>::reverse_tangent([view(a)], (), saved, [view(d)], cotangent, [view_mut(bar)]);
        };
    }
}
