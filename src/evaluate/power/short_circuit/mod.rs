//! Three-phase short circuits at every bus after IEC 60909-0:2016, largest and smallest.
//!
//! An equivalent voltage source `c·Un/√3` at the fault drives the current; loads, shunts and
//! capacitances are left out. Three networks of one shape are reduced together: with K_T and cold
//! conductors for the largest current, without K_T and with conductors at their end temperature for
//! the smallest, and the first at 0.4 times the frequency for the peak in meshes.
//!
//! [`solve`] takes a [`case::FaultNetwork`]: `validate` → merge closed switches → find what is live
//! → reduce (`numerics::driving_point`) → currents. Far from generators: the alternating component
//! does not fade (n = 1). UPS bypasses are closed switches; converters and motors give nothing.

pub mod case;
pub mod error;
mod factors;
mod validate;

use crate::evaluate::power::elements::SQRT_3;
use crate::numerics::complex::Complex;
use crate::numerics::driving_point::Network;
use case::{FaultNetwork, FaultSource, FaultTransformer, PeakRatio, Strength};
use error::FaultError;
use factors::{
    direct_heat, generator_correction, hot_resistance, peak_factor, transformer_correction,
    voltage_factors,
};
use serde::Serialize;

/// The networks that are reduced together: largest current, smallest, largest at 0.4 times the
/// frequency.
const LANES: usize = 3;
/// Equivalent over system frequency: 20 Hz of 50 Hz, 24 Hz of 60 Hz (8.1, method c).
const EQUIVALENT_FREQUENCY: f64 = 0.4;
/// Difference from 1 below which a ratio of voltages is rounding.
const RATIO_ROUNDING: f64 = 1e-12;

/// A fault at a bus.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BusFault {
    /// Largest initial symmetrical current Ik'', A.
    pub ik_max_a: f64,
    /// Largest peak current ip, A.
    pub ip_a: f64,
    /// Thermal equivalent current Ith over the duration, A.
    pub ith_a: f64,
    /// Smallest initial symmetrical current, A.
    pub ik_min_a: f64,
    /// Resistance seen from the bus, largest current, Ω.
    pub r_ohm: f64,
    /// Reactance seen from the bus, largest current, Ω.
    pub x_ohm: f64,
}

impl BusFault {
    /// Thermal equivalent current over another duration, A.
    #[must_use]
    pub fn thermal_a(&self, duration_s: f64) -> f64 {
        let kappa = self.ip_a / (std::f64::consts::SQRT_2 * self.ik_max_a);
        self.ik_max_a * (1.0 + direct_heat(kappa, duration_s)).sqrt()
    }
}

/// Faults at every bus; none where no source reaches.
///
/// # Errors
/// The first part with bad data.
pub fn solve(net: &FaultNetwork) -> Result<Vec<Option<BusFault>>, FaultError> {
    validate::validate(net)?;
    let node = merged(net);
    let live = live(net, &node);
    let mut reduced: Network<LANES> = Network::new(net.buses.len());
    let v2 = |bus: usize| net.buses[bus].v_nominal_v.powi(2);
    for s in &net.sources {
        reduced.add_ground(node[s.bus], source_admittance(net, s));
    }
    for c in net.conductors.iter().filter(|c| live[node[c.from]]) {
        let hot = hot_resistance(c.end_c);
        let y = lanes(Complex::new(c.r_ohm, c.x_ohm), Complex::new(c.r_ohm * hot, c.x_ohm));
        reduced.add_branch(node[c.from], node[c.to], y.map(|y| y.scale(v2(c.from))));
    }
    for t in net.transformers.iter().filter(|t| live[node[t.hv]]) {
        add_transformer(net, t, &node, &mut reduced);
    }
    let z = reduced.impedances();
    let fault = |(i, n): (usize, &usize)| live[*n].then(|| currents(net, i, z[*n]));
    Ok(node.iter().enumerate().map(fault).collect())
}

/// Admittances of the three networks from the impedances for the largest and smallest current.
fn lanes(max: Complex, min: Complex) -> [Complex; LANES] {
    let slow = Complex::new(max.re, max.im * EQUIVALENT_FREQUENCY);
    [max.reciprocal(), min.reciprocal(), slow.reciprocal()]
}

