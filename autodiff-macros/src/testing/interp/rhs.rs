//! Right-hand sides.

use super::frame::{Frame, Target};
use super::number::Number;
use super::value::{Kind, Run, Value};
use super::{inert, scalar};
use crate::ir::{
    Aggregate, Arg, Derived, Op, Operand, Place, Rhs, Share, TangentOf, Ty, VarId, VarKind, Wins,
};
use crate::rules::{RULES, Rule};

impl<N: Number> Frame<'_, N> {
    /// The value of a right-hand side.
    pub fn rhs(&mut self, var: VarId, rhs: &Rhs) -> Run<Value<N>> {
        match rhs {
            Rhs::Use(o) => self.take(o),
            Rhs::Read(place) => self.take_place(place),
            Rhs::Clone { place, method } => self.clone_of(place, method == "clone"),
            Rhs::Op(op, args) => self.operator(*op, args),
            Rhs::Dispatch { op, args } => {
                let values = args
                    .iter()
                    .map(|a| self.shown(a))
                    .collect::<Run<Vec<_>>>()?;
                operator(*op, &values)
            }
            Rhs::Rule { rule, args, .. } => self.rule(rule.get(), args),
            Rhs::Cast(o, ty) => self.cast(o, ty),
            Rhs::Aggregate(kind, parts) => {
                let parts = parts
                    .iter()
                    .map(|p| self.take(p))
                    .collect::<Run<Vec<_>>>()?;
                aggregate(kind, parts)
            }
            Rhs::Repeat { vec, value, len } => {
                let len = self.index(len)?;
                let value = self.take(value)?;
                if !vec && !value.is_copy() {
                    return Err(format!("[{value:?}; {len}]"));
                }
                let kind = if *vec { Kind::Vec } else { Kind::Array };
                Ok(Value::List(kind, vec![value; len]))
            }
            Rhs::Borrow { mutable, place } => {
                let view = matches!(self.function.var(var).kind, VarKind::View { .. });
                if !view {
                    return Err(format!("`{}` holds a reference", self.name(var)));
                }
                self.alias(place, *mutable)
            }
            Rhs::Len(place) => {
                let found = self.locate(place)?;
                Ok(Value::Int(self.len(&found)? as i64))
            }
            Rhs::IsPresent(place) => {
                let found = self.locate(place)?;
                match self.read(&found)? {
                    Value::List(Kind::Option, parts) => Ok(Value::Bool(!parts.is_empty())),
                    other => Err(format!("{other:?} is no `Option`")),
                }
            }
            Rhs::Dimension { method, .. } => Err(format!("`{method}` of a list")),
            Rhs::Position { .. } => Err("an entry of a type of the user's".to_owned()),
            Rhs::Zeros(place) => {
                let found = self.locate(place)?;
                self.read(&found)?.zero()
            }
            Rhs::Inert(code) => inert::value(self, code),
            Rhs::Derived(derived) => self.derived(derived),
        }
    }

    fn clone_of(&mut self, place: &Place, clone: bool) -> Run<Value<N>> {
        let found = self.locate(place)?;
        match self.read(&found)? {
            Value::List(Kind::Slice, _) if clone => Err("a clone of a slice".to_owned()),
            Value::List(_, items) if !clone => Ok(Value::List(Kind::Vec, items)),
            value => Ok(value),
        }
    }

    fn cast(&mut self, operand: &Operand, ty: &syn::Type) -> Run<Value<N>> {
        let value = self.peek(operand)?;
        let syn::Type::Path(path) = ty else {
            return Err("a cast to this type".to_owned());
        };
        let float = path.path.is_ident("f64");
        Ok(match value {
            Value::Int(k) if float => Value::real(k as f64),
            Value::Real(x) if !float => Value::Int(x.value() as i64),
            Value::Bool(b) if !float => Value::Int(i64::from(b)),
            other => other,
        })
    }

    /// The numbers of operands, integers among them.
    fn scalars(&self, args: &[Operand]) -> Run<Vec<N>> {
        let scalar = |o: &Operand| match self.peek(o)? {
            Value::Real(x) => Ok(x),
            Value::Int(k) => Ok(N::lift(k as f64)),
            other => Err(format!("{other:?} as an argument of a scalar function")),
        };
        args.iter().map(scalar).collect()
    }

    fn rule(&mut self, rule: &Rule, args: &[Operand]) -> Run<Value<N>> {
        chain(rule, &self.scalars(args)?).map(Value::Real)
    }

    fn operator(&mut self, op: Op, args: &[Operand]) -> Run<Value<N>> {
        let values = args.iter().map(|o| self.peek(o)).collect::<Run<Vec<_>>>()?;
        operator(op, &values)
    }

    fn derived(&mut self, derived: &Derived) -> Run<Value<N>> {
        match derived {
            Derived::Zero(place) => {
                let found = self.locate(place)?;
                self.read(&found)?.zero()
            }
            Derived::Nothing => Ok(Value::Unit),
            Derived::ZeroScalar(_) => Ok(Value::real(0.0)),
            Derived::Partial { rule, arg, args } => {
                let (name, reads) = (rule.get().name, self.scalars(args)?);
                let slope = scalar::from_reads(name, *arg, &reads);
                let missing = || format!("no partial {arg} of `{name}` from {reads:?}");
                slope.map(Value::Real).ok_or_else(missing)
            }
            Derived::SecondPartial {
                rule,
                arg,
                read,
                args,
            } => {
                let reads = self.scalars(args)?.into_iter().map(Number::value);
                let (name, reads) = (rule.get().name, reads.collect::<Vec<f64>>());
                let slope = scalar::second_partial(name, *arg, *read, &reads);
                let missing = || format!("no partial {arg} of `{name}` from {reads:?}");
                slope.map(Value::real).ok_or_else(missing)
            }
            Derived::Series { rule, .. } => Err(format!(
                "the series of `{}` is not interpreted",
                rule.get().name
            )),
            Derived::Times(seed, slope, wins) => {
                let (seed, slope) = (self.peek(seed)?.as_real()?, self.peek(slope)?.as_real()?);
                let value = match wins {
                    Wins::Seed => times(seed, slope),
                    Wins::Partial => times(slope, seed),
                };
                Ok(Value::Real(value))
            }
            Derived::Share(share) => self.share(share),
            Derived::Take(place) => {
                let value = self.existing(place)?;
                let zero = value.zero()?;
                Ok(std::mem::replace(value, zero))
            }
            Derived::Aggregate(kind, parts) => {
                let mut values = Vec::new();
                for part in parts {
                    values.push(self.tangent_of(part)?);
                }
                aggregate(kind, values)
            }
            Derived::SumElements { place, like } => self.sum_elements(place, like),
            Derived::PopAdjoint(place) => match self.existing(place)? {
                Value::List(Kind::Vec, items) => items
                    .pop()
                    .ok_or_else(|| "pop of an empty adjoint".to_owned()),
                other => Err(format!("pop of {other:?}")),
            },
            Derived::Convert(o) => Ok(Value::Real(self.peek(o)?.as_real()?)),
            Derived::Replace { place, value } => {
                let value = self.take(value)?;
                let old = self.existing(place)?;
                same_type(old, &value)?;
                Ok(std::mem::replace(old, value))
            }
            Derived::NewList { .. } => Ok(Value::List(Kind::Vec, Vec::new())),
            Derived::Grow { list, range } => {
                let (count, blank) = (self.indices(range)?.len(), self.blank(*list));
                let items = self.list(*list)?;
                let before = items.len();
                items.resize(before + count, blank);
                Ok(Value::Int(before as i64))
            }
            Derived::Before { list, range } => {
                let count = self.indices(range)?.len();
                let before = self.list(*list)?.len().checked_sub(count);
                Ok(Value::Int(before.ok_or("the list has run out")? as i64))
            }
            Derived::Environment(_) | Derived::Collected(_) => {
                Err("a function as an argument".to_owned())
            }
            Derived::Save(place) => {
                let found = self.locate(place)?;
                Ok(match self.read(&found)? {
                    Value::List(Kind::Slice, items) => Value::List(Kind::Vec, items),
                    value => value,
                })
            }
        }
    }

    /// A record of zeros: what it is of does not show, so that it is as wide as any.
    fn blank(&self, list: VarId) -> Value<N> {
        let zero = Value::real(0.0);
        match &self.function.var(list).ty {
            Ty::Vec(of) if matches!(**of, Ty::Array(_)) => Value::List(Kind::Array, vec![zero; 8]),
            _ => zero,
        }
    }

    fn list(&mut self, list: VarId) -> Run<&mut Vec<Value<N>>> {
        match self.existing(&Place::var(list))? {
            Value::List(Kind::Vec, items) => Ok(items),
            other => Err(format!("{other:?} is no list")),
        }
    }

    /// What is lent, or a copy.
    fn shown(&self, arg: &Arg) -> Run<Value<N>> {
        match arg {
            Arg::Value(Operand::Const(c)) if c.ty == Ty::Unit => Ok(Value::Unit),
            Arg::Value(o) => self.peek(o),
            Arg::Ref(p) | Arg::RefMut(p) => self.read(&self.locate(p)?),
            Arg::Function(_) => Err("a function as an operand".to_owned()),
        }
    }

    /// Part of the derivative of an operator of scalars.
    pub fn share(&self, share: &Share) -> Run<Value<N>> {
        if let Some(signs) = kept(share.function) {
            return Ok(signs);
        }
        let args = share.args.iter().map(|a| self.shown(a));
        let args = args.collect::<Run<Vec<_>>>()?;
        if let Some(function) = share.function.strip_suffix("_dot") {
            return tangent_of_share(function, &args);
        }
        let product = |x: &Value<N>, y: &Value<N>| operator(Op::Mul, &[x.clone(), y.clone()]);
        match (share.function, args.as_slice()) {
            ("mul_left" | "mul_push_left", [seed, _, b]) => product(seed, b),
            ("mul_right" | "mul_push_right", [seed, a, _]) => product(seed, a),
            ("scale" | "inner", [seed, b]) => product(seed, b),
            ("div_left", [seed, b]) => operator(Op::Div, &[seed.clone(), b.clone()]),
            ("div_right", [seed, y, b]) => {
                let quotient = operator(Op::Div, &[product(seed, y)?, b.clone()])?;
                operator(Op::Neg, &[quotient])
            }
            ("linear_push", [da, db, kept]) => sum(da, db, kept),
            ("linear_push_left" | "linear_left", [seed, kept]) => signed(seed, kept, 0),
            ("linear_push_right" | "linear_right", [seed, kept]) => signed(seed, kept, 1),
            ("multiple_left" | "multiple_right", [seed, _, other]) => product(seed, other),
            ("ratio_left" | "ratio_push_left", [seed, _, _, b]) => {
                operator(Op::Div, &[seed.clone(), b.clone()])
            }
            ("ratio_right" | "ratio_push_right", [seed, _, y, b]) => {
                let quotient = operator(Op::Div, &[product(seed, y)?, b.clone()])?;
                operator(Op::Neg, &[quotient])
            }
            (other, _) => Err(format!("no share `{other}`")),
        }
    }

    fn sum_elements(&mut self, place: &Place, like: &Operand) -> Run<Value<N>> {
        let mut sum = self.peek(like)?.zero()?;
        let found = self.locate(place)?;
        match self.read(&found)? {
            Value::List(_, items) => {
                items.iter().try_for_each(|x| sum.accumulate(x, 1.0))?;
                Ok(sum)
            }
            other => Err(format!("the sum of the elements of {other:?}")),
        }
    }

    /// A tangent, or the zero of an inactive component.
    pub fn tangent_of(&mut self, tangent: &TangentOf) -> Run<Value<N>> {
        match tangent {
            TangentOf::Active(o) => self.take(o),
            TangentOf::Zero(o) => self.peek(o)?.zero(),
        }
    }

    /// Overwrites a place; a slice element by element.
    pub fn assign(&mut self, place: &Place, value: Value<N>) -> Run<()> {
        let found = self.locate(place)?;
        match self.target(&found)? {
            Target::One(old) => {
                same_type(old, &value)?;
                *old = value;
                Ok(())
            }
            Target::Part(old) => match value {
                Value::List(_, items) if items.len() == old.len() => {
                    old.clone_from_slice(&items);
                    Ok(())
                }
                other => Err(format!("a slice of {} parts = {other:?}", old.len())),
            },
        }
    }
}

