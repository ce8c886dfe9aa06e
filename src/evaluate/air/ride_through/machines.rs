//! Racks, units, ports and leaks in time: what each takes from the air and gives back in a step.

use super::super::balance::Balanced;
use super::super::case::{AirCase, AirRack, COIL_APPROACH_K, PortKind, PortLink};
use super::super::grid::Grid;
use super::super::ns::Domain;
use super::super::result::RackFlow;
use super::super::room::{Machines, Stream};
use super::event::{Event, RideOptions};
use super::mass::{
    ASSUMED_IT_KG, COIL_METAL_J_K_W, COIL_WATER_L_W, Coil, LOOP_WATER_L_W, NOMINAL_DROP_K, Servers,
    Slab, WATER_J_L_K, Water, damping,
};

/// Places on the lattice and the flow through each, in m³/s.
type Cells = Vec<(usize, f64)>;

/// A way through a machine.
struct Path {
    intake: Cells,
    outlet: Cells,
    flow_m3_s: f64,
}

impl Path {
    fn new(site: &Site, intake: &Stream, outlet: &Stream) -> Self {
        let (intake, outlet) = (site.cells(intake), site.cells(outlet));
        let flow_m3_s = intake.iter().map(|(_, q)| q).sum();
        Self { intake, outlet, flow_m3_s }
    }

    /// Flow-weighted mean of what it takes.
    fn mean(&self, t: &[f32]) -> f64 {
        let sum: f64 = self.intake.iter().map(|(c, q)| q * f64::from(t[*c])).sum();
        sum / self.flow_m3_s
    }
}

/// A rack on the lattice: with flow, or heat alone.
struct Rack {
    path: Option<Path>,
    servers: Option<Servers>,
    /// Cells in front, for a rack without flow.
    front: Vec<usize>,
    /// Cells that take the heat of a rack without flow, and that heat in K m³/s.
    around: Vec<usize>,
    bare_heat: f64,
    door: Door,
    /// Intake and exhaust of each slice of its height.
    slices: Vec<Path>,
}

/// A rear door: equation (2) of `rack`, in K m³/s and K above the reference.
#[derive(Clone, Copy, Default)]
struct Door {
    fixed: f64,
    /// Share of (exhaust − water) that it takes.
    effectiveness: f64,
    water: f64,
    most: f64,
}

impl Door {
    fn heat(&self, flow_m3_s: f64, hot: f64) -> f64 {
        let open = self.effectiveness * flow_m3_s * (hot - self.water);
        self.fixed + open.clamp(0.0, self.most)
    }
}

/// Heat over ρ cp since the event, in K m³.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ledger {
    pub made: f64,
    pub doors: f64,
    pub chillers: f64,
    pub water: f64,
    pub ducts_and_leaks: f64,
    pub servers: f64,
    pub slab: f64,
}

/// Everything that exchanges heat with the room's air. Temperatures are above the reference.
pub(super) struct Plantroom {
    racks: Vec<Rack>,
    units: Vec<(Path, Coil)>,
    water: Vec<Water>,
    /// Flows with a given temperature, and flows that only leave.
    given: Vec<(Cells, f64)>,
    leaving: Vec<Cells>,
    floor: Vec<usize>,
    slab: Option<Slab>,
    volume_m3: f64,
    pub ledger: Ledger,
}

/// What a [`Plantroom`] is built from.
pub(super) struct Site<'a> {
    pub case: &'a AirCase,
    pub event: &'a Event,
    pub options: &'a RideOptions,
    pub machines: &'a Machines,
    pub balanced: &'a Balanced,
    pub domain: &'a Domain,
    pub grid: Grid,
    pub t_ref_k: f64,
}

