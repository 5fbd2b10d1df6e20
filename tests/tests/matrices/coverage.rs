//! A method of the compiler's table that no test calls fails here.

use std::fs;
use std::path::Path;

/// The first strings of the entries of all tables.
fn methods(table: &str) -> Vec<String> {
    let entries = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("(\""));
    let names = entries.filter_map(|entry| entry.split('"').next());
    names.map(str::to_owned).collect()
}

#[test]
fn each_method_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = root.join("../autodiff-macros/src/lower/matrix/table.rs");
    let methods = methods(&fs::read_to_string(table).expect("the table"));
    assert!(methods.len() > 80, "only {methods:?}");
    let folder = fs::read_dir(root.join("tests/matrices")).expect("this folder");
    let texts = folder.map(|file| fs::read_to_string(file.expect("a file").path()));
    let texts: String = texts.map(|text| text.expect("a text")).collect();
    let is_called = |name: &&String| {
        let calls = [format!(".{name}("), format!(".{name}::<")];
        calls.iter().any(|call| texts.contains(call))
    };
    let untested: Vec<&String> = methods.iter().filter(|name| !is_called(name)).collect();
    assert!(untested.is_empty(), "methods without a test: {untested:?}");
}
