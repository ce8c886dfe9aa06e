//! What the plan takes, as counted by the other stages: the meeting point that keeps the
//! economics stage from knowing them.

use super::{Band, Subsystem};
use serde::{Deserialize, Serialize};

/// So much of one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quantity {
    /// Catalogue key of the item, to look its price up; several keys may share a name.
    pub key: String,
    /// Name for the bill of materials.
    pub name: String,
    /// How much, in the unit of the list it stands in.
    pub amount: f64,
}

/// Counts and ratings of everything that has a price. Each list is keyed by catalogue entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quantities {
    /// GPUs installed.
    pub gpus: u32,
    /// Servers and rack-scale systems \[pieces\].
    pub systems: Vec<Quantity>,
    /// Empty racks for servers, switches and storage \[pieces\].
    pub racks: Vec<Quantity>,
    /// Switches \[pieces\].
    pub switches: Vec<Quantity>,
    /// Pluggable modules \[pieces\].
    pub optics: Vec<Quantity>,
    /// Cables \[pieces\]; under the key of an optic, the fibre cables between its modules.
    pub cables: Vec<Quantity>,
    /// Length of all fibre cables \[m\].
    pub fibre_m: f64,
    /// Storage appliances \[pieces\].
    pub storage: Vec<Quantity>,
    /// Transformers \[kVA\].
    pub transformers_kva: Vec<Quantity>,
    /// Capacity of the medium-voltage intakes together \[kW\]; switchgear is priced by facility
    /// power, as its published figure is.
    pub switchgear_kw: f64,
    /// UPS and batteries \[kW\].
    pub ups_kw: Vec<Quantity>,
    /// Generators \[kW\].
    pub generators_kw: Vec<Quantity>,
    /// Floor PDUs and RPPs \[kVA\].
    pub pdus_kva: Vec<Quantity>,
    /// Busway \[m\].
    pub busway_m: Vec<Quantity>,
    /// Tap-off boxes \[pieces\].
    pub tap_offs: f64,
    /// Rack PDUs \[pieces\].
    pub rack_pdus: f64,
    /// Rack power shelves and rack PDUs not sold with the system \[kW\].
    pub rack_power_kw: Vec<Quantity>,
    /// CDUs \[kW\].
    pub cdus_kw: Vec<Quantity>,
    /// CRAHs, fan walls, in-row coolers and rear doors \[kW\].
    pub air_coolers_kw: Vec<Quantity>,
    /// Chillers, dry coolers and towers \[kW\].
    pub plant_kw: Vec<Quantity>,
    /// Coolant and facility-water piping \[m\].
    pub piping_m: f64,
    /// Aisle containment \[m of aisle\].
    pub containment_m: f64,
    /// Raised floor \[m²\]; 0 on a slab.
    pub raised_floor_m2: f64,
    /// IT capacity that staff and services are reckoned by \[kW\].
    pub it_capacity_kw: f64,
    /// Facility power at the design point, which shell and services are reckoned by \[kW\].
    pub facility_kw: f64,
    /// Items of the planner's own, already in dollars or pieces: subsystem, item and pieces.
    pub extra: Vec<(Subsystem, Quantity)>,
}

/// How the factory runs, as found by the other stages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// Facility power while GPUs work, mean over the year \[kW\].
    pub facility_at_load_kw: f64,
    /// Largest facility power of the year \[kW\].
    pub facility_peak_kw: f64,
    /// IT share of the facility's energy (1/PUE).
    pub it_share: f64,
    /// Litres of water per kWh of IT energy.
    pub wue_l_kwh: f64,
    /// Useful share of the working time after failures, restarts and checkpoints, 0–1.
    pub goodput: f64,
    /// Share of those hours that is sold or scheduled, 0–1.
    pub sold_share: f64,
    /// Tokens per second of the whole plan while working.
    pub tokens_per_s: Option<Band>,
    /// Prompts beside the output (serving).
    pub prompts: Option<Prompts>,
}

/// Prompts that are served beside the output.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prompts {
    /// Prompt tokens per second that are computed; cached ones come on top.
    pub computed_tok_s: f64,
    /// Share of all prompt tokens that is found in a cache, 0 to below 1.
    pub cached_share: f64,
    /// Share of GPU time that prefill takes, with its band, 0–1.
    pub prefill_share: Band,
}
