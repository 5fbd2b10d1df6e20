//! Numbers from a text file, with the line of each for errors.

use anyhow::{Context, Result, anyhow, bail};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The words of a file.
pub struct Tokens {
    path: PathBuf,
    words: std::vec::IntoIter<(usize, String)>,
    line: usize,
}

impl Tokens {
    /// Opens a file of words separated by white space.
    pub fn open(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("{}: cannot be read", path.display()))?;
        let words = text.lines().enumerate().flat_map(|(k, line)| {
            let words: Vec<_> = line
                .split_whitespace()
                .map(|w| (k + 1, w.to_owned()))
                .collect();
            words
        });
        Ok(Self {
            path: path.to_owned(),
            words: words.collect::<Vec<_>>().into_iter(),
            line: 0,
        })
    }

    /// The next number.
    pub fn next<T: FromStr>(&mut self, what: &str) -> Result<T> {
        let Some((line, word)) = self.words.next() else {
            bail!(
                "{}:{}: the file ends where {what} should be",
                self.path.display(),
                self.line
            );
        };
        self.line = line;
        word.parse()
            .map_err(|_| anyhow!("{}:{line}: `{word}` is no {what}", self.path.display()))
    }

    /// The next `n` real numbers, all of them finite.
    pub fn reals(&mut self, n: usize, what: &str) -> Result<Vec<f64>> {
        (0..n)
            .map(|_| {
                let value: f64 = self.next(what)?;
                if value.is_finite() {
                    return Ok(value);
                }
                bail!(
                    "{}:{}: {what} must be finite, not {value}",
                    self.path.display(),
                    self.line
                )
            })
            .collect()
    }

    /// An index below `end`.
    pub fn index(&mut self, end: usize, what: &str) -> Result<usize> {
        let index: usize = self.next(what)?;
        if index < end {
            return Ok(index);
        }
        bail!(
            "{}:{}: {what} {index} is not below {end}",
            self.path.display(),
            self.line
        )
    }

    /// Nothing may follow.
    pub fn end(mut self) -> Result<()> {
        match self.words.next() {
            None => Ok(()),
            Some((line, word)) => {
                bail!(
                    "{}:{line}: `{word}` after the end of the data",
                    self.path.display()
                )
            }
        }
    }
}
