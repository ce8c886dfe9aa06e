//! What a ride-through answers: how long each rack has, and pictures to play.

use super::super::case::InletLimits;
use super::super::result::AirField;
use super::event::Event;
use crate::plan::ObjectId;
use serde::Serialize;
use std::sync::Arc;

/// The answer to a [`super::RideThroughCase`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RideThrough {
    /// What failed.
    pub event: Event,
    /// Times of the series in s after the event; each value is a mean over the time around it.
    pub times_s: Vec<f64>,
    /// Volume mean of the hall's air in K.
    pub hall_mean_k: Vec<f64>,
    /// Warmest chilled water at a running unit in K; empty without running units.
    pub water_k: Vec<f64>,
    /// Racks in the order of the case.
    pub racks: Vec<RackRide>,
    /// The first racks to pass their allowable limit, at most three, as places in `racks`.
    pub first_trips: Vec<usize>,
    /// Where the heat went.
    pub heat: HeatBook,
    /// Pictures of the field.
    pub pictures: Vec<Picture>,
    /// What it took.
    pub effort: RideEffort,
}

/// A rack after the event.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RackRide {
    /// Name in the case.
    pub id: String,
    /// The plan object, when known.
    pub object: Option<ObjectId>,
    /// Limits that it is held to; none for a rack without.
    pub limits: Option<InletLimits>,
    /// Mean intake at the times of the series, in K.
    pub intake_k: Vec<f32>,
    /// Time until the intake passes the recommended limit in s; none if it does not.
    pub recommended_s: Option<f64>,
    /// Time until the intake passes the allowable limit in s; none if it does not.
    pub allowable_s: Option<f64>,
}

impl RackRide {
    /// Hottest intake in K.
    #[must_use]
    pub fn hottest_k(&self) -> f64 {
        self.intake_k.iter().copied().fold(f32::NEG_INFINITY, f32::max).into()
    }
}

/// Heat since the event in J.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HeatBook {
    /// Made by racks.
    pub made_j: f64,
    /// Taken by chilled water that chillers hold.
    pub chillers_j: f64,
    /// Taken by rear doors.
    pub doors_j: f64,
    /// Left with ducts and leaks.
    pub ducts_and_leaks_j: f64,
    /// Stored in the air.
    pub air_j: f64,
    /// Stored in servers.
    pub servers_j: f64,
    /// Stored in coils and chilled water.
    pub water_j: f64,
    /// Stored in the floor slab.
    pub slab_j: f64,
}

impl HeatBook {
    /// What is missing, over what was made.
    #[must_use]
    pub fn closure(&self) -> f64 {
        let gone = self.chillers_j + self.doors_j + self.ducts_and_leaks_j;
        let stored = self.air_j + self.servers_j + self.water_j + self.slab_j;
        (self.made_j - gone - stored).abs() / self.made_j.max(1.0)
    }
}

/// The field at one time.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Picture {
    /// Time after the event in s.
    pub t_s: f64,
    /// Temperature and velocity.
    #[serde(skip)]
    pub field: Arc<AirField>,
}

/// What a ride-through took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RideEffort {
    /// Cell size in m.
    pub dx_m: f64,
    /// Air cells.
    pub cells: usize,
    /// Time step in s.
    pub dt_s: f64,
    /// Time steps.
    pub steps: usize,
}

/// Time at which a series first passes a limit, between its points; 0 when it starts above.
pub(super) fn passes(times_s: &[f64], values: &[f32], limit: f64) -> Option<f64> {
    let over = values.iter().position(|v| f64::from(*v) > limit)?;
    let Some(before) = over.checked_sub(1) else { return Some(0.0) };
    let (a, b) = (f64::from(values[before]), f64::from(values[over]));
    Some(times_s[before] + (times_s[over] - times_s[before]) * (limit - a) / (b - a))
}

/// The three racks that trip first, by time and then by place.
pub(super) fn first_trips(racks: &[RackRide]) -> Vec<usize> {
    let mut tripped: Vec<(f64, usize)> =
        racks.iter().enumerate().filter_map(|(i, r)| Some((r.allowable_s?, i))).collect();
    tripped.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    tripped.into_iter().take(3).map(|(_, i)| i).collect()
}
