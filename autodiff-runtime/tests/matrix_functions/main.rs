//! Matrix functions, linear matrix equations and general eigenvalues: each rule against extended precision and differences.

mod complex;
mod conditioning;
mod eigenvalues;
mod equations;
mod extended;
mod functions;
mod reference;
mod singular;
mod static_types;
mod subject;
mod symmetric;
