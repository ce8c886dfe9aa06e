//! What happens when the utility is lost: generators take over, batteries bridge the gap.
//!
//! Generators: the load flow with every utility out gives what each plant carries in kW and kvar;
//! the first step is what hangs on it without a UPS (fans, pumps), and all of it where UPS do not
//! ramp up (walk-in). UPS: (1) minutes = rating × battery minutes × ageing / load; the energy of
//! the battery is taken as constant, which is on the safe side below full load.

use super::case::ResilienceCase;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::power::case::{ElementKind, LossCurve, Model, PowerCase};
use crate::evaluate::power::error::PowerError;
use crate::evaluate::power::result::PowerResult;
use crate::evaluate::power::shedding::awake;
use crate::evaluate::power::solve_with_out;
use serde::Serialize;

/// Longest time until generators carry load, s: NFPA 110, Type 10 (read).
pub const TYPE_10_S: f64 = 10.0;
/// Largest first step of a generator whose entry states none, fraction of its rating: turbocharged
/// diesels within the dips of ISO 8528-5 class G2 (−20 % V, −10 % Hz). Assumption, recalled.
pub const DEFAULT_STEP: f64 = 0.6;
/// Time that batteries must last beyond the start of the generators, s: three starting attempts of
/// 15 s cranking and 15 s rest, less the first (NFPA 110 cranking cycle, recalled).
pub const START_MARGIN_S: f64 = 75.0;
/// No-load loss in eco mode, fraction of rating: a third of double conversion, the ratio that
/// Schneider gives for eConversion.
const ECO_NO_LOAD: f64 = 0.002;

/// Generators and UPS when the utility is lost.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct StandbyResult {
    /// Time from loss of the utility until generators carry load, s.
    pub start_s: f64,
    /// Who says so.
    pub start_source: String,
    /// Whether UPS ramp up after the transfer.
    pub walk_in: bool,
    /// Every generator plant, in the order of the case.
    pub generators: Vec<GeneratorLine>,
    /// Every UPS or rectifier, in the order of the case.
    pub ups: Vec<UpsLine>,
    /// Time during which fans and pumps stand still, s; `None` without generators.
    pub mechanical_gap_s: Option<f64>,
    /// Power of the battery energy storage system, MW, and how long it carries the hall, min.
    pub bess: Option<BessLine>,
}

/// A generator plant with every utility out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GeneratorLine {
    /// Name of the element.
    pub name: String,
    /// Sets installed.
    pub installed: u32,
    /// Sets that the load needs, by kW and by kVA.
    pub needed: u32,
    /// Load, kW.
    pub load_kw: f64,
    /// Load, kVA.
    pub load_kva: f64,
    /// Rating of the plant, kW.
    pub rated_kw: f64,
    /// Rating of the plant, kVA.
    pub rated_kva: f64,
    /// Power factor of the load; every load of the chain lags (idle supplies that lead are not
    /// modelled).
    pub power_factor: f64,
    /// First load step, kW.
    pub step_kw: f64,
    /// Step that it may be asked for, kW.
    pub step_limit_kw: f64,
    /// Who sets the limit.
    pub step_source: String,
    /// Steps that the load takes at that limit.
    pub steps: u32,
}

/// A UPS: how long it bridges, and what its modes lose.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct UpsLine {
    /// Name of the element.
    pub name: String,
    /// Modules installed.
    pub modules: u32,
    /// Load in the normal state, kW.
    pub load_kw: f64,
    /// Load in its worst examined outage, kW.
    pub failover_kw: f64,
    /// Autonomy at the normal load with an aged battery, min; `None` without a battery figure.
    pub autonomy_min: Option<f64>,
    /// The same at the failover load, min.
    pub failover_autonomy_min: Option<f64>,
    /// Loss as it runs, kW.
    pub loss_kw: f64,
    /// Loss in eco mode at the normal load, kW; `None` where the entry states no figure.
    pub eco_loss_kw: Option<f64>,
    /// Modules that would stay on if the others slept.
    pub awake: u32,
    /// Loss with only those on, kW.
    pub shed_loss_kw: f64,
}

/// A battery energy storage system at the intake.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct BessLine {
    /// Power, MW.
    pub power_mw: f64,
    /// Usable energy, MWh.
    pub energy_mwh: f64,
    /// How long it carries the hall, min; 0 where its power does not suffice.
    pub carries_min: f64,
}

/// Standby supply of a case.
///
/// # Errors
/// As of the load flow.
pub fn standby(
    case: &ResilienceCase,
    normal: &PowerResult,
    cancel: &CancelToken,
) -> Result<StandbyResult, PowerError> {
    let power = &case.power;
    let utilities: Vec<usize> = of_kind(power, &[ElementKind::Utility]);
    let without = solve_with_out(power, &utilities, cancel)?;
    let (set, own) = (&case.standby, &case.settings.standby);
    let (start_s, start_source) = match (own.start_s, &set.start_s) {
        (Some(s), _) => (s, "Stated in the plan".to_owned()),
        (None, Some((s, source))) => (*s, source.clone()),
        (None, None) => (TYPE_10_S, "NFPA 110, Type 10".to_owned()),
    };
    let walk_in = own.walk_in.unwrap_or(true);
    let plants = of_kind(power, &[ElementKind::Generator]);
    let generators: Vec<GeneratorLine> =
        plants.iter().map(|&g| generator(case, &without, g, walk_in)).collect();
    Ok(StandbyResult {
        start_s,
        start_source,
        walk_in,
        mechanical_gap_s: (!generators.is_empty()).then_some(start_s),
        generators,
        ups: of_kind(power, &[ElementKind::Ups, ElementKind::Rectifier800])
            .iter()
            .map(|&u| ups(case, normal, u))
            .collect(),
        bess: bess(case, normal),
    })
}

