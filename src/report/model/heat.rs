//! Heat schedule: racks, loops and CDUs, air units, plant.

use super::loads::loading;
use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone};
use crate::evaluate::result::RackSummary;
use crate::units::{CubicMetresPerSec, Kelvin, display};

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let racks = &given.results.racks;
    let air: f64 = racks.iter().map(|r| r.air_kw).sum();
    let liquid: f64 = racks.iter().map(|r| r.liquid_kw).sum();
    let error = given.results.air.intake_error_k();
    let words = format!(
        "Racks give {} to air and {} to liquid at the operating point. Rack inlets come from the \
         air solver; their error bars are {} in the mean and {} at the worst rack (scatter in \
         time, grid, turbulence model): treat a margin smaller than that as no margin.",
        display::power_kw(air),
        display::power_kw(liquid),
        display::of(error.mean_k, "K", 2),
        display::of(error.worst_k, "K", 2),
    );
    let mut blocks = vec![Block::Paragraph(words), Block::Table(racks_table(given))];
    if !given.results.liquid.loops.is_empty() {
        blocks.push(Block::Table(loops(given)));
    }
    if !given.results.air.units.is_empty() {
        blocks.push(Block::Table(units(given)));
    }
    blocks.push(Block::Table(plant(given)));
    blocks.push(Block::Table(energy(given)));
    Section { id: "heat", title: "Heat schedule", blocks }
}

fn racks_table(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Rack"),
        Column::number("Air", "kW"),
        Column::number("Liquid", "kW"),
        Column::number("Airflow", "m³/s"),
        Column::number("Mean inlet", "°C"),
        Column::number("Limit", "°C"),
        Column::number("Margin", "K"),
        Column::number("Exhaust", "°C"),
        Column::number("Coolant", "L/min"),
        Column::number("Asked", "L/min"),
        Column::number("Supply", "°C"),
        Column::number("Outlet", "°C"),
    ];
    let mut table = Table::new("heat_schedule", "Heat by rack", columns);
    for rack in &given.results.racks {
        table.push(rack_line(rack));
    }
    let sum = |of: fn(&RackSummary) -> f64| given.results.racks.iter().map(of).sum::<f64>();
    let coolant = given.results.racks.iter().filter_map(|r| r.coolant_l_min).sum::<f64>();
    let mut total = vec![
        Cell::text("Total"),
        Cell::number(sum(|r| r.air_kw), 1),
        Cell::number(sum(|r| r.liquid_kw), 1),
        Cell::number(sum(|r| r.airflow_m3_s), 2),
    ];
    total.resize_with(8, Cell::blank);
    total.push(if coolant > 0.0 { Cell::number(coolant, 0) } else { Cell::blank() });
    table.push_as(RowRole::Total, total);
    table
}

fn rack_line(rack: &RackSummary) -> Vec<Cell> {
    let margin = rack.inlet_c.map(|t| rack.inlet_limit_c - t);
    let margin_cell = Cell::maybe(margin, 1);
    vec![
        Cell::text(rack.name.clone()),
        Cell::number(rack.air_kw, 1),
        Cell::number(rack.liquid_kw, 1),
        Cell::number(rack.airflow_m3_s, 2),
        Cell::maybe(rack.inlet_c, 1),
        Cell::number(rack.inlet_limit_c, 1),
        if margin.is_some_and(|m| m < 0.0) { margin_cell.toned(Tone::Bad) } else { margin_cell },
        Cell::maybe(rack.exhaust_c, 1),
        Cell::maybe(rack.coolant_l_min, 0),
        Cell::maybe(rack.coolant_required_l_min, 0),
        Cell::maybe(rack.coolant_supply_c, 1),
        Cell::maybe(rack.coolant_outlet_c, 1),
    ]
}

fn c(kelvin: f64) -> Cell {
    Cell::number(Kelvin::k(kelvin).to_c(), 1)
}

fn l_min(m3_s: f64) -> Cell {
    Cell::number(CubicMetresPerSec::m3_s(m3_s).to_l_min(), 0)
}

