//! Capture index: whose air does each rack breathe, and where does its exhaust go.
//!
//! On the settled flow, dyes (see `dye`) tell which supply or rack the air was last in. A rack's
//! intake is then a mix of supplies and rack exhausts, and its exhaust is shared among returns and
//! rack intakes; both rows sum to 1. Temperatures follow: with T in K and shares s
//! ```text
//! (1)  T_intake − T_supply = Σ_supplies s (T_unit − T_supply) + Σ_racks s (T_exhaust − T_supply)
//! ```
//! exactly where the energy equation is first-order upwind too; what a sharper scheme or a
//! changing flow adds is reported as `unexplained_k`.
//!
//! # Cost
//! One dye per supply and per return, and one per rack whose intake holds more recirculated air
//! than [`RESOLVED_RECIRCULATION`], at most [`MAX_RESOLVED`], worst first. For the other racks the
//! recirculated part is one number.
//!
//! # References
//! VanGilder, Shrivastava 2007, "Capture index: an airflow-based rack cooling performance metric"
//! (ASHRAE Transactions 113): cold-aisle index = share of the intake that comes from supplies,
//! hot-aisle index = share of the exhaust that goes to returns.

use super::balance::Balanced;
use super::case::{AirCase, PortKind, PortLink};
use super::dye::{Dye, Network, backward};
use super::error::AirError;
use super::flow::Flow;
use super::result::{AirResult, RackFlow};
use super::room::{Machines, Room, Stream};
use super::ways::{Way, Ways};
use crate::evaluate::cancel::CancelToken;
use crate::plan::ObjectId;
use serde::Serialize;

/// Recirculated share of the intake from which a rack gets a dye of its own. Assumption: 1 %, which
/// is 0.1 to 0.2 K at common rises.
pub const RESOLVED_RECIRCULATION: f64 = 0.01;
/// Most racks with a dye of their own.
pub const MAX_RESOLVED: usize = 512;
/// Racks kept by name among those that heat a rack; the rest is summed.
pub const NAMED_SOURCES: usize = 12;

/// What a solve leaves behind to put dyes into.
#[derive(Clone, Debug)]
pub(super) struct FrozenFlow {
    pub case: AirCase,
    pub room: Room,
    pub machines: Machines,
    pub balanced: Balanced,
    pub flow: Flow,
    /// Recirculated share per cell, padded.
    pub recirculated: Vec<f64>,
}

impl PartialEq for FrozenFlow {
    /// The same flow of the same case; the rest follows from the two.
    fn eq(&self, other: &Self) -> bool {
        self.case == other.case && self.flow.flux == other.flow.flux
    }
}

/// Whose air each rack breathes and where its exhaust goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Capture {
    /// Where cool air comes from.
    pub supplies: Vec<Place>,
    /// Where air leaves the room.
    pub returns: Vec<Place>,
    /// Racks in the order of the case.
    pub racks: Vec<RackCapture>,
    /// What it took, and how well shares close.
    pub effort: CaptureEffort,
}

/// A supply or a return.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Place {
    /// Name in the case.
    pub id: String,
    /// The plan object, when known.
    pub object: Option<ObjectId>,
    /// What it is.
    pub kind: PlaceKind,
    /// Air through it in m³/s.
    pub flow_m3_s: f64,
    /// Temperature of that air in K.
    pub t_k: f64,
}

/// What a supply or a return is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A cooling unit.
    Unit,
    /// A port with its own duct.
    Port,
    /// Leakage from or to the rest of the building.
    Leakage,
}

