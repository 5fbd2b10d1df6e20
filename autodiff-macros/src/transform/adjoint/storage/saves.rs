//! What is overwritten after the reverse part's loads: recorded before it is overwritten, put back by its reverse.
//!
//! A walk in the order of execution keeps the set of roots that something before loads again in its reverse; a write to one of
//! them is saved. Loops are walked twice: what the end of an iteration needs, the next one may overwrite, other than in
//! [`portions`](super::portions) of its own.

use super::super::pair::{Node, NodeKind, Pair};
use super::portions::in_portions;
use crate::ir::visit::{declared, own_writes, places_read_again};
use crate::ir::{
    Arg, Asked, Derived, DerivedStmt, Function, Operand, Place, Proj, Rhs, Stmt, Ty, VarId, VarKind,
};
use proc_macro2::Span;
use std::collections::{BTreeMap, BTreeSet};

/// Which leaves save what they overwrite.
#[derive(Default)]
pub struct Saves {
    /// By node and by the position among the places that it writes.
    saved: BTreeMap<(usize, usize), Save>,
}

/// A place, and the variable that keeps what it held.
struct Save {
    old: VarId,
    place: Place,
}

impl Saves {
    /// Adds the saves that these loads (the number of a node and what it loads again) call for. Was there a new one?
    pub fn extend(
        &mut self,
        function: &mut Function,
        pair: &Pair,
        loads: &BTreeSet<(usize, VarId)>,
    ) -> bool {
        let mut walk = Walk {
            function,
            loads,
            needed: BTreeSet::new(),
            found: BTreeMap::new(),
        };
        walk.pair(pair);
        let found = walk.found;
        let before = self.saved.len();
        for (at, (place, asked)) in found {
            self.saved.entry(at).or_insert_with(|| {
                let ty = function.place_ty(&place);
                let old = function.fresh("old", Span::mixed_site(), ty, VarKind::Value);
                function.asked.extend(asked.map(|a| (old, a)));
                Save { old, place }
            });
        }
        self.saved.len() > before
    }

    /// Is all that the function does to the root put back in the end?
    pub fn undoes(&self, function: &Function, pair: &Pair, root: VarId) -> bool {
        let undone = |node: &Node| {
            let inside = node
                .pairs()
                .into_iter()
                .all(|p| self.undoes(function, p, root));
            let own = node.forward().iter().all(|stmt| {
                let written = own_writes(stmt).into_iter().enumerate();
                let mut mine = written.filter(|(_, p)| function.resolve(p).root == root);
                let swap = matches!(stmt, Stmt::Swap(..));
                mine.all(|(k, _)| {
                    self.saved
                        .contains_key(&(node.id, if swap { 0 } else { k }))
                })
            });
            inside && own
        };
        pair.nodes.iter().all(undone)
    }

    /// The pair with the saves in it.
    pub fn applied(&self, pair: &Pair) -> Pair {
        let nodes = pair.nodes.iter().map(|n| self.node(n)).collect();
        Pair { nodes }
    }

    fn node(&self, node: &Node) -> Node {
        let mut node = node.clone();
        for pair in node.pairs_mut() {
            *pair = self.applied(pair);
        }
        if let NodeKind::Leaf { fwd, rev } = &mut node.kind {
            let mine = self.saved.range((node.id, 0)..(node.id + 1, 0));
            mine.for_each(|(_, save)| instrument(save, fwd, rev));
        }
        node
    }
}

/// Makes a leaf save the place that it writes, and its reverse put it back.
fn instrument(save: &Save, fwd: &mut Vec<Stmt>, rev: &mut Vec<Stmt>) {
    let Save { old, place } = save;
    let Some(at) = fwd.iter().position(|s| !own_writes(s).is_empty()) else {
        return;
    };
    let restore = Stmt::Assign {
        place: place.clone(),
        value: Operand::Var(*old),
    };
    let keep = |rhs| Stmt::Let { var: *old, rhs };
    match fwd[at].clone() {
        Stmt::Assign { place, value } => {
            fwd[at] = keep(Rhs::Derived(Derived::Replace { place, value }));
            rev.insert(0, restore);
        }
        Stmt::Update { place, .. } => {
            fwd.insert(at, keep(Rhs::Derived(Derived::Save(place))));
            rev.insert(0, restore);
        }
        Stmt::Push { .. } => {
            let pop = DerivedStmt::PopPrimal(place.clone());
            rev.insert(0, Stmt::Derived(pop));
        }
        Stmt::Swap(a, b) => rev.insert(0, Stmt::Swap(a, b)),
        Stmt::Derived(DerivedStmt::CallForward { .. }) => {
            fwd.insert(at, keep(Rhs::Derived(Derived::Save(place.clone()))));
            rev.push(restore);
        }
        _ => {
            fwd.insert(at, keep(Rhs::Derived(Derived::Save(place.clone()))));
            rev.insert(0, restore);
        }
    }
}