fn loops(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Loop"),
        Column::number("CDUs", ""),
        Column::number("Rated each", "kW"),
        Column::number("Rack heat", "kW"),
        Column::number("Pumps", "kW"),
        Column::number("Flow", "L/min"),
        Column::number("Supply", "°C"),
        Column::number("Return", "°C"),
        Column::number("FWS supply", "°C"),
        Column::number("FWS return", "°C"),
        Column::number("Approach", "K"),
        Column::number("Loading", "%"),
        Column::number("One CDU out", "%"),
    ];
    let mut table = Table::new("loops", "Coolant loops and CDUs", columns);
    let liquid = &given.results.liquid;
    for line in &liquid.loops {
        let at = &line.normal;
        table.push(vec![
            Cell::text(line.name.clone()),
            Cell::count(line.cdu_count),
            Cell::number(line.cdu_rated_w / 1e3, 0),
            Cell::number(at.rack_heat_w / 1e3, 1),
            Cell::number(at.pump_w / 1e3, 1),
            l_min(at.flow_m3_s),
            c(at.supply_k),
            c(at.return_k),
            c(at.facility_supply_k),
            c(at.facility_return_k),
            Cell::number(at.approach_k, 1),
            loading(Some(at.cdu_loading * 100.0)),
            line.one_cdu_out.map_or_else(
                || Cell::text("lost").toned(Tone::Warn),
                |out| loading(Some(out.cdu_loading * 100.0)),
            ),
        ]);
    }
    let total = vec![
        Cell::text("Total"),
        Cell::count(liquid.loops.iter().map(|l| l.cdu_count).sum::<u32>()),
        Cell::blank(),
        Cell::number(liquid.rack_heat_w / 1e3, 1),
        Cell::number(liquid.pump_w / 1e3, 1),
    ];
    table.push_as(RowRole::Total, total);
    table
}

fn units(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Unit"),
        Column::number("Airflow", "m³/s"),
        Column::number("Supply", "°C"),
        Column::number("Return", "°C"),
        Column::number("Heat", "kW"),
        Column::number("Loading", "% of capacity"),
    ];
    let mut table = Table::new("air_units", "Air units", columns);
    let units = &given.results.air.units;
    for unit in units {
        table.push(vec![
            Cell::text(unit_name(given, unit)),
            Cell::number(unit.flow_m3_s, 2),
            c(unit.supply_k),
            c(unit.return_k),
            Cell::number(unit.heat_w / 1e3, 1),
            loading(unit.loading.map(|l| l * 100.0)),
        ]);
    }
    let total = vec![
        Cell::text("Total"),
        Cell::number(units.iter().map(|u| u.flow_m3_s).sum(), 2),
        Cell::blank(),
        Cell::blank(),
        Cell::number(units.iter().map(|u| u.heat_w).sum::<f64>() / 1e3, 1),
    ];
    table.push_as(RowRole::Total, total);
    table
}

fn unit_name(given: &Given<'_>, unit: &crate::evaluate::air::UnitAir) -> String {
    let drawn = unit.object.and_then(|id| given.plan.floor.object(id));
    drawn.map_or_else(|| unit.id.clone(), |object| object.name())
}

fn plant(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Plant"),
        Column::number("Heat", "kW"),
        Column::number("Capacity", "kW"),
        Column::number("One unit out", "kW"),
        Column::number("Design supply", "°C"),
        Column::number("Fans", "kW"),
        Column::number("Pumps", "kW"),
        Column::number("Compressors", "kW"),
        Column::number("Free cooling", "h/year"),
        Column::number("Above set point", "h/year"),
        Column::number("Water", "m³/year"),
    ];
    let mut table =
        Table::new("plant", "Heat rejection on the design day and over the year", columns);
    for line in &given.results.plant.loops {
        let power = line.design.power;
        table.push(vec![
            Cell::text(line.name.clone()),
            Cell::number(line.heat_w / 1e3, 0),
            Cell::number(line.design_capacity_w / 1e3, 0),
            Cell::number(line.design_capacity_one_out_w / 1e3, 0),
            c(line.design.supply_k),
            Cell::number(power.fan_w / 1e3, 1),
            Cell::number(power.pump_w / 1e3, 1),
            Cell::number(power.compressor_w / 1e3, 1),
            Cell::number(line.free_cooling_hours, 0),
            Cell::number(line.hours_above_set_point, 0),
            Cell::number(line.makeup_m3_year, 0),
        ]);
    }
    let power = given.results.plant.design_power;
    let mut total = vec![Cell::text("Total")];
    total.push(Cell::number(
        given.results.plant.loops.iter().map(|l| l.heat_w).sum::<f64>() / 1e3,
        0,
    ));
    total.resize_with(5, Cell::blank);
    total.extend([power.fan_w, power.pump_w, power.compressor_w].map(|w| Cell::number(w / 1e3, 1)));
    total.resize_with(10, Cell::blank);
    total.push(Cell::number(given.results.plant.makeup_m3_year, 0));
    table.push_as(RowRole::Total, total);
    table
}

fn energy(given: &Given<'_>) -> Table {
    let energy = &given.results.energy;
    let columns = vec![Column::text("Balance"), Column::number("Power", "kW")];
    let mut table = Table::new("energy_balance", "Energy over all stages, design point", columns);
    let mut add = |name: &str, w: f64| {
        table.push(vec![Cell::text(name), Cell::number(w / 1e3, 1)]);
    };
    add("Taken from the sources", energy.in_w);
    add("of which racks", energy.it_w);
    add("of which fans, pumps, compressors, house", energy.mechanical_w);
    add("of which lost in the power chain", energy.electrical_loss_w);
    add("Given to the outdoors", energy.out_w);
    let closure = format!("{:.1e}", energy.closure());
    table.noted(format!("In and out differ by {closure} of what goes in."))
}
