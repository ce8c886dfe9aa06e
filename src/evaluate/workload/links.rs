//! Collectives between accelerators: start-up time plus bytes over link bandwidth.
//!
//! (1) all-reduce of n bytes over t: α(t) + 2 (t−1)/t n / β
//! (2) all-gather, reduce-scatter: half of (1)'s bytes
//! (3) all-to-all of n bytes per rank over e: α(e) + n (1 − 1/e) / β
//!
//! A group that stays inside a scale-up domain uses its links; a larger one is hierarchical: the
//! share that leaves the domain crosses the accelerator's NIC.

use super::device::Device;
use super::split::TimeSplit;

/// Share of the scale-up link that collectives reach: all-reduce kernels on H100 and B200 with 2
/// to 8 accelerators fit 0.55-0.80 of 450 and 900 GB/s.
const SCALE_UP_SHARE: f64 = 0.65;
/// Start-up of a collective inside a scale-up domain, s: measured 2.7 (H100, 2) to 5.7 µs
/// (B200, 8), and per doubling of the group below.
const SCALE_UP_ALPHA_S: f64 = 3.2e-6;
/// Added per doubling of the group, s.
const SCALE_UP_ALPHA_STEP_S: f64 = 0.6e-6;
/// Waiting for the slowest rank at each collective, s (assumption: kernels of one step do not end
/// together; decode traces show a few microseconds).
const SKEW_S: f64 = 2e-6;
/// Share of the NIC that collectives reach (large messages on 400 Gbit/s InfiniBand and RoCE:
/// 0.8-0.95 published).
const NIC_SHARE: f64 = 0.85;
/// Start-up of a collective that crosses the fabric, s (10 µs point to point, two phases).
const FABRIC_ALPHA_S: f64 = 20e-6;
/// One-directional bandwidth of the host bus where there is no scale-up link, bytes/s: PCIe Gen5
/// × 16, 64 GB/s.
const PCIE_BYTE_S: f64 = 64e9;

/// The links of one accelerator as a collective sees them.
#[derive(Clone, Copy, Debug)]
pub struct Links {
    scale_up_byte_s: f64,
    domain: f64,
    nic_byte_s: f64,
}

/// Time of a collective and its bytes through each NIC.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Collective {
    /// Time, s.
    pub time: TimeSplit,
    /// Bytes sent through the NIC of each accelerator.
    pub nic_bytes: f64,
}

impl Collective {
    /// The same, `times` over.
    #[must_use]
    pub fn scaled(&self, times: f64) -> Self {
        Self { time: self.time * times, nic_bytes: self.nic_bytes * times }
    }

    /// One after the other.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self { time: self.time + other.time, nic_bytes: self.nic_bytes + other.nic_bytes }
    }
}

impl Links {
    /// Links of `device` on a fabric that leaves `fabric_factor` of the NIC's bandwidth.
    #[must_use]
    pub fn new(device: &Device, fabric_factor: f64) -> Self {
        let link = if device.scale_up_byte_s > 0.0 { device.scale_up_byte_s } else { PCIE_BYTE_S };
        Self {
            scale_up_byte_s: link * SCALE_UP_SHARE,
            domain: f64::from(device.scale_up_domain),
            nic_byte_s: device.nic_byte_s * NIC_SHARE * fabric_factor,
        }
    }

    /// Whether a group of `ranks` can talk at all: larger than a domain needs a NIC.
    #[must_use]
    pub fn reach(&self, ranks: f64) -> bool {
        ranks <= self.domain || self.nic_byte_s > 0.0
    }

    /// Equation (1).
    #[must_use]
    pub fn all_reduce(&self, bytes: f64, ranks: f64) -> Collective {
        self.ring(2.0 * bytes, ranks)
    }

    /// Equation (1) over `ranks` of which `inside` share a domain (other groups lie between).
    #[must_use]
    pub fn all_reduce_over(&self, bytes: f64, ranks: f64, inside: f64) -> Collective {
        Self { domain: inside.max(1.0).min(self.domain), ..*self }.ring(2.0 * bytes, ranks)
    }

    /// Equation (2).
    #[must_use]
    pub fn gather_or_scatter(&self, bytes: f64, ranks: f64) -> Collective {
        self.ring(bytes, ranks)
    }

    /// Equation (3), with `bytes` sent by each rank in total.
    #[must_use]
    pub fn all_to_all(&self, bytes: f64, ranks: f64) -> Collective {
        if ranks <= 1.0 {
            return Collective::default();
        }
        let inside = ranks.min(self.domain);
        let out = bytes * (1.0 - inside / ranks);
        let within = bytes * (inside - 1.0) / ranks;
        self.timed(within, out, ranks)
    }

    /// One message of `bytes` to a neighbour, inside the domain or through the NIC.
    #[must_use]
    pub fn send(&self, bytes: f64, through_fabric: bool) -> Collective {
        if through_fabric { self.timed(0.0, bytes, f64::MAX) } else { self.timed(bytes, 0.0, 2.0) }
    }

    /// Ring over `ranks` with every rank handling `passes_bytes` × (ranks − 1)/ranks; a group wider
    /// than a domain reduces inside it first and only each rank's own share leaves.
    fn ring(&self, passes_bytes: f64, ranks: f64) -> Collective {
        if ranks <= 1.0 {
            return Collective::default();
        }
        let inside = ranks.min(self.domain);
        let outside = ranks / inside;
        let within = passes_bytes * (inside - 1.0) / inside;
        let out = passes_bytes / inside * (outside - 1.0) / outside;
        self.timed(within, out, ranks)
    }

    fn timed(&self, within: f64, out: f64, ranks: f64) -> Collective {
        let inside = ranks.min(self.domain);
        let mut time = TimeSplit::default();
        if inside > 1.0 {
            let alpha = SCALE_UP_ALPHA_S + SCALE_UP_ALPHA_STEP_S * inside.log2() + SKEW_S;
            time.scale_up = alpha + within / self.scale_up_byte_s;
        }
        if out > 0.0 {
            time.fabric = FABRIC_ALPHA_S + out / self.nic_byte_s;
        }
        Collective { time, nic_bytes: out }
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::h100;
    use super::*;

    #[test]
    fn one_rank_has_nothing_to_exchange() {
        let links = Links::new(&h100(), 1.0);
        assert_eq!(links.all_reduce(1e9, 1.0), Collective::default());
        assert_eq!(links.all_to_all(1e9, 1.0), Collective::default());
    }

    #[test]
    fn only_groups_wider_than_a_domain_use_the_fabric() {
        let links = Links::new(&h100(), 1.0);
        assert_eq!(links.all_reduce(1e9, 8.0).nic_bytes, 0.0);
        // 16 ranks in two domains: each NIC carries 2 × 1/8 × 1/2 of the bytes.
        assert!((links.all_reduce(1e9, 16.0).nic_bytes - 1.25e8).abs() < 1.0);
        assert!((links.all_to_all(1e9, 16.0).nic_bytes - 5e8).abs() < 1.0);
        let halved = Links::new(&h100(), 0.5);
        assert!(halved.all_reduce(1e9, 16.0).time.fabric > links.all_reduce(1e9, 16.0).time.fabric);
    }

    #[test]
    fn large_all_reduces_run_at_the_measured_bandwidth() {
        // Measured on H100, 8 accelerators: about 3.6 µs + bytes / 207 GB/s.
        let t = Links::new(&h100(), 1.0).all_reduce(64e6, 8.0).time.total();
        assert!((t / (3.6e-6 + 64e6 / 207e9) - 1.0).abs() < 0.35, "{t}");
    }
}
