//! Messages about the attribute and its options.

use super::Diagnostics;
use proc_macro2::{Ident, Span};

impl Diagnostics {
    /// The arguments do not parse.
    pub fn option_syntax(&mut self, span: Span, error: &str) {
        self.error(
            span,
            format!("the options of #[differentiate] do not parse: {error}"),
        )
        .help("write them as in #[differentiate(wrt = (x, a), reverse)]");
    }

    /// The attribute is not on a function.
    pub fn not_a_function(&mut self, span: Span) {
        self.error(span, "#[differentiate] belongs on a function")
            .help("put it on each `fn` to be differentiated");
    }

    /// An option given twice.
    pub fn duplicate_option(&mut self, name: &Ident) {
        self.error(name.span(), format!("the option `{name}` is given twice"))
            .help("leave one of them out");
    }

    /// An option with a value that takes none.
    pub fn option_without_value(&mut self, name: &Ident) {
        self.error(name.span(), format!("the option `{name}` takes no value"))
            .help(format!("write #[differentiate({name})]"));
    }

    /// An option without its value.
    pub fn option_needs_value(&mut self, name: &Ident) {
        self.error(name.span(), format!("the option `{name}` needs a value"))
            .help(format!("write #[differentiate({})]", example(name)));
    }

    /// An option with a value of another kind than it takes.
    pub fn option_value_kind(&mut self, name: &Ident, span: Span, kind: &str) {
        let message = match kind {
            "parameters" => format!("the option `{name}` takes the names of parameters"),
            kind => format!("the option `{name}` takes {kind}"),
        };
        self.error(span, message)
            .help(format!("write #[differentiate({})]", example(name)));
    }

    /// `wrt(x)`
    pub fn option_in_parentheses(&mut self, name: &Ident, inside: &str) {
        self.error(
            name.span(),
            format!("the value of the option `{name}` comes after `=`"),
        )
        .help(format!("write #[differentiate({name} = {inside})]"));
    }

    /// `order = 2, reverse`
    pub fn order_with_one_mode(&mut self, order: &Ident) {
        self.error(order.span(), "`order = 2` needs both modes")
            .note("second derivatives are made by the forward mode of the reverse mode")
            .help("leave out `forward` and `reverse`");
    }

    /// `order = 2, jvp = ..`
    pub fn order_of_a_rule(&mut self, order: &Ident) {
        self.error(
            order.span(),
            "`order = 2` needs the function that `jvp` names",
        )
        .note("second derivatives are those of the directional derivative")
        .help("state `jvp = ..` too, a function that is marked #[differentiate] itself");
    }

    /// `batch, reverse`
    pub fn lists_without_forward_mode(&mut self, option: &Ident) {
        let note = match option == "batch" {
            true => "several directions are taken at once by the forward mode",
            false => "Taylor coefficients are computed by the forward mode",
        };
        self.error(option.span(), format!("`{option}` needs the forward mode"))
            .note(note)
            .help("leave out `reverse`");
    }

    /// `batch, jvp = ..`
    pub fn lists_of_a_rule(&mut self, option: &Ident) {
        let (what, note, help) = match option == "batch" {
            true => (
                "functions state the derivative",
                "what `jvp` names takes one direction",
                "leave out `batch`, or state partials",
            ),
            false => (
                "the derivative is stated",
                "derivatives of higher order are not known of it",
                "leave out `taylor`, or write the function so that it can be differentiated by its body",
            ),
        };
        self.error(
            option.span(),
            format!("`{option}` is not supported where {what}"),
        )
        .note(note)
        .help(help);
    }

    /// `graph` where the derivative is stated, or the signatures are those of a trait.
    pub fn graph_without_a_body(&mut self, name: &Ident, stated: bool) {
        let (what, help) = match stated {
            true => (
                "where the derivative is stated",
                "leave out `graph`: the body is not looked into",
            ),
            false => (
                "on members of a trait",
                "a function that calls the member, marked #[differentiate(graph)]",
            ),
        };
        self.error(name.span(), format!("`graph` is not supported {what}"))
            .help(help);
    }

    /// `parallel` without the feature.
    pub fn parallel_without_feature(&mut self, option: &Ident) {
        self.error(
            option.span(),
            "`parallel` needs the feature `parallel` of `autodiff-runtime`",
        )
        .help("autodiff-runtime = { version = \"..\", features = [\"parallel\"] }");
    }

