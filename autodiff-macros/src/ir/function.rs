//! Functions: their parameters, their variables and the names of these.

use super::{
    Block, Call, CallKind, FloatTy, FnType, Home, Op, Operand, Place, Proj, Rhs, Stmt, Ty,
};
use proc_macro2::{Ident, Span, TokenStream};
use std::collections::{BTreeMap, BTreeSet};

/// A variable of a function; an index into [`Function::vars`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct VarId(pub u32);

/// What the compiler knows about a variable.
#[derive(Clone, Debug)]
pub struct Var {
    /// Unique within the function. Carries the span of the user's binding, or a mixed-site one for what the compiler made.
    pub ident: Ident,
    /// What is known of its type.
    pub ty: Ty,
    /// The type as the user wrote it (`let v: Vec<f64> = ..`), emitted with the declaration.
    pub annotation: Option<syn::Type>,
    /// Of a tangent: the type of what it is the tangent of, as the user wrote it.
    pub tangent_of: Option<syn::Type>,
    /// Is it an `Option` of which a call is lent the value: a copy, where the function as written takes an `Option` of a reference?
    pub lent: bool,
    /// How it is bound and written.
    pub kind: VarKind,
}

/// How a variable is bound and written.
#[derive(Clone, Debug)]
pub enum VarKind {
    /// Written once on every path, never changed.
    Value,
    /// Changed through places.
    Mutable,
    /// A name for a place: bound by `let v = &place`.
    View {
        /// `&mut`?
        mutable: bool,
        /// The place in terms of variables that are not views themselves. Its operands are values.
        target: Place,
    },
}

/// A function as the compiler sees it.
#[derive(Clone, Debug)]
pub struct Function {
    /// The user's name for it.
    pub name: Ident,
    /// All variables, by [`VarId`].
    pub vars: Vec<Var>,
    /// The parameters in order.
    pub params: Vec<Param>,
    /// The body.
    pub body: Block,
    /// The value that is returned; `None` for `()`.
    pub result: Option<Operand>,
    /// The loops marked `#[checkpoint]`, by index variable, and how many states each may keep.
    pub checkpoints: BTreeMap<VarId, Option<Operand>>,
    /// May sums be taken in another order?
    pub reassociate: bool,
    /// May loops at the top level run in parts at the same time?
    pub parallel: bool,
    /// What is computed in one way or another by what the companions of functions that are called know.
    pub asked: BTreeMap<VarId, Asked>,
    /// Whose types nothing tells but how they are used.
    pub inferred: BTreeSet<VarId>,
    /// Where the runtime is, if what is not finite of the derivatives is to be reported.
    pub watch: Option<TokenStream>,
    /// What is shown of the adjoints.
    pub shown: Option<Shown>,
    /// The names that are taken.
    pub names: Names,
}

/// The values whose adjoints are shown.
#[derive(Clone, Debug)]
pub struct Shown {
    /// Where the runtime is.
    pub rt: TokenStream,
    /// The statements that bind them, as text.
    pub labels: BTreeMap<VarId, String>,
}

/// What companions are asked.
#[derive(Clone, Debug)]
pub enum Asked {
    /// For a copy or a zero of an argument: has the call a use for it?
    Argument {
        /// The function.
        call: Call,
        /// Which parameter.
        param: usize,
    },
    /// For a product with a slope: may those of these functions be infinite?
    Slopes(Vec<Call>),
}

/// The names of a function's variables, for new ones to differ from.
#[derive(Clone, Debug, Default)]
pub struct Names {
    taken: BTreeSet<String>,
    /// Where to go on counting, by the name that is numbered.
    last: BTreeMap<String, usize>,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The variable that it binds. For `&T` and `&mut T` it has type [`Ty::Ref`] and places start with [`Proj::Deref`].
    pub var: VarId,
    /// The type as written.
    pub ty: syn::Type,
    /// How it is passed.
    pub mode: ParamMode,
    /// Is it differentiated with respect to? False for integers, `#[constant]` and what `wrt` leaves out.
    pub active: bool,
    /// Its type, if it is a function.
    pub function: Option<FnType>,
}

/// How a parameter is passed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamMode {
    /// `x: T`
    Value,
    /// `x: &T`
    Ref,
    /// `x: &mut T`: an input and an output.
    RefMut,
}

impl Asked {
    /// Functions that are called by their path are asked, not those that are parameters.
    pub fn of(call: &Call, param: usize) -> Option<Self> {
        let named = call.kind == CallKind::Path && !call.is_member() && call.home != Home::Inside;
        let asked = named && call.function.is_none();
        asked.then(|| Self::Argument {
            call: call.clone(),
            param,
        })
    }
}

