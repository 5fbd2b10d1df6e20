//! Unusual ways to write things, and names that the compiler uses itself.

use autodiff_runtime::differentiate;

#[differentiate]
fn labelled_search(xs: &[Vec<f64>], target: f64) -> f64 {
    let mut acc = 1.0;
    let found = 'rows: loop {
        for (i, row) in xs.iter().enumerate() {
            let mut j = 0;
            'cols: while j < row.len() {
                let v = row[j];
                j += 1;
                if v < 0.0 {
                    continue 'cols;
                }
                if v * acc > target {
                    break 'rows v / (i + 1) as f64;
                }
                acc *= 1.0 + v;
                if j > 3 {
                    continue 'rows;
                }
            }
        }
        if acc > 1e6 {
            break acc.ln();
        }
        acc *= 2.0;
    };
    found + acc.ln()
}

#[differentiate]
fn step_ranges(x: &[f64]) -> f64 {
    let n = x.len() - 1;
    let mut s = 0.0;
    for i in (0..=n).step_by(2) {
        s += x[i] * x[i];
    }
    for i in (1..=n).rev().step_by(2) {
        s -= x[i].sin() * i as f64;
    }
    for i in (0..n as i32).rev() {
        s += x[i as usize] / (i + 1) as f64;
    }
    s
}

#[differentiate]
fn max_of(x: &[f64]) -> f64 {
    let m = x.iter().copied().max_by(|a, b| a.total_cmp(b)).unwrap();
    let (k, lo) = x
        .iter()
        .copied()
        .enumerate()
        .min_by(|a, b| a.1.partial_cmp(&b.1).unwrap())
        .unwrap();
    m * m - lo * (k + 1) as f64
}

#[differentiate]
fn nested_fn_items(x: &[f64]) -> f64 {
    const W: [f64; 3] = [0.2, 0.3, 0.5];
    static BIAS: f64 = 0.25;
    enum Mode {
        Soft,
        Hard,
    }
    let mode = if x.len() > 2 { Mode::Soft } else { Mode::Hard };
    let z = x
        .iter()
        .zip(W.iter().cycle())
        .map(|(a, w)| a * w)
        .sum::<f64>()
        + BIAS;
    match mode {
        Mode::Soft => 1.0 / (1.0 + (-z).exp()),
        Mode::Hard => z.clamp(0.0, 1.0),
    }
}

#[differentiate]
fn raw_ident(r#type: f64, r#in: &[f64]) -> f64 {
    let r#match = r#type * r#in[0];
    let mut r#loop = 0.0;
    for r#for in r#in {
        r#loop += r#for * r#match;
    }
    r#loop
}

#[differentiate]
fn primitive_names(f64: f64, u8: f64) -> f64 {
    let t1 = f64 * u8;
    let x_bar = t1.sin();
    let x_dot = x_bar * t1;
    let seed = x_dot + x_bar;
    seed * f64
}

#[differentiate]
fn generated_names(
    rt: f64,
    pullback: f64,
    cotangent: f64,
    result: f64,
    d_rt: f64,
    __jvp: f64,
) -> f64 {
    rt * pullback + cotangent.sin() * result - d_rt * rt * __jvp
}

#[differentiate]
fn self_dx(x: f64, dx: f64, gx: f64, ct: f64, x_dot: f64, x_bar: f64) -> f64 {
    x * dx + gx * ct + x_dot * x_bar * x
}

#[differentiate]
fn block_vals(x: f64) -> f64 {
    let y = {
        let t = x * x;
        t + {
            let u = t.sin();
            u * x
        }
    };
    let z = if y > 0.0 {
        let q = y.ln();
        q * x
    } else if y < -10.0 {
        return y;
    } else {
        match y as i32 {
            0 => x,
            -1 | -2 => y * x,
            _ => y * 2.0,
        }
    };
    let w = 'a: {
        if z > 1.0 {
            break 'a z;
        }
        if x > 3.0 {
            break 'a x * x;
        }
        z * x
    };
    w + y
}