    /// `parallel` where no loop can be; `changed` is what stands in the way of the first.
    pub fn nothing_in_parallel(&mut self, name: &Ident, changed: Option<&str>) {
        let note = match changed {
            Some(changed) => {
                format!("what one iteration does to `{changed}` the next ones may depend on")
            }
            None => "there is no loop at the top level, without early end, that adds something up"
                .to_owned(),
        };
        self.error(
            name.span(),
            format!("no loop of `{name}` can run in parallel"),
        )
        .note(note)
        .help(
            "leave out `parallel`, or write the loop so that its iterations only add to what is there before: `total += ..;`",
        );
    }

    /// `batch` on a member of a trait.
    pub fn lists_of_a_member(&mut self, span: Span, option: &str) {
        self.error(
            span,
            format!("`{option}` is not supported on members of traits and operators yet"),
        )
        .help("mark an `impl` block of the type, or a function that takes the value by reference");
    }

    /// A method of a matrix where `batch` is asked for.
    pub fn lists_of_method(&mut self, span: Span, option: &str) {
        let (message, note) = match option {
            "batch" => (
                "this takes one direction at a time, but `batch` asks for several",
                "matrices are not differentiated in several directions at once yet",
            ),
            _ => (
                "this has no Taylor coefficients, which `taylor` asks for",
                "matrices have no Taylor coefficients yet",
            ),
        };
        self.error(span, message).note(note).help(format!(
            "leave out `{option}`, or call a function that is marked #[differentiate({option})]"
        ));
    }

    /// A matrix where `batch` is asked for.
    pub fn lists_of_matrix(&mut self, span: Span, option: &str) {
        let (message, note) = match option {
            "batch" => (
                "this matrix has one tangent at a time, but `batch` asks for several",
                "matrices are not differentiated in several directions at once yet",
            ),
            _ => (
                "this matrix has no Taylor coefficients, which `taylor` asks for",
                "matrices have no Taylor coefficients yet",
            ),
        };
        self.error(span, message).note(note).help(format!(
            "leave out `{option}`, or use arrays and vectors of numbers"
        ));
    }

    /// An option that there is not.
    pub fn unknown_option(&mut self, name: &Ident, known: &[&str]) {
        let list = known.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>();
        let options = format!("the options are {}", list.join(", "));
        let text = name.to_string();
        let close = known.iter().min_by_key(|k| distance(&text, k));
        let close = close.filter(|k| distance(&text, k) <= 2);
        let error = self.error(name.span(), format!("unknown option `{name}`"));
        match close {
            Some(close) => error.note(options).help(format!("did you mean `{close}`?")),
            None => error.help(options),
        };
    }

    /// `wrt = ()`
    pub fn empty_wrt(&mut self, span: Span) {
        self.error(span, "`wrt` names no parameter")
            .note("there would be nothing to differentiate with respect to")
            .help("name at least one, as in `wrt = (x, a)`, or leave `wrt` out for all of them");
    }

    /// `wrt = (x, x)`
    pub fn repeated_in_wrt(&mut self, name: &Ident) {
        self.error(name.span(), format!("`wrt` names `{name}` twice"))
            .help("name each parameter once; gradients come in the order of the parameters");
    }

    /// `wrt` names something that is no parameter.
    pub fn wrt_no_parameter(&mut self, name: &Ident, function: &Ident, candidates: &[String]) {
        let message = format!("`wrt` names `{name}`, but `{function}` has no parameter `{name}`");
        self.error(name.span(), message)
            .help(differentiable(candidates));
    }

    /// `wrt` names something that cannot be differentiated.
    pub fn wrt_not_differentiable(&mut self, name: &Ident, why: &str, candidates: &[String]) {
        self.error(name.span(), format!("`wrt` names `{name}`, which is {why}"))
            .help(differentiable(candidates));
    }

    /// `partials = ..` or `partials` alone.
    pub fn partials_in_parentheses(&mut self, name: &Ident) {
        self.error(
            name.span(),
            "`partials` takes one expression a parameter, in parentheses",
        )
        .help("write #[differentiate(partials(x = 2.0 * x, a = 1.0))]");
    }

    /// `partials(2.0 * x)`
    pub fn partials_syntax(&mut self, span: Span) {
        self.error(
            span,
            "a partial derivative is written `parameter = expression`",
        )
        .note("the expression may use the parameters, and `result` for the value of the function")
        .help("write #[differentiate(partials(x = 2.0 * x, a = 1.0))]");
    }

    /// Partials and functions at once.
    pub fn two_rules(&mut self, name: &Ident) {
        let message = "the derivative is stated both by `partials` and by functions";
        self.error(name.span(), message)
            .help("keep either `partials(..)` or `jvp = ..` and `vjp = ..`");
    }

    /// `partials(x = .., x = ..)`
    pub fn repeated_partial(&mut self, name: &Ident) {
        let message = format!("the partial derivative by `{name}` is given twice");
        self.error(name.span(), message)
            .help("leave one of them out");
    }

