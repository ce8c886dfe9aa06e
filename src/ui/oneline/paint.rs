//! Draws the diagram: connections, bars with their taps, symbols, words. Only what is in view; far
//! out the racks of a busway become one count.

use super::camera::Camera;
use super::labels::{self, NAMES_FROM, Writer};
use super::reading::Reading;
use super::state::{Hit, OneLineState};
use super::symbols::{self, Pen};
use crate::evaluate::power::case::LoadKind;
use crate::evaluate::power::result::PowerResult;
use crate::evaluate::result::Results;
use crate::plan::ObjectId;
use crate::render::oneline::{Area, HALF, Node, Symbol, Wire, paths};
use crate::ui::floor_editor::{Brush, mix};
use crate::ui::theme::Theme;
use crate::ui::view::View;
use eframe::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, StrokeKind, pos2, vec2};
use std::collections::BTreeSet;

/// Zoom from which every rack is drawn by itself.
const TAPS_FROM: f32 = 0.24;
/// Zoom from which racks are named.
const RACK_NAMES_FROM: f32 = 1.7;
/// Zoom below which a symbol is only a block.
const SYMBOLS_FROM: f32 = 0.16;

/// What every layer needs.
struct Sheet<'a> {
    painter: &'a Painter,
    view: &'a View<'a>,
    results: &'a Results,
    state: &'a OneLineState,
    camera: Camera,
    visible: Area,
    /// The shown state of the chain.
    power: &'a PowerResult,
    /// Elements that feed the selected racks.
    path: BTreeSet<usize>,
    /// Objects that the selected element feeds.
    fed: BTreeSet<ObjectId>,
}

/// Draws everything but the widgets on top.
pub fn paint(painter: &Painter, view: &View<'_>, results: &Results, state: &OneLineState) {
    let Some(camera) = state.camera else { return };
    painter.rect_filled(camera.view, 0, view.theme.floor);
    let case = &results.power_case;
    let device = view.device.and_then(|n| case.elements.iter().position(|e| e.name == n));
    let outage = view.what_if.outage();
    let sheet = Sheet {
        painter,
        view,
        results,
        state,
        camera,
        visible: camera.visible(),
        power: outage.map_or(results.power.as_ref(), |o| &o.power),
        path: paths::feeding(case, view.selection),
        fed: device.map(|i| paths::fed_by(case, &state.tree, i)).unwrap_or_default(),
    };
    sheet.wires();
    sheet.bars();
    sheet.nodes(device);
}

