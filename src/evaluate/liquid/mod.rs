//! Liquid: coolant loops from the racks to the CDUs.

mod case;
mod result;

pub use case::{
    CduGroup, CduRated, Coolant, FacilityWater, FlowNeed, LiquidCase, RackBranch, TcsLoop,
};
pub use result::{LiquidResult, LoopResult, LoopState, RackResult};