    /// A partial by something that is no differentiable parameter.
    pub fn partial_of_nothing(&mut self, name: &Ident, function: &Ident, candidates: &[Ident]) {
        let candidates: Vec<String> = candidates.iter().map(Ident::to_string).collect();
        let message = format!("`{function}` has no differentiable parameter `{name}`");
        self.error(name.span(), message)
            .help(differentiable(&candidates));
    }

    /// A differentiable parameter without a partial.
    pub fn missing_partial(&mut self, name: &Ident) {
        let message = format!("`partials` says nothing of the parameter `{name}`");
        self.error(name.span(), message).help(format!(
            "add `{name} = ..`, or mark the parameter #[constant]"
        ));
    }

    /// A partial by a slice.
    pub fn partial_of_aggregate(&mut self, name: &Ident) {
        let message =
            format!("`partials` is for scalars that are passed by value, which `{name}` is not");
        self.error(name.span(), message)
            .help("state the derivative by functions: #[differentiate(jvp = f_jvp, vjp = f_vjp)]");
    }

    /// A rule for a function without result.
    pub fn rule_without_result(&mut self, function: &Ident) {
        let message = "a derivative of one's own needs a function with a result";
        self.error(function.span(), message)
            .help("return what is computed");
    }

    /// A rule for a function with a `&mut` parameter.
    pub fn rule_with_mutable(&mut self, name: &Ident) {
        let message = format!(
            "a derivative of one's own is not possible with the parameter `{name}`, which is `&mut`"
        );
        self.error(name.span(), message).help(
            "take the value and return the new one, and write a function around it that assigns",
        );
    }

    /// Nothing to differentiate with respect to.
    pub fn no_differentiable_parameter(&mut self, function: &Ident) {
        self.error(
            function.span(),
            format!("`{function}` has no differentiable parameter"),
        )
        .note("integers, `bool`, strings and parameters marked #[constant] have no derivative")
        .help("remove #[differentiate], or make a parameter a float, or of floats");
    }
}

fn example(option: &Ident) -> &'static str {
    match option.to_string().as_str() {
        "order" => "order = 2",
        "wrt" => "wrt = (x, a)",
        "name" => "name = other",
        "jvp" => "jvp = f_jvp",
        "vjp" => "vjp = f_vjp",
        "partials" => "partials(x = 2.0 * x)",
        _ => "crate = my_crate::autodiff",
    }
}

fn differentiable(names: &[String]) -> String {
    let quoted: Vec<_> = names.iter().map(|n| format!("`{n}`")).collect();
    match quoted.as_slice() {
        [] => "none of its parameters is differentiable".to_owned(),
        [one] => format!("its differentiable parameter is {one}"),
        [first @ .., last] => {
            let first = first.join(", ");
            format!("its differentiable parameters are {first} and {last}")
        }
    }
}

