//! The section on loops in parallel.

use anyhow::Result;
use examples::ba::CAMERA;
use examples::measure::ratios;
use examples::parallel;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

/// A gradient with the option `parallel`, and without.
struct Kernel {
    name: &'static str,
    plain: Box<dyn Fn() + Sync>,
    parallel: Box<dyn Fn() + Sync>,
}

/// Measures the gradients on one thread up to as many as there are cores, and adds their table.
pub fn report(text: &mut String, only: &str, budget: Duration) -> Result<()> {
    if !"threads".contains(only) {
        return Ok(());
    }
    let cores = std::thread::available_parallelism()?.get();
    let threads: Vec<usize> = (0..).map(|k| 1 << k).take_while(|t| *t <= cores).collect();
    let columns: String = threads.iter().map(|t| format!(" {t} |")).collect();
    let rule = "--:|".repeat(threads.len());
    writeln!(
        text,
        "## Threads\n\nGradients with the option `parallel` by the number of threads, in time over the same gradient without it, one thread. \
         There are {cores} cores.\n\n| kernel |{columns}\n|---|{rule}"
    )?;
    for kernel in kernels() {
        let pools = threads.iter().map(|t| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(*t).build()?;
            anyhow::Ok(pool)
        });
        let pools = pools.collect::<Result<Vec<_>>>()?;
        let mut plain = || (kernel.plain)();
        let run = &kernel.parallel;
        let on = |pool| move || rayon::ThreadPool::install(pool, run);
        let mut parallel: Vec<_> = pools.iter().map(on).collect();
        let mut work: Vec<&mut dyn FnMut()> = vec![&mut plain];
        work.extend(parallel.iter_mut().map(|w| w as &mut dyn FnMut()));
        let all = ratios(&mut work, budget);
        let cells: String = all[1..].iter().map(|r| format!(" {r:.2} |")).collect();
        writeln!(text, "| {} |{cells}", kernel.name)?;
    }
    writeln!(text)?;
    Ok(())
}

fn kernels() -> Vec<Kernel> {
    vec![mixture(), logistic(), adjustment()]
}

fn numbers(n: usize, step: f64) -> Vec<f64> {
    (0..n).map(|k| (k as f64 * step + 0.3).sin()).collect()
}

/// The gradient with and without the option, by the same arguments.
macro_rules! kernel {
    ($name:expr, $parallel:ident, $plain:ident, ($($arg:ident),*) $(, $more:expr)*) => {{
        let all = ($($arg,)*);
        let same = all.clone();
        Kernel {
            name: $name,
            plain: Box::new(move || {
                let ($($arg,)*) = &all;
                black_box(parallel::$plain::value_and_grad($($arg),* $(, $more)*));
            }),
            parallel: Box::new(move || {
                let ($($arg,)*) = &same;
                black_box(parallel::$parallel::value_and_grad($($arg),* $(, $more)*));
            }),
        }
    }};
}

fn mixture() -> Kernel {
    let (d, k, n) = (10, 10, 5000);
    let (weights, means, x) = (numbers(k, 0.7), numbers(k * d, 0.31), numbers(n * d, 0.53));
    let factors = numbers(k * d * (d + 1) / 2, 0.17);
    kernel!(
        "GMM, d 10, K 10, 5000 points",
        mixture,
        mixture_plain,
        (weights, means, factors, x),
        d
    )
}

fn logistic() -> Kernel {
    let (n, d) = (20_000, 50);
    let (w, rows) = (numbers(d, 1.1), numbers(n * d, 0.7));
    let labels: Vec<f64> = (0..n).map(|k| (k % 2) as f64).collect();
    kernel!(
        "logistic regression, 20 000 x 50",
        logistic,
        logistic_plain,
        (w, rows, labels)
    )
}

fn adjustment() -> Kernel {
    let camera = |k: usize| {
        let mut camera = [0.01 * k as f64; CAMERA];
        camera[6] = 1.0;
        camera
    };
    let cameras: Vec<[f64; CAMERA]> = (0..50).map(camera).collect();
    let point = |k: usize| [(k as f64).sin(), (k as f64).cos(), 4.0 + 0.001 * k as f64];
    let points: Vec<[f64; 3]> = (0..1000).map(point).collect();
    let pairs: Vec<(usize, usize)> = (0..30_000).map(|k| (k % 50, 7 * k % 1000)).collect();
    let seen = vec![[0.1, 0.2]; pairs.len()];
    kernel!(
        "BA, 30 000 observations",
        adjustment,
        adjustment_plain,
        (cameras, points, pairs, seen)
    )
}
