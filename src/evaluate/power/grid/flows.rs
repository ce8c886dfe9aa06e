//! What flows in a solved state.

use super::Grid;
use super::solver::GridSolver;
use super::topology::{Link, NONE};
use crate::numerics::complex::Complex;

/// Flow in a branch, from its from-bus to its to-bus.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BranchFlow {
    /// Power into the branch at the from-bus, W and var.
    pub s_f: Complex,
    /// Power into the branch at the to-bus, W and var.
    pub s_t: Complex,
    /// Current at the from-bus times its nominal voltage, VA.
    pub j_f: f64,
    /// Current at the to-bus times its nominal voltage, VA.
    pub j_t: f64,
    /// Loss, W: resistance and shunt, not the small difference of two large powers.
    pub loss_w: f64,
}

/// Flow through a converter.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ConverterFlow {
    /// Power at the output, W and var.
    pub out: Complex,
    /// Power at the input, W and var.
    pub into: Complex,
    /// Loss, W.
    pub loss_w: f64,
}

/// Sums of a state. `source_w = served_w + loss_w`, to rounding.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Power of all sources, W.
    pub source_w: f64,
    /// Power of all loads that are served, W.
    pub served_w: f64,
}

impl GridSolver {
    /// Voltage of a bus, per unit; `None` if it is dead.
    #[must_use]
    pub fn voltage(&self, bus: usize) -> Option<Complex> {
        let place = self.topology.place[bus];
        let at = |p: usize| self.v[p].scale(self.topology.scale[p]);
        (place != NONE).then(|| at(place as usize))
    }

    /// Most sweeps that an island needed.
    #[must_use]
    pub fn sweeps(&self) -> usize {
        self.sweeps
    }

    /// Power of a source, W and var.
    #[must_use]
    pub fn source(&self, source: usize) -> Complex {
        self.source_s[source]
    }

    /// Whether a source runs.
    #[must_use]
    pub fn source_runs(&self, source: usize) -> bool {
        self.topology.runs(source)
    }

    /// Whether a branch is in service between live buses.
    #[must_use]
    pub fn carries(&self, branch: usize) -> bool {
        self.topology.carries(branch)
    }

    /// Flow through a converter; `None` if it is dead.
    #[must_use]
    pub fn converter(&self, grid: &Grid, converter: usize) -> Option<ConverterFlow> {
        let c = &grid.converters[converter];
        if !self.topology.holds(converter) {
            return None;
        }
        let (out, loss_w) = (self.converter_s[converter], self.converter_loss_w[converter]);
        let in_w = out.re + loss_w;
        Some(ConverterFlow { out, into: Complex::new(in_w, in_w * c.tan_phi), loss_w })
    }

    /// Whether a load is served.
    #[must_use]
    pub fn served(&self, load: usize) -> bool {
        self.share[load] > 0.0
    }

    /// Sums of the state.
    #[must_use]
    pub fn totals(&self, grid: &Grid) -> Totals {
        let served = grid.loads.iter().zip(&self.share).filter(|(_, share)| **share > 0.0);
        Totals {
            source_w: self.source_s.iter().map(|s| s.re).sum::<f64>() + 0.0,
            served_w: served.map(|(l, _)| l.s.re).sum::<f64>() + 0.0,
        }
    }

    /// Flows of all branches, in their order; those without current are zero.
    pub fn branches(&self, grid: &Grid, flows: &mut Vec<BranchFlow>) {
        flows.clear();
        flows.resize(grid.branches.len(), BranchFlow::default());
        let t = &self.topology;
        for (place, via) in t.via.iter().enumerate().filter(|(_, via)| **via != NONE) {
            let branch = &grid.branches[*via as usize];
            let forward = t.place[branch.t] as usize == place;
            // The tree's current is at its own scale; at the to-side it is that over the scale.
            let scale = t.scale[t.place[branch.t] as usize];
            let j = self.j[place].scale(if forward { 1.0 } else { -1.0 } / scale);
            flows[*via as usize] = self.flow(grid, *via, j);
        }
        for (island, rings) in t.islands.iter().zip(&self.rings) {
            let Some(rings) = rings else { continue };
            let links = &t.links[island.links[0] as usize..island.links[1] as usize];
            for ((_, link), current) in links.iter().zip(&rings.current) {
                if let Link::Branch(b) = link {
                    flows[*b as usize] = self.flow(grid, *b, *current);
                }
            }
        }
    }

    /// A branch that carries `j` through its series part, on its to-side.
    fn flow(&self, grid: &Grid, branch: u32, j: Complex) -> BranchFlow {
        let b = &grid.branches[branch as usize];
        let bus = |bus: usize| {
            let place = self.topology.place[bus] as usize;
            self.v[place].scale(self.topology.scale[place])
        };
        let (v_f, v_t) = (bus(b.f).scale(1.0 / b.ratio), bus(b.t));
        let shunt = b.half_shunt.conj();
        let (j_f, j_t) = (j + shunt * v_f, shunt * v_t - j);
        BranchFlow {
            s_f: v_f * j_f.conj(),
            s_t: v_t * j_t.conj(),
            j_f: j_f.norm_sqr().sqrt() / b.ratio,
            j_t: j_t.norm_sqr().sqrt(),
            loss_w: b.z.re * j.norm_sqr() + b.half_shunt.re * (v_f.norm_sqr() + v_t.norm_sqr()),
        }
    }
}
