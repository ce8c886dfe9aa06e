//! Running single stages: builds the case, asks the memo, solves, keeps the time.

use super::EvaluateError;
use super::air::{self, AirResult, Grid};
use super::cancel::CancelToken;
use super::clock::Clock;
use super::economics::{self, EconomicsCase, EconomicsResult, Operation, Quantities};
use super::fabric::{self, FabricResult};
use super::finding::Finding;
use super::liquid::{self, LiquidOfPlan, LiquidResult};
use super::loads::{RackLoad, rack_load};
use super::mechanical;
use super::memo::Memory;
use super::plant::{self, PlantOfPlan, PlantResult};
use super::power::resilience::ResilienceResult;
use super::power::{self, generate::GeneratedChain, result::PowerResult};
use super::resilience;
use super::result::{Quality, StageTime};
use super::snapshot::{RackKind, Snapshot};
use super::storage::{self, StorageResult};
use super::workload::{self, HallConditions, WorkloadResult};
use crate::plan::ObjectId;
use crate::units::{Kelvin, Seconds, Watts};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

/// Cell edge of the coarse picture shown while dragging, m.
const DRAFT_CELL_M: f64 = 0.6;
/// Cell edge of the settled answer, m: two cells across a 600 mm rack.
const SETTLED_CELL_M: f64 = 0.3;
/// Cell edges of the fine answer, m, best first: four and three cells across a 600 mm rack.
const FINE_CELLS_M: [f64; 2] = [0.15, 0.2];
/// Most cells of a fine answer: about half a minute of one core from the last fine answer.
const MOST_FINE_CELLS: usize = 1_000_000;
/// Bytes in a gigabyte of storage data sheets.
const BYTES_PER_GBYTE: f64 = 1e9;
/// Kelvin by which the facility water may miss its set point before the loops are solved again.
const SUPPLY_TOLERANCE_K: f64 = 0.01;

/// Measures stages; one line per stage, times of all iterations added.
#[derive(Debug)]
pub struct Watch {
    clock: Clock,
    lines: Vec<StageTime>,
}

impl Watch {
    /// A watch that reads `clock`.
    #[must_use]
    pub const fn new(clock: Clock) -> Self {
        Self { clock, lines: Vec::new() }
    }

    /// Runs `work` and adds its time to `stage`.
    pub fn time<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let start = self.clock.now_s();
        let done = work();
        self.add(stage, self.clock.now_s() - start, false);
        done
    }

    fn add(&mut self, stage: &'static str, seconds: f64, from_memo: bool) {
        let time = Seconds::s(seconds);
        match self.lines.iter_mut().find(|l| l.stage == stage) {
            Some(line) => {
                line.time += time;
                line.from_memo &= from_memo;
            }
            None => self.lines.push(StageTime { stage, time, from_memo }),
        }
    }

    fn mark_memo(&mut self, stage: &'static str, from_memo: bool) {
        if let Some(line) = self.lines.iter_mut().find(|l| l.stage == stage) {
            line.from_memo = from_memo;
        }
    }

    /// The lines so far.
    #[must_use]
    pub fn report(&self) -> Vec<StageTime> {
        self.lines.clone()
    }
}

/// What one turn of the outer iteration found.
#[derive(Clone, Debug)]
pub struct Turn {
    /// Workload.
    pub workload: Arc<WorkloadResult>,
    /// Storage.
    pub storage: Arc<StorageResult>,
    /// Racks at the turn's clocks.
    pub loads: Vec<RackLoad>,
    /// Air.
    pub air: Arc<AirResult>,
    /// Liquid.
    pub liquid: Arc<LiquidResult>,
    /// What the loops take to build.
    pub liquid_parts: LiquidOfPlan,
    /// Plant.
    pub plant: Arc<PlantResult>,
    /// What the plant takes to build.
    pub plant_parts: PlantOfPlan,
    /// Fans of units and doors, W.
    pub fan_w: f64,
}

/// The power chain, generated and solved.
#[derive(Clone, Debug)]
pub struct Chain {
    /// What was generated.
    pub generated: GeneratedChain,
    /// How it is loaded.
    pub result: Arc<PowerResult>,
}

