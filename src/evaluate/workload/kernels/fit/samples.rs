//! Timings as the fit sees them: class, format, generation, work and the time measured.

use super::super::super::device::Device;
use super::super::work::Work;
use super::super::{
    Architecture, Class, ExchangeShape, ExpertShape, Format, Heads, work, work_attention,
    work_links,
};
use super::devices::Devices;
use super::table::{FitError, Row, Table};
use std::collections::BTreeMap;

/// One timing.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    pub class: Class,
    pub format: Format,
    pub architecture: Architecture,
    pub system: String,
    /// Tells one shape from another; the same on every device and in every format.
    pub shape: u64,
    /// Tells one curve from another: shapes that differ in the last of their numbers only.
    pub curve: u64,
    pub work: Work,
    /// Natural logarithm of the time in seconds.
    pub log_s: f64,
}

/// What the rows of a file time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Gemm,
    Decode,
    Prefill,
    Mla,
    Experts,
    Collectives,
    Exchanges,
}

const KINDS: [(&str, Kind); 7] = [
    ("gemm", Kind::Gemm),
    ("attention_decode", Kind::Decode),
    ("attention_prefill", Kind::Prefill),
    ("mla", Kind::Mla),
    ("moe", Kind::Experts),
    ("collectives", Kind::Collectives),
    ("deepep", Kind::Exchanges),
];

/// Bytes of an element that collectives were timed with, 16-bit.
const ELEMENT_BYTES: f64 = 2.0;

/// All timings of `files` (name, text). Where a shape stands more than once for a device, the
/// fastest counts: an engine that has two kernels for one shape picks by timing.
pub(super) fn read(files: &[(String, String)], devices: &Devices) -> Result<Vec<Sample>, FitError> {
    let mut all: BTreeMap<(Class, Format, String, u64), Sample> = BTreeMap::new();
    for (file, text) in files {
        let kind = KINDS.iter().find(|(word, _)| file.contains(word));
        let Some((_, kind)) = kind else {
            return Err(FitError::UnknownFile { file: file.clone() });
        };
        for row in Table::split(file, text)?.rows() {
            for sample in samples(*kind, &row, devices)? {
                let key = (sample.class, sample.format, sample.system.clone(), sample.shape);
                let kept = all.entry(key).or_insert_with(|| sample.clone());
                if sample.log_s < kept.log_s {
                    *kept = sample;
                }
            }
        }
    }
    Ok(all.into_values().collect())
}

/// The timings of one row (an exchange has two, what is not modelled none).
fn samples(kind: Kind, row: &Row<'_>, devices: &Devices) -> Result<Vec<Sample>, FitError> {
    let (system, device) = devices.of(row)?;
    let made = |class, format, work, shape: &[f64], seconds: f64| Sample {
        class,
        format,
        architecture: Architecture::of(device),
        system: system.to_owned(),
        shape: fingerprint(class, shape),
        curve: fingerprint(class, &shape[..shape.len().saturating_sub(1)]),
        work,
        log_s: seconds.ln(),
    };
    if kind == Kind::Exchanges {
        return exchanges(row, device, made);
    }
    let one = match kind {
        Kind::Gemm => gemm(row, device)?,
        Kind::Decode => decode(row, device)?,
        Kind::Prefill => prefill(row, device)?,
        Kind::Mla => mla(row, device)?,
        Kind::Collectives => collective(row, device)?,
        Kind::Experts | Kind::Exchanges => match experts(row, device)? {
            Some(one) => one,
            None => return Ok(Vec::new()),
        },
    };
    let seconds = row.positive("latency_ms")? * 1e-3;
    Ok(vec![made(one.0, one.1, one.2, &one.3, seconds)])
}

/// Class, format, work and the numbers that name the shape, the one that sweeps a curve last.
type Parsed = (Class, Format, Work, Vec<f64>);

/// FNV-1a over the class and the numbers of a shape, its bits then mixed so that any of them can
/// divide shapes into parts.
fn fingerprint(class: Class, shape: &[f64]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let bytes = shape.iter().flat_map(|x| x.to_bits().to_le_bytes());
    for byte in [class as u8].into_iter().chain(bytes) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}

/// Format named under `column`, among `known`.
fn format(
    row: &Row<'_>,
    column: &'static str,
    known: &[(&str, Format)],
) -> Result<Format, FitError> {
    let name = row.text(column)?;
    known.iter().find(|(n, _)| *n == name).map(|(_, f)| *f).ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(|(n, _)| *n).collect();
        row.bad(column, format!("one of {}", names.join(", ")))
    })
}

const PRODUCTS: [(&str, Format); 6] = [
    ("bfloat16", Format::Bf16),
    ("fp8", Format::Fp8),
    ("fp8_block", Format::Fp8Block),
    ("nvfp4", Format::Fp4),
    ("w4a16_mxfp4", Format::Fp4Weights),
    ("w4a8_mxfp4_mxfp8", Format::Fp4Fp8),
];
const CACHES: [(&str, Format); 2] = [("bfloat16", Format::Bf16), ("fp8", Format::Fp8Cache)];

fn gemm(row: &Row<'_>, device: &Device) -> Result<Parsed, FitError> {
    let format = format(row, "gemm_dtype", &PRODUCTS)?;
    let (m, n, k) = (row.positive("m")?, row.positive("n")?, row.positive("k")?);
    Ok((Class::Gemm, format, work::gemm(device, format, m, n, k), vec![n, k, m]))
}

fn heads(row: &Row<'_>) -> Result<Heads, FitError> {
    Ok(Heads {
        query: row.positive("num_heads")?,
        cache: row.positive("num_key_value_heads")?,
        width: row.positive("head_dim")?,
    })
}

