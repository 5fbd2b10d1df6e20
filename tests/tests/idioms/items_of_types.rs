//! Methods that give the items of a type: their bodies are written where they are called.

use autodiff_runtime::{Differentiable, differentiate};
use num_traits::Float;
use tests::{agree, curvature};

const AT: [&[f64]; 2] = [
    &[0.3, 0.4, 1.2, -0.6, 0.9, 2.0],
    &[-0.2, 0.6, 0.7, 1.1, -0.4, 0.1],
];

#[derive(Clone, Copy, Debug, Differentiable)]
struct Point<T> {
    x: T,
    y: T,
}

#[derive(Clone, Copy, Debug, Differentiable)]
struct Segment<T> {
    start: Point<T>,
    end: Point<T>,
}

#[differentiate(order = 2)]
impl<T: Float> Segment<T> {
    fn cross(&self) -> T {
        self.start.x * self.end.y - self.start.y * self.end.x
    }
}

#[derive(Clone, Debug, Differentiable)]
struct Line<T>(Vec<Point<T>>);

impl<T: Float> Line<T> {
    fn segments(&self) -> impl ExactSizeIterator<Item = Segment<T>> + '_ {
        self.0.windows(2).map(|w| Segment {
            start: w[0],
            end: w[1],
        })
    }

    fn points(&self) -> std::slice::Iter<'_, Point<T>> {
        self.0.iter()
    }
}

#[differentiate(order = 2)]
fn area<T: Float>(line: &Line<T>) -> T {
    let mut sum = T::zero();
    for segment in line.segments() {
        sum = sum + segment.cross();
    }
    sum
}

#[differentiate(order = 2)]
fn of_a_line(x: &[f64]) -> f64 {
    let line = Line(x.chunks(2).map(|c| Point { x: c[0], y: c[1] }).collect());
    let lengths = line
        .segments()
        .map(|s| (s.end.x - s.start.x).hypot(s.end.y - s.start.y));
    let moment = line.points().fold(0.0, |sum, p| sum + p.x * p.x * p.y);
    area(&line) * lengths.sum::<f64>() + moment
}

/// Beside other methods of the type, which call them; by steps, and functions.
#[derive(Clone, Debug, Differentiable)]
struct Grid {
    width: usize,
    data: Vec<f64>,
}

#[differentiate(order = 2)]
impl Grid {
    fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.data.chunks_exact(self.width)
    }

    fn every(&self, n: usize) -> impl Iterator<Item = &f64> {
        self.data.iter().step_by(n)
    }

    fn kernel(&self, scale: f64) -> impl Fn(f64) -> f64 {
        move |r| (-r * r * scale).exp()
    }

    fn total(&self, scale: f64) -> f64 {
        let kernel = self.kernel(scale);
        let mut total = self.every(2).map(|v| v * v).sum::<f64>();
        for row in self.rows() {
            total *= row.iter().map(|&v| kernel(v)).sum::<f64>();
        }
        total
    }
}

#[differentiate(order = 2)]
fn of_a_grid(x: &[f64]) -> f64 {
    let grid = Grid {
        width: 3,
        data: x.to_vec(),
    };
    grid.total(x[0] * x[1]) * grid.rows().map(|row| row[0] * row[2]).sum::<f64>()
}

#[test]
fn items_of_a_value() {
    agree!(of_a_line at &AT);
    curvature!(of_a_line at &AT);
    agree!(of_a_grid at &AT);
    curvature!(of_a_grid at &AT);
}
