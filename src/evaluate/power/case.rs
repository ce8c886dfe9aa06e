//! What the power stage is asked: a radial network of elements, the loads on it, and the outages
//! to examine. A plain value in SI units that can be built from a plan or read from a file.
//!
//! Elements form a forest: each has at most one `parent` (towards the utility) and at most one
//! `backup` that a transfer switch selects when the normal path is dead. Loads hang on elements
//! through one or more feeds. Indices point into [`PowerCase::elements`].

use crate::plan::ObjectId;
use serde::{Deserialize, Serialize};

/// A power network with its loads and the outages to examine.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PowerCase {
    /// Name of the case, for messages and files.
    pub name: String,
    /// Every element between the utility and the racks.
    pub elements: Vec<Element>,
    /// Every rack and every mechanical load.
    pub loads: Vec<Load>,
    /// Named outages besides the normal state (`feed A lost`).
    #[serde(default)]
    pub scenarios: Vec<Scenario>,
    /// Whether to examine the loss of every single element as well.
    #[serde(default)]
    pub every_single_outage: bool,
    /// Power contracted with the utility, all intakes together, W.
    #[serde(default)]
    pub contract_w: Option<f64>,
    /// Clearing time of a fault in switchgear, s, for arc flash and the heating of cables.
    #[serde(default)]
    pub arc_clearing_s: Option<f64>,
    /// What the design promises; decides how serious a lost load is.
    #[serde(default)]
    pub intent: Intent,
}

/// What a design promises about failures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Losing an element may drop load (scheme N).
    #[default]
    NoRedundancy,
    /// Any single failure of a module is survived, not of a path (scheme N+1).
    ModuleRedundancy,
    /// No single outage drops a rack (2N, 4N3R, block redundant).
    PathRedundancy,
}

/// The class of an element; decides in which total its loss is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ElementKind {
    /// Connection to the grid.
    Utility,
    /// Stand-by generator plant.
    Generator,
    /// Medium-voltage cable or switchgear section.
    MvFeeder,
    /// Medium to low voltage transformer.
    Transformer,
    /// Low-voltage switchboard section, automatic or static transfer switch.
    Switchboard,
    /// Double-conversion uninterruptible power supply.
    Ups,
    /// AC to 800 VDC rectifier.
    Rectifier800,
    /// Power distribution unit, with or without a transformer.
    Pdu,
    /// Remote power panel.
    Rpp,
    /// Low-voltage cable run.
    Cable,
    /// Busway over a row, with tap-offs along it.
    Busway,
    /// Rack power shelf (AC or 800 VDC to the rack's bus bar).
    PowerShelf,
}

impl ElementKind {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Utility => "utility intake",
            Self::Generator => "stand-by generator",
            Self::MvFeeder => "medium-voltage section",
            Self::Transformer => "transformer",
            Self::Switchboard => "switchboard section",
            Self::Ups => "UPS",
            Self::Rectifier800 => "800 VDC rectifier",
            Self::Pdu => "PDU",
            Self::Rpp => "remote power panel",
            Self::Cable => "feeder cable",
            Self::Busway => "busway",
            Self::PowerShelf => "power shelf",
        }
    }
}

/// Alternating (three-phase, balanced) or direct current.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Current {
    /// Three-phase AC; voltages are line to line, currents per line.
    #[default]
    Ac,
    /// Two-wire DC; voltage between the poles, resistance of both conductors together.
    Dc,
}

/// One element of the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// Unique name in the words of a one-line diagram (`TX-A1`, `BW-B-R3`).
    pub name: String,
    /// Class.
    pub kind: ElementKind,
    /// Side, block or feed letter (`A`); empty if the element serves all.
    #[serde(default)]
    pub feed: String,
    /// Element that supplies this one normally; `None` for a source.
    #[serde(default)]
    pub parent: Option<usize>,
    /// Element that a transfer switch selects when the normal supply is dead.
    #[serde(default)]
    pub backup: Option<usize>,
    /// AC or DC at the output.
    #[serde(default)]
    pub current: Current,
    /// Nominal voltage at the output: line to line, or between poles, V.
    pub v_nominal_v: f64,
    /// Rating of one module (or of one cable or busway run).
    pub module_rating: Rating,
    /// Modules or parallel runs installed.
    #[serde(default = "one")]
    pub modules: u32,
    /// How many of them are spare: the load is held against the others.
    #[serde(default)]
    pub spare_modules: u32,
    /// Share of the rating that may be used continuously.
    #[serde(default)]
    pub limit: ContinuousLimit,
    /// Electrical behaviour.
    pub model: Model,
    /// What protection studies need besides.
    #[serde(default)]
    pub nameplate: Nameplate,
}

/// What protection studies need of an element; an absent number is not known, and what needs it is
/// then not checked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Nameplate {
    /// Length of a conductor, m.
    pub length_m: Option<f64>,
    /// Short-circuit power of a utility at its connection, VA.
    pub fault_va: Option<f64>,
    /// Subtransient reactance of a generator, per unit of its rating.
    pub subtransient_pu: Option<f64>,
    /// Rated short-time withstand current of one run or device (Icw, 1 s), A.
    pub icw_a: Option<f64>,
    /// Rated peak withstand current of one run or device (Ipk), A.
    pub ipk_a: Option<f64>,
    /// Who says so: the source of the ratings, or the assumption.
    pub source: String,
}

