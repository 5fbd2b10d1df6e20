//! What a file's `use` statements bring.

use super::text::statements;

/// A name, none where all there is is brought, and its path.
pub struct Import {
    pub name: Option<String>,
    pub path: Vec<String>,
    /// Where the statement stands in the text of its file.
    pub at: usize,
}

impl Import {
    pub fn brings_nalgebra(&self) -> bool {
        self.name.is_none() && mentions_nalgebra(&self.path)
    }

    /// Is it something inside of a module of the standard library?
    pub fn is_of_std(&self) -> bool {
        self.path.len() > 2 && ["std", "core", "alloc"].contains(&self.path[0].as_str())
    }

    /// Is what is brought inside of the crate?
    pub fn of(&self, krate: &str) -> bool {
        self.path.len() > 1 && self.path[0] == krate
    }
}

pub fn mentions_nalgebra(path: &[String]) -> bool {
    path.iter()
        .any(|segment| segment == "nalgebra" || segment == "na")
}

/// All of a file.
pub fn imports(text: &str) -> Vec<Import> {
    let brought = statements(text).flat_map(|(at, statement)| {
        let item = syn::parse_str::<syn::ItemUse>(statement);
        let brought = item.map_or_else(|_| Vec::new(), |item| of(&item.tree));
        brought
            .into_iter()
            .map(move |import| Import { at, ..import })
    });
    brought.collect()
}

/// What one statement brings.
pub fn of(tree: &syn::UseTree) -> Vec<Import> {
    let mut imports = Vec::new();
    flatten(tree, &mut Vec::new(), &mut imports);
    imports
}

fn flatten(tree: &syn::UseTree, path: &mut Vec<String>, imports: &mut Vec<Import>) {
    let import = |name: Option<&syn::Ident>, last: Option<&syn::Ident>| Import {
        name: name.map(ToString::to_string),
        path: path
            .iter()
            .cloned()
            .chain(last.map(ToString::to_string))
            .collect(),
        at: 0,
    };
    match tree {
        syn::UseTree::Path(tree) => {
            path.push(tree.ident.to_string());
            flatten(&tree.tree, path, imports);
            path.pop();
        }
        syn::UseTree::Name(tree) => imports.push(import(Some(&tree.ident), Some(&tree.ident))),
        syn::UseTree::Rename(tree) => imports.push(import(Some(&tree.rename), Some(&tree.ident))),
        syn::UseTree::Glob(_) => imports.push(import(None, None)),
        syn::UseTree::Group(tree) => {
            for tree in &tree.items {
                flatten(tree, path, imports);
            }
        }
        #[allow(unreachable_patterns)]
        _ => {}
    }
}
