//! Messages of the fence.

use super::Diagnostics;
use proc_macro2::{Ident, Span};

/// The function as a whole.
impl Diagnostics {
    /// `#[differentiate]` twice on one function.
    pub fn second_attribute(&mut self, span: Span) {
        self.error(span, "a second #[differentiate] on the same function")
            .note("each makes a companion type of the function's name")
            .help("put all options into one attribute: #[differentiate(reverse, wrt = (x, a))]");
    }

    /// `unsafe fn`
    pub fn unsafe_function(&mut self, span: Span) {
        self.error(span, "an `unsafe` function cannot be differentiated")
            .note("its derivatives would run its code again, in another order")
            .help("put the arithmetic into a safe function, and the attribute on that");
    }

    /// `async fn`
    pub fn async_function(&mut self, span: Span) {
        self.error(span, "an `async` function cannot be differentiated")
            .help("put the arithmetic into an ordinary function, call it from the `async` one");
    }

    /// `extern "C" fn`
    pub fn foreign_function(&mut self, span: Span) {
        self.error(
            span,
            "a function with a calling convention of another language cannot be differentiated",
        )
        .help("put #[differentiate] on a Rust function, and call that from the `extern` one");
    }

    /// `fn f(x: f64, ...)`
    pub fn variadic(&mut self, span: Span) {
        self.error(span, "variadic arguments cannot be differentiated")
            .help("take a slice: `x: &[f64]`");
    }

    /// A function in a list, a variable, a field.
    pub fn function_parameter(&mut self, span: Span) {
        self.error(span, "a function as a value is supported as a parameter of its own only")
            .note("the derivative of what is called has to be known where it is called")
            .help("take it as `f: impl Fn(f64) -> f64`; choose between several with an index and a `match`");
    }

    /// `x: &[&f64]`, `x: Option<&f64>`
    pub fn lent_numbers(&mut self, span: Span) {
        self.error(
            span,
            "references to numbers inside a parameter cannot be differentiated",
        )
        .note("their gradient would have to be a list of references too")
        .help("take the numbers: `&[f64]`, `Option<f64>`");
    }

    /// `fn lerp<V: Add<Output = V> + Mul<f64, Output = V>>(..)`
    pub fn perhaps_a_vector(&mut self, span: Span, name: &Ident) {
        self.error(span, format!("`{name}` may be a number or a vector here"))
            .note("its bounds do not tell what the derivative of such a product is")
            .help(format!("a float, `{name}: Float`; for vectors a function for each type, which a macro may write"));
    }

    /// `{ const K: f64 = 2.0; .. } K`
    pub fn item_of_inner_block(&mut self, span: Span, name: &str) {
        let what = match name {
            "*" => "names are imported into an inner block, and which is unknown".to_owned(),
            name => format!("`{name}` of an inner block has a name that is used outside of it too"),
        };
        self.error(span, what)
            .note("the generated code has the items of all blocks at its head")
            .help("give it another name, or write it at the head of the function");
    }

    /// `pair: (&[f64], &[f64])`
    pub fn lent_in_tuple(&mut self, span: Span) {
        self.error(
            span,
            "a parameter that is a tuple of several references is not supported yet",
        )
        .help("take them as parameters of their own: `a: &[f64], b: &[f64]`");
    }

    /// An option of a function that takes functions, or hands closures to others.
    pub fn option_with_functions(&mut self, span: Span, option: &str) {
        self.error(
            span,
            format!("`{option}` is not supported yet where functions are handed to functions"),
        )
        .help("leave the option out, or write the closure's code where it is called");
    }

    /// `-> impl Trait`
    pub fn returned_impl(&mut self, span: Span) {
        self.error(
            span,
            "a function that returns `impl Trait` cannot be differentiated",
        )
        .help("return a concrete type, `collect()` an iterator into a `Vec`; or leave the attribute out: annotated functions of its module take what it gives");
    }

    /// Syntax that the parser does not know in a function.
    pub fn function_syntax(&mut self, span: Span, error: &str) {
        self.error(span, format!("this function does not parse: {error}"))
            .note("rustc may know syntax that #[differentiate] does not know yet")
            .help("write it in another way");
    }
}

/// The attribute on something else.
impl Diagnostics {
    /// `fn f(..);` in a trait.
    pub fn function_without_body(&mut self, span: Span) {
        self.error(span, "a function without a body cannot be differentiated")
            .help("put #[differentiate] on a free function that the implementation calls");
    }

    /// On an `impl` of a trait for a type that is not the user's.
    pub fn on_foreign_impl(&mut self, span: Span) {
        self.error(
            span,
            "#[differentiate] on an `impl` for a type of the language or a parameter is not supported yet",
        )
        .note("the derivative functions become members of the type, which only the crate of the type can give it")
        .help("write a free function, marked #[differentiate], and call it from the method");
    }

    /// `impl<S: Shape> Shape for &S`, whose methods have the names of those of `S`.
    pub fn on_impl_for_reference(&mut self, span: Span) {
        self.error(
            span,
            "#[differentiate] on an `impl` for a reference or box of a type parameter is not supported yet",
        )
        .note("its method has the name of that of what is behind it: which one a call means, only types tell")
        .help("a type of your own around it: `struct Shared<S>(S);`, with #[derive(Differentiable)], and the `impl` for that");
    }

