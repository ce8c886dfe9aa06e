//! The stranded-power ledger: contracted power that makes no tokens, by cause.
//!
//! Contract − facility draw is power that nothing uses. It is put down to the subsystem with the
//! least headroom, since that is what stops the next rack. Power that is drawn, or kept ready, for
//! GPUs that do not work is stranded inside the hall.

use super::bottleneck::Headroom;
use super::result::{RackSummary, Stranded, StrandedCause};
use super::snapshot::{RackKind, Snapshot};
use crate::units::Watts;

/// How the cause of contracted power that nothing draws begins.
pub const UNUSED_CONTRACT: &str = "Unused contract";

/// Smallest entry worth a line, MW.
const SMALLEST_MW: f64 = 1e-4;

/// The ledger of a hall that draws `facility` in all.
#[must_use]
pub fn ledger(
    snapshot: &Snapshot,
    racks: &[RackSummary],
    facility: Watts,
    headroom: &Headroom,
) -> Stranded {
    let compute = || racks.iter().filter(|r| r.kind == RackKind::Compute);
    let throttled_kw: f64 = compute().map(|r| (r.design_kw - r.electric_kw).max(0.0)).sum();
    let idle_kw: f64 = compute().map(|r| r.electric_kw * (1.0 - r.utilisation)).sum();
    let unused_mw = snapshot.plan.power.utility_mw - facility.to_mw();
    let mut causes = vec![
        cause("Clocks held back by heat", throttled_kw / 1e3),
        cause("GPUs that no replica uses", idle_kw / 1e3),
        cause(&format!("{UNUSED_CONTRACT}, stopped by {}", headroom.tightest()), unused_mw),
    ];
    causes.retain(|c| c.mw >= SMALLEST_MW);
    causes.sort_by(|a, b| b.mw.total_cmp(&a.mw));
    Stranded { total_mw: causes.iter().map(|c| c.mw).sum(), causes }
}

fn cause(words: &str, mw: f64) -> StrandedCause {
    StrandedCause { cause: words.into(), mw: mw.max(0.0) }
}
