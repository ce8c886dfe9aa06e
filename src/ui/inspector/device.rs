//! One component of the power chain: what it carries, what it is rated for, and what the plan
//! overrides about it.

use super::field::{Change, Number};
use crate::evaluate::power::case::{Element, ElementKind, Rating};
use crate::evaluate::result::Results;
use crate::plan::{Edit, ElementOverride, Power};
use crate::ui::oneline::{Reading, loading_ink};
use crate::ui::state::Action;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Gauge, Ink, empty_ui, fact_ui, gauge_ui, small, strong};
use crate::units::display::{self, Shown};
use eframe::egui::{Button, RichText, Ui, vec2};

/// Full scale of the gauges, percent of the limit.
const SCALE_PCT: f64 = 125.0;

/// Shows the component.
pub fn device_ui(ui: &mut Ui, view: &View<'_>, name: &str, asks: &mut Asks) {
    let theme = &view.theme;
    let Some(results) = view.results else { return };
    let found = results.power_case.elements.iter().position(|e| e.name == name);
    let Some(at) = found else {
        ui.label(strong(name));
        return empty_ui(
            ui,
            "Not in this chain",
            "the power chain has no such component now",
            theme,
        );
    };
    let element = &results.power_case.elements[at];
    let Some(reading) = Reading::of(view, results, at) else { return };
    ui.horizontal(|ui| {
        ui.label(strong(name));
        ui.label(RichText::new(format!("· {}", element.kind.words())).color(theme.muted));
    });
    if let Some(state) = reading.state() {
        let ink = if reading.out || reading.tripped { theme.bad } else { theme.muted };
        ui.label(RichText::new(state).color(ink));
    }
    ui.add_space(4.0);
    figures_ui(ui, view, results, element, &reading);
    ui.separator();
    overrides_ui(ui, view, element, asks);
    ui.separator();
    ui.horizontal(|ui| {
        let words = if reading.out { "Put back" } else { "Fail" };
        let button = Button::new(words).min_size(vec2(88.0, crate::ui::theme::TOUCH));
        let hint = "Shift-click on the diagram does the same · Esc restores";
        if ui.add(button).on_hover_text(hint).clicked() {
            asks.actions.push(Action::Fail(name.to_owned()));
        }
        if ui.button("Select what it feeds").clicked() {
            asks.actions.push(Action::SelectFed);
        }
    });
}

fn figures_ui(
    ui: &mut Ui,
    view: &View<'_>,
    results: &Results,
    element: &Element,
    reading: &Reading<'_>,
) {
    let theme = &view.theme;
    if reading.rated() {
        let label = if reading.what_if { "Now" } else { "Normal" };
        use_ui(ui, label, reading.now_pct(), theme);
        use_ui(ui, "Worst outage", reading.worst_pct(), theme);
        if let Some(outage) = &reading.normal.worst_outage {
            fact_ui(ui, "in", &text(outage.clone()), Ink::Muted, theme);
        }
    }
    let plain = |ui: &mut Ui, label: &str, value: Shown| {
        fact_ui(ui, label, &value, Ink::Plain, theme);
    };
    let now = reading.now;
    plain(ui, "Output", display::power_w(now.p_out_w));
    plain(ui, "Current", display::of(now.i_a, "A", 3));
    plain(ui, "Voltage", display::si(now.v_pu * element.v_nominal_v, "V", 3));
    plain(ui, "Drop", display::percent(now.drop_percent));
    plain(ui, "Loss", display::power_w(now.loss_w));
    let of = |i: Option<usize>| {
        let found = i.and_then(|i| results.power_case.elements.get(i));
        found.map_or_else(|| display::NONE.to_owned(), |e| e.name.clone())
    };
    if element.parent.is_some() {
        plain(ui, "Supplied from", text(of(element.parent)));
    }
    if element.backup.is_some() {
        plain(ui, "Transfers to", text(of(element.backup)));
    }
    plain(ui, "Installed", text(installed_words(element)));
    if reading.rated() {
        let limit = format!(
            "{} of {}",
            display::percent(reading.normal.limit_fraction * 100.0),
            display::si(reading.normal.capacity, reading.normal.capacity_unit, 3)
        );
        fact_ui(ui, "Continuous limit", &text(limit), Ink::Plain, theme)
            .on_hover_text(&reading.normal.limit_source);
    }
}

