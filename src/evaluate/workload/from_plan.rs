//! From the resolved plan to cases: racks grouped by system, the model's shape, the job.

use super::device::{Device, Precision};
use super::from_catalog::{self, model};
use super::load::Demand;
use super::serving_types::{
    Engine, ServingCase, ServingMode, ServingPrecision, Sla, Software, Speculation,
};
use super::training::{ArchClass, TrainingCase, TrainingMethod, TrainingOptions};
use crate::catalog::{AcceleratorSpec, Entry, SystemSpec};
use crate::evaluate::reliability::{fleet, goodput};
use crate::evaluate::snapshot::{RackFacts, RackKind, ResolveError, Snapshot};
use crate::plan::{Deployment, ObjectId, Serving, ServingEngine, Training};
use crate::units::SECONDS_PER_HOUR;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes read from storage per token of text trained: one 4-byte token id.
const TEXT_BYTES_PER_TOKEN: f64 = 4.0;

/// Hour of most requests where no plan says (assumption: afternoon of the users' time zone).
const LOAD_PEAK_HOUR: f64 = 14.0;

/// Racks with the same system, in order of catalogue id.
#[derive(Clone, Debug)]
pub struct SystemGroup {
    /// Catalogue id of the system.
    pub system: String,
    /// The system.
    pub entry: Arc<Entry<SystemSpec>>,
    /// Its accelerator.
    pub accelerator: Arc<Entry<AcceleratorSpec>>,
    /// Its racks.
    pub racks: Vec<ObjectId>,
    /// Accelerators.
    pub gpus: u32,
    /// Clock factor of each rack's accelerators, weighted by their number: mean.
    pub mean_clock: f64,
    /// The slowest rack's clock factor.
    pub slowest_clock: f64,
}

/// What other stages found on the last turn of the outer iteration; the default is a cool hall
/// with an unloaded fabric and ample storage.
#[derive(Clone, Debug, PartialEq)]
pub struct HallConditions {
    /// Clock factor of racks that run below the rated clock.
    pub clocks: BTreeMap<ObjectId, f64>,
    /// Share of the NIC's rate left to all-reduce over the hall, above 0 and at most 1.
    pub all_reduce_share: f64,
    /// Share of the NIC's rate left to all-to-all over the hall, above 0 and at most 1.
    pub all_to_all_share: f64,
    /// Storage read bandwidth, bytes/s; `None` when not known: taken as ample.
    pub storage_read_byte_s: Option<f64>,
    /// Storage write bandwidth, bytes/s; `None` when not known.
    pub storage_write_byte_s: Option<f64>,
    /// Mean accelerator-hours between failures, hours.
    pub gpu_mtbf_h: f64,
    /// Time from a failure until the job computes again, without reading the checkpoint, s.
    pub restart_s: f64,
    /// Hour of the day in which most requests come, 0 to 23.
    pub load_peak_hour: f64,
    /// Time until what failed is back, s.
    pub repair_s: f64,
    /// Tokens/s over those of the kernels that the efficiencies were read from: 1 for software of
    /// their date, more as it matures.
    pub software_maturity: f64,
}

impl HallConditions {
    /// The planning assumptions of the plan and its catalogue; cool hall, unloaded fabric, ample
    /// storage.
    ///
    /// # Errors
    /// Names the assumption that the catalogue lacks.
    pub fn planned(snapshot: &Snapshot) -> Result<Self, ResolveError> {
        Ok(Self {
            gpu_mtbf_h: snapshot.assumption("gpu_mtbf_h")?.base,
            restart_s: snapshot.assumption("restart_s")?.base,
            repair_s: snapshot.assumption("repair_h")?.base * SECONDS_PER_HOUR,
            load_peak_hour: snapshot.assumption("load_peak_hour")?.base,
            software_maturity: snapshot.assumption("software_maturity")?.base,
            ..Self::default()
        })
    }
}

impl Default for HallConditions {
    fn default() -> Self {
        Self {
            clocks: BTreeMap::new(),
            all_reduce_share: 1.0,
            all_to_all_share: 1.0,
            storage_read_byte_s: None,
            storage_write_byte_s: None,
            gpu_mtbf_h: goodput::GPU_MTBF_H,
            restart_s: goodput::RESTART_OVERHEAD_S,
            repair_s: fleet::REPAIR_S,
            load_peak_hour: LOAD_PEAK_HOUR,
            software_maturity: 1.0,
        }
    }
}

