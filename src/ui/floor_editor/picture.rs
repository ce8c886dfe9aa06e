//! The floor as a picture, exactly as the window draws it.

use super::{FloorInput, FloorState, floor_editor_ui};
use crate::catalog::Catalog;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use crate::ui::raster::{Shot, snapshot};
use crate::ui::state::{Freshness, UiState};
use crate::ui::theme::Theme;
use std::sync::Arc;

/// Draws the floor with the overlay, slice height and theme of `ui_state`.
#[must_use]
pub fn floor_picture(
    plan: &Plan,
    catalog: &Catalog,
    results: Option<&Arc<Results>>,
    ui_state: &UiState,
    size: [u32; 2],
    scale: f32,
) -> image::RgbaImage {
    let theme = if ui_state.dark { Theme::dark() } else { Theme::light() };
    let freshness = if results.is_some() { Freshness::Settled } else { Freshness::Missing };
    let mut state = FloorState::default();
    let shot = Shot { size, scale, dark: ui_state.dark, events: Vec::new() };
    snapshot(&shot, |ui| {
        let input = FloorInput { plan, catalog, results, freshness, ui_state, theme: &theme };
        floor_editor_ui(ui, &input, &mut state);
    })
}
