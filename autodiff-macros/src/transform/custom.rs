//! Functions with a rule of the user's: the body is not looked into, its derivative is what the attribute says.
//!
//! ```text
//! partials(x = p)       x_dot -> value, x_dot * p             cotangent -> x_bar += cotangent * p
//! jvp = forward         forward(x, x_dot)
//! vjp = reverse                                               let (value, pullback) = reverse(x);  x_bar += pullback(cotangent)
//! ```
//!
//! The same [`Tangent`] and [`Adjoint`] come out as for any other function; the user's pieces are kept verbatim in them. Where they are to be
//! differentiated once more, the partials are lowered like the body of a function instead.

mod second;

use super::adjoint::Adjoint;
use super::forward::Tangent;
use crate::ir::{
    Arg, Block, Call, CallKind, Derived, DerivedStmt, Function, Home, Inert, Op, Operand,
    ParamMode, Place, Proj, Results, Rhs, Stmt, TangentOf, Ty, VarId, VarKind, Wins,
};
use crate::names::names;
use crate::options::{Partial, Rule};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
pub use second::second_by_function;
use std::collections::BTreeSet;
use syn::spanned::Spanned;

/// The modes that the rule gives. `function` has parameters and no body.
pub fn derivatives(function: &Function, rule: &Rule) -> (Option<Tangent>, Option<Adjoint>) {
    match rule {
        Rule::Partials(partials) => {
            let (forward, reverse) = (Program::new(function), Program::new(function));
            (
                Some(forward.tangent_by_partials(partials)),
                Some(reverse.adjoint_by_partials(partials)),
            )
        }
        Rule::Functions { jvp, vjp } => {
            let tangent = |path| Program::new(function).tangent_by_function(path);
            let adjoint = |path| Program::new(function).adjoint_by_function(path);
            (jvp.as_ref().map(tangent), vjp.as_ref().map(adjoint))
        }
        Rule::Declared => declared(function),
        Rule::Independent { .. } => (
            Some(Program::new(function).tangent_of_nothing()),
            Some(Program::new(function).adjoint_of_nothing()),
        ),
    }
}

/// Programs without statements: of what is only declared nothing but signatures is emitted.
fn declared(function: &Function) -> (Option<Tangent>, Option<Adjoint>) {
    let mut program = Program::new(function);
    let tangents = function.params.iter();
    let tangents = tangents.map(|p| p.active.then(|| program.var("tangent", Ty::Unknown)));
    let tangents = tangents.collect();
    let tangent = Tangent {
        function: program.function,
        body: Block::default(),
        result: None,
        result_tangent: None,
        tangents,
    };
    let adjoint = Adjoint {
        function: function.clone(),
        forward: Block::default(),
        result: None,
        cotangent: None,
        slots: function.params.iter().map(|_| None).collect(),
        reverse: Block::default(),
        restored: BTreeSet::new(),
        one_pass: None,
    };
    (Some(tangent), Some(adjoint))
}

/// What the partials call the value; a name that no parameter has.
pub fn value_name(sig: &syn::Signature) -> Ident {
    let taken: Vec<Ident> = names(sig.inputs.to_token_stream()).collect();
    let is_free = |name: &String| taken.iter().all(|t| t != name);
    let names = (0..).map(|k| format!("{}result", "_".repeat(k)));
    let name = names.into_iter().find(is_free).unwrap_or_default();
    Ident::new(&name, sig.ident.span())
}

/// The reverse mode as a program that can be differentiated once more: the value by a call, the partials by what computes them. `programs`
/// is a function of the parameters and of the value with the tuple of the partials as result.
pub fn adjoint_by_programs(mut programs: Function, partials: &[Partial]) -> Adjoint {
    let body = std::mem::take(&mut programs.body);
    let (tuple, value) = (programs.result.take(), programs.params.pop());
    let tuple = tuple.as_ref().and_then(Operand::as_var);
    let mut program = Program {
        function: programs,
        out: Vec::new(),
    };
    let slots = program.slots();
    let value = match value {
        Some(param) => param.var,
        None => program.var("value", Ty::Unknown),
    };
    let call = program.call_of_itself();
    let forward = Block::new(vec![Stmt::Call {
        results: Results::One(value),
        call,
    }]);
    program.out.extend(body.stmts);
    let cotangent = program.var("cotangent", Ty::Unknown);
    for (slot, partial) in program.paired(&slots, partials) {
        let position = partials.iter().position(|p| p.name == partial.name);
        let (Some(tuple), Some(k)) = (tuple, position) else {
            continue;
        };
        let slope = program.part("partial", tuple, k);
        let term = program.times(cotangent, slope);
        program.accumulate(slot, term);
    }
    program.adjoint(forward, value, cotangent, slots)
}

/// A program as it is written.
struct Program {
    function: Function,
    out: Vec<Stmt>,
}

