//! Power of the facility: what it is made of, over IT power, over water, and what is left of the
//! contract.

use super::Facts;
use super::racks;
use super::sheet::{Sheet, evaluated, of_plan};
use crate::evaluate::economics::{Explained, Rule};
use crate::evaluate::power::case::LoadKind;

pub(super) fn pue_tree(facts: &Facts<'_>) -> Option<Vec<Explained>> {
    (facts.results.power.totals.rack_w > 0.0).then(|| {
        let mut sheet = Sheet::default();
        pue(&mut sheet, facts);
        sheet.nodes
    })
}

/// Design IT load, losses of the chain, and mechanical power averaged over the climate.
pub(super) fn pue(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
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

pub(super) fn wue(facts: &Facts<'_>) -> Option<Vec<Explained>> {
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

pub(super) fn facility(facts: &Facts<'_>) -> Vec<Explained> {
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

pub(super) fn stranded(facts: &Facts<'_>) -> Vec<Explained> {
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
