//! What fails, and what is assumed about the hall while it does.

use super::super::case::AirCase;
use super::super::error::AirError;
use serde::{Deserialize, Serialize};

/// What stops at time zero. Racks keep their load and their fans.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// Nothing: the design state goes on. For comparison.
    Nothing,
    /// These units stop: no air, no cooling.
    UnitsFail {
        /// Names of units in the case.
        units: Vec<String>,
    },
    /// Every unit's fan stops; server fans go on.
    FansStop,
    /// The chillers stop. Fans keep blowing over coils that warm up.
    ChilledWaterLost {
        /// Whether pumps go on, so that all coils share the loop's water; else each coil has its own.
        pumps_run: bool,
    },
}

impl Event {
    /// In words.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Nothing => "No failure".into(),
            Self::UnitsFail { units } if units.len() == 1 => format!("{} fails", units[0]),
            Self::UnitsFail { units } => format!("{} units fail", units.len()),
            Self::FansStop => "All unit fans stop".into(),
            Self::ChilledWaterLost { pumps_run: true } => "Chilled water lost, pumps run".into(),
            Self::ChilledWaterLost { pumps_run: false } => {
                "Chilled water lost, pumps stopped".into()
            }
        }
    }

    /// Whether coils lose their chillers.
    pub(super) const fn stops_chillers(&self) -> bool {
        matches!(self, Self::ChilledWaterLost { .. })
    }

    /// The case with what stands still marked so.
    pub(super) fn applied_to(&self, case: &AirCase) -> Result<AirCase, AirError> {
        let mut after = case.clone();
        match self {
            Self::FansStop => after.units.iter_mut().for_each(|u| u.failed = true),
            Self::UnitsFail { units } => {
                for name in units {
                    let unit = after.units.iter_mut().find(|u| u.id == *name);
                    let unit = unit.ok_or_else(|| AirError::BadName {
                        field: "event.units".into(),
                        problem: format!("there is no cooling unit {name}"),
                    })?;
                    unit.failed = true;
                }
            }
            Self::Nothing | Self::ChilledWaterLost { .. } => {}
        }
        Ok(after)
    }
}

/// How a ride-through is marched and what stores heat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RideOptions {
    /// Time after the event in s.
    pub length_s: f64,
    /// Longest time step in s.
    pub longest_step_s: f64,
    /// Time between two points of the series in s.
    pub record_s: f64,
    /// Time between two pictures of the field in s.
    pub picture_s: f64,
    /// Rack heat after the event over before: 1 keeps the load, less is a controlled throttle.
    pub load_share: f64,
    /// IT mass that exchanges heat with the air, in kg per rack in the order of the case; a rack
    /// beyond the end has [`super::mass::ASSUMED_IT_KG`], if it gives off heat.
    pub it_kg: Vec<f64>,
    /// Whether the floor slab takes up heat.
    pub slab: bool,
}

impl Default for RideOptions {
    fn default() -> Self {
        Self {
            length_s: 600.0,
            longest_step_s: 1.0,
            record_s: 2.0,
            picture_s: 30.0,
            load_share: 1.0,
            it_kg: Vec::new(),
            slab: false,
        }
    }
}

impl RideOptions {
    /// Refuses what cannot be marched or would not fit in memory.
    pub(super) fn check(&self) -> Result<(), AirError> {
        let within = |field: &str, value: f64, range: [f64; 2], limit: &'static str| {
            if value.is_finite() && (range[0]..=range[1]).contains(&value) {
                Ok(())
            } else {
                Err(AirError::BadValue { field: format!("options.{field}"), value, limit })
            }
        };
        within("length_s", self.length_s, [1.0, 7200.0], "1 s to 2 h")?;
        within("longest_step_s", self.longest_step_s, [0.01, 10.0], "0.01 to 10 s")?;
        within("record_s", self.record_s, [0.1, 7200.0], "0.1 s to 2 h")?;
        within("picture_s", self.picture_s, [self.length_s / 60.0, 7200.0], "length/60 to 2 h")?;
        within("load_share", self.load_share, [0.0, 2.0], "0 to 2")?;
        self.it_kg.iter().try_for_each(|kg| within("it_kg", *kg, [0.0, 20e3], "0 to 20 t"))
    }
}

/// The question: a hall, what fails in it, and how it is marched.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RideThroughCase {
    /// The hall before the event.
    pub case: AirCase,
    /// What fails.
    pub event: Event,
    /// How it is marched.
    pub options: RideOptions,
}
