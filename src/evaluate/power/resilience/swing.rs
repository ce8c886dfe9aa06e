//! The swing of a synchronous job: the hall jumps between two levels, together.
//!
//! Two levels, a period T and a duty d; quasi-static. Storage of E joules takes
//! (1) ΔP' = ΔP (1 − E / (ΔP d (1−d) T)), not below 0, off a square wave: the energy that moves from
//! the upper to the lower level per cycle is ΔP d (1−d) T. A floor raises the lower level and burns
//! what it adds. At the intake (2) ΔV/V = (ΔP cos ψ + ΔQ sin ψ) / S_sc with ψ the angle of the
//! grid's impedance, and the same behind a transformer with its own impedance in series.
//!
//! Limits: rectangular changes that give P_st = 1 (IEC 61000-4-15 test table, 230 V, recalled).
//! Outside: resonance with the grid's modes, control of UPS, sub-second shape of the edges.

use super::case::ResilienceCase;
use super::standby::StandbyResult;
use crate::evaluate::power::case::{ElementKind, Model};
use crate::evaluate::power::result::PowerResult;
use serde::Serialize;

/// Lowest level of a training step that exposes communication, fraction of the accelerators' draw
/// between idle and full. Assumption: communication phases are near idle (arXiv 2508.14318).
const COMMUNICATION_SHARE: f64 = 0.2;
/// Cycle and duty where no job is known: 2 s at 80 % compute. Assumption; measured jobs have periods
/// of 1 to 10 s (arXiv 2606.22096).
const DEFAULT_STEP: (f64, f64) = (2.0, 0.8);
/// Time of an edge where none is stated, s. Assumption: GPUs drop load within tens of milliseconds;
/// supplies and cables smooth it.
const DEFAULT_EDGE_S: f64 = 0.1;
/// Short-circuit power at the intake over the contract where none is stated. Assumption for a
/// medium-voltage connection.
const DEFAULT_SHORT_CIRCUIT: f64 = 15.0;
/// Reactance over resistance of the grid at medium voltage. Assumption.
const GRID_X_OVER_R: f64 = 10.0;
/// Energy storage in the racks of GB300-class systems, J per GPU (recalled).
pub const STORAGE_J_PER_GPU: f64 = 65.0;
/// Load swing of racks in reactive power, var per watt: their power factor of 0.99.
const VAR_PER_W: f64 = 0.142_5;

/// Changes per minute and ΔV/V in % at which P_st is 1: IEC 61000-4-15, table for 230 V lamps
/// (recalled). Linear in the logarithms between.
const FLICKER: [(f64, f64); 6] =
    [(1.0, 2.715), (2.0, 2.191), (7.0, 1.450), (39.0, 0.894), (110.0, 0.722), (1620.0, 0.407)];

/// The swing and what it meets.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SwingResult {
    /// Whether the job swings in lock-step (training) or the numbers are an upper bound (serving).
    pub lock_step: bool,
    /// Upper level of the compute racks, MW.
    pub peak_mw: f64,
    /// Lower level as the job leaves it, MW.
    pub trough_mw: f64,
    /// Cycle, s.
    pub period_s: f64,
    /// Share of the cycle at the upper level, 0 to 1.
    pub duty: f64,
    /// Share of the racks that swing together, 0 to 1.
    pub simultaneity: f64,
    /// Where period and duty come from.
    pub basis: String,
    /// Swing as the job makes it, MW.
    pub raw_mw: f64,
    /// Swing after floor and storage, MW.
    pub smoothed_mw: f64,
    /// Power burnt by the floor, mean over the cycle, MW.
    pub burnt_mw: f64,
    /// Energy that would take the whole swing away, J per GPU.
    pub storage_needed_j_per_gpu: f64,
    /// Energy that is there, J per GPU.
    pub storage_j_per_gpu: f64,
    /// Peak at the racks after storage, MW.
    pub smoothed_peak_mw: f64,
    /// Each check, in order.
    pub checks: Vec<SwingCheck>,
}

/// One limit that the swing is held against.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SwingCheck {
    /// What (`Ramp at the intake`).
    pub name: String,
    /// Value.
    pub value: f64,
    /// Limit; `None` where nobody has stated one.
    pub limit: Option<f64>,
    /// Unit of both.
    pub unit: &'static str,
    /// Who sets the limit.
    pub source: String,
    /// Element, where the check is of one.
    pub element: Option<String>,
}

