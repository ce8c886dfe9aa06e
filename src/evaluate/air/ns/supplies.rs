//! What machines bring into the room in a time step: their laws, on the lattice.

use super::super::laws::{Laws, MachineState};
use super::super::room::{PlacedRack, Stream};
use super::domain::Domain;
use super::scalar::Arrivals;
use crate::numerics::lattice::Lattice;

/// Steps between two looks at whether units hold their set points.
const STEPS_PER_REVISION: usize = 5;

/// Air that comes back with `gain` times the mean value that it left with.
struct Loop {
    /// Places and weights, adding up to 1.
    intake: Vec<(usize, f32)>,
    /// Places and replaced share of their air, in 1/s, times the gain.
    outlet: Vec<(usize, f32)>,
}

/// The machines of one grid.
pub(in crate::evaluate::air) struct Supplies<'a> {
    laws: Laws<'a>,
    pub state: MachineState,
    lattice: Lattice,
    n: [usize; 3],
    volume_m3: f64,
    loops: Vec<Loop>,
    /// Arrivals that do not depend on the room.
    steady: Vec<(usize, f32)>,
    pub arrivals: Arrivals,
    rack_intakes: Vec<Vec<(usize, f32)>>,
    /// Air that leaves the room, by place, in m³/s.
    leaving: Vec<(usize, f32)>,
    steps: usize,
}

impl<'a> Supplies<'a> {
    pub fn new(laws: Laws<'a>, domain: &Domain, state: Option<MachineState>) -> Self {
        let state = state.unwrap_or_else(|| MachineState::at_first(laws.case));
        let mut supplies = Self {
            state,
            lattice: domain.lattice,
            n: domain.lattice.n(),
            volume_m3: domain.volume_m3(),
            loops: Vec::new(),
            steady: Vec::new(),
            arrivals: Arrivals::default(),
            rack_intakes: Vec::new(),
            leaving: Vec::new(),
            steps: 0,
            laws,
        };
        supplies.rack_intakes =
            supplies.laws.machines.racks.iter().map(|r| supplies.intake_of(r)).collect();
        supplies.leaving = supplies
            .laws
            .absorbed()
            .iter()
            .flat_map(|s| s.cells.iter().map(|(c, q)| (supplies.place(*c), *q as f32)))
            .collect();
        supplies.place_rates();
        supplies.place_laws();
        supplies
    }

    fn place(&self, cell: usize) -> usize {
        let [nx, ny, _] = self.n;
        self.lattice.place([cell % nx, cell / nx % ny, cell / (nx * ny)])
    }

    fn weights(&self, stream: &Stream) -> Vec<(usize, f32)> {
        let total: f64 = stream.cells.iter().map(|(_, q)| q).sum();
        let weight = |q: f64| if total > 0.0 { q / total } else { 0.0 };
        stream.cells.iter().map(|(c, q)| (self.place(*c), weight(*q) as f32)).collect()
    }

    /// A rack without flow still has a temperature in front.
    fn intake_of(&self, rack: &PlacedRack) -> Vec<(usize, f32)> {
        let cells = &rack.intake.cells;
        let even = 1.0 / cells.len().max(1) as f32;
        let flows = cells.iter().any(|(_, q)| *q > 0.0);
        if flows {
            self.weights(&rack.intake)
        } else {
            cells.iter().map(|(c, _)| (self.place(*c), even)).collect()
        }
    }

    fn place_rates(&mut self) {
        let mut rate = self.lattice.zeros();
        for stream in self.laws.arriving() {
            for (cell, flow) in &stream.cells {
                rate[self.place(*cell)] += (flow / self.volume_m3) as f32;
            }
        }
        self.arrivals.rate = rate;
    }

    /// Puts the laws of the units' present states on the lattice.
    fn place_laws(&mut self) {
        let cells = self.n.iter().product();
        let (feedback, given) = self.laws.assemble(&self.state, cells);
        let loops = feedback.iter().map(|f| Loop {
            intake: self.weights(f.intake),
            outlet: f
                .outlet
                .cells
                .iter()
                .map(|(c, q)| (self.place(*c), (f.gain * q / self.volume_m3) as f32))
                .collect(),
        });
        self.loops = loops.collect();
        let given = given.iter().enumerate().filter(|(_, g)| **g != 0.0);
        self.steady = given.map(|(c, g)| (self.place(c), (g / self.volume_m3) as f32)).collect();
    }

    /// What arrives in the next step, given the room's temperatures.
    pub fn update(&mut self, t: &[f32]) {
        if self.steps.is_multiple_of(STEPS_PER_REVISION) {
            self.revise(t);
        }
        self.steps += 1;
        self.arrivals.brought.clear();
        self.arrivals.brought.extend_from_slice(&self.steady);
        for l in &self.loops {
            let back = mean(&l.intake, t);
            let brought = l.outlet.iter().map(|(c, rate)| (*c, rate * back));
            self.arrivals.brought.extend(brought);
        }
    }

    fn revise(&mut self, t: &[f32]) {
        let next = self.laws.next_state(&self.state, &|cell| f64::from(t[self.place(cell)]));
        if next != self.state {
            self.state = next;
            self.place_laws();
        }
    }

    /// Mean intake of each rack above the reference, in K.
    pub fn intakes(&self, t: &[f32]) -> Vec<f32> {
        self.rack_intakes.iter().map(|i| mean(i, t)).collect()
    }

    /// Heat that arrives and heat that leaves, over the heat capacity of a volume, in K m³/s.
    pub fn heat(&self, t: &[f32]) -> [f64; 2] {
        let brought: f64 = self.arrivals.brought.iter().map(|(_, b)| f64::from(*b)).sum();
        let taken: f64 = self.leaving.iter().map(|(c, q)| f64::from(q * t[*c])).sum();
        [brought * self.volume_m3, taken]
    }

    /// The machines' laws.
    pub fn laws(&self) -> &Laws<'a> {
        &self.laws
    }
}

fn mean(weights: &[(usize, f32)], t: &[f32]) -> f32 {
    weights.iter().map(|(c, w)| w * t[*c]).sum()
}
