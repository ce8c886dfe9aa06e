//! What the headline tiles say, from the results alone.

use crate::evaluate::economics::Headline;
use crate::evaluate::result::{Kpis, Results};
use crate::plan::ObjectId;
use crate::study::Figure;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::view::View;
use crate::ui::widgets::Ink;
use crate::units::display::{self, Shown};

/// Where a click on a tile leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// To an object on the floor.
    Object(ObjectId),
    /// To a screen.
    Command(Command),
}

/// A change against the state before the last gesture.
#[derive(Clone, Debug, PartialEq)]
pub struct Delta {
    /// With sign and unit.
    pub text: String,
    /// Whether it is an improvement.
    pub good: Option<bool>,
}

/// A band under the figure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BandBar {
    /// P10.
    pub low: f64,
    /// Headline.
    pub base: f64,
    /// P90.
    pub high: f64,
}

/// One headline number.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub value: Shown,
    /// Status.
    pub ink: Ink,
    /// Change.
    pub delta: Option<Delta>,
    /// Band.
    pub band: Option<BandBar>,
    /// The formula or the reason, on hover.
    pub explanation: String,
    /// Where a click leads.
    pub target: Target,
}

fn tile(label: &'static str, value: Shown, explanation: impl Into<String>) -> Tile {
    Tile {
        label,
        value,
        ink: Ink::Plain,
        delta: None,
        band: None,
        explanation: explanation.into(),
        target: Target::Command(Command::Tab(Tab::Timings)),
    }
}

fn figure(number: impl Into<String>, unit: impl Into<String>) -> Shown {
    Shown { number: number.into(), unit: unit.into() }
}

/// To the formula of a figure.
const fn explained(figure: Figure) -> Target {
    Target::Command(Command::ExplainFigure(figure))
}

/// Relative change of a number where more (or less) is better.
fn relative(now: f64, before: Option<f64>, more_is_better: bool) -> Option<Delta> {
    let before = before?;
    let text = display::relative_change(now, before)?;
    Some(Delta { text, good: Some((now > before) == more_is_better) })
}

/// Absolute change of a number where less is better.
fn absolute(now: f64, before: Option<f64>, seen_from: f64) -> Option<Delta> {
    let change = now - before?;
    (change.abs() >= seen_from)
        .then(|| Delta { text: display::signed(change, 2), good: Some(change < 0.0) })
}

/// The tiles in their order. Without results every figure is a dash.
#[must_use]
pub fn tiles(view: &View<'_>) -> Vec<Tile> {
    let Some(results) = view.results else { return missing() };
    let (kpi, was) = (&results.kpi, view.reference.map(|r| &r.kpi));
    vec![
        output(results, was),
        cost(kpi, was),
        energy(kpi, was),
        goodput(kpi, was),
        pue(kpi, was),
        facility(kpi, was),
        stranded(kpi, was),
        inlet(kpi, was),
        loading(kpi, was),
        findings(kpi, was),
    ]
}

fn missing() -> Vec<Tile> {
    [
        "Output",
        "Cost per M tokens",
        "Energy",
        "Goodput",
        "PUE · WUE",
        "Facility",
        "Stranded",
        "Worst inlet",
        "Worst loading",
        "Findings",
    ]
    .map(|label| tile(label, figure(display::NONE, ""), "no results yet"))
    .to_vec()
}

fn output(results: &Results, was: Option<&Kpis>) -> Tile {
    let kpi = &results.kpi;
    let why = format!(
        "{}\n{}\nGPU-hours delivered: {} × {} sold",
        results.workload.explanation,
        results.bottleneck.reason,
        display::percent(kpi.goodput_pct),
        display::percent(kpi.sold_pct)
    );
    let Some(band) = kpi.tokens_per_s else {
        return Tile { ink: Ink::Bad, ..tile("Output", figure("none", "does not fit"), why) };
    };
    Tile {
        delta: relative(band.base, was.and_then(|k| k.tokens_per_s).map(|b| b.base), true),
        target: explained(Figure::Output),
        ..tile("Output", display::tokens_s(band.base), why)
    }
}

fn cost(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let mtok = kpi.usd_per_mtok.map(|b| (b, was.and_then(|k| k.usd_per_mtok)));
    let hour = kpi.usd_per_gpu_h.map(|b| (b, was.and_then(|k| k.usd_per_gpu_h)));
    let (label, headline, (band, before)) = match (mtok, hour) {
        (Some(both), _) => ("Cost per M tokens", Headline::UsdPerMtok, both),
        (None, Some(both)) => ("Cost per GPU-hour", Headline::UsdPerGpuH, both),
        (None, None) => {
            return tile("Cost per M tokens", figure(display::NONE, ""), "nothing is sold");
        }
    };
    let unpriced = match kpi.unpriced_items {
        0 => String::new(),
        n => format!("\n{n} items without a price are left out: the cost is too low by theirs"),
    };
    let range = display::band(band.low, band.high, display::usd);
    Tile {
        delta: relative(band.base, before.map(|b| b.base), false),
        band: Some(BandBar { low: band.low, base: band.base, high: band.high }),
        ink: if kpi.unpriced_items > 0 { Ink::Warn } else { Ink::Plain },
        target: Target::Command(Command::Explain(headline)),
        ..tile(
            label,
            figure(display::usd(band.base), ""),
            format!("P10–P90: {range}{unpriced}\nclick for its formula"),
        )
    }
}

