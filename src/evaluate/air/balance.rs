//! Makes the flow problem solvable: air that is given to a closed region must leave it somewhere.
//!
//! Fans have fixed flows here, so a region with more air in than out has no solution. Three
//! outlets are opened, in this order, and each is reported:
//! 1. sealed baffles around a region whose flows do not balance leak a little;
//! 2. what is still unbalanced leaks evenly through the region's boundary, to or from ambient;
//! 3. a group of regions that racks heat but nothing cools exchanges a little air with ambient, so
//!    that its temperature is finite.

use super::case::AirCase;
use super::result::RackFlow;
use super::room::{Machines, Room, Stream};
use crate::numerics::laplacian::BoxLaplacian;

/// Openness that a sealed baffle gets when the flows on its two sides do not balance.
///
/// Assumption: 0.1 % of its area; the flow through it is fixed by the imbalance, so the number only
/// spreads the leak over the baffles in proportion to their area.
const FORCED_OPENNESS: f64 = 1e-3;

/// Ambient air exchanged by a region that nothing cools, as a share of its rack flow.
///
/// Assumption: 5 %. The temperature that follows is far beyond every limit and only says so.
const UNCOOLED_EXCHANGE: f64 = 0.05;

/// Imbalance of a region below this share of the hall's flow is rounding.
const NEGLIGIBLE: f64 = 1e-10;

/// Marks a cell in no region.
const NONE: u32 = u32::MAX;

/// The balanced problem.
#[derive(Clone, Debug)]
pub(super) struct Balanced {
    /// Cells in breadth-first order of each region, roots first.
    pub order: Vec<u32>,
    /// Breadth-first parent of each cell of `order`, itself for a root.
    pub parent: Vec<u32>,
    /// Region of each cell.
    pub region: Vec<u32>,
    /// Net air given to each cell by machines and leaks, in m³/s.
    pub source: Vec<f64>,
    /// Ambient air leaking into cells, and room air leaking out, in m³/s.
    pub leak_in: Stream,
    pub leak_out: Stream,
    /// Air that sealed baffles had to let through, in m³/s.
    pub forced_m3_s: f64,
    /// Baffles that had to leak.
    pub forced_baffles: Vec<usize>,
    /// Racks in a group of regions that nothing cools.
    pub uncooled_racks: Vec<usize>,
}

impl Balanced {
    pub fn new(case: &AirCase, room: &mut Room, machines: &Machines) -> Self {
        let mut out = Self::closed(room, machines);
        let cells = CellsByRegion::new(&out.region, out.regions());
        out.exchange_uncooled(case, machines, &cells, out.regions());
        out
    }

    fn regions(&self) -> usize {
        self.region.iter().filter(|r| **r != NONE).max().map_or(0, |r| *r as usize + 1)
    }

    /// Steps 1 and 2 only: a region that nothing cools stays closed and heats without end, as it
    /// does in time.
    pub fn closed(room: &mut Room, machines: &Machines) -> Self {
        let source = sources(room, machines);
        let scale: f64 = source.iter().map(|s| s.abs()).sum::<f64>().max(f64::MIN_POSITIVE);
        let mut regions = Regions::find(room);
        let mut net = regions.sum(&source);
        let (forced_m3_s, forced_baffles) = open_baffles(room, &regions, &net, scale);
        if !forced_baffles.is_empty() {
            regions = Regions::find(room);
            net = regions.sum(&source);
        }
        let mut out = Self {
            source,
            leak_in: Stream::default(),
            leak_out: Stream::default(),
            forced_m3_s,
            forced_baffles,
            uncooled_racks: Vec::new(),
            order: regions.order,
            parent: regions.parent,
            region: regions.region,
        };
        let cells = CellsByRegion::new(&out.region, net.len());
        for (r, net) in net.iter().enumerate() {
            if net.abs() > NEGLIGIBLE * scale {
                out.leak(&cells, r, (-net).max(0.0), net.max(0.0));
            }
        }
        out
    }

