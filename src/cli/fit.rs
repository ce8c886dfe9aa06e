//! `tokenmill fit`: laws of the workload model from a folder of measurements.

use super::{Common, Environment, print_fit};
use crate::cases::{serving_points, training};
use crate::catalog::Catalog;
use crate::evaluate::workload::kernels::{KernelLaws, fit};
use crate::session::files::catalog_with;
use anyhow::Context;
use std::path::{Path, PathBuf};

/// What can be fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Fitted {
    /// Time of kernels: matrix products, attention, experts, collectives, expert exchanges
    Kernels,
    /// Engines: host time, interference of prefills, queues; from serving points with measured
    /// times
    Serving,
    /// Training: products, attention, links, host time; from published or own runs
    Training,
}

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// What to fit
    #[arg(value_enum)]
    what: Fitted,
    /// Folder of timings (*.csv); a devices.csv in it adds data sheets of systems
    folder: PathBuf,
    /// File for the laws
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Where the timings come from, kept in the file (may be given more than once)
    #[arg(long = "source", value_name = "TEXT")]
    sources: Vec<String>,
}

/// Runs the verb: fits, scores, writes.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    match words.what {
        Fitted::Kernels => kernels(words),
        Fitted::Serving => {
            let catalog = catalog_with(common.catalog_folder(environment)?)?;
            serving(words, &catalog)
        }
        Fitted::Training => {
            let catalog = catalog_with(common.catalog_folder(environment)?)?;
            training(words, &catalog)
        }
    }
}

/// Fits the training laws to every table of runs in the folder.
fn training(words: &Words, catalog: &Catalog) -> anyhow::Result<()> {
    let fit = training::fit_tables(catalog, &csv_files(&words.folder)?)?;
    let text = fit.laws.write(&provenance(words, "training runs"))?;
    std::fs::write(&words.out, text)
        .with_context(|| format!("cannot write {}", words.out.display()))?;
    print_fit::training(&fit)
}

/// Where the measurements come from, in one line.
fn provenance(words: &Words, what: &str) -> String {
    if words.sources.is_empty() {
        format!("{what} of {}", words.folder.display())
    } else {
        words.sources.join("; ")
    }
}

/// Fits the engines' laws to every table of serving points in the folder.
fn serving(words: &Words, catalog: &Catalog) -> anyhow::Result<()> {
    let mut points = Vec::new();
    let mut left = serving_points::Left::default();
    for (name, text) in csv_files(&words.folder)? {
        serving_points::take(&name, &text, catalog, &mut points, &mut left)?;
    }
    let report = serving_points::fit(&points, &provenance(words, "serving points"))?;
    let text = report.laws.write()?;
    std::fs::write(&words.out, text)
        .with_context(|| format!("cannot write {}", words.out.display()))?;
    print_fit::serving(&report, &left)
}

fn kernels(words: &Words) -> anyhow::Result<()> {
    let files = csv_files(&words.folder)?;
    let mut provenance = words.sources.clone();
    if provenance.is_empty() {
        provenance.push(format!("timings of {}", words.folder.display()));
    }
    let before = KernelLaws::shipped();
    let fit = fit::fit(&files, &before, &provenance)?;
    let text = fit.laws.write()?;
    std::fs::write(&words.out, text)
        .with_context(|| format!("cannot write {}", words.out.display()))?;
    print_fit::scores(&fit)
}

/// Names and texts of the tables in `folder`, sorted by name.
fn csv_files(folder: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let list = || -> std::io::Result<Vec<PathBuf>> {
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
    };
    let mut paths = list().with_context(|| format!("cannot list {}", folder.display()))?;
    paths.retain(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")));
    paths.sort();
    anyhow::ensure!(!paths.is_empty(), "no *.csv in {}", folder.display());
    let read = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Ok((name, text))
    };
    paths.iter().map(read).collect()
}
