//! What racks, units and ports do to the air that passes them: equations (4) and (5) of the module,
//! shared by the preview and the momentum solver.

use super::balance::Balanced;
use super::case::{AirCase, AirUnit, COIL_APPROACH_K, PortKind, PortLink};
use super::rack::{self, DoorState};
use super::result::RackFlow;
use super::room::{Machines, PlacedRack, Stream};
use super::transport::Feedback;

/// Slack in K before a unit changes its state, against rounding.
const STATE_SLACK_K: f64 = 1e-7;

/// How a unit's supply temperature follows from its return.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnitState {
    /// (5a) Holds its set point.
    Holding,
    /// (5b) The coil gives all it can.
    Limited,
    /// (5c) The return is colder than the set point: air passes through.
    Passing,
}

/// What units and rear doors do at the moment, in the order of the case.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct MachineState {
    pub units: Vec<UnitState>,
    pub doors: Vec<DoorState>,
}

impl MachineState {
    /// Units hold their set points and doors work.
    pub fn at_first(case: &AirCase) -> Self {
        Self {
            units: vec![UnitState::Holding; case.units.len()],
            doors: vec![DoorState::Working; case.racks.len()],
        }
    }
}

/// The machines of a case and the temperature from which all others are counted.
#[derive(Clone, Copy)]
pub(super) struct Laws<'a> {
    pub case: &'a AirCase,
    pub machines: &'a Machines,
    pub balanced: &'a Balanced,
    pub t_ref_k: f64,
}

/// A temperature per cell.
pub(super) type Field<'f> = dyn Fn(usize) -> f64 + 'f;

/// Flow-weighted set point of all supplies, else ambient: the reference temperature in K.
fn supply_set_point(case: &AirCase, machines: &Machines) -> f64 {
    let units = case.units.iter().zip(&machines.units).map(|(u, p)| (p.flow_m3_s, u.supply_t_k));
    let ports = case.ports.iter().zip(&machines.ports).filter_map(|(c, p)| match c.link {
        PortLink::Fixed { t_k, .. } if c.kind == PortKind::Supply => Some((p.flow_m3_s, t_k)),
        _ => None,
    });
    let (flow, sum) = units.chain(ports).fold((0.0, 0.0), |(f, s), (q, t)| (f + q, s + q * t));
    if flow > 0.0 { sum / flow } else { case.ambient_t_k }
}

impl<'a> Laws<'a> {
    pub fn new(case: &'a AirCase, machines: &'a Machines, balanced: &'a Balanced) -> Self {
        Self { case, machines, balanced, t_ref_k: supply_set_point(case, machines) }
    }

