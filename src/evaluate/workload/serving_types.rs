//! What a serving question and its answer look like. Plain data: a calibrated model can replace
//! the roofline behind these types.

use super::arch::ModelArch;
use super::device::{Device, Precision};
use super::kernels::Basis;
use super::operation::OperationTimes;
use super::split::TimeSplit;
use serde::{Deserialize, Serialize};

/// Number formats of a serving job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServingPrecision {
    /// Attention and dense feed-forward weights.
    pub dense: Precision,
    /// Routed experts.
    pub experts: Precision,
    /// Key-value cache.
    pub kv_cache: Precision,
}

impl ServingPrecision {
    /// The usual deployment of weights in `weights`: cache in FP8 when weights are 8 bits or less.
    #[must_use]
    pub const fn usual(weights: Precision) -> Self {
        let kv_cache = match weights {
            Precision::Bf16 => Precision::Bf16,
            Precision::Fp8 | Precision::Fp4 => Precision::Fp8,
        };
        Self { dense: weights, experts: weights, kv_cache }
    }
}

/// Service level that a deployment must keep.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sla {
    /// Longest time to first token (TTFT), s; `None` when it does not matter.
    pub ttft_s: Option<f64>,
    /// Longest time per output token (TPOT), s; `None` when it does not matter.
    pub tpot_s: Option<f64>,
}

/// How one replica is spread over accelerators. It has `tensor × data × pipeline` of them;
/// the experts of a layer are divided over `expert` groups of `tensor × data / expert`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ServingLayout {
    /// Tensor-parallel width of attention and dense layers (TP).
    pub tensor: u32,
    /// Attention data-parallel groups that share one set of experts (attention DP).
    pub data: u32,
    /// Expert-parallel width (EP); 1 for dense models.
    pub expert: u32,
    /// Pipeline stages (PP).
    pub pipeline: u32,
}

impl ServingLayout {
    /// One accelerator.
    pub const SINGLE: Self = Self { tensor: 1, data: 1, expert: 1, pipeline: 1 };

    /// Accelerators of one replica.
    #[must_use]
    pub const fn gpus(&self) -> u32 {
        self.tensor * self.data * self.pipeline
    }

    /// Short text: `TP4`, `TP1 DP8 EP8`, `TP8 PP2`.
    #[must_use]
    pub fn label(&self) -> String {
        let mut text = format!("TP{}", self.tensor);
        for (tag, n) in [(" DP", self.data), (" EP", self.expert), (" PP", self.pipeline)] {
            if n > 1 {
                text.push_str(tag);
                text.push_str(&n.to_string());
            }
        }
        text
    }
}

/// A serving question: one model on one kind of system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServingCase {
    /// The accelerator.
    pub device: Device,
    /// The model.
    pub model: ModelArch,
    /// Number formats.
    pub precision: ServingPrecision,
    /// Accelerators available.
    pub gpus: u32,
    /// Mean prompt length, tokens.
    pub input_tokens: f64,
    /// Mean answer length, tokens.
    pub output_tokens: f64,
    /// Share of the prompt found in a prefix cache, 0 to below 1.
    pub cached_prompt_fraction: f64,
    /// Service level.
    pub sla: Sla,
    /// Layout to use; `None` lets the search choose.
    pub layout: Option<ServingLayout>,
    /// Requests in flight per replica; `None` lets the search choose the most that the SLA allows.
    pub batch: Option<f64>,
    /// Scale-out bandwidth that remains per accelerator after oversubscription and congestion,
    /// as a share of the NIC's, above 0 and at most 1.
    pub fabric_factor: f64,
    /// What runs the model.
    #[serde(default)]
    pub software: Software,
    /// Whether all requests are equally long: they then start and end together in waves.
    #[serde(default)]
    pub equal_lengths: bool,
    /// Which deployments the search considers.
    #[serde(default)]
    pub mode: ServingMode,
}

/// Whether prefill and decode share their accelerators.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ServingMode {
    /// Prefill and decode on the same accelerators.
    #[default]
    Aggregated,
    /// Prefill and decode on workers of their own.
    Disaggregated,
    /// The better of both.
    Either,
}

impl ServingMode {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::Aggregated, Self::Disaggregated, Self::Either];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Aggregated => "aggregated",
            Self::Disaggregated => "disaggregated",
            Self::Either => "better of both",
        }
    }
}

/// Serving engine.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// NVIDIA TensorRT-LLM.
    #[default]
    TensorRtLlm,
    /// SGLang.
    Sglang,
    /// vLLM.
    Vllm,
}

impl Engine {
    /// All, in order.
    pub const ALL: [Self; 3] = [Self::TensorRtLlm, Self::Sglang, Self::Vllm];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TensorRtLlm => "TensorRT-LLM",
            Self::Sglang => "SGLang",
            Self::Vllm => "vLLM",
        }
    }
}

/// What runs the model, and how mature it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Software {
    /// The engine.
    pub engine: Engine,
    /// Age of the software against 2026-01-01, years; negative before.
    pub years_from_2026: f64,
    /// Speculative decoding; never on by itself.
    pub speculation: Option<Speculation>,
}

/// Speculative decoding (multi-token prediction, draft models).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Speculation {
    /// Tokens drafted per step.
    pub depth: u32,
    /// Mean tokens accepted of those, 0 to `depth`.
    pub accepted: f64,
}

/// One side of a disaggregated deployment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    /// Layout of each worker.
    pub layout: ServingLayout,
    /// Workers; `None` matches the rate of the other pool.
    pub workers: Option<u32>,
}

/// Prefill and decode on workers of their own, the cache sent from one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Disaggregated {
    /// Workers that prefill.
    pub prefill: Pool,
    /// Workers that decode.
    pub decode: Pool,
}

