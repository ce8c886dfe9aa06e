//! Cuts rows into busway runs: each run feeds neighbouring racks and can carry all of them alone.

use super::ChainDemand;
use super::equipment::{Equipment, FEEDER_RISE_M, RACK_POWER_FACTOR, SIZING_MARGIN, count};
use crate::evaluate::power::case::{Current, NEC_CONTINUOUS_FRACTION};
use crate::evaluate::power::elements::SQRT_3;
use crate::evaluate::snapshot::{RackFacts, Snapshot};
use crate::numerics::partition::contiguous_parts;
use crate::plan::rows::Row;
use crate::plan::{Distribution, Feeds, PointMm, RectMm};

/// Width of a busway as drawn, mm. Assumption: track busway housings are 100–150 mm wide.
const BUSWAY_WIDTH_MM: i32 = 120;

/// One rack of a run.
pub(super) struct RunRack {
    /// Index in the snapshot.
    pub rack: usize,
    pub feeds: Feeds,
    /// Power at the operating point, W.
    pub p_w: f64,
    /// Centre along the row, mm.
    pub along_mm: f64,
}

/// A busway run, before it is fed from a block.
pub(super) struct Run {
    /// `R3`, or `R3.2` where a row takes several.
    pub name: String,
    pub racks: Vec<RunRack>,
    /// Power that it is sized for, W.
    pub sizing_w: f64,
    /// Parallel busways, where one rack is more than one can carry.
    pub parallel: u32,
    /// Which of the runs of its row, and how many there are.
    pub lane: (usize, usize),
    row_area: RectMm,
    /// Whether the row lies along x.
    along_x: bool,
}

/// The end from which a run is fed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// West or south.
    Low,
    /// East or north.
    High,
}

/// Continuous capacity of one busway, W.
fn busway_w(equipment: &Equipment, distribution: Distribution) -> f64 {
    let per_ampere = match distribution {
        Distribution::Vdc800 => distribution.volts(),
        _ => SQRT_3 * distribution.volts() * RACK_POWER_FACTOR,
    };
    equipment.busway_a * NEC_CONTINUOUS_FRACTION * SIZING_MARGIN * per_ampere
}

/// AC or DC over the rows.
pub(super) fn current(distribution: Distribution) -> Current {
    if distribution == Distribution::Vdc800 { Current::Dc } else { Current::Ac }
}

/// All runs, row by row.
pub(super) fn runs(snapshot: &Snapshot, demand: &ChainDemand, equipment: &Equipment) -> Vec<Run> {
    let capacity_w = busway_w(equipment, snapshot.plan.power.distribution).min(equipment.block_w());
    let mut of_rack = vec![(0.0, 0.0); snapshot.racks.len()];
    for rack in &demand.racks {
        if let Ok(i) = snapshot.racks.binary_search_by_key(&rack.id, |r| r.id) {
            of_rack[i] = (rack.sizing_w, rack.p_w);
        }
    }
    let rows = snapshot.rows.iter();
    rows.flat_map(|row| row_runs(snapshot, &of_rack, row, capacity_w)).collect()
}

/// `of_rack`: sizing and operating power of each rack of the snapshot, W.
fn row_runs(snapshot: &Snapshot, of_rack: &[(f64, f64)], row: &Row, capacity_w: f64) -> Vec<Run> {
    let along_x = row.facing.is_along_y();
    let find = |id| snapshot.racks.binary_search_by_key(&id, |r: &RackFacts| r.id).ok();
    let racks: Vec<usize> = row.racks.iter().filter_map(|&id| find(id)).collect();
    let sizing: Vec<f64> = racks.iter().map(|&r| of_rack[r].0).collect();
    let parts = contiguous_parts(&sizing, capacity_w);
    let lanes = parts.len();
    let make = |(lane, part): (usize, std::ops::Range<usize>)| {
        let sizing_w: f64 = sizing[part.clone()].iter().sum();
        let name = match lanes {
            1 => format!("R{}", row.number),
            _ => format!("R{}.{}", row.number, lane + 1),
        };
        let member = |&r: &usize| {
            let facts = &snapshot.racks[r];
            let (x, y) = facts.area.centre();
            RunRack {
                rack: r,
                feeds: facts.feeds,
                p_w: of_rack[r].1,
                along_mm: if along_x { x } else { y },
            }
        };
        Run {
            name,
            racks: racks[part].iter().map(member).collect(),
            sizing_w,
            parallel: count(sizing_w / capacity_w),
            lane: (lane, lanes),
            row_area: row.area,
            along_x,
        }
    };
    parts.into_iter().enumerate().map(make).collect()
}

