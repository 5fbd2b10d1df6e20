//! Mechanics, celestial mechanics, molecules, and the integration of differential equations.

use autodiff_runtime::differentiate;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

const G: f64 = 6.674e-2;
const SOFTENING: f64 = 1e-3;
const DIM: usize = 3;

/// Eccentric anomaly by Newton's method.
#[differentiate]
pub fn eccentric_anomaly(mean_anomaly: f64, e: f64) -> f64 {
    let m = mean_anomaly % TAU;
    let mut ea = if e > 0.8 { PI } else { m };
    for _ in 0..50 {
        let f = ea - e * ea.sin() - m;
        let delta = f / (1.0 - e * ea.cos());
        ea -= delta;
        if delta.abs() < 1e-14 {
            break;
        }
    }
    ea
}

#[differentiate]
pub fn kepler_to_cartesian(a: f64, e: f64, m: f64) -> [f64; 2] {
    let ea = eccentric_anomaly(m, e);
    let (sin_e, cos_e) = ea.sin_cos();
    [a * (cos_e - e), a * (1. - e * e).sqrt() * sin_e]
}

#[differentiate]
pub fn gravitational_energy(masses: &[f64], positions: &[[f64; 3]]) -> f64 {
    let n = masses.len();
    let mut energy = 0.0;
    for i in 0..n {
        for j in (i + 1)..n {
            let mut d2 = SOFTENING;
            for k in 0..DIM {
                let d = positions[i][k] - positions[j][k];
                d2 += d * d;
            }
            energy -= G * masses[i] * masses[j] / d2.sqrt();
        }
    }
    energy
}

#[differentiate]
pub fn accelerations(masses: &[f64], pos: &[[f64; 3]], acc: &mut [[f64; 3]]) {
    for a in acc.iter_mut() {
        *a = [0.0; 3];
    }
    for (i, pi) in pos.iter().enumerate() {
        for (j, pj) in pos.iter().enumerate() {
            if i == j {
                continue;
            }
            let d = [pj[0] - pi[0], pj[1] - pi[1], pj[2] - pi[2]];
            let r2: f64 = d.iter().map(|c| c * c).sum::<f64>() + SOFTENING;
            let inv = r2.powf(-1.5);
            for k in 0..3 {
                acc[i][k] += G * masses[j] * d[k] * inv;
            }
        }
    }
}

#[differentiate]
pub fn leapfrog(masses: &[f64], pos0: &[[f64; 3]], dt: f64, steps: usize) -> f64 {
    let mut pos = pos0.to_vec();
    let mut vel = vec![[0.0; 3]; pos.len()];
    let mut acc = vec![[0.0; 3]; pos.len()];
    accelerations(masses, &pos, &mut acc);
    for _ in 0..steps {
        for ((v, a), p) in vel.iter_mut().zip(acc.iter()).zip(pos.iter_mut()) {
            for k in 0..3 {
                v[k] += 0.5 * dt * a[k];
                p[k] += dt * v[k];
            }
        }
        accelerations(masses, &pos, &mut acc);
        for (v, a) in vel.iter_mut().zip(&acc) {
            for (vk, ak) in v.iter_mut().zip(a) {
                *vk += 0.5 * dt * ak;
            }
        }
    }
    gravitational_energy(masses, &pos)
}

#[differentiate]
pub fn lennard_jones_cutoff(coords: &[f64], epsilon: f64, sigma: f64, rc: f64) -> f64 {
    let atoms: Vec<&[f64]> = coords.chunks_exact(3).collect();
    let mut total = 0.0;
    for (i, a) in atoms.iter().enumerate() {
        for b in atoms.iter().skip(i + 1) {
            let r2 = a
                .iter()
                .zip(b.iter())
                .map(|(p, q)| (p - q).powi(2))
                .sum::<f64>();
            if r2 > rc * rc {
                continue;
            }
            let s6 = (sigma * sigma / r2).powi(3);
            total += 4.0 * epsilon * (s6 * s6 - s6);
        }
    }
    total
}

