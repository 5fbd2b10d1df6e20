//! Numbers: where they come from, and what is computed from them. Sizes are tracked, so that nothing grows beyond measure, and arguments
//! are squeezed into the domains of the rules.

use super::shape::Shape;
use super::writer::{Known, LARGE, Writer, boolean, float, int};
use crate::analysis::activity::is_arithmetic;
use crate::ir::{Arg, FloatTy, Op, Operand, Place, Proj, Rhs, Ty};
use crate::rules::{RULES, RuleId, find};

impl Writer<'_> {
    /// Some number that is there: a constant, a value, a part of something.
    pub fn real(&mut self) -> Operand {
        if self.random.chance(8) {
            return self.constant();
        }
        let memory = |k: &Known| k.shape.is_real() && (k.mutable || k.shape != Shape::Real);
        let from_memory = self.random.chance(45).then(|| self.one(memory)).flatten();
        if let Some(value) = from_memory.and_then(|at| self.load(at)) {
            return value;
        }
        let value = |k: &Known| k.shape == Shape::Real && !k.mutable && !k.reference;
        match self.one(value) {
            Some(at) => Operand::Var(self.known[at].var),
            None => self.constant(),
        }
    }

    /// A float literal.
    pub fn constant(&mut self) -> Operand {
        let tenths = self.random.below(40) as f64 - 20.0;
        float(tenths / 8.0)
    }

    /// Reads a number from a variable.
    pub fn load(&mut self, at: usize) -> Option<Operand> {
        let (place, ty) = self.part(at, &Shape::Real)?;
        Some(self.scalar(Rhs::Read(place), ty, LARGE))
    }

    /// The place of some part of this type in a variable, and what is known of the type.
    pub fn part(&mut self, at: usize, shape: &Shape) -> Option<(Place, Ty)> {
        let known = self.known[at].clone();
        let mut place = self.place(&known);
        let mut here = known.shape.clone();
        let mut outermost = true;
        while here != *shape {
            (place, here) = match here {
                Shape::Tuple(parts) => {
                    let fits = |k: &usize| contains(&parts[*k], shape);
                    let all: Vec<usize> = (0..parts.len()).filter(fits).collect();
                    let k = *self.random.pick(&all)?;
                    let field = Proj::Field(syn::Member::from(k));
                    (place.then(field), parts[k].clone())
                }
                Shape::Array(..) | Shape::Vec(_) | Shape::Slice(_) => {
                    let element = here.element()?.clone();
                    let index = if outermost {
                        self.index(&place, &known)
                    } else {
                        self.wrapped_index(&place)
                    };
                    (place.then(Proj::Index(index)), element)
                }
                Shape::Real | Shape::Int => return None,
            };
            outermost = false;
        }
        let ty = self.function.place_ty(&self.function.resolve(&place));
        Some((place, ty))
    }

    /// An index into the list that a variable is.
    fn index(&mut self, place: &Place, known: &Known) -> Operand {
        let bound = |l: &&super::writer::Loop| l.length == Some(known.length);
        let fitting = self.loops.iter().rev().find(bound).cloned();
        let fitting = fitting.filter(|_| self.random.chance(75));
        if let Some((var, here)) = fitting.and_then(|l| l.index.map(|v| (v, l))) {
            let name = self.function.var(var).ident.to_string();
            if here.above && self.random.chance(40) {
                return self.integer(&format!("{name} + 1"), &[var]);
            }
            if here.below && self.random.chance(40) {
                return self.integer(&format!("{name} - 1"), &[var]);
            }
            return Operand::Var(var);
        }
        if self.random.chance(40) {
            return int(self.random.below(known.least));
        }
        self.wrapped_index(place)
    }

    /// An index that is made to fit.
    pub fn wrapped_index(&mut self, place: &Place) -> Operand {
        let any = self.some_int();
        let len = self.scalar(Rhs::Len(place.clone()), Ty::Int, 0.0);
        let text = format!("{} % {}", self.text(&any), self.text(&len));
        let uses: Vec<_> = any.as_var().into_iter().chain(len.as_var()).collect();
        self.integer(&text, &uses)
    }

    /// Some small integer.
    pub fn some_int(&mut self) -> Operand {
        let mut indices = Vec::new();
        indices.extend(self.loops.iter().filter_map(|l| l.index));
        if !indices.is_empty() && self.random.chance(50) {
            return Operand::Var(indices[self.random.below(indices.len())]);
        }
        let memory = |k: &Known| contains(&k.shape, &Shape::Int);
        let known = self.random.chance(40).then(|| self.one(memory)).flatten();
        let known = known.and_then(|at| self.known_int(at));
        known.unwrap_or_else(|| int(self.random.below(5)))
    }

    fn known_int(&mut self, at: usize) -> Option<Operand> {
        if self.known[at].shape == Shape::Int && !self.known[at].mutable {
            return Some(Operand::Var(self.known[at].var));
        }
        let (place, _) = self.part(at, &Shape::Int)?;
        Some(self.scalar(Rhs::Read(place), Ty::Int, 0.0))
    }

    /// An integer computed from others, small again.
    pub fn computed_int(&mut self) -> Operand {
        let (a, b) = (self.some_int(), self.some_int());
        let uses: Vec<_> = a.as_var().into_iter().chain(b.as_var()).collect();
        let (a, b) = (self.text(&a), self.text(&b));
        let text = match self.random.below(5) {
            0 => format!("({a} + {b}) % 7"),
            1 => format!("({a} * {b} + 1) % 5"),
            2 => format!("({a}).max({b})"),
            3 => format!("({a}).min({b} + 1)"),
            _ => format!("(3 * {a} + 2) % 5"),
        };
        self.integer(&text, &uses)
    }

    /// A bound of the size of a number.
    pub fn size(&self, operand: &Operand) -> f64 {
        let var = operand.as_var();
        let known = self.known.iter().find(|k| Some(k.var) == var);
        known.map_or(3.0, |k| k.size)
    }

    fn op(&mut self, op: Op, args: Vec<Operand>, size: f64) -> Operand {
        let types: Vec<Ty> = args
            .iter()
            .map(|a| self.function.operand_ty(a).clone())
            .collect();
        let ty = match types.as_slice() {
            [Ty::Float(FloatTy::Literal) | Ty::Unknown, b @ Ty::Float(_)] => b.clone(),
            [a, ..] => a.clone(),
            [] => Ty::Unknown,
        };
        if self.random.chance(85) || !is_arithmetic(op) || op == Op::Rem {
            return self.scalar(Rhs::Op(op, args), ty, size);
        }
        let ty = if self.random.chance(50) {
            Ty::Unknown
        } else {
            ty
        };
        let args = args.into_iter().map(Arg::Value).collect();
        self.scalar(Rhs::Dispatch { op, args }, ty, size)
    }

    /// An operator by the types, one operand lent.
    fn lent_operation(&mut self, op: Op, y: Operand) -> Option<Operand> {
        let memory = |k: &Known| k.shape.is_real() && (k.mutable || k.shape != Shape::Real);
        let at = self.one(memory)?;
        let (place, ty) = self.part(at, &Shape::Real)?;
        let y = self.positive(y, 0.5);
        let mut args = vec![Arg::Ref(place), Arg::Value(y)];
        if op != Op::Div && self.random.chance(50) {
            args.reverse();
        }
        Some(self.scalar(Rhs::Dispatch { op, args }, ty, 9.5 * LARGE))
    }

    /// A rule by name.
    pub fn rule(&mut self, name: &str, args: Vec<Operand>, size: f64) -> Operand {
        let ty = match self.function.operand_ty(&args[0]) {
            Ty::Float(FloatTy::Literal) => Ty::Float(FloatTy::F64),
            other => other.clone(),
        };
        let Some(rule) = find(name, args.len()) else {
            return args[0].clone();
        };
        let path = None;
        self.scalar(Rhs::Rule { rule, path, args }, ty, size)
    }

    /// A number of at most this size, made of this one.
    pub fn damped(&mut self, x: Operand, size: f64) -> Operand {
        if self.size(&x) <= size {
            return x;
        }
        if size < 1.0 {
            let small = self.rule("sin", vec![x], 1.0);
            return self.op(Op::Mul, vec![small, float(size)], size);
        }
        match self.random.below(4) {
            0 => self.rule("sin", vec![x], 1.0),
            1 => self.rule("cos", vec![x], 1.0),
            2 => {
                let square = self.op(Op::Mul, vec![x.clone(), x.clone()], 1.0);
                let below = self.op(Op::Add, vec![square, float(1.25)], 1.0);
                self.op(Op::Div, vec![x, below], 0.5)
            }
            _ if self.size(&x) <= 4.0 => self.rule("tanh", vec![x], 1.0),
            _ => self.rule("sin", vec![x], 1.0),
        }
    }

    /// A number between `least` and `least + 9`.
    pub fn positive(&mut self, x: Operand, least: f64) -> Operand {
        let x = self.damped(x, 3.0);
        let square = self.op(Op::Mul, vec![x.clone(), x], 9.0);
        self.op(Op::Add, vec![square, float(least)], 9.0 + least)
    }

    /// A new number.
    pub fn expression(&mut self) -> Operand {
        let x = self.real();
        match self.random.below(12) {
            0..=6 => self.arithmetic(x),
            7 => {
                let k = self.some_int();
                let ty = syn::parse_quote!(f64);
                let rhs = Rhs::Cast(k, ty);
                self.scalar(rhs, Ty::Float(FloatTy::F64), LARGE)
            }
            _ => {
                let rule = RuleId(self.random.below(RULES.len()));
                self.random_rule(rule, x)
            }
        }
    }

    fn arithmetic(&mut self, x: Operand) -> Operand {
        let y = self.real();
        let (a, b) = (self.size(&x), self.size(&y));
        if self.random.chance(10) {
            let op = [Op::Add, Op::Sub, Op::Mul, Op::Div][self.random.below(4)];
            if let Some(result) = self.lent_operation(op, y.clone()) {
                return self.kept(result);
            }
        }
        match self.random.below(9) {
            0 | 1 => {
                let sum = self.op(Op::Add, vec![x, y], a + b);
                self.kept(sum)
            }
            2 => {
                let difference = self.op(Op::Sub, vec![x, y], a + b);
                self.kept(difference)
            }
            3..=5 => {
                let product = self.op(Op::Mul, vec![x, y], a * b);
                self.kept(product)
            }
            6 => {
                let below = self.positive(y, 0.5);
                self.op(Op::Div, vec![x, below], 2.0 * a)
            }
            7 => {
                let step = float(1.375);
                self.op(Op::Rem, vec![x, step], 1.375)
            }
            _ => self.op(Op::Neg, vec![x], a),
        }
    }

    fn kept(&mut self, x: Operand) -> Operand {
        if self.size(&x) > 60.0 || self.random.chance(15) {
            self.damped(x, 1.0)
        } else {
            x
        }
    }

    /// A rule of an argument that is squeezed into its domain.
    fn random_rule(&mut self, rule: RuleId, x: Operand) -> Operand {
        let name = rule.get().name;
        match rule.get().partials.len() {
            1 => self.unary_rule(name, x),
            2 => self.binary_rule(name, x),
            _ => {
                let y = self.real();
                let (y, z) = (self.damped(y, 1.0), self.real());
                let size = self.size(&x) + self.size(&z);
                if name == "mul_add" {
                    return self.rule(name, vec![x, y, z], size);
                }
                let w = self.positive(z, 0.25);
                let top = self.op(Op::Add, vec![y.clone(), w], 11.0);
                self.rule(name, vec![x, y, top], 11.0)
            }
        }
    }

    fn unary_rule(&mut self, name: &str, x: Operand) -> Operand {
        let (x, size) = match name {
            "tan" | "asin" | "acos" | "atanh" | "ln_1p" => (self.damped(x, 0.75), 2.5),
            "acosh" => (self.positive(x, 1.25), 3.1),
            "ln" | "log2" | "log10" | "sqrt" | "cbrt" | "recip" => (self.positive(x, 0.5), 3.3),
            "exp" | "exp2" | "exp_m1" | "sinh" | "cosh" | "tanh" => (self.damped(x, 2.0), 7.4),
            "to_degrees" => (self.damped(x, 0.75), 43.0),
            _ => {
                let size = self.size(&x) + 1.0;
                (x, size)
            }
        };
        self.rule(name, vec![x], size)
    }

    fn binary_rule(&mut self, name: &str, x: Operand) -> Operand {
        let y = self.real();
        match name {
            "log" => {
                let (x, base) = (self.positive(x, 0.5), self.positive(y, 1.5));
                self.rule(name, vec![x, base], 6.0)
            }
            "powi" => {
                let x = self.damped(x, 1.5);
                let (x, n) = match self.random.below(3) {
                    0 => (self.positive(x, 0.75), signed(-2)),
                    _ => (x, signed(self.random.below(4) as i64)),
                };
                self.rule(name, vec![x, n], 8.0)
            }
            "powf" => {
                let (x, y) = (self.damped(x, 1.5), self.damped(y, 1.5));
                let x = self.positive(x, 0.5);
                self.rule(name, vec![x, y], 8.0)
            }
            "hypot" | "atan2" => {
                let size = self.size(&x) + 10.0;
                let y = self.positive(y, 0.25);
                self.rule(name, vec![x, y], size)
            }
            "rem" | "rem_euclid" | "div_euclid" => {
                let size = 4.0 * self.size(&x) + 10.0;
                let y = self.positive(y, 0.375);
                self.rule(name, vec![x, y], size)
            }
            _ => {
                let size = self.size(&x) + self.size(&y);
                self.rule(name, vec![x, y], size)
            }
        }
    }

    /// A `bool`.
    pub fn condition(&mut self) -> Operand {
        match self.random.below(8) {
            0 => {
                let (a, b) = (self.some_int(), self.some_int());
                let op = [Op::Lt, Op::Eq, Op::Ge][self.random.below(3)];
                self.boolean(Rhs::Op(op, vec![a, b]))
            }
            1 => {
                let (a, b) = (self.condition(), self.condition());
                let op = [Op::And, Op::Or][self.random.below(2)];
                self.boolean(Rhs::Op(op, vec![a, b]))
            }
            2 => {
                let a = self.condition();
                self.boolean(Rhs::Op(Op::Not, vec![a]))
            }
            3 if self.random.chance(20) => boolean(self.random.chance(50)),
            3 if !self.flags.is_empty() => {
                let flag = self.flags[self.random.below(self.flags.len())];
                self.boolean(Rhs::Read(Place::var(flag)))
            }
            _ => {
                let (a, b) = (self.real(), self.real());
                let op = [Op::Lt, Op::Gt, Op::Le, Op::Ge][self.random.below(4)];
                self.boolean(Rhs::Op(op, vec![a, b]))
            }
        }
    }
}

/// An integer literal of any sign.
fn signed(n: i64) -> Operand {
    let Operand::Const(mut c) = int(n.unsigned_abs() as usize) else {
        return int(0);
    };
    if n < 0 {
        c.expr = syn::Expr::Unary(syn::ExprUnary {
            attrs: Vec::new(),
            op: syn::UnOp::Neg(Default::default()),
            expr: Box::new(c.expr),
        });
    }
    Operand::Const(c)
}

/// Is there a part of this type in it?
pub fn contains(whole: &Shape, part: &Shape) -> bool {
    whole == part
        || match whole {
            Shape::Tuple(parts) => parts.iter().any(|p| contains(p, part)),
            other => other.element().is_some_and(|e| contains(e, part)),
        }
}
