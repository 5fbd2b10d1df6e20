//! Values that hold others of their type in boxes: expressions, lists, trees.

use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Expr {
    Num(f64),
    Var,
    Neg(Box<Expr>),
    Add(Box<Expr>, Box<Expr>),
    Mul(Box<Expr>, Box<Expr>),
    Pow { base: Box<Expr>, n: i32 },
}

#[differentiate(self)]
impl Expr {
    fn eval(&self, x: f64) -> f64 {
        match self {
            Expr::Num(c) => *c,
            Expr::Var => x,
            Expr::Neg(a) => -a.eval(x),
            Expr::Add(a, b) => a.eval(x) + b.eval(x),
            Expr::Mul(a, b) => a.eval(x) * b.eval(x),
            Expr::Pow { base, n } => base.eval(x).powi(*n),
        }
    }

    /// The derivative, as an expression.
    fn derived(&self) -> Expr {
        match self {
            Expr::Num(_) => Expr::Num(0.0),
            Expr::Var => Expr::Num(1.0),
            Expr::Neg(a) => Expr::Neg(Box::new(a.derived())),
            Expr::Add(a, b) => Expr::Add(Box::new(a.derived()), Box::new(b.derived())),
            Expr::Mul(a, b) => Expr::Add(
                Box::new(Expr::Mul(Box::new(a.derived()), b.clone())),
                Box::new(Expr::Mul(a.clone(), Box::new(b.derived()))),
            ),
            Expr::Pow { base, n } => Expr::Mul(
                Box::new(Expr::Num(f64::from(*n))),
                Box::new(Expr::Mul(
                    Box::new(Expr::Pow {
                        base: base.clone(),
                        n: n - 1,
                    }),
                    Box::new(base.derived()),
                )),
            ),
        }
    }
}

/// A function that calls itself through the boxes.
#[differentiate]
fn value(e: &Expr, x: f64) -> f64 {
    match e {
        Expr::Num(c) => *c,
        Expr::Var => x,
        Expr::Neg(a) => -value(a, x),
        Expr::Add(a, b) => value(a, x) + value(b, x),
        Expr::Mul(a, b) => value(a, x) * value(b, x),
        Expr::Pow { base, n } => value(base, x).powi(*n),
    }
}

#[differentiate]
fn polynomial(c: &[f64]) -> Expr {
    let mut sum = Expr::Num(c[0]);
    for (n, c) in c.iter().enumerate().skip(1) {
        let power = Expr::Pow {
            base: Box::new(Expr::Var),
            n: n as i32,
        };
        let term = Expr::Mul(Box::new(Expr::Num(*c)), Box::new(power));
        sum = Expr::Add(Box::new(sum), Box::new(Expr::Neg(Box::new(term))));
    }
    sum
}

#[differentiate]
fn slope(x: &[f64]) -> f64 {
    let p: Expr = polynomial(&x[1..]);
    let derived: Expr = p.derived();
    derived.eval(x[0]) + value(&p, x[0])
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Node {
    value: f64,
    next: Option<Box<Node>>,
}

#[differentiate]
fn sum(n: &Node) -> f64 {
    match &n.next {
        Some(next) => n.value + sum(next),
        None => n.value,
    }
}

#[differentiate]
fn chain(x: &[f64]) -> f64 {
    let mut node = Node {
        value: 1.0,
        next: None,
    };
    for v in x {
        node = Node {
            value: v.sin() * node.value,
            next: Some(Box::new(node)),
        };
    }
    sum(&node)
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Gain {
    k: f64,
}

#[differentiate(self)]
impl Gain {
    fn times(&self, x: f64) -> f64 {
        self.k * x
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Stage {
    gain: Box<Gain>,
    offset: f64,
}

#[differentiate]
fn through(stage: &Stage, x: f64) -> f64 {
    stage.gain.k.sin() + stage.offset * stage.gain.times(x)
}

#[differentiate]
fn stages(x: &[f64]) -> f64 {
    let mut gain = Box::new(Gain { k: x[0] });
    gain.k *= x[1];
    let first = gain.times(2.0);
    let stage = Stage {
        gain,
        offset: x[0] * first,
    };
    through(&stage, x[1])
}

/// The ways to look into a box.
#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Form {
    Num(f64),
    Pair(Box<Form>, Box<Form>),
}

#[differentiate(self)]
impl Form {
    fn product(&self) -> f64 {
        match *self {
            Form::Num(c) => c,
            Form::Pair(ref a, ref b) => (**a).product() * b.as_ref().product(),
        }
    }

    fn sum(&self) -> f64 {
        match &self {
            Form::Num(c) => *c,
            Form::Pair(a, b) => {
                let (left, right) = (&**a, b);
                left.sum() + right.sum()
            }
        }
    }

    fn leaf(&self) -> f64 {
        match self {
            Form::Pair(a, _) => match a.as_ref() {
                Form::Num(c) => *c,
                other => other.leaf(),
            },
            Form::Num(c) => *c,
        }
    }

    fn pair(a: Form, b: Form) -> Form {
        Form::Pair(Box::new(a), Box::new(b))
    }
}

#[differentiate]
fn forms(x: &[f64]) -> f64 {
    let inner = Form::pair(Form::Num(x[0] * x[1]), Form::Num(2.0));
    let form = Form::pair(Form::Num(x[0]), inner);
    form.product() + form.sum().sin() + form.leaf()
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Tree {
    value: f64,
    left: Option<Box<Tree>>,
    right: Option<Box<Tree>>,
}

#[differentiate(self)]
impl Tree {
    fn new(value: f64) -> Self {
        Tree {
            value,
            left: None,
            right: None,
        }
    }

    fn total(&self) -> f64 {
        let left = self.left.as_ref().map_or(0.0, |t| t.total());
        let right = if let Some(t) = &self.right {
            t.total()
        } else {
            0.0
        };
        self.value + left * right + left
    }

    fn with_both(mut self, left: Tree, right: Tree) -> Self {
        self.left = Some(Box::new(left));
        self.right = Some(Box::new(right));
        self
    }
}

#[differentiate]
fn grown(x: &[f64]) -> f64 {
    let tree: Tree = Tree::new(x[0]).with_both(Tree::new(x[0] * x[1]), Tree::new(x[1]));
    tree.total()
}

tests::checks! {
    expressions: |x| slope(x), [0.7, 1.5, -0.4, 2.0, 0.3];
    lists: |x| chain(x), [0.7, 1.5, -0.4];
    fields: |x| stages(x), [0.7, 1.5];
    looked_into: |x| forms(x), [0.7, 1.5];
    trees: |x| grown(x), [0.7, 1.5];
}

/// Of a tree that is given: the gradient is a tree.
#[test]
fn gradients_are_boxed_as_values_are() {
    let number = |c| Box::new(Expr::Num(c));
    let e = Expr::Add(
        number(2.0),
        Box::new(Expr::Mul(number(3.0), Box::new(Expr::Var))),
    );
    let (value, (by_e, by_x)) = value::value_and_grad(&e, 5.0);
    assert_eq!((value, by_x), (17.0, 3.0));
    assert_eq!(by_e, e.eval_grad(5.0).0);
    let ExprTangent::Add(a, b) = by_e else {
        panic!("a sum has the gradient of a sum");
    };
    assert_eq!(*a, ExprTangent::Num(1.0));
    assert!(matches!(*b, ExprTangent::Mul(c, _) if *c == ExprTangent::Num(5.0)));
}
