//! `f::jacobian`: outputs by inputs, by whichever mode is cheaper, and `f::jacobian_mode`, which says which.

use super::companion::{Companion, Parameter};
use super::output::Output;
use crate::ir::ParamMode;
use crate::names::names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

impl Companion<'_> {
    /// The functions `jacobian` and `jacobian_mode`. Left out where an argument is taken by value and surely cannot be given twice.
    pub fn jacobian(&self) -> TokenStream {
        if !self.is_flat() {
            return TokenStream::new();
        }
        if self.has_functions() && self.adjoint.is_none() {
            return TokenStream::new();
        }
        if self.has_one_output() && self.adjoint.is_some() {
            return self.jacobian_of_scalar();
        }
        let (scalar, rt) = (self.scalar(), self.rt);
        let (generics, clause) = self.generics_with(None, self.flat_bounds());
        let primals = self.primals(false);
        let counts = self.counts();
        let (columns, rows) = (
            self.forward
                .filter(|_| !self.has_functions())
                .map(|_| self.columns()),
            self.adjoint.map(|_| self.rows()),
        );
        let (mode, sweeps) = match (columns, rows) {
            (Some(columns), Some(rows)) => (
                self.mode(),
                hygienic! {
                    match mode {
                        #rt::Mode::Forward => { #columns }
                        #rt::Mode::Reverse => { #rows }
                    }
                },
            ),
            (columns @ Some(_), None) => (hygienic!(#rt::Mode::Forward), hygienic!(#columns)),
            (None, rows) => (hygienic!(#rt::Mode::Reverse), hygienic!(#rows)),
        };
        let matrix = self.returning(hygienic!(#rt::DMatrix<#scalar>));
        let returned_mode = self.returning(hygienic!(#rt::Mode));
        let filled = self.where_counted(hygienic! {
            let mode = #mode;
            let zero = <#scalar as ::core::default::Default>::default();
            let mut jacobian = #rt::DMatrix::<#scalar>::from_element(outputs, inputs, zero);
            #sweeps
            jacobian
        });
        let mode = self.where_counted(mode);
        hygienic! {
            /// The mode that `jacobian` takes: forward or reverse, whichever needs fewer sweeps. The function is run once to count its outputs.
            #[inline]
            pub fn jacobian_mode #generics(#primals) -> #returned_mode #clause {
                #counts
                #mode
            }

            /// The Jacobian matrix: a row for each output (the result, then each `&mut` parameter), a column for each differentiable
            /// input, all flattened in order. Forward or reverse mode, whichever needs fewer sweeps.
            #[inline]
            pub fn jacobian #generics(#primals) -> #matrix #clause {
                #counts
                #filled
            }
        }
    }

    /// Is the result surely a number, and the only output?
    fn has_one_output(&self) -> bool {
        let is_scalar = matches!(self.output(), Output::Scalar) && self.returned().is_none();
        is_scalar && !self.params.iter().any(Parameter::is_exclusive)
    }

    /// One row: the gradient.
    fn jacobian_of_scalar(&self) -> TokenStream {
        let (scalar, rt) = (self.scalar(), self.rt);
        let (generics, clause) = self.generics_with(None, self.flat_bounds());
        let (primals, names, grad) = (self.primals(false), self.names(), self.own("grad"));
        hygienic! {
            /// The mode that `jacobian` takes: reverse, a single sweep.
            #[inline]
            pub fn jacobian_mode #generics(#primals) -> #rt::Mode #clause {
                #rt::Mode::Reverse
            }

            /// The Jacobian matrix: a row, with a column for each differentiable input, all flattened in order.
            #[inline]
            pub fn jacobian #generics(#primals) -> #rt::DMatrix<#scalar> #clause {
                #rt::row::<#scalar, _>(&#grad(#names))
            }
        }
    }

    /// `let inputs = ..; let outputs = ..;`
    fn counts(&self) -> TokenStream {
        let (rt, scalar) = (self.rt, self.scalar());
        let zeros = self.active().map(|p| self.zero(p));
        let (copies, outputs, value) = (self.copies(), self.outputs(), self.value());
        let dim = self.where_present(hygienic!(#rt::dim::<#scalar, _>(&#outputs)));
        hygienic! {
            let inputs = #rt::dim::<#scalar, _>(&(#(#zeros,)*));
            let outputs = {
                #copies
                let value = #value;
                #dim
            };
        }
    }

    /// What is made of the number of outputs, where the function has a value.
    pub(super) fn where_counted(&self, made: TokenStream) -> TokenStream {
        match self.returned() {
            Some(_) => hygienic!(outputs.map(|outputs| { #made })),
            None => made,
        }
    }

    /// The cheaper mode.
    fn mode(&self) -> TokenStream {
        let (rt, directions) = (self.rt, self.directions_at_once());
        hygienic!(#rt::Mode::of_jacobian(inputs, outputs, #directions))
    }

    /// That inputs and outputs of types that syntax does not tell can be flattened, and arguments given again. Only a use of the
    /// function is held to it.
    pub(super) fn flat_bounds(&self) -> Vec<TokenStream> {
        let (scalar, rt) = (self.scalar(), self.rt);
        let result = match &self.item.sig.output {
            syn::ReturnType::Type(_, ty) => Some(&**ty),
            syn::ReturnType::Default => None,
        };
        let tangents = self.tangents();
        let flat = self.active().map(|p| &p.ty).chain(result).flat_map(|ty| {
            let mut parts = tangents.unknown_parts(ty);
            parts.extend(tangents.other_floats(ty, &scalar));
            parts
        });
        let flat = flat.map(|ty| {
            hygienic!(for<'deferred> <#ty as #rt::Differentiable>::Tangent: #rt::Coordinates<#scalar>)
        });
        let again = self.params.iter();
        let again = again.filter(|p| !p.function && (!p.is_reference() || p.is_exclusive()));
        flat.chain(self.clone_bounds(again)).collect()
    }

    /// The value, by whichever mode there is; a parameter may have the function's own name.
    pub(super) fn value(&self) -> TokenStream {
        let args = self.given();
        if self.adjoint.is_some() {
            let call = self.own(self.recording());
            return hygienic!(#call(#args).0);
        }
        let (call, passed) = (self.own("__jvp"), self.directions());
        let zeros = self.active().map(|p| self.zero(p));
        let names = self.direction_names();
        hygienic!({
            let (#(#names,)*) = (#(#zeros,)*);
            #call(#args #(#passed),*).0
        })
    }

    pub(super) fn direction_names(&self) -> Vec<TokenStream> {
        let names = self.active().map(|p| {
            let mutable = (p.mode == ParamMode::RefMut).then(|| hygienic!(mut));
            let d = p.tangent();
            hygienic!(#mutable #d)
        });
        names.collect()
    }

    /// The tangents as they are passed.
    pub(super) fn directions(&self) -> Vec<TokenStream> {
        self.directions_named(Parameter::tangent)
    }

    /// The same under other names.
    pub(super) fn directions_named(&self, name: impl Fn(&Parameter) -> Ident) -> Vec<TokenStream> {
        let passed = self.params.iter().map(|p| {
            let d = name(p);
            match (p.active, p.mode) {
                (true, ParamMode::Value) => hygienic!(#d),
                (true, ParamMode::Ref) => hygienic!(&#d),
                (true, ParamMode::RefMut) => hygienic!(&mut #d),
                (false, ParamMode::RefMut) => hygienic!(&mut ()),
                (false, ParamMode::Ref) => hygienic!(&()),
                (false, ParamMode::Value) => hygienic!(()),
            }
        });
        passed.collect()
    }

    fn columns(&self) -> TokenStream {
        let (rt, scalar) = (self.rt, self.scalar());
        let zeros = self.active().map(|p| self.zero(p));
        let (names, passed) = (self.direction_names(), self.directions());
        let outputs = self.params.iter().filter(|p| p.is_output());
        let outputs = outputs.map(Parameter::tangent);
        let (copies, args, call) = (self.copies(), self.given(), self.own("__jvp"));
        let batches = self.options.batch.then(|| self.columns_in_batches());
        let slope = self.slope();
        hygienic! {
            let mut first = 0;
            #batches
            for k in first..inputs {
                let mut directions = (#(#zeros,)*);
                #rt::unit::<#scalar, _>(&mut directions, k);
                let (#(#names,)*) = directions;
                #copies
                let (_, slope) = #call(#args #(#passed),*);
                #rt::set_column(&mut jacobian, k, &(#slope, #(#outputs,)*));
            }
        }
    }

    /// The value out of its `Option` or `Result`, where it is known to be there.
    pub(super) fn shape_of_value(&self) -> Option<TokenStream> {
        let rt = self.rt;
        self.returned()
            .map(|_| hygienic!(let value = #rt::into_payload(value);))
    }

    fn rows(&self) -> TokenStream {
        let (rt, scalar) = (self.rt, self.scalar());
        let outputs: Vec<_> = self.params.iter().filter(|p| p.is_output()).collect();
        let slots = outputs.iter().map(|p| p.gradient());
        let (inputs, outputs_like) = (self.zeros(false), self.outputs());
        let cotangent = self.present(hygienic!(cotangent));
        let shape = self.shape_of_value();
        let gradients: Vec<Ident> = self.active().map(Parameter::gradient).collect();
        let (copies, args, call) = (self.copies(), self.given(), self.own(self.recording()));
        let again = self.given_again();
        hygienic! {
            for k in 0..outputs {
                #copies
                #inputs
                let (value, pullback) = #call(#args);
                #shape
                let mut cotangents = #outputs_like;
                #rt::unit::<#scalar, _>(&mut cotangents, k);
                let (cotangent, #(mut #slots,)*) = cotangents;
                pullback(#again #cotangent, #(&mut #gradients),*);
                #rt::set_row(&mut jacobian, k, &(#(#gradients,)*));
            }
        }
    }

    /// Zeros in the shape of all outputs, after a call.
    pub(super) fn outputs(&self) -> TokenStream {
        let rt = self.rt;
        let outputs = self.params.iter().filter(|p| p.is_output());
        let zeros = outputs.map(|p| {
            let name = &p.name;
            hygienic!(#rt::zero(&#name))
        });
        hygienic!((#rt::zero(&value), #(#zeros,)*))
    }

    /// Copies of what the function changes.
    pub(super) fn copies(&self) -> TokenStream {
        let changed = self.params.iter().filter(|p| p.is_exclusive());
        let copies = changed.map(|p| {
            let (name, rt) = (&p.name, self.rt);
            hygienic!(let mut #name = #rt::ToOwned::to_owned(&*#name);)
        });
        copies.collect()
    }

    /// The arguments, for one call of several.
    pub(super) fn given(&self) -> TokenStream {
        let args = self.params.iter().map(|p| {
            let name = &p.name;
            match p.mode {
                ParamMode::RefMut => hygienic!(&mut #name,),
                ParamMode::Ref => hygienic!(&*#name,),
                ParamMode::Value => hygienic!(::core::clone::Clone::clone(&#name),),
            }
        });
        args.collect()
    }

    /// The references among them, for the pullback.
    pub(super) fn given_again(&self) -> TokenStream {
        let again = self.params.iter().filter(|p| p.is_reference()).map(|p| {
            let name = &p.name;
            match p.mode {
                ParamMode::RefMut => hygienic!(&mut #name,),
                _ => hygienic!(&*#name,),
            }
        });
        again.collect()
    }

    /// Can the function be called several times, and are its inputs and outputs numbers of one type, as far as syntax tells?
    pub(super) fn is_flat(&self) -> bool {
        self.params.iter().all(repeatable) && !self.has_two_scalars()
    }

    /// Does the name occur in the types of the differentiable parameters or of the result?
    fn names_type(&self, name: &str) -> bool {
        let inputs = self.active().map(|p| p.ty.to_token_stream());
        let result = std::iter::once(self.item.sig.output.to_token_stream());
        inputs
            .chain(result)
            .any(|ty| names(ty).any(|ident| ident == name))
    }

    /// Does the signature name both `f32` and `f64`? No matrix holds both.
    pub(super) fn has_two_scalars(&self) -> bool {
        let named = |name: &str| self.names_type(name);
        named("f32") && named("f64")
    }

    /// The scalar type of the matrix: the float that the signature names.
    pub(super) fn scalar(&self) -> Ident {
        let named = |name: &str| self.names_type(name);
        let param = self.floats.iter().find(|t| named(&t.to_string()));
        match param {
            Some(param) => param.clone(),
            None if named("f32") && !named("f64") => Ident::new("f32", Span::call_site()),
            None => Ident::new("f64", Span::call_site()),
        }
    }
}

/// May the argument be passed several times? References, and values that surely can be cloned.
fn repeatable(p: &Parameter) -> bool {
    p.active || p.function || p.is_reference() || crate::lower::types::is_plain(&p.ty)
}
