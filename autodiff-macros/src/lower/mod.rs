//! From syntax to the IR.
//!
//! ```text
//! let y = x[i] * 2.0;          let t1 = read x[i]
//! v[j] += y;                   let y = t1 * 2.0
//!                              v[j] += y
//! ```
//!
//! An expression is a [`value::Value`] before it is anything else: a place that is not read yet, a tuple, an iterator, a closure. Statements
//! are made only where a value has to be computed.
//!
//! * [`scope`]: what names mean; [`pattern`], [`test`]: what patterns bind and test;
//! * [`expr`], [`place`], [`methods`], [`numbers`], [`members`], [`vectors`], [`calls`], [`results`], [`expected`], [`closures`], [`choice`], [`macros`]: expressions to values;
//! * [`moving`]: references that are made to point elsewhere;
//! * [`matrix`]: matrices and vectors of nalgebra;
//! * [`operator`]: operators of scalars and of matrices; [`assign`]: assignments;
//! * [`stmt`], [`control`], [`alternatives`], [`loops`]: statements, blocks, branches, loops;
//! * [`build`], [`slot`]: early exits without jumps, and where the value of a branch goes;
//! * [`option`], [`wrapper`]: `Option`s and `Result`s that the compiler sees through, and those that the program holds;
//! * [`lambda`]: functions that are handed to functions; [`declared_args`]: the types that these give to their parameters;
//! * [`crates`]: functions of libm and num_traits;
//! * [`told`]: types that the source of the crate tells;
//! * [`own`]: methods of the user's types that are named as functions of floats;
//! * [`source`], [`makers`], [`adaptors`], [`drive`], [`consume`], [`sums`]: iterators;
//! * [`purity`]: closures that have to be called as often as it is written;
//! * [`rule`]: functions whose derivative the user states;
//! * [`inert`]: code that is kept verbatim; [`finish`], [`infer`]: what is left over goes away, literals get types.

mod adaptors;
mod alternatives;
mod assign;
mod brought;
mod build;
mod calls;
mod choice;
mod chosen;
mod closures;
mod consume;
mod control;
mod conversion;
pub mod crates;
mod declared_args;
mod deferred;
mod drive;
mod expected;
mod expr;
mod finish;
mod given;
mod indices;
mod inert;
mod infer;
mod itertools;
mod lambda;
mod loops;
pub mod macros;
mod makers;
mod matrix;
mod members;
mod methods;
mod motion;
mod moving;
mod numbers;
mod operator;
mod option;
mod own;
mod params;
mod pattern;
mod picked;
mod place;
mod purity;
mod rearrange;
mod rename;
mod results;
pub mod rule;
mod scope;
mod slot;
mod source;
mod standard;
mod stmt;
mod structs;
mod sums;
mod tables;
mod test;
#[cfg(test)]
mod tests;
mod told;
pub mod types;
mod value;
mod vectors;
mod wrapper;

use crate::diagnostic::Diagnostics;
use crate::emit::types::Wrapper;
use crate::ir::{
    Block, Const, FloatTy, Function, Operand, Param, Place, Rhs, Stmt, Ty, VarId, VarKind,
};
use crate::options::Options;
use crate::source::Source;
use build::{Arm, Control, Open, Region, Target, close};
pub use place::peel;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;
use scope::Scopes;
use slot::Slot;
use std::collections::{BTreeMap, BTreeSet};
use told::Told;
use types::Written;

/// Lowers a function; reports what is outside the accepted language and leaves it out.
pub fn lower(item: &syn::ItemFn, options: &Options, diagnostics: &mut Diagnostics) -> Function {
    let floats = types::float_params(&item.sig.generics);
    let mut lower = Lower::new(item, floats, options, diagnostics);
    let result_ty = match &item.sig.output {
        syn::ReturnType::Default => Ty::Unit,
        syn::ReturnType::Type(_, ty) => lower.ty(ty),
    };
    let params: Vec<&syn::FnArg> = item.sig.inputs.iter().collect();
    let patterns = lower.params(&params, &item.sig.generics, options);
    for (pat, var) in patterns {
        lower.bind_pattern(&pat, value::Value::Place(Place::var(var)));
    }
    let mut block = expected::with_types(&item.block, &item.sig.output, &lower.runtime);
    brought::spell_out(&mut block, &item.sig, lower.file());
    itertools::without(&mut block);
    deferred::sink(&mut block);
    lower.body(&block, &item.sig.output, &result_ty);
    // What is wrong with the names in `wrt` has been said.
    let may_vary =
        |p: &Param| p.active || p.function.as_ref().is_some_and(|f| lower.gives_number(f));
    if options.wrt.is_none() && !lower.function.params.iter().any(may_vary) {
        lower
            .diagnostics
            .no_differentiable_parameter(&item.sig.ident);
    }
    let mut function = lower.finished();
    indices::settle(&mut function);
    infer::infer(&mut function, &result_ty);
    function
}

