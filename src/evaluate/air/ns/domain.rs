//! The room as the momentum solver sees it: how open each face is, where air is blown in or drawn
//! out at a fixed speed, how far walls are.

use super::super::balance::Balanced;
use super::super::case::{AirCase, AirPath, PortKind, PortLink, Rect, Side};
use super::super::grid::Grid;
use super::super::room::{Jet, Machines, Room, Stream};
use crate::numerics::lattice::Lattice;
use std::collections::BTreeMap;

/// Longest mixing length, in m.
///
/// Assumption: half a metre. Room eddies are no larger than an aisle; without a cap the free air of
/// a tall hall would mix like a stirred tank.
const LONGEST_MIXING_LENGTH_M: f64 = 0.5;

/// Pressure loss of air through a leak, over its dynamic pressure in the opening: 1/Cd² of a
/// sharp-edged orifice with Cd = 0.6 (ASHRAE Handbook Fundamentals 2021, ch. 16).
const ORIFICE_LOSS: f64 = 2.8;

/// Slowest air in a leak for which its resistance is computed, in m/s; keeps still air movable.
const STILL_M_S: f64 = 0.05;

/// A face across which air moves at a fixed speed: the mouth of a machine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::evaluate::air) struct FixedFace {
    pub axis: usize,
    pub place: usize,
    /// Towards the positive direction, in m/s.
    pub speed_m_s: f32,
}

/// A face that is neither open nor shut: air squeezes through gaps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::evaluate::air) struct LeakyFace {
    pub axis: usize,
    pub place: usize,
    /// Deceleration over the square of the face's mean speed, in 1/m.
    pub resistance_per_m: f32,
}

/// Geometry and boundary conditions of one grid.
#[derive(Clone, Debug)]
pub(in crate::evaluate::air) struct Domain {
    pub lattice: Lattice,
    /// Cell size in m.
    pub h_m: [f32; 3],
    /// Openness of the face towards +x, +y and +z, 0 (wall) to 1.
    pub open: [Vec<f32>; 3],
    pub fixed: Vec<FixedFace>,
    pub leaky: Vec<LeakyFace>,
    /// Cells that gain air by no face (leaks to the rest of the building), in 1/s.
    pub sources: Vec<(usize, f32)>,
    /// Accelerations of faces from outside, by axis and place, in m/s²: a wall that slides.
    pub pushes: Vec<(usize, usize, f32)>,
    /// Mixing length in m; 0 in solids.
    pub mixing_length_m: Vec<f32>,
    /// Whether walls normal to an axis rub (1) or let air slip (0).
    pub rub: [f32; 3],
    /// Air cells.
    pub cells: usize,
}

impl Domain {
    /// Puts a balanced room on the lattice.
    pub fn of_room(case: &AirCase, room: &Room, machines: &Machines, balanced: &Balanced) -> Self {
        let grid = room.grid;
        let lattice = Lattice::new(grid.n);
        let mut domain = Self::closed(lattice, grid.h_m);
        for (c, place) in places(&grid, &lattice).enumerate() {
            for axis in 0..3 {
                domain.set_open(axis, place, room.open[axis][c]);
            }
        }
        domain.cells = room.solid.iter().filter(|s| !**s).count();
        let mut unplaced = balanced.source.clone();
        for mouth in Mouths::new(case, room, machines).all {
            unplaced[mouth.cell] -= mouth.flow_m3_s;
            domain.blow(&grid, &mouth);
        }
        for jet in &machines.jets {
            domain.push_jet(&grid, jet, case.ports[jet.port].rect.air_side);
        }
        let volume = grid.cell_volume_m3();
        for (c, place) in places(&grid, &lattice).enumerate() {
            if unplaced[c].abs() > ROUNDING_M3_S && !room.solid[c] {
                domain.sources.push((place, (unplaced[c] / volume) as f32));
            }
        }
        domain.find_walls(|c| !room.solid[c], &grid);
        domain
    }

    /// A box without openings.
    pub fn closed(lattice: Lattice, h_m: [f64; 3]) -> Self {
        let zeros = || lattice.zeros();
        Self {
            lattice,
            h_m: h_m.map(|h| h as f32),
            open: [zeros(), zeros(), zeros()],
            fixed: Vec::new(),
            leaky: Vec::new(),
            sources: Vec::new(),
            pushes: Vec::new(),
            mixing_length_m: zeros(),
            rub: [1.0; 3],
            cells: lattice.cells(),
        }
    }

