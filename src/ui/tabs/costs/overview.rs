//! Where the money goes: the waterfall of a GPU-hour, capital by subsystem, what moves the cost.

use crate::evaluate::economics::Headline;
use crate::evaluate::result::Results;
use crate::render::chart::money::{System, swings, waterfall};
use crate::ui::commands::Command;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{
    Bar, Ink, StepBar, bars_ui, callout_ui, section_title_ui, small, squeeze, tornado_ui,
    waterfall_ui,
};
use crate::units::display;
use eframe::egui::{Color32, ScrollArea, Ui};

/// Bars of the tornado.
const MOVERS: usize = 12;

/// Shows three columns.
pub fn overview_ui(ui: &mut Ui, view: &View<'_>, results: &Results, asks: &mut Asks) {
    let economics = &results.economics;
    let steps = economics.waterfall.iter().filter(|s| s.usd_year != 0.0).count() + 1;
    let movers = swings(economics, MOVERS).len();
    let height = ui.available_height();
    ui.columns_const(|[hour, capital, tornado]| {
        column(hour, "waterfall", (height, steps), |ui| steps_ui(ui, view, results, asks));
        let parts = economics.capex.len();
        column(capital, "capital", (height, parts), |ui| capital_ui(ui, view, results, asks));
        column(tornado, "tornado", (height, movers), |ui| movers_ui(ui, view, results));
    });
}

/// A column of so many rows in so much height.
fn column(ui: &mut Ui, name: &str, (height, rows): (f32, usize), content: impl FnOnce(&mut Ui)) {
    ScrollArea::vertical().id_salt(name).auto_shrink(false).show(ui, |ui| {
        squeeze(ui, height, rows, 1);
        content(ui);
    });
}

/// A heading with its figure, and the way to the figure's formula.
fn explained_ui(
    ui: &mut Ui,
    view: &View<'_>,
    (title, note): (&str, &str),
    headline: Headline,
    asks: &mut Asks,
) {
    ui.horizontal(|ui| {
        section_title_ui(ui, title, note, &view.theme);
        let name = format!("Explain {}", headline.label());
        if ui.link(small("Explain", &view.theme)).accessible_name(name).clicked() {
            asks.run(Command::Explain(headline));
        }
    });
}

fn steps_ui(ui: &mut Ui, view: &View<'_>, results: &Results, asks: &mut Asks) {
    let (theme, economics) = (&view.theme, &results.economics);
    let per_hour = economics.usd_per_gpu_h;
    let title = if per_hour.is_some() { "Cost of a sold GPU-hour" } else { "Cost of a year" };
    let whole = per_hour.map_or(economics.annual_usd, |p| p.base);
    let range = per_hour.map(|p| display::band(p.p10, p.p90, display::usd));
    let note = range.map_or_else(String::new, |r| format!(" · P10–P90 {r}"));
    let headline = if per_hour.is_some() { Headline::UsdPerGpuH } else { Headline::AnnualUsd };
    let note = format!("{}{note}", display::usd(whole));
    explained_ui(ui, view, (title, &note), headline, asks);
    let mut steps: Vec<StepBar> = waterfall(economics)
        .into_iter()
        .map(|step| StepBar {
            value: display::usd(step.usd()),
            colour: system_colour(step.system, theme),
            note: format!(
                "{}: {} of the cost, {} a year",
                step.label,
                display::percent(step.usd() / whole * 100.0),
                display::usd(step.usd_year)
            ),
            label: step.label,
            from: step.from,
            to: step.to,
        })
        .collect();
    let name = if per_hour.is_some() { "A sold GPU-hour" } else { "A year" };
    steps.push(StepBar {
        label: name.into(),
        from: 0.0,
        to: whole,
        value: display::usd(whole),
        colour: theme.text,
        note: String::new(),
    });
    waterfall_ui(ui, &steps, theme);
}

fn capital_ui(ui: &mut Ui, view: &View<'_>, results: &Results, asks: &mut Asks) {
    let (theme, economics) = (&view.theme, &results.economics);
    let capex = economics.capex_usd;
    let range = display::band(capex.low, capex.high, display::usd);
    let note = format!("{} · {range}", display::usd(capex.base));
    explained_ui(ui, view, ("Capital", &note), Headline::CapexUsd, asks);
    let bars: Vec<Bar> = economics
        .capex
        .iter()
        .map(|line| Bar {
            label: line.subsystem.name().into(),
            share: line.usd.base / capex.base,
            value: display::usd(line.usd.base),
            colour: system_colour(System::of(line.subsystem), theme),
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
    let swings: Vec<_> = swings(&results.economics, MOVERS)
        .into_iter()
        .map(|bar| {
            let (down, up) = (bar.at_low.min(bar.at_high), bar.at_low.max(bar.at_high));
            let note = format!("{} … {} %", display::signed(down, 2), display::signed(up, 2));
            (bar.input, down, up, note)
        })
        .collect();
    tornado_ui(ui, &swings, theme);
}

const fn system_colour(system: System, theme: &Theme) -> Color32 {
    match system {
        System::Compute => theme.compute,
        System::Network => theme.network,
        System::Power => theme.power,
        System::Cooling => theme.cooling,
        System::Other => theme.muted,
    }
}