fn decode(row: &Row<'_>, device: &Device) -> Result<Parsed, FitError> {
    let format = format(row, "kv_cache_dtype", &CACHES)?;
    let (batch, heads) = (row.positive("batch_size")?, heads(row)?);
    let context = row.at_least("step", 0.0)? + 1.0;
    let work = work_attention::decode(device, format, batch, heads, context);
    let shape = vec![batch, heads.query, heads.cache, heads.width, context];
    Ok((Class::DecodeAttention, format, work, shape))
}

fn prefill(row: &Row<'_>, device: &Device) -> Result<Parsed, FitError> {
    let cache = format(row, "kv_cache_dtype", &CACHES)?;
    let arithmetic = format(row, "attn_dtype", &CACHES)?;
    let format = if arithmetic == Format::Bf16 { cache } else { Format::Fp8 };
    let (batch, heads, length) = (row.positive("batch_size")?, heads(row)?, row.positive("isl")?);
    let work = work_attention::prefill(device, format, batch, (length, 0.0), heads);
    let shape = vec![batch, heads.query, heads.cache, heads.width, length];
    Ok((Class::PrefillAttention, format, work, shape))
}

fn mla(row: &Row<'_>, device: &Device) -> Result<Parsed, FitError> {
    let format = format(row, "kv_cache_dtype", &CACHES)?;
    let (batch, heads) = (row.positive("batch_size")?, row.positive("num_heads")?);
    match row.text("phase")? {
        "gen" => {
            let context = row.at_least("step", 0.0)? + 1.0;
            let work = work_attention::mla_decode(device, format, batch, heads, context);
            Ok((Class::MlaDecode, format, work, vec![batch, heads, context]))
        }
        "ctx" => {
            let tokens = (row.positive("isl")?, row.at_least("step", 0.0)?);
            let work = work_attention::mla_prefill(device, format, batch, tokens, heads);
            Ok((Class::MlaPrefill, format, work, vec![batch, heads, tokens.1, tokens.0]))
        }
        _ => Err(row.bad("phase", "gen or ctx")),
    }
}

fn experts(row: &Row<'_>, device: &Device) -> Result<Option<Parsed>, FitError> {
    let format = format(row, "moe_dtype", &PRODUCTS)?;
    let skewed = match row.text("distribution")? {
        "balanced" => false,
        "power_law_1.2" => true,
        // Other routings are legal in the file; no law of ours uses them.
        other if other.starts_with("power_law_") => return Ok(None),
        _ => return Err(row.bad("distribution", "balanced or power_law_<exponent>")),
    };
    let shape = ExpertShape {
        tokens: row.positive("num_tokens")?,
        hidden: row.positive("hidden_size")?,
        inter: row.positive("inter_size")? / row.positive("moe_tp_size")?,
        top_k: row.positive("topk")?,
        experts: row.positive("num_experts")?,
        ranks: row.positive("moe_ep_size")?,
        skewed,
    };
    let numbers =
        vec![shape.tokens, shape.hidden, shape.inter, shape.top_k, shape.experts, shape.ranks];
    let class = if skewed { Class::SkewedExperts } else { Class::Experts };
    Ok(Some((class, format, work::experts(device, format, &shape), numbers)))
}

fn collective(row: &Row<'_>, device: &Device) -> Result<Parsed, FitError> {
    let class = match row.text("kind")? {
        "custom_all_reduce" => Class::CustomAllReduce,
        "all_reduce" => Class::AllReduce,
        "all_gather" => Class::AllGather,
        "reduce_scatter" => Class::ReduceScatter,
        "alltoall" => Class::AllToAll,
        _ => {
            let kinds = "custom_all_reduce, all_reduce, all_gather, reduce_scatter, alltoall";
            return Err(row.bad("kind", format!("one of {kinds}")));
        }
    };
    let ranks = row.at_least("num_gpus", 2.0)?;
    let bytes = row.positive("message_size")? * ELEMENT_BYTES;
    let work = work_links::collective(device, ranks, bytes, class.passes());
    Ok((class, Format::Bf16, work, vec![ranks, bytes]))
}

/// Accelerators of a node of the machines that exchanges were timed on.
const NODE: f64 = 8.0;

fn exchanges(
    row: &Row<'_>,
    device: &Device,
    made: impl Fn(Class, Format, Work, &[f64], f64) -> Sample,
) -> Result<Vec<Sample>, FitError> {
    let nodes = row.positive("node_num")?;
    let shape = ExchangeShape {
        ranks: nodes * NODE.min(f64::from(device.scale_up_domain)),
        nodes,
        tokens: row.positive("num_token")?,
        hidden: row.positive("hidden_size")?,
        top_k: row.positive("num_topk")?,
        experts: row.positive("num_experts")?,
    };
    let us = match row.text("mode")? {
        "low_latency" => [
            (Class::FastDispatch, row.positive("dispatch_avg_t_us")?),
            (Class::FastCombine, row.positive("combine_avg_t_us")?),
        ],
        "normal" => {
            let sum = |transmit, notify| -> Result<f64, FitError> {
                Ok(row.positive(transmit)? + row.at_least(notify, 0.0)?)
            };
            [
                (Class::Dispatch, sum("dispatch_transmit_us", "dispatch_notify_us")?),
                (Class::Combine, sum("combine_transmit_us", "combine_notify_us")?),
            ]
        }
        _ => return Err(row.bad("mode", "low_latency or normal")),
    };
    let numbers =
        [shape.ranks, shape.nodes, shape.hidden, shape.top_k, shape.experts, shape.tokens];
    let one = |(class, us): (Class, f64)| {
        made(class, Format::Bf16, class.exchange(device, &shape), &numbers, us * 1e-6)
    };
    Ok(us.into_iter().map(one).collect())
}
