//! The words beside symbols and above bars, as many as can be read at the zoom.

use super::reading::{Reading, loading_ink};
use crate::render::oneline::{Node, Symbol};
use crate::ui::theme::Theme;
use crate::ui::widgets::Ink;
use crate::units::display;
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, FontId, Painter, Pos2, pos2, vec2};

/// Zoom from which every figure is written.
pub const ALL_FROM: f32 = 0.7;
/// Zoom from which names are written.
pub const NAMES_FROM: f32 = 0.2;
/// Zoom from which the worst loading stands beside the name, and busways are named.
const PERCENT_FROM: f32 = 0.38;
/// Zoom from which the worst loading fits between a board and the generator beside it.
const BESIDE_GENERATOR_FROM: f32 = 0.6;
/// Size of the words, diagram points.
const SIZE: f32 = 10.0;
/// Smallest and largest size of the words, points of the screen.
const SMALLEST: f32 = 9.0;
const LARGEST: f32 = 20.0;
/// Zoom from which voltages stand beside busways and feeders.
const VOLTS_FROM: f32 = 0.9;

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
    let (z, line) = (w.zoom, w.line());
    let volts = || w.pairs(&[(reading.volt_words(v_nominal_v), w.theme.muted)]);
    match node.symbol {
        Symbol::Bar if !node.ranked => {
            let top = at.y - 2.0 * line - 3.0 * z;
            w.put(pos2(at.x, top), w.titled(reading, reading.flow_words()));
            let end = w.put(pos2(at.x, top + line), w.loading(reading));
            if z >= VOLTS_FROM {
                w.put(pos2(end + 8.0 * z, top + line), volts());
            }
        }
        Symbol::Feeder => {
            let left = at.x - 8.0 * z;
            let top = at.y - 2.0 * line - 7.0 * z;
            let amps = display::of(reading.now.i_a, "A", 3).to_string();
            w.put(pos2(left, top), w.titled(reading, amps));
            w.put(pos2(left, top + line), w.loading(reading));
            if z >= VOLTS_FROM {
                w.put(pos2(at.x + 8.0 * z, at.y + 4.0 * z), volts());
            }
        }
        _ => {
            let x = at.x + beside(node.symbol) * z;
            let lines = [
                w.pairs(&[(reading.normal.name.clone(), w.name_ink(reading))]),
                w.pairs(&[(reading.flow_words(), w.theme.text)]),
                w.loading(reading),
                volts(),
            ];
            let top = at.y - 2.0 * line;
            for (k, job) in lines.into_iter().enumerate() {
                w.put(pos2(x, top + k as f32 * line), job);
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
    /// Name and worst loading alone, larger against the diagram.
    fn short(&self, node: &Node, at: Pos2, reading: &Reading<'_>) {
        let z = self.zoom;
        let size = 9.5 / z;
        // Far out there is no room in the rows, nor between a board and its generator.
        let crowded = matches!(node.symbol, Symbol::Transfer | Symbol::Generator);
        if z < PERCENT_FROM && (!node.ranked || crowded) {
            return;
        }
        let mut job = LayoutJob::default();
        let format = |ink| TextFormat::simple(FontId::proportional(size * z), ink);
        let pct = if reading.what_if { reading.now_pct() } else { reading.worst_pct() };
        let loading = loading_ink(pct).colour(self.theme);
        let rated = reading.rated() && z >= PERCENT_FROM;
        // Beside a board with a transfer stands its generator: its loading is its colour there.
        if node.symbol == Symbol::Transfer && rated && z < BESIDE_GENERATOR_FROM {
            job.append(&reading.normal.name, 0.0, format(loading));
        } else {
            job.append(&reading.normal.name, 0.0, format(self.name_ink(reading)));
            if rated {
                job.append(&display::percent(pct).to_string(), 4.0, format(loading));
            }
        }
        let start = match node.symbol {
            Symbol::Feeder => return,
            Symbol::Bar if !node.ranked => pos2(at.x, at.y - size * 1.3 * z - 2.0),
            symbol => at + vec2(beside(symbol) * z + 1.0, -size * 0.6 * z),
        };
        self.put(start, job);
    }

    /// The name and what comes behind it.
    fn titled(&self, reading: &Reading<'_>, words: String) -> LayoutJob {
        let name = (reading.normal.name.clone(), self.name_ink(reading));
        self.pairs(&[name, (words, self.theme.text)])
    }

    /// Size of the words, points of the screen: never too small to read.
    fn size(&self) -> f32 {
        (SIZE * self.zoom).clamp(SMALLEST, LARGEST)
    }

    /// From line to line, points of the screen.
    fn line(&self) -> f32 {
        self.size() * 1.2
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
            job.append(words, lead, TextFormat::simple(FontId::proportional(self.size()), *ink));
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
