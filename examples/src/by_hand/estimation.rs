//! The gradients of the kernels of dense matrices as an expert writes them: each factorisation serves value and gradient. What is of third order is
//! done by halves, so that nearly all of it is products of matrices, which run in blocks: nalgebra's own solutions go column by column.

use nalgebra::{DMatrix, DMatrixView, DMatrixViewMut, DVector, DVectorView, Matrix2, Vector2};

/// `2 A^-1 B`
pub fn log_determinant(b: &[f64], n: usize, g: &mut [f64]) -> f64 {
    let b = DMatrixView::from_slice(b, n, n);
    let mut a = b * b.transpose();
    (0..n).for_each(|i| a[(i, i)] += 1.0);
    let factor = a.cholesky().expect("positive definite");
    let mut gradient = b * 2.0;
    let lower = factor.l_dirty().as_view();
    solve_lower(lower, gradient.as_view_mut());
    solve_upper(lower, gradient.as_view_mut());
    g.copy_from_slice(gradient.as_slice());
    factor.ln_determinant()
}

/// Smaller systems are solved column by column.
const SMALL: usize = 16;

/// `L^-1 X` in place of `X`; what is above the diagonal of `L` is not read.
fn solve_lower(l: DMatrixView<f64>, mut x: DMatrixViewMut<f64>) {
    let n = l.nrows();
    if n <= SMALL {
        assert!(l.solve_lower_triangular_mut(&mut x));
        return;
    }
    let h = n / 2;
    let (mut above, mut below) = x.rows_range_pair_mut(0..h, h..n);
    solve_lower(l.view((0, 0), (h, h)), above.as_view_mut());
    below.gemm(-1.0, &l.view((h, 0), (n - h, h)), &above, 1.0);
    solve_lower(l.view((h, h), (n - h, n - h)), below.as_view_mut());
}

/// `L^-T X` in place of `X`.
fn solve_upper(l: DMatrixView<f64>, mut x: DMatrixViewMut<f64>) {
    let n = l.nrows();
    if n <= SMALL {
        assert!(l.tr_solve_lower_triangular_mut(&mut x));
        return;
    }
    let h = n / 2;
    let (mut above, mut below) = x.rows_range_pair_mut(0..h, h..n);
    solve_upper(l.view((h, h), (n - h, n - h)), below.as_view_mut());
    above.gemm(-1.0, &l.view((h, 0), (n - h, h)).transpose(), &below, 1.0);
    solve_upper(l.view((0, 0), (h, h)), above.as_view_mut());
}

/// `L^-1`, added to zeros.
fn invert_lower(l: DMatrixView<f64>, mut out: DMatrixViewMut<f64>) {
    let n = l.nrows();
    if n <= SMALL {
        out.fill_diagonal(1.0);
        assert!(l.solve_lower_triangular_mut(&mut out));
        return;
    }
    let h = n / 2;
    invert_lower(l.view((0, 0), (h, h)), out.view_mut((0, 0), (h, h)));
    let rest = (n - h, n - h);
    invert_lower(l.view((h, h), rest), out.view_mut((h, h), rest));
    let coupled = out.view((h, h), rest) * l.view((h, 0), (n - h, h));
    let corner = coupled * out.view((0, 0), (h, h));
    out.view_mut((h, 0), (n - h, h)).copy_from(&-corner);
}

/// With `alpha = K^-1 y` the adjoint of `K` is `(alpha alpha^T - K^-1) / 2`.
pub fn gaussian_process(p: &[f64], t: &[f64], y: &[f64], g: &mut [f64]) -> f64 {
    let [length, amplitude, noise] = [p[0].exp(), p[1].exp(), p[2].exp()];
    let (n, scale) = (t.len(), 1.0 / length);
    let correlation = |i: usize, j: usize| {
        let r = (t[i] - t[j]) * scale;
        (-0.5 * r * r).exp()
    };
    // The lower triangle is enough.
    let mut smooth = DMatrix::zeros(n, n);
    for j in 0..n {
        for i in j..n {
            smooth[(i, j)] = amplitude * correlation(i, j);
        }
    }
    let mut covariance = smooth.clone();
    (0..n).for_each(|i| covariance[(i, i)] += noise);
    let factor = covariance.cholesky().expect("positive definite");
    let y = DVectorView::from_slice(y, n);
    let alpha = factor.solve(&y);
    let mut inner = DMatrix::zeros(n, n);
    invert_lower(factor.l_dirty().as_view(), inner.as_view_mut());
    let inverse = inner.transpose() * inner;
    g.fill(0.0);
    for j in 0..n {
        for i in j..n {
            let twice = if i == j { 0.5 } else { 1.0 };
            let bar = twice * (alpha[i] * alpha[j] - inverse[(i, j)]) * smooth[(i, j)];
            let r = (t[i] - t[j]) * scale;
            g[0] += bar * r * r;
            g[1] += bar;
        }
        g[2] += 0.5 * (alpha[j] * alpha[j] - inverse[(j, j)]) * noise;
    }
    -0.5 * (y.dot(&alpha) + factor.ln_determinant())
}

