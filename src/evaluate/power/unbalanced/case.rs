//! A three-phase network as the file `ac-3phase-seq-1` gives it: elements by sequence impedances,
//! loads by phase.

use crate::evaluate::power::newton::NetworkError;
use crate::evaluate::power::newton::case::{name, within};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Largest voltage, kV: above every transmission voltage (1,200 kV).
const MOST_KV: f64 = 2000.0;
/// Largest power, MW or MVA: ten times the largest synchronous area of the world.
const MOST_MW: f64 = 1e7;
/// Largest impedance, Ω; an assumption that catches slips of units.
const MOST_OHM: f64 = 1e9;

/// A bus.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Bus {
    /// Its name.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// Nominal voltage, line to line, kV.
    pub vn_kv: f64,
}

/// The source: a stiff symmetric voltage behind its short-circuit impedance.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Source {
    /// The bus that it feeds.
    #[serde(deserialize_with = "name")]
    pub bus: String,
    /// Voltage behind the impedance, p.u.
    pub u_pu: f64,
    /// Short-circuit power, MVA.
    pub sk_mva: f64,
    /// R over X of the positive sequence.
    pub rx: f64,
    /// R over X of the zero sequence.
    pub r0x0: f64,
    /// X of the zero sequence over X of the positive.
    pub x0x: f64,
}

/// How windings are joined, as far as the zero sequence sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Winding {
    /// Closed on the high side, earthed star on the low side.
    #[default]
    Dyn,
    /// Earthed stars on both sides.
    #[serde(rename = "YNyn")]
    YnYn,
}

/// A transformer.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Transformer {
    /// Its name.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// Bus of the high side.
    #[serde(deserialize_with = "name")]
    pub hv: String,
    /// Bus of the low side.
    #[serde(deserialize_with = "name")]
    pub lv: String,
    /// Rating, MVA.
    pub sn_mva: f64,
    /// Nominal voltage of the high side, kV.
    pub vn_hv_kv: f64,
    /// Nominal voltage of the low side, kV.
    pub vn_lv_kv: f64,
    /// Short-circuit voltage, %.
    pub vk_percent: f64,
    /// Its resistive part, %.
    pub vkr_percent: f64,
    /// Clock number: the low side lags by so many times 30°.
    #[serde(default)]
    pub clock: i32,
    /// The same of the zero sequence, %; that of the positive if not given.
    #[serde(default)]
    pub vk0_percent: Option<f64>,
    /// Its resistive part, %.
    #[serde(default)]
    pub vkr0_percent: Option<f64>,
    /// How windings are joined.
    #[serde(default)]
    pub vector_group: Winding,
}

/// A line.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Line {
    /// Its name.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// Bus of one end.
    #[serde(deserialize_with = "name")]
    pub f: String,
    /// Bus of the other.
    #[serde(deserialize_with = "name")]
    pub t: String,
    /// Resistance of the positive sequence, total, Ω.
    pub r1: f64,
    /// Reactance of the positive sequence, Ω.
    pub x1: f64,
    /// Resistance of the zero sequence, Ω.
    pub r0: f64,
    /// Reactance of the zero sequence, Ω.
    pub x0: f64,
    /// Susceptance to earth of the positive sequence, total, S.
    #[serde(default)]
    pub b1: f64,
    /// The same of the zero sequence, S.
    #[serde(default)]
    pub b0: f64,
}

/// A load from each phase to the earthed neutral, constant power.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Load {
    /// Its bus.
    #[serde(deserialize_with = "name")]
    pub bus: String,
    /// Active power of each phase, MW.
    pub p_mw: [f64; 3],
    /// Reactive power of each phase, Mvar.
    pub q_mvar: [f64; 3],
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct UnbalancedCase {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// The source.
    pub source_bus: Source,
    /// Buses.
    pub buses: Vec<Bus>,
    /// Transformers.
    #[serde(default)]
    pub transformers: Vec<Transformer>,
    /// Lines.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// Loads.
    #[serde(default)]
    pub loads: Vec<Load>,
}

/// Index of each bus by name.
pub(super) type Index<'a> = BTreeMap<&'a str, usize>;

