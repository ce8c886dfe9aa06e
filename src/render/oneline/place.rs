//! Places symbols: first how much room everything takes, from the leaves up, then where it stands,
//! from the sources down.

use super::tree::Tree;
use super::{
    Area, Bar, CELL_W, FEEDER_W, HALF, Node, OneLine, RANK_H, ROW_H, Symbol, TAP_LINE_H, TAP_W,
    TAPS_PER_LINE, Tap,
};
use crate::evaluate::power::case::{ElementKind, PowerCase};
use std::ops::Range;

/// Half the height of the words beside a symbol, points.
const WORDS_HALF: f32 = 27.0;
/// Free space around the diagram, points.
const MARGIN: f32 = 40.0;
/// From the left of a symbol's room to its middle, points; its words stand to the right of it.
const LEAD: f32 = 32.0;
/// Between two subtrees, points.
const GAP: f32 = 20.0;
/// From a riser to what it feeds, points.
const RISER: f32 = 14.0;
/// From the middle of a board to the first row under it, points.
const TO_ROWS: f32 = 74.0;
/// Shortest bar: its words must fit, points.
const BAR_MIN: f32 = 210.0;
/// From a bar to the middle of its first line of taps, points.
const TAP_DROP: f32 = 15.0;
/// From the top of a row to its bar: two lines of words, points.
const WORDS_H: f32 = 30.0;

/// Room that an element and what is behind it take, points.
#[derive(Clone, Copy, Default)]
struct Room {
    w: f32,
    h: f32,
    /// Middle of the symbol from the left of the room.
    x: f32,
}

struct Placing<'a> {
    case: &'a PowerCase,
    tree: &'a Tree,
    room: Vec<Room>,
    line: OneLine,
}

/// Places every element and tap; wires are drawn afterwards.
pub(super) fn place(case: &PowerCase, tree: &Tree) -> OneLine {
    let blank = |i: usize| Node {
        symbol: Symbol::of(&case.elements[i]),
        at: [0.0; 2],
        area: Area { min: [0.0; 2], max: [0.0; 2] },
        bar: None,
        taps: 0..0,
        ranked: !tree.listed[i],
    };
    let n = case.elements.len();
    let line = OneLine { nodes: (0..n).map(blank).collect(), ..OneLine::default() };
    let mut placing = Placing { case, tree, room: vec![Room::default(); n], line };
    let mut x = MARGIN;
    let mut bottom = MARGIN;
    for &root in &tree.roots {
        let order = tree.down_from(root);
        for &i in order.iter().rev() {
            placing.room[i] = placing.room_of(i);
        }
        let room = placing.room[root];
        placing.stand(root, x, MARGIN + 2.0 * HALF);
        x += room.w + 2.0 * GAP;
        bottom = bottom.max(MARGIN + 2.0 * HALF + room.h);
    }
    placing.line.size = [(x - 2.0 * GAP).max(0.0) + MARGIN, bottom + MARGIN];
    placing.line
}

/// Lines of taps that so many take, and the width of the longest.
fn tap_lines(n: usize) -> (usize, f32) {
    let lines = n.div_ceil(TAPS_PER_LINE).max(1);
    (lines, n.div_ceil(lines) as f32 * TAP_W)
}

fn bar_room(taps: usize) -> Room {
    let (lines, w) = tap_lines(taps);
    Room { w: (w + 12.0).max(BAR_MIN), h: ROW_H + (lines - 1) as f32 * TAP_LINE_H, x: 0.0 }
}

