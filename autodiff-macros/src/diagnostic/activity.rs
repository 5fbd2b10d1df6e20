//! Messages of the activity analysis.

use super::{Diagnostics, advice};
use crate::source::functions::Called;
use proc_macro2::Span;

impl Diagnostics {
    /// Something active flows through code without derivative; `what` is its description by lowering: the method `f`, the macro `m!`.
    pub fn no_derivative(&mut self, span: Span, what: &str) {
        self.error(span, format!("no derivative rule for {what}"))
            .note(
                "a value that depends on a differentiable parameter flows through it to the result",
            )
            .help(advice::by_description(what));
    }

    /// A function of the crate's own without the attribute.
    pub fn not_annotated(&mut self, span: Span, called: &Called) {
        let (what, place, way) = match called {
            Called::Function(path) => {
                let path = path.join("::");
                (
                    format!("function `{path}`"),
                    "it".to_owned(),
                    format!("`{path}(stop_gradient(x))`"),
                )
            }
            Called::Member(owner, name) => (
                format!("method `{name}` of `{owner}`"),
                format!("the `impl` block of `{owner}`"),
                "`stop_gradient(x)` for each `x` that it is given".to_owned(),
            ),
        };
        self.error(span, format!("the {what} has no derivative"))
            .note("it is not marked #[differentiate], and a value that depends on a differentiable parameter goes through it to the result")
            .help(format!(
                "#[differentiate] above {place}; or, where no derivative is wanted, {way}"
            ));
    }

    /// A function of a crate that has no derivatives.
    pub fn of_another_crate(&mut self, span: Span, path: &[String], krate: &str) {
        let path = path.join("::");
        let special = match krate {
            "libm" | "puruspe" | "special" | "statrs" => {
                "`autodiff_runtime::special`, with the feature of that name, for error, gamma and Bessel functions; "
            }
            _ => "",
        };
        self.error(span, format!("the function `{path}` of the crate {krate} has no derivative"))
            .note("a value that depends on a differentiable parameter goes through it to the result")
            .help(format!(
                "{special}a function of yours that calls it and states its derivative, `#[differentiate(partials(x = ..))]`; \
                 where no derivative is wanted, `{path}(stop_gradient(x))`"
            ));
    }

    /// The bits or digits of a float make another one.
    pub fn taken_apart(&mut self, span: Span, form: &str) {
        let apart = if form == "bits" {
            "c.to_bits()"
        } else {
            "c.to_string()"
        };
        self.error(span, format!("the {form} of what is differentiated flow into the result"))
            .note("integers and texts end the flow of derivatives: the slope would be silently zero")
            .help(format!(
                "a function of its own that states its derivative: `#[differentiate(partials(x = ..))] fn f(x: f64, n: i32) -> f64`; \
                 or, where no derivative is wanted, `let c = stop_gradient(x);` and `{apart}`",
            ));
    }

    /// What an `Err` holds flows into the result.
    pub fn of_an_error(&mut self, span: Span) {
        self.error(span, "what an `Err` holds flows into the result".to_owned())
            .note("only numbers, tuples and lists of them in an `Err` that the function makes itself have derivatives: the slope would be silently zero")
            .help("an enum of yours with #[derive(Differentiable)] in place of the `Result`; or, where no derivative is wanted, `stop_gradient(e)`");
    }

    /// Nothing to differentiate.
    pub fn independent_result(&mut self, function: &str, span: Span) {
        self.error(
            span,
            format!("the result of `{function}` does not depend on any differentiable parameter"),
        )
        .note("lengths, indices, comparisons, casts to integers and functions such as `floor` have no derivative")
        .help("remove #[differentiate], or mark the parameters #[constant]");
    }
}

#[cfg(test)]
mod tests {
    use super::Diagnostics;
    use proc_macro2::Span;

    fn help(what: &str) -> String {
        let mut diagnostics = Diagnostics::default();
        diagnostics.no_derivative(Span::call_site(), what);
        let message = diagnostics.messages().remove(0);
        assert!(message.starts_with(&format!("no derivative rule for {what}\nnote: ")));
        message.lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn advice_by_kind() {
        for (what, expected) in [
            ("the method `gamma`", "`f(x)` instead of `x.f()`"),
            ("the macro `square!`", "write out what the macro does"),
            ("a struct literal", "use a tuple"),
            ("a closure", "bind the closure"),
            ("`Some`", "keep the number and the question"),
            ("`Square::area`", "write it with operators"),
            ("this expression", "write it with operators"),
            ("the method `schur`", "complex_eigenvalues"),
            ("`Similarity3::new`", "an isometry and the factor"),
        ] {
            assert!(help(what).contains(expected), "{what}: {}", help(what));
        }
    }

    #[test]
    fn independent_result() {
        let mut diagnostics = Diagnostics::default();
        diagnostics.independent_result("count", Span::call_site());
        assert_eq!(
            diagnostics.messages()[0].lines().next(),
            Some("the result of `count` does not depend on any differentiable parameter")
        );
    }
}
