//! `#[differentiate]` on the `impl` of an operator: the traits by which generated code finds operators by the types of their operands.
//!
//! ```text
//! impl Add for Vec3 { .. }        impl rt::ops::Add<Vec3> for Vec3 { .. }
//!                                 impl rt::ops::Slopes<rt::ops::Plus, Vec3> for Vec3 { .. }
//!                                 impl rt::ops::Curved<rt::ops::Plus, Vec3> for Vec3 { .. }      with `order = 2`
//! ```
//!
//! *In*: the block. *Out*: these, made of a companion of the operator's function that nobody else sees: one type has several products. Operands
//! that are references count as what they refer to.

use super::associated::Associated;
use super::{impls, receiver};
use crate::diagnostic::Diagnostics;
use crate::emit::types::referred;
use crate::names::mentions;
use crate::options::{self, Options};
use crate::source::Source;
use crate::{lower, pipeline, signature};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// The traits of operators, their methods, and what the runtime calls the operator.
const OPERATORS: &[(&str, &str, &str)] = &[
    ("Add", "add", "Plus"),
    ("Sub", "sub", "Minus"),
    ("Mul", "mul", "Times"),
    ("Div", "div", "Over"),
    ("Neg", "neg", "Negated"),
];

/// `impl AddAssign<f64> for Vec3`, `impl Sum<&Vec3> for Vec3`, beside which there may be those of `Vec3` itself: `v += x` and `sum` have the derivatives of
/// `v = v + x`, and members of one name can be given to a type once only.
pub fn is_made_of_others(block: &syn::ItemImpl) -> bool {
    let segment = block
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    let repeats = |segment: &&syn::PathSegment| {
        let name = segment.ident.to_string();
        let operator = name.strip_suffix("Assign");
        let assigns = operator.is_some_and(|operator| OPERATORS.iter().any(|o| o.0 == operator));
        assigns || name == "Sum" || name == "Product"
    };
    match segment.filter(repeats).map(|segment| &segment.arguments) {
        Some(syn::PathArguments::AngleBracketed(list)) => {
            list.args.first().and_then(as_type) != Some(&*block.self_ty)
        }
        _ => false,
    }
}

/// The `impl` of an operator.
pub struct Operator<'a> {
    block: &'a syn::ItemImpl,
    method: &'a syn::ImplItemFn,
    name: Ident,
    marker: Ident,
    /// The type of the left operand, and that of the right one, if there are two; as they are passed.
    left: &'a syn::Type,
    right: Option<&'a syn::Type>,
}

impl<'a> Operator<'a> {
    /// What a block implements.
    pub fn of(block: &'a syn::ItemImpl) -> Option<Self> {
        let segment = block.trait_.as_ref()?.0.segments.last()?;
        let known = OPERATORS.iter().find(|o| segment.ident == o.0)?;
        let method = block.items.iter().find_map(|item| match item {
            syn::ImplItem::Fn(f) if f.sig.ident == known.1 => Some(f),
            _ => None,
        })?;
        let left = &*block.self_ty;
        let right = match &segment.arguments {
            syn::PathArguments::AngleBracketed(list) => list.args.first().and_then(as_type),
            _ => Some(left),
        };
        let span = Span::mixed_site();
        Some(Self {
            block,
            method,
            name: Ident::new(known.0, span),
            marker: Ident::new(known.2, span),
            left,
            right: right.filter(|_| known.0 != "Neg"),
        })
    }

    /// The traits of the runtime.
    pub fn expand(&self, options: &Options, diagnostics: &mut Diagnostics) -> TokenStream {
        let name = &self.method.sig.ident;
        for option in options.lists() {
            diagnostics.lists_of_a_member(name.span(), option);
        }
        // Of other references to the same types: that operator's derivative serves this one.
        if self.hands_on() || !diagnostics.is_empty() {
            return TokenStream::new();
        }
        let item = self.function();
        let options = options.of_hidden();
        let companion = pipeline::differentiate(&item, &options, None, diagnostics);
        if !diagnostics.is_empty() {
            return TokenStream::new();
        }
        let rt = options::runtime(options.krate.as_ref());
        let (value, slopes) = (self.value(&item, &rt), self.slopes(&item, &rt));
        let curves = (options.order == 2).then(|| self.curves(&rt));
        hidden(&quote! {
            #companion
            #value
            #slopes
            #curves
        })
    }

