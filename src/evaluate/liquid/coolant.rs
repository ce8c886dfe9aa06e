//! Density and specific heat of coolants.
//!
//! Source of the tables: CoolProp 8.0 at 20, 40 and 60 °C; PG25 is `INCOMP::APG-25%`, propylene
//! glycol 25 % by volume from the ASHRAE tables. A parabola through the three points stands in
//! between; valid 5..75 °C. "PG25" is not one fluid: makers' sheets at 40 °C give densities of
//! 1010..1024 kg/m³ and specific heats of 3.88..3.96 kJ/(kg·K), that is ±1 % of heat per flow.

use super::case::Coolant;
use crate::units::ZERO_CELSIUS_K;

/// Coldest and warmest temperature at which the tables are used, °C; clamped outside.
const TABLE_RANGE_C: (f64, f64) = (5.0, 75.0);
/// Temperatures of the table, °C.
const TABLE_C: [f64; 3] = [20.0, 40.0, 60.0];

/// (density kg/m³, specific heat J/(kg·K)) at the temperatures of the table.
const fn table(coolant: Coolant) -> [(f64, f64); 3] {
    match coolant {
        Coolant::Water => [(998.298, 4183.43), (992.304, 4178.93), (983.283, 4184.51)],
        Coolant::Pg25 => [(1023.872, 3912.87), (1014.474, 3962.23), (1003.046, 4011.60)],
    }
}

/// Properties at one temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Properties {
    /// Density, kg/m³.
    pub density_kg_m3: f64,
    /// Specific heat at constant pressure, J/(kg·K).
    pub cp_j_kg_k: f64,
}

impl Properties {
    /// Of `coolant` at `t_k`, clamped to the range of the table.
    #[must_use]
    pub fn of(coolant: Coolant, t_k: f64) -> Self {
        let t = (t_k - ZERO_CELSIUS_K).clamp(TABLE_RANGE_C.0, TABLE_RANGE_C.1);
        let [a, b, c] = TABLE_C;
        let weights = [
            (t - b) * (t - c) / ((a - b) * (a - c)),
            (t - a) * (t - c) / ((b - a) * (b - c)),
            (t - a) * (t - b) / ((c - a) * (c - b)),
        ];
        let rows = table(coolant);
        let mix = |pick: fn(&(f64, f64)) -> f64| -> f64 {
            weights.iter().zip(&rows).map(|(w, r)| w * pick(r)).sum()
        };
        Self { density_kg_m3: mix(|r| r.0), cp_j_kg_k: mix(|r| r.1) }
    }

    /// Heat per volume and kelvin, J/(m³·K).
    #[must_use]
    pub fn volumetric_heat(&self) -> f64 {
        self.density_kg_m3 * self.cp_j_kg_k
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reproduces_the_reference_file() {
        let text = include_str!("../../../tests/cases/plant/coolant_properties.json");
        let file: serde_json::Value = serde_json::from_str(text).unwrap();
        for (name, coolant) in [("PG25_vol", Coolant::Pg25), ("water", Coolant::Water)] {
            for row in file["fluids"][name].as_array().unwrap() {
                let got = Properties::of(coolant, row["t_c"].as_f64().unwrap() + ZERO_CELSIUS_K);
                assert!((got.density_kg_m3 - row["density"].as_f64().unwrap()).abs() < 1e-9);
                assert!((got.cp_j_kg_k - row["cp"].as_f64().unwrap()).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn water_between_the_points_is_near_tabulated_values() {
        // IAPWS-95 at 1 bar: 30 °C 995.65 kg/m³, 50 °C 988.03 kg/m³.
        for (t_c, density) in [(30.0, 995.65), (50.0, 988.03)] {
            let got = Properties::of(Coolant::Water, t_c + ZERO_CELSIUS_K).density_kg_m3;
            assert!((got - density).abs() < 0.3, "{t_c}: {got}");
        }
    }
}
