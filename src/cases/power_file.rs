//! Reader of the network files `dc-power-1` (AC data centre, radial between transfers) and `dc-row-1`
//! (one 800 VDC row) into the elements of the power stage. The files explain their own units.
//!
//! Buses become the far ends of the elements that supply them. A cable that is normally open becomes
//! a backup of whatever hangs on either of its ends, in the scenarios that close it.

use super::CaseError;
use crate::evaluate::power::case::{
    Current, Element, ElementKind, Feed, FeedRule, Load, LoadKind, LossCurve, Model, PowerCase,
    Rating, Scenario,
};
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Network {
    name: String,
    f_hz: f64,
    buses: Vec<Bus>,
    sources: Vec<Source>,
    #[serde(default)]
    cables: Vec<Cable>,
    #[serde(default)]
    transformers: Vec<Transformer>,
    #[serde(default)]
    ups: Vec<Ups>,
    #[serde(default)]
    racks: Vec<FileLoad>,
    #[serde(default)]
    mech: Vec<FileLoad>,
    #[serde(default)]
    scenarios: Vec<Outage>,
}

#[derive(Deserialize)]
struct Bus {
    id: String,
    vn_kv: f64,
}

#[derive(Deserialize)]
struct Source {
    id: String,
    bus: String,
    u_pu: f64,
    #[serde(default = "yes")]
    normally_in: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct Cable {
    id: String,
    f: String,
    t: String,
    r_ohm: f64,
    x_ohm: f64,
    #[serde(default)]
    c_nf: f64,
    i_max_a: f64,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    normally_open: bool,
}

#[derive(Deserialize)]
struct Transformer {
    id: String,
    hv: String,
    lv: String,
    sn_mva: f64,
    vk_percent: f64,
    vkr_percent: f64,
    p0_kw: f64,
    i0_percent: f64,
}

#[derive(Deserialize)]
struct Ups {
    id: String,
    in_bus: String,
    out_bus: String,
    p_mw: f64,
    v_out_pu: f64,
    pf_in: f64,
    loss_percent_points: Vec<(f64, f64)>,
}

#[derive(Deserialize)]
struct FileLoad {
    id: String,
    p_kw: f64,
    pf: f64,
    feeds: Vec<String>,
}

#[derive(Deserialize)]
struct Outage {
    id: String,
    out: Vec<String>,
    #[serde(default, rename = "in")]
    closed: Vec<String>,
}

/// A network as read: one case without closed ties, and one per set of ties that a scenario closes.
#[derive(Clone, Debug)]
pub struct PowerFile {
    /// Name of the network.
    pub name: String,
    /// The normal state and every outage that closes nothing.
    pub normal: PowerCase,
    /// Outages with their ties closed.
    pub tied: Vec<PowerCase>,
    /// Far end of each cable, by its name.
    pub far_bus: BTreeMap<String, String>,
}

/// A branch that hangs on a bus.
enum Branch<'a> {
    Cable(&'a Cable),
    Transformer(&'a Transformer),
    Ups(&'a Ups),
}

impl Branch<'_> {
    fn ends(&self) -> (&str, &str, &str) {
        match self {
            Self::Cable(c) => (&c.id, &c.f, &c.t),
            Self::Transformer(t) => (&t.id, &t.hv, &t.lv),
            Self::Ups(u) => (&u.id, &u.in_bus, &u.out_bus),
        }
    }
}

struct Builder<'a> {
    file: &'a str,
    omega: f64,
    nominal_v: BTreeMap<&'a str, f64>,
    supplier: BTreeMap<&'a str, usize>,
    case: PowerCase,
}

impl<'a> Builder<'a> {
    fn fault(&self, problem: String) -> CaseError {
        CaseError::file(self.file, problem)
    }

    fn nominal_v(&self, owner: &str, bus: &str) -> Result<f64, CaseError> {
        let v = self.nominal_v.get(bus).copied();
        v.ok_or_else(|| self.fault(format!("{owner}: no bus is called \"{bus}\"")))
    }

    fn push(&mut self, element: Element, bus: &'a str) {
        self.supplier.insert(bus, self.case.elements.len());
        self.case.elements.push(element);
    }

