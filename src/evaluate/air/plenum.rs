//! The plenum under a raised floor: how much air each tile gives.
//!
//! # Unknowns
//! Total pressure H (Pa above the room) per cell of a grid under the floor, depth-averaged; air q
//! (m³/s) through each face between cells, each tile and the seams over each cell.
//!
//! # Equations
//! ```text
//! (1)  Σ q_faces + q_tile + q_seams = S                 mass; S = air that units blow in
//! (2)  H_a − H_b = ½ ρ (f / D_h + k) L (q / A)²         face: friction and pedestals over L
//! (3)  p = H − ½ ρ |u|²                                 static pressure under the floor
//! (4)  p = K ½ ρ (q_tile / A_tile)²                     tile, into a room at 0 Pa
//! (5)  p = ½ ρ (q_seams / (C_d A_seams))²               seams and cable cut-outs
//! ```
//! with D_h = 2 × depth. (3) is what makes tiles beside fast air weak: total pressure is hardly lost
//! along the plenum, so static pressure is low where the air is fast and is recovered where it slows
//! down. Where p < 0, room air is drawn down.
//!
//! # Method
//! Newton on the branches ("global gradient", Todini and Pilati 1988): each linear system is a
//! grid Laplacian with tiles on its diagonal, solved by band Cholesky, so (1) closes to rounding in
//! every iteration. The dynamic pressure of (3) is renewed with under-relaxation. Below
//! [`SLOW_M_S`] a branch's law is linear.
//!
//! # Stopping
//! (2) to (5) hold, and (3) repeats, to [`STOP`] of the mean pressure.
//!
//! # Validity
//! Tiles and rooms at uniform room pressure, as Karki, Radmehr, Patankar 2003. Total pressure is kept
//! along the flow: jets that mix lose some of it, and momentum is not directed, so a jet spreads
//! sooner than in truth (potential-flow models of plenums share this; VanGilder 2011). First-order.
//!
//! # References
//! Karki, Radmehr, Patankar 2003 (HVAC&R Research 9:153); VanGilder, Schmidt 2005 (IPACK2005-73375,
//! tile loss after Idelchik); Radmehr et al. 2005 (IPACK2005-73273, leakage through seams).

use super::case::{AirCase, AirPath, AirUnit, FloorPlenum, PortKind, PortLink, Rect, Side};
use crate::numerics::banded::SymmetricBand;

/// Darcy friction factor of slab and panels. Assumption: turbulent flow over smooth to slightly
/// rough surfaces at Reynolds numbers of 1e5 to 1e6.
const FRICTION: f64 = 0.02;
/// Drag of pedestals and their cables over the dynamic pressure, per metre. Derived: drag
/// coefficient 1.2 of a 50 mm cylinder on a 600 mm square grid, 1.2 × 0.05 / 0.36.
const PEDESTALS_PER_M: f64 = 0.17;
/// Discharge coefficient of seams and cut-outs. Assumption: sharp edges, Idelchik.
const SEAM_DISCHARGE: f64 = 0.61;
/// Speed in m/s below which a branch's law is linear, so that still corners are defined.
const SLOW_M_S: f64 = 0.02;
/// Edge of a cell in m: a floor panel.
const PANEL_M: f64 = 0.6;
/// Most multiplications of one band factorisation; larger floors get cells of two panels, and so on.
const WORK: usize = 3_000_000;
/// Largest error of (2) to (5) over the mean of the tiles' pressures.
const STOP: f64 = 1e-8;
/// Most iterations.
const MAX_ITERATIONS: usize = 200;
/// Share of the new dynamic pressure that is taken over in an iteration.
const RELAXATION: f64 = 0.5;
/// Share of the way to its fans' answer that a unit's flow moves at once: less than all, because
/// the pressure under it follows its neighbours' flows too.
const FAN_RELAXATION: f64 = 0.8;
/// Change of a unit's flow over the supply at which fans and floor agree.
const FANS_MET: f64 = 1e-10;
/// Most rounds between fans and floor.
const MOST_ROUNDS: usize = 100;
/// A unit that its neighbours hold back keeps this share of its last flow in a round.
const LEAST_FLOW: f64 = 0.05;
/// Least and greatest open share of a tile for which the loss formula is used.
const OPEN_RANGE: (f64, f64) = (0.02, 0.95);

