//! Workers that only prefill: how many prompts a second they take and how long each waits.
//!
//! A worker runs one pass after another; a pass takes all prompts that came during the one before,
//! up to a chunk of tokens in each attention group. With t(n) the time of a pass over n prompts
//! and arrivals λ per worker:
//!
//! - (1) n = λ t(n), at least 1, at most K = groups × max(1, chunk / S_in); rate at most K / t(K)
//! - (2) W = min(1, λ t(n)) t(n) / 2 + t(K) ρ^(√(2(K+1)) − 1) / (2 K (1 − ρ)): the rest of the pass
//!   that runs, and the queue of K servers (Allen–Cunneen, deterministic service) near saturation
//!
//! Validity: prompts of one length, spread evenly over the groups of a worker, random arrivals.

use super::memory::CHUNK_TOKENS;
use super::serving::LayoutModel;

/// Most busy that a worker gets in (2).
const BUSIEST: f64 = 0.999;
/// One in this many prompts waits longer than the tail that is told.
const TAIL: f64 = 100.0;

/// A prefill worker.
#[derive(Clone, Debug)]
pub(super) struct PrefillWorker {
    /// Prompts in a pass and its time, s, at doubling prompts up to the most.
    passes: Vec<(f64, f64)>,
    /// Prompts/s of the worker at most, by (1).
    pub(super) most: f64,
    /// Passes at a time: pipeline stages work on different ones.
    stages: f64,
}

/// What a prompt meets at a worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Prefilled {
    /// Mean wait before its pass starts, s.
    pub(super) wait_s: f64,
    /// The same that 99 % of prompts keep, s.
    pub(super) wait_p99_s: f64,
    /// Its pass, s.
    pub(super) pass_s: f64,
}

impl PrefillWorker {
    /// A worker of `model` for prompts of which `new_tokens` are not cached.
    pub(super) fn new(model: &LayoutModel<'_>, new_tokens: f64) -> Self {
        let layout = model.layout();
        let stages = f64::from(layout.pipeline);
        let most = f64::from(layout.data) * (CHUNK_TOKENS / new_tokens).floor().max(1.0);
        let mut passes = Vec::new();
        let mut prompts = 1.0;
        while prompts < most {
            passes.push((prompts, model.prefill_pass_s(prompts)));
            prompts *= 2.0;
        }
        passes.push((most, model.prefill_pass_s(most)));
        // A longer pass may be slower per prompt: the scheduler is taken to know its best one.
        let rate = |p: &(f64, f64)| p.0 / p.1;
        let best = (0..passes.len())
            .max_by(|a, b| rate(&passes[*a]).total_cmp(&rate(&passes[*b])))
            .unwrap_or(0);
        passes.truncate(best + 1);
        let most = passes.last().map_or(0.0, rate) * stages;
        Self { passes, most, stages }
    }

    /// Equations (1) and (2) with `rate` prompts/s; what exceeds the most waits outside.
    pub(super) fn at(&self, rate: f64) -> Prefilled {
        let rate = rate.min(self.most * BUSIEST) / self.stages;
        let (largest, longest_s) = self.passes.last().copied().unwrap_or((1.0, 0.0));
        let pass_s = self.pass_s(rate);
        let rho = rate * longest_s / largest;
        let power = (2.0 * (largest + 1.0)).sqrt() - 1.0;
        let queue_s = longest_s * rho.powf(power) / (2.0 * largest * (1.0 - rho));
        let busy = (rate * pass_s).min(1.0);
        Prefilled {
            wait_s: busy * pass_s / 2.0 + queue_s,
            wait_p99_s: busy * pass_s + queue_s * TAIL.ln(),
            pass_s,
        }
    }

    /// Time of a pass by (1) at `rate` prompts/s, linear between those costed: the first that is
    /// over before more prompts have come than it holds.
    fn pass_s(&self, rate: f64) -> f64 {
        let mut before: Option<(f64, f64)> = None;
        for &(n, t) in &self.passes {
            if rate * t > n {
                before = Some((n, t));
                continue;
            }
            let Some((n0, t0)) = before else { return t };
            let slope = (t - t0) / (n - n0);
            let met = rate * (t0 - slope * n0) / (1.0 - rate * slope);
            return t0 + slope * (met - n0);
        }
        before.map_or(0.0, |(_, t)| t)
    }
}

#[cfg(test)]
mod tests {
    use super::super::reference::{b200, deepseek_v3};
    use super::super::search_tests::serving;
    use super::super::serving_types::{ServingCase, ServingLayout};
    use super::*;

    fn worker(new_tokens: f64) -> PrefillWorker {
        let case = ServingCase {
            device: b200(),
            model: deepseek_v3(),
            input_tokens: new_tokens,
            ..serving()
        };
        let layout = ServingLayout { tensor: 1, data: 4, expert: 4, pipeline: 1 };
        PrefillWorker::new(&LayoutModel::new(&case, layout), new_tokens)
    }

    #[test]
    fn an_idle_worker_makes_nobody_wait_and_a_busy_one_everybody() {
        let w = worker(1024.0);
        let idle = w.at(1e-6);
        assert!(idle.wait_s < 1e-6 * idle.pass_s);
        let mut last = 0.0;
        for share in [0.1, 0.3, 0.6, 0.9, 0.99] {
            let found = w.at(w.most * share);
            assert!(found.wait_s >= last && found.wait_p99_s >= found.wait_s, "{share}");
            last = found.wait_s;
        }
        assert!(last > idle.pass_s);
    }

    #[test]
    fn short_prompts_share_a_pass() {
        // As many tokens fit a pass; what is paid per pass is shared by eight times the prompts.
        let (short, long) = (worker(1024.0), worker(8192.0));
        assert!(short.most > 8.0 * long.most);
        assert!(short.passes.len() > long.passes.len());
        assert_eq!(long.passes.last().unwrap().0, 4.0);
    }

    #[test]
    fn a_pass_holds_what_arrived_during_the_one_before() {
        let w = worker(1024.0);
        let rate = w.most * 0.5;
        let pass_s = w.at(rate).pass_s;
        let n = rate * pass_s;
        let after = w.passes.partition_point(|p| p.0 < n);
        let ((n0, t0), (n1, t1)) = (w.passes[after - 1], w.passes[after]);
        assert!(n > 1.0 && (pass_s - t0) / (t1 - t0) > 0.0);
        assert!(((pass_s - t0) * (n1 - n0) - (n - n0) * (t1 - t0)).abs() < 1e-9 * t1 * n1);
    }
}
