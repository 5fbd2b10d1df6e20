//! Several directions at once: the forward mode again, with a `Lanes` for each tangent of a scalar.
//!
//! ```text
//! fn __jvp_batch<const W: usize>(x: &[f64], n: usize, x_dot: &[Lanes<f64, W>], _: impl Sized) -> (f64, Lanes<f64, W>)
//! fn jvp_batch<const W: usize>(x: &[f64], n: usize, d_x: &[Lanes<f64, W>]) -> (f64, Lanes<f64, W>)
//! ```

use super::Emitter;
use super::companion::{Companion, Parameter};
use super::types::{self, Kind, Tangents, width};
use crate::analysis::activity::Activity;
use crate::diagnostic::Diagnostics;
use crate::ir::{Call, CallKind, Function, ParamMode, Ty, VarId, visit};
use crate::transform::forward::Tangent;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::spanned::Spanned;

/// Reports what has one tangent at a time where `option` asks for lists of them.
pub fn check_lists(
    function: &Function,
    activity: &Activity,
    option: &str,
    diagnostics: &mut Diagnostics,
) {
    let calls = visit::calls(&function.body).into_iter();
    let single = calls.filter(|c| c.kind == CallKind::Matrix);
    single.for_each(|call| diagnostics.lists_of_method(call.path.span(), option));
    for (k, var) in function.vars.iter().enumerate() {
        let active = u32::try_from(k).is_ok_and(|k| activity.is_active(VarId(k)));
        if active && contains_matrix(&var.ty) {
            diagnostics.lists_of_matrix(var.ident.span(), option);
        }
    }
}

fn contains_matrix(ty: &Ty) -> bool {
    match ty {
        Ty::Matrix(_) | Ty::Factors(..) => true,
        Ty::Tuple(parts) => parts.iter().any(contains_matrix),
        Ty::Array(t) | Ty::Slice(t) | Ty::Vec(t) | Ty::Ref(_, t) => contains_matrix(t),
        _ => false,
    }
}

