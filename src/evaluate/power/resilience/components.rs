//! How often components fail and how long they are then out: figures, sources, and whether
//! anybody read the source for this program.

use crate::evaluate::power::case::ElementKind;
use crate::plan::FailureData;
use serde::Serialize;
use std::collections::BTreeMap;

/// Failure data of one class of element.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Component {
    /// The class.
    pub kind: ElementKind,
    /// Failures of one unit (or of one metre of busway) per year.
    pub failures_per_year: f64,
    /// Mean time to repair, h.
    pub repair_h: f64,
    /// Share of the failures that takes every unit of the class at once (β factor), 0 to 1.
    pub common_cause: f64,
    /// Who says so.
    pub source: String,
    /// Whether the source was read for this program; otherwise the figure is recalled or assumed.
    pub verified: bool,
}

/// A generator that is asked to start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct OnDemand {
    /// Probability that one set does not start and take load.
    pub fails_to_start: f64,
    /// Mean running time between failures of one set, h.
    pub run_mtbf_h: f64,
}

/// Failure to start: 0.13 % for well-maintained sets, recalled from NREL/TP-5C00-76553 (2020).
/// Running: 20 % of well-maintained sets fail within two weeks (Marqusee and Jenket, Applied
/// Energy 268, 2020, highlights, read): 336 h / −ln 0.8 = 1,506 h.
pub const GENERATOR_ON_DEMAND: OnDemand =
    OnDemand { fails_to_start: 0.0013, run_mtbf_h: 336.0 / 0.223_143_551_314_209_76 };

/// Where the figures of [`GENERATOR_ON_DEMAND`] come from.
pub const GENERATOR_SOURCE: &str = "NREL (Marqusee, Jenket 2020): 20 % fail within two weeks of \
    running; start failure 0.13 % recalled from NREL/TP-5C00-76553";

const IEEE: &str = "IEEE 493-2007 standard-network data, as recalled; compare US Army TM 5-698-5";
const FIELD: &str = "Field experience of modules, MTBF 50,000 to 250,000 h, as recalled";
const LIKE_BOARD: &str = "Assumed as bare-bus switchgear (IEEE 493-2007, as recalled)";

/// Class, failures per year, repair in h, β, source.
///
/// β lies in the usual range of 0.01 to 0.1 and is an assumption, but for the utility: of double
/// circuits IEEE 493 counts 0.312 losses of both per year against 1.956 of one (recalled), 0.16.
const SHIPPED: [(ElementKind, f64, f64, f64, &str); 12] = [
    (ElementKind::Utility, 1.956, 1.32, 0.16, IEEE),
    (ElementKind::Generator, 0.1235, 18.28, 0.05, IEEE),
    (ElementKind::MvFeeder, 0.009_49, 7.29, 0.01, LIKE_BOARD),
    (ElementKind::Transformer, 0.001_11, 5.0, 0.01, IEEE),
    // Bare bus 0.00949 at 7.29 h and one drawout breaker 0.00185 at 0.5 h, weighted.
    (ElementKind::Switchboard, 0.011_34, 6.18, 0.01, IEEE),
    // One failure in 150,000 h; four to eight hours until a technician has changed the module.
    (ElementKind::Ups, 0.058_4, 8.0, 0.02, FIELD),
    (ElementKind::Rectifier800, 0.058_4, 8.0, 0.02, FIELD),
    (ElementKind::Pdu, 0.009_49, 7.29, 0.0, LIKE_BOARD),
    (ElementKind::Rpp, 0.009_49, 7.29, 0.0, LIKE_BOARD),
    // 0.00201 per 1,000 ft of conduit: a run of 30 m.
    (ElementKind::Cable, 0.000_198, 11.2, 0.0, IEEE),
    // 0.000125 per foot of bus duct.
    (ElementKind::Busway, 0.000_41, 12.9, 0.0, IEEE),
    (ElementKind::PowerShelf, 0.058_4, 8.0, 0.0, FIELD),
];

/// The data of every class; those that the plan states take the shipped ones' place.
#[must_use]
pub fn table(stated: &BTreeMap<String, FailureData>) -> Vec<Component> {
    SHIPPED
        .iter()
        .map(|&(kind, failures_per_year, repair_h, common_cause, source)| {
            let own = stated.get(&key(kind)).filter(|d| usable(d));
            Component {
                kind,
                failures_per_year: own.map_or(failures_per_year, |d| d.failures_per_year),
                repair_h: own.map_or(repair_h, |d| d.repair_h),
                common_cause,
                source: own.map_or(source, |_| "Stated in the plan").to_owned(),
                verified: own.is_some(),
            }
        })
        .collect()
}

/// Stated data that name no class or hold no usable number, in words.
#[must_use]
pub fn unusable(stated: &BTreeMap<String, FailureData>) -> Vec<String> {
    let known = |name: &str| SHIPPED.iter().any(|row| key(row.0) == name);
    stated
        .iter()
        .filter_map(|(name, data)| match (known(name), usable(data)) {
            (false, _) => Some(format!("{name} is no class of element")),
            (true, false) => Some(format!(
                "{name}: {} failures a year and {} h of repair",
                data.failures_per_year, data.repair_h
            )),
            (true, true) => None,
        })
        .collect()
}

/// A century of repair, or a failure an hour, is a slip of the hand.
fn usable(data: &FailureData) -> bool {
    (0.0..=8760.0).contains(&data.failures_per_year) && (0.0..=8760.0).contains(&data.repair_h)
}

/// Name of a class in a plan file.
#[must_use]
pub fn key(kind: ElementKind) -> String {
    let name = serde_json::to_value(kind).ok();
    name.and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
