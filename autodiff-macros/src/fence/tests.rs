//! Every message of the fence, and what must have none.

use super::{check, misplaced};
use crate::diagnostic::Diagnostics;

/// What the fence says of a function.
fn messages(code: &str) -> Vec<String> {
    let item = syn::parse_str(code).unwrap_or_else(|e| panic!("{code}: {e}"));
    let mut diagnostics = Diagnostics::default();
    check(&item, &mut diagnostics);
    diagnostics.messages()
}

fn first_lines(messages: &[String]) -> Vec<&str> {
    messages.iter().filter_map(|m| m.lines().next()).collect()
}

/// Each function has this problem, and no other.
fn functions(cases: &[(&str, &str)]) {
    for (code, problem) in cases {
        assert_eq!(first_lines(&messages(code)), [*problem], "{code}");
    }
}

/// The same of the body of a function of `x`.
fn bodies(cases: &[(&str, &str)]) {
    for (body, problem) in cases {
        functions(&[(&format!("fn f(x: f64) -> f64 {{ {body} }}"), problem)]);
    }
}

#[test]
fn all_at_once_in_the_style_of_the_house() {
    let messages = messages(
        "#[differentiate]
         async unsafe extern \"C\" fn f(x: *const f64, g: impl Fn(f64), h: impl Float) -> Option<f64> {
             static mut COUNT: usize = 0;
             let y = (unsafe { 1.0 }) + a.await + RefCell::new(x) + Rc::new(x) + b? + h(x);
             y + async { 1.0 }
         }",
    );
    assert_eq!(messages.len(), 12, "{messages:#?}");
    for message in messages {
        assert!(message.contains("\nhelp: "), "{message}");
        assert!(!message.starts_with(char::is_uppercase), "{message}");
        let full_stop = |l: &str| l.ends_with('.') && !l.ends_with("..");
        assert!(!message.lines().any(full_stop), "{message}");
    }
}

