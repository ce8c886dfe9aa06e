//! Draws the elements of the chain, from the utility to the racks.

use super::blocks::{Assignment, Block, assign};
use super::branches;
use super::builder::{Builder, Part, Shape, modules};
use super::equipment::{
    BOARD_LENGTH_M, BOARD_OHM_M_A, CONVERTER_INPUT_POWER_FACTOR, Equipment, LV_FRAMES_A,
    MECHANICAL_POWER_FACTOR, MV_FRAMES_A, MV_LENGTH_M, MV_OHM_M, SIZING_MARGIN, frame, lv_volts,
};
use super::runs::{current, runs};
use super::{ChainDemand, GenerateError, GeneratedChain};
use crate::evaluate::power::case::{
    ContinuousLimit, Current, ElementKind, Intent, Model, NEC_CONTINUOUS_FRACTION, Nameplate,
    Rating, Scenario,
};
use crate::evaluate::power::elements::SQRT_3;
use crate::evaluate::snapshot::Snapshot;
use crate::plan::{RectMm, Scheme};

/// Everything that stays the same while the chain is drawn.
pub(super) struct Context<'a> {
    pub snapshot: &'a Snapshot,
    pub equipment: Equipment,
    pub scheme: Scheme,
    /// Medium voltage, V.
    pub mv_v: f64,
    /// Low voltage, V.
    pub lv_v: f64,
    /// Voltage over the rows, V.
    pub row_v: f64,
    pub row_current: Current,
    /// Fans and pumps together, W.
    pub mechanical_w: f64,
    pub hall: RectMm,
    /// Short-circuit current of the utility at its intake, A.
    pub utility_fault_a: f64,
    /// Subtransient reactance of generators, per unit.
    pub subtransient_pu: f64,
}

/// Source of short-circuit data that no entry of the catalogue gives.
const FAULT_ASSUMPTION: &str = "planning assumption of the catalogue";

pub(super) fn build(
    snapshot: &Snapshot,
    demand: &ChainDemand,
) -> Result<GeneratedChain, GenerateError> {
    let power = &snapshot.plan.power;
    for (field, value) in [("utility_mw", power.utility_mw), ("utility_kv", power.utility_kv)] {
        if !(value.is_finite() && value > 0.0) {
            return Err(GenerateError::BadNumber { field, value });
        }
    }
    let cx = Context {
        snapshot,
        equipment: Equipment::of(snapshot)?,
        scheme: power.scheme,
        mv_v: power.utility_kv * 1e3,
        lv_v: lv_volts(power.distribution),
        row_v: power.distribution.volts(),
        row_current: current(power.distribution),
        mechanical_w: demand.mechanical.iter().map(|m| m.sizing_w).sum(),
        hall: snapshot.plan.hall_area(),
        utility_fault_a: assumed(snapshot, "utility_fault_ka")? * 1e3,
        subtransient_pu: assumed(snapshot, "generator_subtransient_pu")?,
    };
    let runs = runs(snapshot, demand, &cx.equipment);
    let powers: Vec<f64> = runs.iter().map(|r| r.sizing_w).collect();
    let assignment = assign(cx.scheme, &powers, cx.equipment.block_w());
    let mut b = Builder::new(&snapshot.plan.name, &power.overrides);
    b.shedding = power.resilience.standby.module_shedding;
    b.case.intent = intent(cx.scheme);
    b.case.contract_w = Some(power.utility_mw * 1e6);
    b.case.arc_clearing_s = Some(assumed(snapshot, "arc_clearing_s")?);
    let supplies = utilities(&cx, &mut b, &assignment);
    let outputs = it_blocks(&cx, &mut b, &assignment, &supplies);
    branches::rows(&cx, &mut b, &runs, &assignment, &outputs);
    branches::mechanical(&cx, &mut b, demand, &supplies);
    b.case.scenarios = scenarios(&cx, &b);
    b.report_unused_overrides();
    b.findings.extend(super::suitability::findings(snapshot));
    Ok(GeneratedChain {
        case: b.case,
        busways: b.busways,
        quantities: b.quantities,
        findings: b.findings,
    })
}

/// A planning assumption that must be above zero.
fn assumed(snapshot: &Snapshot, id: &'static str) -> Result<f64, GenerateError> {
    let value = snapshot.assumption(id).map_or(f64::NAN, |band| band.base);
    if value.is_finite() && value > 0.0 {
        return Ok(value);
    }
    Err(GenerateError::BadNumber { field: id, value })
}

fn intent(scheme: Scheme) -> Intent {
    match scheme {
        Scheme::N => Intent::NoRedundancy,
        Scheme::NPlus1 => Intent::ModuleRedundancy,
        Scheme::TwoN | Scheme::FourN3R | Scheme::BlockRedundant => Intent::PathRedundancy,
    }
}