impl Site<'_> {
    fn cells(&self, stream: &Stream) -> Cells {
        stream.cells.iter().map(|(c, q)| (self.place(*c), *q)).collect()
    }

    fn place(&self, cell: usize) -> usize {
        self.domain.lattice.place(self.grid.cell(cell))
    }

    fn rack(&self, i: usize, t: &[f32]) -> Rack {
        let (rack, placed) = (&self.case.racks[i], &self.machines.racks[i]);
        let rho_cp = self.case.air.rho_cp();
        let heat = rack.heat_w / rho_cp;
        let after = heat * self.options.load_share;
        let mut out = Rack {
            path: None,
            servers: None,
            front: placed.intake.cells.iter().map(|(c, _)| self.place(*c)).collect(),
            around: placed.around.iter().map(|c| self.place(*c)).collect(),
            bare_heat: after,
            door: self.door(rack),
            slices: Vec::new(),
        };
        if placed.flow == RackFlow::None {
            return out;
        }
        let path = Path::new(self, &placed.intake, &placed.exhaust);
        let assumed = if rack.heat_w > 0.0 { ASSUMED_IT_KG } else { 0.0 };
        let it_kg = self.options.it_kg.get(i).copied().unwrap_or(assumed);
        let mut servers = Servers::settled(path.flow_m3_s, heat, it_kg, rho_cp, path.mean(t));
        servers.heat = after;
        out.slices = placed.slices.iter().map(|(a, b)| Path::new(self, a, b)).collect();
        (out.path, out.servers) = (Some(path), Some(servers));
        out
    }

    /// A door stops with the chillers.
    fn door(&self, rack: &AirRack) -> Door {
        if self.event.stops_chillers() {
            return Door::default();
        }
        let rho_cp = self.case.air.rho_cp();
        let fixed = rack.removed_w / rho_cp;
        let Some(door) = &rack.options.door else { return Door { fixed, ..Door::default() } };
        Door {
            fixed,
            effectiveness: door.air_effectiveness(rho_cp * rack.room_flow_m3_s()),
            water: door.water_t_k - self.t_ref_k,
            most: (door.capacity_w / rho_cp).max(0.0),
        }
    }

    /// Coils and the water on which they hang.
    fn units(&self) -> (Vec<(Path, Coil)>, Vec<Water>) {
        let rho_cp = self.case.air.rho_cp();
        let shared = matches!(self.event, Event::ChilledWaterLost { pumps_run: true });
        let (mut units, mut water) = (Vec::new(), Vec::<Water>::new());
        for (unit, placed) in self.case.units.iter().zip(&self.machines.units) {
            let flow_m3_s = placed.flow_m3_s;
            if flow_m3_s <= 0.0 {
                continue;
            }
            let set = unit.supply_t_k - self.t_ref_k;
            let cold =
                unit.coil_inlet_t_k.unwrap_or(unit.supply_t_k - COIL_APPROACH_K) - self.t_ref_k;
            let capacity_w = unit.capacity_w.unwrap_or(rho_cp * flow_m3_s * NOMINAL_DROP_K);
            let drop = capacity_w / (rho_cp * flow_m3_s);
            let effectiveness =
                if unit.capacity_w.is_some() { drop / (set + drop - cold) } else { 1.0 };
            let litres_w = COIL_WATER_L_W + if shared { LOOP_WATER_L_W } else { 0.0 };
            let stored = capacity_w * (COIL_METAL_J_K_W + litres_w * WATER_J_L_K) / rho_cp;
            let stored = if self.event.stops_chillers() { stored } else { f64::INFINITY };
            match water.first_mut().filter(|_| shared) {
                Some(all) => {
                    let both = all.capacity_m3 + stored;
                    all.t = (all.t * all.capacity_m3 + cold * stored) / both;
                    all.capacity_m3 = both;
                }
                None => water.push(Water { t: cold, capacity_m3: stored }),
            }
            let path = Path::new(self, &placed.intake, &placed.outlet);
            let coil = Coil { flow_m3_s, set, effectiveness, water: water.len() - 1 };
            units.push((path, coil));
        }
        (units, water)
    }

    fn floor(&self) -> Vec<usize> {
        let [nx, ny, _] = self.grid.n;
        let places = (0..nx * ny).map(|c| self.place(c));
        places.filter(|c| self.domain.mixing_length_m[*c] > 0.0).collect()
    }
}

impl Plantroom {
    /// Everything settled at the temperatures `t`, just after the event.
    pub fn new(site: &Site, t: &[f32]) -> Self {
        let (units, water) = site.units();
        let floor = site.floor();
        let mean = |cells: &[usize]| {
            cells.iter().map(|c| f64::from(t[*c])).sum::<f64>() / cells.len().max(1) as f64
        };
        let area_m2 = floor.len() as f64 * site.grid.h_m[0] * site.grid.h_m[1];
        let slab = (site.options.slab && !floor.is_empty())
            .then(|| Slab::new(area_m2, site.case.air.rho_cp(), mean(&floor)));
        let ports = || site.case.ports.iter().zip(&site.machines.ports);
        let mut given: Vec<_> = ports()
            .filter_map(|(port, placed)| match port.link {
                PortLink::Fixed { t_k, .. } if port.kind == PortKind::Supply => {
                    Some((site.cells(&placed.outlet), t_k - site.t_ref_k))
                }
                _ => None,
            })
            .collect();
        given.push((site.cells(&site.balanced.leak_in), site.case.ambient_t_k - site.t_ref_k));
        let mut leaving: Vec<_> = ports().map(|(_, p)| site.cells(&p.intake)).collect();
        leaving.push(site.cells(&site.balanced.leak_out));
        Self {
            racks: (0..site.case.racks.len()).map(|i| site.rack(i, t)).collect(),
            units,
            water,
            given,
            leaving,
            floor,
            slab,
            volume_m3: site.domain.volume_m3(),
            ledger: Ledger::default(),
        }
    }

