//! What patterns bind.
//!
//! ```text
//! let (a, [b, c]) = (x[0], pair);      a = read x[0]; b = read pair[0]; c = read pair[1]
//! ```

use super::Lower;
use super::scope::Binding;
use super::value::Value;
use super::wrapper::wrapper_named;
use crate::case::is_upper;
use crate::ir::{Access, Inert, Operand, Payload, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind};
use proc_macro2::Ident;
use std::rc::Rc;
use syn::spanned::Spanned;
use syn::visit::Visit;

/// What stands in a tuple pattern.
type Elements = syn::punctuated::Punctuated<syn::Pat, syn::Token![,]>;

impl Lower<'_> {
    /// Binds the names of a pattern that always matches.
    pub fn bind_pattern(&mut self, pat: &syn::Pat, value: Value) {
        self.bind(pat, None, value, false);
    }

    /// Binds the names of a pattern that was tested.
    pub fn bind_tested(&mut self, pat: &syn::Pat, value: Value) {
        self.bind(pat, None, value, true);
    }

    fn bind(&mut self, pat: &syn::Pat, ty: Option<&syn::Type>, value: Value, tested: bool) {
        match pat {
            syn::Pat::Wild(_) | syn::Pat::Rest(_) | syn::Pat::Lit(_) => self.drop_value(value),
            syn::Pat::Range(_) | syn::Pat::Path(_) | syn::Pat::Const(_) => self.drop_value(value),
            syn::Pat::Paren(p) => self.bind(&p.pat, ty, value, tested),
            syn::Pat::Type(p) => {
                self.told_of_array(&value, &p.ty);
                self.bind(&p.pat, Some(&p.ty), value, tested);
            }
            syn::Pat::Ident(p) if tested && is_constant(&p.ident) => self.drop_value(value),
            syn::Pat::Ident(_) if tested && matches!(value, Value::Operand(_)) => {
                self.bind_argument(pat, value);
            }
            syn::Pat::Ident(p) => self.bind_ident(p, ty, value, tested),
            syn::Pat::Reference(p) => {
                let value = self.pointee(value);
                self.bind(&p.pat, None, value, tested);
            }
            syn::Pat::Tuple(p) => self.bind_tuple(&p.elems, ty, value, tested),
            syn::Pat::Slice(p) => self.bind_slice(p, value, tested),
            syn::Pat::TupleStruct(p) if self.is_wrapper_pattern(&p.path, &value) => {
                self.bind_wrapped(p, value, tested);
            }
            syn::Pat::TupleStruct(p) if tested => {
                let fields = p.elems.iter().enumerate();
                let fields = fields.map(|(k, pat)| (syn::Member::from(k), pat));
                self.bind_variant(&p.path, fields.collect(), value, pat);
            }
            syn::Pat::TupleStruct(p) => self.bind_tuple_struct(&p.elems, value),
            syn::Pat::Struct(p) if !tested => {
                let place = self.place_of(value.clone());
                for field in &p.fields {
                    let at = place.clone().then(Proj::Field(field.member.clone()));
                    let part = like(&value, at);
                    self.bind(&field.pat, None, part, tested);
                }
            }
            syn::Pat::Struct(p) => {
                let fields = p.fields.iter().map(|f| (f.member.clone(), &*f.pat));
                self.bind_variant(&p.path, fields.collect(), value, pat);
            }
            pat if tested => self.bind_opaque(pat, value),
            pat if names(pat).is_empty() => self.drop_value(value),
            other => self.diagnostics.pattern(other.span()),
        }
    }

    /// The fields of a variant, or of a struct, that a pattern was found to fit. One with `..` between its fields is left to Rust.
    fn bind_variant(
        &mut self,
        path: &syn::Path,
        fields: Vec<(syn::Member, &syn::Pat)>,
        value: Value,
        whole: &syn::Pat,
    ) {
        let rest = fields
            .iter()
            .position(|(_, p)| matches!(p, syn::Pat::Rest(_)));
        let inert = self.value_ty(&value).peel().is_inert();
        let opaque = inert || is_of_std(path);
        if opaque || rest.is_some_and(|k| k + 1 < fields.len()) {
            return self.bind_opaque(whole, value);
        }
        let place = self.place_of(value.clone());
        for (member, pat) in fields {
            let step = if path.is_ident("Self") {
                Proj::Field(member)
            } else {
                Proj::Payload(Rc::new(Payload {
                    variant: path.clone(),
                    member,
                    access: Access::Primal,
                }))
            };
            let at = place.clone().then(step);
            self.bind(pat, None, like(&value, at), true);
        }
    }

    /// What a reference pattern looks behind.
    fn pointee(&mut self, value: Value) -> Value {
        match value {
            Value::Ref { place, .. } => Value::Place(place),
            Value::Place(p) => Value::Place(self.through(p)),
            other => other,
        }
    }

    /// Is it a pattern of an `Option` or `Result` that may have a derivative?
    pub fn is_wrapper_pattern(&self, path: &syn::Path, value: &Value) -> bool {
        let opaque = *self.value_ty(value).peel() == Ty::Inert;
        wrapper_named(path).is_some() && !opaque
    }

    /// `Some(pat)`, `Ok(pat)`, `Err(pat)`
    fn bind_wrapped(&mut self, p: &syn::PatTupleStruct, value: Value, tested: bool) {
        let Some(((kind, present), inner)) = wrapper_named(&p.path).zip(p.elems.first()) else {
            return;
        };
        let optional = self.opened(value, Some(kind));
        let value = match optional.failure {
            Some(failure) if !present => self.failure(failure),
            None if !present => return self.diagnostics.pattern(p.span()),
            _ => self.payload(optional.payload),
        };
        let value = match value {
            Value::Place(place) if takes_apart(inner) => self.settled(Value::Place(place)),
            // What a table without derivative gives: only the pattern tells that it is a reference.
            Value::Operand(Operand::Var(var))
                if matches!(inner, syn::Pat::Reference(_))
                    && self.function.var(var).ty == Ty::Unknown =>
            {
                Value::Place(Place::var(var).then(Proj::Deref))
            }
            value => value,
        };
        self.bind(inner, None, value, tested);
    }

    /// The fields of a tuple struct; how many it has is unknown.
    fn bind_tuple_struct(&mut self, pats: &Elements, value: Value) {
        if let Some(rest) = inner_rest(pats) {
            return self.diagnostics.rest_of_unknown(rest.span());
        }
        let place = self.place_of(value.clone());
        for (k, pat) in pats.iter().enumerate() {
            let at = place.clone().then(Proj::Field(syn::Member::from(k)));
            self.bind(pat, None, like(&value, at), false);
        }
    }

    fn bind_tuple(&mut self, pats: &Elements, ty: Option<&syn::Type>, value: Value, tested: bool) {
        let types: Vec<Option<&syn::Type>> = match ty {
            Some(syn::Type::Tuple(t)) if t.elems.len() == pats.len() => {
                t.elems.iter().map(Some).collect()
            }
            _ => vec![None; pats.len()],
        };
        let written = match ty {
            Some(syn::Type::Tuple(t)) => Some(t.elems.len()),
            _ => None,
        };
        let parts = self.matched_parts(pats, value, written);
        for ((pat, ty), part) in pats.iter().zip(types).zip(parts) {
            if !matches!(pat, syn::Pat::Rest(_)) {
                self.bind(pat, ty, part, tested);
            }
        }
    }

    /// The parts of a tuple that a tuple pattern meets; `..` meets nothing. `written` is how many there are, if a type says it.
    pub fn matched_parts(
        &mut self,
        pats: &Elements,
        value: Value,
        written: Option<usize>,
    ) -> Vec<Value> {
        let rest = pats.iter().position(|p| matches!(p, syn::Pat::Rest(_)));
        let Some(at) = rest else {
            return self.parts(value, pats.len());
        };
        let known = match self.value_ty(&value).peel() {
            Ty::Tuple(parts) => Some(parts.len()),
            _ => written,
        };
        if let (None, Some(rest)) = (known, inner_rest(pats)) {
            self.diagnostics.rest_of_unknown(rest.span());
        }
        let mut parts = self.parts(value, known.unwrap_or(pats.len() - 1));
        let after = parts.split_off(parts.len().saturating_sub(pats.len() - 1 - at));
        parts.truncate(at);
        parts.push(Value::Unit);
        parts.extend(after);
        parts
    }

    /// The parts of a tuple.
    pub fn parts(&mut self, value: Value, count: usize) -> Vec<Value> {
        if let Value::Tuple(parts) = value {
            return parts;
        }
        let place = self.place_of(value.clone());
        let part = |k: usize| {
            like(
                &value,
                place.clone().then(Proj::Field(syn::Member::from(k))),
            )
        };
        (0..count).map(part).collect()
    }

    fn bind_slice(&mut self, pat: &syn::PatSlice, value: Value, tested: bool) {
        let place = self.place_of(value.clone());
        for (k, element) in pat.elems.iter().enumerate() {
            if matches!(element, syn::Pat::Rest(_)) {
                continue;
            }
            let at = self.slice_part(pat, &place, k);
            match element {
                syn::Pat::Ident(p) if is_rest(element) => {
                    let mutable = matches!(value, Value::Ref { mutable: true, .. });
                    self.bind_reference(&p.ident, at, mutable);
                }
                element => self.bind(element, None, like(&value, at), tested),
            }
        }
    }

    /// Where the part of a slice is that the `k`th element of a pattern meets.
    pub fn slice_part(&mut self, pat: &syn::PatSlice, place: &Place, k: usize) -> Place {
        let count = pat.elems.len();
        let proj = match pat.elems.iter().position(is_rest) {
            Some(at) if k == at => {
                let after = count - 1 - k;
                let hi = (after > 0).then(|| self.back_from_end(place, after));
                let lo = Some(super::int(k));
                Proj::Range { lo, hi }
            }
            Some(at) if k > at => Proj::Index(self.back_from_end(place, count - k)),
            _ => Proj::Index(super::int(k)),
        };
        place.clone().then(proj)
    }

    /// `len - back`
    fn back_from_end(&mut self, place: &Place, back: usize) -> Operand {
        let len = self.temp(Rhs::Len(place.clone()), Ty::Int);
        let args = vec![len, super::int(back)];
        self.temp(Rhs::Op(crate::ir::Op::Sub, args), Ty::Int)
    }

    /// `let name: ty = value`
    fn bind_ident(
        &mut self,
        p: &syn::PatIdent,
        ty: Option<&syn::Type>,
        value: Value,
        tested: bool,
    ) {
        if let Some((_, sub)) = &p.subpat {
            let value = self.settled(value);
            self.bind(sub, None, value.clone(), tested);
            let alone = syn::PatIdent {
                subpat: None,
                ..p.clone()
            };
            return self.bind_ident(&alone, ty, value, tested);
        }
        match value {
            Value::Place(place) if p.by_ref.is_some() => {
                self.bind_reference(&p.ident, place, p.mutability.is_some());
            }
            Value::Ref { place, mutable } => self.bind_pointer(p, ty, place, mutable),
            // A reference out of a tuple or a list is bound to what it refers to.
            Value::Place(place) if matches!(self.place_ty(&place), Ty::Ref(false, _)) => {
                self.bind_pointer(p, ty, place.then(Proj::Deref), false);
            }
            Value::Iter(source) if p.mutability.is_some() => {
                self.iterator_variable(&p.ident, *source);
            }
            Value::Record(parts) if p.mutability.is_some() => {
                let value = self.record_variable(parts);
                self.scopes.bind(&p.ident, Binding::Value(value));
            }
            Value::Fun(_) | Value::Iter(_) | Value::Block(_) | Value::Record(_) | Value::Unit => {
                self.scopes.bind(&p.ident, Binding::Value(value));
            }
            Value::Optional(optional) if p.mutability.is_some() && optional.failure.is_none() => {
                self.option_variable(&p.ident, ty, *optional);
            }
            Value::Optional(optional) if p.mutability.is_none() => {
                let value = self.settled_option(*optional);
                self.scopes.bind(&p.ident, Binding::Value(value));
            }
            Value::Tuple(parts) if p.mutability.is_none() || has_reference(&parts) => {
                let value = self.settled(Value::Tuple(parts));
                self.scopes.bind(&p.ident, Binding::Value(value));
            }
            value => self.bind_value(p, ty, value),
        }
    }

    fn bind_value(&mut self, p: &syn::PatIdent, ty: Option<&syn::Type>, value: Value) {
        match &value {
            Value::Operand(Operand::Var(v)) if self.may_name(*v, p, ty) => {
                return self.name(*v, p, ty);
            }
            Value::Place(place) if place.path.is_empty() && self.movable.remove(&place.root) => {
                return self.name(place.root, p, ty);
            }
            _ => {}
        }
        let (rhs, mut known) = self.rhs_of(value);
        if p.mutability.is_some() && may_be_number(&rhs) {
            known = known.unless_inert();
        }
        let var = self.declare(p, ty, known);
        let written = matches!(ty, Some(syn::Type::Path(t)) if t.path.is_ident("usize"));
        let copied = matches!(&rhs, Rhs::Use(o) if self.is_usize(o));
        if written || copied || matches!(rhs, Rhs::Len(_)) {
            self.usizes.insert(var);
        }
        self.out.push(Stmt::Let { var, rhs });
    }

    /// Is the variable a nameless value that the binding may have to itself?
    fn may_name(&self, var: VarId, p: &syn::PatIdent, ty: Option<&syn::Type>) -> bool {
        let plain = p.mutability.is_none() && ty.is_none();
        let last = matches!(self.out.last(), Some(Stmt::Let { var: last, .. }) if *last == var);
        self.nameless.contains(&var) && (plain || last)
    }

    /// Gives a nameless value the user's name.
    fn name(&mut self, var: VarId, p: &syn::PatIdent, ty: Option<&syn::Type>) {
        self.nameless.remove(&var);
        let ident = self.unique(&p.ident);
        let local = ty.map(|ty| super::types::local(ty, &self.runtime));
        let ty = local.as_ref();
        let written = ty.map(|t| self.ty(t)).filter(|t| *t != Ty::Unknown);
        let known = &mut self.function.vars[var.0 as usize];
        known.ident = ident;
        known.annotation = ty.filter(|t| !is_view(t)).cloned();
        if let Some(ty) = written {
            known.ty = ty;
        }
        if p.mutability.is_some() {
            known.kind = VarKind::Mutable;
        }
        self.scopes.bind(&p.ident, Binding::Var(var));
    }

    /// What is written of a reference to an array tells the length of the array, which nothing else may tell: `let v: &[f64; 3] = &made;`.
    fn told_of_array(&mut self, value: &Value, ty: &syn::Type) {
        let var = match value {
            Value::Ref { place, .. } | Value::Place(place) => {
                place.path.is_empty().then_some(place.root)
            }
            Value::Operand(operand) => operand.as_var(),
            _ => None,
        };
        let ty = match ty {
            syn::Type::Reference(reference) => &*reference.elem,
            ty => ty,
        };
        let (Some(var), syn::Type::Array(_)) = (var, ty) else {
            return;
        };
        let known = &mut self.function.vars[var.0 as usize];
        let local = !self.function.params.iter().any(|p| p.var == var);
        if local && known.annotation.is_none() && matches!(known.ty, Ty::Array(_)) {
            known.annotation = Some(ty.clone());
        }
    }

    /// Gives a reference a name: a slice becomes a view, a scalar is read once, anything else is an alias.
    pub fn bind_reference(&mut self, name: &Ident, place: Place, mutable: bool) {
        let ty = self.place_ty(&place);
        let whole = place.path.is_empty() || matches!(place.path.as_slice(), [Proj::Deref]);
        let scalar = matches!(ty, Ty::Float(_) | Ty::Int | Ty::Bool);
        if mutable || whole && !scalar {
            let value = Value::Ref { place, mutable };
            return self.scopes.bind(name, Binding::Value(value));
        }
        if scalar {
            return self.bind_read(name, place, ty);
        }
        if matches!(place.path.last(), Some(Proj::Range { .. })) {
            let view = self.view(Some(name), place);
            return self.scopes.bind(name, Binding::Var(view));
        }
        let value = Value::Ref { place, mutable };
        self.scopes.bind(name, Binding::Value(value));
    }

    fn bind_read(&mut self, name: &Ident, place: Place, ty: Ty) {
        let value = matches!(self.function.var(place.root).kind, VarKind::Value);
        let place = if place.path.is_empty() && value {
            place
        } else {
            let var = self.local(name, ty, VarKind::Value);
            self.made.insert(var);
            self.out.push(Stmt::Let {
                var,
                rhs: Rhs::Read(place),
            });
            Place::var(var)
        };
        let mutable = false;
        self.scopes
            .bind(name, Binding::Value(Value::Ref { place, mutable }));
    }

    /// A variable for a name, with the type that is written or known.
    pub fn declare(&mut self, p: &syn::PatIdent, ty: Option<&syn::Type>, known: Ty) -> VarId {
        let local = ty.map(|ty| super::types::local(ty, &self.runtime));
        let ty = local.as_ref();
        let written = ty.map(|t| self.ty(t)).unwrap_or_default();
        let kind = if p.mutability.is_some() {
            VarKind::Mutable
        } else {
            VarKind::Value
        };
        let ty_known = match ty {
            Some(_) if written != Ty::Inert => super::value::join(written, known),
            Some(_) => written,
            None => known,
        };
        let var = self.local(&p.ident, ty_known, kind);
        self.function.vars[var.0 as usize].annotation = ty.filter(|t| !is_view(t)).cloned();
        self.scopes.bind(&p.ident, Binding::Var(var));
        var
    }

    /// The names of a pattern over a type that the compiler does not know.
    fn bind_opaque(&mut self, pat: &syn::Pat, value: Value) {
        let names = names(pat);
        if names.is_empty() {
            return self.drop_value(value);
        }
        let whole = self.value_ty(&value);
        let (code, uses) = self.code(value);
        for ident in names {
            let name = &ident.ident;
            let inert = Inert {
                expr: syn::parse_quote! {
                    match #code { #pat => #name, #[allow(unreachable_patterns)] _ => ::core::unreachable!() }
                },
                uses: uses.clone(),
                writes: Vec::new(),
                cheap: false,
                what: "a pattern".to_owned(),
            };
            // What holds no number has none inside, whatever it is a part of.
            let ty = if whole.peel().is_inert() {
                Ty::Inert
            } else {
                self.opaque_ty(&uses)
            };
            let plain = syn::PatIdent {
                by_ref: None,
                ..ident.clone()
            };
            self.bind_value(&plain, None, Value::Rhs(Rhs::Inert(inert), ty));
        }
    }

    /// The type of code over these variables: without derivative if they are.
    pub fn opaque_ty(&self, uses: &[VarId]) -> Ty {
        if uses.iter().all(|v| self.function.var(*v).ty.is_inert()) {
            Ty::Inert
        } else {
            Ty::Unknown
        }
    }
}