/// The fabric, solved, with what its case had to assume.
#[derive(Clone, Debug)]
pub struct Fabric {
    /// The answer.
    pub result: Arc<FabricResult>,
    /// Problems seen while building the case.
    pub findings: Vec<Finding>,
}

/// Runs stages of one evaluation.
pub struct Stages<'a> {
    snapshot: &'a Snapshot,
    quality: Quality,
    cancel: &'a CancelToken,
    memory: &'a mut Memory,
    watch: &'a mut Watch,
}

/// The quality whose grid answers, and its cell edge in m: a hall too large for a finer grid than
/// the settled one keeps that one.
fn resolution(quality: Quality, room_m: [f64; 3]) -> (Quality, f64) {
    let cells = |dx_m: &f64| Grid::new(room_m, *dx_m).cells() <= MOST_FINE_CELLS;
    match quality {
        Quality::Draft => (Quality::Draft, DRAFT_CELL_M),
        Quality::Settled => (Quality::Settled, SETTLED_CELL_M),
        Quality::Fine => match FINE_CELLS_M.into_iter().find(cells) {
            Some(cell_m) => (Quality::Fine, cell_m),
            None => (Quality::Settled, SETTLED_CELL_M),
        },
    }
}

fn refused<E: Display>(stage: &'static str) -> impl Fn(E) -> EvaluateError {
    move |error| EvaluateError::Stage { stage, message: error.to_string() }
}

impl<'a> Stages<'a> {
    /// Stages of one snapshot.
    pub const fn new(
        snapshot: &'a Snapshot,
        quality: Quality,
        cancel: &'a CancelToken,
        memory: &'a mut Memory,
        watch: &'a mut Watch,
    ) -> Self {
        Self { snapshot, quality, cancel, memory, watch }
    }

    /// Switches and links.
    pub fn fabric(&mut self) -> Result<Fabric, EvaluateError> {
        let Self { snapshot, memory, watch, .. } = self;
        let (of_plan, answer) = watch.time("fabric", || {
            let of_plan = fabric::from_plan(snapshot)?;
            let answer = memory.fabric.answer(of_plan.case.clone(), fabric::solve);
            Ok::<_, EvaluateError>((of_plan, answer.map_err(refused("fabric"))?))
        })?;
        watch.mark_memo("fabric", answer.1);
        Ok(Fabric { result: answer.0, findings: of_plan.findings })
    }

    /// Workload, storage, loads, air, liquid and plant at these clocks.
    pub fn turn(&mut self, fabric: &Fabric, clocks: &[f64]) -> Result<Turn, EvaluateError> {
        let snapshot = self.snapshot;
        let conditions = conditions(snapshot, &fabric.result, clocks)?;
        let workload = self.watch.time("workload", || workload::solve_hall(snapshot, &conditions));
        let storage = self.watch.time("storage", || {
            storage::solve(&storage::from_plan(snapshot, &storage_need(&workload)))
                .map_err(refused("storage"))
        })?;
        let loads = loads(snapshot, &fabric.result, &storage, clocks)?;
        let air = self.air(&loads)?;
        let fan_w = mechanical::fans(snapshot)?.iter().map(|f| f.p_w).sum();
        let air_heat_w = mechanical::air_heat_w(snapshot, &loads, &air) + fan_w;
        let (liquid_parts, liquid) = self.liquid(&loads, None)?;
        let (plant_parts, plant) = self.plant(&liquid_parts, &liquid, air_heat_w)?;
        let mut turn = Turn {
            workload: Arc::new(workload),
            storage: Arc::new(storage),
            loads,
            air,
            liquid,
            liquid_parts,
            plant,
            plant_parts,
            fan_w,
        };
        if let Some(supply) = missed_supply(snapshot, &turn.plant) {
            (turn.liquid_parts, turn.liquid) = self.liquid(&turn.loads, Some(supply))?;
            (turn.plant_parts, turn.plant) =
                self.plant(&turn.liquid_parts, &turn.liquid, air_heat_w)?;
        }
        Ok(turn)
    }