/// The names that a function declares by items and as type parameters.
fn own_names(item: &syn::ItemFn) -> BTreeSet<String> {
    let parameters = crate::names::parameters(&item.sig.generics).map(ToString::to_string);
    let items = crate::fence::items::declared(&item.block);
    parameters.chain(items).collect()
}

/// The state of the stage.
struct Lower<'a> {
    function: Function,
    diagnostics: &'a mut Diagnostics,
    floats: Vec<Ident>,
    /// `into` between floats: from where to where.
    conversions: Vec<(FloatTy, FloatTy)>,
    /// The traits that the type parameters are bound by.
    bounds: BTreeMap<Ident, Vec<Ident>>,
    scopes: Scopes,
    /// The types of constants that the function declares itself.
    constants: BTreeMap<String, Ty>,
    /// Are there matrices whose dimensions are type parameters? They have no value to begin with.
    open_dimensions: bool,
    /// The statements at hand.
    out: Vec<Stmt>,
    /// Branches that they stand in, in this region.
    opens: Vec<Open>,
    /// Where statements began not to be reached.
    dead: Option<(usize, usize)>,
    /// Exits taken in this region.
    exits: BTreeSet<Target>,
    /// The flag of each target.
    flags: Vec<Option<VarId>>,
    slots: Vec<Slot>,
    /// The names that the function declares by items and as type parameters.
    declared: BTreeSet<String>,
    controls: Vec<Control>,
    /// The end of a loop of the user's that has no loop of the IR yet.
    claim: Option<Target>,
    /// `#[checkpoint]` on the loop that `claim` is the end of.
    checkpoint: Option<Option<Operand>>,
    /// Items of the function's own.
    items: Vec<Stmt>,
    /// Their text.
    written_items: BTreeSet<String>,
    /// The functions inside the function that have companions.
    companions: BTreeSet<Ident>,
    taken: BTreeSet<String>,
    temps: usize,
    /// Values that have no name of the user's yet.
    nameless: BTreeSet<VarId>,
    /// Lists that have no name of the user's yet.
    movable: BTreeSet<VarId>,
    /// Variables of the compiler's own: they go away where nobody reads them.
    made: BTreeSet<VarId>,
    /// Variables declared without a value.
    deferred: BTreeSet<VarId>,
    has_exits: bool,
    /// Integers that are surely `usize`.
    usizes: BTreeSet<VarId>,
    /// Parameters that are ranges of integers: `rows: Range<usize>`.
    ranges: BTreeSet<VarId>,
    /// Variables that are surely of a type of the user's.
    own: BTreeSet<VarId>,
    /// The types that variables were declared with or made as, by their names.
    typed: BTreeMap<VarId, String>,
    /// What the function shows of the types that it names.
    evidence: own::Evidence,
    /// Parameters that are taken as what they are converted into.
    converted: BTreeSet<VarId>,
    /// Is the value of the method at hand not used?
    effect_only: bool,
    /// The closures that are being inlined.
    inlined: Vec<std::rc::Rc<syn::ExprClosure>>,
    /// How many closures were handed to functions.
    lambdas: usize,
    /// Results of calls, of which no type is known.
    called: BTreeSet<VarId>,
    /// What the function, or the closure at hand, returns its value in.
    wrapper: Option<Wrapper>,
    /// `Box<dyn Error>`, if that is what errors of the function are.
    any_error: Option<syn::Type>,
    /// Is the value at hand an `Option` or a `Result`, as the methods called on it tell?
    held: Option<wrapper::Held>,
    /// Was that so of the expression at hand?
    unwrapped: bool,
    /// The statement at hand.
    span: Span,
    /// The path of the runtime's `private` module.
    runtime: TokenStream,
    /// The attribute for a function inside the function that has to have a companion.
    inherited: TokenStream,
    told: Told,
}

