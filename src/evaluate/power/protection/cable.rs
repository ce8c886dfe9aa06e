//! Proposals for low-voltage cable runs: the fewest parallel sets of the smallest standard size that
//! carry the current, keep the drop and survive the short circuit.
//!
//! Assumes single copper conductors with 75 °C terminations, each set of three in a PVC raceway of
//! its own at 30 °C ambient: bundling and warm rooms need more.

use crate::evaluate::power::case::{Current, Element, NEC_CONTINUOUS_FRACTION};
use crate::evaluate::power::elements::SQRT_3;
use crate::evaluate::power::result::ElementResult;
use crate::evaluate::power::short_circuit::BusFault;
use serde::Serialize;

/// Drop left for a feeder when its branch circuits take 3 of 5 %, % (NEC 210.19(A) and 215.2(A),
/// informational notes).
const FEEDER_DROP_PERCENT: f64 = 2.0;
/// Adiabatic constant of copper from 90 to 250 °C (XLPE), A √s / mm²: 143 in IEC 60364-5-54, and
/// `226 √ln((234.5 + 250)/(234.5 + 90))` = 143.1 by IEC 60949.
const COPPER_XLPE: f64 = 143.0;
/// Most parallel sets proposed: beyond them a busway is the usual answer.
const MOST_RUNS: u32 = 12;
/// Metres in a thousand feet.
const M_PER_KFT: f64 = 304.8;
/// mm² in a thousand circular mils.
const MM2_PER_KCMIL: f64 = 0.506_707;
/// Highest voltage of the tables, V.
const HIGHEST_V: f64 = 600.0;

/// Copper conductors that may be paralleled (1/0 and larger, NEC 310.10(G)): name, kcmil, ampacity
/// at 75 °C (NFPA 70 table 310.16), and ac resistance and reactance in PVC conduit in Ω per
/// thousand feet (chapter 9, table 9). Larger ones exist but are hard to pull and to terminate.
const COPPER: [(&str, f64, f64, f64, f64); 10] = [
    ("1/0 AWG", 105.6, 150.0, 0.12, 0.044),
    ("2/0 AWG", 133.1, 175.0, 0.10, 0.043),
    ("3/0 AWG", 167.8, 200.0, 0.077, 0.042),
    ("4/0 AWG", 211.6, 230.0, 0.062, 0.041),
    ("250 kcmil", 250.0, 255.0, 0.052, 0.041),
    ("300 kcmil", 300.0, 285.0, 0.044, 0.041),
    ("350 kcmil", 350.0, 310.0, 0.038, 0.040),
    ("400 kcmil", 400.0, 335.0, 0.033, 0.040),
    ("500 kcmil", 500.0, 380.0, 0.027, 0.039),
    ("600 kcmil", 600.0, 420.0, 0.023, 0.039),
];

/// Conductors that would do.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CableProposal {
    /// Size of one conductor.
    pub size: &'static str,
    /// Parallel sets.
    pub runs: u32,
    /// Ampacity of all sets, A.
    pub ampacity_a: f64,
    /// Ampacity asked for, A: the rating of the run, or 125 % of the worst current if that is more.
    pub needed_a: f64,
    /// Drop at the worst current, % of nominal.
    pub drop_percent: f64,
    /// Current that all sets survive for the clearing time, A.
    pub withstand_a: f64,
    /// Thermal current asked for, A.
    pub thermal_a: f64,
    /// What decided the size.
    pub decided_by: Limit,
}

/// What decides the size of a cable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Continuous current.
    Ampacity,
    /// Voltage drop.
    Drop,
    /// Heating in a short circuit.
    ShortCircuit,
}

impl CableProposal {
    /// `4 × 500 kcmil`.
    #[must_use]
    pub fn label(&self) -> String {
        format!("{} × {}", self.runs, self.size)
    }
}

