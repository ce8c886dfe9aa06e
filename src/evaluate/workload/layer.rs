//! The operations of a layer: equations (1) to (4) of [`super::pass`].

use super::arch::Attention;
use super::device::Precision;
use super::kernels::{ExchangeShape, ExpertShape, Heads, KernelTime};
use super::links::Collective;
use super::operation::{Operation, PassCost};
use super::pass::{ACTIVATION_BYTES, AttentionWork, Replica, Rows};
use super::split::TimeSplit;

/// FLOPs per token and state value of a chunked linear attention (update, decay and read).
const LINEAR_FLOPS_PER_STATE: f64 = 6.0;
/// Share of peak that chunked linear attention reaches in prefill (assumption: half of softmax
/// attention's, for its smaller tiles).
const LINEAR_PREFILL_SHARE: f64 = 0.2;
/// Share of memory bandwidth of state updates (assumption).
const LINEAR_BANDWIDTH: f64 = 0.7;
/// Launches of a linear-attention layer: convolution, gates, update, s (assumption).
const LINEAR_LAUNCH_S: f64 = 12e-6;
/// Products of an indexer's scores are computed in FP8; share of that peak (assumption).
const INDEXER_SHARE: f64 = 0.3;

impl Replica<'_> {
    /// Equation (1).
    pub(super) fn projections(&self, sum: &mut PassCost, rows: Rows, layers: f64) {
        let (p, h, t, op) =
            (self.precision.dense, self.hidden(), self.tensor, Operation::Projections);
        match self.model.attention {
            Attention::Gqa { heads, kv_heads, head_dim, output_gate } => {
                let (n, n_kv, d) = (f64::from(heads), f64::from(kv_heads), f64::from(head_dim));
                let kv = 2.0 * (n_kv / t).max(1.0);
                let gate = if output_gate { n / t } else { 0.0 };
                self.gemm(sum, op, p, rows.group, (n / t + kv + gate) * d, h, layers);
                self.gemm(sum, op, p, rows.group, h, n / t * d, layers);
            }
            Attention::Mla { heads, kv_rank, q_rank, nope_dim, rope_dim, v_dim } => {
                let n = (f64::from(heads) / t).max(1.0);
                let (r_kv, r_q) = (f64::from(kv_rank), f64::from(q_rank));
                let (nope, rope, v) = (f64::from(nope_dim), f64::from(rope_dim), f64::from(v_dim));
                // Compressions are not divided over ranks.
                self.gemm(sum, op, p, rows.group, r_q + r_kv + rope, h, layers);
                let q_in = if q_rank == 0 { h } else { r_q };
                self.gemm(sum, op, p, rows.group, n * (nope + rope), q_in, layers);
                match rows.work {
                    AttentionWork::Decode { .. } => {
                        self.absorbed(sum, rows.group, [n, r_kv, nope], layers);
                        self.absorbed(sum, rows.group, [n, r_kv, v], layers);
                    }
                    AttentionWork::Prefill { .. } => {
                        self.gemm(sum, op, p, rows.group, n * (nope + v), r_kv, layers);
                    }
                }
                self.gemm(sum, op, p, rows.group, h, n * v, layers);
            }
        }
        self.indexer(sum, rows, layers);
    }

    /// Per-head product with an absorbed latent matrix: as many weights and FLOPs as a product of
    /// `heads × rank` columns and `width` depth.
    fn absorbed(&self, sum: &mut PassCost, rows: f64, shape: [f64; 3], layers: f64) {
        let [heads, rank, width] = shape;
        let op = Operation::Projections;
        self.gemm(sum, op, Precision::Bf16, rows, heads * rank, width, layers);
    }

    /// Sparse attention's choice of tokens.
    fn indexer(&self, sum: &mut PassCost, rows: Rows, layers: f64) {
        let Some(s) = self.model.sparse else { return };
        let (heads, dim) = (f64::from(s.heads), f64::from(s.dim));
        let (p, op) = (self.precision.dense, Operation::Projections);
        self.gemm(sum, op, p, rows.group, heads * dim + dim + heads, self.hidden(), layers);
        let keys = match rows.work {
            AttentionWork::Decode { context } => context,
            AttentionWork::Prefill { cached } => cached + rows.each() / 2.0,
        };
        let flops = 2.0 * rows.group * heads * dim * keys;
        let bytes = match rows.work {
            AttentionWork::Decode { context } => rows.group * context * dim,
            AttentionWork::Prefill { cached } => rows.sequences * (cached + rows.each()) * dim,
        };
        let compute_s = flops / (self.device.flop_s(Precision::Fp8) * INDEXER_SHARE);
        let memory_s = bytes / (self.device.memory_byte_s * LINEAR_BANDWIDTH);
        let time = bound(compute_s, memory_s, self.laws.elementwise_us * 1e-6);
        sum.kernel(Operation::Attention, time, layers);
        sum.work(flops * layers, bytes * layers);
    }

    /// Equation (2) over all cached layers, windowed ones apart.
    pub(super) fn attention(&self, sum: &mut PassCost, rows: Rows, layers: f64) {
        let local = self.model.local.map_or(0.0, |l| f64::from(l.layers)).min(layers);
        let window = self.model.local.map_or(f64::INFINITY, |l| f64::from(l.window));
        let seen = self.model.sparse.map_or(f64::INFINITY, |s| f64::from(s.top_tokens));
        for (count, limit) in [(layers - local, seen), (local, window)] {
            if count > 0.0 {
                let time = self.attention_kernel(rows, limit);
                sum.kernel(Operation::Attention, self.inside(time, self.laws.attention), count);
            }
        }
        let (flops, bytes) = self.attention_work(rows);
        sum.work(flops, bytes);
    }

    /// One layer in which a token sees at most `limit` others.
    fn attention_kernel(&self, rows: Rows, limit: f64) -> KernelTime {
        let (k, d, kv) = (self.kernels, self.device, self.precision.kv_cache);
        // A prompt longer than the limit is attended in pieces of that length, each of which
        // sees the one before.
        match (&self.model.attention, rows.work) {
            (&Attention::Gqa { heads, kv_heads, head_dim, .. }, work) => {
                let n = (f64::from(heads) / self.tensor).max(1.0);
                let n_kv = (f64::from(kv_heads) / self.tensor).max(1.0);
                let heads = Heads { query: n, cache: n_kv, width: f64::from(head_dim) };
                match work {
                    AttentionWork::Decode { context } => {
                        let read = context.min(limit);
                        k.decode_attention(d, kv, rows.sequences, heads, read)
                    }
                    AttentionWork::Prefill { cached } => {
                        let (pieces, new, known) = pieces(rows.each(), cached, limit);
                        k.prefill_attention(d, kv, rows.sequences * pieces, (new, known), heads)
                    }
                }
            }
            (&Attention::Mla { heads, .. }, work) => {
                let n = (f64::from(heads) / self.tensor).max(1.0);
                match work {
                    AttentionWork::Decode { context } => {
                        k.mla_decode(d, kv, rows.sequences, n, context.min(limit))
                    }
                    AttentionWork::Prefill { cached } => {
                        let (pieces, new, known) = pieces(rows.each(), cached, limit);
                        k.mla_prefill(d, kv, rows.sequences * pieces, (new, known), n)
                    }
                }
            }
        }
    }

    /// FLOPs and bytes of attention over all layers.
    fn attention_work(&self, rows: Rows) -> (f64, f64) {
        let m = self.model;
        let per_token =
            m.cache_values_per_token_layer(self.tensor) * self.precision.kv_cache.bytes();
        match rows.work {
            AttentionWork::Decode { context } => {
                let read = m.attended_token_layers(context);
                let flops = 2.0 * rows.group * m.attention_width(true) * read / self.tensor;
                (flops, rows.sequences * per_token * read)
            }
            AttentionWork::Prefill { cached } => {
                let all = cached + rows.each();
                let flops = m.prefill_attention_flops(all) - m.prefill_attention_flops(cached);
                let bytes = per_token * m.cached_token_layers(all + rows.each());
                (rows.sequences * flops / self.tensor, rows.sequences * bytes)
            }
        }
    }

    /// Layers with a constant state: projections and the update.
    pub(super) fn linear_attention(&self, sum: &mut PassCost, rows: Rows, layers: f64) {
        let Some(l) = self.model.linear else { return };
        let (p, h, op) = (self.precision.dense, self.hidden(), Operation::LinearAttention);
        let value = f64::from(l.value_heads) * f64::from(l.value_dim);
        let into = self.model.linear_params() / h - value;
        self.gemm(sum, op, p, rows.group, into / self.tensor, h, layers);
        self.gemm(sum, op, p, rows.group, h, value / self.tensor, layers);
        let state = self.model.state_bytes() / f64::from(l.layers).max(1.0) / self.tensor;
        let values = value * f64::from(l.key_dim) / self.tensor;
        let flops = LINEAR_FLOPS_PER_STATE * rows.group * values;
        // Decoding reads and writes the state of every sequence; a prompt holds it on chip.
        let bytes = match rows.work {
            AttentionWork::Decode { .. } => 2.0 * rows.group * state,
            AttentionWork::Prefill { .. } => {
                2.0 * rows.sequences * state + rows.group * value * ACTIVATION_BYTES
            }
        };
        let compute_s = flops / (self.device.flop_s(Precision::Bf16) * LINEAR_PREFILL_SHARE);
        let memory_s = bytes / (self.device.memory_byte_s * LINEAR_BANDWIDTH);
        sum.kernel(op, bound(compute_s, memory_s, LINEAR_LAUNCH_S), layers);
        sum.work(flops * layers, bytes * layers);
    }

    /// Dense feed-forward of width `ffn`: (3).
    pub(super) fn feed_forward(&self, sum: &mut PassCost, rows: f64, ffn: f64, layers: f64) {
        let (p, h, op) = (self.precision.dense, self.hidden(), Operation::FeedForward);
        let into = if self.model.gated { 2.0 * ffn } else { ffn };
        self.gemm(sum, op, p, rows, into / self.tensor, h, layers);
        self.gemm(sum, op, p, rows, h, ffn / self.tensor, layers);
    }

    /// Router, shared and routed experts with their exchange: (3), (4).
    pub(super) fn experts(&self, sum: &mut PassCost, rows: Rows, layers: f64) {
        let Some(e) = self.model.moe else { return };
        let (h, f, op) = (self.hidden(), f64::from(e.expert_ffn), Operation::Experts);
        let (k, count) = (f64::from(e.experts_per_token), f64::from(e.experts));
        let groups = f64::from(self.layout.expert.max(1));
        let inter = f * groups / self.ranks;
        self.gemm(sum, op, Precision::Bf16, rows.group, count, h, layers);
        let prec = self.precision.experts;
        let shape = ExpertShape {
            tokens: rows.everywhere,
            hidden: h,
            inter,
            top_k: k,
            experts: count,
            ranks: groups,
            skewed: true,
        };
        sum.kernel(op, self.grouped(&shape), layers);
        let one = self.model.ffn_params(f);
        let touched = count * (1.0 - (1.0 - k / count).powf(rows.everywhere));
        let routed = rows.everywhere * k / self.ranks;
        let bytes = touched * one / self.ranks * prec.bytes() + routed * h * 2.0 * ACTIVATION_BYTES;
        sum.work(2.0 * routed * one * layers, bytes * layers);
        self.feed_forward(sum, rows.group, f * f64::from(e.shared_experts), layers);
        if self.layout.data > 1 {
            self.exchange(sum, rows.group, k, count, layers);
        }
    }

    /// Dispatch and combine: (4).
    fn exchange(&self, sum: &mut PassCost, rows: f64, k: f64, count: f64, layers: f64) {
        let own = rows / self.tensor;
        let inside = self.ranks <= f64::from(self.device.scale_up_domain);
        let nodes = if inside { 1.0 } else { self.ranks / f64::from(self.device.scale_up_domain) };
        let fast = rows <= 1024.0;
        let (d, h) = (self.device, self.hidden());
        let shape = ExchangeShape {
            ranks: self.ranks,
            nodes,
            tokens: own,
            hidden: h,
            top_k: k,
            experts: count,
        };
        let send = self.kernels.deepep_dispatch(d, &shape, fast);
        let back = self.kernels.deepep_combine(d, &shape, fast);
        let time = self.inside(send + back, self.laws.collectives);
        if inside {
            // Engines also gather all rows and scatter the sums: faster for few rows.
            let bytes = own * self.ranks * h * ACTIVATION_BYTES;
            let gather = self.kernels.all_gather(d, self.ranks, bytes)
                + self.kernels.reduce_scatter(d, self.ranks, bytes);
            let gather = self.inside(gather, self.laws.collectives);
            let best = if gather.total() < time.total() { gather } else { time };
            sum.kernel(Operation::Exchange, best, layers);
            return;
        }
        // The law knows the fabric it was timed on; this one may be narrower.
        let copies = own * k.min(self.ranks) * h;
        let narrow = self.links.all_to_all(copies * (1.0 + ACTIVATION_BYTES), self.ranks);
        let longer = narrow.time.total().max(time.total());
        let time = TimeSplit { fabric: longer, ..TimeSplit::default() };
        let both = Collective { time, nic_bytes: narrow.nic_bytes };
        sum.collective(Operation::Exchange, &both, layers);
    }

    /// Equation (4): one after attention, one after the feed-forward unless the experts' exchange
    /// takes its place.
    pub(super) fn all_reduces(&self, sum: &mut PassCost, rows: f64, layers: f64) {
        if self.tensor <= 1.0 {
            return;
        }
        let bytes = rows * self.hidden() * ACTIVATION_BYTES;
        let second = self.layout.data == 1 || self.model.moe.is_none();
        let times = layers * if second { 2.0 } else { 1.0 };
        if self.tensor <= f64::from(self.device.scale_up_domain) {
            let mut time = self.kernels.all_reduce(self.device, self.tensor, bytes);
            time.overhead_s += self.laws.skew_us * 1e-6;
            sum.kernel(Operation::AllReduce, time * self.laws.collectives, times);
        } else {
            sum.collective(Operation::AllReduce, &self.links.all_reduce(bytes, self.tensor), times);
        }
    }
}

/// Pieces of a prompt, new tokens in each and known ones before it, when a token sees at most
/// `limit` others.
fn pieces(new: f64, cached: f64, limit: f64) -> (f64, f64, f64) {
    if new + cached <= limit {
        return (1.0, new, cached);
    }
    let pieces = (new / limit).max(1.0);
    (pieces, new / pieces, limit.min(cached + new - new / pieces))
}

/// The larger of two times that overlap, and a launch.
fn bound(compute_s: f64, memory_s: f64, overhead_s: f64) -> KernelTime {
    let mut time = KernelTime { overhead_s, ..KernelTime::default() };
    if compute_s > memory_s {
        time.compute_s = compute_s;
    } else {
        time.memory_s = memory_s;
    }
    time
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_within_the_window_is_one_piece() {
        assert_eq!(pieces(100.0, 20.0, 128.0), (1.0, 100.0, 20.0));
        assert_eq!(pieces(1280.0, 0.0, 128.0), (10.0, 128.0, 128.0));
        assert_eq!(pieces(64.0, 1000.0, 128.0), (1.0, 64.0, 128.0));
    }
}
