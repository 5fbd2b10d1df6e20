//! Right-hand sides as expressions.
//!
//! ```text
//! Op(Mul, [a, b])              a * b
//! Dispatch(Mul, [&a, &b])      rt::ops::mul(&a, &b)
//! Aggregate(Some, [a])         Some(a)
//! ```

use super::code::{self, Code, Prec};
use super::{Emitter, types};
use crate::ir::{
    Aggregate, Arg, Derived, FloatTy, Inert, Literal, Op, Operand, Place, Proj, Rhs, Ty, VarId,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

impl Emitter<'_> {
    /// The value that a variable is bound to.
    pub(super) fn value(&self, var: VarId, rhs: &Rhs) -> Code {
        if let (Some(asked), Rhs::Derived(derived)) = (self.function.asked.get(&var), rhs)
            && let Some(code) = self.as_told(asked, derived)
        {
            return code;
        }
        let value = match rhs {
            Rhs::Derived(Derived::ZeroScalar(ty)) if self.is_primal(var) => {
                Code::atom(types::zero_scalar(ty))
            }
            Rhs::Dispatch { op, args } if self.is_dispatched(var, args) => {
                self.dispatched(var, *op, args)
            }
            rhs => self.confirmed(var, rhs, self.rhs(rhs)),
        };
        if !self.is_assumed(var, rhs) {
            return value;
        }
        let (rt, value) = (self.rt, located(value.tokens(), self.name(var).span()));
        Code::atom(quote!(#rt::assert_real(#value)))
    }

    /// Is it arithmetic whose derivative is that of scalars, while no type says that its operands are such? A sum of two unknowns has
    /// the same derivative whatever they are.
    fn is_assumed(&self, var: VarId, rhs: &Rhs) -> bool {
        let (Some(assumed), Rhs::Op(op, args)) = (self.assumed, rhs) else {
            return false;
        };
        let unknown = |o: &Operand| *self.function.operand_ty(o) == Ty::Unknown;
        let result = &self.function.var(var).ty;
        let open = match op {
            Op::Mul | Op::Div | Op::Rem => *result == Ty::Unknown || args.iter().any(unknown),
            Op::Add | Op::Sub => result.is_float() && args.iter().any(unknown),
            _ => false,
        };
        open && assumed.has(var)
    }

    /// Do the traits of the runtime know the operands? Code of other types that carries no derivative is left as it is.
    fn is_dispatched(&self, var: VarId, args: &[Arg]) -> bool {
        let Some(assumed) = self.assumed else {
            return false;
        };
        let matrix = args.iter().any(|a| self.arg_ty(a).is_matrix());
        matrix || assumed.activity.is_active(var) || var.0 as usize >= assumed.primals
    }

    /// An operator by the types of its operands.
    fn dispatched(&self, var: VarId, op: Op, args: &[Arg]) -> Code {
        let rt = self.rt;
        let name = Ident::new(function(op), Span::mixed_site());
        let args = args.iter().map(|a| self.shown(a));
        let value = quote!(#rt::ops::#name(#(#args),*));
        Code::atom(located(value, self.name(var).span()))
    }

    fn rhs(&self, rhs: &Rhs) -> Code {
        match rhs {
            Rhs::Use(o) => self.code(o),
            Rhs::Read(p) if p.path.is_empty() => self.variable(p.root),
            Rhs::Read(p) => self.taken_out(p).unwrap_or_else(|| self.place_code(p)),
            Rhs::Clone { place, method } => self.cloned(place, method),
            Rhs::Op(op, args) => self.operation(*op, args),
            Rhs::Dispatch { op, args } => {
                let args: Vec<Code> = args.iter().map(|a| self.argument(a)).collect();
                operation(*op, &args)
            }
            Rhs::Rule { rule, path, args } => self.rule(rule.get().name, path.as_ref(), args),
            Rhs::Cast(o, ty) if self.is_generic(o, ty) => {
                let (rt, o) = (self.rt, self.bare(o));
                Code::atom(quote!(#rt::cast_real::<_, #ty>(#o)))
            }
            Rhs::Cast(o, ty) => self.code(o).cast(ty),
            Rhs::Aggregate(kind, parts) => self.aggregate(kind, parts),
            Rhs::Repeat { vec, value, len } => self.repeat(*vec, value, len),
            Rhs::Borrow { mutable, place } => {
                Code::new(self.borrowed(place, *mutable), Prec::Unary)
            }
            Rhs::Len(p) => self.asked(p, &quote!(len)),
            Rhs::Dimension { place, method } => self.asked(place, method),
            Rhs::IsPresent(p) => self.told(&quote!(is_present), p),
            Rhs::Zeros(p) => self.told(&quote!(matrix::zeros), p),
            Rhs::Position { place, index } => {
                let (rt, place) = (self.rt, self.borrowed(place, false));
                let index = self.bare(index);
                Code::atom(quote!(#rt::position(#place, #index)))
            }
            Rhs::Inert(Inert { expr, .. }) => Code::user(expr),
            Rhs::Derived(d) => Code::atom(self.derived(d)),
        }
    }

    fn cloned(&self, place: &Place, method: &Ident) -> Code {
        // A method would look through a reference that is inside.
        if matches!(place.path.last(), Some(Proj::Wrapped)) {
            let place = self.borrowed(place, false);
            return Code::atom(quote!(::core::clone::Clone::clone(#place)));
        }
        self.asked(place, method)
    }

    fn aggregate(&self, kind: &Aggregate, parts: &[Operand]) -> Code {
        let parts: Vec<_> = parts.iter().map(|o| self.bare(o)).collect();
        let prec = match kind {
            Aggregate::Struct(_) => Prec::Lowest,
            _ => Prec::Atom,
        };
        Code::new(aggregate(kind, &parts, self.rt), prec)
    }

    fn repeat(&self, vec: bool, value: &Operand, len: &Operand) -> Code {
        let (value, len, rt) = (self.bare(value), self.bare(len), self.rt);
        Code::atom(if vec {
            quote!(#rt::vec![#value; #len])
        } else {
            quote!([#value; #len])
        })
    }

    /// What a method of a place tells.
    fn asked(&self, place: &Place, method: &impl ToTokens) -> Code {
        let place = self.receiver(place);
        Code::atom(quote!(#place.#method()))
    }

    /// What a function of the runtime tells of a place.
    fn told(&self, function: &TokenStream, place: &Place) -> Code {
        let (rt, place) = (self.rt, self.borrowed(place, false));
        Code::atom(quote!(#rt::#function(#place)))
    }

    fn rule(&self, name: &str, path: Option<&syn::ExprPath>, args: &[Operand]) -> Code {
        if let Some(path) = path {
            let args = args.iter().map(|o| self.bare(o));
            return Code::atom(quote!(#path(#(#args),*)));
        }
        let receiver = args.first().map(|o| self.operand(o));
        let args = args.iter().skip(1).map(|o| self.bare(o));
        let method = Ident::new(name, Span::call_site());
        Code::atom(quote!(#receiver.#method(#(#args),*)))
    }

    fn operation(&self, op: Op, args: &[Operand]) -> Code {
        let args: Vec<Code> = args.iter().map(|o| self.code(o)).collect();
        operation(op, &args)
    }

    /// Is a number converted from or to a type parameter? That is no matter of `as`.
    fn is_generic(&self, operand: &Operand, to: &syn::Type) -> bool {
        let is_param = |ty: &Ty| matches!(ty, Ty::Float(FloatTy::Param(_)));
        let names = |ty: &Ty| matches!((ty, to), (Ty::Float(FloatTy::Param(t)), syn::Type::Path(p)) if p.path.is_ident(t));
        is_param(self.function.operand_ty(operand))
            || self.function.vars.iter().any(|v| names(&v.ty))
    }

    /// The type of an argument, as far as it is known.
    fn arg_ty(&self, arg: &Arg) -> Ty {
        match arg {
            Arg::Value(o) => self.function.operand_ty(o).clone(),
            Arg::Ref(p) | Arg::RefMut(p) => self.function.place_ty(&self.function.resolve(p)),
            Arg::Function(_) => Ty::Unknown,
        }
    }

    fn argument(&self, arg: &Arg) -> Code {
        match arg {
            Arg::Value(o) => self.code(o),
            Arg::Ref(p) => Code::new(self.borrowed(p, false), Prec::Unary),
            Arg::RefMut(p) => Code::new(self.borrowed(p, true), Prec::Unary),
            Arg::Function(function) => Code::atom(self.function_arg(function)),
        }
    }

    /// An argument by reference, however it is passed.
    pub(super) fn shown(&self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Value(o) => {
                let operand = self.code(o).at(Prec::Unary);
                quote!(&#operand)
            }
            Arg::Ref(p) | Arg::RefMut(p) => self.borrowed(p, false),
            Arg::Function(function) => self.function_arg(function),
        }
    }
}

/// An aggregate of these parts.
pub(super) fn aggregate(kind: &Aggregate, parts: &[TokenStream], rt: &TokenStream) -> TokenStream {
    match kind {
        Aggregate::Tuple => quote!((#(#parts,)*)),
        Aggregate::Array => quote!([#(#parts),*]),
        Aggregate::Vec => quote!(#rt::vec![#(#parts),*]),
        Aggregate::Some => quote!(::core::option::Option::Some(#(#parts)*)),
        Aggregate::None => quote!(::core::option::Option::None),
        Aggregate::Ok => quote!(::core::result::Result::Ok(#(#parts)*)),
        Aggregate::Err => quote!(::core::result::Result::Err(#(#parts)*)),
        Aggregate::Struct(literal) => structure(literal, parts),
    }
}

fn structure(literal: &Literal, parts: &[TokenStream]) -> TokenStream {
    let (path, members) = (&literal.path, &literal.members);
    if !literal.braces {
        return quote!(#path(#(#parts),*));
    }
    let (fields, base) = parts.split_at(members.len());
    let base = literal.base.then(|| quote!(..#(#base)*));
    quote!(#path { #(#members: #fields,)* #base })
}

fn operation(op: Op, args: &[Code]) -> Code {
    match args {
        [a, b, ..] => a.binary(op, b),
        [a] => a.prefix(&operator(op)),
        [] => Code::atom(TokenStream::new()),
    }
}

/// The tokens as before, an error in them being shown at `span`.
pub(super) fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let locate = |mut token: proc_macro2::TokenTree| {
        let resolved = span.resolved_at(token.span());
        token.set_span(resolved);
        token
    };
    tokens.into_iter().map(locate).collect()
}

/// The function of the runtime that stands for an operator.
pub(super) fn function(op: Op) -> &'static str {
    match op {
        Op::Sub => "sub",
        Op::Mul => "mul",
        Op::Div => "div",
        Op::Neg => "neg",
        _ => "add",
    }
}

fn operator(op: Op) -> TokenStream {
    code::symbol(op).0
}
