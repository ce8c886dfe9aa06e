//! The room on the grid: which cells hold air, how open each face is, and which cells each machine
//! breathes from and into.

use super::case::{
    AirCase, AirPath, AirPort, AirRack, AirUnit, Baffle, Ceiling, ExhaustLaw, PortKind, PortLink,
    Rect, Side,
};
use super::grid::{Grid, block};
use super::plenum::{self, PlenumUnit, SolvedPlenum};
use super::result::RackFlow;
use std::ops::Range;

/// Cells that a face of a unit or port may lie behind the first air cell, because its body was
/// thickened to one cell.
const FACE_SEARCH_CELLS: usize = 2;

/// Solid cells and face openness.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub grid: Grid,
    /// Whether a cell is blocked.
    pub solid: Vec<bool>,
    /// Openness, 0 to 1, of the face towards +x, +y and +z of each cell.
    pub open: [Vec<f64>; 3],
    /// Faces that a sealed baffle shuts: axis, cell on the lower side, baffle.
    pub sealed: Vec<(usize, usize, usize)>,
    /// Lowest layer of cells above a suspended ceiling.
    pub ceiling_plane: Option<usize>,
}

impl Room {
    pub fn new(case: &AirCase) -> Self {
        let grid = Grid::new(case.room_m, case.dx_m);
        let mut solid = vec![false; grid.cells()];
        let racks = case.racks.iter().map(|r| &r.box_m);
        let units = case.units.iter().filter_map(|u| u.box_m.as_ref());
        for b in racks.chain(units).chain(case.solids.iter().map(|s| &s.box_m)) {
            if let Some(spans) = grid.span_of(b) {
                block(&grid, &spans).into_iter().for_each(|c| solid[c] = true);
            }
        }
        let open = [0, 1, 2].map(|axis| fluid_faces(&grid, &solid, axis));
        let mut room = Self { grid, solid, open, sealed: Vec::new(), ceiling_plane: None };
        if let Some(ceiling) = &case.ceiling {
            room.place_ceiling(ceiling);
        }
        for (i, b) in case.baffles.iter().enumerate() {
            room.place_baffle(i, b);
        }
        room
    }

    /// Distance between neighbours along `axis` in unpadded indices.
    pub fn stride(&self, axis: usize) -> usize {
        let [nx, ny, _] = self.grid.n;
        [1, nx, nx * ny][axis]
    }

    /// Shuts the faces of the ceiling's plane outside its openings. The plenum keeps one layer.
    fn place_ceiling(&mut self, ceiling: &Ceiling) {
        let [nx, ny, nz] = self.grid.n;
        let plane = self.grid.plane(2, ceiling.height_m).min(nz - 1);
        if plane == 0 {
            return;
        }
        self.ceiling_plane = Some(plane);
        let mut opening = vec![false; nx * ny];
        for [lo, hi] in &ceiling.openings_m {
            let spans = [self.grid.span(0, lo[0], hi[0]), self.grid.span(1, lo[1], hi[1]), 0..1];
            block(&self.grid, &spans).into_iter().for_each(|c| opening[c] = true);
        }
        let below = (plane - 1) * nx * ny;
        for (column, _) in opening.iter().enumerate().filter(|(_, open)| !**open) {
            self.open[2][below + column] = 0.0;
        }
    }

    fn place_baffle(&mut self, index: usize, b: &Baffle) {
        let Some(axis) = (0..3).find(|&a| b.min_m[a] == b.max_m[a]) else { return };
        let plane = self.grid.plane(axis, b.min_m[axis]);
        if plane == 0 || plane >= self.grid.n[axis] {
            return;
        }
        let mut spans = [0, 1, 2].map(|a| self.grid.span(a, b.min_m[a], b.max_m[a]));
        spans[axis] = plane - 1..plane;
        for cell in block(&self.grid, &spans) {
            let face = &mut self.open[axis][cell];
            if *face > 0.0 && b.leakage == 0.0 {
                self.sealed.push((axis, cell, index));
            }
            *face = face.min(b.leakage);
        }
    }