impl SwingCheck {
    /// Whether the limit is exceeded.
    #[must_use]
    pub fn exceeded(&self) -> bool {
        self.limit.is_some_and(|limit| self.value > limit * (1.0 + 1e-9))
    }
}

/// The swing of a case; `None` without compute racks.
#[must_use]
pub fn swing(
    case: &ResilienceCase,
    normal: &PowerResult,
    standby: &StandbyResult,
) -> Option<SwingResult> {
    let (facts, own) = (&case.swing, &case.settings.swing);
    if facts.design_w <= 0.0 || facts.gpus <= 0.0 {
        return None;
    }
    let design_mw = facts.design_w / 1e6;
    let share = |pct: Option<f64>, default: f64| pct.map_or(default, |p| p / 100.0);
    let (step_s, busy) = facts.step.unwrap_or(DEFAULT_STEP);
    let period_s = own.period_s.unwrap_or(step_s);
    let duty = share(own.duty_pct, busy).clamp(0.0, 1.0);
    let simultaneity = share(own.simultaneity_pct, facts.simultaneity).clamp(0.0, 1.0);
    let low = facts.idle_share + (1.0 - facts.idle_share) * COMMUNICATION_SHARE;
    let peak_mw = design_mw * share(own.peak_pct, 1.0);
    let trough_mw = (design_mw * share(own.trough_pct, low)).min(peak_mw);
    let raw_mw = (peak_mw - trough_mw) * simultaneity;
    let floor_mw = design_mw * share(own.floor_pct, 0.0);
    let lifted = (floor_mw - trough_mw).clamp(0.0, peak_mw - trough_mw) * simultaneity;
    let lifted_mw = raw_mw - lifted;
    let cycle_j = lifted_mw * 1e6 * duty * (1.0 - duty) * period_s;
    let stored_j = own.storage_j_per_gpu.unwrap_or(0.0).max(0.0) * facts.gpus * simultaneity;
    let left = if cycle_j > 0.0 { (1.0 - stored_j / cycle_j).max(0.0) } else { 1.0 };
    let smoothed_mw = lifted_mw * left;
    let mut result = SwingResult {
        lock_step: facts.training,
        peak_mw,
        trough_mw,
        period_s,
        duty,
        simultaneity,
        basis: basis(case),
        raw_mw,
        smoothed_mw,
        burnt_mw: lifted * (1.0 - duty),
        storage_needed_j_per_gpu: cycle_j / (facts.gpus * simultaneity.max(1e-9)),
        storage_j_per_gpu: own.storage_j_per_gpu.unwrap_or(0.0),
        // Storage takes (1 − d) of what it removes off the top.
        smoothed_peak_mw: peak_mw - (lifted_mw - smoothed_mw) * (1.0 - duty),
        checks: Vec::new(),
    };
    result.checks = checks(case, normal, standby, &result);
    Some(result)
}

fn basis(case: &ResilienceCase) -> String {
    let own = &case.settings.swing;
    if own.period_s.is_some() {
        "Stated in the plan".into()
    } else if case.swing.step.is_some() {
        "Step time of the training job; computing share of the step is the upper level".into()
    } else {
        "Planning figure: 2 s, 80 % at the upper level".into()
    }
}

fn checks(
    case: &ResilienceCase,
    normal: &PowerResult,
    standby: &StandbyResult,
    s: &SwingResult,
) -> Vec<SwingCheck> {
    let own = &case.settings.swing;
    let edge_s = own.edge_s.unwrap_or(DEFAULT_EDGE_S).max(1e-3);
    let ramp = s.smoothed_mw / edge_s;
    let utility = "Connection agreement, as entered in the plan".to_owned();
    let mut list = vec![
        SwingCheck {
            name: "Ramp at the intake".into(),
            value: own.smoothed_ramp_mw_s.map_or(ramp, |cap| ramp.min(cap)),
            limit: own.ramp_limit_mw_s,
            unit: "MW/s",
            source: utility.clone(),
            element: None,
        },
        SwingCheck {
            name: "Range at the intake".into(),
            value: s.smoothed_mw,
            limit: own.range_limit_mw,
            unit: "MW",
            source: utility,
            element: None,
        },
    ];
    list.extend(flicker(case, s));
    list.extend(weakest_transformer(case, normal, s));
    list.extend(generator_step(case, normal, standby, s));
    list.extend(ups_cycling(normal, s, case));
    list
}

