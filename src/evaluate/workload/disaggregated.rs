//! Disaggregated serving: prefill and decode on workers of their own.
//!
//! Unknowns: requests decoding n, rate X. With x prefill workers, y decode workers and C requests
//! in flight over all:
//!
//! - (1) TPOT = t_dec(n / y), X = n / (S_out TPOT), at most x times a prefill worker's most
//! - (2) TTFT = max(W, c n / most) + t_pass + hand-over + t_dec, W and t_pass of a prefill worker at
//!   X / x, c the share of requests in flight that start in clumps (the engine's law);
//!   hand-over = engine's part + S_in cache / link
//! - (3) C = n + X TTFT, solved for n; what is left over queues for prefill
//!
//! Rate matching without given numbers of workers: the smallest whole x with x prefill workers at
//! least as fast as the decode workers. Validity: steady, closed loop; the cache is sent after the
//! prefill, not layer by layer during it.

use super::error::WorkloadError;
use super::kernels::Basis;
use super::prefill_worker::{PrefillWorker, Prefilled};
use super::search::{check, checked_layout};
use super::serving::LayoutModel;
use super::serving_types::{Disaggregated, Engine, Pool, ServingCase, ServingPoint};
use super::split::{IDLE_POWER_FRACTION, TimeSplit};

/// Halvings of (3): more than a double has bits for.
const HALVINGS: usize = 60;
/// Halvings of a prefill worker's rate: to a millionth.
const RATE_HALVINGS: usize = 20;
/// Busiest that the search plans a prefill worker, so that queues stay finite.
const BUSIEST_SHARE: f64 = 0.95;
/// Most workers that rate matching considers on each side.
pub(super) const MOST_WORKERS: u32 = 64;
/// A scale-up domain larger than one server, whose links carry the caches.
const SERVER: u32 = 8;

/// Time from the end of a prefill until its request decodes, beside the cache's way, s: medians of
/// measured TTFT less prefill at light load (DeepSeek-R1 on B200 and GB200, 2025-12 to 2026-03; 9
/// rows of TensorRT-LLM, 12 of SGLang). vLLM: assumed like SGLang.
const fn hand_over_s(engine: Engine) -> f64 {
    match engine {
        Engine::TensorRtLlm => 0.09,
        Engine::Sglang | Engine::Vllm => 0.16,
    }
}

/// Both kinds of worker, ready to be costed.
#[derive(Clone, Debug)]
pub(super) struct Pools<'a> {
    case: &'a ServingCase,
    /// Layout and time of a prefill worker.
    prefill: &'a LayoutModel<'a>,
    worker: &'a PrefillWorker,
    decode: &'a LayoutModel<'a>,
}

/// Workers on each side.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Workers {
    prefill: f64,
    decode: f64,
}

/// State of the deployment at one number of decoding requests.
#[derive(Clone, Copy, Debug)]
struct State {
    rate: f64,
    tpot_s: f64,
    ttft_s: f64,
    ttft_p99_s: f64,
    flying: f64,
}

/// The operating point of a disaggregated deployment with `case.batch` requests in flight over all
/// its workers (one per decode group when not given). `gpu_tok_s` counts all accelerators.
///
/// # Errors
/// An unusable case or layout, or a model that does not fit a worker.
pub fn solve_disaggregated(
    case: &ServingCase,
    pools: &Disaggregated,
) -> Result<ServingPoint, WorkloadError> {
    check(case)?;
    let prefill = LayoutModel::new(case, checked_layout(case, pools.prefill.layout)?);
    let decode = LayoutModel::new(case, checked_layout(case, pools.decode.layout)?);
    for model in [&prefill, &decode] {
        if model.memory().sequences < 1.0 {
            return Err(super::search::does_not_fit(case, std::slice::from_ref(model)));
        }
    }
    let worker = PrefillWorker::new(&prefill, new_tokens(case));
    let both = Pools::new(case, &prefill, &worker, &decode);
    let workers = both.match_rates(pools);
    let groups = f64::from(pools.decode.layout.data) * workers.decode;
    Ok(both.at(case.batch.unwrap_or(groups), workers.prefill, workers.decode))
}

impl<'a> Pools<'a> {
    pub(super) fn new(
        case: &'a ServingCase,
        prefill: &'a LayoutModel<'a>,
        worker: &'a PrefillWorker,
        decode: &'a LayoutModel<'a>,
    ) -> Self {
        Self { case, prefill, worker, decode }
    }

