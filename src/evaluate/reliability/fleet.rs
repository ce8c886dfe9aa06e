//! Failures of a job by what fails: accelerators, nodes, switches, and the domain that a failure
//! takes with it; spares that keep the job at its size.
//!
//! - (1) rate of interruptions λ = f (n/M_gpu + n/(g M_node) + s/M_switch), f ≥ 1 for software and
//!   for the infancy of a fleet
//! - (2) a failure takes a blast of b accelerators out for the repair time; k spare blasts replace
//!   it. Blasts down at a time are Poisson with mean a = λ R_repair, so that the job keeps its
//!   size with probability P(N ≤ k); else it waits for a repair.
//!   A job that rather goes on smaller keeps 1 − b E[(N − k)⁺] / n of its size.
//! - (3) useful share = goodput of the checkpointed job, equation (2) of the parent, times that
//!   availability, times what is not planned maintenance
//!
//! Validity: independent failures of constant rate; one job.

use super::goodput::{Goodput, ReliabilityError, evaluate_mtbf};
use crate::units::SECONDS_PER_HOUR;
use serde::{Deserialize, Serialize};

/// Share of interruptions that are not hardware, of 419 on 16,384 H100 in 54 days: software 13 %,
/// network 8 % (Llama 3 herd of models, arXiv 2407.21783, §3.3.4). The mean of
/// [`super::goodput::GPU_MTBF_H`] holds them already; the factor below is 1 for it.
pub const LLAMA3_OTHER_SHARE: f64 = 0.21;
/// Failures of a young fleet over those of a settled one (assumption; published fleets improved
/// by 2 to 3 over their first months).
pub const YOUNG_FLEET_FACTOR: f64 = 2.5;
/// Share of a checkpoint's write that stops the job when it is written in the background: the copy
/// to host memory (assumption; published systems report 1 to 10 %).
pub const ASYNC_RESIDUE: f64 = 0.05;
/// Time until a failed server is back in service, s: on-site hands and a swap of parts within a
/// shift (assumption; published fleets range from hours to days).
pub const REPAIR_S: f64 = 8.0 * SECONDS_PER_HOUR;
/// Accelerators that share the fate of one that fails in a server.
pub const SERVER_BLAST: f64 = 8.0;
/// Accelerators of a rack-scale domain that a failed link or switch tray stops (NVL72).
pub const RACK_BLAST: f64 = 72.0;

/// How checkpoints reach storage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checkpointing {
    /// The job waits until all is written.
    Synchronous,
    /// The job waits for this share of the write, 0 to 1.
    Asynchronous(f64),
}

/// A job and the machines under it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleetCase {
    /// Accelerators of the job.
    pub gpus: f64,
    /// Mean accelerator-hours between failures of accelerators, hours.
    pub gpu_mtbf_h: f64,
    /// Accelerators of a node.
    pub node_gpus: f64,
    /// Mean node-hours between failures of what is not an accelerator, hours; `None` when
    /// `gpu_mtbf_h` counts them.
    pub node_mtbf_h: Option<f64>,
    /// Switches whose failure interrupts the job.
    pub switches: f64,
    /// Mean switch-hours between such failures, hours; `None` when `gpu_mtbf_h` counts them.
    pub switch_mtbf_h: Option<f64>,
    /// Interruptions over those of hardware in a settled fleet, at least 1.
    pub other_factor: f64,
    /// Accelerators that one failure takes out.
    pub blast_gpus: f64,
    /// Spare accelerators that stand by.
    pub spare_gpus: f64,
    /// Time until what failed is back, s.
    pub repair_s: f64,
    /// Bytes of a checkpoint.
    pub checkpoint_bytes: f64,
    /// Storage write bandwidth of the job, bytes/s.
    pub write_byte_s: f64,
    /// How checkpoints are written.
    pub checkpointing: Checkpointing,
    /// Time from a failure until the job computes again, s, checkpoint read included.
    pub restart_s: f64,
    /// Share of the time that is planned maintenance, 0 to 1.
    pub planned_share: f64,
}

/// The answer to a [`FleetCase`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleetResult {
    /// Checkpointing alone.
    pub job: Goodput,
    /// Interruptions in a day.
    pub interruptions_per_day: f64,
    /// Blasts that the spares can replace.
    pub spare_blasts: f64,
    /// Mean accelerators that are down for repair.
    pub gpus_down: f64,
    /// Share of the time that the job has its full size, 0 to 1.
    pub spare_availability: f64,
    /// Useful share of all time, 0 to 1.
    pub useful: f64,
    /// Mean share of its size that a job keeps which goes on without what spares do not replace,
    /// 0 to 1: (2).
    pub size_share: f64,
}