/// A part of a value: a reference if the value is one.
pub fn like(value: &Value, place: Place) -> Value {
    match value {
        Value::Ref { mutable, .. } => Value::Ref {
            place,
            mutable: *mutable,
        },
        _ => Value::Place(place),
    }
}

/// `..` with something after it, which then is found from the end.
fn inner_rest(pats: &Elements) -> Option<&syn::Pat> {
    let rest = |pat: &&syn::Pat| matches!(pat, syn::Pat::Rest(_));
    pats.iter().rev().skip(1).find(rest)
}

/// Could what has no derivative be a number, to which others are added? A constructor (`HashMap::new()`) makes none.
fn may_be_number(rhs: &Rhs) -> bool {
    match rhs {
        Rhs::Inert(inert) => !matches!(inert.expr, syn::Expr::Call(_)),
        _ => true,
    }
}

/// Does the pattern move all parts of what it meets into variables? `Some(..)` cannot give them one after the other.
fn takes_apart(pat: &syn::Pat) -> bool {
    fn moves(pat: &syn::Pat) -> bool {
        match pat {
            syn::Pat::Ident(p) => {
                p.by_ref.is_none() && p.subpat.is_none() && !is_constant(&p.ident)
            }
            syn::Pat::Tuple(p) => p.elems.iter().all(moves),
            _ => false,
        }
    }
    matches!(pat, syn::Pat::Tuple(_)) && moves(pat)
}

