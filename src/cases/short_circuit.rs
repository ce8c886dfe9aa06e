//! Short circuits of `dc-power-1` networks, and the comparison with an outside program.
//!
//! The file's normal scenario is one switching state: what is out or normally open is left out, UPS
//! stand with their static bypass closed, and a generator that runs takes the place of the utility
//! at its bus. The smallest short-circuit power of a source is 80 % of the stated one and conductors
//! end at 80 °C, as in the reference.

use super::dc_power::file::{File, Scenario, Source};
use super::dc_power::{GENERATOR, NORMAL};
use super::registry::readable;
use super::statistics::worst;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::power::short_circuit::case::{
    Conductor, FaultBus, FaultNetwork, FaultSource, FaultTransformer, Link, Strength,
};
use crate::evaluate::power::short_circuit::{BusFault, solve};
use crate::numerics::reach::{both, reached};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const NETWORK: &str = include_str!("../../tests/cases/power/dc40_2n.json");
const SOLVED: &str = include_str!("../../tests/cases/power/dc40_2n.sc.json");

/// Smallest over largest short-circuit power of a source; convention of the reference files.
const SMALLEST_SOURCE: f64 = 0.8;
/// Temperature of conductors at the end of a fault, °C; convention of the reference files.
const END_C: f64 = 80.0;
/// Largest relative difference of any quantity, %: the requirement on Ik'' (1e-6).
const PERCENT: f64 = 1e-4;
/// How the numbers come about, in the answer of the command line.
const METHOD: &str = "IEC 60909-0:2016, three-phase; c 1.1 largest, 1.0 (medium) or 0.9 (low \
    voltage) smallest; K_T on transformers for the largest; peak from R/X of the impedance; thermal \
    1 s; UPS static bypass closed, no contribution of motors or converters; conductors at 20 °C for \
    the largest, 80 °C for the smallest current, sources at 80 % for the smallest";

/// A fault in the units of the reference files.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Row {
    ikss_ka: f64,
    ip_ka: f64,
    ith_1s_ka: f64,
    rk_ohm: f64,
    xk_ohm: f64,
    ikss_min_ka: f64,
}

impl Row {
    fn of(fault: &BusFault) -> Self {
        Self {
            ikss_ka: fault.ik_max_a * 1e-3,
            ip_ka: fault.ip_a * 1e-3,
            ith_1s_ka: fault.ith_a * 1e-3,
            rk_ohm: fault.r_ohm,
            xk_ohm: fault.x_ohm,
            ikss_min_ka: fault.ik_min_a * 1e-3,
        }
    }
}

#[derive(Deserialize)]
struct Solved {
    method: String,
    buses_sc: BTreeMap<String, Row>,
}

/// Reads the normal scenario of a `dc-power-1` network.
///
/// # Errors
/// A field that is missing, an element at a bus that does not exist, a name used twice.
pub fn read(file: &str, text: &str) -> Result<FaultNetwork, CaseError> {
    let data = File::read(file, text)?;
    let index = data.buses.iter().zip(0..).map(|(bus, i)| (bus.id.as_str(), i)).collect();
    let reader = Reader { file, data: &data, index, normal: normal(&data.scenarios) };
    reader.network()
}

/// The normal state, or that in which nothing is switched.
fn normal(scenarios: &[Scenario]) -> Switched<'_> {
    let names = |list: fn(&Scenario) -> &Vec<String>| {
        let normal = scenarios.iter().find(|s| s.id == NORMAL);
        normal.into_iter().flat_map(list).map(String::as_str).collect()
    };
    Switched { out: names(|s| &s.out), closed: names(|s| &s.closed) }
}

/// Names of what a state takes out and puts in.
struct Switched<'a> {
    out: BTreeSet<&'a str>,
    closed: BTreeSet<&'a str>,
}

struct Reader<'a> {
    file: &'a str,
    data: &'a File,
    index: BTreeMap<&'a str, usize>,
    normal: Switched<'a>,
}

