//! A data-centre network solved by outside programs: 40 racks, 2N, nine outages.
//! Provenance: `tests/cases/power/README.md`.

use super::*;
use serde_json::Value;
use std::collections::BTreeMap;

const CASE: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/power/dc40_2n.json"));
const SOLUTION: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/power/dc40_2n.ref.json"));

fn f(v: &Value, key: &str) -> f64 {
    v[key].as_f64().unwrap_or_else(|| panic!("{key} in {v}"))
}

fn s<'a>(v: &'a Value, key: &str) -> &'a str {
    v[key].as_str().unwrap_or_else(|| panic!("{key} in {v}"))
}

fn list<'a>(v: &'a Value, key: &str) -> &'a [Value] {
    v[key].as_array().unwrap_or_else(|| panic!("{key}"))
}

/// Buses become the far ends of the elements that supply them.
struct Builder {
    nominal_v: BTreeMap<String, f64>,
    supplier: BTreeMap<String, usize>,
    case: PowerCase,
}

impl Builder {
    fn push(&mut self, id: &str, from: Option<&str>, to: &str, kind: ElementKind, model: Model) {
        let parent = from.map(|bus| self.supplier[bus]);
        let mut e = element(id, kind, parent, model);
        e.v_nominal_v = self.nominal_v[to];
        self.supplier.insert(to.to_owned(), self.case.elements.len());
        self.case.elements.push(e);
    }

    fn last(&mut self) -> &mut Element {
        self.case.elements.last_mut().unwrap()
    }

    /// Adds a branch once the bus it hangs on is supplied.
    fn branch(&mut self, b: &Value, omega: f64) -> bool {
        let from = ["f", "hv", "in_bus"].iter().find_map(|k| b[*k].as_str()).unwrap();
        if !self.supplier.contains_key(from) {
            return false;
        }
        if b["hv"].is_string() {
            self.transformer(b, from);
        } else if b["in_bus"].is_string() {
            self.ups(b, from);
        } else {
            let v = self.nominal_v[from];
            let shunt_var = -omega * f(b, "c_nf") * 1e-9 * v * v;
            let model = Model::Series { r_ohm: f(b, "r_ohm"), x_ohm: f(b, "x_ohm"), shunt_var };
            let kind = match s(b, "kind") {
                "mv_cable" => ElementKind::MvFeeder,
                "busway" => ElementKind::Busway,
                _ => ElementKind::Cable,
            };
            self.push(s(b, "id"), Some(from), s(b, "t"), kind, model);
            self.last().module_rating.i_a = Some(f(b, "i_max_a"));
        }
        true
    }

    fn transformer(&mut self, b: &Value, from: &str) {
        let base_va = f(b, "sn_mva") * 1e6;
        let (z, r) = (f(b, "vk_percent") / 100.0, f(b, "vkr_percent") / 100.0);
        let no_load_w = f(b, "p0_kw") * 1e3;
        let s0 = f(b, "i0_percent") / 100.0 * base_va;
        let model = Model::Transformer {
            base_va,
            r_pu: r,
            x_pu: (z * z - r * r).sqrt(),
            no_load_w,
            magnetising_var: (s0 * s0 - no_load_w * no_load_w).sqrt(),
        };
        self.push(s(b, "id"), Some(from), s(b, "lv"), ElementKind::Transformer, model);
        self.last().module_rating.s_va = Some(base_va);
    }

    fn ups(&mut self, b: &Value, from: &str) {
        let points = list(b, "loss_percent_points").iter();
        let points = points.map(|p| (p[0].as_f64().unwrap(), p[1].as_f64().unwrap() / 100.0));
        let model = Model::Converter {
            v_out_pu: f(b, "v_out_pu"),
            input_power_factor: f(b, "pf_in"),
            loss: LossCurve(points.collect()),
        };
        self.push(s(b, "id"), Some(from), s(b, "out_bus"), ElementKind::Ups, model);
        self.last().module_rating.p_w = Some(f(b, "p_mw") * 1e6);
    }

    fn load(&mut self, l: &Value, kind: LoadKind, rule: FeedRule) {
        let feeds: Vec<usize> =
            list(l, "feeds").iter().map(|b| self.supplier[b.as_str().unwrap()]).collect();
        let mut load = rack(s(l, "id"), f(l, "p_kw") * 1e3, &feeds);
        load.power_factor = f(l, "pf");
        (load.kind, load.rule) = (kind, rule);
        self.case.loads.push(load);
    }
}