/// Largest ΔV/V in % at `period_s`: two changes a cycle.
fn flicker_limit(period_s: f64) -> f64 {
    let per_minute = 120.0 / period_s.max(1e-3);
    let (first, last) = (FLICKER[0], FLICKER[FLICKER.len() - 1]);
    if per_minute <= first.0 {
        return first.1;
    }
    for pair in FLICKER.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if per_minute <= b.0 {
            let x = (per_minute / a.0).ln() / (b.0 / a.0).ln();
            return (a.1.ln() + x * (b.1 / a.1).ln()).exp();
        }
    }
    last.1
}

fn flicker(case: &ResilienceCase, s: &SwingResult) -> Option<SwingCheck> {
    let contract_mw = case.swing.contract_w / 1e6;
    let mva = case.settings.swing.short_circuit_mva.unwrap_or(DEFAULT_SHORT_CIRCUIT * contract_mw);
    if mva <= 0.0 {
        return None;
    }
    let cos = 1.0 / (1.0 + GRID_X_OVER_R * GRID_X_OVER_R).sqrt();
    let (r, x) = (cos, GRID_X_OVER_R * cos);
    let stated = match case.settings.swing.short_circuit_mva {
        Some(_) => String::new(),
        None => format!("; short-circuit power assumed {mva:.0} MVA"),
    };
    Some(SwingCheck {
        name: "Voltage change at the intake".into(),
        value: s.smoothed_mw * (r + VAR_PER_W * x) / mva * 100.0,
        limit: Some(flicker_limit(s.period_s)),
        unit: "%",
        source: format!("P_st = 1 for rectangular changes, IEC 61000-4-15 (recalled){stated}"),
        element: None,
    })
}

/// The transformer whose secondary moves most.
fn weakest_transformer(
    case: &ResilienceCase,
    normal: &PowerResult,
    s: &SwingResult,
) -> Option<SwingCheck> {
    let rack_w: f64 = normal.totals.rack_w.max(1.0);
    let moves = case.power.elements.iter().enumerate().filter_map(|(i, e)| {
        let Model::Transformer { base_va, r_pu, x_pu, .. } = e.model else { return None };
        // Its part of the swing is its part of the racks' load.
        let part = (normal.elements[i].p_out_w / rack_w).min(1.0);
        let mva = base_va * f64::from(e.modules) / 1e6;
        let dv = s.smoothed_mw * part * (r_pu + VAR_PER_W * x_pu) / mva * 100.0;
        Some((dv, e.name.clone()))
    });
    let (value, name) = moves.max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some(SwingCheck {
        name: "Voltage change behind a transformer".into(),
        value,
        limit: Some(flicker_limit(s.period_s)),
        unit: "%",
        source:
            "P_st = 1 for rectangular changes, IEC 61000-4-15 (recalled); lighting on the same \
                 board would show it, IT behind UPS does not"
                .into(),
        element: Some(name),
    })
}

/// The generator plant whose step limit is nearest, while the hall runs on generators.
fn generator_step(
    case: &ResilienceCase,
    normal: &PowerResult,
    standby: &StandbyResult,
    s: &SwingResult,
) -> Option<SwingCheck> {
    let all: f64 = standby.generators.iter().map(|g| g.load_kw).sum();
    let racks_kw = normal.totals.rack_w / 1e3;
    debug_assert!(case.swing.design_w > 0.0);
    let lines = standby.generators.iter().filter(|g| g.step_limit_kw > 0.0 && all > 0.0);
    let (value, line) = lines
        .map(|g| {
            // A plant that feeds fans and pumps only does not see the racks.
            let racks = if g.load_kw > g.step_kw { g.load_kw - g.step_kw } else { 0.0 };
            let part = (racks / racks_kw.max(1.0)).min(1.0);
            (s.smoothed_mw * 1e3 * part, g)
        })
        .max_by(|a, b| (a.0 / a.1.step_limit_kw).total_cmp(&(b.0 / b.1.step_limit_kw)))?;
    Some(SwingCheck {
        name: "Load step of a generator plant".into(),
        value,
        limit: Some(line.step_limit_kw),
        unit: "kW",
        source: line.step_source.clone(),
        element: Some(line.name.clone()),
    })
}

