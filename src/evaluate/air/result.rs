//! What the air solver answers: numbers per rack and unit, hall metrics, and a field to draw.

use super::capture::FrozenFlow;
use super::classes::Standing;
use super::grid::Grid;
use super::ns::GridState;
use crate::evaluate::finding::Finding;
use crate::plan::ObjectId;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Mean and worst error of the preview's rack intakes against OpenFOAM, in K.
///
/// Measured on five halls at 0.3 m with this method (potential flow and upwind energy) against
/// OpenFOAM 1912 k-epsilon at 0.15 m: mean absolute difference 1.1 to 3.5 K, worst rack 2.3 to
/// 7.1 K, rank correlation 0.1 to 0.9, without the buoyant rise that this solver adds. The band
/// shown is the worse end.
pub const PREVIEW_INTAKE_ERROR_K: IntakeError = IntakeError { mean_k: 3.5, worst_k: 7.1 };

/// The same for the momentum solver, against OpenFOAM 1912 k-epsilon at 0.15 m: what the worst of the
/// seven halls of the validation page shows (0.74 K mean, 2.3 K worst), rounded up.
pub const SOLVED_INTAKE_ERROR_K: IntakeError = IntakeError { mean_k: 0.75, worst_k: 2.5 };

/// How wrong rack intakes may be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct IntakeError {
    /// Mean over racks, in K.
    pub mean_k: f64,
    /// Worst rack, in K.
    pub worst_k: f64,
}

/// How the air's motion was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowModel {
    /// Potential flow with buoyant rise: conserves air and heat exactly, knows no jets or eddies.
    PotentialPreview,
    /// Reynolds-averaged momentum with algebraic eddy viscosity, buoyant, marched in time.
    ReynoldsAveraged,
}

impl FlowModel {
    /// Whether answers must be labelled as a preview.
    #[must_use]
    pub const fn is_preview(self) -> bool {
        match self {
            Self::PotentialPreview => true,
            Self::ReynoldsAveraged => false,
        }
    }

    /// How wrong rack intakes may be.
    #[must_use]
    pub const fn intake_error_k(self) -> IntakeError {
        match self {
            Self::PotentialPreview => PREVIEW_INTAKE_ERROR_K,
            Self::ReynoldsAveraged => SOLVED_INTAKE_ERROR_K,
        }
    }
}

/// The answer to an `AirCase`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AirResult {
    /// How the flow was found.
    pub model: FlowModel,
    /// Racks in the order of the case.
    pub racks: Vec<RackAir>,
    /// Units in the order of the case.
    pub units: Vec<UnitAir>,
    /// Hall-wide figures.
    pub metrics: HallMetrics,
    /// Where air and heat went, and how well both close.
    pub balance: Balance,
    /// Temperatures at the case's probes, in K; a probe inside a solid is left out.
    pub probes_k: BTreeMap<String, f64>,
    /// What the solve took.
    pub effort: Effort,
    /// Raised floors whose tile flows were solved.
    pub plenums: Vec<PlenumAir>,
    /// Design problems.
    pub findings: Vec<Finding>,
    /// Temperature and velocity to draw.
    #[serde(skip)]
    pub field: AirField,
    /// The flow that the answer rests on, for dyes.
    #[serde(skip)]
    pub(super) frozen: Option<Arc<FrozenFlow>>,
}

/// How a rack's air moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RackFlow {
    /// In through the front, out through the rear.
    FrontToRear,
    /// Front or rear is shut; the air uses other free faces. A finding says so.
    Detour,
    /// No air moves: none was asked for, or no face is free.
    None,
}

/// A rack's air.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RackAir {
    /// Name in the case.
    pub id: String,
    /// The plan object, when known.
    pub object: Option<ObjectId>,
    /// How its air moves.
    pub flow: RackFlow,
    /// Flow-weighted mean intake temperature in K.
    pub intake_mean_k: f64,
    /// Scatter of the mean intake in time, in K; 0 for a steady answer.
    pub intake_std_k: f64,
    /// Half-width of the error bar of the mean intake in K: time, grid and model.
    pub intake_error_k: f64,
    /// What the servers take in, in K: the face's mean, warmed by leaks inside the rack.
    pub server_inlet_k: f64,
    /// Hottest intake face in K.
    pub intake_max_k: f64,
    /// Mean intake of each grid layer in K, bottom to top.
    pub intake_by_height_k: Vec<f64>,
    /// Exhaust temperature into the room in K, after a rear-door heat exchanger.
    pub exhaust_k: f64,
    /// Heat that a rear door solved with the room takes from the exhaust, in W.
    pub door_w: f64,
    /// Share of the intake that left a rack and was not cooled since, 0 to 1.
    pub recirculation: f64,
    /// Heat that this rack gave to the room's air in W.
    pub heat_w: f64,
    /// Where the mean intake stands against the rack's limits; none without limits or flow.
    pub standing: Option<Standing>,
}