/// Loss coefficient of a perforated tile over the dynamic pressure of its whole face, for the open
/// share of its area: a thin perforated plate (Idelchik, used for floor tiles by VanGilder and
/// Schmidt 2005). 42 at 25 % open, 7.4 at 56 %. Bars under the tile and dampers add to it.
#[must_use]
pub fn tile_loss(open: f64) -> f64 {
    let f = open.clamp(OPEN_RANGE.0, OPEN_RANGE.1);
    let shut = 1.0 - f;
    (1.0 + 0.5 * shut.powf(0.75) + 1.414 * shut.powf(0.375)) / (f * f)
}

/// A solved plenum.
#[derive(Clone, Debug, Default)]
pub(super) struct SolvedPlenum {
    pub name: String,
    /// Cells along x and y, their size and the lower corner, in m.
    pub n: [usize; 2],
    pub h_m: [f64; 2],
    pub corner_m: [f64; 2],
    /// Static pressure per cell in Pa above the room.
    pub static_pa: Vec<f64>,
    /// Tiles: index of the port and air in m³/s, negative downward.
    pub tiles: Vec<(usize, f64)>,
    /// Air through seams, per cell, in m³/s.
    pub seams: Vec<f64>,
    /// Units that blow into it.
    pub units: Vec<PlenumUnit>,
    /// Worst cell's |in − out| over the plenum's supply.
    pub mass_closure: f64,
    pub iterations: usize,
}

/// A unit's air under the floor.
#[derive(Clone, Debug)]
pub(super) struct PlenumUnit {
    /// Index of the unit in the case.
    pub unit: usize,
    /// Its air in m³/s.
    pub flow_m3_s: f64,
    /// Its air to each tile of the plenum, and to each cell's seams, in m³/s.
    pub to_tiles: Vec<f64>,
    pub to_seams: Vec<f64>,
}

impl SolvedPlenum {
    /// The floor over a cell.
    pub fn cell_rect(&self, cell: usize) -> Rect {
        let [i, j] = [cell % self.n[0], cell / self.n[0]];
        let at = |a: usize, i: usize| self.corner_m[a] + i as f64 * self.h_m[a];
        Rect {
            min_m: [at(0, i), at(1, j), 0.0],
            max_m: [at(0, i + 1), at(1, j + 1), 0.0],
            air_side: Side::PlusZ,
        }
    }
}

/// One branch of the network: a resistance, with the flow that it carries.
#[derive(Clone, Copy, Debug)]
struct Branch {
    /// Pressure over flow squared, in Pa s²/m⁶.
    r: f64,
    /// Flow below which the law is linear, in m³/s.
    slow: f64,
    q: f64,
}

impl Branch {
    fn new(dynamic: f64, rho: f64, area_m2: f64) -> Self {
        let r = 0.5 * rho * dynamic / (area_m2 * area_m2);
        Self { r, slow: SLOW_M_S * area_m2, q: 0.0 }
    }

    fn drop_pa(&self) -> f64 {
        self.r * self.q * self.q.abs().max(self.slow)
    }

    /// Linearised: conductance, and flow at no pressure.
    fn tangent(&self) -> (f64, f64) {
        let fast = self.q.abs() > self.slow;
        let g = 1.0 / (self.r * if fast { 2.0 * self.q.abs() } else { self.slow });
        (g, self.q - g * self.drop_pa())
    }
}

/// A branch from a cell to the room.
#[derive(Clone, Copy, Debug)]
struct Opening {
    cell: usize,
    branch: Branch,
}

struct Net {
    n: [usize; 2],
    h_m: [f64; 2],
    depth: Vec<f64>,
    /// Branch towards +x and +y of each cell; none at the edge.
    faces: [Vec<Option<Branch>>; 2],
    tiles: Vec<Opening>,
    /// Tile of each opening, as an index into the plenum's ports.
    tile_of: Vec<usize>,
    seams: Vec<Opening>,
    source: Vec<f64>,
    /// Dynamic pressure per cell in Pa.
    dynamic: Vec<f64>,
    rho: f64,
}

