//! Where the money goes: the yearly waterfall, capital by subsystem, what moves the cost.

use crate::evaluate::economics::{CostPart, Subsystem};
use crate::evaluate::result::Results;
use crate::ui::theme::Theme;
use crate::ui::view::View;
use crate::ui::widgets::{Bar, Ink, bars_ui, callout_ui, section_title_ui, tornado_ui};
use crate::units::display;
use eframe::egui::{Color32, ScrollArea, Ui};

/// Shows three columns.
pub fn costs_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    ui.set_opacity(view.result_opacity());
    ui.columns_const(|[yearly, capital, tornado]| {
        column(yearly, "waterfall", |ui| waterfall_ui(ui, view, results));
        column(capital, "capital", |ui| capital_ui(ui, view, results));
        column(tornado, "tornado", |ui| movers_ui(ui, view, results));
    });
}

fn column(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().id_salt(name).auto_shrink(false).show(ui, content);
}

fn waterfall_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    let (theme, economics) = (&view.theme, &results.economics);
    let note = format!("{} a year, base values", display::usd(economics.annual_usd));
    section_title_ui(ui, "Cost of a year", &note, theme);
    let total: f64 = economics.waterfall.iter().map(|s| s.usd_year).sum();
    let bars: Vec<Bar> = economics
        .waterfall
        .iter()
        .filter(|s| s.usd_year != 0.0)
        .map(|step| Bar {
            label: part_name(&step.part),
            share: step.usd_year / total,
            value: display::usd(step.usd_year),
            colour: part_colour(&step.part, theme),
            ink: theme.text,
            note: step
                .usd_gpu_h
                .map_or_else(String::new, |v| format!("{} per GPU-hour", display::usd(v))),
        })
        .collect();
    bars_ui(ui, &bars, theme);
}

fn capital_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    let (theme, economics) = (&view.theme, &results.economics);
    let capex = economics.capex_usd;
    let range = display::band(capex.low, capex.high, display::usd);
    section_title_ui(ui, "Capital", &format!("{} · {range}", display::usd(capex.base)), theme);
    let bars: Vec<Bar> = economics
        .capex
        .iter()
        .map(|line| Bar {
            label: line.subsystem.name().into(),
            share: line.usd.base / capex.base,
            value: display::usd(line.usd.base),
            colour: subsystem_colour(line.subsystem, theme),
            ink: theme.text,
            note: match line.unpriced_lines {
                0 => display::band(line.usd.low, line.usd.high, display::usd),
                n => format!("{n} lines are unpriced and left out"),
            },
        })
        .collect();
    bars_ui(ui, &bars, theme);
    if !economics.unpriced.is_empty() {
        ui.add_space(8.0);
        let items: Vec<String> = economics
            .unpriced
            .iter()
            .map(|u| format!("{} {} {}", display::sig(u.quantity, 3), u.unit, u.item))
            .collect();
        let title = format!("{} items without a price", items.len());
        callout_ui(ui, &title, &items.join("\n"), None, Ink::Warn, theme);
    }
}

/// The tornado, also shown beside the trade-offs.
pub fn movers_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    let theme = &view.theme;
    section_title_ui(ui, "What moves the cost", "P10–P90 of each input", theme);
    let economics = &results.economics;
    let headline = economics.usd_per_mtok.or(economics.usd_per_gpu_h);
    let base = headline.map_or(0.0, |p| p.base);
    let swings: Vec<_> = economics
        .tornado
        .iter()
        .take(10)
        .filter(|bar| bar.swing() > 0.0 && base > 0.0)
        .map(|bar| {
            let change = |at: f64| (at - base) / base * 100.0;
            let (low, high) = (change(bar.at_low), change(bar.at_high));
            let (down, up) = (low.min(high), low.max(high));
            let note = format!("{} … {} %", display::signed(down, 2), display::signed(up, 2));
            (bar.input.clone(), down, up, note)
        })
        .collect();
    tornado_ui(ui, &swings, theme);
}

fn part_name(part: &CostPart) -> String {
    match part {
        CostPart::Capital(subsystem) => format!("{} capital", subsystem.name()),
        CostPart::Opex(name) => name.clone(),
        CostPart::Energy => "Electricity".into(),
        CostPart::Demand => "Demand charge".into(),
        CostPart::Water => "Water".into(),
        CostPart::Carbon => "Carbon".into(),
    }
}

const fn part_colour(part: &CostPart, theme: &Theme) -> Color32 {
    match part {
        CostPart::Capital(subsystem) => subsystem_colour(*subsystem, theme),
        CostPart::Energy | CostPart::Demand => theme.power,
        CostPart::Water => theme.cooling,
        CostPart::Opex(_) | CostPart::Carbon => theme.muted,
    }
}

const fn subsystem_colour(subsystem: Subsystem, theme: &Theme) -> Color32 {
    match subsystem {
        Subsystem::Compute => theme.compute,
        Subsystem::Network | Subsystem::Storage => theme.network,
        Subsystem::Power => theme.power,
        Subsystem::Cooling => theme.cooling,
        Subsystem::Building | Subsystem::Other => theme.muted,
    }
}
