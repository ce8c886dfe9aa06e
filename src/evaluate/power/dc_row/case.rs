//! A DC row as the file `dc-row-1` gives it.

use crate::evaluate::power::newton::NetworkError;
use crate::evaluate::power::newton::case::{name, within};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Largest DC voltage, kV: above every DC link (1,100 kV).
const MOST_KV: f64 = 2000.0;
/// Largest power, kW: ten times the largest synchronous area of the world.
const MOST_KW: f64 = 1e10;
/// Range of a resistance, Ω: a micrometre of copper bar, and an insulator. Assumptions that catch
/// slips of units.
const OHM: [f64; 2] = [1e-12, 1e9];

/// The source.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Source {
    /// The bus that it feeds.
    #[serde(deserialize_with = "name")]
    pub bus: String,
    /// Voltage behind its resistance, pole to pole, kV.
    pub v_set_kv: f64,
    /// Its resistance, Ω; 0 is stiff.
    #[serde(default)]
    pub r_out_ohm: f64,
}

/// A length of busway or cable.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Segment {
    /// Its name.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// Bus of one end.
    #[serde(deserialize_with = "name")]
    pub f: String,
    /// Bus of the other.
    #[serde(deserialize_with = "name")]
    pub t: String,
    /// Resistance of both conductors together, Ω.
    pub r_loop_ohm: f64,
    /// Largest continuous current, A.
    #[serde(default)]
    pub i_max_a: Option<f64>,
}

/// A converter that draws constant power.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Load {
    /// Its bus.
    #[serde(deserialize_with = "name")]
    pub bus: String,
    /// Power at its input, kW.
    pub p_kw: f64,
}

/// A row.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct RowCase {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Nominal voltage, pole to pole, kV.
    pub v_nominal_kv: f64,
    /// The source.
    pub source: Source,
    /// Names of the buses.
    #[serde(deserialize_with = "names")]
    pub buses: Vec<String>,
    /// Busway and cables.
    pub segments: Vec<Segment>,
    /// Loads.
    #[serde(default)]
    pub loads: Vec<Load>,
}

fn names<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    struct Name(#[serde(deserialize_with = "name")] String);
    Ok(Vec::<Name>::deserialize(from)?.into_iter().map(|n| n.0).collect())
}

impl RowCase {
    /// Refuses numbers that no row has, unknown buses and names that are used twice.
    ///
    /// # Errors
    /// The first fault, by owner and field.
    pub(super) fn check(&self) -> Result<BTreeMap<&str, usize>, NetworkError> {
        within("case", "v_nominal_kv", self.v_nominal_kv, 1e-3, MOST_KV)?;
        within("source", "v_set_kv", self.source.v_set_kv, 1e-3, MOST_KV)?;
        within("source", "r_out_ohm", self.source.r_out_ohm, 0.0, OHM[1])?;
        let mut index = BTreeMap::new();
        for (i, bus) in self.buses.iter().enumerate() {
            if index.insert(bus.as_str(), i).is_some() {
                return Err(NetworkError::Duplicate { what: "bus", id: bus.clone() });
            }
        }
        let known = |owner: &str, bus: &str| match index.get(bus) {
            Some(_) => Ok(()),
            None => Err(NetworkError::UnknownBus { owner: owner.to_owned(), bus: bus.to_owned() }),
        };
        known("source", &self.source.bus)?;
        let mut ids = std::collections::BTreeSet::new();
        for s in &self.segments {
            let owner = format!("segment {}", s.id);
            if !ids.insert(s.id.as_str()) {
                return Err(NetworkError::Duplicate { what: "segment", id: s.id.clone() });
            }
            known(&owner, &s.f)?;
            known(&owner, &s.t)?;
            if s.f == s.t {
                return Err(NetworkError::Loop { branch: s.id.clone(), bus: s.f.clone() });
            }
            within(&owner, "r_loop_ohm", s.r_loop_ohm, OHM[0], OHM[1])?;
        }
        for load in &self.loads {
            let owner = format!("load at bus {}", load.bus);
            known(&owner, &load.bus)?;
            within(&owner, "p_kw", load.p_kw, -MOST_KW, MOST_KW)?;
        }
        Ok(index)
    }
}
