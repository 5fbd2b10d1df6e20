//! Lists of words, and of pairs with words, beside numbers.

use autodiff_runtime::differentiate;
use tests::checks;

/// Arithmetic in Polish notation.
#[differentiate]
fn polish(words: &[&str], x: f64) -> Option<f64> {
    let mut stack: Vec<f64> = Vec::new();
    for word in words {
        match *word {
            "x" => stack.push(x),
            "+" | "*" => {
                let (b, a) = (stack.pop()?, stack.pop()?);
                stack.push(if *word == "+" { a + b } else { a * b });
            }
            "sin" => {
                let a = stack.pop()?;
                stack.push(a.sin());
            }
            number => stack.push(number.parse().ok()?),
        }
    }
    stack.pop()
}

#[differentiate]
fn labelled(x: &[f64], names: &[&'static str]) -> f64 {
    let rates = [("slow", 0.5), ("fast", 2.0)];
    let mut sum = 0.0;
    for (&name, v) in names.iter().zip(x) {
        let rate = rates
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(1.0, |(_, r)| *r);
        sum += match name {
            "slow" => v * rate,
            "fast" if *v > 0.0 => v.sin() * rate,
            other => v.powi(other.len() as i32) * rate,
        };
    }
    sum
}

checks! {
    words: |x| polish(&["x", "2.5", "*", "sin", "x", "+"], x[0]).unwrap(), [0.4], [1.7];
    pairs: |x| labelled(x, &["slow", "fast", "none", "fast"]), [0.4, 0.7, 1.2, -0.3];
}

/// Texts that are made in the function, and change there.
#[differentiate(order = 2)]
fn turtle(x: &[f64]) -> f64 {
    let mut program = String::from("F");
    for _ in 0..2 {
        program = program.replace('F', "F+F");
    }
    let mut other = String::new();
    for k in 0..4 {
        other.push(if k % 2 == 0 { 'F' } else { '+' });
    }
    other.push_str("F+");
    let mut place = 1.0;
    for (k, step) in program.chars().chain(other.chars()).enumerate() {
        match step {
            'F' => place += x[k % x.len()] * f64::cos(place),
            '+' => place *= x[1],
            _ => {}
        }
    }
    place * other.len() as f64
}

#[test]
fn texts_in_variables() {
    const POINTS: &[&[f64]] = &[&[0.7, 0.4, 0.9], &[1.3, -0.6, 0.2]];
    tests::agree!(turtle at POINTS);
    tests::curvature!(turtle at POINTS);
}
