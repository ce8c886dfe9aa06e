//! Fit of the serving laws to measured points, and their errors on points left out.
//!
//! Two turns of two robust fits in logarithms: time per token over the scales of classes and the
//! engines' steps and interference, then time to first token over admission and queues. Each
//! parameter is drawn toward its start, so that data which say nothing about it leave it there,
//! and cells of many points (one model on one device) weigh no more than [`CELL_POINTS`].

use super::laws::{Bands, ErrorBand, ServingLaws};
use super::serving::LayoutModel;
use super::serving_types::{Engine, ServingCase, ServingLayout};
use crate::numerics::least_squares::{Parameter, minimise};
use std::collections::BTreeMap;

/// Points of a (model, device, engine) cell beyond which more of them do not weigh more.
const CELL_POINTS: f64 = 40.0;
/// Spread of the time per token that is taken as noise, natural logarithm.
const TPOT_NOISE: f64 = 0.08;
/// Spread of the time to first token that is taken as noise, natural logarithm.
const TTFT_NOISE: f64 = 0.3;
/// How strongly parameters are drawn toward their start: the weight of so many points per scale.
const PULL: f64 = 16.0;

/// A measured point.
#[derive(Clone, Debug)]
pub struct FitPoint {
    /// What was run.
    pub case: ServingCase,
    /// How.
    pub layout: ServingLayout,
    /// Requests in flight per replica.
    pub batch: f64,
    /// Time per output token, s.
    pub tpot_s: f64,
    /// Time to first token, s.
    pub ttft_s: f64,
}

impl FitPoint {
    /// Cell of the point: model, device, engine and formats.
    #[must_use]
    pub fn cell(&self) -> String {
        let c = &self.case;
        let engine = c.software.engine.label();
        format!("{} · {} · {engine} · {:?}", c.model.name, c.device.name, c.precision.experts)
    }

    /// Times of the model with `laws`: per token, to the first token, s.
    #[must_use]
    pub fn predicted(&self, laws: &ServingLaws) -> (f64, f64) {
        let point = LayoutModel::with_laws(&self.case, self.layout, laws).at(self.batch);
        (point.tpot_s, point.ttft_s)
    }
}

/// A parameter of the laws: where it lies, its scale and its bounds.
struct Knob {
    place: Box<dyn Fn(&mut ServingLaws) -> &mut f64>,
    scale: f64,
    bounds: (f64, f64),
}

fn knob(
    place: impl Fn(&mut ServingLaws) -> &mut f64 + 'static,
    scale: f64,
    bounds: (f64, f64),
) -> Knob {
    Knob { place: Box::new(place), scale, bounds }
}

/// What the time per token is fitted with.
fn tpot_knobs() -> Vec<Knob> {
    let around = (0.6, 1.7);
    let mut knobs = vec![
        knob(|l| &mut l.classes.stream_share, 0.05, (0.6, 0.95)),
        knob(|l| &mut l.classes.launch_us, 1.0, (0.5, 8.0)),
        knob(|l| &mut l.classes.quantise_us, 1.0, (0.0, 8.0)),
        knob(|l| &mut l.classes.attention, 0.1, around),
        knob(|l| &mut l.classes.experts, 0.07, around),
        knob(|l| &mut l.classes.experts_fused_us, 4.0, (0.0, 20.0)),
        knob(|l| &mut l.classes.collectives, 0.15, (0.6, 2.5)),
        knob(|l| &mut l.classes.hidden_launch_us, 1.0, (0.0, 6.0)),
        knob(|l| &mut l.classes.elementwise_us, 0.5, (0.3, 6.0)),
        knob(|l| &mut l.classes.skew_us, 1.0, (0.0, 8.0)),
        knob(|l| &mut l.classes.prefill, 0.1, around),
        knob(|l| &mut l.classes.experts_maturity_per_year, 0.1, (0.0, 1.2)),
        knob(|l| &mut l.classes.draft, 0.05, (0.0, 0.5)),
    ];
    for engine in Engine::ALL {
        knobs.push(knob(move |l| &mut l.engine_mut(engine).step_ms, 0.5, (0.0, 5.0)));
        knobs.push(knob(move |l| &mut l.engine_mut(engine).sequence_us, 5.0, (0.0, 60.0)));
        knobs.push(knob(move |l| &mut l.engine_mut(engine).interference, 0.25, (0.2, 2.0)));
        knobs.push(knob(move |l| &mut l.engine_mut(engine).interference_waves, 0.3, (0.1, 2.0)));
    }
    knobs
}

/// What the time to first token is fitted with.
fn ttft_knobs() -> Vec<Knob> {
    let mut knobs = Vec::new();
    for engine in Engine::ALL {
        knobs.push(knob(move |l| &mut l.engine_mut(engine).prompt_ms, 20.0, (0.0, 300.0)));
        knobs.push(knob(move |l| &mut l.engine_mut(engine).ahead, 0.1, (0.0, 1.0)));
        knobs.push(knob(move |l| &mut l.engine_mut(engine).ahead_waves, 0.3, (0.0, 1.5)));
    }
    knobs
}

