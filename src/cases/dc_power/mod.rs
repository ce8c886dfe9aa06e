//! Data-centre networks in files (`dc-power-1`): sources, cables, transformers, UPS, racks with
//! several feeds, and scenarios that take parts out or put them in. The files explain their units.

mod answer;
mod compare;
pub(super) mod file;
#[cfg(test)]
mod tests;

pub use compare::case;

use super::CaseError;
use crate::evaluate::power::case::{FeedRule, LossCurve};
use crate::evaluate::power::grid::{
    Branch, Collapse, Converter, Grid, GridError, GridLoad, GridSolver, Source, Switching,
};
use crate::numerics::complex::Complex;
use file::File;
use std::collections::BTreeMap;

/// A network as read, with the names and ratings that an answer needs.
#[derive(Debug)]
pub struct DcPower {
    file: File,
    /// The network; cables come before transformers among the branches.
    pub grid: Grid,
    /// Scenarios by name; the first is the normal state.
    pub scenarios: Vec<(String, Switching)>,
}

/// Reads a network; `file` names it in messages.
///
/// # Errors
/// A field that is missing or out of range, a name that is used twice or leads nowhere.
pub fn read(file: &str, text: &str) -> Result<DcPower, CaseError> {
    let read = File::read(file, text)?;
    let names = Names::new(file, &read);
    let grid = names.grid(&read)?;
    let mut scenarios = Vec::new();
    let normal = file::Scenario { id: NORMAL.into(), out: Vec::new(), closed: Vec::new() };
    let listed = read.scenarios.iter().any(|s| s.id == NORMAL);
    for scenario in (!listed).then_some(&normal).into_iter().chain(&read.scenarios) {
        if scenarios.iter().any(|(id, _)| *id == scenario.id) {
            let problem = format!("two scenarios are called \"{}\"", scenario.id);
            return Err(CaseError::file(file, problem));
        }
        scenarios.push((scenario.id.clone(), names.switching(&read, scenario)?));
    }
    scenarios.sort_by_key(|(id, _)| id != NORMAL);
    Ok(DcPower { file: read, grid, scenarios })
}

/// Name of the state without outages.
pub(super) const NORMAL: &str = "normal";

/// Why a state of a network has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Unsolved {
    /// No voltages carry the drawn load.
    #[error(
        "voltage collapse: the feeder carries at most {percent:.1} % of the drawn load, first limit \
         at bus {bus}; most likely a length, an impedance or a voltage is mistyped"
    )]
    Collapse {
        /// Largest common factor on the loads that has a solution, %.
        percent: f64,
        /// The bus with the lowest voltage.
        bus: String,
    },
    /// A UPS in a ring with itself.
    #[error("UPS {ups} feeds a part of the network that feeds it")]
    OwnInput {
        /// Its name.
        ups: String,
    },
}

/// Where names lead.
struct Names<'a> {
    file: &'a str,
    buses: BTreeMap<&'a str, usize>,
    parts: BTreeMap<&'a str, Part>,
}

#[derive(Clone, Copy)]
enum Part {
    Source(usize),
    Branch(usize),
    Converter(usize),
}

impl<'a> Names<'a> {
    fn new(file: &'a str, read: &'a File) -> Self {
        let mut parts = BTreeMap::new();
        for (i, s) in read.sources.iter().enumerate() {
            parts.insert(s.id.as_str(), Part::Source(i));
        }
        let branches = read.cables.iter().map(|c| &c.id);
        let branches = branches.chain(read.transformers.iter().map(|t| &t.id));
        for (i, id) in branches.enumerate() {
            parts.insert(id.as_str(), Part::Branch(i));
        }
        for (i, u) in read.ups.iter().enumerate() {
            parts.insert(u.id.as_str(), Part::Converter(i));
        }
        let buses = read.buses.iter().zip(0..).map(|(b, i)| (b.id.as_str(), i)).collect();
        Self { file, buses, parts }
    }

    fn bus(&self, owner: &str, field: &str, id: &str) -> Result<usize, CaseError> {
        self.buses.get(id).copied().ok_or_else(|| {
            let problem = format!("{owner}: {field} names \"{id}\", but no bus is called so");
            CaseError::file(self.file, problem)
        })
    }

    fn grid(&self, read: &File) -> Result<Grid, CaseError> {
        let omega = 2.0 * std::f64::consts::PI * read.f_hz;
        let mut grid = Grid { buses: read.buses.len(), ..Grid::default() };
        for s in &read.sources {
            let bus = self.bus(&s.id, "bus", &s.bus)?;
            let weight = if s.n * s.p_each_mw > 0.0 { s.n * s.p_each_mw } else { 1.0 };
            grid.sources.push(Source { bus, v_pu: s.u_pu, weight, standby: !s.normally_in });
        }
        for c in &read.cables {
            grid.branches.push(self.cable(read, c, omega)?);
        }
        for t in &read.transformers {
            grid.branches.push(self.transformer(read, t)?);
        }
        for u in &read.ups {
            let loss = u.loss_percent_points.iter().map(|(x, loss)| (*x, loss / 100.0)).collect();
            grid.converters.push(Converter {
                input: self.bus(&u.id, "in_bus", &u.in_bus)?,
                output: self.bus(&u.id, "out_bus", &u.out_bus)?,
                v_out_pu: u.v_out_pu,
                tan_phi: tan_phi(u.pf_in),
                rated_w: u.p_mw * 1e6,
                loss: LossCurve(loss),
            });
        }
        let loads = [(&read.racks, FeedRule::Share), (&read.mech, FeedRule::FirstLive)];
        for (list, rule) in loads {
            for load in list {
                let p_w = load.p_kw * 1e3;
                let bus = |id: &String| self.bus(&load.id, "feeds", id);
                let feeds = load.feeds.iter().map(bus).collect::<Result<_, _>>()?;
                let s = Complex::new(p_w, p_w * tan_phi(load.pf));
                grid.loads.push(GridLoad { s, feeds, rule });
            }
        }
        Ok(grid)
    }