/// A cooling unit's air.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct UnitAir {
    /// Name in the case.
    pub id: String,
    /// The plan object, when known.
    pub object: Option<ObjectId>,
    /// Air through it in m³/s (0 when failed or blocked).
    pub flow_m3_s: f64,
    /// Return temperature in K.
    pub return_k: f64,
    /// Supply temperature in K.
    pub supply_k: f64,
    /// Heat taken from the air in W.
    pub heat_w: f64,
    /// Heat over capacity; none without a capacity.
    pub loading: Option<f64>,
    /// Whether the coil cannot hold the set point.
    pub overloaded: bool,
}

/// A solved raised floor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlenumAir {
    /// Name in the case.
    pub name: String,
    /// Tiles in the order of the case.
    pub tiles: Vec<TileAir>,
    /// Air that units blow in, in m³/s.
    pub supply_m3_s: f64,
    /// Net air through seams and cut-outs, in m³/s.
    pub seams_m3_s: f64,
    /// Mean static pressure over the floor above the room's, in Pa.
    pub mean_pa: f64,
    /// Lowest static pressure in Pa; below 0, room air is drawn down.
    pub min_pa: f64,
    /// Worst cell's |in − out| over the supply.
    pub mass_closure: f64,
    /// Newton iterations.
    pub iterations: usize,
    /// Cells of the pressure map along x and y.
    pub n: [usize; 2],
    /// Cell size along x and y in m.
    pub h_m: [f64; 2],
    /// Lower corner of the map in m.
    pub corner_m: [f64; 2],
    /// Static pressure per cell in Pa above the room's; index is `i + nx j`.
    #[serde(skip)]
    pub static_pa: Vec<f32>,
}

/// A tile of a solved floor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TileAir {
    /// Name of the port in the case.
    pub id: String,
    /// The plan object, when known.
    pub object: Option<ObjectId>,
    /// Air upward in m³/s; negative where room air is drawn down.
    pub flow_m3_s: f64,
    /// Speed of the jets in the tile's holes in m/s; 0 where it draws down or is covered.
    pub jet_m_s: f64,
}

/// Hall-wide figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HallMetrics {
    /// Flow-weighted supply temperature in K.
    pub supply_k: f64,
    /// Flow-weighted return temperature in K.
    pub return_k: f64,
    /// Volume mean of the room in K.
    pub room_mean_k: f64,
    /// Hottest rack intake (mean over its face) in K.
    pub intake_max_k: f64,
    /// Rack cooling index, high side, in % (Herrlin 2005).
    pub rci_hi_percent: f64,
    /// Rack cooling index, low side, in % (Herrlin 2005).
    pub rci_lo_percent: f64,
    /// Supply heat index, 0 to 1 (Sharma, Bash, Patel 2002).
    pub shi: f64,
    /// Return heat index, 1 − SHI.
    pub rhi: f64,
    /// Return temperature index in %: above 100 recirculation, below 100 bypass.
    pub rti_percent: f64,
}

/// Where air and heat went.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Balance {
    /// Heat that racks gave to the room's air, in W.
    pub heat_in_w: f64,
    /// Heat that units and ports took, in W.
    pub heat_cooled_w: f64,
    /// Heat that left with leakage, in W.
    pub heat_leaked_w: f64,
    /// Rack heat with no air to carry it (a rack outside the hall or walled in), in W.
    pub heat_unplaced_w: f64,
    /// Heat that the air still took up over the time of the means, in W.
    pub heat_stored_w: f64,
    /// What was missing from the balance, storage included, before the means were scaled to a
    /// steady state; over the heat in.
    pub heat_closure: f64,
    /// Air through racks in m³/s.
    pub rack_flow_m3_s: f64,
    /// Air through units and supply ports in m³/s.
    pub supply_flow_m3_s: f64,
    /// Air that leaks into the room because supply and return differ, in kg/s.
    pub leak_in_kg_s: f64,
    /// Air that leaks out of the room, in kg/s.
    pub leak_out_kg_s: f64,
    /// Air that sealed containment must leak so that its flows balance, in kg/s.
    pub containment_leak_kg_s: f64,
    /// Worst cell's |in − out| over the hall's supply.
    pub mass_closure: f64,
}

