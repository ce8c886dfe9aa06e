//! A bus/branch network as the file `ac-bus-branch-1` gives it, and what must hold before it can be
//! solved.

use super::NetworkError;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// Largest power of a bus, MW or Mvar: ten times the largest synchronous area of the world
/// (about 1,000 GW). More is a slip of units.
const MOST_MW: f64 = 1e7;
/// Largest voltage per unit that a source may hold; an assumption, far above any regulation range.
const MOST_V_PU: f64 = 3.0;
/// Largest impedance, admittance or ratio per unit; an assumption that catches slips of units.
const MOST_PU: f64 = 1e9;

/// What is given at a bus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BusKind {
    /// Voltage and angle: the source that balances its island.
    Slack,
    /// Active power and voltage: a generator.
    Pv,
    /// Active and reactive power.
    #[default]
    Pq,
}

/// A bus.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Bus {
    /// Its name, unique; a number in a file is read as its digits.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// What is given.
    #[serde(rename = "type")]
    pub kind: BusKind,
    /// Active load, MW consumed.
    #[serde(default)]
    pub p_load_mw: f64,
    /// Reactive load, Mvar consumed.
    #[serde(default)]
    pub q_load_mvar: f64,
    /// Shunt, MW consumed at 1 p.u.
    #[serde(default)]
    pub gs_mw: f64,
    /// Shunt, Mvar injected at 1 p.u.
    #[serde(default)]
    pub bs_mvar: f64,
    /// Voltage that a slack or PV bus holds, p.u.
    #[serde(default)]
    pub v_set_pu: Option<f64>,
    /// Angle of a slack bus, degrees.
    #[serde(default)]
    pub va_set_deg: f64,
    /// Active generation of a bus that is not slack, MW.
    #[serde(default)]
    pub p_gen_mw: f64,
}

/// A line or transformer: ideal complex ratio at the from end, then a pi.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct Branch {
    /// Its name, unique.
    #[serde(deserialize_with = "name")]
    pub id: String,
    /// Bus of the from end.
    #[serde(deserialize_with = "name")]
    pub f: String,
    /// Bus of the to end.
    #[serde(deserialize_with = "name")]
    pub t: String,
    /// Series resistance, p.u.; slightly negative in network equivalents.
    pub r: f64,
    /// Series reactance, p.u.; negative for series capacitors.
    pub x: f64,
    /// Total charging susceptance, p.u.
    #[serde(default)]
    pub b: f64,
    /// Total shunt conductance, p.u.
    #[serde(default)]
    pub g: f64,
    /// Ratio, p.u.
    #[serde(default = "one")]
    pub tap: f64,
    /// Phase shift, degrees.
    #[serde(default)]
    pub shift_deg: f64,
    /// Largest apparent power, MVA.
    #[serde(default)]
    pub rate_mva: Option<f64>,
    /// Whether it is closed at both ends.
    #[serde(default = "yes", rename = "in_service", alias = "status", deserialize_with = "flag")]
    pub closed: bool,
}

/// A network.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
pub struct BusBranchCase {
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Base of all per-unit numbers, MVA.
    pub base_mva: f64,
    /// Buses.
    pub buses: Vec<Bus>,
    /// Branches.
    pub branches: Vec<Branch>,
}

const fn one() -> f64 {
    1.0
}

const fn yes() -> bool {
    true
}

/// A name that a file may give as text or as a whole number.
///
/// # Errors
/// Anything else.
pub fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a name must be text or a whole number")]
    enum Name {
        Number(i64),
        Text(String),
    }
    Ok(match Name::deserialize(from)? {
        Name::Number(n) => n.to_string(),
        Name::Text(text) => text,
    })
}

fn flag<'de, D: Deserializer<'de>>(from: D) -> Result<bool, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a status must be true, false, 1 or 0")]
    enum Flag {
        Word(bool),
        Number(u8),
    }
    Ok(match Flag::deserialize(from)? {
        Flag::Word(closed) => closed,
        Flag::Number(n) => n != 0,
    })
}

impl BusBranchCase {
    /// Index of each bus by name.
    ///
    /// # Errors
    /// A name that is used twice.
    pub(super) fn index(&self) -> Result<BTreeMap<&str, usize>, NetworkError> {
        let mut index = BTreeMap::new();
        for (i, bus) in self.buses.iter().enumerate() {
            if index.insert(bus.id.as_str(), i).is_some() {
                return Err(NetworkError::Duplicate { what: "bus", id: bus.id.clone() });
            }
        }
        Ok(index)
    }

    /// Refuses numbers that no network has, and names that are used twice.
    ///
    /// # Errors
    /// The first fault, by owner and field.
    pub fn check(&self) -> Result<(), NetworkError> {
        within("case", "base_mva", self.base_mva, f64::MIN_POSITIVE, MOST_MW)?;
        if self.buses.is_empty() {
            return Err(NetworkError::Empty);
        }
        for bus in &self.buses {
            let owner = format!("bus {}", bus.id);
            let powers = [
                ("p_load_mw", bus.p_load_mw),
                ("q_load_mvar", bus.q_load_mvar),
                ("gs_mw", bus.gs_mw),
                ("bs_mvar", bus.bs_mvar),
                ("p_gen_mw", bus.p_gen_mw),
            ];
            for (field, value) in powers {
                within(&owner, field, value, -MOST_MW, MOST_MW)?;
            }
            within(&owner, "va_set_deg", bus.va_set_deg, -360.0, 360.0)?;
            if bus.kind != BusKind::Pq {
                let value = bus.v_set_pu.unwrap_or(f64::NAN);
                within(&owner, "v_set_pu", value, f64::MIN_POSITIVE, MOST_V_PU)?;
            }
        }
        let mut ids = std::collections::BTreeSet::new();
        for branch in &self.branches {
            if !ids.insert(branch.id.as_str()) {
                return Err(NetworkError::Duplicate { what: "branch", id: branch.id.clone() });
            }
            branch.check()?;
        }
        Ok(())
    }
}

impl Branch {
    fn check(&self) -> Result<(), NetworkError> {
        let owner = format!("branch {}", self.id);
        for (field, value) in [("r", self.r), ("x", self.x), ("b", self.b), ("g", self.g)] {
            within(&owner, field, value, -MOST_PU, MOST_PU)?;
        }
        within(&owner, "tap", self.tap, f64::MIN_POSITIVE, MOST_PU)?;
        within(&owner, "shift_deg", self.shift_deg, -360.0, 360.0)?;
        if self.f == self.t {
            return Err(NetworkError::Loop { branch: self.id.clone(), bus: self.f.clone() });
        }
        // A resistance that feeds power into the network, as large as the reactance, is no
        // equivalent of anything: the sign is wrong.
        if self.r < 0.0 && self.r.abs() >= self.x.abs() {
            return Err(NetworkError::BadNumber {
                owner,
                field: "r",
                value: self.r,
                low: -self.x.abs(),
                high: MOST_PU,
            });
        }
        Ok(())
    }
}

/// NaN fails too.
pub(in crate::evaluate::power) fn within(
    owner: &str,
    field: &'static str,
    value: f64,
    low: f64,
    high: f64,
) -> Result<(), NetworkError> {
    if value >= low && value <= high {
        return Ok(());
    }
    Err(NetworkError::BadNumber { owner: owner.to_owned(), field, value, low, high })
}
