//! The march through the event.

use super::super::balance::Balanced;
use super::super::case::{AirCase, PortKind, PortLink};
use super::super::error::AirError;
use super::super::laws::Laws;
use super::super::ns::{Domain, Fluid, GridState, Simulation, Supplies};
use super::super::result::AirField;
use super::super::room::{Machines, Room};
use super::machines::{Plantroom, Site};
use super::result::{HeatBook, Picture, RackRide, RideEffort, RideThrough, first_trips, passes};
use super::{RideThroughCase, RideWatcher};
use crate::evaluate::cancel::CancelToken;
use std::sync::Arc;

/// Halvings of the time step before a march is given up.
const RETRIES: i32 = 3;
/// Temperature above the reference beyond which a march has lost its way, in K; two hours of the
/// densest racks in a closed room stay below.
const ABSURD_K: f64 = 50_000.0;

/// The hall after the event.
struct Hall<'a> {
    question: &'a RideThroughCase,
    case: AirCase,
    room: Room,
    machines: Machines,
    balanced: Balanced,
    t_ref_k: f64,
}

/// A lost march.
enum Stray {
    Error(AirError),
    Diverged,
}

/// Marches from a settled state.
pub(super) fn march(
    question: &RideThroughCase,
    start: &GridState,
    cancel: &CancelToken,
    watch: &mut RideWatcher,
) -> Result<RideThrough, AirError> {
    let case = question.event.applied_to(&question.case)?;
    let mut room = Room::new(&case);
    let machines = Machines::new(&case, &room);
    let balanced = Balanced::closed(&mut room, &machines);
    let t_ref_k = coldest_supply(&question.case);
    let hall = Hall { question, case, room, machines, balanced, t_ref_k };
    for attempt in 0..=RETRIES {
        match hall.run(start, 0.5f32.powi(attempt), cancel, watch) {
            Ok(done) => return Ok(done),
            Err(Stray::Error(error)) => return Err(error),
            Err(Stray::Diverged) => {}
        }
    }
    Err(AirError::BlewUp { dx_m: question.case.dx_m })
}

/// Reference temperature in K: nothing in the hall starts colder.
fn coldest_supply(case: &AirCase) -> f64 {
    let units = case.units.iter().filter(|u| !u.failed).map(|u| u.supply_t_k);
    let ports = case.ports.iter().filter_map(|p| match p.link {
        PortLink::Fixed { t_k, .. } if p.kind == PortKind::Supply => Some(t_k),
        _ => None,
    });
    let coldest = units.chain(ports).fold(f64::INFINITY, f64::min);
    if coldest.is_finite() { coldest } else { case.ambient_t_k }
}