/// `Some`, `Ok`, `Err`
fn is_of_std(path: &syn::Path) -> bool {
    let std = ["Some", "Ok", "Err"];
    let last = path.segments.last();
    last.is_some_and(|s| std.iter().any(|name| s.ident == name))
}

fn has_reference(parts: &[Value]) -> bool {
    parts.iter().any(|part| match part {
        Value::Tuple(parts) => has_reference(parts),
        Value::Rhs(..) | Value::Operand(_) | Value::Place(_) => false,
        _ => true,
    })
}

/// Is it `..` or `name @ ..`?
pub fn is_rest(pat: &syn::Pat) -> bool {
    match pat {
        syn::Pat::Rest(_) => true,
        syn::Pat::Ident(p) => matches!(&p.subpat, Some((_, sub)) if is_rest(sub)),
        _ => false,
    }
}

/// Is the name that of a constant rather than a binding?
pub fn is_constant(name: &Ident) -> bool {
    is_upper(&name.to_string())
}

/// Does the pattern bind anything?
pub fn binds(pat: &syn::Pat) -> bool {
    !names(pat).is_empty()
}

/// The names that a pattern binds.
pub fn names(pat: &syn::Pat) -> Vec<syn::PatIdent> {
    let mut names = Names::default();
    names.visit_pat(pat);
    names.0
}

/// The names that the patterns in an expression bind.
pub fn names_in(expr: &syn::Expr) -> Vec<syn::PatIdent> {
    let mut names = Names::default();
    names.visit_expr(expr);
    names.0
}

#[derive(Default)]
struct Names(Vec<syn::PatIdent>);

impl<'ast> Visit<'ast> for Names {
    fn visit_pat_ident(&mut self, p: &'ast syn::PatIdent) {
        let known = self.0.iter().any(|n| n.ident == p.ident);
        if !is_constant(&p.ident) && !known {
            self.0.push(p.clone());
        }
        syn::visit::visit_pat_ident(self, p);
    }
}

/// A view of a matrix, which is a matrix of its own here.
fn is_view(ty: &syn::Type) -> bool {
    let syn::Type::Path(path) = ty else {
        return false;
    };
    let last = path.path.segments.last();
    last.is_some_and(|s| s.ident.to_string().contains("View"))
}
