//! Charts as data: what window and report draw of tokens and dollars, worked out once. A writer
//! knows how to draw layers; what they mean is decided here.

pub mod cash;
pub mod contour;
pub mod day;
pub mod money;
pub mod serving;
mod ticks;

use contour::Field;

/// What a layer stands for; each writer has a colour for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What the chart is about.
    Main,
    /// The plan as it is.
    Plan,
    /// A limit that somebody set.
    Limit,
    /// Money earned, a bound kept.
    Good,
    /// Money spent, a bound missed.
    Bad,
    /// Everything else.
    Quiet,
}

/// How the points of a layer are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Joined.
    Line,
    /// Joined by dashes.
    Dashes,
    /// The first joined to the second, the third to the fourth, and so on, with the layer's name
    /// beside one of them: a line of equal value.
    Pieces,
    /// The first joined to the second, the third to the fourth, and so on: a spread.
    Whiskers,
    /// A dot each.
    Dots,
    /// A ring each, with the layer's name beside it.
    Rings,
    /// Upright bars from zero.
    Bars,
    /// An area between the first and the second, the third and the fourth point, and so on: each
    /// pair has one place along x.
    Area,
}

/// Points that belong together.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// Name in the legend.
    pub name: String,
    /// What it stands for.
    pub role: Role,
    /// How it is drawn.
    pub mark: Mark,
    /// Horizontal and vertical value.
    pub points: Vec<[f64; 2]>,
}

/// What an axis shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    /// Quantity and unit.
    pub words: String,
    /// Whether the values are US dollars.
    pub usd: bool,
    /// Whether steps are factors.
    pub log: bool,
}

/// A chart over two axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Heading.
    pub title: String,
    /// To the right.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// First ones below.
    pub layers: Vec<Layer>,
    /// Values under the layers, on the load colour map.
    pub field: Option<Field>,
    /// Upright lines: place and name.
    pub rules: Vec<(f64, String)>,
    /// Places that say something when pointed at.
    pub named: Vec<([f64; 2], String)>,
}

impl Axis {
    /// A plain axis.
    #[must_use]
    pub fn of(words: impl Into<String>) -> Self {
        Self { words: words.into(), usd: false, log: false }
    }

    /// Where a value lies on the axis: itself, or its decimal logarithm.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        if self.log { value.max(f64::MIN_POSITIVE).log10() } else { value }
    }

    /// The number written at a place.
    #[must_use]
    pub fn number(&self, place: f64, step: f64) -> String {
        use crate::units::display;
        let value = if self.log { 10f64.powf(place) } else { place };
        if self.usd {
            return display::usd(value);
        }
        if self.log {
            return display::figure(value, 2);
        }
        display::fixed(value, (-step.abs().max(1e-9).log10()).ceil().clamp(0.0, 6.0) as usize)
    }
}

impl Chart {
    /// Every point of every layer that can be placed.
    pub fn points(&self) -> impl Iterator<Item = [f64; 2]> {
        self.layers
            .iter()
            .flat_map(|l| l.points.iter().copied())
            .filter(|p| p.iter().all(|v| v.is_finite()) && (!self.y.log || p[1] > 0.0))
    }

    /// Smallest and largest place along x and y, rules included; none without points.
    #[must_use]
    pub fn extent(&self) -> Option<[(f64, f64); 2]> {
        let mut found: Option<[(f64, f64); 2]> = None;
        let rules = self.rules.iter().map(|r| (self.x.place(r.0), None));
        let points = self.points().map(|p| (self.x.place(p[0]), Some(self.y.place(p[1]))));
        for (x, y) in points.chain(rules.filter(|r| r.0.is_finite())) {
            let y = y.or(found.map(|f| f[1].0));
            let Some(y) = y else { continue };
            let [fx, fy] = found.unwrap_or([(x, x), (y, y)]);
            found = Some([(fx.0.min(x), fx.1.max(x)), (fy.0.min(y), fy.1.max(y))]);
        }
        if let Some(f) = &self.field {
            let ends = |v: &[f64]| Some((*v.first()?, *v.last()?));
            return Some([ends(&f.xs)?, ends(&f.ys)?]);
        }
        let [x, mut y] = found?;
        // Bars grow from zero.
        if !self.y.log && self.layers.iter().any(|l| l.mark == Mark::Bars) {
            y = (y.0.min(0.0), y.1.max(0.0));
        }
        Some([x, y])
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points().next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(mark: Mark, points: &[[f64; 2]]) -> Chart {
        let layer = Layer { name: "a".into(), role: Role::Main, mark, points: points.to_vec() };
        Chart { layers: vec![layer], ..Chart::default() }
    }

    #[test]
    fn bars_reach_down_to_zero_and_rules_stretch_the_axis() {
        let mut c = chart(Mark::Bars, &[[1.0, 5.0], [2.0, 7.0]]);
        c.rules.push((4.0, "limit".into()));
        assert_eq!(c.extent(), Some([(1.0, 4.0), (0.0, 7.0)]));
        assert_eq!(chart(Mark::Line, &[[1.0, 5.0]]).extent(), Some([(1.0, 1.0), (5.0, 5.0)]));
    }

    #[test]
    fn what_can_not_be_placed_is_left_out() {
        let mut c = chart(Mark::Dots, &[[1.0, f64::NAN], [2.0, 0.0]]);
        assert_eq!(c.points().count(), 1);
        c.y.log = true;
        assert!(c.is_empty() && c.extent().is_none());
    }
}
