//! The same question about a plan.

use super::super::case::{AirCase, LIVE_CELL_M};
use super::super::error::AirError;
use super::super::from_plan::case_from_plan;
use super::mass::ASSUMED_IT_KG;
use super::{Event, RideOptions, RideThrough, RideThroughCase, RideWatcher, ride_through};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::loads::RackLoad;
use crate::evaluate::snapshot::{RackFacts, Snapshot};
use crate::plan::ObjectId;

/// What may fail in a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanEvent {
    /// These cooling units.
    Units(Vec<ObjectId>),
    /// Every fan of the air units.
    Fans,
    /// The chillers.
    ChilledWater {
        /// Whether pumps go on.
        pumps_run: bool,
    },
}

/// Asks the question of a plan at its racks' operating point: 0.6 m cells, IT masses from the
/// catalogue where it has them.
pub fn question_of_plan(
    snapshot: &Snapshot,
    loads: &[RackLoad],
    event: &PlanEvent,
    options: &RideOptions,
) -> Result<RideThroughCase, AirError> {
    let case = case_from_plan(snapshot, loads, LIVE_CELL_M);
    let event = match event {
        PlanEvent::Fans => Event::FansStop,
        PlanEvent::ChilledWater { pumps_run } => Event::ChilledWaterLost { pumps_run: *pumps_run },
        PlanEvent::Units(ids) => Event::UnitsFail {
            units: ids.iter().map(|id| name_of(&case, *id)).collect::<Result<_, _>>()?,
        },
    };
    let it_kg = snapshot.racks.iter().map(it_kg).collect();
    Ok(RideThroughCase { case, event, options: RideOptions { it_kg, ..options.clone() } })
}

/// Answers it.
pub fn ride_through_of_plan(
    snapshot: &Snapshot,
    loads: &[RackLoad],
    event: &PlanEvent,
    options: &RideOptions,
    cancel: &CancelToken,
    watch: &mut RideWatcher,
) -> Result<RideThrough, AirError> {
    let question = question_of_plan(snapshot, loads, event, options)?;
    ride_through(&question, None, cancel, watch)
}

fn name_of(case: &AirCase, id: ObjectId) -> Result<String, AirError> {
    let unit = case.units.iter().find(|u| u.object == Some(id));
    unit.map(|u| u.id.clone()).ok_or_else(|| AirError::BadName {
        field: "event.units".into(),
        problem: format!("object #{} is no air unit of the hall", id.0),
    })
}

/// IT mass that the air meets: that of the rack's systems, less the share that liquid cools.
///
/// Assumption: mass is shared between air and liquid like heat. A rack whose systems state no mass
/// has [`ASSUMED_IT_KG`] if it gives heat to the air at all.
fn it_kg(rack: &RackFacts) -> f64 {
    let stated = rack.system.as_ref().and_then(|s| s.spec.mass_kg);
    let whole = stated.map_or(ASSUMED_IT_KG, |kg| kg * f64::from(rack.system_count));
    let gives_heat = rack.design_power.to_w() > 0.0;
    if gives_heat { whole * (1.0 - rack.liquid_fraction).clamp(0.0, 1.0) } else { 0.0 }
}