    /// `Index` by a body that is more than places.
    pub fn entries_without_places(&mut self, span: Span) {
        self.error(span, "this `index` does not name places of `self`")
            .note("the entry of a derivative is in the same place of the tangent: one place, or one of several by `match` and `if`, is understood")
            .help("write `&self.data[i * self.columns + j]`, or `match i { 0 => &self.x, _ => &self.y }`");
    }

    /// On a type.
    pub fn on_type(&mut self, span: Span, what: &str) {
        self.error(
            span,
            format!("#[differentiate] belongs on a function, not on {what}"),
        )
        .help("derive its tangent: `#[derive(Differentiable)]`, and put the attribute on the functions that compute with it");
    }

    /// On a module.
    pub fn on_module(&mut self, span: Span) {
        self.error(
            span,
            "#[differentiate] belongs on a function, not on a module",
        )
        .help("put it on each `fn` of the module that is to be differentiated");
    }

    /// On the call of a macro.
    pub fn on_macro(&mut self, span: Span) {
        self.error(
            span,
            "#[differentiate] does not see what this macro expands to",
        )
        .help("write #[differentiate] inside the macro, above the `fn`");
    }
}

/// The body.
impl Diagnostics {
    /// `unsafe { }`
    pub fn unsafe_block(&mut self, span: Span) {
        self.error(span, "`unsafe` code cannot be differentiated")
            .note("what it reads and writes is invisible to the compiler of derivatives")
            .help("write it with indices, or give it a function of its own and call that with inactive arguments");
    }

    /// `async { }`
    pub fn async_block(&mut self, span: Span) {
        self.error(span, "`async` code cannot be differentiated")
            .help("compute in an ordinary function and call it from the `async` code");
    }

    /// `.await`
    pub fn await_point(&mut self, span: Span) {
        self.error(span, "`.await` cannot be differentiated")
            .help("await outside and pass the value as a parameter");
    }

    /// `yield`
    pub fn yield_point(&mut self, span: Span) {
        self.error(span, "`yield` cannot be differentiated")
            .help("push the values to a `Vec` and return that");
    }

    /// `*const T`, `&raw const x`
    pub fn raw_pointer(&mut self, span: Span) {
        self.error(span, "raw pointers cannot be differentiated through")
            .note("what they point to, and what else points there, is unknown")
            .help("use a reference or an index");
    }

    /// `static mut`
    pub fn static_mut(&mut self, span: Span, name: &Ident) {
        self.error(
            span,
            format!("`static mut {name}` is not supported in a differentiated function"),
        )
        .note("a value could reach the result through it without its derivative")
        .help("pass it as a `&mut` parameter");
    }

    /// `asm!`
    pub fn inline_assembly(&mut self, span: Span) {
        self.error(span, "inline assembly cannot be differentiated")
            .help(
                "write it in Rust, or move it to a function that is called with inactive arguments",
            );
    }

    /// `dyn Trait`
    pub fn trait_object(&mut self, span: Span) {
        self.error(span, "calls through `dyn` cannot be differentiated")
            .note("which function is called, and so its derivative, is known at run time only")
            .help("use the concrete type, or an index and a `match` over the functions");
    }

    /// `RefCell` and its kin.
    pub fn interior_mutability(&mut self, span: Span, name: &str) {
        self.error(
            span,
            format!("`{name}` is not supported in a differentiated function"),
        )
        .note("a change through a shared reference cannot be seen: derivatives would be lost")
        .help("use a `let mut` variable or a `&mut` parameter");
    }

    /// `Rc`, `Arc`
    pub fn shared_ownership(&mut self, span: Span, name: &str) {
        self.error(
            span,
            format!("`{name}` is not supported in a differentiated function"),
        )
        .note("a value with several owners has no one place for its derivative")
        .help("take a reference to what is inside: `x: &[f64]`");
    }

    /// `try { }`
    pub fn try_block(&mut self, span: Span) {
        self.error(span, "`try` blocks are not supported")
            .help("use `if` or `match`");
    }

    /// `#[cfg]` inside the function, where it cannot be resolved.
    pub fn conditional_code(&mut self, span: Span) {
        self.error(
            span,
            "conditional compilation inside a differentiated function",
        )
        .note("the derivatives would contain the code whatever the condition")
        .help("put the #[cfg] on a statement, or write `if cfg!(..) { }`");
    }

    /// `#[checkpoint]` on something else than a loop.
    pub fn checkpoint_elsewhere(&mut self, span: Span) {
        self.error(span, "#[checkpoint] belongs on a loop").help(
            "mark the loop around it, or the function that is called: #[differentiate(checkpoint)]",
        );
    }

    /// `#[checkpoint = 3]`
    pub fn checkpoint_syntax(&mut self, span: Span) {
        self.error(span, "#[checkpoint] takes how many states may be kept at once")
            .help("write #[checkpoint] for about the square root of the number of iterations, or #[checkpoint(20)]");
    }

    /// Anything else.
    pub fn unknown_syntax(&mut self, span: Span) {
        self.error(span, "this syntax is not supported")
            .help("write it in another way, or move it to a function that is called with inactive arguments");
    }
}
