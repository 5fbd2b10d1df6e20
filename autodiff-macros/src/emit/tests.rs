//! Hand-made IR to tokens: precedence, places, statements, and what is written where it is used.

use super::code::{Code, Prec};
use super::inline::Plan;
use super::{Assumed, Emitter};
use crate::analysis::activity::analyze;
use crate::diagnostic::Diagnostics;
use crate::ir::{
    Block, Const, DerivedStmt, FloatTy, Function, Op, Operand, Param, ParamMode, Place, Proj,
    Range, Rhs, Stmt, Ty, VarId, VarKind,
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::parse_quote;

const REAL: Ty = Ty::Float(FloatTy::F64);

/// A function without parameters or statements.
fn function() -> Function {
    Function {
        name: Ident::new("f", Span::call_site()),
        vars: Vec::new(),
        params: Vec::new(),
        body: Block::default(),
        result: None,
        checkpoints: Default::default(),
        reassociate: false,
        parallel: false,
        asked: Default::default(),
        inferred: Default::default(),
        watch: None,
        shown: None,
        names: Default::default(),
    }
}

fn add(function: &mut Function, name: &str, ty: Ty, kind: VarKind) -> VarId {
    function.add_var(Ident::new(name, Span::call_site()), ty, kind)
}

fn value(function: &mut Function, name: &str) -> VarId {
    add(function, name, REAL, VarKind::Value)
}

fn slice(function: &mut Function, name: &str) -> VarId {
    let ty = Ty::Ref(true, Box::new(Ty::Slice(Box::new(REAL))));
    add(function, name, ty, VarKind::Value)
}

fn element(slice: VarId, index: VarId) -> Place {
    let place = Place::var(slice).then(Proj::Deref);
    place.then(Proj::Index(Operand::Var(index)))
}

fn op(var: VarId, op: Op, args: &[VarId]) -> Stmt {
    let args = args.iter().map(|v| Operand::Var(*v)).collect();
    let rhs = Rhs::Op(op, args);
    Stmt::Let { var, rhs }
}

fn read(var: VarId, place: Place) -> Stmt {
    let rhs = Rhs::Read(place);
    Stmt::Let { var, rhs }
}

fn assign(place: Place, value: VarId) -> Stmt {
    let value = Operand::Var(value);
    Stmt::Assign { place, value }
}

fn accumulate(place: Place, value: VarId) -> Stmt {
    Stmt::Derived(DerivedStmt::Accumulate {
        place,
        value: Operand::Var(value),
        negate: false,
    })
}

/// The statements as they are written, planned or one by one.
fn written(function: &Function, block: &Block, planned: bool) -> String {
    let rt = quote!(rt);
    let plan = Plan::new(function, &[block], &[]);
    let emitter = Emitter::new(function, &rt);
    let emitter = if planned {
        emitter.inlining(&plan)
    } else {
        emitter
    };
    formatted(&emitter.block(block))
}

fn formatted(statements: &TokenStream) -> String {
    let file: syn::File = parse_quote!(fn f() { #statements });
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text
        .lines()
        .map(|l| l.strip_prefix("    ").unwrap_or(l))
        .collect();
    lines[1..lines.len() - 1].join("\n")
}

fn code(text: &str) -> Code {
    match syn::parse_str(text) {
        Ok(expr) => Code::user(&expr),
        Err(error) => panic!("{text}: {error}"),
    }
}

/// Parentheses only where they must be: the text parses to the tree that was meant.
#[test]
fn operands_keep_their_places() {
    let cases: [(&str, Op, &str, &str); 9] = [
        ("a + b", Op::Mul, "c", "(a + b) * c"),
        ("a * b", Op::Add, "c", "a * b + c"),
        ("a", Op::Sub, "b - c", "a - (b - c)"),
        ("a - b", Op::Sub, "c", "a - b - c"),
        ("a", Op::Div, "b * c", "a / (b * c)"),
        ("a as usize", Op::Lt, "b", "(a as usize) < b"),
        ("a < b", Op::Eq, "c", "(a < b) == c"),
        ("-a", Op::Mul, "-b", "-a * -b"),
        (
            "if a { b } else { c }",
            Op::Add,
            "d",
            "(if a { b } else { c }) + d",
        ),
    ];
    for (left, op, right, expected) in cases {
        let expected = match syn::parse_str::<TokenStream>(expected) {
            Ok(tokens) => tokens.to_string(),
            Err(error) => panic!("{expected}: {error}"),
        };
        let found = code(left).binary(op, &code(right)).tokens();
        assert_eq!(found.to_string(), expected);
    }
}

#[test]
fn a_negative_number_is_no_receiver_and_has_one_sign() {
    assert_eq!(code("-1.0").at(Prec::Atom).to_string(), "(- 1.0)");
    let twice = code("-x").prefix(&quote!(-)).tokens();
    assert_eq!(twice.to_string(), "- (- x)");
}

#[test]
fn places_are_dereferenced_where_rust_does_not() {
    let mut f = function();
    let (x, i) = (slice(&mut f, "x"), value(&mut f, "i"));
    let rt = quote!(rt);
    let emitter = Emitter::new(&f, &rt);
    let whole = Place::var(x).then(Proj::Deref);
    assert_eq!(emitter.borrowed(&whole, false).to_string(), "& * x");
    assert_eq!(emitter.receiver(&whole).to_string(), "x");
    assert_eq!(emitter.place(&element(x, i)).to_string(), "x [i]");
    let field = whole.then(Proj::Deref).then(Proj::Field(parse_quote!(y)));
    assert_eq!(emitter.place(&field).to_string(), "(* x) . y");
}

/// `t1 = x[i]; t2 = a * t1; t3 = t1_ + t2` in one statement.
#[test]
fn temporaries_are_written_where_they_are_used() {
    let mut f = function();
    let (x, y, i) = (slice(&mut f, "x"), slice(&mut f, "y"), value(&mut f, "i"));
    let (a, t1, t2) = (value(&mut f, "a"), value(&mut f, "t1"), value(&mut f, "t2"));
    let t3 = value(&mut f, "t3");
    let block = Block::new(vec![
        read(t1, element(x, i)),
        op(t2, Op::Add, &[a, t1]),
        op(t3, Op::Mul, &[t2, a]),
        accumulate(element(y, i), t3),
    ]);
    assert_eq!(written(&f, &block, true), "y[i] += (a + x[i]) * a;");
    let one_by_one = "let t1 = x[i];\nlet t2 = a + t1;\nlet t3 = t2 * a;\ny[i] += t3;";
    assert_eq!(written(&f, &block, false), one_by_one);
}

#[test]
fn a_value_does_not_move_past_what_changes_it() {
    let mut f = function();
    let (x, i, a) = (slice(&mut f, "x"), value(&mut f, "i"), value(&mut f, "a"));
    let (t1, y) = (value(&mut f, "t1"), slice(&mut f, "y"));
    let changed = Block::new(vec![
        read(t1, element(x, i)),
        assign(element(x, i), a),
        assign(element(y, i), t1),
    ]);
    assert_eq!(
        written(&f, &changed, true),
        "let t1 = x[i];\nx[i] = a;\ny[i] = t1;"
    );
    let other = Block::new(vec![
        read(t1, element(x, i)),
        assign(element(y, i), a),
        assign(element(y, i), t1),
    ]);
    assert_eq!(written(&f, &other, true), "y[i] = a;\ny[i] = x[i];");
}

/// A view is another name for what it points to.
#[test]
fn a_value_does_not_move_past_a_change_through_a_view() {
    let mut f = function();
    let (x, i, a) = (slice(&mut f, "x"), value(&mut f, "i"), value(&mut f, "a"));
    let (t1, y) = (value(&mut f, "t1"), slice(&mut f, "y"));
    let kind = VarKind::View {
        mutable: true,
        target: Place::var(x).then(Proj::Deref),
    };
    let view = add(&mut f, "view", Ty::Unknown, kind);
    let block = Block::new(vec![
        read(t1, element(x, i)),
        assign(element(view, i), a),
        assign(element(y, i), t1),
    ]);
    assert!(written(&f, &block, true).starts_with("let t1 = x[i];"));
}

/// A loop's body may run any number of times, a branch not at all.
#[test]
fn a_value_does_not_move_into_another_block() {
    let mut f = function();
    let (x, i, t1) = (slice(&mut f, "x"), value(&mut f, "i"), value(&mut f, "t1"));
    let (k, y) = (value(&mut f, "k"), slice(&mut f, "y"));
    let number = |n: i64| {
        let expr = syn::parse_str(&n.to_string()).expect("a number");
        Operand::Const(Const { expr, ty: Ty::Int })
    };
    let range = Range {
        lo: number(0),
        hi: number(3),
        inclusive: false,
        rev: false,
        step: None,
    };
    let inner = Block::new(vec![assign(element(y, k), t1)]);
    let block = Block::new(vec![
        read(t1, element(x, i)),
        Stmt::For {
            var: k,
            range,
            body: inner,
            exit: None,
        },
    ]);
    assert!(written(&f, &block, true).starts_with("let t1 = x[i];"));
}

/// Names that the user chose stay, and so does what is used twice; another name for it goes.
#[test]
fn names_of_the_user_stay() {
    let mut f = function();
    let (a, y, i) = (value(&mut f, "a"), slice(&mut f, "y"), value(&mut f, "i"));
    let (area, t1, t2) = (
        value(&mut f, "area"),
        value(&mut f, "t1"),
        value(&mut f, "t2"),
    );
    let block = Block::new(vec![
        op(area, Op::Mul, &[a, a]),
        Stmt::Let {
            var: t1,
            rhs: Rhs::Use(Operand::Var(area)),
        },
        op(t2, Op::Add, &[t1, t1]),
        assign(element(y, i), t2),
    ]);
    assert_eq!(
        written(&f, &block, true),
        "let area = a * a;\ny[i] = area + area;"
    );
}

#[test]
fn what_is_never_changed_is_not_mut() {
    let mut f = function();
    let (a, y, i) = (value(&mut f, "a"), slice(&mut f, "y"), value(&mut f, "i"));
    let b = add(&mut f, "b", REAL, VarKind::Mutable);
    let c = add(&mut f, "c", REAL, VarKind::Mutable);
    let block = Block::new(vec![
        op(b, Op::Neg, &[a]),
        op(c, Op::Neg, &[a]),
        accumulate(Place::var(c), a),
        assign(element(y, i), b),
        assign(element(y, i), c),
    ]);
    let text = written(&f, &block, true);
    assert!(text.starts_with("let b = -a;\nlet mut c = -a;"), "{text}");
}

/// A product of unknowns is differentiated as one of scalars, and has to be one.
#[test]
fn products_of_unknowns_are_asserted_to_be_scalars() {
    let mut f = function();
    let a = add(&mut f, "a", Ty::Unknown, VarKind::Value);
    let c = add(&mut f, "c", Ty::Unknown, VarKind::Value);
    let d = add(&mut f, "d", Ty::Unknown, VarKind::Value);
    f.params.push(Param {
        var: a,
        ty: parse_quote!(M),
        mode: ParamMode::Value,
        active: true,
        function: None,
    });
    f.body = Block::new(vec![op(c, Op::Mul, &[a, a]), op(d, Op::Add, &[c, a])]);
    f.result = Some(Operand::Var(d));
    let activity = analyze(&f, &mut Diagnostics::default());
    let rt = quote!(rt);
    let emitter = Emitter::new(&f, &rt).assuming(Assumed {
        activity: &activity,
        primals: f.vars.len(),
        later: false,
    });
    assert_eq!(
        formatted(&emitter.block(&f.body)),
        "let c = rt::assert_real(a * a);\nlet d = c + a;"
    );
}

#[test]
fn constants_stand_as_they_were_written() {
    let constant = Const {
        expr: parse_quote!(-2.5),
        ty: REAL,
    };
    let f = function();
    let rt = quote!(rt);
    let emitter = Emitter::new(&f, &rt);
    let operand = Operand::Const(constant);
    assert_eq!(emitter.bare(&operand).to_string(), "- 2.5");
    assert_eq!(
        emitter.operand(&operand).to_token_stream().to_string(),
        "(- 2.5)"
    );
}
