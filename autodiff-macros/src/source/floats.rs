//! Methods of the crate's own traits that are named as functions of floats: `trait Real { fn ln(self) -> Self; }`.
//!
//! The rule of the float's function stands for such a method only where all implementations for floats just call that function:
//!
//! ```text
//! impl Real for f64 { fn ln(self) -> f64 { f64::ln(self) } }          the same function
//! impl Real for f64 { fn ln(self) -> f64 { (self + TINY).ln() } }     another one: what the trait says of its derivative counts
//! ```

use super::modules::Within;
use super::text::end_of;
use super::traits::implementations;
use super::{File, Source};
use crate::lower::crates::rule_of;
use std::rc::Rc;
use syn::{Block, Expr, ImplItem, ItemImpl, ItemTrait, Signature, Stmt, TraitItemFn, Type};

/// A function of a trait by the names of both, and the module from which it is seen.
pub type Function = (Within, String, String);

/// Through how many traits a method is looked for.
const DEPTH: usize = 6;

impl Source {
    /// Is the function of this name of a trait, or of one that it asks for, the crate's own and another one than that of floats?
    pub fn has_other_function(&self, of: &str, name: &str) -> bool {
        let within = self.at.and_then(|at| self.innermost(at));
        let key = (within, of.to_owned(), name.to_owned());
        let known = self.file.others.borrow().get(&key).copied();
        known.unwrap_or_else(|| {
            let found = self.finds_other(of, name);
            self.file.others.borrow_mut().insert(key, found);
            found
        })
    }

    fn finds_other(&self, of: &str, name: &str) -> bool {
        let Some((source, item, declared)) = self.function_of_trait(of, name, DEPTH) else {
            return false;
        };
        let given = source.given_for_floats(&item, &declared);
        let other = |(sig, block): &(_, _)| !is_that_of_floats(sig, block);
        given.is_empty() || given.iter().any(other)
    }

    /// Does the function of this name of a trait of the crate's, or of one that it asks for, give `Self`, not an option of it?
    pub fn gives_self(&self, of: &str, name: &str) -> bool {
        let found = self.function_of_trait(of, name, DEPTH);
        found.is_some_and(|(_, _, declared)| match &declared.sig.output {
            syn::ReturnType::Type(_, ty) => **ty == syn::parse_quote!(Self),
            syn::ReturnType::Default => false,
        })
    }

    /// A function of a trait of the crate's or of one that this asks for, with the trait that declares it and the file where that stands.
    fn function_of_trait(
        &self,
        of: &str,
        name: &str,
        depth: usize,
    ) -> Option<(Self, ItemTrait, TraitItemFn)> {
        let (source, item) = self.trait_of(of)?;
        let mut functions = item.items.iter().filter_map(|item| match item {
            syn::TraitItem::Fn(f) => Some(f),
            _ => None,
        });
        if let Some(declared) = functions.find(|f| f.sig.ident == name).cloned() {
            return Some((source, item, declared));
        }
        let (_, asked) = source.supertraits(of).filter(|_| depth > 0)?;
        asked.iter().find_map(|bound| match bound {
            syn::TypeParamBound::Trait(bound) => {
                let last = bound.path.segments.last()?;
                source.function_of_trait(&last.ident.to_string(), name, depth - 1)
            }
            _ => None,
        })
    }

    /// A trait of the crate's, and the file that it stands in.
    fn trait_of(&self, name: &str) -> Option<(Self, ItemTrait)> {
        let (source, (keyword, at)) = self.look_up(name)?;
        let text = source.text();
        let item = syn::parse_str(&text[keyword..end_of(text, at)?]).ok()?;
        Some((source, item))
    }

    /// The function in all implementations of the trait for floats, and for all types of a kind.
    fn given_for_floats(
        &self,
        item: &ItemTrait,
        declared: &TraitItemFn,
    ) -> Vec<(Signature, Block)> {
        let of = item.ident.to_string();
        let blocks = |file: Rc<File>| blocks_for_floats(&file.text, &of);
        let mut files: Vec<Rc<File>> = self.krate.files().collect();
        if !files.iter().any(|file| Rc::ptr_eq(file, &self.file)) {
            files.push(self.file.clone());
        }
        let blocks = files.into_iter().flat_map(blocks);
        let given = blocks.filter_map(|block| {
            let mut functions = block.items.into_iter().filter_map(|item| match item {
                ImplItem::Fn(f) => Some(f),
                _ => None,
            });
            let given = functions.find(|f| f.sig.ident == declared.sig.ident);
            let provided = || Some((declared.sig.clone(), declared.default.clone()?));
            given.map(|f| (f.sig, f.block)).or_else(provided)
        });
        given.collect()
    }
}

/// The blocks in which a trait is implemented for `f64`, `f32` or a type parameter.
fn blocks_for_floats(text: &str, of: &str) -> Vec<ItemImpl> {
    let whole = |(at, _): (usize, ItemImpl)| {
        let end = end_of(text, at)?;
        syn::parse_str::<ItemImpl>(&text[at..end]).ok()
    };
    let of_floats = |block: &ItemImpl| match &*block.self_ty {
        Type::Path(ty) => {
            let name = ty.path.get_ident();
            let is_param =
                |name: &syn::Ident| block.generics.type_params().any(|p| p.ident == *name);
            name.is_some_and(|name| name == "f64" || name == "f32" || is_param(name))
        }
        _ => false,
    };
    let blocks = implementations(text, of).filter_map(whole);
    blocks.filter(of_floats).collect()
}

