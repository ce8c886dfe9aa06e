//! What the resilience layer answers: plain rows for tables, largest loss first.

use super::components::Component;
use super::ledger::Ledger;
use super::panels::Panel;
use super::provision::ProvisionResult;
use super::standby::StandbyResult;
use super::swing::SwingResult;
use crate::evaluate::finding::Finding;
use crate::evaluate::power::case::ElementKind;
use crate::plan::ObjectId;
use serde::Serialize;

/// Outages, availability, standby supply, swings, provisioning and stranded capacity of a hall.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ResilienceResult {
    /// Every single outage and the chosen pairs, most tokens lost first.
    pub outages: Vec<OutageRow>,
    /// How much of the time racks have power.
    pub availability: AvailabilityResult,
    /// Generators and UPS when the utility is lost.
    pub standby: StandbyResult,
    /// The swing of the load; `None` without compute racks.
    pub swing: Option<SwingResult>,
    /// Provisioned against typical power; `None` without compute racks.
    pub provision: Option<ProvisionResult>,
    /// Where installed capacity goes.
    pub ledger: Ledger,
    /// Boards, busways and panels with their circuits.
    pub panels: Vec<Panel>,
    /// Design problems, most severe first.
    pub findings: Vec<Finding>,
}

/// One outage.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OutageRow {
    /// Name (`TX-A1 out`, `UPS-A1 + UPS-B1 out`).
    pub name: String,
    /// Elements that fail.
    pub elements: Vec<String>,
    /// Class of the first of them; `None` where more than two fail (a whole feed, the utility).
    pub kind: Option<ElementKind>,
    /// Racks that lose power, all kinds; those without power in the normal state not counted.
    pub racks_lost: usize,
    /// The same racks, as objects on the floor.
    pub dark: Vec<ObjectId>,
    /// Output lost until jobs are restarted on what is left, tokens/s.
    pub tokens_lost_per_s: f64,
    /// The same over the hall's output, 0 to 1.
    pub tokens_lost_share: f64,
    /// Output still lost after the restart until the repair, tokens/s.
    pub tokens_lost_lasting_per_s: f64,
    /// Mechanical and house loads that lose power.
    pub mechanical_lost: usize,
    /// Their power, kW.
    pub mechanical_lost_kw: f64,
    /// Racks that keep power and lose their cooling: they run until they are too hot.
    pub racks_uncooled: usize,
    /// Element with the highest loading against its continuous limit.
    pub worst_element: Option<String>,
    /// Its loading as a fraction of the nameplate.
    pub worst_loading: f64,
    /// Elements that trip in the wake: voltage collapse or overload past the trip limit.
    pub tripped: Vec<String>,
    /// How often it happens, per year; `None` where it needs more than two failures.
    pub per_year: Option<f64>,
    /// Expected duration, h a year.
    pub hours_per_year: Option<f64>,
    /// Expected loss, tokens a year.
    pub tokens_lost_per_year: Option<f64>,
}

/// How much of the time racks have power.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AvailabilityResult {
    /// Every rack with feeds, in the order of the case.
    pub racks: Vec<RackAvailability>,
    /// Mean over racks, 0 to 1.
    pub mean: f64,
    /// The least, 0 to 1.
    pub worst: f64,
    /// Share of the time in which every rack has power, 0 to 1.
    pub all_up: f64,
    /// Mean outage of a rack's supply, h a year.
    pub hours_per_year: f64,
    /// Mean outage of a mechanical load's supply, h a year.
    pub mechanical_hours_per_year: f64,
    /// Expected loss through the supply, tokens a year.
    pub tokens_lost_per_year: f64,
    /// Share of the year's tokens that the supply does not cost, 0 to 1.
    pub token_availability: f64,
    /// The cut sets that cost most rack-hours, most first.
    pub cuts: Vec<CutSet>,
    /// Number of cut sets found.
    pub cut_count: usize,
    /// Outage of the mean rack by class of the failing component, h a year, most first. Cuts of
    /// two count half to each.
    pub by_class: Vec<(ElementKind, f64)>,
    /// The data used, with sources.
    pub components: Vec<Component>,
}

/// One rack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RackAvailability {
    /// The rack.
    pub object: Option<ObjectId>,
    /// Its name.
    pub name: String,
    /// Share of the time with power, 0 to 1.
    pub availability: f64,
    /// Losses of supply a year.
    pub outages_per_year: f64,
    /// Expected outage, h a year.
    pub hours_per_year: f64,
    /// Part of it from single failures, h a year.
    pub single_hours_per_year: f64,
}

/// Failures that together darken racks, none of them alone.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CutSet {
    /// What fails.
    pub events: Vec<String>,
    /// Whether a common cause is among them.
    pub common_cause: bool,
    /// How often, per year.
    pub per_year: f64,
    /// Mean outage, h.
    pub hours_each: f64,
    /// Expected outage, h a year.
    pub hours_per_year: f64,
    /// Racks that it darkens.
    pub racks: usize,
    /// Expected loss, rack-hours a year.
    pub rack_hours_per_year: f64,
}
