//! Disaggregated serving: prefill and decode on workers of their own.
//!
//! Unknowns: requests decoding n, rate X. With x prefill workers that each start d_p prompts in
//! t_pre, y decode workers and C requests in flight over all:
//!
//! - (1) TPOT = t_dec(n / y), X = n / (S_out TPOT)
//! - (2) ρ = X t_pre / (x d_p), wait W = t_pre ρ^(√(2(m+1)) − 1) / (2 m (1 − ρ)) for m = x d_p
//!   servers (Allen–Cunneen, deterministic service)
//! - (3) TTFT = W + t_pre + transfer + t_dec, transfer = S_in cache / NIC + start-up
//! - (4) C = n + X (W + t_pre + transfer), solved for n
//!
//! Rate matching without given numbers of workers: the smallest whole x, y with x d_p / t_pre at
//! least y's rate. Validity: steady, closed loop; cache sent layer by layer is not overlapped.

use super::error::WorkloadError;
use super::kernels::Basis;
use super::search::{check, checked_layout};
use super::serving::LayoutModel;
use super::serving_types::{Disaggregated, Pool, ServingCase, ServingPoint};

/// Share of the prefill rate that survives hand-over and imbalance (aiconfigurator 0.12 corrects
/// by as much; recalled).
const PREFILL_SHARE: f64 = 0.9;
/// The same of decoding (recalled).
const DECODE_SHARE: f64 = 0.92;
/// Start-up of sending a cache, s (assumption: registration and a round trip per layer group).
const TRANSFER_START_S: f64 = 5e-3;
/// Most busy that prefill workers get in (2).
const BUSIEST: f64 = 0.999;
/// Halvings of (4): more than a double has bits for.
const HALVINGS: usize = 60;
/// Most workers that rate matching considers on each side.
const MOST_WORKERS: u32 = 64;

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
    let workers = match_rates(case, pools, &prefill, &decode);
    let groups = f64::from(pools.decode.layout.data) * workers.decode;
    let wanted = case.batch.unwrap_or(groups);
    let (mut low, mut high) = (0.0, wanted);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if state(case, middle, workers, &prefill, &decode).flying < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    let found = state(case, high, workers, &prefill, &decode);
    Ok(describe(case, pools, workers, high, wanted, &found, &prefill, &decode))
}

/// Numbers of workers: given, or such that neither side waits for the other at a full decode batch.
fn match_rates(
    case: &ServingCase,
    pools: &Disaggregated,
    prefill: &LayoutModel,
    decode: &LayoutModel,
) -> Workers {
    let count = |pool: Pool| pool.workers.map(f64::from);
    match (count(pools.prefill), count(pools.decode)) {
        (Some(x), Some(y)) => Workers { prefill: x.max(1.0), decode: y.max(1.0) },
        (x, y) => {
            let flying = case.batch.unwrap_or(1.0);
            let y = y.unwrap_or(1.0).max(1.0);
            let batch = (flying / y).min(decode.memory().sequences).max(1.0);
            let (_, tpot_s) = decode.decode_only(batch);
            let rate = y * batch / (case.output_tokens * tpot_s);
            let one = prompts(prefill) / prefill.prefill_s() * PREFILL_SHARE;
            let needed = (rate / one).ceil().clamp(1.0, f64::from(MOST_WORKERS));
            Workers { prefill: x.unwrap_or(needed), decode: y }
        }
    }
}

/// Prompts that a prefill worker works on at a time.
fn prompts(model: &LayoutModel) -> f64 {
    f64::from(model.layout().data) * f64::from(model.layout().pipeline)
}

/// Equations (1) to (4) with `n` requests decoding.
fn state(
    case: &ServingCase,
    n: f64,
    workers: Workers,
    prefill: &LayoutModel,
    decode: &LayoutModel,
) -> State {
    let t_pre = prefill.prefill_s() / PREFILL_SHARE;
    let (step, tpot_s) = decode.decode_only((n / workers.decode).max(1.0));
    let tpot_s = tpot_s / DECODE_SHARE;
    let servers = workers.prefill * prompts(prefill);
    let most = BUSIEST * servers / t_pre;
    let wanted = n / (case.output_tokens * tpot_s); // (1)
    let rate = wanted.min(most);
    let rho = rate * t_pre / servers;
    let power = (2.0 * (servers + 1.0)).sqrt() - 1.0;
    let wait_s = t_pre * rho.powf(power) / (2.0 * servers * (1.0 - rho)); // (2)
    let before = wait_s + t_pre + transfer_s(case);
    // What prefill can not feed does not decode: more than n would be needed to keep n busy.
    let excess = if wanted > most { n * (wanted / most - 1.0) + n } else { 0.0 };
    State { rate, tpot_s, ttft_s: before + step.time.total(), flying: n + rate * before + excess }
}

fn transfer_s(case: &ServingCase) -> f64 {
    let cache = case.model.kv_bytes_per_token(case.precision.kv_cache) * case.input_tokens;
    let inside = case.device.scale_up_domain > 16;
    let link = if inside { case.device.scale_up_byte_s } else { case.device.nic_byte_s };
    if link > 0.0 { TRANSFER_START_S + cache / link } else { TRANSFER_START_S }
}

fn describe(
    case: &ServingCase,
    pools: &Disaggregated,
    workers: Workers,
    n: f64,
    wanted: f64,
    found: &State,
    prefill: &LayoutModel,
    decode: &LayoutModel,
) -> ServingPoint {
    let per_worker = (n / workers.decode).max(1.0);
    let gpus = workers.prefill * f64::from(pools.prefill.layout.gpus())
        + workers.decode * f64::from(pools.decode.layout.gpus());
    let point = decode.at(per_worker);
    // The loop closes: what does not decode waits for its first token.
    let tok_s = found.rate * case.output_tokens;
    let cycle = wanted / found.rate;
    let ttft_s = (cycle - case.output_tokens * found.tpot_s).max(found.ttft_s);
    let ratio = found.tpot_s / point.tpot_s;
    let fits = decode.memory().sequences * workers.decode;
    ServingPoint {
        batch: wanted,
        batch_fits: fits,
        kv_fits: fits >= n,
        tpot_s: found.tpot_s,
        ttft_s,
        ttft_p99_s: ttft_s.max(point.ttft_p99_s),
        replica_tok_s: tok_s,
        gpu_tok_s: tok_s / gpus,
        user_tok_s: 1.0 / found.tpot_s,
        tpot_p10_p90_s: (point.tpot_p10_p90_s.0 * ratio, point.tpot_p10_p90_s.1 * ratio),
        split: point.decode_split.shares(),
        prefill_split: prefill.at(1.0).prefill_split,
        basis: point.basis.max(Basis::SameClass),
        ..point
    }
}
