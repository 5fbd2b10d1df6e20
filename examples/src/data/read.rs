//! Readers of ADBench's files. Errors name the file and the line.

use super::tokens::Tokens;
use crate::ba::Scene;
use crate::gmm::Mixture;
use crate::hand::{Model, POSE, Tracking};
use crate::lstm::Network;
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::str::FromStr;

/// A Gaussian mixture.
pub fn mixture(path: &Path) -> Result<Mixture> {
    let mut t = Tokens::open(path)?;
    let d: usize = t.next("dimension")?;
    let k: usize = t.next("number of components")?;
    let n: usize = t.next("number of data points")?;
    let alpha = t.reals(k, "weight")?;
    let means = t.reals(k * d, "mean")?;
    let icf = t.reals(k * d * (d + 1) / 2, "covariance factor")?;
    let x = t.reals(n * d, "data point")?;
    let gamma = t.next("prior scale")?;
    let m = t.next("prior degree of freedom")?;
    t.end()?;
    Ok(Mixture {
        d,
        alpha,
        means,
        icf,
        x,
        gamma,
        m,
    })
}

/// A bundle adjustment scene: the file holds one of each, used for all.
pub fn scene(path: &Path) -> Result<Scene> {
    let mut t = Tokens::open(path)?;
    let n: usize = t.next("number of cameras")?;
    let m: usize = t.next("number of points")?;
    let p: usize = t.next("number of observations")?;
    let mut camera = [0.0; crate::ba::CAMERA];
    camera.copy_from_slice(&t.reals(crate::ba::CAMERA, "camera parameter")?);
    let point = t.reals(3, "coordinate")?;
    let weight = t.reals(1, "weight")?[0];
    let seen = t.reals(2, "measurement")?;
    t.end()?;
    if n == 0 || m == 0 {
        bail!("{}:1: a scene needs a camera and a point", path.display());
    }
    Ok(Scene {
        cameras: vec![camera; n],
        points: vec![[point[0], point[1], point[2]]; m],
        weights: vec![weight; p],
        pairs: (0..p).map(|i| (i % n, i % m)).collect(),
        seen: vec![[seen[0], seen[1]]; p],
    })
}

/// An LSTM and its text.
pub fn network(path: &Path) -> Result<Network> {
    let mut t = Tokens::open(path)?;
    let layers: usize = t.next("number of layers")?;
    let characters: usize = t.next("number of characters")?;
    let bits: usize = t.next("number of bits")?;
    let main = t.reals(8 * layers * bits, "parameter")?;
    let extra = t.reals(3 * bits, "parameter")?;
    let state = t.reals(2 * layers * bits, "state")?;
    let text = t.reals(characters * bits, "bit")?;
    t.end()?;
    Ok(Network {
        layers,
        bits,
        main,
        extra,
        state,
        text,
    })
}

/// Hand tracking: the points of `path`, the model of the folder `model`.
pub fn tracking(path: &Path, model: &Path, complicated: bool) -> Result<Tracking> {
    let model = hand_model(model)?;
    let mut t = Tokens::open(path)?;
    let n: usize = t.next("number of points")?;
    let pose: usize = t.next("number of pose parameters")?;
    if pose != POSE {
        bail!(
            "{}:1: {pose} pose parameters, expected {POSE}",
            path.display()
        );
    }
    let limit = if complicated {
        model.triangles.len()
    } else {
        model.first.len() - 1
    };
    let (mut corners, mut points) = (Vec::new(), Vec::new());
    for _ in 0..n {
        let k = t.index(limit, "correspondence")?;
        corners.push(if complicated {
            model.triangles[k]
        } else {
            [k; 3]
        });
        points.extend(t.reals(3, "coordinate")?);
    }
    let us = if complicated {
        t.reals(2 * n, "barycentric coordinate")?
    } else {
        [1.0, 0.0].repeat(n)
    };
    let theta = t.reals(POSE, "pose parameter")?;
    t.end()?;
    Ok(Tracking {
        model: model.with_vertices_at(&mut corners),
        corners,
        points,
        us,
        complicated,
        theta,
    })
}