/// The number of insertions, deletions and replacements between two words (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, cb) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(ca != *cb);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::Diagnostics;
    use crate::options::{self, Options};
    use quote::quote;

    fn parse(attr: proc_macro2::TokenStream) -> (Options, Vec<String>) {
        let mut diagnostics = Diagnostics::default();
        let options = options::parse(attr, &mut diagnostics);
        (options, diagnostics.messages())
    }

    fn errors(attr: proc_macro2::TokenStream) -> Vec<String> {
        parse(attr).1
    }

    fn against(attr: proc_macro2::TokenStream) -> Vec<String> {
        let mut diagnostics = Diagnostics::default();
        let options = options::parse(attr, &mut diagnostics);
        let item = syn::parse_quote! {
            fn loss<T: Float>(w: &[T], x: T, n: usize, #[constant] y: &[f64]) -> T { x }
        };
        options::check_against(&options, &item, &mut diagnostics);
        diagnostics.messages()
    }

    #[test]
    fn accepted() {
        let (options, messages) = parse(quote! {
            reverse, wrt = (x, a), name = other, crate = crate::autodiff, dump,
        });
        assert!(messages.is_empty(), "{messages:?}");
        assert!(options.reverse && !options.forward && options.dump);
        assert_eq!(options.wrt.map(|w| w.len()), Some(2));
        assert!(options.name.is_some_and(|n| n == "other"));
        assert!(options.krate.is_some());
    }

    #[test]
    fn modes() {
        for (attr, forward, reverse) in [
            (quote!(), true, true),
            (quote!(forward), true, false),
            (quote!(reverse), false, true),
            (quote!(forward, reverse), true, true),
        ] {
            let (options, messages) = parse(attr);
            assert!(messages.is_empty(), "{messages:?}");
            assert_eq!((options.forward, options.reverse), (forward, reverse));
        }
    }

    #[test]
    fn order() {
        assert_eq!(parse(quote!()).0.order, 1);
        assert_eq!(parse(quote!(order = 1, reverse)).0.order, 1);
        let (options, messages) = parse(quote!(order = 2, forward, reverse));
        assert!(messages.is_empty(), "{messages:?}");
        assert!(options.order == 2 && options.forward && options.reverse);
        for attr in [quote!(order = 3), quote!(order = two)] {
            assert_eq!(
                errors(attr),
                ["the option `order` takes 1 or 2\nhelp: write #[differentiate(order = 2)]"]
            );
        }
        let first = |attr| errors(attr)[0].lines().next().map(str::to_owned);
        let one_mode = first(quote!(order = 2, reverse));
        assert_eq!(one_mode.as_deref(), Some("`order = 2` needs both modes"));
        let rule = first(quote!(order = 2, vjp = f_vjp));
        let said = "`order = 2` needs the function that `jvp` names";
        assert_eq!(rule.as_deref(), Some(said));
    }

    #[test]
    fn one_name_needs_no_parentheses() {
        for attr in [quote!(wrt = x), quote!(wrt = (x)), quote!(wrt = (x,))] {
            let (options, messages) = parse(attr);
            assert!(messages.is_empty(), "{messages:?}");
            assert_eq!(options.wrt.map(|w| w.len()), Some(1));
        }
    }

    #[test]
    fn unknown() {
        assert_eq!(
            errors(quote!(revers)),
            ["unknown option `revers`\n\
                 note: the options are `forward`, `reverse`, `order`, `wrt`, `name`, `crate`, `partials`, \
              `jvp`, `vjp`, `batch`, `taylor`, `reassociate`, `parallel`, `checkpoint`, `self`, `inherent`, `recursive`, `watch`, `graph`, `dump`\n\
                 help: did you mean `reverse`?"]
        );
        assert_eq!(
            errors(quote!(threads = 4)),
            ["unknown option `threads`\n\
              help: the options are `forward`, `reverse`, `order`, `wrt`, `name`, `crate`, `partials`, \
              `jvp`, `vjp`, `batch`, `taylor`, `reassociate`, `parallel`, `checkpoint`, `self`, `inherent`, `recursive`, `watch`, `graph`, `dump`"]
        );
    }

    #[test]
    fn all_at_once() {
        let messages = errors(quote! {
            forward = true, wrt, name = "f", crate = 3, reverse, reverse, checkpoint = 3, + x
        });
        let first: Vec<_> = messages.iter().filter_map(|m| m.lines().next()).collect();
        assert_eq!(
            first,
            [
                "the option `forward` takes no value",
                "the option `wrt` needs a value",
                "the option `name` takes an identifier",
                "the option `crate` takes a path",
                "the option `reverse` is given twice",
                "the option `checkpoint` takes no value",
                "the options of #[differentiate] do not parse: expected the name of an option",
            ]
        );
    }

    #[test]
    fn parentheses_instead_of_a_value() {
        assert_eq!(
            errors(quote!(wrt(x, a), name(other))),
            [
                "the value of the option `wrt` comes after `=`\n\
                 help: write #[differentiate(wrt = (x, a))]",
                "the value of the option `name` comes after `=`\n\
                 help: write #[differentiate(name = other)]",
            ]
        );
    }

    #[test]
    fn names_in_wrt() {
        let first = |attr| errors(attr)[0].lines().next().map(str::to_owned);
        let says = |attr, text: &str| assert_eq!(first(attr), Some(text.to_owned()));
        says(quote!(wrt = ()), "`wrt` names no parameter");
        says(quote!(wrt = (x, x)), "`wrt` names `x` twice");
        for attr in [quote!(wrt = (x.0)), quote!(wrt = "x"), quote!(wrt = 1 + )] {
            says(attr, "the option `wrt` takes the names of parameters");
        }
    }

    #[test]
    fn wrt_against_the_signature() {
        assert!(against(quote!(wrt = (w, x))).is_empty());
        assert_eq!(
            against(quote!(wrt = (z, n, y))),
            [
                "`wrt` names `z`, but `loss` has no parameter `z`\n\
                 help: its differentiable parameters are `w` and `x`",
                "`wrt` names `n`, which is of type `usize` and has no derivative\n\
                 help: its differentiable parameters are `w` and `x`",
                "`wrt` names `y`, which is marked #[constant]\n\
                 help: its differentiable parameters are `w` and `x`",
            ]
        );
    }
}