/// Evaluates a job on its fleet, equations (1) to (3).
///
/// # Errors
/// Names the first field that is not a usable number.
pub fn evaluate_fleet(case: &FleetCase) -> Result<FleetResult, ReliabilityError> {
    check(case)?;
    let hours = |mtbf: Option<f64>, count: f64| mtbf.map_or(0.0, |h| count / h);
    let per_h = case.other_factor
        * (case.gpus / case.gpu_mtbf_h
            + hours(case.node_mtbf_h, case.gpus / case.node_gpus)
            + hours(case.switch_mtbf_h, case.switches));
    let mtbf_s = SECONDS_PER_HOUR / per_h;
    let residue = match case.checkpointing {
        Checkpointing::Synchronous => 1.0,
        Checkpointing::Asynchronous(share) => share,
    };
    let write_s = case.checkpoint_bytes / case.write_byte_s;
    // Written in the background, the next checkpoint can not begin before this one is through.
    let least_s = write_s * (1.0 - residue);
    let checkpoint_s = write_s * residue;
    let best = super::optimum_interval_s(checkpoint_s, mtbf_s);
    let interval = (best < least_s).then_some(least_s);
    let job = evaluate_mtbf(mtbf_s, checkpoint_s, case.restart_s, interval)?;
    let down = case.repair_s / mtbf_s;
    let spare_blasts = (case.spare_gpus / case.blast_gpus).floor();
    let spare_availability = poisson_at_most(spare_blasts, down);
    Ok(FleetResult {
        job,
        interruptions_per_day: 24.0 * per_h,
        spare_blasts,
        gpus_down: down * case.blast_gpus,
        spare_availability,
        useful: job.goodput * spare_availability * (1.0 - case.planned_share),
        size_share: size_share(case, spare_blasts, down),
    })
}

fn check(c: &FleetCase) -> Result<(), ReliabilityError> {
    let residue = match c.checkpointing {
        Checkpointing::Synchronous => 1.0,
        Checkpointing::Asynchronous(share) => share,
    };
    let share = |v: f64| (0.0..=1.0).contains(&v);
    let checks = [
        (c.gpus >= 1.0, "gpus", c.gpus, "at least 1"),
        (c.gpu_mtbf_h > 0.0, "gpu_mtbf_h", c.gpu_mtbf_h, "above 0"),
        (c.node_gpus >= 1.0, "node_gpus", c.node_gpus, "at least 1"),
        (
            c.node_mtbf_h.is_none_or(|h| h > 0.0),
            "node_mtbf_h",
            c.node_mtbf_h.unwrap_or(1.0),
            "above 0",
        ),
        (c.switches >= 0.0, "switches", c.switches, "0 or more"),
        (
            c.switch_mtbf_h.is_none_or(|h| h > 0.0),
            "switch_mtbf_h",
            c.switch_mtbf_h.unwrap_or(1.0),
            "above 0",
        ),
        (c.other_factor >= 1.0, "other_factor", c.other_factor, "at least 1"),
        (c.blast_gpus >= 1.0, "blast_gpus", c.blast_gpus, "at least 1"),
        (c.spare_gpus >= 0.0, "spare_gpus", c.spare_gpus, "0 or more"),
        (c.repair_s >= 0.0, "repair_s", c.repair_s, "0 or more"),
        (c.checkpoint_bytes >= 0.0, "checkpoint_bytes", c.checkpoint_bytes, "0 or more"),
        (c.write_byte_s > 0.0, "write_byte_s", c.write_byte_s, "above 0"),
        (share(residue), "checkpointing", residue, "from 0 to 1"),
        (c.restart_s >= 0.0, "restart_s", c.restart_s, "0 or more"),
        (share(c.planned_share), "planned_share", c.planned_share, "from 0 to 1"),
    ];
    for (ok, field, value, needs) in checks {
        if !ok || !value.is_finite() {
            return Err(ReliabilityError { field, value, needs });
        }
    }
    Ok(())
}

/// Mean share of its size that a shrinking job keeps when `down` blasts are out on average:
/// E[(N − k)⁺] = a P(N ≥ k) − k P(N ≥ k + 1) of a Poisson variable.
fn size_share(case: &FleetCase, spares: f64, down: f64) -> f64 {
    let more_than = |k: f64| 1.0 - poisson_at_most(k, down);
    let at_least = if spares >= 1.0 { more_than(spares - 1.0) } else { 1.0 };
    let missing = (down * at_least - spares * more_than(spares)).max(0.0);
    (1.0 - missing * case.blast_gpus / case.gpus).max(0.0)
}