    /// Weights that a unit of so many workers loads, bytes.
    pub(super) fn weight_bytes(&self, prefill: f64, decode: f64) -> f64 {
        let side = |m: &LayoutModel<'_>| m.memory().weights * f64::from(m.layout().gpus());
        prefill * side(self.prefill) + decode * side(self.decode)
    }

    /// Numbers of workers: given, or such that neither side waits for the other.
    fn match_rates(&self, pools: &Disaggregated) -> Workers {
        let count = |pool: Pool| pool.workers.map(f64::from);
        let flying = self.case.batch.unwrap_or(1.0);
        let y = count(pools.decode).unwrap_or(1.0).max(1.0);
        let batch = (flying / y).min(self.decode.memory().sequences).max(1.0);
        let rate = y * batch / (self.case.output_tokens * self.decode.decode_only(batch).1);
        let needed = (rate / self.worker.most).ceil().clamp(1.0, f64::from(MOST_WORKERS));
        Workers { prefill: count(pools.prefill).unwrap_or(needed).max(1.0), decode: y }
    }

    /// The operating point with `flying` requests over `prefill` and `decode` workers.
    fn at(&self, flying: f64, prefill: f64, decode: f64) -> ServingPoint {
        let workers = Workers { prefill, decode };
        let held = (self.decode.memory().sequences * decode).max(1.0);
        let (mut low, mut high) = (0.0, flying.min(held));
        for _ in 0..HALVINGS {
            let middle = f64::midpoint(low, high);
            if self.state(middle, workers).flying < flying {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.describe(workers, high, flying, &self.state(high, workers))
    }

    /// The operating point with `decoding` requests at each of `decode` workers.
    pub(super) fn decoding(&self, decoding: f64, prefill: f64, decode: f64) -> ServingPoint {
        let workers = Workers { prefill, decode };
        let found = self.state(decoding * decode, workers);
        self.describe(workers, decoding * decode, found.flying, &found)
    }

    /// Requests/s that a prefill worker takes while requests decode at `tpot_s` and see their first
    /// token within `ttft_s`, a decode step of `step_s` included; 0 when none does.
    pub(super) fn worker_rate(&self, ttft_s: Option<f64>, tpot_s: f64, step_s: f64) -> f64 {
        let most = self.worker.most * BUSIEST_SHARE;
        let Some(limit) = ttft_s else { return most };
        let after = self.after_s() + step_s;
        let keeps =
            |rate: f64| self.before_s(rate, self.case.output_tokens * tpot_s) + after <= limit;
        if !keeps(0.0) {
            return 0.0;
        }
        let (mut low, mut high) = (0.0, most);
        for _ in 0..RATE_HALVINGS {
            let middle = f64::midpoint(low, high);
            if keeps(middle) {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Wait and pass of a prompt at a worker with `rate` requests/s that each decode for
    /// `answer_s`.
    fn before_s(&self, rate: f64, answer_s: f64) -> f64 {
        let Prefilled { wait_s, pass_s, .. } = self.worker.at(rate);
        let clump_s = self.prefill.ahead() * rate * answer_s / self.worker.most;
        wait_s.max(clump_s) + pass_s
    }

    /// From the prefill's end until the request decodes, s.
    fn after_s(&self) -> f64 {
        hand_over_s(self.case.software.engine) + transfer_s(self.case)
    }

    /// Equations (1) to (3) with `n` requests decoding.
    fn state(&self, n: f64, workers: Workers) -> State {
        let case = self.case;
        let (step, tpot_s) = self.decode.decode_only((n / workers.decode).max(1.0));
        let most = workers.prefill * self.worker.most;
        let wanted = n / (case.output_tokens * tpot_s); // (1)
        let rate = wanted.min(most);
        let each = rate / workers.prefill;
        let Prefilled { wait_p99_s, pass_s, .. } = self.worker.at(each);
        let after = self.after_s();
        let before = self.before_s(each, n / rate) + after; // (2)
        // What prefill can not feed does not decode: more than n would be needed to keep n busy.
        let excess = if wanted > most { n * (wanted / most - 1.0) + n } else { 0.0 };
        let ttft_s = before + step.time.total();
        State {
            rate,
            tpot_s,
            ttft_s,
            ttft_p99_s: wait_p99_s + pass_s + after + step.time.total(),
            flying: n + rate * ttft_s + excess,
        }
    }

    fn describe(&self, workers: Workers, n: f64, wanted: f64, found: &State) -> ServingPoint {
        let (case, decode) = (self.case, self.decode);
        let pool = |model: &LayoutModel<'_>, count: f64| Pool {
            layout: model.layout(),
            workers: Some(count as u32),
        };
        let pools = Disaggregated {
            prefill: pool(self.prefill, workers.prefill),
            decode: pool(decode, workers.decode),
        };
        let point = decode.at((n / workers.decode).max(1.0));
        // The loop closes: what does not decode waits for its first token.
        let tok_s = found.rate * case.output_tokens;
        let cycle = wanted / found.rate;
        let ttft_s = (cycle - case.output_tokens * found.tpot_s).max(found.ttft_s);
        let ratio = found.tpot_s / point.tpot_s;
        let fits = decode.memory().sequences * workers.decode;
        let mixed = self.mixed(workers, n, found.rate, &pools);
        let peak = case.device.rated_flop_s(case.precision.experts.max(case.precision.dense));
        ServingPoint {
            pools: Some(pools),
            batch: wanted,
            batch_fits: fits,
            kv_fits: fits >= n,
            tpot_s: found.tpot_s,
            ttft_s,
            ttft_p99_s: found.ttft_p99_s.max(ttft_s),
            replica_tok_s: tok_s,
            gpu_tok_s: tok_s / f64::from(pools.gpus()),
            user_tok_s: 1.0 / found.tpot_s,
            tpot_p10_p90_s: (point.tpot_p10_p90_s.0 * ratio, point.tpot_p10_p90_s.1 * ratio),
            split: mixed.split.shares(),
            prefill_split: self.prefill.at(1.0).prefill_split,
            basis: point.basis.max(Basis::SameClass),
            compute_utilisation: (mixed.flop_s / peak).min(1.0),
            bandwidth_utilisation: (mixed.byte_s / case.device.memory_byte_s).min(1.0),
            fabric_byte_s: mixed.nic_byte_s,
            power_fraction: mixed.power_fraction,
            ..point
        }
    }

    /// Means over the accelerators of both sides, `n` requests decoding at `rate` requests/s.
    fn mixed(&self, workers: Workers, n: f64, rate: f64, pools: &Disaggregated) -> Mixed {
        let (case, clock) = (self.case, self.case.device.clock_factor);
        let gpus = f64::from(pools.gpus());
        let layout = pools.decode.layout;
        let decoding = workers.decode * f64::from(layout.gpus()) / gpus;
        let (step, _) = self.decode.decode_only((n / workers.decode).max(1.0));
        let steps = decoding * f64::from(layout.pipeline) / step.time.total();
        let prefilling = 1.0 - decoding;
        let pass = self.prefill.prefill_cost();
        let groups = workers.prefill * f64::from(pools.prefill.layout.data);
        let prompts = prefilling * rate / groups;
        let busy = (rate / (workers.prefill * self.worker.most)).min(1.0);
        let at_work = pass.time.power_fraction(clock);
        let idle = IDLE_POWER_FRACTION.min(at_work);
        let crosses = case.device.scale_up_domain <= SERVER;
        let caches = if crosses { rate * cache_bytes(case) / gpus } else { 0.0 };
        Mixed {
            split: step.time.shares() * decoding + pass.time.shares() * (prefilling * busy),
            flop_s: step.flops * steps + pass.flops * prompts,
            byte_s: step.bytes * steps + pass.bytes * prompts,
            nic_byte_s: step.nic_bytes * steps + pass.nic_bytes * prompts + caches,
            power_fraction: decoding * step.time.power_fraction(clock)
                + prefilling * (idle + (at_work - idle) * busy),
        }
    }
}

/// Means over the accelerators of a deployment.
struct Mixed {
    split: TimeSplit,
    flop_s: f64,
    byte_s: f64,
    nic_byte_s: f64,
    power_fraction: f64,
}

/// Prompt tokens that are computed.
pub(super) fn new_tokens(case: &ServingCase) -> f64 {
    (case.input_tokens * (1.0 - case.cached_prompt_fraction)).max(1.0)
}

/// Cache of one prompt, bytes.
fn cache_bytes(case: &ServingCase) -> f64 {
    case.model.kv_bytes_per_token(case.precision.kv_cache) * case.input_tokens
}

/// The cache's way from one worker to the other.
fn transfer_s(case: &ServingCase) -> f64 {
    let inside = case.device.scale_up_domain > SERVER;
    let link = if inside { case.device.scale_up_byte_s } else { case.device.nic_byte_s };
    if link > 0.0 { cache_bytes(case) / link } else { 0.0 }
}
