//! Operations of a pass, and what one costs.

use super::kernels::KernelTime;
use super::links::Collective;
use super::split::TimeSplit;
use serde::{Deserialize, Serialize};
use std::ops::{Add, Mul};

/// What a pass through the model consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Query, key, value and output products, latent ones included.
    Projections,
    /// Softmax attention over the cache.
    Attention,
    /// State updates of linear attention.
    LinearAttention,
    /// Dense feed-forward and shared experts.
    FeedForward,
    /// Routed experts with their router.
    Experts,
    /// Norms, rotary embedding, activations, quantisation.
    Elementwise,
    /// All-reduces of tensor parallelism.
    AllReduce,
    /// Dispatch and combine of expert parallelism, hops between pipeline stages.
    Exchange,
    /// Output head.
    Head,
    /// Scheduler, sampling and host work of the engine.
    Engine,
}

impl Operation {
    /// All, in the order of their index.
    pub const ALL: [Self; 10] = [
        Self::Projections,
        Self::Attention,
        Self::LinearAttention,
        Self::FeedForward,
        Self::Experts,
        Self::Elementwise,
        Self::AllReduce,
        Self::Exchange,
        Self::Head,
        Self::Engine,
    ];

    /// Name as planners say it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Projections => "projections",
            Self::Attention => "attention",
            Self::LinearAttention => "linear attention",
            Self::FeedForward => "feed-forward",
            Self::Experts => "experts",
            Self::Elementwise => "norms and activations",
            Self::AllReduce => "all-reduce",
            Self::Exchange => "expert exchange",
            Self::Head => "output head",
            Self::Engine => "engine",
        }
    }
}

/// Time per operation, s, in the order of [`Operation::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OperationTimes([f64; Operation::ALL.len()]);

impl OperationTimes {
    /// Time of `operation`, s.
    #[must_use]
    pub fn of(&self, operation: Operation) -> f64 {
        self.0[operation as usize]
    }

    /// Adds to the time of `operation`.
    pub fn count(&mut self, operation: Operation, time_s: f64) {
        self.0[operation as usize] += time_s;
    }

    /// The operation that takes longest, and its share of the whole; the first when equal.
    #[must_use]
    pub fn largest(&self) -> (Operation, f64) {
        let total: f64 = self.0.iter().sum();
        let mut best = Operation::Projections;
        for operation in Operation::ALL {
            if self.of(operation) > self.of(best) {
                best = operation;
            }
        }
        (best, if total > 0.0 { self.of(best) / total } else { 0.0 })
    }
}

impl Add for OperationTimes {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(a, b)| *a += b);
        self
    }
}

impl Mul<f64> for OperationTimes {
    type Output = Self;
    fn mul(mut self, times: f64) -> Self {
        self.0.iter_mut().for_each(|a| *a *= times);
        self
    }
}

/// Cost of a pass, per accelerator.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PassCost {
    /// Time by what bounds it, s.
    pub time: TimeSplit,
    /// The same time by operation, s.
    pub operations: OperationTimes,
    /// Arithmetic done, FLOP.
    pub flops: f64,
    /// Memory traffic, bytes.
    pub bytes: f64,
    /// Bytes sent through the NIC.
    pub nic_bytes: f64,
}

impl PassCost {
    /// Adds `times` runs of a kernel.
    pub fn kernel(&mut self, operation: Operation, kernel: KernelTime, times: f64) {
        self.time.compute += kernel.compute_s * times;
        self.time.memory += kernel.memory_s * times;
        self.time.scale_up += kernel.link_s * times;
        self.time.overhead += kernel.overhead_s * times;
        self.operations.count(operation, kernel.total() * times);
    }

    /// Adds the work that kernels did.
    pub fn work(&mut self, flops: f64, bytes: f64) {
        self.flops += flops;
        self.bytes += bytes;
    }

    /// Adds `times` collectives.
    pub fn collective(&mut self, operation: Operation, collective: &Collective, times: f64) {
        self.time += collective.time * times;
        self.nic_bytes += collective.nic_bytes * times;
        self.operations.count(operation, collective.time.total() * times);
    }

    /// Adds host time.
    pub fn overhead(&mut self, operation: Operation, time_s: f64) {
        self.time.overhead += time_s;
        self.operations.count(operation, time_s);
    }
}

impl Add for PassCost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self {
            time: self.time + other.time,
            operations: self.operations + other.operations,
            flops: self.flops + other.flops,
            bytes: self.bytes + other.bytes,
            nic_bytes: self.nic_bytes + other.nic_bytes,
        }
    }
}

impl Mul<f64> for PassCost {
    type Output = Self;
    fn mul(self, times: f64) -> Self {
        Self {
            time: self.time * times,
            operations: self.operations * times,
            flops: self.flops * times,
            bytes: self.bytes * times,
            nic_bytes: self.nic_bytes * times,
        }
    }
}

/// Time of arithmetic and traffic that overlap, s: their 4-norm, the larger away from the ridge of
/// the roofline.
#[must_use]
pub fn overlapped(compute_s: f64, memory_s: f64) -> f64 {
    let (long, short) = (compute_s.max(memory_s), compute_s.min(memory_s));
    if long <= 0.0 {
        return 0.0;
    }
    let square = (short / long) * (short / long);
    long * (1.0 + square * square).sqrt().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_place_of_its_own_and_the_sum_is_the_time() {
        let mut cost = PassCost::default();
        for (i, operation) in Operation::ALL.into_iter().enumerate() {
            cost.overhead(operation, 1.0 + i as f64);
            assert_eq!(operation as usize, i);
        }
        assert_eq!(cost.operations.largest().0, Operation::Engine);
        let sum: f64 = Operation::ALL.iter().map(|o| cost.operations.of(*o)).sum();
        assert!((sum - cost.time.total()).abs() < 1e-12);
    }
}
