//! Numbers that a loop records, as many as it has iterations.
//!
//! *In*: how often the loop runs. *Out*: a slice for the numbers. Few of them stay in the list itself: a short loop in a function that is called
//! often allocates nothing.

use std::ops::{Deref, DerefMut};

/// The most elements for which there is room before they are asked for.
const SPARE: usize = 512;

/// A list that grows by the iterations of a loop; up to `FEW` elements are in place. It is small enough to be moved without a call.
#[derive(Clone, Debug)]
pub struct List<T, const FEW: usize> {
    few: [T; FEW],
    /// Room for all of them, as soon as there are more; empty before.
    many: Vec<T>,
    len: usize,
}

impl<T: Copy, const FEW: usize> List<T, FEW> {
    /// An empty list; `blank` stands where nothing was written yet.
    #[inline]
    pub fn new(blank: T) -> Self {
        Self {
            few: [blank; FEW],
            many: Vec::new(),
            len: 0,
        }
    }

    /// Makes the list longer by an element for each iteration; gives back how long it was. What the new elements are is not said.
    #[inline]
    pub fn grow<I: Iterator>(&mut self, iterations: I) -> usize {
        let before = self.len;
        let len = before + iterations.size_hint().0;
        if len > self.many.len().max(FEW) {
            self.make_room(len);
        }
        self.len = len;
        before
    }

    /// Makes room for `len`, and for some more: memory that is never used is not touched, and what is there already is rarely copied.
    #[cold]
    fn make_room(&mut self, len: usize) {
        if self.many.is_empty() {
            self.many.extend_from_slice(&self.few[..self.len]);
        }
        let more = self.many.len() + self.many.len().min(SPARE);
        self.many.resize(len.max(more), self.few[0]);
    }

    /// How long the list was before it grew by an element for each iteration.
    #[inline]
    pub fn before<I: Iterator>(&self, iterations: I) -> usize {
        self.len - iterations.size_hint().0
    }

    /// Makes the list shorter.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = len;
    }
}

impl<T, const FEW: usize> Deref for List<T, FEW> {
    type Target = [T];
    #[inline]
    fn deref(&self) -> &[T] {
        if self.many.is_empty() {
            &self.few[..self.len]
        } else {
            &self.many[..self.len]
        }
    }
}

impl<T, const FEW: usize> DerefMut for List<T, FEW> {
    #[inline]
    fn deref_mut(&mut self) -> &mut [T] {
        if self.many.is_empty() {
            &mut self.few[..self.len]
        } else {
            &mut self.many[..self.len]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::List;

    /// Grows by `parts`, numbering the elements, and shrinks again; the elements that are left are looked at each time.
    fn grown_and_shrunk(parts: &[usize]) {
        let mut list = List::<f64, 4>::new(0.0);
        let mut bases = Vec::new();
        for &part in parts {
            let base = list.grow(0..part);
            (base..base + part).for_each(|k| list[k] = k as f64);
            bases.push(base);
        }
        for (&part, &base) in parts.iter().zip(&bases).rev() {
            let numbers: Vec<f64> = (0..base + part).map(|k| k as f64).collect();
            assert_eq!(list[..], numbers[..]);
            assert_eq!(list.before(0..part), base);
            list.truncate(base);
        }
        assert!(list.is_empty());
    }

    #[test]
    fn elements_stay_in_order_wherever_they_are() {
        let shapes: [&[usize]; 6] = [&[], &[3], &[4, 0], &[2, 3, 1], &[9], &[0, 5, 5]];
        shapes.into_iter().for_each(grown_and_shrunk);
    }

    #[test]
    fn a_list_is_used_again_after_it_was_long() {
        let mut list = List::<f64, 4>::new(0.0);
        list.grow(0..9);
        list.truncate(0);
        list.grow(0..2);
        list[1] = 7.0;
        list.grow(0..5);
        assert_eq!((list.len(), list[1]), (7, 7.0));
        list.grow(0..30);
        assert_eq!((list.len(), list[1]), (37, 7.0));
    }
}
