//! The status bar: what the floor says, the solver's state, what stands on the floor, autosave.

use super::state::Freshness;
use super::theme::Theme;
use super::view::View;
use super::widgets::Ink;
use crate::units::display;
use eframe::egui::{self, Align, Label, Layout, RichText, Ui};

/// Height of the bar, points.
pub const HEIGHT: f32 = 26.0;

/// Shows the bar. `floor` is what the floor editor reports (coordinate, snap), `said` the last
/// message, `autosave` the age of the recovery copy.
pub fn status_bar_ui(ui: &mut Ui, view: &View<'_>, floor: &str, said: &str, autosave: &str) {
    let theme = &view.theme;
    let muted = |text: &str| RichText::new(text).small().color(theme.muted);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 20.0;
        if !floor.is_empty() {
            ui.label(muted(floor));
        }
        solver_ui(ui, view, theme);
        ui.label(muted(&contents(view)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(muted(autosave));
            ui.add(Label::new(RichText::new(said).small().color(theme.text)).truncate());
        });
    });
}

/// A dot with a word: settled, updating, failed.
fn solver_ui(ui: &mut Ui, view: &View<'_>, theme: &Theme) {
    let (ink, words) = solver_words(view);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, _) = ui.allocate_exact_size(egui::vec2(8.0, 8.0), egui::Sense::hover());
        ui.painter().rect_filled(rect, 2.0, ink.colour(theme));
        ui.label(RichText::new(words).small().color(theme.muted));
    });
}

fn solver_words(view: &View<'_>) -> (Ink, String) {
    if let Some(failure) = view.failure {
        return (Ink::Bad, format!("not solved: {failure}"));
    }
    let Some(results) = view.results else {
        return (Ink::Warn, "solving…".into());
    };
    let total_s: f64 = results.timings.iter().map(|t| t.time.to_s()).sum();
    let detail = format!(
        "{} · {} cells · closure {}",
        display::seconds(total_s),
        display::count(results.air.effort.cells as u64),
        closure(results.energy.closure())
    );
    match view.freshness {
        Freshness::Settled => (Ink::Ok, format!("settled · {detail}")),
        Freshness::Refining => (Ink::Ok, format!("settled, refining… · {detail}")),
        Freshness::Draft => (Ink::Warn, format!("draft air · {detail}")),
        Freshness::Updating | Freshness::Missing => (Ink::Warn, format!("updating · {detail}")),
    }
}

/// Energy in against energy out, as a power of ten: the exact digits are noise.
fn closure(share: f64) -> String {
    if share <= f64::EPSILON {
        "exact".into()
    } else {
        format!("1e{}", display::fixed(share.log10().ceil(), 0))
    }
}

fn contents(view: &View<'_>) -> String {
    let racks = display::count(view.plan.floor.racks.len() as u64);
    match view.results {
        Some(r) => format!("{racks} racks · {} GPUs", display::count(u64::from(r.kpi.gpus))),
        None => format!("{racks} racks"),
    }
}
