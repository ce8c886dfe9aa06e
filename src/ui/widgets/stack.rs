//! Stacked bars of shares: where a step's time goes.

use super::{small, strong};
use crate::evaluate::workload::WorkloadLimit;
use crate::render::chart::serving::Stack;
use crate::ui::theme::{self, Theme};
use crate::units::display;
use eframe::egui::{self, Align2, Color32, Rect, Sense, Ui, pos2, vec2};

/// Height of a bar, points.
const HEIGHT: f32 = 18.0;
/// Narrowest part that carries its percentage, points.
const WRITTEN: f32 = 30.0;

/// The colour of what a step waits for.
#[must_use]
pub const fn limit_colour(limit: WorkloadLimit, theme: &Theme) -> Color32 {
    match limit {
        WorkloadLimit::Compute => theme.compute,
        WorkloadLimit::MemoryBandwidth | WorkloadLimit::MemoryCapacity => theme.cooling,
        WorkloadLimit::ScaleUp => theme.network,
        WorkloadLimit::Fabric => theme.bad,
        WorkloadLimit::Storage => theme.ok,
        WorkloadLimit::Overhead | WorkloadLimit::Bubble => theme.power,
        WorkloadLimit::Sla => theme.warn,
    }
}

/// Shows stacks one below the other with one legend.
pub fn stacks_ui(ui: &mut Ui, stacks: &[Stack], theme: &Theme) {
    for stack in stacks {
        ui.horizontal(|ui| {
            ui.label(strong(stack.label.as_str()));
            ui.label(small(stack.whole.as_str(), theme));
        });
        stack_ui(ui, stack, theme);
        ui.add_space(2.0);
    }
    legend_ui(ui, stacks, theme);
}

fn stack_ui(ui: &mut Ui, stack: &Stack, theme: &Theme) {
    let (bar, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect_filled(bar, 2.0, theme.track());
    let mut left = bar.left();
    for (i, part) in stack.parts.iter().enumerate() {
        let width = part.share.clamp(0.0, 1.0) as f32 * bar.width();
        let rect = Rect::from_min_size(pos2(left, bar.top()), vec2(width, HEIGHT));
        left += width;
        let colour = limit_colour(part.limit, theme);
        let percent = display::percent(part.share * 100.0);
        // A hairline keeps neighbours of one colour apart.
        ui.painter().rect_filled(rect.shrink2(vec2(0.5, 0.0)), 1.0, colour);
        if width >= WRITTEN {
            let ink = theme.panel;
            let font = theme::semibold(theme::CAPTION);
            ui.painter().text(rect.center(), Align2::CENTER_CENTER, percent.to_string(), font, ink);
        }
        let words = format!("{}, {}: {percent}", stack.label, part.name);
        let response = ui.interact(rect, ui.scope_id().with((&stack.label, i)), Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &words));
        response.on_hover_text(words);
    }
}

fn legend_ui(ui: &mut Ui, stacks: &[Stack], theme: &Theme) {
    let mut limits: Vec<WorkloadLimit> =
        stacks.iter().flat_map(|s| s.parts.iter().map(|p| p.limit)).collect();
    limits.sort_unstable();
    limits.dedup();
    ui.horizontal_wrapped(|ui| {
        for limit in limits {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                let (rect, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
                ui.painter().rect_filled(rect, 2.0, limit_colour(limit, theme));
                ui.label(small(limit.label(), theme));
            });
        }
    });
}