/// The UPS that the upper level loads most.
fn ups_cycling(normal: &PowerResult, s: &SwingResult, case: &ResilienceCase) -> Option<SwingCheck> {
    let over = s.smoothed_peak_mw * 1e6 / case.swing.design_w;
    let ups = normal.elements.iter().filter(|e| {
        matches!(e.kind, ElementKind::Ups | ElementKind::Rectifier800) && e.capacity > 0.0
    });
    let worst = ups.max_by(|a, b| a.loading_normal.total_cmp(&b.loading_normal))?;
    Some(SwingCheck {
        name: "Upper level on a UPS: beyond its rating the battery is cycled".into(),
        value: worst.loading_normal * over * 100.0,
        limit: Some(100.0),
        unit: "%",
        source: "Nameplate of the UPS".into(),
        element: Some(worst.name.clone()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::power::resilience::SwingFacts;

    fn case() -> ResilienceCase {
        let swing = SwingFacts {
            design_w: 10e6,
            gpus: 5000.0,
            training: true,
            step: Some((2.0, 0.75)),
            idle_share: 0.25,
            simultaneity: 1.0,
            contract_w: 12e6,
            ..SwingFacts::default()
        };
        ResilienceCase { swing, ..ResilienceCase::default() }
    }

    fn answer(case: &ResilienceCase) -> SwingResult {
        swing(case, &PowerResult::default(), &StandbyResult::default()).unwrap()
    }

    #[test]
    fn storage_of_the_energy_of_a_cycle_flattens_the_swing() {
        let mut case = case();
        let bare = answer(&case);
        // 0.25 + 0.75 · 0.2 = 0.4 of 10 MW; 6 MW · 0.75 · 0.25 · 2 s over 5,000 GPUs.
        assert!((bare.raw_mw - 6.0).abs() < 1e-12 && bare.smoothed_mw == bare.raw_mw);
        assert!((bare.storage_needed_j_per_gpu - 450.0).abs() < 1e-9);
        case.settings.swing.storage_j_per_gpu = Some(225.0);
        let half = answer(&case);
        assert!((half.smoothed_mw - 3.0).abs() < 1e-9);
        assert!((half.smoothed_peak_mw - 9.25).abs() < 1e-9);
        case.settings.swing.storage_j_per_gpu = Some(450.0);
        assert!(answer(&case).smoothed_mw.abs() < 1e-9);
    }

    #[test]
    fn a_floor_burns_what_it_adds() {
        let mut case = case();
        case.settings.swing.floor_pct = Some(70.0);
        let s = answer(&case);
        assert!((s.smoothed_mw - 3.0).abs() < 1e-9 && (s.burnt_mw - 0.75).abs() < 1e-9);
    }

    #[test]
    fn flicker_limits_fall_with_the_rate_and_meet_the_table() {
        assert!((flicker_limit(120.0 / 39.0) - 0.894).abs() < 1e-12);
        let limits: Vec<f64> = [200.0, 60.0, 10.0, 2.0, 0.5, 0.01].map(flicker_limit).to_vec();
        assert!(limits.windows(2).all(|w| w[0] >= w[1]), "{limits:?}");
    }

    #[test]
    fn the_intake_moves_by_the_closed_form() {
        let mut case = case();
        case.settings.swing.short_circuit_mva = Some(100.0);
        let s = answer(&case);
        let check = s.checks.iter().find(|c| c.name == "Voltage change at the intake").unwrap();
        let psi = 10.0_f64.atan();
        let exact = 6.0 * (psi.cos() + VAR_PER_W * psi.sin()) / 100.0 * 100.0;
        assert!((check.value - exact).abs() < 1e-9);
        assert!(check.exceeded());
    }

    #[test]
    fn no_racks_no_swing() {
        let none = ResilienceCase::default();
        assert!(swing(&none, &PowerResult::default(), &StandbyResult::default()).is_none());
    }
}