impl Reader<'_> {
    fn bus(&self, owner: &str, name: &str) -> Result<usize, CaseError> {
        let problem =
            || CaseError::file(self.file, format!("{owner}: no bus is called \"{name}\""));
        self.index.get(name).copied().ok_or_else(problem)
    }

    fn in_service(&self, id: &str, normally: bool) -> bool {
        (normally && !self.normal.out.contains(id)) || self.normal.closed.contains(id)
    }

    fn network(&self) -> Result<FaultNetwork, CaseError> {
        let buses = self.data.buses.iter();
        let mut net = FaultNetwork {
            buses: buses
                .map(|b| FaultBus { name: b.id.clone(), v_nominal_v: b.vn_kv * 1e3 })
                .collect(),
            sources: self.sources()?,
            ..FaultNetwork::default()
        };
        for c in &self.data.cables {
            let (from, to) = (self.bus(&c.id, &c.f)?, self.bus(&c.id, &c.t)?);
            // An open cable with bad data is a fault of the file as well, but not of this state.
            let open = c.normally_open && !self.normal.closed.contains(c.id.as_str());
            if !open && !self.normal.out.contains(c.id.as_str()) {
                let (name, r_ohm, x_ohm) = (c.id.clone(), c.r_ohm, c.x_ohm);
                net.conductors.push(Conductor { name, from, to, r_ohm, x_ohm, end_c: END_C });
            }
        }
        for t in &self.data.transformers {
            let transformer = FaultTransformer {
                name: t.id.clone(),
                hv: self.bus(&t.id, &t.hv)?,
                lv: self.bus(&t.id, &t.lv)?,
                s_va: t.sn_mva * 1e6,
                hv_v: t.vn_hv_kv * 1e3,
                lv_v: t.vn_lv_kv * 1e3,
                z_pu: t.vk_percent / 100.0,
                r_pu: t.vkr_percent / 100.0,
            };
            if !self.normal.out.contains(t.id.as_str()) {
                net.transformers.push(transformer);
            }
        }
        self.add_bypasses(&mut net)?;
        Ok(net)
    }

    /// Sources in service; where a generator runs, the utility at its bus is dead.
    fn sources(&self) -> Result<Vec<FaultSource>, CaseError> {
        let running = |s: &&Source| self.in_service(&s.id, s.normally_in);
        let generator_at: BTreeSet<&str> = self
            .data
            .sources
            .iter()
            .filter(running)
            .filter(|s| s.kind == GENERATOR)
            .map(|s| s.bus.as_str())
            .collect();
        let displaced = |s: &&Source| s.kind != GENERATOR && generator_at.contains(s.bus.as_str());
        let mut sources = Vec::new();
        for s in &self.data.sources {
            let bus = self.bus(&s.id, &s.bus)?;
            let stated = |field: &str, value: Option<f64>| {
                let problem = format!("{}: {field} is missing, but short circuits need it", s.id);
                value.ok_or_else(|| CaseError::file(self.file, problem))
            };
            let max_va = stated("sk_mva", s.sk_mva)? * 1e6;
            let min_va = SMALLEST_SOURCE * max_va;
            let r_over_x = stated("rx", s.rx)?;
            let strength = Strength::Grid { max_va, min_va, r_over_x };
            if running(&s) && !displaced(&s) {
                sources.push(FaultSource { name: s.id.clone(), bus, strength });
            }
        }
        Ok(sources)
    }

    /// Bypasses pass current from their input to their output, never back: one whose input is dead
    /// is open.
    fn add_bypasses(&self, net: &mut FaultNetwork) -> Result<(), CaseError> {
        let mut waiting = Vec::new();
        for u in &self.data.ups {
            let (a, b) = (self.bus(&u.id, &u.in_bus)?, self.bus(&u.id, &u.out_bus)?);
            if !self.normal.out.contains(u.id.as_str()) {
                waiting.push(Link { name: u.id.clone(), a, b });
            }
        }
        let conductors = net.conductors.iter().map(|c| (c.from, c.to));
        let closed = conductors.chain(net.transformers.iter().map(|t| (t.hv, t.lv)));
        let ways = both(closed).chain(waiting.iter().map(|u| (u.a, u.b)));
        let live = reached(net.buses.len(), ways, net.sources.iter().map(|s| s.bus));
        net.links = waiting.into_iter().filter(|u| live[u.a]).collect();
        Ok(())
    }
}

/// Faults at every live bus of a network, with the keys of the reference files.
///
/// # Errors
/// The first part with bad data, by name.
pub fn answer(file: &str, net: &FaultNetwork) -> Result<Value, CaseError> {
    let faults = solve(net).map_err(|e| CaseError::file(file, e))?;
    let dead: Vec<&str> = net
        .buses
        .iter()
        .zip(&faults)
        .filter(|(_, fault)| fault.is_none())
        .map(|(bus, _)| bus.name.as_str())
        .collect();
    let rows = rows(net, &faults);
    Ok(json!({ "method": METHOD, "units": "kA, ohm", "buses_sc": rows, "dead_buses": dead }))
}

