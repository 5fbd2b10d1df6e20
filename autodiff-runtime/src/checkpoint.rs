//! Which states of a loop are kept, and which iterations are run again: the schedules behind `#[checkpoint]`.
//!
//! *In*: the number of iterations, if it is known beforehand, and how many states may be kept at once. *Out*: for the loop, whether to keep
//! the state before an iteration; for its reverse, one [`Action`] after the other.
//!
//! The reverse of iteration `k` needs the state before it. With `s` kept states, `r` repetitions of each iteration reach back over
//! `C(s + r, s)` iterations, and splitting the iterations at binomial numbers runs the fewest of them again (Griewank and Walther 2000,
//! Algorithm 799: revolve, doi:10.1145/347837.347846). Where the number of iterations is not known, states are kept at equal distances; the
//! distance doubles when there are too many.
//!
//! ```text
//! 5 iterations, 2 states      loop      keep 0, keep 3
//!                             reverse   restore 3, advance 3, reverse 4, restore 3, reverse 3,
//!                                       restore 0, keep .., ..
//! ```

/// What the reverse of a loop does next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// Set the state to the one kept last.
    Restore,
    /// Run this iteration, recording nothing.
    Advance(usize),
    /// Keep the state, with [`Checkpoints::keep`].
    Keep,
    /// Run this iteration, recording, and its reverse.
    Reverse(usize),
}

/// The kept states of one loop, `S` being the type of a state.
#[derive(Clone, Debug)]
pub struct Checkpoints<S> {
    kept: Vec<(usize, S)>,
    /// How many may be kept; `None` for about the square root of the number of iterations.
    slots: Option<usize>,
    /// Iterations that are not reversed yet, or were not counted yet.
    end: usize,
    /// Is `end` known from the start?
    known: bool,
    /// The distance of kept states, where it is not.
    distance: usize,
    /// Before which iteration the state is.
    at: Option<usize>,
}

impl<S: Clone> Checkpoints<S> {
    /// For a loop of `count` iterations that keeps at most `slots` states (at least one).
    #[must_use]
    pub fn known(count: usize, slots: Option<usize>) -> Self {
        let root = count.saturating_sub(1).isqrt() + 1; // rounded up
        Self {
            slots: Some(slots.unwrap_or(root).max(1)),
            end: count,
            known: true,
            ..Self::unknown(None)
        }
    }

    /// For a loop that ends when it ends.
    #[must_use]
    pub fn unknown(slots: Option<usize>) -> Self {
        Self {
            kept: Vec::new(),
            slots: slots.map(|s| s.max(1)),
            end: 0,
            known: false,
            distance: 1,
            at: None,
        }
    }

    /// In the loop, before iteration `step`: is the state to be kept?
    pub fn keeps(&mut self, step: usize) -> bool {
        self.at = Some(step);
        if self.known {
            return self.splits_at(step);
        }
        self.end = step + 1;
        if !step.is_multiple_of(self.distance) {
            return false;
        }
        if self.kept.len() >= self.room() {
            self.distance *= 2;
            let distance = self.distance;
            self.kept.retain(|(at, _)| at % distance == 0);
        }
        step.is_multiple_of(self.distance)
    }

    /// Keeps the state where the loop or its reverse is.
    pub fn keep(&mut self, state: S) {
        if let Some(at) = self.at {
            self.kept.push((at, state));
        }
    }

    /// After the loop.
    pub fn finish(&mut self) {
        self.at = None;
        self.drop_passed();
    }

    /// What the reverse of the loop does next; at last the state before the loop is restored.
    pub fn next_action(&mut self) -> Option<Action> {
        if self.end == 0 {
            let last = self.at.is_none() && !self.kept.is_empty();
            self.at = Some(0);
            return last.then_some(Action::Restore);
        }
        let action = match self.at {
            None => {
                self.at = self.kept.last().map(|(at, _)| *at);
                Action::Restore
            }
            Some(at) if at + 1 == self.end => {
                self.end = at;
                self.at = None;
                self.drop_passed();
                Action::Reverse(at)
            }
            Some(at) if self.splits_at(at) => Action::Keep,
            Some(at) => {
                self.at = Some(at + 1);
                Action::Advance(at)
            }
        };
        Some(action)
    }

    /// The state kept last.
    ///
    /// # Panics
    ///
    /// If there is none: the generated code would be wrong.
    #[must_use]
    pub fn state(&self) -> S {
        match self.kept.last() {
            Some((_, state)) => state.clone(),
            None => panic!(
                "a checkpoint is missing; this is a bug of `#[differentiate]`, please report it"
            ),
        }
    }

    /// How many states are kept now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Is none kept?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// States behind which nothing is left to be reversed. The first one stays: it is what the loop began with.
    fn drop_passed(&mut self) {
        let end = self.end;
        while self.kept.len() > 1 && self.kept.last().is_some_and(|(at, _)| *at >= end) {
            self.kept.pop();
        }
    }

    /// Is the state before this iteration one to be kept between the last one kept and the end?
    fn splits_at(&self, at: usize) -> bool {
        let Some((from, _)) = self.kept.last() else {
            return at == 0;
        };
        let free = self.room().saturating_sub(self.kept.len());
        free > 0 && at == from + split(self.end - from, free + 1) && at > *from
    }