impl Context<'_> {
    /// Short-circuit power at an intake: as the plan states it for flicker, else assumed.
    fn utility_strength(&self) -> Nameplate {
        let stated = self.snapshot.plan.power.resilience.swing.short_circuit_mva;
        let stated_va = stated.filter(|mva| *mva > 0.0).map(|mva| mva * 1e6);
        Nameplate {
            fault_va: Some(stated_va.unwrap_or(SQRT_3 * self.mv_v * self.utility_fault_a)),
            source: if stated_va.is_some() { "Plan" } else { FAULT_ASSUMPTION }.to_owned(),
            ..Nameplate::default()
        }
    }

    pub fn redundant_paths(&self) -> bool {
        intent(self.scheme) == Intent::PathRedundancy
    }

    fn spare_module(&self) -> bool {
        self.scheme == Scheme::NPlus1
    }

    /// A board or feeder section of `length_m` for an apparent power, in standard frames.
    pub fn board(
        &self,
        name: String,
        feed: &str,
        parent: usize,
        volts: (f64, Current),
        va: f64,
    ) -> Part {
        let per_ampere = if volts.1 == Current::Dc { volts.0 } else { SQRT_3 * volts.0 };
        let needed_a = va / per_ampere / NEC_CONTINUOUS_FRACTION / SIZING_MARGIN;
        let (rated_a, sections) = frame(needed_a, &LV_FRAMES_A);
        Part {
            name,
            kind: ElementKind::Switchboard,
            feed: feed.to_owned(),
            parent: Some(parent),
            backup: None,
            current: volts.1,
            v_nominal_v: volts.0,
            rating: Rating { i_a: Some(rated_a), ..Rating::default() },
            modules: sections,
            spare: 0,
            limit: ContinuousLimit::nec_continuous(),
            shape: Shape::Conductor { length_m: BOARD_LENGTH_M, ohm_m_a: BOARD_OHM_M_A },
            nameplate: Nameplate::default(),
        }
    }

    /// A part that is no conductor.
    pub fn machine(
        &self,
        name: String,
        kind: ElementKind,
        feed: &str,
        parent: Option<usize>,
        model: Model,
    ) -> Part {
        Part {
            name,
            kind,
            feed: feed.to_owned(),
            parent,
            backup: None,
            current: Current::Ac,
            v_nominal_v: self.lv_v,
            rating: Rating::default(),
            modules: 1,
            spare: 0,
            limit: ContinuousLimit::default(),
            shape: Shape::Fixed(model),
            nameplate: Nameplate::default(),
        }
    }

    pub fn transformer(&self, name: String, feed: &str, parent: usize, va: f64) -> Part {
        let unit_va = self.equipment.transformer_va;
        let (n, _) = modules(va, unit_va, false);
        Part {
            rating: Rating { s_va: Some(unit_va), ..Rating::default() },
            modules: n,
            ..self.machine(
                name,
                ElementKind::Transformer,
                feed,
                Some(parent),
                self.equipment.transformer.clone(),
            )
        }
    }

    /// Stand-by generators for a power, if the plan has any; index of the element.
    pub fn generator(&self, b: &mut Builder, name: String, feed: &str, p_w: f64) -> Option<usize> {
        let (unit_w, unit_va) = self.equipment.generator?;
        let (n, spare) = modules(p_w / SIZING_MARGIN, unit_w, self.spare_module());
        let part = Part {
            rating: Rating { p_w: Some(unit_w), s_va: Some(unit_va), i_a: None },
            modules: n,
            spare,
            nameplate: Nameplate {
                subtransient_pu: Some(self.subtransient_pu),
                source: FAULT_ASSUMPTION.to_owned(),
                ..Nameplate::default()
            },
            ..self.machine(name, ElementKind::Generator, feed, None, Model::Source { v_pu: 1.0 })
        };
        Some(b.add(part).0)
    }
}

/// A medium-voltage section that blocks hang on.
pub(super) struct Supply {
    /// Letter of the system, or number of the block.
    pub system: String,
    pub element: usize,
}