    /// Mean intake of each rack in K.
    pub fn intakes(&self, t: &[f32]) -> Vec<f64> {
        let of = |rack: &Rack| match &rack.path {
            Some(path) => path.mean(t),
            None => {
                let sum: f64 = rack.front.iter().map(|c| f64::from(t[*c])).sum();
                sum / rack.front.len().max(1) as f64
            }
        };
        self.racks.iter().map(of).collect()
    }

    /// Warmest water in K; none without running units.
    pub fn water(&self) -> Option<f64> {
        self.water.iter().map(|w| w.t).max_by(f64::total_cmp)
    }

    /// One step: fills `brought` (place and arriving heat in K/s) and returns the heat that the
    /// room gains, in K m³/s.
    pub fn step(&mut self, t: &[f32], dt_s: f64, brought: &mut Vec<(usize, f32)>) -> f64 {
        brought.clear();
        let mut bring = |cells: &Cells, t: f64| {
            let each = cells.iter().map(|(c, q)| (*c, (q * t / self.volume_m3) as f32));
            brought.extend(each);
        };
        let (mut gain, book) = (0.0, &mut self.ledger);
        for rack in &mut self.racks {
            if let (Some(path), Some(servers)) = (&rack.path, &mut rack.servers) {
                let (back, flow) = (path.mean(t), path.flow_m3_s);
                let heat = servers.step(back, dt_s);
                let door = rack.door.heat(flow, back + heat / flow);
                for slice in &rack.slices {
                    bring(&slice.outlet, slice.mean(t) + (heat - door) / flow);
                }
                book.made += dt_s * servers.heat;
                book.servers += dt_s * (servers.heat - heat);
                book.doors += dt_s * door;
                gain += heat - door;
            } else if !rack.around.is_empty() {
                let door = rack.door.fixed.min(rack.bare_heat);
                let share = (rack.bare_heat - door) / rack.around.len() as f64;
                bring(&rack.around.iter().map(|c| (*c, share)).collect(), 1.0);
                book.made += dt_s * rack.bare_heat;
                book.doors += dt_s * door;
                gain += rack.bare_heat - door;
            }
        }
        let mut exchange = vec![0.0; self.water.len()];
        for (_, coil) in &self.units {
            exchange[coil.water] += coil.effectiveness * coil.flow_m3_s;
        }
        let mut taken = vec![0.0; self.water.len()];
        for (path, coil) in &self.units {
            let (back, water) = (path.mean(t), &self.water[coil.water]);
            let damp = damping(exchange[coil.water], water.capacity_m3, dt_s);
            let heat = coil.heat(back, water.t, damp);
            bring(&path.outlet, back - heat / path.flow_m3_s);
            taken[coil.water] += heat;
            gain -= heat;
        }
        for (water, heat) in self.water.iter_mut().zip(taken) {
            let held = water.capacity_m3.is_infinite();
            *(if held { &mut book.chillers } else { &mut book.water }) += dt_s * heat;
            water.t += dt_s * heat / water.capacity_m3;
        }
        let mut through = 0.0;
        for (cells, t) in &self.given {
            bring(cells, *t);
            through += t * cells.iter().map(|(_, q)| q).sum::<f64>();
        }
        for (c, q) in self.leaving.iter().flatten() {
            through -= q * f64::from(t[*c]);
        }
        book.ducts_and_leaks -= dt_s * through;
        gain += through;
        if let Some(slab) = &mut self.slab {
            let share = slab.film_m3_s / self.floor.len() as f64;
            let mut down = 0.0;
            for c in &self.floor {
                let heat = share * (f64::from(t[*c]) - slab.t[0]);
                brought.push((*c, (-heat / self.volume_m3) as f32));
                down += heat;
            }
            slab.step(down, dt_s);
            book.slab += dt_s * down;
            gain -= down;
        }
        gain
    }
}