/// One rack's air.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RackCapture {
    /// Name in the case.
    pub id: String,
    /// The plan object, when known.
    pub object: Option<ObjectId>,
    /// Share of the intake that comes straight from supplies, 0 to 1; none without flow.
    pub cold_aisle_index: Option<f64>,
    /// Share of the exhaust that goes straight to returns, 0 to 1; none without flow.
    pub hot_aisle_index: Option<f64>,
    /// Shares of the intake from supplies, largest first; shares below [`LEAST_SHARE`] left out.
    pub from_supplies: Vec<Share>,
    /// Racks whose exhaust this rack breathes, hottest contribution first.
    pub from_racks: Vec<Heating>,
    /// Exhaust of racks that are not named in `from_racks`.
    pub from_other_racks: Remainder,
    /// Shares of the exhaust to returns, largest first; shares below [`LEAST_SHARE`] left out.
    pub to_returns: Vec<Share>,
    /// Share of the exhaust that goes into rack intakes, its own too.
    pub to_racks: f64,
    /// How recirculated air reaches the rack, as shares that sum to 1; empty where not resolved.
    pub ways: Vec<(Way, f64)>,
    /// Intake above the hall's mean supply that recirculated air explains, in K.
    pub recirculation_rise_k: f64,
    /// Intake above the hall's mean supply that warmer or colder supplies and leaks explain, in K.
    pub supply_rise_k: f64,
    /// Intake above the hall's mean supply that (1) leaves open, in K.
    pub unexplained_k: f64,
}

/// Shares below this are not listed one by one.
pub const LEAST_SHARE: f64 = 1e-9;

/// A share of a rack's air, by index into the capture's supplies or returns.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Index into `supplies` or `returns`.
    pub place: usize,
    /// Share of the rack's air, 0 to 1.
    pub share: f64,
}

/// What one rack's exhaust does to another's intake.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Heating {
    /// Index of the heating rack.
    pub rack: usize,
    /// Share of the heated rack's intake, 0 to 1.
    pub share: f64,
    /// Rise of the heated rack's intake in K.
    pub rise_k: f64,
}

/// What is left out of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Remainder {
    /// Share of the rack's air, 0 to 1.
    pub share: f64,
    /// Rise of the rack's intake in K.
    pub rise_k: f64,
}

/// What the dyes took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct CaptureEffort {
    /// Dyes followed.
    pub dyes: usize,
    /// Racks with a dye of their own.
    pub resolved_racks: usize,
    /// Largest |1 − sum of shares| of a resolved rack's intake.
    pub worst_row_error: f64,
}

/// Follows every supply, return and noticeably recirculating rack of a settled answer.
pub fn capture(result: &AirResult, cancel: &CancelToken) -> Result<Capture, AirError> {
    let targets = noticeable(result);
    let Some(frozen) = &result.frozen else { return Err(AirError::NoFlow) };
    Follow::new(result, frozen).all(&targets, cancel)
}

/// Racks with recirculated air worth following, worst first, at most [`MAX_RESOLVED`].
fn noticeable(result: &AirResult) -> Vec<usize> {
    let racks = result.racks.iter().enumerate();
    let mut out: Vec<usize> = racks
        .filter(|(_, r)| r.flow != RackFlow::None && r.recirculation > RESOLVED_RECIRCULATION)
        .map(|(i, _)| i)
        .collect();
    let worst = |i: &usize| result.racks[*i].recirculation;
    out.sort_by(|a, b| worst(b).total_cmp(&worst(a)).then(a.cmp(b)));
    out.truncate(MAX_RESOLVED);
    out
}

/// A rack's row of the matrix, as its own dye found it.
pub(super) struct Row {
    /// Shares of the intake by supply.
    pub supplies: Vec<f64>,
    /// Shares of the intake by rack, and what each adds above the hall's mean supply in K.
    pub racks: Vec<(f64, f64)>,
    pub ways: Vec<(Way, f64)>,
}

