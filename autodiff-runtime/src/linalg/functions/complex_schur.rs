//! The complex Schur form `A = Q T Q^H` with T upper triangular, from the real one; and the eigenvectors of T.

use super::norms::epsilon;
use super::schur::{SchurForm, complex_pair, diagonal_blocks};
use nalgebra::{Complex, ComplexField, DMatrix, Matrix2, RealField};

/// Q and T; the eigenvalues are the diagonal of T, conjugate pairs beside each other, the one with the positive imaginary part first.
pub fn complex_form<T: RealField + Copy>(
    form: SchurForm<T>,
) -> (DMatrix<Complex<T>>, DMatrix<Complex<T>>) {
    let blocks = diagonal_blocks(&form.t);
    let pairs = blocks.into_iter().filter(|block| block.len() == 2);
    let (mut q, mut t) = (form.q.map(real), form.t.map(real));
    for block in pairs {
        let k = block.start;
        let (x, y) = complex_pair(&form.t, k);
        let value = Complex::new(x, y);
        let rotation = basis_of_block(&form.t, k, value);
        rotate(&mut q, &mut t, k, rotation);
        t[(k, k)] = value;
        t[(k + 1, k + 1)] = value.conj();
        t[(k + 1, k)] = real(T::zero());
    }
    (q, t)
}

pub fn real<T: RealField>(x: T) -> Complex<T> {
    Complex::new(x, T::zero())
}

/// A unitary matrix whose first column is the eigenvector of a block of order two.
fn basis_of_block<T: RealField + Copy>(
    t: &DMatrix<T>,
    k: usize,
    value: Complex<T>,
) -> Matrix2<Complex<T>> {
    let (x, y) = (value - real(t[(k + 1, k + 1)]), real(t[(k + 1, k)]));
    let norm = real(x.modulus().hypot(y.re));
    let (x, y) = (x / norm, y / norm);
    Matrix2::new(x, -y, y, x.conj())
}

/// `Q G` and `G^H T G`, where G acts on the coordinates k and k + 1.
fn rotate<T: RealField + Copy>(
    q: &mut DMatrix<Complex<T>>,
    t: &mut DMatrix<Complex<T>>,
    k: usize,
    g: Matrix2<Complex<T>>,
) {
    let of_q = q.fixed_columns::<2>(k) * g;
    q.fixed_columns_mut::<2>(k).copy_from(&of_q);
    let columns = t.fixed_columns::<2>(k) * g;
    t.fixed_columns_mut::<2>(k).copy_from(&columns);
    let rows = g.adjoint() * t.fixed_rows::<2>(k);
    t.fixed_rows_mut::<2>(k).copy_from(&rows);
}

/// The eigenvectors of an upper triangular matrix, itself upper triangular. Where an eigenvalue returns, the vectors of the two are
/// independent if there are such vectors, and otherwise parallel up to rounding.
pub fn triangular_vectors<T: RealField + Copy>(
    t: &DMatrix<Complex<T>>,
    norm: T,
) -> DMatrix<Complex<T>> {
    let n = t.nrows();
    let rounding = epsilon::<T>() * norm;
    let floor = if rounding.is_zero() {
        T::one()
    } else {
        rounding
    };
    let mut x = DMatrix::identity(n, n);
    for j in 0..n {
        for i in (0..j).rev() {
            let known = t.view((i, i + 1), (1, j - i)) * x.view((i + 1, j), (j - i, 1));
            let gap = t[(j, j)] - t[(i, i)];
            let gap = if gap.modulus() > floor {
                gap
            } else {
                real(floor)
            };
            x[(i, j)] = known[(0, 0)] / gap;
        }
        let size = x.column(j).camax();
        x.column_mut(j).unscale_mut(size);
    }
    x
}
