//! What attention has to do, as times at the speed of light of a device, and its sizes.

use super::super::device::Device;
use super::format::Format;
use super::work::{ACTIVATION, Streams, Work, log};

/// Latent cache of MLA: values per token, 512 compressed and 64 rotary (DeepSeek-V3).
const LATENT: f64 = 576.0;
/// The compressed part alone, which stands in for keys and values.
const LATENT_VALUES: f64 = 512.0;
/// Width of an expanded MLA query or key head, 128 + 64 rotary.
const MLA_KEY: f64 = 192.0;
/// Width of an expanded MLA value head.
const MLA_VALUE: f64 = 128.0;
/// Context over which the serial steps of a decode kernel are counted (one split).
const SPLIT: f64 = 128.0;
/// Tokens over which the serial steps of a prefill kernel are counted.
const PREFILL_STEP: f64 = 1024.0;

/// Heads of attention on one rank.
#[derive(Clone, Copy, Debug)]
pub struct Heads {
    /// Query heads.
    pub query: f64,
    /// Key and value heads.
    pub cache: f64,
    /// Width of a head.
    pub width: f64,
}

/// One token for each of `batch` sequences against `context` cached tokens.
pub(super) fn decode(
    device: &Device,
    format: Format,
    batch: f64,
    heads: Heads,
    context: f64,
) -> Work {
    let cached = batch * heads.cache * context;
    let row_bytes = (2.0 * heads.query + 2.0 * heads.cache) * heads.width * ACTIVATION;
    let bytes = 2.0 * cached * heads.width * format.stored_bytes() + batch * row_bytes;
    let flops = 4.0 * batch * heads.query * heads.width * context;
    Work {
        compute_s: flops / format.flop_s(device),
        stream_s: bytes / device.memory_byte_s,
        streams: Streams::Memory,
        steps: (1.0 + context / SPLIT).log2(),
        sizes: [
            log(batch * heads.cache),
            log(context),
            log(heads.query / heads.cache),
            log(heads.cache),
            log(cached),
        ],
    }
}

/// Pairs of tokens that causal attention compares: new ones with what is cached and among
/// themselves.
fn causal_pairs(new: f64, cached: f64) -> f64 {
    new * cached + 0.5 * new * (new + 1.0)
}

/// Length of a prompt without cache that compares as many pairs.
fn equal_length(pairs: f64) -> f64 {
    (2.0 * pairs + 0.25).sqrt() - 0.5
}

/// `new` tokens of each of `batch` sequences against themselves and `cached` earlier ones.
pub(super) fn prefill(
    device: &Device,
    format: Format,
    batch: f64,
    (new, cached): (f64, f64),
    heads: Heads,
) -> Work {
    let pairs = causal_pairs(new, cached);
    let row_values = 2.0 * heads.query + 2.0 * heads.cache;
    let cache_values = 2.0 * heads.cache * (new + cached);
    let bytes = batch
        * heads.width
        * (new * row_values * ACTIVATION + cache_values * format.stored_bytes());
    let length = equal_length(pairs);
    Work {
        compute_s: 4.0 * batch * heads.query * heads.width * pairs / format.flop_s(device),
        stream_s: bytes / device.memory_byte_s,
        streams: Streams::Memory,
        steps: length / PREFILL_STEP,
        sizes: [log(batch * heads.query), log(length), log(heads.query / heads.cache), 0.0, 0.0],
    }
}

/// MLA in its absorbed form: every head attends in the latent space.
pub(super) fn mla_decode(
    device: &Device,
    format: Format,
    batch: f64,
    heads: f64,
    context: f64,
) -> Work {
    let bytes = batch * context * LATENT * format.stored_bytes()
        + batch * heads * (LATENT + LATENT_VALUES) * ACTIVATION;
    Work {
        compute_s: 2.0 * batch * heads * context * (LATENT + LATENT_VALUES) / format.flop_s(device),
        stream_s: bytes / device.memory_byte_s,
        streams: Streams::Memory,
        steps: (1.0 + context / SPLIT).log2(),
        sizes: [log(batch), log(context), log(heads), log(batch * context), 0.0],
    }
}

/// MLA with keys and values expanded per head.
pub(super) fn mla_prefill(
    device: &Device,
    format: Format,
    batch: f64,
    (new, cached): (f64, f64),
    heads: f64,
) -> Work {
    let pairs = causal_pairs(new, cached);
    let expanded = heads * 2.0 * (MLA_KEY + MLA_VALUE) * ACTIVATION;
    let bytes = batch * (new + cached) * (expanded + LATENT * format.stored_bytes());
    let length = equal_length(pairs);
    Work {
        compute_s: 2.0 * batch * heads * pairs * (MLA_KEY + MLA_VALUE) / format.flop_s(device),
        stream_s: bytes / device.memory_byte_s,
        streams: Streams::Memory,
        steps: length / PREFILL_STEP,
        sizes: [log(batch), log(length), log(heads), 0.0, 0.0],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_without_cache_is_as_long_as_it_is() {
        for length in [1.0, 7.0, 4096.0] {
            assert!((equal_length(causal_pairs(length, 0.0)) - length).abs() < 1e-9 * length);
        }
        assert!(equal_length(causal_pairs(512.0, 8192.0)) > 2900.0);
    }
}
