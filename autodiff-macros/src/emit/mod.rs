//! From the IR to tokens.
//!
//! [`Emitter`] writes blocks, statement by statement; [`companion`] puts them into the functions that users and other annotated functions
//! call. What came from the user keeps its span; names that the compiler made are hygienic.

/// `quote!` whose names are the compiler's own: a user's parameter of the same name is another variable.
macro_rules! hygienic {
    ($($tokens:tt)*) => {
        ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*)
    };
}

mod borrows;
pub mod companion;
mod derived;
pub mod dump;
mod jacobian;
mod protocol;
pub mod types;

use crate::analysis::activity::Activity;
use crate::ir::{
    Aggregate, Arg, Block, Call, Const, Derived, Function, Inert, Op, Operand, Place, Proj, Range,
    Results, Rhs, Stmt, Ty, VarId, VarKind,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// Writes the statements of one function.
pub struct Emitter<'a> {
    /// Its variables.
    pub function: &'a Function,
    /// The path of the runtime's `private` module.
    pub rt: &'a TokenStream,
    /// What is asserted to be a scalar.
    assumed: Option<Assumed<'a>>,
}

/// Values that the transforms take to be scalars, since no type says otherwise: products of matrices have other rules.
#[derive(Clone, Copy)]
pub struct Assumed<'a> {
    /// The primal variables that carry a derivative.
    pub activity: &'a Activity,
    /// From here on variables are those of the transform.
    pub primals: usize,
    /// Are there primal values among them too?
    pub later: bool,
}

impl Assumed<'_> {
    fn has(&self, var: VarId) -> bool {
        self.activity.is_active(var) || (self.later && var.0 as usize >= self.primals)
    }
}

impl<'a> Emitter<'a> {
    /// For the statements of `function`.
    pub fn new(function: &'a Function, rt: &'a TokenStream) -> Self {
        Self {
            function,
            rt,
            assumed: None,
        }
    }

    /// With assertions on what is taken to be a scalar.
    #[must_use]
    pub fn assuming(self, assumed: Assumed<'a>) -> Self {
        Self {
            assumed: Some(assumed),
            ..self
        }
    }
}

