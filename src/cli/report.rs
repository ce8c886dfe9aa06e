//! `tokenmill report`: the design-review pack.

use super::open::load;
use super::{Common, Environment, print};
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::result::Quality;
use crate::report::{ReportContext, write_pack};
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
        generated_at: utc_text(environment.started_unix_s),
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

/// `YYYY-MM-DDThh:mm:ssZ` of a time in seconds since 1970, in the proleptic Gregorian calendar.
fn utc_text(unix_s: u64) -> String {
    const SECONDS_PER_DAY: u64 = 86_400;
    let (mut day, second) = (unix_s / SECONDS_PER_DAY, unix_s % SECONDS_PER_DAY);
    let is_leap = |y: u64| y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let mut year = 1970;
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(is_leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= lengths[month] {
        day -= lengths[month];
        month += 1;
    }
    let (hour, minute) = (second / 3600, second / 60 % 60);
    format!("{year:04}-{:02}-{:02}T{hour:02}:{minute:02}:{:02}Z", month + 1, day + 1, second % 60)
}

#[cfg(test)]
mod tests {
    use super::utc_text;

    #[test]
    fn times_of_known_days() {
        assert_eq!(utc_text(0), "1970-01-01T00:00:00Z");
        assert_eq!(utc_text(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(utc_text(1_795_305_600), "2026-11-22T00:00:00Z");
    }
}
