//! ADBench's objectives on its files: values and derivatives against the reference values that come with the data, and the
//! hand-written derivatives against the generated ones.

use examples::data::read;
use examples::hand::Tracking;
use examples::{ba, by_hand, gmm, lstm};
use serde_json::Value;
use std::path::PathBuf;

/// What a derivative may be off the reference, relative to the larger of 1 and the numbers.
const RHO: f64 = 1e-11;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("data/adbench")
        .join(name)
}

fn reference(name: &str) -> Value {
    let text = std::fs::read_to_string(file("reference.json")).expect("reference values");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    all[name].clone()
}

fn rho(a: f64, b: f64) -> f64 {
    (a - b).abs() / (a.abs() + b.abs()).max(1.0)
}

fn close(what: &str, a: f64, b: f64) {
    assert!(rho(a, b) <= RHO, "{what}: {a} is not {b}");
}

/// Compares numbers with the statistics of the reference.
fn agrees(what: &str, values: &[f64], statistics: &Value) {
    let number = |key: &str| statistics[key].as_f64().expect(key);
    let norm = values.iter().map(|v| v * v).sum::<f64>().sqrt();
    close(&format!("{what}: norm"), norm, number("norm"));
    let slack = 1e-10 * norm * (values.len() as f64).sqrt();
    let weighted = |(i, v): (usize, &f64)| (1 + i % 7) as f64 * v;
    let sums = [
        ("sum", values.iter().sum::<f64>()),
        (
            "weighted_sum",
            values.iter().enumerate().map(weighted).sum(),
        ),
    ];
    for (key, sum) in sums {
        assert!(
            (sum - number(key)).abs() <= slack.max(1e-12),
            "{what}: {key} {sum}"
        );
    }
    let list = |key: &str| -> Vec<f64> {
        let list = statistics[key].as_array().expect(key);
        list.iter().map(|v| v.as_f64().expect(key)).collect()
    };
    let (first, last) = (list("first"), list("last"));
    for (k, (a, b)) in values.iter().zip(&first).enumerate() {
        close(&format!("{what}: entry {k}"), *a, *b);
    }
    for (k, (a, b)) in values.iter().rev().zip(last.iter().rev()).enumerate() {
        close(&format!("{what}: entry {k} from the end"), *a, *b);
    }
}

fn equal(what: &str, a: &[f64], b: &[f64]) {
    assert_eq!(a.len(), b.len(), "{what}");
    for (k, (x, y)) in a.iter().zip(b).enumerate() {
        close(&format!("{what}: entry {k} by hand"), *x, *y);
    }
}

#[test]
fn gaussian_mixtures() {
    for name in ["gmm_test.txt", "gmm_d2_K5.txt", "gmm_d10_K10.txt"] {
        let p = read::mixture(&file(name)).expect(name);
        let expected = reference(name);
        let (value, (ga, gm, gi)) =
            gmm::objective::value_and_grad(&p.alpha, &p.means, &p.icf, &p.x, p.d, p.gamma, p.m);
        let primal = gmm::objective(&p.alpha, &p.means, &p.icf, &p.x, p.d, p.gamma, p.m);
        assert_eq!(value.to_bits(), primal.to_bits(), "{name}");
        close(name, value, expected["value"].as_f64().expect("value"));
        let gradient = [ga, gm, gi].concat();
        agrees(name, &gradient, &expected["jacobian"]);
        let (mut ga, mut gm, mut gi) = (p.alpha.clone(), p.means.clone(), p.icf.clone());
        by_hand::gmm::value_and_grad(&p, &mut ga, &mut gm, &mut gi);
        equal(name, &gradient, &[ga, gm, gi].concat());
    }
}

#[test]
fn a_prior_with_scale_and_degrees_of_freedom() {
    let mut p = read::mixture(&file("gmm_test.txt")).expect("data");
    (p.gamma, p.m) = (0.7, 3);
    let gradient = {
        let (_, (ga, gm, gi)) =
            gmm::objective::value_and_grad(&p.alpha, &p.means, &p.icf, &p.x, p.d, p.gamma, p.m);
        [ga, gm, gi].concat()
    };
    let (k, m) = (p.alpha.len(), p.means.len());
    let x = [p.alpha.clone(), p.means.clone(), p.icf.clone()].concat();
    let f =
        |x: &Vec<f64>| gmm::objective(&x[..k], &x[k..k + m], &x[k + m..], &p.x, p.d, p.gamma, p.m);
    autodiff_runtime::check::gradient(f, &x, &gradient).assert_below(1e-8);
    // The constants of the reference's definition: d = 2 and d = 10 with gamma = 1, m = 0.
    close("C", gmm::prior_constant(2, 1.0, 0), -2.5310242469692903);
    close("C", gmm::prior_constant(10, 1.0, 0), -77.31890261619034);
}

#[test]
fn bundle_adjustment() {
    for name in ["ba_test.txt", "ba1_n49_m7776_p31843.txt"] {
        let scene = read::scene(&file(name)).expect(name);
        let expected = reference(name);
        agrees(name, &ba::residuals(&scene), &expected["residual"]);
        let jacobian = ba::jacobian(&scene, ba::block);
        agrees(name, &jacobian, &expected["jacobian"]);
        equal(name, &jacobian, &ba::jacobian(&scene, by_hand::ba::block));
    }
}

#[test]
fn a_camera_that_is_not_turned() {
    let v = [0.3, -0.5, 0.7];
    let j = ba::rotate::jacobian(&[0.0; 3], &v);
    for i in 0..3 {
        for k in 0..3 {
            let skew = [[0.0, v[2], -v[1]], [-v[2], 0.0, v[0]], [v[1], -v[0], 0.0]];
            assert_eq!(j[(i, k)], skew[i][k]);
            assert_eq!(j[(i, 3 + k)], f64::from(u8::from(i == k)));
        }
    }
}

#[test]
fn a_long_text() {
    let name = "lstm_l2_c1024.txt";
    let net = read::network(&file(name)).expect(name);
    let expected = reference(name);
    let (value, (main, extra)) = lstm::objective::value_and_grad(
        &net.main, &net.extra, &net.state, &net.text, net.layers, net.bits,
    );
    close(name, value, expected["value"].as_f64().expect("value"));
    let gradient = [main, extra].concat();
    agrees(name, &gradient, &expected["jacobian"]);
    let mut other = vec![0.0; gradient.len()];
    by_hand::lstm::value_and_grad(&net, &mut other);
    equal(name, &gradient, &other);
}

fn tracked(name: &str, complicated: bool) {
    let t: Tracking = read::tracking(&file(name), &file("hand/model"), complicated).expect(name);
    let expected = reference(name);
    agrees(name, &t.residuals(), &expected["residual"]);
    let jacobian = t.jacobian();
    agrees(name, &jacobian, &expected["jacobian"]);
    equal(name, &jacobian, &by_hand::hand::jacobian(&t));
}

#[test]
fn a_hand() {
    tracked("hand/test.txt", false);
    tracked("hand/simple_small/hand1_t26_c100.txt", false);
}

#[test]
fn a_hand_between_vertices() {
    tracked("hand/hand_complicated.txt", true);
    tracked("hand/complicated_small/hand1_t26_c100.txt", true);
}
