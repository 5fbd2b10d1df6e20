use autodiff_runtime::differentiate;

#[differentiate]
fn arms_that_do_more(x: &[f64]) -> f64 {
    let (mut a, mut b) = (x[0], x[1]);
    let r = if x[2] > 0.0 {
        let more = x[3];
        a *= more;
        &mut a
    } else {
        &mut b
    };
    *r *= 2.0;
    a * b
}

#[differentiate]
fn hidden_names(x: &[f64]) -> f64 {
    let (mut a, mut v, k) = (x[0], x.to_vec(), 2.0);
    let r = match x.len() {
        k if k > 3 => &mut v[k - 1],
        _ => &mut a,
    };
    *r *= k;
    v[5] * a
}

fn main() {}
