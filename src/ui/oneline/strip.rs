//! The strip over any view while components are taken for failed: what is lost, and the way back.

use crate::ui::state::Action;
use crate::ui::theme::{self, Theme};
use crate::ui::view::{Asks, View};
use crate::ui::what_if::Outage;
use crate::ui::widgets::{Ink, strong};
use crate::units::display;
use eframe::egui::{
    Align, Button, Label, Layout, Rect, RichText, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2,
};

/// Height of the strip, points.
const HEIGHT: f32 = 34.0;
/// Widest strip, points.
const WIDEST: f32 = 860.0;

/// Shows the strip at the bottom of a view, or above its legend.
pub fn outage_strip_ui(
    ui: &mut Ui,
    over: Rect,
    above_legend: bool,
    view: &View<'_>,
    asks: &mut Asks,
) {
    if !view.what_if.is_active() {
        return;
    }
    let theme = &view.theme;
    let width = (over.width() - 32.0).min(WIDEST);
    let corner = pos2(
        over.center().x - width / 2.0,
        over.bottom() - if above_legend { 40.0 } else { 12.0 } - HEIGHT,
    );
    let frame = Rect::from_min_size(corner, vec2(width, HEIGHT));
    ui.painter().rect(frame, 6, theme.panel, Stroke::new(1.0, theme.bad), StrokeKind::Inside);
    let builder = UiBuilder::new().id_salt("outage-strip").max_rect(frame.shrink2(vec2(12.0, 3.0)));
    let layout = Layout::right_to_left(Align::Center);
    let mut child = ui.new_child(builder.layout(layout));
    let restore = format!("{} Restore", egui_phosphor::regular::ARROW_COUNTER_CLOCKWISE);
    let button = Button::new(restore).min_size(vec2(88.0, theme::ROW));
    let button = child.add(button).on_hover_text("Put every failed component back · Esc");
    if button.accessible_name("Restore").clicked() {
        asks.actions.push(Action::Restore);
    }
    child.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        let mark = RichText::new(egui_phosphor::regular::WARNING).color(theme.bad);
        ui.label(mark);
        ui.label(strong(view.what_if.words()));
        if let Some(problem) = view.what_if.problem() {
            ui.add(Label::new(RichText::new(problem).color(theme.warn)).truncate());
        }
        if let Some(outage) = view.what_if.outage() {
            losses_ui(ui, outage, theme);
        }
    });
}

fn losses_ui(ui: &mut Ui, outage: &Outage, theme: &Theme) {
    let part = |ui: &mut Ui, words: String, ink: Ink| {
        ui.add(Label::new(RichText::new(words).color(ink.colour(theme))).truncate());
    };
    let racks = outage.racks_lost.len();
    let ink = if racks > 0 { Ink::Bad } else { Ink::Ok };
    let words = match racks {
        0 => "no rack lost".to_owned(),
        1 => "1 rack lost".to_owned(),
        n => format!("{n} racks lost"),
    };
    part(ui, words, ink);
    if outage.lost_w > 0.0 {
        part(ui, format!("{} lost", display::power_w(outage.lost_w)), Ink::Bad);
    }
    if let Some(summary) = outage.summary() {
        if let Some(worst) = &summary.worst_element {
            let limit = outage.power.elements.iter().find(|e| e.name == *worst);
            let pct = limit.map_or(summary.worst_loading, |e| e.normal_of_limit()) * 100.0;
            let words = format!("worst {} {worst}", display::percent(pct));
            part(ui, words, Ink::of_use(pct));
        }
        if !summary.tripped.is_empty() {
            part(ui, format!("tripped: {}", summary.tripped.join(", ")), Ink::Bad);
        }
    }
}
