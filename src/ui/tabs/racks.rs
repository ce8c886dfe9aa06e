//! One line per rack; a click on a heading sorts, a click on a line selects and reveals.

use super::cell_ui;
use crate::evaluate::result::{RackSummary, Results};
use crate::ui::theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, severity_mark};
use crate::units::display;
use eframe::egui::{self, Align, Button, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use std::cmp::Ordering;

/// How the table is sorted.
#[derive(Clone, Copy, Debug, Default)]
pub struct RacksState {
    column: usize,
    descending: bool,
}

/// A column: heading, text, sort key (by number where there is one), status.
struct Figure {
    heading: &'static str,
    text: fn(&RackSummary) -> String,
    key: fn(&RackSummary) -> Option<f64>,
    ink: fn(&RackSummary) -> Ink,
}

const fn plain(_: &RackSummary) -> Ink {
    Ink::Plain
}

fn inlet_ink(r: &RackSummary) -> Ink {
    match r.inlet_max_c {
        Some(t) if t > r.inlet_limit_c => Ink::Bad,
        _ => Ink::Plain,
    }
}

fn flow_pct(r: &RackSummary) -> Option<f64> {
    Some(r.coolant_l_min? / r.coolant_required_l_min? * 100.0)
}

const FIGURES: [Figure; 9] = [
    Figure {
        heading: "kW",
        text: |r| display::sig(r.electric_kw, 3),
        key: |r| Some(r.electric_kw),
        ink: plain,
    },
    Figure {
        heading: "air kW",
        text: |r| display::sig(r.air_kw, 3),
        key: |r| Some(r.air_kw),
        ink: plain,
    },
    Figure {
        heading: "inlet °C",
        text: |r| r.inlet_max_c.map_or_else(|| display::NONE.into(), |t| display::fixed(t, 1)),
        key: |r| r.inlet_max_c,
        ink: inlet_ink,
    },
    Figure {
        heading: "margin K",
        text: |r| {
            r.inlet_max_c
                .map_or_else(|| display::NONE.into(), |t| display::fixed(r.inlet_limit_c - t, 1))
        },
        key: |r| r.inlet_max_c.map(|t| r.inlet_limit_c - t),
        ink: inlet_ink,
    },
    Figure {
        heading: "coolant",
        text: |r| {
            flow_pct(r).map_or_else(|| display::NONE.into(), |p| display::percent(p).to_string())
        },
        key: flow_pct,
        ink: |r| if flow_pct(r).is_some_and(|p| p < 99.95) { Ink::Bad } else { Ink::Plain },
    },
    Figure {
        heading: "feed, outage",
        text: |r| {
            r.feed_worst_pct
                .map_or_else(|| display::NONE.into(), |p| display::percent(p).to_string())
        },
        key: |r| r.feed_worst_pct,
        ink: |r| r.feed_worst_pct.map_or(Ink::Plain, Ink::of_use),
    },
    Figure {
        heading: "clock",
        text: |r| display::percent(r.clock * 100.0).to_string(),
        key: |r| Some(r.clock),
        ink: |r| if r.clock < 0.995 { Ink::Warn } else { Ink::Plain },
    },
    Figure {
        heading: "tok/s",
        text: |r| r.tok_s.map_or_else(|| display::NONE.into(), |t| display::fixed(t, 0)),
        key: |r| r.tok_s,
        ink: plain,
    },
    Figure {
        heading: "price",
        text: |r| display::usd_or_unpriced(r.price_usd),
        key: |r| r.price_usd,
        ink: |r| if r.price_usd.is_none() { Ink::Warn } else { Ink::Plain },
    },
];

/// Shows the table.
pub fn racks_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    state: &mut RacksState,
    asks: &mut Asks,
) {
    ui.set_opacity(view.result_opacity());
    let rows = sorted(&results.racks, *state);
    TableBuilder::new(ui)
        .id_salt("racks")
        .sense(Sense::click())
        .resizable(true)
        .auto_shrink(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(84.0).at_least(60.0).clip(true))
        .column(Column::initial(190.0).at_least(80.0).clip(true))
        .columns(Column::initial(82.0).at_least(52.0).clip(true), FIGURES.len())
        .column(Column::remainder().clip(true))
        .header(theme::ROW, |mut header| {
            let names = ["Rack", "Contents"].into_iter().chain(FIGURES.iter().map(|f| f.heading));
            for (i, name) in names.enumerate() {
                header.col(|ui| heading_ui(ui, view, i, name, state));
            }
            header.col(|_| {});
        })
        .body(|body| {
            body.rows(theme::ROW, rows.len(), |mut row| {
                let rack = rows[row.index()];
                row.set_selected(view.selection.contains(&rack.id));
                row.col(|ui| name_ui(ui, view, rack));
                row.col(|ui| cell_ui(ui, rack.contents.as_str(), Ink::Muted, view));
                for figure in &FIGURES {
                    row.col(|ui| cell_ui(ui, (figure.text)(rack), (figure.ink)(rack), view));
                }
                row.col(|_| {});
                let response = row.response();
                response.widget_info(|| {
                    let words = format!("Rack {}", rack.name);
                    egui::WidgetInfo::labeled(egui::Role::Button, true, words)
                });
                if response.clicked() {
                    asks.reveal(rack.id);
                }
            });
        });
}

fn name_ui(ui: &mut Ui, view: &View<'_>, rack: &RackSummary) {
    if let Some(severity) = rack.worst_finding {
        let (mark, word, ink) = severity_mark(severity);
        let mark = RichText::new(mark).color(ink.colour(&view.theme));
        ui.label(mark).on_hover_text(word);
    }
    cell_ui(ui, rack.name.as_str(), Ink::Plain, view);
}

fn heading_ui(ui: &mut Ui, view: &View<'_>, column: usize, name: &str, state: &mut RacksState) {
    let arrow = match (state.column == column, state.descending) {
        (true, true) => egui_phosphor::regular::CARET_DOWN,
        (true, false) => egui_phosphor::regular::CARET_UP,
        (false, _) => "",
    };
    let text = RichText::new(format!("{name} {arrow}")).small().color(view.theme.muted);
    let clicked =
        ui.add(Button::new(text).frame(false)).accessible_name(format!("Sort by {name}")).clicked();
    if clicked {
        state.descending = state.column == column && !state.descending;
        state.column = column;
    }
}

/// Racks in the chosen order; ties by identity, missing figures last.
fn sorted(racks: &[RackSummary], state: RacksState) -> Vec<&RackSummary> {
    let mut rows: Vec<&RackSummary> = racks.iter().collect();
    let order = |a: &RackSummary, b: &RackSummary| match state.column {
        0 => a.name.cmp(&b.name),
        1 => a.contents.cmp(&b.contents),
        n => {
            let key = FIGURES.get(n - 2).map_or(FIGURES[0].key, |f| f.key);
            match (key(a), key(b)) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            }
        }
    };
    rows.sort_by(|a, b| {
        let by_key = order(a, b);
        let by_key = if state.descending { by_key.reverse() } else { by_key };
        by_key.then(Ordering::Equal).then(a.id.cmp(&b.id))
    });
    rows
}
