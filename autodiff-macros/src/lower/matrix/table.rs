//! The methods of matrices and factorisations that are calls of functions of the runtime: names, arguments, results.

use crate::ir::Factors;

/// What a method gives.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    Matrix,
    /// One of complex numbers.
    ComplexMatrix,
    /// An element.
    Scalar,
    /// An `Option` or `Result` of a matrix.
    Perhaps,
    /// Two matrices.
    Pair,
    Factors(Factors),
    PerhapsFactors(Factors),
    /// Matrices by these names, after them the factorisation itself if there is one.
    Record(&'static [&'static str], Option<Factors>),
    /// The same in an `Option`.
    PerhapsRecord(&'static [&'static str]),
}

/// How an argument is passed on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    Matrix,
    Scalar,
    /// An index, a shape, a tolerance: without derivative.
    Constant,
    /// A list of indices.
    Indices,
}

use Gives::{Matrix, Perhaps, PerhapsFactors, Record, Scalar};
use Takes::{Constant, Indices};

/// A method, what it takes and what it gives.
pub type Method = (&'static str, &'static [Takes], Gives);

const ONE: &[Takes] = &[Takes::Matrix];

/// The methods that nothing but a matrix has, as far as the compiler is concerned.
pub const ALGEBRA: &[Method] = &[
    ("transpose", &[], Matrix),
    ("tr_mul", ONE, Matrix),
    ("tr_dot", ONE, Scalar),
    ("dot", ONE, Scalar),
    ("component_mul", ONE, Matrix),
    ("component_div", ONE, Matrix),
    ("cross", ONE, Matrix),
    ("cross_matrix", &[], Matrix),
    ("perp", ONE, Scalar),
    ("kronecker", ONE, Matrix),
    ("trace", &[], Scalar),
    ("norm", &[], Scalar),
    ("norm_squared", &[], Scalar),
    ("lp_norm", &[Constant], Scalar),
    ("metric_distance", ONE, Scalar),
    ("normalize", &[], Matrix),
    ("symmetric_part", &[], Matrix),
    ("lower_triangle", &[], Matrix),
    ("upper_triangle", &[], Matrix),
    ("row_sum", &[], Matrix),
    ("row_sum_tr", &[], Matrix),
    ("row_mean", &[], Matrix),
    ("row_mean_tr", &[], Matrix),
    ("row_variance", &[], Matrix),
    ("row_variance_tr", &[], Matrix),
    ("column_sum", &[], Matrix),
    ("column_mean", &[], Matrix),
    ("column_variance", &[], Matrix),
    ("determinant", &[], Scalar),
    ("try_inverse", &[], Perhaps),
    ("lu", &[], Gives::Factors(Factors::Lu)),
    ("full_piv_lu", &[], Gives::Factors(Factors::FullPivLu)),
    ("col_piv_qr", &[], COL_PIV_QR_PARTS),
    ("polar", &[], Gives::Pair),
    ("cholesky", &[], PerhapsFactors(Factors::Cholesky)),
    ("qr", &[], QR_PARTS),
    ("symmetric_eigen", &[], EIGEN_PARTS),
    (
        "try_symmetric_eigen",
        &[Constant, Constant],
        Gives::PerhapsRecord(EIGEN),
    ),
    ("symmetric_eigenvalues", &[], Matrix),
    ("singular_values", &[], Matrix),
    ("pseudo_inverse", &[Constant], Perhaps),
];

