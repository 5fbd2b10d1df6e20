//! Methods that give their receiver back: `fn shift(&mut self, k: f64) -> &mut Self { self.x += k; self }`

use super::Source;
use super::functions::{bodies_in, defined};
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, Signature, Stmt, Type};

/// Through how many methods that hand on to others it is followed that they give their receiver.
const DEPTH: usize = 4;

impl Source {
    /// Do all methods of the name give their receiver, as their bodies show: those of the file, or else those of the crate?
    pub fn gives_receiver(&self, name: &str) -> bool {
        if !self.names_mutable_self() {
            return false;
        }
        let known = self.file.chained.borrow().get(name).copied();
        known.unwrap_or_else(|| {
            let found = self.gives_receiver_by(name, DEPTH);
            let mut known = self.file.chained.borrow_mut();
            known.insert(name.to_owned(), found);
            found
        })
    }

    /// May there be any such method?
    fn names_mutable_self(&self) -> bool {
        let names = |text: &str| text.contains("mut Self") || text.contains("-> &Self");
        let of_all = || names(self.text()) || self.krate.files().any(|file| names(&file.text));
        *self.krate.chained.get_or_init(of_all)
    }

    fn gives_receiver_by(&self, name: &str, depth: usize) -> bool {
        let here = defined(self.text(), name).next().is_some();
        let files = self.krate.files().filter(|_| !here);
        let mut all = bodies_in(self.text(), name);
        all.extend(files.flat_map(|file| bodies_in(&file.text, name)));
        depth > 0 && !all.is_empty() && all.iter().all(|body| self.is_chained(body, depth))
    }

    fn is_chained(&self, body: &str, depth: usize) -> bool {
        let Ok(mut method) = syn::parse_str::<syn::ImplItemFn>(&format!("fn {body}")) else {
            return false;
        };
        let mut chained = Chained {
            source: Some(self),
            depth: depth - 1,
            all: true,
        };
        Chained::is_declared(&method.sig) && chained.take_results(&mut method.block)
    }
}

/// Takes `self` from where it is a body's result.
pub struct Chained<'a> {
    source: Option<&'a Source>,
    depth: usize,
    /// Was there nothing else?
    all: bool,
}

impl<'a> Chained<'a> {
    /// With what other methods give, as the source shows.
    pub fn new(source: Option<&'a Source>) -> Self {
        Self {
            source,
            depth: DEPTH,
            all: true,
        }
    }

    /// Does the signature say that the method may change its receiver and gives a reference to its own type?
    pub fn is_declared(sig: &Signature) -> bool {
        let of_self = |ty: &Type| matches!(ty, Type::Path(p) if p.path.is_ident("Self"));
        let gives = match &sig.output {
            syn::ReturnType::Type(_, ty) => match &**ty {
                Type::Reference(r) => of_self(&r.elem),
                _ => false,
            },
            syn::ReturnType::Default => false,
        };
        let receiver = sig.receiver().map(|receiver| &receiver.kind);
        gives && matches!(receiver, Some(syn::ReceiverKind::Reference(_, _, Some(_))))
    }

    /// Makes statements of the results; is each of them the receiver?
    pub fn take_results(&mut self, body: &mut Block) -> bool {
        self.visit_block_mut(body);
        self.of_block(body);
        self.all
    }

    fn of_block(&mut self, block: &mut Block) {
        match block.stmts.last_mut() {
            Some(Stmt::Expr(expr, None)) if is_this(expr) => {
                block.stmts.pop();
            }
            Some(Stmt::Expr(expr, semi)) => self.of_last(expr, semi),
            _ => self.all = false,
        }
    }

    /// The last expression of a block.
    fn of_last(&mut self, expr: &mut Expr, semi: &mut Option<syn::Token![;]>) {
        match expr {
            // One that is a result by itself.
            Expr::Return(_) => {}
            _ if semi.is_some() => self.all = false,
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => self.of_branches(expr),
            Expr::MethodCall(_) if self.is_of_this(expr) => *semi = Some(syn::parse_quote!(;)),
            _ => self.all = false,
        }
    }

