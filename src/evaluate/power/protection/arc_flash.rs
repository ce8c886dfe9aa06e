//! Arc flash after IEEE 1584-2018: arcing current, incident energy at the working distance and the
//! boundary. A screening estimate: clearing time, gap and enclosure are assumptions of the equipment
//! class until protection settings exist, and a study by the responsible engineer replaces it.
//!
//! Valid for three-phase arcs in boxes from 208 V to 15 kV, bolted faults of 0.5–106 kA up to 600 V
//! and 0.2–65 kA above, gaps of 6.35–76.2 mm and 19.05–254 mm, working distances from 305 mm.

use super::arc_tables::{Coefficients, Electrodes};
use serde::Serialize;

/// Joules per calorie in the standard.
const J_PER_CAL: f64 = 4.184;
/// Energy that may cause a second-degree burn, J/cm² (1.2 cal/cm²): the boundary.
const BURN_J_CM2: f64 = 1.2 * J_PER_CAL;
/// Voltage up to which the low-voltage equations hold, kV.
const LOW_KV: f64 = 0.6;
/// Voltages of the coefficients, kV.
const TABLE_KV: [f64; 3] = [0.6, 2.7, 14.3];
/// Millimetres per inch, and inches per millimetre as the standard rounds them.
const MM_PER_INCH: f64 = 25.4;
/// See [`MM_PER_INCH`].
const INCH_PER_MM: f64 = 0.03937;
/// Edges of the size correction, mm: 20, 26 and 49 in; the largest depth of a shallow box, 8 in.
const SIZE_MM: [f64; 3] = [508.0, 660.4, 1244.6];
/// See [`SIZE_MM`].
const SHALLOW_MM: f64 = 203.2;

/// An enclosure and what happens in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArcCase {
    /// Voltage between lines, V.
    pub v_v: f64,
    /// Bolted three-phase current, A.
    pub bolted_a: f64,
    /// How the conductors lie.
    pub electrodes: Electrodes,
    /// Gap between conductors, mm.
    pub gap_mm: f64,
    /// Working distance, mm.
    pub distance_mm: f64,
    /// Height, width and depth of the enclosure, mm.
    pub enclosure_mm: [f64; 3],
    /// Time until the arc is cleared, s.
    pub clearing_s: f64,
}

/// A screening estimate.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ArcFlash {
    /// Arcing current, A.
    pub arcing_a: f64,
    /// Incident energy at the working distance, cal/cm².
    pub incident_cal_cm2: f64,
    /// Distance at which it falls to 1.2 cal/cm², m.
    pub boundary_m: f64,
    /// Working distance, m.
    pub working_m: f64,
    /// Time until the arc is cleared, s: an assumption.
    pub clearing_s: f64,
}

/// Why there is no estimate.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("outside the range of IEEE 1584-2018: {field} is {value}, range {low} to {high}")]
pub struct OutsideModel {
    /// What is outside, with its unit.
    pub field: &'static str,
    /// Its value.
    pub value: f64,
    /// Lower end of the range.
    pub low: f64,
    /// Upper end of the range.
    pub high: f64,
}

impl ArcFlash {
    /// The least arc rating of clothing in common classes that covers the energy, cal/cm²; none
    /// above 40, where work on live parts is not planned at all (NFPA 70E practice).
    #[must_use]
    pub fn arc_rating_cal_cm2(&self) -> Option<f64> {
        const CLASSES: [f64; 5] = [1.2, 4.0, 8.0, 25.0, 40.0];
        CLASSES.into_iter().find(|c| self.incident_cal_cm2 <= *c)
    }
}

/// Estimates an arc at the full arcing current and at the reduced one (less current, same clearing
/// time); the larger energy.
///
/// # Errors
/// A case outside the range of the model.
pub fn estimate(case: &ArcCase) -> Result<ArcFlash, OutsideModel> {
    check(case)?;
    let (full, reduced) = (arc(case, false), arc(case, true));
    Ok(if reduced.incident_cal_cm2 > full.incident_cal_cm2 { reduced } else { full })
}

fn check(case: &ArcCase) -> Result<(), OutsideModel> {
    let low = case.v_v <= LOW_KV * 1e3;
    let pick = |a: (f64, f64), b: (f64, f64)| if low { a } else { b };
    let ranges = [
        ("the voltage, V", case.v_v, (208.0, 15e3)),
        ("the bolted current, A", case.bolted_a, pick((500.0, 106e3), (200.0, 65e3))),
        ("the gap, mm", case.gap_mm, pick((6.35, 76.2), (19.05, 254.0))),
        ("the working distance, mm", case.distance_mm, (305.0, 10e3)),
        ("the clearing time, s", case.clearing_s, (0.0, 60.0)),
    ];
    for (field, value, (low, high)) in ranges {
        if !(low..=high).contains(&value) {
            return Err(OutsideModel { field, value, low, high });
        }
    }
    Ok(())
}