#[differentiate]
fn in_place(x: &mut [f64], y: &mut Vec<f64>, k: &mut f64) -> f64 {
    for (a, b) in x.iter_mut().zip(y.iter_mut()) {
        let t = *a;
        *a = *b * t;
        *b += t;
    }
    *k *= x[0];
    y.push(*k);
    y.swap(0, 1);
    let (l, r) = x.split_at_mut(1);
    l[0] += r[0] * *k;
    r[0] = l[0] * l[0];
    let m = x.len();
    x[m - 1] -= y[2];
    x.iter().sum::<f64>()
}

#[differentiate]
fn swap_rows(m: &mut [Vec<f64>], a: usize, b: usize) -> f64 {
    m.swap(a, b);
    let r = std::mem::take(&mut m[a]);
    let s: f64 = r.iter().sum();
    m[a] = r.iter().map(|v| v * s).collect();
    let tmp = std::mem::replace(&mut m[b][0], s);
    tmp * s
}

#[differentiate(wrt = x)]
fn scratch(x: &[f64], #[constant] buf: &mut [f64], w: f64) -> f64 {
    for i in 0..x.len() {
        buf[i] = w * i as f64;
    }
    x.iter().zip(buf.iter()).map(|(a, b)| a * b).sum()
}

#[differentiate]
fn casts(x: f64, k: u8, b: bool, c: char) -> f64 {
    let w = k as f64 + b as u8 as f64 + c as u32 as f64 / 100.0;
    let t = x.floor() as i64 as f64;
    let f = x as f32 as f64;
    w * f - t * x
}

#[differentiate]
fn f32_mixed(x: f32, y: f64) -> f64 {
    let a = f64::from(x) * y;
    let b: f32 = (y as f32) * x;
    a + b as f64 + f64::from(b.powi(2))
}

#[test]
fn scalars() {
    assert_eq!(casts::grad(1.5, 3, true, 'a'), 4.97f32 as f64 - 1.0);
    let (a, b) = f32_mixed::grad(2.0f32, 3.0);
    assert!((a - (3.0 + 3.0 + 2.0 * 6.0 * 3.0)).abs() < 1e-4);
    assert!((b - (2.0 + 2.0 + 2.0 * 6.0 * 2.0)).abs() < 1e-4);
}

tests::checks! {
    search: |x| labelled_search(&[x[..2].to_vec(), x[2..7].to_vec(), x[7..].to_vec()], 3.0), [0.1, -0.9, 0.4, 0.8, 0.2, 0.6, 0.3, 0.5, 0.2], [0.1, -0.9, 0.4, 0.8, 0.2, 0.6, 0.3, 1.5, 0.2];
    steps: |x| step_ranges(x), [2.0, 0.3, 1.5, 0.1, -0.2, 1.2];
    maxes: |x| max_of(x), [2.0, 0.3, 3.5, 0.1, -0.2, 1.2];
    items: |x| nested_fn_items(x), [2.0, 0.3, 1.5], [0.1, -0.2];
    raw: |x| raw_ident(x[0], &x[1..]), [2.0, 0.3, 1.5];
    prims: |x| primitive_names(x[0], x[1]), [2.0, 0.3];
    gens: |x| generated_names(x[0], x[1], x[2], x[3], x[4], x[5]), [2.0, 0.3, 1.5, 0.1, -0.2, 1.2];
    dxs: |x| self_dx(x[0], x[1], x[2], x[3], x[4], x[5]), [2.0, 0.3, 1.5, 0.1, -0.2, 1.2];
    blocks: |x| block_vals(x[0]) + block_vals(x[1]), [1.0, 0.3], [2.0, 3.4], [-1.4, -2.1], [-30.0, 0.9];
    inplace: |x| { let (mut a, mut b, mut k) = (x[..3].to_vec(), x[3..6].to_vec(), x[6]); let r = in_place(&mut a, &mut b, &mut k); r + a[1] * b[3] + k * b[0] }, [1.0, 0.3, 0.4, -0.8, 1.1, 0.2, 0.7];
    rows: |x| { let mut m = vec![x[..2].to_vec(), x[2..4].to_vec()]; let r = swap_rows(&mut m, 0, 1); r + m[0][1] * m[1][0] * m[1][1] }, [1.0, 0.3, 0.4, -0.8];
    scr: |x| { let mut b = vec![0.0; 4]; scratch(x, &mut b, 0.7) }, [1.0, 0.3, 0.4, -0.8];
}
