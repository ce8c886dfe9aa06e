//! The facts of each kind of entry. A missing number is `None`, never 0: whoever needs it must
//! say so or fall back to a named assumption.

use super::check::Checker;
use super::entry::{PriceRange, SizeMm};
use super::key::{AcceleratorKey, RackKey};
use serde::{Deserialize, Serialize};

/// A kind of catalogue entry.
pub trait Spec {
    /// The kind in words, for messages.
    const KIND: &'static str;
    /// Reports every value outside its physical or sensible limits.
    fn check(&self, to: &mut Checker<'_>);
}

/// A GPU or other accelerator package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceleratorSpec {
    /// Architecture class (`Hopper`, `Blackwell`, `CDNA4` …), which efficiencies attach to.
    pub arch: String,
    /// Package form.
    pub form: String,
    /// Thermal design power.
    #[serde(default)]
    pub tdp_w: Option<f64>,
    /// Dense BF16 peak, TFLOP/s.
    #[serde(default)]
    pub bf16_dense_tflops: Option<f64>,
    /// Dense FP8 peak, TFLOP/s; `None` where the part has no FP8.
    #[serde(default)]
    pub fp8_dense_tflops: Option<f64>,
    /// Dense FP4 peak, TFLOP/s; `None` where the part has no FP4.
    #[serde(default)]
    pub fp4_dense_tflops: Option<f64>,
    /// Memory, 1e9 bytes.
    pub memory_gbyte: f64,
    /// Memory type.
    pub memory_type: String,
    /// Memory bandwidth, 1e12 bytes/s.
    pub memory_tbyte_s: f64,
    /// Scale-up (NVLink, Infinity Fabric …) bandwidth, both directions together, GB/s.
    #[serde(default)]
    pub scale_up_gbyte_s_bidir: Option<f64>,
    /// Accelerators in one scale-up domain.
    pub scale_up_domain: u32,
    /// Scale-out network rate per accelerator, Gbit/s.
    #[serde(default)]
    pub nic_gbit_s: Option<f64>,
    /// Price of one package, US dollars.
    #[serde(default)]
    pub price_usd: Option<PriceRange>,
    /// When it was or will be launched.
    pub launch: String,
    /// Air inlet above which the system throttles or shuts down, °C.
    #[serde(default)]
    pub max_air_inlet_c: Option<f64>,
    /// Coolant supply above which cold plates no longer hold the rating, °C.
    #[serde(default)]
    pub max_liquid_supply_c: Option<f64>,
    /// How it may be cooled.
    pub cooling: String,
}

/// What a system is, physically: never confuse a GPU, a tray, a server and a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SystemForm {
    /// A chassis of some U that goes into a rack frame.
    Server,
    /// A tray of a rack-scale system; not placed on its own.
    Tray,
    /// A whole rack.
    Rack,
    /// Several racks sold as one; a reference, not placed.
    Pod,
}

/// Coolant flow that a system needs at one supply temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowPoint {
    /// Coolant supply temperature, °C.
    pub supply_c: f64,
    /// Required flow, L/min.
    pub flow_l_min: f64,
    /// Pressure drop at that flow, kPa.
    #[serde(default)]
    pub drop_kpa: Option<f64>,
}

