//! How headline figures that no money is in are reckoned: trees of formulas like those of the cost
//! model, written from the results of the stages. What a stage finds by solving, and not by a
//! formula, is a leaf that names the stage.

mod output;
mod power;
mod racks;
mod sheet;

use crate::catalog::Catalog;
use crate::evaluate::economics::{Explained, Rule, SourceNote};
use crate::evaluate::result::Results;
use crate::plan::Plan;
use sheet::{Sheet, evaluated, of_plan};

/// A headline figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
    /// Tokens per second while working.
    Output,
    /// Tokens per joule of facility energy while working.
    TokensPerJ,
    /// Share of installed GPU-hours that do useful work.
    Goodput,
    /// Facility energy over IT energy, and water over IT energy.
    Pue,
    /// Facility power on the design day.
    Facility,
    /// Contracted power that the design can not use.
    Stranded,
    /// Intake of the rack nearest to its limit, and its margin.
    WorstInlet,
    /// Loading of the element nearest to its limit.
    WorstLoading,
}

impl Figure {
    /// All, in the order of the headline strip.
    pub const ALL: [Self; 8] = [
        Self::Output,
        Self::TokensPerJ,
        Self::Goodput,
        Self::Pue,
        Self::Facility,
        Self::Stranded,
        Self::WorstInlet,
        Self::WorstLoading,
    ];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Output => "Output",
            Self::TokensPerJ => "Tokens per joule",
            Self::Goodput => "Goodput",
            Self::Pue => "PUE and WUE",
            Self::Facility => "Facility power",
            Self::Stranded => "Stranded power",
            Self::WorstInlet => "Worst inlet",
            Self::WorstLoading => "Worst loading",
        }
    }
}

/// What trees are written from.
struct Facts<'a> {
    plan: &'a Plan,
    catalog: &'a Catalog,
    results: &'a Results,
}

/// The trees of a figure, the figure's own first; in each the last node is what it explains. Empty
/// where the plan has no such figure.
#[must_use]
pub fn reckon(
    figure: Figure,
    plan: &Plan,
    catalog: &Catalog,
    results: &Results,
) -> Vec<Vec<Explained>> {
    let facts = Facts { plan, catalog, results };
    let trees = match figure {
        Figure::Output => vec![output_tree(&facts)],
        Figure::TokensPerJ => vec![tokens_per_j(&facts)],
        Figure::Goodput => vec![Some(goodput(&facts))],
        Figure::Pue => vec![power::pue_tree(&facts), power::wue(&facts)],
        Figure::Facility => vec![Some(power::facility(&facts))],
        Figure::Stranded => vec![Some(power::stranded(&facts))],
        Figure::WorstInlet => vec![inlet(&facts, false), inlet(&facts, true)],
        Figure::WorstLoading => vec![loading(&facts)],
    };
    trees.into_iter().flatten().collect()
}

fn output_tree(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    facts.results.workload.tokens_per_s?;
    let mut sheet = Sheet::default();
    output::output(&mut sheet, facts);
    Some(sheet.nodes)
}

fn tokens_per_j(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    let results = facts.results;
    results.kpi.tokens_per_j?;
    let mut sheet = Sheet::default();
    let rate = output::output(&mut sheet, facts);
    let it = racks::working(&mut sheet, facts);
    let pue = power::pue(&mut sheet, facts);
    let power =
        sheet.rule(("Facility power while working", "P", "W"), Rule::Product, vec![it, pue]);
    sheet.rule(("Tokens per joule", "e", "tok/J"), Rule::Quotient, vec![rate, power]);
    Some(sheet.nodes)
}

fn goodput(facts: &Facts<'_>) -> Vec<Explained> {
    let work = &facts.results.workload;
    let mut sheet = Sheet::default();
    let used = f64::from(work.gpus_used);
    let used =
        sheet.leaf(("GPUs in use", "n", "GPUs"), used, evaluated("workload", "whole replicas"));
    let all = f64::from(work.gpus.max(1));
    let all = sheet.leaf(("GPUs installed", "N", "GPUs"), all, of_plan("racks on the floor"));
    let share = sheet.rule(("GPUs in use over all", "u", ""), Rule::Quotient, vec![used, all]);
    let why = if work.checkpoint_interval_s.is_some() {
        "failures, checkpoints at the optimum interval and restarts of the job"
    } else {
        "failures of GPUs, and reloading the weights of the replicas that they stop"
    };
    let useful = sheet.leaf(
        ("Useful share of their time", "a", ""),
        work.goodput,
        evaluated("workload", why),
    );
    let hundred = sheet.fixed(("Percent", "100", "%"), 100.0);
    let parts = vec![hundred, share, useful];
    sheet.rule(("Goodput", "g", "%"), Rule::Product, parts);
    sheet.nodes
}

/// The intake of the worst rack, or its margin.
fn inlet(facts: &Facts<'_>, margin: bool) -> Option<Vec<Explained>> {
    let results = facts.results;
    let worst = results.kpi.worst_inlet.as_ref()?;
    let mut sheet = Sheet::default();
    if margin {
        let note = racks::limit_source(facts, worst.rack);
        sheet.leaf(("Highest allowed intake", "T_max", "°C"), worst.limit_c, note);
    }
    let supply_c = results.air.metrics.supply_k - crate::units::ZERO_CELSIUS_K;
    let note = evaluated("air", "flow-weighted over units and ports");
    let supply = sheet.leaf(("Air supplied to the room", "T_s", "°C"), supply_c, note);
    let how = format!(
        "exhaust drawn in again, leaks, mixing: solved on the grid, within ±{} K",
        crate::units::display::sig(worst.error_k, 2)
    );
    let rise = sheet.leaf(
        ("Warmed on its way to the rack", "ΔT", "K"),
        worst.inlet_c - supply_c,
        evaluated("air", &how),
    );
    let name = format!("Intake of {}", worst.name);
    let intake = sheet.rule((&name, "T", "°C"), Rule::Sum, vec![supply, rise]);
    if margin {
        sheet.rule(("Margin to its limit", "m", "K"), Rule::Difference, vec![0, intake]);
    }
    Some(sheet.nodes)
}

fn loading(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    let worst = facts.results.kpi.worst_loading.as_ref()?;
    let element = facts.results.power.elements.iter().find(|e| e.name == worst.element)?;
    let mut sheet = Sheet::default();
    let outage = worst.outage.as_deref().unwrap_or("the normal state");
    let load = sheet.leaf(
        ("Load", "I", element.capacity_unit),
        element.loading_worst * element.capacity,
        evaluated("power", &format!("load flow in {outage}")),
    );
    let rating = sheet.leaf(
        ("Nameplate in use", "R", element.capacity_unit),
        element.capacity,
        evaluated("power", &format!("binding nameplate of the {}", element.kind.words())),
    );
    let share = sheet.leaf(
        ("Share that may be loaded continuously", "c", ""),
        element.limit_fraction,
        SourceNote {
            source: element.limit_source.clone(),
            badge: "rule".into(),
            ..evaluated("", "")
        },
    );
    let words = ("Continuous limit", "K", element.capacity_unit);
    let limit = sheet.rule(words, Rule::Product, vec![rating, share]);
    let ratio = sheet.rule(("Load over limit", "x", ""), Rule::Quotient, vec![load, limit]);
    let hundred = sheet.fixed(("Percent", "100", "%"), 100.0);
    let name = format!("Loading of {}", worst.element);
    sheet.rule((&name, "ℓ", "%"), Rule::Product, vec![hundred, ratio]);
    Some(sheet.nodes)
}

#[cfg(test)]
mod tests;
