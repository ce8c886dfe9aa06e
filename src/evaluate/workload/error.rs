//! What a caller can do about a workload that cannot be computed: mend an input, or add memory.

use super::serving_types::Speculation;
use thiserror::Error;

/// Most tokens drafted per step that a step can check (published deployments draft 1 to 8).
const MOST_DRAFTED: f64 = 16.0;

/// Why a workload has no result. A missed SLA is not among them: that still yields numbers.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum WorkloadError {
    /// An input is not a usable number.
    #[error("{field} is {value}, must be between {min} and {max}")]
    BadInput {
        /// Field of the case.
        field: &'static str,
        /// Value found.
        value: f64,
        /// Smallest value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
    },
    /// No allowed parallelism leaves room for the weights and one sequence.
    #[error(
        "{model} needs {needed_gb:.0} GB on each of {gpus} accelerators ({layout}), {device} has {have_gb:.0} GB"
    )]
    DoesNotFit {
        /// Model that was to run.
        model: String,
        /// Accelerator that was to run it.
        device: String,
        /// Accelerators of the most spread-out layout tried.
        gpus: u32,
        /// That layout, in words.
        layout: String,
        /// Memory needed on each accelerator in that layout, GB.
        needed_gb: f64,
        /// Memory that each accelerator has for it, GB.
        have_gb: f64,
    },
    /// Prefill and decode can not both have a worker.
    #[error(
        "disaggregated serving needs at least {needed} accelerators (a prefill and a decode worker), \
         there are {gpus}"
    )]
    NoRoomForBoth {
        /// Accelerators of the smallest worker of each kind.
        needed: u32,
        /// Accelerators that there are.
        gpus: u32,
    },
    /// A layout given by the user contradicts the machine or the model.
    #[error("layout {layout} is impossible: {reason}")]
    BadLayout {
        /// The layout, in words.
        layout: String,
        /// Why not.
        reason: &'static str,
    },
}

/// `Ok` when `value` is finite and within `min..=max`.
pub(super) fn in_range(
    field: &'static str,
    value: f64,
    min: f64,
    max: f64,
) -> Result<(), WorkloadError> {
    if value.is_finite() && value >= min && value <= max {
        Ok(())
    } else {
        Err(WorkloadError::BadInput { field, value, min, max })
    }
}

/// `Ok` when `value` is finite and above zero.
pub(super) fn positive(field: &'static str, value: f64) -> Result<(), WorkloadError> {
    in_range(field, value, f64::MIN_POSITIVE, f64::MAX)
}

/// `Ok` when at least one token is drafted and no more are accepted than drafted.
pub(super) fn speculation(s: Speculation) -> Result<(), WorkloadError> {
    let drafted = f64::from(s.depth);
    in_range("speculation.depth", drafted, 1.0, MOST_DRAFTED)?;
    in_range("speculation.accepted", s.accepted, 0.0, drafted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_accepted_than_drafted_is_refused_by_name() {
        assert_eq!(speculation(Speculation { depth: 2, accepted: 1.4 }), Ok(()));
        let said =
            |depth, accepted| speculation(Speculation { depth, accepted }).unwrap_err().to_string();
        let words = said(1, 1.5);
        assert_eq!(words, "speculation.accepted is 1.5, must be between 0 and 1");
        assert!(said(0, 0.0).contains("speculation.depth is 0"));
        assert!(said(99, 1.0).contains("speculation.depth is 99"));
        assert!(said(2, f64::NAN).contains("NaN"));
    }
}
