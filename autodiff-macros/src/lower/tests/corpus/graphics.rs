//! Curves, colours, images, the globe.

use autodiff_runtime::differentiate;

static SCALE: f64 = 0.5;

#[differentiate]
pub fn easing(x: &[f64]) -> f64 {
    let t = x[0].sin() * 0.5 + 0.5;
    let n1 = 7.5625;
    let d1 = 2.75;
    if t < 1.0 / d1 {
        n1 * t * t
    } else if t < 2.0 / d1 {
        let t = t - 1.5 / d1;
        n1 * t * t + 0.75
    } else if t < 2.5 / d1 {
        let t = t - 2.25 / d1;
        n1 * t * t + 0.9375
    } else {
        let t = t - 2.625 / d1;
        n1 * t * t + 0.984375
    }
}

#[differentiate]
pub fn srgb(x: &[f64]) -> f64 {
    let lin = |c: f64| {
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    let rgb = [lin(x[0].abs()), lin(x[1].abs()), lin(x[2].abs())];
    0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
}

#[differentiate]
pub fn bilinear(x: &[f64]) -> f64 {
    let grid = &x[2..11];
    let (w, h) = (3usize, 3usize);
    let px = x[0].abs().min(1.9);
    let py = x[1].abs().min(1.9);
    let (x0, y0) = (px.floor() as usize, py.floor() as usize);
    let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
    let (fx, fy) = (px - x0 as f64, py.fract());
    let at = |i: usize, j: usize| grid[j * w + i];
    let top = at(x0, y0) * (1.0 - fx) + at(x1, y0) * fx;
    let bot = at(x0, y1) * (1.0 - fx) + at(x1, y1) * fx;
    top * (1.0 - fy) + bot * fy
}

#[differentiate]
pub fn perlin_like(x: &[f64]) -> f64 {
    let fade = |t: f64| t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let lerp = |a: f64, b: f64, t: f64| a + t * (b - a);
    let hash = |i: i64| -> i64 { (i.wrapping_mul(374761393) ^ 668265263) & 7 };
    let grad = |h: i64, t: f64| match h {
        0 | 1 => t,
        2 => -t,
        h if h % 2 == 0 => 0.5 * t,
        _ => -0.5 * t,
    };
    let mut total = 0.0;
    let mut amp = 1.0;
    let mut freq = 1.0;
    for _octave in 0..3 {
        let p = x[0] * freq;
        let i = p.floor() as i64;
        let f = p - i as f64;
        total += amp * lerp(grad(hash(i), f), grad(hash(i + 1), f - 1.0), fade(f));
        amp *= 0.5;
        freq *= 2.0;
    }
    total
}

#[differentiate]
pub fn hsl_to_rgb(x: &[f64]) -> f64 {
    let h = (x[0].abs() * 100.0) % 360.0;
    let s = 0.5;
    let l = 0.4 + 0.1 * x[1];
    let c = (1.0 - (2.0 * l - 1.0).abs()) * s;
    let hp = h / 60.0;
    let xx = c * (1.0 - (hp % 2.0 - 1.0).abs());
    let (r, g, b) = match hp as u8 {
        0 => (c, xx, 0.0),
        1 => (xx, c, 0.0),
        2 => (0.0, c, xx),
        3 => (0.0, xx, c),
        4 => (xx, 0.0, c),
        5 => (c, 0.0, xx),
        _ => (0.0, 0.0, 0.0),
    };
    let m = l - c / 2.0;
    (r + m) + 2.0 * (g + m) + 3.0 * (b + m)
}

#[differentiate]
pub fn de_casteljau(x: &[f64]) -> f64 {
    let t = 0.3;
    let mut points = x.to_vec();
    let n = points.len();
    for k in 1..n {
        for i in 0..n - k {
            points[i] = (1.0 - t) * points[i] + t * points[i + 1];
        }
    }
    points[0] * points[0]
}

#[differentiate]
pub fn spline_eval(x: &[f64]) -> f64 {
    let t = 0.37;
    let n = x.len();
    let mut d: Vec<f64> = x[n - 4..].to_vec();
    let p = 3;
    for r in 1..=p {
        for j in (r..=p).rev() {
            let alpha = (t + j as f64) / (1.0 + (p - r + j) as f64);
            d[j] = (1.0 - alpha) * d[j - 1] + alpha * d[j];
        }
    }
    d[p]
}

#[differentiate]
pub fn haversine(x: &[f64]) -> f64 {
    let r = 6371.0;
    let (lat1, lon1, lat2, lon2) = (x[0] * 0.1, x[1] * 0.1, x[2] * 0.1, x[3] * 0.1);
    let dlat = lat2 - lat1;
    let dlon = lon2 - lon1;
    let a = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
    let c = 2.0 * a.sqrt().atan2((1.0 - a).sqrt());
    r * c * SCALE
}