impl Program {
    fn new(function: &Function) -> Self {
        Self {
            function: function.clone(),
            out: Vec::new(),
        }
    }

    fn var(&mut self, hint: &str, ty: Ty) -> VarId {
        let span = Span::mixed_site();
        self.function.fresh(hint, span, ty, VarKind::Value)
    }

    fn bind(&mut self, hint: &str, rhs: Rhs) -> VarId {
        let var = self.var(hint, Ty::Unknown);
        self.out.push(Stmt::Let { var, rhs });
        var
    }

    /// A piece of code over the variables that there are.
    fn code(&mut self, hint: &str, code: TokenStream) -> VarId {
        let mentioned: Vec<Ident> = names(code.clone()).collect();
        let vars = self.function.vars.iter().enumerate();
        let used = vars.filter(|(_, var)| mentioned.contains(&var.ident));
        let uses = used.map(|(v, _)| VarId(v as u32)).collect();
        let rhs = Rhs::Inert(Inert {
            expr: syn::Expr::Verbatim(code),
            uses,
            writes: Vec::new(),
            cheap: false,
            what: String::new(),
        });
        self.bind(hint, rhs)
    }

    /// `tuple.k`
    fn part(&mut self, hint: &str, tuple: VarId, k: usize) -> VarId {
        let place = Place::var(tuple).then(Proj::Field(k.into()));
        self.bind(hint, Rhs::Read(place))
    }

    fn arguments(&self) -> Vec<Ident> {
        let params = self.function.params.iter();
        params
            .map(|p| self.function.var(p.var).ident.clone())
            .collect()
    }