fn use_ui(ui: &mut Ui, label: &str, pct: f64, theme: &Theme) {
    let ink = loading_ink(pct);
    let gauge = Gauge {
        label,
        value: Shown { number: display::percent(pct).to_string(), unit: "of limit".into() },
        parts: vec![(pct / SCALE_PCT, ink.colour(theme))],
        limit: Some(100.0 / SCALE_PCT),
        ink,
    };
    gauge_ui(ui, &gauge, theme);
}

const fn text(number: String) -> Shown {
    Shown { number, unit: String::new() }
}

fn installed_words(element: &Element) -> String {
    let Rating { p_w, s_va, i_a } = element.module_rating;
    let rating = match (p_w, s_va, i_a) {
        (Some(w), ..) => display::power_w(w).to_string(),
        (_, Some(va), _) => display::si(va, "VA", 3).to_string(),
        (_, _, Some(a)) => display::of(a, "A", 3).to_string(),
        _ => "no rating".to_owned(),
    };
    match element.spare_modules {
        0 => format!("{} × {rating}", element.modules),
        n => format!("{} × {rating}, {n} spare", element.modules),
    }
}

/// What the plan says instead of the generated values.
fn overrides_ui(ui: &mut Ui, view: &View<'_>, element: &Element, asks: &mut Asks) {
    let theme = &view.theme;
    let own = view.plan.power.overrides.get(&element.name).cloned().unwrap_or_default();
    ui.label(small("Overrides: what the plan says instead of the generated value", theme));
    let mut next = own.clone();
    let Rating { p_w, s_va, i_a } = element.module_rating;
    let (unit, generated) = match element.kind {
        ElementKind::Transformer => ("kVA", s_va.map(|v| v / 1e3)),
        _ => match (p_w, i_a) {
            (Some(w), _) => ("kW", Some(w / 1e3)),
            (None, a) => ("A", a),
        },
    };
    let source = |set: bool| if set { "set in this plan" } else { "generated" };
    let field = |ui: &mut Ui, label, unit, value, range, own: Option<f64>| {
        let number = Number::new(label, 0.0, unit, range).mixed(value);
        number.source(source(own.is_some()), own.is_some()).ui(ui, theme)
    };
    let rating = own.rating.or(generated);
    match field(ui, "Rating", unit, rating, (1e-3, 1e6), own.rating) {
        Some(Change::To(v)) => next.rating = Some(v),
        Some(Change::Reset) => next.rating = None,
        None => {}
    }
    let count = Some(f64::from(element.modules));
    match field(ui, "Count", "", count, (1.0, 1000.0), own.count.map(f64::from)) {
        Some(Change::To(v)) => next.count = Some(v.round() as u32),
        Some(Change::Reset) => next.count = None,
        None => {}
    }
    if has_length(element.kind) {
        let length = own.length_m.or(element.nameplate.length_m);
        match field(ui, "Length", "m", length, (0.1, 1e6), own.length_m) {
            Some(Change::To(v)) => next.length_m = Some(v),
            Some(Change::Reset) => next.length_m = None,
            None => {}
        }
    }
    if element.kind == ElementKind::Transformer {
        let tap = Some(own.tap_percent.unwrap_or(0.0));
        match field(ui, "Tap", "%", tap, (-10.0, 10.0), own.tap_percent) {
            Some(Change::To(v)) => next.tap_percent = Some(v),
            Some(Change::Reset) => next.tap_percent = None,
            None => {}
        }
    }
    if next != own {
        asks.edit(overriding(&view.plan.power, &element.name, next));
    }
}

const fn has_length(kind: ElementKind) -> bool {
    matches!(
        kind,
        ElementKind::Cable | ElementKind::Busway | ElementKind::MvFeeder | ElementKind::Switchboard
    )
}

/// The edit that overrides one component; without any value the override goes away.
fn overriding(power: &Power, name: &str, value: ElementOverride) -> Edit {
    let mut next = power.clone();
    if value == ElementOverride::default() {
        next.overrides.remove(name);
    } else {
        next.overrides.insert(name.to_owned(), value);
    }
    Edit::Batch { label: format!("Change {name}"), edits: vec![Edit::SetPower(next)] }
}