/// The pieces that all dyes need.
pub(super) struct Follow<'a> {
    frozen: &'a FrozenFlow,
    result: &'a AirResult,
    supplies: Vec<(Place, &'a Stream)>,
    returns: Vec<(Place, &'a Stream)>,
}

impl<'a> Follow<'a> {
    pub fn new(result: &'a AirResult, frozen: &'a FrozenFlow) -> Self {
        let (supplies, returns) = (supplies(result, frozen), returns(result, frozen));
        Self { frozen, result, supplies, returns }
    }

    /// Streams that give air to the room, and those that take it.
    fn given(&self) -> Vec<&'a Stream> {
        let racks = self.flowing().map(|(_, r)| &r.exhaust);
        self.supplies.iter().map(|(_, s)| *s).chain(racks).collect()
    }

    fn taken(&self) -> Vec<&'a Stream> {
        let racks = self.flowing().map(|(_, r)| &r.intake);
        self.returns.iter().map(|(_, s)| *s).chain(racks).collect()
    }

    fn flowing(&self) -> impl Iterator<Item = (usize, &'a super::room::PlacedRack)> + use<'a> {
        let racks = self.frozen.machines.racks.iter().enumerate();
        racks.filter(|(_, r)| r.flow != RackFlow::None)
    }

    fn network(&self, flow: &Flow, taken: &[&Stream]) -> Network {
        Network::new(flow, &self.frozen.balanced, taken, self.frozen.case.mixing_m2_s)
    }

    /// One backward dye per target rack.
    pub fn rows(&self, targets: &[usize], cancel: &CancelToken) -> Result<Vec<Row>, AirError> {
        if targets.is_empty() {
            return Ok(Vec::new());
        }
        let network = self.network(&backward(&self.frozen.flow), &self.given());
        self.rows_on(&network, targets, cancel)
    }

    fn rows_on(
        &self,
        network: &Network,
        targets: &[usize],
        cancel: &CancelToken,
    ) -> Result<Vec<Row>, AirError> {
        let racks = &self.frozen.machines.racks;
        let dyed: Vec<&Stream> = targets.iter().map(|t| &racks[*t].intake).collect();
        let ways = Ways::new(self.frozen);
        network.each(&dyed, cancel, |i, dye| {
            let flow = total(dyed[i]).max(f64::MIN_POSITIVE);
            let of = |s: &Stream| dye.carried(s) / flow;
            let of_rack = |(rack, r): (usize, &super::room::PlacedRack)| match r.flow {
                RackFlow::None => (0.0, 0.0),
                _ => (of(&r.exhaust), self.warming(rack, r, &of)),
            };
            Row {
                supplies: self.supplies.iter().map(|(_, s)| of(s)).collect(),
                racks: racks.iter().enumerate().map(of_rack).collect(),
                ways: ways.of(targets[i], dye),
            }
        })
    }

    /// One forward dye per supply: its share of each rack's intake.
    pub fn breathed(&self, cancel: &CancelToken) -> Result<Vec<Vec<f64>>, AirError> {
        let network = self.network(&self.frozen.flow, &self.taken());
        let from: Vec<&Stream> = self.supplies.iter().map(|(_, s)| *s).collect();
        let racks = &self.frozen.machines.racks;
        network.each(&from, cancel, |_, dye| racks.iter().map(|r| dye.mean(&r.intake)).collect())
    }

    fn all(&self, targets: &[usize], cancel: &CancelToken) -> Result<Capture, AirError> {
        let backward_network = self.network(&backward(&self.frozen.flow), &self.given());
        let rows = self.rows_on(&backward_network, targets, cancel)?;
        let racks = &self.frozen.machines.racks;
        let to: Vec<&Stream> = self.returns.iter().map(|(_, s)| *s).collect();
        let exhausts = |_: usize, dye: &Dye| racks.iter().map(|r| dye.mean(&r.exhaust)).collect();
        let sent: Vec<Vec<f64>> = backward_network.each(&to, cancel, exhausts)?;
        drop(backward_network);
        let breathed = self.breathed(cancel)?;
        let column = |table: &[Vec<f64>], rack: usize| table.iter().map(|t| t[rack]).collect();
        let mut row_of: Vec<Option<&Row>> = vec![None; racks.len()];
        targets.iter().zip(&rows).for_each(|(t, row)| row_of[*t] = Some(row));
        let rack = |i: usize| {
            let supplies = row_of[i].map_or_else(|| column(&breathed, i), |r| r.supplies.clone());
            self.rack(i, &supplies, row_of[i], &column(&sent, i))
        };
        let shares = |r: &Row| r.racks.iter().map(|(share, _)| share).sum::<f64>();
        let gap = |r: &Row| (1.0 - r.supplies.iter().sum::<f64>() - shares(r)).abs();
        Ok(Capture {
            racks: (0..racks.len()).map(rack).collect(),
            supplies: self.supplies.iter().map(|(p, _)| p.clone()).collect(),
            returns: self.returns.iter().map(|(p, _)| p.clone()).collect(),
            effort: CaptureEffort {
                dyes: rows.len() + sent.len() + breathed.len(),
                resolved_racks: rows.len(),
                worst_row_error: rows.iter().map(gap).fold(0.0, f64::max),
            },
        })
    }

    /// One rack from its shares of supplies, its row (if resolved) and its exhaust's shares.
    pub fn rack(
        &self,
        i: usize,
        supplies: &[f64],
        row: Option<&Row>,
        returns: &[f64],
    ) -> RackCapture {
        let (result, supply_k) = (&self.result.racks[i], self.result.metrics.supply_k);
        let flowing = result.flow != RackFlow::None;
        let supplied: f64 = supplies.iter().sum();
        let pairs = self.supplies.iter().zip(supplies);
        let supply_rise_k: f64 = pairs.map(|((p, _), s)| s * (p.t_k - supply_k)).sum();
        let mut from_racks: Vec<Heating> = row.map_or_else(Vec::new, Self::heating);
        let rest = from_racks.split_off(from_racks.len().min(NAMED_SOURCES));
        let above_k = if flowing { result.intake_mean_k - supply_k } else { 0.0 };
        let (from_other_racks, recirculation_rise_k) = if row.is_some() {
            let share = rest.iter().map(|h| h.share).sum();
            let rise_k: f64 = rest.iter().map(|h| h.rise_k).sum();
            let named: f64 = from_racks.iter().map(|h| h.rise_k).sum();
            (Remainder { share, rise_k }, named + rise_k)
        } else {
            // Not followed: what supplies do not explain comes from racks.
            let share = if flowing { (1.0 - supplied).max(0.0) } else { 0.0 };
            let rise_k = above_k - supply_rise_k;
            (Remainder { share, rise_k }, rise_k)
        };
        let captured: f64 = returns.iter().sum();
        RackCapture {
            id: result.id.clone(),
            object: result.object,
            cold_aisle_index: flowing.then(|| self.cold_index(supplies)),
            hot_aisle_index: flowing.then(|| captured.clamp(0.0, 1.0)),
            from_supplies: listed(supplies),
            from_racks,
            from_other_racks,
            to_returns: listed(returns),
            to_racks: if flowing { (1.0 - captured).max(0.0) } else { 0.0 },
            ways: row.map_or_else(Vec::new, |r| r.ways.clone()),
            recirculation_rise_k,
            supply_rise_k,
            unexplained_k: above_k - supply_rise_k - recirculation_rise_k,
        }
    }

    /// Share from units and ports; air that leaks in is no supply.
    fn cold_index(&self, supplies: &[f64]) -> f64 {
        let cool = self.supplies.iter().zip(supplies);
        let sum: f64 =
            cool.filter(|((p, _), _)| p.kind != PlaceKind::Leakage).map(|(_, s)| s).sum();
        sum.clamp(0.0, 1.0)
    }

    /// What a rack's exhaust adds above the mean supply, in K: each slice at its own temperature.
    fn warming(
        &self,
        rack: usize,
        placed: &super::room::PlacedRack,
        of: &impl Fn(&Stream) -> f64,
    ) -> f64 {
        let air = &self.result.racks[rack];
        let t_k = |s: &Stream| s.mean(|c| f64::from(self.result.field.t_k[c]));
        let each = |(intake, exhaust): &(Stream, Stream)| {
            let above_mean_k = t_k(intake).map_or(0.0, |t| t - air.intake_mean_k);
            let gain = door_gain(&self.frozen.case, rack);
            of(exhaust) * (air.exhaust_k + gain * above_mean_k - self.result.metrics.supply_k)
        };
        if placed.slices.len() > 1 {
            placed.slices.iter().map(each).sum()
        } else {
            of(&placed.exhaust) * (air.exhaust_k - self.result.metrics.supply_k)
        }
    }

    /// Racks that heat, largest rise first.
    fn heating(row: &Row) -> Vec<Heating> {
        let each = |(rack, (share, rise_k)): (usize, &(f64, f64))| Heating {
            rack,
            share: *share,
            rise_k: *rise_k,
        };
        let racks = row.racks.iter().enumerate().filter(|(_, (share, _))| *share > 0.0);
        let mut all: Vec<_> = racks.map(each).collect();
        all.sort_by(|a, b| b.rise_k.total_cmp(&a.rise_k).then(a.rack.cmp(&b.rack)));
        all
    }
}

