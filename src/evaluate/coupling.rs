//! The one loop of the evaluation: heat slows GPUs, slower GPUs give off less heat.
//!
//! Unknown: the clock c of every rack, 0 < c ≤ 1.
//! (1) excess e = max(intake − its limit, coolant supply − its limit, 0), K
//! (2) target c* = max(floor, 1 − slope · e)
//! (3) c ← c + ω (c* − c), ω = 1 for the first step, ½ after
//! Stops when no clock moves by more than [`SETTLED`], or after [`MAX_ITERATIONS`] with a finding.
//! Slope and floor are planning assumptions (`throttle_loss_per_k`, [`FLOOR`]): vendors publish
//! limits, not clocks above them.

use super::air::AirResult;
use super::finding::{Finding, Severity, Subject};
use super::liquid::LiquidResult;
use super::result::Coupling;
use super::snapshot::{RackKind, ResolveError, Snapshot};
use super::stages::Turn;
use crate::plan::ObjectId;
use crate::units::Kelvin;
use std::collections::BTreeMap;

/// Change of a clock below which the iteration is over.
pub const SETTLED: f64 = 1e-3;
/// Most iterations.
pub const MAX_ITERATIONS: u32 = 12;
/// Share of the way to the target after the first step; damps racks that heat each other.
const RELAXATION: f64 = 0.5;

/// Lowest clock that is still work, of nominal: below it systems shut down; assumption.
pub const FLOOR: f64 = 0.3;

/// How strongly heat slows a rack.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throttle {
    /// Loss of clock per kelvin above the limit, 1/K.
    pub slope_per_k: f64,
    /// Lowest clock before a system would shut down.
    pub floor: f64,
}

impl Throttle {
    /// The planning assumption of a plan.
    pub fn of(snapshot: &Snapshot) -> Result<Self, ResolveError> {
        Ok(Self { slope_per_k: snapshot.assumption("throttle_loss_per_k")?.base, floor: FLOOR })
    }
}

/// Clocks after one more iteration, and the largest change.
#[must_use]
pub fn next_clocks(
    turn: &Turn,
    snapshot: &Snapshot,
    clocks: &[f64],
    throttle: Throttle,
    state: &Coupling,
) -> (Vec<f64>, f64) {
    let intakes = intakes_c(&turn.air);
    let supplies = coolant_supplies_c(&turn.liquid);
    let weight = if state.iterations <= 1 { 1.0 } else { RELAXATION };
    let mut largest: f64 = 0.0;
    let next = snapshot
        .racks
        .iter()
        .zip(clocks)
        .map(|(rack, &clock)| {
            if rack.kind != RackKind::Compute {
                return 1.0;
            }
            let air_excess = intakes.get(&rack.id).map_or(0.0, |t| t - rack.inlet_max_c);
            let coolant_limit = rack.system.as_ref().and_then(|s| s.spec.liquid_supply_max_c);
            let liquid_excess = match (supplies.get(&rack.id), coolant_limit) {
                (Some(supply), Some(limit)) => supply - limit,
                _ => 0.0,
            };
            let excess_k = air_excess.max(liquid_excess).max(0.0);
            let target = (1.0 - throttle.slope_per_k * excess_k).max(throttle.floor);
            let moved = weight * (target - clock);
            largest = largest.max(moved.abs());
            clock + moved
        })
        .collect();
    (next, largest)
}

/// What each rack's servers take in, °C.
#[must_use]
pub fn intakes_c(air: &AirResult) -> BTreeMap<ObjectId, f64> {
    air.racks.iter().filter_map(|r| Some((r.object?, Kelvin::k(r.server_inlet_k).to_c()))).collect()
}

fn coolant_supplies_c(liquid: &LiquidResult) -> BTreeMap<ObjectId, f64> {
    liquid
        .loops
        .iter()
        .flat_map(|l| &l.racks)
        .map(|r| (r.id, Kelvin::k(r.supply_k).to_c()))
        .collect()
}

/// What the coupling has to report: racks that are slowed, or a loop that did not settle.
#[must_use]
pub fn findings(snapshot: &Snapshot, clocks: &[f64], coupling: &Coupling) -> Vec<Finding> {
    let mut found: Vec<Finding> = snapshot
        .racks
        .iter()
        .zip(clocks)
        .filter(|(_, clock)| **clock < 1.0 - SETTLED)
        .map(|(rack, clock)| throttled(rack.id, &rack.name, *clock))
        .collect();
    if !coupling.settled {
        found.push(Finding {
            severity: Severity::Warning,
            rule: "coupling.not-settled",
            subject: Subject::Plan("coupling".into()),
            message: format!(
                "Heat and GPU clocks did not settle in {MAX_ITERATIONS} iterations: clocks still \
                 move by {:.1} %",
                coupling.last_change * 100.0
            ),
            value: Some(coupling.last_change * 100.0),
            limit: Some(SETTLED * 100.0),
            unit: "%",
            source: "outer iteration".into(),
            advice: "cool the racks that throttle; the design sits on the edge of its limit".into(),
        });
    }
    found
}

fn throttled(id: ObjectId, name: &str, clock: f64) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: "coupling.throttled",
        subject: Subject::Object(id),
        message: format!("{name} runs its GPUs at {:.0} % of their clock", clock * 100.0),
        value: Some(clock * 100.0),
        limit: Some(100.0),
        unit: "%",
        source: "system inlet or coolant limit".into(),
        advice:
            "lower the supply temperature, close the leak that recirculates, or spread the load"
                .into(),
    }
}
