//! Where the time goes, and the power that follows from it.

use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign, Mul};

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
