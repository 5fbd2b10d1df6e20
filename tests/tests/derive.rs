//! `#[derive(Differentiable)]`: every kind of type, and the algebra on its tangent.

use autodiff_runtime::{Coordinates, Differentiable, OwnedTangent, Tangent};
use nalgebra::{Point3, Vector3};
use std::marker::PhantomData;

/// Has no derivative and implements nothing.
struct Opaque;

#[derive(Differentiable)]
struct Spring {
    stiffness: f64,
    rest: [f64; 2],
    count: usize,
    #[constant]
    name: Opaque,
}

fn coordinates<T: Coordinates<f64>>(tangent: &T) -> Vec<f64> {
    let mut list = Vec::new();
    tangent.visit_coordinates(&mut |x| list.push(x));
    list
}

/// One, two, three, .. in the shape of the value's tangent.
fn counting<P: Differentiable<Tangent: Coordinates<f64>>>(value: &P) -> P::Tangent {
    let (mut tangent, mut next) = (value.zero_tangent(), 0.0);
    tangent.visit_coordinates_mut(&mut |x: &mut f64| {
        next += 1.0;
        *x = next;
    });
    tangent
}

/// What holds of every tangent.
fn check<P: Differentiable<Tangent: Coordinates<f64>>>(value: &P, count: usize)
where
    P::Slot: Sized,
{
    use std::borrow::Borrow;
    let mut tangent = counting(value);
    let expected: Vec<f64> = (1..=count).map(|k| k as f64).collect();
    assert_eq!(coordinates(&tangent), expected);
    assert!(value.fits_tangent(tangent.borrow()));
    let copy = tangent.clone();
    tangent.accumulate_tangent(&copy);
    assert!(
        coordinates(&tangent)
            .iter()
            .zip(&expected)
            .all(|(a, b)| *a == 2.0 * b)
    );
    tangent.subtract_tangent(&copy);
    assert_eq!(coordinates(&tangent), expected);
    assert_eq!(coordinates(&tangent.take_tangent()), expected);
    assert_eq!(coordinates(&tangent), vec![0.0; count]);
    assert_eq!(coordinates(&copy.zero_like_tangent()), vec![0.0; count]);
}

#[test]
fn fields_keep_their_names() {
    let spring = Spring {
        stiffness: 2.0,
        rest: [1.0, 3.0],
        count: 4,
        name: Opaque,
    };
    check(&spring, 3);
    let Opaque = spring.name;
    assert_eq!(spring.count, 4);
    let direction: SpringTangent = counting(&spring);
    assert_eq!((direction.stiffness, direction.rest), (1.0, [2.0, 3.0]));
    assert_eq!(
        format!("{direction:?}"),
        "SpringTangent { stiffness: 1.0, rest: [2.0, 3.0], count: () }"
    );
    assert_eq!(direction.tangent_shape(), "Spring(scalar, [2], ())");
}

#[test]
fn tangents_are_a_vector_space() {
    let spring = Spring {
        stiffness: 2.0,
        rest: [1.0, 3.0],
        count: 4,
        name: Opaque,
    };
    let direction = counting(&spring);
    let mut sum = direction + direction * 2.0;
    assert_eq!(coordinates(&sum), [3.0, 6.0, 9.0]);
    sum -= direction;
    sum += -(direction * 4.0);
    assert_eq!(coordinates(&(sum - direction)), [-3.0, -6.0, -9.0]);
    assert_eq!(sum, -(direction * 2.0));
    assert_eq!(SpringTangent::default(), spring.zero_tangent());
}

#[derive(Differentiable)]
struct Vec3<T>(T, T, T);

#[derive(Differentiable)]
struct Meters(f64);

#[derive(Differentiable)]
struct Body<T: Copy> {
    position: Vec3<T>,
    links: Vec<Meters>,
    parent: Option<Box<Body<T>>>,
    unit: PhantomData<T>,
}

#[test]
fn nested_generic_and_recursive() {
    let body = |parent| Body {
        position: Vec3(1.0, 2.0, 3.0),
        links: vec![Meters(1.0), Meters(2.0)],
        parent,
        unit: PhantomData,
    };
    check(&body(None), 5);
    check(&body(Some(Box::new(body(None)))), 10);
    let tangent: BodyTangent<f64> = counting(&body(None));
    assert_eq!((tangent.position.2, tangent.links[1].0), (3.0, 5.0));
    check(&Vec3([1.0, 2.0], [3.0, 4.0], [5.0, 6.0]), 6);
}

#[derive(Differentiable)]
struct Samples<'a, 'b: 'a, const N: usize> {
    x: &'a [f64],
    weights: Weights<'b>,
    grid: [f64; N],
    #[constant]
    label: &'b str,
}

#[derive(Differentiable)]
struct Weights<'a>(&'a [f64; 2]);

#[test]
fn tangents_own_what_the_value_borrows() {
    let tangent: SamplesTangent<3> = {
        let x = vec![1.0, 2.0];
        let samples = Samples {
            x: &x,
            weights: Weights(&[1.0, 2.0]),
            grid: [0.0; 3],
            label: "a",
        };
        check(&samples, 7);
        assert_eq!(samples.label, "a");
        counting(&samples)
    };
    assert_eq!((tangent.x, tangent.weights.0), (vec![1.0, 2.0], [3.0, 4.0]));
}

#[derive(Differentiable)]
struct Marker;

#[derive(Differentiable)]
enum Side {
    Call,
    Put,
}

#[derive(Differentiable)]
enum Shape<T> {
    Empty,
    Circle(T),
    Box {
        width: T,
        height: T,
        #[constant]
        name: Opaque,
    },
    Option(Side),
}

#[test]
fn enums_by_variant() {
    let (): () = Marker.zero_tangent();
    let [(), ()] = [Side::Call, Side::Put].zero_tangent();
    let boxed = Shape::Box {
        width: 1.0,
        height: 2.0,
        name: Opaque,
    };
    if let Shape::Box { name, .. } = &boxed {
        let Opaque = name;
    }
    check(&boxed, 2);
    check(&Shape::Circle(1.0), 1);
    check::<Shape<f64>>(&Shape::Empty, 0);
    check::<Shape<f64>>(&Shape::Option(Side::Put), 0);
    assert!(!boxed.fits_tangent(&ShapeTangent::Circle(1.0)));
    assert_ne!(counting(&boxed), ShapeTangent::Circle(1.0));
    assert_eq!(
        format!("{:?}", counting(&boxed)),
        "Box { width: 1.0, height: 2.0 }"
    );
}

#[test]
#[should_panic(
    expected = "a tangent of shape Circle(scalar) cannot be added to one of shape Empty()"
)]
fn variants_do_not_mix() {
    let mut tangent = Shape::<f64>::Empty.zero_tangent();
    tangent.accumulate_tangent(&ShapeTangent::Circle(1.0));
}

#[derive(Differentiable)]
#[differentiable(tangent = RigidVelocity, crate = ::autodiff_runtime)]
struct Rigid {
    axis: Vector3<f64>,
    origin: Point3<f64>,
}

#[test]
fn fields_of_nalgebra() {
    let rigid = Rigid {
        axis: Vector3::x(),
        origin: Point3::origin(),
    };
    check(&rigid, 6);
    let velocity: RigidVelocity = counting(&rigid);
    assert_eq!(velocity.axis, Vector3::new(1.0, 2.0, 3.0));
}
