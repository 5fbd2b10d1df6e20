//! The computation graph of a function, for `f::graph()`: what carries a derivative, and how it flows.
//!
//! *In*: the lowered function and its activity. *Out*: nodes in the order of the program, each after its inputs; branches and loops are groups.
//!
//! ```text
//! let z = w * x + b        n0 `w`   n1 `b`   n2 `t1 = w * x` from n0   n3 `z = t1 + b` from n1, n2
//! ```
//!
//! What only hands a value on is no node. A list is the node that wrote to it last, and the body of a loop is drawn once.

mod label;
pub mod operations;

use crate::analysis::activity::Activity;
use crate::ir::visit::{children, own_mentions, result_vars, written_args};
use crate::ir::{Block, Function, Operand, ParamMode, Place, Rhs, Stmt, VarId};
use label::Labels;
use std::collections::{BTreeMap, BTreeSet};

/// What is drawn.
#[derive(Default)]
pub struct Graph {
    /// Each after its inputs.
    pub nodes: Vec<Node>,
    /// Branches and loops, each after what it is in.
    pub groups: Vec<Group>,
    /// How much the function computes.
    pub operations: usize,
    /// The variables that nodes bind, and the labels of these.
    pub labels: BTreeMap<VarId, String>,
}

/// An input, an operation or an output.
pub struct Node {
    pub label: String,
    pub kind: Kind,
    /// Nodes before this one.
    pub inputs: BTreeSet<usize>,
    pub group: Option<usize>,
}

/// A branch or loop.
pub struct Group {
    pub label: String,
    /// What it is in.
    pub group: Option<usize>,
}

/// What a node is.
#[derive(Clone, Copy)]
pub enum Kind {
    Input,
    Operation,
    Output,
}

/// The graph of a function.
pub fn of(function: &Function, activity: &Activity) -> Graph {
    let mut builder = Builder {
        function,
        activity,
        labels: Labels::of(function),
        graph: Graph::default(),
        at: BTreeMap::new(),
        group: None,
    };
    builder.inputs();
    builder.block(&function.body);
    builder.outputs();
    builder.graph.operations = operations::count(function, &[&function.body]);
    builder.graph
}

struct Builder<'a> {
    function: &'a Function,
    activity: &'a Activity,
    labels: Labels<'a>,
    graph: Graph,
    /// The node that each root has its value from.
    at: BTreeMap<VarId, usize>,
    group: Option<usize>,
}

