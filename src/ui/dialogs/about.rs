//! What is modelled, and how wrong it may be.

use super::{main_button, modal};
use crate::evaluate::air::PREVIEW_INTAKE_ERROR_K;
use crate::ui::theme::Theme;
use crate::ui::widgets::{small, strong};
use crate::units::display;
use eframe::egui::{self, Label, ScrollArea};

/// Shows the page; whether it stays open.
pub fn about_ui(ctx: &egui::Context, catalog_entries: usize) -> bool {
    let title = "What is modelled, and how wrong it may be";
    let (open, closed) = modal(ctx, title, 720.0, |ui| {
        let theme = Theme::of(ui.ctx());
        let version = env!("CARGO_PKG_VERSION");
        ui.label(small(
            format!("Tokenmill {version} · {catalog_entries} catalogue entries with their sources"),
            &theme,
        ));
        let height = (ui.ctx().content_rect().height() - 240.0).max(160.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            for (what, how) in models() {
                ui.add_space(8.0);
                ui.label(strong(what));
                ui.add(Label::new(how).wrap());
            }
        });
        ui.add_space(8.0);
        main_button(ui, "Close").clicked()
    });
    open && !closed
}

/// Each model with its method and its error, or the words "not yet validated".
fn models() -> [(&'static str, String); 8] {
    let kelvin = |k| display::sig(k, 2);
    [
        (
            "Air",
            format!(
                "Preview, not CFD: potential flow on a grid with upwind heat transport. It conserves \
                 air and heat and knows no jets, eddies or buoyancy. Rack intakes are off by up to \
                 {} K in the mean and {} K at the worst rack against OpenFOAM on five halls.",
                kelvin(PREVIEW_INTAKE_ERROR_K.mean_k),
                kelvin(PREVIEW_INTAKE_ERROR_K.worst_k)
            ),
        ),
        (
            "Power",
            "Radial load flow by backward and forward sweep with transformer, UPS and cable losses, \
             in the normal state and in every single outage. Balanced phases; no short-circuit or \
             arc-flash study."
                .into(),
        ),
        (
            "Liquid",
            "Heat per loop, flow from the catalogue's flow tables, CDU by effectiveness–NTU. Steady \
             state; pipe network as one distribution drop. Not yet validated against a site."
                .into(),
        ),
        (
            "Plant",
            "Design day and a synthetic year from monthly climate values with free cooling. Not yet \
             validated against hourly weather files."
                .into(),
        ),
        (
            "Workload",
            "Roofline for prefill, decode and training steps with a search over parallel layouts. \
             The band on output is the model's observed error; a result without own measurements is \
             not calibrated."
                .into(),
        ),
        (
            "Fabric and storage",
            "Counts and routed lengths from the layout, collective bandwidth from oversubscription. \
             No congestion simulation."
                .into(),
        ),
        (
            "Economics",
            "Capital from drawn quantities, energy from the plant's year, bands from the catalogue's \
             price ranges by sampling. Items without a price are listed and never counted as zero."
                .into(),
        ),
        (
            "Data",
            "Every catalogue number carries its source, date and kind of statement. Numbers that \
             nobody has read in the source are marked unverified."
                .into(),
        ),
    ]
}
