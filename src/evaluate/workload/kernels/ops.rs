//! One method per operation: what callers ask the laws.

use super::super::device::{Device, Precision};
use super::work_links::ExchangeShape;
use super::{
    Class, ExpertShape, Format, Heads, KernelTime, Kernels, work, work_attention, work_links,
};

impl Kernels {
    /// Product of `m` × `k` activations and `k` × `n` weights in `format`, turning activations
    /// into that format on the way.
    #[must_use]
    pub fn gemm(
        &self,
        device: &Device,
        format: impl Into<Format>,
        m: f64,
        n: f64,
        k: f64,
    ) -> KernelTime {
        let format = format.into();
        if !(m > 0.0 && n > 0.0 && k > 0.0) {
            return KernelTime::default();
        }
        self.time(device, Class::Gemm, format, &work::gemm(device, format, m, n, k))
    }

    /// Experts of one layer on the busiest rank: permutation, gated product, product, weighted sum.
    #[must_use]
    pub fn experts(
        &self,
        device: &Device,
        format: impl Into<Format>,
        shape: &ExpertShape,
    ) -> KernelTime {
        let format = format.into();
        let positive = shape.tokens > 0.0 && shape.hidden > 0.0 && shape.inter > 0.0;
        if !(positive && shape.top_k > 0.0 && shape.experts > 0.0) {
            return KernelTime::default();
        }
        let class = if shape.skewed { Class::SkewedExperts } else { Class::Experts };
        self.time(device, class, format, &work::experts(device, format, shape))
    }

    /// One new token for each of `batch` sequences against a grouped-query cache of `context`
    /// tokens, this one included.
    #[must_use]
    pub fn decode_attention(
        &self,
        device: &Device,
        cache: Precision,
        batch: f64,
        heads: Heads,
        context: f64,
    ) -> KernelTime {
        if !(batch > 0.0 && context > 0.0 && heads.query > 0.0 && heads.cache > 0.0) {
            return KernelTime::default();
        }
        let format = Format::of_cache(cache);
        let work = work_attention::decode(device, format, batch, heads, context);
        self.time(device, Class::DecodeAttention, format, &work)
    }

    /// Causal attention of `tokens` (new, cached) of each of `batch` sequences in 16 bits over a
    /// grouped-query cache of `cache`.
    #[must_use]
    pub fn prefill_attention(
        &self,
        device: &Device,
        cache: Precision,
        batch: f64,
        tokens: (f64, f64),
        heads: Heads,
    ) -> KernelTime {
        self.prefill_attention_in(device, Format::of_cache(cache), batch, tokens, heads)
    }

    /// The same with `format` one of `Bf16`, `Fp8Cache` (16-bit queries over an 8-bit cache) and
    /// `Fp8` (8-bit throughout).
    #[must_use]
    pub fn prefill_attention_in(
        &self,
        device: &Device,
        format: Format,
        batch: f64,
        tokens: (f64, f64),
        heads: Heads,
    ) -> KernelTime {
        if !(batch > 0.0 && tokens.0 > 0.0 && heads.query > 0.0 && heads.cache > 0.0) {
            return KernelTime::default();
        }
        let work = work_attention::prefill(device, format, batch, tokens, heads);
        self.time(device, Class::PrefillAttention, format, &work)
    }

    /// One new token for each of `batch` sequences against a latent cache of `context` tokens, with
    /// `heads` heads on this rank.
    #[must_use]
    pub fn mla_decode(
        &self,
        device: &Device,
        cache: Precision,
        batch: f64,
        heads: f64,
        context: f64,
    ) -> KernelTime {
        if !(batch > 0.0 && context > 0.0 && heads > 0.0) {
            return KernelTime::default();
        }
        let format = Format::of_cache(cache);
        let work = work_attention::mla_decode(device, format, batch, heads, context);
        self.time(device, Class::MlaDecode, format, &work)
    }

    /// Causal latent attention of `tokens` (new, cached) of each of `batch` sequences.
    #[must_use]
    pub fn mla_prefill(
        &self,
        device: &Device,
        cache: Precision,
        batch: f64,
        tokens: (f64, f64),
        heads: f64,
    ) -> KernelTime {
        if !(batch > 0.0 && tokens.0 > 0.0 && heads > 0.0) {
            return KernelTime::default();
        }
        let format = Format::of_cache(cache);
        let work = work_attention::mla_prefill(device, format, batch, tokens, heads);
        self.time(device, Class::MlaPrefill, format, &work)
    }

    /// All-reduce of `bytes` per rank inside a scale-up domain: the faster of an engine's own
    /// kernel and NCCL.
    #[must_use]
    pub fn all_reduce(&self, device: &Device, ranks: f64, bytes: f64) -> KernelTime {
        let own = self.collective(device, Class::CustomAllReduce, ranks, bytes);
        let nccl = self.collective(device, Class::AllReduce, ranks, bytes);
        if own.total() <= nccl.total() { own } else { nccl }
    }

    /// All-gather inside a scale-up domain after which each rank holds `bytes`.
    #[must_use]
    pub fn all_gather(&self, device: &Device, ranks: f64, bytes: f64) -> KernelTime {
        self.collective(device, Class::AllGather, ranks, bytes)
    }

    /// Reduce-scatter inside a scale-up domain of `bytes` held by each rank before.
    #[must_use]
    pub fn reduce_scatter(&self, device: &Device, ranks: f64, bytes: f64) -> KernelTime {
        self.collective(device, Class::ReduceScatter, ranks, bytes)
    }

    /// NCCL all-to-all inside a scale-up domain of `bytes` held by each rank.
    #[must_use]
    pub fn all_to_all(&self, device: &Device, ranks: f64, bytes: f64) -> KernelTime {
        self.collective(device, Class::AllToAll, ranks, bytes)
    }

    fn collective(&self, device: &Device, class: Class, ranks: f64, bytes: f64) -> KernelTime {
        if !(ranks > 1.0 && bytes > 0.0) {
            return KernelTime::default();
        }
        let work = work_links::collective(device, ranks, bytes, class.passes());
        self.time(device, class, Format::Bf16, &work)
    }

    /// DeepEP dispatch of 8-bit activations to the ranks of their experts; `low_latency` is the
    /// kind that decode uses.
    #[must_use]
    pub fn deepep_dispatch(
        &self,
        device: &Device,
        shape: &ExchangeShape,
        low_latency: bool,
    ) -> KernelTime {
        let class = if low_latency { Class::FastDispatch } else { Class::Dispatch };
        self.exchange(device, class, shape)
    }

    /// DeepEP combine: 16-bit results back to the ranks of their tokens.
    #[must_use]
    pub fn deepep_combine(
        &self,
        device: &Device,
        shape: &ExchangeShape,
        low_latency: bool,
    ) -> KernelTime {
        let class = if low_latency { Class::FastCombine } else { Class::Combine };
        self.exchange(device, class, shape)
    }

    fn exchange(&self, device: &Device, class: Class, shape: &ExchangeShape) -> KernelTime {
        let some = shape.tokens > 0.0 && shape.hidden > 0.0 && shape.top_k > 0.0;
        if !(shape.ranks > 1.0 && some) {
            return KernelTime::default();
        }
        self.time(device, class, Format::Bf16, &class.exchange(device, shape))
    }
}
