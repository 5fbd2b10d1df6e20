//! Checkpoints: the same derivatives, as many iterations run again as the schedule says, and memory that does not grow with the number of
//! iterations.

use autodiff_runtime::differentiate;
use std::cell::Cell;

/// The most that `f` has allocated at once, in bytes.
fn peak<R>(f: impl FnOnce() -> R) -> (R, u64) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(f()));
    (result.expect("it was measured"), info.bytes_max)
}

thread_local! {
    static STEPS: Cell<usize> = const { Cell::new(0) };
}

fn count_step() {
    STEPS.with(|s| s.set(s.get() + 1));
}

fn steps<R>(f: impl FnOnce() -> R) -> (R, usize) {
    STEPS.with(|s| s.set(0));
    let result = f();
    (result, STEPS.with(Cell::get))
}

/// The same integrator twice: with checkpoints and without. Lorenz's equations by the explicit Euler method.
macro_rules! integrator {
    ($name:ident $(, $checkpoint:meta)?) => {
        #[differentiate]
        fn $name(start: &[f64; 3], sigma: f64, n: usize) -> f64 {
            let [mut x, mut y, mut z] = *start;
            let mut distance = 0.0;
            $(#[$checkpoint])?
            for i in 0..n {
                count_step();
                let h = 1e-3 / (1.0 + i as f64 / n as f64);
                let (dx, dy, dz) = (sigma * (y - x), x * (28.0 - z) - y, x * y - 8.0 / 3.0 * z);
                x += h * dx;
                y += h * dy;
                z += h * dz;
                distance += h * (x * x + y * y).sqrt();
            }
            distance + z
        }
    };
}

integrator!(recorded);
integrator!(rooted, checkpoint);
integrator!(three, checkpoint(3));

const START: [f64; 3] = [1.0, 1.2, 20.0];

#[test]
fn the_gradient_is_the_same_to_the_bit() {
    for n in [0, 1, 2, 3, 7, 50, 400] {
        let expected = recorded::value_and_grad(&START, 10.0, n);
        assert_eq!(rooted::value_and_grad(&START, 10.0, n), expected, "{n}");
        assert_eq!(three::value_and_grad(&START, 10.0, n), expected, "{n}");
        let direction = [0.3, -0.2, 1.0];
        let slope = rooted::jvp(&START, 10.0, n, &direction, 0.5);
        assert_eq!(slope, recorded::jvp(&START, 10.0, n, &direction, 0.5));
    }
}

#[test]
fn iterations_are_run_as_often_as_the_schedule_says() {
    // Once by the loop, once before each reverse, and what the schedule runs again: 100 steps and ten states, at most once each.
    let (_, counted) = steps(|| rooted::grad(&START, 10.0, 100));
    assert!((200..=400).contains(&counted), "{counted}");
    // Three states reach C(3 + 7, 3) = 120 iterations with seven repetitions.
    let (_, counted) = steps(|| three::grad(&START, 10.0, 120));
    assert!((120 * 6..=120 * 9).contains(&counted), "{counted}");
    let (_, counted) = steps(|| recorded::grad(&START, 10.0, 100));
    assert_eq!(counted, 100);
}

#[test]
fn a_million_steps_need_little_memory() {
    let n = 1_000_000;
    let (expected, much) = peak(|| recorded::value_and_grad(&START, 10.0, n));
    let (rooted, little) = peak(|| rooted::value_and_grad(&START, 10.0, n));
    let (_, least) = peak(|| three::value_and_grad(&START, 10.0, 2_000));
    assert_eq!(rooted, expected);
    assert!(much > 20_000_000, "{much} bytes with a trace");
    assert!(little < 150_000, "{little} bytes with the square root");
    assert!(least < 1_000, "{least} bytes with three states");
}

/// State in memory, results that are only written, a loop inside, an early end.
macro_rules! diffusion {
    ($name:ident $(, $checkpoint:meta)?) => {
        #[differentiate]
        fn $name(start: &[f64], rate: f64, limit: usize) -> Vec<f64> {
            let mut u = start.to_vec();
            let mut history = Vec::new();
            let mut total = 0.0;
            $(#[$checkpoint])?
            for step in 0..limit {
                let old = u.clone();
                for k in 1..old.len() - 1 {
                    u[k] += rate * (old[k - 1] - 2.0 * old[k] + old[k + 1]) * u[0];
                }
                let energy: f64 = u.iter().map(|v| v * v).sum();
                history.push(energy);
                total += energy.sqrt();
                u[0] *= 0.99;
                if energy < 0.8 || step > 30 {
                    break;
                }
            }
            history.push(total);
            history.extend_from_slice(&u);
            history
        }
    };
}

diffusion!(diffusion_recorded);
diffusion!(diffusion_rooted, checkpoint);
diffusion!(diffusion_two, checkpoint(2));

#[test]
fn arrays_results_and_early_ends() {
    let start = [1.0, 0.2, -0.4, 0.6, 0.1];
    for limit in [0, 1, 5, 20, 100] {
        let (value, pullback) = diffusion_recorded::vjp(&start, 0.2, limit);
        let seed: Vec<f64> = (0..value.len()).map(|k| (k as f64 + 1.0).sin()).collect();
        let expected = pullback(seed.clone());
        let (rooted, pullback) = diffusion_rooted::vjp(&start, 0.2, limit);
        assert_eq!(
            (rooted, pullback(seed.clone())),
            (value.clone(), expected.clone())
        );
        let (two, pullback) = diffusion_two::vjp(&start, 0.2, limit);
        assert_eq!((two, pullback(seed)), (value, expected));
    }
}

/// A loop with checkpoints inside a loop without, over a buffer of the caller's.
macro_rules! nested {
    ($name:ident $(, $checkpoint:meta)?) => {
        #[differentiate]
        fn $name(u: &mut [f64], gain: f64) -> f64 {
            let mut sum = 0.0;
            for outer in 0..4 {
                let mut y = u[outer];
                $(#[$checkpoint])?
                for k in (0..12).rev().step_by(2) {
                    y = (y * gain).sin() + u[k % u.len()];
                    u[k % 3] = 0.9 * y + 0.1 * u[k % 3];
                }
                sum += y * u[1];
            }
            sum
        }
    };
}

nested!(nested_recorded);
nested!(nested_rooted, checkpoint);

#[test]
fn inside_a_loop() {
    let buffer = [0.3, -0.8, 0.5, 1.1];
    let (mut a, mut b) = (buffer, buffer);
    let (value, pullback) = nested_recorded::vjp(&mut a, 1.3);
    let expected = pullback(0.7, vec![0.1, 0.2, 0.3, 0.4]);
    let (again, pullback) = nested_rooted::vjp(&mut b, 1.3);
    assert_eq!((again, b), (value, a));
    assert_eq!(pullback(0.7, vec![0.1, 0.2, 0.3, 0.4]), expected);
}

/// A callee that is run again instead of being recorded.
#[differentiate(checkpoint)]
fn stage(u: &mut [f64], weights: &[f64], gain: f64) -> f64 {
    let mut energy = 0.0;
    for k in 0..u.len() {
        count_step();
        u[k] = (gain * u[k] * weights[k]).tanh();
        energy += u[k] * u[k];
    }
    energy
}

#[differentiate]
fn plain_stage(u: &mut [f64], weights: &[f64], gain: f64) -> f64 {
    let mut energy = 0.0;
    for k in 0..u.len() {
        u[k] = (gain * u[k] * weights[k]).tanh();
        energy += u[k] * u[k];
    }
    energy
}

#[differentiate]
fn stages(start: &[f64], weights: &[f64], gain: f64) -> f64 {
    let mut u = start.to_vec();
    let mut sum = 0.0;
    for _ in 0..5 {
        sum += stage(&mut u, weights, gain + sum);
    }
    sum
}

#[differentiate]
fn plain_stages(start: &[f64], weights: &[f64], gain: f64) -> f64 {
    let mut u = start.to_vec();
    let mut sum = 0.0;
    for _ in 0..5 {
        sum += plain_stage(&mut u, weights, gain + sum);
    }
    sum
}

#[test]
fn functions_are_run_again() {
    let (start, weights) = ([0.5, -0.8, 0.3], [1.1, 0.7, 0.9]);
    let expected = plain_stages::value_and_grad(&start, &weights, 0.6);
    let (again, counted) = steps(|| stages::value_and_grad(&start, &weights, 0.6));
    assert_eq!(again, expected);
    assert_eq!(counted, 2 * 5 * 3);
    // The function itself has no caller that would gain from it.
    let (_, counted) = steps(|| stage::grad(&mut start.clone(), &weights, 0.6));
    assert_eq!(counted, 3);
}

/// Direct recursion: a call is kept as its arguments.
#[differentiate(checkpoint)]
fn folded(x: &[f64], a: f64, depth: usize) -> f64 {
    if depth == 0 {
        return x.iter().map(|v| (a * v).sin()).product();
    }
    folded(x, folded(x, a, depth - 1) + a, depth - 1)
}

#[differentiate]
fn folded_recorded(x: &[f64], a: f64, depth: usize) -> f64 {
    if depth == 0 {
        return x.iter().map(|v| (a * v).sin()).product();
    }
    folded_recorded(x, folded_recorded(x, a, depth - 1) + a, depth - 1)
}

#[test]
fn recursion_is_run_again() {
    let x = [0.4, 1.3, 2.1];
    let (expected, much) = peak(|| folded_recorded::value_and_grad(&x, 0.9, 8));
    let (again, little) = peak(|| folded::value_and_grad(&x, 0.9, 8));
    assert_eq!(again, expected);
    assert!(10 * little < much, "{little} and {much} bytes");
}
