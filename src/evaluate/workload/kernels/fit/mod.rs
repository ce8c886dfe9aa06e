//! Laws from timings: equation (1) fitted per class, format and generation in two steps, the four
//! parameters first, what they leave as tables drawn toward 0 after it. Robust, deterministic, a
//! few seconds for tens of thousands of timings.

mod base;
mod corrections;
mod devices;
mod samples;
mod score;
mod table;

pub use score::{Errors, Score};
pub use table::FitError;

use super::class::Grid;
use super::law::Base;
use super::{Architecture, Class, Format, KernelLaws, Kernels, Law};
use rayon::prelude::*;
use samples::Sample;

/// Timings below which a law is refused: fewer cannot tell its four parameters.
const FEWEST: usize = 12;

/// Laws and how well they hold.
#[derive(Clone, Debug)]
pub struct Fit {
    /// The asset.
    pub laws: KernelLaws,
    /// Per class.
    pub scores: Vec<Score>,
    /// Classes without timings, whose laws were taken over.
    pub kept: Vec<Class>,
}

/// Timings of one law.
struct Group<'a> {
    class: Class,
    format: Format,
    architecture: Architecture,
    samples: Vec<&'a Sample>,
}

impl Group<'_> {
    /// Whether `other` is of the same class and format in the other generation.
    fn is_twin_of(&self, other: &Group<'_>) -> bool {
        (self.class, self.format) == (other.class, other.format)
            && self.architecture != other.architecture
    }

    /// Devices, sorted.
    fn systems(&self) -> Vec<String> {
        let mut all: Vec<String> = self.samples.iter().map(|s| s.system.clone()).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// A law in the making.
#[derive(Clone)]
struct Fitted {
    grid: Grid,
    base: Base,
    values: Vec<f64>,
}

impl Fitted {
    /// ln of predicted over measured.
    fn log_error(&self, sample: &Sample) -> f64 {
        base::residual(&self.base, sample) + corrections::at(&self.grid, sample, &self.values)
    }
}

fn fitted(class: Class, samples: &[&Sample]) -> Fitted {
    let grid = class.grid();
    let base = base::fit(samples);
    let values = corrections::fit(samples, &grid, &base);
    Fitted { grid, base, values }
}

/// Fits laws to `files` (name, text). A file named `devices.csv` holds data sheets of systems that
/// the program does not know. Laws of `before` stay where there are no timings.
///
/// # Errors
/// Names the file, row, column and value that cannot be used, or a law with too few timings.
pub fn fit(
    files: &[(String, String)],
    before: &KernelLaws,
    provenance: &[String],
) -> Result<Fit, FitError> {
    let own = files.iter().find(|(name, _)| name == "devices.csv");
    let devices = devices::Devices::read(own.map(|(n, t)| (n.as_str(), t.as_str())))?;
    let timings: Vec<(String, String)> =
        files.iter().filter(|(name, _)| name != "devices.csv").cloned().collect();
    let samples = samples::read(&timings, &devices)?;
    if samples.is_empty() {
        return Err(FitError::Nothing);
    }
    let groups = grouped(&samples)?;
    let shape_errors: Vec<Vec<f64>> = groups.par_iter().map(score::shapes_out).collect();
    let made: Vec<Fitted> = groups.par_iter().map(|g| fitted(g.class, &g.samples)).collect();
    let bases: Vec<Base> = made.iter().map(|m| m.base).collect();
    let complete = |i: usize, group: &Group<'_>| {
        let twin = groups.iter().position(|other| other.is_twin_of(group));
        let other = twin.map(|j| (bases[j], groups[j].samples.as_slice()));
        base::complete(bases[i], &group.samples, other)
    };
    let fresh: Vec<Law> = (groups.iter().zip(&made).zip(&shape_errors).enumerate())
        .map(|(i, ((g, m), e))| law(g, &Fitted { base: complete(i, g), ..m.clone() }, e))
        .collect();
    let scores = score::scores(&groups, &shape_errors);
    Ok(joined(&fresh, scores, before, provenance))
}

