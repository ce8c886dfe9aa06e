//! Where the time goes, and the power that follows from it.

use super::serving_types::WorkloadLimit;
use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Mul};

/// Limits that are shares of time, in the order of [`TimeSplit`]'s fields.
const TIME_LIMITS: [WorkloadLimit; 7] = [
    WorkloadLimit::Compute,
    WorkloadLimit::MemoryBandwidth,
    WorkloadLimit::ScaleUp,
    WorkloadLimit::Fabric,
    WorkloadLimit::Overhead,
    WorkloadLimit::Bubble,
    WorkloadLimit::Storage,
];

/// Time by what bound it, s (or shares of 1 after [`TimeSplit::shares`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TimeSplit {
    /// Arithmetic units.
    pub compute: f64,
    /// Accelerator memory bandwidth.
    pub memory: f64,
    /// Scale-up links.
    pub scale_up: f64,
    /// Scale-out fabric.
    pub fabric: f64,
    /// Kernel launches and the framework between them.
    pub overhead: f64,
    /// Pipeline bubbles.
    pub bubble: f64,
    /// Storage.
    pub storage: f64,
}

impl TimeSplit {
    /// All of it.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.parts().iter().sum()
    }

    /// As shares of the whole; all zero when the whole is zero.
    #[must_use]
    pub fn shares(&self) -> Self {
        let total = self.total();
        if total > 0.0 { *self * (1.0 / total) } else { Self::default() }
    }

    /// The part that `limit` names; 0 for limits that are no share of time.
    #[must_use]
    pub fn part(&self, limit: WorkloadLimit) -> f64 {
        TIME_LIMITS.iter().zip(self.parts()).filter(|(l, _)| **l == limit).map(|(_, t)| t).sum()
    }

    /// What takes the most time; the first in order of the fields when equal.
    #[must_use]
    pub fn largest(&self) -> WorkloadLimit {
        let mut best = (WorkloadLimit::Compute, self.compute);
        for (limit, time) in TIME_LIMITS.into_iter().zip(self.parts()) {
            if time > best.1 {
                best = (limit, time);
            }
        }
        best.0
    }

    fn parts(&self) -> [f64; 7] {
        [
            self.compute,
            self.memory,
            self.scale_up,
            self.fabric,
            self.overhead,
            self.bubble,
            self.storage,
        ]
    }
}

impl Add for TimeSplit {
    type Output = Self;
    fn add(self, o: Self) -> Self {
        Self {
            compute: self.compute + o.compute,
            memory: self.memory + o.memory,
            scale_up: self.scale_up + o.scale_up,
            fabric: self.fabric + o.fabric,
            overhead: self.overhead + o.overhead,
            bubble: self.bubble + o.bubble,
            storage: self.storage + o.storage,
        }
    }
}

impl AddAssign for TimeSplit {
    fn add_assign(&mut self, o: Self) {
        *self = *self + o;
    }
}

impl Mul<f64> for TimeSplit {
    type Output = Self;
    fn mul(self, k: f64) -> Self {
        Self {
            compute: self.compute * k,
            memory: self.memory * k,
            scale_up: self.scale_up * k,
            fabric: self.fabric * k,
            overhead: self.overhead * k,
            bubble: self.bubble * k,
            storage: self.storage * k,
        }
    }
}

/// Power of an idle accelerator over its design power: H100 idles at 72-75 W of 700 W
/// (arXiv 2605.23918).
pub const IDLE_POWER_FRACTION: f64 = 0.105;
/// Power while arithmetic binds, over design power: prefill and training run near the limit
/// (assumption).
const COMPUTE_POWER: f64 = 0.95;
/// Power while memory bandwidth binds: decode draws 50-70 % of design power; B200 688 W of
/// 1,000 W measured (arXiv 2609.11133). Assumption for other parts.
const MEMORY_POWER: f64 = 0.68;
/// Power while links, launches or storage are waited for (assumption).
const WAIT_POWER: f64 = 0.45;
/// Exponent of the clock in dynamic power: frequency times voltage squared, with voltage falling
/// about half as fast as the clock (assumption).
const CLOCK_EXPONENT: f64 = 2.0;

impl TimeSplit {
    /// Mean power over design power while working, from these shares, at `clock_factor` of the
    /// rated clock.
    #[must_use]
    pub fn power_fraction(&self, clock_factor: f64) -> f64 {
        let s = self.shares();
        let waits = s.scale_up + s.fabric + s.overhead + s.bubble + s.storage;
        let busy = s.compute * COMPUTE_POWER + s.memory * MEMORY_POWER + waits * WAIT_POWER;
        IDLE_POWER_FRACTION
            + (busy - IDLE_POWER_FRACTION).max(0.0) * clock_factor.powf(CLOCK_EXPONENT)
    }
}

/// Mean power over design power of an accelerator that works `busy` of the time at `working`.
#[must_use]
pub fn mean_power_fraction(working: f64, busy: f64) -> f64 {
    IDLE_POWER_FRACTION + (working - IDLE_POWER_FRACTION) * busy.clamp(0.0, 1.0)
}