    /// Sets how open a face is.
    pub fn set_open(&mut self, axis: usize, place: usize, open: f64) {
        self.open[axis][place] = open as f32;
        if open > 0.0 && open < 1.0 {
            let h = f64::from(self.h_m[axis]);
            let resistance_per_m = (ORIFICE_LOSS / (2.0 * open * open * h)) as f32;
            self.leaky.push(LeakyFace { axis, place, resistance_per_m });
        }
    }

    fn blow(&mut self, grid: &Grid, mouth: &Mouth) {
        let axis = mouth.outward.axis();
        let cell = self.lattice.place(grid.cell(mouth.cell));
        let plus = mouth.outward.is_plus();
        let place = if plus { cell } else { cell - self.lattice.stride(axis) };
        let area = grid.cell_volume_m3() / grid.h_m[axis];
        // Air that enters the room moves against the direction out of it.
        let sign = if plus { -1.0 } else { 1.0 };
        let speed_m_s = (sign * mouth.flow_m3_s / area) as f32;
        self.fixed.push(FixedFace { axis, place, speed_m_s });
    }

    /// Gives the air of a perforated face the momentum that it has in the holes: what is missing from
    /// the uniform face speed w pushes the next face inwards by (factor − 1) w² / h.
    fn push_jet(&mut self, grid: &Grid, jet: &Jet, inward: Side) {
        let axis = inward.axis();
        let area = grid.cell_volume_m3() / grid.h_m[axis];
        let sign = if inward.is_plus() { 1.0 } else { -1.0 };
        for (cell, flow) in &jet.cells {
            let cell = self.lattice.place(grid.cell(*cell));
            let face = if inward.is_plus() { cell } else { cell - self.lattice.stride(axis) };
            let speed = flow / area;
            let push = sign * (jet.momentum_factor - 1.0) * speed * speed / grid.h_m[axis];
            if self.open[axis][face] > 0.0 {
                self.pushes.push((axis, face, push as f32));
            }
        }
    }

    /// Mixing length: distance to the nearest wall along open faces, capped.
    fn find_walls(&mut self, is_air: impl Fn(usize) -> bool, grid: &Grid) {
        let lattice = self.lattice;
        let strides = lattice.strides();
        let reach = self.h_m.iter().copied().fold(f32::INFINITY, f32::min);
        let air: Vec<usize> = places(grid, &lattice)
            .enumerate()
            .filter(|(c, _)| is_air(*c))
            .map(|(_, place)| place)
            .collect();
        let blown: std::collections::BTreeSet<(usize, usize)> =
            self.fixed.iter().map(|f| (f.axis, f.place)).collect();
        let wall = |axis: usize, face: usize, open: &[Vec<f32>; 3]| {
            open[axis][face] == 0.0 && !blown.contains(&(axis, face))
        };
        let beside_wall = |c: usize| {
            (0..3).any(|a| wall(a, c, &self.open) || wall(a, c - strides[a], &self.open))
        };
        let mut front: Vec<usize> = air.iter().copied().filter(|c| beside_wall(*c)).collect();
        let mut distance = 0.5 * reach;
        let cap = LONGEST_MIXING_LENGTH_M as f32;
        front.iter().for_each(|c| self.mixing_length_m[*c] = distance.min(cap));
        while !front.is_empty() {
            distance += reach;
            let mut next = Vec::new();
            for &c in &front {
                for (a, s) in strides.iter().enumerate() {
                    let steps = [(c + s, c), (c - s, c - s)];
                    for (neighbour, face) in steps {
                        let new = self.mixing_length_m[neighbour] == 0.0;
                        if self.open[a][face] > 0.0 && new {
                            self.mixing_length_m[neighbour] = distance.min(cap);
                            next.push(neighbour);
                        }
                    }
                }
            }
            front = next;
        }
    }

    /// Volume of a cell in m³.
    pub fn volume_m3(&self) -> f64 {
        self.h_m.iter().map(|h| f64::from(*h)).product()
    }

