//! The textbook problems as applications.

use super::{Application, scalar};
use crate::by_hand::tangents;
use crate::data::generate::{self, uniform};
use crate::{by_hand, classics, estimation, finance, models};
use std::rc::Rc;

/// Those of the examples.
pub fn all() -> Vec<Application> {
    vec![
        rosenbrock(100),
        lorenz(100),
        burgers(128, 100),
        logistic(500),
        network(500),
        log_determinant(8),
        gaussian_process(20),
        kalman(100),
        layer(8),
        potential(10),
        wave(8, 10),
        markov(4, 20),
        attention(6, 4),
    ]
}

/// Those of the benchmarks.
pub fn kernels() -> Vec<Application> {
    vec![
        rosenbrock(1000),
        lorenz(10_000),
        burgers(100, 1000),
        burgers(1000, 1000),
        heat(1000, 100),
        logistic(500),
        network(500),
        least_squares(500, 200),
        portfolio(1000),
        nested(1000),
        log_determinant(64),
        gaussian_process(100),
        kalman(1000),
        layer(64),
        potential(60),
        wave(64, 50),
        markov(8, 200),
        attention(32, 16),
    ]
}

fn rosenbrock(n: usize) -> Application {
    let x = uniform(&mut generate::rng(), n, -1.0, 1.0);
    let own = x.clone();
    scalar(
        format!("Rosenbrock, n {n}"),
        x,
        classics::rosenbrock,
        classics::rosenbrock::value_and_grad_into,
        by_hand::classics::rosenbrock,
        classics::rosenbrock::jvp,
        classics::rosenbrock::hvp,
    )
    .against(&own, tangents::rosenbrock)
}

fn lorenz(steps: usize) -> Application {
    // The gradient grows exponentially with time.
    let h = 0.5 / steps as f64;
    scalar(
        format!("Lorenz, {steps} steps of RK4"),
        vec![1.0, 2.0, 20.0, 10.0, 28.0, 8.0 / 3.0],
        move |x| classics::lorenz(x, steps, h),
        move |x, g| classics::lorenz::value_and_grad_into(x, steps, h, g),
        move |x, g| by_hand::classics::lorenz(x, steps, h, g),
        move |x, dx| classics::lorenz::jvp(x, steps, h, dx),
        move |x, dx| classics::lorenz::hvp(x, steps, h, dx),
    )
}

fn sine(n: usize) -> Vec<f64> {
    let at = |i| (i as f64 / n as f64 * std::f64::consts::TAU).sin();
    (0..n).map(at).collect()
}

fn burgers(n: usize, steps: usize) -> Application {
    let (dt, nu) = (0.1 / (n * n) as f64, 1.0);
    scalar(
        format!("Burgers, {n} cells, {steps} steps"),
        sine(n),
        move |x| classics::burgers(x, steps, dt, nu),
        move |x, g| classics::burgers::value_and_grad_into(x, steps, dt, nu, g),
        move |x, g| by_hand::classics::burgers(x, steps, dt, nu, g),
        move |x, dx| classics::burgers::jvp(x, steps, dt, nu, dx),
        move |x, dx| classics::burgers::hvp(x, steps, dt, nu, dx),
    )
    .against(&sine(n), move |x, dx| {
        tangents::burgers(x, steps, dt, nu, dx)
    })
}

fn heat(n: usize, steps: usize) -> Application {
    let r = 0.2;
    scalar(
        format!("heat equation, {n} cells, {steps} steps"),
        sine(n),
        move |x| classics::heat(x, steps, r),
        move |x, g| classics::heat::value_and_grad_into(x, steps, r, g),
        move |x, g| by_hand::classics::heat(x, steps, r, g),
        move |x, dx| classics::heat::jvp(x, steps, r, dx),
        move |x, dx| classics::heat::hvp(x, steps, r, dx),
    )
    .against(&sine(n), move |x, dx| tangents::heat(x, steps, r, dx))
}

fn logistic(n: usize) -> Application {
    let rng = &mut generate::rng();
    let x = uniform(rng, 20, -1.0, 1.0);
    let own = x.clone();
    let rows = uniform(rng, n * 20, -1.0, 1.0);
    let label = |i: usize| f64::from(u8::from(rows[20 * i] > 0.0));
    let labels: Vec<f64> = (0..n).map(label).collect();
    let data = Rc::new((rows, labels));
    let [a, b, c, d, e, f] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("logistic regression, {n} x 20"),
        x,
        move |w| classics::logistic(w, &a.0, &a.1),
        move |w, g| classics::logistic::value_and_grad_into(w, &b.0, &b.1, g),
        move |w, g| by_hand::classics::logistic(w, &c.0, &c.1, g),
        move |w, dw| classics::logistic::jvp(w, &d.0, &d.1, dw),
        move |w, dw| classics::logistic::hvp(w, &e.0, &e.1, dw),
    )
    .against(&own, move |w, dw| tangents::logistic(w, &f.0, &f.1, dw))
}

