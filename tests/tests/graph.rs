//! The option `graph`: what the computation graph shows, as text and as a picture, and the adjoints of what a function computes.

use autodiff_runtime::differentiate;
use autodiff_runtime::graph::{Adjoint, Graph, Kind, table};
use nalgebra::{Matrix2, Vector2};

#[differentiate(graph)]
fn product(x: f64, y: f64) -> f64 {
    let a = x * y;
    a.sin() + 2.0 * x
}

#[test]
fn as_text() {
    let expected = r#"digraph "product" {
    n0 [label="x", shape=box];
    n1 [label="y", shape=box];
    n2 [label="a = x * y", shape=ellipse];
    n3 [label="t1 = sin(a)", shape=ellipse];
    n4 [label="t2 = 2.0 * x", shape=ellipse];
    n5 [label="t3 = t1 + t2", shape=ellipse];
    n6 [label="result", shape=doubleoctagon];
    n0 -> n2;
    n1 -> n2;
    n2 -> n3;
    n0 -> n4;
    n3 -> n5;
    n4 -> n5;
    n5 -> n6;
}
"#;
    let graph = product::graph();
    assert_eq!(graph.dot(), expected);
    let operations = graph.operations;
    assert_eq!(operations.primal, 4);
    // x_dot y + x y_dot, cos a_dot, 2 x_dot, t1_dot + t2_dot; a_bar cos, two shares of a product, two sums
    assert!(operations.forward >= 4 + 6 && operations.reverse >= 4 + 4);
}

#[differentiate]
fn called(x: f64) -> f64 {
    x.exp()
}

#[differentiate(graph)]
fn loops(x: &[f64], scale: f64, n: usize, out: &mut [f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        if x[i] > 0.0 {
            sum += called(x[i]) * scale;
        } else {
            sum -= x[i];
        }
        out[i] = sum;
    }
    let rate = n as f64;
    sum / (scale * rate)
}

#[differentiate(graph)]
fn handed_on(x: f64, y: f64, first: bool) -> f64 {
    let mut z = x;
    if first {
        z = y;
    }
    let kept = z;
    z = 1.0;
    kept * z
}

#[differentiate(graph)]
fn quadratic(x: &Vector2<f64>, a: &Matrix2<f64>) -> f64 {
    (a * x).dot(x)
}

#[differentiate(graph, forward)]
fn one_mode(x: f64) -> f64 {
    x.sqrt()
}

#[differentiate(graph)]
fn without_loops(x: &[f64]) -> f64 {
    let s: f64 = x.windows(2).map(|w| w[0] * w[1]).sum();
    s.abs().sqrt()
}

/// What is true of every graph.
fn check(graph: &Graph) {
    for (k, node) in graph.nodes.iter().enumerate() {
        assert!(node.inputs.iter().all(|input| *input < k), "{node:?}");
        assert_eq!(node.inputs.is_empty(), node.kind == Kind::Input, "{node:?}");
    }
    let edges: usize = graph.nodes.iter().map(|n| n.inputs.len()).sum();
    let dot = graph.dot();
    assert_eq!(dot.matches(" -> ").count(), edges);
    assert_eq!(dot.matches("[label=").count(), graph.nodes.len());
    assert_eq!(dot.matches("subgraph").count(), graph.groups.len());
    let svg = graph.svg();
    let boxes = graph.nodes.len() + graph.groups.len();
    assert_eq!(svg.matches("<rect ").count(), boxes);
    assert_eq!(svg.matches("<line ").count(), edges);
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
}

fn labels(graph: &Graph, kind: Kind) -> Vec<&'static str> {
    let nodes = graph.nodes.iter().filter(|n| n.kind == kind);
    nodes.map(|n| n.label).collect()
}

#[test]
fn of_loops_branches_and_calls() {
    let graph = loops::graph();
    let groups: Vec<_> = graph.groups.iter().map(|g| (g.label, g.group)).collect();
    assert_eq!(
        groups,
        [
            ("for i in 0..n", None),
            ("if x[i] > 0.0", Some(0)),
            ("else", Some(0))
        ]
    );
    assert_eq!(labels(&graph, Kind::Input), ["x", "scale", "out"]);
    assert_eq!(labels(&graph, Kind::Output), ["result", "out"]);
    let call = graph.nodes.iter().find(|n| n.label.contains("called"));
    let call = call.expect("a call");
    assert_eq!(call.inputs, [0]);
    assert_eq!(call.group, Some(1));
}

#[test]
fn of_all() {
    let graphs = [
        product::graph(),
        loops::graph(),
        handed_on::graph(),
        quadratic::graph(),
        one_mode::graph(),
        without_loops::graph(),
    ];
    for graph in graphs {
        println!("{}", graph.dot());
        check(&graph);
    }
}

/// What was overwritten by a constant has no source any more.
#[test]
fn of_what_is_handed_on() {
    let graph = handed_on::graph();
    let operations = labels(&graph, Kind::Operation);
    assert_eq!(operations.len(), 2, "{operations:?}");
    assert_eq!(graph.nodes[2].inputs, [0, 1]);
    assert_eq!(graph.nodes[3].inputs, [2]);
}

#[test]
fn a_mode_that_is_not_there_computes_nothing() {
    let operations = one_mode::graph().operations;
    assert_eq!((operations.primal, operations.reverse), (1, 0));
    assert!(operations.forward > 1);
}

struct Spring {
    stiffness: f64,
}

#[differentiate(graph)]
impl Spring {
    fn energy(&self, x: f64) -> f64 {
        0.5 * self.stiffness * x * x
    }
}