/// State and covariance before each step are kept.
pub fn kalman(p: &[f64], z: &[f64], g: &mut [f64]) -> f64 {
    let f = Matrix2::new(p[0], p[1], p[2], p[3]);
    let (q, r) = (p[4].exp(), p[5].exp());
    let mut states = Vec::with_capacity(z.len());
    let (mut x, mut c, mut likelihood) = (Vector2::zeros(), Matrix2::identity(), 0.0);
    for &z in z {
        states.push((x, c));
        let step = Step::new(&f, q, r, &x, &c, z);
        likelihood -= 0.5 * (step.variance.ln() + step.error * step.error / step.variance);
        x = step.x + step.gain * step.error;
        c = step.c - step.gain * step.gain.transpose() * step.variance;
    }
    let (mut f_bar, mut q_bar, mut r_bar) = (Matrix2::zeros(), 0.0, 0.0);
    let (mut x_bar, mut c_bar) = (Vector2::zeros(), Matrix2::zeros());
    for (&z, (x, c)) in z.iter().zip(&states).rev() {
        let step = Step::new(&f, q, r, x, c, z);
        let variance_bar = step.backward(&mut x_bar, &mut c_bar);
        r_bar += variance_bar;
        q_bar += c_bar.trace();
        f_bar += (c_bar + c_bar.transpose()) * f * c + x_bar * x.transpose();
        (x_bar, c_bar) = (f.tr_mul(&x_bar), f.tr_mul(&c_bar) * f);
    }
    g.copy_from_slice(&[
        f_bar[(0, 0)],
        f_bar[(0, 1)],
        f_bar[(1, 0)],
        f_bar[(1, 1)],
        q_bar * q,
        r_bar * r,
    ]);
    likelihood
}

/// What one observation makes of the prediction.
struct Step {
    x: Vector2<f64>,
    c: Matrix2<f64>,
    variance: f64,
    error: f64,
    gain: Vector2<f64>,
}

impl Step {
    fn new(f: &Matrix2<f64>, q: f64, r: f64, x: &Vector2<f64>, c: &Matrix2<f64>, z: f64) -> Self {
        let x = f * x;
        let mut c = f * c * f.transpose();
        (c[(0, 0)], c[(1, 1)]) = (c[(0, 0)] + q, c[(1, 1)] + q);
        let variance = c[(0, 0)] + r;
        let gain = c.column(0) / variance;
        Step {
            error: z - x[0],
            x,
            c,
            variance,
            gain,
        }
    }

    /// Makes of the adjoints of the new state those of the prediction; gives back that of the variance.
    fn backward(&self, x_bar: &mut Vector2<f64>, c_bar: &mut Matrix2<f64>) -> f64 {
        let Step {
            variance,
            error,
            gain,
            ..
        } = self;
        let along = *c_bar * gain;
        let gain_bar = *x_bar * *error - (along + c_bar.tr_mul(gain)) * *variance;
        let scaled = error / variance;
        let error_bar = x_bar.dot(gain) - scaled;
        let variance_bar = 0.5 * (scaled * scaled - 1.0 / variance)
            - gain.dot(&along)
            - gain_bar.dot(gain) / variance;
        c_bar[(0, 0)] += gain_bar[0] / variance + variance_bar;
        c_bar[(1, 0)] += gain_bar[1] / variance;
        x_bar[0] -= error_bar;
        variance_bar
    }
}

/// `b_bar = A^-T x_bar`, `A_bar = -b_bar x^T`, with the factors of the value.
pub fn layer(p: &[f64], target: &[f64], g: &mut [f64]) -> f64 {
    let n = target.len();
    let (by_matrix, by_right) = g.split_at_mut(n * n);
    let b = DVector::from_column_slice(&p[n * n..]);
    let lu = DMatrix::from_column_slice(n, n, &p[..n * n]).lu();
    let x = lu.solve(&b).expect("invertible");
    let missed = &x - DVectorView::from_slice(target, n);
    let mut b_bar = missed.clone();
    // Both factors in place: the one below the diagonal has ones on it.
    let factors = lu.lu_internal();
    assert!(factors.tr_solve_upper_triangular_mut(&mut b_bar));
    for i in (0..n).rev() {
        let below = factors.view((i + 1, i), (n - i - 1, 1));
        b_bar[i] -= below.dot(&b_bar.rows(i + 1, n - i - 1));
    }
    lu.p().inv_permute_rows(&mut b_bar);
    for (column, x) in by_matrix.chunks_exact_mut(n).zip(x.iter()) {
        column
            .iter_mut()
            .zip(b_bar.iter())
            .for_each(|(a, b)| *a = -b * x);
    }
    by_right.copy_from_slice(b_bar.as_slice());
    0.5 * missed.norm_squared()
}