/// Utility intakes and one medium-voltage section per system. With two intakes and systems that
/// do not mirror each other (4N3R, block redundant), a section transfers to the other intake.
fn utilities(cx: &Context, b: &mut Builder, assignment: &Assignment) -> Vec<Supply> {
    let intakes: &[&str] = if cx.redundant_paths() { &["A", "B"] } else { &["A"] };
    let intake: Vec<usize> = intakes
        .iter()
        .map(|letter| {
            let source = Model::Source { v_pu: 1.0 };
            let kind = ElementKind::Utility;
            let feed = if cx.scheme == Scheme::TwoN { *letter } else { "" };
            let mut part = cx.machine(format!("UT-{letter}"), kind, feed, None, source);
            part.v_nominal_v = cx.mv_v;
            part.rating.p_w = Some(cx.snapshot.plan.power.utility_mw * 1e6);
            part.nameplate = cx.utility_strength();
            b.add(part).0
        })
        .collect();
    let mut systems: Vec<&str> = assignment.blocks.iter().map(|x| x.system.as_str()).collect();
    if systems.is_empty() {
        systems = intakes.to_vec();
    }
    systems.dedup();
    let ties = cx.redundant_paths() && cx.scheme != Scheme::TwoN;
    let section = |(i, system): (usize, &&str)| {
        let home = intake[i % intake.len()];
        let it_w: f64 =
            assignment.blocks.iter().filter(|x| x.system == **system).map(|x| x.sizing_w).sum();
        let va = it_w / cx.equipment.ups_efficiency / CONVERTER_INPUT_POWER_FACTOR
            + cx.mechanical_w / MECHANICAL_POWER_FACTOR;
        let (rated_a, sections) = frame(va / (SQRT_3 * cx.mv_v) / SIZING_MARGIN, &MV_FRAMES_A);
        let part = Part {
            parent: Some(home),
            backup: ties.then(|| intake[(i + 1) % intake.len()]),
            v_nominal_v: cx.mv_v,
            rating: Rating { i_a: Some(rated_a), ..Rating::default() },
            modules: sections,
            shape: Shape::Cable { length_m: MV_LENGTH_M, ohm_m: MV_OHM_M },
            ..cx.machine(
                format!("MV-{system}"),
                ElementKind::MvFeeder,
                system,
                None,
                Model::Source { v_pu: 1.0 },
            )
        };
        Supply { system: (*system).to_owned(), element: b.add(part).0 }
    };
    systems.iter().enumerate().map(section).collect()
}

/// Transformer, low-voltage board with its generator, UPS and output board of every block; the
/// output boards.
fn it_blocks(
    cx: &Context,
    b: &mut Builder,
    assignment: &Assignment,
    supplies: &[Supply],
) -> Vec<usize> {
    let block = |block: &Block| {
        let supply = supplies.iter().find(|s| s.system == block.system);
        it_block(cx, b, block, supply.map_or(0, |s| s.element))
    };
    assignment.blocks.iter().map(block).collect()
}

fn it_block(cx: &Context, b: &mut Builder, block: &Block, mv: usize) -> usize {
    let Block { name, system, sizing_w } = block;
    let input_w = sizing_w / cx.equipment.ups_efficiency;
    let input_va = input_w / CONVERTER_INPUT_POWER_FACTOR;
    let tx = cx.transformer(format!("TX-{name}"), system, mv, input_va / SIZING_MARGIN);
    let (tx, _) = b.add(tx);
    let generator = cx.generator(b, format!("GEN-{name}"), system, input_w);
    let mut board = cx.board(format!("LVB-{name}"), system, tx, (cx.lv_v, Current::Ac), input_va);
    board.backup = generator;
    let (board, _) = b.add(board);
    let dc = cx.row_current == Current::Dc;
    let (kind, prefix) =
        if dc { (ElementKind::Rectifier800, "RECT") } else { (ElementKind::Ups, "UPS") };
    let unit_w = cx.equipment.ups_w;
    let (n, spare) = modules(sizing_w / SIZING_MARGIN, unit_w, cx.spare_module());
    let model = cx.equipment.ups.clone();
    let converter = Part {
        current: cx.row_current,
        v_nominal_v: cx.row_v,
        rating: Rating { p_w: Some(unit_w), s_va: cx.equipment.ups_va.filter(|_| !dc), i_a: None },
        modules: n,
        spare,
        ..cx.machine(format!("{prefix}-{name}"), kind, system, Some(board), model)
    };
    let (converter, _) = b.add(converter);
    let volts = (cx.row_v, cx.row_current);
    b.add(cx.board(format!("OPB-{name}"), system, converter, volts, *sizing_w)).0
}

/// The named outages: each side or block, and the utility.
fn scenarios(cx: &Context, b: &Builder) -> Vec<Scenario> {
    let elements = &b.case.elements;
    let with = |keep: &dyn Fn(usize) -> bool| (0..elements.len()).filter(|&i| keep(i)).collect();
    let mut letters: Vec<&str> = elements.iter().map(|e| e.feed.as_str()).collect();
    letters.sort_unstable();
    letters.dedup();
    let blocks = cx.scheme == Scheme::BlockRedundant;
    let mut list: Vec<Scenario> = letters
        .into_iter()
        .filter(|letter| !letter.is_empty())
        .map(|letter| {
            let is_block = blocks && !["A", "B"].contains(&letter);
            let word = if is_block { "block" } else { "feed" };
            Scenario {
                name: format!("{word} {letter} lost"),
                out: with(&|i| elements[i].feed == letter),
                must_survive: cx.redundant_paths(),
            }
        })
        .collect();
    list.push(Scenario {
        name: "utility lost".to_owned(),
        out: with(&|i| elements[i].kind == ElementKind::Utility),
        must_survive: cx.equipment.generator.is_some(),
    });
    list
}