/// Admittance of a source, VA at nominal voltage.
fn source_admittance(net: &FaultNetwork, s: &FaultSource) -> [Complex; LANES] {
    let (c_max, c_min) = voltage_factors(net.buses[s.bus].v_nominal_v, net.tolerance);
    let split = |z: f64, r_over_x: f64| {
        let x = z / r_over_x.hypot(1.0);
        Complex::new(x * r_over_x, x)
    };
    match s.strength {
        Strength::Grid { max_va, min_va, r_over_x } => {
            lanes(split(c_max / max_va, r_over_x), split(c_min / min_va, r_over_x))
        }
        Strength::Generator { s_va, x_pu, r_over_x, power_factor } => {
            let x = generator_correction(c_max, x_pu, power_factor) * x_pu / s_va;
            let z = Complex::new(x * r_over_x, x);
            lanes(z, z)
        }
    }
}

/// A transformer as a branch. Where its rated voltages are not in the ratio of the nominal ones, the
/// rest of the ideal transformer goes to ground on both sides.
fn add_transformer(
    net: &FaultNetwork,
    t: &FaultTransformer,
    node: &[usize],
    reduced: &mut Network<LANES>,
) {
    let (hv_v, lv_v) = (net.buses[t.hv].v_nominal_v, net.buses[t.lv].v_nominal_v);
    let (c_max, _) = voltage_factors(lv_v, net.tolerance);
    let x_pu = (t.z_pu * t.z_pu - t.r_pu * t.r_pu).max(0.0).sqrt();
    let to_bus = (t.lv_v / lv_v).powi(2) / t.s_va;
    let z = Complex::new(t.r_pu, x_pu).scale(to_bus);
    let y = lanes(z.scale(transformer_correction(c_max, x_pu)), z);
    let ratio = (t.hv_v / t.lv_v) * (lv_v / hv_v);
    let ratio = if (ratio - 1.0).abs() < RATIO_ROUNDING { 1.0 } else { ratio };
    reduced.add_branch(node[t.hv], node[t.lv], y.map(|y| y.scale(1.0 / ratio)));
    if ratio != 1.0 {
        reduced.add_ground(node[t.hv], y.map(|y| y.scale((1.0 - ratio) / (ratio * ratio))));
        reduced.add_ground(node[t.lv], y.map(|y| y.scale(1.0 - 1.0 / ratio)));
    }
}

/// Node of each bus: buses behind closed switches share one.
fn merged(net: &FaultNetwork) -> Vec<usize> {
    let mut root: Vec<usize> = (0..net.buses.len()).collect();
    for link in &net.links {
        let (a, b) = (find(&mut root, link.a), find(&mut root, link.b));
        root[a.max(b)] = a.min(b);
    }
    (0..root.len()).map(|bus| find(&mut root, bus)).collect()
}

fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

/// Whether a source reaches each node.
fn live(net: &FaultNetwork, node: &[usize]) -> Vec<bool> {
    let mut near = vec![Vec::new(); node.len()];
    let conductors = net.conductors.iter().map(|c| (c.from, c.to));
    for (a, b) in conductors.chain(net.transformers.iter().map(|t| (t.hv, t.lv))) {
        near[node[a]].push(node[b]);
        near[node[b]].push(node[a]);
    }
    let mut live = vec![false; node.len()];
    let mut todo: Vec<usize> = net.sources.iter().map(|s| node[s.bus]).collect();
    while let Some(at) = todo.pop() {
        if !std::mem::replace(&mut live[at], true) {
            todo.extend(&near[at]);
        }
    }
    live
}

/// Currents at a bus from its impedances, per VA at nominal voltage.
fn currents(net: &FaultNetwork, bus: usize, z: [Complex; LANES]) -> BusFault {
    let v_v = net.buses[bus].v_nominal_v;
    let (c_max, c_min) = voltage_factors(v_v, net.tolerance);
    let [max, min, slow] = z;
    let r_over_x = match net.peak {
        PeakRatio::Impedance => max.re / max.im,
        PeakRatio::EquivalentFrequency => EQUIVALENT_FREQUENCY * slow.re / slow.im,
    };
    let kappa = peak_factor(r_over_x);
    let duration_s = if net.duration_s > 0.0 { net.duration_s } else { 1.0 };
    let ik_max_a = c_max / max.abs() / (SQRT_3 * v_v);
    BusFault {
        ik_max_a,
        ip_a: std::f64::consts::SQRT_2 * kappa * ik_max_a,
        ith_a: ik_max_a * (1.0 + direct_heat(kappa, duration_s)).sqrt(),
        ik_min_a: c_min / min.abs() / (SQRT_3 * v_v),
        r_ohm: max.re * v_v * v_v,
        x_ohm: max.im * v_v * v_v,
    }
}

#[cfg(test)]
mod tests;