    fn air(&mut self, loads: &[RackLoad]) -> Result<Arc<AirResult>, EvaluateError> {
        let Self { snapshot, quality, cancel, memory, watch } = self;
        // The case's room: the hall with its plenums.
        let room_m = air::case_from_plan(snapshot, loads, SETTLED_CELL_M).room_m;
        let (quality, cell_m) = resolution(*quality, room_m);
        let (answer, from_memo) = watch
            .time("air", || {
                let case = air::case_from_plan(snapshot, loads, cell_m);
                let states = &mut memory.air_state;
                memory.air.entry(quality).or_default().answer(case, |case| {
                    let (mut result, state) = air::solve(case, states.get(&quality), cancel)?;
                    if quality != Quality::Draft {
                        air::explain(&mut result, cancel)?;
                    }
                    states.insert(quality, state);
                    Ok::<_, air::AirError>(result)
                })
            })
            .map_err(|error| match error {
                air::AirError::Cancelled(cancelled) => EvaluateError::Cancelled(cancelled),
                error => refused("air")(error),
            })?;
        watch.mark_memo("air", from_memo);
        Ok(answer)
    }

    fn liquid(
        &mut self,
        loads: &[RackLoad],
        supply: Option<Kelvin>,
    ) -> Result<(LiquidOfPlan, Arc<LiquidResult>), EvaluateError> {
        let Self { snapshot, memory, watch, .. } = self;
        watch.time("liquid", || {
            let parts = liquid::from_plan(snapshot, loads, supply)?;
            let answer = memory.liquid.answer(parts.case.clone(), liquid::solve);
            Ok((parts, answer.map_err(refused("liquid"))?.0))
        })
    }

    fn plant(
        &mut self,
        parts: &LiquidOfPlan,
        liquid: &LiquidResult,
        air_heat_w: f64,
    ) -> Result<(PlantOfPlan, Arc<PlantResult>), EvaluateError> {
        let Self { snapshot, memory, watch, .. } = self;
        watch.time("plant", || {
            let demand = mechanical::plant_demand(snapshot, parts, liquid, air_heat_w)?;
            let of_plan = plant::from_plan(snapshot, demand.facility, demand.chilled)?;
            let answer = memory.plant.answer(of_plan.case.clone(), plant::solve);
            Ok((of_plan, answer.map_err(refused("plant"))?.0))
        })
    }

    /// The chain that carries racks at the loads that they want, fans, pumps and plant; sized for
    /// every rack of `snapshot`, those that are off included.
    pub fn power(
        &mut self,
        snapshot: &Snapshot,
        turn: &Turn,
        wanted: &[RackLoad],
    ) -> Result<Chain, EvaluateError> {
        let Self { cancel, memory, watch, .. } = self;
        let (generated, answer) = watch.time("power", || {
            let demand = mechanical::chain_demand(snapshot, turn, wanted)?;
            let generated =
                power::generate::generate(snapshot, &demand).map_err(refused("power"))?;
            let solve = |case: &_| power::solve(case, cancel);
            let answer =
                memory.power.answer(generated.case.clone(), solve).map_err(|e| match e {
                    power::error::PowerError::Cancelled(c) => EvaluateError::Cancelled(c),
                    error => refused("power")(error),
                })?;
            Ok::<_, EvaluateError>((generated, answer))
        })?;
        watch.mark_memo("power", answer.1);
        Ok(Chain { generated, result: answer.0 })
    }

    /// What failures cost, standby supply, swings, stranded capacity. Pairs of outages wait until
    /// the hand is still.
    pub fn resilience(
        &mut self,
        fabric: &Fabric,
        turn: &Turn,
        chain: &Chain,
    ) -> Result<Arc<ResilienceResult>, EvaluateError> {
        let Self { snapshot, quality, cancel, memory, watch } = self;
        let answer = watch.time("resilience", || {
            let pairs = *quality != Quality::Draft;
            let case = resilience::case(snapshot, fabric, turn, chain, pairs)?;
            let solve = |case: &_| power::resilience::solve(case, &chain.result, cancel);
            memory.resilience.answer(case, solve).map_err(|e| match e {
                power::error::PowerError::Cancelled(c) => EvaluateError::Cancelled(c),
                error => refused("resilience")(error),
            })
        })?;
        watch.mark_memo("resilience", answer.1);
        Ok(answer.0)
    }

