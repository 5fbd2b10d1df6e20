//! Alternatives that bind, in the patterns of a `match`.
//!
//! ```text
//! (Rect { w, .. } | Square { w }, true) => w      (Rect { w, .. }, true) => w, (Square { w }, true) => w
//! ```

use super::control::unguarded;
use super::pattern::binds;

/// `A(x) | B(x) => value` as an arm for each variant: they bind different fields.
pub fn alternatives(arm: &syn::Arm) -> Vec<syn::Arm> {
    let pat = unguarded(&arm.pat).0;
    let alone = |pat: &syn::Pat| {
        let mut arm = arm.clone();
        match &mut arm.pat {
            syn::Pat::Guard(guarded) => *guarded.pat = pat.clone(),
            whole => *whole = pat.clone(),
        }
        arm
    };
    match cases(pat).as_slice() {
        [_] => vec![arm.clone()],
        all => all.iter().map(alone).collect(),
    }
}

/// The patterns without alternatives that bind which a pattern stands for.
fn cases(pat: &syn::Pat) -> Vec<syn::Pat> {
    if !binds(pat) {
        return vec![pat.clone()];
    }
    let with = |parts: Vec<Vec<syn::Pat>>, set: &dyn Fn(&mut syn::Pat, Vec<syn::Pat>)| {
        let whole = |parts| {
            let mut whole = pat.clone();
            set(&mut whole, parts);
            whole
        };
        combinations(parts).into_iter().map(whole).collect()
    };
    match pat {
        syn::Pat::Or(p) => p.cases.iter().flat_map(cases).collect(),
        syn::Pat::Paren(p) => cases(&p.pat),
        syn::Pat::Reference(p) => with(vec![cases(&p.pat)], &|whole, parts| {
            if let syn::Pat::Reference(p) = whole {
                p.pat = parts
                    .into_iter()
                    .map(Box::new)
                    .next()
                    .unwrap_or_else(|| p.pat.clone());
            }
        }),
        syn::Pat::Tuple(p) => with(p.elems.iter().map(cases).collect(), &|whole, parts| {
            if let syn::Pat::Tuple(p) = whole {
                p.elems = parts.into_iter().collect();
                if p.elems.len() == 1 {
                    p.elems.push_punct(syn::token::Comma::default());
                }
            }
        }),
        syn::Pat::TupleStruct(p) => with(p.elems.iter().map(cases).collect(), &|whole, parts| {
            if let syn::Pat::TupleStruct(p) = whole {
                p.elems = parts.into_iter().collect();
            }
        }),
        syn::Pat::Struct(p) => {
            let fields = p.fields.iter().map(|field| cases(&field.pat));
            with(fields.collect(), &|whole, parts| {
                if let syn::Pat::Struct(p) = whole {
                    let fields = p.fields.iter_mut().zip(parts);
                    fields.for_each(|(field, part)| *field.pat = part);
                }
            })
        }
        _ => vec![pat.clone()],
    }
}

/// One of each, in all ways, the last one changing first.
fn combinations(parts: Vec<Vec<syn::Pat>>) -> Vec<Vec<syn::Pat>> {
    parts.into_iter().fold(vec![Vec::new()], |all, part| {
        let longer = |start: Vec<syn::Pat>| {
            let ways = part.iter().cloned();
            let ways: Vec<Vec<syn::Pat>> = ways
                .map(|last| start.iter().cloned().chain([last]).collect())
                .collect();
            ways
        };
        all.into_iter().flat_map(longer).collect()
    })
}
