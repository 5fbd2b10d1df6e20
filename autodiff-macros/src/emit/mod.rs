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

mod batch;
mod borrows;
pub mod callee;
mod checkpoint;
mod code;
pub mod companion;
mod derived;
pub mod dump;
pub mod foreign;
mod forward;
pub mod functions;
mod gradient;
mod graph;
mod handed;
pub mod inline;
mod jacobian;
pub mod lambda;
mod module;
mod operators;
mod output;
mod protocol;
mod rerun;
mod reverse;
mod second;
mod spelled;
mod taylor;
#[cfg(test)]
mod tests;
pub mod types;

use crate::analysis::activity::Activity;
use crate::ir::{
    Access, Aggregate, Arg, Block, Call, Derived, FloatTy, Function, Inert, Literal, Op, Operand,
    Payload, Place, Proj, Range, Results, Rhs, Stmt, Ty, VarId, VarKind,
};
use crate::transform::forward::needs_derivative;
pub use batch::check_lists;
use code::{Code, Prec};
use inline::{Inlined, Plan};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use types::Kind;

/// Writes the statements of one function.
pub struct Emitter<'a> {
    /// Its variables.
    pub function: &'a Function,
    /// The path of the runtime's `private` module.
    pub rt: &'a TokenStream,
    /// What is asserted to be a scalar.
    assumed: Option<Assumed<'a>>,
    /// What is written where it is used.
    plan: Option<&'a Plan<'a>>,
    /// That of the block at hand.
    inlined: Option<&'a Inlined<'a>>,
    /// What stands for the tangent of a scalar.
    kind: Kind,
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
            plan: None,
            inlined: None,
            kind: Kind::Scalar,
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

impl<'a> Emitter<'a> {
    /// With these values written where they are used.
    #[must_use]
    pub fn inlining(self, plan: &'a Plan<'a>) -> Self {
        Self {
            plan: Some(plan),
            ..self
        }
    }
}

impl<'a> Emitter<'a> {
    /// With such tangents.
    #[must_use]
    pub fn with(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }
}

