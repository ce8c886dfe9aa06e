//! What is bought, run and produced, and on which terms it is financed.

use super::Band;
use super::terms::{ClassRates, Colocation, Investment, NamedSource, Tariff, TokenMix};
use serde::{Deserialize, Serialize};

/// Part of the factory that a capital line belongs to. Prices within one move together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subsystem {
    /// Servers and rack-scale systems.
    Compute,
    /// Switches, optics and cables.
    Network,
    /// Storage appliances.
    Storage,
    /// Transformers, switchgear, UPS, generators, busway, rack power.
    Power,
    /// CDUs, CRAHs, chillers, dry coolers, piping.
    Cooling,
    /// Shell, land, containment, fire protection.
    Building,
    /// Anything else.
    Other,
}

impl Subsystem {
    /// All, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::Compute,
        Self::Network,
        Self::Storage,
        Self::Power,
        Self::Cooling,
        Self::Building,
        Self::Other,
    ];

    /// The class of asset whose life it shares.
    #[must_use]
    pub fn asset_class(self) -> AssetClass {
        match self {
            Self::Compute | Self::Storage => AssetClass::It,
            Self::Network => AssetClass::Network,
            Self::Power | Self::Cooling | Self::Other => AssetClass::Plant,
            Self::Building => AssetClass::Building,
        }
    }

    /// Its name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Compute => "Compute",
            Self::Network => "Network",
            Self::Storage => "Storage",
            Self::Power => "Power",
            Self::Cooling => "Cooling",
            Self::Building => "Building",
            Self::Other => "Other",
        }
    }
}

/// Assets that are written off together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetClass {
    /// Servers and storage.
    It,
    /// Switches, optics, cables.
    Network,
    /// Mechanical and electrical plant.
    Plant,
    /// Shell and land.
    Building,
}

/// Years over which each class is paid off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssetLives {
    /// Servers and storage \[years\].
    pub it: Band,
    /// Switches, optics, cables \[years\].
    pub network: Band,
    /// Mechanical and electrical plant \[years\].
    pub plant: Band,
    /// Shell and land \[years\].
    pub building: Band,
}

/// One line of capital cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CapexLine {
    /// Part of the factory.
    pub subsystem: Subsystem,
    /// What it is.
    pub item: String,
    /// How much of it, in `unit`.
    pub quantity: f64,
    /// What is counted (`rack`, `kW`, `m`, `m²`).
    pub unit: String,
    /// Price of one unit \[USD\]; `None` where no source gives one.
    pub unit_price_usd: Option<Band>,
    /// Who says so.
    pub source: String,
    /// Date of the price.
    pub date: String,
}

/// How a running cost is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpexBasis {
    /// A yearly sum \[USD/year\].
    PerYear(Band),
    /// A yearly share of the priced capital of a subsystem.
    ShareOfCapex {
        /// The subsystem.
        subsystem: Subsystem,
        /// Share per year.
        share: Band,
    },
}

/// One line of running cost, energy and water apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OpexLine {
    /// What it is.
    pub item: String,
    /// How it is reckoned.
    pub basis: OpexBasis,
    /// Who says so.
    pub source: String,
    /// Date of the figure.
    pub date: String,
}

/// Electricity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Energy {
    /// Facility power while GPUs work, averaged over the year \[kW\].
    pub facility_at_load_kw: Band,
    /// Facility power of unsold or failed hours over that of working ones, 0–1; 1 is the safe side.
    pub idle_power_share: f64,
    /// Largest facility power, for the demand charge \[kW\].
    pub peak_kw: f64,
    /// IT share of facility power (1/PUE), for water use per IT energy.
    pub it_share: f64,
    /// Price \[USD/kWh\].
    pub price_usd_kwh: Band,
    /// Demand charge \[USD per kW of peak and month\].
    pub demand_usd_kw_month: Band,
    /// Time of use, and how the work falls on the hours of the day.
    pub tariff: Tariff,
}

/// Water.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Water {
    /// Water use effectiveness at the site \[L per kWh of IT energy\].
    pub wue_l_kwh: f64,
    /// Price of supply and discharge \[USD/m³\].
    pub price_usd_m3: Band,
}

/// Carbon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Carbon {
    /// Intensity of the grid \[g CO₂e/kWh\].
    pub grid_g_kwh: Band,
    /// Embodied in servers \[t CO₂e\], spread over their life; `None` where not known.
    pub embodied_t: Option<Band>,
    /// Price of emissions \[USD/t CO₂e\]; 0 where there is none.
    pub price_usd_t: Band,
}

/// How capital becomes a yearly cost; the two are never mixed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Financing {
    /// Capital recovery at a weighted average cost of capital \[1/year\].
    Annuity {
        /// The rate.
        wacc: Band,
    },
    /// Equal write-off over the life, without a return on capital.
    StraightLine,
}

/// What the factory makes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Production {
    /// GPUs installed.
    pub gpus: u32,
    /// Share of available hours sold or used, 0–1.
    pub sold_share: Band,
    /// Share of hours available (goodput after failures), 0–1.
    pub availability: Band,
    /// Tokens per second of the whole plan while working; `None` for plans without tokens.
    pub tokens_per_s: Option<Band>,
    /// Input beside output; `None` where tokens are not told apart (training).
    pub mix: Option<TokenMix>,
}

/// How the band of the results is sampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sampling {
    /// Number of stratified samples.
    pub samples: u32,
    /// Seed of the permutations.
    pub seed: u64,
}

impl Sampling {
    /// While something is dragged: 2 ms, percentiles within about 1 % of the settled ones.
    pub const LIVE: Self = Self { samples: 1000, seed: 1 };
}

impl Default for Sampling {
    fn default() -> Self {
        Self { samples: 10_000, seed: 1 }
    }
}

/// Everything that has a price, self-contained.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EconomicsCase {
    /// Capital; order does not matter.
    pub capex: Vec<CapexLine>,
    /// Running cost; order does not matter.
    pub opex: Vec<OpexLine>,
    /// Electricity.
    pub energy: Energy,
    /// Water.
    pub water: Water,
    /// Carbon.
    pub carbon: Carbon,
    /// How capital becomes a yearly cost.
    pub financing: Financing,
    /// Costs of capital of single classes.
    pub class_rates: ClassRates,
    /// How long assets last.
    pub lives: AssetLives,
    /// What is made.
    pub production: Production,
    /// The factory as an investment.
    pub investment: Option<Investment>,
    /// The hall rented instead.
    pub colocation: Option<Colocation>,
    /// Who says what of the inputs that are no lines, by their names.
    pub sources: Vec<NamedSource>,
    /// How the band is sampled.
    pub sampling: Sampling,
}

/// A case that can not be priced.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EconomicsError {
    /// A number outside its sensible range.
    #[error("economics: `{field}` is {value}, but must be {must}")]
    BadInput {
        /// Name of the field.
        field: String,
        /// What was given.
        value: f64,
        /// What is allowed.
        must: &'static str,
    },
    /// A band whose values are not finite or not in order.
    #[error("economics: `{field}` runs {low} – {base} – {high}, but must rise and be finite")]
    BadBand {
        /// Name of the field.
        field: String,
        /// Its low value.
        low: f64,
        /// Its base value.
        base: f64,
        /// Its high value.
        high: f64,
    },
}
