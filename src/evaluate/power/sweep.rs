//! One radial island of a generated chain, built element by element and solved by [`radial`].

pub(super) use super::radial::Sweep;
use super::radial::{self, Bus};
use crate::numerics::complex::Complex;

/// Buses of one island, supplies before those they supply; index 0 is the root.
#[derive(Default)]
pub(super) struct Island {
    /// The tree with its loads.
    pub buses: Vec<Bus>,
    /// Voltage of each bus, per unit.
    pub v: Vec<Complex>,
    /// Current of the segment that ends at each bus; for the root, the current of the island.
    pub j: Vec<Complex>,
}

impl Island {
    pub fn clear(&mut self) {
        self.buses.clear();
        self.v.clear();
        self.j.clear();
    }

    /// Appends a bus and returns its local index.
    pub fn push(&mut self, parent: usize, z: Complex) -> usize {
        self.buses.push(Bus { z, up: parent as u32, ..Bus::default() });
        self.v.push(Complex::ZERO);
        self.j.push(Complex::ZERO);
        self.buses.len() - 1
    }

    /// Solves for `v` and `j` with all constant powers multiplied by `factor` and the root held at
    /// `v_root_pu`.
    pub fn solve(&mut self, v_root_pu: f64, factor: f64) -> Sweep {
        self.v.fill(Complex::new(v_root_pu, 0.0));
        radial::settle(&self.buses, factor, &mut self.v, &mut self.j)
    }

    /// Power that leaves the root, W and var.
    pub fn root_power(&self) -> Complex {
        match (self.v.first(), self.j.first()) {
            (Some(v), Some(j)) => *v * j.conj(),
            _ => Complex::ZERO,
        }
    }

    /// The bus on the way from the root to `bus` whose segment drops the most voltage.
    pub fn largest_drop_towards(&self, bus: usize) -> usize {
        let mut worst = (0.0, bus);
        let mut k = bus;
        while k != 0 {
            let drop = (self.buses[k].z * self.j[k]).norm_sqr();
            if drop > worst.0 {
                worst = (drop, k);
            }
            k = self.buses[k].up as usize;
        }
        worst.1
    }

    /// Largest common factor on all constant powers, at most 1, that still has a solution.
    pub fn largest_feasible_factor(&mut self, v_root_pu: f64) -> f64 {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..FACTOR_BISECTIONS {
            let middle = 0.5 * (low + high);
            match self.solve(v_root_pu, middle) {
                Sweep::Settled(_) => low = middle,
                Sweep::Collapsed(_) => high = middle,
            }
        }
        low
    }
}

/// Halvings of the search for the feasible factor: 2⁻²⁰ is far below what a planner can use.
const FACTOR_BISECTIONS: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn two_bus(r: f64, x: f64, p: f64, q: f64) -> Island {
        let mut island = Island::default();
        island.push(0, Complex::ZERO);
        island.push(0, Complex::new(r, x));
        island.buses[1].s = Complex::new(p, q);
        island
    }

    #[test]
    fn a_resistive_two_bus_feeder_has_the_closed_form_voltage() {
        let mut island = two_bus(0.1, 0.0, 1.0, 0.0);
        assert!(matches!(island.solve(1.0, 1.0), Sweep::Settled(_)));
        let exact = 0.5 * (1.0 + (1.0_f64 - 4.0 * 0.1).sqrt());
        assert!((island.v[1].re - exact).abs() < 1e-11);
        assert!((island.root_power().re - exact.recip()).abs() < 1e-10);
    }

    #[test]
    fn a_lagging_load_on_a_reactance_satisfies_the_biquadratic() {
        let (r, x, p, q) = (0.02, 0.06, 0.8, 0.3);
        let mut island = two_bus(r, x, p, q);
        assert!(matches!(island.solve(1.0, 1.0), Sweep::Settled(_)));
        // |V|⁴ + (2(rp + xq) − 1)|V|² + |z|²|s|² = 0
        let b = 2.0 * (r * p + x * q) - 1.0;
        let c = (r * r + x * x) * (p * p + q * q);
        let exact = ((-b + (b * b - 4.0 * c).sqrt()) / 2.0).sqrt();
        assert!((island.v[1].abs() - exact).abs() < 1e-11);
    }

    #[test]
    fn the_nose_of_a_resistive_feeder_is_at_a_quarter_of_the_short_circuit_power() {
        let mut island = two_bus(1.0, 0.0, 1.0, 0.0);
        assert_eq!(island.solve(1.0, 1.0), Sweep::Collapsed(1));
        let factor = island.largest_feasible_factor(1.0);
        assert!((factor - 0.25).abs() < 0.01, "{factor}");
        assert!(island.v.iter().all(|v| v.re.is_finite() && v.im.is_finite()));
    }
}