    /// Adds branches as the buses that they hang on become supplied.
    fn branches(&mut self, mut waiting: Vec<Branch<'a>>) -> Result<(), CaseError> {
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for branch in waiting {
                if self.supplier.contains_key(branch.ends().1) {
                    self.branch(&branch)?;
                } else {
                    later.push(branch);
                }
            }
            if later.len() == before {
                let (id, from, _) = later[0].ends();
                return Err(self.fault(format!("{id}: nothing supplies its bus \"{from}\"")));
            }
            waiting = later;
        }
        Ok(())
    }

    fn branch(&mut self, branch: &Branch<'a>) -> Result<(), CaseError> {
        match *branch {
            Branch::Cable(c) => {
                let element = self.cable(c, &c.f)?;
                self.push(element, &c.t);
            }
            Branch::Transformer(t) => {
                let element =
                    transformer(t, self.supplier[t.hv.as_str()], self.nominal_v(&t.id, &t.lv)?);
                self.push(element, &t.lv);
            }
            Branch::Ups(u) => {
                let element =
                    ups(u, self.supplier[u.in_bus.as_str()], self.nominal_v(&u.id, &u.out_bus)?);
                self.push(element, &u.out_bus);
            }
        }
        Ok(())
    }

    fn cable(&self, c: &Cable, from: &str) -> Result<Element, CaseError> {
        let v = self.nominal_v(&c.id, from)?;
        let parent = self.supplier.get(from).copied();
        let shunt_var = -self.omega * c.c_nf * 1e-9 * v * v;
        let model = Model::Series { r_ohm: c.r_ohm, x_ohm: c.x_ohm, shunt_var };
        let kind = match c.kind.as_str() {
            "mv_cable" | "mv_tie" => ElementKind::MvFeeder,
            "busway" => ElementKind::Busway,
            _ => ElementKind::Cable,
        };
        let mut e = element(&c.id, kind, parent, v, model);
        e.module_rating.i_a = Some(c.i_max_a);
        Ok(e)
    }

    fn load(&mut self, l: &FileLoad, kind: LoadKind, rule: FeedRule) -> Result<(), CaseError> {
        let mut feeds = Vec::new();
        for bus in &l.feeds {
            let found = self.supplier.get(bus.as_str()).copied();
            let element = found.ok_or_else(|| {
                self.fault(format!("{}: feeds names \"{bus}\", which nothing supplies", l.id))
            })?;
            feeds.push(Feed { element, share: 1.0, tap: 1.0 });
        }
        let (name, p_w) = (l.id.clone(), l.p_kw * 1e3);
        self.case.loads.push(Load {
            name,
            kind,
            object: None,
            p_w,
            power_factor: l.pf,
            feeds,
            rule,
        });
        Ok(())
    }

    /// Closes a tie: each side becomes the backup of what hangs on the other.
    fn close(&mut self, tie: &'a Cable) -> Result<(), CaseError> {
        let sides =
            [(&tie.f, &tie.t, String::new()), (&tie.t, &tie.f, " from the other side".into())];
        for (dead, alive, suffix) in sides {
            let index = self.case.elements.len();
            let on = self.supplier.get(dead.as_str()).copied();
            let mut e = self.cable(tie, alive)?;
            e.name.push_str(&suffix);
            for child in &mut self.case.elements {
                if child.parent == on && on.is_some() {
                    child.backup = Some(index);
                }
            }
            self.case.elements.push(e);
        }
        Ok(())
    }

    fn scenario(&self, o: &Outage) -> Result<Scenario, CaseError> {
        let index = |id: &String| {
            let found = self.case.elements.iter().position(|e| e.name == *id);
            found.ok_or_else(|| {
                self.fault(format!("scenario {}: out names \"{id}\", which is no element", o.id))
            })
        };
        let out = o.out.iter().map(index).collect::<Result<_, _>>()?;
        Ok(Scenario { name: o.id.clone(), out, must_survive: true })
    }
}

fn element(
    name: &str,
    kind: ElementKind,
    parent: Option<usize>,
    v_nominal_v: f64,
    model: Model,
) -> Element {
    Element {
        name: name.to_owned(),
        kind,
        feed: String::new(),
        parent,
        backup: None,
        current: Current::Ac,
        v_nominal_v,
        module_rating: Rating::default(),
        modules: 1,
        spare_modules: 0,
        limit: Default::default(),
        model,
        nameplate: Default::default(),
    }
}

