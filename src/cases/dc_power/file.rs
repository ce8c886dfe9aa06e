//! The file format `dc-power-1` and what its numbers must be.

use super::super::CaseError;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
pub struct File {
    pub name: String,
    pub f_hz: f64,
    pub buses: Vec<Bus>,
    pub sources: Vec<Source>,
    #[serde(default)]
    pub cables: Vec<Cable>,
    #[serde(default)]
    pub transformers: Vec<Transformer>,
    #[serde(default)]
    pub ups: Vec<Ups>,
    #[serde(default)]
    pub racks: Vec<Load>,
    #[serde(default)]
    pub mech: Vec<Load>,
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
}

#[derive(Debug, Deserialize)]
pub struct Bus {
    pub id: String,
    pub vn_kv: f64,
}

#[derive(Debug, Deserialize)]
pub struct Source {
    pub id: String,
    pub bus: String,
    #[serde(default)]
    pub kind: String,
    pub u_pu: f64,
    #[serde(default = "yes")]
    pub normally_in: bool,
    /// Generator sets, and the rating of each in MW.
    #[serde(default)]
    pub n: f64,
    #[serde(default)]
    pub p_each_mw: f64,
    /// Short-circuit power in MVA and R/X, which load flow does without.
    pub sk_mva: Option<f64>,
    pub rx: Option<f64>,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Deserialize)]
pub struct Cable {
    pub id: String,
    pub f: String,
    pub t: String,
    pub r_ohm: f64,
    pub x_ohm: f64,
    #[serde(default)]
    pub c_nf: f64,
    pub i_max_a: f64,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub normally_open: bool,
}

#[derive(Debug, Deserialize)]
pub struct Transformer {
    pub id: String,
    pub hv: String,
    pub lv: String,
    pub sn_mva: f64,
    pub vn_hv_kv: f64,
    pub vn_lv_kv: f64,
    pub vk_percent: f64,
    pub vkr_percent: f64,
    #[serde(default)]
    pub p0_kw: f64,
    #[serde(default)]
    pub i0_percent: f64,
}

#[derive(Debug, Deserialize)]
pub struct Ups {
    pub id: String,
    pub in_bus: String,
    pub out_bus: String,
    pub p_mw: f64,
    pub v_out_pu: f64,
    pub pf_in: f64,
    pub loss_percent_points: Vec<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
pub struct Load {
    pub id: String,
    pub p_kw: f64,
    pub pf: f64,
    pub feeds: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Scenario {
    pub id: String,
    #[serde(default)]
    pub out: Vec<String>,
    #[serde(default, rename = "in")]
    pub closed: Vec<String>,
}

/// Bounds of a number: value, whether it is good, and what it must be.
struct Bound<'a> {
    owner: &'a str,
    file: &'a str,
}

impl Bound<'_> {
    fn hold(&self, field: &str, value: f64, good: bool, must_be: &str) -> Result<(), CaseError> {
        if good {
            return Ok(());
        }
        let problem = format!("{}: {field} is {value}, but must be {must_be}", self.owner);
        Err(CaseError::file(self.file, problem))
    }

    fn within(&self, field: &str, value: f64, low: f64, high: f64) -> Result<(), CaseError> {
        let must_be = format!("from {low} to {high}");
        self.hold(field, value, (low..=high).contains(&value), &must_be)
    }

    fn above(&self, field: &str, value: f64, high: f64) -> Result<(), CaseError> {
        let must_be = format!("above 0 and at most {high}");
        self.hold(field, value, value > 0.0 && value <= high, &must_be)
    }
}

/// Largest voltage in kV: above every line that is built.
const MOST_KV: f64 = 1_200.0;
/// Largest impedance of a cable in Ω.
const MOST_OHM: f64 = 1e4;
/// Largest power of one load in kW: a gigawatt campus as one point.
const MOST_LOAD_KW: f64 = 1e6;
/// Largest rating of one machine in MVA.
const MOST_MVA: f64 = 1e4;
/// Range of held voltages, per unit.
const HELD_PU: [f64; 2] = [0.5, 1.5];

