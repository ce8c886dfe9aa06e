//! Checks a power case before it is solved, so that the kernels never meet a bad number, a ring
//! or a missing element.

use super::case::{Current, Element, Load, Model, PowerCase, Rating};
use super::error::PowerError;
use std::collections::BTreeSet;

/// Largest magnitude of any number in a case, in SI units. Far above every real part and small
/// enough that no product of three of them overflows.
const LARGEST: f64 = 1e15;
/// Smallest magnitude of a number that must be positive, in SI units.
const SMALLEST: f64 = 1e-9;
/// Largest relative difference of two nominal voltages that still count as equal.
const SAME_VOLTAGE: f64 = 1e-6;

/// Checks everything; the first problem found, in order of elements, loads, scenarios.
pub(super) fn validate(case: &PowerCase) -> Result<(), PowerError> {
    check_names(case)?;
    positive("the case", "contract_w", case.contract_w.unwrap_or(1.0))?;
    positive("the case", "arc_clearing_s", case.arc_clearing_s.unwrap_or(1.0))?;
    for element in &case.elements {
        check_numbers(element)?;
        check_supply(case, element)?;
    }
    check_rings(case)?;
    for load in &case.loads {
        check_load(case, load)?;
    }
    for scenario in &case.scenarios {
        for &index in &scenario.out {
            known(case, &scenario.name, "out", index)?;
        }
    }
    Ok(())
}

fn check_names(case: &PowerCase) -> Result<(), PowerError> {
    let mut elements = BTreeSet::new();
    let mut loads = BTreeSet::new();
    let names = case.elements.iter().map(|e| elements.insert(&e.name).then_some(()).ok_or(&e.name));
    let loads = case.loads.iter().map(|l| loads.insert(&l.name).then_some(()).ok_or(&l.name));
    for name in names.chain(loads) {
        name.map_err(|name| PowerError::DuplicateName { name: name.clone() })?;
    }
    Ok(())
}

fn known(
    case: &PowerCase,
    owner: &str,
    field: &'static str,
    index: usize,
) -> Result<(), PowerError> {
    let count = case.elements.len();
    if index < count {
        return Ok(());
    }
    Err(PowerError::UnknownElement { owner: owner.to_owned(), field, index, count })
}

fn require(
    ok: bool,
    owner: &str,
    field: &'static str,
    value: f64,
    must_be: &'static str,
) -> Result<(), PowerError> {
    if ok && value.abs() <= LARGEST {
        return Ok(());
    }
    Err(PowerError::BadNumber { owner: owner.to_owned(), field, value, must_be })
}

fn positive(owner: &str, field: &'static str, value: f64) -> Result<(), PowerError> {
    require(value >= SMALLEST, owner, field, value, "above zero")
}

fn not_negative(owner: &str, field: &'static str, value: f64) -> Result<(), PowerError> {
    require(value >= 0.0, owner, field, value, "zero or more")
}

fn fraction(owner: &str, field: &'static str, value: f64) -> Result<(), PowerError> {
    let ok = (SMALLEST..=1.0).contains(&value);
    require(ok, owner, field, value, "above 0 and at most 1")
}

/// Held voltages within a band that any equipment could mean.
fn held_voltage(owner: &str, field: &'static str, value: f64) -> Result<(), PowerError> {
    require((0.8..=1.2).contains(&value), owner, field, value, "between 0.8 and 1.2")
}

fn check_numbers(e: &Element) -> Result<(), PowerError> {
    let name = e.name.as_str();
    require(e.v_nominal_v >= 1.0, name, "v_nominal_v", e.v_nominal_v, "at least 1")?;
    let Rating { p_w, s_va, i_a } = e.module_rating;
    for (field, value) in [("rated p_w", p_w), ("rated s_va", s_va), ("rated i_a", i_a)] {
        positive(name, field, value.unwrap_or(1.0))?;
    }
    let modules = f64::from(e.modules);
    require((1..=10_000).contains(&e.modules), name, "modules", modules, "between 1 and 10 000")?;
    let (spare, fewer) = (f64::from(e.spare_modules), e.spare_modules < e.modules);
    require(fewer, name, "spare_modules", spare, "fewer than the modules")?;
    fraction(name, "limit fraction", e.limit.fraction)?;
    let plate = &e.nameplate;
    for (field, value) in [
        ("length_m", plate.length_m),
        ("fault_va", plate.fault_va),
        ("subtransient_pu", plate.subtransient_pu),
        ("icw_a", plate.icw_a),
        ("ipk_a", plate.ipk_a),
    ] {
        positive(name, field, value.unwrap_or(1.0))?;
    }
    check_model(e)
}

