//! Every reference hall that ships: its file, its answer and its totals.

use crate::preset_plans;
use crate::support::{Hall, close, evaluate, hall, halls, not_finite, settled};
use tokenmill::evaluate::finding::Severity;
use tokenmill::evaluate::result::{Quality, Results};
use tokenmill::evaluate::snapshot::RackKind;
use tokenmill::format;

/// Largest relative difference between energy in and energy out.
const CLOSURE: f64 = 1e-9;

/// Runs a check on the settled answer of every preset and reports all that fail.
fn check(what: &str, each: impl Fn(&Hall, &Results) -> Vec<String>) {
    let mut problems = Vec::new();
    for hall in halls() {
        let results = settled(&hall);
        problems.extend(each(&hall, &results).into_iter().map(|p| format!("{}: {p}", hall.id)));
    }
    assert!(problems.is_empty(), "{what}:\n{}", problems.join("\n"));
}

#[test]
fn presets_survive_opening_and_saving_to_the_byte() {
    for hall in halls() {
        let own = format::to_text(&hall.plan, &hall.embedded).unwrap();
        assert!(own == hall.text, "{}: saving with its own catalogue changes the file", hall.id);
        let ours = format::to_text(&hall.plan, &hall.catalog).unwrap();
        assert!(ours == hall.text, "{}: saving with the program's catalogue changes it", hall.id);
    }
}

#[test]
fn presets_embed_what_the_shipped_catalogue_says() {
    let shipped = tokenmill::catalog::load::shipped().unwrap();
    for hall in halls() {
        let fresh = format::to_text(&hall.plan, &shipped).unwrap();
        assert!(fresh == hall.text, "{}: written with another catalogue; write presets", hall.id);
    }
}

#[test]
fn presets_are_the_plans_drawn_in_the_tests() {
    let shipped = tokenmill::catalog::load::shipped().unwrap();
    let drawn = preset_plans::all(&shipped);
    assert_eq!(
        drawn.iter().map(|d| d.0).collect::<Vec<_>>(),
        halls().iter().map(|h| h.id).collect::<Vec<_>>()
    );
    for (id, plan) in drawn {
        assert!(hall(id).plan == plan, "{id} differs from its drawing; write presets");
    }
}

#[test]
fn presets_have_no_errors() {
    check("error-level findings", |_, results| {
        let errors = results.findings.iter().filter(|f| f.severity == Severity::Error);
        errors.map(|f| format!("[{}] {:?}: {}", f.rule, f.subject, f.message)).collect()
    });
}

#[test]
fn energy_in_is_energy_out() {
    check("energy closure", |_, r| {
        let closure = r.energy.closure();
        if closure <= CLOSURE { vec![] } else { vec![format!("{closure:e} ({:?})", r.energy)] }
    });
}

#[test]
fn every_number_is_a_number() {
    check("NaN or infinite", |_, results| not_finite(results));
}

#[test]
fn answers_do_not_depend_on_threads() {
    for hall in halls() {
        let json = |threads| {
            let r = evaluate(&hall.plan, &hall.catalog, Quality::Settled, threads).unwrap();
            serde_json::to_string(&r).unwrap()
        };
        let one = json(1);
        for threads in [2, 5] {
            assert!(one == json(threads), "{}: 1 and {threads} threads differ", hall.id);
        }
    }
}

struct Sums(Vec<String>);

impl Sums {
    fn equal(&mut self, what: &str, total: f64, parts: f64) {
        if !close(total, parts) {
            self.0.push(format!("{what}: {total} is not {parts}"));
        }
    }
}

#[test]
fn totals_are_the_sums_of_their_parts() {
    check("totals", |_, r| {
        let mut sums = Sums(Vec::new());
        let racks = |value: fn(&tokenmill::evaluate::result::RackSummary) -> f64| {
            r.racks.iter().map(value).sum::<f64>()
        };
        sums.equal("kpi.it_mw and racks", r.kpi.it_mw, racks(|x| x.electric_kw) / 1e3);
        sums.equal("power.rack_w and racks", r.power.totals.rack_w, racks(|x| x.electric_kw) * 1e3);
        sums.equal("energy.it_w and kpi", r.energy.it_w, r.kpi.it_mw * 1e6);
        sums.equal("energy.in_w and kpi", r.energy.in_w, r.kpi.facility_mw * 1e6);
        sums.equal("quantities.facility_kw", r.quantities.facility_kw, r.kpi.facility_mw * 1e3);
        sums.equal("quantities.it_capacity_kw", r.quantities.it_capacity_kw, r.kpi.it_mw * 1e3);
        let heat: f64 = racks(|x| x.air_kw + x.liquid_kw);
        sums.equal("heat of racks and their power", racks(|x| x.electric_kw), heat);
        sums.equal("kpi.gpus and racks", f64::from(r.kpi.gpus), racks(|x| f64::from(x.gpus)));
        sums.equal("workload.gpus", f64::from(r.workload.gpus), f64::from(r.kpi.gpus));
        if let Some(tokens) = r.kpi.tokens_per_s {
            sums.equal(
                "kpi.tokens_per_s and racks",
                tokens.base,
                racks(|x| x.tok_s.unwrap_or(0.0)),
            );
        }
        let stranded: f64 = r.stranded.causes.iter().map(|c| c.mw).sum();
        sums.equal("kpi.stranded_mw and causes", r.kpi.stranded_mw, stranded);
        let e = &r.economics;
        let capex: f64 = e.capex.iter().map(|c| c.usd.base).sum();
        sums.equal("kpi.capex and subsystems", r.kpi.capex_usd.base, capex);
        let billed: f64 = e.bill.iter().filter_map(|b| b.total_usd).map(|b| b.base).sum();
        sums.equal("kpi.capex and bill", r.kpi.capex_usd.base, billed);
        let steps: f64 = e.waterfall.iter().map(|s| s.usd_year).sum();
        sums.equal("annual cost and waterfall", e.annual_usd, steps);
        sums.equal("kpi.errors", r.kpi.errors as f64, r.count(Severity::Error) as f64);
        sums.equal("kpi.warnings", r.kpi.warnings as f64, r.count(Severity::Warning) as f64);
        if let (Some(kpi), Some(e)) = (r.kpi.usd_per_gpu_h, e.usd_per_gpu_h) {
            sums.equal("kpi.usd_per_gpu_h", kpi.base, e.base);
        }
        let loss: f64 = r.power.totals.loss_by_kind_w.iter().map(|(_, w)| w).sum();
        sums.equal("losses by kind", r.power.totals.loss_w, loss);
        sums.0
    });
}