/// A server or a rack-scale system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemSpec {
    /// Server, tray, rack or pod.
    pub form: SystemForm,
    /// The accelerator inside.
    #[serde(default)]
    pub accelerator: Option<AcceleratorKey>,
    /// Accelerators in one system.
    pub accelerator_count: u32,
    /// Height in rack units.
    #[serde(default)]
    pub rack_units: Option<u32>,
    /// Sustained draw under real load, W.
    #[serde(default)]
    pub typical_power_w: Option<f64>,
    /// Maximum sustained draw that feeds and cooling are designed for, W.
    #[serde(default)]
    pub design_power_w: Option<f64>,
    /// Short peak, W.
    #[serde(default)]
    pub peak_power_w: Option<f64>,
    /// Mass, kg.
    #[serde(default)]
    pub mass_kg: Option<f64>,
    /// Outer size.
    #[serde(default)]
    pub size_mm: Option<SizeMm>,
    /// Airflow at design power, m³/h.
    #[serde(default)]
    pub airflow_m3_h: Option<f64>,
    /// Allowed air inlet, °C, low end.
    #[serde(default)]
    pub inlet_min_c: Option<f64>,
    /// Allowed air inlet, °C, high end.
    #[serde(default)]
    pub inlet_max_c: Option<f64>,
    /// Share of the heat that goes to liquid, 0 to 1.
    #[serde(default)]
    pub liquid_heat_fraction: Option<f64>,
    /// Required coolant flow against supply temperature, rising temperatures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub liquid_flow: Vec<FlowPoint>,
    /// Highest coolant supply, °C.
    #[serde(default)]
    pub liquid_supply_max_c: Option<f64>,
    /// Power supplies in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub psu: String,
    /// Scale-out network ports.
    #[serde(default)]
    pub nic_count: Option<u32>,
    /// Rate of each scale-out port, Gbit/s.
    #[serde(default)]
    pub nic_gbit_s: Option<f64>,
    /// Network in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub nic: String,
    /// Rack frame that it comes in or is usually put into.
    #[serde(default)]
    pub frame: Option<RackKey>,
    /// Price of one system, US dollars.
    #[serde(default)]
    pub price_usd: Option<PriceRange>,
}

impl SystemSpec {
    /// What is missing before a rack with this system could be evaluated; empty if nothing.
    #[must_use]
    pub fn missing_for_placing(&self) -> Vec<&'static str> {
        let mut missing = Vec::new();
        if matches!(self.form, SystemForm::Tray | SystemForm::Pod) {
            missing.push("a form that can be placed (server or rack)");
        }
        if self.accelerator.is_none() {
            missing.push("accelerator");
        }
        if self.design_power_w.is_none() {
            missing.push("design_power_w");
        }
        if self.form == SystemForm::Server && self.rack_units.is_none() {
            missing.push("rack_units");
        }
        if self.form == SystemForm::Rack && self.size_mm.is_none() {
            missing.push("size_mm");
        }
        missing
    }
}

/// A rack frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RackSpec {
    /// Standard that it follows.
    pub standard: String,
    /// Outer size.
    #[serde(default)]
    pub size_mm: Option<SizeMm>,
    /// Usable units.
    #[serde(default)]
    pub units: Option<u32>,
    /// `U` or `OU`.
    pub unit_kind: String,
    /// Empty mass, kg.
    #[serde(default)]
    pub tare_kg: Option<f64>,
    /// Allowed load standing still, kg.
    #[serde(default)]
    pub static_load_kg: Option<f64>,
    /// Allowed load while rolled, kg.
    #[serde(default)]
    pub dynamic_load_kg: Option<f64>,
    /// Bus bar rating, A.
    #[serde(default)]
    pub busbar_a: Option<f64>,
    /// Bus bar voltage, V DC.
    #[serde(default)]
    pub busbar_vdc: Option<f64>,
    /// Power that a planner should not exceed, kW.
    #[serde(default)]
    pub max_kw: Option<f64>,
    /// Price, US dollars.
    #[serde(default)]
    pub price_usd: Option<PriceRange>,
}

/// Kind of cooling equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoolingKind {
    /// Coolant distribution unit, liquid to liquid, on the floor.
    CduL2l,
    /// CDU inside a rack.
    CduInrack,
    /// CDU that rejects to room air.
    CduL2a,
    /// Rear-door heat exchanger with fans.
    RdhxActive,
    /// Rear-door heat exchanger without fans.
    RdhxPassive,
    /// Perimeter unit with chilled water.
    Crah,
    /// Fan wall.
    FanWall,
    /// Unit between racks.
    InRow,
    /// Water-cooled chiller.
    ChillerWc,
    /// Air-cooled chiller.
    ChillerAc,
    /// Dry cooler.
    DryCooler,
    /// Cooling tower.
    CoolingTower,
    /// Single-phase immersion tank.
    #[serde(rename = "immersion-1p")]
    Immersion1p,
    /// Two-phase immersion tank.
    #[serde(rename = "immersion-2p")]
    Immersion2p,
}