    /// Air cells in a block of spans.
    fn air_in(&self, spans: &[Range<usize>; 3]) -> Vec<usize> {
        block(&self.grid, spans).into_iter().filter(|c| !self.solid[*c]).collect()
    }

    /// Air cells that touch one side of a block, and how many cells that side has.
    fn beside(&self, spans: &[Range<usize>; 3], side: Side) -> (Vec<usize>, usize) {
        let axis = side.axis();
        let mut layer = spans.clone();
        let faces = (0..3).filter(|a| *a != axis).map(|a| spans[a].len()).product();
        layer[axis] = if side.is_plus() {
            spans[axis].end..(spans[axis].end + 1).min(self.grid.n[axis])
        } else {
            spans[axis].start.saturating_sub(1)..spans[axis].start
        };
        (self.air_in(&layer), faces)
    }

    /// Air cells of the lowest layer above the suspended ceiling over a block; none without.
    fn above_ceiling(&self, spans: &[Range<usize>; 3]) -> Option<Vec<usize>> {
        let plane = self.ceiling_plane?;
        let cells = self.air_in(&[spans[0].clone(), spans[1].clone(), plane..plane + 1]);
        (!cells.is_empty()).then_some(cells)
    }

    /// Air cells in front of a rectangle.
    pub fn before(&self, rect: &Rect) -> Vec<usize> {
        let axis = rect.air_side.axis();
        let mut spans = [0, 1, 2].map(|a| self.grid.span(a, rect.min_m[a], rect.max_m[a]));
        let n = self.grid.n[axis];
        let plane = self.grid.plane(axis, rect.min_m[axis]);
        for step in 0..FACE_SEARCH_CELLS {
            let cell = if rect.air_side.is_plus() {
                (plane + step).min(n - 1)
            } else {
                plane.saturating_sub(step + 1)
            };
            spans[axis] = cell..cell + 1;
            let air = self.air_in(&spans);
            if !air.is_empty() {
                return air;
            }
        }
        Vec::new()
    }
}

fn fluid_faces(grid: &Grid, solid: &[bool], axis: usize) -> Vec<f64> {
    let [nx, ny, _] = grid.n;
    let stride = [1, nx, nx * ny][axis];
    let position = |c: usize| [c % nx, c / nx % ny, c / (nx * ny)][axis];
    (0..grid.cells())
        .map(|c| {
            let inner = position(c) + 1 < grid.n[axis];
            if inner && !solid[c] && !solid[c + stride] { 1.0 } else { 0.0 }
        })
        .collect()
}

/// Air that a machine moves through cells of the room, in m³/s per cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Stream {
    pub cells: Vec<(usize, f64)>,
}

impl Stream {
    fn uniform(cells: &[usize], flow_m3_s: f64) -> Self {
        let share = flow_m3_s / cells.len().max(1) as f64;
        Self { cells: cells.iter().map(|c| (*c, share)).collect() }
    }

    /// Flow-weighted mean of a cell field; `None` without flow.
    pub fn mean(&self, field: impl Fn(usize) -> f64) -> Option<f64> {
        let flow: f64 = self.cells.iter().map(|(_, q)| q).sum();
        let sum: f64 = self.cells.iter().map(|(c, q)| q * field(*c)).sum();
        (flow > 0.0).then(|| sum / flow)
    }
}

impl Jet {
    /// Speed in the holes in m/s.
    pub fn speed_m_s(&self) -> f64 {
        let flow: f64 = self.cells.iter().map(|(_, q)| q).sum();
        self.momentum_factor * flow / self.face_m2
    }
}

/// A rack on the grid.
#[derive(Clone, Debug)]
pub(super) struct PlacedRack {
    pub flow: RackFlow,
    /// Cells that it breathes from, and into.
    pub intake: Stream,
    pub exhaust: Stream,
    /// Intake and exhaust of each slice of its height, bottom to top; one for the whole face.
    pub slices: Vec<(Stream, Stream)>,
    /// Air cells that touch it, where heat goes that no flow carries.
    pub around: Vec<usize>,
    /// Share of the front and of the rear that is free, 0 to 1.
    pub front_free: f64,
    pub rear_free: f64,
}

