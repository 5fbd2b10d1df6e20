//! Functions as people write them: all are accepted, and what they become keeps the rules of the IR. `tests/tests/constructs.rs` compiles the
//! same files and checks the derivatives.

use super::lowered;
use crate::ir::print::print;
use crate::ir::verify::verify;

const THEMES: &[(&str, &str)] = &[
    ("functions", include_str!("corpus/functions.rs")),
    ("graphics", include_str!("corpus/graphics.rs")),
    ("simulation", include_str!("corpus/simulation.rs")),
    ("learning", include_str!("corpus/learning.rs")),
    ("control", include_str!("corpus/control.rs")),
    ("patterns", include_str!("corpus/patterns.rs")),
    ("iterators", include_str!("corpus/iterators.rs")),
    ("containers", include_str!("corpus/containers.rs")),
];

/// The annotated functions of a file.
fn functions(text: &str) -> Vec<syn::ItemFn> {
    let file = syn::parse_file(text).expect("the corpus parses");
    let annotated = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Fn(f) if !f.attrs.is_empty() => Some(f),
        _ => None,
    });
    annotated.collect()
}

#[test]
fn all_are_accepted_and_well_formed() {
    let mut count = 0;
    for (theme, text) in THEMES {
        for item in functions(text) {
            let name = &item.sig.ident;
            let function = lowered(&item).unwrap_or_else(|e| panic!("{theme}::{name}: {e:?}"));
            let problems = verify(&function);
            assert!(
                problems.is_empty(),
                "{theme}::{name}: {problems:?}\n{}",
                print(&function)
            );
            count += 1;
        }
    }
    assert!(count >= 150, "{count}");
}

#[test]
fn lowering_is_deterministic() {
    for (_, text) in THEMES {
        for item in functions(text) {
            let texts = [(); 2].map(|()| lowered(&item).map(|f| print(&f)));
            assert_eq!(texts[0], texts[1]);
        }
    }
}
