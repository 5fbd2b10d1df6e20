//! Eigenvalues of matrices that need not be symmetric: nalgebra's values in its order, and the derivatives of the rule in [`crate::linalg`].

use crate::linalg::functions::eigen::Eigen;
use crate::linalg::rule::undefined;
use crate::linalg::shape::{view, view_mut};
use crate::linalg::{Field, RealNumber};
use crate::matrix::Number;
use crate::matrix::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{
    Complex, DMatrix, DVector, DefaultAllocator, Dim, DimDiff, DimSub, Matrix, OMatrix, OVector,
    Storage, U1,
};

/// What the derivatives need, and which of its eigenvalues each of nalgebra's is.
#[derive(Clone, Debug)]
pub struct Spectrum<T: RealNumber> {
    eigen: Option<Eigen<T>>,
    order: Vec<usize>,
}

impl<T: Number + RealNumber> Spectrum<T> {
    fn new<D: Dim, S: Storage<T, D, D>>(
        a: &Matrix<T, D, D, S>,
        values: impl Iterator<Item = Complex<T>>,
    ) -> Self {
        let eigen = Eigen::new(&view(a).clone_owned());
        let mut left: Vec<usize> = (0..a.nrows()).collect();
        let order = values.map(|value| {
            let distance = |k: &usize| {
                let own = eigen.as_ref().map(|eigen| eigen.values[*k] - value);
                own.map_or(T::__ZERO, |gap| gap.re.abs() + gap.im.abs())
            };
            let compared = |i: &usize, j: &usize| {
                PartialOrd::partial_cmp(&distance(i), &distance(j))
                    .unwrap_or(std::cmp::Ordering::Equal)
            };
            let nearest = (0..left.len()).min_by(|i, j| compared(&left[*i], &left[*j]));
            nearest.map_or(0, |at| left.remove(at))
        });
        let order = order.collect();
        Self { eigen, order }
    }

    #[track_caller]
    fn eigen(&self) -> &Eigen<T> {
        match &self.eigen {
            Some(eigen) => eigen,
            None => undefined("eigenvalues", "an entry of the matrix is not finite"),
        }
    }

    /// The tangents of the values, in nalgebra's order.
    #[track_caller]
    fn tangents<D: Dim>(&self, da: &OMatrix<T, D, D>) -> impl Iterator<Item = Complex<T>>
    where
        DefaultAllocator: Allocator<D, D>,
    {
        let tangents = self.eigen().values_tangent(&view(da).clone_owned());
        self.order.iter().map(move |k| tangents[*k])
    }

    /// Adjoints in nalgebra's order as those of the rule.
    fn adjoints(&self, seeds: impl Iterator<Item = Complex<T>>) -> DVector<Complex<T>> {
        let zero = Complex::new(T::__ZERO, T::__ZERO);
        let mut adjoints = DVector::from_element(self.order.len(), zero);
        let places = self.order.iter().zip(seeds);
        places.for_each(|(k, seed)| adjoints[*k] = seed);
        adjoints
    }

    #[track_caller]
    fn pull(&self, seeds: impl Iterator<Item = Complex<T>>) -> DMatrix<T> {
        self.eigen().values_adjoint(&self.adjoints(seeds))
    }

    /// The tangent of that, where the matrix changes by `d`.
    #[track_caller]
    fn pull_twice<D: Dim>(
        &self,
        seeds: impl Iterator<Item = Complex<T>>,
        d: &OMatrix<T, D, D>,
    ) -> DMatrix<T>
    where
        DefaultAllocator: Allocator<D, D>,
    {
        let adjoints = self.adjoints(seeds);
        self.eigen()
            .values_adjoint_tangent(&view(d).clone_owned(), &adjoints)
    }
}

fn add<T: Number, D: Dim>(share: DMatrix<T>, bar: &mut OMatrix<T, D, D>)
where
    DefaultAllocator: Allocator<D, D>,
{
    let mut bar = view_mut(bar);
    bar += share;
}

fn complex<T: Number>(x: &T) -> Complex<T> {
    Complex::new(*x, T::__ZERO)
}

/// A vector of as many entries as the matrix has rows.
fn vector<X: nalgebra::Scalar, T: Number, D: Dim, S: Storage<T, D, D>>(
    a: &Matrix<T, D, D, S>,
    entries: impl Iterator<Item = X>,
) -> OVector<X, D>
where
    DefaultAllocator: Allocator<D>,
{
    OVector::from_iterator_generic(a.shape_generic().0, U1, entries)
}

fn zeros<T: Number, D: Dim, S: Storage<T, D, D>>(a: &Matrix<T, D, D, S>) -> OVector<T, D>
where
    DefaultAllocator: Allocator<D>,
{
    vector(a, (0..a.nrows()).map(|_| T::__ZERO))
}

method! {
    /// The eigenvalues, complex numbers.
    complex_eigenvalues[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> OVector<Complex<T>, D>, saved: Spectrum<T>
    where [
        Complex<T>: Field,
        DefaultAllocator: Allocator<D, D> + Allocator<D, DimDiff<D, U1>> + Allocator<DimDiff<D, U1>> + Allocator<D>
    ]
    = {
        let values = a.complex_eigenvalues();
        let saved = Spectrum::new(a, values.iter().copied());
        (values, saved)
    };
    da => vector(a, saved.tangents(da));
    |seed, bar| add(saved.pull(seed.iter().copied()), bar);
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| add(saved.pull_twice(seed.iter().copied(), d), bar);
    }
}

method! {
    /// Are all eigenvalues real, and which are they: zeros if not.
    eigenvalues[T: Number + RealNumber, D: DimSub<U1>, S: Storage<T, D, D>]
    (a da: &Matrix<T, D, D, S>) -> (bool, OVector<T, D>), saved: Option<Spectrum<T>>
    where [DefaultAllocator: Allocator<D, D> + Allocator<D, DimDiff<D, U1>> + Allocator<DimDiff<D, U1>> + Allocator<D>]
    = {
        let values = a.eigenvalues();
        let saved = values.as_ref().map(|values| Spectrum::new(a, values.iter().map(complex)));
        ((values.is_some(), values.unwrap_or_else(|| zeros(a))), saved)
    };
    da => {
        let tangents = saved.as_ref().map(|saved| vector(a, saved.tangents(da).map(|d| d.re)));
        ((), tangents.unwrap_or_else(|| zeros(a)))
    };
    |seed, bar| if let Some(saved) = saved {
        add(saved.pull(seed.1.iter().map(complex)), bar);
    };
    @ [a_bar a_dot] {
        a_dot(da): |seed, d, bar| if let Some(saved) = saved {
            add(saved.pull_twice(seed.1.iter().map(complex), d), bar);
        };
    }
}
