//! A spring and what builds it, in a file of their own.

use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Debug, Differentiable)]
pub struct Builder {
    rate: f64,
    damping: f64,
    loads: Vec<f64>,
    steps: usize,
}

#[derive(Clone, Debug, Differentiable)]
pub struct Spring {
    rate: f64,
    damping: f64,
    loads: Vec<f64>,
    steps: usize,
}

#[differentiate]
impl Builder {
    pub fn start() -> Self {
        Self {
            rate: 1.0,
            damping: 0.1,
            loads: Vec::new(),
            steps: 5,
        }
    }

    pub fn rate(mut self, rate: f64) -> Self {
        self.rate *= rate;
        self
    }

    pub fn damping(self, damping: f64) -> Self {
        Self { damping, ..self }
    }

    pub fn load(mut self, load: f64) -> Self {
        self.loads.push(load);
        self
    }

    pub fn steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    /// A chain inside the block, where the type is `Self`.
    pub fn stiff(self, k: f64) -> Self {
        self.rate(k).damping(k * k).load(k)
    }

    pub fn build(self) -> Spring {
        Spring {
            rate: self.rate,
            damping: self.damping,
            loads: self.loads,
            steps: self.steps,
        }
    }
}

/// Its methods have the builder's names, and take their receiver by reference.
#[differentiate]
impl Spring {
    pub fn rate(&self) -> f64 {
        self.rate
    }

    pub fn damping(&self, scale: f64) -> f64 {
        self.damping * scale
    }

    pub fn load(&self, k: usize) -> f64 {
        self.loads.get(k).copied().unwrap_or(0.0)
    }

    pub fn end(&self, start: f64) -> f64 {
        let (mut x, mut v) = (start, 0.0);
        for k in 0..self.steps {
            v += 0.1 * (self.load(k) - self.rate() * x - self.damping(2.0) * v);
            x += 0.1 * v;
        }
        x
    }
}