impl Disaggregated {
    /// Accelerators of all workers, one on a side that does not say.
    #[must_use]
    pub fn gpus(&self) -> u32 {
        let side = |pool: Pool| pool.layout.gpus().saturating_mul(pool.workers.unwrap_or(1));
        side(self.prefill).saturating_add(side(self.decode))
    }

    /// Short text: `3 × TP4 prefill + 2 × TP1 DP8 EP8 decode`.
    #[must_use]
    pub fn label(&self) -> String {
        let side = |pool: Pool| match pool.workers {
            Some(n) => format!("{n} × {}", pool.layout.label()),
            None => pool.layout.label(),
        };
        format!("{} prefill + {} decode", side(self.prefill), side(self.decode))
    }
}

/// What keeps the deployment from more tokens per second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkloadLimit {
    /// Arithmetic.
    Compute,
    /// Accelerator memory bandwidth.
    MemoryBandwidth,
    /// Accelerator memory size: a larger batch would be faster and within the SLA.
    MemoryCapacity,
    /// Scale-up links.
    ScaleUp,
    /// Scale-out fabric.
    Fabric,
    /// Storage reads or checkpoint writes.
    Storage,
    /// Kernel launches and framework time between them.
    Overhead,
    /// The SLA: a larger batch would give more tokens per second, too slowly for each user.
    Sla,
    /// Pipeline bubbles: too few micro-batches for the stages.
    Bubble,
}

impl WorkloadLimit {
    /// Name in a sentence.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Compute => "compute",
            Self::MemoryBandwidth => "memory bandwidth",
            Self::MemoryCapacity => "memory capacity",
            Self::ScaleUp => "scale-up links",
            Self::Fabric => "fabric",
            Self::Storage => "storage",
            Self::Overhead => "launch overhead",
            Self::Sla => "service level",
            Self::Bubble => "pipeline bubble",
        }
    }
}

/// One operating point of one layout.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServingPoint {
    /// The layout; of a disaggregated deployment that of its decode workers.
    pub layout: ServingLayout,
    /// The workers of a disaggregated deployment.
    pub pools: Option<Disaggregated>,
    /// Requests in flight per replica.
    pub batch: f64,
    /// Largest number of requests in flight that memory holds, per replica.
    pub batch_fits: f64,
    /// Time per output token while prefills of other requests interleave, s.
    pub tpot_s: f64,
    /// Time to first token, s.
    pub ttft_s: f64,
    /// Output tokens/s of one replica.
    pub replica_tok_s: f64,
    /// Output tokens/s per accelerator.
    pub gpu_tok_s: f64,
    /// Output tokens/s seen by one user, 1/TPOT.
    pub user_tok_s: f64,
    /// 10 % and 90 % of deployments founded like this one lie below, s: from the model's error on
    /// measured points that it was not fitted to.
    pub tpot_p10_p90_s: (f64, f64),
    /// How well the times are founded.
    pub basis: Basis,
    /// Time to first token that 99 % of requests keep, s.
    pub ttft_p99_s: f64,
    /// Whether memory holds all requests in flight; the rest wait when not.
    pub kv_fits: bool,
    /// Where the time of the mean step goes.
    pub split: TimeSplit,
    /// Where the time of a decode step goes.
    pub decode_split: TimeSplit,
    /// Where the time of a prefill goes.
    pub prefill_split: TimeSplit,
    /// Time of a decode step by operation, s.
    pub decode_operations: OperationTimes,
    /// Time of the prefill of one prompt by operation, s.
    pub prefill_operations: OperationTimes,
    /// Achieved over peak arithmetic of the precision, 0 to 1, at the rated clock.
    pub compute_utilisation: f64,
    /// Achieved over peak memory traffic, 0 to 1.
    pub bandwidth_utilisation: f64,
    /// Weights and cache over usable memory, 0 to 1.
    pub memory_utilisation: f64,
    /// Mean scale-out traffic per accelerator in one direction, bytes/s.
    pub fabric_byte_s: f64,
    /// Mean power over the accelerator's design power, 0 to 1.
    pub power_fraction: f64,
}

impl ServingPoint {
    /// Accelerators of one replica.
    #[must_use]
    pub fn gpus(&self) -> u32 {
        self.pools.map_or_else(|| self.layout.gpus(), |pools| pools.gpus())
    }

    /// The deployment in short: `TP8`, `3 × TP4 prefill + 2 × TP1 DP8 EP8 decode`.
    #[must_use]
    pub fn label(&self) -> String {
        self.pools.map_or_else(|| self.layout.label(), |pools| pools.label())
    }
}

/// The answer to a [`ServingCase`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServingResult {
    /// The chosen operating point.
    pub point: ServingPoint,
    /// Replicas that the accelerators hold.
    pub replicas: u32,
    /// Accelerators left over, too few for another replica.
    pub gpus_idle: u32,
    /// Output tokens/s of all replicas.
    pub total_tok_s: f64,
    /// Prompt tokens/s processed by all replicas (cached ones not counted).
    pub total_input_tok_s: f64,
    /// Low and high end of `total_tok_s` from the model's error on measured points.
    pub band_tok_s: (f64, f64),
    /// Whether the point keeps the SLA; when nothing does, the point is the nearest miss.
    pub sla_met: bool,
    /// What keeps the batch or the speed from growing.
    pub limit: WorkloadLimit,
    /// What most of the time goes to at this point.
    pub time_limit: WorkloadLimit,
    /// One sentence for a person: layout, batch, what binds and what the next one would be.
    pub explanation: String,
    /// Weights of one replica, bytes: what a cold start reads.
    pub replica_weight_bytes: f64,
    /// Non-dominated points of tokens/s/user against tokens/s/accelerator, slowest user first.
    pub pareto: Vec<ServingPoint>,
}