/// The records of a file, fields separated by colons, each with its place for errors.
fn records(path: &Path) -> Result<Vec<(String, Vec<String>)>> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("{}: cannot be read", path.display()))?;
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty());
    let record = |(k, line): (usize, &str)| {
        let fields = line.split(':').map(|f| f.trim().to_owned()).collect();
        (format!("{}:{}", path.display(), k + 1), fields)
    };
    Ok(lines.map(record).collect())
}

fn field<T: FromStr>(at: &str, fields: &[String], k: usize) -> Result<T> {
    let Some(text) = fields.get(k) else {
        bail!("{at}: field {} is missing", k + 1);
    };
    match text.parse() {
        Ok(value) => Ok(value),
        Err(_) => bail!("{at}: `{text}` is no number"),
    }
}

fn hand_model(folder: &Path) -> Result<Model> {
    let mut model = Model::default();
    for (at, fields) in records(&folder.join("bones.txt"))? {
        let parent: i64 = field(&at, &fields, 1)?;
        let bones = model.parents.len();
        model.parents.push(match usize::try_from(parent) {
            Ok(p) if p < bones => p,
            Ok(p) => bail!("{at}: the parent {p} of bone {bones} does not come before it"),
            Err(_) => usize::MAX,
        });
        for k in 0..12 {
            model.relative.push(field(&at, &fields, 2 + k)?);
            model.inverse.push(field(&at, &fields, 18 + k)?);
        }
    }
    model.first.push(0);
    for (at, fields) in records(&folder.join("vertices.txt"))? {
        for k in 0..3 {
            model.vertices.push(field(&at, &fields, k)?);
        }
        let count: usize = field(&at, &fields, 8)?;
        for e in 0..count {
            let bone: usize = field(&at, &fields, 9 + 2 * e)?;
            if bone >= model.parents.len() {
                bail!("{at}: there is no bone {bone}");
            }
            model.bones.push(bone);
            model.weights.push(field(&at, &fields, 10 + 2 * e)?);
        }
        model.first.push(model.bones.len());
    }
    for (at, fields) in records(&folder.join("triangles.txt"))? {
        let mut corners = [0; 3];
        for (k, corner) in corners.iter_mut().enumerate() {
            *corner = field(&at, &fields, k)?;
            if *corner >= model.first.len() - 1 {
                bail!("{at}: there is no vertex {corner}");
            }
        }
        model.triangles.push(corners);
    }
    Ok(model)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str, text: &str) -> std::path::PathBuf {
        let path = std::env::temp_dir().join(format!("autodiff-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        path
    }

    fn error<T>(result: Result<T>) -> String {
        result.err().map(|e| format!("{e:#}")).unwrap_or_default()
    }

    #[test]
    fn a_missing_file_is_named() {
        let message = error(mixture(Path::new("/nowhere/gmm.txt")));
        assert!(
            message.contains("/nowhere/gmm.txt: cannot be read"),
            "{message}"
        );
    }

    #[test]
    fn a_malformed_number_is_an_error_with_its_line() {
        let path = written("bad-gmm", "1 1 1\n0.5\nhello\n");
        let message = error(mixture(&path));
        assert!(
            message.ends_with("bad-gmm:3: `hello` is no mean"),
            "{message}"
        );
    }

    #[test]
    fn a_truncated_file_is_an_error_with_its_last_line() {
        let path = written("short-ba", "1 1 1\n1 2 3 4 5 6 7 8 9 10 11\n1 2");
        let message = error(scene(&path));
        assert!(
            message.contains(":3: the file ends where coordinate should be"),
            "{message}"
        );
    }

    #[test]
    fn what_follows_the_data_is_an_error() {
        let path = written(
            "long-ba",
            "1 1 1\n1 2 3 4 5 6 7 8 9 10 11\n1 2 3\n1\n1 2\n7",
        );
        let message = error(scene(&path));
        assert!(
            message.ends_with(":6: `7` after the end of the data"),
            "{message}"
        );
    }

    #[test]
    fn an_infinite_number_is_an_error() {
        let path = written("inf-ba", "1 1 1\n1 2 3 4 5 6 7 8 9 10 inf\n1 2 3\n1\n1 2\n");
        let message = error(scene(&path));
        assert!(
            message.contains(":2: camera parameter must be finite"),
            "{message}"
        );
    }
}
