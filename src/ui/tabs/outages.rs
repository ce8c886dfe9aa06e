//! Every examined outage: what it costs. A heading sorts, a click shows it as a what-if on the
//! one-line diagram and the floor.

use super::cell_ui;
use crate::evaluate::power::case::PowerCase;
use crate::evaluate::power::result::PowerResult;
use crate::evaluate::result::Results;
use crate::evaluate::snapshot::RackKind;
use crate::ui::state::Action;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::what_if::{elements_out, tokens_share};
use crate::ui::widgets::{Ink, empty_ui, small};
use crate::units::display;
use eframe::egui::{self, Align, Button, Layout, RichText, Sense, TextEdit, Ui};
use egui_extras::{Column, TableBuilder};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns from left to right.
const HEADINGS: [&str; 8] = [
    "Outage",
    "Racks lost",
    "Other loads lost",
    "Power lost",
    "tok/s lost, share of racks",
    "Worst element",
    "of limit",
    "Tripped",
];

/// How the table is sorted and filtered, and its rows as long as the answer is the same.
#[derive(Debug, Default)]
pub struct OutagesState {
    /// Column and whether the largest is first; none keeps the most severe first.
    sort: Option<(usize, bool)>,
    filter: String,
    rows: Vec<Row>,
    of: Option<(Arc<PowerResult>, u64)>,
}

/// One outage.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    racks: usize,
    others: usize,
    lost_w: f64,
    tokens: Option<f64>,
    worst: String,
    /// Loading of the worst element, percent of its continuous limit.
    worst_pct: f64,
    tripped: String,
}

/// Shows filter and table.
pub fn outages_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    state: &mut OutagesState,
    asks: &mut Asks,
) {
    ui.set_opacity(view.result_opacity());
    state.refresh(results);
    let rows = state.shown();
    ui.horizontal(|ui| {
        let edit = TextEdit::singleline(&mut state.filter).hint_text("Filter by name…");
        ui.add(edit.desired_width(200.0)).accessible_name("Filter outages");
        let losing = state.rows.iter().filter(|r| r.racks > 0).count();
        let words = format!(
            "{} of {} outages · {losing} lose racks · a click shows one on diagram and floor",
            rows.len(),
            state.rows.len()
        );
        ui.label(small(words, &view.theme));
    });
    if rows.is_empty() {
        return empty_ui(ui, "No such outage", "change the filter", &view.theme);
    }
    table_ui(ui, view, &results.power_case, state, &rows, asks);
}

fn table_ui(
    ui: &mut Ui,
    view: &View<'_>,
    case: &PowerCase,
    state: &mut OutagesState,
    rows: &[usize],
    asks: &mut Asks,
) {
    TableBuilder::new(ui)
        .id_salt("outages")
        .sense(Sense::click())
        .resizable(true)
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(170.0).at_least(90.0).clip(true))
        .column(Column::initial(84.0).at_least(60.0).clip(true))
        .column(Column::initial(116.0).at_least(60.0).clip(true))
        .column(Column::initial(92.0).at_least(60.0).clip(true))
        .column(Column::initial(176.0).at_least(70.0).clip(true))
        .column(Column::initial(130.0).at_least(70.0).clip(true))
        .column(Column::initial(72.0).at_least(52.0).clip(true))
        .column(Column::remainder().clip(true))
        .header(theme::ROW, |mut header| {
            for (column, name) in HEADINGS.into_iter().enumerate() {
                header.col(|ui| heading_ui(ui, view, column, name, &mut state.sort));
            }
        })
        .body(|body| {
            body.rows(theme::ROW, rows.len(), |mut row| {
                let outage = &state.rows[rows[row.index()]];
                row.set_selected(view.what_if.shows(&outage.name));
                for (text, ink) in cells(outage) {
                    row.col(|ui| cell_ui(ui, text, ink, view));
                }
                let response = row.response();
                response.widget_info(|| {
                    let words = format!("Outage {}", outage.name);
                    egui::WidgetInfo::labeled(egui::Role::Button, true, words)
                });
                if response.clicked() {
                    asks.actions.extend(shown(view, case, outage));
                }
            });
        });
}

/// What a click does: shows the outage, or the normal state again.
fn shown(view: &View<'_>, case: &PowerCase, outage: &Row) -> Option<Action> {
    if view.what_if.shows(&outage.name) {
        return Some(Action::Restore);
    }
    let out = elements_out(case, &outage.name)?;
    Some(Action::FailAll(outage.name.clone(), out))
}

