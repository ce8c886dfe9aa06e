//! Opening a plan by path or preset name, and the verb-less call that opens the window.

use super::{Common, Environment};
use crate::catalog::Catalog;
use crate::format;
use crate::plan::Plan;
use crate::session::files;
use crate::session::presets::{PRESETS, preset};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A plan with the catalogue it is to be resolved with.
pub struct Loaded {
    /// The plan.
    pub plan: Plan,
    /// Shipped entries, the user's, and those embedded in the file, in rising order.
    pub catalog: Arc<Catalog>,
    /// Shipped entries and the user's.
    #[cfg_attr(not(feature = "gui"), allow(dead_code, reason = "only the window needs it"))]
    pub base: Arc<Catalog>,
    /// The file, if it is not a preset.
    #[cfg_attr(not(feature = "gui"), allow(dead_code, reason = "only the window needs it"))]
    pub path: Option<PathBuf>,
}

/// Loads a plan file, or a preset by its name.
pub fn load(words: &str, common: &Common, environment: &Environment) -> anyhow::Result<Loaded> {
    let base = files::catalog_with(common.catalog_folder(environment)?)?;
    let path = Path::new(words);
    let (opened, path) = match preset(words) {
        Some(preset) if !path.exists() => (format::from_text(preset.text)?, None),
        _ if path.exists() => (files::open(path)?, Some(path.to_owned())),
        _ => {
            let known: Vec<&str> = PRESETS.iter().map(|p| p.id).collect();
            anyhow::bail!(
                "no file and no preset is called '{words}'; presets: {}",
                known.join(", ")
            );
        }
    };
    let catalog = Arc::new(base.overlaid(&opened.embedded));
    Ok(Loaded { plan: opened.plan, catalog, base, path })
}

/// Opens the window; without a display, evaluates and writes the review pack, so that the main job
/// always runs.
pub fn run(words: Option<&str>, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let words = words.unwrap_or(PRESETS[0].id);
    #[cfg(feature = "gui")]
    if environment.has_display {
        return window(words, common, environment);
    }
    let folder = PathBuf::from("tokenmill-review");
    super::print::note(&format!(
        "there is no display to open a window on: evaluating '{words}' and writing the review pack \
         to {}",
        folder.display()
    ));
    super::evaluate::run(&super::evaluate::Words::plain(words), common, environment)?;
    super::report::run(&super::report::Words::plain(words, folder), common, environment)
}

#[cfg(feature = "gui")]
fn window(words: &str, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let options = window_options(words, common, environment)?;
    crate::ui::app::run(options).map_err(|error| {
        anyhow::anyhow!("the window did not open: {error}; `tokenmill evaluate` works without one")
    })
}

/// What the window starts with.
#[cfg(feature = "gui")]
pub fn window_options(
    words: &str,
    common: &Common,
    environment: &Environment,
) -> anyhow::Result<crate::ui::app::Options> {
    let loaded = load(words, common, environment)?;
    Ok(crate::ui::app::Options {
        plan: loaded.plan,
        path: loaded.path,
        catalog: loaded.catalog,
        base_catalog: loaded.base,
        recovery_folder: environment.folders.recovery.clone(),
        threads: common.threads(environment),
        clock: environment.clock.clone(),
        started_unix_s: environment.started_unix_s,
        dark: None,
    })
}