#[differentiate]
pub fn spring_chain(x: &[f64], k: &[f64], rest: f64) -> f64 {
    x.windows(2)
        .zip(k)
        .map(|(w, k)| 0.5 * k * ((w[1] - w[0]).abs() - rest).powi(2))
        .sum()
}

#[differentiate]
pub fn damped_oscillator(t: f64, mass: f64, damping: f64, stiffness: f64) -> f64 {
    let omega0 = (stiffness / mass).sqrt();
    let zeta = damping / (2.0 * (mass * stiffness).sqrt());
    if zeta < 1.0 {
        let omega = omega0 * (1.0 - zeta.powi(2)).sqrt();
        (-zeta * omega0 * t).exp() * (omega * t).cos()
    } else if zeta == 1.0 {
        (1.0 + omega0 * t) * (-omega0 * t).exp()
    } else {
        let s = omega0 * (zeta * zeta - 1.0).sqrt();
        (-zeta * omega0 * t).exp() * (s * t).cosh()
    }
}

#[differentiate]
pub fn double_pendulum_step(state: [f64; 4], l: (f64, f64), m: (f64, f64), h: f64) -> [f64; 4] {
    let g = 9.81;
    let rhs = |s: [f64; 4]| {
        let [t1, t2, w1, w2] = s;
        let d = t1 - t2;
        let den = 2.0 * m.0 + m.1 - m.1 * (2.0 * t1 - 2.0 * t2).cos();
        let a1 = (-g * (2.0 * m.0 + m.1) * t1.sin()
            - m.1 * g * (t1 - 2.0 * t2).sin()
            - 2.0 * d.sin() * m.1 * (w2 * w2 * l.1 + w1 * w1 * l.0 * d.cos()))
            / (l.0 * den);
        let a2 = (2.0
            * d.sin()
            * (w1 * w1 * l.0 * (m.0 + m.1)
                + g * (m.0 + m.1) * t1.cos()
                + w2 * w2 * l.1 * m.1 * d.cos()))
            / (l.1 * den);
        [w1, w2, a1, a2]
    };
    let shift = |s: [f64; 4], k: [f64; 4], f: f64| {
        let mut out = s;
        for i in 0..4 {
            out[i] += f * k[i];
        }
        out
    };
    let k1 = rhs(state);
    let k2 = rhs(shift(state, k1, h / 2.0));
    let k3 = rhs(shift(state, k2, h / 2.0));
    let k4 = rhs(shift(state, k3, h));
    let mut next = [0.0; 4];
    for i in 0..4 {
        next[i] = state[i] + h / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]);
    }
    next
}

#[differentiate]
pub fn lorenz(y: &[f64], p: &[f64; 3], dydt: &mut [f64]) {
    dydt[0] = p[0] * (y[1] - y[0]);
    dydt[1] = y[0] * (p[1] - y[2]) - y[1];
    dydt[2] = y[0] * y[1] - p[2] * y[2];
}

#[differentiate]
pub fn euler(y0: &[f64], p: &[f64; 3], dt: f64, n: usize) -> Vec<f64> {
    let mut y = y0.to_owned();
    let mut dy = vec![0.; y.len()];
    for _ in 0..n {
        lorenz(&y, p, &mut dy);
        y.iter_mut().zip(dy.iter()).for_each(|(a, b)| *a += dt * b);
    }
    y
}

