//! What the evaluation says about one rack: gauges, intake, output, money and mass.

use super::profile::profile_ui;
use crate::evaluate::result::RackSummary;
use crate::evaluate::snapshot::RackKind;
use crate::ui::theme::Theme;
use crate::ui::view::View;
use crate::ui::widgets::{Gauge, Ink, fact_ui, gauge_ui};
use crate::units::display::{self, Shown};
use eframe::egui::Ui;

/// Shows gauges and facts of one rack.
pub fn rack_facts_ui(ui: &mut Ui, view: &View<'_>, rack: &RackSummary, height_mm: u32) {
    let theme = &view.theme;
    ui.set_opacity(view.result_opacity());
    gauges_ui(ui, rack, theme);
    ui.separator();
    intake_ui(ui, view, rack, height_mm);
    let plain = |ui: &mut Ui, label: &str, value: Shown| {
        fact_ui(ui, label, &value, Ink::Plain, theme);
    };
    if rack.kind == RackKind::Compute {
        let ink = if rack.clock < 0.995 { Ink::Warn } else { Ink::Plain };
        fact_ui(ui, "GPU clock", &display::percent(rack.clock * 100.0), ink, theme);
        plain(ui, "GPUs in use", display::percent(rack.utilisation * 100.0));
        plain(ui, "Output", rack.tok_s.map(display::tokens_s).unwrap_or_default());
        plain(ui, "Stranded", display::power_kw(rack.stranded_kw));
    }
    let money = Shown { number: display::usd_or_unpriced(rack.price_usd), unit: String::new() };
    plain(ui, "Price of contents", money);
    plain(ui, "Mass", display::maybe(rack.mass_kg, "kg", 3));
    plain(ui, "Floor load", display::maybe(rack.floor_kpa, "kPa", 2));
    if let Some(name) = &rack.loop_name {
        let supply = rack.coolant_supply_c.map(display::celsius).unwrap_or_default();
        let value = Shown { number: name.clone(), unit: format!("{supply} in") };
        plain(ui, "Loop", value);
    }
    for feed in &rack.feeds {
        let amps = format!("{} · {}", feed.phases, display::of(feed.amps, "A", 3));
        let worst = display::of(feed.worst_amps, "A in the worst outage", 3);
        plain(ui, &feed.element, Shown { number: amps, unit: format!("· {worst}") });
    }
}

fn gauges_ui(ui: &mut Ui, rack: &RackSummary, theme: &Theme) {
    let share = |v: f64, of: f64| if of > 0.0 { v / of } else { 0.0 };
    let electric = share(rack.electric_kw, rack.design_kw);
    gauge_ui(
        ui,
        &Gauge {
            label: "Power",
            value: Shown {
                number: display::power_kw(rack.electric_kw).to_string(),
                unit: format!("of {}", display::power_kw(rack.design_kw)),
            },
            parts: vec![(electric, theme.accent)],
            limit: None,
            ink: Ink::Plain,
        },
        theme,
    );
    let heat = rack.air_kw + rack.liquid_kw;
    gauge_ui(
        ui,
        &Gauge {
            label: "Air · liquid",
            value: Shown {
                number: format!(
                    "{} · {}",
                    display::sig(rack.air_kw, 3),
                    display::sig(rack.liquid_kw, 3)
                ),
                unit: "kW".into(),
            },
            parts: vec![
                (share(rack.air_kw, heat), theme.cooling),
                (share(rack.liquid_kw, heat), theme.compute),
            ],
            limit: None,
            ink: Ink::Plain,
        },
        theme,
    );
    if let (Some(got), Some(asked)) = (rack.coolant_l_min, rack.coolant_required_l_min) {
        limited_ui(
            ui,
            "Coolant flow",
            Shown {
                number: display::sig(got, 3),
                unit: format!("of {} L/min asked", display::sig(asked, 3)),
            },
            share(asked, got) * 100.0,
            // A pump that delivers what is asked for works as designed: only a lack is a status.
            if asked > got * 1.0005 { Ink::Bad } else { Ink::Plain },
            theme,
        );
    }
    if let Some(worst) = rack.feed_worst_pct {
        let ink = Ink::of_use(worst);
        limited_ui(ui, "Busway, worst outage", display::percent(worst), worst, ink, theme);
    }
}

/// A gauge whose scale ends at 125 % of its limit, with a tick at the limit.
fn limited_ui(ui: &mut Ui, label: &str, value: Shown, used_pct: f64, ink: Ink, theme: &Theme) {
    const SCALE_PCT: f64 = 125.0;
    let colour = if ink == Ink::Plain { theme.compute } else { ink.colour(theme) };
    let gauge = Gauge {
        label,
        value,
        parts: vec![(used_pct / SCALE_PCT, colour)],
        limit: Some(100.0 / SCALE_PCT),
        ink,
    };
    gauge_ui(ui, &gauge, theme);
}

fn intake_ui(ui: &mut Ui, view: &View<'_>, rack: &RackSummary, height_mm: u32) {
    let theme = &view.theme;
    let (Some(mean), Some(top)) = (rack.inlet_c, rack.inlet_max_c) else { return };
    let margin = rack.inlet_limit_c - top;
    let ink = if margin < 0.0 { Ink::Bad } else { Ink::Plain };
    let value = Shown {
        number: format!("{} · {}", display::fixed(mean, 1), display::fixed(top, 1)),
        unit: "°C".into(),
    };
    fact_ui(ui, "Inlet, mean · hottest", &value, ink, theme);
    if !rack.inlet_by_height_c.is_empty() {
        let top_m = f64::from(height_mm) / 1e3;
        let air = view.results.and_then(|r| r.air.racks.iter().find(|a| a.object == Some(rack.id)));
        let error_k = air.map_or(0.0, |a| a.intake_error_k);
        let by_height = &rack.inlet_by_height_c;
        profile_ui(ui, by_height, error_k, rack.inlet_limit_c, top_m, theme);
        fact_ui(ui, "Error bar", &display::of(error_k, "K", 2), Ink::Plain, theme);
    }
    let words = if margin < 0.0 { "above the limit" } else { "margin to the limit" };
    fact_ui(ui, words, &display::of(margin.abs(), "K", 2), ink, theme);
    if let Some(share) = rack.recirculation {
        fact_ui(ui, "Recirculation", &display::percent(share * 100.0), Ink::Plain, theme);
    }
}