/// A unit or a fixed port on the grid.
#[derive(Clone, Debug, Default)]
pub(super) struct PlacedPath {
    /// Air through it in m³/s, 0 when it cannot flow.
    pub flow_m3_s: f64,
    pub intake: Stream,
    pub outlet: Stream,
}

/// Everything that moves air, on the grid and in the order of the case.
#[derive(Clone, Debug)]
pub(super) struct Machines {
    pub racks: Vec<PlacedRack>,
    pub units: Vec<PlacedPath>,
    pub ports: Vec<PlacedPath>,
    /// Raised floors with solved tile flows.
    pub plenums: Vec<SolvedPlenum>,
    /// What blows into the room faster than its face suggests.
    pub jets: Vec<Jet>,
}

/// Air that enters the room through the holes of a perforated face: in the holes it is faster than
/// over the whole face, and so is its momentum.
#[derive(Clone, Debug)]
pub(super) struct Jet {
    /// Cells that it blows into, with its air in m³/s.
    pub cells: Vec<(usize, f64)>,
    /// Port of the case; its rectangle tells place and direction.
    pub port: usize,
    /// Area of the whole face in m².
    pub face_m2: f64,
    /// Momentum over that of the same air at uniform speed through the whole face: one over the
    /// open share.
    pub momentum_factor: f64,
}

impl Machines {
    pub fn new(case: &AirCase, room: &Room) -> Self {
        let plenums: Vec<_> =
            case.plenums.iter().filter_map(|floor| plenum::solve(case, floor)).collect();
        let unit = |(i, u): (usize, &AirUnit)| {
            let below =
                plenums.iter().find_map(|p| Some((p, p.units.iter().find(|u| u.unit == i)?)));
            match below {
                Some((plenum, own)) => {
                    let outlet = from_floor(case, room, plenum, own);
                    place_unit(case, room, u, own.flow_m3_s, Some(outlet))
                }
                None => place_unit(case, room, u, u.free_flow_m3_s(), None),
            }
        };
        let units: Vec<_> = case.units.iter().enumerate().map(unit).collect();
        Self {
            racks: case.racks.iter().map(|r| place_rack(room, r, case.exhaust_law)).collect(),
            ports: case.ports.iter().map(|p| place_port(room, p)).collect(),
            jets: jets(case, room, &units, &plenums),
            units,
            plenums,
        }
    }
}

fn place_rack(room: &Room, rack: &AirRack, law: ExhaustLaw) -> PlacedRack {
    let flow_m3_s = rack.room_flow_m3_s();
    let nothing = PlacedRack {
        flow: RackFlow::None,
        intake: Stream::default(),
        exhaust: Stream::default(),
        slices: Vec::new(),
        around: Vec::new(),
        front_free: 0.0,
        rear_free: 0.0,
    };
    let Some(spans) = room.grid.span_of(&rack.box_m) else { return nothing };
    let rear_side = rack.front.opposite();
    let (front, front_faces) = room.beside(&spans, rack.front);
    let (rear, rear_faces) = room.beside(&spans, rear_side);
    let other = |not: Side| -> Vec<usize> {
        let sides = Side::ALL.into_iter().filter(|s| *s != not && *s != Side::MinusZ);
        sides.flat_map(|s| room.beside(&spans, s).0).collect()
    };
    let front_free = front.len() as f64 / front_faces as f64;
    let rear_free = rear.len() as f64 / rear_faces as f64;
    let detour = front.is_empty() || rear.is_empty();
    let intake = if front.is_empty() { other(rear_side) } else { front };
    let exhaust = if rear.is_empty() { other(rack.front) } else { rear };
    let around: Vec<usize> = Side::ALL.iter().flat_map(|s| room.beside(&spans, *s).0).collect();
    if flow_m3_s <= 0.0 || intake.is_empty() || exhaust.is_empty() {
        // Without flow the front still has a temperature to show.
        let intake = Stream::uniform(&intake, 0.0);
        return PlacedRack { around, front_free, rear_free, intake, ..nothing };
    }
    let intake = Stream::uniform(&intake, flow_m3_s);
    let duct = rack.options.chimney.and_then(|c| Some((c, room.above_ceiling(&spans)?)));
    let exhaust = match &duct {
        Some((chimney, top)) => {
            let mut cells = Stream::uniform(top, flow_m3_s * (1.0 - chimney.leak)).cells;
            cells.extend(Stream::uniform(&exhaust, flow_m3_s * chimney.leak).cells);
            Stream { cells: cells.into_iter().filter(|(_, q)| *q > 0.0).collect() }
        }
        None => Stream::uniform(&exhaust, flow_m3_s),
    };
    let by_height = law == ExhaustLaw::ByHeight && !detour && duct.is_none();
    let slices = by_height.then(|| slices(room, &spans[2], &intake, &exhaust)).flatten();
    PlacedRack {
        flow: if detour { RackFlow::Detour } else { RackFlow::FrontToRear },
        slices: slices.unwrap_or_else(|| vec![(intake.clone(), exhaust.clone())]),
        intake,
        exhaust,
        around,
        front_free,
        rear_free,
    }
}

