//! Matrix primitives with derivatives.
//!
//! Each is a function on nalgebra's matrices, of static or dynamic dimensions, owned or views, and has its derivatives beside it, as a
//! function under `#[differentiate]` has. References in, owned values out; an annotated function may call them.
//!
//! ```
//! use autodiff_runtime::{differentiate, linalg};
//! use nalgebra::{Matrix2, Vector2};
//!
//! let (a, b) = (Matrix2::new(2.0, 1.0, 1.0, 3.0), Vector2::new(3.0, 5.0));
//! let (x, pullback) = linalg::solve::vjp(&a, &b);           // the factorisation is kept
//! let (a_bar, b_bar) = pullback(x);                         // and serves the derivative
//! let (_, slope) = linalg::det::jvp(&a, &Matrix2::identity());
//! assert_eq!((linalg::det(&a), slope), (5.0, 5.0));
//! # assert!((a_bar * Vector2::new(0.8, 1.4) + b_bar * 0.0).norm() > 0.0);
//!
//! #[differentiate]
//! fn energy(a: &Matrix2<f64>, c: f64) -> f64 {
//!     let square = linalg::matmul(a, a);
//!     c * linalg::trace(&square)
//! }
//! assert_eq!(energy::grad(&a, 0.5).0, a.transpose());
//! ```
//!
//! # Rules
//!
//! $\dot X$ is a tangent, $\bar X$ an adjoint, $\langle A, B \rangle = \mathrm{Re} \mathrm{tr}(A^H B)$; that of a real number is the
//! product. Complex matrices where $H$ is written. The documentation of a function has all of it: shapes, domain, what happens at the edge.
//!
//! | function | value | tangent | adjoint |
//! |---|---|---|---|
//! | [`matmul`](fn@matmul) | $Y = A B$ | $\dot A B + A \dot B$ | $\bar A = \bar Y B^H,\ \bar B = A^H \bar Y$ |
//! | [`transpose`](fn@transpose) | $Y = A^T$ | $\dot A^T$ | $\bar Y^T$ |
//! | [`trace`](fn@trace) | $y = \mathrm{tr} A$ | $\mathrm{tr} \dot A$ | $\bar y I$ |
//! | [`dot`](fn@dot) | $y = \sum A_{ij} B_{ij}$ | $\dot A \cdot B + A \cdot \dot B$ | $\bar A = \bar y \overline{B},\ \bar B = \bar y \overline{A}$ |
//! | [`outer`](fn@outer) | $Y = u v^T$ | $\dot u v^T + u \dot v^T$ | $\bar u = \bar Y \overline{v},\ \bar v = \bar Y^T \overline{u}$ |
//! | [`kron`](fn@kron) | $Y = A \otimes B$ | $\dot A \otimes B + A \otimes \dot B$ | by blocks |
//! | [`norm`](fn@norm) | $y = \lVert A \rVert_F$ | $\langle A, \dot A \rangle / y$ | $\bar y A / y$, zero at zero |
//! | [`det`](fn@det) | $y = \det A$ | $\mathrm{tr}(\mathrm{adj}(A) \dot A)$ | $\bar y  \mathrm{adj}(A)^H$, any rank |
//! | [`slogdet`](fn@slogdet) | sign, $\ln \lvert \det A \rvert$ | $\mathrm{Re} \mathrm{tr}(A^{-1} \dot A)$ | $\bar y A^{-H}$ |
//! | [`logdet`](fn@logdet) | $\ln \det A$ | $\mathrm{tr}(A^{-1} \dot A)$ | $\bar y A^{-T}$ |
//! | [`inverse`](fn@inverse) | $Y = A^{-1}$ | $-Y \dot A Y$ | $-Y^H \bar Y Y^H$ |
//! | [`solve`](fn@solve) | $X = A^{-1} B$ | $A^{-1} (\dot B - \dot A X)$ | $\bar B = A^{-H} \bar X,\ \bar A = -\bar B X^H$ |
//! | [`solve_triangular`](fn@solve_triangular) | $X = T^{-1} B$ or $T^{-H} B$ | as `solve` | as `solve`, of $\bar A$ the triangle |
//! | [`cholesky`](fn@cholesky) | $A = L L^H$ | $L  \Phi(L^{-1} \dot A L^{-H})$ | $L^{-H} \mathrm{sym}(\Phi(L^H \bar L)) L^{-1}$ |
//! | [`cholesky_solve`](fn@cholesky_solve) | $X = A^{-1} B$ | as `solve` | $\bar A = -\mathrm{sym}(\bar B X^H)$ |
//! | [`lstsq`](fn@lstsq) | $X = \mathrm{argmin} \lVert A X - B \rVert$ | by QR | by QR |
//! | [`pinv`](fn@pinv) | $Y = A^+$ | Golub and Pereyra | at constant rank |
//! | [`lu`](fn@lu) | $P A = L U$ | $\dot L = L S,\ \dot U = X - S U$ | its transpose |
//! | [`qr`](fn@qr) | $A = Q R$, thin | $\dot R = (W - \Omega) R$ | $(\bar Q + Q H) R^{-H}$ |
//! | [`svd`](fn@svd) | $A = U S V^H$, thin | ties: aligned to the direction | ties: exact or refused |
//! | [`singular_values`](fn@singular_values) | $s$, descending | $\mathrm{Re} \mathrm{diag}(U^H \dot A V)$ | $U  \mathrm{diag}(\bar s) V^H$ |
//! | [`spectral_norm`](fn@spectral_norm) | $s_1$ | $\mathrm{Re}(u_1^H \dot A v_1)$ | $\bar y u_1 v_1^H$ |
//! | [`nuclear_norm`](fn@nuclear_norm) | $\sum s_i$ | $\langle U V^H, \dot A \rangle$ | $\bar y U V^H$ |
//! | [`symmetric_eigen`](fn@symmetric_eigen) | $A = V \Lambda V^H$, ascending | ties: aligned to the direction | ties: exact or refused |
//! | [`symmetric_eigenvalues`](fn@symmetric_eigenvalues) | $\lambda$, ascending | $\mathrm{diag}(V^H \dot A V)$ | $V  \mathrm{diag}(\bar \lambda) V^H$ |
//! | [`expm`](fn@expm) | $Y = e^A$ | $L(A, \dot A)$ | $L(A^H, \bar Y)$ |
//! | [`logm`](fn@logm) | $e^Y = A$, principal | $L(A, \dot A)$ | $L(A^T, \bar Y)$ |
//! | [`sqrtm`](fn@sqrtm) | $Y Y = A$, principal | $Y \dot Y + \dot Y Y = \dot A$ | $Y^T \bar A + \bar A Y^T = \bar Y$ |
//! | [`pow`](fn@pow) | $Y = A^n$ | $\sum A^k \dot A A^{n - 1 - k}$ | $\sum (A^H)^k \bar Y (A^H)^{n - 1 - k}$ |
//! | [`symmetric_exp`](fn@symmetric_exp), [`symmetric_ln`](fn@symmetric_ln), [`symmetric_sqrt`](fn@symmetric_sqrt), [`symmetric_powf`](fn@symmetric_powf), [`symmetric_function`](fn@symmetric_function) | $V f(\Lambda) V^H$ | $V (f[\lambda_i, \lambda_j] \circ V^H \dot A V) V^H$ | the same of $\bar Y$ |
//! | [`sylvester`](fn@sylvester) | $A X + X B = C$ | with $\dot C - \dot A X - X \dot B$ | $A^T \bar C + \bar C B^T = \bar X,\ \bar A = -\bar C X^T,\ \bar B = -X^T \bar C$ |
//! | [`lyapunov`](fn@lyapunov) | $A X + X A^T = C$ | with $\dot C - \dot A X - X \dot A^T$ | $A^T \bar C + \bar C A = \bar X,\ \bar A = -\bar C X^T - \bar C^T X$ |
//! | [`eig`](fn@eig) | $A V = V \Lambda$, complex | $\dot \lambda_j = (V^{-1} \dot A V)_{jj}$ | ties and defective: exact or refused |
//! | [`eigenvalues`](fn@eigenvalues) | $\lambda$, complex | $w^H \dot A v / w^H v$ | $\mathrm{Re}(\bar \lambda w v^H / v^H w)$ |
//! | [`singular_function`](fn@singular_function), [`low_rank`](fn@low_rank), [`soft_threshold`](fn@soft_threshold) | $U f(S) V^H$ | divided differences and averages | the same of $\bar Y$ |
//! | [`polar_right`](fn@polar_right), [`polar_left`](fn@polar_left) | $A = W H$ or $H W$ | by $U$, $S$, $V$ | its transpose |
//!
//! $L(A, E)$ is the derivative of the function at $A$ in the direction $E$, $f[a, b]$ the divided difference $(f(a) - f(b)) / (a - b)$.
//!
//! # Conventions
//!
//! * What does not exist everywhere is an `Option`, as in nalgebra, and so are its tangent and cotangent: `Some` where the value is.
//! * `cholesky`, `cholesky_solve` and all that begins with `symmetric_` are functions of the symmetric (Hermitian) part of their
//!   argument, $(A + A^H) / 2$, and have a symmetric gradient. nalgebra's own methods read the lower triangle only.
//! * Matrices whose dimensions do not fit panic, with both in the message. So does a derivative that does not exist.
//! * At a kink the derivative is a subgradient that the documentation of the function names.
//! * Singular value decompositions are checked, as nalgebra's is wrong for some matrices, and repeated by Jacobi rotations where they fail.