/// The live buses by name.
fn rows<'a>(net: &'a FaultNetwork, faults: &[Option<BusFault>]) -> BTreeMap<&'a str, Row> {
    let buses = net.buses.iter().zip(faults);
    buses.filter_map(|(bus, fault)| Some((bus.name.as_str(), Row::of(fault.as_ref()?)))).collect()
}

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![readable("dc40_2n.sc", Topic::Power, case("dc40_2n.sc", NETWORK, SOLVED))]
}

/// A case from a `dc-power-1` network and its short circuits.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, text: &str, reference: &str) -> Result<Case, CaseError> {
    let net = read(id, text)?;
    let theirs: Solved = serde_json::from_str(reference)
        .map_err(|e| CaseError::file(format!("{id}: reference"), e))?;
    let title = format!("Short circuits at {} buses, largest and smallest", net.buses.len());
    let source = theirs.method.clone();
    Ok(Case::new(id, Topic::Power, title, source, move |_| compared(&net, &theirs)))
}

fn compared(net: &FaultNetwork, theirs: &Solved) -> Result<Answer, CaseError> {
    let faults = solve(net).map_err(CaseError::solver)?;
    let live = rows(net, &faults);
    let mut points = Vec::new();
    let mut errors: [Vec<f64>; 6] = Default::default();
    for (name, reference) in &theirs.buses_sc {
        let ours = live.get(name.as_str()).map_or([f64::NAN; 6], columns);
        for ((errors, ours), reference) in errors.iter_mut().zip(ours).zip(columns(reference)) {
            errors.push(100.0 * (ours - reference) / reference);
        }
        points.push(Point::new(name.clone(), reference.ikss_ka, ours[0]));
    }
    let names = [
        "Largest current Ik″",
        "Peak current ip",
        "Thermal current Ith, 1 s",
        "Resistance Rk",
        "Reactance Xk",
        "Smallest current Ik″",
    ];
    let (ours, reference) = (live.len() as f64, theirs.buses_sc.len() as f64);
    let mut quantities = vec![Quantity::difference("Live buses", "", reference, ours).within(0.0)];
    quantities.extend(names.iter().zip(&errors).map(|(name, errors)| {
        let name = format!("{name}, {} buses, worst |Δ|", errors.len());
        Quantity::error_of(name, "%", worst(errors)).within(PERCENT)
    }));
    let picture = Picture::Pairs { quantity: "Largest current per bus".into(), unit: "kA", points };
    Ok(Answer::of(quantities, picture))
}

fn columns(row: &Row) -> [f64; 6] {
    [row.ikss_ka, row.ip_ka, row.ith_1s_ka, row.rk_ohm, row.xk_ohm, row.ikss_min_ka]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::cancel::CancelToken;

    #[test]
    fn every_bus_of_the_reference_agrees() {
        let case = case("dc40_2n.sc", NETWORK, SOLVED).unwrap();
        let answer = case.answer(&CancelToken::never()).unwrap();
        for q in &answer.quantities {
            assert_eq!(q.passes(), Some(true), "{q:?}");
        }
    }

    #[test]
    fn faults_of_the_file_are_named() {
        for (from, to, expected) in [
            ("\"sk_mva\":750", "\"sk_mva\":0", "util_A: the short-circuit power is 0"),
            ("\"vkr_percent\":0.7", "\"vkr_percent\":7.7", "TA1: vkr_percent is 7.7"),
            ("\"hv\":\"HVA1\"", "\"hv\":\"nowhere\"", "TA1: no bus is called \"nowhere\""),
            ("\"id\":\"MV_B\"", "\"id\":\"MV_A\"", "two buses are called \"MV_A\""),
            ("\"r_ohm\":0.02404", "\"r_ohm\":-1.0", "feed_A: r_ohm is -1"),
            ("\"id\":\"feed_B\"", "\"id\":\"feed_A\"", "both called \"feed_A\""),
            ("\"vn_kv\":0.415", "\"vn_kv\":0.48", "without a transformer"),
        ] {
            let text = NETWORK.replacen(from, to, 1);
            assert_ne!(text, NETWORK, "{from}");
            let said = read("f.json", &text).and_then(|net| answer("f.json", &net));
            let said = said.unwrap_err().to_string();
            assert!(said.starts_with("f.json") && said.contains(expected), "{said}");
        }
    }
}
