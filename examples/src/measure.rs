//! Cost ratios: the contestants take turns, the median of each counts.

use std::time::{Duration, Instant};

/// The median time of each of several pieces of work over the median of the first.
pub fn ratios(work: &mut [&mut dyn FnMut()], budget: Duration) -> Vec<f64> {
    let repeat = calibrated(work);
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); work.len()];
    let start = Instant::now();
    while times[0].len() < 7 || (start.elapsed() < budget && times[0].len() < 201) {
        for ((times, work), repeat) in times.iter_mut().zip(&mut *work).zip(&repeat) {
            let start = Instant::now();
            (0..*repeat).for_each(|_| work());
            times.push(start.elapsed().as_secs_f64() / f64::from(*repeat));
        }
    }
    let medians: Vec<f64> = times.into_iter().map(median).collect();
    medians.iter().map(|m| m / medians[0]).collect()
}

/// How often each has to run for a measurement of about half a millisecond.
fn calibrated(work: &mut [&mut dyn FnMut()]) -> Vec<u32> {
    let times = work.iter_mut().map(|work| {
        let mut repeat = 1;
        loop {
            let start = Instant::now();
            (0..repeat).for_each(|_| work());
            if start.elapsed() > Duration::from_micros(500) || repeat >= 1 << 20 {
                return repeat;
            }
            repeat *= 2;
        }
    });
    times.collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
