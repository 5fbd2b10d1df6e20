//! Generated data of the shape of ADBench's files, the same in every run.

use crate::ba::Scene;
use crate::gmm::Mixture;
use crate::hand::{Model, POSE, Tracking};
use crate::lstm::Network;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// A generator with a fixed seed.
pub fn rng() -> StdRng {
    StdRng::seed_from_u64(20_260_101)
}

/// Numbers between `lo` and `hi`.
pub fn uniform(rng: &mut StdRng, n: usize, lo: f64, hi: f64) -> Vec<f64> {
    (0..n).map(|_| rng.random_range(lo..hi)).collect()
}

/// A Gaussian mixture.
pub fn mixture(d: usize, k: usize, n: usize) -> Mixture {
    let rng = &mut rng();
    Mixture {
        d,
        alpha: uniform(rng, k, -1.0, 1.0),
        means: uniform(rng, k * d, 0.0, 1.0),
        icf: uniform(rng, k * d * (d + 1) / 2, -1.0, 1.0),
        x: uniform(rng, n * d, -1.0, 1.0),
        gamma: 1.0,
        m: 0,
    }
}

/// A bundle adjustment scene.
pub fn scene(n: usize, m: usize, p: usize) -> Scene {
    let rng = &mut rng();
    let camera = |rng: &mut StdRng| {
        let mut camera = [0.0; crate::ba::CAMERA];
        let around = |rng: &mut StdRng, v: f64| v + rng.random_range(-0.1..0.1);
        let typical = [
            0.2, -0.3, 0.1, 0.0, 0.0, -10.0, 500.0, 0.0, 0.0, 0.01, 0.001,
        ];
        for (c, v) in camera.iter_mut().zip(typical) {
            *c = around(rng, v);
        }
        camera
    };
    Scene {
        cameras: (0..n).map(|_| camera(rng)).collect(),
        points: (0..m)
            .map(|_| std::array::from_fn(|_| rng.random_range(-1.0..1.0)))
            .collect(),
        weights: uniform(rng, p, 0.5, 1.0),
        pairs: (0..p).map(|i| (i % n, i % m)).collect(),
        seen: (0..p)
            .map(|_| std::array::from_fn(|_| rng.random_range(-50.0..50.0)))
            .collect(),
    }
}

/// An LSTM and its text.
pub fn network(layers: usize, bits: usize, characters: usize) -> Network {
    let rng = &mut rng();
    Network {
        layers,
        bits,
        main: uniform(rng, 8 * layers * bits, -1.0, 1.0),
        extra: uniform(rng, 3 * bits, -1.0, 1.0),
        state: uniform(rng, 2 * layers * bits, -1.0, 1.0),
        text: (0..characters * bits)
            .map(|_| f64::from(rng.random_range(0..2_u8)))
            .collect(),
    }
}

/// Hand tracking with a made-up model of 22 bones.
pub fn tracking(points: usize, vertices: usize, complicated: bool) -> Tracking {
    let rng = &mut rng();
    let model = hand_model(rng, vertices);
    let corners = (0..points).map(|_| {
        let triangle = rng.random_range(0..model.triangles.len());
        if complicated {
            model.triangles[triangle]
        } else {
            [model.triangles[triangle][0]; 3]
        }
    });
    let mut corners: Vec<[usize; 3]> = corners.collect();
    let us = if complicated {
        uniform(rng, 2 * points, 0.0, 0.5)
    } else {
        [1.0, 0.0].repeat(points)
    };
    Tracking {
        model: model.with_vertices_at(&mut corners),
        corners,
        points: uniform(rng, 3 * points, -1.0, 1.0),
        us,
        complicated,
        theta: uniform(rng, POSE, -0.5, 0.5),
    }
}

fn hand_model(rng: &mut StdRng, vertices: usize) -> Model {
    let mut model = Model::default();
    for b in 0..22 {
        model.parents.push(match b {
            0 => usize::MAX,
            21 => 0,
            b if b % 4 == 1 => 0,
            b => b - 1,
        });
        let shift = uniform(rng, 3, -0.3, 0.3);
        for (i, s) in shift.iter().enumerate() {
            for j in 0..4 {
                let unit = f64::from(u8::from(i == j));
                model.relative.push(if j == 3 { *s } else { unit });
                model.inverse.push(if j == 3 { -s } else { unit });
            }
        }
    }
    model.vertices = uniform(rng, 3 * vertices, -1.0, 1.0);
    model.first.push(0);
    for _ in 0..vertices {
        let weight = rng.random_range(0.0..1.0);
        model
            .bones
            .extend([rng.random_range(0..22), rng.random_range(0..22)]);
        model.weights.extend([weight, 1.0 - weight]);
        model.first.push(model.bones.len());
    }
    let triangle = |_| std::array::from_fn(|_| rng.random_range(0..vertices));
    model.triangles = (0..2 * vertices).map(triangle).collect();
    model
}