/// Dormand-Prince with an adaptive step.
#[differentiate]
pub fn dopri_decay(rate: f64, y0: f64, t_end: f64, rtol: f64) -> f64 {
    const A: [[f64; 6]; 6] = [
        [1.0 / 5.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [3.0 / 40.0, 9.0 / 40.0, 0.0, 0.0, 0.0, 0.0],
        [44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0, 0.0, 0.0, 0.0],
        [
            19372.0 / 6561.0,
            -25360.0 / 2187.0,
            64448.0 / 6561.0,
            -212.0 / 729.0,
            0.0,
            0.0,
        ],
        [
            9017.0 / 3168.0,
            -355.0 / 33.0,
            46732.0 / 5247.0,
            49.0 / 176.0,
            -5103.0 / 18656.0,
            0.0,
        ],
        [
            35.0 / 384.0,
            0.0,
            500.0 / 1113.0,
            125.0 / 192.0,
            -2187.0 / 6784.0,
            11.0 / 84.0,
        ],
    ];
    const E: [f64; 7] = [
        71.0 / 57600.0,
        0.0,
        -71.0 / 16695.0,
        71.0 / 1920.0,
        -17253.0 / 339200.0,
        22.0 / 525.0,
        -1.0 / 40.0,
    ];
    let f = |_t: f64, y: f64| -rate * y;
    let (mut t, mut y, mut h) = (0.0, y0, 0.1);
    let mut steps = 0;
    while t < t_end && steps < 1000 {
        if t + h > t_end {
            h = t_end - t;
        }
        let mut k = [0.0; 7];
        k[0] = f(t, y);
        for s in 0..6 {
            let mut ys = y;
            for j in 0..=s {
                ys += h * A[s][j] * k[j];
            }
            k[s + 1] = f(t + h, ys);
        }
        let y_new = y + h * (0..6).map(|j| A[5][j] * k[j]).sum::<f64>();
        let err = (h * E.iter().zip(&k).map(|(e, k)| e * k).sum::<f64>()).abs();
        let scale = rtol * y.abs().max(y_new.abs());
        if err <= scale {
            t += h;
            y = y_new;
        }
        h *= 2.0;
        if err > scale {
            h *= 0.25;
        }
        steps += 1;
    }
    y
}

#[differentiate]
pub fn heat_explicit(u0: &[f64], alpha: f64, dx: f64, dt: f64, steps: usize) -> Vec<f64> {
    let r = alpha * dt / (dx * dx);
    let n = u0.len();
    let mut u = u0.to_vec();
    for _ in 0..steps {
        let prev = u.clone();
        for i in 1..n - 1 {
            u[i] = prev[i] + r * (prev[i + 1] - 2.0 * prev[i] + prev[i - 1]);
        }
    }
    u
}

#[differentiate]
pub fn crank_nicolson(u0: &[f64], r: f64) -> Vec<f64> {
    let n = u0.len();
    let mut rhs = vec![0.0; n];
    for i in 0..n {
        let left = if i == 0 { 0.0 } else { u0[i - 1] };
        let right = if i + 1 == n { 0.0 } else { u0[i + 1] };
        rhs[i] = u0[i] + 0.5 * r * (left - 2.0 * u0[i] + right);
    }
    let (mut c_star, mut d_star) = (vec![0.0; n], vec![0.0; n]);
    let (a, b, c) = (-0.5 * r, 1.0 + r, -0.5 * r);
    c_star[0] = c / b;
    d_star[0] = rhs[0] / b;
    for i in 1..n {
        let m = 1.0 / (b - a * c_star[i - 1]);
        c_star[i] = c * m;
        d_star[i] = (rhs[i] - a * d_star[i - 1]) * m;
    }
    for i in (0..n - 1).rev() {
        d_star[i] -= c_star[i] * d_star[i + 1];
    }
    d_star
}

#[differentiate]
pub fn wave_energy(u: &[Vec<f64>], c: f64) -> f64 {
    let (nx, ny) = (u.len(), u[0].len());
    let mut e = 0.;
    for i in 1..nx - 1 {
        for j in 1..ny - 1 {
            let lap = u[i + 1][j] + u[i - 1][j] + u[i][j + 1] + u[i][j - 1] - 4. * u[i][j];
            e += c * c * lap * lap;
        }
    }
    e.sqrt()
}

#[differentiate]
pub fn projectile_range(v0: f64, angle: f64, drag: f64) -> f64 {
    let dt = 0.01;
    let (mut x, mut y) = (0.0_f64, 0.0_f64);
    let (mut vx, mut vy) = (v0 * angle.cos(), v0 * angle.sin());
    loop {
        let v = vx.hypot(vy);
        vx -= drag * v * vx * dt;
        vy -= (9.81 + drag * v * vy) * dt;
        let (px, py) = (x, y);
        x += vx * dt;
        y += vy * dt;
        if y < 0.0 {
            let t = py / (py - y);
            break px + t * (x - px);
        }
    }
}

#[differentiate]
pub fn snell(n1: f64, n2: f64, theta: f64) -> f64 {
    let s = n1 / n2 * theta.sin();
    if s.abs() > 1.0 {
        return FRAC_PI_2;
    }
    let t = s.asin();
    let rs = (n1 * theta.cos() - n2 * t.cos()) / (n1 * theta.cos() + n2 * t.cos());
    rs * rs
}

#[differentiate]
pub fn planck(wavelength: f64, temperature: f64) -> f64 {
    let (h, c, k) = (6.626, 2.998_f64, 1.381);
    2.0 * h * c.powi(2) / wavelength.powi(5) / ((h * c / (wavelength * k * temperature)).exp_m1())
}

#[differentiate]
pub fn van_der_waals(v: f64, t: f64, a: f64, b: f64) -> f64 {
    const R: f64 = 8.314_462_618e-2;
    R * t / (v - b) - a / v.powi(2)
}

#[differentiate]
pub fn sir(beta: f64, gamma: f64, i0: f64, days: usize) -> f64 {
    let mut s = 1.0 - i0;
    let mut i = i0;
    let mut r = 0.0;
    let mut peak = i;
    for _day in 0..days {
        let new_infections = beta * s * i;
        let recoveries = gamma * i;
        s -= new_infections;
        i += new_infections - recoveries;
        r += recoveries;
        if i > peak {
            peak = i;
        }
    }
    peak + r
}

#[differentiate]
pub fn lotka_volterra(params: &[f64], init: (f64, f64), dt: f64, steps: u32) -> (f64, f64) {
    let &[alpha, beta, delta, gamma] = params else {
        panic!("four parameters")
    };
    let (mut x, mut y) = init;
    for _ in 0..steps {
        let dx = alpha * x - beta * x * y;
        let dy = delta * x * y - gamma * y;
        (x, y) = (x + dt * dx, y + dt * dy);
    }
    (x, y)
}

#[differentiate]
pub fn brusselator(u: &mut [f64; 2], a: f64, b: f64, dt: f64) {
    let [x, y] = *u;
    u[0] += dt * (a + x * x * y - (b + 1.0) * x);
    u[1] += dt * (b * x - x * x * y);
}

#[differentiate]
pub fn brusselator_run(a: f64, b: f64) -> f64 {
    let mut u = [1.0, 1.0];
    for _ in 0..20 {
        brusselator(&mut u, a, b, 0.05);
    }
    u[0] * u[1]
}

#[differentiate]
pub fn hodgkin_huxley_rates(v: f64) -> (f64, f64) {
    let vtrap = |x: f64, y: f64| {
        if (x / y).abs() < 1e-6 {
            y * (1.0 - x / y / 2.0)
        } else {
            x / ((x / y).exp() - 1.0)
        }
    };
    let alpha_m = 0.1 * vtrap(-(v + 40.0), 10.0);
    let beta_m = 4.0 * (-(v + 65.0) / 18.0).exp();
    let tau = 1.0 / (alpha_m + beta_m);
    (alpha_m * tau, tau)
}

#[differentiate]
pub fn rigid_rotor_energy(omega: &[f64; 3], inertia: &[[f64; 3]; 3]) -> f64 {
    let mut l = [0.0; 3];
    for (i, row) in inertia.iter().enumerate() {
        l[i] = row.iter().zip(omega).map(|(a, b)| a * b).sum();
    }
    0.5 * omega.iter().zip(l.iter()).fold(0.0, |e, (w, l)| e + w * l)
}

#[differentiate]
pub fn ising_mean_field(j: f64, h: f64, temperature: f64) -> f64 {
    let mut m: f64 = 0.5;
    let mut iterations = 0;
    loop {
        let next = ((j * m + h) / temperature).tanh();
        let change = (next - m).abs();
        m = next;
        iterations += 1;
        if change < 1e-13 || iterations >= 500 {
            return m;
        }
    }
}

checks! {
    anomalies: |x| { let p = kepler_to_cartesian(x[0], x[1], x[2]); p[0] + 2.0 * p[1] }, [1.4, 0.3, 1.1], [1.4, 0.85, 2.1];
    gravity: |x| gravitational_energy(&x[..2], &[[x[2], x[3], x[4]], [x[5], x[6], x[7]]]), [1.0, 2.0, 0.1, 0.5, -0.3, 1.2, 0.8, 0.9];
    orbits: |x| leapfrog(&x[..2], &[[x[2], x[3], x[4]], [x[5], x[6], x[7]]], x[8], 5), [1.0, 2.0, 0.1, 0.5, -0.3, 1.2, 0.8, 0.9, 0.1];
    atoms: |x| lennard_jones_cutoff(&x[2..], x[0], x[1], 3.0), [1.0, 1.1, 0.1, 0.5, -0.3, 1.2, 0.8, 0.9, 0.0, 1.7, 0.2];
    springs: |x| spring_chain(&x[..3], &x[3..5], x[5]), [1.0, 1.7, 2.9, 0.5, 0.8, 0.3];
    oscillators: |x| damped_oscillator(x[0], x[1], x[2], x[3]), [1.0, 1.7, 0.9, 0.5], [1.0, 0.7, 2.9, 0.5];
    pendulums: |x| { let s = double_pendulum_step([x[0], x[1], x[2], x[3]], (x[4], x[5]), (x[6], x[7]), 0.1); s[0] * s[2] + s[1] * s[3] }, [0.4, 0.9, 0.1, -0.3, 1.0, 0.8, 1.1, 0.7];
    lorenz_euler: |x| euler(&x[..3], &[x[3], x[4], x[5]], 0.01, 5).iter().product(), [0.4, 0.9, 1.1, 10.0, 28.0, 2.6];
    adaptive: |x| dopri_decay(x[0], x[1], 1.0, 1e-8), [1.4, 0.9];
    heat: |x| heat_explicit(&x[1..], x[0], 1.0, 0.1, 4)[2] + crank_nicolson(&x[1..], x[0])[1], [0.4, 0.9, 1.1, 1.0, 2.8, 2.6];
    waves: |x| wave_energy(&[x[..3].to_vec(), x[3..6].to_vec(), x[6..9].to_vec()], x[9]), [0.4, 0.9, 1.1, 1.0, 2.8, 2.6, 0.4, 0.3, 1.7, 1.2];
    ranges: |x| projectile_range(x[0], x[1], x[2]), [10.0, 0.7, 0.05];
    optics: |x| snell(x[0], x[1], x[2]) + planck(x[1], x[0]), [1.0, 1.5, 0.7];
    gases: |x| van_der_waals(x[0], x[1], x[2], x[3]), [10.0, 3.0, 1.7, 0.05];
    epidemics: |x| sir(x[0], x[1], x[2], 12), [0.9, 0.2, 0.05];
    predators: |x| { let (a, b) = lotka_volterra(&x[..4], (x[4], x[5]), 0.05, 8); a * b }, [0.9, 0.2, 0.1, 0.4, 3.0, 2.0];
    chemistry: |x| brusselator_run(x[0], x[1]), [0.9, 2.2];
    neurons: |x| { let (m, tau) = hodgkin_huxley_rates(x[0]); m * tau }, [-55.0];
    rotors: |x| rigid_rotor_energy(&[x[0], x[1], x[2]], &[[x[3], x[4], 0.0], [x[4], x[5], 0.1], [0.0, 0.1, 2.0]]), [0.9, 2.2, 0.4, 1.1, 0.3, 0.8];
    magnets: |x| ising_mean_field(x[0], x[1], x[2]), [0.9, 0.2, 1.4];
}
