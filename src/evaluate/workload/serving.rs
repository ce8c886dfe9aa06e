//! Steady continuous batching on one replica: TPOT, TTFT and tokens/s of an operating point.
//!
//! With B requests in flight, b = B / d per attention group, S_in prompt tokens of which a share
//! is cached, S_out output tokens and p pipeline stages:
//!
//! - (1) TPOT = t_dec(B / p) + φ b / (S_out + TTFT / TPOT) t_pre / p: in the time a request takes,
//!   each other request in its group is prefilled once (TTFT / TPOT from the same without it)
//! - (2) ρ = (b / S_out) t_pre / (p TPOT), share of the time spent on prefill
//! - (3) TTFT = t_dec / 2 + max(ρ / (2 (1 − ρ)), c b) t_pre + t_pre + t_dec: rest of the running
//!   step, prefills ahead (M/D/1 for random arrivals; a share c of the requests in flight where
//!   they end and restart in clumps), own prefill, first step
//! - (4) X = B S_out / (TTFT + S_out TPOT)
//!
//! Validity: closed loop, no preemption, means (not percentiles); TTFT no better than ± 30 %.

use super::memory::{self, MemoryPlan};
use super::pass::{PassCost, Replica};
use super::serving_types::{ServingCase, ServingLayout, ServingPoint};
use super::split::TimeSplit;

/// Share of a prefill that delays running decodes (φ): 1 without overlap; published fits lie
/// between 0.6 and 1.
const PREFILL_INTERFERENCE: f64 = 1.0;
/// Scheduler, sampling and host time of a decode step that graphs and overlap do not hide, s.
const STEP_OVERHEAD_S: f64 = 0.6e-3;
/// The same per sequence in flight (token bookkeeping, detokenisation), s.
const SEQUENCE_OVERHEAD_S: f64 = 8e-6;
/// Tokenisation, admission and scheduling of a prompt, s.
const PROMPT_OVERHEAD_S: f64 = 15e-3;
/// Prefills found ahead by a request, per request in flight in its group (c): measured curves at
/// constant concurrency grow by 0.07-0.17 of a prefill time per request.
const PREFILLS_AHEAD_SHARE: f64 = 0.10;
/// Largest share of prefill in the queue of (3), so that a saturated point stays finite.
const MOST_PREFILL_SHARE: f64 = 0.9;

/// Operating points of one layout.
#[derive(Clone, Debug)]
pub struct LayoutModel<'a> {
    case: &'a ServingCase,
    layout: ServingLayout,
    replica: Replica<'a>,
    memory: MemoryPlan,
    prefill: PassCost,
}

impl<'a> LayoutModel<'a> {
    /// Prepares `layout` for `case`.
    #[must_use]
    pub fn new(case: &'a ServingCase, layout: ServingLayout) -> Self {
        let longest = case.input_tokens + case.output_tokens;
        let context = case.input_tokens + case.output_tokens / 2.0;
        let (device, model) = (&case.device, &case.model);
        let memory = memory::plan(device, model, case.precision, layout, context, longest);
        let replica = Replica::new(device, model, case.precision, layout, case.fabric_factor);
        let cached = case.input_tokens * case.cached_prompt_fraction;
        let prefill = replica.prefill(case.input_tokens - cached, cached);
        Self { case, layout, replica, memory, prefill }
    }

    /// Memory of this layout.
    #[must_use]
    pub fn memory(&self) -> &MemoryPlan {
        &self.memory
    }

    /// The layout.
    #[must_use]
    pub fn layout(&self) -> ServingLayout {
        self.layout
    }

    /// The operating point with `batch` requests in flight, whether or not memory holds them.
    #[must_use]
    pub fn at(&self, batch: f64) -> ServingPoint {
        let case = self.case;
        let stages = f64::from(self.layout.pipeline);
        let group = batch / f64::from(self.layout.data);
        let context = case.input_tokens + case.output_tokens / 2.0;
        let mut decode = self.replica.decode((batch / stages).max(1.0), context);
        decode.time.overhead += STEP_OVERHEAD_S + SEQUENCE_OVERHEAD_S * group;
        let (t_dec, t_pre) = (decode.time.total(), self.prefill.time.total());
        let first = self.times(group, stages, case.output_tokens, t_dec, t_pre);
        // A request that waits for its first token does not decode meanwhile.
        let slots = case.output_tokens + first.1 / first.0;
        let (tpot_s, ttft_s) = self.times(group, stages, slots, t_dec, t_pre);
        let cycle = ttft_s + case.output_tokens * tpot_s;
        let replica_tok_s = batch * case.output_tokens / cycle; // (4)
        let steps = replica_tok_s / batch; // decode steps a second that a sequence sees
        self.describe(batch, &decode, steps, tpot_s, ttft_s, replica_tok_s)
    }

    /// TPOT and TTFT by (1) to (3), when each request of the group is prefilled once in `slots`
    /// token times. Pipelined stages work on other micro-batches meanwhile: a pass occupies 1/p
    /// of each.
    fn times(&self, group: f64, stages: f64, slots: f64, t_dec: f64, t_pre: f64) -> (f64, f64) {
        let busy = group.max(1.0) / slots / stages * t_pre;
        let tpot_s = t_dec + PREFILL_INTERFERENCE * busy; // (1)
        let rho = (busy / tpot_s).min(MOST_PREFILL_SHARE); // (2)
        let random = rho / (2.0 * (1.0 - rho));
        let ahead = random.max(PREFILLS_AHEAD_SHARE * (group - 1.0));
        (tpot_s, PROMPT_OVERHEAD_S + 1.5 * t_dec + (1.0 + ahead) * t_pre) // (3)
    }

    fn describe(
        &self,
        batch: f64,
        decode: &PassCost,
        steps: f64,
        tpot_s: f64,
        ttft_s: f64,
        replica_tok_s: f64,
    ) -> ServingPoint {
        let case = self.case;
        let stages = f64::from(self.layout.pipeline);
        let group = (batch / f64::from(self.layout.data)).max(1.0);
        let prefill_rate = steps * group / case.output_tokens;
        let decode_rate = steps * stages;
        let per_s = |d: f64, p: f64| d * decode_rate + p * prefill_rate;
        let flops = per_s(decode.flops, self.prefill.flops);
        let bytes = per_s(decode.bytes, self.prefill.bytes);
        let split: TimeSplit = decode.time
            + self.prefill.time * (PREFILL_INTERFERENCE * group / case.output_tokens / stages);
        let peak = case.device.rated_flop_s(case.precision.experts.max(case.precision.dense));
        let held = self.memory.weights
            + self.memory.working
            + self.memory.sequence * batch / f64::from(self.layout.data);
        ServingPoint {
            layout: self.layout,
            batch,
            batch_fits: self.memory.sequences,
            tpot_s,
            ttft_s,
            replica_tok_s,
            gpu_tok_s: replica_tok_s / f64::from(self.layout.gpus()),
            user_tok_s: 1.0 / tpot_s,
            split: split.shares(),
            compute_utilisation: (flops / peak).min(1.0),
            bandwidth_utilisation: (bytes / case.device.memory_byte_s).min(1.0),
            memory_utilisation: (held / self.memory.usable).min(1.0),
            fabric_byte_s: per_s(decode.nic_bytes, self.prefill.nic_bytes),
            power_fraction: split.shares().power_fraction(case.device.clock_factor),
        }
    }
}
