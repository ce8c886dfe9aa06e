//! `tokenmill bench`: how fast the solvers are on this machine.

use super::{Common, Environment, print_cases};
use crate::cases::speed::{self, Planned, Speed};
use crate::evaluate::cancel::CancelToken;
use crate::session::files;
use crate::session::presets::PRESETS;
use std::sync::Arc;

/// The preset whose cost model is timed.
const LARGEST: &str = "gb300-10mw";

/// What can be timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Timed {
    /// The air solver: from rest, after an edit, threads, size
    Air,
    /// Whole evaluations of the presets, stage by stage
    Evaluate,
    /// Load flow: general networks, and a data hall with its outages
    Power,
    /// Serving points and searches of layouts
    Workload,
    /// Samples, tornado, flips and map of the cost
    Economics,
}

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// One topic only
    #[arg(long, value_name = "T", value_enum)]
    topic: Option<Timed>,
    /// Everything as JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs the verb. Rows of the table are printed as they are measured.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let wanted = |topic| words.topic.is_none_or(|t| t == topic);
    let (clock, never) = (&environment.clock, CancelToken::never());
    let mut first = true;
    let mut told = |speed: &Speed| {
        if !words.json {
            print_cases::speed(speed, std::mem::take(&mut first));
        }
    };
    let mut all = Vec::new();
    if wanted(Timed::Air) {
        all.extend(speed::air(clock, &never, &mut told)?);
    }
    if wanted(Timed::Evaluate) {
        let threads = common.threads(environment);
        all.extend(speed::evaluate(&presets()?, threads, clock, &never, &mut told)?);
    }
    if wanted(Timed::Power) {
        all.extend(speed::power(clock, &mut told)?);
        all.extend(speed::power_hall(clock, &mut told)?);
    }
    if wanted(Timed::Workload) {
        all.extend(speed::workload(clock, &mut told)?);
    }
    if wanted(Timed::Economics) {
        let all_presets = presets()?;
        let planned = all_presets.iter().find(|p| p.name == LARGEST).or(all_presets.first());
        if let Some(planned) = planned {
            all.extend(speed::economics(planned, clock, &never, &mut told)?);
        }
    }
    if words.json { print_cases::speed_json(&all) } else { Ok(()) }
}

fn presets() -> anyhow::Result<Vec<Planned>> {
    let base = files::catalog_with(None)?;
    let planned = PRESETS.iter().map(|preset| {
        let opened = crate::format::from_text(preset.text)?;
        let catalog = Arc::new(base.overlaid(&opened.embedded));
        Ok(Planned { name: preset.id.into(), plan: opened.plan, catalog })
    });
    planned.collect()
}
