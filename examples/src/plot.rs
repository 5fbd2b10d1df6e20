//! Plots with two logarithmic axes, as SVG.

use anyhow::{Context, Result};
use plotters::prelude::*;
use std::path::Path;

/// What is drawn.
pub struct Plot<'a> {
    /// Above the plot.
    pub caption: &'a str,
    /// Below the horizontal axis.
    pub x: &'a str,
    /// Beside the vertical axis.
    pub y: &'a str,
    /// Lines, each with its name. What is not positive is left out.
    pub lines: &'a [(&'a str, Vec<(f64, f64)>)],
}

const COLORS: [RGBColor; 4] = [BLUE, GREEN, RED, BLACK];

impl Plot<'_> {
    /// Draws it into a file.
    pub fn draw(&self, path: &Path) -> Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
        }
        let (left, right) = self.range(|point| point.0);
        let (bottom, top) = self.range(|point| point.1);
        let area = SVGBackend::new(path, (720, 480)).into_drawing_area();
        area.fill(&WHITE)?;
        let mut chart = ChartBuilder::on(&area)
            .caption(self.caption, ("sans-serif", 18))
            .margin(12)
            .x_label_area_size(40)
            .y_label_area_size(64)
            .build_cartesian_2d((left..right).log_scale(), (bottom..top).log_scale())?;
        chart
            .configure_mesh()
            .x_desc(self.x)
            .y_desc(self.y)
            .y_label_formatter(&|y| short(*y))
            .x_label_formatter(&|x| short(*x))
            .draw()?;
        for ((name, line), color) in self.lines.iter().zip(COLORS.iter().cycle()) {
            let color = *color;
            let positive = line.iter().copied().filter(|point| point.1 > 0.0);
            chart
                .draw_series(LineSeries::new(positive, color.stroke_width(2)))?
                .label(*name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color));
        }
        chart
            .configure_series_labels()
            .background_style(WHITE)
            .border_style(BLACK)
            .draw()?;
        area.present()
            .with_context(|| format!("{}: cannot be written", path.display()))
    }

    /// From the smallest to the largest positive coordinate, with a margin.
    fn range(&self, of: impl Fn(&(f64, f64)) -> f64) -> (f64, f64) {
        let all = self.lines.iter().flat_map(|(_, line)| line).map(of);
        let positive = all.filter(|v| *v > 0.0);
        let (low, high) = positive.fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), v| {
            (low.min(v), high.max(v))
        });
        (low / 1.5, high * 1.5)
    }
}

/// Numbers between a hundredth and ten thousand as they are, others by their power of ten.
fn short(v: f64) -> String {
    match v {
        v if (0.01..10_000.0).contains(&v) => format!("{v}"),
        v => format!("{v:.0e}"),
    }
}
