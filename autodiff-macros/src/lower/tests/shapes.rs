//! What single constructs become.

use super::lowered;
use crate::ir::print::print;

/// The text of a lowered function.
fn shape(text: &str) -> String {
    let item: syn::ItemFn = syn::parse_str(text).expect("the function parses");
    let function = lowered(&item).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    print(&function)
}

macro_rules! shapes {
    ($($name:ident: $text:literal => $shape:literal;)+) => {$(
        #[test]
        fn $name() {
            let made = shape($text);
            assert!(made.trim() == $shape.trim(), "{made}");
        }
    )+};
}

shapes! {
    returns_become_nested_branches:
        "fn f(x: f64) -> f64 { if x > 1.0 { return x; } let y = x * x; if y < 0.5 { return y; } y + 1.0 }"
        => r"
fn f(x: f64)
    declare t2
    let t1 = x > 1.0
    if t1 {
        t2 = x
    } else {
        let y = x * x
        let t4 = y < 0.5
        if t4 {
            t2 = y
        } else {
            let t5 = y + 1.0
            t2 = t5
        }
    }
    result t2
";
    exits_of_loops_become_flags:
        "fn f(x: &[f64]) -> f64 { let mut s = 0.0; for v in x { if *v < 0.0 { continue; } if s > 3.0 { break; } s += v; } s }"
        => r"
fn f(x: &[f64])
    let mut s = 0.0
    let mut exit7 = false
    let t1 = len *x
    for k2 in 0..t1 until exit7 {
        let v = read x[k2]
        let t3 = v < 0.0
        if t3 {
        } else {
            let t5 = read s
            let t6 = t5 > 3.0
            if t6 {
                exit7 = true
            } else {
                s += v
            }
        }
    }
    let t9 = read s
    result t9
";
    a_return_in_a_loop_guards_what_follows:
        "fn f(x: &[f64]) -> f64 { for i in 0..x.len() { if x[i] > 1.0 { return x[i]; } } 2.0 * x[0] }"
        => r"
fn f(x: &[f64])
    let mut exit7 = false
    let mut t6 = zero
    let t1 = len *x
    let mut exit8 = false
    for i in 0..t1 until exit8 {
        let t3 = read x[i]
        let t4 = t3 > 1.0
        if t4 {
            let t5 = read x[i]
            t6 = t5
            exit7 = true
            exit8 = true
        }
    }
    let t9 = read exit7
    if t9 {
    } else {
        let t10 = read x[0]
        let t11 = 2.0 * t10
        t6 = t11
    }
    let t12 = read t6
    result t12
";
    breaks_have_values:
        "fn f(mut x: f64) -> f64 { let y = loop { x *= 0.5; if x < 1.0 { break x; } }; y * y }"
        => r"
fn f(mut x: f64)
    let mut exit5 = false
    let mut t4 = zero
    while {
        let t6 = read exit5
        let t7 = !t6
    } t7 {
        x *= 0.5
        let t1 = read x
        let t2 = t1 < 1.0
        if t2 {
            let t3 = read x
            t4 = t3
            exit5 = true
        }
    }
    let y = read t4
    let t9 = y * y
    result t9
";
    labelled_blocks_have_values:
        "fn f(x: f64) -> f64 { let y = 'a: { if x > 1.0 { break 'a x; } x * x }; y + 1.0 }"
        => r"
fn f(x: f64)
    declare y
    let t1 = x > 1.0
    if t1 {
        y = x
    } else {
        let t4 = x * x
        y = t4
    }
    let t5 = y + 1.0
    result t5
";
    chains_of_branches_share_a_variable:
        "fn f(x: f64) -> f64 { let y = if x > 2.0 { x } else if x > 1.0 { x * x } else { 0.5 }; y.sin() }"
        => r"
fn f(x: f64)
    let t1 = x > 2.0
    declare y
    if t1 {
        y = x
    } else {
        let t2 = x > 1.0
        if t2 {
            let t3 = x * x
            y = t3
        } else {
            y = 0.5
        }
    }
    let t5 = rule sin(y)
    result t5
";
    matches_become_chains:
        "fn f(x: f64, n: usize) -> f64 { match n { 0 => 1.0, 1 | 2 => x, k if k % 2 == 0 => -x, _ => x * x } }"
        => r"
fn f(x: f64, #[constant] n: usize)
    let t1 = n == 0
    declare t9
    if t1 {
        t9 = 1.0
    } else {
        let t2 = n == 1
        let t3 = n == 2
        let t4 = t2 || t3
        if t4 {
            t9 = x
        } else {
            let t5 = n % 2
            let t6 = t5 == 0
            if t6 {
                let t7 = -x
                t9 = t7
            } else {
                let t8 = x * x
                t9 = t8
            }
        }
    }
    result t9
";
    tuples_are_not_built:
        "fn f(x: f64) -> f64 { let (a, (b, _)) = (x.sin(), (x * 2.0, x)); let p = (a, b); p.0 * p.1 }"
        => r"
fn f(x: f64)
    let a = rule sin(x)
    let b = x * 2.0
    let t3 = a * b
    result t3
";
    closures_are_inlined:
        "fn f(x: f64) -> f64 { let a = 2.0 * x; let g = |t: f64| { if t < 0.0 { return 0.0; } t * a }; g(x) + g(a) }"
        => r"
fn f(x: f64)
    let a = 2.0 * x
    declare t2
    let t1 = x < 0.0
    if t1 {
        t2 = 0.0
    } else {
        let t4 = x * a
        t2 = t4
    }
    declare t6
    let t5 = a < 0.0
    if t5 {
        t6 = 0.0
    } else {
        let t8 = a * a
        t6 = t8
    }
    let t9 = t2 + t6
    result t9
";
    chains_become_loops:
        "fn f(x: &[f64], y: &[f64]) -> f64 { x.iter().zip(y).filter(|(a, _)| **a > 0.0).map(|(a, b)| a * b).sum() }"
        => r"
fn f(x: &[f64], y: &[f64])
    let mut sum1 = - 0.0
    let t2 = len *x
    let t3 = len *y
    let t4 = `usize::min(t2, t3)`
    for k5 in 0..t4 {
        let a = read x[k5]
        let t6 = a > 0.0
        if t6 {
            let a_2 = read x[k5]
            let b = read y[k5]
            let t7 = a_2 * b
            sum1 += t7
        }
    }
    let t8 = read sum1
    result t8
";
    collections_take_the_name:
        "fn f(x: &[f64]) -> Vec<f64> { let y: Vec<f64> = x.iter().map(|v| v * v).collect(); y }"
        => r"
fn f(x: &[f64])
    let mut y = vec![]
    let t2 = len *x
    for k3 in 0..t2 {
        let v = read x[k3]
        let t4 = v * v
        push y, t4
    }
    let t5 = read y
    result t5
";
    options_are_seen_through:
        "fn f(x: &[f64]) -> f64 { let Some(a) = x.first() else { return 0.0 }; a * x.get(7).copied().unwrap_or(1.0) }"
        => r"
fn f(x: &[f64])
    declare t3
    let t1 = len *x
    let t2 = t1 > 0
    if t2 {
        let a = read x[0]
        let t5 = len *x
        let t6 = 7 < t5
        declare t8
        if t6 {
            let t7 = read x[7]
            t8 = t7
        } else {
            t8 = 1.0
        }
        let t9 = a * t8
        t3 = t9
    } else {
        t3 = 0.0
    }
    result t3
";
    pops_are_reads_and_truncations:
        "fn f(x: f64) -> f64 { let mut v = vec![x, 2.0]; let mut s = 0.0; while let Some(a) = v.pop() { s += a; } s }"
        => r"
fn f(x: f64)
    let mut v = vec![x, 2.0]
    let mut s = 0.0
    let mut exit5 = false
    while {
        let t6 = read exit5
        let t7 = !t6
    } t7 {
        let t1 = len v
        let t2 = t1 > 0
        if t2 {
            let t3 = t1 - 1
            let a = read v[t3]
            truncate v, t3
            s += a
        } else {
            exit5 = true
        }
    }
    let t8 = read s
    result t8
";
    slices_become_views:
        "fn f(x: &[f64], n: usize) -> f64 { let r = &x[n..2 * n]; let mut v = r.to_vec(); let w = &mut v[1..]; w[0] = r[1]; v[1] }"
        => r"
fn f(x: &[f64], #[constant] n: usize)
    let t1 = 2 * n
    let r = &x[n..t1]
    let mut v = to_vec *r
    let t2 = read r[1]
    v[1..][0] = t2
    let t3 = read v[1]
    result t3
";
    structural_methods_become_loops:
        "fn f(x: &[f64]) -> f64 { let mut v = [0.0; 4]; v.fill(x[0]); v[1..3].copy_from_slice(&x[1..3]); v.swap(0, 3); v[0] }"
        => r#"
fn f(x: &[f64])
    let mut v = [0.0; 4]
    let t1 = read x[0]
    let t2 = len v
    for k3 in 0..t2 {
        v[k3] = t1
    }
    let t4 = len v[1..3]
    let t5 = len x[1..3]
    `:: core::assert !(t4 == t5, "source slice length({}) does not match destination slice length({})", t5, t4)`
    for k6 in 0..t4 {
        let t7 = read x[1..3][k6]
        v[1..3][k6] = t7
    }
    let t8 = read v[0]
    let t9 = read v[3]
    v[0] = t9
    v[3] = t8
    let t10 = read v[0]
    result t10
"#;
    short_circuits_branch_where_they_must:
        "fn f(x: &[f64], n: usize) -> f64 { if n > 0 && x[n - 1] > 0.0 { x[0] } else { x[1] } }"
        => r"
fn f(x: &[f64], #[constant] n: usize)
    let t1 = n > 0
    declare t5
    if t1 {
        let t2 = n - 1
        let t3 = read x[t2]
        let t4 = t3 > 0.0
        t5 = t4
    } else {
        t5 = false
    }
    declare t8
    if t5 {
        let t6 = read x[0]
        t8 = t6
    } else {
        let t7 = read x[1]
        t8 = t7
    }
    result t8
";
    names_are_unique:
        "fn f(x: f64) -> f64 { let a = x * 2.0; let a = a + 1.0; let b = { let a = a * a; a.sin() }; a * b }"
        => r"
fn f(x: f64)
    let a = x * 2.0
    let a_2 = a + 1.0
    let a_3 = a_2 * a_2
    let b = rule sin(a_3)
    let t1 = a_2 * b
    result t1
";
    captured_copies_do_not_change:
        "fn f(x: f64) -> f64 { let mut a = x; let g = move |t: f64| t * a; a += 1.0; g(a) }"
        => r"
fn f(x: f64)
    let mut a = x
    let a_2 = read a
    a += 1.0
    let t1 = read a
    let t = t1
    let t2 = t * a_2
    result t2
";
    sorting_is_a_permutation:
        "fn f(x: &[f64]) -> f64 { let mut v = x.to_vec(); v.sort_by(f64::total_cmp); v[0] }"
        => r"
fn f(x: &[f64])
    let mut v = to_vec *x
    let t1 = `{ let __values = &*(&v); let mut __order :::autodiff_runtime::private::Vec<usize> =(0 .. __values.len()).collect(); __order.sort_by(| &__first, &__second | { let(__first, __second) =(&__values[__first], &__values[__second]); f64::total_cmp(__first, __second) }); __order }`
    let t2 = to_vec v
    let t3 = len v
    for k4 in 0..t3 {
        let t5 = read t1[k4]
        let t6 = read t2[t5]
        v[k4] = t6
    }
    let t7 = read v[0]
    result t7
";
    lists_of_slices_stay_what_they_are_lists_of:
        "fn f(x: &[f64]) -> f64 { let rows: Vec<&[f64]> = x.chunks(2).collect(); rows[1][0] * rows.len() as f64 }"
        => r"
fn f(x: &[f64])
    let t1 = 1 * 2
    let t2 = t1 + 2
    let t3 = len *x
    let t4 = `usize::min(t2, t3)`
    let t5 = read x[t1..t4][0]
    let t6 = len *x
    let t7 = `t6.div_ceil((2))`
    let t8 = t7 as f64
    let t9 = t5 * t8
    result t9
";
    generic_constants_are_kept:
        "fn f<T: Float>(x: T) -> T { let h = T::from(0.5).unwrap(); (x * h).max(T::zero()) }"
        => r"
fn f(x: T)
    let h = `T::from(0.5).unwrap()`
    let t1 = x * h
    let t2 = `T::zero()`
    let t3 = rule max(t1, t2)
    result t3
";
    patterns_test_and_bind:
        "fn f(x: &[f64]) -> f64 { match x { [a, b] => a * b, [first, .., last] => first + last, _ => 0.0 } }"
        => r"
fn f(x: &[f64])
    let t1 = len *x
    let t2 = t1 == 2
    declare t9
    if t2 {
        let a = read x[0]
        let b = read x[1]
        let t3 = a * b
        t9 = t3
    } else {
        let t4 = len *x
        let t5 = t4 >= 2
        if t5 {
            let first = read x[0]
            let t6 = len *x
            let t7 = t6 - 1
            let last = read x[t7]
            let t8 = first + last
            t9 = t8
        } else {
            t9 = 0.0
        }
    }
    result t9
";
    assertions_are_effects:
        "fn f(x: f64) -> f64 { assert!(x > 0.0, \"bad {x}\"); if x > 9.0 { panic!(\"{}\", x) } x.ln() }"
        => r#"
fn f(x: f64)
    `assert !(x > 0.0, "bad {x}", x = x)`
    let t1 = x > 9.0
    if t1 {
        `panic !("{}", x)`
    }
    let t2 = rule ln(x)
    result t2
"#;
    mutable_options_are_two_variables:
        "fn f(x: &[f64]) -> f64 { let mut best: Option<f64> = None; for v in x { if *v > 1.0 { best = Some(*v); } } best.unwrap_or(0.0) }"
        => r"
fn f(x: &[f64])
    let mut some1 = false
    let mut best = zero
    let t2 = len *x
    for k3 in 0..t2 {
        let v = read x[k3]
        let t4 = v > 1.0
        if t4 {
            some1 = true
            best = v
        }
    }
    let t5 = read some1
    declare t7
    if t5 {
        let t6 = read best
        t7 = t6
    } else {
        t7 = 0.0
    }
    result t7
";    mutable_options_of_others_are_one:
        "fn f(x: &[Hit]) -> f64 { let mut best: Option<&Hit> = None; for h in x { if best.is_none() { best = Some(h); } } best.unwrap().t }"
        => r#"
fn f(x: &[Hit])
    let mut best = None
    let t1 = len *x
    for k2 in 0..t1 {
        let t3 = clone best
        let t4 = present t3
        let t5 = !t4
        if t5 {
            let t6 = clone x[k2]
            let t7 = Some(t6)
            best = t7
        }
    }
    let t8 = clone best
    let t9 = present t8
    `:: core::assert !(t9, "called `unwrap` on a `None` value")`
    let t10 = read t8.some.t
    result t10
"#;
}
