//! Which crates have no derivatives: those that depend on the runtime in no way, as `Cargo.lock` tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The crate in which all that has derivatives finds what it needs.
const RUNTIME: &str = "autodiff-runtime";

/// All packages of a lock file, by the names that crates have in code: may they have derivatives?
#[derive(Default)]
pub struct Dependencies {
    able: BTreeMap<String, bool>,
}

impl Dependencies {
    /// Those of the package in a folder, by the lock file beside it or further out; none where there is no such file.
    pub fn around(folder: &Path) -> Self {
        let mut files = folder.ancestors().map(|f| f.join("Cargo.lock"));
        let text = files.find_map(|file| std::fs::read_to_string(file).ok());
        text.map(|text| Self::of(&text)).unwrap_or_default()
    }

    /// Has the crate surely no derivatives?
    pub fn lacks(&self, krate: &str) -> bool {
        self.able.get(krate) == Some(&false)
    }

    fn of(lock: &str) -> Self {
        let packages: Vec<Package<'_>> = lock.split("[[package]]").filter_map(package).collect();
        let mut able = BTreeSet::from([RUNTIME]);
        let reaches =
            |p: &Package<'_>, able: &BTreeSet<&str>| p.needs.iter().any(|n| able.contains(n));
        while let Some(next) = packages
            .iter()
            .find(|p| !able.contains(p.name) && reaches(p, &able))
        {
            able.insert(next.name);
        }
        // Where the lock file does not know the runtime, it is not the one that the build is by.
        let known = packages.iter().any(|p| p.name == RUNTIME);
        let packages = packages.iter().filter(|_| known);
        let named = packages.map(|p| (p.name.replace('-', "_"), able.contains(p.name)));
        Self {
            able: named.collect(),
        }
    }
}

struct Package<'a> {
    name: &'a str,
    needs: Vec<&'a str>,
}

/// What stands below `[[package]]`.
fn package(text: &str) -> Option<Package<'_>> {
    let quoted = |line: &'_ str| -> Option<(usize, usize)> {
        let from = line.find('"')? + 1;
        Some((from, from + line[from..].find('"')?))
    };
    let name = text.lines().find(|line| line.starts_with("name = "))?;
    let (from, to) = quoted(name)?;
    let needs = text
        .lines()
        .skip_while(|l| !l.starts_with("dependencies ="));
    let needs = needs.skip(1).take_while(|l| *l != "]").filter_map(|line| {
        let (from, to) = quoted(line)?;
        // A version may follow.
        line[from..to].split(' ').next()
    });
    Some(Package {
        name: &name[from..to],
        needs: needs.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::Dependencies;

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"autodiff-runtime\"\nversion = \"0.1.0\"\ndependencies = [\n \"nalgebra\",\n]\n\n\
        [[package]]\nname = \"nalgebra\"\nversion = \"0.35.0\"\n\n[[package]]\nname = \"sound-waves\"\ndependencies = [\n \"nalgebra\",\n \"oscillators 0.2.0\",\n]\n\n\
        [[package]]\nname = \"oscillators\"\ndependencies = [\n \"autodiff-runtime\",\n]\n";

    #[test]
    fn crates_without_the_runtime_lack_derivatives() {
        let all = Dependencies::of(LOCK);
        let lacking = |name: &str| all.lacks(name);
        assert!(lacking("nalgebra"));
        assert!(
            !["sound_waves", "oscillators", "autodiff_runtime", "unknown"]
                .into_iter()
                .any(lacking)
        );
    }

    #[test]
    fn another_build_tells_nothing() {
        let other = LOCK.replace("autodiff-runtime", "autodiff-other");
        assert!(!Dependencies::of(&other).lacks("nalgebra"));
    }
}
