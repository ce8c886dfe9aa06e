//! Fabric, storage and cost of every reference hall, held against published figures.

use crate::preset_plans;
use tokenmill::catalog;
use tokenmill::evaluate::economics::{
    self, EconomicsResult, Operation, Quantities, Quantity, Subsystem,
};
use tokenmill::evaluate::fabric::{self, FabricResult};
use tokenmill::evaluate::finding::{Finding, Severity};
use tokenmill::evaluate::snapshot::{RackKind, Snapshot};
use tokenmill::evaluate::storage::{self, StorageNeed, StorageResult};

/// Power use effectiveness assumed here for all halls; the plant stage computes it in a plan.
const PUE: f64 = 1.2;

struct Hall {
    file: &'static str,
    snapshot: Snapshot,
    fabric: FabricResult,
    storage: StorageResult,
}

fn halls() -> Vec<Hall> {
    let catalog = catalog::load::shipped().unwrap();
    preset_plans::all(&catalog)
        .into_iter()
        .map(|(file, plan)| {
            let snapshot = Snapshot::resolve(&plan, &catalog).unwrap();
            let of_plan = fabric::from_plan(&snapshot).unwrap();
            let mut fabric = fabric::solve(&of_plan.case).unwrap();
            fabric.findings.extend(of_plan.findings);
            let gpus: u32 = snapshot.racks.iter().map(|r| r.accelerator_count).sum();
            let need = StorageNeed {
                read_byte_s: f64::from(gpus) * 1e8,
                checkpoint_byte: 1e12,
                checkpoint_interval_s: None,
            };
            let storage = storage::solve(&storage::from_plan(&snapshot, &need)).unwrap();
            Hall { file, snapshot, fabric, storage }
        })
        .collect()
}

fn item(key: &str, name: &str, amount: f64) -> Quantity {
    Quantity { key: key.to_owned(), name: name.to_owned(), amount }
}

/// Quantities of a hall with a plain 2N chain, as the glue between the stages counts them.
fn quantities(hall: &Hall) -> Quantities {
    let s = &hall.snapshot;
    let compute = || s.racks.iter().filter(|r| r.kind == RackKind::Compute);
    let it_kw =
        compute().map(|r| r.design_power.to_kw()).sum::<f64>() + hall.fabric.typical_w / 1e3;
    let liquid_kw: f64 = compute().map(|r| r.design_power.to_kw() * r.liquid_fraction).sum();
    let facility_kw = it_kw * PUE;
    let mut systems: Vec<Quantity> = Vec::new();
    for rack in compute() {
        let Some(entry) = &rack.system else { continue };
        let n = f64::from(rack.system_count);
        match systems.iter_mut().find(|q| q.key == entry.id) {
            Some(q) => q.amount += n,
            None => systems.push(item(&entry.id, &entry.name, n)),
        }
    }
    let used = || hall.fabric.media.iter().filter(|m| m.links > 0);
    let modules = |m: &fabric::MediumUse| (m.switch_modules + m.nic_modules) as f64;
    Quantities {
        gpus: compute().map(|r| r.accelerator_count).sum(),
        systems,
        switches: vec![item(&s.switch.id, &s.switch.name, f64::from(hall.fabric.counts.total()))],
        optics: hall.fabric.media.iter().map(|m| item(&m.key, &m.name, modules(m))).collect(),
        cables: used().map(|m| item(&m.key, &m.name, m.cables as f64)).collect(),
        fibre_m: used().filter(|m| !m.assembled).map(|m| m.cable_length_m).sum(),
        storage: vec![item(&s.appliance.id, &s.appliance.name, f64::from(s.plan.storage.count))],
        transformers_kva: vec![item(&s.transformer.id, &s.transformer.name, 2.0 * facility_kw)],
        switchgear_kw: facility_kw,
        ups_kw: vec![item(&s.ups.id, &s.ups.name, 2.0 * it_kw)],
        generators_kw: s
            .generator
            .iter()
            .map(|g| item(&g.id, &g.name, 1.2 * facility_kw))
            .collect(),
        busway_m: vec![item(&s.busway.id, &s.busway.name, 10.0 * s.rows.len() as f64)],
        cdus_kw: vec![item(&s.cdu.id, &s.cdu.name, 1.25 * liquid_kw)],
        plant_kw: vec![item("chiller_air_screw", "Chillers", 1.2 * it_kw)],
        it_capacity_kw: it_kw,
        facility_kw,
        ..Quantities::default()
    }
}

