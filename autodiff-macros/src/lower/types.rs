//! What a written type tells.
//!
//! ```text
//! &mut [Vec<T>]      Ref(mut, Slice(Vec(Float(T)))) where T: Float
//! ```

use super::told::Told;
use crate::emit::foreign::{MOTION_TYPES, UNITS};
use crate::emit::types::Wrapper;
use crate::homonyms;
use crate::ir::{Factors, FloatTy, FnType, Ty};
use crate::source::Source;
use crate::source::traits::asks_for_numbers;
use proc_macro2::{Ident, TokenStream};
use std::collections::BTreeMap;

/// Does the bound make a type parameter a float? `Float`, `RealField`, `FloatCore`, and what crates call their own: `GeoFloat`, `Scalar`.
fn is_float_trait(name: &str) -> bool {
    const PARTS: &[&str] = &["Float", "Real", "ComplexField", "Scalar"];
    PARTS.iter().any(|part| name.contains(part))
}

/// Is it a trait that only numbers have: of floats, or one of a crate of numbers?
pub fn is_number_trait(name: &str) -> bool {
    const TRAITS: &[&str] = &["Num", "NumCast", "NumAssign", "FromPrimitive", "Signed"];
    is_float_trait(name) || TRAITS.contains(&name)
}

/// Bounds that make it a number: with a derivative it is a float.
const NUMBER_BOUNDS: &[&str] = &[
    "Add",
    "Sub",
    "Mul",
    "Div",
    "Neg",
    "Num",
    "NumOps",
    "NumAssign",
    "NumAssignOps",
    "Signed",
    "Zero",
    "One",
];

/// The type parameters with a float-like bound, and those that become such floats: `T: Into<f64>`.
pub fn float_params(generics: &syn::Generics) -> Vec<Ident> {
    let names: Vec<&Ident> = generics.type_params().map(|p| &p.ident).collect();
    let with = |is_float: &dyn Fn(&Ident, &syn::TypeParamBound) -> bool| -> Vec<Ident> {
        let float = |name: &&&Ident| bounds(name, generics).any(|b| is_float(name, b));
        names.iter().filter(float).copied().cloned().collect()
    };
    let floats = with(&is_float_like);
    with(&|name, bound| is_float_like(name, bound) || super::conversion::into_float(bound, &floats))
}

fn is_float_like(name: &Ident, bound: &syn::TypeParamBound) -> bool {
    let syn::TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    bound.path.segments.last().is_some_and(|s| {
        let is_number = NUMBER_BOUNDS.iter().any(|known| s.ident == known);
        is_float_trait(&s.ident.to_string())
            || is_number && is_with_itself(name, &s.arguments)
            || asks_for_numbers(bound)
    })
}

/// The bound by which a parameter that could be a number is scaled by another type: `V: Add<Output = V> + Mul<f64, Output = V>` may be a vector.
pub fn scaled_by_another<'g>(
    name: &'g Ident,
    generics: &'g syn::Generics,
) -> Option<&'g syn::TypeParamBound> {
    const SCALES: &[&str] = &["Mul", "Div", "MulAssign", "DivAssign"];
    let last = |bound: &'g syn::TypeParamBound| match bound {
        syn::TypeParamBound::Trait(bound) => bound.path.segments.last(),
        _ => None,
    };
    let all = || bounds(name, generics).filter_map(move |b| Some((b, last(b)?)));
    let sure = all().any(|(_, s)| is_float_trait(&s.ident.to_string()));
    let number = bounds(name, generics).any(|b| is_float_like(name, b));
    let scales = |(_, s): &(_, &syn::PathSegment)| {
        SCALES.iter().any(|scale| s.ident == scale) && !is_with_itself(name, &s.arguments)
    };
    let found = all().find(scales).filter(|_| number && !sure)?;
    Some(found.0)
}

/// Is the other operand, if it is written, of the same type?
fn is_with_itself(name: &Ident, arguments: &syn::PathArguments) -> bool {
    let syn::PathArguments::AngleBracketed(list) = arguments else {
        return true;
    };
    list.args.iter().all(|argument| match argument {
        syn::GenericArgument::Type(syn::Type::Path(p)) => p.path.is_ident(name),
        syn::GenericArgument::Type(_) => false,
        _ => true,
    })
}

