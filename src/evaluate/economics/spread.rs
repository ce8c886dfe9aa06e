//! How far the answer may be off: sampling of all inputs together, and each input alone.
//!
//! Every uncertain input is triangular. All are drawn together in a Latin hypercube with a fixed
//! seed, and the percentiles are those of the samples. Prices within a subsystem rise and fall
//! together (one market), so that a bill of many lines does not look more certain than its
//! parts; subsystems and all other inputs are independent. Adding the lows and the highs of
//! everything instead would describe two worlds that never happen.
//!
//! The tornado moves one input at a time from low to high with the others at their base.

use super::Band;
use super::case::EconomicsCase;
use super::cost::{Input, Model, Year};
use super::result::{Percentiles, TornadoBar};
use crate::numerics::sampling::{sorted_quantile, stratified};

/// Percentiles of the two unit costs.
pub(super) struct Spread {
    pub usd_per_gpu_h: Option<Percentiles>,
    pub usd_per_mtok: Option<Percentiles>,
}

pub(super) fn spread(model: &Model, base: &Year) -> Spread {
    let years = sample(model);
    let of = |wanted: bool, read: fn(&Year) -> f64| {
        wanted.then(|| percentiles(read(base), years.iter().map(read).collect())).flatten()
    };
    Spread {
        usd_per_gpu_h: of(has_gpus(model.case), Year::usd_per_gpu_h),
        usd_per_mtok: of(has_tokens(model.case), Year::usd_per_mtok),
    }
}

pub(super) fn has_gpus(case: &EconomicsCase) -> bool {
    case.production.gpus > 0
}

pub(super) fn has_tokens(case: &EconomicsCase) -> bool {
    case.production.tokens_per_s.is_some()
}

fn sample(model: &Model) -> Vec<Year> {
    let n = model.case.sampling.samples as usize;
    let uncertain: Vec<(Input, Band, Vec<f64>)> = model
        .inputs()
        .into_iter()
        .filter(|(_, _, band)| band.is_uncertain())
        .map(|(input, name, band)| {
            (input, band, stratified(n, seed(model.case.sampling.seed, &name)))
        })
        .collect();
    let mut point = model.base();
    (0..n)
        .map(|i| {
            for (input, band, probabilities) in &uncertain {
                point.set(*input, band.quantile(probabilities[i]));
            }
            model.year(&point)
        })
        .collect()
}

/// A seed of its own for every input, by name (FNV-1a), so that adding one leaves the others be.
fn seed(seed: u64, name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

fn percentiles(base: f64, mut values: Vec<f64>) -> Option<Percentiles> {
    values.sort_by(f64::total_cmp);
    let at = |p| sorted_quantile(&values, p);
    Some(Percentiles { base, p10: at(0.1)?, p50: at(0.5)?, p90: at(0.9)? })
}

/// Bars that move the cost at all, longest first.
pub(super) fn tornado(model: &Model) -> Vec<TornadoBar> {
    let read: fn(&Year) -> f64 = if has_tokens(model.case) {
        Year::usd_per_mtok
    } else if has_gpus(model.case) {
        Year::usd_per_gpu_h
    } else {
        |year| year.usd
    };
    let mut bars: Vec<TornadoBar> = model
        .inputs()
        .into_iter()
        .filter(|(_, _, values)| values.is_uncertain())
        .map(|(input, name, values)| {
            let at = |value| {
                let mut point = model.base();
                point.set(input, value);
                read(&model.year(&point))
            };
            TornadoBar { input: name, values, at_low: at(values.low), at_high: at(values.high) }
        })
        .filter(|bar| bar.swing() > 0.0)
        .collect();
    bars.sort_by(|a, b| b.swing().total_cmp(&a.swing()).then_with(|| a.input.cmp(&b.input)));
    bars
}