/// Solves one plenum of a case; none when no unit feeds it, nothing opens into the room or the
/// iteration fails.
pub(super) fn solve(case: &AirCase, floor: &FloorPlenum) -> Option<SolvedPlenum> {
    let feeding = |i: &usize| {
        let u = &case.units[*i];
        let here = matches!(&u.discharge, AirPath::Plenum(name) if *name == floor.name);
        here && !u.failed && u.free_flow_m3_s() > 0.0
    };
    let units: Vec<usize> = (0..case.units.len()).filter(feeding).collect();
    let ports: Vec<usize> = (0..case.ports.len())
        .filter(|p| {
            let port = &case.ports[*p];
            let here = matches!(&port.link, PortLink::Plenum { plenum, weight }
                if *plenum == floor.name && *weight > 0.0);
            here && port.kind == PortKind::Supply
        })
        .collect();
    let (mut net, corner_m) = Net::new(case, floor, &ports)?;
    let mut flows: Vec<f64> = units.iter().map(|u| case.units[*u].free_flow_m3_s()).collect();
    if flows.iter().sum::<f64>() <= 0.0 || (net.tiles.is_empty() && net.seams.is_empty()) {
        return None;
    }
    let (head, per_unit, iterations) = net.meet_fans(case, &units, &mut flows, corner_m)?;
    let supply: f64 = net.source.iter().sum();
    let shares = net.shares(&head, &per_unit);
    let mut tiles: Vec<(usize, f64)> = ports.iter().map(|p| (*p, 0.0)).collect();
    for (o, t) in net.tiles.iter().zip(&net.tile_of) {
        tiles[*t].1 += o.branch.q;
    }
    let unit = |(k, u): (usize, &usize)| {
        let mut to_tiles = vec![0.0; ports.len()];
        for (o, t) in net.tiles.iter().zip(&net.tile_of) {
            to_tiles[*t] += o.branch.q.max(0.0) * shares[k][o.cell];
        }
        let mut to_seams = vec![0.0; net.source.len()];
        for o in &net.seams {
            to_seams[o.cell] += o.branch.q.max(0.0) * shares[k][o.cell];
        }
        PlenumUnit { unit: *u, flow_m3_s: flows[k], to_tiles, to_seams }
    };
    let mut seams = vec![0.0; net.source.len()];
    net.seams.iter().for_each(|o| seams[o.cell] += o.branch.q);
    Some(SolvedPlenum {
        name: floor.name.clone(),
        n: net.n,
        h_m: net.h_m,
        corner_m,
        static_pa: head.iter().zip(&net.dynamic).map(|(h, d)| h - d).collect(),
        tiles,
        seams,
        units: units.iter().enumerate().map(unit).collect(),
        mass_closure: net.mass_error() / supply,
        iterations,
    })
}

impl Net {
    fn new(case: &AirCase, floor: &FloorPlenum, ports: &[usize]) -> Option<(Self, [f64; 2])> {
        let size = [0, 1].map(|a| floor.max_m[a] - floor.min_m[a]);
        if size.iter().any(|s| *s <= 0.0) || floor.depth_m <= 0.0 {
            return None;
        }
        let n = cells(size);
        let h_m = [size[0] / n[0] as f64, size[1] / n[1] as f64];
        let count = n[0] * n[1];
        let mut net = Self {
            n,
            h_m,
            depth: vec![floor.depth_m; count],
            faces: [vec![None; count], vec![None; count]],
            tiles: Vec::new(),
            tile_of: Vec::new(),
            seams: Vec::new(),
            source: vec![0.0; count],
            dynamic: vec![0.0; count],
            rho: case.air.rho_kg_m3,
        };
        for o in &floor.obstructions {
            for (c, share) in net.overlaps(o.min_m, o.max_m, floor.min_m) {
                net.depth[c] *= 1.0 - share * o.blocked.clamp(0.0, MOST_BLOCKED);
            }
        }
        net.lay_faces();
        net.lay_openings(case, floor, ports);
        Some((net, floor.min_m))
    }

