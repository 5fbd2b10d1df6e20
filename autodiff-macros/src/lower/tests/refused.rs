//! What is refused, and what is said.

use super::lowered;

fn said(body: &str) -> Vec<String> {
    let text = format!("fn f(x: f64) -> f64 {{ {body} }}");
    let item: syn::ItemFn = syn::parse_str(&text).expect("the function parses");
    let said = lowered(&item).err().unwrap_or_default();
    let first = |message: String| message.lines().next().unwrap_or_default().to_owned();
    said.into_iter().map(first).collect()
}

#[test]
fn calls_of_variables() {
    let unknown = "`g` is called, but which function it holds is unknown";
    for body in [
        "let g = if x > 0.0 { sin } else { cos }; g(x)",
        "let g = pick(x); g(x)",
        "let mut y = x; for g in table { y += (g)(x); } y",
        "if let Some(g) = table.first() { g(x) } else { x }",
    ] {
        assert_eq!(said(body), [unknown], "{body}");
    }
    for body in [
        "let g = |y| y; g(x)",
        "{ let g = 1.0; } g(x)",
        "let g = g(x); g",
        "g(x) + { let g = 2.0; g }",
        "let g = if x > 0.0 { f64::sin } else { f64::cos }; g(x)",
    ] {
        assert_eq!(said(body), [""; 0], "{body}");
    }
}

#[test]
fn functions_that_are_chosen() {
    let gone = "a function that is chosen here uses what its arm binds";
    for body in [
        "let g = match kind { Some(n) => { let m = n * x; Box::new(move |y| y * m) } None => Box::new(|y| y) }; g(x)",
        "let g: fn(f64) -> f64 = if x > 0.0 { let y = x * x; |z| z * y } else { f64::sin }; g(x)",
    ] {
        assert!(
            said(body).contains(&gone.to_owned()),
            "{body}: {:?}",
            said(body)
        );
    }
}