impl Builder<'_> {
    fn inputs(&mut self) {
        for param in self.function.params.iter().filter(|p| p.active) {
            let name = self.function.var(param.var).ident.to_string();
            let node = self.node(name, Kind::Input, BTreeSet::new());
            self.at.insert(param.var, node);
        }
    }

    fn outputs(&mut self) {
        let result = self.function.result.as_ref().and_then(Operand::as_var);
        let result = result.map(|var| ("result".to_owned(), var));
        let params = self.function.params.iter();
        let changed = params.filter(|p| p.active && p.mode == ParamMode::RefMut);
        let changed = changed.map(|p| (self.function.var(p.var).ident.to_string(), p.var));
        let outputs: Vec<(String, VarId)> = result.into_iter().chain(changed).collect();
        for (label, var) in outputs {
            let inputs = self.sources([var]);
            if !inputs.is_empty() {
                self.node(label, Kind::Output, inputs);
            }
        }
    }

    fn node(&mut self, label: String, kind: Kind, inputs: BTreeSet<usize>) -> usize {
        let group = self.group;
        self.graph.nodes.push(Node {
            label,
            kind,
            inputs,
            group,
        });
        self.graph.nodes.len() - 1
    }

    fn root(&self, var: VarId) -> VarId {
        self.function.resolve(&Place::var(var)).root
    }

    /// The nodes that these variables have their values from.
    fn sources(&self, vars: impl IntoIterator<Item = VarId>) -> BTreeSet<usize> {
        let nodes = vars.into_iter().filter_map(|v| self.at.get(&self.root(v)));
        nodes.copied().collect()
    }

    fn read_by(&self, stmt: &Stmt) -> BTreeSet<usize> {
        let mut vars = Vec::new();
        own_mentions(stmt, &mut |v| vars.push(v));
        self.sources(vars)
    }

    fn block(&mut self, block: &Block) {
        block.stmts.iter().for_each(|stmt| self.stmt(stmt));
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::Let { var, rhs } => self.binding(stmt, *var, rhs),
            Stmt::Assign { place, .. } if place.path.is_empty() => self.handed_on(stmt, place.root),
            Stmt::Assign { place, .. }
            | Stmt::Update { place, .. }
            | Stmt::Push { place, .. }
            | Stmt::Truncate { place, .. } => self.written(stmt, &[place.root]),
            Stmt::Swap(a, b) => self.written(stmt, &[a.root, b.root]),
            Stmt::Call { results, call } => {
                let changed = written_args(call).into_iter().map(|place| place.root);
                let to: Vec<VarId> = result_vars(results).into_iter().chain(changed).collect();
                self.written(stmt, &to);
            }
            Stmt::If { cond, then, els } => self.branch(cond, then, els),
            Stmt::For { .. } | Stmt::While { .. } => {
                let label = self.labels.head(stmt);
                self.in_group(label, |builder| {
                    children(stmt).into_iter().for_each(|b| builder.block(b));
                });
            }
            Stmt::Declare(_) | Stmt::Effect(_) | Stmt::Derived(_) => {}
        }
    }

    fn binding(&mut self, stmt: &Stmt, var: VarId, rhs: &Rhs) {
        self.labels.bind(var, rhs);
        match rhs {
            Rhs::Use(_) | Rhs::Read(_) | Rhs::Clone { .. } | Rhs::Cast(..) | Rhs::Borrow { .. } => {
                self.handed_on(stmt, var);
            }
            _ => self.written(stmt, &[var]),
        }
    }

    /// A value under another name; one without derivative, if it has no source.
    fn handed_on(&mut self, stmt: &Stmt, to: VarId) {
        let value = match stmt {
            Stmt::Assign { value, .. } => self.sources(value.as_var()),
            other => self.read_by(other),
        };
        let to = self.root(to);
        match value.first() {
            Some(source) if self.activity.is_active(to) => self.at.insert(to, *source),
            _ => self.at.remove(&to),
        };
    }

    /// An operation that gives these variables their values, if they carry a derivative.
    fn written(&mut self, stmt: &Stmt, to: &[VarId]) {
        let to = to.iter().map(|v| self.root(*v));
        let to: Vec<VarId> = to.filter(|v| self.activity.is_active(*v)).collect();
        let inputs = self.read_by(stmt);
        if to.is_empty() || inputs.is_empty() {
            return;
        }
        let label = self.labels.text(stmt);
        if let Stmt::Let { var, .. } = stmt {
            self.graph.labels.insert(*var, label.clone());
        }
        let node = self.node(label, Kind::Operation, inputs);
        self.at.extend(to.into_iter().map(|v| (v, node)));
    }

    /// Both arms, and what comes out of either.
    fn branch(&mut self, cond: &Operand, then: &Block, els: &Block) {
        let cond = self.labels.operand(cond);
        let before = self.at.clone();
        self.in_group(format!("if {cond}"), |builder| builder.block(then));
        let first = std::mem::replace(&mut self.at, before);
        self.in_group("else".to_owned(), |builder| builder.block(els));
        for (var, node) in first {
            match self.at.get(&var) {
                Some(other) if *other != node => {
                    let label = self.function.var(var).ident.to_string();
                    let either = self.node(label, Kind::Operation, [node, *other].into());
                    self.at.insert(var, either);
                }
                Some(_) => {}
                None => {
                    self.at.insert(var, node);
                }
            }
        }
    }

    /// A group, if there is anything in it.
    fn in_group(&mut self, label: String, inside: impl FnOnce(&mut Self)) {
        let (nodes, groups) = (self.graph.nodes.len(), self.graph.groups.len());
        let group = self.group;
        self.graph.groups.push(Group { label, group });
        self.group = Some(groups);
        inside(self);
        self.group = group;
        if self.graph.nodes.len() == nodes {
            self.graph.groups.truncate(groups);
        }
    }
}
