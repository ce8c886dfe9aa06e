//! What the floor is coloured by: the value of a rack, the fixed scale of an overlay, its limit.
//!
//! Scales are fixed per overlay or per plan, never per picture, so that two pictures compare.

use super::colormap::{Colormap, Rgb};
use crate::evaluate::result::{RackSummary, Results};
use serde::{Deserialize, Serialize};

/// What the floor is coloured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Overlay {
    /// The drawing alone.
    #[default]
    Plan,
    /// Mean rack inlet, °C.
    Inlet,
    /// Air temperature at the slice height, °C.
    Air,
    /// Rack power, kW.
    Power,
    /// Loading of the feeding busway in the worst outage, percent of the continuous limit.
    Feeds,
    /// Coolant flow against need, percent.
    Liquid,
    /// Stranded power, kW.
    Stranded,
    /// Share of the GPUs' time in use, percent.
    Utilisation,
    /// Capital per rack, US dollars.
    Cost,
    /// Current of the rack's feed that carries most, A.
    Amps,
}

/// Scale of temperatures, °C: from the coldest supply that operators use to an exhaust that
/// needs attention (16 to 42 °C, as ASHRAE TC 9.9 classes span 15 to 45 °C).
const TEMPERATURE_C: [f64; 2] = [16.0, 42.0];
/// Coolant flow counts as short below this share of the need, percent: rounding, not design.
const FLOW_SHORT_PCT: f64 = 99.5;

impl Overlay {
    /// All, in the order of the keys 1 to 9 and 0.
    pub const ALL: [Self; 10] = [
        Self::Plan,
        Self::Inlet,
        Self::Air,
        Self::Power,
        Self::Feeds,
        Self::Liquid,
        Self::Stranded,
        Self::Utilisation,
        Self::Cost,
        Self::Amps,
    ];

    /// Text on the overlay bar.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Plan => "Plan",
            Self::Inlet => "Inlet °C",
            Self::Air => "Air °C",
            Self::Power => "Rack kW",
            Self::Feeds => "Feeds %",
            Self::Liquid => "Liquid",
            Self::Stranded => "Stranded",
            Self::Utilisation => "Utilisation",
            Self::Cost => "$",
            Self::Amps => "Amps",
        }
    }

    /// What it shows, in words.
    #[must_use]
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Plan => "The drawing alone",
            Self::Inlet => "Mean rack inlet, °C",
            Self::Air => "Air temperature at a height, °C",
            Self::Power => "Rack power at the operating point, kW",
            Self::Feeds => "Busway loading, worst single outage, % of the continuous limit",
            Self::Liquid => "Coolant flow delivered, % of need",
            Self::Stranded => "Design power that is not drawn, kW",
            Self::Utilisation => "Share of the rack's GPUs in use, %",
            Self::Cost => "Price of the rack's contents, thousand US dollars",
            Self::Amps => "Current of the feed that carries most, A",
        }
    }

    /// Whether the air field lies under the racks.
    #[must_use]
    pub const fn shows_air(self) -> bool {
        matches!(self, Self::Inlet | Self::Air)
    }

    /// The value that colours a rack; none where there is nothing to show.
    #[must_use]
    pub fn rack_value(self, rack: &RackSummary) -> Option<f64> {
        match self {
            Self::Plan => None,
            Self::Inlet | Self::Air => rack.inlet_c,
            Self::Power => Some(rack.electric_kw),
            Self::Feeds => rack.feed_worst_pct,
            Self::Liquid => {
                let need = rack.coolant_required_l_min.filter(|need| *need > 0.0)?;
                rack.coolant_l_min.map(|flow| 100.0 * flow / need)
            }
            Self::Stranded => (rack.gpus > 0).then_some(rack.stranded_kw),
            Self::Utilisation => (rack.gpus > 0).then_some(100.0 * rack.utilisation),
            Self::Cost => rack.price_usd.map(|usd| usd / 1e3),
            Self::Amps => rack.feeds.iter().map(|f| f.amps).reduce(f64::max),
        }
    }

    /// Whether the rack is past the limit that this overlay shows.
    #[must_use]
    pub fn past_limit(self, rack: &RackSummary) -> bool {
        match self {
            Self::Inlet | Self::Air => {
                rack.inlet_max_c.or(rack.inlet_c).is_some_and(|t| t > rack.inlet_limit_c)
            }
            Self::Feeds => rack.feed_worst_pct.is_some_and(|pct| pct > 100.0),
            Self::Liquid => self.rack_value(rack).is_some_and(|pct| pct < FLOW_SHORT_PCT),
            Self::Plan
            | Self::Power
            | Self::Stranded
            | Self::Utilisation
            | Self::Cost
            | Self::Amps => false,
        }
    }

    /// The scale of this overlay in this plan; none for the bare drawing.
    #[must_use]
    pub fn scale(self, results: &Results) -> Option<Scale> {
        let top = |value: &dyn Fn(&RackSummary) -> f64| {
            round_up(results.racks.iter().map(value).fold(0.0, f64::max))
        };
        let (map, range, limit, unit) = match self {
            Self::Plan => return None,
            Self::Inlet | Self::Air => {
                let limits = results.racks.iter().map(|r| r.inlet_limit_c);
                let lowest = limits.fold(f64::INFINITY, f64::min);
                let limit = lowest.is_finite().then_some(lowest);
                (Colormap::Inferno, TEMPERATURE_C, limit, "°C")
            }
            Self::Power => (Colormap::Viridis, [0.0, top(&|r| r.design_kw)], None, "kW"),
            Self::Feeds => (Colormap::Viridis, [0.0, 120.0], Some(100.0), "%"),
            Self::Liquid => (Colormap::Viridis, [0.0, 120.0], Some(100.0), "% of need"),
            Self::Stranded => (Colormap::Viridis, [0.0, top(&|r| r.design_kw)], None, "kW"),
            Self::Utilisation => (Colormap::Viridis, [0.0, 100.0], None, "%"),
            Self::Cost => {
                let top = top(&|r| r.price_usd.unwrap_or(0.0) / 1e3);
                (Colormap::Viridis, [0.0, top], None, "k$")
            }
            Self::Amps => {
                // Room for the worst outage, so that a what-if stays on the scale.
                let top =
                    top(&|r| r.feeds.iter().map(|f| f.amps.max(f.worst_amps)).fold(0.0, f64::max));
                (Colormap::Viridis, [0.0, top], None, "A")
            }
        };
        Some(Scale { map, min: range[0], max: range[1], limit, unit, label: self.explanation() })
    }
}