fn transformer(t: &Transformer, parent: usize, v_nominal_v: f64) -> Element {
    let base_va = t.sn_mva * 1e6;
    let (z, r) = (t.vk_percent / 100.0, t.vkr_percent / 100.0);
    let no_load_w = t.p0_kw * 1e3;
    let s0 = t.i0_percent / 100.0 * base_va;
    let model = Model::Transformer {
        base_va,
        r_pu: r,
        x_pu: (z * z - r * r).sqrt(),
        no_load_w,
        magnetising_var: (s0 * s0 - no_load_w * no_load_w).sqrt(),
        tap_percent: 0.0,
    };
    let mut e = element(&t.id, ElementKind::Transformer, Some(parent), v_nominal_v, model);
    e.module_rating.s_va = Some(base_va);
    e
}

fn ups(u: &Ups, parent: usize, v_nominal_v: f64) -> Element {
    let points = u.loss_percent_points.iter().map(|(load, loss)| (*load, loss / 100.0));
    let model = Model::Converter {
        v_out_pu: u.v_out_pu,
        input_power_factor: u.pf_in,
        loss: LossCurve(points.collect()),
    };
    let mut e = element(&u.id, ElementKind::Ups, Some(parent), v_nominal_v, model);
    e.module_rating.p_w = Some(u.p_mw * 1e6);
    e
}

/// Reads a `dc-power-1` network; `file` names it in messages.
///
/// # Errors
/// A field that is missing or wrong, a bus that nothing supplies, a source that a scenario starts.
pub fn read_network(file: &str, text: &str) -> Result<PowerFile, CaseError> {
    let n: Network = serde_json::from_str(text).map_err(|e| CaseError::file(file, e))?;
    if let Some(s) = n.sources.iter().find(|s| !s.normally_in) {
        let problem = format!("source {}: stand-by sources are not modelled here", s.id);
        return Err(CaseError::file(file, problem));
    }
    let plain: Vec<&Outage> = n.scenarios.iter().filter(|o| o.closed.is_empty()).collect();
    let normal = build(file, &n, &[], plain.into_iter().filter(|o| !o.out.is_empty()))?;
    let tied = n.scenarios.iter().filter(|o| !o.closed.is_empty());
    let tied = tied
        .map(|o| {
            let ties =
                o.closed.iter().map(|id| tie(file, &n, id)).collect::<Result<Vec<_>, _>>()?;
            build(file, &n, &ties, std::iter::once(o))
        })
        .collect::<Result<_, _>>()?;
    let far_bus = n.cables.iter().map(|c| (c.id.clone(), c.t.clone())).collect();
    Ok(PowerFile { name: n.name, normal, tied, far_bus })
}

fn tie<'a>(file: &str, n: &'a Network, id: &str) -> Result<&'a Cable, CaseError> {
    let found = n.cables.iter().find(|c| c.id == id && c.normally_open);
    found.ok_or_else(|| {
        CaseError::file(
            file,
            format!("a scenario closes \"{id}\", which is no normally open cable"),
        )
    })
}

fn build<'a>(
    file: &str,
    n: &'a Network,
    ties: &[&'a Cable],
    outages: impl Iterator<Item = &'a Outage>,
) -> Result<PowerCase, CaseError> {
    let mut b = Builder {
        file,
        omega: 2.0 * std::f64::consts::PI * n.f_hz,
        nominal_v: n.buses.iter().map(|b| (b.id.as_str(), b.vn_kv * 1e3)).collect(),
        supplier: BTreeMap::new(),
        case: PowerCase { name: n.name.clone(), ..PowerCase::default() },
    };
    for s in &n.sources {
        let v = b.nominal_v(&s.id, &s.bus)?;
        let e = element(&s.id, ElementKind::Utility, None, v, Model::Source { v_pu: s.u_pu });
        b.push(e, &s.bus);
    }
    let cables = n.cables.iter().filter(|c| !c.normally_open).map(Branch::Cable);
    let others =
        n.transformers.iter().map(Branch::Transformer).chain(n.ups.iter().map(Branch::Ups));
    b.branches(cables.chain(others).collect())?;
    for rack in &n.racks {
        b.load(rack, LoadKind::Rack, FeedRule::Share)?;
    }
    for mech in &n.mech {
        b.load(mech, LoadKind::Mechanical, FeedRule::FirstLive)?;
    }
    for tie in ties {
        b.close(tie)?;
    }
    b.case.scenarios = outages.map(|o| b.scenario(o)).collect::<Result<_, _>>()?;
    Ok(b.case)
}

