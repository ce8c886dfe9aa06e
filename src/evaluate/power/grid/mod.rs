//! Load flow of a network as drawn: buses joined by cables and transformers in any shape, sources,
//! converters that regulate their output, loads with several feeds.
//!
//! [`Grid`] is the network; a [`Switching`] takes parts out and closes what is normally open;
//! [`GridSolver`] finds what is alive, cuts it into islands between converters, solves each island
//! by backward/forward sweeps over a spanning tree, and closes rings and parallel sources by
//! compensation currents. All scratch space is kept, so that a re-solve allocates nothing.
//!
//! Per unit: voltages over the nominal voltage of their bus, powers in W and var.

mod flows;
mod rings;
mod solver;
#[cfg(test)]
mod tests;
mod topology;

pub use flows::{BranchFlow, ConverterFlow, Totals};
pub use solver::{Collapse, GridSolver};
pub use topology::GridError;

use super::case::{FeedRule, LossCurve};
use crate::numerics::complex::Complex;

/// A network with its loads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Number of buses.
    pub buses: usize,
    /// Cables and transformers.
    pub branches: Vec<Branch>,
    /// UPS, rectifiers.
    pub converters: Vec<Converter>,
    /// Utilities and generators.
    pub sources: Vec<Source>,
    /// Racks and other loads.
    pub loads: Vec<GridLoad>,
}

/// A cable or transformer, as a pi between two buses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Branch {
    /// From-bus; the side of a transformer on which its ratio acts.
    pub f: usize,
    /// To-bus.
    pub t: usize,
    /// Series impedance over the square of the to-bus's nominal voltage, 1/VA.
    pub z: Complex,
    /// Half of the shunt at nominal voltage, W and var drawn.
    pub half_shunt: Complex,
    /// Off-nominal turns ratio: voltage of the from-bus over that of the to-bus at no load, both
    /// per unit.
    pub ratio: f64,
    /// Whether it is out unless a switching closes it.
    pub open: bool,
}

/// A converter: constant power at its input, held voltage at its output.
#[derive(Clone, Debug, PartialEq)]
pub struct Converter {
    /// Bus of the input.
    pub input: usize,
    /// Bus of the output.
    pub output: usize,
    /// Held voltage, per unit.
    pub v_out_pu: f64,
    /// Reactive over active power at the input.
    pub tan_phi: f64,
    /// Rated output power, W.
    pub rated_w: f64,
    /// Loss against load, both over the rated power.
    pub loss: LossCurve,
}

/// An ideal source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Source {
    /// Its bus.
    pub bus: usize,
    /// Held voltage, per unit; angle 0.
    pub v_pu: f64,
    /// Share among several sources on one bus, such as its rated power.
    pub weight: f64,
    /// Whether it stands by unless a switching starts it.
    pub standby: bool,
}

/// A constant-power load on one or more feeds of equal share.
#[derive(Clone, Debug, PartialEq)]
pub struct GridLoad {
    /// Power drawn, W and var.
    pub s: Complex,
    /// Buses that feed it, the preferred one first.
    pub feeds: Vec<usize>,
    /// How live feeds share it.
    pub rule: FeedRule,
}

/// What a scenario changes: lists of indices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switching {
    /// Branches out of service.
    pub branches_out: Vec<usize>,
    /// Converters out of service.
    pub converters_out: Vec<usize>,
    /// Sources out of service.
    pub sources_out: Vec<usize>,
    /// Normally open branches that are closed.
    pub branches_in: Vec<usize>,
    /// Stand-by sources that run.
    pub sources_in: Vec<usize>,
}