impl Emitter<'_> {
    /// The statements of a block, without braces.
    pub fn block(&self, block: &Block) -> TokenStream {
        let inlined = self.plan.and_then(|plan| plan.of(block));
        let inner = Emitter { inlined, ..*self };
        let moved = |var: &VarId| inlined.is_some_and(|vars| vars.contains_key(var));
        let stmts = block.stmts.iter();
        stmts
            .filter(|s| !matches!(s, Stmt::Let { var, .. } if moved(var)))
            .map(|s| inner.stmt(s))
            .collect()
    }

    /// The name of a variable.
    pub fn name(&self, var: VarId) -> &Ident {
        &self.function.var(var).ident
    }

    /// The pattern that binds a variable.
    pub fn pattern(&self, var: VarId) -> TokenStream {
        let name = self.name(var);
        let changed = self.plan.is_none_or(|plan| plan.is_changed(var));
        if changed && matches!(self.function.var(var).kind, VarKind::Mutable) {
            quote!(mut #name)
        } else {
            quote!(#name)
        }
    }

    /// A variable or a constant, to stand anywhere.
    pub fn operand(&self, operand: &Operand) -> TokenStream {
        self.code(operand).at(Prec::Atom)
    }

    /// A variable or a constant, to stand where any expression may.
    pub fn bare(&self, operand: &Operand) -> TokenStream {
        self.code(operand).tokens()
    }

    fn code(&self, operand: &Operand) -> Code {
        match operand {
            Operand::Var(v) => self.variable(*v),
            Operand::Const(c) => Code::user(&c.expr),
        }
    }

    fn variable(&self, var: VarId) -> Code {
        match self.inlined.and_then(|vars| vars.get(&var)) {
            Some(rhs) => self.value(var, rhs),
            None => Code::atom(self.name(var)),
        }
    }

    /// A place as an expression, to stand anywhere.
    pub fn place(&self, place: &Place) -> TokenStream {
        self.place_code(place).at(Prec::Atom)
    }

    /// A place that a method is called on, which dereferences by itself.
    pub fn receiver(&self, place: &Place) -> TokenStream {
        let path = match place.path.split_last() {
            Some((Proj::Deref, path)) => path,
            _ => &place.path,
        };
        self.path(place.root, path, false).at(Prec::Atom)
    }

    /// The same for a method that changes it.
    pub fn changed(&self, place: &Place) -> TokenStream {
        let path = match place.path.split_last() {
            Some((Proj::Deref, path)) => path,
            _ => &place.path,
        };
        self.path(place.root, path, true).at(Prec::Atom)
    }

    /// `&place`, `&mut place`
    pub fn borrowed(&self, place: &Place, mutable: bool) -> TokenStream {
        let place = self.path(place.root, &place.path, mutable).at(Prec::Unary);
        if mutable {
            quote!(&mut #place)
        } else {
            quote!(&#place)
        }
    }

    fn place_code(&self, place: &Place) -> Code {
        self.path(place.root, &place.path, false)
    }

    /// A place that is written.
    fn target(&self, place: &Place) -> Code {
        self.path(place.root, &place.path, true)
    }

    fn path(&self, root: VarId, path: &[Proj], written: bool) -> Code {
        let mut code = Code::atom(self.name(root));
        for (k, proj) in path.iter().enumerate() {
            code = match proj {
                Proj::Deref if path.get(k + 1).is_some_and(dereferences) => code,
                Proj::Deref | Proj::Inside(None) => code.prefix(&quote!(*)),
                Proj::Inside(Some(member)) => {
                    let base = code.at(Prec::Atom);
                    Code::atom(quote!(#base.#member))
                }
                Proj::Field(member) => {
                    let base = code.at(Prec::Atom);
                    Code::atom(quote!(#base.#member))
                }
                Proj::Payload(payload) => payload_of(payload, &code.at(Prec::Atom), written),
                Proj::Index(i) => {
                    let (base, i) = (code.at(Prec::Atom), self.bare(i));
                    Code::atom(quote!(#base[#i]))
                }
                Proj::Entry(entry) => {
                    let (base, key) = (code.at(Prec::Atom), self.bare(entry.key()));
                    Code::atom(quote!(#base[#key]))
                }
                Proj::Range { lo, hi } => {
                    let end = |o: &Option<Operand>| o.as_ref().map(|o| self.code(o).at(Prec::Or));
                    let (lo, hi) = (end(lo), end(hi));
                    let base = match self.function.is_matrix(root, &path[..k]) {
                        true => self.elements(&code, written),
                        false => code.at(Prec::Atom),
                    };
                    Code::atom(quote!(#base[#lo..#hi]))
                }
                Proj::Wrapped => self.inside(&code, "payload", written),
                Proj::Failure => self.inside(&code, "failure", false),
            };
        }
        code
    }

    /// The slice of all elements of a matrix.
    fn elements(&self, base: &Code, written: bool) -> TokenStream {
        let (rt, base) = (self.rt, base.at(Prec::Unary));
        if written {
            quote!(#rt::matrix::elements_mut(&mut #base))
        } else {
            quote!(#rt::matrix::elements(&#base))
        }
    }

    /// What an `Option` or `Result` holds, as a place.
    fn inside(&self, base: &Code, function: &str, written: bool) -> Code {
        let (rt, base) = (self.rt, base.at(Prec::Unary));
        let (mutable, suffix) = if written {
            (Some(quote!(mut)), "_mut")
        } else {
            (None, "")
        };
        let function = Ident::new(&format!("{function}{suffix}"), Span::mixed_site());
        Code::new(quote!(*#rt::#function(&#mutable #base)), Prec::Unary)
    }

    /// What an `Option` or `Result` holds, moved out of it.
    fn taken_out(&self, place: &Place) -> Option<Code> {
        let (last, path) = place.path.split_last()?;
        let function = match last {
            Proj::Wrapped => "into_payload",
            Proj::Failure => "into_failure",
            _ => return None,
        };
        let lent = |p: &Proj| {
            use Proj::{Deref, Entry, Index, Range};
            matches!(p, Deref | Index(_) | Entry(_) | Range { .. })
        };
        if path.iter().any(lent) {
            return None;
        }
        let (rt, base) = (self.rt, self.path(place.root, path, false).tokens());
        let function = Ident::new(function, Span::mixed_site());
        Some(Code::atom(quote!(#rt::#function(#base))))
    }

    fn operation(&self, op: Op, args: &[Operand]) -> Code {
        let args: Vec<Code> = args.iter().map(|o| self.code(o)).collect();
        operation(op, &args)
    }

    fn argument(&self, arg: &Arg) -> Code {
        match arg {
            Arg::Value(o) => self.code(o),
            Arg::Ref(p) => Code::new(self.borrowed(p, false), Prec::Unary),
            Arg::RefMut(p) => Code::new(self.borrowed(p, true), Prec::Unary),
            Arg::Function(function) => Code::atom(self.function_arg(function)),
        }
    }

    fn rhs(&self, rhs: &Rhs) -> Code {
        match rhs {
            Rhs::Use(o) => self.code(o),
            Rhs::Read(p) if p.path.is_empty() => self.variable(p.root),
            Rhs::Read(p) => self.taken_out(p).unwrap_or_else(|| self.place_code(p)),
            // A method would look through a reference that is inside.
            Rhs::Clone { place, .. } if matches!(place.path.last(), Some(Proj::Wrapped)) => {
                let place = self.borrowed(place, false);
                Code::atom(quote!(::core::clone::Clone::clone(#place)))
            }
            Rhs::Clone { place, method } => {
                let place = self.receiver(place);
                Code::atom(quote!(#place.#method()))
            }
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
            Rhs::Aggregate(kind, parts) => {
                let parts: Vec<_> = parts.iter().map(|o| self.bare(o)).collect();
                match kind {
                    Aggregate::Struct(_) => {
                        Code::new(aggregate(kind, &parts, self.rt), Prec::Lowest)
                    }
                    _ => Code::atom(aggregate(kind, &parts, self.rt)),
                }
            }
            Rhs::Repeat { vec, value, len } => {
                let (value, len, rt) = (self.bare(value), self.bare(len), self.rt);
                Code::atom(if *vec {
                    quote!(#rt::vec![#value; #len])
                } else {
                    quote!([#value; #len])
                })
            }
            Rhs::Borrow { mutable, place } => {
                Code::new(self.borrowed(place, *mutable), Prec::Unary)
            }
            Rhs::Len(p) => {
                let place = self.receiver(p);
                Code::atom(quote!(#place.len()))
            }
            Rhs::IsPresent(p) => {
                let (rt, place) = (self.rt, self.borrowed(p, false));
                Code::atom(quote!(#rt::is_present(#place)))
            }
            Rhs::Dimension { place, method } => {
                let place = self.receiver(place);
                Code::atom(quote!(#place.#method()))
            }
            Rhs::Position { place, index } => {
                let (rt, place) = (self.rt, self.borrowed(place, false));
                let index = self.bare(index);
                Code::atom(quote!(#rt::position(#place, #index)))
            }
            Rhs::Zeros(p) => {
                let (rt, place) = (self.rt, self.borrowed(p, false));
                Code::atom(quote!(#rt::matrix::zeros(#place)))
            }
            Rhs::Inert(Inert { expr, .. }) => Code::user(expr),
            Rhs::Derived(d) => Code::atom(self.derived(d)),
        }
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
                if self
                    .function
                    .place_ty(&self.function.resolve(place))
                    .is_matrix()
                {
                    return self.update_matrix(*op, place, value);
                }
                let operator = assign_operator(*op);
                let summand = self.summand(*op, place, value);
                let (place, value) = (self.target(place).tokens(), self.bare(value));
                let value = summand.map_or(value.clone(), |assert| quote!(#assert(#value)));
                quote!(#place #operator #value;)
            }
            Stmt::Push { place, value } => {
                let (place, value) = (self.changed(place), self.bare(value));
                quote!(#place.push(#value);)
            }
            Stmt::Swap(a, b) => {
                let (a, b) = (self.borrowed(a, true), self.borrowed(b, true));
                quote!(::core::mem::swap(#a, #b);)
            }
            Stmt::Truncate { place, len } => {
                let (place, len) = (self.changed(place), self.bare(len));
                quote!(#place.truncate(#len);)
            }
            Stmt::Effect(Inert { expr, .. }) => quote!(#expr;),
            Stmt::Call { results, call } => self.plain_call(results, call),
            Stmt::If { cond, then, els } => {
                let (cond, then) = (self.bare(cond), self.block(then));
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

    /// `place op= value` that leaves the value where it is.
    /// What sees to it that `+=` of unknown types is that of numbers or matrices.
    fn summand(&self, op: Op, place: &Place, value: &Operand) -> Option<TokenStream> {
        let assumed = self.assumed?;
        let root = self.function.resolve(place).root;
        let ty = self.function.place_ty(&self.function.resolve(place));
        let unknown = ty == Ty::Unknown && *self.function.operand_ty(value) == Ty::Unknown;
        let primal = (root.0 as usize) < assumed.primals && assumed.activity.is_active(root);
        let rt = self.rt;
        let sum = matches!(op, Op::Add | Op::Sub);
        (sum && unknown && primal).then(|| hygienic!(#rt::assert_summand))
    }

    fn update_matrix(&self, op: Op, place: &Place, value: &Operand) -> TokenStream {
        let (rt, place) = (self.rt, self.borrowed(place, true));
        let value = self.shown(&Arg::Value(value.clone()));
        let name = format_ident!("{}_assign", function(op), span = Span::mixed_site());
        quote!(#rt::ops::#name(#place, #value);)
    }

    fn binding(&self, var: VarId, rhs: &Rhs) -> TokenStream {
        let pattern = self.pattern(var);
        let ambiguous = match rhs {
            Rhs::Use(operand) => operand.as_var().is_none(),
            Rhs::Derived(Derived::ZeroScalar(_) | Derived::Convert(_)) => true,
            Rhs::Derived(Derived::Partial { args, .. }) => args.is_empty(),
            _ => false,
        };
        let ty = match rhs {
            Rhs::Derived(Derived::ZeroScalar(_) | Derived::Convert(_))
                if self.kind.is_list() && !self.is_primal(var) =>
            {
                Some(self.lanes_annotation(var))
            }
            Rhs::Aggregate(Aggregate::Vec, parts) if parts.is_empty() && !self.kind.is_list() => {
                let parts = || types::list_of_parts(&self.function.var(var).ty, self.rt);
                self.annotation(var, ambiguous).or_else(parts)
            }
            Rhs::Aggregate(Aggregate::None, _) => {
                let tangent = || self.annotation_of_absent(var);
                self.annotation(var, ambiguous).or_else(tangent)
            }
            Rhs::Derived(Derived::Partial { args, .. }) if args.is_empty() => {
                let default = || self.function.has_default_float().then(|| quote!(: f64));
                self.annotation(var, ambiguous).or_else(default)
            }
            _ => self.annotation(var, ambiguous),
        };
        let value = self.value(var, rhs).tokens();
        quote!(let #pattern #ty = #value;)
    }

    /// The value that a variable is bound to.
    fn value(&self, var: VarId, rhs: &Rhs) -> Code {
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
            rhs => self.rhs(rhs),
        };
        if !self.is_assumed(var, rhs) {
            return value;
        }
        let (rt, value) = (self.rt, located(value.tokens(), self.name(var).span()));
        Code::atom(quote!(#rt::assert_real(#value)))
    }

    /// Is the variable one of the function that was transformed?
    fn is_primal(&self, var: VarId) -> bool {
        self.assumed
            .is_some_and(|assumed| (var.0 as usize) < assumed.primals)
    }

    /// Is a number converted from or to a type parameter? That is no matter of `as`.
    fn is_generic(&self, operand: &Operand, to: &syn::Type) -> bool {
        let is_param = |ty: &Ty| matches!(ty, Ty::Float(FloatTy::Param(_)));
        let names = |ty: &Ty| matches!((ty, to), (Ty::Float(FloatTy::Param(t)), syn::Type::Path(p)) if p.path.is_ident(t));
        is_param(self.function.operand_ty(operand))
            || self.function.vars.iter().any(|v| names(&v.ty))
    }

    /// Do the traits of the runtime know the operands? Code of other types that carries no derivative is left as it is.
    fn is_dispatched(&self, var: VarId, args: &[Arg]) -> bool {
        let Some(assumed) = self.assumed else {
            return false;
        };
        let matrix = args.iter().any(|a| self.arg_ty(a).is_matrix());
        matrix || assumed.activity.is_active(var) || var.0 as usize >= assumed.primals
    }

    /// The type of an argument, as far as it is known.
    fn arg_ty(&self, arg: &Arg) -> Ty {
        match arg {
            Arg::Value(o) => self.function.operand_ty(o).clone(),
            Arg::Ref(p) | Arg::RefMut(p) => self.function.place_ty(&self.function.resolve(p)),
            Arg::Function(_) => Ty::Unknown,
        }
    }

    /// An operator by the types of its operands.
    fn dispatched(&self, var: VarId, op: Op, args: &[Arg]) -> Code {
        let rt = self.rt;
        let name = Ident::new(function(op), Span::mixed_site());
        let args = args.iter().map(|a| self.shown(a));
        let value = quote!(#rt::ops::#name(#(#args),*));
        Code::atom(located(value, self.name(var).span()))
    }

    /// An argument by reference, however it is passed.
    fn shown(&self, arg: &Arg) -> TokenStream {
        match arg {
            Arg::Value(o) => {
                let operand = self.code(o).at(Prec::Unary);
                quote!(&#operand)
            }
            Arg::Ref(p) | Arg::RefMut(p) => self.borrowed(p, false),
            Arg::Function(function) => self.function_arg(function),
        }
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

    /// `: Option<T>` of a variable that begins as `None`: what is read of it may come before what it is given.
    fn annotation_of_absent(&self, var: VarId) -> Option<TokenStream> {
        let var = self.function.var(var);
        let tangents = types::Tangents {
            floats: &[],
            rt: self.rt,
            kind: self.kind,
        };
        let ty = match &var.tangent_of {
            Some(of) => tangents.owned(of),
            None if self.kind.is_list() => return None,
            None => types::shape(&var.ty, self.rt),
        };
        Some(quote!(: #ty))
    }

    fn assign(&self, place: &Place, value: &Operand) -> TokenStream {
        let assign = self.assign_always(place, value);
        match value.as_var() {
            Some(var) if self.function.asked.contains_key(&var) => {
                let (rt, name) = (self.rt, self.name(var));
                quote!(if let #rt::Some(#name) = #name { #assign })
            }
            _ => assign,
        }
    }

    fn assign_always(&self, place: &Place, value: &Operand) -> TokenStream {
        let unsized_place = matches!(self.function.place_ty(place), Ty::Slice(_));
        if unsized_place {
            let (place, value) = (self.changed(place), self.operand(value));
            return quote!(#place.clone_from_slice(&#value););
        }
        let (place, value) = (self.target(place).tokens(), self.bare(value));
        quote!(#place = #value;)
    }

    /// The range of a loop.
    pub fn range(&self, range: &Range) -> TokenStream {
        let end = |o: &Operand| self.code(o).at(Prec::Or);
        let (lo, hi) = (end(&range.lo), end(&range.hi));
        let base = if range.inclusive {
            quote!(#lo..=#hi)
        } else {
            quote!(#lo..#hi)
        };
        let rev = range.rev.then(|| quote!(.rev()));
        let step = range.step.as_ref().map(|s| {
            let s = self.bare(s);
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

    /// The value of a call alone. Of a function that is only there as its derivative it is what that gives first.
    fn value_of_call(&self, call: &Call) -> (TokenStream, TokenStream) {
        if !needs_derivative(call) {
            let call = Self::as_written(call);
            let (before, args) = self.passed(&call);
            return (before, callee::written(&call, None, &args));
        }
        let (before, both) = self.value_and_pullback(call);
        (before, quote!(#both.0))
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
            Arg::Value(o) => self.bare(o),
            Arg::Ref(p) => self.borrowed(p, false),
            Arg::RefMut(p) => self.borrowed(p, true),
            Arg::Function(function) => self.function_arg(function),
        }
    }

    fn plain_call(&self, results: &Results, call: &Call) -> TokenStream {
        let (before, call) = self.value_of_call(call);
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

/// Does the step dereference what it is taken of? A variant of what is in a box is one of the value itself.
fn dereferences(proj: &Proj) -> bool {
    !matches!(
        proj,
        Proj::Deref | Proj::Wrapped | Proj::Failure | Proj::Payload(_) | Proj::Inside(None)
    )
}

/// An aggregate of these parts.
fn aggregate(kind: &Aggregate, parts: &[TokenStream], rt: &TokenStream) -> TokenStream {
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

/// What a variant holds, as a place.
fn payload_of(payload: &Payload, whole: &TokenStream, written: bool) -> Code {
    let (variant, member) = (&payload.variant, &payload.member);
    if payload.access == Access::Primal {
        let payload = Ident::new("payload", Span::mixed_site());
        let mutable = written.then(|| quote!(mut));
        return Code::new(
            quote!(*match &#mutable #whole {
                #variant { #member: #payload, .. } => #payload,
                #[allow(unreachable_patterns)]
                _ => ::core::unreachable!(),
            }),
            Prec::Unary,
        );
    }
    let Some(last) = variant.segments.last() else {
        return Code::atom(whole);
    };
    let access = if written {
        Access::TangentMut
    } else {
        payload.access
    };
    let method = Payload::method(&last.ident, member, access);
    Code::new(quote!(*#whole.#method()), Prec::Unary)
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

/// The function of the runtime that stands for an operator.
fn function(op: Op) -> &'static str {
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
