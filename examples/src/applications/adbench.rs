//! ADBench's objectives as applications.

use super::{Application, Curvature, curved_apart, deviation, scalar};
use crate::ba::{CAMERA, Scene};
use crate::gmm::Mixture;
use crate::hand::Tracking;
use crate::lstm::Network;
use crate::{ba, by_hand, gmm, hand, lstm};
use autodiff_runtime::check;
use std::hint::black_box;
use std::rc::Rc;

/// The Gaussian mixture; the inputs are weights, means and factors.
pub fn mixture(name: String, p: Mixture) -> Application {
    let (k, means) = (p.alpha.len(), p.means.len());
    let x = [p.alpha.clone(), p.means.clone(), p.icf.clone()].concat();
    let p = Rc::new(p);
    let (a, b, c, d, e) = (p.clone(), p.clone(), p.clone(), p.clone(), p);
    let f = move |x: &[f64]| {
        let (alpha, rest) = x.split_at(k);
        let (mu, icf) = rest.split_at(means);
        gmm::objective(alpha, mu, icf, &a.x, a.d, a.gamma, a.m)
    };
    let generated = move |x: &[f64], g: &mut [f64]| {
        let ((alpha, rest), (ga, rest_bar)) = (x.split_at(k), g.split_at_mut(k));
        let ((mu, icf), (gm, gi)) = (rest.split_at(means), rest_bar.split_at_mut(means));
        gmm::objective::value_and_grad_into(alpha, mu, icf, &b.x, b.d, b.gamma, b.m, ga, gm, gi)
    };
    let by_hand = move |_: &[f64], g: &mut [f64]| {
        let (ga, rest) = g.split_at_mut(k);
        let (gm, gi) = rest.split_at_mut(means);
        by_hand::gmm::value_and_grad(&c, ga, gm, gi)
    };
    let tangent = move |x: &[f64], dx: &[f64]| {
        let ((alpha, rest), (da, rest_dot)) = (x.split_at(k), dx.split_at(k));
        let ((mu, icf), (dm, di)) = (rest.split_at(means), rest_dot.split_at(means));
        gmm::objective::jvp(alpha, mu, icf, &d.x, d.d, d.gamma, d.m, da, dm, di)
    };
    let curvature = move |x: &[f64], dx: &[f64]| {
        let ((alpha, rest), (da, rest_dot)) = (x.split_at(k), dx.split_at(k));
        let ((mu, icf), (dm, di)) = (rest.split_at(means), rest_dot.split_at(means));
        let (ha, hm, hi) = gmm::objective::hvp(alpha, mu, icf, &e.x, e.d, e.gamma, e.m, da, dm, di);
        [ha, hm, hi].concat()
    };
    scalar(name, x, f, generated, by_hand, tangent, curvature)
}

/// The LSTM; the inputs are its parameters.
pub fn text(name: String, net: Network) -> Application {
    let main = net.main.len();
    let x = [net.main.clone(), net.extra.clone()].concat();
    let net = Rc::new(net);
    let (a, b, c, d, e) = (net.clone(), net.clone(), net.clone(), net.clone(), net);
    let f = move |x: &[f64]| {
        let (p, extra) = x.split_at(main);
        lstm::objective(p, extra, &a.state, &a.text, a.layers, a.bits)
    };
    let generated = move |x: &[f64], g: &mut [f64]| {
        let ((p, extra), (gm, ge)) = (x.split_at(main), g.split_at_mut(main));
        lstm::objective::value_and_grad_into(p, extra, &b.state, &b.text, b.layers, b.bits, gm, ge)
    };
    let by_hand = move |_: &[f64], g: &mut [f64]| by_hand::lstm::value_and_grad(&c, g);
    let tangent = move |x: &[f64], dx: &[f64]| {
        let ((p, extra), (dp, de)) = (x.split_at(main), dx.split_at(main));
        lstm::objective::jvp(p, extra, &d.state, &d.text, d.layers, d.bits, dp, de)
    };
    let curvature = move |x: &[f64], dx: &[f64]| {
        let ((p, extra), (dp, de)) = (x.split_at(main), dx.split_at(main));
        let (hp, he) = lstm::objective::hvp(p, extra, &e.state, &e.text, e.layers, e.bits, dp, de);
        [hp, he].concat()
    };
    scalar(name, x, f, generated, by_hand, tangent, curvature)
}

fn sum_of_squares(v: &[f64]) -> f64 {
    v.iter().map(|a| a * a).sum()
}

/// Bundle adjustment: the blocks of its sparse Jacobian.
pub fn bundle(name: String, scene: Scene) -> Application {
    let inputs = CAMERA * scene.cameras.len() + 3 * scene.points.len() + scene.weights.len();
    let scene = Rc::new(scene);
    let (a, b, c, d) = (scene.clone(), scene.clone(), scene.clone(), scene.clone());
    let curvature = Some(bundle_curvature(scene.clone()));
    Application {
        name,
        inputs,
        value: Box::new(move || sum_of_squares(&ba::residuals(&a))),
        generated: Box::new(move || ba::jacobian(&b, ba::block)),
        by_hand: Box::new(move || ba::jacobian(&c, by_hand::ba::block)),
        tangent: Box::new(move || moved(&scene)),
        tangent_by_hand: None,
        curvature,
        error: Box::new(move |entries| {
            let sample = (0..d.pairs.len()).step_by(d.pairs.len().div_ceil(4));
            sample
                .map(|i| block_error(&d, i, &entries[30 * i..]))
                .fold(0.0, f64::max)
        }),
    }
}

