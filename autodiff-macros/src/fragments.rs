//! Expressions that a macro of the user's hands on: `$x` for `a + b` comes as a group without brackets, which the compiler forgets when it reads what an attribute
//! gives back. So they get brackets.
//!
//! ```text
//! 2.0 * $x       2.0 * ⟦a + b⟧       2.0 * (a + b)
//! ```

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use syn::Expr;

/// The same tokens, with brackets around what would otherwise be taken apart.
pub fn bracketed(tokens: TokenStream) -> TokenStream {
    if !has_fragments(&tokens) {
        return tokens;
    }
    tokens.into_iter().map(tree).collect()
}

fn has_fragments(tokens: &TokenStream) -> bool {
    tokens.clone().into_iter().any(|tree| match tree {
        TokenTree::Group(g) => g.delimiter() == Delimiter::None || has_fragments(&g.stream()),
        _ => false,
    })
}

fn tree(tree: TokenTree) -> TokenTree {
    let TokenTree::Group(group) = tree else {
        return tree;
    };
    let open = group.delimiter() == Delimiter::None && falls_apart(group.stream());
    let (delimiter, span) = match open {
        // Not the user's brackets: nobody shall be told that they are not needed.
        true => (Delimiter::Parenthesis, Span::mixed_site()),
        false => (group.delimiter(), group.span()),
    };
    let mut bracketed = Group::new(delimiter, bracketed(group.stream()));
    bracketed.set_span(span);
    TokenTree::Group(bracketed)
}

/// Would what stands beside the expression bind more tightly than what is in it?
fn falls_apart(tokens: TokenStream) -> bool {
    matches!(
        syn::parse2(tokens),
        Ok(Expr::Binary(_) | Expr::Unary(_) | Expr::Cast(_))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn fragment(tokens: TokenStream) -> TokenTree {
        TokenTree::Group(Group::new(Delimiter::None, tokens))
    }

    #[test]
    fn what_would_fall_apart_gets_brackets() {
        let inner = fragment(quote!(a + b));
        let outer = fragment(quote!(2.0 * #inner));
        let tokens = bracketed(quote!(f(-#outer)));
        assert_eq!(tokens.to_string(), quote!(f(-(2.0 * (a + b)))).to_string());
        let negative = fragment(quote!(-1.0));
        let tokens = bracketed(quote!(#negative.abs()));
        assert_eq!(tokens.to_string(), quote!((-1.0).abs()).to_string());
    }

    #[test]
    fn types_blocks_and_names_stay() {
        for tokens in [quote!(Vec<f64>), quote!({ a + b }), quote!(x), quote!(f(x))] {
            let group = fragment(tokens);
            let same = bracketed(quote!(#group)).into_iter().next();
            let Some(TokenTree::Group(same)) = same else {
                panic!("a group");
            };
            assert_eq!(same.delimiter(), Delimiter::None);
        }
    }
}
