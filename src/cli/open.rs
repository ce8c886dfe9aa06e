//! Opening a plan by path or preset name, and the verb-less call that opens the window.

use super::{Common, Environment, evaluate};
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
    /// The file, if it is not a preset.
    pub path: Option<PathBuf>,
}

/// Loads a plan file, or a preset by its name.
pub fn load(words: &str, common: &Common, environment: &Environment) -> anyhow::Result<Loaded> {
    let base = files::catalog_with(common.catalog_folder(environment))?;
    let path = Path::new(words);
    if let Some(preset) = preset(words).filter(|_| !path.exists()) {
        let opened = format::from_text(preset.text)?;
        let catalog = Arc::new(base.overlaid(&opened.embedded));
        return Ok(Loaded { plan: opened.plan, catalog, path: None });
    }
    if !path.exists() {
        let known: Vec<&str> = PRESETS.iter().map(|p| p.id).collect();
        anyhow::bail!("no file and no preset is called '{words}'; presets: {}", known.join(", "));
    }
    let opened = files::open(path)?;
    let catalog = Arc::new(base.overlaid(&opened.embedded));
    Ok(Loaded { plan: opened.plan, catalog, path: Some(path.to_owned()) })
}

/// Opens the window; without a display, evaluates and says so.
pub fn run(words: Option<&str>, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let words = words.unwrap_or(PRESETS[0].id);
    super::print::note("there is no display to open a window on: evaluating instead");
    evaluate::run(&evaluate::Words::plain(words), common, environment)
}
