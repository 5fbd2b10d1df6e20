//! Loops over parts of lists: every form of index and range that a reverse loop may borrow a part for, and those that it must not.
#![allow(clippy::needless_range_loop)]

use autodiff_runtime::differentiate;
use tests::agree;

/// Where the functions are compared.
fn point(n: usize) -> Vec<f64> {
    (0..n).map(|i| 0.3 + (i as f64 * 1.7).sin()).collect()
}

/// Neighbours on both sides, in place of a list that is swapped.
#[differentiate]
fn stencil(x: &[f64], steps: usize) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    let mut next = x.to_vec();
    for _ in 0..steps {
        for i in 1..n - 1 {
            next[i] = u[i] * u[i + 1] - 0.5 * u[i - 1].sin();
        }
        std::mem::swap(&mut u, &mut next);
    }
    u.iter().map(|v| v * v).sum()
}

/// In place: the left neighbour is new, the right one old.
#[differentiate]
fn sweep(x: &[f64], steps: usize) -> f64 {
    let mut u = x.to_vec();
    for _ in 0..steps {
        for i in 1..u.len() - 1 {
            u[i] = u[i] * u[i - 1].cos() + 0.3 * u[i + 1] * u[i];
        }
    }
    u.iter().map(|v| v * v).sum()
}

/// Downwards, with a last element, from a variable on, and with nothing to do.
#[differentiate]
fn ranges(x: &[f64], from: usize, to: usize) -> f64 {
    let mut y = x.to_vec();
    for i in (from..to).rev() {
        y[i] = y[i].exp() * y[i - from];
    }
    for i in from..=to {
        y[i] *= x[to - i];
    }
    for i in (from..=to).rev() {
        y[i + 1] += y[i] * y[i];
    }
    y.iter().map(|v| v.sin()).sum()
}

/// Rows of a matrix, a triangle, an element that all iterations share.
#[differentiate]
fn triangle(x: &[f64], n: usize) -> f64 {
    let mut y = vec![0.0; n];
    for i in 0..n {
        for j in 0..i {
            y[i] += x[i * n + j] * x[j * n + i];
        }
        for j in i..n {
            y[j] -= x[i * n + j - i] * x[n - 1 + i - j];
        }
        y[0] *= 1.5;
    }
    y.iter().map(|v| v * v).sum()
}

/// Rows whose beginnings the innermost loop computes anew, the same one several times, of a list that it changes too. The first row of
/// the second loop would begin before zero, and has no elements.
#[differentiate]
fn rows(x: &[f64], n: usize) -> f64 {
    let mut y = x.to_vec();
    for i in 0..n {
        for j in 1..n {
            y[i * n + j] += y[i * n + j - 1].sin() * x[j * n + i];
        }
        for j in 0..i {
            let above = (i - 1) * n;
            y[i * n] += x[above + j] * y[above + j + 1];
        }
    }
    y.iter().map(|v| v * v).sum()
}

/// What a branch leaves out may be out of bounds.
#[differentiate]
fn guarded(x: &[f64]) -> f64 {
    let n = x.len();
    let mut y = vec![0.0; n];
    for i in 0..n {
        y[i] = x[i] * x[i];
        if i > 0 {
            y[i] += x[i - 1] * y[i - 1].sin();
        }
        if i + 1 < n {
            y[i] -= x[i + 1];
        }
    }
    y.iter().map(|v| v.tanh()).sum()
}

/// Two parts of one list, one of them changed; every second element; an index that another list holds.
#[differentiate]
fn parts(x: &[f64], order: &[usize]) -> f64 {
    let h = x.len() / 2;
    let mut y = x.to_vec();
    for i in 0..h {
        y[i + h] *= y[i].sin();
    }
    for i in 0..h {
        y[2 * i] += y[2 * i + 1] * x[i];
    }
    for i in 0..order.len() {
        y[order[i]] = y[order[i]] * x[i] + y[i];
    }
    y.iter().map(|v| v * v).sum()
}

/// Lists of lists, arrays of arrays.
#[differentiate]
fn nested(x: &[f64], n: usize) -> f64 {
    let mut rows = vec![vec![0.0; n]; n];
    let mut cells = [[0.0; 3]; 4];
    for i in 0..n {
        for j in 0..n {
            rows[i][j] = x[i] * x[j].sin();
        }
        for j in 1..n {
            rows[i][j] += rows[i][j - 1] * rows[j][i];
        }
    }
    for i in 0..4 {
        for j in 0..3.min(n) {
            cells[i][j] = rows[j][j] * x[i];
        }
    }
    let mut sum = 0.0;
    for row in &rows {
        for v in row {
            sum += v * v;
        }
    }
    for cell in &cells {
        sum += cell[0] * cell[1] - cell[2];
    }
    sum
}

