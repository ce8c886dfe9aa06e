//! Steady continuous batching on one replica: TPOT, TTFT and tokens/s of an operating point.
//!
//! With B requests in flight, b = B / d per attention group, S_in prompt tokens of which a share
//! is cached, S_out output tokens and p pipeline stages:
//!
//! - (1) TPOT = t_dec(B_dec / p) + φ (b − 1) / (S_out + TTFT / TPOT) t_pre / p: in the time a
//!   request takes, each other request in its group is prefilled once (TTFT / TPOT from the same
//!   without it); φ is what the engine lets through to a decoding request
//!   t_pre is one prompt's part of the pass that prefills it: prompts that come within a decode
//!   step share a pass, as many as a chunk holds
//! - (2) ρ = (b / S_out) t_pre / (p TPOT), share of the time spent on prefill
//! - (3) TTFT = t_dec / 2 + max(ρ / (2 (1 − ρ)), c (b − 1)) t_pre + t_pre + t_dec: rest of the
//!   running step, prefills ahead (M/D/1 for random arrivals; a share c of the requests in flight
//!   where they end and restart in clumps), own prefill, first step
//! - (4) X = B S_out / (TTFT + S_out TPOT), B_dec = B S_out TPOT / (TTFT + S_out TPOT)
//! - (5) requests beyond what memory holds wait for (B − B_fits) / (X / S_out)
//! - (6) drafting k tokens of which a are accepted: t_dec of 1 + k rows per sequence and the
//!   drafts, over 1 + a
//!
//! Validity: closed loop, no preemption. TTFT is no better than ± 30 %.

use super::disaggregated::new_tokens;
use super::kernels::{Basis, Class};
use super::laws::{EngineLaw, ErrorBand, ServingLaws};
use super::memory::{self, CHUNK_TOKENS, MemoryPlan};
use super::operation::{Operation, PassCost};
use super::pass::Replica;
use super::serving_types::{Engine, ServingCase, ServingLayout, ServingPoint};
use super::split::TimeSplit;

/// Largest share of prefill in the queue of (3), so that a saturated point stays finite.
const MOST_PREFILL_SHARE: f64 = 0.9;
/// Software older or newer than this is taken as that old, years: trends do not go on for ever.
const MOST_YEARS: f64 = 0.5;
/// Turns in which times and requests in flight find each other.
const TURNS: usize = 3;

/// Operating points of one layout.
#[derive(Clone, Debug)]
pub struct LayoutModel<'a> {
    case: &'a ServingCase,
    layout: ServingLayout,
    replica: Replica<'a>,
    memory: MemoryPlan,
    prefill: PassCost,
    engine: EngineLaw,
    /// Speed of software of this age against that of the fit.
    maturity: f64,
    basis: Basis,
    band: ErrorBand,
}

/// Times at one number of requests in flight.
#[derive(Clone, Copy, Debug)]
struct Times {
    decode: PassCost,
    /// One prompt's part of the pass that prefills it.
    prefill: PassCost,
    tpot_s: f64,
    ttft_s: f64,
    /// Share of the time spent on prefill, by (2).
    rho: f64,
    /// Tokens that a sequence gains per step.
    per_step: f64,
}

impl<'a> LayoutModel<'a> {
    /// Prepares `layout` for `case`.
    #[must_use]
    pub fn new(case: &'a ServingCase, layout: ServingLayout) -> Self {
        Self::with_laws(case, layout, ServingLaws::shipped())
    }