pub(crate) mod decomposition;
pub(crate) mod factor;
mod field;
pub(crate) mod functions;
pub(crate) mod rule;
mod rules;
pub(crate) mod second;
pub(crate) mod shape;
pub(crate) mod triangular;

pub use field::{Field, RealNumber};
pub use rules::cholesky::cholesky;
pub(crate) use rules::cholesky::pull_factor;
pub use rules::cholesky_solve::cholesky_solve;
pub use rules::det::det;
pub(crate) use rules::det::{add_second_cofactors, cofactors};
pub use rules::dot::dot;
pub use rules::eig::eig;
pub use rules::eigenvalues::eigenvalues;
pub use rules::expm::expm;
pub use rules::inverse::inverse;
pub use rules::kron::kron;
pub use rules::logdet::logdet;
pub use rules::logm::logm;
pub use rules::low_rank::low_rank;
pub use rules::lstsq::lstsq;
pub use rules::lu::lu;
pub use rules::lyapunov::lyapunov;
pub use rules::matmul::matmul;
pub use rules::norm::norm;
pub use rules::nuclear_norm::nuclear_norm;
pub use rules::outer::outer;
pub use rules::pinv::pinv;
pub use rules::polar_left::polar_left;
pub use rules::polar_right::polar_right;
pub use rules::pow::pow;
pub use rules::qr::qr;
pub(crate) use rules::qr::{factor_tangents, pull_factors};
pub use rules::singular_function::singular_function;
pub use rules::singular_values::singular_values;
pub use rules::slogdet::slogdet;
pub use rules::soft_threshold::soft_threshold;
pub use rules::solve::solve;
pub use rules::solve_triangular::solve_triangular;
pub use rules::spectral_norm::spectral_norm;
pub use rules::sqrtm::sqrtm;
pub(crate) use rules::svd::pull_regular;
pub use rules::svd::svd;
pub use rules::sylvester::sylvester;
pub(crate) use rules::symmetric_eigen::pull_distinct;
pub use rules::symmetric_eigen::symmetric_eigen;
pub use rules::symmetric_eigenvalues::symmetric_eigenvalues;
pub use rules::symmetric_exp::symmetric_exp;
pub use rules::symmetric_function::symmetric_function;
pub use rules::symmetric_ln::symmetric_ln;
pub use rules::symmetric_powf::symmetric_powf;
pub use rules::symmetric_sqrt::symmetric_sqrt;
pub use rules::trace::trace;
pub use rules::transpose::transpose;
pub use triangular::Triangle;
