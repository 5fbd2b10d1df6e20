//! Writes random functions within the accepted language, once for `f64` with the attribute and once for dual numbers.
//!
//! `AUTODIFF_FUNCTIONS` says how many, `AUTODIFF_SEED` which.

use std::fmt::Write;

#[path = "generator/mod.rs"]
mod generator;

fn main() {
    println!("cargo::rerun-if-env-changed=AUTODIFF_FUNCTIONS");
    println!("cargo::rerun-if-env-changed=AUTODIFF_SEED");
    println!("cargo::rerun-if-changed=generator");
    let count = number("AUTODIFF_FUNCTIONS", 240);
    let seed = number("AUTODIFF_SEED", 1);
    let (mut real, mut dual, mut table) = (String::new(), String::new(), String::new());
    for k in 0..count {
        let function = generator::function(seed.wrapping_mul(1_000_003).wrapping_add(k), k);
        real.push_str(&function.real);
        dual.push_str(&function.dual);
        let check = if k < generator::TWICE {
            "twice"
        } else {
            "once"
        };
        writeln!(table, "    function!(failed {check} fun{k});").expect("text");
        if generator::is_generic(k) {
            writeln!(table, "    function!(failed single fun{k});").expect("text");
        }
    }
    let items = generator::ITEMS;
    let text = format!(
        "mod real {{ use super::Real; use autodiff_runtime::{{differentiate, Differentiable}};\n\
         #[derive(Differentiable)] {items}{real}}}\n\
         mod dual {{ use tests::dual::{{c, Dual}};\n{items}{dual}}}\n\
         fn all() -> Outcome {{\nlet mut failed = Outcome::default();\n{table}failed\n}}\n"
    );
    let out = std::env::var("OUT_DIR").expect("OUT_DIR");
    std::fs::write(format!("{out}/functions.rs"), text).expect("functions.rs");
    std::fs::write(format!("{out}/twice.rs"), twice()).expect("twice.rs");
    std::fs::write(format!("{out}/suites.rs"), suites(&out)).expect("suites.rs");
}

/// Suites of first derivatives, their functions to be differentiated twice and compared with differences of the gradient; each in a file of its own, as the
/// attribute looks at what else is in the file.
fn suites(out: &str) -> String {
    const SUITES: &[&str] = &[
        "aliases",
        "attitudes",
        "boxes",
        "complex",
        "entries",
        "enums",
        "fields",
        "functions",
        "functions_to_methods",
        "language",
        "left_early",
        "motions",
        "objects",
        "operators_of_types",
        "rotations",
        "structs",
        "told_by_use",
        "traits",
        "unknown_types",
    ];
    let mut text = String::new();
    for suite in SUITES {
        let path = format!("tests/{suite}.rs");
        println!("cargo::rerun-if-changed={path}");
        let code = std::fs::read_to_string(&path).expect("a suite");
        let file = format!("{out}/twice_{suite}.rs");
        std::fs::write(&file, of_second_order(&code)).expect("a suite");
        writeln!(text, "#[path = {file:?}]\nmod {suite};").expect("text");
    }
    text
}

/// The code with `order = 2` in each attribute that does not say so already, and what compares second derivatives in the place of what compares first
/// ones.
fn of_second_order(code: &str) -> String {
    const ATTRIBUTE: &str = "#[differentiate";
    let code = code
        .replace("tests::checks!", "tests::checks_twice!")
        .replace("use tests::agree;", "use tests::curvature as agree;")
        .replace("tests::agree!", "tests::curvature!");
    let mut parts = code.split(ATTRIBUTE);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (options, rest) = part.split_once(']').expect("the end of an attribute");
        let options = options.trim_start_matches('(').trim_end_matches(')');
        let other = ["order", "forward", "reverse", "partials", "jvp", "vjp"];
        let options = match options {
            "" => "order = 2".to_owned(),
            stated if other.iter().any(|o| stated.contains(o)) => stated.to_owned(),
            others => format!("{others}, order = 2"),
        };
        write!(text, "{ATTRIBUTE}({options})]{rest}").expect("text");
    }
    text
}

/// The functions of the corpus, to be differentiated twice.
fn twice() -> String {
    const CORPUS: &str = "../autodiff-macros/src/lower/tests/corpus";
    println!("cargo::rerun-if-changed={CORPUS}");
    let mut text = String::new();
    for file in std::fs::read_dir(CORPUS).expect("the corpus") {
        let path = file.expect("a file").path();
        let functions = std::fs::read_to_string(&path).expect("functions");
        let functions = functions.replace("#[differentiate]", "#[differentiate(order = 2)]");
        let theme = path.file_stem().expect("a name").to_string_lossy();
        writeln!(text, "mod {theme} {{\n{functions}\n}}").expect("text");
    }
    text
}

fn number(name: &str, default: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name}={text} is no number")),
        Err(_) => default,
    }
}
