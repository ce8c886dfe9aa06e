//! `tokenmill report`: the design-review pack.

use super::open::load;
use super::{Common, Environment, print};
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
}

impl Words {
    /// A plain report.
    pub fn plain(plan: &str, out: PathBuf) -> Self {
        Self { plan: plan.into(), out }
    }
}

/// Runs the verb.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let loaded = load(&words.plan, common, environment)?;
    let mut evaluator = Evaluator::new(common.threads(environment), environment.clock.clone());
    let never = CancelToken::never();
    let results = evaluator.evaluate(&loaded.plan, &loaded.catalog, 1, Quality::Settled, &never)?;
    let context = ReportContext {
        generated_at: report::iso_time(environment.started_unix_s),
        version: env!("CARGO_PKG_VERSION").into(),
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