/// What an operator keeps: which operands it subtracts, in bits.
fn kept<N>(function: &str) -> Option<Value<N>> {
    let operator = function.strip_suffix("_keep")?;
    Some(Value::Int(match operator {
        "sub" => 2,
        "neg" => 1,
        _ => 0,
    }))
}

/// The tangent of a share, by what it reads and the tangents of that.
fn tangent_of_share<N: Number>(function: &str, args: &[Value<N>]) -> Run<Value<N>> {
    let given = |v: &Value<N>, like: &Value<N>| match v {
        Value::Unit => like.zero(),
        tangent => Ok(tangent.clone()),
    };
    let product = |x: &Value<N>, y: &Value<N>| operator(Op::Mul, &[x.clone(), y.clone()]);
    let both = |[x, dx]: [&Value<N>; 2], [y, dy]: [&Value<N>; 2]| {
        let terms = [product(&given(dx, x)?, y)?, product(x, &given(dy, y)?)?];
        operator(Op::Add, &terms)
    };
    let quotient_dot = |numerator: Value<N>, value: Value<N>, b: &Value<N>, db: &Value<N>| {
        let change = product(&value, &given(db, b)?)?;
        let rest = operator(Op::Sub, &[numerator, change])?;
        operator(Op::Div, &[rest, b.clone()])
    };
    let over = |x: &Value<N>, b: &Value<N>| operator(Op::Div, &[x.clone(), b.clone()]);
    match (function, args) {
        (keep, _) if keep.ends_with("_keep") => Ok(Value::Unit),
        ("mul_left", [seed, _, b, change, _, db]) => both([seed, change], [b, db]),
        ("mul_right", [seed, a, _, change, da, _]) => both([seed, change], [a, da]),
        ("multiple_left" | "multiple_right", [seed, _, other, change, _, moved]) => {
            both([seed, change], [other, moved])
        }
        ("linear_left", [seed, kept, change, _]) => signed(&given(change, seed)?, kept, 0),
        ("linear_right", [seed, kept, change, _]) => signed(&given(change, seed)?, kept, 1),
        ("ratio_left", [seed, _, _, b, change, _, _, db]) => {
            quotient_dot(given(change, seed)?, over(seed, b)?, b, db)
        }
        ("ratio_right", [seed, _, y, b, change, _, dy, db]) => {
            let numerator = both([seed, change], [y, dy])?;
            let value = over(&product(seed, y)?, b)?;
            operator(Op::Neg, &[quotient_dot(numerator, value, b, db)?])
        }
        (other, _) => Err(format!("no tangent of the share `{other}`")),
    }
}