/// Compute racks by system.
#[must_use]
pub fn groups(snapshot: &Snapshot, conditions: &HallConditions) -> Vec<SystemGroup> {
    let mut found: BTreeMap<String, SystemGroup> = BTreeMap::new();
    for rack in snapshot.racks.iter().filter(|r| r.kind == RackKind::Compute) {
        let (Some(system), Some(accelerator)) = (&rack.system, &rack.accelerator) else { continue };
        let group = found.entry(system.id.clone()).or_insert_with(|| SystemGroup {
            system: system.id.clone(),
            entry: Arc::clone(system),
            accelerator: Arc::clone(accelerator),
            racks: Vec::new(),
            gpus: 0,
            mean_clock: 0.0,
            slowest_clock: 1.0,
        });
        add_rack(group, rack, conditions);
    }
    for group in found.values_mut() {
        group.mean_clock /= f64::from(group.gpus.max(1));
    }
    found.into_values().filter(|g| g.gpus > 0).collect()
}

/// Adds a rack; `mean_clock` is a sum until all are in.
fn add_rack(group: &mut SystemGroup, rack: &RackFacts, conditions: &HallConditions) {
    let clock = conditions.clocks.get(&rack.id).copied().unwrap_or(1.0).clamp(0.0, 1.0);
    group.racks.push(rack.id);
    group.gpus = group.gpus.saturating_add(rack.accelerator_count);
    group.mean_clock += clock * f64::from(rack.accelerator_count);
    group.slowest_clock = group.slowest_clock.min(clock);
}

/// The accelerator of a group; the missing field's name where the catalogue has no peak to compute
/// with.
pub fn device(group: &SystemGroup, clock_factor: f64) -> Result<Device, &'static str> {
    from_catalog::device(&group.accelerator, Some(&group.entry.spec), clock_factor)
}

/// The workload's number format of a plan's.
#[must_use]
pub const fn precision(plan: crate::plan::Precision) -> Precision {
    match plan {
        crate::plan::Precision::Bf16 => Precision::Bf16,
        crate::plan::Precision::Fp8 => Precision::Fp8,
        crate::plan::Precision::Fp4 => Precision::Fp4,
    }
}

/// The serving question of a group.
#[must_use]
pub fn serving_case(
    snapshot: &Snapshot,
    conditions: &HallConditions,
    group: &SystemGroup,
    device: Device,
    job: &Serving,
) -> ServingCase {
    const MS: f64 = 1e-3;
    ServingCase {
        device,
        model: model(&snapshot.model),
        precision: ServingPrecision::usual(precision(snapshot.plan.workload.precision)),
        gpus: group.gpus,
        input_tokens: f64::from(job.input_tokens),
        output_tokens: f64::from(job.output_tokens),
        cached_prompt_fraction: job.cached_prompt_pct / 100.0,
        sla: Sla { ttft_s: Some(job.ttft_ms * MS), tpot_s: Some(job.tpot_ms * MS) },
        layout: None,
        batch: None,
        fabric_factor: conditions.all_to_all_share,
        software: software(job),
        equal_lengths: false,
        mode: mode(job.deployment),
    }
}

/// What the plan says is asked for over a day.
#[must_use]
pub fn demand(conditions: &HallConditions, job: &Serving) -> Demand {
    Demand {
        mean_share: job.sold_pct / 100.0,
        peak_to_mean: job.peak_to_mean,
        peak_hour: conditions.load_peak_hour,
    }
}

/// What runs the model. How mature it is the stage applies to the tokens, as the planning
/// assumption says.
fn software(job: &Serving) -> Software {
    Software {
        engine: match job.engine {
            ServingEngine::TensorRtLlm => Engine::TensorRtLlm,
            ServingEngine::Sglang => Engine::Sglang,
            ServingEngine::Vllm => Engine::Vllm,
        },
        years_from_2026: 0.0,
        speculation: job.drafts.map(|d| Speculation { depth: d.drafted, accepted: d.accepted }),
    }
}

const fn mode(deployment: Deployment) -> ServingMode {
    match deployment {
        Deployment::Aggregated => ServingMode::Aggregated,
        Deployment::Disaggregated => ServingMode::Disaggregated,
        Deployment::Better => ServingMode::Either,
    }
}

/// The training question of a group.
#[must_use]
pub fn training_case(
    snapshot: &Snapshot,
    conditions: &HallConditions,
    group: &SystemGroup,
    device: Device,
    job: &Training,
) -> TrainingCase {
    let sequences = job.batch_tokens / u64::from(job.sequence_tokens.max(1));
    TrainingCase {
        device,
        model: model(&snapshot.model),
        precision: precision(snapshot.plan.workload.precision),
        gpus: group.gpus,
        sequence_tokens: f64::from(job.sequence_tokens),
        global_batch: u32::try_from(sequences).unwrap_or(u32::MAX),
        recompute: None,
        layout: None,
        fabric_factor: conditions.all_reduce_share,
        storage_read_byte_s: conditions.storage_read_byte_s,
        read_bytes_per_token: TEXT_BYTES_PER_TOKEN,
        options: TrainingOptions {
            class: ArchClass::of(&group.accelerator.spec.arch),
            method: job
                .adapter_rank
                .map_or(TrainingMethod::Full, |rank| TrainingMethod::Lora { rank }),
            ..TrainingOptions::default()
        },
    }
}
