//! The problem of ratings (S6): factors of low rank fitted to the known entries of a large matrix, one rating at a time, by the generated gradient of the error
//! of one rating, beside the update that is written by hand.

use super::{Problem, problem};
use autodiff_runtime::differentiate;
use std::time::Instant;

/// Columns of the factors.
pub const RANK: usize = 10;
/// Steps along the gradient.
const RATE: f64 = 0.01;
/// How strongly factors are held small.
const SHRINK: f64 = 0.02;

/// How large a problem is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Films.
    pub rows: usize,
    /// People.
    pub columns: usize,
    /// Known entries.
    pub ratings: usize,
}

/// The size of the competition's data.
pub const FULL: Size = Size {
    rows: 17_770,
    columns: 480_189,
    ratings: 100_480_507,
};

/// A hundredth of that.
pub const SMALL: Size = Size {
    rows: 1_777,
    columns: 48_019,
    ratings: 1_004_805,
};

/// A known entry, in eight bytes.
#[derive(Clone, Copy, Debug)]
pub struct Rating {
    column: u32,
    row: u16,
    stars: u8,
}

/// Half the squared error of one rating, and what holds its factors small.
#[differentiate(wrt = (u, v))]
pub fn error(u: &[f64; RANK], v: &[f64; RANK], stars: f64, shrink: f64) -> f64 {
    let (mut rest, mut size) = (stars, 0.0);
    for k in 0..RANK {
        rest -= u[k] * v[k];
        size += u[k] * u[k] + v[k] * v[k];
    }
    0.5 * (rest * rest + shrink * size)
}

/// The factors of a matrix of ratings.
#[derive(Clone, Debug)]
pub struct Model {
    films: Vec<[f64; RANK]>,
    people: Vec<[f64; RANK]>,
}

impl Model {
    /// Small ones, of no particular direction.
    pub fn new(size: Size) -> Self {
        let start = |seed: usize| std::array::from_fn(|k| 0.5 + 0.1 * noise(seed * RANK + k));
        Self {
            films: (0..size.rows).map(start).collect(),
            people: (0..size.columns).map(|j| start(size.rows + j)).collect(),
        }
    }

    /// A step along the generated gradient of one rating.
    #[inline]
    pub fn step(&mut self, rating: Rating) {
        let (u, v) = self.factors(rating);
        let (by_u, by_v) = error::grad(u, v, f64::from(rating.stars), SHRINK);
        for k in 0..RANK {
            u[k] -= RATE * by_u[k];
            v[k] -= RATE * by_v[k];
        }
    }

    /// The same by hand: `U += l (e V - s U)`, `V += l (e U - s V)`.
    #[inline]
    pub fn step_by_hand(&mut self, rating: Rating) {
        let (u, v) = self.factors(rating);
        let mut rest = f64::from(rating.stars);
        for k in 0..RANK {
            rest -= u[k] * v[k];
        }
        for k in 0..RANK {
            let (a, b) = (u[k], v[k]);
            u[k] += RATE * (rest * b - SHRINK * a);
            v[k] += RATE * (rest * a - SHRINK * b);
        }
    }

    fn factors(&mut self, rating: Rating) -> (&mut [f64; RANK], &mut [f64; RANK]) {
        let film = &mut self.films[usize::from(rating.row)];
        (film, &mut self.people[rating.column as usize])
    }

    /// The root of the mean squared error.
    pub fn deviation(&mut self, ratings: &[Rating]) -> f64 {
        let squares = ratings.iter().map(|rating| {
            let (u, v) = self.factors(*rating);
            2.0 * error(u, v, f64::from(rating.stars), 0.0)
        });
        (squares.sum::<f64>() / ratings.len() as f64).sqrt()
    }

    /// The largest difference of two models.
    pub fn difference(&self, other: &Self) -> f64 {
        let all = |m: &Self| m.films.iter().chain(&m.people).flatten().copied().collect();
        let (own, others): (Vec<f64>, Vec<f64>) = (all(self), all(other));
        let pairs = own.iter().zip(&others);
        pairs.fold(0.0, |m, (a, b)| m.max((a - b).abs()))
    }
}

/// A number in -1 .. 1 that looks random.
fn noise(seed: usize) -> f64 {
    (hash(seed) >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// The mixing function of SplitMix64.
fn hash(seed: usize) -> u64 {
    let mut z = (seed as u64)
        .wrapping_add(1)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Ratings at random places in random order: from what film and person have of three traits, rounded to stars.
pub fn generated(size: Size) -> Vec<Rating> {
    let trait_of = |who: usize, k: usize| noise(who * 3 + k + (1 << 40));
    let rating = |at: usize| {
        let place = hash(at + (1 << 50));
        let (row, column) = (
            place as u32 as usize % size.rows,
            (place >> 32) as usize % size.columns,
        );
        let taste: f64 = (0..3)
            .map(|k| trait_of(row, k) * trait_of(size.rows + column, k))
            .sum();
        let stars = (3.5 + 1.5 * taste).round().clamp(1.0, 5.0);
        Rating {
            column: column as u32,
            row: row as u16,
            stars: stars as u8,
        }
    };
    (0..size.ratings).map(rating).collect()
}

/// What a run of all ratings gives.
#[derive(Debug)]
pub struct Run {
    /// The deviation before and after.
    pub deviations: (f64, f64),
    /// Nanoseconds an update.
    pub generated: f64,
    /// By hand.
    pub by_hand: f64,
    /// The largest difference of the factors from those by hand.
    pub difference: f64,
    /// Bytes of ratings and of one model.
    pub memory: usize,
}

/// Goes through all ratings once, in blocks that the generated update and the one by hand take in turn.
pub fn run(size: Size) -> Run {
    let ratings = generated(size);
    let (mut model, mut by_hand) = (Model::new(size), Model::new(size));
    let before = model.deviation(&ratings);
    let (mut generated, mut hand) = (0.0, 0.0);
    for block in ratings.chunks(1 << 16) {
        let start = Instant::now();
        block.iter().for_each(|rating| model.step(*rating));
        generated += start.elapsed().as_secs_f64();
        let start = Instant::now();
        block
            .iter()
            .for_each(|rating| by_hand.step_by_hand(*rating));
        hand += start.elapsed().as_secs_f64();
    }
    let nanoseconds = 1e9 / ratings.len() as f64;
    Run {
        deviations: (before, model.deviation(&ratings)),
        generated: generated * nanoseconds,
        by_hand: hand * nanoseconds,
        difference: model.difference(&by_hand),
        memory: size_of_val(&ratings[..]) + (size.rows + size.columns) * size_of::<[f64; RANK]>(),
    }
}

/// The gradient of one rating.
pub fn problems() -> Vec<Problem> {
    let (u, v): ([f64; RANK], [f64; RANK]) = (
        std::array::from_fn(noise),
        std::array::from_fn(|k| noise(100 + k)),
    );
    let rest = 4.0 - u.iter().zip(&v).map(|(a, b)| a * b).sum::<f64>();
    let slope = |of: &[f64; RANK], other: &[f64; RANK]| -> [f64; RANK] {
        std::array::from_fn(|k| SHRINK * of[k] - rest * other[k])
    };
    vec![problem(
        "S6",
        "(e^2 + s |u|^2 + s |v|^2) / 2",
        "s u - e v, s v - e u",
        error::grad(&u, &v, 4.0, SHRINK),
        (slope(&u, &v), slope(&v, &u)),
    )]
}
