//! What is one's own and named as something of nalgebra or of the standard library, beside that.

mod algebra;
mod brought;
mod geometry;
mod numeric;
mod standard;

use algebra::{Complex, Matrix, Quaternion, Vector};
use autodiff_runtime::differentiate;
use geometry::{Point, Ray, Vector2, Vector3};
use nalgebra::{Point3, Vector4};
use num_traits::Float;

/// Where a ray meets a sphere.
#[differentiate]
fn hit<T: Float>(ray: &Ray<T>, center: Vector3<T>, radius: T) -> Option<T> {
    let oc = ray.origin - center;
    let a = ray.direction.dot(&ray.direction);
    let half_b = oc.dot(&ray.direction);
    let c = oc.dot(&oc) - radius * radius;
    let discriminant = half_b * half_b - a * c;
    if discriminant < T::zero() {
        return None;
    }
    Some((-half_b - discriminant.sqrt()) / a)
}

/// How bright the sphere is where the ray meets it.
#[differentiate]
fn shade(ray: &Ray<f64>, center: Vector3<f64>, light: &Vector3<f64>) -> f64 {
    match hit(ray, center, 1.0) {
        Some(t) => {
            let normal = (ray.at(t) - center).normalize();
            normal.dot(&light.normalize()).max(0.0)
        }
        None => 0.0,
    }
}

#[differentiate]
fn members(a: Vector3<f64>, b: &Vector3<f64>) -> f64 {
    let v = Vector3::new(a.x, b.y, 2.0);
    let w = 2.0 * v.cross(b) + a.normalize() * 3.0;
    w.norm() + (-w).dot(&a) + v.sum()
}

/// No constructor, no literal, no method.
#[differentiate]
fn reflected(v: Vector3<f64>, n: Vector3<f64>) -> Vector3<f64> {
    v - n * (2.0 * (v.x * n.x + v.y * n.y + v.z * n.z))
}

#[differentiate]
fn field(points: &[Vector3<f64>], q: f64) -> Vector3<f64> {
    let mut sum = Vector3::zero();
    for p in points {
        sum = sum + *p * (q / p.norm());
    }
    sum
}

#[differentiate]
fn distance(p: Vector2, half: Vector2) -> f64 {
    let q = p.abs() - half;
    q.max(Vector2::ZERO).length() + Vector2::new(q.x, p.y).length()
}

#[differentiate]
fn residual(a: &Matrix<f64>, x: &[f64]) -> f64 {
    let p = &a.transpose() * a;
    let y = p.mul_vec(x);
    let mut c = Matrix::from_vec(2, 2, vec![x[0], x[1], 1.0, 2.0]);
    c[(0, 1)] += p[(1, 0)];
    y.iter().map(|v| v * v).sum::<f64>() + p.trace() + c.get(0, 1) * a.nrows() as f64
}

#[differentiate]
fn escape(z: Complex<f64>, c: Complex<f64>) -> f64 {
    let mut z = z;
    for _ in 0..3 {
        z = z * z + c;
    }
    z.exp().norm_sqr()
}

#[differentiate]
fn turned(q: Quaternion<f64>) -> f64 {
    q.normalize().conjugate().v[1] * q.norm().sin()
}

#[differentiate]
fn aligned(a: &Vector<f64>, b: &Vector<f64>) -> f64 {
    let scaled = a.scale(2.0);
    scaled.dot(b) + scaled.0[0]
}

/// Those of nalgebra in the same file.
#[differentiate]
fn mixed(v: Vector4<f64>, p: Point<f64>, q: Point3<f64>) -> f64 {
    let w = Vector4::new(p.x, p.y, 1.0, q.z.sin());
    v.dot(&w) + v.sum() + nalgebra::Vector3::new(p.x, q.y, v[3]).norm()
}

#[differentiate]
fn vector(x: &[f64]) -> Vector3<f64> {
    Vector3::new(x[0], x[1], x[2])
}

#[differentiate]
fn ray(origin: &[f64], direction: &[f64]) -> Ray<f64> {
    Ray {
        origin: vector(origin),
        direction: vector(direction),
    }
}

/// Something of all parts.
#[differentiate]
fn summary(v: Vector3<f64>) -> f64 {
    v.x * v.y + v.z.sin() - v.y
}

#[differentiate]
fn square(x: &[f64]) -> Matrix<f64> {
    Matrix::from_vec(2, 2, x.to_vec())
}

#[differentiate]
fn list(x: &[f64]) -> Vector<f64> {
    Vector(x.to_vec())
}

#[differentiate]
fn product(z: Complex<f64>, c: Complex<f64>) -> f64 {
    let p = z * c + z;
    p.re * p.im
}