/// The proposal for a three-phase run; none without a length, above 600 V, for direct current, or
/// where twelve sets of the largest size do not do.
pub(super) fn propose(
    e: &Element,
    solved: &ElementResult,
    fault: &BusFault,
    clearing_s: f64,
) -> Option<CableProposal> {
    let length_m = e.nameplate.length_m?;
    if e.current == Current::Dc || e.v_nominal_v > HIGHEST_V {
        return None;
    }
    let rated_a = e.module_rating.i_a? * f64::from(e.modules);
    let worst_a = solved.loading_worst * rated_a;
    let cosine =
        if solved.s_va > 0.0 { (solved.p_in_w / solved.s_va).clamp(0.0, 1.0) } else { 1.0 };
    let asked = Asked {
        needed_a: rated_a.max(worst_a / NEC_CONTINUOUS_FRACTION),
        worst_a,
        thermal_a: fault.thermal_a(clearing_s),
        clearing_s,
        length_m,
        v_v: e.v_nominal_v,
        phase: (cosine, (1.0 - cosine * cosine).sqrt()),
    };
    least(&asked)
}

/// What the conductors must do.
struct Asked {
    needed_a: f64,
    worst_a: f64,
    thermal_a: f64,
    clearing_s: f64,
    length_m: f64,
    v_v: f64,
    phase: (f64, f64),
}

/// The fewest sets, and of them the smallest size, that do.
fn least(asked: &Asked) -> Option<CableProposal> {
    let mut options = (1..=MOST_RUNS).flat_map(|runs| COPPER.iter().map(move |row| (runs, row)));
    options.find_map(|(runs, row)| {
        let proposal = proposal(asked, runs, row);
        let good = proposal.ampacity_a >= asked.needed_a
            && proposal.drop_percent <= FEEDER_DROP_PERCENT
            && proposal.withstand_a >= asked.thermal_a;
        good.then_some(proposal)
    })
}

fn proposal(asked: &Asked, runs: u32, row: &(&'static str, f64, f64, f64, f64)) -> CableProposal {
    let &(size, kcmil, ampacity_a, r, x) = row;
    let n = f64::from(runs);
    let (cosine, sine) = asked.phase;
    let z_ohm = (r * cosine + x * sine) * asked.length_m / M_PER_KFT / n;
    let drop_percent = 100.0 * SQRT_3 * asked.worst_a * z_ohm / asked.v_v;
    let withstand_a = COPPER_XLPE * kcmil * MM2_PER_KCMIL * n / asked.clearing_s.sqrt();
    let shares = [
        (asked.needed_a / (ampacity_a * n), Limit::Ampacity),
        (drop_percent / FEEDER_DROP_PERCENT, Limit::Drop),
        (asked.thermal_a / withstand_a, Limit::ShortCircuit),
    ];
    let first = shares[0];
    let decided_by = shares.into_iter().fold(first, |a, b| if b.0 > a.0 { b } else { a }).1;
    CableProposal {
        size,
        runs,
        ampacity_a: ampacity_a * n,
        needed_a: asked.needed_a,
        drop_percent,
        withstand_a,
        thermal_a: asked.thermal_a,
        decided_by,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Asked = Asked {
        needed_a: 1000.0,
        worst_a: 800.0,
        thermal_a: 50e3,
        clearing_s: 0.2,
        length_m: 30.0,
        v_v: 415.0,
        phase: (1.0, 0.0),
    };

    #[test]
    fn a_short_feeder_is_sized_by_its_current() {
        let p = least(&ASKED).unwrap();
        assert!(p.ampacity_a >= 1000.0 && p.withstand_a >= 50e3 && p.drop_percent <= 2.0, "{p:?}");
        // Two sets of the largest carry 840 A, three of 350 kcmil 930 A.
        assert_eq!(p.label(), "3 × 400 kcmil");
        assert_eq!(p.decided_by, Limit::Ampacity);
    }

    #[test]
    fn length_and_fault_take_over() {
        let long = least(&Asked { length_m: 200.0, ..ASKED }).unwrap();
        assert_eq!(long.decided_by, Limit::Drop);
        let slow = least(&Asked { clearing_s: 2.0, thermal_a: 80e3, ..ASKED }).unwrap();
        assert_eq!(slow.decided_by, Limit::ShortCircuit);
        assert!(least(&Asked { length_m: 1e6, ..ASKED }).is_none());
    }

    #[test]
    fn the_adiabatic_constant_is_that_of_the_formula() {
        let k = 226.0 * ((234.5_f64 + 250.0) / (234.5 + 90.0)).ln().sqrt();
        assert!((k - COPPER_XLPE).abs() < 0.2, "{k}");
    }

    #[test]
    fn the_table_rises_with_size() {
        assert!(COPPER.windows(2).all(|w| w[0].1 < w[1].1 && w[0].2 < w[1].2 && w[0].3 > w[1].3));
    }
}
