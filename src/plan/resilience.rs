//! What a planner may state about outages, standby supply, load swings and provisioning. Every
//! field has a default, so plans written before they existed open unchanged.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Standby, swings, provisioning, component data and pairs of outages.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Resilience {
    /// Batteries and generators.
    #[serde(skip_serializing_if = "is_default")]
    pub standby: Standby,
    /// How the load of the hall swings, and what smooths it.
    #[serde(skip_serializing_if = "is_default")]
    pub swing: Swing,
    /// Power caps and oversubscription.
    #[serde(skip_serializing_if = "is_default")]
    pub provision: Provision,
    /// Failure data by class of element (`ups`, `transformer` …) instead of the shipped ones.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub components: BTreeMap<String, FailureData>,
    /// Pairs of elements by name whose joint outage is examined besides the chosen ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<[String; 2]>,
}

impl Resilience {
    /// Whether nothing differs from the defaults: such a section is not written.
    #[must_use]
    pub fn is_default(&self) -> bool {
        is_default(self)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// How often a class of equipment fails and how long it is then out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FailureData {
    /// Failures of one unit per year.
    pub failures_per_year: f64,
    /// Mean time to repair, h.
    pub repair_h: f64,
}

/// Batteries and generators; an absent number is the catalogue's or the planning figure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Standby {
    /// Battery autonomy of a UPS at its full rating when new, min.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub battery_min: Option<f64>,
    /// Time from loss of the utility until generators carry load, s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_s: Option<f64>,
    /// Largest load step of a generator, percent of its rating.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_step_pct: Option<f64>,
    /// Whether UPS ramp up their input after a transfer to generators (walk-in).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub walk_in: Option<bool>,
    /// Whether UPS modules that the load does not need sleep.
    #[serde(skip_serializing_if = "is_default")]
    pub module_shedding: bool,
    /// Power of a battery energy storage system at the intake, MW.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bess_mw: Option<f64>,
    /// Usable energy of it, MWh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bess_mwh: Option<f64>,
}

/// A load that jumps between two levels together, and what smooths it. Absent numbers come from
/// the workload or are planning figures.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Swing {
    /// Upper level, percent of the compute racks' design power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub peak_pct: Option<f64>,
    /// Lower level, percent of the compute racks' design power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trough_pct: Option<f64>,
    /// Time of one cycle, s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period_s: Option<f64>,
    /// Share of the cycle at the upper level, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duty_pct: Option<f64>,
    /// Share of the compute racks that swing together, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub simultaneity_pct: Option<f64>,
    /// Time in which the load goes from one level to the other, s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edge_s: Option<f64>,
    /// Energy stored in racks for smoothing, J per GPU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_j_per_gpu: Option<f64>,
    /// Power smoothing of the GPUs: floor, percent of the compute racks' design power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor_pct: Option<f64>,
    /// Power smoothing of the GPUs: fastest change of the hall's load, MW/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub smoothed_ramp_mw_s: Option<f64>,
    /// Fastest change that the utility allows, MW/s.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ramp_limit_mw_s: Option<f64>,
    /// Largest swing that the utility allows, MW.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range_limit_mw: Option<f64>,
    /// Short-circuit power at the intake, MVA.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_circuit_mva: Option<f64>,
}

/// Power caps and oversubscription.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Provision {
    /// Cap of each compute rack, percent of its design power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap_pct: Option<f64>,
    /// Spread of one rack's power about its mean, percent of its design power.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread_pct: Option<f64>,
    /// Correlation of two racks' powers, 0 (independent) to 1 (lock-step).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<f64>,
    /// Share of the time that the provisioned power may be exceeded, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk_pct: Option<f64>,
}
