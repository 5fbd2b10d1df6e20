//! `#[differentiate(dump)]`: the item with the generated code in a file, formatted where rustfmt is installed.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use std::path::PathBuf;
use std::process::Command;

/// Writes the code, with names that need no hygiene, and says where on standard error. Trouble with files is no reason to fail a build: it is said there too.
pub fn dump(name: &str, code: &TokenStream) {
    let (directory, code) = (directory(), super::spelled::told_apart(code));
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

/// What the file of an item is called: the function, the trait, or what the `impl` is of.
pub fn name(item: &TokenStream) -> String {
    let named = match syn::parse2::<syn::Item>(item.clone()) {
        Ok(syn::Item::Fn(function)) => function.sig.ident.to_token_stream(),
        Ok(syn::Item::Trait(item)) => item.ident.to_token_stream(),
        Ok(syn::Item::Impl(block)) => {
            let of = block.trait_.map(|(path, _)| path);
            let owner = block.self_ty;
            quote!(#of #owner)
        }
        _ => TokenStream::new(),
    };
    let text = named.to_string();
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
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