fn network(n: usize) -> Application {
    let rng = &mut generate::rng();
    let p = uniform(rng, 16 * 22 + 1, -0.5, 0.5);
    let own = p.clone();
    let data = Rc::new((uniform(rng, n * 20, -1.0, 1.0), uniform(rng, n, 0.0, 1.0)));
    let [a, b, c, d, e, f] = std::array::from_fn(|_| data.clone());
    scalar(
        "two-layer network, 20-16-1".into(),
        p,
        move |p| classics::network(p, &a.0, &a.1, 20, 16),
        move |p, g| classics::network::value_and_grad_into(p, &b.0, &b.1, 20, 16, g),
        move |p, g| by_hand::classics::network(p, &c.0, &c.1, 20, g),
        move |p, dp| classics::network::jvp(p, &d.0, &d.1, 20, 16, dp),
        move |p, dp| classics::network::hvp(p, &e.0, &e.1, 20, 16, dp),
    )
    .against(&own, move |p, dp| tangents::network(p, &f.0, &f.1, 20, dp))
}

fn least_squares(n: usize, columns: usize) -> Application {
    let rng = &mut generate::rng();
    let data = Rc::new((
        uniform(rng, n * columns, -1.0, 1.0),
        uniform(rng, n, -1.0, 1.0),
    ));
    let [a, b, c, d, e] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("least squares in lanes, {n} x {columns}"),
        uniform(rng, columns, -1.0, 1.0),
        move |w| classics::least_squares(w, &a.0, &a.1),
        move |w, g| classics::least_squares::value_and_grad_into(w, &b.0, &b.1, g),
        move |w, g| by_hand::classics::least_squares(w, &c.0, &c.1, g),
        move |w, dw| classics::least_squares::jvp(w, &d.0, &d.1, dw),
        move |w, dw| classics::least_squares::hvp(w, &e.0, &e.1, dw),
    )
}

fn portfolio(n: usize) -> Application {
    let market = [100.0, 0.03, 0.2];
    let rng = &mut generate::rng();
    let data = Rc::new((uniform(rng, n, 50.0, 150.0), uniform(rng, n, 0.1, 2.0)));
    let [a, b, c, d, e, f] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("Black-Scholes, {n} options"),
        market.to_vec(),
        move |x| finance::portfolio(x, &a.0, &a.1),
        move |x, g| finance::portfolio::value_and_grad_into(x, &b.0, &b.1, g),
        move |x, g| by_hand::finance::portfolio(x, &c.0, &c.1, g),
        move |x, dx| finance::portfolio::jvp(x, &d.0, &d.1, dx),
        move |x, dx| finance::portfolio::hvp(x, &e.0, &e.1, dx),
    )
    .against(&market, move |x, dx| tangents::portfolio(x, &f.0, &f.1, dx))
}

fn nested(n: usize) -> Application {
    scalar(
        format!("three nested functions, {n} times"),
        uniform(&mut generate::rng(), n + 1, -1.0, 1.0),
        finance::nested,
        finance::nested::value_and_grad_into,
        by_hand::finance::nested,
        finance::nested::jvp,
        finance::nested::hvp,
    )
}

fn log_determinant(n: usize) -> Application {
    scalar(
        format!("log-determinant, {n} x {n}"),
        uniform(&mut generate::rng(), n * n, -1.0, 1.0),
        move |b| estimation::log_determinant(b, n),
        move |b, g| estimation::log_determinant::value_and_grad_into(b, n, g),
        move |b, g| by_hand::estimation::log_determinant(b, n, g),
        move |b, db| estimation::log_determinant::jvp(b, n, db),
        move |b, db| estimation::log_determinant::hvp(b, n, db),
    )
}

