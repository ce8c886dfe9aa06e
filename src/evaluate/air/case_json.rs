//! The air case file: a room in plain JSON, SI units and °C, as exchanged with CFD codes.
//!
//! The file's own `conventions` say what the numbers mean. Fields that only a fuller flow model
//! needs (viscosity, expansion, gravity, Prandtl numbers) are read and not used here.

use super::case::{
    AirCase, AirPort, AirProperties, AirRack, AirSolid, Baffle, Box3, InletLimits, PortKind,
    PortLink, Rect, Side,
};
use super::rack::RackOptions;
use super::result::AirResult;
use crate::evaluate::finding::Finding;
use crate::units::ZERO_CELSIUS_K;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Why a case file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum AirFileError {
    /// Not JSON, or not the fields of an air case.
    #[error("not an air case: {0}")]
    Syntax(#[from] serde_json::Error),
    /// A direction or plane that does not exist.
    #[error("{field} is \"{value}\", but must be one of {allowed}")]
    Word {
        /// Where it stands.
        field: String,
        /// What it was.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default, rename = "conventions")]
    _conventions: String,
    #[serde(default, rename = "notes")]
    _notes: String,
    air: FileAir,
    room: FileRoom,
    #[serde(default, rename = "initial_T_C")]
    initial_t_c: Option<f64>,
    #[serde(default)]
    racks: Vec<FileRack>,
    #[serde(default)]
    ports: Vec<FilePort>,
    #[serde(default)]
    solids: Vec<FileSolid>,
    #[serde(default)]
    baffles: Vec<FileBaffle>,
    #[serde(default)]
    probes: BTreeMap<String, [f64; 3]>,
}

#[derive(Deserialize)]
struct FileAir {
    rho: f64,
    cp: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRoom {
    size_m: [f64; 3],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileRack {
    id: String,
    #[serde(rename = "box")]
    corners: [[f64; 3]; 2],
    front: String,
    flow_m3s: f64,
    #[serde(rename = "heat_W")]
    heat_w: f64,
    #[serde(default, rename = "removed_W")]
    removed_w: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FilePort {
    id: String,
    kind: PortKind,
    plane: String,
    coord: f64,
    min: [f64; 2],
    max: [f64; 2],
    outward: String,
    flow_m3s: f64,
    #[serde(default, rename = "T_C")]
    t_c: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSolid {
    id: String,
    #[serde(rename = "box")]
    corners: [[f64; 3]; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileBaffle {
    id: String,
    min: [f64; 3],
    max: [f64; 3],
}

/// Reads a case file. Limits of ASHRAE class A1 are assumed for every rack, as the indices of the
/// file's reference answers do.
pub fn read_case(text: &str) -> Result<AirCase, AirFileError> {
    let file: File = serde_json::from_str(text)?;
    let air = AirProperties { rho_kg_m3: file.air.rho, cp_j_kg_k: file.air.cp };
    let mut case = AirCase::empty(file.name, file.room.size_m, air);
    if let Some(t_c) = file.initial_t_c {
        case.ambient_t_k = t_c + ZERO_CELSIUS_K;
    }
    case.racks = file.racks.into_iter().map(rack).collect::<Result<_, _>>()?;
    case.ports = file.ports.into_iter().map(port).collect::<Result<_, _>>()?;
    case.solids =
        file.solids.into_iter().map(|s| AirSolid { id: s.id, box_m: box3(s.corners) }).collect();
    case.baffles = file.baffles.into_iter().map(baffle).collect();
    case.probes = file.probes;
    Ok(case)
}

fn box3([min_m, max_m]: [[f64; 3]; 2]) -> Box3 {
    Box3 { min_m, max_m }
}

fn rack(r: FileRack) -> Result<AirRack, AirFileError> {
    let front = match r.front.as_str() {
        "-x" => Side::MinusX,
        "+x" => Side::PlusX,
        "-y" => Side::MinusY,
        "+y" => Side::PlusY,
        _ => return Err(word(format!("front of rack {}", r.id), r.front, "-x, +x, -y, +y")),
    };
    Ok(AirRack {
        id: r.id,
        object: None,
        box_m: box3(r.corners),
        front,
        flow_m3_s: r.flow_m3s,
        heat_w: r.heat_w,
        removed_w: r.removed_w,
        limits: Some(InletLimits::ashrae_a1()),
        options: RackOptions::default(),
    })
}

fn port(p: FilePort) -> Result<AirPort, AirFileError> {
    let axis = match p.plane.as_str() {
        "x" => 0,
        "y" => 1,
        "z" => 2,
        _ => return Err(word(format!("plane of port {}", p.id), p.plane, "x, y, z")),
    };
    // The air is on the side that the outward normal points away from.
    let air_side = match p.outward.as_str() {
        "-" => Side::ALL[2 * axis + 1],
        "+" => Side::ALL[2 * axis],
        _ => return Err(word(format!("outward of port {}", p.id), p.outward, "-, +")),
    };
    let corner = |two: [f64; 2]| {
        let mut c = [p.coord; 3];
        (0..3).filter(|a| *a != axis).zip(two).for_each(|(a, x)| c[a] = x);
        c
    };
    let rect = Rect { min_m: corner(p.min), max_m: corner(p.max), air_side };
    let t_k = p.t_c.unwrap_or(0.0) + ZERO_CELSIUS_K;
    let link = PortLink::Fixed { flow_m3_s: p.flow_m3s, t_k };
    Ok(AirPort { id: p.id, object: None, kind: p.kind, rect, link })
}

fn baffle(b: FileBaffle) -> Baffle {
    Baffle { id: b.id, object: None, min_m: b.min, max_m: b.max, leakage: 0.0 }
}

fn word(field: String, value: String, allowed: &'static str) -> AirFileError {
    AirFileError::Word { field, value, allowed }
}

/// The answer in the case file's units and words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AirAnswer {
    /// How the flow was found.
    pub model: super::result::FlowModel,
    /// Racks by name.
    pub racks: BTreeMap<String, AnswerRack>,
    /// Flow-weighted return temperature in °C.
    pub return_c: f64,
    /// 100 × (heat in − heat out) over heat in; a steady state stores nothing.
    pub heat_closure_percent: f64,
    /// Rack cooling index, high side, in %.
    pub rci_hi: f64,
    /// Rack cooling index, low side, in %.
    pub rci_lo: f64,
    /// Supply heat index.
    pub shi: f64,
    /// Return temperature index in %.
    pub rti: f64,
    /// Temperatures at probes in °C.
    pub probes_c: BTreeMap<String, f64>,
    /// Air cells.
    pub cells: usize,
    /// Cell size in m.
    pub dx_m: f64,
    /// Time steps on all grids.
    pub steps: usize,
    /// Processor time in s, as measured by the caller.
    pub cpu_seconds: f64,
    /// Elapsed time in s, as measured by the caller.
    pub wall_seconds: f64,
    /// Whether the means stand still and the room stores no more heat.
    pub settled: bool,
    /// Problems of the hall, most severe first.
    pub findings: Vec<Finding>,
    /// Running answer: processor time in s and intakes in °C; the last entry is the answer.
    pub history: Vec<Moment>,
}

/// One rack of an [`AirAnswer`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AnswerRack {
    /// Mean intake in °C.
    pub intake_mean_c: f64,
    /// Standard deviation in time in K; 0 for a steady solve.
    pub intake_std_c: f64,
    /// Half-width of the error bar in K: time, grid and model.
    pub intake_error_c: f64,
    /// Hottest intake face in °C.
    pub intake_max_c: f64,
    /// Exhaust in °C.
    pub exhaust_c: f64,
}

/// Intakes in °C at a processor time in s.
pub type Moment = (f64, BTreeMap<String, f64>);

/// Translates a result; the times and the running answers are the caller's measurement.
#[must_use]
pub fn answer(
    result: &AirResult,
    mut history: Vec<Moment>,
    cpu_seconds: f64,
    wall_seconds: f64,
) -> AirAnswer {
    let c = |t_k: f64| t_k - ZERO_CELSIUS_K;
    let racks = result.racks.iter().map(|r| {
        let rack = AnswerRack {
            intake_mean_c: c(r.intake_mean_k),
            intake_std_c: r.intake_std_k,
            intake_error_c: r.intake_error_k,
            intake_max_c: c(r.intake_max_k),
            exhaust_c: c(r.exhaust_k),
        };
        (r.id.clone(), rack)
    });
    let intakes = result.racks.iter().map(|r| (r.id.clone(), c(r.intake_mean_k))).collect();
    history.push((cpu_seconds, intakes));
    AirAnswer {
        model: result.model,
        racks: racks.collect(),
        return_c: c(result.metrics.return_k),
        heat_closure_percent: 100.0 * result.balance.heat_closure,
        rci_hi: result.metrics.rci_hi_percent,
        rci_lo: result.metrics.rci_lo_percent,
        shi: result.metrics.shi,
        rti: result.metrics.rti_percent,
        probes_c: result.probes_k.iter().map(|(n, t)| (n.clone(), c(*t))).collect(),
        cells: result.effort.cells,
        dx_m: result.effort.dx_m,
        steps: result.effort.steps,
        cpu_seconds,
        wall_seconds,
        settled: result.effort.settled,
        findings: result.findings.clone(),
        history,
    }
}
