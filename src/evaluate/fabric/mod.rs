//! Fabric: switches, links and oversubscription, by published counting rules and routed lengths.
//!
//! One call, [`solve`], takes a [`FabricCase`] (racks with their positions, a switch model, a
//! topology, a list of media) and returns a [`FabricResult`]: switches per tier, links per tier,
//! cable lengths and media, modules, power per rack, bisection and the bandwidth left for
//! collectives. Nothing is enumerated link by link: links are aggregated by pair of racks.

mod capacity;
mod case;
mod check;
mod counts;
mod findings;
mod from_plan;
mod media;
mod placement;
mod result;
mod route;
mod solve;
#[cfg(test)]
mod tests;

pub use case::{
    CountOverrides, EndpointRack, FabricCase, FabricError, Medium, MediumKind, NetworkRack,
    OpticsPolicy, RouteRules, SwitchModel, Topology,
};
pub use counts::{CountInput, Counted, count_switches};
pub use from_plan::{FabricOfPlan, from_plan};
pub use result::{
    CableSku, CollectiveBandwidth, EndpointRackLoad, FabricResult, LinkRun, MediumUse,
    NetworkRackLoad, SwitchCounts, Tier, TierLinks,
};
pub use solve::solve;
