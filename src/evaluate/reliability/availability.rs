//! Availability of serving: a failure takes one replica away, not the job.
//!
//! A replica of g accelerators fails every M_gpu / g and is back after R (a spare is loaded with
//! the weights, or the repaired part returns). Its availability is (1) A = M / (M + R), and the
//! mean capacity of a fleet of independent replicas is A times its size, whatever the number.

use super::goodput::ReliabilityError;
use serde::{Deserialize, Serialize};

/// Time to bring a replica back on spare accelerators, s, without reading the weights: detection,
/// scheduling, engine start and graph capture. Assumption.
pub const REPLICA_RESTART_S: f64 = 300.0;
/// Time until a failed accelerator or its node is repaired when no spare stands by, s: one day,
/// a usual next-business-day service level. Assumption.
pub const REPAIR_S: f64 = 86_400.0;

/// Availability of a serving fleet.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServingAvailability {
    /// Mean share of the replicas that serve, 0 to 1.
    pub availability: f64,
    /// Mean time between failures of one replica, s.
    pub replica_mtbf_s: f64,
    /// Mean number of replicas that are down.
    pub replicas_down: f64,
}

/// Mean availability of `replicas` of `gpus_per_replica` accelerators, equation (1): with spares
/// `outage_s` is [`REPLICA_RESTART_S`] and the weights' load time, without them [`REPAIR_S`].
///
/// # Errors
/// Names the first argument that is not a usable number.
pub fn serving_availability(
    replicas: f64,
    gpus_per_replica: f64,
    gpu_mtbf_h: f64,
    outage_s: f64,
) -> Result<ServingAvailability, ReliabilityError> {
    let checks = [
        (replicas >= 0.0, "replicas", replicas, "0 or more"),
        (gpus_per_replica >= 1.0, "gpus_per_replica", gpus_per_replica, "at least 1"),
        (gpu_mtbf_h > 0.0, "gpu_mtbf_h", gpu_mtbf_h, "above 0"),
        (outage_s >= 0.0, "outage_s", outage_s, "0 or more"),
    ];
    for (ok, field, value, needs) in checks {
        if !ok || !value.is_finite() {
            return Err(ReliabilityError { field, value, needs });
        }
    }
    let replica_mtbf_s = gpu_mtbf_h * crate::units::SECONDS_PER_HOUR / gpus_per_replica;
    let availability = replica_mtbf_s / (replica_mtbf_s + outage_s);
    let replicas_down = replicas * (1.0 - availability);
    Ok(ServingAvailability { availability, replica_mtbf_s, replicas_down })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spares_turn_a_day_of_repair_into_minutes() {
        let repaired = serving_availability(16.0, 72.0, 50_000.0, REPAIR_S).unwrap();
        let spared = serving_availability(16.0, 72.0, 50_000.0, REPLICA_RESTART_S).unwrap();
        // 50,000 h / 72 = 694.4 h between failures; a day of repair costs 24 / 718.4.
        assert!((repaired.availability - (1.0 - 24.0 / (50_000.0 / 72.0 + 24.0))).abs() < 1e-12);
        assert!(spared.availability > 0.999 && repaired.availability < 0.97);
        assert!((repaired.replicas_down - 16.0 * (1.0 - repaired.availability)).abs() < 1e-12);
    }

    #[test]
    fn unusable_numbers_are_named() {
        assert_eq!(serving_availability(1.0, 0.0, 5e4, 1.0).unwrap_err().field, "gpus_per_replica");
        assert_eq!(serving_availability(1.0, 8.0, 5e4, f64::NAN).unwrap_err().field, "outage_s");
    }
}
