//! Site, hall, power chain, cooling.

use crate::catalog::{Entry, Key, Table};
use crate::plan::{
    Coolant, Cooling, Distribution, Edit, FloorBuild, Hall, PlantKind, Power, Scheme,
};
use crate::ui::commands::Command;
use crate::ui::inspector::field::{Change, Number, choice_ui, entry_ui, switch_ui};
use crate::ui::screens::Picker;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, fact_ui};
use crate::units::display;
use eframe::egui::Ui;

/// A catalogue entry of the plan with a button to its picker.
pub fn picked_ui<S>(
    ui: &mut Ui,
    picker: Picker,
    key: &Key<S>,
    table: &Table<S>,
    theme: &Theme,
    asks: &mut Asks,
) {
    let (name, badge) = table.get(key).map_or_else(
        || (key.to_string(), "not in the catalogue"),
        |e: &std::sync::Arc<Entry<S>>| (e.name.clone(), e.provenance.badge()),
    );
    if entry_ui(ui, picker.label(), &name, badge, theme) {
        asks.run(Command::Pick(picker));
    }
}

/// A number of a section: the section with the new value, if one was typed.
pub fn typed_ui(ui: &mut Ui, number: &Number<'_>, theme: &Theme) -> Option<f64> {
    match number.ui(ui, theme) {
        Some(Change::To(value)) => Some(value),
        Some(Change::Reset) | None => None,
    }
}

/// A value of the site that the plan may override.
fn site_value_ui(
    ui: &mut Ui,
    label: &str,
    own: &mut Option<f64>,
    site: Option<&(f64, String)>,
    unit: &str,
    range: (f64, f64),
    theme: &Theme,
) {
    let (value, source) = match (&own, site) {
        (Some(own), _) => (Some(*own), "set in this plan".to_owned()),
        (None, Some((value, source))) => (Some(*value), source.clone()),
        (None, None) => (None, "the site does not say; type a value".to_owned()),
    };
    let number = Number::new(label, 0.0, unit, range)
        .mixed(value)
        .source(source, own.is_some() && site.is_some());
    match number.ui(ui, theme) {
        Some(Change::To(value)) => *own = Some(value),
        Some(Change::Reset) => *own = None,
        None => {}
    }
}

/// The planning price of electricity in a country, where the site has none of its own.
fn country_price(view: &View<'_>, country: &str) -> Option<(f64, String)> {
    let ids = [
        format!("electricity_usd_kwh_{}", country.to_lowercase()),
        "electricity_usd_kwh_default".into(),
    ];
    let found = ids.iter().find_map(|id| view.catalog.assumptions.find(id))?;
    let own = view.plan.finance.assumptions.get(&found.id).copied();
    Some((own.unwrap_or(found.spec.value), format!("{}: {}", found.name, found.provenance.source)))
}

/// Site.
pub fn site_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let site = view.plan.site.as_ref();
    picked_ui(ui, Picker::Site, &site.site, &view.catalog.sites, theme, asks);
    let mut next = site.clone();
    let entry = view.catalog.sites.get(&site.site);
    let from = |field: &str, value: Option<f64>| {
        let entry = entry?;
        Some((value?, entry.provenance_of(field).source.clone()))
    };
    let spec = entry.map(|e| &e.spec);
    let price = from("industrial_usd_kwh", spec.and_then(|s| s.industrial_usd_kwh))
        .or_else(|| country_price(view, spec?.country.as_str()));
    let carbon = from("grid_carbon_g_kwh", spec.and_then(|s| s.grid_carbon_g_kwh));
    let height = from("elevation_m", spec.map(|s| s.elevation_m));
    let own = &mut next.electricity_usd_kwh;
    site_value_ui(ui, "Electricity", own, price.as_ref(), "$/kWh", (0.0, 5.0), theme);
    let own = &mut next.grid_carbon_g_kwh;
    site_value_ui(ui, "Grid carbon", own, carbon.as_ref(), "g/kWh", (0.0, 2000.0), theme);
    site_value_ui(
        ui,
        "Elevation",
        &mut next.elevation_m,
        height.as_ref(),
        "m",
        (-430.0, 6000.0),
        theme,
    );
    if let Some(spec) = spec {
        let db = display::celsius(spec.design_db_c);
        fact_ui(ui, "Design dry bulb, 0.4 %", &db, Ink::Plain, theme);
        let wb = spec.design_wb_c.map(display::celsius).unwrap_or_default();
        fact_ui(ui, "Design wet bulb, 0.4 %", &wb, Ink::Plain, theme);
    }
    if next != *site {
        asks.edit(Edit::SetSite(next));
    }
}

/// A length of whole millimetres.
fn mm_ui(ui: &mut Ui, label: &str, value: &mut u32, range: (f64, f64), theme: &Theme) {
    let number = Number::new(label, f64::from(*value), "mm", range);
    if let Some(mm) = typed_ui(ui, &number, theme) {
        *value = mm.round() as u32;
    }
}