/// The Hessian of the sum of squares, over cameras, points and weights.
fn bundle_curvature(scene: Rc<Scene>) -> Curvature {
    let (cameras, points) = (CAMERA * scene.cameras.len(), 3 * scene.points.len());
    let split = move |x: &[f64]| {
        let (c, rest) = x.split_at(cameras);
        let (p, w) = rest.split_at(points);
        (
            c.as_chunks::<CAMERA>().0.to_vec(),
            p.as_chunks::<3>().0.to_vec(),
            w.to_vec(),
        )
    };
    let (c, p) = (scene.cameras.as_flattened(), scene.points.as_flattened());
    let x = [c, p, &scene.weights].concat();
    let other = scene.clone();
    let gradient = move |x: &[f64], g: &mut [f64]| {
        let ((c, p, w), s) = (split(x), &other);
        let (gc, rest) = g.split_at_mut(cameras);
        let (gp, gw) = rest.split_at_mut(points);
        let (gc, gp) = (gc.as_chunks_mut().0, gp.as_chunks_mut().0);
        ba::loss::value_and_grad_into(&c, &p, &w, &s.pairs, &s.seen, gc, gp, gw);
    };
    let product = move |x: &[f64], dx: &[f64]| {
        let ((c, p, w), (dc, dp, dw)) = (split(x), split(dx));
        let s = &scene;
        let (hc, hp, hw) = ba::loss::hvp(&c, &p, &w, &s.pairs, &s.seen, &dc, &dp, &dw);
        [hc.as_flattened(), hp.as_flattened(), &hw].concat()
    };
    curved_apart(x, gradient, product)
}

/// All residuals moved in one direction.
fn moved(scene: &Scene) {
    for (i, &(c, p)) in scene.pairs.iter().enumerate() {
        let (camera, point, weight) = (&scene.cameras[c], &scene.points[p], scene.weights[i]);
        let seen = &scene.seen[i];
        let direction = (&[1.0; CAMERA], &[1.0; 3]);
        black_box(ba::error::jvp(
            camera,
            point,
            weight,
            seen,
            direction.0,
            direction.1,
            1.0,
        ));
    }
}

/// The block of observation `i` against differences.
fn block_error(scene: &Scene, i: usize, entries: &[f64]) -> f64 {
    let (c, p) = scene.pairs[i];
    let mut worst: f64 = 0.0;
    for k in 0..15 {
        for row in 0..2 {
            let moved = |t: f64| {
                let (mut camera, mut point) = (scene.cameras[c], scene.points[p]);
                let mut weight = scene.weights[i];
                match k {
                    0..11 => camera[k] += t,
                    11..14 => point[k - 11] += t,
                    _ => weight += t,
                }
                ba::error(&camera, &point, weight, &scene.seen[i])[row]
            };
            worst = worst.max(deviation(
                entries[15 * row + k],
                check::derivative(moved, 0.0).value,
            ));
        }
    }
    worst
}

/// Hand tracking: the columns of its Jacobian.
pub fn tracked(name: String, tracking: Tracking) -> Application {
    let inputs = tracking.theta.len()
        + if tracking.complicated {
            tracking.us.len()
        } else {
            0
        };
    let tracking = Rc::new(tracking);
    let curvature = Some(tracked_curvature(tracking.clone()));
    let (a, b, c, d) = (
        tracking.clone(),
        tracking.clone(),
        tracking.clone(),
        tracking.clone(),
    );
    Application {
        name,
        inputs,
        value: Box::new(move || sum_of_squares(&a.residuals())),
        generated: Box::new(move || b.jacobian()),
        by_hand: Box::new(move || by_hand::hand::jacobian(&c)),
        tangent: Box::new(move || {
            black_box(tracking.column(0, 0));
        }),
        tangent_by_hand: None,
        curvature,
        error: Box::new(move |entries| {
            let own = if d.complicated { 2 } else { 0 };
            (0..own + hand::POSE)
                .map(|k| column_error(&d, k, own, entries))
                .fold(0.0, f64::max)
        }),
    }
}

/// The Hessian of the sum of squares, over the pose and where on their triangles the points are.
fn tracked_curvature(tracking: Rc<Tracking>) -> Curvature {
    let pose = tracking.theta.len();
    let x = [&tracking.theta[..], &tracking.us].concat();
    let t = tracking.clone();
    let gradient = move |x: &[f64], g: &mut [f64]| {
        let ((theta, us), (by_theta, by_us)) = (x.split_at(pose), g.split_at_mut(pose));
        let (model, corners, points) = (&t.model, &t.corners, &t.points);
        hand::loss::value_and_grad_into(theta, us, model, corners, points, by_theta, by_us);
    };
    let product = move |x: &[f64], dx: &[f64]| {
        let ((theta, us), (d_theta, d_us)) = (x.split_at(pose), dx.split_at(pose));
        let (model, corners, points) = (&tracking.model, &tracking.corners, &tracking.points);
        let (h_theta, h_us) = hand::loss::hvp(theta, us, model, corners, points, d_theta, d_us);
        [h_theta, h_us].concat()
    };
    curved_apart(x, gradient, product)
}

/// One entry of column `k` against differences.
fn column_error(tracking: &Tracking, k: usize, own: usize, entries: &[f64]) -> f64 {
    let rows = tracking.points.len();
    let row = (7 * k) % rows;
    let (d_theta, d_us) = tracking.direction(k, own);
    let moved = |t: f64| {
        let mut other = tracking.clone();
        other
            .theta
            .iter_mut()
            .zip(&d_theta)
            .for_each(|(a, d)| *a += t * d);
        other
            .us
            .iter_mut()
            .zip(&d_us)
            .for_each(|(a, d)| *a += t * d);
        other.residuals()[row]
    };
    deviation(entries[k * rows + row], check::derivative(moved, 0.0).value)
}
