//! `#[differentiate(dump)]`: the generated code in a file, formatted where rustfmt is installed.

use proc_macro2::TokenStream;
use std::path::PathBuf;
use std::process::Command;

/// Writes the code and says where on standard error. Trouble with files is no reason to fail a build: it is said there too.
pub fn dump(name: &str, code: &TokenStream) {
    let directory = directory();
    let path = directory.join(format!("{name}.rs"));
    let written = std::fs::create_dir_all(&directory)
        .and_then(|()| std::fs::write(&path, format!("{code}\n")));
    match written {
        Ok(()) => {
            // Without rustfmt the file stays as it is.
            let formatted = Command::new("rustfmt")
                .arg("--edition=2024")
                .arg(&path)
                .status();
            drop(formatted);
            eprintln!("derivatives of `{name}`: {}", path.display());
        }
        Err(error) => eprintln!("derivatives of `{name}` not written: {error}"),
    }
}

/// `autodiff` in the build's target directory, or in the system's temporary one.
fn directory() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let beside = package.iter().flat_map(|p| p.ancestors());
    let found = beside.map(|p| p.join("target")).find(|p| p.is_dir());
    target
        .or(found)
        .unwrap_or_else(std::env::temp_dir)
        .join("autodiff")
}
