//! One integration binary: shipped data, presets, files and whole evaluations.

mod liquid_plant;
mod preset_builder;
mod preset_plans;
mod report;
mod stage_costs;