fn cells(row: &Row) -> [(String, Ink); 8] {
    let lost = |n: usize| if n > 0 { Ink::Bad } else { Ink::Muted };
    let none = || display::NONE.to_owned();
    let power = if row.lost_w > 0.0 { display::power_w(row.lost_w).to_string() } else { none() };
    let tokens = match row.tokens {
        Some(t) if t > 0.0 => format!("−{}", display::tokens_s(t)),
        _ => none(),
    };
    let worst_ink = if row.worst.is_empty() { Ink::Muted } else { Ink::of_use(row.worst_pct) };
    let pct =
        if row.worst.is_empty() { none() } else { display::percent(row.worst_pct).to_string() };
    [
        (row.name.clone(), Ink::Plain),
        (row.racks.to_string(), lost(row.racks)),
        (row.others.to_string(), lost(row.others)),
        (power, if row.lost_w > 0.0 { Ink::Plain } else { Ink::Muted }),
        (tokens, if row.racks > 0 { Ink::Plain } else { Ink::Muted }),
        (row.worst.clone(), Ink::Plain),
        (pct, worst_ink),
        (row.tripped.clone(), Ink::Bad),
    ]
}

fn heading_ui(
    ui: &mut Ui,
    view: &View<'_>,
    column: usize,
    name: &str,
    sort: &mut Option<(usize, bool)>,
) {
    let arrow = match sort {
        Some((at, true)) if *at == column => egui_phosphor::regular::CARET_DOWN,
        Some((at, false)) if *at == column => egui_phosphor::regular::CARET_UP,
        _ => "",
    };
    let text = RichText::new(format!("{name} {arrow}")).small().color(view.theme.muted);
    let button = Button::new(text).frame(false).truncate();
    if ui.add(button).accessible_name(format!("Sort outages by {name}")).clicked() {
        // Words rise first, losses fall first: the worst is what one looks for.
        let words = matches!(column, 0 | 5 | 7);
        *sort = match *sort {
            Some((at, falling)) if at == column => Some((column, !falling)),
            _ => Some((column, !words)),
        };
    }
}

impl OutagesState {
    /// Rows of the latest answer.
    fn refresh(&mut self, results: &Results) {
        let known = self.of.as_ref();
        if known.is_some_and(|(p, n)| Arc::ptr_eq(p, &results.power) && *n == results.revision) {
            return;
        }
        self.rows = rows(results);
        self.of = Some((Arc::clone(&results.power), results.revision));
    }

    /// Places of the rows that pass the filter, in order.
    fn shown(&self) -> Vec<usize> {
        let wanted = self.filter.trim().to_lowercase();
        let passes = |r: &Row| {
            wanted.is_empty()
                || r.name.to_lowercase().contains(&wanted)
                || r.worst.to_lowercase().contains(&wanted)
        };
        let mut order: Vec<usize> =
            (0..self.rows.len()).filter(|i| passes(&self.rows[*i])).collect();
        let (column, falling) = self.sort.unwrap_or((1, true));
        order.sort_by(|a, b| {
            let (a, b) = (&self.rows[*a], &self.rows[*b]);
            let by = match column {
                0 => a.name.cmp(&b.name),
                1 => a.racks.cmp(&b.racks).then(a.worst_pct.total_cmp(&b.worst_pct)),
                2 => a.others.cmp(&b.others),
                3 => a.lost_w.total_cmp(&b.lost_w),
                4 => a.tokens.unwrap_or(0.0).total_cmp(&b.tokens.unwrap_or(0.0)),
                5 => a.worst.cmp(&b.worst),
                6 => a.worst_pct.total_cmp(&b.worst_pct),
                _ => a.tripped.cmp(&b.tripped),
            };
            if falling { by.reverse() } else { by }
        });
        order
    }
}

/// Every examined outage but the normal state.
fn rows(results: &Results) -> Vec<Row> {
    let power = &results.power;
    let limits: BTreeMap<&str, f64> =
        power.elements.iter().map(|e| (e.name.as_str(), e.limit_fraction)).collect();
    let mut compute_lost: BTreeMap<&str, usize> = BTreeMap::new();
    for load in &power.loads {
        let rack = load.object.and_then(|id| results.rack(id));
        if rack.is_some_and(|r| r.kind == RackKind::Compute) {
            for name in &load.lost_in {
                *compute_lost.entry(name.as_str()).or_default() += 1;
            }
        }
    }
    let row = |s: &crate::evaluate::power::result::ScenarioSummary| {
        let worst = s.worst_element.clone().unwrap_or_default();
        let limit = limits.get(worst.as_str()).copied().unwrap_or(1.0);
        Row {
            name: s.name.clone(),
            racks: s.racks_lost,
            others: s.other_loads_lost,
            lost_w: s.lost_w,
            tokens: tokens_share(results, compute_lost.get(s.name.as_str()).copied().unwrap_or(0)),
            worst,
            worst_pct: s.worst_loading / limit * 100.0,
            tripped: s.tripped.join(", "),
        }
    };
    power.scenarios.iter().skip(1).map(row).collect()
}