/// A piece of cooling equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CoolingSpec {
    /// What it is.
    pub kind: CoolingKind,
    /// Rated heat, kW.
    #[serde(default)]
    pub capacity_kw: Option<f64>,
    /// Airflow, m³/h.
    #[serde(default)]
    pub airflow_m3_h: Option<f64>,
    /// Fan or pump power at rating, kW.
    #[serde(default)]
    pub fan_or_pump_kw: Option<f64>,
    /// Coefficient of performance at rating.
    #[serde(default)]
    pub cop: Option<f64>,
    /// Water or coolant flow at rating, L/min.
    #[serde(default)]
    pub water_flow_l_min: Option<f64>,
    /// Pressure drop or external head at rating, bar.
    #[serde(default)]
    pub pressure_bar: Option<f64>,
    /// Approach at rating, K.
    #[serde(default)]
    pub approach_k: Option<f64>,
    /// Supply temperature at rating, °C.
    #[serde(default)]
    pub supply_c: Option<f64>,
    /// Return temperature at rating, °C.
    #[serde(default)]
    pub return_c: Option<f64>,
    /// Outer size.
    #[serde(default)]
    pub size_mm: Option<SizeMm>,
    /// Mass, kg.
    #[serde(default)]
    pub mass_kg: Option<f64>,
    /// Price per kW of rated heat, US dollars.
    #[serde(default)]
    pub price_usd_per_kw: Option<PriceRange>,
}

/// Kind of power equipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PowerKind {
    /// MV/LV or LV/LV transformer.
    Transformer,
    /// Uninterruptible power supply.
    Ups,
    /// Battery cabinet.
    Battery,
    /// Track busway.
    Busway,
    /// Floor PDU with transformer.
    Pdu,
    /// Rack PDU.
    Rpdu,
    /// Remote power panel.
    Rpp,
    /// Standby generator.
    Generator,
    /// Battery energy storage system.
    Bess,
    /// Rectifier shelf in a rack.
    RectifierShelf,
    /// 800 VDC power rack or sidecar.
    #[serde(rename = "800vdc")]
    Vdc800,
    /// Server power supply.
    Psu,
}

/// Efficiency at a load fraction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EfficiencyPoint {
    /// Load, percent of rating.
    pub load_pct: f64,
    /// Efficiency, percent.
    pub efficiency_pct: f64,
}

/// A piece of power equipment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerSpec {
    /// What it is.
    pub kind: PowerKind,
    /// Rating, kVA.
    #[serde(default)]
    pub rating_kva: Option<f64>,
    /// Rating, kW.
    #[serde(default)]
    pub rating_kw: Option<f64>,
    /// Rating, A.
    #[serde(default)]
    pub rating_a: Option<f64>,
    /// Rated voltage, V line to line or DC.
    #[serde(default)]
    pub voltage_v: Option<f64>,
    /// Short-circuit impedance, percent.
    #[serde(default)]
    pub impedance_pct: Option<f64>,
    /// No-load loss, W.
    #[serde(default)]
    pub no_load_loss_w: Option<f64>,
    /// Load loss at rating, W.
    #[serde(default)]
    pub load_loss_w: Option<f64>,
    /// Efficiency points, rising load.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub efficiency: Vec<EfficiencyPoint>,
    /// Efficiency in eco mode, percent.
    #[serde(default)]
    pub efficiency_eco_pct: Option<f64>,
    /// Battery autonomy at full load, min.
    #[serde(default)]
    pub battery_min: Option<f64>,
    /// Start time, s.
    #[serde(default)]
    pub start_s: Option<f64>,
    /// Largest load step, percent of rating.
    #[serde(default)]
    pub max_step_load_pct: Option<f64>,
    /// Outer size.
    #[serde(default)]
    pub size_mm: Option<SizeMm>,
    /// Mass, kg.
    #[serde(default)]
    pub mass_kg: Option<f64>,
    /// Price per kW (kVA for transformers), US dollars.
    #[serde(default)]
    pub price_usd_per_kw: Option<PriceRange>,
}