    /// The same with laws of one's own.
    #[must_use]
    pub fn with_laws(case: &'a ServingCase, layout: ServingLayout, laws: &ServingLaws) -> Self {
        let longest = case.input_tokens + case.output_tokens;
        let (device, model) = (&case.device, &case.model);
        let held = match case.software.engine {
            // Reserves the whole length, so that nothing is evicted (its default scheduler).
            Engine::TensorRtLlm => longest,
            // Grow page by page and preempt: half of the answers is written on average.
            Engine::Sglang | Engine::Vllm => case.input_tokens + case.output_tokens / 2.0,
        };
        let memory = memory::plan(device, model, case.precision, layout, held, longest);
        let classes = laws.classes;
        let replica =
            Replica::new(device, model, case.precision, layout, case.fabric_factor, classes);
        let cached = case.input_tokens * case.cached_prompt_fraction;
        let prefill = replica.prefill(case.input_tokens - cached, cached);
        let years = case.software.years_from_2026.clamp(-MOST_YEARS, MOST_YEARS);
        let rate = if model.moe.is_some() { classes.experts_maturity_per_year } else { 0.0 };
        let basis =
            replica.kernels.basis(device, Class::Gemm, replica.format(case.precision.dense));
        let band = match basis {
            Basis::Measured => laws.time_per_token.measured,
            Basis::SameClass => laws.time_per_token.same_class,
            Basis::Extrapolated => laws.time_per_token.extrapolated,
        };
        let engine = *laws.engine(case.software.engine);
        let maturity = (-rate * years).exp();
        Self { case, layout, replica, memory, prefill, engine, maturity, basis, band }
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

    /// Time of the prefill of one prompt, s.
    #[must_use]
    pub fn prefill_s(&self) -> f64 {
        self.prefill.time.total()
    }

    /// Cost of prefilling one prompt in each attention group.
    #[must_use]
    pub(super) fn prefill_cost(&self) -> &PassCost {
        &self.prefill
    }

    /// Time of one pass that prefills `prompts` prompts over the replica, s.
    #[must_use]
    pub fn prefill_pass_s(&self, prompts: f64) -> f64 {
        self.prefill_pass(prompts).time.total()
    }

    fn prefill_pass(&self, prompts: f64) -> PassCost {
        let cached = self.case.input_tokens * self.case.cached_prompt_fraction;
        self.replica.prefill_of(prompts, self.case.input_tokens - cached, cached)
    }

    /// Prompts found ahead by a request, over the requests in flight.
    #[must_use]
    pub(super) fn ahead(&self) -> f64 {
        if self.case.equal_lengths { self.engine.ahead_waves } else { self.engine.ahead }
    }

    /// The operating point with `batch` requests in flight; those that memory does not hold wait.
    #[must_use]
    pub fn at(&self, batch: f64) -> ServingPoint {
        let case = self.case;
        let held = self.memory.sequences.max(1.0).min(batch);
        let times = self.settle(held);
        let cycle = times.ttft_s + case.output_tokens * times.tpot_s;
        let replica_tok_s = held * case.output_tokens / cycle; // (4)
        let wait_s = (batch - held) * case.output_tokens / replica_tok_s; // (5)
        self.describe(batch, &times, wait_s, replica_tok_s)
    }

    /// Time per token when nothing is prefilled here: decode workers of a disaggregated deployment.
    #[must_use]
    pub fn decode_only(&self, batch: f64) -> (PassCost, f64) {
        let (decode, per_step) = self.decode(batch, batch / f64::from(self.layout.data));
        (decode, decode.time.total() / per_step)
    }

    /// Turns until times and requests in flight agree: (1) to (4).
    fn settle(&self, batch: f64) -> Times {
        let case = self.case;
        let group = batch / f64::from(self.layout.data);
        let (mut decoding, mut slots) = (batch, case.output_tokens);
        let mut times = self.times(decoding, group, slots);
        for _ in 1..TURNS {
            let cycle = times.ttft_s + case.output_tokens * times.tpot_s;
            decoding = batch * case.output_tokens * times.tpot_s / cycle;
            // A request that waits for its first token does not decode meanwhile.
            slots = case.output_tokens + times.ttft_s / times.tpot_s;
            times = self.times(decoding, group, slots);
        }
        times
    }

    /// (6) and the engine's host time.
    fn decode(&self, decoding: f64, group: f64) -> (PassCost, f64) {
        let case = self.case;
        let stages = f64::from(self.layout.pipeline);
        let context = case.input_tokens + case.output_tokens / 2.0;
        let (rows, gain) = case
            .software
            .speculation
            .map_or((1.0, 1.0), |s| (1.0 + f64::from(s.depth), 1.0 + s.accepted));
        let mut decode = self.replica.decode((decoding / stages).max(1.0), context, rows);
        let drafts = decode.time.total() * self.replica.laws.draft * (rows - 1.0);
        let host = self.engine.step_ms * 1e-3 + self.engine.sequence_us * 1e-6 * group.max(1.0);
        decode.overhead(Operation::Engine, host + drafts);
        decode.time = decode.time * self.maturity;
        decode.operations = decode.operations * self.maturity;
        (decode, gain)
    }

    /// Equations (1) to (3), when each request of the group is prefilled once in `slots` token
    /// times. Pipelined stages work on other micro-batches meanwhile: a pass occupies 1/p of each.
    fn times(&self, decoding: f64, group: f64, slots: f64) -> Times {
        let stages = f64::from(self.layout.pipeline);
        let (decode, per_step) = self.decode(decoding, group);
        let step_s = decode.time.total();
        let waves = self.case.equal_lengths;
        let e = &self.engine;
        let phi = if waves { e.interference_waves } else { e.interference };
        let others = (group - 1.0).max(0.0);
        let (own, prefill) = self.shared_pass(others / slots);
        let t_pre = prefill.time.total();
        let busy = others / slots / stages * t_pre;
        let tpot_s = step_s / per_step + phi * busy; // (1)
        let rho = (busy / tpot_s).min(MOST_PREFILL_SHARE); // (2)
        let random = rho / (2.0 * (1.0 - rho));
        let ahead = random.max(others * self.ahead());
        let ttft_s = e.prompt_ms * 1e-3 + 1.5 * step_s + own + ahead * t_pre; // (3)
        Times { decode, prefill, tpot_s, ttft_s, rho, per_step }
    }

    /// The pass in which a prompt is prefilled when `together` come per decode step and group, s,
    /// and the cost of one prompt's part of it: as many as a chunk holds share one.
    fn shared_pass(&self, together: f64) -> (f64, PassCost) {
        let most = (CHUNK_TOKENS / new_tokens(self.case)).floor();
        let prompts = together.min(most);
        if prompts <= 1.0 {
            return (self.prefill_s(), self.prefill);
        }
        let pass = self.prefill_pass(prompts * f64::from(self.layout.data));
        (pass.time.total(), pass * (1.0 / prompts))
    }

    /// Wait that 99 % of requests keep: the exponential tail of M/D/1, all prompts of a wave, and
    /// no less than the median.
    fn p99_s(&self, times: &Times, group: f64) -> f64 {
        const TAIL: f64 = 100.0;
        let t_pre = self.prefill_s();
        let queue = (TAIL * times.rho).max(1.0).ln() * t_pre / (2.0 * (1.0 - times.rho));
        let wave = if self.case.equal_lengths { (group - 1.0).max(0.0) * t_pre } else { 0.0 };
        let base = self.engine.prompt_ms * 1e-3 + 2.0 * times.decode.time.total() + t_pre;
        times.ttft_s.max(base + queue.max(wave))
    }

    fn describe(&self, batch: f64, times: &Times, wait_s: f64, replica_tok_s: f64) -> ServingPoint {
        let case = self.case;
        let stages = f64::from(self.layout.pipeline);
        let held = batch.min(self.memory.sequences.max(1.0));
        let group = (held / f64::from(self.layout.data)).max(1.0);
        let (decode, prefill) = (&times.decode, &times.prefill);
        // Decode steps and prefills a second that a rank sees.
        let steps = replica_tok_s / held * stages / times.per_step;
        let prefills = replica_tok_s / held * group / case.output_tokens;
        let per_s = |d: f64, p: f64| d * steps + p * prefills;
        let flops = per_s(decode.flops, prefill.flops);
        let bytes = per_s(decode.bytes, prefill.bytes);
        let split: TimeSplit =
            decode.time + prefill.time * (group * times.per_step / case.output_tokens / stages);
        let peak = case.device.rated_flop_s(case.precision.experts.max(case.precision.dense));
        let filled = self.memory.weights
            + self.memory.working
            + self.memory.sequence * held / f64::from(self.layout.data);
        let tpot_s = times.tpot_s;
        ServingPoint {
            layout: self.layout,
            pools: None,
            batch,
            batch_fits: self.memory.sequences,
            tpot_s,
            ttft_s: times.ttft_s + wait_s,
            replica_tok_s,
            gpu_tok_s: replica_tok_s / f64::from(self.layout.gpus()),
            user_tok_s: 1.0 / tpot_s,
            tpot_p10_p90_s: (tpot_s * self.band.p10, tpot_s * self.band.p90),
            basis: self.basis,
            ttft_p99_s: self.p99_s(times, group) + wait_s,
            kv_fits: self.memory.sequences >= batch,
            split: split.shares(),
            decode_split: decode.time,
            prefill_split: prefill.time,
            decode_operations: decode.operations,
            prefill_operations: prefill.operations,
            compute_utilisation: (flops / peak).min(1.0),
            bandwidth_utilisation: (bytes / case.device.memory_byte_s).min(1.0),
            memory_utilisation: (filled / self.memory.usable).min(1.0),
            fabric_byte_s: per_s(decode.nic_bytes, prefill.nic_bytes),
            power_fraction: split.shares().power_fraction(case.device.clock_factor),
        }
    }
}
