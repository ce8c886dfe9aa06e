//! Draws the connections: down from a supply, across half-way, down to what it feeds.

use super::tree::Tree;
use super::{HALF, Node, Point, RANK_H, Wire};
use crate::evaluate::power::case::PowerCase;

/// How far beside the normal supply the other one enters a symbol, points.
const ASIDE: f32 = 12.0;
/// Above the middle of a symbol where its other supply comes in, points.
const CHANNEL: f32 = 34.0;

/// Every connection: the normal supplies in the order of the elements, then the others.
pub(super) fn wires(case: &PowerCase, tree: &Tree, nodes: &[Node]) -> Vec<Wire> {
    let mut wires = Vec::new();
    for (i, element) in case.elements.iter().enumerate() {
        if let Some(parent) = element.parent.filter(|p| *p < nodes.len()) {
            let points = down(&nodes[parent], &nodes[i], tree.listed[parent]);
            wires.push(Wire { from: parent, to: i, backup: false, points });
        }
    }
    for (i, element) in case.elements.iter().enumerate() {
        if let Some(backup) = element.backup.filter(|p| *p < nodes.len()) {
            let points = transfer(&nodes[backup], &nodes[i]);
            wires.push(Wire { from: backup, to: i, backup: true, points });
        }
    }
    wires
}

fn down(from: &Node, to: &Node, from_row: bool) -> Vec<Point> {
    let ([x0, y0], [x1, y1]) = (from.at, to.at);
    if from_row {
        let start = from.bar.map_or(x0, |bar| bar.x[1]);
        let riser = to.at[0] - 6.0;
        return if (y1 - y0).abs() < 0.5 {
            vec![[start, y0], [x1, y1]]
        } else {
            vec![[start, y0], [riser, y0], [riser, y1], [x1, y1]]
        };
    }
    if !to.ranked {
        return vec![[x0, y0 + 8.0], [x0, y1], [x1, y1]];
    }
    let middle = y1 - RANK_H / 2.0 + 4.0;
    if (x0 - x1).abs() < 0.5 {
        vec![[x0, y0 + HALF], [x1, y1 - HALF]]
    } else {
        vec![[x0, y0 + HALF], [x0, middle], [x1, middle], [x1, y1 - HALF]]
    }
}

/// From another supply over the channel above a symbol.
fn transfer(from: &Node, to: &Node) -> Vec<Point> {
    let ([x0, y0], [x1, y1]) = (from.at, to.at);
    let (enter, channel) = (x1 + ASIDE, y1 - CHANNEL);
    // A stand-by source beside a board gives off its power at its top.
    let leave = if (y0 - y1).abs() < 0.5 { y0 - HALF } else { y0 + HALF };
    let aside = if leave < y0 { x0 } else { x0 + ASIDE };
    vec![[aside, leave], [aside, channel], [enter, channel], [enter, y1 - HALF]]
}
