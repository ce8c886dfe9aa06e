//! The power chain, element by element: normal state and worst outage against the limit.

use super::{cell_ui, column_ui};
use crate::evaluate::power::result::ElementResult;
use crate::evaluate::result::Results;
use crate::ui::theme;
use crate::ui::view::View;
use crate::ui::widgets::Ink;
use crate::units::display;
use eframe::egui::{Align, Layout, Ui};
use egui_extras::{Column, TableBuilder};

const HEADINGS: [&str; 8] =
    ["Element", "Feed", "Load", "Loss", "Drop", "Normal", "Worst", "Worst outage · limit"];

/// Shows the table.
pub fn power_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    ui.set_opacity(view.result_opacity());
    let elements = &results.power.elements;
    TableBuilder::new(ui)
        .id_salt("power")
        .resizable(true)
        .auto_shrink(false)
        .min_scrolled_height(0.0)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(150.0).at_least(80.0).clip(true))
        .columns(Column::initial(84.0).at_least(52.0).clip(true), 6)
        .column(Column::remainder().clip(true))
        .header(theme::ROW, |mut header| {
            for name in HEADINGS {
                header.col(|ui| column_ui(ui, name, view));
            }
        })
        .body(|body| {
            body.rows(theme::ROW, elements.len(), |mut row| {
                let element = &elements[row.index()];
                let cells = cells(element);
                for (text, ink) in cells {
                    row.col(|ui| cell_ui(ui, text, ink, view));
                }
            });
        });
}

fn cells(e: &ElementResult) -> [(String, Ink); 8] {
    let pct = |share: f64| display::percent(share * 100.0).to_string();
    let rated = e.capacity > 0.0 && !e.capacity_unit.is_empty();
    let use_cell = |share: f64| {
        if rated {
            (pct(share), Ink::of_use(share * 100.0))
        } else {
            (display::NONE.into(), Ink::Muted)
        }
    };
    let outage = e.worst_outage.as_deref().unwrap_or("normal state");
    let limit = if rated {
        let rating = display::si(e.capacity, e.capacity_unit, 3);
        format!("{outage} · {} of {rating} ({})", pct(e.limit_fraction), e.limit_source)
    } else {
        String::new()
    };
    let name = if e.live { e.name.clone() } else { format!("{} (not energised)", e.name) };
    [
        (name, if e.live { Ink::Plain } else { Ink::Muted }),
        (e.feed.clone(), Ink::Muted),
        (display::power_w(e.p_out_w).to_string(), Ink::Plain),
        (display::power_w(e.loss_w).to_string(), Ink::Plain),
        (display::percent(e.drop_percent).to_string(), Ink::Plain),
        use_cell(e.normal_of_limit()),
        use_cell(e.worst_of_limit()),
        (limit, Ink::Muted),
    ]
}