impl Run {
    /// Ends of the row along it, mm.
    fn ends_mm(&self) -> (i32, i32) {
        if self.along_x {
            (self.row_area.min.x, self.row_area.max.x)
        } else {
            (self.row_area.min.y, self.row_area.max.y)
        }
    }

    /// From the head at `end` of the row to the far side of the last rack, mm along the row.
    fn span_mm(&self, end: End) -> (f64, f64) {
        let (low, high) = self.ends_mm();
        let at = self.racks.iter().map(|r| r.along_mm);
        match end {
            End::Low => (f64::from(low), at.fold(f64::from(low), f64::max)),
            End::High => (f64::from(high), at.fold(f64::from(high), f64::min)),
        }
    }

    /// Length of the busway fed from `end`, m; at least one metre.
    pub fn length_m(&self, end: End) -> f64 {
        let (head, far) = self.span_mm(end);
        ((far - head).abs() / 1e3).max(1.0)
    }

    /// Position of a rack along the busway fed from `end`: 0 at the head, 1 at the far end.
    pub fn tap(&self, rack: &RunRack, end: End) -> f64 {
        let (head, _) = self.span_mm(end);
        ((rack.along_mm - head).abs() / 1e3 / self.length_m(end)).clamp(0.0, 1.0)
    }

    /// Manhattan length of the feeder from the middle of the wall at `end` of the hall, m.
    pub fn feeder_m(&self, end: End, hall: RectMm) -> f64 {
        let (low, high) = self.ends_mm();
        let (cx, cy) = hall.centre();
        let (rx, ry) = self.row_area.centre();
        let (hall_low, hall_high, across) = if self.along_x {
            (hall.min.x, hall.max.x, (ry - cy).abs())
        } else {
            (hall.min.y, hall.max.y, (rx - cx).abs())
        };
        let to_wall = match end {
            End::Low => f64::from(low) - f64::from(hall_low),
            End::High => f64::from(hall_high) - f64::from(high),
        };
        FEEDER_RISE_M + (to_wall.abs() + across) / 1e3
    }

    /// Area over the row as drawn: run `lane` of `lanes` side by side across the row.
    pub fn area(&self, end: End, lane: usize, lanes: usize) -> RectMm {
        let (head, far) = self.span_mm(end);
        let (from, to) = (head.min(far).round() as i32, head.max(far).round() as i32);
        let depth = if self.along_x { self.row_area.size_y() } else { self.row_area.size_x() };
        let share = (lane as f64 + 0.5) / lanes.max(1) as f64;
        let offset = (f64::from(depth) * share).round() as i32 - BUSWAY_WIDTH_MM / 2;
        let min = self.row_area.min;
        if self.along_x {
            let y = min.y.saturating_add(offset);
            RectMm::spanning(
                PointMm::new(from, y),
                PointMm::new(to, y.saturating_add(BUSWAY_WIDTH_MM)),
            )
        } else {
            let x = min.x.saturating_add(offset);
            RectMm::spanning(
                PointMm::new(x, from),
                PointMm::new(x.saturating_add(BUSWAY_WIDTH_MM), to),
            )
        }
    }
}