    fn lay_faces(&mut self) {
        let [nx, ny] = self.n;
        for c in 0..nx * ny {
            for (axis, step, inside) in [(0, 1, c % nx + 1 < nx), (1, nx, c / nx + 1 < ny)] {
                if inside {
                    let depth = self.depth[c].min(self.depth[c + step]);
                    let loss = FRICTION / (2.0 * depth) + PEDESTALS_PER_M;
                    let area = depth * self.h_m[1 - axis];
                    let branch = Branch::new(loss * self.h_m[axis], self.rho, area);
                    self.faces[axis][c] = Some(branch);
                }
            }
        }
    }

    fn lay_openings(&mut self, case: &AirCase, floor: &FloorPlenum, ports: &[usize]) {
        for (t, p) in ports.iter().enumerate() {
            let rect = &case.ports[*p].rect;
            let PortLink::Plenum { weight, .. } = case.ports[*p].link else { continue };
            let (lo, hi) = ([rect.min_m[0], rect.min_m[1]], [rect.max_m[0], rect.max_m[1]]);
            let area = (hi[0] - lo[0]) * (hi[1] - lo[1]);
            let loss = tile_loss(weight / area.max(f64::MIN_POSITIVE));
            for (c, share) in self.overlaps(lo, hi, floor.min_m) {
                let part = share * self.h_m[0] * self.h_m[1];
                if part > LEAST_PART * area {
                    let branch = Branch::new(loss, self.rho, part);
                    self.tiles.push(Opening { cell: c, branch });
                    self.tile_of.push(t);
                }
            }
        }
        let open = floor.seam_share * self.h_m[0] * self.h_m[1] * SEAM_DISCHARGE;
        if open > 0.0 {
            let branch = Branch::new(1.0, self.rho, open);
            self.seams = (0..self.source.len()).map(|cell| Opening { cell, branch }).collect();
        }
    }

    /// Cells under a rectangle, with the share of each cell that it covers.
    fn overlaps(&self, lo: [f64; 2], hi: [f64; 2], corner: [f64; 2]) -> Vec<(usize, f64)> {
        let covered = |axis: usize, i: usize| {
            let from = corner[axis] + i as f64 * self.h_m[axis];
            let both = hi[axis].min(from + self.h_m[axis]) - lo[axis].max(from);
            (both / self.h_m[axis]).max(0.0)
        };
        let span = |axis: usize| -> Vec<(usize, f64)> {
            (0..self.n[axis]).map(|i| (i, covered(axis, i))).filter(|(_, s)| *s > 0.0).collect()
        };
        let (xs, ys) = (span(0), span(1));
        let cell = |(j, sy): &(usize, f64)| {
            xs.iter().map(|(i, sx)| (i + self.n[0] * j, sx * sy)).collect::<Vec<_>>()
        };
        ys.iter().flat_map(cell).collect()
    }

    /// Solves the floor for units whose fans give way to the pressure that they make: each flow is
    /// moved part of the way to its fans' answer until all repeat.
    fn meet_fans(
        &mut self,
        case: &AirCase,
        units: &[usize],
        flows: &mut [f64],
        corner: [f64; 2],
    ) -> Option<(Vec<f64>, Vec<Vec<f64>>, usize)> {
        let mut iterations = 0;
        for round in 0.. {
            self.source.fill(0.0);
            let placed = units.iter().zip(&*flows);
            let per_unit: Vec<_> =
                placed.map(|(u, q)| self.blow_in(&case.units[*u], *q, corner)).collect();
            let supply: f64 = flows.iter().sum();
            let (head, more) = self.settle(supply)?;
            iterations += more;
            let mut change: f64 = 0.0;
            for ((u, q), own) in units.iter().zip(flows.iter_mut()).zip(&per_unit) {
                // Pressure where the unit blows in, weighted by its own air.
                let pressure = |(c, s): (usize, &f64)| s * (head[c] - self.dynamic[c]);
                let under: f64 = own.iter().enumerate().map(pressure).sum::<f64>() / *q;
                let wanted = case.units[*u].flow_against_m3_s(under, *q).max(LEAST_FLOW * *q);
                change = change.max((wanted - *q).abs() / supply);
                if round < MOST_ROUNDS && wanted != *q {
                    *q += FAN_RELAXATION * (wanted - *q);
                }
            }
            if change <= FANS_MET {
                let solved = per_unit.iter().map(|own| own.iter().sum());
                flows.iter_mut().zip(solved).for_each(|(q, s)| *q = s);
                return Some((head, per_unit, iterations));
            }
            if round >= MOST_ROUNDS {
                return None;
            }
        }
        None
    }