/// What an operand of a sum has to do with its result.
fn signed<N: Number>(seed: &Value<N>, kept: &Value<N>, operand: i64) -> Run<Value<N>> {
    match kept {
        Value::Int(signs) if signs >> operand & 1 == 0 => Ok(seed.clone()),
        Value::Int(_) => operator(Op::Neg, std::slice::from_ref(seed)),
        other => Err(format!("{other:?} was not kept of a sum")),
    }
}

fn sum<N: Number>(da: &Value<N>, db: &Value<N>, kept: &Value<N>) -> Run<Value<N>> {
    operator(Op::Add, &[signed(da, kept, 0)?, signed(db, kept, 1)?])
}

/// A product where a zero seed wins, in the value and in each term of the derivative.
fn times<N: Number>(seed: N, slope: N) -> N {
    let (s, p) = (seed.value(), slope.value());
    let value = if s == 0.0 { 0.0 } else { s * p };
    let slope = if s == 0.0 { N::lift(0.0) } else { slope };
    N::chain(value, &[seed, slope], |k| [p, s][k])
}

/// Is this an assignment that rustc would accept?
fn same_type<N: Number>(old: &Value<N>, new: &Value<N>) -> Run<()> {
    let fits = match (old, new) {
        (Value::Hole(_), _) => true,
        (Value::List(a, x), Value::List(b, y)) => {
            a == b && (*a != Kind::Array || x.len() == y.len())
        }
        (Value::Tuple(a), Value::Tuple(b)) => a.len() == b.len(),
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    };
    if fits {
        Ok(())
    } else {
        Err(format!("{new:?} in the place of {old:?}"))
    }
}

