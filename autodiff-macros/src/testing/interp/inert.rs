//! User code that is kept verbatim: literals, operators, casts and a few methods of integers and `bool`s.

use super::frame::Frame;
use super::number::Number;
use super::value::{Kind, Run, Value};
use crate::ir::{Inert, Operand, Place, Proj, VarId};
use syn::{BinOp, Expr, Lit, UnOp};

/// The value of a constant.
pub fn constant<N: Number>(expr: &Expr) -> Run<Value<N>> {
    match expr {
        Expr::Lit(lit) => match &lit.lit {
            Lit::Int(i) if i.suffix().starts_with('f') => number(i.base10_digits()),
            Lit::Int(i) => i.base10_parse().map(Value::Int).map_err(|e| e.to_string()),
            Lit::Float(f) => number(f.base10_digits()),
            Lit::Bool(b) => Ok(Value::Bool(b.value)),
            other => Err(format!("the literal {other:?}")),
        },
        Expr::Paren(e) => constant(&e.expr),
        Expr::Group(e) => constant(&e.expr),
        Expr::Unary(e) => unary(&e.op, constant(&e.expr)?),
        other => Err(format!("the constant {other:?}")),
    }
}

fn number<N: Number>(digits: &str) -> Run<Value<N>> {
    digits
        .parse()
        .map(Value::real)
        .map_err(|_| digits.to_owned())
}

fn unary<N: Number>(op: &UnOp, value: Value<N>) -> Run<Value<N>> {
    match (op, value) {
        (UnOp::Neg(_), Value::Int(k)) => Ok(Value::Int(-k)),
        (UnOp::Neg(_), Value::Real(x)) => Ok(Value::real(-x.value())),
        (UnOp::Not(_), Value::Bool(b)) => Ok(Value::Bool(!b)),
        (_, value) => Err(format!("an operator on {value:?}")),
    }
}

/// The value of a piece of user code.
pub fn value<N: Number>(frame: &mut Frame<N>, inert: &Inert) -> Run<Value<N>> {
    Eval { frame, inert }.expr(&inert.expr)
}

struct Eval<'e, 'a, N> {
    frame: &'e mut Frame<'a, N>,
    inert: &'e Inert,
}

impl<N: Number> Eval<'_, '_, N> {
    fn expr(&mut self, expr: &Expr) -> Run<Value<N>> {
        match expr {
            Expr::Paren(e) => self.expr(&e.expr),
            Expr::Group(e) => self.expr(&e.expr),
            Expr::Unary(e) => {
                let value = self.expr(&e.expr)?;
                unary(&e.op, value)
            }
            Expr::Binary(e) => self.binary(e),
            Expr::Cast(e) => {
                let value = self.expr(&e.expr)?;
                cast(&value, &e.ty)
            }
            Expr::MethodCall(e) => self.method(e),
            Expr::Call(e) => self.call(e),
            Expr::Path(_) | Expr::Index(_) => {
                let place = self.place(expr)?;
                let found = self.frame.locate(&place)?;
                self.frame.read(&found)
            }
            other => constant(other),
        }
    }

    fn var(&self, path: &syn::ExprPath) -> Run<VarId> {
        let used = self.inert.uses.iter().copied();
        let name = path.path.get_ident();
        let named = |v: &VarId| Some(&self.frame.function.var(*v).ident) == name;
        let missing = || format!("`{:?}` is not among the uses of the code", name);
        used.into_iter().find(named).ok_or_else(missing)
    }

