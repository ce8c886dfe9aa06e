//! Cost: capital by subsystem, the yearly cost and where it comes from, what moves it.

use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone, money_maps};
use crate::evaluate::economics::{EconomicsResult, InvestmentResult};
use crate::render::chart::cash::cash_chart;
use crate::render::chart::money;
use crate::report::figure::{Bar, Figure};
use crate::units::display;

/// Bars of the tornado drawn and listed.
const TORNADO_BARS: usize = 12;

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let e = &given.results.economics;
    let unpriced = match e.unpriced.len() {
        0 => "Every item has a price.".to_owned(),
        n => format!(
            "{n} items have no price and are left out of every figure here, which is too low by \
             their price; the bill of materials lists them."
        ),
    };
    let words = format!(
        "Capital {} ({}). Cost per year {}. {unpriced}",
        display::usd(e.capex_usd.base),
        display::band(e.capex_usd.low, e.capex_usd.high, display::usd),
        display::usd(e.annual_usd),
    );
    let mut blocks = vec![
        Block::Paragraph(words),
        Block::Table(capex(e)),
        Block::Table(unit_costs(e)),
        Block::Table(waterfall(e)),
        Block::Figure(waterfall_figure(e)),
        Block::Table(tornado(e)),
    ];
    if !e.tornado.is_empty() {
        blocks.push(Block::Figure(tornado_figure(e)));
    }
    blocks.extend(money_maps::map(given));
    blocks.extend(money_maps::compared(given));
    if let Some(investment) = &e.investment {
        blocks.push(Block::Figure(Figure::Chart(cash_chart(&investment.years))));
        blocks.push(Block::Table(cash_flow(investment)));
        blocks.push(Block::Table(investment_facts(investment)));
    }
    blocks.push(Block::Table(running(e)));
    Section { id: "cost", title: "Cost", blocks }
}

fn capex(e: &EconomicsResult) -> Table {
    let columns = vec![
        Column::text("Subsystem"),
        Column::number("Low", "USD"),
        Column::number("Base", "USD"),
        Column::number("High", "USD"),
        Column::number("Share", "%"),
        Column::number("Unpriced items", ""),
    ];
    let mut table = Table::new("capex", "Capital by subsystem", columns);
    let whole = e.capex_usd.base;
    let listed = e.capex.iter().filter(|c| c.usd.high > 0.0 || c.unpriced_lines > 0);
    for line in listed {
        let unpriced = Cell::count(line.unpriced_lines);
        table.push(vec![
            Cell::text(line.subsystem.name()),
            Cell::number(line.usd.low, 0),
            Cell::number(line.usd.base, 0),
            Cell::number(line.usd.high, 0),
            if whole > 0.0 { Cell::number(100.0 * line.usd.base / whole, 1) } else { Cell::none() },
            if line.unpriced_lines > 0 { unpriced.toned(Tone::Warn) } else { unpriced },
        ]);
    }
    let total = vec![
        Cell::text("Total"),
        Cell::number(e.capex_usd.low, 0),
        Cell::number(e.capex_usd.base, 0),
        Cell::number(e.capex_usd.high, 0),
        if whole > 0.0 { Cell::number(100.0, 1) } else { Cell::none() },
        Cell::count(e.unpriced.len() as u64),
    ];
    table.push_as(RowRole::Total, total);
    table
}

fn unit_costs(e: &EconomicsResult) -> Table {
    let columns = vec![
        Column::text("Unit cost"),
        Column::number("P10", "USD"),
        Column::number("Headline", "USD"),
        Column::number("P50", "USD"),
        Column::number("P90", "USD"),
    ];
    let mut table = Table::new("unit_costs", "Unit costs", columns);
    for (name, spread) in
        [("Per million tokens", e.usd_per_mtok), ("Per sold GPU-hour", e.usd_per_gpu_h)]
    {
        let mut cells = vec![Cell::text(name)];
        match spread {
            Some(p) => cells.extend([p.p10, p.base, p.p50, p.p90].map(|v| Cell::significant(v, 3))),
            None => cells.extend([0; 4].map(|_| Cell::none())),
        }
        table.push(cells);
    }
    table.noted(
        "P10 to P90 of seeded samples of every uncertain input; the headline has every input at \
         its base.",
    )
}

fn waterfall(e: &EconomicsResult) -> Table {
    let columns = vec![
        Column::text("Part"),
        Column::number("Per year", "USD"),
        Column::number("Per sold GPU-hour", "USD"),
    ];
    let mut table = Table::new("waterfall", "Where the yearly cost comes from", columns);
    for step in e.waterfall.iter().filter(|s| s.usd_year != 0.0) {
        table.push(vec![
            Cell::text(money::part_name(&step.part)),
            Cell::number(step.usd_year, 0),
            Cell::maybe(step.usd_gpu_h, 4),
        ]);
    }
    let total = vec![
        Cell::text("Total"),
        Cell::number(e.annual_usd, 0),
        Cell::maybe(e.usd_per_gpu_h.map(|p| p.base), 4),
    ];
    table.push_as(RowRole::Total, total);
    table
}

fn waterfall_figure(e: &EconomicsResult) -> Figure {
    let per_hour = e.usd_per_gpu_h.map(|p| p.base);
    let mut bars: Vec<Bar> = money::waterfall(e)
        .into_iter()
        .map(|step| Bar {
            text: display::usd(step.usd()),
            label: step.label,
            from: step.from,
            to: step.to,
            whole: false,
        })
        .collect();
    let whole = per_hour.unwrap_or(e.annual_usd);
    let text = display::usd(whole);
    bars.push(Bar { label: "Total".into(), from: 0.0, to: whole, text, whole: true });
    let title = if per_hour.is_some() { "Cost of a sold GPU-hour" } else { "Cost of a year" };
    Figure::Bars { title: title.into(), bars, origin: 0.0 }
}

