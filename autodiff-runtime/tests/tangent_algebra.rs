//! The algebra of tangents: the laws of a vector space, by type, and the refusal to add what has different shapes.

use autodiff_runtime::{Differentiable, OwnedTangent, Tangent};
use nalgebra::{DMatrix, DVector, SVector, dmatrix, dvector, matrix, vector};
use std::fmt::Debug;

/// Everything that holds for a value and two tangents of its shape.
fn laws<P>(primal: &P, a: &P::Tangent, b: &P::Tangent)
where
    P: Differentiable + ?Sized,
    P::Tangent: PartialEq + Debug,
{
    let zero = primal.zero_tangent();
    assert_eq!(zero, a.zero_like_tangent());
    assert_eq!(zero.tangent_shape(), a.tangent_shape());
    assert!(primal.fits_tangent(std::borrow::Borrow::borrow(a)));

    let plus = |x: &P::Tangent, y: &P::Tangent| {
        let mut sum = x.clone();
        sum.accumulate_tangent(y);
        sum
    };
    assert_eq!(plus(&zero, a), *a);
    assert_eq!(plus(a, &zero), *a);
    assert_eq!(plus(a, b), plus(b, a));
    assert_eq!(plus(&plus(a, b), b), plus(a, &plus(b, b)));

    let mut difference = plus(a, b);
    difference.subtract_tangent(b);
    assert_eq!(difference, *a);
    difference.subtract_tangent(a);
    assert_eq!(difference, zero);

    let mut taken = a.clone();
    assert_eq!(taken.take_tangent(), *a);
    assert_eq!(taken, zero);
    taken.accumulate_tangent(a);
    taken.clear_tangent();
    assert_eq!(taken, zero);
}

#[test]
fn scalars() {
    laws(&3.0f64, &1.0, &2.0);
    laws(&3.0f32, &1.0, &2.0);
}

#[test]
fn constants() {
    laws(&3usize, &(), &());
    laws("text", &(), &());
    laws(&(0..3), &(()..()), &(()..()));
    laws(&(0.5..2.0), &(1.0..-3.0), &(0.25..8.0));
}

#[test]
fn lists() {
    laws(&[1.0, 2.0][..], &vec![1.0, 2.0], &vec![3.0, 4.0]);
    laws(&vec![1.0, 2.0], &vec![1.0, 2.0], &vec![3.0, 4.0]);
    laws(&[1.0, 2.0], &[1.0, 2.0], &[3.0, 4.0]);
    laws(&Vec::<f64>::new(), &vec![], &vec![]);
    laws(
        &vec![vec![1.0], vec![]],
        &vec![vec![2.0], vec![]],
        &vec![vec![3.0], vec![]],
    );
    laws(&[[[1.0]; 2]; 3], &[[[2.0]; 2]; 3], &[[[3.0]; 2]; 3]);
    laws(&vec![1u8, 2], &vec![(), ()], &vec![(), ()]);
}

#[test]
fn pointers() {
    laws(&&[1.0, 2.0][..], &vec![1.0, 2.0], &vec![3.0, 4.0]);
    laws(&&mut 1.0, &2.0, &3.0);
    laws(&Box::new([1.0]), &Box::new([2.0]), &Box::new([3.0]));
    laws(&vec![&[1.0][..]], &vec![vec![1.0]], &vec![vec![2.0]]);
}

#[test]
fn products_and_options() {
    laws(
        &(1.0, vec![2.0f32], 3),
        &(1.0, vec![2.0], ()),
        &(3.0, vec![4.0], ()),
    );
    laws(&Some(1.0), &Some(2.0), &Some(3.0));
    laws(&None::<f64>, &None, &None);
    let twelve = (1.0, 2, 3.0, 4, 5.0, 6, 7.0, 8, 9.0, 10, 11.0, 12.0);
    let zero = twelve.zero_tangent();
    assert_eq!(zero.11, 0.0);
    let mut sum = zero;
    sum.accumulate_tangent(&(1.0, (), 3.0, (), 5.0, (), 7.0, (), 9.0, (), 11.0, 12.0));
    assert_eq!((sum.0, sum.10, sum.11), (1.0, 11.0, 12.0));
}

