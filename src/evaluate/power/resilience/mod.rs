//! What lies above the load flow: outages and what they cost, availability, standby supply, load
//! swings, provisioning and stranded capacity.
//!
//! [`solve`] takes a [`ResilienceCase`] with the solved power case and answers with a
//! [`ResilienceResult`]. `outages` prices every single outage and chosen pairs in tokens; `cuts`
//! finds minimal cut sets to order two by the liveness search of `reach`; `components` holds
//! failure data with sources; `standby`, `swing`, `provision` and `ledger` stand alone.
//!
//! Quasi-static throughout: no transients, no protection coordination, no planned maintenance; a
//! failed UPS does not pass power through a bypass.

mod availability;
mod case;
pub mod components;
mod cuts;
mod events;
mod findings;
mod ledger;
mod outages;
mod panels;
mod provision;
mod reach;
mod result;
mod standby;
mod swing;
#[cfg(test)]
mod tests;
mod tokens;

pub use case::{
    AirUse, CoolingUse, GrowthFacts, ResilienceCase, StandbyFacts, SwingFacts, TokenGroup,
};
pub use components::Component;
pub use ledger::{Ledger, LedgerEntry, LedgerSide};
pub use outages::TRIP_LOADING;
pub use panels::{Circuit, Panel};
pub use provision::ProvisionResult;
pub use result::{AvailabilityResult, CutSet, OutageRow, RackAvailability, ResilienceResult};
pub use standby::{BessLine, GeneratorLine, StandbyResult, UpsLine};
pub use standby::{START_MARGIN_S, TYPE_10_S};
pub use swing::{STORAGE_J_PER_GPU, SwingCheck, SwingResult};

use super::error::PowerError;
use super::result::PowerResult;
use crate::evaluate::cancel::CancelToken;
use outages::Pricing;
use reach::{Marks, Reach};

/// Answers the case, whose power case was solved with the answer `normal`.
///
/// # Errors
/// As of the load flow, for pairs and cascades; a newer evaluation.
pub fn solve(
    case: &ResilienceCase,
    normal: &PowerResult,
    cancel: &CancelToken,
) -> Result<ResilienceResult, PowerError> {
    let reach = Reach::new(&case.power);
    let classes = reach::classes(&case.power);
    let singles = outages::singles(&case.power, normal, cancel)?;
    let follows: Vec<Vec<usize>> = singles.iter().map(|s| s.tripped.clone()).collect();
    let data = components::table(&case.settings.components);
    let events = events::events(case, normal, &data, &follows);
    let pricing = Pricing { case, normal, reach: &reach, classes: &classes, events: &events };
    let availability = availability::availability(case, &reach, &classes, &events, data);
    cancel.check()?;
    let mut examined = singles;
    examined.extend(outages::named(&case.power, normal, cancel)?);
    if case.pairs {
        let (stated, cuts) = (&case.settings.pairs, &availability.cuts);
        examined.extend(outages::pairs(&case.power, normal, stated, cuts, cancel)?);
    }
    let mut marks = Marks::default();
    let mut rows: Vec<OutageRow> = examined.iter().map(|e| pricing.row(e, &mut marks)).collect();
    outages::sort(&mut rows);
    let standby = standby::standby(case, normal, cancel)?;
    let swing = swing::swing(case, normal, &standby);
    let mut result = ResilienceResult {
        outages: rows,
        availability,
        swing,
        provision: provision::provision(case),
        ledger: ledger::ledger(case, normal, &classes),
        panels: panels::panels(case, normal),
        standby,
        findings: Vec::new(),
    };
    result.findings = findings::review(case, &result);
    Ok(result)
}
