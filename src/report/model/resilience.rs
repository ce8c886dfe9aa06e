//! Outages and their price, availability with its data, standby supply, load swings, panels, and
//! the ledger of installed capacity.

use super::power::serde_name;
use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone, words};
use crate::evaluate::power::resilience::{
    Component, CutSet, LedgerSide, OutageRow, SwingCheck, UpsLine,
};
use crate::units::display;

/// Outages listed at most; the dearest come first.
const OUTAGES_LISTED: usize = 40;
/// Cut sets listed at most.
const CUTS_LISTED: usize = 20;

/// The section on outages.
pub fn outages(given: &Given<'_>) -> Section {
    let all = &given.results.resilience.outages;
    let columns = vec![
        Column::text("Outage"),
        Column::number("Racks lost", ""),
        Column::number("Output lost", "tok/s"),
        Column::number("of the hall", "%"),
        Column::number("after restart", "tok/s"),
        Column::number("Cooling lost", "kW"),
        Column::number("Uncooled racks", ""),
        Column::text("Most loaded element"),
        Column::number("Loading", "% of nameplate"),
        Column::number("Per year", ""),
        Column::number("Lost a year", "M tok"),
    ];
    let mut table = Table::new("outage_costs", "Outages by tokens lost", columns);
    for row in all.iter().take(OUTAGES_LISTED) {
        table.push(outage(row));
    }
    let note = format!(
        "{} of {} outages, the dearest first. Frequencies are those of the section on availability.",
        table.rows.len(),
        all.len()
    );
    let words = "Every single outage and chosen pairs. Replicas fill the racks of their kind in \
                 order and die with any of their racks; training stops as a whole. Output after \
                 the restart is what survivors can not make up until the repair. An element above \
                 125 % of its nameplate counts as tripped. Uncooled racks keep power and lose fans, \
                 pumps or plant.";
    let blocks = vec![Block::Paragraph(words.into()), Block::Table(table.noted(note))];
    Section { id: "outages", title: "Outages and what they cost", blocks }
}

fn outage(row: &OutageRow) -> Vec<Cell> {
    let marked =
        |n: usize, tone: Tone| Cell::count(n as u64).toned(if n > 0 { tone } else { Tone::Plain });
    let mut name = row.name.clone();
    if !row.tripped.is_empty() {
        name = format!("{name}; trips {}", row.tripped.join(", "));
    }
    vec![
        Cell::text(name),
        marked(row.racks_lost, Tone::Bad),
        Cell::number(row.tokens_lost_per_s, 0),
        Cell::number(row.tokens_lost_share * 100.0, 1),
        Cell::number(row.tokens_lost_lasting_per_s, 0),
        Cell::number(row.mechanical_lost_kw, 0),
        marked(row.racks_uncooled, Tone::Warn),
        row.worst_element.clone().map_or_else(Cell::none, Cell::text),
        Cell::number(row.worst_loading * 100.0, 0),
        row.per_year.map_or_else(Cell::none, |v| Cell::significant(v, 2)),
        Cell::maybe(row.tokens_lost_per_year.map(|t| t / 1e6), 1),
    ]
}

/// The section on availability.
pub fn availability(given: &Given<'_>) -> Section {
    let a = &given.results.resilience.availability;
    let share = |v: f64| format!("{:.5} %", v * 100.0);
    let hours = |v: f64| format!("{v:.3} h a year");
    let facts = vec![
        ("Mean availability of a rack's supply", share(a.mean)),
        ("Worst rack", share(a.worst)),
        ("Every rack has power", share(a.all_up)),
        ("Mean outage of a rack's supply", hours(a.hours_per_year)),
        ("Mean outage of the supply of fans, pumps and plant", hours(a.mechanical_hours_per_year)),
        ("Tokens not lost to the supply", share(a.token_availability)),
        ("Tokens lost to the supply a year", display::count(a.tokens_lost_per_year as u64)),
        ("Cut sets of one and two failures", display::count(a.cut_count as u64)),
    ];
    let words = "Minimal cut sets to order two, with common causes and standby generators that may \
                 fail to start. Planned maintenance, human error beyond the common causes, and three \
                 or more independent failures are left out. Failure data marked \"unverified\" are \
                 recalled or assumed: nobody has read the source for this program, so read the \
                 results as a comparison of designs, not as a promise.";
    let mut classes = Table::new(
        "availability_classes",
        "Outage of the mean rack by failing component",
        vec![Column::text("Class"), Column::number("Outage", "h a year")],
    );
    for (kind, h) in &a.by_class {
        classes.push(vec![Cell::text(words::spaced(&serde_name(kind))), Cell::significant(*h, 3)]);
    }
    classes
        .push_as(RowRole::Total, vec![Cell::text("Total"), Cell::significant(a.hours_per_year, 3)]);
    let blocks = vec![
        Block::Paragraph(words.into()),
        Block::Table(Table::facts("availability", "Supply", facts)),
        Block::Table(classes),
        Block::Table(cuts(&a.cuts)),
        Block::Table(components(&a.components)),
    ];
    Section { id: "availability", title: "Availability", blocks }
}