/// The type of a parameter that is a function: `impl Fn(f64) -> f64`, `F` where it is bound so, `fn(f64) -> f64`, references to such.
pub fn function_type(ty: &syn::Type, generics: &syn::Generics) -> Option<FnType> {
    match ty {
        syn::Type::Paren(t) => function_type(&t.elem, generics),
        syn::Type::Group(t) => function_type(&t.elem, generics),
        syn::Type::Reference(t) => function_type(&t.elem, generics),
        syn::Type::ImplTrait(t) => t.bounds.iter().find_map(function_bound),
        syn::Type::TraitObject(t) => t.bounds.iter().find_map(function_bound),
        syn::Type::FnPtr(t) => Some(FnType {
            kind: Ident::new("Fn", proc_macro2::Span::mixed_site()),
            inputs: t.inputs.iter().map(|arg| arg.ty.clone()).collect(),
            output: t.output.clone(),
        }),
        syn::Type::Path(p) => match p.path.get_ident() {
            Some(name) => generic_function(name, generics),
            None => boxed(p).and_then(|inner| function_type(inner, generics)),
        },
        _ => None,
    }
}

/// Is it the type of a function: `fn(f64) -> f64`, `&dyn Fn(f64) -> f64`, `Box<dyn Fn(f64) -> f64>`?
pub fn is_called(ty: &syn::Type) -> bool {
    function_type(ty, &syn::Generics::default()).is_some()
}

/// Is it such a type, or one of lists or tuples of these: `Vec<fn(f64) -> f64>`, `[(&str, fn(f64) -> f64); 2]`?
pub fn holds_functions(ty: &syn::Type) -> bool {
    match ty {
        ty if is_called(ty) => true,
        syn::Type::Array(t) => holds_functions(&t.elem),
        syn::Type::Slice(t) => holds_functions(&t.elem),
        syn::Type::Reference(t) => holds_functions(&t.elem),
        syn::Type::Tuple(t) => t.elems.iter().any(holds_functions),
        syn::Type::Path(p) => match p.path.segments.last().map(|s| &s.arguments) {
            Some(syn::PathArguments::AngleBracketed(args)) => args.args.iter().any(
                |argument| matches!(argument, syn::GenericArgument::Type(t) if holds_functions(t)),
            ),
            _ => false,
        },
        _ => false,
    }
}

/// `T` of `Box<T>`.
pub fn boxed(ty: &syn::TypePath) -> Option<&syn::Type> {
    let last = ty.path.segments.last().filter(|s| s.ident == "Box")?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    match args.args.first()? {
        syn::GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// The function that a type parameter stands for.
pub fn generic_function(name: &Ident, generics: &syn::Generics) -> Option<FnType> {
    bounds(name, generics).find_map(function_bound)
}

/// Does a function of this type give something with a derivative?
pub fn gives_number(function: &FnType, floats: &[Ident]) -> bool {
    match &function.output {
        syn::ReturnType::Default => false,
        syn::ReturnType::Type(_, ty) => !known(ty, floats).is_inert(),
    }
}

/// The bounds of a type parameter.
pub fn bounds<'g>(
    name: &Ident,
    generics: &'g syn::Generics,
) -> impl Iterator<Item = &'g syn::TypeParamBound> {
    let inline = generics.type_params().filter(|p| p.ident == *name);
    let inline = inline.flat_map(|p| &p.bounds);
    let clauses = generics.where_clause.iter().flat_map(|w| &w.predicates);
    let clauses = clauses.filter_map(|predicate| match predicate {
        syn::WherePredicate::Type(p) => match &p.bounded_ty {
            syn::Type::Path(t) if t.path.get_ident() == Some(name) => Some(&p.bounds),
            _ => None,
        },
        _ => None,
    });
    inline.chain(clauses.flatten())
}

/// `Fn(f64) -> f64`
fn function_bound(bound: &syn::TypeParamBound) -> Option<FnType> {
    let syn::TypeParamBound::Trait(bound) = bound else {
        return None;
    };
    let last = bound.path.segments.last()?;
    let syn::PathArguments::Parenthesized(args) = &last.arguments else {
        return None;
    };
    Some(FnType {
        kind: last.ident.clone(),
        inputs: args.inputs.iter().map(|arg| arg.ty.clone()).collect(),
        output: args.output.clone(),
    })
}

/// What is known of a type as it is written. `floats` are the float-like type parameters.
pub fn known(ty: &syn::Type, floats: &[Ident]) -> Ty {
    Written {
        floats,
        told: None,
        source: None,
    }
    .known(ty)
}

/// Is it `f64` or `f32`?
pub fn is_float(ty: &syn::Type) -> bool {
    matches!(known(ty, &[]), Ty::Float(FloatTy::F64 | FloatTy::F32))
}

