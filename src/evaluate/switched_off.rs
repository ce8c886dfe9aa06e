//! Racks that do not run: too hot to go on, or without power on every feed. Once off they stay off
//! in an evaluation, so that the search ends.

use super::air::AirResult;
use super::coupling::intakes_c;
use super::finding::{Finding, Severity, Subject};
use super::loads::RackLoad;
use super::power::case::LoadKind;
use super::power::result::PowerResult;
use super::snapshot::{RackKind, Snapshot};
use super::stages::Turn;
use crate::plan::ObjectId;
use std::collections::{BTreeMap, BTreeSet};

/// Kelvin above its inlet limit at which a rack switches itself off; assumption: no class of
/// equipment is allowed more than 10 K above the next lower one (ASHRAE TC 9.9, A2 to A4).
pub const SHUTDOWN_EXCESS_K: f64 = 10.0;
/// Most rounds of racks switching off; what is left then stays on and carries its findings.
pub const MAX_ROUNDS: u32 = 4;

/// What is off, and why.
#[derive(Clone, Debug, Default)]
pub struct Off {
    too_hot: BTreeSet<ObjectId>,
    /// What an unpowered rack would draw.
    unpowered: BTreeMap<ObjectId, RackLoad>,
}

impl Off {
    /// Every rack that is off.
    #[must_use]
    pub fn racks(&self) -> BTreeSet<ObjectId> {
        self.too_hot.iter().chain(self.unpowered.keys()).copied().collect()
    }

    /// The loads that the racks want: those that run, and those that wait for power.
    #[must_use]
    pub fn wanted(&self, running: &[RackLoad]) -> Vec<RackLoad> {
        running.iter().map(|l| *self.unpowered.get(&l.id).unwrap_or(l)).collect()
    }

    /// Adds the racks that can not go on in this state; whether there are new ones.
    pub fn extend(&mut self, running: &Snapshot, turn: &Turn, power: &PowerResult) -> bool {
        let before = self.too_hot.len() + self.unpowered.len();
        let dead: BTreeSet<ObjectId> = power
            .loads
            .iter()
            .filter(|l| l.kind == LoadKind::Rack && !l.served && l.p_w > 0.0)
            .filter_map(|l| l.object)
            .collect();
        for load in turn.loads.iter().filter(|l| dead.contains(&l.id)) {
            self.unpowered.entry(load.id).or_insert(*load);
        }
        self.too_hot.extend(too_hot(running, &turn.air).filter(|id| !dead.contains(id)));
        self.too_hot.len() + self.unpowered.len() > before
    }

    /// Stops the clocks of everything that is off.
    pub fn stop(&self, loads: &mut [RackLoad]) {
        let off = self.racks();
        for load in loads.iter_mut().filter(|l| off.contains(&l.id)) {
            load.clock = 0.0;
        }
    }

    /// What is said of racks that switched off for heat; dead feeds have findings of their own.
    #[must_use]
    pub fn findings(&self, snapshot: &Snapshot) -> Vec<Finding> {
        let hot = snapshot.racks.iter().filter(|r| self.too_hot.contains(&r.id));
        hot.map(|rack| shut_down(rack.id, &rack.name, rack.inlet_max_c + SHUTDOWN_EXCESS_K))
            .collect()
    }
}

fn too_hot<'a>(running: &'a Snapshot, air: &AirResult) -> impl Iterator<Item = ObjectId> + 'a {
    let intakes = intakes_c(air);
    running
        .racks
        .iter()
        .filter(|r| r.kind == RackKind::Compute)
        .filter(move |r| intakes.get(&r.id).is_some_and(|t| *t > r.inlet_max_c + SHUTDOWN_EXCESS_K))
        .map(|r| r.id)
}

fn shut_down(id: ObjectId, name: &str, limit_c: f64) -> Finding {
    Finding {
        severity: Severity::Error,
        rule: "coupling.shut-down",
        subject: Subject::Object(id),
        message: format!(
            "{name} switches itself off: its intake would pass {limit_c:.0} °C, \
             {SHUTDOWN_EXCESS_K:.0} K above its limit"
        ),
        value: None,
        limit: Some(limit_c),
        unit: "°C",
        source: "planning assumption".into(),
        advice: "bring air to this rack: a unit in service, a free front, a return path".into(),
    }
}
