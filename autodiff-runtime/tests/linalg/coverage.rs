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

/// The names that follow `rule! {` in a text, each with its documentation.
fn documented(text: &str) -> Vec<(String, String)> {
    let definitions = text.split("\nrule! {\n").skip(1);
    let rule = |definition: &str| {
        let is_text = |l: &&str| l.trim().starts_with("///");
        let documentation: Vec<&str> = definition.lines().take_while(is_text).collect();
        let line = definition.lines().nth(documentation.len());
        let name = line.unwrap_or_default().trim().split('[').next();
        (
            name.unwrap_or_default().to_owned(),
            documentation.join("\n"),
        )
    };
    definitions.map(rule).collect()
}

/// The names of the rules.
fn rules(text: &str) -> Vec<String> {
    let documented = documented(text);
    documented.into_iter().map(|(name, _)| name).collect()
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

/// A formula, the shapes, a reference and an example, and a line in the table of all rules.
#[test]
fn each_rule_is_documented() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/linalg");
    let table = fs::read_to_string(folder.join("mod.rs")).expect("the module of the rules");
    for (name, text) in texts(&folder).iter().flat_map(|t| documented(t)) {
        let has = |part: &str| assert!(text.contains(part), "`{name}` without {part:?}");
        ["$", r"\dot ", "https://doi.org/", "/// ```"]
            .into_iter()
            .for_each(has);
        assert!(
            [r"\bar ", "everse"].iter().any(|s| text.contains(s)),
            "`{name}` without reverse"
        );
        let shapes = ["n x n", "n x m", "m x n", "of length n"];
        assert!(
            shapes.iter().any(|s| text.contains(s)),
            "`{name}` without shapes"
        );
        assert!(
            table.contains(&format!("[`{name}`](fn@{name})")),
            "`{name}` is not in the table"
        );
    }
}