impl UnbalancedCase {
    /// Refuses numbers that no network has, unknown buses and names that are used twice.
    ///
    /// # Errors
    /// The first fault, by owner and field.
    pub(super) fn check(&self) -> Result<Index<'_>, NetworkError> {
        let mut index = Index::new();
        for (i, bus) in self.buses.iter().enumerate() {
            within(&format!("bus {}", bus.id), "vn_kv", bus.vn_kv, 1e-3, MOST_KV)?;
            if index.insert(bus.id.as_str(), i).is_some() {
                return Err(NetworkError::Duplicate { what: "bus", id: bus.id.clone() });
            }
        }
        if index.is_empty() {
            return Err(NetworkError::Empty);
        }
        self.check_source(&index)?;
        distinct("transformer", self.transformers.iter().map(|t| &t.id))?;
        distinct("line", self.lines.iter().map(|l| &l.id))?;
        for t in &self.transformers {
            t.check(&index)?;
        }
        for line in &self.lines {
            line.check(&index)?;
        }
        for load in &self.loads {
            let owner = format!("load at bus {}", load.bus);
            known(&index, &owner, &load.bus)?;
            for (p, q) in load.p_mw.iter().zip(&load.q_mvar) {
                within(&owner, "p_mw", *p, -MOST_MW, MOST_MW)?;
                within(&owner, "q_mvar", *q, -MOST_MW, MOST_MW)?;
            }
        }
        Ok(index)
    }

    fn check_source(&self, index: &Index<'_>) -> Result<(), NetworkError> {
        let (source, owner) = (&self.source_bus, "source");
        known(index, owner, &source.bus)?;
        within(owner, "u_pu", source.u_pu, 1e-3, 3.0)?;
        within(owner, "sk_mva", source.sk_mva, 1e-9, 1e24)?;
        within(owner, "rx", source.rx, 0.0, MOST_OHM)?;
        within(owner, "r0x0", source.r0x0, 0.0, MOST_OHM)?;
        within(owner, "x0x", source.x0x, 1e-9, MOST_OHM)
    }
}

impl Transformer {
    fn check(&self, index: &Index<'_>) -> Result<(), NetworkError> {
        let owner = format!("transformer {}", self.id);
        apart(index, &owner, &self.hv, &self.lv)?;
        within(&owner, "sn_mva", self.sn_mva, 1e-9, MOST_MW)?;
        within(&owner, "vn_hv_kv", self.vn_hv_kv, 1e-3, MOST_KV)?;
        within(&owner, "vn_lv_kv", self.vn_lv_kv, 1e-3, MOST_KV)?;
        within(&owner, "vk_percent", self.vk_percent, 1e-6, 100.0)?;
        within(&owner, "vkr_percent", self.vkr_percent, 0.0, self.vk_percent)?;
        within(&owner, "clock", f64::from(self.clock), -12.0, 12.0)?;
        let vk0 = self.vk0_percent.unwrap_or(self.vk_percent);
        within(&owner, "vk0_percent", vk0, 1e-6, 1e4)?;
        within(&owner, "vkr0_percent", self.vkr0_percent.unwrap_or(0.0), 0.0, vk0)
    }
}

impl Line {
    fn check(&self, index: &Index<'_>) -> Result<(), NetworkError> {
        let owner = format!("line {}", self.id);
        apart(index, &owner, &self.f, &self.t)?;
        within(&owner, "r1", self.r1, 0.0, MOST_OHM)?;
        within(&owner, "x1", self.x1, -MOST_OHM, MOST_OHM)?;
        within(&owner, "r0", self.r0, 0.0, MOST_OHM)?;
        within(&owner, "x0", self.x0, -MOST_OHM, MOST_OHM)?;
        within(&owner, "b1", self.b1, 0.0, MOST_OHM)?;
        within(&owner, "b0", self.b0, 0.0, MOST_OHM)?;
        // Least impedance that is not a slip: a micrometre of any conductor.
        const LEAST_OHM: f64 = 1e-12;
        within(&owner, "|r1 + j x1|", self.r1.hypot(self.x1), LEAST_OHM, MOST_OHM)?;
        within(&owner, "|r0 + j x0|", self.r0.hypot(self.x0), LEAST_OHM, MOST_OHM)
    }
}

fn distinct<'a>(
    what: &'static str,
    ids: impl Iterator<Item = &'a String>,
) -> Result<(), NetworkError> {
    let mut seen = std::collections::BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(NetworkError::Duplicate { what, id: id.clone() });
        }
    }
    Ok(())
}

fn known(index: &Index<'_>, owner: &str, bus: &str) -> Result<(), NetworkError> {
    let unknown = || NetworkError::UnknownBus { owner: owner.to_owned(), bus: bus.to_owned() };
    index.get(bus).map(|_| ()).ok_or_else(unknown)
}

fn apart(index: &Index<'_>, owner: &str, f: &str, t: &str) -> Result<(), NetworkError> {
    known(index, owner, f)?;
    known(index, owner, t)?;
    if f == t {
        return Err(NetworkError::Loop { branch: owner.to_owned(), bus: f.to_owned() });
    }
    Ok(())
}