/// Those that other things have too.
pub const OTHERS: &[Method] = &[
    ("sum", &[], Scalar),
    ("mean", &[], Scalar),
    ("complex_eigenvalues", &[], Gives::ComplexMatrix),
    ("eigenvalues", &[], Perhaps),
    ("variance", &[], Scalar),
    ("exp", &[], Matrix),
    ("angle", ONE, Scalar),
    ("row", &[Constant], Matrix),
    ("column", &[Constant], Matrix),
    ("rows", &[Constant, Constant], Matrix),
    ("columns", &[Constant, Constant], Matrix),
    ("view", &[Constant, Constant], Matrix),
    ("fixed_view", &[Constant, Constant], Matrix),
    ("fixed_rows", &[Constant], Matrix),
    ("fixed_columns", &[Constant], Matrix),
    ("select_rows", &[Indices], Matrix),
    ("select_columns", &[Indices], Matrix),
    ("remove_row", &[Constant], Matrix),
    ("remove_rows", &[Constant, Constant], Matrix),
    ("remove_column", &[Constant], Matrix),
    ("remove_columns", &[Constant, Constant], Matrix),
    ("insert_row", &[Constant, Takes::Scalar], Matrix),
    ("insert_rows", &[Constant, Constant, Takes::Scalar], Matrix),
    ("insert_column", &[Constant, Takes::Scalar], Matrix),
    (
        "insert_columns",
        &[Constant, Constant, Takes::Scalar],
        Matrix,
    ),
    ("remove_rows_at", &[Indices], Matrix),
    ("remove_columns_at", &[Indices], Matrix),
    ("insert_fixed_rows", &[Constant, Takes::Scalar], Matrix),
    ("insert_fixed_columns", &[Constant, Takes::Scalar], Matrix),
    ("remove_fixed_rows", &[Constant], Matrix),
    ("remove_fixed_columns", &[Constant], Matrix),
    ("fixed_resize", &[Takes::Scalar], Matrix),
    ("convolve_full", ONE, Matrix),
    ("convolve_same", ONE, Matrix),
    ("convolve_valid", ONE, Matrix),
    ("resize", &[Constant, Constant, Takes::Scalar], Matrix),
    ("resize_vertically", &[Constant, Takes::Scalar], Matrix),
    ("resize_horizontally", &[Constant, Takes::Scalar], Matrix),
    ("push", &[Takes::Scalar], Matrix),
    ("to_homogeneous", &[], Matrix),
    ("xx", &[], Matrix),
    ("xy", &[], Matrix),
    ("xz", &[], Matrix),
    ("yx", &[], Matrix),
    ("yy", &[], Matrix),
    ("yz", &[], Matrix),
    ("zx", &[], Matrix),
    ("zy", &[], Matrix),
    ("zz", &[], Matrix),
    ("xyz", &[], Matrix),
    ("xzy", &[], Matrix),
    ("yxz", &[], Matrix),
    ("yzx", &[], Matrix),
    ("zxy", &[], Matrix),
    ("zyx", &[], Matrix),
    ("diagonal", &[], Matrix),
    ("solve_lower_triangular", ONE, Perhaps),
    ("solve_upper_triangular", ONE, Perhaps),
    ("tr_solve_lower_triangular", ONE, Perhaps),
    ("tr_solve_upper_triangular", ONE, Perhaps),
];

/// Does it leave the matrix alone that it is called on? What gives another matrix, with more rows or less, takes it away.
pub fn is_reading_matrix(method: &proc_macro2::Ident) -> bool {
    let name = method.to_string();
    let name = canonical(&name);
    let listed = |methods: &[Method]| methods.iter().any(|(n, ..)| *n == name);
    let changes = method.to_string().ends_with("_mut") || listed(CHANGES);
    let takes = ["insert", "remove", "resize", "push"].iter();
    let takes = takes.clone().any(|verb| name.starts_with(verb));
    !changes && !takes && (listed(ALGEBRA) || listed(OTHERS))
}

/// Those that change the matrix: what it becomes.
pub const CHANGES: &[Method] = &[
    ("axpy", UPDATE_BY_VECTOR, Matrix),
    ("gemv", UPDATE_BY_PRODUCT, Matrix),
    ("gemv_tr", UPDATE_BY_PRODUCT, Matrix),
    ("gemm", UPDATE_BY_PRODUCT, Matrix),
    ("gemm_tr", UPDATE_BY_PRODUCT, Matrix),
    ("ger", UPDATE_BY_PRODUCT, Matrix),
    ("resize_mut", &[Constant, Constant, Takes::Scalar], Matrix),
    ("resize_vertically_mut", &[Constant, Takes::Scalar], Matrix),
    (
        "resize_horizontally_mut",
        &[Constant, Takes::Scalar],
        Matrix,
    ),
    ("swap_rows", &[Constant, Constant], Matrix),
    ("swap_columns", &[Constant, Constant], Matrix),
    ("transpose_mut", &[], Matrix),
    ("normalize_mut", &[], Matrix),
];

const UPDATE_BY_VECTOR: &[Takes] = &[Takes::Scalar, Takes::Matrix, Takes::Scalar];
const UPDATE_BY_PRODUCT: &[Takes] = &[Takes::Scalar, Takes::Matrix, Takes::Matrix, Takes::Scalar];

