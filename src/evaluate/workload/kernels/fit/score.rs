//! How well laws hold: on the timings they were fitted to, on shapes left out, on devices left out.

use super::super::{Architecture, Class, Format};
use super::samples::Sample;
use super::{Group, fitted};
use rayon::prelude::*;

/// Parts into which shapes are divided; each is predicted by laws fitted to the others.
const FOLDS: u64 = 10;

/// Median and ninth decile of |predicted/measured − 1|, and the median of predicted/measured − 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Errors {
    /// Timings compared.
    pub count: usize,
    /// Median error.
    pub median: f64,
    /// Nine of ten are below.
    pub p90: f64,
    /// Median of the signed error.
    pub bias: f64,
}

/// Errors of one class.
#[derive(Clone, Debug)]
pub struct Score {
    /// Class of operation.
    pub class: Class,
    /// On the timings of the fit.
    pub in_sample: Errors,
    /// On shapes left out, a tenth at a time.
    pub shape_out: Errors,
    /// On whole curves left out (all rows of a matrix, all contexts of a batch and its heads, all
    /// tokens of a layer, all bytes of a group of ranks), a tenth at a time.
    pub curve_out: Errors,
    /// Per device: predicted by laws of the other devices of its generation, or of the other
    /// generation where it is alone.
    pub device_out: Vec<(String, Errors)>,
}

impl Errors {
    /// Of differences in log time.
    pub(super) fn of(mut log_errors: Vec<f64>) -> Self {
        let pick = |sorted: &[f64], share: f64| {
            let last = sorted.len().saturating_sub(1) as f64;
            sorted.get((last * share).round() as usize).copied().unwrap_or(0.0)
        };
        log_errors.sort_by(f64::total_cmp);
        let bias = pick(&log_errors, 0.5).exp_m1();
        let mut sizes: Vec<f64> = log_errors.iter().map(|e| e.exp_m1().abs()).collect();
        sizes.sort_by(f64::total_cmp);
        Self { count: sizes.len(), median: pick(&sizes, 0.5), p90: pick(&sizes, 0.9), bias }
    }
}

/// Differences in log time of a law's group, shapes left out.
pub(super) fn shapes_out(group: &Group<'_>) -> Vec<f64> {
    left_out(group, |s| s.shape)
}

/// Differences in log time, a tenth of the values of `key` left out at a time.
fn left_out(group: &Group<'_>, key: impl Fn(&Sample) -> u64) -> Vec<f64> {
    let mut errors = Vec::new();
    for fold in 0..FOLDS {
        let (out, kept): (Vec<&Sample>, Vec<&Sample>) =
            group.samples.iter().partition(|s| key(s) % FOLDS == fold);
        if !out.is_empty() && !kept.is_empty() {
            let law = fitted(group.class, &kept);
            errors.extend(out.iter().map(|s| law.log_error(s)));
        }
    }
    errors
}

/// Differences in log time on the timings of the fit.
pub(super) fn in_sample(group: &Group<'_>) -> Vec<f64> {
    let law = fitted(group.class, &group.samples);
    group.samples.iter().map(|s| law.log_error(s)).collect()
}

/// Scores of every class that `groups` have timings of.
pub(super) fn scores(groups: &[Group<'_>], shape_errors: &[Vec<f64>]) -> Vec<Score> {
    let ins: Vec<Vec<f64>> = groups.par_iter().map(in_sample).collect();
    let curves: Vec<Vec<f64>> =
        groups.par_iter().map(|group| left_out(group, |s| s.curve)).collect();
    let outs: Vec<Vec<(String, Vec<f64>)>> =
        groups.par_iter().map(|group| devices_out(group, groups)).collect();
    let mut scores = Vec::new();
    for class in Class::ALL {
        let own: Vec<usize> = (0..groups.len()).filter(|&i| groups[i].class == class).collect();
        if own.is_empty() {
            continue;
        }
        let join = |all: &[Vec<f64>]| own.iter().flat_map(|&i| all[i].clone()).collect();
        let mut by_device: Vec<(String, Vec<f64>)> = Vec::new();
        for (system, errors) in own.iter().flat_map(|&i| &outs[i]) {
            match by_device.iter_mut().find(|(name, _)| name == system) {
                Some((_, all)) => all.extend(errors),
                None => by_device.push((system.clone(), errors.clone())),
            }
        }
        by_device.sort_by(|a, b| a.0.cmp(&b.0));
        scores.push(Score {
            class,
            in_sample: Errors::of(join(&ins)),
            shape_out: Errors::of(join(shape_errors)),
            curve_out: Errors::of(join(&curves)),
            device_out: by_device.into_iter().map(|(s, e)| (s, Errors::of(e))).collect(),
        });
    }
    scores
}

/// Errors on each device of `group` of laws that never saw it.
fn devices_out(group: &Group<'_>, groups: &[Group<'_>]) -> Vec<(String, Vec<f64>)> {
    let mut found = Vec::new();
    for system in group.systems() {
        let (out, kept): (Vec<&Sample>, Vec<&Sample>) =
            group.samples.iter().partition(|s| s.system == system);
        let law = if kept.is_empty() {
            let other = stand_in(groups, group.class, group.format, group.architecture.other());
            let Some(other) = other else { continue };
            fitted(other.class, &other.samples)
        } else {
            fitted(group.class, &kept)
        };
        found.push((system, out.iter().map(|s| law.log_error(s)).collect()));
    }
    found
}

fn stand_in<'a, 'b>(
    groups: &'a [Group<'b>],
    class: Class,
    format: Format,
    architecture: Architecture,
) -> Option<&'a Group<'b>> {
    format.stand_ins().iter().find_map(|&f| {
        groups.iter().find(|g| g.class == class && g.format == f && g.architecture == architecture)
    })
}