tests::checks! {
    cross: |x| summary(vector(x).cross(&vector(&x[3..]))), [1.0, 2.0, 3.0, 0.5, -1.0, 2.0];
    dot: |x| vector(x).dot(&vector(&x[3..])), [1.0, 2.0, 3.0, 0.5, -1.0, 2.0];
    norm: |x| vector(x).norm(), [1.0, 2.0, 3.0];
    normalized: |x| summary(vector(x).normalize()), [1.0, 2.0, 3.0];
    elements: |x| vector(x).sum() * x[1], [1.0, 2.0, 3.0];
    zero: |x| summary(Vector3::<f64>::zero() + vector(x)), [1.0, 2.0, 3.0];
    differences: |x| summary(vector(x) - vector(&x[3..])), [1.0, 2.0, 3.0, 0.5, -1.0, 2.0];
    scaled: |x| summary(vector(x) * x[1]) + summary(x[2] * vector(x)) + summary(-vector(x) / x[0]), [1.0, 2.0, 3.0];
    of_all: |x| members(vector(x), &vector(&x[3..])), [1.0, 2.0, 3.0, 0.5, -1.0, 2.0];
    reflections: |x| summary(reflected(vector(x), vector(&x[3..]))), [1.0, 2.0, 3.0, 0.5, -1.0, 2.0];
    fields: |x| summary(field(&[vector(x), vector(&x[3..])], x[1])), [1.0, 2.0, 3.0, 0.5, -1.0, 2.0];
    along: |x| summary(ray(x, &x[1..]).at(x[0])), [1.0, 2.0, 3.0, 0.5];
    sphere: |x| hit(&ray(x, &x[3..]), vector(&x[6..]), x[9]).unwrap_or(x[0]), [0.1, 0.2, -3.0, 0.1, 0.2, 1.0, 0.0, 0.1, 0.5, 1.0], [0.1, 9.0, -3.0, 0.1, 0.2, 1.0, 0.0, 0.1, 0.5, 1.0];
    shading: |x| shade(&ray(x, &x[3..]), vector(&x[6..]), &vector(&x[9..])), [0.1, 0.2, -3.0, 0.1, 0.2, 1.0, 0.0, 0.1, 0.5, 1.0, 0.5, -1.5];
    without_parameters: |x| distance(Vector2::new(x[0], x[1]), Vector2 { x: x[2], y: 1.0 }), [-3.0, 2.5, 1.0], [0.3, 0.2, 1.5];
    matrices: |x| residual(&square(x), &x[2..]), [1.0, 2.0, 3.0, 4.0];
    traces: |x| brought::trace(&square(x)), [1.0, 2.0, 3.0, 4.0];
    complex: |x| escape(Complex::new(x[0], x[1]), Complex { re: x[2], im: x[3] }), [0.1, 0.2, 0.3, 0.1];
    products: |x| product(Complex::new(x[0], x[1]), Complex { re: x[2], im: x[3] }), [0.1, 0.2, 0.3, 0.1];
    quaternions: |x| turned(Quaternion::new(x[0], x[1], x[2], x[3])), [1.0, 2.0, -3.0, 4.0];
    lists: |x| aligned(&list(x), &list(&x[1..])), [1.0, 2.0, 3.0];
    traits: |x| brought::scaled(&list(x), x[0]), [1.0, -2.0, 3.0];
    points: |x| { let c = brought::centroid(&[Point { x: x[0], y: x[1] }, Point { x: x[1], y: x[2] }]); c.x * c.y }, [1.0, -2.0, 3.0];
    beside_nalgebra: |x| mixed(Vector4::new(x[0], x[1], x[2], x[0]), Point { x: x[1], y: x[2] }, Point3::new(x[0], x[2], 0.5)), [1.0, -2.0, 3.0];
}

/// Derivatives by hand, of the functions themselves.
#[test]
fn gradients_are_of_the_types_of_ones_own() {
    let v = |x, y, z| Vector3 { x, y, z };
    let (a, b) = (v(1.0, 2.0, 3.0), v(0.5, -1.0, 2.0));
    let (by_a, by_b) = a.dot_grad(&b);
    assert_eq!((by_a.x, by_a.y, by_a.z), (0.5, -1.0, 2.0));
    assert_eq!((by_b.x, by_b.y, by_b.z), (1.0, 2.0, 3.0));
    let (c, by) = brought::trace::value_and_grad(&Matrix::from_vec(2, 2, vec![1.0, 2.0, 3.0, 4.0]));
    assert_eq!(
        (c, by),
        (5.0, square::jvp(&[1.0; 4], &[6.0, 0.0, 0.0, 1.0]).1)
    );
}
