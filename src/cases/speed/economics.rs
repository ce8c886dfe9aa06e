//! The cost model: samples, tornado, flips, map.

use super::{Planned, Speed, median_of};
use crate::cases::CaseError;
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::economics::{EconomicsCase, Model, Sampling, flips, solve};
use crate::evaluate::result::Quality;

/// Timings that a median is of.
const REPEATS: usize = 5;

/// Times the cost model of a plan on one thread; `told` is called after each measurement.
///
/// # Errors
/// A plan that can not be evaluated or priced.
pub fn economics(
    planned: &Planned,
    clock: &Clock,
    cancel: &CancelToken,
    mut told: impl FnMut(&Speed),
) -> Result<Vec<Speed>, CaseError> {
    let results = Evaluator::new(1, clock.clone())
        .evaluate(&planned.plan, &planned.catalog, 0, Quality::Draft, cancel)
        .map_err(CaseError::solver)?;
    let case = results.economics_case.as_ref();
    let mut out = Vec::new();
    let mut add = |speed: Speed| {
        told(&speed);
        out.push(speed);
    };
    for (what, sampling) in [
        ("every headline while dragging", Sampling::LIVE),
        ("every headline settled", Sampling::default()),
    ] {
        add(sampled(&planned.name, what, case, sampling, clock)?);
    }
    let model = Model::new(case).map_err(CaseError::solver)?;
    let headline = model.main_headline();
    let name = |what: &str| format!("{}: {what}", planned.name);
    let (bars, seconds) = median_of(REPEATS, clock, || Ok(model.tornado(headline)))?;
    add(speed(name("tornado"), seconds, format!("{} inputs", bars.len())));
    let mut dearer = case.clone();
    dearer.energy.price_usd_kwh = dearer.energy.price_usd_kwh * 2.0;
    let other = Model::new(&dearer).map_err(CaseError::solver)?;
    let (found, seconds) = median_of(REPEATS, clock, || Ok(flips(&model, &other, headline)))?;
    let note = format!("{} against twice the price of energy", found.map_or(0, |f| f.flips.len()));
    add(speed(name("what would flip the order"), seconds, note));
    let prices: Vec<f64> = (1..=23).map(|i| 0.01 * f64::from(i)).collect();
    let shares: Vec<f64> = (0..33).map(|i| 0.2 + 0.025 * f64::from(i)).collect();
    let (cells, seconds) = median_of(REPEATS, clock, || {
        Ok(model.map(headline, ("Utilisation", &shares), ("Electricity price", &prices)))
    })?;
    let note = format!("{} points", cells.map_or(0, |c| c.len()));
    add(speed(name("map of the cost"), seconds, note));
    Ok(out)
}

fn sampled(
    name: &str,
    what: &str,
    case: &EconomicsCase,
    sampling: Sampling,
    clock: &Clock,
) -> Result<Speed, CaseError> {
    let mut case = case.clone();
    case.sampling = sampling;
    let (answer, seconds) = median_of(REPEATS, clock, || solve(&case).map_err(CaseError::solver))?;
    let note = format!("{} samples of {} headlines", sampling.samples, answer.headlines.len());
    Ok(speed(format!("{name}: {what}"), seconds, note))
}

fn speed(what: String, seconds: f64, note: String) -> Speed {
    Speed { what, threads: 1, cells: None, steps: None, seconds, repeats: REPEATS, note }
}