fn of_kind(power: &PowerCase, kinds: &[ElementKind]) -> Vec<usize> {
    (0..power.elements.len()).filter(|&i| kinds.contains(&power.elements[i].kind)).collect()
}

fn generator(
    case: &ResilienceCase,
    without: &PowerResult,
    at: usize,
    walk_in: bool,
) -> GeneratorLine {
    let (element, flow) = (&case.power.elements[at], &without.elements[at]);
    let n = f64::from(element.modules);
    let unit_kw = element.module_rating.p_w.unwrap_or(0.0) / 1e3;
    let unit_kva = element.module_rating.s_va.unwrap_or(0.0) / 1e3;
    let (load_kw, load_kva) = (flow.p_out_w / 1e3, flow.s_va / 1e3);
    let sets = |load: f64, unit: f64| if unit > 0.0 { (load / unit - 1e-9).ceil() } else { 0.0 };
    let needed = sets(load_kw, unit_kw).max(sets(load_kva, unit_kva)).max(0.0) as u32;
    let (share, step_source) = match (case.settings.standby.max_step_pct, &case.standby.max_step) {
        (Some(pct), _) => (pct / 100.0, "Stated in the plan".to_owned()),
        (None, Some((share, source))) => (*share, source.clone()),
        (None, None) => {
            (DEFAULT_STEP, "ISO 8528-5 class G2 (recalled); assumed 60 % of rating".to_owned())
        }
    };
    let ramped_kw = if walk_in { behind_ups_kw(case, without, at) } else { 0.0 };
    let step_kw = (load_kw - ramped_kw).max(0.0);
    let step_limit_kw = share * unit_kw * n;
    GeneratorLine {
        name: element.name.clone(),
        installed: element.modules,
        needed,
        load_kw,
        load_kva,
        rated_kw: unit_kw * n,
        rated_kva: unit_kva * n,
        power_factor: if load_kva > 0.0 { load_kw / load_kva } else { 1.0 },
        step_kw,
        step_limit_kw,
        step_source,
        steps: if step_limit_kw > 0.0 {
            (load_kw / step_limit_kw).ceil().clamp(0.0, 1000.0) as u32
        } else {
            0
        },
    }
}

/// What UPS draw from a generator plant with the utilities out, kW: each counts where its way up
/// ends.
fn behind_ups_kw(case: &ResilienceCase, without: &PowerResult, plant: usize) -> f64 {
    let elements = &case.power.elements;
    let ends_here = |ups: usize| {
        let mut at = ups;
        for _ in 0..elements.len() {
            let live = |i: &usize| without.elements[*i].live;
            let up = elements[at].parent.filter(live).or(elements[at].backup.filter(live));
            match up {
                Some(next) => at = next,
                None => break,
            }
        }
        at == plant
    };
    of_kind(&case.power, &[ElementKind::Ups, ElementKind::Rectifier800])
        .into_iter()
        .filter(|&u| ends_here(u))
        .map(|u| without.elements[u].p_in_w / 1e3)
        .sum()
}

fn ups(case: &ResilienceCase, normal: &PowerResult, at: usize) -> UpsLine {
    let (element, flow) = (&case.power.elements[at], &normal.elements[at]);
    let unit_kw = element.module_rating.p_w.unwrap_or(0.0) / 1e3;
    let n = f64::from(element.modules);
    let usable = f64::from(element.modules - element.spare_modules);
    let load_kw = flow.p_out_w / 1e3;
    let failover_kw = (flow.loading_worst * unit_kw * usable).max(load_kw);
    let battery = case.settings.standby.battery_min.or(case.standby.battery_min);
    let lasts = |load: f64| {
        let minutes = battery? * case.standby.ageing * unit_kw * n;
        (load > 0.0).then(|| minutes / load)
    };
    let loss = |curve: &LossCurve, on: f64| {
        let rated = (unit_kw * on).max(f64::MIN_POSITIVE);
        curve.at(load_kw / rated) * rated
    };
    let eco = |eta: f64| LossCurve::from_efficiencies(ECO_NO_LOAD, &[(1.0, eta)]);
    let awake = awake(load_kw / unit_kw.max(1e-9), element.modules, element.spare_modules);
    let shed_loss_kw = match &element.model {
        // The curve of a plan with sleeping modules already is that of those awake.
        Model::Converter { .. } if case.settings.standby.module_shedding => flow.loss_w / 1e3,
        Model::Converter { loss: curve, .. } => loss(curve, f64::from(awake)),
        _ => 0.0,
    };
    UpsLine {
        name: element.name.clone(),
        modules: element.modules,
        load_kw,
        failover_kw,
        autonomy_min: lasts(load_kw),
        failover_autonomy_min: lasts(failover_kw),
        loss_kw: flow.loss_w / 1e3,
        eco_loss_kw: case.standby.eco_efficiency.map(|eta| loss(&eco(eta), n)),
        awake,
        shed_loss_kw,
    }
}

fn bess(case: &ResilienceCase, normal: &PowerResult) -> Option<BessLine> {
    let own = &case.settings.standby;
    let (power_mw, energy_mwh) = (own.bess_mw?, own.bess_mwh?);
    let load_mw = normal.totals.source_w / 1e6;
    let carries = load_mw > 0.0 && power_mw >= load_mw;
    let carries_min = if carries { energy_mwh / load_mw * 60.0 } else { 0.0 };
    Some(BessLine { power_mw, energy_mwh, carries_min })
}
