//! A method of the compiler's table that no test calls fails here.

use std::fs;
use std::path::Path;

/// The names that are defined by closures.
fn defined(definitions: &str) -> Vec<String> {
    let text = definitions
        .split("/// `m.apply_norm")
        .next()
        .unwrap_or_default();
    let entries = text.lines().filter_map(|line| line.strip_prefix("    "));
    let names = entries.filter_map(|entry| entry.split_once(" |"));
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c == '_' || c.is_ascii_lowercase());
    names
        .map(|(name, _)| name.to_owned())
        .filter(|name| is_name(name))
        .collect()
}

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
    let read = |name: &str| {
        let file = root.join("../autodiff-macros/src/lower/matrix").join(name);
        fs::read_to_string(file).expect("the file")
    };
    let mut methods = methods(&read("table.rs"));
    assert!(methods.len() > 80, "only {methods:?}");
    let defined = defined(&read("definitions.rs"));
    assert!(defined.len() > 60, "only {defined:?}");
    methods.extend(defined);
    let folder = fs::read_dir(root.join("tests/matrices")).expect("this folder");
    let texts = folder.map(|file| fs::read_to_string(file.expect("a file").path()));
    let texts: String = texts.map(|text| text.expect("a text")).collect();
    let is_called = |name: &&String| {
        let calls = [".", "::"].map(|by| [format!("{by}{name}("), format!("{by}{name}::<")]);
        let calls = calls.as_flattened();
        calls.iter().any(|call| texts.contains(call))
    };
    let untested: Vec<&String> = methods.iter().filter(|name| !is_called(name)).collect();
    assert!(untested.is_empty(), "methods without a test: {untested:?}");
}

/// The names in a list of the compiler's.
fn listed(text: &str, list: &str) -> Vec<String> {
    let list = text.split(&format!("const {list}:")).nth(1);
    let list = list.and_then(|rest| rest.split("];").next());
    let quoted = list.unwrap_or_default().split('"').skip(1).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// Members of rotations, rigid motions and complex numbers.
#[test]
fn each_member_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let foreign = root.join("../autodiff-macros/src/emit/foreign.rs");
    let foreign = fs::read_to_string(foreign).expect("the file");
    for (list, files) in [
        ("MOTIONS", &["rotations", "motions", "attitudes"][..]),
        ("COMPLEX", &["complex"][..]),
    ] {
        let read = |file: &&str| fs::read_to_string(root.join(format!("tests/{file}.rs")));
        let texts: String = files.iter().map(|f| read(f).expect("a text")).collect();
        let members = listed(&foreign, list);
        assert!(members.len() > 20, "{list}: only {members:?}");
        let untested = members
            .iter()
            .filter(|name| !texts.contains(&format!(".{name}(")));
        let untested: Vec<_> = untested.collect();
        assert!(untested.is_empty(), "{list} without a test: {untested:?}");
    }
}
