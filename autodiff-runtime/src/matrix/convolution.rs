//! Convolutions of vectors.
//!
//! `y_i = sum_u x_u k_(i + s - u)` over the elements that there are; only `s` and the length differ.

use super::Number;
use super::method::method;
use nalgebra::allocator::Allocator;
use nalgebra::{
    DefaultAllocator, Dim, DimAdd, DimDiff, DimSub, DimSum, OVector, Storage, U1, Vector,
};

/// Calls `f` with the positions in `y`, `x` and the kernel of all the products.
fn each_product(
    lengths: [usize; 3],
    shift: usize,
    back: usize,
    mut f: impl FnMut(usize, usize, usize),
) {
    let [len, of_x, of_kernel] = lengths;
    for i in 0..len {
        for u in 0..of_x {
            let k = (i + shift).checked_sub(u + back);
            if let Some(k) = k.filter(|k| *k < of_kernel) {
                f(i, u, k);
            }
        }
    }
}

/// A convolution, by the method of nalgebra, and where its kernel begins: `s`, and what is taken from it.
macro_rules! convolution {
    (
        $(#[$doc:meta])*
        $name:ident[$($bounds:tt)*] -> $D:ty, |$kernel:ident| $shift:expr, $back:expr; where [$($more:tt)*]
    ) => {
        method! {
            $(#[$doc])*
            $name[T: Number, $($bounds)*, S1: Storage<T, D1>, S2: Storage<T, D2>]
            (x dx: &Vector<T, D1, S1>, kernel dkernel: &Vector<T, D2, S2>) -> OVector<T, $D>, saved: ()
            where [DefaultAllocator: Allocator<D1> + Allocator<D2> + Allocator<$D> $($more)*]
            = (x.$name(kernel.clone_owned()), ());
            dx => dx.$name(kernel.clone_owned());
            |seed, bar| {
                let ($kernel, lengths) = (kernel.len(), [seed.len(), bar.len(), kernel.len()]);
                each_product(lengths, $shift, $back, |i, u, k| bar[u] += seed[i] * kernel[k]);
            };
            dkernel => x.$name(dkernel.clone());
            |seed, bar| {
                let ($kernel, lengths) = (bar.len(), [seed.len(), x.len(), bar.len()]);
                each_product(lengths, $shift, $back, |i, u, k| bar[k] += seed[i] * x[u]);
            };
            @ [x_bar x_dot, kernel_bar kernel_dot] {
                x_dot(dkernel): |seed, d, bar| {
                    let ($kernel, lengths) = (d.len(), [seed.len(), bar.len(), d.len()]);
                    each_product(lengths, $shift, $back, |i, u, k| bar[u] += seed[i] * d[k]);
                };
                kernel_dot(dx): |seed, d, bar| {
                    let ($kernel, lengths) = (bar.len(), [seed.len(), d.len(), bar.len()]);
                    each_product(lengths, $shift, $back, |i, u, k| bar[k] += seed[i] * d[u]);
                };
            }
        }
    };
}

convolution! {
    /// All the sums that have a product.
    convolve_full[D1: DimAdd<D2>, D2: DimAdd<D1, Output = DimSum<D1, D2>>] -> DimDiff<DimSum<D1, D2>, U1>, |_n| 0, 0;
    where [, DimSum<D1, D2>: DimSub<U1>]
}

convolution! {
    /// The sums that have all their products.
    convolve_valid[D1: DimAdd<U1>, D2: Dim] -> DimDiff<DimSum<D1, U1>, D2>, |n| n, 1;
    where [, DimSum<D1, U1>: DimSub<D2>]
}

convolution! {
    /// As many sums as elements.
    convolve_same[D1: Dim, D2: Dim] -> D1, |n| n, 2;
    where []
}