/// What types are read with.
#[derive(Clone, Copy)]
pub struct Written<'a> {
    /// The float-like type parameters.
    pub floats: &'a [Ident],
    /// What the source of the crate tells.
    pub told: Option<&'a Told>,
    /// The file that the type is written in, if it is another one than the function's.
    pub source: Option<&'a Source>,
}

impl Written<'_> {
    /// What is known of a type.
    pub fn known(&self, ty: &syn::Type) -> Ty {
        let known_box = |t: &syn::Type| Box::new(self.known(t));
        match ty {
            syn::Type::Paren(t) => self.known(&t.elem),
            syn::Type::Group(t) => self.known(&t.elem),
            syn::Type::Reference(r) => Ty::Ref(r.mutability.is_some(), known_box(&r.elem)),
            syn::Type::Slice(s) => Ty::Slice(Box::new(self.part(&s.elem))),
            syn::Type::Array(a) => Ty::Array(Box::new(self.part(&a.elem))),
            syn::Type::Tuple(t) if t.elems.is_empty() => Ty::Unit,
            syn::Type::Tuple(t) => Ty::Tuple(t.elems.iter().map(|t| self.part(t)).collect()),
            syn::Type::Path(p) if p.qself.is_none() => self.path(p),
            syn::Type::FnPtr(_) => Ty::Inert,
            syn::Type::TraitObject(t) if t.bounds.iter().any(|b| function_bound(b).is_some()) => {
                Ty::Inert
            }
            _ => Ty::Unknown,
        }
    }

    /// An element: a reference to what has no derivative, `&str`, is a value that has none.
    fn part(&self, ty: &syn::Type) -> Ty {
        match self.known(ty) {
            Ty::Ref(false, inner) if *inner == Ty::Inert => Ty::Inert,
            ty => ty,
        }
    }

    fn path(&self, ty: &syn::TypePath) -> Ty {
        if let Some(element) = crate::emit::types::vec_element(ty) {
            return Ty::Vec(Box::new(self.part(element)));
        }
        if let Some((kind, inner)) = crate::emit::types::wrapper(ty) {
            let inner = self.known(inner);
            return match kind {
                _ if inner.is_inert() => Ty::Inert,
                Wrapper::Option => Ty::Option(Box::new(inner)),
                Wrapper::Result => Ty::Result(Box::new(inner)),
            };
        }
        let Some(name) = ty.path.segments.last().map(|s| s.ident.to_string()) else {
            return Ty::Unknown;
        };
        let alias = homonyms::alias(&name);
        let name = homonyms::base(&name).to_owned();
        if let Some(element) = alias.as_ref().map(|a| &a.element).or(first_type(ty)) {
            let element = || Box::new(self.known(element));
            if is_matrix(&name) {
                return Ty::Matrix(element());
            }
            if MOTION_TYPES.contains(&name.as_str()) || name == "Unit" {
                return Ty::Motion(element());
            }
            if let Some(kind) = factorisation(&name) {
                return Ty::Factors(kind, element());
            }
            if UNITS.contains(&name.as_str()) {
                return Ty::Motion(Box::new(Ty::Matrix(element())));
            }
        }
        match name.as_str() {
            "f32" => Ty::Float(FloatTy::F32),
            "f64" => Ty::Float(FloatTy::F64),
            "Box" | "Rc" | "Arc" | "Cow" | "Range" | "RangeInclusive" | "HashMap" | "BTreeMap"
            | "HashSet" | "BTreeSet" | "VecDeque" | "PhantomData"
                if self.arguments_are_inert(ty) =>
            {
                Ty::Inert
            }
            "Self" => self.told.map_or_else(Ty::structure, |told| told.this(self)),
            "Ordering" => Ty::Inert,
            "bool" => Ty::Bool,
            "char" | "str" | "String" => Ty::Inert,
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64"
            | "i128" | "isize" => Ty::Int,
            _ => match ty.path.get_ident() {
                Some(param) if self.floats.contains(param) => {
                    Ty::Float(FloatTy::Param(param.clone()))
                }
                _ => {
                    let told = self.told.map(|told| told.named(ty, self));
                    match told.unwrap_or_default() {
                        Ty::Unknown if name == "PermutationSequence" => Ty::Inert,
                        ty => ty,
                    }
                }
            },
        }
    }

    fn arguments_are_inert(&self, ty: &syn::TypePath) -> bool {
        let Some(syn::PathArguments::AngleBracketed(args)) =
            ty.path.segments.last().map(|s| &s.arguments)
        else {
            return false;
        };
        let inert = |arg: &syn::GenericArgument| match arg {
            syn::GenericArgument::Type(ty) => self.known(ty).is_inert(),
            _ => true,
        };
        args.args.iter().all(inert)
    }
}

