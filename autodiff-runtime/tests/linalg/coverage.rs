//! A rule without a test fails here.

use std::fs;
use std::path::Path;

/// All text of the files in a folder and those in it.
fn texts(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder of this crate");
    let paths = entries.map(|e| e.expect("an entry").path());
    paths
        .flat_map(|path| {
            if path.is_dir() {
                texts(&path)
            } else {
                vec![fs::read_to_string(&path).expect("a source file")]
            }
        })
        .collect()
}

/// The names that follow `rule! {` in a text, documentation skipped.
fn rules(text: &str) -> Vec<String> {
    let definitions = text.split("\nrule! {\n").skip(1);
    let name = |definition: &str| {
        let line = definition.lines().find(|l| !l.trim().starts_with("///"));
        let line = line.unwrap_or_default().trim();
        line.split('[').next().unwrap_or_default().to_owned()
    };
    definitions.map(name).collect()
}

#[test]
fn each_rule_has_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found: Vec<String> = texts(&root.join("src/linalg"))
        .iter()
        .flat_map(|t| rules(t))
        .collect();
    assert!(found.len() > 10, "only {found:?}");
    let tests = texts(&root.join("tests/linalg")).concat();
    let is_tested = |name: &&String| {
        let calls = ["", "symmetric "].map(|kind| format!("check_rule!({kind}{name}("));
        calls.iter().any(|call| tests.contains(call))
    };
    let untested: Vec<&String> = found.iter().filter(|name| !is_tested(name)).collect();
    assert!(
        untested.is_empty(),
        "rules without `check_rule!`: {untested:?}"
    );
}
