//! What is served and how fast: the job with its service level, the front of operating points, and
//! where the time of the chosen one goes.

mod day;
mod measured;
mod panel;
mod reading;

use crate::evaluate::result::Results;
use crate::evaluate::workload::{ServingResult, WorkloadGroup};
use crate::render::chart::serving::{self, Yield};
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, callout_ui, chart_heading_ui, chart_ui, empty_ui, segments_ui};
use eframe::egui::{ComboBox, Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2, vec2};

/// What fills the panes beside the job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Operating points of the model.
    #[default]
    Front,
    /// A day of open arrivals on the chosen point.
    Day,
    /// A user's own measurements beside the model.
    Measured,
}

impl Page {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Front, Self::Day, Self::Measured];

    /// A word on a button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Front => "Operating points",
            Self::Day => "Day of load",
            Self::Measured => "Measured points",
        }
    }
}

/// What the tab remembers.
#[derive(Debug, Default)]
pub struct WorkloadState {
    /// What is shown beside the job.
    pub page: Page,
    /// Measured points and what the model says to them.
    pub measured: measured::MeasuredState,
    /// The system whose answer is shown, by its place among the groups.
    group: usize,
    /// What the front counts.
    by: Yield,
}

/// Width of the panel at the left, points.
const PANEL: f32 = 312.0;
/// Room for the bar of a scrolled pane, points.
const SCROLL_BAR: f32 = 8.0;
/// Share of the rest for the front.
const FRONT: f32 = 0.58;
/// Space beside the lines between panes, points.
const GUTTER: f32 = 12.0;

/// Shows the three panes.
pub fn workload_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    state: &mut WorkloadState,
    asks: &mut Asks,
) {
    let [left, middle, right] = panes(ui, view);
    pane_ui(ui, left, "job", |ui| {
        ScrollArea::vertical().id_salt("job").auto_shrink(false).show(ui, |ui| {
            // The bar of the scroll area floats: fields end before it.
            ui.set_max_width(ui.available_width() - SCROLL_BAR);
            panel::panel_ui(ui, view, results, asks);
        });
    });
    if state.page == Page::Measured {
        pane_ui(ui, middle, "measured", |ui| {
            page_ui(ui, view, state);
            measured::table_ui(ui, view, &mut state.measured, asks);
        });
        return pane_ui(ui, right, "scatter", |ui| {
            measured::scatter_ui(ui, view, &state.measured);
        });
    }
    let groups = &results.workload.groups;
    state.group = state.group.min(groups.len().saturating_sub(1));
    let group = groups.get(state.group);
    pane_ui(ui, middle, "front", |ui| {
        ui.set_opacity(view.result_opacity());
        let day = group.and_then(|g| g.day.as_ref()).filter(|_| state.page == Page::Day);
        if let Some(day) = day {
            ui.horizontal_wrapped(|ui| {
                page_ui(ui, view, state);
                group_choice_ui(ui, view, results, state);
            });
            return day::day_ui(ui, view, day);
        }
        match group.and_then(|g| Some((g, g.serving.as_ref()?))) {
            Some((group, answer)) => front_ui(ui, view, results, group, answer, state),
            None => {
                page_ui(ui, view, state);
                no_front_ui(ui, view, results, group, asks);
            }
        }
    });
    pane_ui(ui, right, "reading", |ui| {
        ui.set_opacity(view.result_opacity());
        ScrollArea::vertical().id_salt("reading").auto_shrink(false).show(ui, |ui| {
            if let Some(group) = group {
                reading::reading_ui(ui, view, results, group);
            }
        });
    });
}

/// The switch between the model's points and measured ones.
fn page_ui(ui: &mut Ui, view: &View<'_>, state: &mut WorkloadState) {
    let chosen = segments_ui(ui, "Workload page", state.page, &Page::ALL, Page::label, &view.theme);
    state.page = chosen.unwrap_or(state.page);
}

