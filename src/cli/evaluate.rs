//! `tokenmill evaluate`: the headline numbers, findings and stage times of a plan.

use super::open::load;
use super::{Common, Environment, print, scenario};
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::result::Quality;

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// Plan file or preset
    plan: String,
    /// Everything as JSON instead of text
    #[arg(long)]
    json: bool,
    /// Leave out the full air grid: the coarse picture that is shown while dragging
    #[arg(long)]
    draft: bool,
    /// Tell also what is left with parts of the power chain out: a scenario ("feed A lost"), an
    /// element, or several joined by +
    #[arg(long, value_name = "S")]
    scenario: Option<String>,
    /// Go on to the finest air grid that the hall affords
    #[arg(long, conflicts_with = "draft")]
    fine: bool,
}

impl Words {
    /// A plain evaluation.
    pub fn plain(plan: &str) -> Self {
        Self { plan: plan.into(), json: false, draft: false, fine: false, scenario: None }
    }
}

/// Runs the verb.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let loaded = load(&words.plan, common, environment)?;
    let quality = match (words.draft, words.fine) {
        (true, _) => Quality::Draft,
        (_, true) => Quality::Fine,
        _ => Quality::Settled,
    };
    let mut evaluator = Evaluator::new(common.threads(environment), environment.clock.clone());
    let results =
        evaluator.evaluate(&loaded.plan, &loaded.catalog, 1, quality, &CancelToken::never())?;
    let scenario = words.scenario.as_deref().map(|name| scenario::solve(&results, name));
    let scenario = scenario.transpose()?;
    if words.json {
        print::json(&loaded.plan, &results, scenario.as_ref())
    } else {
        print::results(&loaded.plan, &results, scenario.as_ref())
    }
}