fn energy(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let value = display::maybe(kpi.tokens_per_j, "tok/J", 3);
    let before = was.and_then(|k| k.tokens_per_j);
    Tile {
        delta: kpi.tokens_per_j.and_then(|now| relative(now, before, true)),
        target: explained(Figure::TokensPerJ),
        ..tile(
            "Energy",
            value,
            "tokens per joule of facility energy while working; click for its formula",
        )
    }
}

fn goodput(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let why = "share of installed GPU-hours that do useful work: GPUs in use × useful share of \
               their time; click for its formula";
    Tile {
        delta: relative(kpi.goodput_pct, was.map(|k| k.goodput_pct), true),
        target: explained(Figure::Goodput),
        ..tile("Goodput", figure(display::sig(kpi.goodput_pct, 4), "%"), why)
    }
}

fn pue(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let value =
        figure(display::fixed(kpi.pue, 3), format!("{} L/kWh", display::sig(kpi.wue_l_kwh, 2)));
    Tile {
        delta: absolute(kpi.pue, was.map(|k| k.pue), 0.0005),
        target: explained(Figure::Pue),
        ..tile(
            "PUE · WUE",
            value,
            "facility energy and water over IT energy, means over the year; click for its formula",
        )
    }
}

fn facility(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let used = kpi.facility_mw / kpi.utility_mw * 100.0;
    let unit = format!("MW of {}", display::sig(kpi.utility_mw, 3));
    Tile {
        ink: Ink::of_use(used),
        delta: absolute(kpi.facility_mw, was.map(|k| k.facility_mw), 0.005),
        target: explained(Figure::Facility),
        ..tile(
            "Facility",
            figure(display::sig(kpi.facility_mw, 3), unit),
            format!(
                "design day, every rack at design power; {} of the contract\nclick for its formula",
                display::percent(used)
            ),
        )
    }
}

fn stranded(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let unit = if kpi.stranded_cause.is_empty() {
        "MW".to_owned()
    } else {
        format!("MW · {}", kpi.stranded_cause)
    };
    Tile {
        delta: absolute(kpi.stranded_mw, was.map(|k| k.stranded_mw), 0.005),
        target: explained(Figure::Stranded),
        ..tile(
            "Stranded",
            figure(display::sig(kpi.stranded_mw, 2), unit),
            format!(
                "contracted power that the design can not use: {}\nclick for its formula",
                kpi.stranded_cause
            ),
        )
    }
}

fn inlet(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let Some(worst) = &kpi.worst_inlet else {
        return tile("Worst inlet", figure(display::NONE, ""), "no rack breathes room air");
    };
    let margin = worst.margin_k();
    let ink = match margin {
        m if m < 0.0 => Ink::Bad,
        m if m < worst.error_k => Ink::Warn,
        _ => Ink::Plain,
    };
    let before = was.and_then(|k| k.worst_inlet.as_ref()).map(|w| w.inlet_c);
    Tile {
        ink,
        delta: absolute(worst.inlet_c, before, 0.05),
        target: explained(Figure::WorstInlet),
        ..tile(
            "Worst inlet",
            figure(
                display::fixed(worst.inlet_c, 1),
                format!("°C ±{}", display::sig(worst.error_k, 2)),
            ),
            format!(
                "{}: limit {}, margin {} K, error bar ±{} K\nclick for its formula and to find it",
                worst.name,
                display::celsius(worst.limit_c),
                display::sig(margin, 2),
                display::sig(worst.error_k, 2)
            ),
        )
    }
}

fn loading(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let Some(worst) = &kpi.worst_loading else {
        return tile("Worst loading", figure(display::NONE, ""), "no rated element");
    };
    let before = was.and_then(|k| k.worst_loading.as_ref()).map(|w| w.worst_pct);
    let outage = worst.outage.as_deref().unwrap_or("normal state");
    Tile {
        ink: Ink::of_use(worst.worst_pct),
        delta: absolute(worst.worst_pct, before, 0.5),
        target: explained(Figure::WorstLoading),
        ..tile(
            "Worst loading, N−1",
            figure(display::fixed(worst.worst_pct, 0), format!("% · {}", worst.element)),
            format!(
                "{}: {} of its continuous limit in {outage}, {} in the normal state\n\
                 click for its formula",
                worst.element,
                display::percent(worst.worst_pct),
                display::percent(worst.normal_pct)
            ),
        )
    }
}

fn findings(kpi: &Kpis, was: Option<&Kpis>) -> Tile {
    let ink = match (kpi.errors, kpi.warnings) {
        (0, 0) => Ink::Ok,
        (0, _) => Ink::Warn,
        _ => Ink::Bad,
    };
    let total = |k: &Kpis| (k.errors + k.warnings) as f64;
    Tile {
        ink,
        delta: absolute(total(kpi), was.map(total), 0.5),
        target: Target::Command(Command::Tab(Tab::Findings)),
        ..tile(
            "Findings",
            figure(
                kpi.errors.to_string(),
                format!(
                    "error{} · {} warning{}",
                    if kpi.errors == 1 { "" } else { "s" },
                    kpi.warnings,
                    if kpi.warnings == 1 { "" } else { "s" }
                ),
            ),
            "limits exceeded, and limits that are near",
        )
    }
}