/// One arc, with the full or the reduced arcing current.
fn arc(case: &ArcCase, reduced: bool) -> ArcFlash {
    let c = case.electrodes.coefficients();
    let (v_kv, bolted_ka) = (case.v_v * 1e-3, case.bolted_a * 1e-3);
    let variation = polynomial(&c.variation, v_kv);
    let factor = if reduced { 1.0 - 0.5 * variation } else { 1.0 };
    let currents = c.current.map(|k| arcing_ka(&k, bolted_ka, case.gap_mm));
    let size = size_correction(case, c);
    let (arcing_ka, e_j_cm2, boundary_mm) = if v_kv <= LOW_KV {
        // Equation 25; the reduction applies to the final current, not to the one at 600 V.
        let square = 1.0 / currents[0].powi(2)
            - (LOW_KV * LOW_KV - v_kv * v_kv) / (LOW_KV * bolted_ka).powi(2);
        let final_ka = factor * v_kv / LOW_KV / square.sqrt();
        let e = energy_j_cm2(case, c, 0, (currents[0], final_ka), size);
        (final_ka, e, boundary_mm(case, c, 0, e))
    } else {
        let currents = currents.map(|i| i * factor);
        let e = [0, 1, 2].map(|t| energy_j_cm2(case, c, t, (currents[t], currents[t]), size));
        let b = [0, 1, 2].map(|t| boundary_mm(case, c, t, e[t]));
        (at_voltage(currents, v_kv), at_voltage(e, v_kv), at_voltage(b, v_kv))
    };
    ArcFlash {
        arcing_a: arcing_ka * 1e3,
        incident_cal_cm2: e_j_cm2 / J_PER_CAL,
        boundary_m: boundary_mm * 1e-3,
        working_m: case.distance_mm * 1e-3,
        clearing_s: case.clearing_s,
    }
}

/// Highest power first.
fn polynomial(k: &[f64], x: f64) -> f64 {
    k.iter().fold(0.0, |sum, k| sum * x + k)
}

/// Arcing current at a voltage of the tables, kA (equation 1).
fn arcing_ka(k: &[f64; 10], bolted_ka: f64, gap_mm: f64) -> f64 {
    let power = k[0] + k[1] * bolted_ka.log10() + k[2] * gap_mm.log10();
    10_f64.powf(power) * polynomial(&k[3..], bolted_ka)
}

/// Energy at the working distance at a voltage of the tables, J/cm² (equations 3 to 6). `at_600` is
/// the arcing current of the table's voltage, `arc_ka` the one that flows.
fn energy_j_cm2(
    case: &ArcCase,
    c: &Coefficients,
    table: usize,
    (table_ka, arc_ka): (f64, f64),
    size: f64,
) -> f64 {
    let bolted_ka = case.bolted_a * 1e-3;
    let [k1, k2, k3, k11, k12, k13] = c.energy[table];
    let shape = k3 * table_ka / (bolted_ka * polynomial(&c.current[table][3..], bolted_ka));
    let power = k1
        + k2 * case.gap_mm.log10()
        + shape
        + k11 * bolted_ka.log10()
        + k12 * case.distance_mm.log10()
        + k13 * arc_ka.log10()
        - size.log10();
    12.552 / 50.0 * case.clearing_s * 1e3 * 10_f64.powf(power)
}

/// Distance at which the energy falls to the burn threshold, mm (equations 7 to 10).
fn boundary_mm(case: &ArcCase, c: &Coefficients, table: usize, e_j_cm2: f64) -> f64 {
    case.distance_mm * (BURN_J_CM2 / e_j_cm2).powf(1.0 / c.energy[table][4])
}

/// From the voltages of the tables to the voltage of the case (equations 16 to 24).
fn at_voltage([a, b, c]: [f64; 3], v_kv: f64) -> f64 {
    let [low, mid, high] = TABLE_KV;
    let first = (b - a) / (mid - low) * (v_kv - mid) + b;
    let second = (c - b) / (high - mid) * (v_kv - high) + c;
    if v_kv > mid {
        return second;
    }
    (first * (mid - v_kv) + second * (v_kv - low)) / (mid - low)
}