#[test]
fn of_a_method() {
    let graph = Spring::energy_graph();
    check(&graph);
    assert_eq!(graph.operations.primal, 3);
    let spring = Spring { stiffness: 2.0 };
    assert_eq!((spring.energy(3.0), spring.energy_grad(3.0)), (9.0, 6.0));
}

#[differentiate(graph)]
fn inner(x: f64, scale: f64) -> f64 {
    (scale * x).tanh()
}

/// Overwritten numbers, a loop, a branch, a call: what is shown has the adjoints that differences give.
#[differentiate(graph)]
fn recurrence(start: f64, rates: &[f64]) -> f64 {
    let mut state = start;
    let mut sum = 0.0;
    for rate in rates {
        let moved = inner(state, *rate);
        if moved > 0.0 {
            state = moved * rate;
        } else {
            state -= moved * moved;
        }
        sum += state * state;
    }
    sum
}

/// The same from the square of `state` in iteration `at` on, that being given.
fn with_square(start: f64, rates: &[f64], at: usize, square: f64) -> f64 {
    let (mut state, mut sum) = (start, 0.0);
    for (k, rate) in rates.iter().enumerate() {
        let moved = (rate * state).tanh();
        state = if moved > 0.0 {
            moved * rate
        } else {
            state - moved * moved
        };
        sum += if k == at { square } else { state * state };
    }
    sum
}

#[test]
fn adjoints_of_every_iteration() {
    let rates = [0.9, 1.4, -0.7];
    let shown = recurrence::adjoints(0.6, &rates);
    let labelled = |label: &str| {
        let found = shown.iter().filter(|a| a.label == label);
        found.copied().collect::<Vec<Adjoint>>()
    };
    let graph = recurrence::graph();
    check(&graph);
    let known: Vec<_> = [graph, inner::graph()]
        .iter()
        .flat_map(|g| g.nodes)
        .map(|n| n.label)
        .collect();
    assert!(shown.iter().all(|a| known.contains(&a.label)), "{shown:?}");
    // The last iteration first; each square is added as it is.
    let squares = labelled(shown[0].label);
    assert_eq!(squares.len(), 3, "{shown:?}");
    for (square, at) in squares.iter().zip([2, 1, 0]) {
        let step = with_square(0.6, &rates, at, square.value + 0.5)
            - with_square(0.6, &rates, at, square.value);
        assert!((square.adjoint - step / 0.5).abs() < 1e-14);
    }
    // tanh' = 1 - tanh^2: the call gives its own, and the chain rule holds between them.
    let (products, values) = (labelled("t1 = scale * x"), labelled("t2 = tanh(t1)"));
    assert_eq!((products.len(), values.len()), (3, 3));
    for (product, value) in products.iter().zip(&values) {
        assert_eq!(value.value, product.value.tanh());
        let slope = 1.0 - value.value * value.value;
        assert!((product.adjoint - value.adjoint * slope).abs() < 1e-14);
    }
    let (_, by_rates) = recurrence::grad(0.6, &rates);
    assert_eq!(by_rates.len(), 3);
}

/// The chain of one number: all adjoints by hand. Nobody asks in `grad`, and nothing is left over from a run before.
#[test]
fn adjoints_of_a_chain() {
    for _ in 0..2 {
        let shown = product::adjoints(0.5, 3.0);
        let shown: Vec<_> = shown.iter().map(|a| (a.label, a.adjoint)).collect();
        let expected = [
            ("t3 = t1 + t2", 1.0),
            ("t2 = 2.0 * x", 1.0),
            ("t1 = sin(a)", 1.0),
            ("a = x * y", 1.5f64.cos()),
        ];
        assert_eq!(shown, expected);
        product::grad(0.5, 3.0);
    }
    assert_eq!(
        product::value_and_grad(0.5, 3.0),
        plain::value_and_grad(0.5, 3.0)
    );
}

#[differentiate]
fn plain(x: f64, y: f64) -> f64 {
    let a = x * y;
    a.sin() + 2.0 * x
}

#[test]
fn as_a_table() {
    let text = table(&product::adjoints(0.5, 3.0));
    assert_eq!(text.lines().count(), 4);
    assert!(text.starts_with("t3 = t1 + t2  "), "{text}");
}

/// Twice differentiated, by a gradient, in one pass and in two, generic, of a method.
#[differentiate(graph, order = 2)]
fn sums<T: num_traits::Float>(x: &[T], a: T) -> T {
    let mut sum = T::zero();
    for v in x {
        sum = sum + (*v * a).exp();
    }
    sum * a
}

#[test]
fn the_derivatives_are_the_same() {
    let x = [0.2, -0.7];
    let exp = [(0.2f64 * 1.5).exp(), (-0.7f64 * 1.5).exp()];
    let (by_x, by_a) = sums::grad(&x, 1.5);
    assert!((by_x[0] - 2.25 * exp[0]).abs() < 1e-14);
    assert!((by_a - (exp[0] + exp[1] + 1.5 * (0.2 * exp[0] - 0.7 * exp[1]))).abs() < 1e-14);
    assert!((sums::hessian(&x, 1.5)[(1, 1)] - 1.5f64.powi(3) * exp[1]).abs() < 1e-13);
    let shown = sums::adjoints(&x, 1.5);
    let of_exp: Vec<f64> = shown
        .iter()
        .filter(|a| a.label.contains("exp"))
        .map(|a| a.adjoint)
        .collect();
    assert_eq!(of_exp, [1.5, 1.5]);
    let spring = Spring { stiffness: 2.0 };
    let by_force = spring.energy_adjoints(3.0);
    assert_eq!(by_force.len(), 2);
    assert_eq!(by_force[0].adjoint, 1.0);
}