impl Sheet<'_> {
    fn theme(&self) -> &Theme {
        &self.view.theme
    }

    fn live(&self, i: usize) -> bool {
        self.power.elements.get(i).is_some_and(|e| e.live)
    }

    /// Whether power flows through a connection in the shown state.
    fn carries(&self, wire: &Wire) -> bool {
        let parent = self.results.power_case.elements[wire.to].parent;
        let by_other = wire.backup && parent.is_some_and(|p| self.live(p));
        self.live(wire.from) && self.live(wire.to) && !by_other
    }

    fn wires(&self) {
        let theme = self.theme();
        let mut brush = Brush::new(self.painter);
        let wide = (1.6 * self.camera.zoom).clamp(1.0, 3.0);
        let fade = mix(theme.floor, theme.muted, 0.45);
        let bright = mix(theme.floor, theme.text, 0.72);
        // What carries power lies over what does not, the way to the selection over both.
        for layer in 0..3 {
            for wire in &self.state.line.wires {
                let chosen =
                    !wire.backup && self.path.contains(&wire.to) && self.path.contains(&wire.from);
                let carries = self.carries(wire);
                let own = if chosen { 2 } else { usize::from(carries) };
                if own != layer || !self.in_view(wire) {
                    continue;
                }
                let ink = match (chosen, carries) {
                    (true, _) => theme.accent,
                    (false, true) => bright,
                    (false, false) => fade,
                };
                let wide = if chosen { wide + 1.0 } else { wide };
                self.line(&mut brush, wire, wide, ink, carries);
            }
        }
        brush.finish(self.painter);
    }

    fn line(&self, brush: &mut Brush, wire: &Wire, wide: f32, ink: Color32, solid: bool) {
        for pair in wire.points.windows(2) {
            let (a, b) = (self.camera.screen(pair[0]), self.camera.screen(pair[1]));
            if solid {
                brush.line(a, b, wide, ink);
            } else {
                brush.dashes(a, b, [5.0, 4.0], wide, ink);
            }
        }
    }

    fn in_view(&self, wire: &Wire) -> bool {
        let xs = wire.points.iter().map(|p| p[0]);
        let ys = wire.points.iter().map(|p| p[1]);
        let (x0, x1) = (xs.clone().fold(f32::MAX, f32::min), xs.fold(f32::MIN, f32::max));
        let (y0, y1) = (ys.clone().fold(f32::MAX, f32::min), ys.fold(f32::MIN, f32::max));
        let v = &self.visible;
        x0 <= v.max[0] && x1 >= v.min[0] && y0 <= v.max[1] && y1 >= v.min[1]
    }

    /// Whether anything of a component is in view, its taps included.
    fn shows(&self, node: &Node) -> bool {
        let mut area = node.area;
        if let Some(bar) = node.bar {
            area.min = [area.min[0].min(bar.x[0]), area.min[1].min(bar.y - 30.0)];
            area.max = [area.max[0].max(bar.x[1]), area.max[1].max(bar.y + 40.0)];
        }
        area.overlaps(&self.visible)
    }

    /// Bars with what hangs on them.
    fn bars(&self) {
        let theme = self.theme();
        let z = self.camera.zoom;
        let mut brush = Brush::new(self.painter);
        let mut words: Vec<(Pos2, String, FontId, Color32)> = Vec::new();
        for (i, node) in self.state.line.nodes.iter().enumerate() {
            let Some(bar) = node.bar.filter(|_| self.shows(node)) else { continue };
            let Some(reading) = Reading::of(self.view, self.results, i) else { continue };
            let ink = reading.ink(theme);
            let (a, b) =
                (self.camera.screen([bar.x[0], bar.y]), self.camera.screen([bar.x[1], bar.y]));
            let thick = (4.0 * z).max(1.5);
            brush.bar(
                Rect::from_min_max(a - vec2(0.0, thick / 2.0), b + vec2(0.0, thick / 2.0)),
                ink,
            );
            if node.ranked {
                let riser = self.camera.screen([node.at[0], node.at[1] + HALF]);
                brush.line(riser, pos2(riser.x, a.y), (1.6 * z).max(1.0), ink);
                brush.line(pos2(riser.x, a.y), a, (1.6 * z).max(1.0), ink);
            }
            if z < TAPS_FROM {
                let font = FontId::proportional(8.0);
                if node.taps.len() > 1 && z >= 0.13 {
                    let count = format!("×{}", node.taps.len());
                    words.push((b - vec2(0.0, 1.0), count, font, theme.muted));
                }
                continue;
            }
            for k in node.taps.clone() {
                self.tap(&mut brush, k, &mut words);
            }
        }
        brush.finish(self.painter);
        for (at, text, font, ink) in words {
            let anchor =
                if text.starts_with('×') { Align2::RIGHT_BOTTOM } else { Align2::CENTER_TOP };
            self.painter.text(at, anchor, text, font, ink);
        }
    }

    fn tap(&self, brush: &mut Brush, k: usize, words: &mut Vec<(Pos2, String, FontId, Color32)>) {
        let (theme, z) = (self.theme(), self.camera.zoom);
        let tap = &self.state.line.taps[k];
        let load = &self.results.power_case.loads[tap.load];
        let Some(now) = self.power.loads.get(tap.load) else { return };
        let live = now.feeds.get(tap.feed).is_some_and(|f| f.live);
        let at = self.camera.screen(tap.at);
        let fill = match (now.served, live) {
            (false, _) => theme.bad,
            (true, true) if load.kind == LoadKind::Rack => mix(theme.floor, theme.compute, 0.75),
            (true, true) => mix(theme.floor, theme.cooling, 0.75),
            (true, false) => mix(theme.floor, theme.muted, 0.4),
        };
        let stem = if live { mix(theme.floor, theme.text, 0.72) } else { fill };
        let top = self.camera.screen([tap.at[0], tap.bar_y]);
        brush.line(top, at, (1.0 * z).clamp(0.7, 2.0), stem);
        let r = Rect::from_center_size(at, vec2(10.0, 10.0) * z);
        brush.rect(r, fill);
        if !now.served {
            brush.cross(r, (1.2 * z).max(1.0), theme.floor);
        }
        let object = load.object;
        let chosen =
            object.is_some_and(|o| self.view.selection.contains(&o) || self.fed.contains(&o));
        if chosen || self.state.hover == Some(Hit::Tap(k)) {
            brush.frame(r.expand(2.0), 1.5, theme.accent);
        }
        if z >= RACK_NAMES_FROM {
            let size = (5.4 * z).clamp(8.0, 12.0);
            let fits = load.name.chars().count() as f32 * size * 0.56 <= 18.0 * z;
            if fits {
                let below = at + vec2(0.0, 6.0 * z);
                words.push((below, load.name.clone(), FontId::proportional(size), theme.muted));
            }
        }
    }

    fn nodes(&self, device: Option<usize>) {
        let z = self.camera.zoom;
        let writer = Writer { painter: self.painter, theme: self.theme(), zoom: z };
        for (i, node) in self.state.line.nodes.iter().enumerate() {
            if !self.shows(node) {
                continue;
            }
            let Some(reading) = Reading::of(self.view, self.results, i) else { continue };
            let at = self.camera.screen(node.at);
            self.marks(i, node, device);
            let pen = Pen {
                ink: reading.ink(self.theme()),
                fill: self.theme().floor,
                zoom: z,
                crossed: reading.out,
            };
            if z >= SYMBOLS_FROM {
                symbols::draw(self.painter, node.symbol, at, &pen);
            } else if node.symbol != Symbol::Bar {
                let r = Rect::from_center_size(at, (vec2(26.0, 26.0) * z).max(vec2(3.0, 3.0)));
                self.painter.rect_filled(r, 0.0, pen.ink);
                if reading.out {
                    symbols::cross(self.painter, at, &pen);
                }
            }
            if z >= NAMES_FROM {
                let v = self.results.power_case.elements[i].v_nominal_v;
                labels::write(&writer, node, at, &reading, v);
            }
        }
    }

    /// Selection, hover, and the way that feeds the selected racks.
    fn marks(&self, i: usize, node: &Node, device: Option<usize>) {
        let theme = self.theme();
        let r = self.camera.rect(&node.area).expand(1.0);
        let edge = |width: f32, ink: Color32| {
            self.painter.rect_stroke(r, 4, Stroke::new(width, ink), StrokeKind::Inside);
        };
        if device == Some(i) {
            self.painter.rect_filled(r, 4, theme.accent.gamma_multiply(0.12));
            edge(1.5, theme.accent);
        } else if self.path.contains(&i) {
            edge(1.0, theme.accent);
        } else if self.state.hover == Some(Hit::Element(i)) {
            edge(1.0, mix(theme.floor, theme.accent, 0.6));
        }
    }
}