impl Hall<'_> {
    fn simulation(&self, start: &GridState, slower: f32) -> Simulation<'_> {
        let domain = Domain::of_room(&self.case, &self.room, &self.machines, &self.balanced);
        let fields = start.onto(&domain, &self.room.grid, self.t_ref_k);
        let mut laws = Laws::new(&self.case, &self.machines, &self.balanced);
        laws.t_ref_k = self.t_ref_k;
        let supplies = Supplies::new(laws, &domain, None);
        let mut sim = Simulation::new(domain, Fluid::air(), fields, supplies);
        sim.fields.hold_mouths(&sim.domain);
        // What stopped no longer blows; the rest of the air must make do.
        sim.project(1e-2, 12);
        sim.dt_s = sim.dt_s.min(self.question.options.longest_step_s as f32) * slower;
        sim
    }

    fn run(
        &self,
        start: &GridState,
        slower: f32,
        cancel: &CancelToken,
        watch: &mut RideWatcher,
    ) -> Result<RideThrough, Stray> {
        let options = &self.question.options;
        let mut sim = self.simulation(start, slower);
        let steps = (options.length_s / f64::from(sim.dt_s)).ceil().max(1.0) as usize;
        sim.dt_s = (options.length_s / steps as f64) as f32;
        let mut plantroom = Plantroom::new(&self.site(&sim.domain), &sim.fields.t);
        let mut tape = Tape::new(self, &sim, &plantroom);
        let before = self.warmth(&sim);
        for step in 1..=steps {
            let dt_s = f64::from(sim.dt_s);
            let brought = &mut sim.supplies.arrivals.brought;
            let gain = plantroom.step(&sim.fields.t, dt_s, brought);
            sim.step_given(gain, cancel).map_err(|c| Stray::Error(c.into()))?;
            let mean = sim.room_mean_k();
            if !mean.is_finite() || mean.abs() > ABSURD_K {
                return Err(Stray::Diverged);
            }
            tape.add(&sim, &plantroom);
            if !watch(step as f64 / steps as f64) {
                return Err(Stray::Error(crate::evaluate::cancel::Cancelled.into()));
            }
        }
        let heat = self.book(&plantroom, self.warmth(&sim) - before);
        let sane = tape.intakes.iter().flatten().chain(&tape.hall).all(|t| t.is_finite());
        if sane { Ok(tape.done(heat, &sim)) } else { Err(Stray::Diverged) }
    }

    fn site<'s>(&'s self, domain: &'s Domain) -> Site<'s> {
        Site {
            case: &self.case,
            event: &self.question.event,
            options: &self.question.options,
            machines: &self.machines,
            balanced: &self.balanced,
            domain,
            grid: self.room.grid,
            t_ref_k: self.t_ref_k,
        }
    }

    /// Warmth of the air above the reference, in K m³, summed anew from the cells.
    fn warmth(&self, sim: &Simulation) -> f64 {
        let cells = sim.in_grid_order(&sim.fields.t);
        let air = cells.iter().zip(&self.room.solid).filter(|(_, solid)| !**solid);
        air.map(|(t, _)| t).sum::<f64>() * self.room.grid.cell_volume_m3()
    }

    fn book(&self, plantroom: &Plantroom, air: f64) -> HeatBook {
        let (l, rho_cp) = (&plantroom.ledger, self.case.air.rho_cp());
        HeatBook {
            made_j: rho_cp * l.made,
            chillers_j: rho_cp * l.chillers,
            doors_j: rho_cp * l.doors,
            ducts_and_leaks_j: rho_cp * l.ducts_and_leaks,
            air_j: rho_cp * air,
            servers_j: rho_cp * l.servers,
            water_j: rho_cp * l.water,
            slab_j: rho_cp * l.slab,
        }
    }
}

/// What is kept of a march. Temperatures in K.
struct Tape<'a> {
    hall_of: &'a Hall<'a>,
    times_s: Vec<f64>,
    hall: Vec<f64>,
    water: Vec<f64>,
    /// By point in time, then by rack.
    intakes: Vec<Vec<f64>>,
    pictures: Vec<Picture>,
    /// Sums since the last point: intakes, hall, number of steps, and when they began.
    sums: (Vec<f64>, f64, usize, f64),
}

impl<'a> Tape<'a> {
    fn new(hall_of: &'a Hall<'a>, sim: &Simulation, plantroom: &Plantroom) -> Self {
        let racks = hall_of.case.racks.len();
        let mut tape = Self {
            hall_of,
            times_s: Vec::new(),
            hall: Vec::new(),
            water: Vec::new(),
            intakes: Vec::new(),
            pictures: Vec::new(),
            sums: (vec![0.0; racks], 0.0, 0, 0.0),
        };
        tape.take_in(sim, plantroom);
        tape.close_point(sim, plantroom);
        tape.pictures.push(Picture { t_s: 0.0, field: hall_of.picture(sim) });
        tape
    }

    fn take_in(&mut self, sim: &Simulation, plantroom: &Plantroom) {
        let (intakes, hall, steps, _) = &mut self.sums;
        let now = plantroom.intakes(&sim.fields.t);
        intakes.iter_mut().zip(now).for_each(|(sum, t)| *sum += t);
        *hall += sim.room_mean_k();
        *steps += 1;
    }

