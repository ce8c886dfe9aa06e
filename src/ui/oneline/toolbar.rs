//! The bar over the diagram: fit, the redundancy scheme, what a change of it did.

use super::state::OneLineState;
use crate::evaluate::result::Results;
use crate::plan::{Distribution, Edit, Power, Scheme};
use crate::ui::commands::Command;
use crate::ui::state::{Action, Freshness};
use crate::ui::theme::{Theme, caption};
use crate::ui::view::{Asks, View};
use crate::units::display;
use eframe::egui::{
    Align, Button, ComboBox, Layout, Rect, RichText, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2,
};

/// Height of the bar, points.
const HEIGHT: f32 = 28.0;

/// Shows the bar in the upper left.
pub fn toolbar_ui(
    ui: &mut Ui,
    over: Rect,
    view: &View<'_>,
    results: &Results,
    state: &mut OneLineState,
    asks: &mut Asks,
) {
    let theme = &view.theme;
    let frame =
        Rect::from_min_size(pos2(over.left() + 16.0, over.top() + 30.0), vec2(424.0, HEIGHT));
    ui.painter().rect(frame, 6, theme.panel, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    let builder = UiBuilder::new().id_salt("one-line-bar").max_rect(frame.shrink2(vec2(6.0, 2.0)));
    let mut child = ui.new_child(builder.layout(Layout::left_to_right(Align::Center)));
    let fit = Button::new(egui_phosphor::regular::CORNERS_OUT).frame(false);
    let fit = child.add(fit).on_hover_text("Show everything · F");
    if fit.accessible_name("Fit the diagram").clicked() {
        state.fit();
    }
    child.separator();
    child.label(RichText::new("Redundancy").font(caption()).color(theme.muted));
    scheme_ui(&mut child, view, asks);
    child.separator();
    let kind = view.plan.power.distribution.label();
    child.label(RichText::new(kind).font(caption()).color(theme.muted));
    child.separator();
    let swap = Button::new("800 VDC…").frame(false);
    let enabled = view.plan.power.distribution != Distribution::Vdc800;
    let swap = child.add_enabled(enabled, swap).on_hover_text(Command::CompareVdc800.tooltip());
    if swap.accessible_name("Compare with 800 VDC").clicked() {
        asks.run(Command::CompareVdc800);
    }
    let words = changes(view, results);
    if !words.is_empty() {
        let at = pos2(frame.left(), frame.bottom() + 6.0);
        changes_ui(ui, at, &words, theme);
    }
}

/// The scheme of the plan: another one is one step that can be undone.
fn scheme_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let now = view.plan.power.scheme;
    ComboBox::from_id_salt("one-line-scheme")
        .width(124.0)
        .selected_text(now.label())
        .show_ui(ui, |ui| {
            for scheme in Scheme::ALL {
                let chosen = scheme == now;
                if ui.selectable_label(chosen, scheme.label()).clicked() && !chosen {
                    asks.actions.push(Action::Apply(switch_to(view, scheme)));
                }
            }
        })
        .response
        .accessible_name("Redundancy scheme");
}

/// The edit that puts the chain on another scheme.
pub fn switch_to(view: &View<'_>, scheme: Scheme) -> Edit {
    let power = Power { scheme, ..view.plan.power.as_ref().clone() };
    let label = format!("Switch redundancy to {}", scheme.label());
    Edit::Batch { label, edits: vec![Edit::SetPower(power)] }
}

/// What differs from before the last change: money, loss, survival. Empty where nothing does.
fn changes(view: &View<'_>, results: &Results) -> Vec<(String, Option<bool>)> {
    let Some(before) = view.reference.filter(|_| view.freshness != Freshness::Updating) else {
        return Vec::new();
    };
    let mut words = Vec::new();
    let mut less_is_better =
        |label: &str, now: f64, was: f64, seen: f64, text: &dyn Fn(f64) -> String| {
            let change = now - was;
            if change.abs() >= seen {
                let sign = if change > 0.0 { "+" } else { "" };
                words.push((format!("{label} {sign}{}", text(change)), Some(change < 0.0)));
            }
        };
    let capex = |r: &Results| r.kpi.capex_usd.base;
    let loss = |r: &Results| r.power.totals.loss_w;
    let worst = |r: &Results| r.power.scenarios.iter().map(|s| s.racks_lost).max().unwrap_or(0);
    let parts = |r: &Results| r.power_case.elements.len() as f64;
    less_is_better("capex", capex(results), capex(before), 1e3, &display::usd);
    less_is_better("loss", loss(results), loss(before), 100.0, &|w| {
        display::power_w(w).to_string()
    });
    let racks = |n: f64| format!("{} racks", display::fixed(n, 0));
    less_is_better("worst outage", worst(results) as f64, worst(before) as f64, 0.5, &racks);
    let count = |n: f64| display::fixed(n, 0);
    less_is_better("components", parts(results), parts(before), 0.5, &count);
    if let Some(last) = words.last_mut().filter(|(w, _)| w.starts_with("components")) {
        last.1 = None;
    }
    words
}

fn changes_ui(ui: &Ui, at: eframe::egui::Pos2, words: &[(String, Option<bool>)], theme: &Theme) {
    let painter = ui.painter();
    let lead = painter.layout_no_wrap("since the last change".to_owned(), caption(), theme.muted);
    let mut x = at.x + 8.0;
    let galleys: Vec<_> = words
        .iter()
        .map(|(text, good)| {
            let ink = match good {
                Some(true) => theme.ok,
                Some(false) => theme.bad,
                None => theme.muted,
            };
            painter.layout_no_wrap(text.clone(), caption(), ink)
        })
        .collect();
    let width = lead.size().x + galleys.iter().map(|g| g.size().x + 12.0).sum::<f32>() + 16.0;
    let plate = Rect::from_min_size(at, vec2(width, 22.0));
    painter.rect(plate, 6, theme.panel, Stroke::new(1.0, theme.hairline), StrokeKind::Inside);
    for galley in std::iter::once(lead).chain(galleys) {
        let w = galley.size().x;
        painter.galley(pos2(x, at.y + 4.0), galley, theme.muted);
        x += w + 12.0;
    }
}