fn cuts(cuts: &[CutSet]) -> Table {
    let columns = vec![
        Column::text("What fails"),
        Column::number("Per year", ""),
        Column::number("Each", "h"),
        Column::number("Racks", ""),
        Column::number("Lost", "rack-h a year"),
    ];
    let mut table = Table::new("cut_sets", "Dominant cut sets", columns);
    for cut in cuts.iter().take(CUTS_LISTED) {
        table.push(vec![
            Cell::text(cut.events.join(" + ")),
            Cell::significant(cut.per_year, 2),
            Cell::number(cut.hours_each, 2),
            Cell::count(cut.racks as u64),
            Cell::significant(cut.rack_hours_per_year, 3),
        ]);
    }
    table
}

fn components(list: &[Component]) -> Table {
    let columns = vec![
        Column::text("Class"),
        Column::number("Failures", "per unit and year"),
        Column::number("Repair", "h"),
        Column::number("Common cause", "%"),
        Column::text("Source"),
        Column::text("Badge"),
    ];
    let mut table = Table::new("failure_data", "Failure data", columns);
    for c in list {
        let badge = if c.verified {
            Cell::text("stated")
        } else {
            Cell::text("unverified").toned(Tone::Warn)
        };
        table.push(vec![
            Cell::text(words::spaced(&serde_name(&c.kind))),
            Cell::significant(c.failures_per_year, 3),
            Cell::number(c.repair_h, 2),
            Cell::number(c.common_cause * 100.0, 1),
            Cell::text(c.source.clone()).toned(Tone::Muted),
            badge,
        ]);
    }
    table.noted("Busway is per metre. Common cause: share of failures that takes the whole class.")
}

/// The section on standby supply and load swings.
pub fn standby(given: &Given<'_>) -> Section {
    let r = &given.results.resilience;
    let gap = r.standby.mechanical_gap_s.map_or_else(
        || "There are no generators: batteries are all that carries the racks".to_owned(),
        |s| format!("Generators carry load after {s:.0} s ({}); fans and pumps stand still until then, UPS bridge the racks", r.standby.start_source),
    );
    let mut blocks = vec![Block::Paragraph(format!("{gap}."))];
    blocks.push(Block::Table(generators(given)));
    blocks.push(Block::Table(ups(&r.standby.ups)));
    if let Some(swing) = &r.swing {
        let kind =
            if swing.lock_step { "moves in lock-step" } else { "is taken at its upper bound" };
        blocks.push(Block::Paragraph(format!(
            "The load {kind}: between {:.2} and {:.2} MW at the racks every {:.2} s, {:.0} % of the \
             time at the upper level ({}). Of a swing of {:.2} MW {:.2} MW remain after floor and \
             rack storage; {:.0} J per GPU would take all of it.",
            swing.trough_mw,
            swing.peak_mw,
            swing.period_s,
            swing.duty * 100.0,
            swing.basis.to_lowercase(),
            swing.raw_mw,
            swing.smoothed_mw,
            swing.storage_needed_j_per_gpu,
        )));
        blocks.push(Block::Table(swings(&swing.checks)));
    }
    if let Some(p) = &r.provision {
        blocks.push(Block::Paragraph(format!(
            "Provisioned for {:.0} kW ({} compute racks at {:.1} kW). They draw {:.0} kW on average \
             and exceed {:.0} kW for {} of the time, at a spread of {:.1} kW and a correlation of \
             {:.2}: {} racks would fit the provisioned power at that risk ({:+.1} %).",
            p.provisioned_kw,
            p.racks,
            p.design_kw,
            p.mean_kw,
            p.at_risk_kw,
            display::percent(p.risk * 100.0),
            p.spread_kw,
            p.correlation,
            p.racks_at_risk,
            p.oversubscription_pct,
        )));
    }
    Section { id: "standby", title: "Standby supply and load swings", blocks }
}

fn generators(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Plant"),
        Column::number("Sets", ""),
        Column::number("Needed", ""),
        Column::number("Load", "kW"),
        Column::number("Load", "kVA"),
        Column::number("Rated", "kW"),
        Column::number("First step", "kW"),
        Column::number("Step limit", "kW"),
        Column::text("Limit by"),
    ];
    let mut table = Table::new("generators", "Generators with the utility out", columns);
    for g in &given.results.resilience.standby.generators {
        let over = g.step_kw > g.step_limit_kw;
        table.push(vec![
            Cell::text(g.name.clone()),
            Cell::count(g.installed),
            Cell::count(g.needed),
            Cell::number(g.load_kw, 0),
            Cell::number(g.load_kva, 0),
            Cell::number(g.rated_kw, 0),
            Cell::number(g.step_kw, 0).toned(if over { Tone::Bad } else { Tone::Plain }),
            Cell::number(g.step_limit_kw, 0),
            Cell::text(g.step_source.clone()).toned(Tone::Muted),
        ]);
    }
    table
}

