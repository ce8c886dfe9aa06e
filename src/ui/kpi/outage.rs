//! The headline numbers while components are taken for failed: what changes is shown against the
//! normal state; what the power chain does not decide stays.

use super::tiles::{BandBar, Delta, Target, Tile};
use crate::evaluate::result::Results;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::what_if::Outage;
use crate::ui::widgets::Ink;
use crate::units::display::{self, Shown};

/// Puts the outage in front and into the tiles that it changes.
pub fn overlay(tiles: &mut Vec<Tile>, results: &Results, outage: &Outage, words: &str) {
    for tile in tiles.iter_mut() {
        tile.delta = None;
        match tile.label {
            "Output" => output(tile, results, outage),
            "Facility" => facility(tile, results, outage),
            "Worst loading, one outage" => loading(tile, outage),
            _ => {}
        }
    }
    tiles.insert(0, lost(results, outage, words));
}

fn shown(number: String, unit: impl Into<String>) -> Shown {
    Shown { number, unit: unit.into() }
}

fn lost(results: &Results, outage: &Outage, words: &str) -> Tile {
    let racks = outage.racks_lost.len();
    let served = outage.power.totals.served_w;
    Tile {
        label: "Racks lost",
        value: shown(racks.to_string(), format!("of {}", results.racks.len())),
        ink: if racks > 0 { Ink::Bad } else { Ink::Ok },
        delta: None,
        band: None::<BandBar>,
        explanation: format!(
            "{words}: {} of {} served; {} fans, pumps and other loads lost",
            display::power_w(served),
            display::power_w(outage.power.totals.demand_w),
            outage.others_lost
        ),
        target: Target::Command(Command::Tab(Tab::Outages)),
    }
}

fn output(tile: &mut Tile, results: &Results, outage: &Outage) {
    let (Some(band), Some(lost)) = (results.kpi.tokens_per_s, outage.tokens_lost) else { return };
    let left = (band.base - lost).max(0.0);
    tile.label = "Output, share of racks";
    tile.value = display::tokens_s(left);
    tile.delta = display::relative_change(left, band.base)
        .map(|text| Delta { text, good: Some(left >= band.base) });
    tile.ink = if lost > 0.0 { Ink::Bad } else { Ink::Plain };
    tile.explanation = format!(
        "{} in the normal state, less the share of compute racks without power. First order: a job \
         that needs every rack stops altogether.",
        display::tokens_s(band.base)
    );
    tile.target = Target::Command(Command::Tab(Tab::Outages));
}

fn facility(tile: &mut Tile, results: &Results, outage: &Outage) {
    let (now, before) = (outage.power.totals.source_w / 1e6, results.power.totals.source_w / 1e6);
    tile.value =
        shown(display::sig(now, 3), format!("MW of {}", display::sig(results.kpi.utility_mw, 3)));
    let change = now - before;
    tile.delta =
        (change.abs() >= 0.005).then(|| Delta { text: display::signed(change, 2), good: None });
    tile.ink = Ink::of_use(now / results.kpi.utility_mw * 100.0);
    tile.explanation = "drawn from utilities and running generators in this outage".into();
}

fn loading(tile: &mut Tile, outage: &Outage) {
    let Some(name) = outage.summary().and_then(|s| s.worst_element.clone()) else { return };
    let of_limit = outage.power.elements.iter().find(|e| e.name == name);
    let pct = of_limit.map_or(0.0, |e| e.normal_of_limit() * 100.0);
    tile.label = "Worst loading, this outage";
    tile.value = shown(display::fixed(pct, 0), format!("% · {name}"));
    tile.ink = Ink::of_use(pct);
    tile.explanation = format!("{name}: {} of its continuous limit", display::percent(pct));
    tile.target = Target::Command(Command::Tab(Tab::Outages));
}