/// What the solve took.
#[derive(Clone, Copy, Debug, PartialEq, Default, Serialize)]
pub struct Effort {
    /// Air cells.
    pub cells: usize,
    /// Multigrid-preconditioned conjugate-gradient iterations of the flow.
    pub flow_iterations: usize,
    /// Krylov iterations of the energy equation, all unit states together.
    pub energy_iterations: usize,
    /// Times the set of overloaded units was revised.
    pub unit_revisions: usize,
    /// Time steps in which flow and temperature found each other.
    pub steps: usize,
    /// Largest change of a rack's intake in the last of them, or between the halves of the time over
    /// which means were taken, in K.
    pub change_k: f64,
    /// Cell size in m.
    pub dx_m: f64,
    /// Time simulated on the finest grid, in s; 0 for a steady solve.
    pub simulated_s: f64,
    /// Whether the means stand still and heat closes.
    pub settled: bool,
    /// Residual of the last pressure correction over its right-hand side.
    pub residual: f64,
}

/// The field to draw: f32 and cell-centred. Index is `i + nx (j + ny k)`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AirField {
    /// The cells.
    pub grid: Grid,
    /// Temperature in K; in solids the room mean, to be masked by `solid`.
    pub t_k: Vec<f32>,
    /// Velocity along x, y and z in m/s; 0 in solids.
    pub velocity_m_s: [Vec<f32>; 3],
    /// Whether a cell is blocked.
    pub solid: Vec<bool>,
}

/// One horizontal layer of the field, row by row in y. Index is `i + nx j`.
#[derive(Clone, Debug, PartialEq)]
pub struct Slice {
    /// Cells along x and y.
    pub n: [usize; 2],
    /// Cell size along x and y in m.
    pub h_m: [f64; 2],
    /// Height of the layer's centre in m.
    pub z_m: f64,
    /// Temperature in K, to be masked by `solid`.
    pub t_k: Vec<f32>,
    /// Horizontal velocity along x and y in m/s.
    pub velocity_m_s: [Vec<f32>; 2],
    /// Whether a cell is blocked.
    pub solid: Vec<bool>,
}

impl AirResult {
    /// Error bars of the intakes of racks with flow: mean and worst, in K. A preview has the band
    /// of its model, which is the same for all.
    #[must_use]
    pub fn intake_error_k(&self) -> IntakeError {
        if self.model.is_preview() {
            return self.model.intake_error_k();
        }
        let bars =
            || self.racks.iter().filter(|r| r.flow != RackFlow::None).map(|r| r.intake_error_k);
        let count = bars().count();
        if count == 0 {
            return self.model.intake_error_k();
        }
        let worst_k = bars().fold(0.0, f64::max);
        IntakeError { mean_k: bars().sum::<f64>() / count as f64, worst_k }
    }
}

impl AirField {
    /// The layer that holds height `z_m`, clamped to floor and ceiling. `None` for an empty field.
    #[must_use]
    pub fn slice(&self, z_m: f64) -> Option<Slice> {
        let [nx, ny, nz] = self.grid.n;
        if self.t_k.is_empty() || !z_m.is_finite() {
            return None;
        }
        let k = ((z_m / self.grid.h_m[2]).floor().max(0.0) as usize).min(nz - 1);
        let layer = k * nx * ny..(k + 1) * nx * ny;
        Some(Slice {
            n: [nx, ny],
            h_m: [self.grid.h_m[0], self.grid.h_m[1]],
            z_m: (k as f64 + 0.5) * self.grid.h_m[2],
            t_k: self.t_k[layer.clone()].to_vec(),
            velocity_m_s: [
                self.velocity_m_s[0][layer.clone()].to_vec(),
                self.velocity_m_s[1][layer.clone()].to_vec(),
            ],
            solid: self.solid[layer].to_vec(),
        })
    }
}

/// What a solve leaves behind so that the next one, after a small edit, starts close.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct AirState {
    pub(super) grids: Vec<GridState>,
}
