//! Time of one kernel and what it is made of.

use std::ops::{Add, Mul};

/// Time of one kernel, split by what binds. Only the part that binds carries the roofline time:
/// the parts add up to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KernelTime {
    /// Bound by arithmetic, s.
    pub compute_s: f64,
    /// Bound by accelerator memory, s.
    pub memory_s: f64,
    /// Bound by links between accelerators, s.
    pub link_s: f64,
    /// Launch, tails and serial steps that no unit of work shortens, s.
    pub overhead_s: f64,
}

impl KernelTime {
    /// Time of the kernel, s.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.compute_s + self.memory_s + self.link_s + self.overhead_s
    }
}

impl Add for KernelTime {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            compute_s: self.compute_s + other.compute_s,
            memory_s: self.memory_s + other.memory_s,
            link_s: self.link_s + other.link_s,
            overhead_s: self.overhead_s + other.overhead_s,
        }
    }
}

impl Mul<f64> for KernelTime {
    type Output = Self;

    fn mul(self, times: f64) -> Self {
        Self {
            compute_s: self.compute_s * times,
            memory_s: self.memory_s * times,
            link_s: self.link_s * times,
            overhead_s: self.overhead_s * times,
        }
    }
}
