//! Sequence admittances of lines, transformers and the source, in siemens.
//!
//! Phase quantities from sequences (0, 1, 2): x_abc = A x_012 with a = e^{j 120°}:
//! A = [1 1 1; 1 a² a; 1 a a²], x_012 = A⁻¹ x_abc. Every element here is symmetric, so each sequence
//! has an admittance matrix of its own; only loads couple them.

use super::case::{Transformer, UnbalancedCase, Winding};
use crate::numerics::complex::Complex;

/// √3/2.
const HALF_ROOT_3: f64 = 0.866_025_403_784_438_6;
/// e^{j 120°} and its square.
const TURN: [Complex; 2] = [Complex::new(-0.5, HALF_ROOT_3), Complex::new(-0.5, -HALF_ROOT_3)];
/// V per kV; W per MW.
pub(super) const KILO: f64 = 1e3;
pub(super) const MEGA: f64 = 1e6;

/// Phases from sequences.
pub(super) fn phases([zero, one, two]: [Complex; 3]) -> [Complex; 3] {
    let [a, a2] = TURN;
    [zero + one + two, zero + a2 * one + a * two, zero + a * one + a2 * two]
}

/// Sequences from phases.
pub(super) fn sequences([a, b, c]: [Complex; 3]) -> [Complex; 3] {
    let third = 1.0 / 3.0;
    let [t, t2] = TURN;
    [(a + b + c).scale(third), (a + t * b + t2 * c).scale(third), (a + t2 * b + t * c).scale(third)]
}

pub(super) fn inverse(z: Complex) -> Complex {
    z.conj().scale(1.0 / z.norm_sqr())
}

/// A two-port of each sequence 0, 1, 2 between two buses: [ff, ft, tf, tt], S.
#[derive(Clone, Debug)]
pub(super) struct Element {
    pub f: usize,
    pub t: usize,
    pub y: [[Complex; 4]; 3],
}

/// A series impedance with half of a shunt at each end.
fn pi(z: Complex, b: f64) -> [Complex; 4] {
    let y = inverse(z);
    let own = y + Complex::new(0.0, 0.5 * b);
    [own, -y, -y, own]
}

/// The elements of a checked case.
pub(super) fn elements(case: &UnbalancedCase, index: &super::case::Index<'_>) -> Vec<Element> {
    let at = |bus: &str| index.get(bus).copied().unwrap_or(0);
    let mut all = Vec::new();
    for line in &case.lines {
        let one = pi(Complex::new(line.r1, line.x1), line.b1);
        let zero = pi(Complex::new(line.r0, line.x0), line.b0);
        all.push(Element { f: at(&line.f), t: at(&line.t), y: [zero, one, one] });
    }
    for t in &case.transformers {
        all.push(Element { f: at(&t.hv), t: at(&t.lv), y: transformer(t) });
    }
    all
}

fn transformer(t: &Transformer) -> [[Complex; 4]; 3] {
    let base_ohm = t.vn_lv_kv * t.vn_lv_kv / t.sn_mva;
    let admittance = |vk: f64, vkr: f64| {
        let (z, r) = (vk / 100.0 * base_ohm, vkr / 100.0 * base_ohm);
        inverse(Complex::new(r, (z * z - r * r).max(0.0).sqrt()))
    };
    let y = admittance(t.vk_percent, t.vkr_percent);
    let vk0 = t.vk0_percent.unwrap_or(t.vk_percent);
    let y0 = admittance(vk0, t.vkr0_percent.unwrap_or(t.vkr_percent).min(vk0));
    let ratio = t.vn_hv_kv / t.vn_lv_kv;
    // The low side lags in the positive sequence and leads in the negative.
    let (sin, cos) = (f64::from(t.clock) * 30.0).to_radians().sin_cos();
    let through = |y: Complex, n: Complex| {
        [y.scale(1.0 / n.norm_sqr()), -(y * inverse(n.conj())), -(y * inverse(n)), y]
    };
    let n = Complex::new(ratio * cos, ratio * sin);
    let zero = match t.vector_group {
        Winding::Dyn => [Complex::ZERO, Complex::ZERO, Complex::ZERO, y0],
        Winding::YnYn => through(y0, Complex::new(ratio, 0.0)),
    };
    [zero, through(y, n), through(y, n.conj())]
}

/// Source admittance of sequences 0, 1, 2, S, and the voltage behind it, V, phase to earth.
pub(super) fn source(case: &UnbalancedCase, vn_kv: f64) -> ([Complex; 3], f64) {
    const ROOT_3: f64 = 2.0 * HALF_ROOT_3;
    let s = &case.source_bus;
    let z = vn_kv * vn_kv / s.sk_mva;
    let x = z / (1.0 + s.rx * s.rx).sqrt();
    let x0 = s.x0x * x;
    let one = inverse(Complex::new(s.rx * x, x));
    let zero = inverse(Complex::new(s.r0x0 * x0, x0));
    ([zero, one, one], s.u_pu * vn_kv * KILO / ROOT_3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_and_phases_are_inverse_and_a_symmetric_system_has_only_the_positive() {
        let one = [Complex::ZERO, Complex::new(230.0, 0.0), Complex::ZERO];
        let abc = phases(one);
        assert!((abc[1] - Complex::new(-115.0, -230.0 * HALF_ROOT_3)).abs() < 1e-12);
        let back = sequences(abc);
        assert!(back.iter().zip(&one).all(|(a, b)| (*a - *b).abs() < 1e-12));
    }

    #[test]
    fn a_dyn1_transformer_turns_the_low_side_back_by_30_degrees() {
        let t = Transformer {
            sn_mva: 1.0,
            vn_hv_kv: 11.0,
            vn_lv_kv: 0.4,
            vk_percent: 5.0,
            vkr_percent: 1.0,
            clock: 1,
            ..Transformer::default()
        };
        let y = transformer(&t);
        // Without load: y_tf V_f + y_tt V_t = 0.
        let hv = Complex::new(11.0, 0.0);
        let lv = -(y[1][2] * hv) * inverse(y[1][3]);
        assert!((lv.abs() - 0.4).abs() < 1e-12);
        assert!((lv.im.atan2(lv.re).to_degrees() + 30.0).abs() < 1e-9);
        assert_eq!(y[0][1], Complex::ZERO);
    }
}