/// Kind of network part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NetworkKind {
    /// InfiniBand switch.
    SwitchIb,
    /// Ethernet switch.
    SwitchEth,
    /// Management switch.
    SwitchMgmt,
    /// Scale-up switch inside a rack-scale system.
    SwitchScaleup,
    /// Management appliance.
    Appliance,
    /// Network card.
    Nic,
    /// Passive copper cable.
    CableDac,
    /// Linear active copper cable.
    CableAcc,
    /// Retimed active electrical cable.
    CableAec,
    /// Active optical cable.
    CableAoc,
    /// Pluggable or co-packaged optic, one end.
    Optic,
}

/// A switch, network card, cable or optic.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// What it is.
    pub kind: NetworkKind,
    /// Ports.
    #[serde(default)]
    pub ports: Option<u32>,
    /// Rate of one port, Gbit/s per direction.
    #[serde(default)]
    pub port_gbit_s: Option<f64>,
    /// Height in rack units.
    #[serde(default)]
    pub rack_units: Option<u32>,
    /// Typical draw, W; for cables both ends together, for optics one end.
    #[serde(default)]
    pub typical_power_w: Option<f64>,
    /// Maximum draw, W.
    #[serde(default)]
    pub max_power_w: Option<f64>,
    /// Mass, kg.
    #[serde(default)]
    pub mass_kg: Option<f64>,
    /// Longest link, m.
    #[serde(default)]
    pub reach_m: Option<f64>,
    /// Port-to-port latency, ns.
    #[serde(default)]
    pub latency_ns: Option<f64>,
    /// Whether it is cooled by liquid.
    #[serde(default)]
    pub liquid_cooled: bool,
    /// Price, US dollars.
    #[serde(default)]
    pub price_usd: Option<PriceRange>,
}

/// A storage appliance or building block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StorageSpec {
    /// Architecture in words.
    pub kind: String,
    /// Sustained read, GB/s.
    #[serde(default)]
    pub read_gbyte_s: Option<f64>,
    /// Sustained write, GB/s.
    #[serde(default)]
    pub write_gbyte_s: Option<f64>,
    /// Usable capacity, PB.
    #[serde(default)]
    pub usable_pbyte: Option<f64>,
    /// Height in rack units.
    #[serde(default)]
    pub rack_units: Option<u32>,
    /// Typical draw, W.
    #[serde(default)]
    pub typical_power_w: Option<f64>,
    /// Maximum draw, W.
    #[serde(default)]
    pub max_power_w: Option<f64>,
    /// Mass, kg.
    #[serde(default)]
    pub mass_kg: Option<f64>,
    /// Front-end network in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub network: String,
    /// Price, US dollars.
    #[serde(default)]
    pub price_usd: Option<PriceRange>,
}

/// Multi-head latent attention dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MlaSpec {
    /// Rank of the compressed key-value cache.
    pub kv_lora_rank: u32,
    /// Rank of the compressed query.
    pub q_lora_rank: u32,
    /// Key dimension per head without position.
    pub qk_nope_dim: u32,
    /// Key dimension with rotary position, shared by all heads.
    pub qk_rope_dim: u32,
    /// Value dimension per head.
    pub v_dim: u32,
}

/// Mixture of experts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoeSpec {
    /// Routed experts per layer.
    pub experts: u32,
    /// Routed experts that a token visits.
    pub experts_per_token: u32,
    /// Experts that every token visits.
    #[serde(default)]
    pub shared_experts: u32,
    /// Inner width of one expert.
    pub expert_ffn: u32,
    /// Layers with a dense feed-forward instead.
    #[serde(default)]
    pub dense_layers: u32,
}