/// Most slices of a rack's height.
const MOST_SLICES: usize = 7;

/// A rack's streams cut by height; none where front and rear are not free at the same heights, so
/// that a slice would have to pass air on to another.
fn slices(
    room: &Room,
    layers: &Range<usize>,
    intake: &Stream,
    exhaust: &Stream,
) -> Option<Vec<(Stream, Stream)>> {
    let [nx, ny, _] = room.grid.n;
    let count = layers.len().min(MOST_SLICES);
    let slice = |c: usize| ((c / (nx * ny)).saturating_sub(layers.start) * count) / layers.len();
    let cut = |s: &Stream, k: usize| Stream {
        cells: s.cells.iter().copied().filter(|(c, _)| slice(*c) == k).collect(),
    };
    let flow = |s: &Stream| s.cells.iter().map(|(_, q)| q).sum::<f64>();
    let total = flow(intake);
    let all: Vec<_> = (0..count).map(|k| (cut(intake, k), cut(exhaust, k))).collect();
    let equal = |(a, b): &(Stream, Stream)| (flow(a) - flow(b)).abs() < 1e-9 * total;
    all.iter().all(equal).then(|| all.into_iter().filter(|(a, _)| !a.cells.is_empty()).collect())
}

/// A unit's air as a solved floor gives it to the room, scaled to the unit's flow: a tile that
/// something stands on, or that draws air down, gives none.
fn from_floor(case: &AirCase, room: &Room, plenum: &SolvedPlenum, own: &PlenumUnit) -> Stream {
    let mut cells = Vec::new();
    for ((port, _), q) in plenum.tiles.iter().zip(&own.to_tiles).filter(|(_, q)| **q > 0.0) {
        cells.extend(Stream::uniform(&room.before(&case.ports[*port].rect), *q).cells);
    }
    for (c, q) in own.to_seams.iter().enumerate().filter(|(_, q)| **q > 0.0) {
        cells.extend(Stream::uniform(&room.before(&plenum.cell_rect(c)), *q).cells);
    }
    let sum: f64 = cells.iter().map(|(_, q)| q).sum();
    if sum > 0.0 {
        cells.iter_mut().for_each(|(_, q)| *q *= own.flow_m3_s / sum);
    }
    Stream { cells }
}

/// Open shares below this are not believed: the jet would be faster than any fan drives it.
const LEAST_OPEN: f64 = 0.05;

