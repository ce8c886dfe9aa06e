//! Classes of operation and the sizes that each one's efficiency depends on.

use serde::{Deserialize, Serialize};

/// Class of operation with a law of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// Matrix product of activations and weights.
    Gemm,
    /// Grouped products over experts, every expert as popular as the next.
    Experts,
    /// The same with power-law routing of exponent 1.2, seen by the busiest rank.
    SkewedExperts,
    /// One new token per sequence over a grouped-query cache.
    DecodeAttention,
    /// Causal attention of new tokens, grouped-query.
    PrefillAttention,
    /// One new token per sequence over a latent (MLA) cache.
    MlaDecode,
    /// Causal attention of new tokens, latent (MLA), heads expanded.
    MlaPrefill,
    /// All-reduce of an inference engine inside the scale-up domain, one or two shots.
    CustomAllReduce,
    /// NCCL all-reduce.
    AllReduce,
    /// NCCL all-gather.
    AllGather,
    /// NCCL reduce-scatter.
    ReduceScatter,
    /// NCCL all-to-all.
    AllToAll,
    /// DeepEP dispatch with its low-latency kernels (decode).
    FastDispatch,
    /// DeepEP combine with its low-latency kernels (decode).
    FastCombine,
    /// DeepEP dispatch with its high-throughput kernels (prefill).
    Dispatch,
    /// DeepEP combine with its high-throughput kernels (prefill).
    Combine,
}

/// One size that efficiency depends on: log₂ of it, and where the correction may bend.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// What is counted.
    pub size: String,
    /// Places, log₂, at which the piecewise-linear correction bends.
    pub knots: Vec<f64>,
}

/// The sizes of a class and the pairs of them whose corrections add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Class.
    pub class: Class,
    /// Sizes.
    pub axes: Vec<Axis>,
    /// Pairs of axes with a table of corrections each.
    pub pairs: Vec<(usize, usize)>,
}

/// Most axes that a class has.
pub(super) const MOST_AXES: usize = 5;

/// An axis as code states it.
type AxisSpec = (&'static str, &'static [f64]);
/// Axes and pairs of a class.
type GridSpec = (&'static [AxisSpec], &'static [(usize, usize)]);

const GEMM: GridSpec = (
    &[
        ("rows", &[0., 4., 6., 7., 8., 9., 10., 11., 12., 14.]),
        ("columns", &[10.5, 11.5, 12.25, 13., 14.]),
        ("depth", &[10., 11., 12., 13., 14.]),
    ],
    &[(0, 1), (0, 2)],
);

const EXPERTS: GridSpec = (
    &[
        ("rows per expert of the rank", &[-7., -5., -3., -1., 1., 3., 5., 7., 9., 12.]),
        ("experts of the rank", &[0., 2., 4., 6., 8.]),
        ("width × expert width of the rank", &[19., 21., 23., 24., 26.]),
        ("ranks that share the experts", &[0., 2., 3., 5.]),
    ],
    &[(0, 1), (0, 2), (0, 3), (1, 2)],
);

const DECODE: GridSpec = (
    &[
        ("sequences × cache heads", &[0., 2., 4., 6., 8., 10., 12.]),
        ("context", &[7., 9., 10., 11., 12., 13., 14., 15., 17.]),
        ("query heads per cache head", &[0., 1., 2., 3., 4., 5., 6.]),
        ("cache heads", &[0., 1., 2., 3.]),
        ("sequences × cache heads × context", &[7., 11., 13., 14., 15., 16., 17., 18., 19., 21.]),
    ],
    &[(0, 1), (1, 2), (2, 4), (2, 3)],
);

const PREFILL: GridSpec = (
    &[
        ("sequences × heads", &[3., 4., 5., 6., 7., 8., 9.]),
        ("new tokens", &[0., 4., 6., 7., 8., 9., 10., 11., 12., 13., 14.]),
        ("query heads per cache head", &[0., 3., 6.]),
    ],
    &[(0, 1), (1, 2)],
);

