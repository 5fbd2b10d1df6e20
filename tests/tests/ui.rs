//! What the compiler of derivatives says of code that it refuses, by theme; and that what its help says can be followed.
//!
//! `ui/<theme>/*.rs` must not compile, with exactly the errors of the `.stderr` beside; `ui/<theme>/fixed/*.rs` is the same code with the
//! help followed, and runs. `TRYBUILD=overwrite cargo test -p tests --test ui` blesses.

use std::path::{Path, PathBuf};

#[test]
fn errors() {
    let cases = trybuild::TestCases::new();
    for theme in themes() {
        cases.compile_fail(theme.join("*.rs").display().to_string());
        if theme.join("fixed").is_dir() {
            cases.pass(theme.join("fixed/*.rs").display().to_string());
        }
    }
}

/// The folders of `ui`, by name.
fn themes() -> Vec<PathBuf> {
    let folder = Path::new("ui");
    let entries = folder.read_dir().expect("the folder `ui` exists");
    let paths = entries.map(|entry| entry.expect("`ui` is readable").path());
    let mut themes: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    themes.sort();
    themes
}
