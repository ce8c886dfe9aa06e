//! Putting another system into racks that stand: frame, size, servers per rack, and how many
//! still fit the row.

use crate::catalog::{Catalog, RackKey, SizeMm, SystemForm, SystemKey, SystemSpec};
use crate::plan::rows::rows;
use crate::plan::{Contents, Facing, Plan, PointMm, Rack};
use std::sync::Arc;

/// Frame of servers that are not sold with one.
pub const DEFAULT_FRAME: &str = "eia48_750_1200";
/// Size where neither the system nor its frame says: the common EIA-310 cabinet.
pub const DEFAULT_RACK: SizeMm = SizeMm { width: 600, depth: 1200, height: 2000 };
/// Usable height where the frame does not say, U (EIA-310 full-height cabinet).
const DEFAULT_UNITS: u32 = 42;

/// The frame that a system comes in or is put into.
#[must_use]
pub fn frame_of(spec: &SystemSpec) -> RackKey {
    spec.frame.clone().unwrap_or_else(|| RackKey::new(DEFAULT_FRAME))
}

/// Servers that fit a rack by height and by the frame's power; 1 for rack-scale systems.
#[must_use]
pub fn servers_per_rack(spec: &SystemSpec, catalog: &Catalog) -> u32 {
    if spec.form != SystemForm::Server {
        return 1;
    }
    let frame = catalog.racks.get(&frame_of(spec));
    let units = frame.and_then(|f| f.spec.units).unwrap_or(DEFAULT_UNITS);
    let by_height = units / spec.rack_units.unwrap_or(units).max(1);
    let by_power = match (frame.and_then(|f| f.spec.max_kw), spec.design_power_w) {
        (Some(kw), Some(w)) if w > 0.0 => (kw * 1e3 / w).floor() as u32,
        _ => by_height,
    };
    by_height.min(by_power).max(1)
}

/// Size of a rack with this system.
#[must_use]
pub fn rack_size(spec: &SystemSpec, catalog: &Catalog) -> SizeMm {
    let frame = catalog.racks.get(&frame_of(spec)).and_then(|f| f.spec.size_mm);
    match spec.form {
        SystemForm::Rack => spec.size_mm.or(frame),
        _ => frame,
    }
    .unwrap_or(DEFAULT_RACK)
}

/// One rack with another system, its front face where it was, its left edge too.
#[must_use]
pub fn refitted(
    rack: &Rack,
    system: &SystemKey,
    spec: &SystemSpec,
    count: u32,
    catalog: &Catalog,
) -> Rack {
    let size = rack_size(spec, catalog);
    let deeper = size.depth as i32 - rack.size_mm.depth as i32;
    let mut at = rack.at;
    match rack.facing {
        Facing::North => at.y -= deeper,
        Facing::East => at.x -= deeper,
        Facing::South | Facing::West => {}
    }
    Rack {
        frame: frame_of(spec),
        size_mm: size,
        at,
        contents: Contents::Compute { system: system.clone(), count },
        ..rack.clone()
    }
}

/// The plan with another system in every compute rack. Where the new rack is wider, the racks of
/// each unbroken run move together and those that no longer fit are left out; the second value
/// says how many.
#[must_use]
pub fn with_system(
    plan: &Plan,
    catalog: &Catalog,
    system: &SystemKey,
    count: u32,
) -> (Plan, usize) {
    let Some(entry) = catalog.systems.get(system) else { return (plan.clone(), 0) };
    let mut next = plan.clone();
    let floor = Arc::make_mut(&mut next.floor);
    let mut left_out = Vec::new();
    for run in compute_runs(plan) {
        let width = rack_size(&entry.spec, catalog).width as i32;
        let length = run.end - run.start;
        let fitting = (length / width.max(1)).max(0) as usize;
        let moves = run.racks.iter().any(|r| along_width(r) < width);
        for (i, old) in run.racks.iter().enumerate() {
            if i >= fitting {
                left_out.push(old.id);
                continue;
            }
            let mut new = refitted(old, system, &entry.spec, count, catalog);
            if moves {
                let offset = run.start + width * i as i32;
                if old.facing.is_along_y() { new.at.x = offset } else { new.at.y = offset }
            }
            if let Some(slot) = floor.racks.iter_mut().find(|r| r.id == old.id) {
                *slot = new;
            }
        }
    }
    floor.racks.retain(|r| !left_out.contains(&r.id));
    (next, left_out.len())
}

/// Neighbouring compute racks of one row, without a gap wider than a hand.
struct Run {
    racks: Vec<Rack>,
    start: i32,
    end: i32,
}

/// Racks further apart than this are not one run, mm.
const GAP_MM: i32 = 60;

const fn along_width(rack: &Rack) -> i32 {
    rack.size_mm.width as i32
}

const fn start_of(rack: &Rack) -> i32 {
    let PointMm { x, y } = rack.at;
    if rack.facing.is_along_y() { x } else { y }
}

fn compute_runs(plan: &Plan) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for row in rows(&plan.floor.racks) {
        let mut open: Option<Run> = None;
        for id in &row.racks {
            let Some(rack) = plan.floor.racks.iter().find(|r| r.id == *id) else { continue };
            if !matches!(rack.contents, Contents::Compute { .. }) {
                runs.extend(open.take());
                continue;
            }
            let (start, end) = (start_of(rack), start_of(rack) + along_width(rack));
            match &mut open {
                Some(run) if start - run.end <= GAP_MM => {
                    run.racks.push(rack.clone());
                    run.end = run.end.max(end);
                }
                _ => {
                    runs.extend(open.take());
                    open = Some(Run { racks: vec![rack.clone()], start, end });
                }
            }
        }
        runs.extend(open);
    }
    runs
}

/// The plan with only the first `keep` of its compute racks powered, the rest reserved: how a
/// limit caps a variant.
#[must_use]
pub fn capped(plan: &Plan, keep: usize) -> Plan {
    let mut next = plan.clone();
    let floor = Arc::make_mut(&mut next.floor);
    let mut seen = 0;
    for rack in &mut floor.racks {
        if matches!(rack.contents, Contents::Compute { .. }) {
            seen += 1;
            if seen > keep {
                rack.contents = Contents::Reserved;
            }
        }
    }
    next
}

/// Compute racks of a plan.
#[must_use]
pub fn compute_racks(plan: &Plan) -> usize {
    plan.floor.racks.iter().filter(|r| matches!(r.contents, Contents::Compute { .. })).count()
}