#[test]
fn parts_of_lists() {
    agree!(stencil, point(6), 3);
    agree!(sweep, point(6), 3);
    agree!(triangle, point(16), 4);
    agree!(rows, point(16), 4);
    agree!(rows, point(1), 1);
    agree!(guarded, point(5));
    agree!(parts, point(6), &[2, 0, 5, 2]);
    agree!(nested, point(4), 4);
}

#[test]
fn empty_and_backward_ranges() {
    for (from, to) in [(1, 4), (2, 2), (3, 3), (0, 4), (3, 4)] {
        agree!(ranges, point(6), from, to);
    }
    agree!(stencil, point(2), 3);
    agree!(sweep, point(2), 1);
    agree!(triangle, point(1), 1);
    agree!(guarded, point(1));
    agree!(parts, point(2), &[]);
}

/// A range that ends before it starts is empty.
#[differentiate]
fn backwards(x: &[f64], from: usize, to: usize) -> f64 {
    let mut sum = x[0];
    for i in from..to {
        sum += x[i] * x[i - from];
    }
    sum
}

#[test]
fn ranges_that_end_before_they_start() {
    agree!(backwards, point(4), 9, 2);
    agree!(backwards, point(4), 1, 4);
}

#[test]
#[should_panic(expected = "out of")]
fn what_is_out_of_bounds_stays_so() {
    backwards::grad(&[1.0, 2.0], 0, 3);
}

/// Parts that the loop borrows itself, of several widths and at an offset.
#[differentiate]
fn neighbours(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for w in x.windows(3) {
        sum += w[0] * w[2].exp() - w[1] / w[2];
    }
    for i in 1..x.len() - 1 {
        let pair = &x[i - 1..i + 1];
        sum += (pair[0] * pair[1]).sin();
    }
    (1.0 + sum * sum).sqrt()
}

/// Records of several numbers in loops inside loops, with every form of range, some of them empty.
#[differentiate]
fn records(x: &[f64], start: usize) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    for step in 0..3 {
        for i in start..n {
            let old = u[i];
            u[i] = (u[i] * x[i]).tanh() + old.exp() * 0.1;
        }
        for i in step..=2 {
            u[i] *= (0.5 * u[i + 1]).exp();
        }
        for i in n..start {
            u[i] = u[i].exp();
        }
    }
    u.iter().map(|v| v * v).sum::<f64>().ln()
}

/// What is the same in all iterations, in the innermost of several loops.
#[differentiate]
fn steady(x: &[f64]) -> f64 {
    let (a, b) = (x[0], x[1]);
    let mut sum = 0.0;
    for i in 0..x.len() {
        for j in 0..i {
            let scale = (a * b).exp() / (1.0 + a * a);
            sum += scale * x[i] * (x[j] * scale).sin();
        }
    }
    sum
}

#[test]
fn borrowed_parts_and_records() {
    agree!(neighbours, point(9));
    agree!(neighbours, point(3));
    agree!(records, point(7), 0);
    agree!(records, point(7), 3);
    agree!(records, point(7), 7);
    agree!(steady, point(6));
}

/// What one iteration changes and the next ones use, upwards and downwards, near and two apart, under a condition and with an element overwritten.
#[differentiate]
fn recurrences(x: &[f64], order: usize) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    for i in order..n {
        u[i] = u[i] * x[i] + 0.5 * u[i - 1] * u[i - 2].sin();
    }
    for i in (0..n - 2).rev() {
        if x[i] > 0.7 {
            u[i] -= u[i + 2] * u[i + 1];
        } else {
            u[i + 1] = 0.7 * u[i].cos();
        }
    }
    for i in 0..n - 1 {
        let here = u[i];
        u[i] = u[i + 1] * here;
        u[i + 1] += here;
    }
    u.iter().map(|v| v * v).sum()
}

