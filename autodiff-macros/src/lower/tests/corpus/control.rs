//! Branches, loops, early exits.

use autodiff_runtime::differentiate;

#[differentiate]
pub fn helper(v: &[f64], a: f64) -> f64 {
    v.iter().map(|t| t * a).sum()
}

#[differentiate]
pub fn sq(a: f64) -> f64 {
    a * a
}

#[differentiate]
pub fn piecewise_match(x: &[f64]) -> f64 {
    let mut acc = 0.0;
    for (i, v) in x.iter().enumerate() {
        acc += match i % 5 {
            0 => v.sin(),
            1 | 2 => v * v,
            3 if *v > 0.0 => v.exp(),
            3 => -v,
            _ => 1.0,
        };
    }
    acc
}

#[differentiate]
pub fn labelled(x: &[f64]) -> f64 {
    let mut s = 0.0;
    'outer: for i in 0..x.len() {
        for j in 0..x.len() {
            if j > i {
                continue 'outer;
            }
            if i + j > 9 {
                break 'outer;
            }
            s += x[i] * x[j];
        }
        s += 1.0;
    }
    s
}

#[differentiate]
pub fn break_value(x: &[f64]) -> f64 {
    let mut i = 0;
    let mut y = x[0];
    let found = loop {
        if i >= 10 {
            break y;
        }
        if y > 2.0 {
            break y * 2.0;
        }
        y += x[i].abs();
        i += 1;
    };
    let v = 'blk: {
        if found > 3.0 {
            break 'blk found * x[1];
        }
        let q = found + 1.0;
        if q < 0.0 {
            break 'blk q;
        }
        q * q
    };
    v
}

#[differentiate]
pub fn match_ranges(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        let w = match i {
            0 => 1.0,
            1..=3 => 2.0,
            4..8 => x[0],
            n if n % 2 == 0 => 0.5,
            _ => return s,
        };
        s += w * x[i];
    }
    s
}

#[differentiate]
pub fn bool_match(x: &[f64]) -> f64 {
    let a = x[0] > 0.0;
    let b = x[1] > 0.0;
    match (a, b) {
        (true, true) => x[0] * x[1],
        (true, false) => x[0] - x[1],
        (false, _) => x[2].cos(),
    }
}

#[differentiate]
pub fn short_circuit(x: &[f64]) -> f64 {
    let n = x.len();
    let mut s = 0.0;
    let mut i = 0;
    while i < n && x[i] < 100.0 {
        if i > 0 && x[i - 1] > x[i] || i == 2 {
            s += x[i] * x[i];
        }
        i += 1;
    }
    let flag = n > 3 && (x[0] > 0.0 || x[1] > 0.0) && !(x[2] > 5.0);
    if flag { s } else { s + x[0] }
}

#[differentiate]
pub fn deferred(x: &[f64]) -> f64 {
    let y;
    if x[0] > 0.0 {
        y = x[0] * 2.0;
    } else {
        y = x[1];
    }
    let z: f64;
    match x.len() {
        0 => return 0.0,
        1 => z = 1.0,
        _ => z = x[1] * y,
    }
    y + z
}

#[differentiate]
pub fn return_from_match_loop(x: &[f64]) -> f64 {
    let mut state = 0;
    let mut y = 0.0;
    for (k, &v) in x.iter().enumerate() {
        match state {
            0 => {
                if v > 0.5 {
                    state = 1;
                }
                y += v;
            }
            1 => {
                y *= v;
                if k > 8 {
                    return y * 3.0;
                }
            }
            _ => unreachable!(),
        }
    }
    y
}

#[differentiate]
pub fn early_ret_nested(x: &[f64]) -> f64 {
    for i in 0..x.len() {
        if x[i] > 100.0 {
            return x[i];
        }
        for j in 0..i {
            if x[i] * x[j] > 1.0 {
                return x[i] - x[j];
            }
        }
    }
    let mut k = 0;
    while k < x.len() {
        if x[k] > 1.2 {
            return x[k] * 3.0;
        }
        k += 1;
    }
    -1.0 * x[0]
}

#[differentiate]
pub fn nested_break_values(x: &[f64]) -> f64 {
    let mut i = 0;
    let r = 'search: loop {
        let mut j = 0;
        while j < i {
            if x[i] + x[j] > 1.5 {
                break 'search x[i] * x[j];
            }
            j += 1;
        }
        i += 1;
        if i >= x.len() {
            break -1.0;
        }
    };
    let q = loop {
        if r > 0.0 {
            break r.sqrt();
        } else {
            break r * r;
        }
    };
    r + q
}

#[differentiate]
pub fn loops_mixed(x: &[f64]) -> f64 {
    let mut total = 0.0;
    'rows: for r in x.chunks(3) {
        let mut prod = 1.0;
        for (j, &v) in r.iter().enumerate() {
            if v < -1.0 {
                continue 'rows;
            }
            if j == 2 && v > 1.25 {
                break 'rows;
            }
            if v.abs() < 0.2 {
                continue;
            }
            prod *= v;
        }
        total += prod;
    }
    let mut n = 0;
    let mut t = x[0].abs() + 5.0;
    while t > 1.0 {
        t = if n % 2 == 0 { t * 0.5 } else { t - 0.25 };
        n += 1;
        if n > 20 {
            break;
        }
    }
    let mut acc = vec![];
    for i in (0..x.len()).rev().filter(|i| i % 3 == 0) {
        acc.push(x[i] * t);
    }
    total
        + acc
            .iter()
            .rev()
            .enumerate()
            .map(|(i, v)| v * (i + 1) as f64)
            .sum::<f64>()
}