fn aggregate<N: Number>(kind: &Aggregate, parts: Vec<Value<N>>) -> Run<Value<N>> {
    if matches!(kind, Aggregate::Array | Aggregate::Vec) {
        let first = parts.first();
        first.map_or(Ok(()), |f| parts.iter().try_for_each(|p| same_type(f, p)))?;
    }
    Ok(match kind {
        Aggregate::Tuple if parts.is_empty() => Value::Unit,
        Aggregate::Tuple => Value::Tuple(parts),
        Aggregate::Array => Value::List(Kind::Array, parts),
        Aggregate::Vec => Value::List(Kind::Vec, parts),
        Aggregate::Some | Aggregate::Ok => Value::List(Kind::Option, parts),
        Aggregate::None | Aggregate::Err => Value::List(Kind::Option, Vec::new()),
        Aggregate::Struct(_) => return Err("the interpreter knows no structs".to_owned()),
    })
}

fn chain<N: Number>(rule: &Rule, args: &[N]) -> Run<N> {
    let values: Vec<f64> = args.iter().map(|x| x.value()).collect();
    let missing = || format!("no rule `{}` for {values:?}", rule.name);
    let value = scalar::value(rule.name, &values).ok_or_else(missing)?;
    Ok(N::chain(value, args, |k| scalar::partial(rule, k, &values)))
}