    /// Adds a unit's air under its footprint, or everywhere for one without. Returns it per cell.
    fn blow_in(&mut self, u: &AirUnit, flow_m3_s: f64, corner: [f64; 2]) -> Vec<f64> {
        let mut under = u.box_m.map_or_else(Vec::new, |b| {
            self.overlaps([b.min_m[0], b.min_m[1]], [b.max_m[0], b.max_m[1]], corner)
        });
        if under.is_empty() {
            under = (0..self.source.len()).map(|c| (c, 1.0)).collect();
        }
        let sum: f64 = under.iter().map(|(_, s)| s).sum();
        let mut own = vec![0.0; self.source.len()];
        for (c, share) in under {
            own[c] = flow_m3_s * share / sum;
            self.source[c] += own[c];
        }
        own
    }

    /// Newton iterations until laws and dynamic pressures repeat. Returns total pressures in Pa.
    fn settle(&mut self, supply: f64) -> Option<(Vec<f64>, usize)> {
        // First guess: openings share the supply by what they let through at equal pressure.
        let pass = |o: &Opening| 1.0 / o.branch.r.sqrt();
        let sum: f64 = self.tiles.iter().chain(&self.seams).map(pass).sum();
        for o in self.tiles.iter_mut().chain(&mut self.seams) {
            o.branch.q = supply * pass(o) / sum;
        }
        for iteration in 1..=MAX_ITERATIONS {
            let head = self.linear()?;
            let law = self.advance(&head);
            let change = self.renew_dynamic();
            let all = || self.tiles.iter().chain(&self.seams);
            let scale = all().map(|o| o.branch.drop_pa().abs()).sum::<f64>() / all().count() as f64;
            if !(law.is_finite() && change.is_finite() && scale > 0.0) {
                return None;
            }
            if law.max(change) <= STOP * scale {
                return Some((head, iteration));
            }
        }
        None
    }

    /// Total pressures for the branches' tangents.
    fn linear(&self) -> Option<Vec<f64>> {
        let [nx, ny] = self.n;
        // The shorter side runs fastest, which makes the band narrow.
        let turned = nx > ny;
        let at = |c: usize| if turned { (c % nx) * ny + c / nx } else { c };
        let count = nx * ny;
        let mut a = SymmetricBand::zeros(count, nx.min(ny));
        let mut b = vec![0.0; count];
        (0..count).for_each(|c| b[at(c)] = self.source[c]);
        for (axis, step) in [(0, 1), (1, nx)] {
            for (c, face) in self.faces[axis].iter().enumerate() {
                let Some(face) = face else { continue };
                let (g, rest) = face.tangent();
                let (i, j) = (at(c), at(c + step));
                a.add(i, i, g);
                a.add(j, j, g);
                a.add(i, j, -g);
                b[i] -= rest;
                b[j] += rest;
            }
        }
        for o in self.tiles.iter().chain(&self.seams) {
            let (g, rest) = o.branch.tangent();
            a.add(at(o.cell), at(o.cell), g);
            b[at(o.cell)] += g * self.dynamic[o.cell] - rest;
        }
        a.solve(&mut b).then(|| (0..count).map(|c| b[at(c)]).collect())
    }

    /// New flows; returns the largest error of the laws in Pa.
    fn advance(&mut self, head: &[f64]) -> f64 {
        let mut worst: f64 = 0.0;
        let mut update = |branch: &mut Branch, pressure: f64| {
            let (g, rest) = branch.tangent();
            branch.q = g * pressure + rest;
            worst = worst.max((branch.drop_pa() - pressure).abs());
        };
        for (axis, step) in [(0, 1), (1, self.n[0])] {
            for (c, face) in self.faces[axis].iter_mut().enumerate() {
                if let Some(face) = face {
                    update(face, head[c] - head[c + step]);
                }
            }
        }
        for o in self.tiles.iter_mut().chain(&mut self.seams) {
            update(&mut o.branch, head[o.cell] - self.dynamic[o.cell]);
        }
        worst
    }