fn tornado_unit(e: &EconomicsResult) -> &'static str {
    if e.usd_per_mtok.is_some() { "per million tokens" } else { "per sold GPU-hour" }
}

fn tornado(e: &EconomicsResult) -> Table {
    let columns = vec![
        Column::text("Input"),
        Column::number("Low", ""),
        Column::number("Base", ""),
        Column::number("High", ""),
        Column::number("Cost at low", "USD"),
        Column::number("Cost at high", "USD"),
        Column::number("Swing", "USD"),
    ];
    let title = format!("What moves the cost {}", tornado_unit(e));
    let mut table = Table::new("tornado", title, columns);
    for bar in e.tornado.iter().take(TORNADO_BARS) {
        table.push(vec![
            Cell::text(bar.input.clone()),
            Cell::significant(bar.values.low, 3),
            Cell::significant(bar.values.base, 3),
            Cell::significant(bar.values.high, 3),
            Cell::significant(bar.at_low, 3),
            Cell::significant(bar.at_high, 3),
            Cell::significant(bar.swing(), 2),
        ]);
    }
    table.noted("One input at a time from low to high, the others at base; longest swing first.")
}

fn tornado_figure(e: &EconomicsResult) -> Figure {
    let base = e.usd_per_mtok.or(e.usd_per_gpu_h).map_or(0.0, |p| p.base);
    let bars = e
        .tornado
        .iter()
        .take(TORNADO_BARS)
        .map(|bar| Bar {
            label: bar.input.clone(),
            from: bar.at_low,
            to: bar.at_high,
            text: display::band(
                bar.at_low.min(bar.at_high),
                bar.at_low.max(bar.at_high),
                display::usd,
            ),
            whole: false,
        })
        .collect();
    Figure::Bars { title: format!("Cost {}", tornado_unit(e)), bars, origin: base }
}

fn running(e: &EconomicsResult) -> Table {
    let columns =
        vec![Column::text("Per year"), Column::number("Amount", ""), Column::text("Unit")];
    let mut table = Table::new("running", "Production, energy, water, carbon", columns);
    let mut add = |name: &str, value: Option<f64>, digits: usize, unit: &str| {
        table.push(vec![Cell::text(name), Cell::maybe(value, digits), Cell::text(unit)]);
    };
    add("GPU-hours sold", Some(e.gpu_h_year), 0, "h");
    add("Tokens", e.tokens_year.map(|t| t / 1e9), 0, "billion");
    add("Average facility power", Some(e.average_kw), 0, "kW");
    add("Electricity", Some(e.energy_kwh_year / 1e3), 0, "MWh");
    add("Water", Some(e.water_m3_year), 0, "m³");
    add("Emissions of operation, location based", Some(e.operational_t_year), 0, "t CO₂e");
    add("Emissions per million tokens", e.carbon_g_per_mtok, 1, "g CO₂e");
    add("Tokens per joule, idle hours included", e.tokens_per_j_year, 3, "tok/J");
    table
}

fn cash_flow(investment: &InvestmentResult) -> Table {
    let columns = vec![
        Column::number("Year", ""),
        Column::number("Sales", "USD"),
        Column::number("Running", "USD"),
        Column::number("Capital", "USD"),
        Column::number("Tax", "USD"),
        Column::number("Sum", "USD"),
        Column::number("P10", "USD"),
        Column::number("P90", "USD"),
        Column::number("Since the start", "USD"),
        Column::number("P10", "USD"),
        Column::number("P90", "USD"),
    ];
    let mut table = Table::new("cash_flow", "Cash flow by year", columns);
    for y in &investment.years {
        let mut cells = vec![Cell::count(y.year)];
        let sums = [
            y.revenue_usd + y.residual_usd,
            y.running_usd,
            y.capital_usd,
            y.tax_usd,
            y.net_usd,
            y.net_p10_usd,
            y.net_p90_usd,
            y.cumulative_usd,
            y.cumulative_p10_usd,
            y.cumulative_p90_usd,
        ];
        cells.extend(sums.map(|v| Cell::number(v, 0)));
        table.push(cells);
    }
    table.noted(format!(
        "{}. Sales include the worth of what is left at the end of its life. Money falls at the \
         end of a year; P10 and P90 of seeded samples of every uncertain input.",
        investment.revenue_basis
    ))
}

fn investment_facts(investment: &InvestmentResult) -> Table {
    let percent = |v: f64| format!("{} %", display::sig(v * 100.0, 3));
    let or = |v: Option<String>, none: &str| v.unwrap_or_else(|| none.to_owned());
    let years = |v: Option<f64>| or(v.map(|y| format!("{} years", display::sig(y, 2))), "never");
    let rates = match investment.internal_rates.as_slice() {
        [] => "none".to_owned(),
        all => all.iter().map(|r| percent(*r)).collect::<Vec<_>>().join(", "),
    };
    let facts = vec![
        ("Net present value", display::usd(investment.npv_usd)),
        ("Chance that it is above 0", percent(investment.gains_share)),
        ("Internal rate of return", rates),
        ("Modified internal rate of return", or(investment.modified_rate.map(percent), "none")),
        ("Payback", years(investment.payback_years)),
        ("Payback, discounted", years(investment.discounted_payback_years)),
        (
            "Utilisation at which it breaks even",
            or(investment.break_even_utilisation.map(percent), "none"),
        ),
        (
            "Price at which it breaks even, of the assumed one",
            or(investment.break_even_price_level.map(percent), "none"),
        ),
    ];
    Table::facts("investment", "As an investment", facts)
}
