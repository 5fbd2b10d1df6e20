//! The derivatives of the textbook problems are their closed forms; errors fall as they should.

use autodiff_runtime::operators::Mode;
use examples::textbook::{automatic, problems, ratings};

#[test]
fn all_problems() {
    let problems = problems();
    assert!(problems.len() > 30);
    for problem in &problems {
        let difference = problem.difference();
        let (id, function) = (problem.id, problem.function);
        assert!(
            problem
                .generated
                .iter()
                .chain(&problem.closed)
                .all(|x| x.is_finite()),
            "{id}: {function}"
        );
        assert!(difference < 1e-12, "{id}: {function} is {difference:e} off");
    }
}

/// Each row of the list has its problems.
#[test]
fn each_row_is_there() {
    let problems = problems();
    let rows = "D1 D2 G1 G2 G3 G4 G5 G6 G7 G8 G9 A1 A2 A3 A4 A5 A6 A9 S1 S2 S3 S4 S5 S6";
    for row in rows.split(' ') {
        assert!(problems.iter().any(|p| p.id == row), "{row}");
    }
}

/// S6: one rating at a time, the generated update is the one by hand, and the error falls.
#[test]
fn ratings_one_at_a_time() {
    let size = ratings::Size {
        rows: 60,
        columns: 90,
        ratings: 40_000,
    };
    let run = ratings::run(size);
    let (before, after) = run.deviations;
    assert!(run.difference < 1e-12 && after < 0.8 * before, "{run:?}");
}

/// The step with the smallest error, and that error.
fn best(curve: &automatic::Curve) -> (f64, f64) {
    let smallest = |a: &&(f64, f64), b: &&(f64, f64)| a.1.total_cmp(&b.1);
    *curve.iter().min_by(smallest).expect("a curve has points")
}

/// A8: rounding and truncation are equal at about the square root and the cube root of the rounding unit.
#[test]
fn differences_have_a_best_step() {
    let (one_sided, central, generated) = automatic::differences();
    let (one_sided, central) = (best(&one_sided), best(&central));
    assert!((1e-9..1e-6).contains(&one_sided.0), "{one_sided:?}");
    assert!((1e-7..1e-3).contains(&central.0), "{central:?}");
    assert!(one_sided.1 < 1e-7 && central.1 < 1e-9);
    assert!(generated < 1e-15, "{generated:e}");
}

/// T1: slopes two and three on a plot with logarithmic axes.
#[test]
fn taylor_models_are_off_by_the_next_power() {
    let (linear, quadratic) = automatic::taylor_models();
    for (curve, power) in [(linear, 2.0), (quadratic, 3.0)] {
        let [.., (near, fine)] = curve[..] else {
            panic!("a curve has points")
        };
        let (far, coarse) = curve[4];
        let slope = (coarse / fine).log10() / (far / near).log10();
        assert!((slope - power).abs() < 0.1, "{slope}, not {power}");
    }
}

/// A3: the mode with fewer operations is the one that is taken.
#[test]
fn the_cheaper_mode_is_taken() {
    for choice in automatic::choices() {
        let cheaper = if choice.forward < choice.reverse {
            Mode::Forward
        } else {
            Mode::Reverse
        };
        assert_eq!(choice.taken, cheaper, "{}", choice.graph.name);
    }
}
