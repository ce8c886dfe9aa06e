//! One integration binary: shipped data, presets, files and whole evaluations.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod document;
mod files;
mod findings;
mod honesty;
mod liquid_plant;
mod patch;
mod preset_builder;
mod preset_plans;
mod presets;
mod purity;
mod report;
mod resilience;
mod serving_terms;
mod stage_costs;
mod support;
mod tidy;
mod validation;
