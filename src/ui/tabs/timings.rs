//! How long each stage took, how the coupling settled, how well energy and heat close.

use crate::evaluate::result::Results;
use crate::ui::theme::Theme;
use crate::ui::view::View;
use crate::ui::widgets::{Bar, Ink, bars_ui, fact_ui, section_title_ui};
use crate::units::display::{self, Shown};
use eframe::egui::{ScrollArea, Ui};

/// Shows two columns.
pub fn timings_ui(ui: &mut Ui, view: &View<'_>, results: &Results) {
    ui.columns_const(|[stages, closure]| {
        ScrollArea::vertical()
            .id_salt("stages")
            .auto_shrink(false)
            .show(stages, |ui| stages_ui(ui, results, &view.theme));
        ScrollArea::vertical()
            .id_salt("closure")
            .auto_shrink(false)
            .show(closure, |ui| closure_ui(ui, results, &view.theme));
    });
}

fn stages_ui(ui: &mut Ui, results: &Results, theme: &Theme) {
    let total: f64 = results.timings.iter().map(|t| t.time.to_s()).sum();
    section_title_ui(ui, "Stages", &format!("{} together", display::seconds(total)), theme);
    let bars: Vec<Bar> = results
        .timings
        .iter()
        .map(|t| Bar {
            label: t.stage.into(),
            share: t.time.to_s() / total,
            value: if t.from_memo {
                "kept".into()
            } else {
                display::seconds(t.time.to_s()).to_string()
            },
            colour: theme.accent,
            ink: theme.text,
            note: if t.from_memo { "its input did not change".into() } else { String::new() },
        })
        .collect();
    bars_ui(ui, &bars, theme);
}

fn closure_ui(ui: &mut Ui, results: &Results, theme: &Theme) {
    let plain = |ui: &mut Ui, label: &str, value: Shown| {
        fact_ui(ui, label, &value, Ink::Plain, theme);
    };
    section_title_ui(ui, "Closure", "what comes in goes out", theme);
    let energy = &results.energy;
    plain(ui, "Energy in", display::power_w(energy.in_w));
    plain(ui, "Energy out", display::power_w(energy.out_w));
    plain(ui, "Energy, in − out over in", ratio(energy.closure()));
    plain(ui, "Room heat, in − out over in", ratio(results.air.balance.heat_closure));
    plain(ui, "Air mass, worst cell", ratio(results.air.balance.mass_closure));
    section_title_ui(ui, "Coupling", "heat slows clocks, clocks make heat", theme);
    let coupling = &results.coupling;
    let iterations = Shown { number: coupling.iterations.to_string(), unit: "iterations".into() };
    let ink = if coupling.settled { Ink::Plain } else { Ink::Bad };
    fact_ui(ui, if coupling.settled { "Settled" } else { "Not settled" }, &iterations, ink, theme);
    plain(ui, "Last change of a clock", ratio(coupling.last_change));
    let model = if results.air.model.is_preview() {
        "preview: potential flow and upwind energy"
    } else {
        "Reynolds-averaged momentum, buoyant"
    };
    section_title_ui(ui, "Air model", model, theme);
    let error = results.air.intake_error_k();
    let words = Shown {
        number: format!("±{} · ±{}", display::sig(error.mean_k, 2), display::sig(error.worst_k, 2)),
        unit: "K".into(),
    };
    plain(ui, "Error bar of an intake, mean · worst rack", words);
    let effort = &results.air.effort;
    plain(ui, "Cells", Shown { number: display::count(effort.cells as u64), unit: String::new() });
    let iterations = effort.flow_iterations + effort.energy_iterations;
    let words = Shown { number: display::count(iterations as u64), unit: String::new() };
    plain(ui, "Iterations of flow and energy", words);
}

/// A small ratio in powers of ten.
fn ratio(value: f64) -> Shown {
    let number = if value == 0.0 { "0".into() } else { format!("{value:.1e}") };
    Shown { number, unit: String::new() }
}