impl Placing<'_> {
    fn has_bar(&self, i: usize) -> bool {
        self.case.elements[i].kind == ElementKind::Busway || !self.tree.feeds[i].is_empty()
    }

    /// Its own part of a row.
    fn own_row(&self, i: usize) -> Room {
        if self.has_bar(i) {
            bar_room(self.tree.feeds[i].len())
        } else {
            Room { w: FEEDER_W, h: ROW_H, x: 0.0 }
        }
    }

    /// Room of an element whose children are known.
    fn room_of(&self, i: usize) -> Room {
        if self.tree.listed[i] {
            let own = self.own_row(i);
            let behind = self.stack(i);
            let w = own.w + if behind.w > 0.0 { RISER + behind.w } else { 0.0 };
            return Room { w, h: own.h.max(behind.h), x: 0.0 };
        }
        let mut rows = self.stack(i);
        if self.has_bar(i) {
            let own = bar_room(self.tree.feeds[i].len());
            rows = Room { w: rows.w.max(own.w), h: rows.h + own.h, x: 0.0 };
        }
        let listed_w = if rows.w > 0.0 { LEAD + RISER + rows.w } else { 0.0 };
        let mut end = listed_w;
        let (mut middles, mut below) = (Vec::new(), 0.0_f32);
        for child in self.tree.ranked(i) {
            let room = self.room[child];
            let start = if end > 0.0 { end + GAP } else { 0.0 };
            middles.push(start + room.x);
            end = start + room.w;
            below = below.max(RANK_H + room.h);
        }
        let x = match middles.as_slice() {
            [first, .., last] if listed_w == 0.0 => f32::midpoint(*first, *last),
            [only] if listed_w == 0.0 => *only,
            _ => LEAD,
        };
        let words = x - LEAD + CELL_W * (1 + self.tree.companions[i].len()) as f32;
        let under = if rows.h > 0.0 { TO_ROWS + rows.h } else { 0.0 };
        Room { w: end.max(words), h: (2.0 * HALF).max(below).max(under), x }
    }

    /// Rows under an element, one below the other.
    fn stack(&self, i: usize) -> Room {
        self.tree.rows(i).map(|c| self.room[c]).fold(Room::default(), |a, b| Room {
            w: a.w.max(b.w),
            h: a.h + b.h,
            x: 0.0,
        })
    }

    /// Puts a ranked element and what is behind it to the right of `left`, its middle at `y`.
    fn stand(&mut self, i: usize, left: f32, y: f32) {
        let tree = self.tree;
        let mut rows_y = y + TO_ROWS;
        let rows: Vec<usize> = tree.rows(i).collect();
        let from = left + LEAD + RISER;
        let mut rows_w = 0.0_f32;
        if self.has_bar(i) {
            let room = bar_room(tree.feeds[i].len());
            self.hang(i, [from, rows_y]);
            rows_y += room.h;
            rows_w = room.w;
        }
        for row in rows {
            self.list(row, from, rows_y);
            rows_y += self.room[row].h;
            rows_w = rows_w.max(self.room[row].w);
        }
        let mut end = if rows_w > 0.0 { from + rows_w } else { left };
        let ranked: Vec<usize> = tree.ranked(i).collect();
        for child in ranked {
            let start = if end > left { end + GAP } else { left };
            self.stand(child, start, y + RANK_H);
            end = start + self.room[child].w;
        }
        let at_x = left + self.room[i].x;
        self.set(i, [at_x, y]);
        for (k, &companion) in tree.companions[i].iter().enumerate() {
            self.set(companion, [at_x + CELL_W * (k + 1) as f32, y]);
        }
    }

    /// A symbol with its words to the right.
    fn set(&mut self, i: usize, at: [f32; 2]) {
        let node = &mut self.line.nodes[i];
        node.at = at;
        node.area = Area {
            min: [at[0] - LEAD + 2.0, at[1] - WORDS_HALF],
            max: [at[0] - LEAD + CELL_W - 2.0, at[1] + WORDS_HALF],
        };
    }

    /// Puts a listed element and what is behind it into the row whose top is `y`.
    fn list(&mut self, i: usize, left: f32, y: f32) {
        let own = self.own_row(i);
        let bar_y = y + WORDS_H;
        if self.has_bar(i) {
            self.hang(i, [left, y]);
        }
        let node = &mut self.line.nodes[i];
        let symbol_x = if node.bar.is_some() { left } else { left + 16.0 };
        node.at = [symbol_x, bar_y];
        node.area = Area { min: [left, y + 2.0], max: [left + own.w - 2.0, y + own.h - 2.0] };
        let mut child_y = y;
        let children: Vec<usize> = self.tree.rows(i).collect();
        for child in children {
            self.list(child, left + own.w + RISER, child_y);
            child_y += self.room[child].h;
        }
    }

    /// A bar with its taps; `corner` is the upper left of its row.
    fn hang(&mut self, i: usize, [left, top]: [f32; 2]) {
        let room = bar_room(self.tree.feeds[i].len());
        let y = top + WORDS_H;
        self.line.nodes[i].bar = Some(Bar { x: [left, left + room.w - 2.0], y });
        self.line.nodes[i].taps = self.taps(i, left, y);
    }

    fn taps(&mut self, i: usize, left: f32, bar_y: f32) -> Range<usize> {
        let first = self.line.taps.len();
        let feeds = &self.tree.feeds[i];
        let (lines, _) = tap_lines(feeds.len());
        let per_line = feeds.len().div_ceil(lines).max(1);
        for (k, &(load, feed)) in feeds.iter().enumerate() {
            let (line, column) = (k / per_line, k % per_line);
            let at = [
                left + 6.0 + (column as f32 + 0.5) * TAP_W,
                bar_y + TAP_DROP + line as f32 * TAP_LINE_H,
            ];
            self.line.taps.push(Tap { load, feed, element: i, at, bar_y });
        }
        first..self.line.taps.len()
    }
}