    /// Lets air leak in and out, evenly over a region.
    fn leak(&mut self, cells: &CellsByRegion, region: usize, inward: f64, outward: f64) {
        let members = cells.of(region);
        let n = members.len().max(1) as f64;
        for &c in members {
            if inward > 0.0 {
                self.leak_in.cells.push((c as usize, inward / n));
            }
            if outward > 0.0 {
                self.leak_out.cells.push((c as usize, outward / n));
            }
            self.source[c as usize] += (inward - outward) / n;
        }
    }

    /// Step 3: groups of regions, joined by machines, without any supply of cool air.
    fn exchange_uncooled(
        &mut self,
        case: &AirCase,
        machines: &Machines,
        cells: &CellsByRegion,
        regions: usize,
    ) {
        let mut group: Vec<usize> = (0..regions).collect();
        let region_of = |s: &Stream, region: &[u32]| -> Vec<usize> {
            s.cells.iter().map(|(c, _)| region[*c] as usize).collect()
        };
        for rack in &machines.racks {
            let mut touched = region_of(&rack.intake, &self.region);
            touched.extend(region_of(&rack.exhaust, &self.region));
            touched.windows(2).for_each(|w| union(&mut group, w[0], w[1]));
        }
        let mut cooled = vec![false; regions];
        let outlets = machines.units.iter().chain(&machines.ports).map(|m| &m.outlet);
        for stream in outlets.chain([&self.leak_in]) {
            for r in region_of(stream, &self.region) {
                cooled[root(&group, r)] = true;
            }
        }
        let mut heated = vec![0.0; regions];
        for (i, rack) in machines.racks.iter().enumerate() {
            let (heat_w, flow) = (case.racks[i].heat_w, case.racks[i].room_flow_m3_s());
            let moves = rack.flow != RackFlow::None;
            let mut groups: Vec<usize> = if moves {
                region_of(&rack.intake, &self.region)
            } else if heat_w > 0.0 {
                rack.around.iter().map(|c| self.region[*c] as usize).collect()
            } else {
                Vec::new()
            };
            groups.iter_mut().for_each(|r| *r = root(&group, *r));
            groups.sort_unstable();
            groups.dedup();
            groups.retain(|r| !cooled[*r]);
            for r in &groups {
                let nominal = heat_w / (case.air.rho_cp() * NOMINAL_RISE_K);
                heated[*r] += if moves { flow.max(nominal) } else { nominal };
            }
            if !groups.is_empty() {
                self.uncooled_racks.push(i);
            }
        }
        for r in 0..regions {
            let flow = UNCOOLED_EXCHANGE * heated[root(&group, r)];
            if flow > 0.0 {
                self.leak(cells, r, flow, flow);
            }
        }
    }
}

/// Air-side rise that turns a heat without flow into a nominal flow, in K; a typical server's.
const NOMINAL_RISE_K: f64 = 12.0;

fn sources(room: &Room, machines: &Machines) -> Vec<f64> {
    let mut source = vec![0.0; room.grid.cells()];
    let mut add = |s: &Stream, sign: f64| {
        s.cells.iter().for_each(|(c, q)| source[*c] += sign * q);
    };
    for r in &machines.racks {
        if r.flow != RackFlow::None {
            add(&r.intake, -1.0);
            add(&r.exhaust, 1.0);
        }
    }
    for m in machines.units.iter().chain(&machines.ports) {
        add(&m.intake, -1.0);
        add(&m.outlet, 1.0);
    }
    source
}