/// The value of an operator.
pub fn operator<N: Number>(op: Op, args: &[Value<N>]) -> Run<Value<N>> {
    match args {
        [Value::Real(a)] if op == Op::Neg => Ok(Value::Real(N::chain(-a.value(), &[*a], |_| -1.0))),
        [Value::Int(a)] if op == Op::Neg => Ok(Value::Int(-a)),
        [Value::Bool(a)] if op == Op::Not => Ok(Value::Bool(!a)),
        [Value::Real(a), Value::Real(b)] => reals(op, *a, *b),
        [Value::Int(a), Value::Int(b)] => integers(op, *a, *b),
        [Value::Bool(a), Value::Bool(b)] => Ok(Value::Bool(match op {
            Op::And | Op::BitAnd => *a && *b,
            Op::Or | Op::BitOr => *a || *b,
            Op::Eq => a == b,
            Op::Ne | Op::BitXor => a != b,
            _ => return Err(format!("{op:?} of bools")),
        })),
        _ => Err(format!("{op:?} of {args:?}")),
    }
}

fn reals<N: Number>(op: Op, a: N, b: N) -> Run<Value<N>> {
    let (x, y) = (a.value(), b.value());
    let (value, partials) = match op {
        Op::Add => (x + y, [1.0, 1.0]),
        Op::Sub => (x - y, [1.0, -1.0]),
        Op::Mul => (x * y, [y, x]),
        Op::Div => (x / y, [1.0 / y, -x / (y * y)]),
        Op::Rem => {
            let rule = RULES.iter().find(|r| r.name == "rem");
            let rule = rule.ok_or("no rule for %")?;
            return chain(rule, &[a, b]).map(Value::Real);
        }
        _ => return compare(op, &x, &y).map(Value::Bool),
    };
    Ok(Value::Real(N::chain(value, &[a, b], |k| partials[k])))
}

fn integers<N: Number>(op: Op, a: i64, b: i64) -> Run<Value<N>> {
    let zero = || "an integer divided by zero".to_owned();
    Ok(Value::Int(match op {
        Op::Add => a + b,
        Op::Sub => a - b,
        Op::Mul => a * b,
        Op::Div => a.checked_div(b).ok_or_else(zero)?,
        Op::Rem => a.checked_rem(b).ok_or_else(zero)?,
        Op::BitAnd => a & b,
        Op::BitOr => a | b,
        Op::BitXor => a ^ b,
        Op::Shl => a << b,
        Op::Shr => a >> b,
        _ => return compare(op, &a, &b).map(Value::Bool),
    }))
}

fn compare<T: PartialOrd>(op: Op, a: &T, b: &T) -> Run<bool> {
    Ok(match op {
        Op::Eq => a == b,
        Op::Ne => a != b,
        Op::Lt => a < b,
        Op::Le => a <= b,
        Op::Gt => a > b,
        Op::Ge => a >= b,
        _ => return Err(format!("{op:?} of numbers")),
    })
}