    /// Is the body the same operator on the same operands? That is the `impl` for other kinds of references, or for none.
    fn hands_on(&self) -> bool {
        let is_self = |expr: &syn::Expr| whole(expr).is_some_and(|name| name == "self");
        match &self.method.block.stmts[..] {
            [syn::Stmt::Expr(syn::Expr::Unary(e), None)] => {
                matches!(e.op, syn::UnOp::Neg(_)) && is_self(&e.expr)
            }
            [syn::Stmt::Expr(syn::Expr::Binary(e), None)] => {
                let other = whole(&e.right).is_some_and(|name| self.is_other(name));
                self.is_written_as(&e.op) && is_self(&e.left) && other
            }
            [syn::Stmt::Expr(syn::Expr::MethodCall(e), None)] => self.is_method_again(e),
            _ => false,
        }
    }

    /// `self.add(other.clone())`: the operator by its method, and no other method of that name, on other kinds of references?
    fn is_method_again(&self, call: &syn::ExprMethodCall) -> bool {
        let is_plain = |expr: &syn::Expr| matches!(expr, syn::Expr::Path(_));
        let of_self = whole(&call.receiver).is_some_and(|name| name == "self");
        let all: Vec<&syn::Expr> = call.args.iter().collect();
        let (of_other, plain) = match (&all[..], self.right) {
            ([other], Some(_)) => {
                let named = whole(other).is_some_and(|name| self.is_other(name));
                (named, is_plain(other))
            }
            ([], None) => (true, true),
            _ => return false,
        };
        let name = &self.method.sig.ident;
        let operator = || {
            let source = Source::of(name.span());
            source.is_some_and(|s| s.means_operator(&name.to_string(), &self.name.to_string()))
        };
        let again = call.method == *name && of_self && of_other;
        again && !(plain && is_plain(&call.receiver)) && operator()
    }

    fn is_written_as(&self, op: &syn::BinOp) -> bool {
        let trait_name = match op {
            syn::BinOp::Add(_) => "Add",
            syn::BinOp::Sub(_) => "Sub",
            syn::BinOp::Mul(_) => "Mul",
            syn::BinOp::Div(_) => "Div",
            _ => return false,
        };
        self.name == trait_name
    }

    /// Is it the name of the second parameter?
    fn is_other(&self, name: &Ident) -> bool {
        match self.method.sig.inputs.iter().nth(1) {
            Some(syn::FnArg::Typed(arg)) => {
                matches!(&*arg.pat, syn::Pat::Ident(p) if p.ident == *name)
            }
            _ => false,
        }
    }

    /// The method as a function of its own.
    fn function(&self) -> syn::ItemFn {
        let mut item = impls::as_function(self.method);
        Associated::of(self.block).spell_out(&mut item);
        let owner = turbofish(self.left);
        let tokens = with_owner(item.to_token_stream(), &owner.to_token_stream());
        let mut item = syn::parse2(tokens).unwrap_or(item);
        let mut options = Options {
            receiver: true,
            ..options::parse(TokenStream::new(), &mut Diagnostics::default())
        };
        (item, _) = receiver::as_function(&item, false, &mut options);
        let signature = with_owner(item.sig.to_token_stream(), &self.left.to_token_stream());
        item.sig = syn::parse2(signature).unwrap_or(item.sig);
        item.sig.ident = self.companion();
        item.vis = syn::Visibility::Inherited;
        item.attrs.clear();
        item.sig.generics = self.block.generics.clone();
        signature::closed(&mut item);
        item
    }

    /// The name of the companion.
    fn companion(&self) -> Ident {
        quote::format_ident!("__{}", self.method.sig.ident, span = Span::mixed_site())
    }

