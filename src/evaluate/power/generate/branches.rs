//! Draws what hangs on the blocks: transfer switches, feeders, busways and racks over the rows,
//! and the mechanical branch.

use super::blocks::{Assignment, Block, Fed};
use super::builder::{Builder, Part, Shape};
use super::chain::{Context, Supply};
use super::equipment::{BUSWAY_OHM_M_A, FEEDER_OHM_M_A, MECHANICAL_POWER_FACTOR, SIZING_MARGIN};
use super::runs::{End, Run};
use super::{BuswayRun, ChainDemand, load};
use crate::catalog::{Entry, PowerSpec};
use crate::evaluate::power::case::{
    ContinuousLimit, Current, ElementKind, Feed, LoadKind, Model, Nameplate, Rating,
};
use crate::plan::{Feeds, Scheme};

/// Where a run gets one of its paths: element, letter, end of the row.
struct Path {
    supply: usize,
    letter: String,
    end: End,
}

/// Feeders, busways and racks.
pub(super) fn rows(
    cx: &Context,
    b: &mut Builder,
    runs: &[Run],
    assignment: &Assignment,
    outputs: &[usize],
) {
    let switches = transfer_switches(cx, b, assignment, outputs);
    for (run, fed) in runs.iter().zip(&assignment.fed) {
        let paths = paths(assignment, *fed, outputs, &switches);
        let busways: Vec<(usize, End)> = paths
            .iter()
            .enumerate()
            .map(|(side, path)| (busway(cx, b, run, path, (side, paths.len())), path.end))
            .collect();
        for rack in &run.racks {
            let facts = &cx.snapshot.racks[rack.rack];
            let mut entry = load(&facts.name, LoadKind::Rack, Some(facts.id), rack.p_w);
            entry.name = b.unique(entry.name, facts.id.0 as usize);
            let corded = match (rack.feeds, busways.as_slice()) {
                (Feeds::A, [first, ..]) => std::slice::from_ref(first),
                (Feeds::B, [.., last]) => std::slice::from_ref(last),
                (_, all) => all,
            };
            let feed = |&(element, end): &(usize, End)| Feed {
                element,
                share: 1.0,
                tap: run.tap(rack, end),
            };
            entry.feeds = corded.iter().map(feed).collect();
            b.case.loads.push(entry);
        }
    }
}

/// With block redundancy: two static transfer switches per active block, for the two cords of its
/// racks, each with the catcher as its alternate source.
fn transfer_switches(
    cx: &Context,
    b: &mut Builder,
    assignment: &Assignment,
    outputs: &[usize],
) -> Vec<[usize; 2]> {
    let Some(catcher) = assignment.catcher else { return Vec::new() };
    let volts = (cx.row_v, cx.row_current);
    let active = assignment.blocks.iter().zip(outputs).take(catcher);
    let switches = |(block, &output): (&Block, &usize)| {
        ["A", "B"].map(|letter| {
            let name = format!("STS-{}{letter}", block.name);
            let mut part = cx.board(name, letter, output, volts, block.sizing_w);
            part.backup = Some(outputs[catcher]);
            b.add(part).0
        })
    };
    active.map(switches).collect()
}

fn paths(
    assignment: &Assignment,
    fed: Fed,
    outputs: &[usize],
    switches: &[[usize; 2]],
) -> Vec<Path> {
    if assignment.catcher.is_some() {
        let [a, b] = switches[fed.first];
        return vec![
            Path { supply: a, letter: "A".into(), end: End::Low },
            Path { supply: b, letter: "B".into(), end: End::High },
        ];
    }
    let path = |block: usize, end| Path {
        supply: outputs[block],
        letter: assignment.blocks[block].system.clone(),
        end,
    };
    let mut paths = vec![path(fed.first, End::Low)];
    paths.extend(fed.second.map(|block| path(block, End::High)));
    paths
}

/// Feeder and busway of one path of a run; index of the busway.
fn busway(cx: &Context, b: &mut Builder, run: &Run, path: &Path, side: (usize, usize)) -> usize {
    let Path { supply, letter, end } = path;
    let conductor = |name, kind, parent, length_m, ohm_m_a| Part {
        current: cx.row_current,
        v_nominal_v: cx.row_v,
        rating: Rating { i_a: Some(cx.equipment.busway_a), ..Rating::default() },
        modules: run.parallel,
        limit: ContinuousLimit::nec_continuous(),
        shape: Shape::Conductor { length_m, ohm_m_a },
        ..cx.machine(name, kind, letter, Some(parent), Model::Source { v_pu: 1.0 })
    };
    let feeder_m = run.feeder_m(*end, cx.hall);
    let name = format!("FD-{letter}-{}", run.name);
    let feeder = conductor(name, ElementKind::Cable, *supply, feeder_m, FEEDER_OHM_M_A);
    let (feeder, _) = b.add(feeder);
    let name = format!("BW-{letter}-{}", run.name);
    let length_m = run.length_m(*end);
    let mut part = conductor(name.clone(), ElementKind::Busway, feeder, length_m, BUSWAY_OHM_M_A);
    part.nameplate = busway_withstand(&cx.snapshot.busway);
    let (element, length_m) = b.add(part);
    let (lane, lanes) = (side.0 * run.lane.1 + run.lane.0, side.1 * run.lane.1);
    let parallel = b.case.elements[element].modules;
    let area = run.area(*end, lane, lanes);
    b.busways.push(BuswayRun { name, feed: letter.clone(), element, area, length_m, parallel });
    element
}

/// Withstand ratings of a busway as its entry states them.
fn busway_withstand(entry: &Entry<PowerSpec>) -> Nameplate {
    let amps = |ka: Option<f64>| ka.map(|ka| ka * 1e3);
    Nameplate {
        icw_a: amps(entry.spec.icw_1s_ka),
        ipk_a: amps(entry.spec.ipk_ka),
        source: entry.provenance_of("icw_1s_ka").source.clone(),
        ..Nameplate::default()
    }
}

/// Transformer, generator and board for fans and pumps, twice with redundant paths; the loads
/// prefer them in turn.
pub(super) fn mechanical(cx: &Context, b: &mut Builder, demand: &ChainDemand, supplies: &[Supply]) {
    if demand.mechanical.is_empty() {
        return;
    }
    let va = cx.mechanical_w / MECHANICAL_POWER_FACTOR;
    let sides = if cx.redundant_paths() { supplies.len().min(2) } else { 1 };
    let mut boards = Vec::new();
    for (letter, supply) in ["A", "B"].iter().zip(supplies).take(sides) {
        let feed =
            if cx.scheme == Scheme::BlockRedundant { letter } else { supply.system.as_str() };
        let tx = cx.transformer(format!("MTX-{letter}"), feed, supply.element, va / SIZING_MARGIN);
        let (tx, _) = b.add(tx);
        let generator = cx.generator(b, format!("MGEN-{letter}"), feed, cx.mechanical_w);
        let mut board = cx.board(format!("MLB-{letter}"), feed, tx, (cx.lv_v, Current::Ac), va);
        board.backup = generator;
        boards.push(b.add(board).0);
    }
    for (i, m) in demand.mechanical.iter().enumerate() {
        let name = b.unique(m.name.clone(), i);
        let mut entry = load(&name, LoadKind::Mechanical, m.object, m.p_w);
        let feed =
            |k: usize| Feed { element: boards[(i + k) % boards.len()], share: 1.0, tap: 1.0 };
        entry.feeds = (0..boards.len()).map(feed).collect();
        b.case.loads.push(entry);
    }
}
