//! A block with its reverse beside it: what [`reverse`](super::reverse) builds and [`storage`](super::storage) turns into two programs.
//!
//! The reverse statements mention values of the forward ones freely, as if both stood in one scope; how each value gets there is decided
//! afterwards.

use crate::ir::{Block, Operand, Range, Stmt, VarId};

/// A block and its reverse.
#[derive(Clone, Debug, Default)]
pub struct Pair {
    /// In forward order; the reverse runs from the last node to the first.
    pub nodes: Vec<Node>,
}

/// A step of a [`Pair`].
#[derive(Clone, Debug)]
pub struct Node {
    /// Its number, in the order of the text.
    pub id: usize,
    /// Reverse statements that run before the reverse of what is inside `kind`.
    pub before: Vec<Stmt>,
    /// What it is.
    pub kind: NodeKind,
}

/// What a [`Node`] is.
#[derive(Clone, Debug)]
pub enum NodeKind {
    /// Statements without blocks, and what undoes them. The reverse statements are in the order of their execution.
    Leaf {
        /// Forward.
        fwd: Vec<Stmt>,
        /// Reverse.
        rev: Vec<Stmt>,
    },
    /// A branch.
    If {
        /// A `bool`.
        cond: Operand,
        /// Where true.
        then: Pair,
        /// Where false.
        els: Pair,
    },
    /// A counted loop.
    For {
        /// The index.
        var: VarId,
        /// What it runs over.
        range: Range,
        /// The body.
        body: Pair,
        /// Ends the loop early.
        exit: Option<VarId>,
    },
    /// Any other loop.
    While {
        /// Evaluated before every iteration; has no reverse.
        cond_block: Block,
        /// A value of `cond_block`.
        cond: Operand,
        /// The body.
        body: Pair,
    },
}

impl Node {
    /// Forward statements and what undoes them.
    pub fn leaf(fwd: Vec<Stmt>, rev: Vec<Stmt>) -> Self {
        let before = Vec::new();
        let kind = NodeKind::Leaf { fwd, rev };
        Self {
            id: 0,
            before,
            kind,
        }
    }

    /// The pairs inside.
    pub fn pairs(&self) -> Vec<&Pair> {
        match &self.kind {
            NodeKind::Leaf { .. } => Vec::new(),
            NodeKind::If { then, els, .. } => vec![then, els],
            NodeKind::For { body, .. } | NodeKind::While { body, .. } => vec![body],
        }
    }

    /// The forward statements of a leaf.
    pub fn forward(&self) -> &[Stmt] {
        match &self.kind {
            NodeKind::Leaf { fwd, .. } => fwd,
            _ => &[],
        }
    }

    /// The pairs inside.
    pub fn pairs_mut(&mut self) -> Vec<&mut Pair> {
        match &mut self.kind {
            NodeKind::Leaf { .. } => Vec::new(),
            NodeKind::If { then, els, .. } => vec![then, els],
            NodeKind::For { body, .. } | NodeKind::While { body, .. } => vec![body],
        }
    }
}

impl Pair {
    /// Numbers all nodes from `next` on; gives back the next free number.
    pub fn number(&mut self, mut next: usize) -> usize {
        for node in &mut self.nodes {
            node.id = next;
            next += 1;
            for pair in node.pairs_mut() {
                next = pair.number(next);
            }
        }
        next
    }
}
