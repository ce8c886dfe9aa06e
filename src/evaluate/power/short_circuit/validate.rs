//! Checks a network before it is solved; the first problem found is named.

use super::case::{Conductor, FaultNetwork, FaultSource, FaultTransformer, Strength};
use super::error::FaultError;
use std::collections::BTreeSet;

/// Largest magnitude of any number, SI units: stiff networks are written as 1e20 MVA and more, and
/// squares of it stay finite.
const LARGEST: f64 = 1e30;
/// Smallest short-circuit or rated power, VA, and voltage, V, that a part may have.
const SMALLEST: f64 = 1e-3;
/// Smallest impedance of a conductor that is told from none, Ω: a millimetre of thick busbar.
const SMALLEST_OHM: f64 = 1e-12;
/// Range of end temperatures, °C: copper is at most 250 °C hot after a fault.
const END_C: std::ops::RangeInclusive<f64> = -50.0..=500.0;
/// Largest relative difference of two nominal voltages that still count as equal.
const SAME_VOLTAGE: f64 = 1e-6;

pub(super) fn validate(net: &FaultNetwork) -> Result<(), FaultError> {
    unique(net.buses.iter().map(|b| &b.name))?;
    unique(net.sources.iter().map(|s| &s.name))?;
    unique(net.conductors.iter().map(|c| &c.name))?;
    unique(net.transformers.iter().map(|t| &t.name))?;
    unique(net.links.iter().map(|l| &l.name))?;
    for bus in &net.buses {
        positive(&bus.name, "the nominal voltage", bus.v_nominal_v)?;
    }
    let duration = (0.0..=100.0).contains(&net.duration_s);
    require(duration, "the network", "duration_s", net.duration_s, "between 0 and 100")?;
    net.sources.iter().try_for_each(|s| source(net, s))?;
    net.conductors.iter().try_for_each(|c| conductor(net, c))?;
    net.transformers.iter().try_for_each(|t| transformer(net, t))?;
    net.links.iter().try_for_each(|l| one_voltage(net, &l.name, l.a, l.b))
}

fn unique<'a>(names: impl Iterator<Item = &'a String>) -> Result<(), FaultError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(FaultError::DuplicateName { name: name.clone() });
        }
    }
    Ok(())
}

fn require(
    ok: bool,
    owner: &str,
    field: &'static str,
    value: f64,
    must_be: &'static str,
) -> Result<(), FaultError> {
    if ok && value.abs() <= LARGEST {
        return Ok(());
    }
    let must_be = if value.abs() <= LARGEST { must_be } else { "finite and at most 1e30" };
    Err(FaultError::BadNumber { owner: owner.to_owned(), field, value, must_be })
}

fn positive(owner: &str, field: &'static str, value: f64) -> Result<(), FaultError> {
    require(value >= SMALLEST, owner, field, value, "above zero")
}

fn not_negative(owner: &str, field: &'static str, value: f64) -> Result<(), FaultError> {
    require(value >= 0.0, owner, field, value, "zero or more")
}

fn known(net: &FaultNetwork, owner: &str, index: usize) -> Result<(), FaultError> {
    let count = net.buses.len();
    if index < count {
        return Ok(());
    }
    Err(FaultError::UnknownBus { owner: owner.to_owned(), index, count })
}

fn one_voltage(net: &FaultNetwork, owner: &str, a: usize, b: usize) -> Result<(), FaultError> {
    known(net, owner, a)?;
    known(net, owner, b)?;
    let (a, b) = (&net.buses[a], &net.buses[b]);
    if (a.v_nominal_v - b.v_nominal_v).abs() <= SAME_VOLTAGE * a.v_nominal_v {
        return Ok(());
    }
    Err(FaultError::VoltageMismatch {
        owner: owner.to_owned(),
        a: a.name.clone(),
        a_v: a.v_nominal_v,
        b: b.name.clone(),
        b_v: b.v_nominal_v,
    })
}

fn source(net: &FaultNetwork, s: &FaultSource) -> Result<(), FaultError> {
    known(net, &s.name, s.bus)?;
    match s.strength {
        Strength::Grid { max_va, min_va, r_over_x } => {
            positive(&s.name, "the short-circuit power", max_va)?;
            positive(&s.name, "the smallest short-circuit power", min_va)?;
            not_negative(&s.name, "R/X", r_over_x)
        }
        Strength::Generator { s_va, x_pu, r_over_x, power_factor } => {
            positive(&s.name, "the rated power", s_va)?;
            positive(&s.name, "the subtransient reactance", x_pu)?;
            not_negative(&s.name, "R/X", r_over_x)?;
            let ok = (0.0..=1.0).contains(&power_factor);
            require(ok, &s.name, "the power factor", power_factor, "between 0 and 1")
        }
    }
}

fn conductor(net: &FaultNetwork, c: &Conductor) -> Result<(), FaultError> {
    one_voltage(net, &c.name, c.from, c.to)?;
    not_negative(&c.name, "r_ohm", c.r_ohm)?;
    not_negative(&c.name, "x_ohm", c.x_ohm)?;
    let end_ok = END_C.contains(&c.end_c);
    require(end_ok, &c.name, "the end temperature", c.end_c, "between -50 and 500 °C")?;
    if c.r_ohm.max(c.x_ohm) < SMALLEST_OHM {
        return Err(FaultError::NoImpedance { owner: c.name.clone() });
    }
    Ok(())
}

fn transformer(net: &FaultNetwork, t: &FaultTransformer) -> Result<(), FaultError> {
    known(net, &t.name, t.hv)?;
    known(net, &t.name, t.lv)?;
    for (field, value) in [
        ("the rated power", t.s_va),
        ("the rated voltage of the high side", t.hv_v),
        ("the rated voltage of the low side", t.lv_v),
    ] {
        positive(&t.name, field, value)?;
    }
    require(t.z_pu >= 1e-9, &t.name, "vk", t.z_pu * 100.0, "above zero")?;
    not_negative(&t.name, "vkr", t.r_pu * 100.0)?;
    if t.r_pu > t.z_pu {
        let (z_percent, r_percent) = (t.z_pu * 100.0, t.r_pu * 100.0);
        let owner = t.name.clone();
        return Err(FaultError::ResistanceAboveImpedance { owner, z_percent, r_percent });
    }
    Ok(())
}