/// Laws fitted to `points`, starting from `start`.
#[must_use]
pub fn fit(points: &[FitPoint], start: &ServingLaws) -> ServingLaws {
    let weights = weights(points);
    let mut laws = start.clone();
    for _ in 0..2 {
        laws = fit_one(points, &weights, &laws, start, &tpot_knobs(), |p, l| {
            (p.predicted(l).0 / p.tpot_s).ln() / TPOT_NOISE
        });
        laws = fit_one(points, &weights, &laws, start, &ttft_knobs(), |p, l| {
            (p.predicted(l).1 / p.ttft_s).ln() / TTFT_NOISE
        });
    }
    laws
}

fn weights(points: &[FitPoint]) -> Vec<f64> {
    let mut count: BTreeMap<String, f64> = BTreeMap::new();
    let cells: Vec<String> = points.iter().map(FitPoint::cell).collect();
    for cell in &cells {
        *count.entry(cell.clone()).or_default() += 1.0;
    }
    let weight = |cell: &String| count.get(cell).map_or(1.0, |n| (CELL_POINTS / n).min(1.0));
    cells.iter().map(weight).collect()
}

fn fit_one(
    points: &[FitPoint],
    weights: &[f64],
    from: &ServingLaws,
    origin: &ServingLaws,
    knobs: &[Knob],
    residual: impl Fn(&FitPoint, &ServingLaws) -> f64,
) -> ServingLaws {
    let value = |laws: &ServingLaws, k: &Knob| *(k.place)(&mut laws.clone());
    let parameters: Vec<Parameter> = knobs
        .iter()
        .map(|k| Parameter {
            start: value(from, k),
            low: k.bounds.0,
            high: k.bounds.1,
            scale: k.scale,
        })
        .collect();
    let anchors: Vec<f64> = knobs.iter().map(|k| value(origin, k)).collect();
    let with = |x: &[f64]| {
        let mut laws = from.clone();
        for (k, v) in knobs.iter().zip(x) {
            *(k.place)(&mut laws) = *v;
        }
        laws
    };
    let mut all = weights.to_vec();
    all.extend(knobs.iter().map(|_| PULL));
    let x = minimise(&parameters, &all, |x, out| {
        let laws = with(x);
        out.extend(points.iter().map(|p| residual(p, &laws)));
        out.extend(x.iter().zip(&anchors).zip(knobs).map(|((x, a), k)| (x - a) / k.scale));
    });
    with(&x)
}

/// What points a fit leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveOut {
    /// One model after the other.
    Model,
    /// One device after the other.
    Device,
}

/// Predictions of every point by laws fitted without its model or device: ratios of predicted to
/// measured time per token and to first token.
#[must_use]
pub fn left_out(points: &[FitPoint], start: &ServingLaws, what: LeaveOut) -> Vec<(f64, f64)> {
    let key = |p: &FitPoint| match what {
        LeaveOut::Model => p.case.model.name.clone(),
        LeaveOut::Device => p.case.device.name.clone(),
    };
    let mut laws: BTreeMap<String, ServingLaws> = BTreeMap::new();
    for point in points {
        let name = key(point);
        laws.entry(name.clone()).or_insert_with(|| {
            let rest: Vec<FitPoint> = points.iter().filter(|p| key(p) != name).cloned().collect();
            fit(&rest, start)
        });
    }
    points
        .iter()
        .map(|p| {
            let (tpot, ttft) = laws.get(&key(p)).map_or((f64::NAN, f64::NAN), |l| p.predicted(l));
            (tpot / p.tpot_s, ttft / p.ttft_s)
        })
        .collect()
}

/// Laws fitted to `points` with the errors found on points left out: bands for devices that are
/// known come from models left out, for generations that are not from devices left out, for new
/// devices of a known generation from both.
#[must_use]
pub fn fit_with_bands(points: &[FitPoint], start: &ServingLaws, provenance: &str) -> ServingLaws {
    let without_model = left_out(points, start, LeaveOut::Model);
    let without_device = left_out(points, start, LeaveOut::Device);
    let tpot = |ratios: &[(f64, f64)]| ratios.iter().map(|r| r.0).collect::<Vec<f64>>();
    let (known, unknown) = (tpot(&without_model), tpot(&without_device));
    let both = [known.as_slice(), unknown.as_slice()].concat();
    let mut laws = fit(points, start);
    provenance.clone_into(&mut laws.provenance);
    laws.time_per_token =
        Bands { measured: band(&known), same_class: band(&both), extrapolated: band(&unknown) };
    laws
}

/// Band of measured over predicted from ratios of predicted over measured.
#[must_use]
pub fn band(ratios: &[f64]) -> ErrorBand {
    let mut inverse: Vec<f64> =
        ratios.iter().filter(|r| r.is_finite() && **r > 0.0).map(|r| 1.0 / r).collect();
    inverse.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let last = inverse.len().saturating_sub(1);
        inverse.get((share * last as f64).round() as usize).copied().unwrap_or(1.0)
    };
    ErrorBand { p10: at(0.1), p90: at(0.9), points: u32::try_from(inverse.len()).unwrap_or(0) }
}