/// How much of a warmer slice's excess passes the rear door while it works by its effectiveness.
fn door_gain(case: &AirCase, rack: usize) -> f64 {
    let r = &case.racks[rack];
    let air_w_k = case.air.rho_cp() * r.room_flow_m3_s();
    r.options.door.as_ref().map_or(1.0, |d| 1.0 - d.air_effectiveness(air_w_k))
}

fn total(stream: &Stream) -> f64 {
    stream.cells.iter().map(|(_, q)| q).sum()
}

fn listed(shares: &[f64]) -> Vec<Share> {
    let all = shares.iter().enumerate().map(|(place, share)| Share { place, share: *share });
    let mut out: Vec<_> = all.filter(|s| s.share >= LEAST_SHARE).collect();
    out.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.place.cmp(&b.place)));
    out
}

/// Everything but racks that gives air to the room.
fn supplies<'a>(result: &AirResult, f: &'a FrozenFlow) -> Vec<(Place, &'a Stream)> {
    let mut out = Vec::new();
    for (u, placed) in result.units.iter().zip(&f.machines.units) {
        let place = place(&u.id, u.object, PlaceKind::Unit, placed.flow_m3_s, u.supply_k);
        out.push((place, &placed.outlet));
    }
    for (port, placed) in f.case.ports.iter().zip(&f.machines.ports) {
        if let (PortKind::Supply, PortLink::Fixed { t_k, .. }) = (port.kind, &port.link) {
            let place = place(&port.id, port.object, PlaceKind::Port, placed.flow_m3_s, *t_k);
            out.push((place, &placed.outlet));
        }
    }
    let leak = &f.balanced.leak_in;
    out.push((place("leakage", None, PlaceKind::Leakage, total(leak), f.case.ambient_t_k), leak));
    out.retain(|(_, s)| !s.cells.is_empty());
    out
}

