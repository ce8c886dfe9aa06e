//! The words beside symbols and above bars, as many as can be read at the zoom.

use super::reading::{Reading, loading_ink};
use crate::render::oneline::{Node, Symbol};
use crate::ui::theme::Theme;
use crate::ui::widgets::Ink;
use crate::units::display;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId, Painter, Pos2, pos2, vec2};

/// Zoom from which every figure is written.
pub const ALL_FROM: f32 = 0.62;
/// Zoom from which names are written.
pub const NAMES_FROM: f32 = 0.2;
/// Zoom from which the worst loading stands beside the name, and busways are named.
const PERCENT_FROM: f32 = 0.38;
/// Size of the words, diagram points.
const SIZE: f32 = 10.0;
/// From line to line, diagram points.
const LINE: f32 = 12.0;

/// Where and how words are written.
#[derive(Clone, Copy)]
pub struct Writer<'a> {
    /// On what.
    pub painter: &'a Painter,
    /// In which colours.
    pub theme: &'a Theme,
    /// Points of the screen per diagram point.
    pub zoom: f32,
}

/// Writes what belongs to a component; `at` is the middle of its symbol on the screen.
pub fn write(w: &Writer<'_>, node: &Node, at: Pos2, reading: &Reading<'_>, v_nominal_v: f64) {
    if w.zoom < NAMES_FROM {
        return;
    }
    if w.zoom < ALL_FROM {
        return w.short(node, at, reading);
    }
    let z = w.zoom;
    match node.symbol {
        Symbol::Bar if !node.ranked => {
            w.above(at, reading, 200.0);
            let job = w.pairs(&[(reading.volt_words(v_nominal_v), w.theme.muted)]);
            let share = w.loading(reading);
            let x = w.put(pos2(at.x, at.y - 15.0 * z), share);
            w.put(pos2(x + 8.0 * z, at.y - 15.0 * z), job);
        }
        Symbol::Feeder => {
            let left = pos2(at.x - 8.0 * z, at.y);
            w.above(left, reading, 130.0);
            w.put(pos2(left.x, at.y - 15.0 * z - 1.0), w.loading(reading));
            let job = w.pairs(&[(reading.volt_words(v_nominal_v), w.theme.muted)]);
            w.put(pos2(at.x + 8.0 * z, at.y + 4.0 * z), job);
        }
        _ => {
            let x = at.x + beside(node.symbol) * z;
            let lines = [
                w.pairs(&[(reading.normal.name.clone(), w.name_ink(reading))]),
                w.pairs(&[(reading.flow_words(), w.theme.text)]),
                w.loading(reading),
                w.pairs(&[(reading.volt_words(v_nominal_v), w.theme.muted)]),
            ];
            let top = at.y - 2.0 * LINE * z;
            for (k, job) in lines.into_iter().enumerate() {
                w.put(pos2(x, top + k as f32 * LINE * z), job);
            }
        }
    }
}

/// Where the words of a symbol start, diagram points from its middle.
const fn beside(symbol: Symbol) -> f32 {
    match symbol {
        Symbol::Board | Symbol::Transfer => 28.0,
        _ => 23.0,
    }
}

impl Writer<'_> {
    fn font(&self, size: f32) -> FontId {
        FontId::proportional((size * self.zoom).min(22.0))
    }

    /// Name and worst loading alone, larger against the diagram.
    fn short(&self, node: &Node, at: Pos2, reading: &Reading<'_>) {
        let z = self.zoom;
        let size = 9.5 / z;
        if z < PERCENT_FROM && !node.ranked {
            return;
        }
        let mut job = LayoutJob::default();
        let format = |ink| TextFormat::simple(self.font(size), ink);
        job.append(&reading.normal.name, 0.0, format(self.name_ink(reading)));
        if reading.rated() && z >= PERCENT_FROM {
            let pct = if reading.what_if { reading.now_pct() } else { reading.worst_pct() };
            let words = display::percent(pct).to_string();
            job.append(&words, 4.0, format(loading_ink(pct).colour(self.theme)));
        }
        let start = match node.symbol {
            Symbol::Feeder => return,
            Symbol::Bar if !node.ranked => pos2(at.x, at.y - 24.0 * z),
            symbol => at + vec2(beside(symbol) * z + 1.0, -size * 0.6 * z),
        };
        self.put(start, job);
    }

    /// Name and flow over a bar.
    fn above(&self, at: Pos2, reading: &Reading<'_>, _width: f32) {
        let z = self.zoom;
        let job = self.pairs(&[
            (reading.normal.name.clone(), self.name_ink(reading)),
            (reading.flow_words(), self.theme.text),
        ]);
        self.put(pos2(at.x, at.y - 27.0 * z), job);
    }

    /// Loading in the shown state with the worst case, or the loading before, beside it.
    fn loading(&self, reading: &Reading<'_>) -> LayoutJob {
        let theme = self.theme;
        if let Some(state) = reading.state() {
            let ink = if reading.out || reading.tripped { theme.bad } else { theme.muted };
            return self.pairs(&[(state.to_owned(), ink)]);
        }
        if !reading.rated() {
            return self.pairs(&[("no rating".to_owned(), theme.muted)]);
        }
        let ink = |pct: f64| loading_ink(pct).colour(theme);
        let pct = |p: f64| display::percent(p).to_string();
        let (now, normal, worst) = (reading.now_pct(), reading.normal_pct(), reading.worst_pct());
        if reading.what_if {
            self.pairs(&[
                (pct(normal), ink(normal)),
                ("→".to_owned(), theme.muted),
                (pct(now), ink(now)),
            ])
        } else {
            self.pairs(&[
                (pct(now), ink(now)),
                ("· worst".to_owned(), theme.muted),
                (pct(worst), ink(worst)),
            ])
        }
    }

    fn name_ink(&self, reading: &Reading<'_>) -> Color32 {
        if reading.out || reading.tripped {
            self.theme.bad
        } else if reading.now.live {
            self.theme.text
        } else {
            Ink::Muted.colour(self.theme)
        }
    }

    fn pairs(&self, parts: &[(String, Color32)]) -> LayoutJob {
        let mut job = LayoutJob::default();
        for (k, (words, ink)) in parts.iter().enumerate() {
            let lead = if k > 0 { 4.0 * self.zoom } else { 0.0 };
            job.append(words, lead, TextFormat::simple(self.font(SIZE), *ink));
        }
        job
    }

    /// Writes one line; where it ends.
    fn put(&self, at: Pos2, job: LayoutJob) -> f32 {
        let galley = self.painter.layout_job(job);
        let end = at.x + galley.size().x;
        self.painter.galley(at, galley, self.theme.text);
        end
    }
}
