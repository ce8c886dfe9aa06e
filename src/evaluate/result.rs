//! What an evaluation answers: the headline numbers, one line per rack, what binds, what is
//! stranded, and the full answer of every stage.

use super::air::AirResult;
use super::economics::{EconomicsCase, EconomicsResult, Quantities};
use super::fabric::FabricResult;
use super::finding::{Finding, Severity};
use super::liquid::LiquidResult;
use super::loads::RackLoad;
use super::plant::PlantResult;
use super::power::case::PowerCase;
use super::power::generate::ChainQuantities;
use super::power::resilience::ResilienceResult;
use super::power::result::PowerResult;
use super::snapshot::RackKind;
use crate::numerics::band::Band;
use crate::plan::{ObjectId, RectMm};
use crate::units::Seconds;
use serde::Serialize;
use std::sync::Arc;

/// How far an answer is refined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// Everything but the air field, which is a coarse picture: lands while dragging.
    Draft,
    /// The air field on its full grid.
    Settled,
    /// The air field on the finest grid that the hall affords, after the settled answer.
    Fine,
}

/// A complete answer.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// Revision of the plan it belongs to.
    pub revision: u64,
    /// How far it is refined.
    pub quality: Quality,
    /// Headline numbers.
    pub kpi: Kpis,
    /// One line per rack, by identity.
    pub racks: Vec<RackSummary>,
    /// What limits the output.
    pub bottleneck: Bottleneck,
    /// Power that the contract offers and the design can not use.
    pub stranded: Stranded,
    /// Every design problem, most severe first.
    pub findings: Vec<Finding>,
    /// How the coupling between heat and clocks settled.
    pub coupling: Coupling,
    /// Energy in and out over all stages.
    pub energy: EnergyBalance,
    /// Time of each stage.
    pub timings: Vec<StageTime>,
    /// Operating point of each rack, by identity.
    pub loads: Vec<RackLoad>,
    /// Counted quantities, the base of the bill of materials.
    pub quantities: Quantities,
    /// Air stage.
    pub air: Arc<AirResult>,
    /// Power stage.
    pub power: Arc<PowerResult>,
    /// Outages and their price, availability, standby, swings, stranded capacity.
    pub resilience: Arc<ResilienceResult>,
    /// What the power stage was asked: the one-line diagram and what-ifs read it.
    #[serde(skip)]
    pub power_case: Arc<PowerCase>,
    /// What the power chain takes to build.
    pub power_quantities: ChainQuantities,
    /// Busway runs on the floor, for drawing.
    pub busways: Vec<BuswayRoute>,
    /// Liquid stage.
    pub liquid: Arc<LiquidResult>,
    /// Plant stage.
    pub plant: Arc<PlantResult>,
    /// Fabric stage.
    pub fabric: Arc<FabricResult>,
    /// Storage stage.
    pub storage: Arc<super::storage::StorageResult>,
    /// Workload stage.
    pub workload: Arc<super::workload::WorkloadResult>,
    /// Economics stage.
    pub economics: Arc<EconomicsResult>,
    /// What the economics stage was asked: cost maps and comparisons ask it again.
    #[serde(skip)]
    pub economics_case: Arc<EconomicsCase>,
}

impl Results {
    /// Number of findings of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }

    /// The line of a rack.
    #[must_use]
    pub fn rack(&self, id: ObjectId) -> Option<&RackSummary> {
        self.racks.binary_search_by_key(&id, |r| r.id).ok().map(|at| &self.racks[at])
    }
}

/// A busway run as drawn on the floor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BuswayRoute {
    /// Name of the power element.
    pub name: String,
    /// Feed letter.
    pub feed: String,
    /// Area over the row, mm.
    pub area: RectMm,
}

