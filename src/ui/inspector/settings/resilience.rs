//! Standby supply, load swings and provisioning: numbers that the plan may state. An empty one is
//! the catalogue's or a planning figure, and can be put back to it.

use crate::plan::{Edit, Power, Resilience};
use crate::ui::inspector::field::{Change, Number, switch_ui};
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::small;
use eframe::egui::Ui;

/// Label, where the number stands, unit, range, and what holds while it is empty.
type Field =
    (&'static str, fn(&mut Resilience) -> &mut Option<f64>, &'static str, (f64, f64), &'static str);

const FIELDS: [Field; 14] = [
    (
        "UPS battery",
        |r| &mut r.standby.battery_min,
        "min",
        (0.0, 1e4),
        "the UPS entry, at full load",
    ),
    ("Generator start", |r| &mut r.standby.start_s, "s", (0.0, 3600.0), "the entry, or NFPA 110"),
    ("Generator step", |r| &mut r.standby.max_step_pct, "%", (1.0, 100.0), "the entry, or 60 %"),
    ("Swing: peak", |r| &mut r.swing.peak_pct, "%", (0.0, 250.0), "100 % of design"),
    ("Swing: trough", |r| &mut r.swing.trough_pct, "%", (0.0, 250.0), "from the idle power"),
    ("Swing: period", |r| &mut r.swing.period_s, "s", (0.001, 86_400.0), "the job's step time"),
    (
        "Rack storage",
        |r| &mut r.swing.storage_j_per_gpu,
        "J/GPU",
        (0.0, 1e7),
        "none; GB300 about 65",
    ),
    ("Power floor", |r| &mut r.swing.floor_pct, "%", (0.0, 100.0), "none"),
    ("Ramp limit", |r| &mut r.swing.ramp_limit_mw_s, "MW/s", (0.0, 1e6), "no limit stated"),
    ("Swing limit", |r| &mut r.swing.range_limit_mw, "MW", (0.0, 1e5), "no limit stated"),
    (
        "Short circuit",
        |r| &mut r.swing.short_circuit_mva,
        "MVA",
        (0.1, 1e6),
        "15 times the contract",
    ),
    ("Rack power cap", |r| &mut r.provision.cap_pct, "%", (1.0, 100.0), "none"),
    ("Power spread", |r| &mut r.provision.spread_pct, "%", (0.0, 100.0), "5 % of design"),
    ("Risk accepted", |r| &mut r.provision.risk_pct, "%", (1e-7, 50.0), "0.01 % of the time"),
];

/// The fields, as the lower part of the power section.
pub fn resilience_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme: &Theme = &view.theme;
    let power = view.plan.power.as_ref();
    let mut next: Power = power.clone();
    ui.label(small("standby, load swings, provisioning", theme));
    for (label, of, unit, range, otherwise) in FIELDS {
        let value = of(&mut next.resilience);
        let source = if value.is_some() { "set in this plan" } else { otherwise };
        let number = Number::new(label, 0.0, unit, range)
            .mixed(*value)
            .source(source.to_owned(), value.is_some());
        match number.ui(ui, theme) {
            Some(Change::To(typed)) => *value = Some(typed),
            Some(Change::Reset) => *value = None,
            None => {}
        }
    }
    let standby = &mut next.resilience.standby;
    let walk_in = standby.walk_in.unwrap_or(true);
    if let Some(on) = switch_ui(ui, "UPS walk-in", Some(walk_in), theme) {
        standby.walk_in = Some(on);
    }
    let sleeping = standby.module_shedding;
    if let Some(on) = switch_ui(ui, "UPS modules sleep", Some(sleeping), theme) {
        standby.module_shedding = on;
    }
    if next != *power {
        asks.edit(Edit::SetPower(next));
    }
}
