//! What collectives and expert exchanges have to move, as times at the bandwidth of the links.

use super::super::device::Device;
use super::class::Class;
use super::work::{Streams, Work, log};

/// Bandwidth of the host bus in one direction where there is no scale-up link, bytes/s: PCIe Gen5
/// × 16, 64 GB/s.
const PCIE_BYTE_S: f64 = 64e9;
/// Bandwidth of the network where none is stated, bytes/s: one 100 Gbit/s port (assumption).
const NETWORK_BYTE_S: f64 = 12.5e9;
/// Bytes of a dispatched value: 8 bits and one 32-bit scale per 128 values.
const DISPATCHED: f64 = 1.0 + 4.0 / 128.0;
/// Bytes of a combined value, 16-bit.
const COMBINED: f64 = 2.0;

fn scale_up(device: &Device) -> f64 {
    if device.scale_up_byte_s > 0.0 { device.scale_up_byte_s } else { PCIE_BYTE_S }
}

fn network(device: &Device) -> f64 {
    if device.nic_byte_s > 0.0 { device.nic_byte_s } else { NETWORK_BYTE_S }
}

/// A collective of `bytes` (what each rank ends with) over `ranks` of one scale-up domain that
/// passes every byte `passes` times: 2 for an all-reduce, 1 for the others.
pub(super) fn collective(device: &Device, ranks: f64, bytes: f64, passes: f64) -> Work {
    let moved = passes * bytes * (ranks - 1.0) / ranks;
    Work {
        compute_s: 0.0,
        stream_s: moved / scale_up(device),
        streams: Streams::Links,
        steps: ranks.log2(),
        sizes: [log(bytes), log(ranks), 0.0, 0.0, 0.0],
    }
}

/// An exchange of tokens with the ranks that hold their experts.
#[derive(Clone, Copy, Debug)]
pub struct ExchangeShape {
    /// Ranks that share the experts.
    pub ranks: f64,
    /// Scale-up domains (nodes) over which they spread.
    pub nodes: f64,
    /// Tokens of each rank.
    pub tokens: f64,
    /// Width of the residual stream.
    pub hidden: f64,
    /// Experts per token.
    pub top_k: f64,
    /// Experts of the layer.
    pub experts: f64,
}

impl Class {
    /// Times that a collective of this class passes every byte.
    pub(super) const fn passes(self) -> f64 {
        match self {
            Self::CustomAllReduce | Self::AllReduce => 2.0,
            _ => 1.0,
        }
    }

    /// What an exchange of this class has to move.
    pub(super) fn exchange(self, device: &Device, shape: &ExchangeShape) -> Work {
        let fast = matches!(self, Self::FastDispatch | Self::FastCombine);
        exchange(device, shape, fast, matches!(self, Self::FastCombine | Self::Combine))
    }
}

/// Copies of a token that leave for `places` others when each of `top_k` experts is anywhere and
/// a place is visited once.
fn distinct(places: f64, top_k: f64) -> f64 {
    places * -(top_k * (-1.0 / places).ln_1p()).exp_m1()
}

/// Dispatch (`combine` false) or combine. Low-latency kernels send one copy per expert straight to
/// its rank; the others send one per node over the network and one per rank inside.
fn exchange(device: &Device, shape: &ExchangeShape, fast: bool, combine: bool) -> Work {
    let (ranks, nodes) = (shape.ranks.max(1.0), shape.nodes.max(1.0));
    let value = if combine { COMBINED } else { DISPATCHED };
    let row = shape.tokens * shape.hidden * value;
    let (inside, outside) = if fast {
        (shape.top_k * (1.0 / nodes - 1.0 / ranks).max(0.0), shape.top_k * (1.0 - 1.0 / nodes))
    } else {
        let copies = if ranks > 1.0 { distinct(ranks, shape.top_k) } else { 0.0 };
        let leaving = if nodes > 1.0 { distinct(nodes, shape.top_k) } else { 0.0 };
        (copies * (1.0 - 1.0 / ranks), leaving * (1.0 - 1.0 / nodes))
    };
    Work {
        compute_s: row * inside / scale_up(device),
        stream_s: row * outside / network(device),
        streams: Streams::Links,
        steps: nodes.log2(),
        sizes: [
            log(shape.tokens),
            log(shape.hidden),
            log(shape.top_k),
            log(nodes),
            log(shape.experts),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_visits_no_more_places_than_it_has_experts() {
        assert!((distinct(8.0, 1.0) - 1.0).abs() < 1e-12);
        let d = distinct(8.0, 8.0);
        assert!(d > 5.0 && d < 5.5, "{d}");
        assert!(distinct(1e6, 8.0) < 8.0 + 1e-9);
    }
}
