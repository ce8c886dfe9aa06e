//! The headline numbers while components are taken for failed: what the power chain decides, against
//! the normal state. Cost, PUE and the like are figures of the year and not of an outage: they are
//! not shown.

use super::tiles::{Delta, Target, Tile};
use crate::evaluate::result::Results;
use crate::ui::commands::Command;
use crate::ui::screens::Tab;
use crate::ui::what_if::WhatIf;
use crate::ui::widgets::Ink;
use crate::units::display::{self, Shown};

/// Tiles of the outage, once it is solved.
pub fn tiles(results: &Results, what_if: &WhatIf) -> Option<Vec<Tile>> {
    let outage = what_if.outage()?;
    let lost = outage.racks_lost.len();
    let totals = &outage.power.totals;
    let before = &results.power.totals;
    let mut tiles = vec![
        Tile {
            ink: if lost > 0 { Ink::Bad } else { Ink::Ok },
            ..tile(
                "Racks lost",
                shown(lost.to_string(), format!("of {}", results.racks.len())),
                format!(
                    "{}: racks without power that have it in the normal state",
                    what_if.words()
                ),
            )
        },
        Tile {
            ink: if outage.others_lost > 0 { Ink::Warn } else { Ink::Ok },
            ..tile(
                "Fans, pumps, others lost",
                shown(outage.others_lost.to_string(), ""),
                "mechanical and house loads without power; the heat that they no longer carry away \
                 is not in these figures: see Ride-through",
            )
        },
    ];
    if let (Some(band), Some(lost)) = (results.kpi.tokens_per_s, outage.tokens_lost) {
        let left = (band.base - lost).max(0.0);
        let text = display::relative_change(left, band.base);
        tiles.push(Tile {
            delta: text.map(|text| Delta { text, good: Some(false) }),
            ink: if lost > 0.0 { Ink::Bad } else { Ink::Plain },
            ..tile(
                "Output, share of racks",
                display::tokens_s(left),
                format!(
                    "{} in the normal state, less the share of compute racks without power. First \
                     order: a job that needs every rack stops altogether.",
                    display::tokens_s(band.base)
                ),
            )
        });
    }
    let mw = |now_w: f64, was_w: f64| {
        let change = (now_w - was_w) / 1e6;
        (change.abs() >= 0.005).then(|| {
            let sign = if change > 0.0 { "+" } else { "" };
            Delta { text: format!("{sign}{}", display::fixed(change, 2)), good: None }
        })
    };
    tiles.push(Tile {
        delta: mw(totals.served_w, before.served_w),
        ..tile(
            "Served",
            shown(
                display::sig(totals.served_w / 1e6, 3),
                format!("MW of {}", display::sig(totals.demand_w / 1e6, 3)),
            ),
            "power delivered to loads, of what they ask for",
        )
    });
    let utility_w = results.kpi.utility_mw * 1e6;
    tiles.push(Tile {
        delta: mw(totals.source_w, before.source_w),
        ink: Ink::of_use(totals.source_w / utility_w * 100.0),
        ..tile(
            "Facility",
            shown(
                display::sig(totals.source_w / 1e6, 3),
                format!("MW of {}", display::sig(results.kpi.utility_mw, 3)),
            ),
            "drawn from utilities and running generators in this outage",
        )
    });
    tiles.extend(worst_loading(what_if));
    Some(tiles)
}

fn worst_loading(what_if: &WhatIf) -> Option<Tile> {
    let outage = what_if.outage()?;
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