#[test]
fn accepted() {
    functions_accepted(&["#[inline] #[must_use]
        pub const fn f<T: Float, const N: usize>(x: &[T; N], mut a: T, (b, c): (T, T), #[constant] n: usize) -> (T, Vec<T>)
        where T: Copy {
            use std::f64::consts::PI;
            const LIMIT: usize = 3;
            static TABLE: [f64; 2] = [1.0, 2.0];
            fn count(n: usize) -> usize { unsafe { n } }
            #[allow(unused_mut)]
            let mut v = vec![T::zero(); N];
            let square = |y: T| y * y;
            let k = const { 1 + 2 };
            'outer: for (i, y) in x.iter().enumerate() {
                if i == LIMIT { continue 'outer; }
                v[i] = square(*y) + a;
            }
            let last = loop { break v[0]; };
            if let Some(y) = x.first() { a += *y; }
            let area = Cell { width: 1.0 };
            let arc = Arc::new(1.0, 2.0);
            match n { 0 => return (a, v), n if n > 3 => {}, _ => assert!(n < 3, \"{}\", n) }
            (a + b + c + last + count(n), v)
        }"]);
}

fn functions_accepted(cases: &[&str]) {
    for code in cases {
        assert_eq!(messages(code), [""; 0], "{code}");
    }
}

#[test]
fn qualifiers() {
    functions(&[
        (
            "unsafe fn f(x: f64) {}",
            "an `unsafe` function cannot be differentiated",
        ),
        (
            "async fn f(x: f64) {}",
            "an `async` function cannot be differentiated",
        ),
        (
            "extern \"C\" fn f(x: f64) {}",
            "a function with a calling convention of another language cannot be differentiated",
        ),
        (
            "fn f(x: f64, ...) {}",
            "variadic arguments cannot be differentiated",
        ),
    ]);
}

#[test]
fn attributes() {
    let inside = "conditional compilation inside a differentiated function";
    functions(&[
        (
            "#[autodiff_runtime::differentiate(forward)] fn f(x: f64) {}",
            "a second #[differentiate] on the same function",
        ),
        ("fn f(#[cfg(test)] x: f64) {}", inside),
    ]);
    bodies(&[
        ("#[cfg(test)] let x = 2.0 * x; x", inside),
        ("match x { #[cfg(test)] _ => 1.0, _ => x }", inside),
        (
            "#[checkpoint] let y = x; y",
            "#[checkpoint] belongs on a loop",
        ),
    ]);
}

#[test]
fn parameters() {
    let called = "a function as a value is supported as a parameter of its own only";
    let through_dyn = "calls through `dyn` cannot be differentiated";
    functions(&[
        ("fn f(g: Vec<impl Fn(f64) -> f64>, x: f64) {}", called),
        ("fn f<G: FnMut(f64)>(g: &[G], x: f64) {}", called),
        (
            "fn f<G>(g: [G; 2], x: f64) where G: Fn(f64) -> f64 {}",
            called,
        ),
        ("fn f(g: &[fn(f64) -> f64], x: f64) {}", called),
        ("fn f(g: &[&dyn FnMut(f64)], x: f64) {}", through_dyn),
        ("fn f(g: Box<dyn Shape>, x: f64) {}", through_dyn),
    ]);
}

#[test]
fn results() {
    let reference = "a function that returns a reference cannot be differentiated";
    functions(&[
        ("fn f(x: &[f64]) -> &f64 { &x[0] }", reference),
        (
            "fn f(x: &mut [f64]) -> (f64, &mut [f64]) { (0.0, x) }",
            reference,
        ),
        (
            "fn f(x: &[f64]) -> impl Iterator<Item = f64> { x.iter().copied() }",
            "a function that returns `impl Trait` cannot be differentiated",
        ),
        (
            "fn f(x: f64) -> Box<dyn Fn(f64) -> f64> { make() }",
            "calls through `dyn` cannot be differentiated",
        ),
    ]);
}

#[test]
fn expressions() {
    let asynchronous = "`async` code cannot be differentiated";
    bodies(&[
        (
            "unsafe { *p.add(1).await }",
            "`unsafe` code cannot be differentiated",
        ),
        ("async { x }; x", asynchronous),
        ("let f = async |y| y; x", asynchronous),
        ("x + y.await", "`.await` cannot be differentiated"),
        ("yield x; x", "`yield` cannot be differentiated"),
        ("let y = try { x }; x", "`try` blocks are not supported"),
        (
            "unsafe { core::arch::asm!(\"nop\") }; x",
            "inline assembly cannot be differentiated",
        ),
        ("become g(x)", "this syntax is not supported"),
    ]);
}

#[test]
fn pointers_and_cells() {
    let pointers = "raw pointers cannot be differentiated through";
    bodies(&[
        ("let p: *const f64 = q; x", pointers),
        ("let p = &raw const x; x", pointers),
        ("let p = &x as *const f64; x", pointers),
        (
            "static mut COUNT: usize = 0; x",
            "`static mut COUNT` is not supported in a differentiated function",
        ),
    ]);
    for (body, name) in [
        ("let c = std::cell::Cell::new(x); c.get()", "Cell"),
        ("let c: RefCell<f64> = make(); x", "RefCell"),
        ("static C: AtomicUsize = zero; x", "AtomicUsize"),
        ("let c = Rc::new(x); *c", "Rc"),
        ("let c = std::sync::Arc::new(x); *c", "Arc"),
    ] {
        let problem = format!("`{name}` is not supported in a differentiated function");
        bodies(&[(body, &problem)]);
    }
}

#[test]
fn on_something_else() {
    let elsewhere = "#[differentiate] belongs on a function";
    for (item, problem) in [
        (
            "struct S { x: f64 }",
            "#[differentiate] belongs on a function, not on a struct",
        ),
        (
            "enum E { A }",
            "#[differentiate] belongs on a function, not on an enum",
        ),
        (
            "union U { a: f64 }",
            "#[differentiate] belongs on a function, not on a union",
        ),
        (
            "mod m {}",
            "#[differentiate] belongs on a function, not on a module",
        ),
        (
            "fn f(&self, x: f64) -> f64;",
            "a function without a body cannot be differentiated",
        ),
        (
            "rules! { f }",
            "#[differentiate] does not see what this macro expands to",
        ),
        ("const N: usize = 3;", elsewhere),
        ("let x = 3;", elsewhere),
        (
            "fn f(x: f64) -> f64 { x + }",
            "this function does not parse: unexpected end of input, expected an expression",
        ),
    ] {
        let mut diagnostics = Diagnostics::default();
        misplaced(item.parse().unwrap_or_default(), &mut diagnostics);
        assert_eq!(first_lines(&diagnostics.messages()), [problem], "{item}");
    }
}

#[test]
fn the_rest_is_gone_on_with() {
    let rest = |code: &str| {
        let item = syn::parse_str(code).unwrap_or_else(|e| panic!("{code}: {e}"));
        let rest = check(&item, &mut Diagnostics::default());
        rest.map(|item| quote::quote!(#item).to_string())
    };
    let expected: syn::ItemFn = syn::parse_quote! {
        fn f(x: f64) -> f64 {
            let y = x.erfc() + _;
            let c: RefCell<f64> = _;
            _;
            _;
            y * x(2.0) + g(_)
        }
    };
    let body = "let y = x.erfc() + unsafe { *p };
        let c: RefCell<f64> = RefCell::new(y);
        c.replace(x);
        println!(\"{}\", unsafe { 1 });
        y * x(2.0) + g(y.await)";
    let found = rest(&format!("fn f(x: f64) -> f64 {{ {body} }}"));
    assert_eq!(found, Some(quote::quote!(#expected).to_string()));
    assert_eq!(rest("fn f(x: &[f64]) -> &f64 { &x[0] }"), None);
}