fn gaussian_process(n: usize) -> Application {
    let rng = &mut generate::rng();
    let data = Rc::new((uniform(rng, n, 0.0, 10.0), uniform(rng, n, -1.0, 1.0)));
    let [a, b, c, d, e] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("Gaussian process, {n} points"),
        vec![0.0, 0.3, -2.0],
        move |p| estimation::gaussian_process(p, &a.0, &a.1),
        move |p, g| estimation::gaussian_process::value_and_grad_into(p, &b.0, &b.1, g),
        move |p, g| by_hand::estimation::gaussian_process(p, &c.0, &c.1, g),
        move |p, dp| estimation::gaussian_process::jvp(p, &d.0, &d.1, dp),
        move |p, dp| estimation::gaussian_process::hvp(p, &e.0, &e.1, dp),
    )
}

fn kalman(n: usize) -> Application {
    let data: Rc<[f64]> = uniform(&mut generate::rng(), n, -1.0, 1.0).into();
    let [a, b, c, d, e] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("Kalman filter, {n} observations"),
        vec![0.9, 0.1, -0.1, 0.8, -1.0, -2.0],
        move |p| estimation::kalman(p, &a),
        move |p, g| estimation::kalman::value_and_grad_into(p, &b, g),
        move |p, g| by_hand::estimation::kalman(p, &c, g),
        move |p, dp| estimation::kalman::jvp(p, &d, dp),
        move |p, dp| estimation::kalman::hvp(p, &e, dp),
    )
}

fn layer(n: usize) -> Application {
    let rng = &mut generate::rng();
    let mut p = uniform(rng, n * n + n, -1.0, 1.0);
    // Far from singular.
    (0..n).for_each(|i| p[i * n + i] += n as f64);
    let data: Rc<[f64]> = uniform(rng, n, -1.0, 1.0).into();
    let [a, b, c, d, e] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("layer A x = b, {n} x {n}"),
        p,
        move |p| estimation::layer(p, &a),
        move |p, g| estimation::layer::value_and_grad_into(p, &b, g),
        move |p, g| by_hand::estimation::layer(p, &c, g),
        move |p, dp| estimation::layer::jvp(p, &d, dp),
        move |p, dp| estimation::layer::hvp(p, &e, dp),
    )
}

fn potential(bodies: usize) -> Application {
    let rng = &mut generate::rng();
    let x = uniform(rng, 3 * bodies, -1.0, 1.0);
    let data: Rc<[f64]> = uniform(rng, bodies, 0.5, 1.5).into();
    let [a, b, c, d, e] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("potential of {bodies} bodies"),
        x,
        move |x| models::potential(x, &a),
        move |x, g| models::potential::value_and_grad_into(x, &b, g),
        move |x, g| by_hand::models::potential(x, &c, g),
        move |x, dx| models::potential::jvp(x, &d, dx),
        move |x, dx| models::potential::hvp(x, &e, dx),
    )
}

fn wave(n: usize, steps: usize) -> Application {
    scalar(
        format!("wave, {n} x {n} cells, {steps} steps"),
        uniform(&mut generate::rng(), n * n, -1.0, 1.0),
        move |x| models::wave(x, n, steps),
        move |x, g| models::wave::value_and_grad_into(x, n, steps, g),
        move |x, g| by_hand::models::wave(x, n, steps, g),
        move |x, dx| models::wave::jvp(x, n, steps, dx),
        move |x, dx| models::wave::hvp(x, n, steps, dx),
    )
}

fn markov(k: usize, steps: usize) -> Application {
    let rng = &mut generate::rng();
    let x = uniform(rng, k * k, 0.1, 1.0);
    let data: Rc<[f64]> = uniform(rng, k * steps, 0.1, 1.0).into();
    let [a, b, c, d, e] = std::array::from_fn(|_| data.clone());
    scalar(
        format!("hidden Markov model, {k} states, {steps} observations"),
        x,
        move |x| models::markov(x, &a, k),
        move |x, g| models::markov::value_and_grad_into(x, &b, k, g),
        move |x, g| by_hand::models::markov(x, &c, k, g),
        move |x, dx| models::markov::jvp(x, &d, k, dx),
        move |x, dx| models::markov::hvp(x, &e, k, dx),
    )
}

fn attention(n: usize, d: usize) -> Application {
    scalar(
        format!("attention, {n} tokens of {d}"),
        uniform(&mut generate::rng(), 3 * n * d, -1.0, 1.0),
        move |x| models::attention(x, n, d),
        move |x, g| models::attention::value_and_grad_into(x, n, d, g),
        move |x, g| by_hand::models::attention(x, n, d, g),
        move |x, dx| models::attention::jvp(x, n, d, dx),
        move |x, dx| models::attention::hvp(x, n, d, dx),
    )
}