/// Wider than what is kept in variables; in single steps of a loop that is short.
#[differentiate]
fn far(x: &[f64]) -> f64 {
    let n = x.len();
    let mut u = x.to_vec();
    for i in 0..n - 6 {
        u[i + 6] *= u[i] + u[i + 3];
        u[i] += u[i + 1];
    }
    for i in 1..n {
        u[i] *= u[i - 1];
    }
    u.iter().map(|v| v.sin()).sum()
}

/// Elements that all iterations share: read, added to, overwritten, at an index from outside, and beside others of the same list.
#[differentiate]
fn shared(x: &[f64], k: usize) -> f64 {
    let n = x.len();
    let mut sums = vec![0.0; n];
    let mut u = x.to_vec();
    for i in 0..n {
        sums[k] += x[i] * x[k] * x[0];
        sums[k + 1] -= x[i] * sums[k];
        for j in 0..i {
            sums[k + 1] += x[j] * x[k + 1] * x[i].sin();
        }
        if i == k {
            sums[k] *= 0.5;
        }
    }
    for i in 1..n {
        u[0] = u[0] * x[i] + sums[k];
    }
    for i in 1..n {
        u[i] += u[0] * sums[k + 1];
    }
    sums.iter().zip(&u).map(|(a, b)| a * b).sum()
}

#[test]
fn elements_in_variables() {
    agree!(recurrences, point(9), 2);
    agree!(recurrences, point(3), 2);
    agree!(recurrences, point(3), 3);
    agree!(far, point(11));
    agree!(far, point(6));
    agree!(shared, point(6), 2);
    agree!(shared, point(2), 0);
}

#[test]
#[should_panic(expected = "out of")]
fn a_shared_element_out_of_bounds() {
    shared::grad(&[1.0, 2.0], 1);
}

/// Single precision and generic floats have lists too.
#[differentiate]
fn single<T: num_traits::Float + std::ops::AddAssign>(x: &[T]) -> T {
    let mut u = x.to_vec();
    for _ in 0..2 {
        for i in 0..u.len() {
            u[i] = u[i].exp().sin() * x[i];
        }
    }
    let mut sum = T::zero();
    for v in &u {
        sum += *v * *v;
    }
    sum
}

#[test]
fn lists_of_generic_floats() {
    let x = [0.3_f64, -0.7, 1.1];
    let (_, gradient) = single::value_and_grad(&x);
    let (_, narrow) = single::value_and_grad(&x.map(|v| v as f32));
    for k in 0..3 {
        let mut direction = [0.0; 3];
        direction[k] = 1.0;
        let (_, slope) = single::jvp(&x, &direction);
        assert!((gradient[k] - slope).abs() < 1e-14);
        assert!((f64::from(narrow[k]) - slope).abs() < 1e-5);
    }
}

/// A part that reaches beyond the list is a panic in every program, also where nothing out of bounds is read.
#[differentiate]
fn beyond(x: &[f64]) -> f64 {
    let mut sum = 0.0;
    for i in 0..x.len() {
        let w = &x[i..i + 2];
        sum += w[0].exp();
    }
    sum
}

#[test]
#[should_panic(expected = "out of range")]
fn parts_beyond_the_list() {
    beyond::grad(&[1.0, 2.0, 3.0]);
}

/// Indices that go down while the loop goes up or down, from several starts; both at once; a list that is changed there.
#[differentiate]
fn falling(x: &[f64], from: usize, to: usize) -> f64 {
    let n = x.len();
    let mut y = vec![0.5; n];
    for i in 0..n {
        for j in 0..=i {
            y[i] += x[j] * x[i - j];
        }
    }
    for i in from..to {
        y[to - 1 - i] = y[to - 1 - i].sin() * x[i];
    }
    for i in (from..=to).rev() {
        y[to - i] += x[to - i] * x[i] - y[to - i] * x[0];
    }
    for k in 0..n - 1 {
        y[n - 2 - k] += y[n - 1 - k] * x[k];
    }
    x.iter().rev().zip(&y).fold(0.2, |p, (a, b)| p * a + b)
}

/// Nothing to do where the index would begin below zero.
#[differentiate]
fn falling_from(x: &[f64], first: usize, count: usize) -> f64 {
    let mut sum = x[0];
    for k in 0..count {
        sum += x[first - k] * x[k];
    }
    sum
}

#[test]
fn indices_that_go_down() {
    agree!(falling, point(6), 1, 4);
    agree!(falling, point(6), 0, 5);
    agree!(falling, point(5), 3, 2);
    agree!(falling, point(1), 0, 0);
    agree!(falling_from, point(4), 3, 4);
    agree!(falling_from, point(4), 2, 1);
    agree!(falling_from, point(4), 0, 0);
}

