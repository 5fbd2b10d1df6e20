//! What the variants of an enum hold, changed in place.

use autodiff_runtime::{Differentiable, differentiate};

#[derive(Clone, Debug, PartialEq, Differentiable)]
struct Rect {
    w: f64,
    h: f64,
}

#[differentiate(self)]
impl Rect {
    fn widen(&mut self, k: f64) {
        self.w *= k;
        self.h += self.w;
    }
}

#[derive(Clone, Debug, PartialEq, Differentiable)]
enum Shape {
    Circle(f64),
    Ellipse { a: f64, b: f64 },
    Rect(Rect),
    Polygon(Vec<f64>),
    Empty,
}

#[differentiate(self)]
impl Shape {
    fn scale(&mut self, k: f64) {
        match self {
            Shape::Circle(r) => *r *= k,
            Shape::Ellipse { a, b } => {
                *a *= k;
                *b = *b * k + a.sin();
            }
            Self::Rect(rect) => rect.widen(k),
            Shape::Polygon(points) => {
                for p in points.iter_mut() {
                    *p *= k;
                }
                points.push(k * points[0]);
            }
            Shape::Empty => {}
        }
    }

    fn grow(&mut self, k: f64) {
        if let Self::Circle(r) = self {
            *r += k * *r;
        } else if let Shape::Rect(Rect { w, .. }) = self {
            *w = w.exp() * k;
        }
    }

    fn area(&self) -> f64 {
        match self {
            Shape::Circle(r) => r * r,
            Shape::Ellipse { a, b } => a * b,
            Shape::Rect(r) => r.w * r.h,
            Shape::Polygon(p) => p.iter().enumerate().map(|(i, x)| x * x * i as f64).sum(),
            Shape::Empty => 1.0,
        }
    }
}

#[differentiate]
fn shape(x: &[f64], kind: usize) -> Shape {
    match kind {
        0 => Shape::Circle(x[0]),
        1 => Shape::Ellipse { a: x[0], b: x[1] },
        2 => Shape::Rect(Rect { w: x[1], h: x[0] }),
        3 => Shape::Polygon(x.to_vec()),
        _ => Shape::Empty,
    }
}

#[differentiate]
fn changed(x: &[f64], kind: usize) -> f64 {
    let mut s: Shape = shape(x, kind);
    s.scale(x[1]);
    s.grow(x[0]);
    match &mut s {
        Shape::Circle(r) => *r = r.sin(),
        Shape::Ellipse { a, .. } => *a *= 2.0,
        _ => {}
    }
    s.area()
}

/// Old values are needed, again and again, and then the whole is another variant.
#[differentiate]
fn repeated(x: &[f64], kind: usize) -> f64 {
    let mut s = shape(x, kind);
    let mut sum = 0.0;
    for i in 0..3 {
        match &mut s {
            Shape::Circle(r) => {
                sum += *r * *r;
                *r = r.sin() * *r + x[1];
            }
            Shape::Ellipse { a, b } => {
                std::mem::swap(a, b);
                *a *= *b;
                sum += a.cos();
            }
            Shape::Polygon(p) => p[i % 2] *= p[1],
            other => *other = Shape::Circle(x[0] * i as f64),
        }
    }
    let last = match &s {
        Shape::Circle(r) | Shape::Ellipse { a: r, .. } => r * r,
        Shape::Polygon(p) => p[0] * p[1],
        _ => 0.0,
    };
    sum + last
}

/// In a list, in a field, behind a parameter.
#[differentiate]
fn of_a_list(x: &[f64]) -> f64 {
    let mut shapes: Vec<Shape> = vec![Shape::Circle(x[0]), Shape::Ellipse { a: x[1], b: x[0] }];
    shapes.push(Shape::Empty);
    for s in shapes.iter_mut() {
        match s {
            Shape::Circle(r) => *r *= x[1],
            Shape::Ellipse { a, b } => *b *= *a,
            _ => {}
        }
    }
    double(&mut shapes[0]);
    if let Shape::Ellipse { b, .. } = &mut shapes[1] {
        *b += x[0].ln();
    }
    shapes.iter().map(|s| s.area()).product()
}

#[differentiate]
fn double(s: &mut Shape) {
    if let Shape::Circle(r) = s {
        *r = 2.0 * *r * *r;
    }
}

tests::checks! {
    circles: |x| changed(x, 0), [1.5, 0.7], [-0.4, 2.0];
    ellipses: |x| changed(x, 1), [1.5, 0.7], [-0.4, 2.0];
    rectangles: |x| changed(x, 2), [1.5, 0.7], [-0.4, 2.0];
    polygons: |x| changed(x, 3), [1.5, 0.7, 3.0], [-0.4, 2.0, 1.0];
    empty: |x| changed(x, 4) * x[0], [1.5, 0.7];
    circles_repeated: |x| repeated(x, 0), [1.5, 0.7], [-0.4, 2.0];
    ellipses_repeated: |x| repeated(x, 1), [1.5, 0.7], [-0.4, 2.0];
    rectangles_repeated: |x| repeated(x, 2), [1.5, 0.7], [-0.4, 2.0];
    polygons_repeated: |x| repeated(x, 3), [1.5, 0.7, 3.0], [-0.4, 2.0, 1.0];
    lists: |x| of_a_list(x), [1.5, 0.7], [0.4, 2.0];
}
