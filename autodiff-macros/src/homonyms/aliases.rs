//! Other names of types of nalgebra: `type Jacobian = SMatrix<f64, 2, 6>;` in the same file, `use nalgebra::Vector3 as V3;`.
//!
//! All stages know the types of nalgebra by their names. An alias becomes an identifier that has the type in it for as long as they run, and
//! is the name that it was when they are done:
//!
//! ```text
//! fn f(j: &Jacobian) -> f64 { .. }        fn f(j: &Jacobian__is__SMatrix__is__f64__is__2__is__6) -> f64 { .. }
//! fn f(v: &V3<f64>) -> f64 { .. }         fn f(v: &V3__is__Vector3<f64>) -> f64 { .. }
//! ```

use crate::emit::foreign::MOTION_TYPES;
use crate::lower::types::is_matrix;
use crate::source::Source;
use crate::source::imports::mentions_nalgebra;
use proc_macro2::Ident;

/// Between the parts of the identifier, as in no name of a type.
const MARK: &str = "__is__";

/// A type of nalgebra that has another name.
pub struct Alias {
    /// `f64`
    pub element: syn::Type,
    /// Those arguments that are numbers.
    pub sizes: Vec<usize>,
}

/// What a marked identifier stands for.
pub fn alias(name: &str) -> Option<Alias> {
    let mut parts = name.split(MARK).skip(2);
    Some(Alias {
        element: syn::parse_str(parts.next()?).ok()?,
        sizes: parts.filter_map(|size| size.parse().ok()).collect(),
    })
}

/// The type that the name stands for, or itself.
pub fn base(name: &str) -> &str {
    name.split(MARK).nth(1).unwrap_or(name)
}

/// The name without its mark.
pub fn without_alias(name: &Ident) -> Option<String> {
    let name = name.to_string();
    let (alias, _) = name.split_once(MARK)?;
    Some(alias.to_owned())
}

/// May it be another name of a type?
pub fn may_be_alias(name: &str) -> bool {
    let known = [
        "Self", "Some", "None", "Ok", "Err", "Vec", "Option", "Result",
    ];
    crate::case::is_upper(name) && !known.contains(&name)
}

impl Source {
    /// The marked identifier of an alias.
    pub fn marked_alias(&self, path: &[String]) -> Option<String> {
        let (name, modules) = path.split_last()?;
        let definition = match modules {
            [] => {
                if let Some(brought) = self.brought_by_other_name(name) {
                    return Some(brought);
                }
                // A single letter is more likely a parameter.
                self.definition(name).filter(|_| name.chars().count() > 1)
            }
            _ => self.alias_at(path),
        }?;
        let syn::Item::Type(alias) = &definition.item else {
            return None;
        };
        let syn::Type::Path(path) = &*alias.ty else {
            return None;
        };
        let last = path.path.segments.last()?;
        let base = last.ident.to_string();
        let plain = alias.generics.params.is_empty();
        let names = crate::names::of_path(&path.path);
        if !plain || definition.source.is_own(&names) || !is_of_nalgebra(&base) {
            return None;
        }
        let syn::PathArguments::AngleBracketed(list) = &last.arguments else {
            return None;
        };
        let arguments: Option<Vec<String>> = list.args.iter().map(part).collect();
        let arguments = arguments?;
        // Another name of a float may mean something else here.
        let float = || {
            arguments
                .first()
                .is_some_and(|of| of == "f64" || of == "f32")
        };
        let readable = self.is(&definition.source) || float();
        let parts = [&[name.to_owned(), base], &arguments[..]].concat();
        readable.then(|| parts.join(MARK))
    }

    /// The same of `use nalgebra::Vector3 as V3`.
    fn brought_by_other_name(&self, name: &str) -> Option<String> {
        let import = self.import(name)?;
        let base = import.path.last().filter(|base| *base != name)?;
        let of_nalgebra = mentions_nalgebra(&import.path) && is_of_nalgebra(base);
        of_nalgebra.then(|| format!("{name}{MARK}{base}"))
    }
}

fn is_of_nalgebra(name: &str) -> bool {
    is_matrix(name) || MOTION_TYPES.contains(&name)
}

/// An argument as a part of an identifier.
fn part(argument: &syn::GenericArgument) -> Option<String> {
    match argument {
        syn::GenericArgument::Type(syn::Type::Path(path)) => {
            path.path.get_ident().map(ToString::to_string)
        }
        syn::GenericArgument::Const(syn::Expr::Lit(lit)) => match &lit.lit {
            syn::Lit::Int(size) => Some(size.base10_digits().to_owned()),
            _ => None,
        },
        _ => None,
    }
}
