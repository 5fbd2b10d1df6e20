//! The graph as a picture: inputs above, each operation below what it takes. Branches and loops have rows of their own, so that the boxes around them hold
//! nothing else.

use super::{Graph, Group, Kind, Node, Operations, line};

const MARGIN: usize = 20;
const HEIGHT: usize = 26;
/// From one row to the next.
const ROW: usize = 2 * HEIGHT;
/// Of a letter.
const WIDTH: usize = 8;

/// The upper left corner of a node, and its width.
struct Place {
    row: usize,
    x: usize,
    width: usize,
}

impl Place {
    fn y(&self) -> usize {
        y(self.row)
    }

    fn middle(&self) -> usize {
        self.x + self.width / 2
    }
}

fn y(row: usize) -> usize {
    2 * MARGIN + row * ROW
}

impl Graph {
    /// The graph as a picture, with the number of operations below.
    #[must_use]
    pub fn svg(&self) -> String {
        let places = self.places();
        let rooms = (0..self.groups.len()).map(|k| self.room(Some(k)).1);
        let right =
            places.iter().map(|p| p.x + p.width).max().unwrap_or(0) + rooms.max().unwrap_or(0);
        let bottom = places.iter().map(|p| p.y() + HEIGHT).max().unwrap_or(0) + ROW;
        let caption = self.caption();
        let (width, height) = (
            right.max(WIDTH * caption.len()) + 2 * MARGIN,
            bottom + MARGIN,
        );
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             font-family=\"monospace\" font-size=\"13\" text-anchor=\"middle\">\n"
        );
        for (k, group) in self.groups.iter().enumerate() {
            line(&mut text, 1, &self.frame(k, group, &places, width));
        }
        for (node, to) in self.nodes.iter().zip(&places) {
            let edges = node.inputs.iter().map(|from| edge(&places[*from], to));
            edges.for_each(|edge| line(&mut text, 1, &edge));
        }
        for (node, place) in self.nodes.iter().zip(&places) {
            line(&mut text, 1, &shape(node, place));
        }
        line(&mut text, 1, &words(MARGIN, bottom, "start", &caption));
        text.push_str("</svg>\n");
        text
    }

    fn caption(&self) -> String {
        let Operations {
            primal,
            forward,
            reverse,
        } = self.operations;
        format!("operations: {primal}, with tangent {forward}, with adjoint {reverse}")
    }

    /// Where each node stands: its row below what it takes, and from left to right in a row.
    fn places(&self) -> Vec<Place> {
        let (mut places, mut ends): (Vec<Place>, Vec<usize>) = (Vec::new(), Vec::new());
        let (mut group, mut first) = (None, 0);
        for node in self.nodes {
            if node.group != group {
                // Another box begins or ends here.
                (group, first) = (node.group, ends.len());
            }
            let below = node.inputs.iter().map(|k| places[*k].row + 1);
            let row = below.max().unwrap_or(0).max(first);
            ends.resize(ends.len().max(row + 1), 2 * MARGIN);
            let (x, width) = (ends[row], WIDTH * (node.label.chars().count() + 2));
            ends[row] += width + MARGIN;
            places.push(Place { row, x, width });
        }
        places
    }

    /// The box around a branch or loop.
    fn frame(&self, k: usize, group: &Group, places: &[Place], width: usize) -> String {
        let inside = self.nodes.iter().zip(places);
        let inside = inside.filter(|(node, _)| self.is_in(node.group, k));
        let rows = inside.map(|(_, place)| place.row);
        let (top, last) = rows.fold((usize::MAX, 0), |(a, b), row| (a.min(row), b.max(row)));
        let (depth, room) = self.room(group.group);
        let x = (MARGIN / 2 + 4 * depth).min(MARGIN);
        let (above, tall) = (y(top) - 18, (last - top) * ROW + HEIGHT + 24);
        format!(
            "<rect x=\"{x}\" y=\"{above}\" width=\"{}\" height=\"{tall}\" fill=\"none\" stroke=\"gray\" stroke-dasharray=\"4\"/>{}",
            width - 2 * x,
            words(
                (width - x - 4).saturating_sub(room),
                above + 13,
                "end",
                group.label
            ),
        )
    }

    /// How many boxes there are around what is in this group, and the width of their labels.
    fn room(&self, group: Option<usize>) -> (usize, usize) {
        let Some(group) = group.map(|k| &self.groups[k]) else {
            return (0, 0);
        };
        let (depth, width) = self.room(group.group);
        (
            depth + 1,
            width + WIDTH * group.label.chars().count() + MARGIN,
        )
    }
}

fn edge(from: &Place, to: &Place) -> String {
    let (x1, y1, x2, y2) = (from.middle(), from.y() + HEIGHT, to.middle(), to.y());
    format!("<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\" stroke=\"gray\"/>")
}

fn shape(node: &Node, place: &Place) -> String {
    let fill = match node.kind {
        Kind::Input => "lightblue",
        Kind::Operation => "white",
        Kind::Output => "lightgreen",
    };
    let Place { x, width, .. } = place;
    let y = place.y();
    format!(
        "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\" rx=\"6\" fill=\"{fill}\" stroke=\"black\"/>{}",
        words(place.middle(), y + HEIGHT - 8, "middle", node.label)
    )
}

fn words(x: usize, y: usize, anchor: &str, text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>")
}