/// Largest tap, %: off-circuit taps are ± 2 × 2.5 % or ± 4 × 2.5 % (IEC 60076-1).
pub const MOST_TAP_PERCENT: f64 = 10.0;

fn check_model(e: &Element) -> Result<(), PowerError> {
    let name = e.name.as_str();
    match &e.model {
        Model::Source { v_pu } => held_voltage(name, "v_pu", *v_pu),
        Model::Series { r_ohm, x_ohm, shunt_var } => {
            not_negative(name, "r_ohm", *r_ohm)?;
            not_negative(name, "x_ohm", *x_ohm)?;
            require(shunt_var.is_finite(), name, "shunt_var", *shunt_var, "finite")
        }
        Model::Transformer { base_va, r_pu, x_pu, no_load_w, magnetising_var, tap_percent } => {
            positive(name, "base_va", *base_va)?;
            not_negative(name, "r_pu", *r_pu)?;
            not_negative(name, "x_pu", *x_pu)?;
            not_negative(name, "no_load_w", *no_load_w)?;
            not_negative(name, "magnetising_var", *magnetising_var)?;
            let good = tap_percent.abs() <= MOST_TAP_PERCENT;
            require(good, name, "tap_percent", *tap_percent, "from -10 to 10")
        }
        Model::Converter { v_out_pu, input_power_factor, loss } => {
            held_voltage(name, "v_out_pu", *v_out_pu)?;
            fraction(name, "input_power_factor", *input_power_factor)?;
            if e.module_rating.p_w.is_none() {
                return Err(PowerError::NoRatedPower { element: name.to_owned() });
            }
            for &(load, loss) in &loss.0 {
                not_negative(name, "load of the loss curve", load)?;
                not_negative(name, "loss of the loss curve", loss)?;
            }
            if loss.0.is_empty() || loss.0.windows(2).any(|w| w[1].0 - w[0].0 < SMALLEST) {
                return Err(PowerError::BadLossCurve { element: name.to_owned() });
            }
            Ok(())
        }
    }
}

fn check_supply(case: &PowerCase, e: &Element) -> Result<(), PowerError> {
    let element = || e.name.clone();
    if matches!(e.model, Model::Source { .. }) {
        return match (e.parent, e.backup) {
            (None, None) => Ok(()),
            _ => Err(PowerError::SourceWithSupply { element: element() }),
        };
    }
    if e.parent.is_none() {
        return Err(PowerError::NoSupply { element: element() });
    }
    for (field, index) in [("parent", e.parent), ("backup", e.backup)] {
        if let Some(index) = index {
            known(case, &e.name, field, index)?;
            check_joint(e, &case.elements[index])?;
        }
    }
    Ok(())
}

/// AC to AC and DC to DC, at one voltage, unless a transformer or a converter lies between.
fn check_joint(e: &Element, supply: &Element) -> Result<(), PowerError> {
    let mixed = match e.model {
        Model::Converter { .. } => false,
        Model::Transformer { .. } => e.current == Current::Dc || supply.current == Current::Dc,
        _ => e.current != supply.current,
    };
    if mixed {
        return Err(PowerError::CurrentMismatch { element: e.name.clone() });
    }
    let apart = (e.v_nominal_v - supply.v_nominal_v).abs() > SAME_VOLTAGE * supply.v_nominal_v;
    if apart && matches!(e.model, Model::Series { .. }) {
        return Err(PowerError::VoltageMismatch {
            element: e.name.clone(),
            v_v: e.v_nominal_v,
            supply: supply.name.clone(),
            supply_v: supply.v_nominal_v,
        });
    }
    Ok(())
}

/// Every chain of parents ends at a source.
fn check_rings(case: &PowerCase) -> Result<(), PowerError> {
    let mut ends = vec![false; case.elements.len()];
    for start in 0..case.elements.len() {
        let mut path = Vec::new();
        let mut at = Some(start);
        while let Some(i) = at.filter(|&i| !ends[i]) {
            if path.len() > case.elements.len() {
                return Err(PowerError::Cycle { element: case.elements[i].name.clone() });
            }
            path.push(i);
            at = case.elements[i].parent;
        }
        for i in path {
            ends[i] = true;
        }
    }
    Ok(())
}

fn check_load(case: &PowerCase, load: &Load) -> Result<(), PowerError> {
    let name = load.name.as_str();
    not_negative(name, "p_w", load.p_w)?;
    fraction(name, "power_factor", load.power_factor)?;
    for feed in &load.feeds {
        known(case, name, "feeds", feed.element)?;
        positive(name, "share", feed.share)?;
        require((0.0..=1.0).contains(&feed.tap), name, "tap", feed.tap, "between 0 and 1")?;
    }
    Ok(())
}