/// How well `laws` predict the timings of `files`, per class: no fit.
///
/// # Errors
/// Names the file, row, column and value that cannot be used.
pub fn check(files: &[(String, String)], laws: &Kernels) -> Result<Vec<(Class, Errors)>, FitError> {
    let samples = samples::read(files, &devices::Devices::read(None)?)?;
    let error = |s: &Sample| {
        laws.time_on(s.architecture, s.class, s.format, &s.work).total().ln() - s.log_s
    };
    let of = |class| {
        let errors: Vec<f64> = samples.iter().filter(|s| s.class == class).map(error).collect();
        (!errors.is_empty()).then(|| (class, Errors::of(errors)))
    };
    Ok(Class::ALL.into_iter().filter_map(of).collect())
}

fn grouped(samples: &[Sample]) -> Result<Vec<Group<'_>>, FitError> {
    let mut groups = Vec::new();
    for class in Class::ALL {
        for format in Format::ALL {
            for architecture in Architecture::ALL {
                let own = |s: &&Sample| {
                    s.class == class && s.format == format && s.architecture == architecture
                };
                let group: Vec<&Sample> = samples.iter().filter(own).collect();
                if group.is_empty() {
                    continue;
                }
                if group.len() < FEWEST {
                    return Err(FitError::TooFew {
                        class: class.label().into(),
                        format: format!("{format:?}"),
                        architecture: format!("{architecture:?}"),
                        found: group.len(),
                        needed: FEWEST,
                    });
                }
                groups.push(Group { class, format, architecture, samples: group });
            }
        }
    }
    Ok(groups)
}

/// The law of a group as the asset holds it, rounded so that its text is stable and readable.
fn law(group: &Group<'_>, made: &Fitted, shape_errors: &[f64]) -> Law {
    let errors = Errors::of(shape_errors.to_vec());
    let rounded: Vec<f64> = made.values.iter().map(|v| (v * 1e3).round() / 1e3 + 0.0).collect();
    Law {
        class: group.class,
        format: group.format,
        architecture: group.architecture,
        systems: group.systems(),
        timings: group.samples.len(),
        error_median: significant(errors.median, 3),
        error_p90: significant(errors.p90, 3),
        overhead_us: significant(made.base.overhead_s * 1e6, 4),
        step_us: significant(made.base.step_s * 1e6, 4),
        compute_share: significant(made.base.compute_share, 4),
        stream_share: significant(made.base.stream_share, 4),
        corrections: corrections::nested(&made.grid, &rounded),
    }
}

/// `x` with `digits` significant digits.
fn significant(x: f64, digits: usize) -> f64 {
    format!("{x:.*e}", digits.saturating_sub(1)).parse().unwrap_or(x)
}

/// Fresh laws, and those of `before` that nothing fresh replaces.
fn joined(fresh: &[Law], scores: Vec<Score>, before: &KernelLaws, provenance: &[String]) -> Fit {
    let key = |l: &Law| (l.class, l.format, l.architecture);
    let old_grid = |class| before.grids.iter().find(|g| g.class == class);
    let replaced = |l: &Law| {
        fresh.iter().any(|f| key(f) == key(l)) || old_grid(l.class) != Some(&l.class.grid())
    };
    let mut laws: Vec<Law> = before.laws.iter().filter(|l| !replaced(l)).cloned().collect();
    let has = |class| fresh.iter().any(|l: &Law| l.class == class);
    let kept = Class::ALL.into_iter().filter(|&c| !has(c) && laws.iter().any(|l| l.class == c));
    let kept = kept.collect();
    laws.extend(fresh.iter().cloned());
    laws.sort_by_key(key);
    let present = |class: &Class| laws.iter().any(|l| l.class == *class);
    let grids = Class::ALL.into_iter().filter(present).map(Class::grid).collect();
    Fit { laws: KernelLaws { provenance: provenance.to_vec(), grids, laws }, scores, kept }
}
