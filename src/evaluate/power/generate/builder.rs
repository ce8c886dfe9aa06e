//! Collects elements by name, applies the plan's overrides and counts what is bought.

use super::copper::mass_kg;
use super::equipment::count;
use super::{BuswayRun, ChainQuantities};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::evaluate::power::case::{
    ContinuousLimit, Current, Element, ElementKind, Model, Nameplate, PowerCase, Rating,
};
use crate::evaluate::power::shedding::shed;
use crate::evaluate::power::validate::MOST_TAP_PERCENT;
use crate::plan::ElementOverride;
use std::collections::{BTreeMap, BTreeSet};

/// Largest rating or length that an override may state: anything above is a slip of the hand.
const LARGEST_OVERRIDE: f64 = 1e6;
/// Largest count that an override may state.
const LARGEST_COUNT: u32 = 1000;

/// An element about to be added.
pub(super) struct Part {
    pub name: String,
    pub kind: ElementKind,
    pub feed: String,
    pub parent: Option<usize>,
    pub backup: Option<usize>,
    pub current: Current,
    pub v_nominal_v: f64,
    pub rating: Rating,
    pub modules: u32,
    pub spare: u32,
    pub limit: ContinuousLimit,
    pub shape: Shape,
    pub nameplate: Nameplate,
}

/// How the behaviour of a part follows from rating and length.
pub(super) enum Shape {
    /// Fixed behaviour, on the base of the catalogue rating.
    Fixed(Model),
    /// So many metres of a conductor: Ω m at 1 A, r and x, divided by the rating in A.
    Conductor { length_m: f64, ohm_m_a: (f64, f64) },
    /// So many metres of a conductor of fixed Ω/m.
    Cable { length_m: f64, ohm_m: (f64, f64) },
}

/// The growing chain.
pub(super) struct Builder<'a> {
    pub case: PowerCase,
    pub quantities: ChainQuantities,
    pub findings: Vec<Finding>,
    pub busways: Vec<BuswayRun>,
    /// Whether UPS modules that are not needed sleep.
    pub shedding: bool,
    overrides: &'a BTreeMap<String, ElementOverride>,
    used: BTreeSet<&'a str>,
    load_names: BTreeSet<String>,
}

impl<'a> Builder<'a> {
    pub fn new(name: &str, overrides: &'a BTreeMap<String, ElementOverride>) -> Self {
        Self {
            case: PowerCase {
                name: name.to_owned(),
                every_single_outage: true,
                ..PowerCase::default()
            },
            quantities: ChainQuantities::default(),
            findings: Vec::new(),
            busways: Vec::new(),
            shedding: false,
            overrides,
            used: BTreeSet::new(),
            load_names: BTreeSet::new(),
        }
    }

    /// A name for a load that no other load has: labels on racks may repeat.
    pub fn unique(&mut self, mut name: String, id: usize) -> String {
        while !self.load_names.insert(name.clone()) {
            name = format!("{name} #{id}");
        }
        name
    }

    /// Adds a part as the plan overrides it; index and length in m (0 where it has none).
    pub fn add(&mut self, mut part: Part) -> (usize, f64) {
        if let Some((name, change)) = self.overrides.get_key_value(&part.name) {
            self.used.insert(name);
            self.apply(&mut part, change);
        }
        let (mut model, length_m) = self.model(&part);
        if let (true, Model::Converter { loss, .. }) = (self.shedding, &mut model) {
            *loss = shed(loss, part.modules, part.spare);
        }
        self.tally(&part, length_m);
        self.quantities.copper_kg += copper_kg(&part);
        self.case.elements.push(Element {
            name: part.name,
            kind: part.kind,
            feed: part.feed,
            parent: part.parent,
            backup: part.backup,
            current: part.current,
            v_nominal_v: part.v_nominal_v,
            module_rating: part.rating,
            modules: part.modules,
            spare_modules: part.spare,
            limit: part.limit,
            model,
            nameplate: Nameplate {
                length_m: (length_m > 0.0).then_some(length_m),
                ..part.nameplate
            },
        });
        (self.case.elements.len() - 1, length_m)
    }

    fn apply(&mut self, part: &mut Part, change: &ElementOverride) {
        if let Some(rating) = change.rating {
            if in_range(rating) {
                rerate(part, rating);
            } else {
                self.bad_override(&part.name, "rating", rating);
            }
        }
        if let Some(n) = change.count {
            if (1..=LARGEST_COUNT).contains(&n) {
                part.modules = n;
                part.spare = part.spare.min(n - 1);
            } else {
                self.bad_override(&part.name, "count", f64::from(n));
            }
        }
        if let Some(tap) = change.tap_percent {
            match &mut part.shape {
                Shape::Fixed(Model::Transformer { tap_percent, .. })
                    if tap.abs() <= MOST_TAP_PERCENT =>
                {
                    *tap_percent = tap;
                }
                _ => self.bad_override(&part.name, "tap_percent", tap),
            }
        }
        if let Some(new_m) = change.length_m {
            if !in_range(new_m) {
                self.bad_override(&part.name, "length_m", new_m);
            } else if let Shape::Conductor { length_m, .. } | Shape::Cable { length_m, .. } =
                &mut part.shape
            {
                *length_m = new_m;
            }
        }
    }