fn one() -> u32 {
    1
}

/// Nameplate limits of one module; an absent one does not bind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rating {
    /// Active power at the output, W.
    #[serde(default)]
    pub p_w: Option<f64>,
    /// Apparent power, VA (current at nominal voltage).
    #[serde(default)]
    pub s_va: Option<f64>,
    /// Line current at the output voltage, A.
    #[serde(default)]
    pub i_a: Option<f64>,
}

/// How much of a nameplate rating may be loaded continuously, and who says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContinuousLimit {
    /// Fraction of the nameplate, 0–1.
    pub fraction: f64,
    /// The rule.
    pub source: String,
}

impl Default for ContinuousLimit {
    fn default() -> Self {
        Self { fraction: 1.0, source: "nameplate rating".to_owned() }
    }
}

impl ContinuousLimit {
    /// The 80 % rule for continuous load on devices that are not 100 % rated.
    #[must_use]
    pub fn nec_continuous() -> Self {
        Self { fraction: NEC_CONTINUOUS_FRACTION, source: "NEC 210.20 / 215.3".to_owned() }
    }
}

/// Continuous load on a branch circuit or feeder device that is not 100 % rated: at most 80 % of
/// its rating (the reciprocal of the 125 % of NFPA 70, 210.20(A) and 215.3).
pub const NEC_CONTINUOUS_FRACTION: f64 = 0.8;

/// Electrical behaviour of an element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Ideal voltage behind nothing.
    Source {
        /// Held voltage, per unit of nominal.
        v_pu: f64,
    },
    /// Cable, busway, switchgear: a series impedance with an optional shunt, of ONE run.
    Series {
        /// Resistance per phase (AC) or of both poles (DC), end to end, Ω.
        r_ohm: f64,
        /// Reactance per phase, end to end, Ω; 0 for DC.
        #[serde(default)]
        x_ohm: f64,
        /// Reactive power drawn by the shunt at nominal voltage, var; negative for cable charging.
        #[serde(default)]
        shunt_var: f64,
    },
    /// Transformer, on the base of ONE unit.
    Transformer {
        /// Base of the impedance, VA.
        base_va: f64,
        /// Real part of the short-circuit impedance, fraction of the base.
        r_pu: f64,
        /// Imaginary part of the short-circuit impedance, fraction of the base.
        x_pu: f64,
        /// No-load loss at nominal voltage, W.
        no_load_w: f64,
        /// Magnetising reactive power at nominal voltage, var.
        #[serde(default)]
        magnetising_var: f64,
        /// Off-circuit tap: by how much it raises the output at no load, %.
        #[serde(default)]
        tap_percent: f64,
    },
    /// Converter with a regulated output and a constant-power input.
    Converter {
        /// Held output voltage, per unit of nominal.
        v_out_pu: f64,
        /// Power factor at the input, lagging.
        input_power_factor: f64,
        /// Loss against load.
        loss: LossCurve,
    },
}

/// Loss of a converter against load, both as fractions of the rated output power.
///
/// Loss is interpolated, not efficiency: efficiency is singular at no load, and the no-load loss
/// is what makes two half-loaded sides dearer than one full one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LossCurve(pub Vec<(f64, f64)>);

/// A load: constant power, at one or more feeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Unique name (`R1-07`, `CRAH-2`).
    pub name: String,
    /// Class.
    pub kind: LoadKind,
    /// The object on the floor that draws it, if any.
    #[serde(default)]
    pub object: Option<ObjectId>,
    /// Active power at the load's inlet, W.
    pub p_w: f64,
    /// Power factor, lagging, 0–1.
    pub power_factor: f64,
    /// Where it is fed from; empty means that nothing feeds it.
    pub feeds: Vec<Feed>,
    /// What happens when a feed is lost.
    #[serde(default)]
    pub rule: FeedRule,
}

/// The class of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoadKind {
    /// A rack of IT equipment.
    Rack,
    /// Fans, pumps, chillers.
    Mechanical,
    /// Lighting, offices and the rest of the building.
    House,
}

/// One connection of a load.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// Index of the element.
    pub element: usize,
    /// Share of the load when all feeds are live; only the ratios count.
    #[serde(default = "unity")]
    pub share: f64,
    /// Position of the tap-off along the element: 0 at its head, 1 at its far end.
    #[serde(default = "unity")]
    pub tap: f64,
}

fn unity() -> f64 {
    1.0
}

/// What happens when a feed of a load is lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedRule {
    /// Live feeds share the load in the ratio of their shares (dual-corded power supplies).
    #[default]
    Share,
    /// The first live feed of the list carries it all (transfer switch).
    FirstLive,
}

/// An outage: elements that are out of service at the same time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Name (`feed A lost`).
    pub name: String,
    /// Indices of the elements that are out.
    pub out: Vec<usize>,
    /// Whether the design promises that no rack goes dark in it.
    #[serde(default)]
    pub must_survive: bool,
}