impl Names {
    fn unique(&mut self, hint: &str) -> String {
        let hint = hint.trim_start_matches("r#");
        let last = self.last.entry(hint.to_owned()).or_insert(0);
        loop {
            *last += 1;
            let name = match *last {
                1 => hint.to_owned(),
                n => format!("{hint}_{n}"),
            };
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

impl Function {
    /// Does nothing in the function speak of another float than `f64`?
    pub fn has_default_float(&self) -> bool {
        let other = |float: &FloatTy| matches!(float, FloatTy::F32 | FloatTy::Param(_));
        !self.vars.iter().any(|var| var.ty.mentions(&other))
    }

    /// The type of a parameter that is a function.
    pub fn function_type(&self, var: VarId) -> Option<&FnType> {
        let param = self.params.iter().find(|p| p.var == var)?;
        param.function.as_ref()
    }

    /// The variable.
    pub fn var(&self, id: VarId) -> &Var {
        &self.vars[id.0 as usize]
    }

    /// Adds a variable. `ident` must be unique: see [`Function::fresh_ident`].
    pub fn add_var(&mut self, ident: Ident, ty: Ty, kind: VarKind) -> VarId {
        self.vars.push(Var {
            ident,
            ty,
            annotation: None,
            tangent_of: None,
            lent: false,
            kind,
        });
        VarId(u32::try_from(self.vars.len() - 1).unwrap_or(u32::MAX))
    }

    /// A new variable named after `hint`: that, or that and a number.
    pub fn fresh(&mut self, hint: &str, span: Span, ty: Ty, kind: VarKind) -> VarId {
        if self.names.taken.len() < self.vars.len() {
            let names = self.vars.iter().map(|v| v.ident.to_string());
            self.names.taken = names.collect();
        }
        let name = self.names.unique(hint);
        let ident = Ident::new(&name, Span::mixed_site().located_at(span));
        self.add_var(ident, ty, kind)
    }

    /// The type of an operand, as far as it is known.
    pub fn operand_ty<'a>(&'a self, operand: &'a Operand) -> &'a Ty {
        match operand {
            Operand::Var(v) => &self.var(*v).ty,
            Operand::Const(c) => &c.ty,
        }
    }

    /// A value, or what a variable holds.
    pub fn held(&mut self, var: VarId, out: &mut Vec<Stmt>) -> Operand {
        if !matches!(self.var(var).kind, VarKind::Mutable) {
            return Operand::Var(var);
        }
        let (ty, rhs) = (self.var(var).ty.clone(), Rhs::Read(Place::var(var)));
        let value = self.fresh("t", Span::mixed_site(), ty, VarKind::Value);
        out.push(Stmt::Let { var: value, rhs });
        Operand::Var(value)
    }

    /// The type of a place, as far as it is known.
    pub fn place_ty(&self, place: &Place) -> Ty {
        let step = |ty: Ty, proj: &Proj| ty.project(proj);
        place
            .path
            .iter()
            .fold(self.var(place.root).ty.clone(), step)
    }

    /// The same, views gone through.
    pub fn resolved_ty(&self, place: &Place) -> Ty {
        self.place_ty(&self.resolve(place))
    }

    /// Is it a field without derivative, of a type that need not have tangents? What is assigned to it need not have one.
    pub fn is_constant_field(&self, place: &Place) -> bool {
        let ty = self.resolved_ty(place);
        let field = matches!(place.path.last(), Some(Proj::Field(_)));
        field && ty.is_inert() && matches!(ty, Ty::Inert | Ty::Struct(_))
    }

    /// Surely a matrix, whose parts of elements are slices?
    pub fn is_matrix(&self, root: VarId, path: &[Proj]) -> bool {
        let path = path.to_vec();
        matches!(self.place_ty(&Place { root, path }), Ty::Matrix(_))
    }

    /// The type of the place in `place op= value`; only scalars have remainders.
    pub fn updated_ty(&self, op: Op, place: &Place, value: &Operand) -> Ty {
        match self.place_ty(&self.resolve(place)) {
            Ty::Unknown if op == Op::Rem => self.operand_ty(value).clone(),
            known => known,
        }
    }

    /// Is `place op= value` a sum that leaves the adjoint of the place as it is? Those of the user's types are what their `Add` is.
    pub fn adds_in_place(&self, op: Op, place: &Place) -> bool {
        let ty = self.place_ty(&self.resolve(place));
        matches!(op, Op::Add | Op::Sub) && !ty.is_struct()
    }

    /// The place in terms of variables that are not views: a view's target takes the place of the view and of its `Deref`.
    pub fn resolve(&self, place: &Place) -> Place {
        let mut place = place.clone();
        while let VarKind::View { target, .. } = &self.var(place.root).kind {
            let rest = place
                .path
                .iter()
                .skip(usize::from(matches!(place.path.first(), Some(Proj::Deref))));
            let path = target.path.iter().chain(rest).cloned().collect();
            place = Place {
                root: target.root,
                path,
            };
        }
        place
    }
}