/// A language model by its architecture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Published parameters, 1e9.
    pub params_total_b: f64,
    /// Published parameters active per token, 1e9.
    pub params_active_b: f64,
    /// Transformer layers.
    pub layers: u32,
    /// Width of the residual stream.
    pub hidden: u32,
    /// Inner width of the dense feed-forward; `None` where every layer is a mixture of experts.
    #[serde(default)]
    pub ffn_dense: Option<u32>,
    /// Query heads.
    pub heads: u32,
    /// Key-value heads.
    pub kv_heads: u32,
    /// Dimension of one head.
    pub head_dim: u32,
    /// Vocabulary.
    pub vocab: u32,
    /// Whether input and output embeddings share their weights.
    #[serde(default)]
    pub tied_embeddings: bool,
    /// Gated feed-forward (three matrices, SwiGLU) or plain (two).
    #[serde(default = "gated_by_default")]
    pub gated_ffn: bool,
    /// Mixture of experts, where it has one.
    #[serde(default)]
    pub moe: Option<MoeSpec>,
    /// Latent attention, where it has one.
    #[serde(default)]
    pub mla: Option<MlaSpec>,
    /// One layer in this many attends to the whole context; the rest see a window or keep a
    /// constant state. 1 for ordinary models.
    #[serde(default = "every_layer")]
    pub full_attention_every: u32,
    /// Window of the other layers, tokens; `None` for a constant-size (linear) state.
    #[serde(default)]
    pub attention_window: Option<u32>,
    /// Longest context, tokens.
    pub context_tokens: u32,
    /// Whether the architecture above is complete enough that computed parameters must match the
    /// published ones.
    #[serde(default = "complete_by_default")]
    pub architecture_complete: bool,
}

const fn gated_by_default() -> bool {
    true
}
const fn every_layer() -> u32 {
    1
}
const fn complete_by_default() -> bool {
    true
}

/// A site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteSpec {
    /// ISO 3166 country code, three letters.
    pub country: String,
    /// Latitude, degrees north.
    pub latitude_deg: f64,
    /// Longitude, degrees east.
    pub longitude_deg: f64,
    /// Elevation above sea level, m.
    pub elevation_m: f64,
    /// Annual mean dry bulb, °C.
    pub annual_mean_db_c: f64,
    /// Dry bulb exceeded 0.4 % of the hours, °C.
    pub design_db_c: f64,
    /// Mean wet bulb at that dry bulb, °C.
    #[serde(default)]
    pub design_mcwb_c: Option<f64>,
    /// Wet bulb exceeded 0.4 % of the hours, °C.
    #[serde(default)]
    pub design_wb_c: Option<f64>,
    /// Monthly mean dry bulb, January first, °C.
    pub db_mean_c: [f64; 12],
    /// Monthly mean dew point, January first, °C.
    #[serde(default)]
    pub dp_mean_c: Option<[f64; 12]>,
    /// Hours of the year below 18 °C dry bulb.
    #[serde(default)]
    pub hours_below_18c: Option<f64>,
    /// Grid carbon, g CO₂e per kWh.
    #[serde(default)]
    pub grid_carbon_g_kwh: Option<f64>,
    /// Mean wholesale electricity price, US dollars per kWh.
    #[serde(default)]
    pub wholesale_usd_kwh: Option<f64>,
    /// Industrial electricity price, US dollars per kWh.
    #[serde(default)]
    pub industrial_usd_kwh: Option<f64>,
    /// Water stress class in words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub water_stress: String,
}

/// A limit or rule of a standard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardSpec {
    /// Topic (`air-envelope`, `clearance` …).
    pub topic: String,
    /// What the value is.
    pub item: String,
    /// The value as printed.
    pub value: String,
    /// Its low end or single value as a number, where it is one.
    #[serde(default)]
    pub low: Option<f64>,
    /// Its high end as a number, where it is a range.
    #[serde(default)]
    pub high: Option<f64>,
    /// Unit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// To what it applies.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub applies_to: String,
}

/// A planning assumption with its band.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssumptionSpec {
    /// Planning value in `unit`.
    pub value: f64,
    /// Low end (P10) in `unit`.
    pub low: f64,
    /// High end (P90) in `unit`.
    pub high: f64,
    /// Unit.
    pub unit: String,
    /// What the evaluation uses it for.
    pub meaning: String,
}