#[derive(Deserialize)]
struct RowFile {
    name: String,
    v_nominal_kv: f64,
    source: RowSource,
    segments: Vec<Segment>,
    loads: Vec<RowLoad>,
}

#[derive(Deserialize)]
struct RowSource {
    bus: String,
    v_set_kv: f64,
    #[serde(default)]
    r_out_ohm: f64,
}

#[derive(Deserialize)]
struct Segment {
    id: String,
    f: String,
    t: String,
    r_loop_ohm: f64,
    i_max_a: f64,
}

#[derive(Deserialize)]
struct RowLoad {
    bus: String,
    p_kw: f64,
}

/// Reads a `dc-row-1` row: a stiff source, segments in order, constant-power loads at their ends.
///
/// # Errors
/// A field that is missing or wrong, a segment or load on a bus that nothing supplies.
pub fn read_row(file: &str, text: &str) -> Result<PowerFile, CaseError> {
    let row: RowFile = serde_json::from_str(text).map_err(|e| CaseError::file(file, e))?;
    if row.source.r_out_ohm != 0.0 {
        let problem = format!(
            "source: r_out_ohm is {}, but only a stiff source (0) is modelled",
            row.source.r_out_ohm
        );
        return Err(CaseError::file(file, problem));
    }
    let v = row.v_nominal_kv * 1e3;
    let dc = |name: &str, kind, parent, model| Element {
        current: Current::Dc,
        ..element(name, kind, parent, v, model)
    };
    let held = Model::Source { v_pu: row.source.v_set_kv / row.v_nominal_kv };
    let mut case = PowerCase { name: row.name.clone(), ..PowerCase::default() };
    case.elements.push(dc("source", ElementKind::Utility, None, held));
    let mut supplier = BTreeMap::from([(row.source.bus.as_str(), 0)]);
    for s in &row.segments {
        let parent = *supplier.get(s.f.as_str()).ok_or_else(|| {
            CaseError::file(
                file,
                format!("segment {}: nothing before it supplies \"{}\"", s.id, s.f),
            )
        })?;
        let model = Model::Series { r_ohm: s.r_loop_ohm, x_ohm: 0.0, shunt_var: 0.0 };
        let mut e = dc(&s.id, ElementKind::Busway, Some(parent), model);
        e.module_rating.i_a = Some(s.i_max_a);
        supplier.insert(&s.t, case.elements.len());
        case.elements.push(e);
    }
    for l in &row.loads {
        let element = *supplier.get(l.bus.as_str()).ok_or_else(|| {
            CaseError::file(file, format!("a load stands at \"{}\", which nothing supplies", l.bus))
        })?;
        case.loads.push(Load {
            name: l.bus.clone(),
            kind: LoadKind::Rack,
            object: None,
            p_w: l.p_kw * 1e3,
            power_factor: 1.0,
            feeds: vec![Feed { element, share: 1.0, tap: 1.0 }],
            rule: FeedRule::Share,
        });
    }
    let far_bus = row.segments.iter().map(|s| (s.id.clone(), s.t.clone())).collect();
    Ok(PowerFile { name: row.name, normal: case, tied: Vec::new(), far_bus })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bus_that_nothing_supplies_is_an_error_and_not_an_endless_search() {
        let text = r#"{"name": "n", "f_hz": 60, "buses": [{"id": "A", "vn_kv": 1.0}],
            "sources": [], "cables": [{"id": "c", "f": "A", "t": "B", "r_ohm": 1, "x_ohm": 1,
            "i_max_a": 1}]}"#;
        let said = read_network("n.json", text).unwrap_err().to_string();
        assert!(said.contains("n.json") && said.contains("\"A\""), "{said}");
    }

    #[test]
    fn missing_fields_are_named() {
        let said = read_row("r.json", r#"{"name": "r"}"#).unwrap_err().to_string();
        assert!(said.contains("v_nominal_kv"), "{said}");
    }
}