impl File {
    /// Reads and checks.
    pub fn read(file: &str, text: &str) -> Result<Self, CaseError> {
        let read: Self = serde_json::from_str(text).map_err(|e| CaseError::file(file, e))?;
        read.check_names(file)?;
        read.check_machines(file)?;
        read.check_loads(file)?;
        Ok(read)
    }

    fn check_names(&self, file: &str) -> Result<(), CaseError> {
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        let buses = self.buses.iter().map(|b| ("bus", &b.id));
        let rest = self.sources.iter().map(|s| ("source", &s.id));
        let rest = rest.chain(self.cables.iter().map(|c| ("cable", &c.id)));
        let rest = rest.chain(self.transformers.iter().map(|t| ("transformer", &t.id)));
        let rest = rest.chain(self.ups.iter().map(|u| ("UPS", &u.id)));
        let rest = rest.chain(self.racks.iter().map(|r| ("rack", &r.id)));
        let rest = rest.chain(self.mech.iter().map(|m| ("mechanical load", &m.id)));
        for (what, id) in buses {
            if seen.insert(id, what).is_some() {
                return Err(CaseError::file(file, format!("two buses are called \"{id}\"")));
            }
        }
        seen.clear();
        for (what, id) in rest {
            if let Some(other) = seen.insert(id, what) {
                let problem = format!("a {other} and a {what} are both called \"{id}\"");
                return Err(CaseError::file(file, problem));
            }
        }
        Ok(())
    }

    fn check_machines(&self, file: &str) -> Result<(), CaseError> {
        let bound = |owner| Bound { owner, file };
        bound("network").within("f_hz", self.f_hz, 1.0, 1_000.0)?;
        for b in &self.buses {
            bound(&b.id).above("vn_kv", b.vn_kv, MOST_KV)?;
        }
        for s in &self.sources {
            bound(&s.id).within("u_pu", s.u_pu, HELD_PU[0], HELD_PU[1])?;
        }
        for c in &self.cables {
            let b = bound(&c.id);
            b.within("r_ohm", c.r_ohm, 0.0, MOST_OHM)?;
            b.within("x_ohm", c.x_ohm, 0.0, MOST_OHM)?;
            b.within("c_nf", c.c_nf, 0.0, 1e9)?;
            b.above("i_max_a", c.i_max_a, 1e7)?;
        }
        for t in &self.transformers {
            let b = bound(&t.id);
            b.above("sn_mva", t.sn_mva, MOST_MVA)?;
            b.above("vn_hv_kv", t.vn_hv_kv, MOST_KV)?;
            b.above("vn_lv_kv", t.vn_lv_kv, MOST_KV)?;
            b.above("vk_percent", t.vk_percent, 100.0)?;
            let at_most = format!("from 0 to vk_percent ({})", t.vk_percent);
            let good = (0.0..=t.vk_percent).contains(&t.vkr_percent);
            b.hold("vkr_percent", t.vkr_percent, good, &at_most)?;
            b.within("i0_percent", t.i0_percent, 0.0, 100.0)?;
            b.within("p0_kw", t.p0_kw, 0.0, 1e3 * t.sn_mva)?;
        }
        for u in &self.ups {
            let b = bound(&u.id);
            b.above("p_mw", u.p_mw, MOST_MVA)?;
            b.within("v_out_pu", u.v_out_pu, HELD_PU[0], HELD_PU[1])?;
            b.above("pf_in", u.pf_in, 1.0)?;
            let rising = u.loss_percent_points.windows(2).all(|w| w[0].0 < w[1].0);
            let good = |(x, loss): &(f64, f64)| x.is_finite() && *loss >= 0.0 && loss.is_finite();
            if u.loss_percent_points.is_empty()
                || !rising
                || !u.loss_percent_points.iter().all(good)
            {
                let problem = format!(
                    "{}: loss_percent_points must be one or more pairs of rising load and loss ≥ 0",
                    u.id
                );
                return Err(CaseError::file(file, problem));
            }
        }
        Ok(())
    }

    fn check_loads(&self, file: &str) -> Result<(), CaseError> {
        for load in self.racks.iter().chain(&self.mech) {
            let b = Bound { owner: &load.id, file };
            b.within("p_kw", load.p_kw, 0.0, MOST_LOAD_KW)?;
            b.above("pf", load.pf, 1.0)?;
        }
        Ok(())
    }
}