#[differentiate]
pub fn returns_in_match(x: &[f64]) -> f64 {
    let y = match x.len() {
        0 => return 0.0,
        1 => x[0],
        _ => {
            if x[0] > 1e9 {
                return 1.0;
            }
            x[0] + x[1]
        }
    };
    let z = if y > 100.0 { return y } else { y * 2.0 };
    let w = {
        if z < -100.0 {
            return z;
        }
        z * z
    };
    let v: f64 = x
        .iter()
        .map(|&t| {
            if t > 5.0 {
                return 5.0;
            }
            t
        })
        .sum();
    w + v * loop {
        if y > 0.0 {
            break y;
        }
        return w - v;
    }
}

#[differentiate]
pub fn assign_forms(x: &[f64]) -> f64 {
    let mut a = [x[0], x[1], x[2]];
    let (mut p, mut q);
    (p, q) = (a[0], a[1]);
    [a[0], _, a[2]] = [q, 0.0, p];
    (a[1], (p, _)) = (p * q, (a[2], 7));
    let mut m = vec![vec![1.0; 2]; 2];
    m[0][1] = p;
    m[1][0] += m[0][1] * q;
    let row = &mut m[1];
    row[1] -= row[0];
    for v in row.iter_mut() {
        *v *= 2.0;
    }
    m.swap(0, 1);
    let t = m.pop().unwrap();
    q += t[1];
    a.iter().sum::<f64>() + m[0][0] * m[0][1] + q
}

#[differentiate]
pub fn block_in_cond(x: &[f64]) -> f64 {
    if {
        let y = x[0] * 2.0;
        y > 1.0
    } {
        x[1]
    } else {
        x[2] * {
            let z = x[0];
            z * z
        }
    }
}

#[differentiate]
pub fn while_let_chain(x: &[f64]) -> f64 {
    let mut todo = vec![(0usize, 8usize)];
    let mut s = 0.0;
    while let Some((lo, hi)) = todo.pop() {
        if hi - lo <= 2 {
            s += x[lo] * (hi as f64);
            continue;
        }
        let mid = (lo + hi) / 2;
        todo.push((lo, mid));
        todo.push((mid, hi));
    }
    s
}

#[differentiate]
pub fn let_chain(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for i in 0..x.len() {
        if let Some(v) = x.get(i + 1)
            && *v > 0.0
            && i % 2 == 0
        {
            s += v * x[i];
        } else {
            s += 0.1 * x[i];
        }
    }
    s
}

#[differentiate]
pub fn matches_guard(x: &[f64]) -> f64 {
    let mut s = 0.0;
    for (i, v) in x.iter().enumerate() {
        if matches!(i, 0 | 3..=5) {
            s += v;
        } else if !matches!(i % 4, 1) {
            s -= v * v;
        }
        let label = match (i % 2 == 0, v.is_sign_positive()) {
            (true, true) => 1,
            (true, false) => 2,
            (false, _) => 3,
        };
        s += match label {
            1 => v.cos(),
            2 => v.sin(),
            _ => 0.5 * v,
        };
    }
    s
}

#[differentiate]
pub fn stack_machine(x: &[f64]) -> f64 {
    let mut stack: Vec<f64> = Vec::new();
    for &v in x {
        stack.push(v.sin());
        if stack.len() > 3 {
            let b = stack.pop().unwrap();
            let a = stack.pop().unwrap();
            stack.push(a * b + 0.5);
        }
    }
    let mut acc = 1.0;
    while let Some(v) = stack.pop() {
        acc = acc * 0.5 + v;
    }
    acc
}

#[differentiate]
pub fn call_in_cond(x: &[f64]) -> f64 {
    if sq(x[0]) > 0.2 && sq(x[1]) > 0.01 {
        sq(x[0])
    } else {
        helper(&[x[0], x[1]], 3.0)
    }
}

#[differentiate]
pub fn shows(x: &[f64]) -> f64 {
    let y = dbg!(x[0] * x[1]) + 1.0;
    let v = dbg!(vec![x[0], y]);
    let z = std::hint::black_box(std::convert::identity(v[0] * y));
    dbg!(&v);
    v.iter().sum::<f64>() * z
}

#[differentiate]
pub fn asserts(x: &[f64]) -> f64 {
    assert!(!x.is_empty(), "empty input");
    debug_assert_eq!(x.len(), 12);
    let y = x[0];
    if y.is_nan() {
        panic!("nan: {y}");
    }
    assert!(y.abs() < 1e9, "too large: {} {y:?}", x[1]);
    let n = x.len();
    let s = format!("{n}");
    let m = s.len();
    y * m as f64 + y
}

#[differentiate]
pub fn tan_half(x: &[f64]) -> f64 {
    let v = match () {
        _ if x[0] > 1.0 => x[0],
        _ if x[0] > 0.5 => x[0] * x[0],
        _ => x[1],
    };
    let y = match x[2] {
        t if t < 0.0 => -t,
        t => t * t,
    };
    let z = if let t @ 0.0..=0.5 = x[3] {
        t
    } else {
        x[3] * 2.0
    };
    v + y + z
}
