//! Whose air a rack breathes and where its exhaust goes.

use crate::evaluate::air::{Capture, RackCapture};
use crate::plan::ObjectId;
use crate::ui::state::Action;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, fact_ui, section_title_ui};
use crate::units::display;
use eframe::egui::{RichText, Ui};

/// Most lines of one list.
const MOST: usize = 5;
/// Shares below this are left out of the lists.
const LEAST_SHARE: f64 = 0.002;

/// Shows the lists, and the switch that has the air followed.
pub fn breath_ui(ui: &mut Ui, view: &View<'_>, rack: ObjectId, asks: &mut Asks) {
    let theme = &view.theme;
    let mut on = view.follow;
    let switch = ui.checkbox(&mut on, "Who heats whom");
    let hint = "Follows the settled air from supplies and exhausts to intakes and returns; the \
                floor shows the racks that this one heats and is heated by";
    if switch.on_hover_text(hint).changed() {
        asks.actions.push(Action::Follow(on));
    }
    if !view.follow {
        return;
    }
    let Some(capture) = view.capture else {
        ui.label(RichText::new("following the settled air…").small().color(theme.muted));
        return;
    };
    if let Some(line) = capture.racks.iter().find(|r| r.object == Some(rack)) {
        lists_ui(ui, capture, line, theme);
    }
}

fn lists_ui(ui: &mut Ui, capture: &Capture, rack: &RackCapture, theme: &Theme) {
    let shares = rack.from_supplies.iter().map(|s| (place(&capture.supplies, s.place), s.share));
    let racks = rack.from_racks.iter().map(|h| {
        let name = capture.racks.get(h.rack).map_or("?", |r| r.id.as_str());
        (format!("exhaust of {name}, {:+.1} K", h.rise_k), h.share)
    });
    let mut breathed: Vec<(String, f64)> = shares.chain(racks).collect();
    let other = rack.from_other_racks;
    breathed.push((format!("other exhausts, {:+.1} K", other.rise_k), other.share));
    section_title_ui(ui, "Breathes", "share of the intake", theme);
    list_ui(ui, breathed, theme);
    let returns = rack.to_returns.iter().map(|s| (place(&capture.returns, s.place), s.share));
    let mut left: Vec<(String, f64)> = returns.collect();
    left.push(("rack intakes".into(), rack.to_racks));
    section_title_ui(ui, "Exhaust goes to", "share of the exhaust", theme);
    list_ui(ui, left, theme);
}

fn place(places: &[crate::evaluate::air::Place], at: usize) -> String {
    places.get(at).map_or_else(|| "?".into(), |p| p.id.clone())
}

/// The largest shares by name, the rest in one line.
fn list_ui(ui: &mut Ui, mut shares: Vec<(String, f64)>, theme: &Theme) {
    shares.retain(|(_, share)| *share >= LEAST_SHARE);
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest: f64 = shares.iter().skip(MOST).map(|(_, share)| share).sum();
    for (name, share) in shares.iter().take(MOST) {
        fact_ui(ui, name, &display::percent(share * 100.0), Ink::Plain, theme);
    }
    if rest > 0.0 {
        let words = format!("{} more", shares.len() - MOST);
        fact_ui(ui, &words, &display::percent(rest * 100.0), Ink::Muted, theme);
    }
}