struct Walk<'a> {
    function: &'a Function,
    loads: &'a BTreeSet<(usize, VarId)>,
    needed: BTreeSet<VarId>,
    /// What is saved, and the function that may put it back itself.
    found: BTreeMap<(usize, usize), (Place, Option<Asked>)>,
}

impl Walk<'_> {
    fn pair(&mut self, pair: &Pair) {
        for node in &pair.nodes {
            self.node(node);
            let mine = |(id, _): &&(usize, VarId)| *id == node.id;
            let loads = self.loads.iter().filter(mine);
            self.needed.extend(loads.map(|(_, root)| *root));
        }
    }

    fn node(&mut self, node: &Node) {
        match &node.kind {
            NodeKind::Leaf { fwd, rev } => self.leaf(node.id, fwd, rev),
            NodeKind::If { then, els, .. } => {
                let before = self.needed.clone();
                self.pair(then);
                let after = std::mem::replace(&mut self.needed, before);
                self.pair(els);
                self.needed.extend(after);
            }
            NodeKind::For { var, body, .. } => self.repeated(body, Some(*var)),
            NodeKind::While { body, .. } => self.repeated(body, None),
        }
    }

    /// What an iteration loads again, the next ones may overwrite, unless each has a portion of its own.
    fn repeated(&mut self, body: &Pair, index: Option<VarId>) {
        let before = self.needed.clone();
        self.pair(body);
        let loaded = self.needed.difference(&before).copied().collect();
        let apart = index.map(|index| in_portions(self.function, index, body, loaded));
        let apart = apart.unwrap_or_default();
        self.needed.extend(before.iter().copied());
        self.needed.retain(|root| !apart.contains(root));
        self.pair(body);
        self.needed.extend(before.iter().chain(&apart));
    }

    fn leaf(&mut self, id: usize, fwd: &[Stmt], rev: &[Stmt]) {
        for stmt in fwd {
            let places = own_writes(stmt);
            let places: Vec<Place> = places.iter().map(|p| self.whole(p)).collect();
            if matches!(stmt, Stmt::Swap(..)) {
                self.swap(id, places);
            } else {
                let needed = |p: &Place| self.needed.contains(&p.root);
                let places = places.into_iter().enumerate().filter(|(_, p)| needed(p));
                let places = places.map(|(k, p)| ((id, k), (p, lent_to(stmt, k))));
                self.found.extend(places);
            }
            for v in declared(stmt) {
                self.needed.remove(&v);
            }
        }
        let again = rev.iter().flat_map(places_read_again);
        self.needed.extend(again.map(|p| p.root));
    }

    fn swap(&mut self, id: usize, places: Vec<Place>) {
        let needed = |p: &Place| self.needed.contains(&p.root);
        if places.iter().any(needed) {
            self.needed.extend(places.iter().map(|p| p.root));
            let first = places.into_iter().next();
            self.found.extend(first.map(|p| ((id, 0), (p, None))));
        }
    }

    /// The resolved place; what user code may change in a variable of reference type is behind the reference.
    fn whole(&self, place: &Place) -> Place {
        let place = self.function.resolve(place);
        let reference = matches!(self.function.var(place.root).ty, Ty::Ref(..));
        if reference && place.path.is_empty() {
            return place.then(Proj::Deref);
        }
        place
    }
}

/// The function that a place is lent to, to be changed: the `k`-th of those.
fn lent_to(stmt: &Stmt, k: usize) -> Option<Asked> {
    let Stmt::Derived(DerivedStmt::CallForward { call, .. }) = stmt else {
        return None;
    };
    let args = call.args.iter().enumerate();
    let mut lent = args.filter(|(_, arg)| matches!(arg, Arg::RefMut(_)));
    Asked::of(call, lent.nth(k)?.0)
}