    fn close_point(&mut self, sim: &Simulation, plantroom: &Plantroom) {
        let (sums, hall, steps, since_s) = &self.sums;
        let (t_ref_k, n) = (self.hall_of.t_ref_k, *steps as f64);
        // The first of the steps' ends is one step after the sums began.
        let lag_s = if sim.steps > 0 { 0.5 * f64::from(sim.dt_s) } else { 0.0 };
        self.times_s.push(0.5 * (since_s + sim.time_s) + lag_s);
        self.hall.push(hall / n + t_ref_k);
        self.water.extend(plantroom.water().map(|t| t + t_ref_k));
        self.intakes.push(sums.iter().map(|t| t / n + t_ref_k).collect());
        self.sums = (vec![0.0; sums.len()], 0.0, 0, sim.time_s);
    }

    fn add(&mut self, sim: &Simulation, plantroom: &Plantroom) {
        self.take_in(sim, plantroom);
        let options = &self.hall_of.question.options;
        let half = 0.5 * f64::from(sim.dt_s);
        let last = sim.time_s + half > options.length_s;
        if last || sim.time_s + half > self.sums.3 + options.record_s {
            self.close_point(sim, plantroom);
        }
        let due_s = self.pictures.len() as f64 * options.picture_s;
        if sim.time_s + half > due_s {
            self.pictures.push(Picture { t_s: sim.time_s, field: self.hall_of.picture(sim) });
        }
    }

    fn done(self, heat: HeatBook, sim: &Simulation) -> RideThrough {
        let rack = |(i, r): (usize, &super::super::case::AirRack)| {
            let intake_k: Vec<f32> = self.intakes.iter().map(|now| now[i] as f32).collect();
            let time_to = |limit: Option<f64>| passes(&self.times_s, &intake_k, limit?);
            let limits = r.limits.as_ref();
            RackRide {
                recommended_s: time_to(limits.map(|l| l.recommended_max_k)),
                allowable_s: time_to(limits.map(|l| l.allowable_max_k)),
                id: r.id.clone(),
                object: r.object,
                limits: r.limits.clone(),
                intake_k,
            }
        };
        let racks: Vec<RackRide> = self.hall_of.case.racks.iter().enumerate().map(rack).collect();
        RideThrough {
            event: self.hall_of.question.event.clone(),
            first_trips: first_trips(&racks),
            racks,
            heat,
            effort: RideEffort {
                dx_m: self.hall_of.case.dx_m,
                cells: sim.domain.cells,
                dt_s: f64::from(sim.dt_s),
                steps: sim.steps,
            },
            times_s: self.times_s,
            hall_mean_k: self.hall,
            water_k: self.water,
            pictures: self.pictures,
        }
    }
}

impl Hall<'_> {
    /// The field as it is now.
    fn picture(&self, sim: &Simulation) -> Arc<AirField> {
        let mean_k = sim.room_mean_k() + self.t_ref_k;
        let solid = &self.room.solid;
        let t = sim.in_grid_order(&sim.fields.t);
        let t_k = t
            .iter()
            .zip(solid)
            .map(|(t, solid)| (if *solid { mean_k } else { t + self.t_ref_k }) as f32);
        let centred = |axis: usize| {
            let face = sim.in_grid_order(&sim.fields.velocity[axis]);
            let stride = self.room.stride(axis);
            let first = |c: usize| self.room.grid.cell(c)[axis] == 0;
            let lower = |c: usize| if first(c) { 0.0 } else { face[c - stride] };
            let mean = |c: usize| if solid[c] { 0.0 } else { 0.5 * (lower(c) + face[c]) };
            (0..face.len()).map(|c| mean(c) as f32).collect::<Vec<f32>>()
        };
        Arc::new(AirField {
            grid: self.room.grid,
            t_k: t_k.collect(),
            velocity_m_s: [0, 1, 2].map(centred),
            solid: solid.clone(),
        })
    }
}