/// Correction for the size of the enclosure (4.8).
fn size_correction(case: &ArcCase, c: &Coefficients) -> f64 {
    let [height, width, depth] = case.enclosure_mm;
    let v_kv = case.v_v * 1e-3;
    let shallow = v_kv < LOW_KV && height < SIZE_MM[0] && width < SIZE_MM[0] && depth <= SHALLOW_MM;
    let (a, b) = c.box_constants;
    let large =
        |mm: f64| (SIZE_MM[1] + (mm.min(SIZE_MM[2]) - SIZE_MM[1]) * (v_kv + a) / b) / MM_PER_INCH;
    let equivalent = |mm: f64, straight: bool| match mm {
        mm if mm < SIZE_MM[0] && !shallow => 20.0,
        mm if mm <= SIZE_MM[1] => mm * INCH_PER_MM,
        mm if straight => (mm * INCH_PER_MM).min(49.0),
        mm => large(mm),
    };
    let straight = matches!(case.electrodes, Electrodes::Vcb);
    let edge = 0.5 * (equivalent(height, straight) + equivalent(width, false));
    let [typical, flat] = c.size.map(|k| polynomial(&k, edge));
    if shallow { 1.0 / flat } else { typical }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds_to(value: f64, published: f64, digits: i32) -> bool {
        (value - published).abs() <= 0.5001 * 10_f64.powi(-digits)
    }

    /// Annex D.1 of the standard: 4.16 kV switchgear.
    const MEDIUM: ArcCase = ArcCase {
        v_v: 4160.0,
        bolted_a: 15e3,
        electrodes: Electrodes::Vcb,
        gap_mm: 104.0,
        distance_mm: 914.4,
        enclosure_mm: [1143.0, 762.0, 508.0],
        clearing_s: 0.197,
    };
    /// Annex D.2: 480 V switchgear.
    const LOW: ArcCase = ArcCase {
        v_v: 480.0,
        bolted_a: 45e3,
        electrodes: Electrodes::Vcb,
        gap_mm: 32.0,
        distance_mm: 609.6,
        enclosure_mm: [610.0, 610.0, 254.0],
        clearing_s: 0.0613,
    };

    #[test]
    fn the_worked_examples_of_the_standard_are_met() {
        let slow = |case: ArcCase, clearing_s| ArcCase { clearing_s, ..case };
        for (case, reduced, arcing_ka, e_j_cm2, boundary_mm) in [
            (MEDIUM, false, 12.979, 12.152, 1606.0),
            (slow(MEDIUM, 0.223), true, 12.675, 13.343, 1704.0),
            (LOW, false, 28.793, 11.585, 1029.0),
            (slow(LOW, 0.319), true, 25.244, 53.156, 2669.0),
        ] {
            let a = arc(&case, reduced);
            assert!(rounds_to(a.arcing_a * 1e-3, arcing_ka, 3), "{a:?}");
            assert!(rounds_to(a.incident_cal_cm2 * J_PER_CAL, e_j_cm2, 3), "{a:?}");
            assert!(rounds_to(a.boundary_m * 1e3, boundary_mm, 0), "{a:?}");
        }
        assert!(rounds_to(size_correction(&MEDIUM, MEDIUM.electrodes.coefficients()), 1.284, 3));
        assert!(rounds_to(size_correction(&LOW, LOW.electrodes.coefficients()), 1.085, 3));
    }

    #[test]
    fn outside_the_range_there_is_no_number() {
        let high = ArcCase { v_v: 34_500.0, ..MEDIUM };
        let said = estimate(&high).unwrap_err().to_string();
        assert!(said.contains("the voltage, V is 34500"), "{said}");
        assert!(estimate(&ArcCase { bolted_a: 120e3, ..LOW }).is_err());
        assert!(estimate(&ArcCase { bolted_a: f64::NAN, ..LOW }).is_err());
    }

    #[test]
    fn energy_grows_with_time_and_clothing_with_energy() {
        let e = |clearing_s| estimate(&ArcCase { clearing_s, ..LOW }).unwrap();
        let (short, long) = (e(0.05), e(0.5));
        assert!((long.incident_cal_cm2 / short.incident_cal_cm2 - 10.0).abs() < 1e-9);
        assert_eq!(short.arc_rating_cal_cm2(), Some(4.0));
        assert_eq!(e(3.0).arc_rating_cal_cm2(), None);
    }

    #[test]
    fn every_configuration_gives_finite_energy_in_both_boxes() {
        for electrodes in [Electrodes::Vcb, Electrodes::Vcbb, Electrodes::Hcb] {
            for enclosure_mm in [[355.6, 304.8, 100.0], [2000.0, 2000.0, 600.0]] {
                let case = ArcCase { electrodes, enclosure_mm, ..LOW };
                let a = estimate(&case).unwrap();
                assert!(a.incident_cal_cm2 > 0.1 && a.boundary_m > case.distance_mm * 1e-3);
            }
        }
    }
}