/// Everything but racks that takes air from the room.
fn returns<'a>(result: &AirResult, f: &'a FrozenFlow) -> Vec<(Place, &'a Stream)> {
    let t_k =
        |s: &Stream| s.mean(|c| f64::from(result.field.t_k[c])).unwrap_or(result.metrics.return_k);
    let mut out = Vec::new();
    for (u, placed) in result.units.iter().zip(&f.machines.units) {
        let place = place(&u.id, u.object, PlaceKind::Unit, placed.flow_m3_s, u.return_k);
        out.push((place, &placed.intake));
    }
    for (port, placed) in f.case.ports.iter().zip(&f.machines.ports) {
        if port.kind == PortKind::Return && matches!(port.link, PortLink::Fixed { .. }) {
            let t_k = t_k(&placed.intake);
            let place = place(&port.id, port.object, PlaceKind::Port, placed.flow_m3_s, t_k);
            out.push((place, &placed.intake));
        }
    }
    let leak = &f.balanced.leak_out;
    out.push((place("leakage", None, PlaceKind::Leakage, total(leak), t_k(leak)), leak));
    out.retain(|(_, s)| !s.cells.is_empty());
    out
}

fn place(id: &str, object: Option<ObjectId>, kind: PlaceKind, flow_m3_s: f64, t_k: f64) -> Place {
    Place { id: id.into(), object, kind, flow_m3_s, t_k }
}
