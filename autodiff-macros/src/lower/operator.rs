//! Operators: those of scalars, and those that the types will tell.
//!
//! ```text
//! x[i] * 2.0      t1 = read x[i]; t1 * 2.0            the operands are numbers
//! &m * v          dispatch *(&m, v)                   they are not, or nobody knows
//! ```

use super::Lower;
use super::matrix::Block;
use super::place::peel;
use super::scope::Binding;
use super::value::{Value, join};
use crate::analysis::activity::is_arithmetic;
use crate::ir::{Arg, FloatTy, Inert, Op, Operand, Rhs, Ty};

impl Lower<'_> {
    /// An operand of an operator: a matrix is lent, and whatever may be one is passed as it is written.
    pub fn arithmetic_arg(&mut self, expr: &syn::Expr) -> Arg {
        let value = match self.lent_block(expr) {
            Some(block) => Value::Block(block),
            None => self.value(expr),
        };
        self.operand_arg(value)
    }

    /// The same of a value.
    fn operand_arg(&mut self, value: Value) -> Arg {
        match value {
            // Only read here: a copy will do.
            Value::Block(block) => Arg::Ref(self.part_value(&block)),
            Value::Ref { place, .. } => {
                let place = self.through(place);
                match self.place_ty(&place) {
                    Ty::Matrix(_) | Ty::Unknown | Ty::Struct(_) | Ty::Motion(_) => Arg::Ref(place),
                    _ => Arg::Value(self.operand_of(Value::Place(place))),
                }
            }
            Value::Place(place) if self.place_ty(&place).is_matrix() => {
                Arg::Ref(self.through(place))
            }
            other => Arg::Value(self.operand_of(other)),
        }
    }

    /// `a.mul(b)`, `v.neg()` of what may be of types of the user's: the operator, where the file shows that no other method has the name.
    pub fn own_operator(&mut self, receiver: &Value, call: &syn::ExprMethodCall) -> Option<Value> {
        let (op, of) = match (call.method.to_string().as_str(), call.args.len()) {
            ("neg", 0) => (Op::Neg, "Neg"),
            ("add", 1) => (Op::Add, "Add"),
            ("sub", 1) => (Op::Sub, "Sub"),
            ("mul", 1) => (Op::Mul, "Mul"),
            ("div", 1) => (Op::Div, "Div"),
            _ => return None,
        };
        let ty = self.value_ty(receiver);
        let may_be_own = *ty.peel() == Ty::Unknown || ty.is_struct();
        let name = call.method.to_string();
        let means = |lower: &Self| lower.file().is_some_and(|f| f.means_operator(&name, of));
        if !may_be_own || !means(self) {
            return None;
        }
        let mut args = vec![self.operand_arg(receiver.clone())];
        args.extend(call.args.iter().map(|arg| self.arithmetic_arg(arg)));
        Some(self.arithmetic_operation(op, args))
    }

    /// `&part`, where that is a part of a matrix that may be changed.
    fn lent_block(&self, expr: &syn::Expr) -> Option<Box<Block>> {
        let syn::Expr::Reference(e) = peel(expr) else {
            return None;
        };
        let syn::Expr::Path(path) = peel(&e.expr) else {
            return None;
        };
        match self.scopes.get(path.path.get_ident()?)? {
            Binding::Value(Value::Block(block)) if e.mutability.is_none() => Some(block.clone()),
            _ => None,
        }
    }

    /// What is known of an argument's type, references gone through.
    pub fn arg_ty(&self, arg: &Arg) -> Ty {
        match arg {
            Arg::Value(o) => self.function.operand_ty(o).clone(),
            Arg::Ref(p) | Arg::RefMut(p) => self.place_ty(p),
            Arg::Function(_) => Ty::Unknown,
        }
    }

    /// Is it a comparison of what may be no numbers? It takes its operands by reference: a text, a list, a variant cannot be read as a value.
    pub fn compares_others(&self, op: Op, args: &[&Arg]) -> bool {
        use Op::{Eq, Ge, Gt, Le, Lt, Ne};
        let types: Vec<Ty> = args.iter().map(|a| self.arg_ty(a)).collect();
        let wrapped = |ty: &Ty| matches!(ty, Ty::Option(_) | Ty::Result(_));
        if !matches!(op, Eq | Ne | Lt | Le | Gt | Ge) || types.iter().any(wrapped) {
            return false;
        }
        let lent = |arg: &&Arg| matches!(arg, Arg::Ref(_));
        let all_unknown = types.iter().all(|ty| *ty == Ty::Unknown);
        let other = |ty: &Ty| !ty.is_scalar() && *ty != Ty::Unknown;
        types.iter().any(other) || all_unknown || args.iter().any(lent)
    }

    /// `a == b` of matrices: what is computed for it is, their methods are no code of the user's.
    pub fn comparison_of_matrices(
        &mut self,
        op: Op,
        symbol: &syn::BinOp,
        args: [&Arg; 2],
    ) -> Option<Value> {
        let matrices = args.iter().any(|arg| self.arg_ty(arg).peel().is_matrix());
        if !matrices || !matches!(op, Op::Eq | Op::Ne) {
            return None;
        }
        let sides = args.map(|arg| match arg {
            Arg::Value(o) => Some(Value::Operand(o.clone())),
            Arg::Ref(place) => Some(Value::Place(place.clone())),
            Arg::RefMut(_) | Arg::Function(_) => None,
        });
        let [(left, mut uses), (right, more)] = match sides {
            [Some(left), Some(right)] => [self.code(left), self.code(right)],
            _ => return None,
        };
        uses.extend(more);
        let expr = syn::parse_quote!((#left #symbol #right));
        let inert = Inert {
            expr,
            uses,
            writes: Vec::new(),
            cheap: false,
            what: "a comparison".to_owned(),
        };
        Some(Value::Operand(self.temp(Rhs::Inert(inert), Ty::Bool)))
    }

    /// An operator and its operands.
    pub fn arithmetic_operation(&mut self, op: Op, args: Vec<Arg>) -> Value {
        let types: Vec<Ty> = args.iter().map(|a| self.arg_ty(a)).collect();
        let ty = result_ty(op, &types);
        if is_open(op, &types) {
            return Value::Rhs(Rhs::Dispatch { op, args }, ty);
        }
        let args = args.into_iter().map(|a| self.plain(a)).collect();
        Value::Rhs(Rhs::Op(op, args), ty)
    }

    /// The value of an operand.
    pub fn plain(&mut self, arg: Arg) -> Operand {
        match arg {
            Arg::Value(o) => o,
            Arg::Ref(place) if self.place_ty(&place).is_matrix() => {
                let ty = self.place_ty(&place);
                self.temp(Rhs::copy(place, &ty), ty)
            }
            Arg::Ref(place) | Arg::RefMut(place) => self.operand_of(Value::Place(place)),
            Arg::Function(_) => crate::ir::nothing(),
        }
    }
}

/// May the operands be other than scalars? Nothing is added to a number but a number, and a number is divided by nothing else.
fn is_open(op: Op, types: &[Ty]) -> bool {
    if !is_arithmetic(op) || op == Op::Rem {
        return false;
    }
    if types.iter().any(|ty| ty.is_matrix() || ty.is_struct()) {
        return true;
    }
    let unknown = |ty: &Ty| *ty.peel() == Ty::Unknown;
    let float = |ty: &Ty| ty.peel().is_float();
    match (op, types) {
        (Op::Div, [a, b]) => unknown(a) && (unknown(b) || float(b)),
        (Op::Mul, [a, b]) => (unknown(a) && (unknown(b) || float(b))) || (float(a) && unknown(b)),
        (_, types) => types.iter().all(unknown),
    }
}

fn result_ty(op: Op, types: &[Ty]) -> Ty {
    use Op::{And, Div, Eq, Ge, Gt, Le, Lt, Mul, Ne, Or, Shl, Shr};
    if matches!(op, Eq | Ne | Lt | Le | Gt | Ge | And | Or) {
        return Ty::Bool;
    }
    let [a, b] = types else {
        let ty = types.first().cloned().unwrap_or_default();
        return if matches!(ty.peel(), Ty::Struct(_)) {
            Ty::Unknown
        } else {
            ty
        };
    };
    match (a.peel(), b.peel()) {
        (Ty::Struct(_), _) | (_, Ty::Struct(_)) => return Ty::Unknown,
        (Ty::Motion(_), ty @ Ty::Matrix(_)) | (ty @ Ty::Matrix(_), Ty::Motion(_)) => {
            return ty.clone().unless_inert();
        }
        (ty @ Ty::Motion(_), Ty::Float(_)) | (_, ty @ Ty::Motion(_))
            if a.peel() != &Ty::Unknown =>
        {
            return ty.clone().unless_inert();
        }
        (Ty::Motion(_), _) | (_, Ty::Motion(_)) => return Ty::Unknown,
        _ => {}
    }
    match (a, b) {
        (Ty::Matrix(_), Ty::Matrix(_)) => join(a.clone(), b.clone()).unless_inert(),
        (Ty::Matrix(_), _) => a.clone().unless_inert(),
        (_, Ty::Matrix(_)) => b.clone().unless_inert(),
        (Ty::Unknown, Ty::Float(_)) if matches!(op, Mul | Div) => Ty::Unknown,
        (Ty::Float(_), Ty::Unknown) if op == Mul => Ty::Unknown,
        (Ty::Float(FloatTy::Literal) | Ty::Unknown, Ty::Float(_)) => b.clone(),
        (Ty::Float(_), _) => a.clone(),
        // What code without derivative gives may be a number.
        (Ty::Inert, ty) | (ty, Ty::Inert) => ty.clone().unless_inert(),
        (Ty::Unknown, Ty::Int) if !matches!(op, Shl | Shr) => Ty::Int,
        _ => a.clone(),
    }
}
