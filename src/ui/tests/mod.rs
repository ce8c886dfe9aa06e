//! The window as a user meets it: by words and clicks, without a renderer.

mod oneline;
mod window;

use super::app::Options;
use crate::catalog::load;
use crate::evaluate::clock::Clock;
use crate::format;
use crate::session::presets::preset;
use std::sync::Arc;

/// The window on a preset.
pub fn options(id: &str) -> Options {
    let base = load::shipped().unwrap();
    let opened = format::from_text(preset(id).unwrap().text).unwrap();
    Options {
        plan: opened.plan,
        path: None,
        catalog: Arc::new(base.overlaid(&opened.embedded)),
        base_catalog: base,
        recovery_folder: None,
        threads: 2,
        clock: Clock::still(),
        started_unix_s: 0,
        dark: Some(true),
    }
}
