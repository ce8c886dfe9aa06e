//! `tokenmill report`: the design-review pack.

use super::open::load;
use super::validate::with_threads;
use super::{Common, Environment, print};
use crate::cases::{Outcome, run_all, shipped};
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::result::Quality;
use crate::report::{self, ReportContext, write_pack};
use crate::session::files::write_atomic;
use anyhow::Context;
use std::path::PathBuf;

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// Plan file or preset
    plan: String,
    /// Folder to write to; made if it does not exist
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave the validation cases out instead of running them for the appendix
    #[arg(long)]
    no_validation: bool,
    /// Another plan file or preset that the cost is compared with
    #[arg(long, value_name = "PLAN")]
    against: Option<String>,
}

impl Words {
    /// A plain report.
    pub fn plain(plan: &str, out: PathBuf) -> Self {
        Self { plan: plan.into(), out, no_validation: false, against: None }
    }
}

/// Runs every shipped case here, so that the appendix shows nothing that was not.
fn validated(threads: usize, environment: &Environment) -> anyhow::Result<Vec<Outcome>> {
    print::note("validation cases");
    with_threads(threads, || {
        let never = CancelToken::never();
        Ok(run_all(&shipped(), &environment.clock, &never, |_, _| {})?)
    })
}

/// Runs the verb.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let loaded = load(&words.plan, common, environment)?;
    let threads = common.threads(environment);
    let mut evaluator = Evaluator::new(threads, environment.clock.clone());
    let never = CancelToken::never();
    let results = evaluator.evaluate(&loaded.plan, &loaded.catalog, 1, Quality::Settled, &never)?;
    let against = match &words.against {
        None => None,
        Some(other) => {
            let other = load(other, common, environment)?;
            let priced =
                evaluator.evaluate(&other.plan, &other.catalog, 1, Quality::Draft, &never)?;
            let economics = priced.economics_case;
            Some(report::Against { name: other.plan.name.clone(), economics })
        }
    };
    let context = ReportContext {
        against,
        generated_at: report::iso_time(environment.started_unix_s),
        version: env!("CARGO_PKG_VERSION").into(),
        validation: if words.no_validation { Vec::new() } else { validated(threads, environment)? },
    };
    let told = |_share: f32, what: &str| {
        print::note(what);
        true
    };
    let files = write_pack(&loaded.plan, &loaded.catalog, &results, &context, &told)?;
    for (name, bytes) in files {
        let path = words.out.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("making the folder failed ({})", folder.display()))?;
        }
        write_atomic(&path, &bytes)?;
    }
    print::note(&format!("the review pack is in {}", words.out.display()));
    Ok(())
}