#[test]
fn matrices_and_views() {
    let m = dmatrix![1.0, 2.0; 3.0, 4.0];
    laws(&m, &m, &(2.0 * &m));
    laws(
        &m.view((0, 1), (2, 1)),
        &dmatrix![1.0; 2.0],
        &dmatrix![3.0; 4.0],
    );
    laws(&m.column(1), &dvector![1.0, 2.0], &dvector![3.0, 4.0]);
    laws(
        &vector![1.0f32, 2.0],
        &vector![1.0, 2.0],
        &vector![3.0, 4.0],
    );
    laws(
        &vec![matrix![1.0, 2.0]],
        &vec![matrix![1.0, 2.0]],
        &vec![matrix![3.0, 4.0]],
    );
    laws(
        &DMatrix::<f64>::zeros(0, 3),
        &DMatrix::zeros(0, 3),
        &DMatrix::zeros(0, 3),
    );
}

#[test]
fn a_part_of_an_adjoint_is_accumulated_into() {
    let mut x_bar = vec![1.0, 2.0, 3.0];
    x_bar[1..].accumulate_tangent(&[10.0, 20.0]);
    assert_eq!(x_bar, [1.0, 12.0, 23.0]);
    let mut m_bar = SVector::<f64, 2>::zeros();
    let mut row = m_bar.row_mut(1);
    let mut other = vector![0.0, 5.0];
    row.accumulate_tangent(&other.row_mut(1));
    assert_eq!(m_bar, vector![0.0, 5.0]);
}

#[test]
fn what_does_not_fit_is_seen() {
    assert!(![1.0, 2.0][..].fits_tangent(&[0.0]));
    assert!(!vec![vec![1.0]].fits_tangent(&vec![vec![]]));
    assert!(!Some(1.0).fits_tangent(&None));
    assert!(!dvector![1.0].fits_tangent(&DVector::zeros(2)));
    assert!(!(1.0, vec![2.0]).fits_tangent(&(0.0, vec![])));
}

#[test]
fn shapes_are_named() {
    assert_eq!(vec![vec![0.0; 3]; 2].tangent_shape(), "[2 x [3]]");
    assert_eq!(vec![vec![0.0], vec![]].tangent_shape(), "[[1], [0]]");
    assert_eq!(
        (0.0, (), Some([0.0; 2])).tangent_shape(),
        "(scalar, (), Some([2]))"
    );
    assert_eq!(None::<f64>.tangent_shape(), "None");
    assert_eq!(dmatrix![0.0, 0.0].tangent_shape(), "1x2 matrix");
}

#[test]
#[should_panic(expected = "a tangent of shape [3] cannot be added to one of shape [2]")]
fn vectors_of_different_length() {
    vec![0.0; 2].accumulate_tangent(&vec![0.0; 3]);
}

#[test]
#[should_panic(expected = "a tangent of shape [1] cannot be added to one of shape [2]")]
fn vectors_of_different_length_are_not_subtracted() {
    vec![0.0; 2].subtract_tangent(&vec![0.0; 1]);
}

#[test]
#[should_panic(
    expected = "a tangent of shape 2x2 matrix cannot be added to one of shape 2x3 matrix"
)]
fn matrices_of_different_shape() {
    DMatrix::<f64>::zeros(2, 3).accumulate_tangent(&DMatrix::zeros(2, 2));
}

#[test]
#[should_panic(expected = "a tangent of shape None cannot be added to one of shape Some(scalar)")]
fn options_of_different_shape() {
    Some(1.0).accumulate_tangent(&None);
}

#[test]
#[should_panic(expected = "a tangent of shape [0] cannot be added to one of shape [1]")]
fn a_mismatch_deep_inside() {
    (1.0, vec![vec![0.0]]).accumulate_tangent(&(1.0, vec![vec![]]));
}