fn cost(hall: &Hall, sold_share: f64) -> (Quantities, EconomicsResult) {
    let q = quantities(hall);
    let operation = Operation {
        facility_at_load_kw: 0.85 * q.facility_kw,
        facility_peak_kw: q.facility_kw,
        it_share: 1.0 / PUE,
        wue_l_kwh: 0.3,
        goodput: 1.0,
        sold_share,
        tokens_per_s: None,
    };
    let case = economics::from_plan(&hall.snapshot, &q, &operation).unwrap();
    (q, economics::solve(&case).unwrap())
}

fn errors(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|f| f.severity == Severity::Error).collect()
}

#[test]
fn print_all() {
    for hall in halls() {
        let f = &hall.fabric;
        let (q, r) = cost(&hall, 1.0);
        println!("== {} gpus {} it {:.2} MW", hall.file, q.gpus, q.it_capacity_kw / 1e3);
        println!(
            "  {:?} endpoints {} os {:.2} bis {:.2}",
            f.counts, f.endpoints, f.oversubscription, f.bisection_share
        );
        for t in &f.tiers {
            println!("    {t:?}");
        }
        for m in f.media.iter().filter(|m| m.links + m.nic_modules > 0) {
            println!(
                "    {} links {} sw {} nic {} cables {} W {:.0} {:?}",
                m.key, m.links, m.switch_modules, m.nic_modules, m.cables, m.power_w, m.skus
            );
        }
        println!(
            "   typ {:.1} kW max {:.1} kW; {:?}",
            f.typical_w / 1e3,
            f.max_w / 1e3,
            f.collectives
        );
        for n in &f.network_racks {
            print!(
                " [{} L{} S{} U{} {:.1}kW]",
                n.rack.0,
                n.leaves,
                n.spines,
                n.used_u,
                n.typical_w / 1e3
            );
        }
        println!();
        for x in f.findings.iter().chain(&hall.storage.findings).chain(&r.findings) {
            println!("   ! {:?} {} {} {:?} {:?}", x.severity, x.rule, x.message, x.value, x.limit);
        }
        println!(
            "  storage {:?} {:?} need {:.1e} {:?}",
            hall.storage.au,
            hall.storage.read_supply_byte_s,
            hall.storage.read_need_byte_s,
            hall.storage.racks
        );
        for c in &r.capex {
            println!(
                "   {:?} {:.1} M$ ({:.2} M$/MW)",
                c.subsystem,
                c.usd.base / 1e6,
                c.usd.base / q.it_capacity_kw / 1e3
            );
        }
        println!(
            "  capex {:.1} M$ per GPU {:.0}; outside IT {:.1} M$/MW; $/GPU-h {:?}",
            r.capex_usd.base / 1e6,
            r.capex_per_gpu_usd.unwrap(),
            r.capex
                .iter()
                .filter(|c| matches!(
                    c.subsystem,
                    Subsystem::Power | Subsystem::Cooling | Subsystem::Building
                ))
                .map(|c| c.usd.base)
                .sum::<f64>()
                / q.facility_kw
                / 1e3,
            r.usd_per_gpu_h
        );
        println!(
            "  kW/GPU {:.2} ; sold .65: {:?}",
            q.facility_kw / f64::from(q.gpus),
            cost(&hall, 0.65).1.usd_per_gpu_h
        );
        println!(
            "  {:?}",
            r.waterfall
                .iter()
                .map(|w| format!("{:?} {:.3}", w.part, w.usd_gpu_h.unwrap()))
                .collect::<Vec<_>>()
        );
    }
}

#[test]
fn no_hall_has_a_fabric_or_storage_that_can_not_work() {
    for hall in halls() {
        assert!(
            errors(&hall.fabric.findings).is_empty(),
            "{}: {:?}",
            hall.file,
            hall.fabric.findings
        );
        assert!(
            errors(&hall.storage.findings).is_empty(),
            "{}: {:?}",
            hall.file,
            hall.storage.findings
        );
    }
}