/// Step 1. Returns the air forced through and the baffles that leak.
fn open_baffles(room: &mut Room, regions: &Regions, net: &[f64], scale: f64) -> (f64, Vec<usize>) {
    let unbalanced = |cell: usize| {
        let r = regions.region[cell];
        r != NONE && net[r as usize].abs() > NEGLIGIBLE * scale
    };
    let mut opened = Vec::new();
    let mut relieved = vec![false; net.len()];
    for (axis, cell, baffle) in std::mem::take(&mut room.sealed) {
        let other = cell + room.stride(axis);
        let split = regions.region[cell] != regions.region[other];
        if split && (unbalanced(cell) || unbalanced(other)) {
            room.open[axis][cell] = FORCED_OPENNESS;
            opened.push(baffle);
            relieved[regions.region[cell] as usize] = true;
            relieved[regions.region[other] as usize] = true;
        }
    }
    opened.sort_unstable();
    opened.dedup();
    let forced: f64 = (0..net.len()).filter(|r| relieved[*r]).map(|r| net[r].abs()).sum();
    (0.5 * forced, opened)
}

/// Connected regions of air.
struct Regions {
    order: Vec<u32>,
    parent: Vec<u32>,
    region: Vec<u32>,
    count: usize,
}

impl Regions {
    fn find(room: &Room) -> Self {
        let n = room.grid.cells();
        let mut out = Self {
            order: Vec::with_capacity(n),
            parent: Vec::with_capacity(n),
            region: vec![NONE; n],
            count: 0,
        };
        for seed in 0..n {
            if room.solid[seed] || out.region[seed] != NONE {
                continue;
            }
            out.region[seed] = out.count as u32;
            let mut next = out.order.len();
            out.order.push(seed as u32);
            out.parent.push(seed as u32);
            while next < out.order.len() {
                out.visit_neighbours(room, out.order[next] as usize);
                next += 1;
            }
            out.count += 1;
        }
        out
    }

    fn visit_neighbours(&mut self, room: &Room, c: usize) {
        for axis in 0..3 {
            let s = room.stride(axis);
            if room.open[axis][c] > 0.0 {
                self.visit(c, c + s);
            }
            if c >= s && room.open[axis][c - s] > 0.0 {
                self.visit(c, c - s);
            }
        }
    }

    fn visit(&mut self, from: usize, to: usize) {
        if self.region[to] == NONE {
            self.region[to] = self.region[from];
            self.order.push(to as u32);
            self.parent.push(from as u32);
        }
    }

    fn sum(&self, source: &[f64]) -> Vec<f64> {
        let mut net = vec![0.0; self.count];
        for (r, s) in self.region.iter().zip(source) {
            if *r != NONE {
                net[*r as usize] += s;
            }
        }
        net
    }
}

/// Cells grouped by region.
struct CellsByRegion {
    start: Vec<usize>,
    cells: Vec<u32>,
}

impl CellsByRegion {
    fn new(region: &[u32], regions: usize) -> Self {
        let mut start = vec![0; regions + 1];
        region.iter().filter(|r| **r != NONE).for_each(|r| start[*r as usize + 1] += 1);
        (0..regions).for_each(|r| start[r + 1] += start[r]);
        let mut next = start.clone();
        let mut cells = vec![0; start[regions]];
        for (c, r) in region.iter().enumerate().filter(|(_, r)| **r != NONE) {
            cells[next[*r as usize]] = c as u32;
            next[*r as usize] += 1;
        }
        Self { start, cells }
    }

    fn of(&self, region: usize) -> &[u32] {
        &self.cells[self.start[region]..self.start[region + 1]]
    }
}

fn root(group: &[usize], mut i: usize) -> usize {
    while group[i] != i {
        i = group[i];
    }
    i
}

fn union(group: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(group, a), root(group, b));
    group[a.max(b)] = a.min(b);
}

/// The Laplacian of the room: conductance = openness × area / distance, in m.
pub(super) fn laplacian(room: &Room) -> BoxLaplacian {
    let [hx, hy, hz] = room.grid.h_m;
    let whole = [hy * hz / hx, hx * hz / hy, hx * hy / hz];
    let mut a = BoxLaplacian::closed(room.grid.n);
    for c in 0..room.grid.cells() {
        let cell = room.grid.cell(c);
        for (axis, whole) in whole.iter().enumerate() {
            let open = room.open[axis][c];
            if open > 0.0 {
                a.set_face(cell, axis, open * whole);
            }
        }
    }
    a.refresh_diagonal();
    a
}