/// The case with the tie between the two sides left out; `with_tie` adds it as a backup of side A.
fn load_case(with_tie: bool) -> PowerCase {
    let d: Value = serde_json::from_str(CASE).unwrap();
    let buses = list(&d, "buses").iter();
    let nominal_v = buses.map(|b| (s(b, "id").to_owned(), f(b, "vn_kv") * 1e3)).collect();
    let mut b = Builder { nominal_v, supplier: BTreeMap::new(), case: PowerCase::default() };
    for source in list(&d, "sources") {
        let model = Model::Source { v_pu: f(source, "u_pu") };
        b.push(s(source, "id"), None, s(source, "bus"), ElementKind::Utility, model);
    }
    let omega = 2.0 * std::f64::consts::PI * f(&d, "f_hz");
    let mut waiting: Vec<&Value> = ["cables", "transformers", "ups"]
        .iter()
        .flat_map(|k| list(&d, k))
        .filter(|x| x["normally_open"] != true)
        .collect();
    while !waiting.is_empty() {
        waiting.retain(|x| !b.branch(x, omega));
    }
    for rack in list(&d, "racks") {
        b.load(rack, LoadKind::Rack, FeedRule::Share);
    }
    for mech in list(&d, "mech") {
        b.load(mech, LoadKind::Mechanical, FeedRule::FirstLive);
    }
    if with_tie {
        add_tie(&mut b, &d);
    }
    add_scenarios(&mut b.case, &d, with_tie);
    b.case
}

fn add_tie(b: &mut Builder, d: &Value) {
    let tie = list(d, "cables").iter().find(|c| c["normally_open"] == true).unwrap();
    let model = Model::Series { r_ohm: f(tie, "r_ohm"), x_ohm: f(tie, "x_ohm"), shunt_var: 0.0 };
    let (side_a, side_b) = (b.supplier["MV_A"], b.supplier["MV_B"]);
    let index = b.case.elements.len();
    for e in &mut b.case.elements {
        if e.parent == Some(side_a) {
            e.backup = Some(index);
        }
    }
    let mut e = element("mv_tie", ElementKind::MvFeeder, Some(side_b), model);
    e.v_nominal_v = 34_500.0;
    b.case.elements.push(e);
}

fn add_scenarios(case: &mut PowerCase, d: &Value, with_tie: bool) {
    let index = |id: &Value| case.elements.iter().position(|e| e.name == id.as_str().unwrap());
    let scenarios = list(d, "scenarios").iter().skip(1);
    case.scenarios = scenarios
        .filter(|x| list(x, "in").is_empty() != with_tie)
        .map(|x| Scenario {
            name: s(x, "id").to_owned(),
            out: list(x, "out").iter().filter_map(index).collect(),
            must_survive: true,
        })
        .collect();
}

fn close(ours: f64, reference: f64, tolerance: f64, what: &str) {
    let error = (ours - reference).abs() / reference.abs().max(1e-12);
    assert!(error <= tolerance, "{what}: {ours} against {reference}, off by {error:.2e}");
}

fn compare_scenarios(result: &PowerResult, reference: &Value) {
    for ours in &result.scenarios {
        let theirs = &reference["scenarios"][&ours.name];
        close(ours.source_w, f(theirs, "source_p_mw") * 1e6, 1e-9, &ours.name);
        close(ours.loss_w, f(theirs, "total_loss_mw") * 1e6, 1e-8, &ours.name);
        assert_eq!(ours.racks_lost, list(theirs, "unserved").len());
    }
}

#[test]
fn the_normal_state_equals_the_outside_solution() {
    let reference: Value = serde_json::from_str(SOLUTION).unwrap();
    let normal = &reference["normal"];
    let result = solve(&load_case(false));
    close(result.totals.source_w, f(normal, "source_p_mw") * 1e6, 1e-9, "source");
    close(result.totals.loss_w, f(normal, "total_loss_mw") * 1e6, 1e-8, "loss");
    let mut compared = 0;
    for e in &result.elements {
        let cable = &normal["cables"][&e.name];
        if cable.is_object() {
            close(e.i_a, f(cable, "i_a"), 1e-8, &e.name);
            close(e.loading_normal, f(cable, "loading_percent") / 100.0, 1e-8, &e.name);
            compared += 1;
        }
        for class in ["transformers", "ups"] {
            let x = &normal[class][&e.name];
            if x.is_object() {
                close(e.loss_w, f(x, "loss_mw") * 1e6, 1e-8, &e.name);
                close(e.loading_normal, f(x, "loading_percent") / 100.0, 1e-8, &e.name);
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 98);
    let d: Value = serde_json::from_str(CASE).unwrap();
    for cable in list(&d, "cables").iter().filter(|c| c["normally_open"] != true) {
        let ours = result.elements.iter().find(|e| e.name == s(cable, "id")).unwrap();
        close(ours.v_pu, f(&normal["vm_pu"], s(cable, "t")), 1e-9, s(cable, "t"));
    }
}

#[test]
fn every_outage_equals_the_outside_solution() {
    let reference: Value = serde_json::from_str(SOLUTION).unwrap();
    let without_tie = solve(&load_case(false));
    assert_eq!(without_tie.scenarios.len(), 8);
    compare_scenarios(&without_tie, &reference);
    assert_closes(&without_tie);
    let mut with_tie = solve(&load_case(true));
    assert_closes(&with_tie);
    with_tie.scenarios.remove(0);
    assert_eq!(with_tie.scenarios.len(), 1);
    compare_scenarios(&with_tie, &reference);
}
