//! Exchange of a training step: bytes over the links, the part inside a scale-up domain and the
//! part through the NIC.
//!
//! (1) all-gather or reduce-scatter of n bytes over g ranks, i of them in a domain: n (i−1)/i
//! inside, n/i (o−1)/o through each NIC with o = g/i
//! (2) all-to-all of n bytes per rank over e: n (i−1)/e inside, n (1 − i/e) outside

use super::super::split::TimeSplit;
use super::laws::TrainingLaws;
use super::types::TrainingCase;

/// Bandwidth of the host bus where there is no scale-up link, bytes/s: PCIe Gen5 × 16.
const PCIE_BYTE_S: f64 = 64e9;
/// Start-up of an exchange inside a domain, s: measured 5-10 µs over 8 accelerators.
const INSIDE_START_S: f64 = 8e-6;
/// Start-up of one that crosses the fabric, s (two hops of about 10 µs).
const OUTSIDE_START_S: f64 = 20e-6;

/// Effective links of one accelerator.
#[derive(Clone, Copy, Debug)]
pub struct Wires {
    /// Bytes/s inside the domain, one direction.
    pub inside_byte_s: f64,
    /// Bytes/s through the NIC, one direction; 0 without a network.
    pub outside_byte_s: f64,
    /// Accelerators of a domain.
    pub domain: f64,
}

/// Time of an exchange and its bytes through each NIC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Exchange {
    /// Time inside the domain, s.
    pub inside_s: f64,
    /// Time on the fabric, s.
    pub outside_s: f64,
    /// Bytes through each NIC.
    pub nic_bytes: f64,
}

impl Exchange {
    /// Time, s.
    #[must_use]
    pub fn total_s(&self) -> f64 {
        self.inside_s + self.outside_s
    }

    /// The same with times and bytes multiplied.
    #[must_use]
    pub fn times(&self, n: f64) -> Self {
        Self {
            inside_s: self.inside_s * n,
            outside_s: self.outside_s * n,
            nic_bytes: self.nic_bytes * n,
        }
    }

    /// The same with `share` of the time exposed; bytes flow all the same.
    #[must_use]
    pub fn exposed(&self, share: f64) -> Self {
        Self {
            inside_s: self.inside_s * share,
            outside_s: self.outside_s * share,
            nic_bytes: self.nic_bytes,
        }
    }

    /// One after the other.
    #[must_use]
    pub fn plus(&self, o: &Self) -> Self {
        Self {
            inside_s: self.inside_s + o.inside_s,
            outside_s: self.outside_s + o.outside_s,
            nic_bytes: self.nic_bytes + o.nic_bytes,
        }
    }

    /// As part of a step.
    #[must_use]
    pub fn split(&self) -> TimeSplit {
        TimeSplit { scale_up: self.inside_s, fabric: self.outside_s, ..TimeSplit::default() }
    }
}

impl Wires {
    /// Links of the case's device under its fabric factor.
    #[must_use]
    pub fn of(case: &TrainingCase, laws: &TrainingLaws) -> Self {
        let d = &case.device;
        let link = if d.scale_up_byte_s > 0.0 { d.scale_up_byte_s } else { PCIE_BYTE_S };
        Self {
            inside_byte_s: link * laws.link_share,
            outside_byte_s: d.nic_byte_s * laws.nic_share * case.fabric_factor,
            domain: f64::from(d.scale_up_domain),
        }
    }

    /// Equation (1); `stride` is the distance of the ranks: so many accelerators of other groups
    /// lie between two of them.
    #[must_use]
    pub fn gather(&self, bytes: f64, ranks: f64, stride: f64) -> Exchange {
        if ranks <= 1.0 || bytes <= 0.0 {
            return Exchange::default();
        }
        let inside = ranks.min((self.domain / stride).floor().max(1.0));
        let outside = ranks / inside;
        let within = bytes * (inside - 1.0) / inside;
        let out = bytes / inside * (outside - 1.0) / outside;
        self.timed(within, out, inside > 1.0)
    }

    /// Equation (2); `spared` is the share of the bytes that skips the fabric because tokens go
    /// once to each domain however many of its experts they visit.
    #[must_use]
    pub fn all_to_all(&self, bytes: f64, ranks: f64, spared: f64) -> Exchange {
        if ranks <= 1.0 {
            return Exchange::default();
        }
        let inside = ranks.min(self.domain);
        let out = bytes * (1.0 - inside / ranks) * (1.0 - spared);
        self.timed(bytes * (inside - 1.0) / ranks, out, inside > 1.0)
    }

    /// A message to the accelerator `stride` places away.
    #[must_use]
    pub fn send(&self, bytes: f64, stride: f64) -> Exchange {
        if stride > self.domain {
            self.timed(0.0, bytes, false)
        } else {
            self.timed(bytes, 0.0, true)
        }
    }

    fn timed(&self, within: f64, out: f64, inside: bool) -> Exchange {
        let inside_s = if inside { INSIDE_START_S + within / self.inside_byte_s } else { 0.0 };
        let outside_s = if out > 0.0 { OUTSIDE_START_S + out / self.outside_byte_s } else { 0.0 };
        Exchange { inside_s, outside_s, nic_bytes: out }
    }
}