    /// The arguments as the function itself takes them.
    fn as_written(&self) -> Vec<TokenStream> {
        let passed = self.function.params.iter().map(|p| {
            let var = self.function.var(p.var);
            let name = &var.ident;
            match var.lent {
                true => quote!(#name.as_ref().map(|value| ::core::borrow::Borrow::borrow(value))),
                false => quote!(#name),
            }
        });
        passed.collect()
    }

    /// The primal. `result` is what the partials call it, unless a parameter has that name.
    fn value(&mut self) -> VarId {
        let (name, arguments) = (self.function.name.clone(), self.arguments());
        let free = arguments.iter().all(|a| a != "result");
        let passed = self.as_written();
        let value = self.code("value", quote!(#name(#(#passed),*)));
        if free {
            self.function.vars[value.0 as usize].ident = Ident::new("result", name.span());
        }
        value
    }

    /// The primal of a member.
    fn value_of_member(&mut self) -> VarId {
        let (name, passed) = (self.function.name.clone(), self.as_written());
        self.code("value", quote!(Self::#name(#(#passed),*)))
    }

    /// `seed * partial`
    fn product(&mut self, seed: VarId, partial: &Partial) -> Operand {
        let partial = self.code("partial", partial.expr.to_token_stream());
        self.times(seed, partial)
    }

    /// The function's own forward mode knows the tangent of its value.
    fn call_of_itself(&self) -> Call {
        let params = self.function.params.iter();
        Call {
            kind: CallKind::Path,
            path: syn::parse_quote!(Self),
            args: params.map(|p| passed(p.mode, p.var)).collect(),
            function: None,
            home: Home::Path,
        }
    }

    fn times(&mut self, seed: VarId, partial: VarId) -> Operand {
        let (seed, partial) = (Operand::Var(seed), Operand::Var(partial));
        Operand::Var(self.bind("t", Rhs::Derived(Derived::Times(seed, partial, Wins::Seed))))
    }

    /// A variable beside each active parameter.
    fn beside(&mut self, suffix: &str) -> Vec<Option<VarId>> {
        let params = self.function.params.clone();
        let beside = params.iter().map(|p| {
            let hint = format!("{}_{suffix}", self.function.var(p.var).ident);
            let ty = self.function.var(p.var).ty.clone();
            p.active.then(|| self.var(&hint, ty))
        });
        beside.collect()
    }

    /// The active parameters' variables with the partials that are theirs.
    fn paired<'p>(
        &self,
        beside: &[Option<VarId>],
        partials: &'p [Partial],
    ) -> Vec<(VarId, &'p Partial)> {
        let params = self.function.params.iter().zip(beside);
        let pairs = params.filter_map(|(param, beside)| {
            let name = &self.function.var(param.var).ident;
            let partial = partials.iter().find(|p| p.name == *name)?;
            Some(((*beside)?, partial))
        });
        pairs.collect()
    }

    fn tangent_by_partials(mut self, partials: &[Partial]) -> Tangent {
        let tangents = self.beside("dot");
        let value = self.value();
        let pairs = self.paired(&tangents, partials);
        let terms: Vec<Operand> = pairs.iter().map(|(dot, p)| self.product(*dot, p)).collect();
        let slope = terms
            .into_iter()
            .reduce(|sum, term| Operand::Var(self.bind("t", Rhs::Op(Op::Add, vec![sum, term]))));
        self.tangent(tangents, value, slope)
    }

    fn tangent_by_function(mut self, path: &syn::Path) -> Tangent {
        let tangents = self.beside("dot");
        let mut arguments = self.arguments();
        let dots = tangents.iter().flatten();
        arguments.extend(dots.map(|v| self.function.var(*v).ident.clone()));
        let pair = self.code("pair", call(path, &arguments));
        let (value, slope) = (self.part("value", pair, 0), self.part("slope", pair, 1));
        self.tangent(tangents, value, Some(Operand::Var(slope)))
    }

    fn tangent(
        self,
        tangents: Vec<Option<VarId>>,
        value: VarId,
        slope: Option<Operand>,
    ) -> Tangent {
        Tangent {
            function: self.function,
            body: Block::new(self.out),
            result: Some(Operand::Var(value)),
            result_tangent: slope.map(TangentOf::Active),
            tangents,
        }
    }

    fn tangent_of_nothing(mut self) -> Tangent {
        let value = self.value_of_member();
        let tangents = self.beside("dot");
        Tangent {
            result_tangent: Some(TangentOf::Zero(Operand::Var(value))),
            ..self.tangent(tangents, value, None)
        }
    }

    fn adjoint_of_nothing(mut self) -> Adjoint {
        let value = self.value_of_member();
        let forward = Block::new(std::mem::take(&mut self.out));
        let slots = self.slots();
        let cotangent = self.var("cotangent", Ty::Unknown);
        self.adjoint(forward, value, cotangent, slots)
    }

    fn adjoint_by_partials(mut self, partials: &[Partial]) -> Adjoint {
        let slots = self.slots();
        let value = self.value();
        let forward = Block::new(std::mem::take(&mut self.out));
        let cotangent = self.var("cotangent", Ty::Unknown);
        for (slot, partial) in self.paired(&slots, partials) {
            let term = self.product(cotangent, partial);
            self.accumulate(slot, term);
        }
        self.adjoint(forward, value, cotangent, slots)
    }

    fn adjoint_by_function(mut self, path: &syn::Path) -> Adjoint {
        let slots = self.slots();
        let arguments = self.arguments();
        let pair = self.code("pair", call(path, &arguments));
        let (value, pullback) = (self.part("value", pair, 0), self.part("pullback", pair, 1));
        let forward = Block::new(std::mem::take(&mut self.out));
        let cotangent = self.var("cotangent", Ty::Unknown);
        let name = |v: VarId| self.function.var(v).ident.clone();
        let (mut function, argument) = (name(pullback), name(cotangent));
        function.set_span(function.span().located_at(path.span()));
        let called = quote_spanned!(path.span()=> #function(#argument));
        let gradients = self.code("gradients", called);
        let active: Vec<VarId> = slots.iter().flatten().copied().collect();
        for (k, slot) in active.iter().enumerate() {
            let gradient = match active.as_slice() {
                [_] => gradients,
                _ => self.part("gradient", gradients, k),
            };
            self.accumulate(*slot, Operand::Var(gradient));
        }
        self.adjoint(forward, value, cotangent, slots)
    }

    /// The adjoint slots of the parameters, references.
    fn slots(&mut self) -> Vec<Option<VarId>> {
        let slots = self.beside("bar");
        for slot in slots.iter().flatten() {
            let var = &mut self.function.vars[slot.0 as usize];
            var.ty = Ty::Ref(true, Box::new(var.ty.peel().clone()));
        }
        slots
    }

    fn accumulate(&mut self, slot: VarId, value: Operand) {
        let place = Place::var(slot).then(Proj::Deref);
        let negate = false;
        let stmt = DerivedStmt::Accumulate {
            place,
            value,
            negate,
        };
        self.out.push(Stmt::Derived(stmt));
    }

    fn adjoint(
        self,
        forward: Block,
        value: VarId,
        cotangent: VarId,
        slots: Vec<Option<VarId>>,
    ) -> Adjoint {
        Adjoint {
            function: self.function,
            forward,
            result: Some(Operand::Var(value)),
            cotangent: Some(cotangent),
            slots,
            reverse: Block::new(self.out),
            restored: BTreeSet::new(),
            one_pass: None,
        }
    }
}

/// A parameter, or something beside one, handed on.
fn passed(mode: ParamMode, var: VarId) -> Arg {
    match mode {
        ParamMode::Value => Arg::Value(Operand::Var(var)),
        ParamMode::Ref => Arg::Ref(Place::var(var).then(Proj::Deref)),
        ParamMode::RefMut => Arg::RefMut(Place::var(var).then(Proj::Deref)),
    }
}

/// The call of a user's rule: what is wrong with its signature is reported there.
fn call(path: &syn::Path, arguments: &[Ident]) -> TokenStream {
    quote_spanned!(path.span()=> #path(#(#arguments),*))
}
