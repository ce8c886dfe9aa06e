//! One or several cooling units: model, supply, airflow, service state, place.

use super::field::{Change, Number, choice_ui, entry_ui, shared, switch_ui};
use super::rack::facing_label;
use crate::catalog::CoolingKind;
use crate::evaluate::air::UnitAir;
use crate::plan::{CoolingUnit, Edit, Facing, Object};
use crate::ui::commands::Command;
use crate::ui::screens::Picker;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Gauge, Ink, fact_ui, gauge_ui, section_title_ui};
use crate::units::ZERO_CELSIUS_K;
use crate::units::display::{self, Shown};
use eframe::egui::Ui;

/// Shows units.
pub fn units_ui(ui: &mut Ui, view: &View<'_>, units: &[CoolingUnit], asks: &mut Asks) {
    let theme = &view.theme;
    if let ([unit], Some(results)) = (units, view.results)
        && let Some(air) = results.air.units.iter().find(|u| u.object == Some(unit.id))
    {
        facts_ui(ui, view, air);
        ui.separator();
    }
    section_title_ui(ui, "Unit", "", theme);
    let model = shared(units, |u| u.model.clone());
    let entry = model.as_ref().and_then(|m| view.catalog.cooling.get(m));
    let (name, badge) = match (&model, entry) {
        (None, _) => ("—".to_owned(), "the selected units differ"),
        (Some(key), None) => (key.to_string(), "not in the catalogue"),
        (_, Some(entry)) => (entry.name.clone(), entry.provenance.badge()),
    };
    let cdu =
        entry.is_some_and(|e| matches!(e.spec.kind, CoolingKind::CduL2l | CoolingKind::CduL2a));
    if entry_ui(ui, "Model", &name, badge, theme) {
        asks.run(Command::Pick(if cdu { Picker::Cdu } else { Picker::AirUnit }));
    }
    if !cdu {
        air_settings_ui(ui, view, units, asks);
    }
    place_ui(ui, view, units, asks);
}

fn change(units: &[CoolingUnit], asks: &mut Asks, edit: impl Fn(&mut CoolingUnit)) {
    let changed = units.iter().cloned().map(|mut unit| {
        edit(&mut unit);
        Object::Unit(unit)
    });
    asks.edit(Edit::Replace(changed.collect()));
}

fn facts_ui(ui: &mut Ui, view: &View<'_>, air: &UnitAir) {
    let theme = &view.theme;
    if let Some(loading) = air.loading {
        let used = loading * 100.0;
        let ink = if air.overloaded { Ink::Bad } else { Ink::of_use(used) };
        let gauge = Gauge {
            label: "Load of the coil",
            value: Shown {
                number: display::percent(used).to_string(),
                unit: format!("· {}", display::power_w(air.heat_w)),
            },
            parts: vec![(
                loading / 1.25,
                if ink == Ink::Plain { theme.cooling } else { ink.colour(theme) },
            )],
            limit: Some(0.8),
            ink,
        };
        gauge_ui(ui, &gauge, theme);
    }
    let c = |t_k: f64| display::celsius(t_k - ZERO_CELSIUS_K);
    fact_ui(ui, "Airflow", &display::of(air.flow_m3_s, "m³/s", 3), Ink::Plain, theme);
    fact_ui(ui, "Supply", &c(air.supply_k), Ink::Plain, theme);
    fact_ui(ui, "Return", &c(air.return_k), Ink::Plain, theme);
}

fn air_settings_ui(ui: &mut Ui, view: &View<'_>, units: &[CoolingUnit], asks: &mut Asks) {
    let theme = &view.theme;
    let own = shared(units, |u| u.supply_c);
    let plan_c = view.plan.cooling.air_supply_c;
    let overridden = own.is_none_or(|v| v.is_some());
    let source = if overridden { "set for this unit" } else { "the plan's supply set point" };
    let supply = Number::new("Supply", plan_c, "°C", (5.0, 45.0))
        .mixed(own.map(|v| v.unwrap_or(plan_c)))
        .source(source, overridden);
    match supply.ui(ui, theme) {
        Some(Change::To(t)) => change(units, asks, |u| u.supply_c = Some(t)),
        Some(Change::Reset) => change(units, asks, |u| u.supply_c = None),
        None => {}
    }
    let flow = Number::new("Airflow", 100.0, "%", (0.0, 120.0))
        .mixed(shared(units, |u| u.airflow_pct))
        .source("share of the rated airflow", false);
    if let Some(Change::To(pct)) = flow.ui(ui, theme) {
        change(units, asks, |u| u.airflow_pct = pct);
    }
    let failed = shared(units, |u| u.failed);
    if let Some(failed) = switch_ui(ui, "Out of service", failed, theme) {
        change(units, asks, |u| u.failed = failed);
    }
}

fn place_ui(ui: &mut Ui, view: &View<'_>, units: &[CoolingUnit], asks: &mut Asks) {
    let theme = &view.theme;
    ui.separator();
    section_title_ui(ui, "Place", "", theme);
    if let [unit] = units {
        let at = |label, v: i32| Number::new(label, f64::from(v), "mm", (-1e6, 1e6));
        if let Some(Change::To(x)) = at("East", unit.at.x).ui(ui, theme) {
            change(units, asks, |u| u.at.x = x.round() as i32);
        }
        if let Some(Change::To(y)) = at("North", unit.at.y).ui(ui, theme) {
            change(units, asks, |u| u.at.y = y.round() as i32);
        }
    }
    let facing = shared(units, |u| u.facing);
    let chosen = choice_ui(ui, "Supply side looks", facing, &Facing::ALL, facing_label, theme);
    if let Some(facing) = chosen {
        change(units, asks, |u| u.facing = facing);
    }
    if let Some(locked) = switch_ui(ui, "Locked", shared(units, |u| u.locked), theme) {
        change(units, asks, |u| u.locked = locked);
    }
}
