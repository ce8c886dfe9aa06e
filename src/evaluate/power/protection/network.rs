//! The short-circuit network of a power case: one bus at the far end of each element.

use crate::evaluate::power::case::{Current, Element, ElementKind, Model, PowerCase};
use crate::evaluate::power::short_circuit::case::{
    Conductor, FaultBus, FaultNetwork, FaultSource, FaultTransformer, Link, PeakRatio, Strength,
};

/// Temperature of conductors at the end of a fault, for the smallest current, °C: continuous
/// operation of busways and cables is at 70 to 90 °C. Convention of the reference networks.
const END_C: f64 = 80.0;
/// Smallest over largest short-circuit power of a utility; convention of the reference networks.
const SMALLEST_UTILITY: f64 = 0.8;
/// R/X of a utility that states none (IEC 60909-0, 6.2: R = 0.1 X).
const UTILITY_R_OVER_X: f64 = 0.1;
/// R/X of a generator below 1 kV (IEC 60909-0, 6.6.1), and above.
const GENERATOR_R_OVER_X: (f64, f64) = (0.15, 0.07);
/// Voltage between the two, V.
const LOW_VOLTAGE_V: f64 = 1000.0;
/// Rated power factor of generators (ISO 8528-1).
const GENERATOR_POWER_FACTOR: f64 = 0.8;

/// What feeds the faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Utilities; every element on its normal supply.
    Utility,
    /// Generators alone; what they back up is transferred to them.
    Generators,
}

pub(super) fn network(case: &PowerCase, state: State) -> FaultNetwork {
    let bus = |e: &Element| FaultBus { name: e.name.clone(), v_nominal_v: e.v_nominal_v };
    let mut net = FaultNetwork {
        buses: case.elements.iter().map(bus).collect(),
        peak: PeakRatio::EquivalentFrequency,
        ..FaultNetwork::default()
    };
    for (i, e) in case.elements.iter().enumerate() {
        let parts = f64::from(e.modules);
        let name = || e.name.clone();
        let Some(from) = supply(case, e, state) else {
            let strength = strength(e, state);
            net.sources.extend(strength.map(|strength| FaultSource {
                name: name(),
                bus: i,
                strength,
            }));
            continue;
        };
        let upstream = &case.elements[from];
        if e.current == Current::Dc || upstream.current == Current::Dc {
            continue;
        }
        match e.model {
            Model::Series { r_ohm, x_ohm, .. } if r_ohm.max(x_ohm) / parts >= LEAST_OHM => {
                let (r_ohm, x_ohm) = (r_ohm / parts, x_ohm / parts);
                let (name, to) = (name(), i);
                net.conductors.push(Conductor { name, from, to, r_ohm, x_ohm, end_c: END_C });
            }
            Model::Transformer { base_va, r_pu, x_pu, .. } if r_pu.hypot(x_pu) >= LEAST_PU => {
                net.transformers.push(FaultTransformer {
                    name: name(),
                    hv: from,
                    lv: i,
                    s_va: base_va * parts,
                    hv_v: upstream.v_nominal_v,
                    lv_v: e.v_nominal_v,
                    z_pu: r_pu.hypot(x_pu),
                    r_pu,
                });
            }
            // A UPS with its static bypass closed; one that changes the voltage has none.
            Model::Series { .. } | Model::Converter { .. }
                if upstream.v_nominal_v == e.v_nominal_v =>
            {
                net.links.push(Link { name: name(), a: from, b: i });
            }
            _ => {}
        }
    }
    net
}

/// Impedance below which a conductor is a closed switch, Ω.
const LEAST_OHM: f64 = 1e-9;
/// Impedance below which a transformer has no stated impedance, per unit: then nothing beyond it is
/// calculated.
const LEAST_PU: f64 = 1e-6;

/// The element that supplies `e` in a state.
fn supply(case: &PowerCase, e: &Element, state: State) -> Option<usize> {
    let generator = |i: &usize| case.elements[*i].kind == ElementKind::Generator;
    match state {
        State::Utility => e.parent,
        State::Generators => e.backup.filter(generator).or(e.parent),
    }
}

fn strength(e: &Element, state: State) -> Option<Strength> {
    if e.current == Current::Dc {
        return None;
    }
    match (e.kind, state) {
        (ElementKind::Utility, State::Utility) => {
            let max_va = e.nameplate.fault_va?;
            let min_va = SMALLEST_UTILITY * max_va;
            Some(Strength::Grid { max_va, min_va, r_over_x: UTILITY_R_OVER_X })
        }
        (ElementKind::Generator, State::Generators) => {
            let low = e.v_nominal_v < LOW_VOLTAGE_V;
            Some(Strength::Generator {
                s_va: e.module_rating.s_va? * f64::from(e.modules - e.spare_modules),
                x_pu: e.nameplate.subtransient_pu?,
                r_over_x: if low { GENERATOR_R_OVER_X.0 } else { GENERATOR_R_OVER_X.1 },
                power_factor: GENERATOR_POWER_FACTOR,
            })
        }
        _ => None,
    }
}
