//! The workload stage: every group of systems solved, summed up for the hall.
//!
//! Serving runs on all groups at once, each with its own replicas. Training is one synchronous
//! job: it takes the group that trains fastest, at its slowest rack's clock, and leaves the rest.

use super::from_plan::{self, HallConditions, SystemGroup};
use super::hall::{JobReliability, WorkloadGroup, WorkloadResult};
use super::hall_findings;
use super::load;
use super::prefill_share::prefill_share;
use super::search::solve_serving;
use super::serving_types::{ServingResult, WorkloadLimit};
use super::split::IDLE_POWER_FRACTION;
use super::training::{TrainingResult, solve_training};
use crate::evaluate::finding::Finding;
use crate::evaluate::reliability::{self, Checkpointing, FleetCase, goodput};
use crate::evaluate::snapshot::Snapshot;
use crate::numerics::band::Band;
use crate::plan::Job;

/// Slowest clock that is still computed with; a rack below it counts as stopped by the stages that
/// own the limit.
const SLOWEST_CLOCK: f64 = 0.05;
/// Accelerators of one server.
const SERVER: u32 = 8;

/// Solves the hall's workload under `conditions`.
#[must_use]
pub fn solve_hall(snapshot: &Snapshot, conditions: &HallConditions) -> WorkloadResult {
    let groups = from_plan::groups(snapshot, conditions);
    let mut findings = Vec::new();
    let mut solved: Vec<WorkloadGroup> = groups
        .iter()
        .map(|group| match solve_group(snapshot, conditions, group) {
            Ok(answer) => answer,
            Err(problem) => {
                findings.push(*problem);
                idle_group(group)
            }
        })
        .collect();
    if matches!(snapshot.plan.workload.job, Job::Training(_)) {
        keep_fastest(&mut solved, &mut findings);
    }
    for group in &solved {
        hall_findings::serving_findings(group, &mut findings);
        hall_findings::day_findings(group, &mut findings);
        hall_findings::idle_finding(group, &mut findings);
    }
    if groups.is_empty() {
        findings.push(hall_findings::no_accelerators());
    }
    total(conditions, solved, findings)
}

fn solve_group(
    snapshot: &Snapshot,
    conditions: &HallConditions,
    group: &SystemGroup,
) -> Result<WorkloadGroup, Box<Finding>> {
    let clock = match snapshot.plan.workload.job {
        Job::Serving(_) => group.mean_clock,
        Job::Training(_) => group.slowest_clock,
    };
    let device = from_plan::device(group, clock.max(SLOWEST_CLOCK))
        .map_err(|field| Box::new(hall_findings::incomplete(group, field)))?;
    let mut answer = idle_group(group);
    match &snapshot.plan.workload.job {
        Job::Serving(job) => {
            let case = from_plan::serving_case(snapshot, conditions, group, device, job);
            let unsolved = |e| Box::new(hall_findings::unsolved(group, &e));
            let r = solve_serving(&case).map_err(unsolved)?;
            answer.prefill_share = Some(prefill_share(&case, &r.point));
            answer.day = Some(load::day(&case, &r, from_plan::demand(conditions, job)));
            answer.gpus_used = group.gpus - r.gpus_idle;
            answer.tokens_per_s = Some(
                Band::new(r.band_tok_s.0, r.total_tok_s, r.band_tok_s.1)
                    * conditions.software_maturity,
            );
            answer.power_fraction = r.point.power_fraction;
            answer.serving = Some(r);
        }
        Job::Training(job) => {
            let case = from_plan::training_case(snapshot, conditions, group, device, job);
            let r =
                solve_training(&case).map_err(|e| Box::new(hall_findings::unsolved(group, &e)))?;
            answer.gpus_used = group.gpus - r.gpus_idle;
            answer.tokens_per_s = Some(band(r.total_tok_s * conditions.software_maturity, r.band));
            answer.power_fraction = r.power_fraction;
            answer.training = Some(r);
        }
    }
    Ok(answer)
}

fn band(base: f64, multiples: (f64, f64)) -> Band {
    Band::new(base * multiples.0, base, base * multiples.1)
}

fn idle_group(group: &SystemGroup) -> WorkloadGroup {
    WorkloadGroup {
        system: group.system.clone(),
        racks: group.racks.clone(),
        gpus: group.gpus,
        gpus_used: 0,
        blast_gpus: blast(group),
        tokens_per_s: None,
        power_fraction: IDLE_POWER_FRACTION,
        serving: None,
        prefill_share: None,
        day: None,
        training: None,
    }
}

/// What one failure takes out: the scale-up domain where links tie it together, a server at least.
fn blast(group: &SystemGroup) -> u32 {
    let system = group.entry.spec.accelerator_count.max(1);
    group.accelerator.spec.scale_up_domain.clamp(1, system).max(system.min(SERVER))
}

/// One synchronous job does not span systems: all groups but the fastest stand idle.
fn keep_fastest(groups: &mut [WorkloadGroup], findings: &mut Vec<Finding>) {
    let rate = |g: &WorkloadGroup| g.tokens_per_s.map_or(0.0, |b| b.base);
    let mut best = 0;
    for at in 1..groups.len() {
        if rate(&groups[at]) > rate(&groups[best]) {
            best = at;
        }
    }
    for (at, group) in groups.iter_mut().enumerate() {
        if at == best || group.training.is_none() {
            continue;
        }
        group.training = None;
        group.tokens_per_s = None;
        group.gpus_used = 0;
        group.power_fraction = IDLE_POWER_FRACTION;
        findings.push(hall_findings::mixed_systems(group));
    }
}