/// The headline numbers, always visible. One number has one source: window, JSON, spreadsheet and
/// report all read them here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Kpis {
    /// Output of the hall while working, tokens/s.
    pub tokens_per_s: Option<Band>,
    /// Cost per million tokens, US dollars: P10, base, P90.
    pub usd_per_mtok: Option<Band>,
    /// Cost per sold GPU-hour, US dollars: P10, base, P90.
    pub usd_per_gpu_h: Option<Band>,
    /// Tokens per joule of facility energy.
    pub tokens_per_j: Option<f64>,
    /// Share of installed GPU-hours that do useful work: GPUs in use × goodput, percent.
    pub goodput_pct: f64,
    /// Share of the year that is sold or scheduled, percent.
    pub sold_pct: f64,
    /// Tokens/s that one user sees (serving).
    pub user_tok_s: Option<f64>,
    /// Time to first token, ms (serving).
    pub ttft_ms: Option<f64>,
    /// Facility energy over IT energy, mean over the year.
    pub pue: f64,
    /// Litres of water per kWh of IT energy, mean over the year.
    pub wue_l_kwh: f64,
    /// Facility power on the design day with every rack at design power, MW.
    pub facility_mw: f64,
    /// Contracted power, MW.
    pub utility_mw: f64,
    /// Power at the racks' terminals at design, MW.
    pub it_mw: f64,
    /// Contracted power that the design can not use, MW.
    pub stranded_mw: f64,
    /// What strands most of it.
    pub stranded_cause: String,
    /// The rack with the smallest thermal margin.
    pub worst_inlet: Option<WorstInlet>,
    /// The element with the highest loading.
    pub worst_loading: Option<WorstLoading>,
    /// Capital, US dollars, priced items only.
    pub capex_usd: Band,
    /// Items without a price, left out of every cost.
    pub unpriced_items: usize,
    /// GPUs installed.
    pub gpus: u32,
    /// Findings that block.
    pub errors: usize,
    /// Findings that warn.
    pub warnings: usize,
}

/// The rack nearest to, or furthest above, its inlet limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorstInlet {
    /// The rack.
    pub rack: ObjectId,
    /// Its name.
    pub name: String,
    /// Mean intake, °C.
    pub inlet_c: f64,
    /// Its limit, °C.
    pub limit_c: f64,
    /// Error of the air model at a rack's intake, K.
    pub error_k: f64,
}

impl WorstInlet {
    /// Limit minus intake, K; negative past the limit.
    #[must_use]
    pub fn margin_k(&self) -> f64 {
        self.limit_c - self.inlet_c
    }
}

/// The element with the highest loading against its continuous limit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct WorstLoading {
    /// Its name.
    pub element: String,
    /// Loading in the normal state, percent of the continuous limit.
    pub normal_pct: f64,
    /// Loading in the worst outage, percent of the continuous limit.
    pub worst_pct: f64,
    /// That outage; `None` if the normal state is the worst.
    pub outage: Option<String>,
}

/// One rack across all stages.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RackSummary {
    /// Identity.
    pub id: ObjectId,
    /// Label.
    pub name: String,
    /// What kind of rack it is.
    pub kind: RackKind,
    /// What is inside, in words (`4 × NVIDIA DGX B200`).
    pub contents: String,
    /// Accelerators.
    pub gpus: u32,
    /// Electric power at the operating point, kW.
    pub electric_kw: f64,
    /// Design power, kW.
    pub design_kw: f64,
    /// Heat to air, kW.
    pub air_kw: f64,
    /// Heat to liquid, kW.
    pub liquid_kw: f64,
    /// Airflow, m³/s.
    pub airflow_m3_s: f64,
    /// Mean intake, °C.
    pub inlet_c: Option<f64>,
    /// Hottest intake face, °C.
    pub inlet_max_c: Option<f64>,
    /// Highest allowed intake, °C.
    pub inlet_limit_c: f64,
    /// Mean intakes by height, °C, bottom to top.
    pub inlet_by_height_c: Vec<f64>,
    /// Exhaust, °C.
    pub exhaust_c: Option<f64>,
    /// Share of the intake that is recirculated exhaust, 0 to 1.
    pub recirculation: Option<f64>,
    /// Coolant flow delivered, L/min.
    pub coolant_l_min: Option<f64>,
    /// Coolant flow asked for, L/min.
    pub coolant_required_l_min: Option<f64>,
    /// Coolant supply, °C.
    pub coolant_supply_c: Option<f64>,
    /// Coolant outlet, °C.
    pub coolant_outlet_c: Option<f64>,
    /// Loop that cools it.
    pub loop_name: Option<String>,
    /// Connections: element, amps in the normal state, amps in the worst outage.
    pub feeds: Vec<RackFeed>,
    /// Loading of the busway that feeds it, worst outage, percent of the continuous limit.
    pub feed_worst_pct: Option<f64>,
    /// GPU clock over nominal.
    pub clock: f64,
    /// Output of its GPUs, tokens/s.
    pub tok_s: Option<f64>,
    /// Share of its GPUs in use, 0 to 1.
    pub utilisation: f64,
    /// Design power that is not drawn because clocks are held back or GPUs are idle, kW.
    pub stranded_kw: f64,
    /// Price of the contents, US dollars; `None` is unpriced.
    pub price_usd: Option<f64>,
    /// Mass with contents, kg.
    pub mass_kg: Option<f64>,
    /// Load on its footprint and half the aisles around it, kPa.
    pub floor_kpa: Option<f64>,
    /// Severity of the worst finding about it.
    pub worst_finding: Option<Severity>,
}