    /// Conductance of each face for the pressure: openness × area / distance, in m.
    pub fn conductances(&self) -> [Vec<f32>; 3] {
        let volume = self.h_m.iter().product::<f32>();
        [0, 1, 2].map(|a| {
            let whole = volume / (self.h_m[a] * self.h_m[a]);
            self.open[a].iter().map(|open| open * whole).collect()
        })
    }

    /// Resistance to be added where air squeezes through a leak, in 1/s, at a face speed.
    pub fn leak_drag(leak: &LeakyFace, speed_m_s: f32) -> f32 {
        leak.resistance_per_m * speed_m_s.abs().max(STILL_M_S as f32)
    }
}

/// Flow below which what remains of a cell's source is rounding, in m³/s.
const ROUNDING_M3_S: f64 = 1e-12;

/// Places of a grid's cells, in the grid's order.
pub(in crate::evaluate::air) fn places(
    grid: &Grid,
    lattice: &Lattice,
) -> impl Iterator<Item = usize> + use<> {
    debug_assert_eq!(grid.n, lattice.n());
    lattice.rows().flatten()
}

/// Air through the face of one cell into (positive) or out of the room.
struct Mouth {
    cell: usize,
    /// Direction out of the room.
    outward: Side,
    flow_m3_s: f64,
}

/// All faces at which machines blow or draw. A stream that has no wall behind its cell (a rack that
/// breathes through another face, a leak) stays a source without direction.
struct Mouths<'a> {
    room: &'a Room,
    all: Vec<Mouth>,
}

impl<'a> Mouths<'a> {
    fn new(case: &AirCase, room: &'a Room, machines: &Machines) -> Self {
        let mut mouths = Self { room, all: Vec::new() };
        for (rack, placed) in case.racks.iter().zip(&machines.racks) {
            mouths.add_facing(&placed.intake, rack.front, -1.0);
            mouths.add_facing(&placed.exhaust, rack.front.opposite(), 1.0);
        }
        for (unit, placed) in case.units.iter().zip(&machines.units) {
            mouths.add_path(case, &unit.intake, PortKind::Return, &placed.intake, -1.0);
            mouths.add_path(case, &unit.discharge, PortKind::Supply, &placed.outlet, 1.0);
        }
        for (port, placed) in case.ports.iter().zip(&machines.ports) {
            mouths.add_facing(&placed.intake, port.rect.air_side, -1.0);
            mouths.add_facing(&placed.outlet, port.rect.air_side, 1.0);
        }
        mouths
    }

    /// Cells of a stream that all lie on one side of their machine.
    fn add_facing(&mut self, stream: &Stream, air_side: Side, sign: f64) {
        for (cell, flow) in &stream.cells {
            self.add(*cell, air_side.opposite(), sign * flow);
        }
    }

    fn add_path(
        &mut self,
        case: &AirCase,
        path: &AirPath,
        kind: PortKind,
        stream: &Stream,
        sign: f64,
    ) {
        let rects: Vec<&Rect> = match path {
            AirPath::Faces(rects) => rects.iter().collect(),
            AirPath::Plenum(name) => case
                .ports
                .iter()
                .filter(|p| p.kind == kind)
                .filter(|p| matches!(&p.link, PortLink::Plenum { plenum, .. } if plenum == name))
                .map(|p| &p.rect)
                .collect(),
        };
        let sides: BTreeMap<usize, Side> = rects
            .iter()
            .flat_map(|r| self.room.before(r).into_iter().map(|c| (c, r.air_side)))
            .collect();
        for (cell, flow) in &stream.cells {
            if let Some(side) = sides.get(cell) {
                self.add(*cell, side.opposite(), sign * flow);
            }
        }
    }

    fn add(&mut self, cell: usize, outward: Side, flow_m3_s: f64) {
        let axis = outward.axis();
        let (position, n) = (self.room.grid.cell(cell)[axis], self.room.grid.n[axis]);
        let stride = self.room.stride(axis);
        // Air on both sides of a thin wall: blowing through the face would draw on the other side.
        let behind = match outward.is_plus() {
            true => (position + 1 < n).then(|| cell + stride),
            false => position.checked_sub(1).map(|_| cell - stride),
        };
        let shut = behind.is_none_or(|other| self.room.solid[other]);
        if shut && flow_m3_s != 0.0 {
            self.all.push(Mouth { cell, outward, flow_m3_s });
        }
    }
}