    fn model(&self, part: &Part) -> (Model, f64) {
        let both_poles = if part.current == Current::Dc { 2.0 } else { 1.0 };
        let conductor = |length_m: f64, (r, x): (f64, f64)| Model::Series {
            r_ohm: r * length_m * both_poles,
            x_ohm: if part.current == Current::Dc { 0.0 } else { x * length_m },
            shunt_var: 0.0,
        };
        match &part.shape {
            Shape::Fixed(model) => (model.clone(), 0.0),
            Shape::Conductor { length_m, ohm_m_a: (r, x) } => {
                let i_a = part.rating.i_a.unwrap_or(1.0);
                (conductor(*length_m, (r / i_a, x / i_a)), *length_m)
            }
            Shape::Cable { length_m, ohm_m } => (conductor(*length_m, *ohm_m), *length_m),
        }
    }

    fn tally(&mut self, part: &Part, length_m: f64) {
        let q = &mut self.quantities;
        let n = f64::from(part.modules);
        let kilo = |rating: Option<f64>| rating.unwrap_or(0.0) * n / 1e3;
        match part.kind {
            ElementKind::Transformer => {
                q.transformers += part.modules;
                q.transformer_kva += kilo(part.rating.s_va);
            }
            ElementKind::Ups | ElementKind::Rectifier800 => {
                q.ups_units += part.modules;
                q.ups_kw += kilo(part.rating.p_w);
            }
            ElementKind::Generator => {
                q.generators += part.modules;
                q.generator_kw += kilo(part.rating.p_w);
            }
            ElementKind::Busway => q.busway_m += length_m * n,
            ElementKind::Cable => q.feeder_m += length_m * n,
            ElementKind::Utility => q.switchgear_kw += kilo(part.rating.p_w),
            ElementKind::Switchboard | ElementKind::MvFeeder => q.switchboards += part.modules,
            ElementKind::Pdu | ElementKind::Rpp | ElementKind::PowerShelf => {}
        }
    }

    fn bad_override(&mut self, name: &str, field: &str, value: f64) {
        let (limit, advice) = match field {
            "count" => (f64::from(LARGEST_COUNT), POSITIVE),
            "tap_percent" => (MOST_TAP_PERCENT, "Set taps on transformers only, within the limit"),
            _ => (LARGEST_OVERRIDE, POSITIVE),
        };
        self.findings.push(Finding {
            severity: Severity::Error,
            rule: "power.override-out-of-range",
            subject: Subject::PowerElement(name.to_owned()),
            message: format!("The override of {field} of {name} is ignored: {value} is no {field}"),
            value: value.is_finite().then_some(value),
            limit: Some(limit),
            unit: "",
            source: "Plan".to_owned(),
            advice: advice.to_owned(),
        });
    }

    /// One finding per override that names no generated element.
    pub fn report_unused_overrides(&mut self) {
        let unused: Vec<&String> =
            self.overrides.keys().filter(|k| !self.used.contains(k.as_str())).collect();
        for name in unused {
            self.findings.push(Finding {
                severity: Severity::Warning,
                rule: "power.override-unknown",
                subject: Subject::PowerElement(name.clone()),
                message: format!("The plan overrides {name}, but the chain has no such element"),
                value: None,
                limit: None,
                unit: "",
                source: "Plan".to_owned(),
                advice: "Remove the override, or rename it to an element of the one-line diagram"
                    .to_owned(),
            });
        }
    }
}

/// Copper of a low-voltage conductor; 0 for anything else.
fn copper_kg(part: &Part) -> f64 {
    let Shape::Conductor { length_m, ohm_m_a: (r, _) } = part.shape else { return 0.0 };
    let conductors = if part.current == Current::Dc { 2.0 } else { 3.0 };
    let ohm_per_m = r / part.rating.i_a.unwrap_or(1.0);
    mass_kg(ohm_per_m, length_m, conductors, f64::from(part.modules))
}

fn in_range(value: f64) -> bool {
    value > 0.0 && value <= LARGEST_OVERRIDE
}

const POSITIVE: &str = "Enter a number above zero and below the limit";

/// Sets a rating in kW (kVA for transformers, A for conductors); losses scale with it.
fn rerate(part: &mut Part, rating: f64) {
    let new = rating * 1e3;
    let Rating { p_w, s_va, i_a } = &mut part.rating;
    match (&mut part.shape, part.kind) {
        (Shape::Fixed(Model::Transformer { base_va, no_load_w, magnetising_var, .. }), _) => {
            let ratio = new / *base_va;
            *no_load_w *= ratio;
            *magnetising_var *= ratio;
            (*base_va, *s_va) = (new, Some(new));
        }
        (Shape::Fixed(_), _) => {
            if let (Some(old_w), Some(va)) = (*p_w, s_va.as_mut()) {
                *va *= new / old_w;
            }
            *p_w = Some(new);
        }
        _ => *i_a = Some(rating),
    }
}

/// Modules for a power, with a spare one if asked for: installed and spare.
pub(super) fn modules(power_w: f64, module_w: f64, spare: bool) -> (u32, u32) {
    let spare = u32::from(spare);
    (count(power_w / module_w) + spare, spare)
}