/// One connection of a rack.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RackFeed {
    /// Element that feeds it.
    pub element: String,
    /// Current in the normal state, A.
    pub amps: f64,
    /// Current in the worst outage, A.
    pub worst_amps: f64,
    /// What it is connected to: `ABC`, one phase, or `DC`.
    pub phases: &'static str,
}

/// Which subsystem limits the hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// GPU arithmetic.
    Compute,
    /// GPU memory size or bandwidth.
    Memory,
    /// Scale-up or scale-out network.
    Fabric,
    /// Storage.
    Storage,
    /// Power chain or contract.
    Power,
    /// Room air.
    Air,
    /// Coolant or plant.
    Liquid,
    /// Floor area and clearances.
    Space,
    /// Floor load.
    Weight,
}

impl Limit {
    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Compute => "GPU compute",
            Self::Memory => "GPU memory",
            Self::Fabric => "Fabric",
            Self::Storage => "Storage",
            Self::Power => "Power",
            Self::Air => "Air",
            Self::Liquid => "Liquid",
            Self::Space => "Space",
            Self::Weight => "Weight",
        }
    }
}

/// One limit and how much of it is used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LimitUse {
    /// The limit.
    pub limit: Limit,
    /// Used over available, percent: 100 is at the limit.
    pub used_pct: f64,
    /// What it is measured on, in words.
    pub basis: String,
}

/// What limits the output.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bottleneck {
    /// The limit that binds.
    pub binding: Limit,
    /// One sentence: why, and what the next limit would be.
    pub reason: String,
    /// Every limit, most used first.
    pub uses: Vec<LimitUse>,
}

/// Contracted power that can not be used, by cause.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Stranded {
    /// Total, MW.
    pub total_mw: f64,
    /// By cause, largest first.
    pub causes: Vec<StrandedCause>,
}

/// One cause.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StrandedCause {
    /// In words.
    pub cause: String,
    /// How much, MW.
    pub mw: f64,
}

/// How the outer iteration between heat and clocks ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Coupling {
    /// Iterations.
    pub iterations: u32,
    /// Whether clocks stopped changing.
    pub settled: bool,
    /// Largest change of a clock in the last iteration.
    pub last_change: f64,
}

/// Energy over all stages at the design point, W. What comes in goes out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct EnergyBalance {
    /// Taken from the sources.
    pub in_w: f64,
    /// Drawn by racks.
    pub it_w: f64,
    /// Drawn by fans, pumps and compressors.
    pub mechanical_w: f64,
    /// Lost in the power chain.
    pub electrical_loss_w: f64,
    /// Given to the outdoors by the plant and by the losses outside the hall.
    pub out_w: f64,
}

impl EnergyBalance {
    /// |in − out| over in; 0 for a dark hall.
    #[must_use]
    pub fn closure(&self) -> f64 {
        if self.in_w > 0.0 { (self.in_w - self.out_w).abs() / self.in_w } else { self.out_w.abs() }
    }
}

/// Time that a stage took.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StageTime {
    /// Stage.
    pub stage: &'static str,
    /// Time over all iterations.
    pub time: Seconds,
    /// Whether the answer came from the memo.
    pub from_memo: bool,
}