fn jets(case: &AirCase, room: &Room, units: &[PlacedPath], plenums: &[SolvedPlenum]) -> Vec<Jet> {
    let mut out = Vec::new();
    for (i, port) in case.ports.iter().enumerate() {
        let PortLink::Plenum { plenum, weight } = &port.link else { continue };
        if port.kind != PortKind::Supply {
            continue;
        }
        let face_m2 = port.rect.area_m2();
        let solved = plenums.iter().find(|p| p.name == *plenum);
        let own = solved.and_then(|p| p.tiles.iter().find(|(port, _)| *port == i));
        let cells = room.before(&port.rect);
        let flow =
            own.map_or_else(|| shared_flow(case, units, plenum, *weight), |(_, q)| q.max(0.0));
        if flow > 0.0 && face_m2 > 0.0 && !cells.is_empty() {
            let open = (weight / face_m2).clamp(LEAST_OPEN, 1.0);
            let cells = Stream::uniform(&cells, flow).cells;
            out.push(Jet { cells, port: i, face_m2, momentum_factor: 1.0 / open });
        }
    }
    out
}

/// Air of a port whose plenum shares by weight.
fn shared_flow(case: &AirCase, units: &[PlacedPath], plenum: &str, weight: f64) -> f64 {
    let feeding = case
        .units
        .iter()
        .zip(units)
        .filter(|(u, _)| matches!(&u.discharge, AirPath::Plenum(name) if name == plenum));
    let flow: f64 = feeding.map(|(_, placed)| placed.flow_m3_s).sum();
    let weights = case.ports.iter().filter_map(|p| match &p.link {
        PortLink::Plenum { plenum: name, weight }
            if name == plenum && p.kind == PortKind::Supply =>
        {
            Some(weight)
        }
        _ => None,
    });
    let sum: f64 = weights.sum();
    if sum > 0.0 { flow * weight / sum } else { 0.0 }
}

fn place_unit(
    case: &AirCase,
    room: &Room,
    unit: &AirUnit,
    flow_m3_s: f64,
    from_floor: Option<Stream>,
) -> PlacedPath {
    if unit.failed || flow_m3_s <= 0.0 {
        return PlacedPath::default();
    }
    let intake = place_path(case, room, &unit.intake, PortKind::Return, flow_m3_s);
    let by_weight = || place_path(case, room, &unit.discharge, PortKind::Supply, flow_m3_s);
    let outlet = from_floor.unwrap_or_else(by_weight);
    if intake.cells.is_empty() || outlet.cells.is_empty() {
        return PlacedPath::default();
    }
    PlacedPath { flow_m3_s, intake, outlet }
}

fn place_path(case: &AirCase, room: &Room, path: &AirPath, kind: PortKind, flow: f64) -> Stream {
    match path {
        AirPath::Faces(rects) => {
            let cells: Vec<usize> = rects.iter().flat_map(|r| room.before(r)).collect();
            Stream::uniform(&cells, flow)
        }
        AirPath::Plenum(name) => place_plenum(case, room, name, kind, flow),
    }
}

/// Shares a flow among the free ports of a plenum by weight.
fn place_plenum(case: &AirCase, room: &Room, name: &str, kind: PortKind, flow: f64) -> Stream {
    let free: Vec<(f64, Vec<usize>)> = case
        .ports
        .iter()
        .filter(|p| p.kind == kind)
        .filter_map(|p| match &p.link {
            PortLink::Plenum { plenum, weight } if plenum == name && *weight > 0.0 => {
                Some((*weight, room.before(&p.rect)))
            }
            _ => None,
        })
        .filter(|(_, cells)| !cells.is_empty())
        .collect();
    let total: f64 = free.iter().map(|(w, _)| w).sum();
    let cells = free
        .iter()
        .flat_map(|(weight, cells)| Stream::uniform(cells, flow * weight / total).cells)
        .collect();
    Stream { cells }
}

fn place_port(room: &Room, port: &AirPort) -> PlacedPath {
    let PortLink::Fixed { flow_m3_s, .. } = port.link else { return PlacedPath::default() };
    let cells = room.before(&port.rect);
    if cells.is_empty() || flow_m3_s <= 0.0 {
        return PlacedPath::default();
    }
    let stream = Stream::uniform(&cells, flow_m3_s);
    match port.kind {
        PortKind::Supply => PlacedPath { flow_m3_s, outlet: stream, ..PlacedPath::default() },
        PortKind::Return => PlacedPath { flow_m3_s, intake: stream, ..PlacedPath::default() },
    }
}