/// P(N ≤ k) of a Poisson variable of mean `a`; logarithms keep large means from underflowing.
fn poisson_at_most(k: f64, a: f64) -> f64 {
    if a <= 0.0 {
        return 1.0;
    }
    // Beyond this many standard deviations above the mean the tail is below 1e-15.
    const SURE: f64 = 12.0;
    if k > a + SURE * a.sqrt() + SURE * SURE {
        return 1.0;
    }
    let (mut log_term, mut sum, mut n) = (-a, 0.0, 0.0);
    loop {
        sum += f64::exp(log_term);
        n += 1.0;
        if n > k {
            return sum.min(1.0);
        }
        log_term += (a / n).ln();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> FleetCase {
        FleetCase {
            gpus: 16_384.0,
            gpu_mtbf_h: 50_000.0,
            node_gpus: 8.0,
            node_mtbf_h: None,
            switches: 0.0,
            switch_mtbf_h: None,
            other_factor: 1.0,
            blast_gpus: SERVER_BLAST,
            spare_gpus: 256.0,
            repair_s: 86_400.0,
            checkpoint_bytes: 4.86e12,
            write_byte_s: 2e12,
            checkpointing: Checkpointing::Asynchronous(ASYNC_RESIDUE),
            restart_s: 600.0,
            planned_share: 0.0,
        }
    }

    #[test]
    fn llama_3_loses_less_than_a_tenth_and_is_interrupted_as_often_as_published() {
        let r = evaluate_fleet(&job()).unwrap();
        // 419 in 54 days = 7.8 a day; 16,384 × 24 / 50,000 = 7.86.
        assert!((r.interruptions_per_day - 16_384.0 * 24.0 / 50_000.0).abs() < 1e-9);
        assert!(r.job.goodput > 0.90 && r.useful > 0.90 && r.useful <= r.job.goodput);
    }

    #[test]
    fn poisson_sums_agree_with_hand_values() {
        // e^-2 (1 + 2 + 2) = 0.67668.
        assert!((poisson_at_most(2.0, 2.0) - 5.0 * f64::exp(-2.0)).abs() < 1e-12);
        assert!((poisson_at_most(0.0, 0.5) - f64::exp(-0.5)).abs() < 1e-12);
        assert_eq!(poisson_at_most(1e6, 3.0), 1.0);
        assert!(poisson_at_most(2000.0, 2000.0) > 0.5 && poisson_at_most(1900.0, 2000.0) < 0.02);
    }

    #[test]
    fn a_rack_sized_blast_eats_spares_faster_than_a_server() {
        let server = evaluate_fleet(&job()).unwrap();
        let rack = evaluate_fleet(&FleetCase { blast_gpus: RACK_BLAST, ..job() }).unwrap();
        assert!(rack.spare_availability < server.spare_availability);
        assert!((rack.gpus_down / server.gpus_down - 9.0).abs() < 1e-9);
        let none = evaluate_fleet(&FleetCase { spare_gpus: 0.0, ..job() }).unwrap();
        let down = none.gpus_down / SERVER_BLAST;
        assert!((none.spare_availability - (-down).exp()).abs() < 1e-12);
    }

    #[test]
    fn every_kind_of_failure_adds_its_rate() {
        let all = FleetCase {
            node_mtbf_h: Some(100_000.0),
            switches: 500.0,
            switch_mtbf_h: Some(250_000.0),
            other_factor: YOUNG_FLEET_FACTOR,
            ..job()
        };
        let per_h = 2.5 * (16_384.0 / 5e4 + 2048.0 / 1e5 + 500.0 / 2.5e5);
        let r = evaluate_fleet(&all).unwrap();
        assert!((r.interruptions_per_day - 24.0 * per_h).abs() < 1e-9);
        assert!(r.useful < evaluate_fleet(&job()).unwrap().useful);
    }

    #[test]
    fn waiting_for_the_write_costs_more_than_writing_behind() {
        let wait = FleetCase { checkpointing: Checkpointing::Synchronous, ..job() };
        let slow = |c: FleetCase| evaluate_fleet(&FleetCase { write_byte_s: 2e10, ..c }).unwrap();
        assert!(slow(wait).job.goodput < slow(job()).job.goodput);
        // Behind, the interval is no shorter than the write itself.
        assert!(slow(job()).job.interval_s >= 4.86e12 / 2e10 * 0.95 - 1e-6);
    }

    #[test]
    fn unusable_numbers_are_named() {
        let bad = FleetCase { write_byte_s: 0.0, ..job() };
        assert_eq!(evaluate_fleet(&bad).unwrap_err().field, "write_byte_s");
        let bad = FleetCase { planned_share: 1.5, ..job() };
        assert_eq!(evaluate_fleet(&bad).unwrap_err().field, "planned_share");
    }

    #[test]
    fn a_job_that_shrinks_keeps_what_no_spare_replaces() {
        let none = FleetCase { spare_gpus: 0.0, ..job() };
        let r = evaluate_fleet(&none).unwrap();
        // Without spares all that is down is missing.
        assert!((r.size_share - (1.0 - r.gpus_down / none.gpus)).abs() < 1e-12);
        let mut last = r.size_share;
        for blasts in 1..20 {
            let spare_gpus = f64::from(blasts) * none.blast_gpus;
            let share = evaluate_fleet(&FleetCase { spare_gpus, ..none }).unwrap().size_share;
            assert!(share >= last && share <= 1.0);
            last = share;
        }
        assert!(last > 0.999_999);
        let rack = FleetCase { blast_gpus: RACK_BLAST, ..none };
        assert!(evaluate_fleet(&rack).unwrap().size_share < r.size_share);
    }
}
