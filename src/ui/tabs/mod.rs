//! The bottom panel: a bar of tabs and the open one.

mod assumptions;
mod background;
mod costs;
mod findings;
mod history;
mod outages;
mod power;
mod racks;
mod ride_through;
mod timings;
mod tradeoffs;
mod validation;
mod workload;

use super::commands::Command;
use super::screens::Tab;
use super::theme;
use super::view::{Asks, View};
use super::widgets::{Ink, empty_ui};
use crate::evaluate::finding::Severity;
use crate::session::Validator;
pub use costs::Page as CostPage;
use eframe::egui::{self, Align, Layout, RichText, Sense, Stroke, Ui, vec2};
pub use tradeoffs::{Axis, StudyView, TradeoffState};
pub use workload::Page as WorkloadPage;

/// What the tabs remember.
#[derive(Debug, Default)]
pub struct TabsState {
    /// Racks: sorted column and direction.
    racks: racks::RacksState,
    /// Outages: sorted column, filter.
    outages: outages::OutagesState,
    /// Findings: which severities are hidden.
    findings: findings::FindingsState,
    /// Validation: the selected case.
    pub validation: validation::ValidationState,
    /// Assumptions: words searched for.
    assumptions: assumptions::AssumptionsState,
    /// Ride-through: what fails, the answer, the player.
    pub ride_through: ride_through::RideState,
    /// Workload: what is counted, which system.
    pub workload: workload::WorkloadState,
    /// Economics: the page, the map.
    pub costs: costs::CostsState,
    /// Trade-offs: axes and the chosen variant.
    pub tradeoffs: TradeoffState,
}

impl TabsState {
    /// Whether something is being worked out for a tab.
    #[must_use]
    pub const fn is_busy(&self) -> bool {
        self.costs.is_busy() || self.workload.measured.is_busy()
    }
}

/// Height of the bar, points.
const BAR: f32 = 32.0;

/// Shows bar and open tab.
pub fn tabs_ui(
    ui: &mut Ui,
    tab: Tab,
    view: &View<'_>,
    study: &StudyView<'_>,
    validator: &Validator,
    state: &mut TabsState,
    asks: &mut Asks,
) {
    ui.take_available_space();
    bar_ui(ui, tab, view, study, validator, asks);
    ui.separator();
    match (tab, view.results) {
        (Tab::Validation, _) => {
            validation::validation_ui(ui, view, validator, &mut state.validation, asks);
        }
        (Tab::History, _) => history::history_ui(ui, view, asks),
        (Tab::Assumptions, _) => {
            assumptions::assumptions_ui(ui, view, &mut state.assumptions, asks);
        }
        (Tab::Tradeoffs, Some(r)) => {
            tradeoffs::tradeoffs_ui(ui, view, r, study, &mut state.tradeoffs, asks);
        }
        (Tab::Racks, Some(r)) => racks::racks_ui(ui, view, r, &mut state.racks, asks),
        (Tab::Power, Some(r)) => power::power_ui(ui, view, r),
        (Tab::Outages, Some(r)) => outages::outages_ui(ui, view, r, &mut state.outages, asks),
        (Tab::Workload, Some(r)) => {
            workload::workload_ui(ui, view, r, &mut state.workload, asks);
        }
        (Tab::Costs, Some(r)) => costs::costs_ui(ui, view, r, study, &mut state.costs, asks),
        (Tab::Findings, Some(r)) => findings::findings_ui(ui, view, r, &mut state.findings, asks),
        (Tab::Timings, Some(r)) => timings::timings_ui(ui, view, r),
        (Tab::RideThrough, Some(r)) => {
            ride_through::ride_through_ui(ui, view, r, &mut state.ride_through, asks);
        }
        (_, None) => waiting_ui(ui, view),
    }
}

/// What is said while there are no results: solving, or why not and what to do.
fn waiting_ui(ui: &mut Ui, view: &View<'_>) {
    match view.failure {
        Some(failure) => empty_ui(
            ui,
            "The plan could not be evaluated",
            &format!("{failure}. Undo the last step, or correct the named field."),
            &view.theme,
        ),
        None => empty_ui(ui, "Solving…", "figures appear as soon as they are known", &view.theme),
    }
}

fn bar_ui(
    ui: &mut Ui,
    open: Tab,
    view: &View<'_>,
    study: &StudyView<'_>,
    validator: &Validator,
    asks: &mut Asks,
) {
    ui.horizontal(|ui| {
        ui.set_height(BAR);
        ui.spacing_mut().item_spacing.x = 4.0;
        for tab in Tab::ALL {
            if title_ui(ui, tab, tab == open, view) {
                asks.run(Command::Tab(tab));
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| match open {
            Tab::Tradeoffs => tradeoffs::progress_ui(ui, view, study, asks),
            Tab::Validation => validation::progress_ui(ui, view, validator, asks),
            _ => {}
        });
    });
}

fn title_ui(ui: &mut Ui, tab: Tab, open: bool, view: &View<'_>) -> bool {
    let theme = &view.theme;
    let ink = if open { theme.text } else { theme.muted };
    let title = ui.painter().layout_no_wrap(tab.label().into(), theme::body(), ink);
    let badge = badge(tab, view)
        .map(|(n, ink)| ui.painter().layout_no_wrap(n, theme::caption(), ink.colour(theme)));
    let extra = badge.as_ref().map_or(0.0, |b| b.size().x + 18.0);
    let size = vec2(title.size().x + 20.0 + extra, BAR);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, open, tab.label()));
    let painter = ui.painter_at(rect);
    let at = rect.left_center() + vec2(10.0, -title.size().y / 2.0);
    let end = at.x + title.size().x;
    painter.galley(at, title, ink);
    if let Some(badge) = badge {
        let chip = egui::Rect::from_min_size(
            egui::pos2(end + 6.0, rect.center().y - 8.0),
            vec2(badge.size().x + 10.0, 16.0),
        );
        painter.rect_filled(chip, 8.0, theme.raised);
        painter.galley(chip.min + vec2(5.0, 8.0 - badge.size().y / 2.0), badge, theme.muted);
    }
    if open {
        let y = rect.bottom() - 1.0;
        painter.hline(rect.x_range(), y, Stroke::new(2.0, theme.accent));
    } else if response.hovered() {
        painter.hline(rect.x_range(), rect.bottom() - 1.0, Stroke::new(2.0, theme.hairline));
    }
    response.clicked()
}

/// A count beside a tab's name.
fn badge(tab: Tab, view: &View<'_>) -> Option<(String, Ink)> {
    let results = view.results?;
    if tab != Tab::Findings {
        return None;
    }
    let (errors, warnings) = (results.count(Severity::Error), results.count(Severity::Warning));
    let ink = match (errors, warnings) {
        (0, 0) => Ink::Muted,
        (0, _) => Ink::Warn,
        _ => Ink::Bad,
    };
    let n = errors + warnings;
    (n > 0).then(|| (n.to_string(), ink))
}

/// A cell of a table: text in a colour, cut where it does not fit.
fn cell_ui(ui: &mut Ui, text: impl Into<String>, ink: Ink, view: &View<'_>) {
    let text = RichText::new(text).color(ink.colour(&view.theme));
    ui.add(egui::Label::new(text).truncate());
}

/// A muted heading of a column.
fn column_ui(ui: &mut Ui, text: &str, view: &View<'_>) {
    ui.label(RichText::new(text).small().color(view.theme.muted));
}
