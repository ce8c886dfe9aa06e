//! How headline figures that no money is in are reckoned: trees of formulas like those of the cost
//! model, written from the results of the stages. What a stage finds by solving, and not by a
//! formula, is a leaf that names the stage.

mod racks;
mod sheet;

use crate::catalog::Catalog;
use crate::evaluate::economics::{Explained, Headline, Model, Rule, SourceNote};
use crate::evaluate::power::case::LoadKind;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use sheet::{Sheet, evaluated, of_plan};

/// A headline figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Figure {
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
    pub const ALL: [Self; 7] = [
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
        Figure::TokensPerJ => vec![tokens_per_j(&facts)],
        Figure::Goodput => vec![Some(goodput(&facts))],
        Figure::Pue => vec![pue_tree(&facts), wue(&facts)],
        Figure::Facility => vec![Some(facility(&facts))],
        Figure::Stranded => vec![Some(stranded(&facts))],
        Figure::WorstInlet => vec![inlet(&facts, false), inlet(&facts, true)],
        Figure::WorstLoading => vec![loading(&facts)],
    };
    trees.into_iter().flatten().collect()
}

fn tokens_per_j(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    let results = facts.results;
    results.kpi.tokens_per_j?;
    let mut sheet = Sheet::default();
    let rate = Model::new(&results.economics_case).ok()?.explain(Headline::TokensPerS)?;
    let rate = sheet.splice(rate.nodes);
    let it = racks::working(&mut sheet, facts);
    let pue = pue(&mut sheet, facts);
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

fn pue_tree(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    (facts.results.power.totals.rack_w > 0.0).then(|| {
        let mut sheet = Sheet::default();
        pue(&mut sheet, facts);
        sheet.nodes
    })
}

/// Design IT load, losses of the chain, and mechanical power averaged over the climate.
fn pue(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
    let it = racks::design(sheet, facts);
    let losses = losses(sheet, facts);
    let mechanical = mechanical(sheet, facts, true);
    let whole = sheet.rule(
        ("Facility power, mean over the year", "F", "W"),
        Rule::Sum,
        vec![it, losses, mechanical],
    );
    sheet.rule(("PUE", "PUE", ""), Rule::Quotient, vec![whole, it])
}

fn wue(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    /// Hours of a year over watts in a kilowatt.
    const KWH_PER_W_YEAR: f64 = crate::units::HOURS_PER_YEAR / 1e3;
    let results = facts.results;
    if results.power.totals.rack_w <= 0.0 {
        return None;
    }
    let mut sheet = Sheet::default();
    let litres = results.plant.makeup_m3_year * 1e3;
    let litres = sheet.leaf(
        ("Make-up water in a year", "w", "L"),
        litres,
        evaluated("plant", "evaporated, blown down and drifted through the site's year"),
    );
    let it = racks::design(&mut sheet, facts);
    let year = sheet.fixed(("Hours of a year, in thousands", "h", "kWh/W"), KWH_PER_W_YEAR);
    let energy = sheet.rule(("IT energy in a year", "E", "kWh"), Rule::Product, vec![it, year]);
    sheet.rule(("WUE", "WUE", "L/kWh"), Rule::Quotient, vec![litres, energy]);
    Some(sheet.nodes)
}

fn facility(facts: &Facts<'_>) -> Vec<Explained> {
    let mut sheet = Sheet::default();
    facility_power(&mut sheet, facts);
    sheet.nodes
}

/// Everything that the sources deliver on the design day.
fn facility_power(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
    let mut parts = vec![racks::design(sheet, facts), mechanical(sheet, facts, false)];
    let house: f64 = facts
        .results
        .power
        .loads
        .iter()
        .filter(|l| l.kind == LoadKind::House && l.served)
        .map(|l| l.p_w)
        .sum();
    if house > 0.0 {
        let note = evaluated("power", "lighting, offices and the rest of the building");
        parts.push(sheet.leaf(("House loads", "H", "W"), house, note));
    }
    parts.push(losses(sheet, facts));
    sheet.rule(("Facility power on the design day", "F", "W"), Rule::Sum, parts)
}

/// Loss of the power chain by class of element.
fn losses(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
    let kinds = &facts.results.power.totals.loss_by_kind_w;
    let parts: Vec<usize> = kinds
        .iter()
        .filter(|(_, w)| *w > 0.0)
        .enumerate()
        .map(|(i, (kind, w))| {
            let (name, symbol) = (format!("Loss, {}", kind.words()), format!("L{}", i + 1));
            let note = evaluated("power", "load flow at the design point");
            sheet.leaf((&name, &symbol, "W"), *w, note)
        })
        .collect();
    sheet.rule(("Losses of the power chain", "L", "W"), Rule::Sum, parts)
}

/// Fans, pumps and plant; on the design day, or plant averaged over the year.
fn mechanical(sheet: &mut Sheet, facts: &Facts<'_>, year: bool) -> usize {
    let results = facts.results;
    let design: f64 = results.plant.loops.iter().map(|l| l.design.power.total_w()).sum();
    let inside = results.power.totals.mechanical_w - design;
    let note = evaluated("air and liquid", "fans of air units and doors, pumps of CDUs, building");
    let inside = sheet.leaf(("Fans, CDU pumps, building", "M", "W"), inside, note);
    let split = |of: fn(&crate::evaluate::plant::PowerSplit) -> f64| {
        if year {
            of(&results.plant.annual_mean_power)
        } else {
            results.plant.loops.iter().map(|l| of(&l.design.power)).sum()
        }
    };
    let when = if year { "mean over the site's year" } else { "the site's design day" };
    let mut parts = vec![inside];
    for (name, symbol, w) in [
        ("Fans of dry coolers and towers", "Pf", split(|p| p.fan_w)),
        ("Pumps of facility water", "Pp", split(|p| p.pump_w)),
        ("Chillers", "Pc", split(|p| p.compressor_w)),
    ] {
        parts.push(sheet.leaf((name, symbol, "W"), w, evaluated("plant", when)));
    }
    sheet.rule(("Cooling and building", "C", "W"), Rule::Sum, parts)
}

fn stranded(facts: &Facts<'_>) -> Vec<Explained> {
    let results = facts.results;
    let mut sheet = Sheet::default();
    let mut parts = Vec::new();
    for (i, cause) in results.stranded.causes.iter().enumerate() {
        let symbol = format!("s{}", i + 1);
        if cause.cause.starts_with(crate::evaluate::stranded::UNUSED_CONTRACT) {
            let contract = facts.plan.power.utility_mw * 1e6;
            let contract =
                sheet.leaf(("Contracted power", "K", "W"), contract, of_plan("power settings"));
            let drawn = facility_power(&mut sheet, facts);
            let words = (cause.cause.as_str(), symbol.as_str(), "W");
            parts.push(sheet.rule(words, Rule::Difference, vec![contract, drawn]));
        } else {
            let note = evaluated("summary", "design power that makes no tokens, rack by rack");
            parts.push(sheet.leaf((&cause.cause, &symbol, "W"), cause.mw * 1e6, note));
        }
    }
    sheet.rule(("Stranded power", "S", "W"), Rule::Sum, parts);
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
