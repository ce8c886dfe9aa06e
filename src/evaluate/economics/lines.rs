//! Capital lines from counted quantities.
//!
//! Every counted item is a line at its catalogue price. What is not counted piece by piece
//! (switchgear, power cable, other services, land and shell) is reckoned by facility power at
//! published figures per kilowatt, which hold everything up to the finished hall. Counted
//! equipment is priced as sold: its installation, design and contingency are shares on top, and
//! lines of their own.

use super::Band;
use super::case::{CapexLine, OpexBasis, OpexLine, Subsystem};
use super::prices::{Price, Prices};
use super::quantities::{Quantities, Quantity};
use crate::evaluate::snapshot::Snapshot;

use Subsystem::{Building, Compute, Cooling, Network, Power, Storage};

/// Square millimetres in a square metre.
const MM2_PER_M2: f64 = 1e6;

/// All capital lines of a plan.
pub(super) fn capex(snapshot: &Snapshot, q: &Quantities) -> Vec<CapexLine> {
    let p = Prices { snapshot };
    let mut lines = counted(&p, q);
    let shares = on_top(&p, &lines);
    lines.extend(by_rating(&p, q));
    lines.extend(shares);
    lines
}

fn line(to: Subsystem, name: &str, amount: f64, unit: &str, price: Price) -> CapexLine {
    CapexLine {
        subsystem: to,
        item: name.to_owned(),
        quantity: amount,
        unit: unit.to_owned(),
        unit_price_usd: price.usd,
        source: price.source,
        date: price.date,
    }
}

fn counted(p: &Prices, q: &Quantities) -> Vec<CapexLine> {
    let mut lines = Vec::new();
    let mut add = |to: Subsystem, list: &[Quantity], unit: &str, price: &dyn Fn(&str) -> Price| {
        let bought = list.iter().filter(|item| item.amount > 0.0);
        lines.extend(bought.map(|i| line(to, &i.name, i.amount, unit, price(&i.key))));
    };
    add(Compute, &q.systems, "system", &|k| p.system(k));
    add(Compute, &q.racks, "rack", &|k| p.rack(k));
    add(Network, &q.switches, "switch", &|k| p.network(k));
    add(Network, &q.optics, "module", &|k| p.network(k));
    add(Storage, &q.storage, "appliance", &|k| p.storage(k));
    add(Power, &q.transformers_kva, "kVA", &|k| p.power(k, "price_transformer_usd_kva"));
    add(Power, &q.ups_kw, "kW", &|k| p.power(k, "price_ups_usd_kw"));
    add(Power, &q.generators_kw, "kW", &|k| p.power(k, "price_generator_usd_kw"));
    add(Power, &q.pdus_kva, "kVA", &|k| p.power(k, "price_pdu_usd_kva"));
    add(Power, &q.busway_m, "m", &|k| p.busway(k));
    add(Power, &q.rack_power_kw, "kW", &|k| p.power(k, "price_rack_power_usd_kw"));
    add(Cooling, &q.cdus_kw, "kW", &|k| p.cooling(k));
    add(Cooling, &q.air_coolers_kw, "kW", &|k| p.cooling(k));
    add(Cooling, &q.plant_kw, "kW", &|k| p.cooling(k));
    let with_ends = |c: &&Quantity| p.cable(&c.key).is_some();
    let cables: Vec<Quantity> = q.cables.iter().filter(with_ends).cloned().collect();
    add(Network, &cables, "cable", &|k| p.network(k));
    for (subsystem, item) in &q.extra {
        add(*subsystem, std::slice::from_ref(item), "piece", &|k| p.assumed(k));
    }
    lines
}

