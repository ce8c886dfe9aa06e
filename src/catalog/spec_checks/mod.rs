//! Limits of every number of every kind of entry. A limit is wide enough for anything that could
//! be built within the life of a plan and narrow enough to catch a wrong unit or a slipped digit.

mod compute;
mod model;
mod network;
mod plant;
mod site;

/// Largest price of one item, US dollars: ten times a whole AI rack of 2026.
const MOST_USD: f64 = 1e8;
/// Largest price per kW of building equipment, US dollars.
const MOST_USD_PER_KW: f64 = 1e5;
/// Largest draw of one system, W: a whole pod.
const MOST_SYSTEM_W: f64 = 5e6;
/// Largest mass of one item, kg: a generator set.
const MOST_KG: f64 = 1e5;
/// Coldest and hottest coolant or air that equipment is specified for, °C.
const COLDEST_C: f64 = -40.0;
/// See [`COLDEST_C`].
const HOTTEST_C: f64 = 90.0;
/// Largest accelerator count of one system or domain.
const MOST_ACCELERATORS: u32 = 100_000;
