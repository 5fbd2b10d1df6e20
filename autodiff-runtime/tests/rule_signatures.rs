//! The macro knows the names of the scalar rules and what their partials read; the runtime has the partials. They must agree.

use autodiff_runtime::private::rules;
use std::collections::BTreeMap;
use syn::{Expr, Item, Lit};

/// A rule: its name, what each partial reads (`Arg(i)`, `Result`), the partials of each partial, and whether it gives one of its arguments.
type Signature = (String, Vec<Option<Vec<String>>>, Vec<Vec<String>>, bool);

/// The elements of `&[..]`.
fn elements(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Reference(r) => elements(&r.expr),
        Expr::Array(a) => a.elems.iter().collect(),
        _ => panic!("expected a list"),
    }
}

/// The last segment of a path.
fn name(expr: &Expr) -> String {
    match expr {
        Expr::Path(p) => p
            .path
            .segments
            .last()
            .map_or_else(String::new, |s| s.ident.to_string()),
        _ => panic!("expected a path"),
    }
}

/// `Reads::Arg(1)` or `Reads::Result`
fn read(expr: &Expr) -> String {
    match expr {
        Expr::Call(call) => match &call.args[0] {
            Expr::Lit(lit) => match &lit.lit {
                Lit::Int(i) => format!("{}({})", name(&call.func), i.base10_digits()),
                _ => panic!("expected a position"),
            },
            _ => panic!("expected a position"),
        },
        other => name(other),
    }
}

/// `rule("sin", &[X])` with the named lists of reads.
fn signature(expr: &Expr, lists: &BTreeMap<String, Vec<String>>) -> Signature {
    let Expr::Call(call) = expr else {
        panic!("expected a call of `rule`, `singular`, `flat` or `choice`")
    };
    let Expr::Lit(lit) = &call.args[0] else {
        panic!("expected a name")
    };
    let Lit::Str(rule) = &lit.lit else {
        panic!("expected a name")
    };
    let partials = elements(&call.args[1])
        .into_iter()
        .map(|p| match name(p).as_str() {
            "None" => None,
            list => Some(lists[list].clone()),
        });
    let partials: Vec<_> = partials.collect();
    let second = match name(&call.func).as_str() {
        "flat" | "choice" => vec![Vec::new(); partials.len()],
        _ => second(&rule.value(), &partials),
    };
    (rule.value(), partials, second, name(&call.func) == "choice")
}

/// What the macro calls to differentiate the partials once more: one function for each value that is read and has a derivative.
fn second(rule: &str, partials: &[Option<Vec<String>>]) -> Vec<Vec<String>> {
    let constant = |read: &String| match read.strip_prefix("Arg(") {
        Some(position) => {
            partials[position.trim_end_matches(')').parse::<usize>().unwrap()].is_none()
        }
        None => false,
    };
    let named = |(k, reads): (usize, &Option<Vec<String>>)| {
        let reads = reads.iter().flatten().enumerate();
        let reads = reads.filter(|(_, read)| !constant(read));
        reads.map(|(j, _)| format!("{rule}_d{k}_d{j}")).collect()
    };
    partials.iter().enumerate().map(named).collect()
}

/// What the macro's table says.
fn known_to_the_macro() -> Vec<Signature> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../autodiff-macros/src/rules.rs"
    );
    let source = std::fs::read_to_string(path).expect("the macro's table is beside this crate");
    let file = syn::parse_file(&source).expect("it is Rust");
    let mut lists = BTreeMap::new();
    let mut rules = Vec::new();
    for item in &file.items {
        let Item::Const(constant) = item else {
            continue;
        };
        if constant.ident == "RULES" {
            rules = elements(&constant.expr);
        } else if let Expr::Call(some) = &*constant.expr {
            let reads = elements(&some.args[0]).into_iter().map(read).collect();
            lists.insert(constant.ident.to_string(), reads);
        }
    }
    rules
        .into_iter()
        .map(|rule| signature(rule, &lists))
        .collect()
}

/// What the runtime's table says.
fn known_to_the_runtime() -> Vec<Signature> {
    let convert = |rule: &rules::Signature| {
        assert!(
            !rule.args.contains(&"y"),
            "`y` is the result of `{}`",
            rule.name
        );
        let position = |read: &&str| match rule.args.iter().position(|arg| arg == read) {
            Some(i) => format!("Arg({i})"),
            None => {
                assert_eq!(*read, "y", "`{}` has no such argument", rule.name);
                "Result".to_owned()
            }
        };
        let reads =
            |partial: &Option<&[&str]>| partial.map(|reads| reads.iter().map(position).collect());
        let owned = |names: &&[&str]| names.iter().map(|&name| name.to_owned()).collect();
        (
            rule.name.to_owned(),
            rule.partials.iter().map(reads).collect(),
            rule.second.iter().map(owned).collect(),
            rule.chooses,
        )
    };
    rules::RULES.iter().map(convert).collect()
}

#[test]
fn the_two_tables_agree() {
    let (macros, runtime) = (known_to_the_macro(), known_to_the_runtime());
    assert!(macros.len() > 40);
    for (m, r) in macros.iter().zip(&runtime) {
        assert_eq!(
            m, r,
            "left: what the macro knows; right: what the runtime has"
        );
    }
    assert_eq!(macros.len(), runtime.len());
}

#[test]
fn every_rule_has_one_entry_per_argument() {
    for rule in rules::RULES {
        assert_eq!(rule.args.len(), rule.partials.len(), "{}", rule.name);
    }
}