/// What has no catalogue entry of its own: pieces, metres, and published capital per kilowatt.
fn by_rating(p: &Prices, q: &Quantities) -> Vec<CapexLine> {
    let pieces = [
        (Network, "Fibre", q.fibre_m, "m", "price_fibre_usd_m"),
        (Power, "Tap-off boxes", q.tap_offs, "piece", "price_tap_off_usd"),
        (Power, "Rack PDUs", q.rack_pdus, "piece", "price_rack_pdu_usd"),
        (Power, "MV and LV switchgear", q.facility_kw, "kW", "price_switchgear_usd_kw"),
        (Power, "Power cable", q.facility_kw, "kW", "price_power_cable_usd_kw"),
        (Power, "Utility connection", q.facility_kw, "kW", "price_utility_connection_usd_kw"),
        (Cooling, "Piping", q.piping_m, "m", "price_piping_usd_m"),
        (Building, "Services, controls, fire", q.facility_kw, "kW", "price_services_usd_kw"),
        (Building, "Land and shell", q.facility_kw, "kW", "price_shell_usd_kw"),
        (Building, "White space", hall_m2(p), "m²", "price_white_space_usd_m2"),
        (Building, "Aisle containment", q.containment_m, "m", "price_containment_usd_m"),
        (Building, "Raised floor", q.raised_floor_m2, "m²", "price_raised_floor_usd_m2"),
    ];
    pieces
        .into_iter()
        .filter(|piece| piece.2 > 0.0)
        .map(|(to, name, amount, unit, id)| line(to, name, amount, unit, p.assumed(id)))
        .collect()
}

fn hall_m2(p: &Prices) -> f64 {
    let hall = &p.snapshot.plan.hall;
    f64::from(hall.size_x_mm) * f64::from(hall.size_y_mm) / MM2_PER_M2
}

/// Shares on top of the counted lines of a subsystem, each a lump sum.
fn on_top(p: &Prices, lines: &[CapexLine]) -> Vec<CapexLine> {
    let sum = |of: Subsystem| {
        let priced = lines.iter().filter(|l| l.subsystem == of);
        priced
            .filter_map(|l| l.unit_price_usd.map(|usd| usd * l.quantity))
            .fold(Band::default(), |all, one| all + one)
    };
    [
        (Compute, "Installation and burn-in", "it_installation_fraction"),
        (Network, "Installation", "it_installation_fraction"),
        (Network, "Spares", "network_spares_fraction"),
        (Storage, "Installation", "it_installation_fraction"),
        (Power, "Design, permits, commissioning", "soft_costs"),
        (Power, "Contingency", "contingency"),
        (Cooling, "Design, permits, commissioning", "soft_costs"),
        (Cooling, "Contingency", "contingency"),
    ]
    .into_iter()
    .map(|(of, name, id)| (of, name, sum(of), p.assumed(id)))
    .filter(|(_, _, base, _)| base.high > 0.0)
    .map(|(of, name, base, share)| {
        let product = |s: Band| Band::new(base.low * s.low, base.base * s.base, base.high * s.high);
        line(of, name, 1.0, "lump", Price { usd: share.usd.map(product), ..share })
    })
    .collect()
}

/// Running cost beside energy and water: one published figure per kilowatt of IT. Support
/// contracts, insurance and tax are parts of that figure; they become lines of their own only
/// where the plan sets them, lest they count twice.
pub(super) fn opex(snapshot: &Snapshot, q: &Quantities) -> Vec<OpexLine> {
    let p = Prices { snapshot };
    let operation = p.assumed("opex_usd_kw_year");
    let all = |usd: Band| OpexBasis::PerYear(usd * q.it_capacity_kw);
    let mut lines = Vec::new();
    lines.extend(opex_line("Staff, maintenance, services", operation, all));
    let set = |id: &str| snapshot.plan.finance.assumptions.contains_key(id);
    let mut share = |name: &str, id: &str, subsystem: Subsystem| {
        if set(id) {
            let basis = |share: Band| OpexBasis::ShareOfCapex { subsystem, share };
            lines.extend(opex_line(name, p.assumed(id), basis));
        }
    };
    share("Support of servers", "it_maintenance_fraction_year", Compute);
    share("Support of network", "it_maintenance_fraction_year", Network);
    share("Support of storage", "it_maintenance_fraction_year", Storage);
    for of in Subsystem::ALL {
        let name = format!("Insurance and tax, {}", of.name().to_lowercase());
        share(&name, "insurance_tax_fraction_year", of);
    }
    lines
}

fn opex_line(name: &str, price: Price, basis: impl Fn(Band) -> OpexBasis) -> Option<OpexLine> {
    Some(OpexLine {
        item: name.to_owned(),
        basis: basis(price.usd?),
        source: price.source,
        date: price.date,
    })
}