impl Emitter<'_> {
    /// The statements of a block, without braces.
    pub fn block(&self, block: &Block) -> TokenStream {
        block.stmts.iter().map(|s| self.stmt(s)).collect()
    }

    /// The name of a variable.
    pub fn name(&self, var: VarId) -> &Ident {
        &self.function.var(var).ident
    }

    /// The pattern that binds a variable.
    pub fn pattern(&self, var: VarId) -> TokenStream {
        let name = self.name(var);
        if matches!(self.function.var(var).kind, VarKind::Mutable) {
            quote!(mut #name)
        } else {
            quote!(#name)
        }
    }

    /// A variable or a constant.
    pub fn operand(&self, operand: &Operand) -> TokenStream {
        match operand {
            Operand::Var(v) => {
                let name = self.name(*v);
                quote!(#name)
            }
            Operand::Const(c) => constant(c),
        }
    }

    /// A place as an expression.
    pub fn place(&self, place: &Place) -> TokenStream {
        let name = self.name(place.root);
        let mut tokens = quote!(#name);
        for (k, proj) in place.path.iter().enumerate() {
            tokens = match proj {
                Proj::Deref if place.path.get(k + 1).is_some_and(dereferences) => tokens,
                Proj::Deref => quote!((*#tokens)),
                Proj::Field(member) => quote!(#tokens.#member),
                Proj::Index(i) => {
                    let i = self.operand(i);
                    quote!(#tokens[#i])
                }
                Proj::Range { lo, hi } => {
                    let lo = lo.as_ref().map(|o| self.operand(o));
                    let hi = hi.as_ref().map(|o| self.operand(o));
                    quote!(#tokens[#lo..#hi])
                }
            };
        }
        tokens
    }

    fn binary(&self, op: Op, args: &[Operand]) -> TokenStream {
        let operator = operator(op);
        let mut args = args.iter().map(|o| self.operand(o));
        match (args.next(), args.next()) {
            (Some(a), Some(b)) => quote!(#a #operator #b),
            (Some(a), None) => quote!(#operator #a),
            _ => TokenStream::new(),
        }
    }

    fn rhs(&self, rhs: &Rhs) -> TokenStream {
        match rhs {
            Rhs::Use(o) => self.operand(o),
            Rhs::Read(p) => self.place(p),
            Rhs::Clone { place, method } => {
                let place = self.place(place);
                quote!(#place.#method())
            }
            Rhs::Op(op, args) => self.binary(*op, args),
            Rhs::Rule { rule, path, args } => self.rule(rule.get().name, path.as_ref(), args),
            Rhs::Cast(o, ty) => {
                let o = self.operand(o);
                quote!(#o as #ty)
            }
            Rhs::Aggregate(kind, parts) => {
                let parts: Vec<_> = parts.iter().map(|o| self.operand(o)).collect();
                aggregate(*kind, &parts)
            }
            Rhs::Repeat { vec, value, len } => {
                let (value, len) = (self.operand(value), self.operand(len));
                if *vec {
                    quote!(::std::vec![#value; #len])
                } else {
                    quote!([#value; #len])
                }
            }
            Rhs::Borrow { mutable, place } => {
                let place = self.place(place);
                if *mutable {
                    quote!(&mut #place)
                } else {
                    quote!(&#place)
                }
            }
            Rhs::Len(p) => {
                let place = self.place(p);
                quote!(#place.len())
            }
            Rhs::Inert(Inert { expr, .. }) => quote!(#expr),
            Rhs::Derived(d) => self.derived(d),
        }
    }

    fn rule(&self, name: &str, path: Option<&syn::ExprPath>, args: &[Operand]) -> TokenStream {
        let mut args = args.iter().map(|o| self.operand(o));
        if let Some(path) = path {
            return quote!(#path(#(#args),*));
        }
        let receiver = args.next();
        let method = Ident::new(name, Span::call_site());
        quote!(#receiver.#method(#(#args),*))
    }

    fn stmt(&self, stmt: &Stmt) -> TokenStream {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(*var, rhs),
            Stmt::Declare(var) => {
                let pattern = self.pattern(*var);
                let ty = self.annotation(*var, false);
                quote!(let #pattern #ty;)
            }
            Stmt::Assign { place, value } => self.assign(place, value),
            Stmt::Update { op, place, value } => {
                let operator = assign_operator(*op);
                let (place, value) = (self.place(place), self.operand(value));
                quote!(#place #operator #value;)
            }
            Stmt::Push { place, value } => {
                let (place, value) = (self.place(place), self.operand(value));
                quote!(#place.push(#value);)
            }
            Stmt::Swap(a, b) => {
                let (a, b) = (self.place(a), self.place(b));
                quote!(::core::mem::swap(&mut #a, &mut #b);)
            }
            Stmt::Truncate { place, len } => {
                let (place, len) = (self.place(place), self.operand(len));
                quote!(#place.truncate(#len);)
            }
            Stmt::Effect(Inert { expr, .. }) => quote!(#expr;),
            Stmt::Call { results, call } => self.plain_call(results, call),
            Stmt::If { cond, then, els } => {
                let (cond, then) = (self.operand(cond), self.block(then));
                let els = (!els.stmts.is_empty()).then(|| {
                    let els = self.block(els);
                    quote!(else { #els })
                });
                quote!(if #cond { #then } #els)
            }
            Stmt::For {
                var,
                range,
                body,
                exit,
            } => self.counted(*var, &self.range(range), body, *exit),
            Stmt::While {
                cond_block,
                cond,
                body,
            } => {
                let (before, cond) = (self.block(cond_block), self.operand(cond));
                let body = self.block(body);
                quote!(while { #before #cond } { #body })
            }
            Stmt::Derived(d) => self.derived_stmt(d),
        }
    }

    fn binding(&self, var: VarId, rhs: &Rhs) -> TokenStream {
        let pattern = self.pattern(var);
        let ambiguous = match rhs {
            Rhs::Use(operand) => operand.as_var().is_none(),
            Rhs::Derived(Derived::ZeroScalar(_) | Derived::Convert(_)) => true,
            Rhs::Derived(Derived::Partial { args, .. }) => args.is_empty(),
            _ => false,
        };
        let ty = self.annotation(var, ambiguous);
        let value = self.rhs(rhs);
        if self.is_assumed(var, rhs) {
            let rt = self.rt;
            let value = located(value, self.name(var).span());
            return quote!(let #pattern #ty = #rt::assert_real(#value););
        }
        quote!(let #pattern #ty = #value;)
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

    /// `: T` as the user wrote it, or where inference may need it.
    fn annotation(&self, var: VarId, ambiguous: bool) -> Option<TokenStream> {
        let var = self.function.var(var);
        if let Some(ty) = &var.annotation {
            return Some(quote!(: #ty));
        }
        match &var.ty {
            Ty::Float(float) if ambiguous => types::float_type(float).map(|ty| quote!(: #ty)),
            _ => None,
        }
    }

    fn assign(&self, place: &Place, value: &Operand) -> TokenStream {
        let unsized_place = matches!(self.function.place_ty(place), Ty::Slice(_));
        let (place, value) = (self.place(place), self.operand(value));
        if unsized_place {
            quote!(#place.clone_from_slice(&#value);)
        } else {
            quote!(#place = #value;)
        }
    }

    /// The range of a loop.
    pub fn range(&self, range: &Range) -> TokenStream {
        let (lo, hi) = (self.operand(&range.lo), self.operand(&range.hi));
        let base = if range.inclusive {
            quote!(#lo..=#hi)
        } else {
            quote!(#lo..#hi)
        };
        let rev = range.rev.then(|| quote!(.rev()));
        let step = range.step.as_ref().map(|s| {
            let s = self.operand(s);
            quote!(.step_by(#s))
        });
        if rev.is_none() && step.is_none() {
            return base;
        }
        quote!((#base) #rev #step)
    }

    fn counted(
        &self,
        var: VarId,
        range: &TokenStream,
        body: &Block,
        exit: Option<VarId>,
    ) -> TokenStream {
        let (name, body) = (self.name(var), self.block(body));
        let exit = exit.map(|e| {
            let exit = self.name(e);
            quote!(if #exit { break; })
        });
        quote!(for #name in #range { #body #exit })
    }

    /// What a call binds, as a pattern.
    pub fn results(&self, results: &Results) -> Option<TokenStream> {
        match results {
            Results::None => None,
            Results::One(v) => Some(self.pattern(*v)),
            Results::Tuple(parts) => {
                let part = |p: &Option<VarId>| p.map_or(quote!(_), |v| self.pattern(v));
                let parts = parts.iter().map(part);
                Some(quote!((#(#parts,)*)))
            }
        }
    }

    /// An argument as it is passed.
    pub fn arg(&self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Value(o) => self.operand(o),
            Arg::Ref(p) => {
                let place = self.place(p);
                quote!(&#place)
            }
            Arg::RefMut(p) => {
                let place = self.place(p);
                quote!(&mut #place)
            }
        }
    }

    fn plain_call(&self, results: &Results, call: &Call) -> TokenStream {
        let path = &call.path;
        let (before, args) = self.lent(&call.args);
        let call = quote!(#path(#(#args),*));
        let bound = match self.results(results) {
            None => quote!(#call;),
            Some(pattern) => quote!(let #pattern = #call;),
        };
        quote!(#before #bound)
    }
}

/// The tokens as before, an error in them being shown at `span`.
fn located(tokens: TokenStream, span: Span) -> TokenStream {
    let locate = |mut token: proc_macro2::TokenTree| {
        let resolved = span.resolved_at(token.span());
        token.set_span(resolved);
        token
    };
    tokens.into_iter().map(locate).collect()
}

fn dereferences(proj: &Proj) -> bool {
    !matches!(proj, Proj::Deref)
}

fn constant(c: &Const) -> TokenStream {
    let expr = &c.expr;
    match expr {
        syn::Expr::Lit(_) | syn::Expr::Path(_) | syn::Expr::Paren(_) => quote!(#expr),
        other => quote!((#other)),
    }
}

/// An aggregate of these parts.
fn aggregate(kind: Aggregate, parts: &[TokenStream]) -> TokenStream {
    match kind {
        Aggregate::Tuple => quote!((#(#parts,)*)),
        Aggregate::Array => quote!([#(#parts),*]),
        Aggregate::Vec => quote!(::std::vec![#(#parts),*]),
    }
}

fn operator(op: Op) -> TokenStream {
    match op {
        Op::Add => quote!(+),
        Op::Sub | Op::Neg => quote!(-),
        Op::Mul => quote!(*),
        Op::Div => quote!(/),
        Op::Rem => quote!(%),
        Op::Not => quote!(!),
        Op::BitAnd => quote!(&),
        Op::BitOr => quote!(|),
        Op::BitXor => quote!(^),
        Op::Shl => quote!(<<),
        Op::Shr => quote!(>>),
        Op::Eq => quote!(==),
        Op::Ne => quote!(!=),
        Op::Lt => quote!(<),
        Op::Le => quote!(<=),
        Op::Gt => quote!(>),
        Op::Ge => quote!(>=),
        Op::And => quote!(&&),
        Op::Or => quote!(||),
    }
}

fn assign_operator(op: Op) -> TokenStream {
    match op {
        Op::Sub => quote!(-=),
        Op::Mul => quote!(*=),
        Op::Div => quote!(/=),
        Op::Rem => quote!(%=),
        Op::BitAnd => quote!(&=),
        Op::BitOr => quote!(|=),
        Op::BitXor => quote!(^=),
        Op::Shl => quote!(<<=),
        Op::Shr => quote!(>>=),
        _ => quote!(+=),
    }
}