/// Left, middle and right, with lines between them.
fn panes(ui: &Ui, view: &View<'_>) -> [Rect; 3] {
    let full = Rect::from_min_max(pos2(ui.max_rect().left(), ui.cursor().top()), ui.max_rect().max);
    let rest = (full.width() - PANEL).max(0.0);
    let edges = [full.left() + PANEL, full.left() + PANEL + rest * FRONT];
    for x in edges {
        ui.painter().vline(x, full.y_range(), Stroke::new(1.0, view.theme.hairline));
    }
    let cut = |a: f32, b: f32, low: f32, high: f32| {
        Rect::from_min_max(pos2(a + low, full.top()), pos2((b - high).max(a + low), full.bottom()))
    };
    [
        cut(full.left(), edges[0], 0.0, GUTTER),
        cut(edges[0], edges[1], GUTTER, GUTTER),
        cut(edges[1], full.right(), GUTTER, 0.0),
    ]
}

fn pane_ui(ui: &mut Ui, rect: Rect, name: &str, content: impl FnOnce(&mut Ui)) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    child.set_clip_rect(child.clip_rect().intersect(rect.expand2(vec2(GUTTER / 2.0, 0.0))));
    content(&mut child);
}

fn front_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    group: &WorkloadGroup,
    answer: &ServingResult,
    state: &mut WorkloadState,
) {
    let theme = &view.theme;
    ui.horizontal_wrapped(|ui| {
        page_ui(ui, view, state);
        ui.separator();
        if let Some(by) =
            segments_ui(ui, "Count output", state.by, &Yield::ALL, Yield::label, theme)
        {
            state.by = by;
        }
        group_choice_ui(ui, view, results, state);
    });
    let sla = serving::sla(view.plan).unwrap_or_default();
    let chart = serving::front(group, answer, results, &sla, state.by);
    if chart.is_empty() {
        return empty_ui(
            ui,
            "No figure to count by",
            "the plan has no price or no power to divide by; count per GPU instead",
            theme,
        );
    }
    chart_heading_ui(ui, &chart, theme);
    let label = format!("{}, {} operating points", chart.title, answer.pareto.len());
    chart_ui(ui, state.by.label(), &label, &chart, theme);
}

/// Which system's answer is shown, where there are several.
fn group_choice_ui(ui: &mut Ui, view: &View<'_>, results: &Results, state: &mut WorkloadState) {
    let groups = &results.workload.groups;
    let name = |g: &WorkloadGroup| {
        let entry = view.catalog.systems.find(&g.system);
        entry.map_or_else(|| g.system.clone(), |e| e.name.clone())
    };
    let Some(shown) = groups.get(state.group) else { return };
    // A single system is named beside its figures.
    if groups.len() == 1 {
        return;
    }
    ComboBox::from_id_salt("system")
        .selected_text(name(shown))
        .show_ui(ui, |ui| {
            for (at, group) in groups.iter().enumerate() {
                ui.selectable_value(&mut state.group, at, name(group));
            }
        })
        .response
        .accessible_name("System shown");
}

/// A job without a front: training, or nothing that works.
fn no_front_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    group: Option<&WorkloadGroup>,
    asks: &mut Asks,
) {
    if let Some(training) = group.and_then(|g| g.training.as_ref()) {
        return reading::training_ui(ui, view, results, training);
    }
    let found = results.workload.findings.first();
    let (title, advice) = found.map_or_else(
        || ("Nothing is served".to_owned(), "place GPU racks on the floor".to_owned()),
        |f| (f.message.clone(), f.advice.clone()),
    );
    ui.add_space(8.0);
    if callout_ui(ui, &title, &advice, Some("All findings"), Ink::Bad, &view.theme) {
        asks.run(crate::ui::commands::Command::Tab(crate::ui::screens::Tab::Findings));
    }
}

#[cfg(test)]
mod tests;