    fn flow(&self, axis: usize, cell: usize) -> f64 {
        self.faces[axis][cell].map_or(0.0, |f| f.q)
    }

    /// Takes over part of the dynamic pressure of the present flow; returns the largest change.
    fn renew_dynamic(&mut self) -> f64 {
        let nx = self.n[0];
        let mut worst: f64 = 0.0;
        for c in 0..self.dynamic.len() {
            let speed = |axis: usize, before: Option<usize>| {
                let q = self.flow(axis, c) + before.map_or(0.0, |b| self.flow(axis, b));
                0.5 * q / (self.depth[c] * self.h_m[1 - axis])
            };
            let u = speed(0, (c % nx > 0).then(|| c - 1));
            let v = speed(1, c.checked_sub(nx));
            let new = 0.5 * self.rho * (u * u + v * v);
            let change = new - self.dynamic[c];
            worst = worst.max(change.abs());
            self.dynamic[c] += RELAXATION * change;
        }
        worst
    }

    fn mass_error(&self) -> f64 {
        let nx = self.n[0];
        let mut left = self.source.clone();
        for (axis, step) in [(0, 1), (1, nx)] {
            for c in 0..left.len() {
                let q = self.flow(axis, c);
                if q != 0.0 {
                    left[c] -= q;
                    left[c + step] += q;
                }
            }
        }
        self.tiles.iter().chain(&self.seams).for_each(|o| left[o.cell] -= o.branch.q);
        left.into_iter().fold(0.0, |a: f64, x| a.max(x.abs()))
    }

    /// Share of each unit's air in each cell, from high total pressure to low: air only flows that
    /// way, so one pass is exact. What reverse tiles draw in belongs to no unit.
    fn shares(&self, head: &[f64], per_unit: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let nx = self.n[0];
        let mut order: Vec<usize> = (0..head.len()).collect();
        order.sort_by(|a, b| head[*b].total_cmp(&head[*a]).then(a.cmp(b)));
        let mut down = vec![0.0; head.len()];
        for o in self.tiles.iter().chain(&self.seams) {
            down[o.cell] += (-o.branch.q).max(0.0);
        }
        let mut carried: Vec<Vec<f64>> = per_unit.to_vec();
        let mut total: Vec<f64> = self.source.iter().zip(&down).map(|(s, d)| s + d).collect();
        for c in order {
            let through = total[c];
            for unit in &mut carried {
                unit[c] = if through > 0.0 { unit[c] / through } else { 0.0 };
            }
            let out = [
                (c + 1, self.flow(0, c)),
                (c + nx, self.flow(1, c)),
                (c.wrapping_sub(1), if c % nx > 0 { -self.flow(0, c - 1) } else { 0.0 }),
                (c.wrapping_sub(nx), -c.checked_sub(nx).map_or(0.0, |b| self.flow(1, b))),
            ];
            for (to, q) in out.into_iter().filter(|(_, q)| *q > 0.0) {
                total[to] += q;
                for unit in &mut carried {
                    unit[to] += q * unit[c];
                }
            }
        }
        carried
    }
}

/// Most of the depth that an obstruction may block, so that air still passes.
const MOST_BLOCKED: f64 = 0.95;
/// Parts of a tile below this share of it are rounding.
const LEAST_PART: f64 = 1e-6;

/// Cells of about a panel, or of more panels where a band factorisation would be too much work.
fn cells(size: [f64; 2]) -> [usize; 2] {
    let mut pitch = PANEL_M;
    loop {
        let n = size.map(|s| ((s / pitch).round() as usize).max(1));
        let band = n[0].min(n[1]);
        if n[0] * n[1] * band * band <= WORK {
            return n;
        }
        pitch *= 2.0;
    }
}