fn total(
    conditions: &HallConditions,
    groups: Vec<WorkloadGroup>,
    findings: Vec<Finding>,
) -> WorkloadResult {
    let working = || groups.iter().filter(|g| g.tokens_per_s.is_some());
    let serving = || groups.iter().filter_map(|g| g.serving.as_ref());
    let training = groups.iter().find_map(|g| g.training.as_ref());
    let used: u32 = groups.iter().map(|g| g.gpus_used).sum();
    let tokens_per_s = working().filter_map(|g| g.tokens_per_s).reduce(|a, b| a + b);
    let weighted: f64 = working().map(|g| g.power_fraction * f64::from(g.gpus_used)).sum();
    let largest = working().max_by_key(|g| g.gpus_used);
    let job = availability(conditions, training, &groups);
    WorkloadResult {
        gpus: groups.iter().map(|g| g.gpus).sum(),
        gpus_used: used,
        tokens_per_s,
        user_tok_s: serving().map(|r| r.point.user_tok_s).reduce(f64::min),
        ttft_s: serving().map(|r| r.point.ttft_s).reduce(f64::max),
        goodput: job.goodput,
        job: job.failures,
        checkpoint_interval_s: job.interval_s,
        checkpoint_bytes: training.map_or_else(
            || serving().map(|r| r.replica_weight_bytes).fold(0.0, f64::max),
            |t| t.checkpoint_bytes,
        ),
        storage_read_byte_s: training.map_or(0.0, |t| t.storage_read_byte_s),
        power_fraction: if used > 0 { weighted / f64::from(used) } else { IDLE_POWER_FRACTION },
        limit: largest.map_or(WorkloadLimit::Compute, group_limit),
        explanation: largest.map_or_else(
            || "No accelerator works".to_owned(),
            |g| {
                g.serving.as_ref().map_or_else(
                    || g.training.as_ref().map_or_else(String::new, |t| t.explanation.clone()),
                    |s| s.explanation.clone(),
                )
            },
        ),
        groups,
        findings,
    }
}

fn group_limit(group: &WorkloadGroup) -> WorkloadLimit {
    match (&group.serving, &group.training) {
        (Some(s), _) => s.limit,
        (None, Some(t)) => t.limit,
        (None, None) => WorkloadLimit::Compute,
    }
}

/// Useful share of the time, and the checkpoint interval of a training job.
struct Useful {
    goodput: f64,
    interval_s: Option<f64>,
    failures: Option<JobReliability>,
}

impl Useful {
    /// Of serving: replicas that are up.
    const fn share(goodput: f64) -> Self {
        Self { goodput, interval_s: None, failures: None }
    }
}

fn availability(
    conditions: &HallConditions,
    training: Option<&TrainingResult>,
    groups: &[WorkloadGroup],
) -> Useful {
    if let Some(t) = training {
        return groups
            .iter()
            .find(|g| g.training.is_some())
            .map_or(Useful::share(0.0), |group| job_goodput(conditions, group, t));
    }
    let mut up = 0.0;
    let mut all = 0.0;
    for (group, result) in groups.iter().filter_map(|g| g.serving.as_ref().map(|r| (g, r))) {
        let share = replica_availability(conditions, result);
        up += share * f64::from(group.gpus_used);
        all += f64::from(group.gpus_used);
    }
    Useful::share(if all > 0.0 { up / all } else { 0.0 })
}

/// The job on its fleet: accelerators left over stand by as spares, and where they run out the job
/// goes on smaller until the repair.
fn job_goodput(conditions: &HallConditions, group: &WorkloadGroup, t: &TrainingResult) -> Useful {
    let read_s = conditions
        .storage_read_byte_s
        .map_or(0.0, |rate| goodput::checkpoint_time_s(t.checkpoint_bytes, rate));
    let (checkpoint_bytes, write_byte_s) = match conditions.storage_write_byte_s {
        Some(rate) => (t.checkpoint_bytes, rate),
        None => (0.0, 1.0),
    };
    let spare_gpus = group.gpus.saturating_sub(group.gpus_used);
    let case = FleetCase {
        gpus: f64::from(group.gpus_used),
        gpu_mtbf_h: conditions.gpu_mtbf_h,
        node_gpus: f64::from(SERVER),
        node_mtbf_h: None,
        switches: 0.0,
        switch_mtbf_h: None,
        other_factor: 1.0,
        blast_gpus: f64::from(group.blast_gpus),
        spare_gpus: f64::from(spare_gpus),
        repair_s: conditions.repair_s,
        checkpoint_bytes,
        write_byte_s,
        // The safe side, and what the storage stage assumes.
        checkpointing: Checkpointing::Synchronous,
        restart_s: conditions.restart_s + read_s,
        planned_share: 0.0,
    };
    // A store without bandwidth never finishes a checkpoint: nothing useful survives.
    reliability::evaluate_fleet(&case).map_or(Useful::share(0.0), |fleet| Useful {
        goodput: fleet.job.goodput * fleet.size_share,
        interval_s: Some(fleet.job.interval_s),
        failures: Some(JobReliability {
            running_share: fleet.job.goodput,
            size_share: fleet.size_share,
            interruptions_per_day: fleet.interruptions_per_day,
            blast_gpus: group.blast_gpus,
            spare_gpus,
            gpus_down: fleet.gpus_down,
        }),
    })
}

fn replica_availability(conditions: &HallConditions, r: &ServingResult) -> f64 {
    let load = conditions
        .storage_read_byte_s
        .map_or(0.0, |rate| goodput::checkpoint_time_s(r.replica_weight_bytes, rate));
    reliability::serving_availability(
        f64::from(r.replicas),
        f64::from(r.point.gpus()),
        conditions.gpu_mtbf_h,
        reliability::availability::REPLICA_RESTART_S + load,
    )
    .map_or(0.0, |a| a.availability)
}
