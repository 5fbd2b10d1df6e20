//! Steps in time of ordinary and partial differential equations.

use autodiff_runtime::differentiate;

#[differentiate]
fn lotka(y: &[f64; 2], p: &[f64; 4], dydt: &mut [f64; 2]) {
    dydt[0] = p[0] * y[0] - p[1] * y[0] * y[1];
    dydt[1] = p[2] * y[0] * y[1] - p[3] * y[1];
}

#[differentiate]
fn rk4_lotka(y0: [f64; 2], p: [f64; 4], n: usize, dt: f64) -> [f64; 2] {
    let mut y = y0;
    let (mut k1, mut k2, mut k3, mut k4) = ([0.0; 2], [0.0; 2], [0.0; 2], [0.0; 2]);
    let mut yt = [0.0; 2];
    for _ in 0..n {
        lotka(&y, &p, &mut k1);
        for i in 0..2 {
            yt[i] = y[i] + 0.5 * dt * k1[i];
        }
        lotka(&yt, &p, &mut k2);
        for i in 0..2 {
            yt[i] = y[i] + 0.5 * dt * k2[i];
        }
        lotka(&yt, &p, &mut k3);
        for i in 0..2 {
            yt[i] = y[i] + dt * k3[i];
        }
        lotka(&yt, &p, &mut k4);
        for i in 0..2 {
            y[i] += dt / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
        }
    }
    y
}

#[differentiate]
fn dopri_step(t: f64, y: &[f64], h: f64, work: &mut [Vec<f64>]) -> f64 {
    const A: [[f64; 3]; 3] = [
        [0.5, 0.0, 0.0],
        [0.0, 0.75, 0.0],
        [2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0],
    ];
    const C: [f64; 4] = [0.0, 0.5, 0.75, 1.0];
    const E: [f64; 4] = [
        2.0 / 9.0 - 7.0 / 24.0,
        1.0 / 3.0 - 0.25,
        4.0 / 9.0 - 1.0 / 3.0,
        -0.125,
    ];
    let n = y.len();
    let mut stage = y.to_vec();
    for s in 0..4 {
        if s > 0 {
            for i in 0..n {
                let mut acc = y[i];
                for r in 0..s {
                    acc += h * A[s - 1][r] * work[r][i];
                }
                stage[i] = acc;
            }
        }
        for i in 0..n {
            let left = if i == 0 { stage[n - 1] } else { stage[i - 1] };
            work[s][i] = -stage[i] + left.sin() * (t + C[s] * h).cos();
        }
    }
    let mut err = 0.0;
    for i in 0..n {
        let e: f64 = (0..4).map(|s| E[s] * work[s][i]).sum::<f64>() * h;
        err += (e / (1e-6 + 1e-3 * y[i].abs().max(stage[i].abs()))).powi(2);
    }
    (err / n as f64).sqrt()
}

#[differentiate]
fn stormer_verlet(q: &mut [f64], p: &mut [f64], m: &[f64], dt: f64, steps: usize) -> f64 {
    let n = q.len();
    let mut f = vec![0.0; n];
    let mut e = 0.0;
    for step in 0..=steps {
        f.fill(0.0);
        e = 0.0;
        for i in 0..n {
            for j in 0..i {
                let d = q[i] - q[j];
                let r = (d * d + 0.01).sqrt();
                let g = m[i] * m[j] / (r * r * r);
                f[i] -= g * d;
                f[j] += g * d;
                e -= m[i] * m[j] / r;
            }
        }
        for i in 0..n {
            e += p[i] * p[i] / (2.0 * m[i]);
        }
        if step == steps {
            break;
        }
        for i in 0..n {
            p[i] += dt * f[i];
            q[i] += dt * p[i] / m[i];
        }
    }
    e
}

#[differentiate]
fn crank_nicolson(u: &mut [f64], kappa: f64, dx: f64, dt: f64, steps: u32) {
    let n = u.len();
    let r = kappa * dt / (2.0 * dx * dx);
    let mut cp = vec![0.0; n];
    let mut dp = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            let um = if i > 0 { u[i - 1] } else { 0.0 };
            let up = if i + 1 < n { u[i + 1] } else { 0.0 };
            let d = r * um + (1.0 - 2.0 * r) * u[i] + r * up;
            let b = 1.0 + 2.0 * r;
            if i == 0 {
                cp[0] = -r / b;
                dp[0] = d / b;
            } else {
                let m = 1.0 / (b + r * cp[i - 1]);
                cp[i] = -r * m;
                dp[i] = (d + r * dp[i - 1]) * m;
            }
        }
        u[n - 1] = dp[n - 1];
        for i in (0..n - 1).rev() {
            u[i] = dp[i] - cp[i] * u[i + 1];
        }
    }
}

