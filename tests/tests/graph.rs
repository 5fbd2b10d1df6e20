//! The option `graph`: what the computation graph shows, as text and as a picture.

use autodiff_runtime::differentiate;
use autodiff_runtime::graph::{Graph, Kind};
use nalgebra::{Matrix2, Vector2};

#[differentiate(graph)]
fn product(x: f64, y: f64) -> f64 {
    let a = x * y;
    a.sin() + 2.0 * x
}

#[test]
fn as_text() {
    let expected = r#"digraph product {
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