const MLA_DECODE: GridSpec = (
    &[
        ("sequences", &[0., 3., 5., 7., 8.]),
        ("context", &[0., 5., 7., 9., 10., 11., 12., 13., 14., 15., 17.]),
        ("heads", &[3., 4., 7.]),
        ("sequences × context", &[0., 7., 9., 11., 13., 15., 17., 19., 21.]),
    ],
    &[(0, 1), (2, 3)],
);

const MLA_PREFILL: GridSpec = (
    &[
        ("sequences", &[0., 3., 5., 7., 8.]),
        ("new tokens", &[0., 5., 7., 9., 10., 11., 12., 13., 14., 15.]),
        ("heads", &[3., 4., 7.]),
    ],
    &[(0, 1), (1, 2), (0, 2)],
);

const COLLECTIVE: GridSpec = (
    &[
        ("bytes", &[8., 12., 14., 16., 18., 19., 20., 21., 22., 23., 24., 25., 26., 28., 30.]),
        ("ranks", &[1., 2., 3.]),
    ],
    &[(0, 1)],
);

const EXCHANGE: GridSpec = (
    &[
        ("tokens per rank", &[0., 3., 4., 5., 6., 7., 8., 9., 10., 11., 13., 17.]),
        ("width", &[11., 12., 13.]),
        ("experts per token", &[0., 1., 2., 3., 4.5]),
        ("nodes", &[0., 1., 2., 3.]),
        ("experts", &[3., 5., 7., 8., 9.]),
    ],
    &[(0, 1), (0, 2), (0, 3), (0, 4)],
);

impl Class {
    /// All classes, in the order of their index.
    pub(super) const ALL: [Self; 16] = [
        Self::Gemm,
        Self::Experts,
        Self::SkewedExperts,
        Self::DecodeAttention,
        Self::PrefillAttention,
        Self::MlaDecode,
        Self::MlaPrefill,
        Self::CustomAllReduce,
        Self::AllReduce,
        Self::AllGather,
        Self::ReduceScatter,
        Self::AllToAll,
        Self::FastDispatch,
        Self::FastCombine,
        Self::Dispatch,
        Self::Combine,
    ];

    /// Sizes and pairs that a fit of the class uses.
    pub(super) fn grid(self) -> Grid {
        let (axes, pairs) = match self {
            Self::Gemm => GEMM,
            Self::Experts | Self::SkewedExperts => EXPERTS,
            Self::DecodeAttention => DECODE,
            Self::PrefillAttention => PREFILL,
            Self::MlaDecode => MLA_DECODE,
            Self::MlaPrefill => MLA_PREFILL,
            Self::CustomAllReduce
            | Self::AllReduce
            | Self::AllGather
            | Self::ReduceScatter
            | Self::AllToAll => COLLECTIVE,
            Self::FastDispatch | Self::FastCombine | Self::Dispatch | Self::Combine => EXCHANGE,
        };
        let axis = |(size, knots): &AxisSpec| Axis { size: (*size).into(), knots: knots.to_vec() };
        Grid { class: self, axes: axes.iter().map(axis).collect(), pairs: pairs.to_vec() }
    }

    /// Name as planners say it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gemm => "matrix product",
            Self::Experts => "experts, balanced",
            Self::SkewedExperts => "experts, skewed",
            Self::DecodeAttention => "decode attention",
            Self::PrefillAttention => "prefill attention",
            Self::MlaDecode => "MLA decode",
            Self::MlaPrefill => "MLA prefill",
            Self::CustomAllReduce => "custom all-reduce",
            Self::AllReduce => "NCCL all-reduce",
            Self::AllGather => "NCCL all-gather",
            Self::ReduceScatter => "NCCL reduce-scatter",
            Self::AllToAll => "NCCL all-to-all",
            Self::FastDispatch => "DeepEP dispatch, low latency",
            Self::FastCombine => "DeepEP combine, low latency",
            Self::Dispatch => "DeepEP dispatch",
            Self::Combine => "DeepEP combine",
        }
    }
}