    fn place(&mut self, expr: &Expr) -> Run<Place> {
        match expr {
            Expr::Path(path) => {
                let place = Place::var(self.var(path)?);
                let plain = self.frame.locate(&place).is_ok();
                Ok(if plain {
                    place
                } else {
                    place.then(Proj::Deref)
                })
            }
            Expr::Index(e) => {
                let index = self.expr(&e.index)?.as_int()?;
                let literal = proc_macro2::Literal::i64_unsuffixed(index);
                let operand = Operand::Const(crate::ir::Const {
                    expr: syn::parse_quote!(#literal),
                    ty: crate::ir::Ty::Int,
                });
                Ok(self.place(&e.expr)?.then(Proj::Index(operand)))
            }
            Expr::Paren(e) => self.place(&e.expr),
            other => Err(format!("the place {other:?}")),
        }
    }

    fn binary(&mut self, e: &syn::ExprBinary) -> Run<Value<N>> {
        if let Some(op) = compound(&e.op) {
            let (old, by) = (
                self.expr(&e.left)?.as_int()?,
                self.expr(&e.right)?.as_int()?,
            );
            let place = self.writable(&e.left)?;
            *self.frame.existing(&place)? = Value::Int(op(old, by));
            return Ok(Value::Unit);
        }
        let left = self.expr(&e.left)?;
        match (&e.op, &left) {
            (BinOp::And(_), Value::Bool(false)) | (BinOp::Or(_), Value::Bool(true)) => Ok(left),
            _ => {
                let right = self.expr(&e.right)?;
                operator(&e.op, &left, &right)
            }
        }
    }

    fn writable(&mut self, expr: &Expr) -> Run<Place> {
        let place = self.place(expr)?;
        if self.inert.writes.contains(&place.root) {
            return Ok(place);
        }
        let name = self.frame.name(place.root);
        Err(format!("`{name}` is not among the writes of the code"))
    }

    /// `usize::min(a, b)`
    fn call(&mut self, e: &syn::ExprCall) -> Run<Value<N>> {
        let Expr::Path(path) = &*e.func else {
            return Err("a call in verbatim code".to_owned());
        };
        let name = path.path.segments.last().map(|s| s.ident.to_string());
        let mut args = Vec::new();
        for arg in &e.args {
            args.push(self.expr(arg)?.as_int()?);
        }
        match args.as_slice() {
            [a, b] => integers(&name.unwrap_or_default(), *a, *b).map(Value::Int),
            _ => Err(format!("{name:?}({args:?})")),
        }
    }

    fn method(&mut self, e: &syn::ExprMethodCall) -> Run<Value<N>> {
        let name = e.method.to_string();
        let mut args = Vec::new();
        for arg in &e.args {
            args.push(self.expr(arg)?);
        }
        if name == "push" {
            let place = self.writable(&e.receiver)?;
            if let (Value::List(Kind::Vec, items), Some(arg)) =
                (self.frame.existing(&place)?, args.pop())
            {
                items.push(arg);
                return Ok(Value::Unit);
            }
        }
        let receiver = self.expr(&e.receiver)?;
        match (name.as_str(), &receiver, args.as_slice()) {
            ("len", Value::List(_, items), []) => Ok(Value::Int(items.len() as i64)),
            ("is_empty", Value::List(_, items), []) => Ok(Value::Bool(items.is_empty())),
            ("abs", Value::Int(a), []) => Ok(Value::Int(a.abs())),
            ("pow", Value::Int(a), [Value::Int(b)]) => Ok(Value::Int(a.pow(*b as u32))),
            (_, Value::Int(a), [Value::Int(b)]) => integers(&name, *a, *b).map(Value::Int),
            _ => Err(format!("{receiver:?}.{name}({args:?})")),
        }
    }
}

fn integers(name: &str, a: i64, b: i64) -> Run<i64> {
    Ok(match name {
        "min" => a.min(b),
        "max" => a.max(b),
        "wrapping_add" => a.wrapping_add(b),
        "wrapping_mul" => a.wrapping_mul(b),
        "wrapping_sub" => a.wrapping_sub(b),
        "saturating_sub" => (a - b).max(0),
        "abs_diff" => (a - b).abs(),
        "rem_euclid" if b != 0 => a.rem_euclid(b),
        _ => return Err(format!("the method `{name}` of integers")),
    })
}

fn cast<N: Number>(value: &Value<N>, ty: &syn::Type) -> Run<Value<N>> {
    let syn::Type::Path(path) = ty else {
        return Err("a cast".to_owned());
    };
    let float = path.path.is_ident("f64");
    match value {
        Value::Int(k) if float => Ok(Value::real(*k as f64)),
        Value::Real(x) if !float => Ok(Value::Int(x.value() as i64)),
        Value::Bool(b) if !float => Ok(Value::Int(i64::from(*b))),
        other => Ok(other.clone()),
    }
}

fn compound(op: &BinOp) -> Option<fn(i64, i64) -> i64> {
    match op {
        BinOp::AddAssign(_) => Some(i64::wrapping_add),
        BinOp::SubAssign(_) => Some(i64::wrapping_sub),
        BinOp::MulAssign(_) => Some(i64::wrapping_mul),
        _ => None,
    }
}

fn operator<N: Number>(op: &BinOp, a: &Value<N>, b: &Value<N>) -> Run<Value<N>> {
    if let (Value::Bool(a), Value::Bool(b)) = (a, b) {
        return Ok(Value::Bool(match op {
            BinOp::And(_) | BinOp::BitAnd(_) => *a && *b,
            BinOp::Or(_) | BinOp::BitOr(_) => *a || *b,
            BinOp::Eq(_) => a == b,
            BinOp::Ne(_) | BinOp::BitXor(_) => a != b,
            _ => return Err("an operator on bools".to_owned()),
        }));
    }
    if let (Value::Real(a), Value::Real(b)) = (a, b) {
        return compare(op, &a.value(), &b.value()).map(Value::Bool);
    }
    let (a, b) = (a.as_int()?, b.as_int()?);
    let zero = || "division by zero".to_owned();
    Ok(Value::Int(match op {
        BinOp::Add(_) => a + b,
        BinOp::Sub(_) => a - b,
        BinOp::Mul(_) => a * b,
        BinOp::Div(_) => a.checked_div(b).ok_or_else(zero)?,
        BinOp::Rem(_) => a.checked_rem(b).ok_or_else(zero)?,
        BinOp::BitAnd(_) => a & b,
        BinOp::BitOr(_) => a | b,
        BinOp::BitXor(_) => a ^ b,
        BinOp::Shl(_) => a << b,
        BinOp::Shr(_) => a >> b,
        _ => return compare(op, &a, &b).map(Value::Bool),
    }))
}

fn compare<T: PartialOrd>(op: &BinOp, a: &T, b: &T) -> Run<bool> {
    Ok(match op {
        BinOp::Eq(_) => a == b,
        BinOp::Ne(_) => a != b,
        BinOp::Lt(_) => a < b,
        BinOp::Le(_) => a <= b,
        BinOp::Gt(_) => a > b,
        BinOp::Ge(_) => a >= b,
        _ => return Err("an operator in verbatim code".to_owned()),
    })
}