    fn room(&self) -> usize {
        self.slots.unwrap_or(2 * self.distance)
    }
}

/// Where to keep the next state when `slots` of them, the one at the start included, have to do for `count` iterations: the first part's length.
fn split(count: usize, slots: usize) -> usize {
    if slots < 2 || count < 2 {
        return 0;
    }
    let mut repeated = 1;
    while reach(slots, repeated) < count {
        repeated += 1;
    }
    let most = reach(slots, repeated - 1);
    let least_left = reach(slots - 1, repeated - 1);
    most.min(count.saturating_sub(least_left))
        .clamp(1, count - 1)
}

/// `C(slots + repeated, slots)`: how many iterations `slots` states reach when none is run more than `repeated` times.
fn reach(slots: usize, repeated: usize) -> usize {
    let mut product = 1usize;
    for k in 1..=repeated.min(slots) {
        product = product.saturating_mul(slots.max(repeated) + k) / k;
    }
    product
}

#[cfg(test)]
mod tests {
    use super::{Action, Checkpoints, reach};

    /// What a run did: iterations without recording, and the most states kept at once.
    struct Run {
        advanced: usize,
        most: usize,
    }

    /// Runs a loop whose state is the number of iterations done, and its reverse.
    fn run(count: usize, mut checkpoints: Checkpoints<usize>) -> Run {
        let mut most = 0;
        for step in 0..count {
            if checkpoints.keeps(step) {
                checkpoints.keep(step);
            }
            most = most.max(checkpoints.len());
        }
        checkpoints.finish();
        let (mut state, mut left, mut advanced) = (count, count, 0);
        while let Some(action) = checkpoints.next_action() {
            match action {
                Action::Restore => state = checkpoints.state(),
                Action::Keep => checkpoints.keep(state),
                Action::Advance(step) => {
                    assert_eq!(state, step);
                    state += 1;
                    advanced += 1;
                }
                Action::Reverse(step) => {
                    assert_eq!((state, left), (step, step + 1));
                    left -= 1;
                }
            }
            most = most.max(checkpoints.len());
        }
        assert_eq!((left, state), (0, 0));
        Run { advanced, most }
    }

    /// The fewest iterations that have to be run to reverse `count` of them from a state at their start, by dynamic programming: to keep
    /// the state after `first`, reverse what follows with one slot less, then the first part with all.
    fn optimum(count: usize, slots: usize, known: &mut Vec<Vec<Option<usize>>>) -> usize {
        if count <= 1 {
            return 0;
        }
        if slots == 1 {
            return count * (count - 1) / 2;
        }
        if let Some(best) = known[slots][count] {
            return best;
        }
        let splits = 1..count;
        let cost = splits.map(|first| {
            first + optimum(count - first, slots - 1, known) + optimum(first, slots, known)
        });
        let best = cost.min().unwrap_or(0);
        known[slots][count] = Some(best);
        best
    }

    #[test]
    fn known_loops_run_again_as_little_as_possible() {
        let mut known = vec![vec![None; 64]; 8];
        for slots in 1..8 {
            for count in 1..64 {
                let checkpoints = Checkpoints::known(count, Some(slots));
                let last = {
                    let mut run = checkpoints.clone();
                    for step in 0..count {
                        if run.keeps(step) {
                            run.keep(step);
                        }
                    }
                    run.kept.last().map_or(0, |(at, _)| *at)
                };
                let run = run(count, checkpoints);
                assert!(
                    run.most <= slots,
                    "{count} iterations with {slots} states kept {}",
                    run.most
                );
                // The loop itself is the first run; it goes on to the end where the schedule alone would stop at the last kept state.
                assert_eq!(
                    run.advanced + last,
                    optimum(count, slots, &mut known),
                    "{count}, {slots}"
                );
            }
        }
    }

    #[test]
    fn the_square_root_is_enough_for_two_runs() {
        for count in [1, 2, 10, 99, 100, 101, 10_000] {
            let root = (count as f64).sqrt().ceil() as usize;
            let known = run(count, Checkpoints::known(count, None));
            assert!(known.most <= root && known.advanced <= 2 * count);
            let unknown = run(count, Checkpoints::unknown(None));
            assert!(unknown.most <= 3 * root + 1, "{count}: {}", unknown.most);
            assert!(
                unknown.advanced <= 3 * count,
                "{count}: {}",
                unknown.advanced
            );
        }
    }

    #[test]
    fn loops_that_end_when_they_end_keep_no_more_than_allowed() {
        for slots in 1..6 {
            for count in 0..70 {
                let run = run(count, Checkpoints::unknown(Some(slots)));
                assert!(
                    run.most <= slots,
                    "{count} iterations with {slots} states kept {}",
                    run.most
                );
            }
        }
    }

    #[test]
    fn the_reach_is_binomial() {
        assert_eq!(reach(3, 2), 10);
        assert_eq!(reach(1, 7), 8);
        assert_eq!(reach(5, 0), 1);
    }
}