/// Does the function only hand its arguments to that of floats of the same name, or give its argument as another float?
fn is_that_of_floats(signature: &Signature, block: &Block) -> bool {
    let [Stmt::Expr(body, None)] = &block.stmts[..] else {
        return false;
    };
    let name = signature.ident.to_string();
    let parameters = signature.inputs.iter().map(|input| match input {
        syn::FnArg::Receiver(_) => Some("self".to_owned()),
        syn::FnArg::Typed(arg) => match &*arg.pat {
            syn::Pat::Ident(p) => Some(p.ident.to_string()),
            _ => None,
        },
    });
    let parameters: Option<Vec<String>> = parameters.collect();
    let Some(parameters) = parameters else {
        return false;
    };
    let hands_on = |args: Vec<&Expr>| {
        let args: Vec<_> = args.into_iter().map(named).collect();
        args.len() == parameters.len()
            && args
                .iter()
                .zip(&parameters)
                .all(|(a, p)| a.as_ref() == Some(p))
    };
    match peeled(body) {
        Expr::MethodCall(call) => {
            call.method == name
                && hands_on([&*call.receiver].into_iter().chain(&call.args).collect())
        }
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => {
                names_function(path, &name, call.args.len()) && hands_on(call.args.iter().collect())
            }
            _ => false,
        },
        body => {
            matches!(&parameters[..], [one] if converts(&name) && named(body).as_ref() == Some(one))
        }
    }
}

/// `f64::ln`, `Float::ln`, `libm::log`
fn names_function(path: &syn::ExprPath, name: &str, arity: usize) -> bool {
    let names = crate::names::of_path(&path.path);
    match &names[..] {
        [krate, last] if krate == "libm" => {
            rule_of(last, arity).is_some_and(|rule| rule.get().name == name)
        }
        [.., owner, last] => {
            let of_numbers = ["f64", "f32", "Self"].contains(&owner.as_str())
                || crate::lower::types::is_number_trait(owner);
            last == name && of_numbers
        }
        [last] => path.qself.is_some() && last == name,
        [] => false,
    }
}

/// The variable that an expression is, or that it gives as another float.
fn named(expr: &Expr) -> Option<String> {
    match peeled(expr) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Cast(cast) => named(&cast.expr),
        Expr::MethodCall(call) if call.method == "into" => named(&call.receiver),
        Expr::Call(call) => match (&*call.func, call.args.len()) {
            (Expr::Path(path), 1) => {
                let last = path.path.segments.last()?;
                (last.ident == "from" || last.ident == "Some").then(|| named(&call.args[0]))?
            }
            _ => None,
        },
        _ => None,
    }
}

fn peeled(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(e) => peeled(&e.expr),
        Expr::Group(e) => peeled(&e.expr),
        Expr::Unary(e) if matches!(e.op, syn::UnOp::Deref(_)) => peeled(&e.expr),
        expr => expr,
    }
}

/// Is it the name of a function that gives a number as a float?
fn converts(name: &str) -> bool {
    name.starts_with("from") || name.starts_with("to_") || name.starts_with("as_") || name == "into"
}

#[cfg(test)]
mod tests {
    use super::Source;

    #[test]
    fn methods_named_as_functions_of_floats() {
        let text = "use num_traits::Float;\ntrait Real: Exp + Copy { fn ln(self) -> Self; fn sin(self) -> Self; fn max(self, b: Self) -> Self;\n\
            fn tan(self) -> Self; fn cos(self) -> Self { f64::cos(self) } fn of(self) -> Self; fn from_f64(x: f64) -> Self; }\n\
            trait Exp { fn exp(self) -> Self; }\ntrait Away { fn sqrt(self) -> Self; }\n\
            impl Real for f64 {\n    fn ln(self) -> f64 { (self + 1.0).ln() }\n    fn sin(self) -> f64 { f64::sin(self) }\n\
            fn max(self, b: f64) -> f64 { (self).max(b) }\n fn tan(self) -> f64 { libm::tan(self) }\n fn from_f64(x: f64) -> f64 { x }\n}\n\
            impl Real for f32 {\n    fn ln(self) -> f32 { self.ln() }\n    fn sin(self) -> f32 { Float::sin(self) }\n\
            fn max(self, b: f32) -> f32 { b.max(self) }\n fn tan(self) -> f32 { libm::tanf(self) }\n fn from_f64(x: f64) -> f32 { x as f32 }\n}\n\
            impl Real for Pair { fn sin(self) -> Pair { self } }\nimpl<T: Float> Exp for T { fn exp(self) -> T { self * self } }\n";
        let source = Source::new(text, "geometry");
        let other = |of, name| source.has_other_function(of, name);
        for name in ["ln", "max", "exp"] {
            assert!(other("Real", name), "{name}");
        }
        for name in ["sin", "tan", "cos", "from_f64", "sqrt"] {
            assert!(!other("Real", name), "{name}");
        }
        assert!(other("Away", "sqrt") && !other("Float", "ln"));
    }
}