fn ups(list: &[UpsLine]) -> Table {
    let columns = vec![
        Column::text("UPS"),
        Column::number("Modules", ""),
        Column::number("Load", "kW"),
        Column::number("Failover", "kW"),
        Column::number("Battery", "min"),
        Column::number("at failover", "min"),
        Column::number("Loss", "kW"),
        Column::number("in eco mode", "kW"),
        Column::number("Modules awake", ""),
        Column::number("Loss then", "kW"),
    ];
    let mut table = Table::new("ups", "UPS: autonomy with aged batteries, and modes", columns);
    for u in list {
        table.push(vec![
            Cell::text(u.name.clone()),
            Cell::count(u.modules),
            Cell::number(u.load_kw, 0),
            Cell::number(u.failover_kw, 0),
            Cell::maybe(u.autonomy_min, 1),
            Cell::maybe(u.failover_autonomy_min, 1),
            Cell::number(u.loss_kw, 1),
            Cell::maybe(u.eco_loss_kw, 1),
            Cell::count(u.awake),
            Cell::number(u.shed_loss_kw, 1),
        ]);
    }
    table
}

fn swings(checks: &[SwingCheck]) -> Table {
    let columns = vec![
        Column::text("Check"),
        Column::text("Element"),
        Column::number("Value", ""),
        Column::number("Limit", ""),
        Column::text("Unit"),
        Column::text("Source of the limit"),
    ];
    let mut table = Table::new("swing_checks", "Load swing against limits", columns);
    for c in checks {
        let tone = if c.exceeded() { Tone::Bad } else { Tone::Plain };
        table.push(vec![
            Cell::text(c.name.clone()),
            c.element.clone().map_or_else(Cell::none, Cell::text),
            Cell::significant(c.value, 3).toned(tone),
            c.limit.map_or_else(Cell::none, |v| Cell::significant(v, 3)),
            Cell::text(c.unit),
            Cell::text(c.source.clone()).toned(Tone::Muted),
        ]);
    }
    table
}

/// The section with the panel schedules.
pub fn panels(given: &Given<'_>) -> Section {
    let columns = vec![
        Column::text("Panel, circuit"),
        Column::text("Supply"),
        Column::number("Load", "kW"),
        Column::number("Normal", "A"),
        Column::number("Worst", "A"),
        Column::number("Rating, breaker", "A"),
        Column::number("Normal", "% of limit"),
        Column::number("Worst", "% of limit"),
    ];
    let mut table = Table::new("panel_schedule", "Panel schedule", columns);
    for p in &given.results.resilience.panels {
        let supply = match (&p.supply, &p.alternate) {
            (Some(a), Some(b)) => format!("{a}, else {b}"),
            (Some(a), None) => a.clone(),
            _ => String::new(),
        };
        table.push_as(
            RowRole::Subtotal,
            vec![
                Cell::text(format!("{} · {:.0} V", p.name, p.volts)),
                Cell::text(supply),
                Cell::number(p.load_kw, 0),
                Cell::number(p.amps, 0),
                Cell::blank(),
                Cell::maybe(p.rated_a, 0),
                Cell::number(p.normal_pct, 0),
                Cell::number(p.worst_pct, 0),
            ],
        );
        for c in &p.circuits {
            let name = if c.alternate { format!("{} (alternate)", c.name) } else { c.name.clone() };
            table.push(vec![
                Cell::text(name),
                Cell::blank(),
                Cell::number(c.load_kw, 1),
                Cell::number(c.amps, 0),
                Cell::maybe(c.worst_amps, 0),
                Cell::maybe(c.breaker_a, 0),
            ]);
        }
    }
    let words = "Every board, busway and medium-voltage section with its circuits. Currents are per \
                 line (AC) or pole (DC) and the same on each line: loads are balanced. Breakers are \
                 proposals: the smallest standard rating that carries the worst current at 80 %.";
    let blocks = vec![Block::Paragraph(words.into()), Block::Table(table)];
    Section { id: "panels", title: "Panel schedules", blocks }
}

/// The ledgers of installed capacity.
pub fn ledgers(given: &Given<'_>) -> Vec<Block> {
    let ledger = &given.results.resilience.ledger;
    let words = format!(
        "Free capacity is counted in racks of {:.1} kW, each with its whole power on every path; \
         {} more would fit.",
        ledger.rack_kw, ledger.deployable_racks
    );
    vec![
        Block::Paragraph(words),
        Block::Table(side("ledger_ups", "UPS modules installed", &ledger.ups)),
        Block::Table(side("ledger_utility", "Power contracted", &ledger.utility)),
    ]
}

fn side(id: &'static str, title: &str, side: &LedgerSide) -> Table {
    let columns = vec![
        Column::text("Where it goes"),
        Column::number("Power", "MW"),
        Column::number("Racks", ""),
        Column::text("First element to bind"),
    ];
    let mut table = Table::new(id, title, columns);
    for e in &side.entries {
        let tone = if e.stranded && e.mw > 1e-6 { Tone::Warn } else { Tone::Plain };
        table.push(vec![
            Cell::text(e.cause),
            Cell::number(e.mw, 3).toned(tone),
            Cell::count(e.racks),
            e.element.clone().map_or_else(Cell::none, Cell::text),
        ]);
    }
    table
        .push_as(RowRole::Total, vec![Cell::text("Installed"), Cell::number(side.installed_mw, 3)]);
    table
}
