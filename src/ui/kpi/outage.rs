//! The headline numbers while components are taken for failed: what the power chain decides, against
//! the normal state. Cost, PUE and the like are figures of the year and not of an outage: they are
//! not shown.

use super::tiles::{Delta, Target, Tile};
use crate::evaluate::result::Results;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::what_if::{Outage, WhatIf};
use crate::ui::widgets::Ink;
use crate::units::display::{self, Shown};

/// Tiles of the outage, once it is solved.
pub fn tiles(results: &Results, what_if: &WhatIf) -> Option<Vec<Tile>> {
    let outage = what_if.outage()?;
    let mut tiles = vec![racks(results, outage, &what_if.words()), others(outage)];
    tiles.extend(output(results, outage));
    tiles.push(served(results, outage));
    tiles.push(facility(results, outage));
    tiles.extend(worst_loading(outage));
    Some(tiles)
}

fn racks(results: &Results, outage: &Outage, words: &str) -> Tile {
    let lost = outage.racks_lost.len();
    Tile {
        ink: if lost > 0 { Ink::Bad } else { Ink::Ok },
        ..tile(
            "Racks lost",
            shown(lost.to_string(), format!("of {}", results.racks.len())),
            format!("{words}: racks without power that have it in the normal state"),
        )
    }
}

fn others(outage: &Outage) -> Tile {
    Tile {
        ink: if outage.others_lost > 0 { Ink::Warn } else { Ink::Ok },
        ..tile(
            "Fans, pumps, others lost",
            shown(outage.others_lost.to_string(), ""),
            "mechanical and house loads without power; the heat that they no longer carry away is \
             not in these figures: see Ride-through",
        )
    }
}

fn output(results: &Results, outage: &Outage) -> Option<Tile> {
    let (band, lost) = (results.kpi.tokens_per_s?, outage.tokens_lost?);
    let left = (band.base - lost).max(0.0);
    let (label, why) = if outage.of_jobs {
        ("Output until restart", "less what the jobs lose until they are restarted")
    } else {
        (
            "Output, share of racks",
            "less the share of compute racks without power. First order: a job that needs every \
             rack stops altogether",
        )
    };
    let text = display::relative_change(left, band.base);
    let normal = display::tokens_s(band.base);
    Some(Tile {
        delta: text.map(|text| Delta { text, good: Some(false) }),
        ink: if lost > 0.0 { Ink::Bad } else { Ink::Plain },
        ..tile(label, display::tokens_s(left), format!("{normal} in the normal state, {why}"))
    })
}

fn served(results: &Results, outage: &Outage) -> Tile {
    let now = &outage.power.totals;
    Tile {
        delta: megawatts(now.served_w, results.power.totals.served_w),
        ..tile(
            "Served",
            shown(
                display::sig(now.served_w / 1e6, 3),
                format!("MW of {}", display::sig(now.demand_w / 1e6, 3)),
            ),
            "power delivered to loads, of what they ask for",
        )
    }
}

fn facility(results: &Results, outage: &Outage) -> Tile {
    let now_w = outage.power.totals.source_w;
    let utility_mw = results.kpi.utility_mw;
    Tile {
        delta: megawatts(now_w, results.power.totals.source_w),
        ink: Ink::of_use(now_w / (utility_mw * 1e6) * 100.0),
        ..tile(
            "Facility",
            shown(display::sig(now_w / 1e6, 3), format!("MW of {}", display::sig(utility_mw, 3))),
            "drawn from utilities and running generators in this outage",
        )
    }
}

/// A change against the normal state, where it would be seen.
fn megawatts(now_w: f64, was_w: f64) -> Option<Delta> {
    let change = (now_w - was_w) / 1e6;
    let sign = if change > 0.0 { "+" } else { "" };
    let text = format!("{sign}{}", display::fixed(change, 2));
    (change.abs() >= 0.005).then_some(Delta { text, good: None })
}

fn worst_loading(outage: &Outage) -> Option<Tile> {
    let summary = outage.summary()?;
    let name = summary.worst_element.clone()?;
    let element = outage.power.elements.iter().find(|e| e.name == name)?;
    let pct = element.normal_of_limit() * 100.0;
    let tripped = match summary.tripped.as_slice() {
        [] => "nothing tripped".to_owned(),
        names => format!("tripped: {}", names.join(", ")),
    };
    Some(Tile {
        ink: Ink::of_use(pct),
        ..tile(
            "Worst loading, this outage",
            shown(display::fixed(pct, 0), format!("% · {name}")),
            format!("{name}: {} of its continuous limit; {tripped}", display::percent(pct)),
        )
    })
}

fn shown(number: String, unit: impl Into<String>) -> Shown {
    Shown { number, unit: unit.into() }
}

fn tile(label: &'static str, value: Shown, explanation: impl Into<String>) -> Tile {
    Tile {
        label,
        value,
        ink: Ink::Plain,
        delta: None,
        band: None,
        explanation: explanation.into(),
        target: Target::Command(Command::Tab(Tab::Outages)),
    }
}