    fn of_branches(&mut self, expr: &mut Expr) {
        match expr {
            Expr::If(e) => {
                self.of_block(&mut e.then_branch);
                match &mut e.else_branch {
                    Some((_, other)) => self.of_branches(other),
                    None => self.all = false,
                }
            }
            Expr::Match(e) => e.arms.iter_mut().for_each(|arm| match &mut *arm.body {
                body @ (Expr::If(_) | Expr::Match(_) | Expr::Block(_)) => self.of_branches(body),
                body if is_this(body) => *body = syn::parse_quote!({}),
                body if self.is_of_this(body) => *body = syn::parse_quote!({ #body; }),
                _ => self.all = false,
            }),
            Expr::Block(e) if e.label.is_none() => self.of_block(&mut e.block),
            _ => self.all = false,
        }
    }

    /// Is it a chain of such methods that begins at the receiver?
    fn is_of_this(&self, expr: &Expr) -> bool {
        let gives = |name: &str| {
            let source = self.source;
            source.is_some_and(|source| source.gives_receiver_by(name, self.depth))
        };
        match expr {
            Expr::MethodCall(call) => {
                (is_this(&call.receiver) || self.is_of_this(&call.receiver))
                    && gives(&call.method.to_string())
            }
            _ => false,
        }
    }
}

impl VisitMut for Chained<'_> {
    fn visit_expr_return_mut(&mut self, e: &mut syn::ExprReturn) {
        match &e.expr {
            Some(value) if is_this(value) => e.expr = None,
            _ => self.all = false,
        }
    }

    // Another function's results.
    fn visit_expr_closure_mut(&mut self, _: &mut syn::ExprClosure) {}

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}

    fn visit_macro_mut(&mut self, mac: &mut syn::Macro) {
        let text = mac.tokens.to_string();
        self.all &= !text.contains("return");
        visit_mut::visit_macro_mut(self, mac);
    }
}

/// Is it the receiver, borrowed again or not?
fn is_this(expr: &Expr) -> bool {
    match expr {
        Expr::Path(path) => path.path.is_ident("self"),
        Expr::Paren(e) => is_this(&e.expr),
        Expr::Reference(e) => match &*e.expr {
            Expr::Unary(inner) => {
                e.mutability.is_some()
                    && matches!(inner.op, syn::UnOp::Deref(_))
                    && is_this(&inner.expr)
            }
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;

    #[test]
    fn receivers() {
        let text = "impl P {\n    fn shift(&mut self, k: f64) -> &mut Self { self.x += k; self }\n    \
            fn both(&mut self) -> &mut Self { if self.x > 0.0 { return self; } self.shift(1.0).shift(2.0) }\n    \
            fn either(&mut self, k: u8) -> &mut Self { match k { 0 => self, _ => { self.x = 1.0; &mut *self } } }\n    \
            fn child(&mut self) -> &mut Self { &mut self.left }\n    fn inner(&mut self) -> &mut Self { self.child() }\n    \
            fn early(&mut self) -> &mut Self { if self.x > 0.0 { return self.child(); } self }\n    \
            fn value(&mut self) -> f64 { self.x }\n    fn again(&mut self) -> &mut Self { self.again() }\n}\n\
            impl Q { fn two(&mut self) -> &mut Self { self } }\nimpl R { fn two(&self) -> f64 { 1.0 } }\n\
            trait T { fn open(&mut self) -> &mut Self; }\n";
        let source = Source::new(text, "geometry");
        for name in ["shift", "both", "either"] {
            assert!(source.gives_receiver(name), "{name}");
        }
        for name in [
            "child", "inner", "early", "value", "again", "two", "open", "other",
        ] {
            assert!(!source.gives_receiver(name), "{name}");
        }
    }
}
