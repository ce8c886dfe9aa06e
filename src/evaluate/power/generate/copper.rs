//! Copper in the low-voltage conductors of a chain, from what they resist: no catalogue entry gives
//! a cross-section, and resistance per metre is what the load flow uses.
//!
//! First order: phase conductors (AC) or poles (DC) only, at the resistivity of 20 °C. Neutral and
//! earth are not counted, nor is the higher resistivity of a warm conductor: absolute masses are
//! low, and comparisons between voltages hold because both sides are derived alike.

/// Resistivity of annealed copper at 20 °C, Ω m (IEC 60028: 1.7241e-8).
const RESISTIVITY_OHM_M: f64 = 1.7241e-8;
/// Density of annealed copper at 20 °C, kg/m³ (IEC 60028: 8.89 g/cm³).
const DENSITY_KG_M3: f64 = 8890.0;

/// Mass of `runs` parallel runs of `conductors` each, `length_m` long and of `ohm_per_m`, kg.
pub(super) fn mass_kg(ohm_per_m: f64, length_m: f64, conductors: f64, runs: f64) -> f64 {
    if ohm_per_m > 0.0 {
        DENSITY_KG_M3 * RESISTIVITY_OHM_M / ohm_per_m * length_m * conductors * runs
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::mass_kg;

    #[test]
    fn a_square_centimetre_of_copper_weighs_what_tables_say() {
        // 100 mm² has 0.17241 mΩ/m and 0.889 kg/m.
        let kg = mass_kg(1.7241e-4, 10.0, 3.0, 2.0);
        assert!((kg - 0.889 * 60.0).abs() < 1e-9, "{kg}");
        assert_eq!(mass_kg(0.0, 10.0, 3.0, 2.0), 0.0);
    }
}