#[differentiate]
fn lax_wendroff(u0: &[f64], c: f64, steps: usize) -> f64 {
    let n = u0.len();
    let mut u = u0.to_vec();
    let mut next = vec![0.0; n];
    for _ in 0..steps {
        for i in 0..n {
            let (l, m, r) = (u[(i + n - 1) % n], u[i], u[(i + 1) % n]);
            next[i] = m - c / 2.0 * (r - l) + c * c / 2.0 * (r - 2.0 * m + l);
        }
        std::mem::swap(&mut u, &mut next);
    }
    u.iter()
        .enumerate()
        .map(|(i, v)| v * v * (i as f64 + 1.0))
        .sum()
}

#[differentiate]
fn muscl(u: &[f64], dx: f64, dt: f64) -> Vec<f64> {
    fn minmod_sign(a: f64, b: f64) -> bool {
        a * b > 0.0
    }
    let n = u.len();
    let slope = |i: usize| -> f64 {
        let (a, b) = (u[i] - u[i - 1], u[i + 1] - u[i]);
        if !minmod_sign(a, b) {
            0.0
        } else if a.abs() < b.abs() {
            a
        } else {
            b
        }
    };
    let mut flux = vec![0.0; n];
    for i in 1..n - 2 {
        let ul = u[i] + 0.5 * slope(i);
        let ur = u[i + 1] - 0.5 * slope(i + 1);
        let a = ul.abs().max(ur.abs());
        flux[i] = 0.5 * (0.5 * ul * ul + 0.5 * ur * ur) - 0.5 * a * (ur - ul);
    }
    let mut out = u.to_vec();
    for i in 2..n - 2 {
        out[i] -= dt / dx * (flux[i] - flux[i - 1]);
    }
    out
}

#[differentiate]
fn sod_pressure(rho_l: f64, p_l: f64, rho_r: f64, p_r: f64, gamma: f64) -> f64 {
    let cl = (gamma * p_l / rho_l).sqrt();
    let cr = (gamma * p_r / rho_r).sqrt();
    let mut p = 0.5 * (p_l + p_r);
    for _ in 0..30 {
        let mut f = 0.0;
        let mut df = 0.0;
        for &(pk, rk, ck) in &[(p_l, rho_l, cl), (p_r, rho_r, cr)] {
            if p > pk {
                let a = 2.0 / ((gamma + 1.0) * rk);
                let b = (gamma - 1.0) / (gamma + 1.0) * pk;
                let q = (a / (p + b)).sqrt();
                f += (p - pk) * q;
                df += q * (1.0 - 0.5 * (p - pk) / (p + b));
            } else {
                let e = (gamma - 1.0) / (2.0 * gamma);
                f += 2.0 * ck / (gamma - 1.0) * ((p / pk).powf(e) - 1.0);
                df += 1.0 / (rk * ck) * (p / pk).powf(-(gamma + 1.0) / (2.0 * gamma));
            }
        }
        let change = f / df;
        p -= change;
        if change.abs() < 1e-14 {
            break;
        }
    }
    p
}

tests::checks! {
    lotka_: |x| { let y = rk4_lotka([x[0], x[1]], [x[2], x[3], x[4], x[5]], 10, 0.1); y[0] * y[1].ln() }, [10.0, 5.0, 1.1, 0.4, 0.1, 0.4];
    dopri: |x| { let mut w = vec![vec![0.0; 3]; 4]; let e = dopri_step(x[0], &x[1..4], x[4], &mut w); e + w[3][1] }, [0.2, 0.5, -0.3, 1.1, 0.1];
    verlet: |x| { let (mut q, mut p) = (x[..3].to_vec(), x[3..6].to_vec()); let e = stormer_verlet(&mut q, &mut p, &x[6..9], x[9], 6); e + q[0] * p[2] }, [0.0, 1.0, 2.5, 0.1, -0.2, 0.3, 1.0, 2.0, 0.5, 0.05];
    cn: |x| { let mut u = x[2..].to_vec(); crank_nicolson(&mut u, x[0], x[1], 0.02, 5); u[1] * u[2] - u[0] }, [0.7, 0.3, 1.0, 2.0, -0.5, 0.3, 0.8];
    lax: |x| lax_wendroff(&x[1..], x[0], 5), [0.4, 1.0, 2.0, 0.3, -0.7, 0.1];
    muscl_: |x| { let o = muscl(x, 0.1, 0.02); o[2] + 2.0 * o[3] * o[4] }, [1.0, 1.2, 1.9, 2.2, 1.8, 0.7, 0.5];
    sod: |x| sod_pressure(x[0], x[1], x[2], x[3], x[4]), [1.0, 1.0, 0.125, 0.1, 1.4];
}