impl<'a> Lower<'a> {
    fn new(
        item: &syn::ItemFn,
        floats: Vec<Ident>,
        options: &Options,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            function: Function {
                name: item.sig.ident.clone(),
                vars: Vec::new(),
                params: Vec::new(),
                body: Block::default(),
                result: None,
                checkpoints: BTreeMap::new(),
                reassociate: false,
                parallel: false,
                asked: BTreeMap::new(),
                inferred: Default::default(),
                watch: None,
                shown: None,
                names: crate::ir::Names::default(),
            },
            diagnostics,
            conversions: conversion::conversions(&item.sig.generics, &floats),
            bounds: conversion::bound_by(&item.sig.generics),
            floats,
            scopes: Scopes::default(),
            constants: types::constant_params(&item.sig.generics),
            open_dimensions: crate::names::mentions(
                item.sig.generics.where_clause.to_token_stream(),
                &quote::format_ident!("DefaultAllocator"),
            ),
            out: Vec::new(),
            opens: Vec::new(),
            dead: None,
            exits: BTreeSet::new(),
            flags: Vec::new(),
            slots: Vec::new(),
            declared: own_names(item),
            controls: Vec::new(),
            claim: None,
            checkpoint: None,
            items: Vec::new(),
            written_items: BTreeSet::new(),
            companions: BTreeSet::new(),
            taken: BTreeSet::new(),
            temps: 0,
            nameless: BTreeSet::new(),
            movable: BTreeSet::new(),
            made: BTreeSet::new(),
            deferred: BTreeSet::new(),
            has_exits: finish::has_exits(&item.block),
            usizes: BTreeSet::new(),
            ranges: BTreeSet::new(),
            own: BTreeSet::new(),
            typed: BTreeMap::new(),
            evidence: own::evidence(item),
            converted: BTreeSet::new(),
            effect_only: false,
            inlined: Vec::new(),
            lambdas: 0,
            called: BTreeSet::new(),
            held: None,
            unwrapped: false,
            wrapper: types::returned_wrapper(&item.sig.output),
            any_error: expected::any_error(&item.sig.output).cloned(),
            span: item.sig.ident.span(),
            runtime: crate::options::runtime(options.krate.as_ref()),
            inherited: crate::options::inherited(options),
            told: Told::new(&item.sig, options.owner.clone()),
        }
    }

    /// The file that the function stands in.
    fn file(&self) -> Option<&Source> {
        self.told.source.as_ref()
    }

    /// A variable for a user's binding: the first of a name keeps it, another one gets a number.
    fn local(&mut self, ident: &Ident, ty: Ty, kind: VarKind) -> VarId {
        let unique = self.unique(ident);
        self.function.add_var(unique, ty, kind)
    }

    fn unique(&mut self, ident: &Ident) -> Ident {
        let base = ident.to_string();
        let mut name = base.clone();
        let mut n = 1;
        while !self.taken.insert(name.clone()) {
            n += 1;
            name = format!("{}_{n}", base.trim_start_matches("r#"));
        }
        if name == base {
            ident.clone()
        } else {
            Ident::new(&name, ident.span())
        }
    }

    fn fresh(&mut self, hint: &str, ty: Ty, kind: VarKind) -> VarId {
        self.temps += 1;
        let mut name = format!("{hint}{}", self.temps);
        while !self.taken.insert(name.clone()) {
            self.temps += 1;
            name = format!("{hint}{}", self.temps);
        }
        let ident = Ident::new(&name, Span::mixed_site().located_at(self.span));
        let nameless = matches!(kind, VarKind::Value);
        let var = self.function.add_var(ident, ty, kind);
        if nameless {
            self.nameless.insert(var);
        }
        self.made.insert(var);
        var
    }

    /// Binds a right-hand side to a temporary.
    fn temp(&mut self, rhs: Rhs, ty: Ty) -> Operand {
        let var = self.fresh("t", ty, VarKind::Value);
        if let Rhs::Len(_) = rhs {
            self.usizes.insert(var);
        }
        self.out.push(Stmt::Let { var, rhs });
        Operand::Var(var)
    }

    fn written(&self) -> Written<'_> {
        Written {
            floats: &self.floats,
            told: Some(&self.told),
            source: None,
        }
    }

    fn ty(&self, ty: &syn::Type) -> Ty {
        self.written().known(ty)
    }
}

/// A literal integer.
fn int(value: usize) -> Operand {
    let literal = proc_macro2::Literal::usize_unsuffixed(value);
    constant(syn::parse_quote!(#literal), Ty::Int)
}

/// A zero of any float type.
fn float_zero() -> Operand {
    constant(syn::parse_quote!(0.0), Ty::Float(FloatTy::Literal))
}

fn boolean(value: bool) -> Operand {
    let expr = if value {
        syn::parse_quote!(true)
    } else {
        syn::parse_quote!(false)
    };
    constant(expr, Ty::Bool)
}

fn constant(expr: syn::Expr, ty: Ty) -> Operand {
    Operand::Const(Const { expr, ty })
}

/// What stands for a value that was reported as an error.
fn failed() -> value::Value {
    value::Value::Operand(constant(syn::parse_quote!(()), Ty::Unknown))
}