    /// Generics and where clause of an `impl`, without the lifetimes of references that the operands are.
    fn generics(&self, rt: &TokenStream) -> (TokenStream, TokenStream) {
        let mut generics = self.block.generics.clone();
        let types = [Some(self.left), self.right].into_iter().flatten();
        let types: TokenStream = types.map(|ty| referred(ty).to_token_stream()).collect();
        let params = std::mem::take(&mut generics.params);
        let used = |p: &syn::GenericParam| match p {
            syn::GenericParam::Lifetime(p) => mentions(types.clone(), &p.lifetime.ident),
            _ => true,
        };
        generics.params = params.into_iter().filter(used).collect();
        let floats = lower::types::float_params(&self.block.generics);
        let clause = generics.make_where_clause();
        for float in floats {
            clause.predicates.push(syn::parse_quote!(#float: #rt::Real));
        }
        let (list, _, clause) = generics.split_for_impl();
        (list.to_token_stream(), clause.to_token_stream())
    }

    /// What the operator gives, and what is kept of its operands: copies.
    fn value(&self, item: &syn::ItemFn, rt: &TokenStream) -> TokenStream {
        let (list, clause) = self.generics(rt);
        let (name, marker, method) = (&self.name, &self.marker, &self.method.sig.ident);
        let (a, output) = (referred(self.left), output(item));
        let (left, right) = self.operands();
        let (of, other, kept) = match self.right.map(referred) {
            Some(b) => (hygienic!(<#b>), hygienic!(, b: &#b), hygienic!(b)),
            None => (TokenStream::new(), TokenStream::new(), hygienic!(&())),
        };
        let b = self.other();
        hygienic! {
            #[automatically_derived]
            impl #list #rt::ops::#name #of for #a #clause {
                type Output = #output;
                type Kept = #rt::ops::Operands<#rt::ops::#marker, #a, #b>;
                #[inline]
                fn #method(&self #other) -> #output {
                    ::core::ops::#name::#method(#left, #right)
                }
                #[inline]
                fn keep(&self #other) -> Self::Kept {
                    #rt::ops::Operands::new(self, #kept)
                }
            }
        }
    }

    /// The derivative.
    fn slopes(&self, item: &syn::ItemFn, rt: &TokenStream) -> TokenStream {
        let (list, clause) = self.generics(rt);
        let (marker, f) = (&self.marker, self.companion());
        let (a, b, output) = (referred(self.left), self.other(), output(item));
        let (left, right) = self.operands();
        let (da, db) = (
            lent(self.left, hygienic!(da)),
            self.right.map(|ty| lent(ty, hygienic!(db))),
        );
        let (again, bar) = (
            self.references(),
            hygienic!(::core::clone::Clone::clone(seed)),
        );
        let slots = |a: TokenStream, b: TokenStream| match self.right {
            Some(_) => hygienic!(#a, #b),
            None => a,
        };
        let (left_slots, right_slots) = (
            slots(hygienic!(target), hygienic!(&mut #rt::zero(b))),
            slots(hygienic!(&mut #rt::zero(self)), hygienic!(target)),
        );
        let push = hygienic!(#f::__jvp(#left, #right #da, #db).1);
        let pull = |slots: &TokenStream| {
            hygienic! {
                let (_, pullback) = #f::__forward(#left, #right);
                #f::__backward(pullback, #again #bar, #slots);
            }
        };
        let pull_left = pull(&left_slots);
        let pull_right = self.right.map(|_| pull(&right_slots));
        let result = hygienic!(#rt::ops::Value<#rt::ops::#marker, Self, #b>);
        hygienic! {
            #[automatically_derived]
            impl #list #rt::ops::Slopes<#rt::ops::#marker, #b> for #a #clause {
                type Value = #output;
                #[inline]
                fn push_left(&self, b: &#b, da: &<Self as #rt::Differentiable>::Tangent) -> #result {
                    let db = &#rt::zero(b);
                    #push
                }
                #[inline]
                fn push_right(&self, b: &#b, db: &<#b as #rt::Differentiable>::Tangent) -> #result {
                    let da = &#rt::zero(self);
                    #push
                }
                #[inline]
                fn left(&self, b: &#b, seed: &#result, target: &mut <Self as #rt::Differentiable>::Tangent) {
                    #pull_left
                }
                #[inline]
                fn right(&self, b: &#b, seed: &#result, target: &mut <#b as #rt::Differentiable>::Tangent) {
                    #pull_right
                }
            }
        }
    }

    /// The second derivative: the tangents of both shares.
    fn curves(&self, rt: &TokenStream) -> TokenStream {
        let (list, clause) = self.generics(rt);
        let (marker, f) = (&self.marker, self.companion());
        let (a, b) = (referred(self.left), self.other());
        let (left, right) = self.operands();
        let (da, da_again) = changed(self.left, hygienic!(da));
        let (db, db_again) = self.right.map(|ty| changed(ty, hygienic!(db))).unzip();
        let db = db.map(|db| hygienic!(#f::__direction_1(#db)));
        let again = self.references();
        let slots = |left: TokenStream, right: TokenStream| match self.right {
            Some(_) => hygienic!(&mut #left, &mut #right),
            None => hygienic!(&mut #left),
        };
        let values = slots(hygienic!(left), hygienic!(right));
        let dots = slots(hygienic!(left_dot), hygienic!(right_dot));
        hygienic! {
            #[automatically_derived]
            impl #list #rt::ops::Curved<#rt::ops::#marker, #b> for #a #clause {
                #[inline]
                fn shares_dot(
                    &self,
                    b: &#b,
                    seed: &#rt::ops::Value<#rt::ops::#marker, Self, #b>,
                    changes: #rt::ops::Moved<'_, #rt::ops::#marker, Self, #b>,
                ) -> (<Self as #rt::Differentiable>::Tangent, <#b as #rt::Differentiable>::Tangent) {
                    let (change, da, db) = changes.filled(self, b, seed);
                    let (_, _, pullback) = #f::__forward_jvp(#left, #right #f::__direction_0(#da), #db);
                    let (mut left, mut right) = (#rt::zero(self), #rt::zero(b));
                    let (mut left_dot, mut right_dot) = (#rt::zero(self), #rt::zero(b));
                    let seed = ::core::clone::Clone::clone(seed);
                    #f::__backward_jvp(pullback, #again #da_again #db_again seed, change, #values, #dots);
                    (left_dot, right_dot)
                }
            }
        }
    }

    /// The type of the right operand; `()` where there is none.
    fn other(&self) -> TokenStream {
        match self.right {
            Some(ty) => referred(ty).to_token_stream(),
            None => quote!(()),
        }
    }

    /// The operands as the user's function takes them, of `self` and `b` by reference; a comma after the right one.
    fn operands(&self) -> (TokenStream, TokenStream) {
        let left = lent(self.left, hygienic!(self));
        let right = self.right.map(|ty| lent(ty, hygienic!(b)));
        (left, right.map(|b| hygienic!(#b,)).unwrap_or_default())
    }

    /// What a pullback is given again.
    fn references(&self) -> TokenStream {
        let left = is_reference(self.left).then(|| hygienic!(self,));
        let right = self.right.filter(|ty| is_reference(ty));
        let right = right.map(|_| hygienic!(b,));
        hygienic!(#left #right)
    }
}

fn as_type(argument: &syn::GenericArgument) -> Option<&syn::Type> {
    match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    }
}

fn is_reference(ty: &syn::Type) -> bool {
    matches!(ty, syn::Type::Reference(_))
}

/// What is there by reference, as an argument of such a type.
fn lent(ty: &syn::Type, value: TokenStream) -> TokenStream {
    if is_reference(ty) {
        value
    } else {
        hygienic!(::core::clone::Clone::clone(#value))
    }
}

/// The tangent of an argument of such a type as it is passed, and what of it the pullback is given again.
fn changed(ty: &syn::Type, tangent: TokenStream) -> (TokenStream, TokenStream) {
    if is_reference(ty) {
        (hygienic!(&#tangent), hygienic!(&#tangent,))
    } else {
        (tangent, TokenStream::new())
    }
}

fn output(item: &syn::ItemFn) -> TokenStream {
    match &item.sig.output {
        syn::ReturnType::Type(_, ty) => ty.to_token_stream(),
        syn::ReturnType::Default => quote!(()),
    }
}

/// The variable that is referred to, copied or looked at as a whole.
fn whole(expr: &syn::Expr) -> Option<&Ident> {
    match expr {
        syn::Expr::Path(path) => path.path.get_ident(),
        syn::Expr::Reference(e) => whole(&e.expr),
        syn::Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => whole(&e.expr),
        syn::Expr::Paren(e) => whole(&e.expr),
        syn::Expr::MethodCall(e) if e.method == "clone" => whole(&e.receiver),
        _ => None,
    }
}

/// Items beside the user's that nobody names.
pub fn hidden(items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            unused, nonstandard_style, deprecated,
            clippy::all, clippy::pedantic, clippy::nursery, clippy::restriction
        )]
        const _: () = { #items };
    }
}

/// `Vec3<T>` as it may stand in an expression too: `Vec3::<T>`.
pub fn turbofish(ty: &syn::Type) -> syn::Type {
    let mut ty = referred(ty).clone();
    if let syn::Type::Path(path) = &mut ty {
        for segment in &mut path.path.segments {
            if let syn::PathArguments::AngleBracketed(list) = &mut segment.arguments {
                list.colon2_token = Some(syn::parse_quote!(::));
            }
        }
    }
    ty
}

/// The tokens with the type for `Self`, which means nothing outside of the block.
pub fn with_owner(tokens: TokenStream, owner: &TokenStream) -> TokenStream {
    let replaced = tokens.into_iter().map(|token| match token {
        TokenTree::Ident(name) if name == "Self" => owner.clone(),
        TokenTree::Group(group) => {
            let inner = with_owner(group.stream(), owner);
            let mut inner = Group::new(group.delimiter(), inner);
            inner.set_span(group.span());
            TokenTree::Group(inner).into()
        }
        other => other.into(),
    });
    replaced.collect()
}
