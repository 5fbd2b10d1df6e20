//! Values that are not plain numbers: structs, tuples, closures; a `match`.

use super::Writer;

/// What the functions use, in both versions.
pub const ITEMS: &str = "
#[derive(Clone, Copy)]
pub struct Pair<F> { pub p: F, pub q: F }
";

impl Writer {
    pub fn record(&mut self) {
        let (p, q) = (self.tame(), self.tame());
        let name = self.name("r");
        self.line(&format!("let mut {name} = Pair {{ p: {p}, q: {q} }};"));
        self.records.push(name);
    }

    pub fn update_record(&mut self) {
        if self.records.is_empty() {
            return self.record();
        }
        let list = self.records.clone();
        let record = self.one_of(list);
        let value = self.tame();
        match self.below(4) {
            0 => self.line(&format!("{record}.p = {value};")),
            1 => self.line(&format!("{record}.q *= {value};")),
            2 => self.line(&format!("{record} = Pair {{ q: {value}, ..{record} }};")),
            _ => {
                let [p, q] = ["s", "s"].map(|hint| self.name(hint));
                self.line(&format!("let Pair {{ p: {p}, q: {q} }} = {record};"));
                self.scalars.extend([p, q]);
            }
        }
    }

    pub fn tuple(&mut self) {
        let (e, f) = (self.tame(), self.tame());
        let [a, b] = ["m", "s"].map(|hint| self.name(hint));
        self.line(&format!("let (mut {a}, {b}) = ({e}, {f});"));
        self.mutables.push(a);
        self.scalars.push(b);
    }

    /// A closure that captures what its body mentions, called twice.
    pub fn closure(&mut self) {
        let [f, s] = ["f", "s"].map(|hint| self.name(hint));
        let (inside, e, g) = (self.tame(), self.tame(), self.tame());
        self.line(&format!("let {f} = |t: @F| (t * {inside}).sin() + t;"));
        self.line(&format!("let {s} = {f}({e}) * {f}({g});"));
        self.scalars.push(s);
    }

    pub fn choice(&mut self) {
        let at = self.position();
        let (e, f, g) = (self.tame(), self.tame(), self.tame());
        let condition = self.condition();
        let name = self.name("s");
        self.line(&format!("let {name} = match {at} % 4 {{"));
        self.line(&format!("    0 => {e},"));
        self.line(&format!("    1 | 2 if {condition} => {f},"));
        self.line(&format!("    _ => {g},"));
        self.line("};");
        self.scalars.push(name);
    }
}