impl Companion<'_> {
    fn batches(&self) -> Tangents<'_> {
        Tangents {
            kind: Kind::Directions,
            ..self.tangents()
        }
    }

    /// The functions that take several directions.
    pub(super) fn in_batches(&self, tangent: &Tangent) -> TokenStream {
        let generics = self.generics_of_batch(Vec::new());
        let protocol = self.tangent_function(generics, tangent, &self.batches());
        let (user, columns) = (self.jvp_batch(), self.batch_of_columns());
        hygienic!(#protocol #user #columns)
    }

    /// The generics with the number of directions.
    pub(super) fn generics_of_batch(&self, more: Vec<TokenStream>) -> (TokenStream, TokenStream) {
        let (params, width) = (&self.generics.params, width());
        let bounds: Vec<_> = self.bounds().into_iter().chain(more).collect();
        let clause = (!bounds.is_empty()).then(|| hygienic!(where #(#bounds),*));
        let comma = (!params.empty_or_trailing()).then(|| hygienic!(,));
        let generics = hygienic!(<#params #comma const #width: usize>);
        (generics, hygienic!(#clause))
    }

    fn jvp_batch(&self) -> TokenStream {
        let (generics, clause) = self.generics_of_batch(Vec::new());
        let (primals, names, tangents) = (self.primals(false), self.names(), self.batches());
        let inputs = self.active().map(|p| {
            let (d, ty) = (p.tangent(), tangents.passed(p.mode, &p.ty));
            hygienic!(#d: #ty)
        });
        let checks = self.active().map(|p| self.check_lists(p, &p.tangent()));
        let passed = self.given_directions();
        let call = self.of_width("__jvp_batch", &width());
        let call = hygienic!(#call(#names, #(#passed),*));
        let (result, both) = self.value_with_tangents(&tangents, &call);
        hygienic! {
            /// Value and derivatives in several directions, the primal being computed once for all of them.
            ///
            /// # Panics
            ///
            /// If a tangent has another shape than its parameter.
            #[inline]
            pub fn jvp_batch #generics(#primals #(#inputs),*) -> #result #clause {
                #(#checks)*
                #both
            }
        }
    }

    /// Checks the tangents that the caller gave of a parameter.
    pub(super) fn check_lists(&self, p: &Parameter, tangent: &Ident) -> TokenStream {
        let (rt, name, width) = (self.rt, &p.name, width());
        let label = format!("tangent of `{name}`");
        let (primal, given) = match p.mode {
            ParamMode::Value => (hygienic!(&#name), hygienic!(&#tangent)),
            _ => (hygienic!(&*#name), hygienic!(&*#tangent)),
        };
        hygienic!(#rt::batch::same_shape::<#width, _>(#label, #primal, #given);)
    }

    /// `Self::name::<T, W>`
    pub(super) fn of_width(&self, name: &str, width: &dyn quote::ToTokens) -> TokenStream {
        let name = self.own_name(name);
        let arguments = super::companion::arguments(&self.generics);
        hygienic!(Self::#name::<#(#arguments,)* #width>)
    }

    /// The columns of the Jacobian from `first` on, as many as there are directions.
    fn batch_of_columns(&self) -> TokenStream {
        if !self.is_flat() {
            return TokenStream::new();
        }
        let (rt, scalar, width) = (self.rt, self.scalar(), width());
        let (generics, clause) = self.generics_of_batch(self.flat_bounds());
        let primals = self.params.iter().map(|p| {
            let (name, ty) = (&p.name, &p.ty);
            match p.mode {
                ParamMode::Value => hygienic!(#name: &#ty),
                _ => hygienic!(#name: #ty),
            }
        });
        let zeros = self.active().map(|p| {
            let name = &p.name;
            hygienic!(#rt::batch::zero::<#width, _>(&*#name))
        });
        let (names, passed) = (self.direction_names(), self.directions());
        let outputs = self.params.iter().filter(|p| p.is_output());
        let outputs = outputs.map(Parameter::tangent);
        let values = self.params.iter().filter(|p| !p.is_reference());
        let values = values.map(|p| {
            let name = &p.name;
            hygienic!(let #name = ::core::clone::Clone::clone(#name);)
        });
        let (copies, args) = (self.copies(), self.given());
        let (call, slope) = (self.of_width("__jvp_batch", &width), self.slope());
        hygienic! {
            #[inline]
            fn __columns #generics(
                first: usize,
                jacobian: &mut #rt::DMatrix<#scalar>,
                #(#primals),*
            ) #clause {
                let mut directions = (#(#zeros,)*);
                #rt::batch::units::<#scalar, #width, _>(&mut directions, first);
                let (#(#names,)*) = directions;
                #(#values)*
                #copies
                let (_, slope) = #call(#args #(#passed),*);
                #rt::batch::set_columns::<#scalar, #width, _>(jacobian, first, &(#slope, #(#outputs,)*));
            }
        }
    }

    /// How many directions a sweep of `jacobian` takes.
    pub(super) fn directions_at_once(&self) -> usize {
        if self.options.batch { WIDTHS[0] } else { 1 }
    }

    /// Columns in batches, as long as enough of them are left: after this those before `first` are done.
    pub(super) fn columns_in_batches(&self) -> TokenStream {
        let lent: Vec<_> = self
            .params
            .iter()
            .map(|p| {
                let name = &p.name;
                match p.mode {
                    ParamMode::Value => hygienic!(&#name),
                    ParamMode::Ref => hygienic!(&*#name),
                    ParamMode::RefMut => hygienic!(&mut *#name),
                }
            })
            .collect();
        let batches = WIDTHS.iter().map(|width| {
            let columns = self.of_width("__columns", width);
            hygienic! {
                while first + #width <= inputs {
                    #columns(first, &mut jacobian, #(#lent),*);
                    first += #width;
                }
            }
        });
        hygienic!(#(#batches)*)
    }
}

/// How many columns of a Jacobian are computed at once, as long as so many are left.
const WIDTHS: [usize; 2] = [8, 4];

impl Emitter<'_> {
    /// The zero tangent of what a reference points to.
    pub(super) fn zero(&self, of: &TokenStream) -> TokenStream {
        let rt = self.rt;
        if self.kind.is_list() {
            let width = width();
            quote!(#rt::batch::zero::<#width, _>(#of))
        } else {
            quote!(#rt::zero(#of))
        }
    }

    /// Where the functions of the runtime on tangents are.
    pub(super) fn module(&self) -> TokenStream {
        let rt = self.rt;
        if self.kind.is_list() {
            quote!(#rt::batch)
        } else {
            quote!(#rt)
        }
    }

    /// The type of the tangents of a scalar, as far as it is known.
    pub(super) fn lanes_annotation(&self, var: VarId) -> TokenStream {
        let float = match &self.function.var(var).ty {
            Ty::Float(float) => types::float_type(float),
            _ => None,
        };
        let (rt, width, float) = (self.rt, width(), float.unwrap_or_else(|| quote!(_)));
        quote!(: #rt::Lanes<#float, #width>)
    }

    /// Says so where the function that is called has no such tangents. Of a member the missing siblings tell.
    pub(super) fn check_kind(&self, call: &Call) -> TokenStream {
        if call.is_member() {
            return TokenStream::new();
        }
        match self.kind {
            Kind::Scalar => TokenStream::new(),
            Kind::Directions => {
                self.says_of_companion(call, &quote!(batch::InBatches), &quote!(batch::has_batches))
            }
            Kind::Coefficients => {
                self.says_of_companion(call, &quote!(series::InSeries), &quote!(series::has_series))
            }
        }
    }
}
