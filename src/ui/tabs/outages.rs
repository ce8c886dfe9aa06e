//! Every examined outage: what it costs. A heading sorts, a click shows it as a what-if on the
//! one-line diagram and the floor.

use super::cell_ui;
use crate::evaluate::power::resilience::{OutageRow, ResilienceResult};
use crate::evaluate::result::Results;
use crate::plan::ObjectId;
use crate::ui::state::Action;
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, empty_ui, small};
use crate::units::display;
use eframe::egui::{self, Align, Button, Layout, RichText, Sense, TextEdit, Ui};
use egui_extras::{Column, TableBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Columns from left to right.
const HEADINGS: [&str; 9] = [
    "Outage",
    "Racks lost",
    "Other loads lost",
    "Power lost",
    "tok/s lost until restart",
    "Tokens lost a year",
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
    of: Option<Arc<ResilienceResult>>,
}

/// One outage.
#[derive(Clone, Debug)]
struct Row {
    name: String,
    /// Elements that fail and that trip in the wake.
    out: BTreeSet<String>,
    racks: usize,
    others: usize,
    lost_w: f64,
    /// Output lost until jobs are restarted, tokens/s.
    tokens: f64,
    /// Expected loss, tokens a year.
    a_year: Option<f64>,
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
    table_ui(ui, view, state, &rows, asks);
}

fn table_ui(
    ui: &mut Ui,
    view: &View<'_>,
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
        .column(Column::initial(150.0).at_least(70.0).clip(true))
        .column(Column::initial(120.0).at_least(70.0).clip(true))
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
                    asks.actions.push(shown(view, outage));
                }
            });
        });
}

/// What a click does: shows the outage, or the normal state again.
fn shown(view: &View<'_>, outage: &Row) -> Action {
    if view.what_if.shows(&outage.name) {
        Action::Restore
    } else {
        Action::FailAll(outage.name.clone(), outage.out.clone())
    }
}

fn cells(row: &Row) -> [(String, Ink); 9] {
    let lost = |n: usize| if n > 0 { Ink::Bad } else { Ink::Muted };
    let none = || display::NONE.to_owned();
    let power = if row.lost_w > 0.0 { display::power_w(row.lost_w).to_string() } else { none() };
    let tokens =
        if row.tokens > 0.0 { format!("−{}", display::tokens_s(row.tokens)) } else { none() };
    let a_year = row.a_year.filter(|t| *t > 0.0);
    let a_year = a_year.map_or_else(none, |t| display::si(t, "tok", 3).to_string());
    let worst_ink = if row.worst.is_empty() { Ink::Muted } else { Ink::of_use(row.worst_pct) };
    let pct =
        if row.worst.is_empty() { none() } else { display::percent(row.worst_pct).to_string() };
    [
        (row.name.clone(), Ink::Plain),
        (row.racks.to_string(), lost(row.racks)),
        (row.others.to_string(), lost(row.others)),
        (power, if row.lost_w > 0.0 { Ink::Plain } else { Ink::Muted }),
        (tokens, if row.tokens > 0.0 { Ink::Plain } else { Ink::Muted }),
        (a_year, Ink::Plain),
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
        let words = matches!(column, 0 | 6 | 8);
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
        if known.is_some_and(|r| Arc::ptr_eq(r, &results.resilience)) {
            return;
        }
        self.rows = rows(results);
        self.of = Some(Arc::clone(&results.resilience));
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
        let (column, falling) = self.sort.unwrap_or((4, true));
        order.sort_by(|a, b| {
            let (a, b) = (&self.rows[*a], &self.rows[*b]);
            let by = match column {
                0 => a.name.cmp(&b.name),
                1 => a.racks.cmp(&b.racks),
                2 => a.others.cmp(&b.others),
                3 => a.lost_w.total_cmp(&b.lost_w),
                5 => a.a_year.unwrap_or(0.0).total_cmp(&b.a_year.unwrap_or(0.0)),
                6 => a.worst.cmp(&b.worst),
                7 => a.worst_pct.total_cmp(&b.worst_pct),
                8 => a.tripped.cmp(&b.tripped),
                _ => a.tokens.total_cmp(&b.tokens).then(a.worst_pct.total_cmp(&b.worst_pct)),
            };
            if falling { by.reverse() } else { by }
        });
        order
    }
}

/// Every examined outage.
fn rows(results: &Results) -> Vec<Row> {
    let power = &results.power;
    let limits: BTreeMap<&str, f64> =
        power.elements.iter().map(|e| (e.name.as_str(), e.limit_fraction)).collect();
    let draws: BTreeMap<ObjectId, f64> =
        power.loads.iter().filter_map(|l| Some((l.object?, l.p_w))).collect();
    let row = |o: &OutageRow| {
        let worst = o.worst_element.clone().unwrap_or_default();
        let limit = limits.get(worst.as_str()).copied().unwrap_or(1.0);
        let racks_w: f64 = o.dark.iter().filter_map(|id| draws.get(id)).sum();
        Row {
            name: o.name.clone(),
            out: o.elements.iter().chain(&o.tripped).cloned().collect(),
            racks: o.racks_lost,
            others: o.mechanical_lost,
            lost_w: racks_w + o.mechanical_lost_kw * 1e3,
            tokens: o.tokens_lost_per_s,
            a_year: o.tokens_lost_per_year,
            worst,
            worst_pct: o.worst_loading / limit * 100.0,
            tripped: o.tripped.join(", "),
        }
    };
    results.resilience.outages.iter().map(row).collect()
}