/// Those of `a.lu()` and `a.full_piv_lu()`.
const LU: &[Method] = &[
    ("solve", ONE, Perhaps),
    ("determinant", &[], Scalar),
    ("try_inverse", &[], Perhaps),
    ("l", &[], Matrix),
    ("u", &[], Matrix),
];

/// Those of what is in `a.cholesky()`.
const CHOLESKY: &[Method] = &[
    (
        "rank_one_update",
        &[Takes::Matrix, Takes::Scalar],
        Gives::Factors(Factors::Cholesky),
    ),
    ("l", &[], Matrix),
    ("unpack", &[], Matrix),
    ("solve", ONE, Matrix),
    ("inverse", &[], Matrix),
    ("determinant", &[], Scalar),
    ("ln_determinant", &[], Scalar),
];

/// Those of `a.qr()` that need the factorisation itself.
const QR: &[Method] = &[
    ("solve", ONE, Perhaps),
    ("try_inverse", &[], Perhaps),
    ("q_tr_mul", ONE, Matrix),
];

/// Those of `a.col_piv_qr()`. Its determinant has the wrong sign in nalgebra 0.35.
const COL_PIV_QR: &[Method] = &[
    ("solve", ONE, Perhaps),
    ("try_inverse", &[], Perhaps),
    ("q_tr_mul", ONE, Matrix),
];

/// Those of `a.svd(true, true)` that need the factorisation itself.
const SVD: &[Method] = &[
    ("solve", &[Takes::Matrix, Constant], Perhaps),
    ("pseudo_inverse", &[Constant], Perhaps),
];

const COL_PIV_QR_PARTS: Gives = Record(&["q", "r"], Some(Factors::ColPivQr));
const QR_PARTS: Gives = Record(&["q", "r"], Some(Factors::Qr));
const EIGEN_PARTS: Gives = Record(EIGEN, None);
const EIGEN: &[&str] = &["eigenvalues", "eigenvectors"];

/// The parts of a singular value decomposition.
pub const SVD_PARTS: Gives = Record(&["u", "singular_values", "v_t"], Some(Factors::Svd));

/// The methods of a factorisation, and what the names of their functions begin with.
pub fn of_factors(factors: Factors) -> (&'static [Method], &'static str) {
    match factors {
        Factors::Lu => (LU, "lu_"),
        Factors::FullPivLu => (LU, "full_piv_lu_"),
        Factors::Cholesky => (CHOLESKY, "cholesky_"),
        Factors::ColPivQr => (COL_PIV_QR, "col_piv_qr_"),
        Factors::Qr => (QR, "qr_"),
        Factors::Svd => (SVD, "svd_"),
    }
}

/// A factorisation by the constructor of its type.
pub fn of_constructor(owner: &str) -> Option<(&'static str, Gives)> {
    Some(match owner {
        "Cholesky" => ("cholesky", PerhapsFactors(Factors::Cholesky)),
        "LU" => ("lu", Gives::Factors(Factors::Lu)),
        "FullPivLU" => ("full_piv_lu", Gives::Factors(Factors::FullPivLu)),
        "QR" => ("qr", QR_PARTS),
        "ColPivQR" => ("col_piv_qr", COL_PIV_QR_PARTS),
        "SymmetricEigen" => ("symmetric_eigen", EIGEN_PARTS),
        _ => return None,
    })
}

/// Several names of one thing: real matrices are their own conjugates.
pub fn canonical(name: &str) -> &str {
    match name {
        "magnitude" => "norm",
        "magnitude_squared" => "norm_squared",
        "adjoint" | "conjugate_transpose" | "transpose_mut" | "adjoint_mut" => "transpose",
        "ad_mul" => "tr_mul",
        "dotc" => "dot",
        "gemv_ad" => "gemv_tr",
        "gemm_ad" => "gemm_tr",
        "gerc" => "ger",
        "hermitian_part" => "symmetric_part",
        "normalize_mut" => "normalize",
        "resize_mut" => "resize",
        "resize_vertically_mut" => "resize_vertically",
        "resize_horizontally_mut" => "resize_horizontally",
        "hegemv" => "sygemv",
        "hegerc" | "ger_symm" => "syger",
        "component_mul_mut" => "component_mul_assign",
        "component_div_mut" => "component_div_assign",
        "new_observer_frame" => "face_towards",
        name => name,
    }
}