    /// What it costs, and what was asked.
    pub fn economics(
        &mut self,
        quantities: &Quantities,
        operation: &Operation,
    ) -> Result<(EconomicsCase, EconomicsResult), EvaluateError> {
        let (snapshot, quality) = (self.snapshot, self.quality);
        self.watch.time("economics", || {
            let mut case = economics::from_plan(snapshot, quantities, operation)?;
            if quality == Quality::Draft {
                case.sampling = economics::Sampling::LIVE;
            }
            let result = economics::solve(&case).map_err(refused("economics"))?;
            Ok((case, result))
        })
    }
}

/// What the workload meets: clocks, fabric and storage on offer.
fn conditions(
    snapshot: &Snapshot,
    fabric: &FabricResult,
    clocks: &[f64],
) -> Result<HallConditions, EvaluateError> {
    let slowed = snapshot.racks.iter().zip(clocks).filter(|(_, clock)| **clock < 1.0);
    let appliance = &snapshot.appliance.spec;
    let offered = |gbyte_s: f64| gbyte_s * BYTES_PER_GBYTE * f64::from(snapshot.plan.storage.count);
    Ok(HallConditions {
        clocks: slowed.map(|(rack, clock)| (rack.id, *clock)).collect(),
        all_reduce_share: share(fabric.collectives.all_reduce),
        all_to_all_share: share(fabric.collectives.all_to_all),
        storage_read_byte_s: appliance.read_gbyte_s.map(offered).filter(|b| *b > 0.0),
        storage_write_byte_s: appliance.write_gbyte_s.map(offered).filter(|b| *b > 0.0),
        ..HallConditions::planned(snapshot)?
    })
}

/// A share that the workload may divide by; a hall without fabric keeps its NICs' rate.
fn share(value: f64) -> f64 {
    if value > 0.0 { value.min(1.0) } else { 1.0 }
}

fn storage_need(workload: &WorkloadResult) -> storage::StorageNeed {
    storage::StorageNeed {
        read_byte_s: workload.storage_read_byte_s,
        checkpoint_byte: workload.checkpoint_bytes,
        checkpoint_interval_s: workload.checkpoint_interval_s,
    }
}

/// Loads of all racks, by identity.
fn loads(
    snapshot: &Snapshot,
    fabric: &FabricResult,
    storage: &StorageResult,
    clocks: &[f64],
) -> Result<Vec<RackLoad>, EvaluateError> {
    let idle_share = snapshot.assumption("idle_power_share")?.base;
    let network: BTreeMap<ObjectId, f64> =
        fabric.network_racks.iter().map(|r| (r.rack, r.max_w)).collect();
    let appliances: BTreeMap<ObjectId, f64> =
        storage.racks.iter().map(|r| (r.rack, r.power_w)).collect();
    let assigned = |id: ObjectId, kind: RackKind| match kind {
        RackKind::Network => network.get(&id).copied().unwrap_or(0.0),
        RackKind::Storage => appliances.get(&id).copied().unwrap_or(0.0),
        RackKind::Compute | RackKind::Reserved => 0.0,
    };
    Ok(snapshot
        .racks
        .iter()
        .zip(clocks)
        .map(|(r, clock)| rack_load(r, *clock, idle_share, Watts::w(assigned(r.id, r.kind))))
        .collect())
}

/// The facility water that the plant really makes on the design day, where it misses the set point.
fn missed_supply(snapshot: &Snapshot, plant: &PlantResult) -> Option<Kelvin> {
    let wanted = Kelvin::c(snapshot.plan.cooling.fws_supply_c);
    let reached = plant.loops.iter().find(|l| l.name == plant::FWS)?.design.supply_k;
    (reached > wanted.to_k() + SUPPLY_TOLERANCE_K).then(|| Kelvin::k(reached))
}
