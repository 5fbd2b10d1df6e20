//! Where derivatives end by the name of a method, `p.len()`, `p.floor()`, and no type tells whose method it is: rustc is to confirm that `p` is a
//! number, or that what comes out is none; also that `stop_gradient` is the one of the runtime.

use super::Emitter;
use super::code::Code;
use super::values::located;
use crate::ends::{is_of_floats, method_ty};
use crate::ir::{Inert, Operand, Place, Rhs, Ty, VarId};
use crate::rules::Rule;
use proc_macro2::{Ident, Span};
use quote::quote;

impl Emitter<'_> {
    /// The value of a right-hand side with which derivatives end.
    pub(super) fn confirmed(&self, var: VarId, rhs: &Rhs, value: Code) -> Code {
        let span = match rhs {
            Rhs::Len(place) | Rhs::Dimension { place, .. } => {
                let root = self.function.resolve(place).root;
                self.may_be_of_users(place).then(|| self.name(root).span())
            }
            Rhs::Inert(inert) => self.ends_by_name(var, inert),
            Rhs::Rule { rule, path, args } => {
                let confirmed = self.confirmed_rule(rule.get(), path.as_ref(), args);
                return confirmed.unwrap_or(value);
            }
            _ => None,
        };
        let Some(span) = span else { return value };
        let (rt, value) = (self.rt, value.tokens());
        Code::atom(located(quote!(#rt::assert_flat(#value)), span))
    }

    /// A function whose slope is zero everywhere, if it may be one of the user's.
    fn confirmed_rule(
        &self,
        rule: &Rule,
        path: Option<&syn::ExprPath>,
        args: &[Operand],
    ) -> Option<Code> {
        let first = args.first().and_then(Operand::as_var)?;
        if rule.partials.iter().any(Option::is_some) || !self.depends(first) {
            return None;
        }
        let values: Vec<_> = args.iter().map(|o| self.bare(o)).collect();
        let (receiver, others) = values.split_first()?;
        match path {
            Some(path) if rule.name == "stop_gradient" => {
                let mut own = path.clone();
                let last = own.path.segments.last_mut()?;
                last.arguments = syn::PathArguments::None;
                Some(Code::atom(quote!({ #own::CONFIRMED; #path(#(#values),*) })))
            }
            None if self.may_be_of_users(&Place::var(first)) => {
                let (rt, name) = (self.rt, Ident::new(rule.name, Span::call_site()));
                let number = located(
                    quote!(#rt::assert_number(#receiver)),
                    self.name(first).span(),
                );
                Some(Code::atom(quote!(#number.#name(#(#others),*))))
            }
            _ => None,
        }
    }

    /// Does it depend on an input, and is it of a type that nothing tells?
    fn may_be_of_users(&self, place: &Place) -> bool {
        let place = self.function.resolve(place);
        let inferred = place.is_whole() && self.function.inferred.contains(&place.root);
        let unknown = *self.function.place_ty(&place).peel() == Ty::Unknown;
        (unknown || inferred) && self.depends(place.root)
    }

    /// Where the derivative ends in the code because of the name of a method, if it does.
    fn ends_by_name(&self, bound: VarId, inert: &Inert) -> Option<Span> {
        let syn::Expr::MethodCall(call) = &inert.expr else {
            return None;
        };
        let name = call.method.to_string();
        let own = |var: &VarId| is_of_floats(&name) && self.function.var(*var).ty.peel().is_float();
        let scalar = matches!(self.function.var(bound).ty, Ty::Int | Ty::Bool);
        let mut uses = inert.uses.iter();
        let ends = scalar || method_ty(&name) != Ty::Unknown;
        let ends = ends && uses.any(|v| self.depends(*v) && !own(v));
        ends.then(|| call.method.span())
    }

    fn depends(&self, var: VarId) -> bool {
        let root = self.function.resolve(&Place::var(var)).root;
        self.assumed.is_some_and(|a| a.activity.depends(root))
    }
}