#[test]
#[should_panic(expected = "overflow")]
fn an_index_below_zero_stays_so() {
    falling_from::grad(&[1.0, 2.0, 3.0], 1, 3);
}

/// Points one after the other, all their coordinates in each iteration: from zero, from a variable, between others, downwards, changed in place.
#[differentiate]
fn points(x: &[f64], n: usize, from: usize) -> f64 {
    let mut y = x.to_vec();
    let mut sum = 0.0;
    for i in 0..n {
        for j in i + 1..n {
            let (dx, dy) = (x[2 * i] - x[2 * j], x[2 * i + 1] - x[2 * j + 1]);
            sum += (dx * dx + dy * dy + 0.1).sqrt();
        }
    }
    for i in from..n {
        let (a, b) = (y[2 * i], y[i * 2 + 1]);
        y[2 * i] = a * b.sin() + x[2 * (n - 1)];
        y[2 * i + 1] -= a * x[i];
    }
    for i in (1..n).rev() {
        y[2 * i] *= y[2 * i - 1].cos();
        sum += x[2 * i - 2] * x[2 * i - 1];
    }
    for i in 0..n / 2 {
        sum -= y[4 * i] * y[4 * i + 3] + x[4 * i + 2].sin() * x[4 * i + 1];
    }
    sum + y.iter().map(|v| v * v).sum::<f64>()
}

/// Every second element and every third one with its neighbour: the last record is not whole.
#[differentiate]
fn gaps<T: num_traits::Float>(x: &[T]) -> T {
    let mut sum = T::zero();
    for i in 0..x.len().div_ceil(2) {
        sum = sum + x[2 * i] * x[i];
    }
    for i in 0..(x.len() + 1) / 3 {
        sum = sum + x[3 * i] * x[3 * i + 1].sin();
    }
    for i in 0..x.len() / 3 {
        sum = sum - x[3 * i] * x[3 * i + 1] * x[3 * i + 2];
    }
    sum
}

#[test]
fn records_of_several_elements() {
    agree!(points, point(8), 4, 1);
    agree!(points, point(8), 4, 4);
    agree!(points, point(2), 1, 0);
    agree!(gaps, point(5));
    agree!(gaps, point(6));
    agree!(gaps, point(1));
}

#[test]
#[should_panic(expected = "out of")]
fn a_record_that_is_not_whole() {
    points::grad(&[1.0, 2.0, 3.0], 2, 0);
}

/// Products and distances of rows of one list; rows that overlap, one that goes down, a sum inside, the same row twice.
#[differentiate]
fn pairs(x: &[f64], n: usize, d: usize) -> f64 {
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..=i {
            let mut product = 0.0;
            for k in 0..d {
                product += x[i * d + k] * x[j * d + k];
            }
            let mut distance = 0.0;
            for k in 0..d {
                let difference = x[i * d + k] - x[j * d + k];
                distance += difference * difference;
            }
            sum += product.sin() * (-0.1 * distance).exp();
        }
    }
    for i in 0..n {
        let mut overlap = 0.0;
        for k in 0..d {
            overlap += x[i * d + k] * x[i + k] * x[n * d - 1 - k] * x[(n - 1) * d - i + k];
        }
        sum += overlap * overlap;
    }
    sum
}

/// What the iterations carry is read between the sums.
#[differentiate]
fn growth(x: &[f64], d: usize) -> f64 {
    let mut y = 1.0;
    for k in 0..d {
        y += 0.3 * y + x[k] * x[d + k];
    }
    y
}

/// The same of lists in a list.
#[differentiate]
fn nested_rows(x: &[f64]) -> f64 {
    let x: Vec<Vec<f64>> = vec![x.to_vec(), x[1..].to_vec(), x[1..].to_vec()];
    let mut sum = 0.0;
    for i in 1..x.len() {
        let mut product = 0.0;
        for k in 0..x[i].len() {
            product += x[i][k] * x[i - 1][k].exp() * x[0][k];
        }
        sum += product * product;
    }
    sum
}

#[test]
fn several_parts_of_one_list() {
    agree!(pairs, point(12), 4, 3);
    agree!(pairs, point(5), 5, 1);
    agree!(pairs, point(4), 1, 4);
    agree!(growth, point(8), 4);
    agree!(nested_rows, point(4));
}