/// Hall.
pub fn hall_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let hall = view.plan.hall.as_ref();
    let mut next: Hall = hall.clone();
    mm_ui(ui, "East–west", &mut next.size_x_mm, (2e3, 1e6), theme);
    mm_ui(ui, "North–south", &mut next.size_y_mm, (2e3, 1e6), theme);
    mm_ui(ui, "Clear height", &mut next.height_mm, (2e3, 3e4), theme);
    mm_ui(ui, "Ceiling plenum", &mut next.ceiling_plenum_mm, (0.0, 1e4), theme);
    let raised = matches!(hall.floor, FloorBuild::Raised { .. });
    if let Some(raised) = switch_ui(ui, "Raised floor", Some(raised), theme) {
        next.floor = if raised { FloorBuild::Raised { plenum_mm: 900 } } else { FloorBuild::Slab };
    }
    if let FloorBuild::Raised { plenum_mm } = &mut next.floor {
        mm_ui(ui, "Floor plenum", plenum_mm, (100.0, 3e3), theme);
    }
    let load = Number::new("Floor load allowed", hall.floor_load_kpa, "kPa", (1.0, 100.0));
    if let Some(kpa) = typed_ui(ui, &load, theme) {
        next.floor_load_kpa = kpa;
    }
    if next != *hall {
        asks.edit(Edit::SetHall(next));
    }
}

/// Power chain.
pub fn power_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let power = view.plan.power.as_ref();
    let mut next: Power = power.clone();
    let contract = Number::new("Contract", power.utility_mw, "MW", (0.01, 5000.0));
    next.utility_mw = typed_ui(ui, &contract, theme).unwrap_or(power.utility_mw);
    let kv = Number::new("Utility voltage", power.utility_kv, "kV", (0.4, 500.0));
    next.utility_kv = typed_ui(ui, &kv, theme).unwrap_or(power.utility_kv);
    let scheme =
        choice_ui(ui, "Redundancy", Some(power.scheme), &Scheme::ALL, Scheme::label, theme);
    next.scheme = scheme.unwrap_or(power.scheme);
    let all = Distribution::ALL;
    let kind =
        choice_ui(ui, "Distribution", Some(power.distribution), &all, Distribution::label, theme);
    next.distribution = kind.unwrap_or(power.distribution);
    next.ups_eco =
        switch_ui(ui, "UPS eco mode", Some(power.ups_eco), theme).unwrap_or(power.ups_eco);
    let table = &view.catalog.power;
    picked_ui(ui, Picker::Transformer, &power.transformer, table, theme, asks);
    picked_ui(ui, Picker::Ups, &power.ups, table, theme, asks);
    picked_ui(ui, Picker::Busway, &power.busway, table, theme, asks);
    match &power.generator {
        Some(key) => picked_ui(ui, Picker::Generator, key, table, theme, asks),
        None => {
            if entry_ui(ui, Picker::Generator.label(), "none", "no standby supply", theme) {
                asks.run(Command::Pick(Picker::Generator));
            }
        }
    }
    if next != *power {
        asks.edit(Edit::SetPower(next));
    }
}

/// Air, coolant, plant.
pub fn cooling_ui(ui: &mut Ui, view: &View<'_>, asks: &mut Asks) {
    let theme = &view.theme;
    let cooling = view.plan.cooling.as_ref();
    let mut next: Cooling = cooling.clone();
    let degrees = |ui: &mut Ui, label: &str, value: &mut f64, low: f64, high: f64| {
        let number = Number::new(label, *value, "°C", (low, high));
        *value = typed_ui(ui, &number, theme).unwrap_or(*value);
    };
    degrees(ui, "Air supply", &mut next.air_supply_c, 5.0, 45.0);
    degrees(ui, "Chilled water", &mut next.chilled_water_c, 2.0, 40.0);
    degrees(ui, "TCS supply", &mut next.tcs_supply_c, 5.0, 65.0);
    degrees(ui, "Facility water", &mut next.fws_supply_c, 2.0, 60.0);
    let coolant = |c| match c {
        Coolant::Water => "treated water",
        Coolant::Pg25 => "PG 25",
    };
    let all = [Coolant::Water, Coolant::Pg25];
    let chosen = choice_ui(ui, "Coolant", Some(cooling.coolant), &all, coolant, theme);
    next.coolant = chosen.unwrap_or(cooling.coolant);
    picked_ui(ui, Picker::Cdu, &cooling.cdu, &view.catalog.cooling, theme, asks);
    let spare = |ui: &mut Ui, label: &str, value: &mut u32| {
        let number = Number::new(label, f64::from(*value), "", (0.0, 20.0));
        *value = typed_ui(ui, &number, theme).map_or(*value, |n| n.round() as u32);
    };
    spare(ui, "Spare CDUs per loop", &mut next.spare_cdus);
    spare(ui, "Spare plant units", &mut next.spare_plant_units);
    let plant = |ui: &mut Ui, label: &str, value: &mut PlantKind| {
        let all = PlantKind::ALL;
        *value =
            choice_ui(ui, label, Some(*value), &all, PlantKind::label, theme).unwrap_or(*value);
    };
    plant(ui, "Liquid plant", &mut next.liquid_plant);
    plant(ui, "Air plant", &mut next.air_plant);
    if next != *cooling {
        asks.edit(Edit::SetCooling(next));
    }
}