/// A fixed range of values with its colours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Colours.
    pub map: Colormap,
    /// Value of the first colour, in `unit`.
    pub min: f64,
    /// Value of the last colour, in `unit`.
    pub max: f64,
    /// The limit to mark, in `unit`.
    pub limit: Option<f64>,
    /// Unit of the numbers.
    pub unit: &'static str,
    /// What is shown.
    pub label: &'static str,
}

impl Scale {
    /// Place of a value between 0 and 1.
    #[must_use]
    pub fn place(&self, value: f64) -> f64 {
        let range = self.max - self.min;
        if range > 0.0 { ((value - self.min) / range).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// Colour of a value.
    #[must_use]
    pub fn colour(&self, value: f64) -> Rgb {
        self.map.at(self.place(value))
    }

    /// Round numbers to write under the legend, about `wanted` of them, the ends included.
    #[must_use]
    pub fn ticks(&self, wanted: usize) -> Vec<f64> {
        let range = self.max - self.min;
        if !(range > 0.0 && range.is_finite()) {
            return vec![self.min];
        }
        let step = nice_step(range / wanted.max(1) as f64);
        let mut ticks = vec![self.min];
        let mut tick = (self.min / step).floor() * step + step;
        while tick < self.max - 0.5 * step {
            if tick > self.min + 0.5 * step {
                ticks.push(tick);
            }
            tick += step;
        }
        ticks.push(self.max);
        ticks
    }
}

/// 1, 2 or 5 times a power of ten, not below `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|f| f * power).find(|s| *s >= rough).unwrap_or(rough)
}

/// The next round number above, so that small edits do not change the scale.
fn round_up(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let factors = [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    factors.into_iter().map(|f| f * power).find(|v| *v >= value).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_grow_in_round_steps() {
        assert_eq!(round_up(132.0), 150.0);
        assert_eq!(round_up(0.0), 1.0);
        assert_eq!(round_up(8.0), 8.0);
        assert_eq!(round_up(1e6 + 1.0), 1.5e6);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale {
            map: Colormap::Inferno,
            min: 16.0,
            max: 42.0,
            limit: Some(27.0),
            unit: "°C",
            label: "",
        };
        assert_eq!(scale.ticks(6), [16.0, 20.0, 25.0, 30.0, 35.0, 42.0]);
        assert_eq!(scale.place(16.0), 0.0);
        assert_eq!(scale.place(99.0), 1.0);
    }
}
