//! Structs: literals, fields, destructuring, in lists, in other structs, with methods.

use autodiff_runtime::{Differentiable, differentiate};
use tests::agree;

#[derive(Clone, Copy, Debug, PartialEq, Differentiable)]
struct Vec3 {
    x: f64,
    y: f64,
    z: f64,
}

#[differentiate(self)]
impl Vec3 {
    fn new(x: f64, y: f64, z: f64) -> Self {
        Self { x, y, z }
    }

    fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y + self.z * other.z
    }

    fn cross(&self, other: &Vec3) -> Vec3 {
        Vec3 {
            x: self.y * other.z - self.z * other.y,
            y: self.z * other.x - self.x * other.z,
            z: self.x * other.y - self.y * other.x,
        }
    }

    fn norm(&self) -> f64 {
        self.dot(*self).sqrt()
    }

    fn scale(&self, k: f64) -> Self {
        Vec3::new(k * self.x, k * self.y, k * self.z)
    }

    fn normalized(&self) -> Self {
        let n = self.norm();
        self.scale(1.0 / n)
    }
}

#[differentiate]
fn triple_product(x: &[f64]) -> f64 {
    let a = Vec3 {
        x: x[0],
        y: x[1],
        z: x[2],
    };
    let b = Vec3::new(x[3], x[4], 2.0);
    let c = a.cross(&b).normalized();
    c.dot(Vec3 {
        y: x[0] * x[4],
        ..b
    }) + a.norm()
}

#[test]
fn vectors() {
    agree!(triple_product, [1.0, -2.0, 0.5, 0.25, 3.0]);
}

#[derive(Clone, Debug, Differentiable)]
struct Contract {
    spot: f64,
    strike: f64,
    rate: f64,
    volatility: f64,
    maturity: f64,
    steps: usize,
}

#[differentiate]
fn normal_cdf(x: f64) -> f64 {
    0.5 * (1.0 + (0.7978845608028654 * (x + 0.044715 * x.powi(3))).tanh())
}

#[differentiate]
fn black_scholes(o: &Contract) -> f64 {
    let Contract {
        spot, strike, rate, ..
    } = o;
    let root = o.volatility * o.maturity.sqrt();
    let d1 = ((spot / strike).ln() + (rate + 0.5 * o.volatility.powi(2)) * o.maturity) / root;
    let d2 = d1 - root;
    spot * normal_cdf(d1) - strike * (-rate * o.maturity).exp() * normal_cdf(d2)
}

#[differentiate]
fn asian(o: &Contract) -> f64 {
    let dt = o.maturity / o.steps as f64;
    let mut sum = 0.0;
    let mut spot = o.spot;
    for k in 0..o.steps {
        let shock = o.volatility * dt.sqrt() * (k as f64 - 1.0);
        spot *= (o.rate * dt + shock).exp();
        sum += spot / (o.steps + 1) as f64;
    }
    (sum - o.strike).max(0.0) * (-o.rate * o.maturity).exp()
}

#[differentiate]
fn averaged(x: &[f64]) -> f64 {
    asian(&Contract {
        spot: x[0],
        strike: x[1],
        rate: x[2],
        volatility: x[3],
        maturity: x[4],
        steps: 3,
    })
}

#[test]
fn integers_in_structs() {
    agree!(averaged, [100.0, 60.0, 0.02, 0.3, 1.5]);
}

#[differentiate]
fn priced(x: &[f64]) -> f64 {
    let option = Contract {
        spot: x[0],
        strike: x[1],
        rate: x[2],
        volatility: x[3],
        maturity: x[4],
        steps: 3,
    };
    black_scholes(&option)
}

