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

/// Loops that only their bodies end: an adaptive integrator with `while`, one with `loop` and a value, one that takes steps from a list,
/// `continue`, `return` out of the middle.
macro_rules! unnumbered {
    ($module:ident $(, $checkpoint:meta)?) => {
        mod $module {
            use autodiff_runtime::differentiate;

            #[differentiate(order = 2)]
            pub fn adaptive(start: f64, rate: f64, end: f64) -> f64 {
                let (mut t, mut y, mut steps) = (0.0, start, 0);
                $(#[$checkpoint])?
                while t < end && steps < 1_000_000 {
                    steps += 1;
                    let slope = rate * y.cos() - 0.1 * y;
                    let h = (1e-3 / (1.0 + slope.abs())).min(end - t);
                    if h <= 0.0 {
                        continue;
                    }
                    y += h * slope;
                    t += h;
                }
                y * (1.0 + 1e-3 * steps as f64)
            }

            #[differentiate(order = 2)]
            pub fn newton(a: f64, start: f64) -> f64 {
                let (mut x, mut steps) = (start, 0);
                let change = $(#[$checkpoint])? 'newton: loop {
                    let next = x - (x * x * x - a) / (3.0 * x * x);
                    let change = (next - x).abs();
                    x = next;
                    steps += 1;
                    if change < 1e-3 {
                        break 'newton change;
                    }
                    if steps > 40 {
                        return 0.0;
                    }
                };
                x + change
            }

            #[differentiate(order = 2)]
            pub fn listed(x: &[f64], rate: f64) -> Vec<f64> {
                let (mut left, mut state, mut path) = (x.len(), vec![0.5, rate], Vec::new());
                $(#[$checkpoint])?
                while let Some(k) = left.checked_sub(1) {
                    left = k;
                    state[0] += rate * x[k] * state[1].sin();
                    state[1] = state[0] * x[k];
                    path.push(state[0]);
                }
                path.extend_from_slice(&state);
                path
            }
        }
    };
}

unnumbered!(traced);
unnumbered!(with_root, checkpoint);
unnumbered!(with_four, checkpoint(4));

#[test]
fn loops_that_only_their_bodies_end() {
    for end in [0.0, 1e-4, 0.02, 1.0] {
        let expected = traced::adaptive::value_and_grad(0.3, 1.2, end);
        assert_eq!(expected.0, traced::adaptive(0.3, 1.2, end));
        assert_eq!(with_root::adaptive::value_and_grad(0.3, 1.2, end), expected);
        assert_eq!(with_four::adaptive::value_and_grad(0.3, 1.2, end), expected);
        let curvature = traced::adaptive::hvp(0.3, 1.2, end, 1.0, -0.5, 0.0);
        let again = with_root::adaptive::hvp(0.3, 1.2, end, 1.0, -0.5, 0.0);
        assert_eq!(again, curvature);
    }
    for start in [0.1, 1.0, 1e-12] {
        let expected = traced::newton::value_and_grad(2.0, start);
        assert_eq!(with_root::newton::value_and_grad(2.0, start), expected);
        assert_eq!(with_four::newton::value_and_grad(2.0, start), expected);
        let curvature = traced::newton::hvp(2.0, start, 1.0, 0.3);
        assert_eq!(with_four::newton::hvp(2.0, start, 1.0, 0.3), curvature);
    }
}

#[test]
fn loops_that_take_steps_from_a_list() {
    for n in [0, 1, 2, 17, 60] {
        let x: Vec<f64> = (0..n).map(|k| (k as f64 * 0.7).sin()).collect();
        let (value, pullback) = traced::listed::vjp(&x, 0.4);
        let seed: Vec<f64> = (0..value.len()).map(|k| (k as f64 + 1.0).cos()).collect();
        let expected = (value, pullback(seed.clone()));
        let (value, pullback) = with_root::listed::vjp(&x, 0.4);
        assert_eq!((value, pullback(seed.clone())), expected);
        let (value, pullback) = with_four::listed::vjp(&x, 0.4);
        assert_eq!((value, pullback(seed)), expected);
    }
}

#[test]
fn an_adaptive_integrator_needs_little_memory() {
    let (expected, much) = peak(|| traced::adaptive::value_and_grad(0.3, 1.2, 100.0));
    let (rooted, little) = peak(|| with_root::adaptive::value_and_grad(0.3, 1.2, 100.0));
    assert_eq!(rooted, expected);
    assert!(much > 2_000_000, "{much} bytes with a trace");
    assert!(little < 60_000, "{little} bytes with the square root");
    let (_, least) = peak(|| with_four::adaptive::value_and_grad(0.3, 1.2, 0.5));
    assert!(least < 1_000, "{least} bytes with four states");
}

/// As many states as fit into `memory` bytes.
#[differentiate]
fn bounded(start: &[f64], rate: f64, steps: usize, memory: usize) -> f64 {
    let mut u = start.to_vec();
    #[checkpoint(memory / size_of_val(&u[..]))]
    for _ in 0..steps {
        for k in 1..u.len() {
            u[k] += rate * (u[k - 1] - u[k]).sin();
        }
    }
    u.iter().map(|v| v * v).sum()
}

#[test]
fn states_that_fit_into_so_much_memory() {
    let start: Vec<f64> = (0..100).map(|k| (k as f64).cos()).collect();
    let expected = bounded::value_and_grad(&start, 0.1, 300, usize::MAX);
    for states in [2, 5, 30] {
        let memory = states * size_of_val(&start[..]);
        let (both, peak) = peak(|| bounded::value_and_grad(&start, 0.1, 300, memory));
        assert_eq!(both, expected);
        // Beside the states there are the state itself, that of an iteration run again, its trace, and the gradient.
        let beside = 8 * size_of_val(&start[..]);
        assert!(
            peak as usize <= memory + beside,
            "{peak} bytes, {states} states"
        );
    }
}

/// Functions that are handed functions, run again or not.
macro_rules! handed {
    ($module:ident $(, $checkpoint:ident)?) => {
        mod $module {
            use autodiff_runtime::differentiate;

            #[differentiate($($checkpoint)?)]
            fn relaxed(f: impl Fn(f64) -> f64, start: f64, steps: usize) -> f64 {
                let mut x = start;
                for _ in 0..steps {
                    super::count_step();
                    x += 0.1 * f(x) * x.cos();
                }
                x
            }

            #[differentiate($($checkpoint)?)]
            fn searched<F: FnMut(&[f64], f64) -> Option<f64>>(mut f: F, x: &mut [f64]) -> Option<f64> {
                let first = f(x, 0.5)?;
                x[0] *= first;
                let second = f(x, first)?;
                Some(first * second)
            }

            #[differentiate]
            fn damped(x: f64) -> f64 {
                -x * x
            }

            #[differentiate]
            fn weighed(x: &[f64], shift: f64) -> Option<f64> {
                let total: f64 = x.iter().map(|v| v.sin() * shift).sum();
                if total > -10.0 { Some(total) } else { None }
            }

            #[differentiate]
            pub fn both(a: f64, b: f64, steps: usize) -> f64 {
                let first = relaxed(|x| a * x.sin() - b * x, a * b, steps);
                let mut list = vec![first, a, b];
                let second = searched(weighed, &mut list).unwrap_or(0.0);
                second + relaxed(damped, b, 3) * list[0]
            }
        }
    };
}

handed!(handed_recorded);
handed!(handed_again, checkpoint);

#[test]
fn functions_that_are_handed_functions_are_run_again() {
    let (expected, once) = steps(|| handed_recorded::both::value_and_grad(0.7, -0.4, 20));
    let (again, twice) = steps(|| handed_again::both::value_and_grad(0.7, -0.4, 20));
    assert_eq!(again, expected);
    assert_eq!(again.0, handed_again::both(0.7, -0.4, 20));
    assert_eq!((once, twice), (23, 46));
    let (_, slope) = handed_again::both::jvp(0.7, -0.4, 20, 0.3, -1.0);
    let (by_a, by_b) = again.1;
    assert!((slope - (0.3 * by_a - by_b)).abs() < 1e-13);
}

/// A method with such a loop, and a failure that is converted.
mod of_methods {
    use autodiff_runtime::{Differentiable, differentiate};

    #[derive(Clone, Debug, Differentiable)]
    struct Map {
        rate: f64,
    }

    #[differentiate]
    impl Map {
        fn iterated(&self, x: &[f64]) -> Result<f64, String> {
            let mut y = x[0];
            #[checkpoint(2)]
            for v in x {
                if *v < 0.0 {
                    return Err("negative".into());
                }
                y = self.rate * y * (1.0 - y * v);
            }
            Ok(y)
        }
    }

    #[differentiate]
    fn from_start(x: &[f64]) -> Result<f64, String> {
        Map { rate: x[1] * 2.0 }.iterated(x)
    }

    #[test]
    fn checkpoints() {
        let x = [0.3, 1.1, 0.7, 0.4, 0.9];
        let gradient = from_start::grad(&x).expect("none is negative");
        for k in 0..x.len() {
            let moved = |h: f64| {
                let mut x = x;
                x[k] += h;
                from_start(&x).expect("none is negative")
            };
            let slope = (moved(1e-6) - moved(-1e-6)) / 2e-6;
            assert!((gradient[k] - slope).abs() < 1e-8, "{k}");
        }
        assert_eq!(from_start::grad(&[0.5, -1.0]), Err("negative".to_owned()));
    }
}

/// A function that is a reference is run again, too.
#[test]
fn references_to_functions() {
    #[differentiate(checkpoint)]
    fn step(f: &impl Fn(f64) -> f64, x: f64) -> f64 {
        f(x) * x
    }
    #[differentiate]
    fn both(x: f64, k: f64) -> f64 {
        let square = |y: f64| y * y * k;
        step(&square, x) + step(&square, k)
    }
    let (x, k) = (0.7, 1.3);
    // k x^3 + k^4
    let (value, (by_x, by_k)) = both::value_and_grad(x, k);
    assert_eq!(value, both(x, k));
    assert!((by_x - 3.0 * k * x * x).abs() < 1e-14);
    assert!((by_k - (x.powi(3) + 4.0 * k.powi(3))).abs() < 1e-13);
}