/// The factorisations that are values, by the names of their types.
pub fn factorisation(name: &str) -> Option<Factors> {
    match name {
        "Cholesky" => Some(Factors::Cholesky),
        "LU" => Some(Factors::Lu),
        _ => None,
    }
}

/// What a function returns its value in.
pub fn returned_wrapper(output: &syn::ReturnType) -> Option<Wrapper> {
    match output {
        syn::ReturnType::Type(_, ty) => match crate::emit::types::peel(ty) {
            syn::Type::Path(p) => crate::emit::types::wrapper(p).map(|(kind, _)| kind),
            _ => None,
        },
        syn::ReturnType::Default => None,
    }
}

/// The type that a local has in the derivative program: a deque or a boxed slice becomes a `Vec`.
pub fn local(ty: &syn::Type, rt: &TokenStream) -> syn::Type {
    match list_element(ty) {
        Some(element) => syn::parse_quote!(#rt::Vec<#element>),
        None => ty.clone(),
    }
}

/// `T` of `VecDeque<T>` and `Box<[T]>`.
pub fn list_element(ty: &syn::Type) -> Option<&syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    match (last.ident.to_string().as_str(), first_type(path)?) {
        ("VecDeque", element) => Some(element),
        ("Box", syn::Type::Slice(slice)) => Some(&slice.elem),
        _ => None,
    }
}

/// The matrix, vector and point types of nalgebra by their names, which end in a size: `DMatrix`, `RowVector3`, `Matrix2x3`.
pub fn is_matrix(name: &str) -> bool {
    let name = homonyms::base(name);
    const SIZELESS: &[&str] = &[
        "DMatrix",
        "SMatrix",
        "OMatrix",
        "Matrix",
        "DVector",
        "SVector",
        "OVector",
        "Vector",
        "RowDVector",
        "RowSVector",
        "RowOVector",
        "RowVector",
        "MatrixView",
        "DMatrixView",
        "SMatrixView",
        "DVectorView",
        "SVectorView",
        "VectorView",
        "MatrixViewMut",
        "DMatrixViewMut",
        "SMatrixViewMut",
        "DVectorViewMut",
        "SVectorViewMut",
        "VectorViewMut",
        "OPoint",
        "Point",
        "MatrixXx1",
        "MatrixXx2",
        "MatrixXx3",
        "MatrixXx4",
        "MatrixXx5",
        "MatrixXx6",
        "Matrix1xX",
        "Matrix2xX",
        "Matrix3xX",
        "Matrix4xX",
        "Matrix5xX",
        "Matrix6xX",
    ];
    let size = |rest: &str| {
        let mut parts = rest.split('x');
        let digit = |p: &str| p.len() == 1 && p.chars().all(|c| ('1'..='6').contains(&c));
        parts.clone().count() <= 2 && parts.all(digit)
    };
    let sized = ["Matrix", "Vector", "RowVector", "Point"];
    let mut sized = sized.iter().filter_map(|base| name.strip_prefix(base));
    SIZELESS.contains(&name) || sized.any(size)
}

fn first_type(ty: &syn::TypePath) -> Option<&syn::Type> {
    let last = ty.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(args) = &last.arguments else {
        return None;
    };
    args.args.iter().find_map(|arg| match arg {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// The const parameters, which are integers or `bool`s.
pub fn constant_params(generics: &syn::Generics) -> BTreeMap<String, Ty> {
    let params = generics.const_params();
    params
        .map(|p| (p.ident.to_string(), known(&p.ty, &[])))
        .collect()
}

/// Is the type one of the language's own, made of such, which can surely be cloned?
pub fn is_plain(ty: &syn::Type) -> bool {
    fn plain(ty: &Ty) -> bool {
        match ty {
            Ty::Unknown | Ty::Struct(_) | Ty::Motion(_) => false,
            Ty::Tuple(parts) => parts.iter().all(plain),
            Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) | Ty::Matrix(t) | Ty::Option(t) => plain(t),
            Ty::Result(_) => false,
            Ty::Ref(mutable, t) => !mutable && plain(t),
            _ => true,
        }
    }
    plain(&known(ty, &[]))
}