    /// Streams that take air out of the room.
    pub fn absorbed(&self) -> Vec<&'a Stream> {
        let racks = self.machines.racks.iter().filter(|r| r.flow != RackFlow::None);
        let paths = self.machines.units.iter().chain(&self.machines.ports);
        racks
            .map(|r| &r.intake)
            .chain(paths.map(|p| &p.intake))
            .chain([&self.balanced.leak_out])
            .collect()
    }

    /// Streams that bring air into the room.
    pub fn arriving(&self) -> Vec<&'a Stream> {
        let racks = self.machines.racks.iter().filter(|r| r.flow != RackFlow::None);
        let paths = self.machines.units.iter().chain(&self.machines.ports);
        racks
            .map(|r| &r.exhaust)
            .chain(paths.map(|p| &p.outlet))
            .chain([&self.balanced.leak_in])
            .collect()
    }

    /// (4): a rack's exhaust is `gain` × intake + `offset`, above the reference.
    fn rack_law(&self, rack: usize, door: DoorState) -> (f64, f64) {
        rack::law(&self.case.racks[rack], self.case.air.rho_cp(), self.t_ref_k, door)
    }

    /// (5): a unit's supply is `gain` × return + `offset`, all above the reference.
    fn unit_law(&self, unit: usize, state: UnitState) -> (f64, f64) {
        let u = &self.case.units[unit];
        let set = u.supply_t_k - self.t_ref_k;
        match state {
            UnitState::Holding => (0.0, set),
            UnitState::Passing => (1.0, 0.0),
            UnitState::Limited => {
                let coil =
                    u.coil_inlet_t_k.unwrap_or(u.supply_t_k - COIL_APPROACH_K) - self.t_ref_k;
                let effectiveness = self.design_rise(unit) / (set + self.design_rise(unit) - coil);
                (1.0 - effectiveness, effectiveness * coil)
            }
        }
    }

    /// Air-side temperature drop at full capacity in K; infinite without a limit.
    fn design_rise(&self, unit: usize) -> f64 {
        let flow_w_k = self.case.air.rho_cp() * self.machines.units[unit].flow_m3_s;
        self.case.units[unit].capacity_w.map_or(f64::INFINITY, |q| q / flow_w_k)
    }

    /// Streams that come back with a share of what they left with, and what each of `cells` gets
    /// beside, in K m³/s.
    pub fn assemble(&self, state: &MachineState, cells: usize) -> (Vec<Feedback<'a>>, Vec<f64>) {
        let mut b = vec![0.0; cells];
        let mut feedback = Vec::new();
        let mut give = |s: &Stream, value: f64| {
            s.cells.iter().for_each(|(c, q)| b[*c] += q * value);
        };
        for (i, r) in self.machines.racks.iter().enumerate() {
            if r.flow == RackFlow::None {
                let heat = self.case.racks[i].heat_w - self.case.racks[i].removed_w;
                let share = heat / (self.case.air.rho_cp() * r.around.len().max(1) as f64);
                let cells = r.around.iter().map(|c| (*c, share)).collect();
                give(&Stream { cells }, 1.0);
            } else {
                let (gain, offset) = self.rack_law(i, state.doors[i]);
                for (intake, outlet) in &r.slices {
                    give(outlet, offset);
                    feedback.push(Feedback { intake, outlet, gain });
                }
            }
        }
        for (i, u) in self.machines.units.iter().enumerate().filter(|(_, u)| u.flow_m3_s > 0.0) {
            let (gain, offset) = self.unit_law(i, state.units[i]);
            give(&u.outlet, offset);
            if gain > 0.0 {
                feedback.push(Feedback { intake: &u.intake, outlet: &u.outlet, gain });
            }
        }
        for (port, placed) in self.case.ports.iter().zip(&self.machines.ports) {
            if let PortLink::Fixed { t_k, .. } = port.link {
                give(&placed.outlet, t_k - self.t_ref_k);
            }
        }
        give(&self.balanced.leak_in, self.case.ambient_t_k - self.t_ref_k);
        (feedback, b)
    }

    /// The states that the temperatures of cells, above the reference, ask for.
    pub fn next_state(&self, state: &MachineState, theta: &Field) -> MachineState {
        let coldest = self.case.units.iter().map(|u| u.supply_t_k).fold(f64::INFINITY, f64::min);
        let units = self.case.units.iter().enumerate();
        let units = units.map(|(i, u)| self.next_unit(i, u, state.units[i], coldest, theta));
        let racks = self.machines.racks.iter().enumerate();
        let doors = racks.map(|(i, r)| self.next_door(i, r, state.doors[i], theta));
        MachineState { units: units.collect(), doors: doors.collect() }
    }

    fn next_unit(
        &self,
        i: usize,
        unit: &AirUnit,
        now: UnitState,
        coldest: f64,
        theta: &Field,
    ) -> UnitState {
        let Some(back) = self.machines.units[i].intake.mean(theta) else { return now };
        let above = back - (unit.supply_t_k - self.t_ref_k);
        let slack = if now == UnitState::Limited { -STATE_SLACK_K } else { STATE_SLACK_K };
        if above > self.design_rise(i) + slack {
            UnitState::Limited
        } else if above < -STATE_SLACK_K && unit.supply_t_k > coldest + STATE_SLACK_K {
            UnitState::Passing
        } else {
            UnitState::Holding
        }
    }

    fn next_door(&self, i: usize, placed: &PlacedRack, now: DoorState, theta: &Field) -> DoorState {
        let Some(face) = placed.intake.mean(theta) else { return now };
        rack::door_state(&self.case.racks[i], self.case.air.rho_cp(), self.t_ref_k, face, now)
    }

    /// Exhaust of each rack above the reference, in K.
    pub fn rack_exhausts(&self, state: &MachineState, theta: &Field) -> Vec<f64> {
        let each = |(i, r): (usize, &PlacedRack)| {
            let intake = r.intake.mean(theta).unwrap_or(0.0);
            let (gain, offset) = self.rack_law(i, state.doors[i]);
            if r.flow == RackFlow::None { intake } else { gain * intake + offset }
        };
        self.machines.racks.iter().enumerate().map(each).collect()
    }

    /// Supply of each unit above the reference, in K.
    pub fn unit_supplies(&self, state: &MachineState, theta: &Field) -> Vec<f64> {
        let each = |(i, u): (usize, &super::room::PlacedPath)| {
            let (gain, offset) = self.unit_law(i, state.units[i]);
            gain * u.intake.mean(theta).unwrap_or(0.0) + offset
        };
        self.machines.units.iter().enumerate().map(each).collect()
    }

    /// Heat that arrives less heat that leaves, over ρ cp, in K m³/s.
    pub fn net_heat(&self, state: &MachineState, theta: &Field, cells: usize) -> f64 {
        let (feedback, given) = self.assemble(state, cells);
        let flow = |s: &Stream| s.cells.iter().map(|(_, q)| q).sum::<f64>();
        let back: f64 = (feedback.iter())
            .map(|f| f.gain * flow(f.outlet) * f.intake.mean(theta).unwrap_or(0.0))
            .sum();
        let taken: f64 = (self.absorbed().iter())
            .map(|s| s.cells.iter().map(|(c, q)| q * theta(*c)).sum::<f64>())
            .sum();
        given.iter().sum::<f64>() + back - taken
    }
}
