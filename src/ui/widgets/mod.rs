//! Small parts that every panel is made of: text in the two weights, facts, gauges, chips, bars.

mod bands;
mod bars;
mod chart;
mod chip;
mod fact;
mod gauge;
mod segments;
mod stack;
mod text;

pub use bands::{BandRow, bands_ui};
pub use bars::{Bar, StepBar, Swing, bars_ui, squeeze, tornado_ui, waterfall_ui};
pub use chart::{chart_heading_ui, chart_ui, role_colour, with_round_numbers};
pub use chip::{badge_ui, chip_ui, delta_chip_ui, severity_mark};
pub use fact::{callout_ui, empty_ui, fact_ui, floating, section_title_ui};
pub use gauge::{Gauge, gauge_ui};
pub use segments::segments_ui;
pub use stack::{limit_colour, stacks_ui};
pub use text::{Ink, shown, small, strong};
