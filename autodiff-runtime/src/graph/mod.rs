//! The computation graph of a function: what `f::graph()` gives, with the option `graph`.
//!
//! Nodes are the operations that carry a derivative, with the text of the statement; branches and loops are boxes around them, and the body of a loop is
//! drawn once. A list is the node that wrote to it last.
//!
//! ```
//! use autodiff_runtime::differentiate;
//!
//! #[differentiate(graph)]
//! fn wave(x: f64, decay: f64) -> f64 {
//!     (-decay * x).exp() * x.sin()
//! }
//!
//! let graph = wave::graph();
//! let labels: Vec<_> = graph.nodes.iter().map(|node| node.label).collect();
//! assert_eq!(labels, ["x", "decay", "t1 = -decay", "t2 = t1 * x", "t3 = exp(t2)", "t4 = sin(x)", "t5 = t3 * t4", "result"]);
//! assert_eq!(graph.operations.primal, 5);
//! assert!(graph.dot().starts_with("digraph \"wave\" {"));
//! assert!(graph.svg().starts_with("<svg "));
//! ```
//!
//! For a scalar result `f::adjoints(x, decay)` runs the reverse mode and gives the adjoint of each number on its way: see [`Adjoint`].

mod adjoints;
mod svg;

pub use adjoints::{Adjoint, table};
#[doc(hidden)]
pub use adjoints::{adjoint, adjoints};

use std::fmt::Write;

/// A computation graph.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Graph {
    /// The name of the function.
    pub name: &'static str,
    /// In the order of the program: each after its inputs.
    pub nodes: &'static [Node],
    /// Branches and loops, each after what it is in.
    pub groups: &'static [Group],
    /// How much is computed.
    pub operations: Operations,
}

/// An input, an operation or an output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Node {
    /// The statement, or the name.
    pub label: &'static str,
    /// Which of these.
    pub kind: Kind,
    /// The nodes whose values it takes.
    pub inputs: &'static [usize],
    /// The branch or loop that it is in.
    pub group: Option<usize>,
}

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A differentiable parameter.
    Input,
    /// What is computed.
    Operation,
    /// The result, or what is left in a `&mut` parameter.
    Output,
}

/// A branch or loop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Group {
    /// `if ..`, `else`, `for ..`, `while`
    pub label: &'static str,
    /// What it is in itself.
    pub group: Option<usize>,
}

/// How many arithmetic operations, functions and calls the programs have as they are written: the body of a loop is counted once, and
/// so is each operation on a matrix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Operations {
    /// The function itself.
    pub primal: usize,
    /// The function and its tangent in one direction; zero without forward mode.
    pub forward: usize,
    /// The function and the adjoint of one output; zero without reverse mode.
    pub reverse: usize,
}

impl Operations {
    /// The operations for a Jacobian of so many rows and columns: by forward mode, with a sweep for each column, and by reverse mode, with one for each
    /// row. `f::jacobian_mode` says which of them `f::jacobian` takes.
    ///
    /// ```
    /// use autodiff_runtime::graph::Operations;
    ///
    /// let operations = Operations { primal: 5, forward: 14, reverse: 16 };
    /// assert_eq!(operations.of_jacobian(1, 2), (28, 16));
    /// ```
    #[must_use]
    pub fn of_jacobian(self, rows: usize, columns: usize) -> (usize, usize) {
        (columns * self.forward, rows * self.reverse)
    }
}

impl Graph {
    /// The graph in the language of Graphviz: `dot -Tsvg` draws it.
    #[must_use]
    pub fn dot(&self) -> String {
        let mut text = format!("digraph {:?} {{\n", self.name);
        self.dot_group(None, 1, &mut text);
        for (k, node) in self.nodes.iter().enumerate() {
            for input in node.inputs {
                line(&mut text, 1, &format!("n{input} -> n{k};"));
            }
        }
        text.push_str("}\n");
        text
    }

    fn dot_group(&self, group: Option<usize>, depth: usize, text: &mut String) {
        let nodes = self.nodes.iter().enumerate();
        for (k, node) in nodes.filter(|(_, node)| node.group == group) {
            let shape = match node.kind {
                Kind::Input => "box",
                Kind::Operation => "ellipse",
                Kind::Output => "doubleoctagon",
            };
            let node = format!("n{k} [label={:?}, shape={shape}];", node.label);
            line(text, depth, &node);
        }
        let groups = self.groups.iter().enumerate();
        for (k, inner) in groups.filter(|(_, inner)| inner.group == group) {
            line(text, depth, &format!("subgraph cluster_{k} {{"));
            line(text, depth + 1, &format!("label={:?};", inner.label));
            self.dot_group(Some(k), depth + 1, text);
            line(text, depth, "}");
        }
    }

    /// Is this group the other one, or in it?
    fn is_in(&self, mut group: Option<usize>, other: usize) -> bool {
        while let Some(at) = group {
            if at == other {
                return true;
            }
            group = self.groups[at].group;
        }
        false
    }
}

fn line(text: &mut String, depth: usize, what: &str) {
    // Writing to a string does not fail.
    let _ = writeln!(text, "{}{what}", "    ".repeat(depth));
}