#[test]
fn parameters() {
    agree!(priced, [100.0, 95.0, 0.02, 0.3, 1.5]);
    let option = Contract {
        spot: 100.0,
        strike: 95.0,
        rate: 0.02,
        volatility: 0.3,
        maturity: 1.5,
        steps: 3,
    };
    let greeks: ContractTangent = black_scholes::grad(&option);
    let flat = priced::grad(&[100.0, 95.0, 0.02, 0.3, 1.5]);
    assert_eq!(
        vec![
            greeks.spot,
            greeks.strike,
            greeks.rate,
            greeks.volatility,
            greeks.maturity
        ],
        flat
    );
    assert_eq!(option.steps, 3);
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Particle {
    position: [f64; 2],
    velocity: [f64; 2],
    mass: f64,
}

#[differentiate]
fn step(particles: &mut [Particle], dt: f64) {
    let n = particles.len();
    for i in 0..n {
        let mut force = [0.0; 2];
        for j in 0..n {
            if i != j {
                let dx = particles[j].position[0] - particles[i].position[0];
                let dy = particles[j].position[1] - particles[i].position[1];
                let r2 = dx * dx + dy * dy + 0.1;
                force[0] += particles[j].mass * dx / r2;
                force[1] += particles[j].mass * dy / r2;
            }
        }
        particles[i].velocity[0] += dt * force[0];
        particles[i].velocity[1] += dt * force[1];
    }
    for p in particles.iter_mut() {
        p.position[0] += dt * p.velocity[0];
        p.position[1] += dt * p.velocity[1];
    }
}

#[differentiate]
fn simulated(x: &[f64]) -> f64 {
    let mut particles = vec![
        Particle {
            position: [x[0], x[1]],
            velocity: [x[2], 0.0],
            mass: x[3],
        },
        Particle {
            position: [1.0, -1.0],
            velocity: [0.0, x[2]],
            mass: 2.0,
        },
    ];
    for _ in 0..3 {
        step(&mut particles, 0.1);
    }
    particles.push(Particle {
        position: [0.0; 2],
        velocity: [x[0], x[1]],
        mass: 1.0,
    });
    let mut energy = 0.0;
    for Particle { velocity, mass, .. } in &particles {
        energy += 0.5 * mass * (velocity[0] * velocity[0] + velocity[1] * velocity[1]);
    }
    energy + particles[0].position[0] * particles[1].position[1]
}

#[test]
fn particles() {
    agree!(simulated, [0.5, 0.25, -1.0, 1.5]);
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Meters(f64);

#[derive(Clone, Copy, Debug, Differentiable)]
struct Seconds(f64);

#[differentiate]
fn speed(distance: Meters, Seconds(time): Seconds) -> f64 {
    distance.0 / time
}

#[differentiate]
fn units(x: &[f64]) -> f64 {
    let d = Meters(x[0] * x[0]);
    let Meters(back) = d;
    speed(d, Seconds(x[1].exp())) * back
}

#[test]
fn newtypes() {
    agree!(units, [1.5, 0.5]);
    let (gradient, time) = speed::grad(Meters(3.0), Seconds(2.0));
    assert_eq!((gradient.0, time.0), (0.5, -0.75));
}

#[derive(Clone, Debug, Differentiable)]
struct State {
    inner: Inner,
    history: Vec<f64>,
    time: f64,
}

#[derive(Clone, Debug, Differentiable)]
struct Inner {
    weights: Vec<f64>,
    bias: f64,
}

#[differentiate]
fn nested(x: &[f64]) -> f64 {
    let mut state = State {
        inner: Inner {
            weights: x.to_vec(),
            bias: x[0].sin(),
        },
        history: Vec::new(),
        time: 0.0,
    };
    for k in 0..4 {
        let y = state.inner.weights[k % 2] * state.inner.bias + state.time;
        state.inner.bias = y.tanh();
        state.time += 0.5 * y;
        state.history.push(y * state.time);
        state.inner.weights[0] *= 1.1;
    }
    let copy = state.clone();
    let State { inner, history, .. } = state;
    history.iter().sum::<f64>() * inner.bias + copy.time * copy.inner.weights[0]
}

#[test]
fn nested_states() {
    agree!(nested, [0.5, -0.75]);
}

#[differentiate]
fn chosen(x: &[f64]) -> f64 {
    let v = if x[0] > x[1] {
        Vec3 {
            x: x[0],
            y: x[1],
            z: 1.0,
        }
    } else {
        Vec3 {
            x: x[1],
            y: x[0] * x[0],
            z: x[0],
        }
    };
    let list = [v, Vec3 { x: v.y, ..v }];
    list.iter().map(|v| v.x * v.y + v.z).sum()
}

#[test]
fn branches() {
    agree!(chosen, [0.5, -0.75]);
    agree!(chosen, [-0.5, 0.75]);
}

#[differentiate(order = 2)]
fn curved(x: &[f64]) -> f64 {
    let mut state = State {
        inner: Inner {
            weights: vec![x[0] * x[1], x[1]],
            bias: x[0].sin(),
        },
        history: Vec::new(),
        time: x[1],
    };
    for k in 0..2 {
        let y = state.inner.weights[k] * state.inner.bias + state.time;
        state.time = y.tanh();
        state.history.push(y * y);
    }
    let State { history, .. } = &state;
    history[0] * history[1] + state.time
}

#[test]
fn second_derivatives() {
    agree!(curved, [0.5, -0.75]);
    let x = [0.5, -0.75];
    let hessian = curved::hessian(&x);
    for k in 0..2 {
        let slope = |i: usize| {
            autodiff_runtime::check::derivative(
                |c: f64| {
                    let mut moved = x;
                    moved[k] = c;
                    curved::grad(&moved)[i]
                },
                x[k],
            )
        };
        for i in 0..2 {
            assert!((slope(i).value - hessian[(i, k)]).abs() < 1e-8);
        }
    }
}

#[derive(Clone, Differentiable)]
struct Labelled {
    weight: f64,
    #[constant]
    rate: f64,
    #[constant]
    names: Vec<&'static str>,
}

#[differentiate]
fn labelled(x: &[f64]) -> f64 {
    let p = Labelled {
        weight: x[0] * x[1],
        rate: 0.5,
        names: vec!["a", "b"],
    };
    let rate = autodiff_runtime::stop_gradient(p.rate);
    p.weight * rate * p.names.len() as f64
}

#[test]
fn constant_fields() {
    agree!(labelled, [2.0, 3.0]);
}