#[test]
fn the_headline_shows_the_worst_rack_and_element() {
    check("worst of", |_, r| {
        let mut problems = Vec::new();
        let margins = r.racks.iter().filter(|x| x.kind != RackKind::Reserved);
        let least = margins.filter_map(|x| Some(x.inlet_limit_c - x.inlet_c?)).reduce(f64::min);
        let shown = r.kpi.worst_inlet.as_ref().map(|w| w.margin_k());
        if least != shown {
            problems.push(format!("worst inlet margin {shown:?} is not {least:?}"));
        }
        let elements = r.power.elements.iter().filter(|e| !e.capacity_unit.is_empty());
        let most = elements.map(|e| e.worst_of_limit() * 100.0).reduce(f64::max);
        let shown = r.kpi.worst_loading.as_ref().map(|w| w.worst_pct);
        if most != shown {
            problems.push(format!("worst loading {shown:?} is not {most:?}"));
        }
        problems
    });
}

#[test]
fn what_has_no_price_is_listed_and_never_free() {
    check("unpriced items", |_, r| {
        let mut problems = Vec::new();
        let e = &r.economics;
        for line in &e.bill {
            let (price, total) = (line.line.unit_price_usd, line.total_usd);
            if price.is_some() != total.is_some() {
                problems.push(format!("{}: price {price:?} but total {total:?}", line.line.item));
            }
            if total.is_some_and(|t| t.base <= 0.0) && line.line.quantity > 0.0 {
                problems.push(format!("{} is free: {total:?}", line.line.item));
            }
        }
        let unpriced = e.bill.iter().filter(|b| b.total_usd.is_none()).count();
        if unpriced != e.unpriced.len() || unpriced != r.kpi.unpriced_items {
            problems.push(format!(
                "{unpriced} lines without a price, {} listed, {} in the headline",
                e.unpriced.len(),
                r.kpi.unpriced_items
            ));
        }
        let free = r.racks.iter().filter(|x| x.price_usd == Some(0.0));
        problems.extend(free.map(|x| format!("rack {} is free", x.name)));
        problems
    });
}

#[test]
fn an_item_without_a_price_leaves_the_total_and_shows() {
    use crate::patch::{Step, patched};
    let hall = hall("enterprise-1mw");
    let priced = crate::support::draft(&hall);
    let steps = ["systems/dgx_b200/spec/price_usd", "network/qm9700/spec/price_usd"]
        .map(|path| Step::Set(path.into(), serde_json::Value::Null));
    let catalog = std::sync::Arc::new(patched(hall.catalog.as_ref(), &steps).unwrap());
    let r = evaluate(&hall.plan, &catalog, Quality::Draft, 1).unwrap();
    assert_eq!(r.kpi.unpriced_items, priced.kpi.unpriced_items + 2);
    let names = [
        &hall.catalog.systems.find("dgx_b200").unwrap().name,
        &hall.catalog.network.find("qm9700").unwrap().name,
    ];
    for name in names {
        let listed = r.economics.unpriced.iter().any(|u| u.item == *name && u.quantity > 0.0);
        assert!(listed, "{name} is not listed: {:?}", r.economics.unpriced);
        let line = r.economics.bill.iter().find(|b| b.line.item == *name).unwrap();
        assert_eq!((line.line.unit_price_usd, line.total_usd), (None, None));
    }
    assert!(r.racks.iter().filter(|x| x.gpus > 0).all(|x| x.price_usd.is_none()));
    assert!(r.kpi.capex_usd.base < priced.kpi.capex_usd.base);
    assert!(r.findings.iter().any(|f| f.rule == "economics.unpriced"));
}

#[test]
fn an_nvl72_is_one_rack_of_72_gpus() {
    for (id, racks) in [("gb300-10mw", 48), ("gb200-superpod-su", 8)] {
        let results = crate::support::draft(&hall(id));
        let compute: Vec<_> =
            results.racks.iter().filter(|r| r.kind == RackKind::Compute).collect();
        assert_eq!(compute.len(), racks, "{id}");
        assert!(compute.iter().all(|r| r.gpus == 72), "{id}");
        let systems: f64 = results.quantities.systems.iter().map(|q| q.amount).sum();
        assert_eq!(systems, racks as f64, "{id}");
        assert_eq!(results.kpi.gpus, 72 * racks as u32, "{id}");
    }
}