    fn cable(&self, read: &File, c: &file::Cable, omega: f64) -> Result<Branch, CaseError> {
        let (f, t) = (self.bus(&c.id, "f", &c.f)?, self.bus(&c.id, "t", &c.t)?);
        let [v_f, v_t] = [f, t].map(|bus| read.buses[bus].vn_kv * 1e3);
        if (v_f - v_t).abs() > SAME_VOLTAGE * v_t || f == t {
            let problem = if f == t {
                format!("{}: f and t are both \"{}\"", c.id, c.f)
            } else {
                format!("{}: joins {v_f} V at \"{}\" to {v_t} V at \"{}\"", c.id, c.f, c.t)
            };
            return Err(CaseError::file(self.file, problem));
        }
        let shunt_var = -omega * c.c_nf * 1e-9 * v_t * v_t;
        Ok(Branch {
            f,
            t,
            z: Complex::new(c.r_ohm, c.x_ohm).scale(1.0 / (v_t * v_t)),
            half_shunt: Complex::new(0.0, 0.5 * shunt_var),
            ratio: 1.0,
            open: c.normally_open,
        })
    }

    fn transformer(&self, read: &File, t: &file::Transformer) -> Result<Branch, CaseError> {
        let (hv, lv) = (self.bus(&t.id, "hv", &t.hv)?, self.bus(&t.id, "lv", &t.lv)?);
        // From the machine's own voltages to those of the buses.
        let (at_hv, at_lv) = (t.vn_hv_kv / read.buses[hv].vn_kv, t.vn_lv_kv / read.buses[lv].vn_kv);
        let base_va = t.sn_mva * 1e6;
        let (z, r) = (t.vk_percent / 100.0, t.vkr_percent / 100.0);
        let (p0_w, s0_va) = (t.p0_kw * 1e3, t.i0_percent / 100.0 * base_va);
        let magnetising_var = (s0_va * s0_va - p0_w * p0_w).max(0.0).sqrt();
        Ok(Branch {
            f: hv,
            t: lv,
            z: Complex::new(r, (z * z - r * r).max(0.0).sqrt()).scale(at_lv * at_lv / base_va),
            half_shunt: Complex::new(p0_w, magnetising_var).scale(0.5 / (at_lv * at_lv)),
            ratio: at_hv / at_lv,
            open: false,
        })
    }

    fn switching(&self, read: &File, scenario: &file::Scenario) -> Result<Switching, CaseError> {
        let mut s = Switching::default();
        for (field, list) in [("out", &scenario.out), ("in", &scenario.closed)] {
            for id in list {
                let part = self.parts.get(id.as_str()).ok_or_else(|| {
                    let owner = &scenario.id;
                    let problem = format!(
                        "scenario {owner}: {field} names \"{id}\", which is no source, cable, \
                         transformer or UPS"
                    );
                    CaseError::file(self.file, problem)
                })?;
                match (*part, field) {
                    (Part::Source(i), "out") => s.sources_out.push(i),
                    (Part::Source(i), _) => s.sources_in.push(i),
                    (Part::Branch(i), "out") => s.branches_out.push(i),
                    (Part::Branch(i), _) => s.branches_in.push(i),
                    (Part::Converter(i), "out") => s.converters_out.push(i),
                    // A UPS is in service anyway.
                    (Part::Converter(_), _) => {}
                }
            }
        }
        s.sources_out.extend(displaced(read, &s));
        Ok(s)
    }
}

/// Utilities on a bus where generators run: generators take over only a dead bus.
fn displaced(read: &File, s: &Switching) -> Vec<usize> {
    let runs = |i: usize| {
        let normal = read.sources[i].normally_in && !s.sources_out.contains(&i);
        normal || s.sources_in.contains(&i)
    };
    let generator = |i: &usize| read.sources[*i].kind == GENERATOR && runs(*i);
    let all = || 0..read.sources.len();
    let on_its_bus =
        |i: &usize| all().filter(generator).any(|g| read.sources[g].bus == read.sources[*i].bus);
    all().filter(|i| read.sources[*i].kind != GENERATOR).filter(on_its_bus).collect()
}

/// Kind of a source that is a set of generators.
pub(super) const GENERATOR: &str = "genset";
/// Relative difference of nominal voltages that still counts as one voltage.
const SAME_VOLTAGE: f64 = 1e-6;

fn tan_phi(power_factor: f64) -> f64 {
    power_factor.acos().tan()
}

impl DcPower {
    /// Number of racks.
    #[must_use]
    pub fn racks(&self) -> usize {
        self.file.racks.len()
    }

    /// A solver that stands in the normal state.
    ///
    /// # Errors
    /// Islands that feed each other, by the name of the UPS.
    pub fn solver(&self, scenario: usize) -> Result<GridSolver, Unsolved> {
        let mut solver = GridSolver::new(&self.grid);
        let done = solver.switch(&self.grid, &self.scenarios[scenario].1);
        done.map_err(|e| self.misfit(&e))?;
        Ok(solver)
    }

    fn misfit(&self, error: &GridError) -> Unsolved {
        let GridError::OwnInput { converter } = error;
        Unsolved::OwnInput { ups: self.file.ups[*converter].id.clone() }
    }

    fn collapsed(&self, collapse: &Collapse) -> Unsolved {
        let bus = self.file.buses[collapse.bus].id.clone();
        Unsolved::Collapse { percent: 100.0 * collapse.feasible, bus }
    }
}
