//! From plan and catalogue to results, in pure stages that meet only here.
//!
//! ```text
//! resolve ─► fabric ─► ┌ workload ─► storage ─► loads ─► air ─► liquid ⇄ plant ┐ ─► power ─► economics, resilience ─► headline
//!                      └────────────── clocks (outer iteration, `coupling`) ◄──┘
//! ```
//! Racks that get too hot to run, or no power on any feed, are switched off and the rest is solved
//! again.
//!
//! [`Evaluator::evaluate`] is the whole list. A stage is a plain function from a self-contained case
//! to an answer; the case is built from the [`snapshot::Snapshot`]. Stages with large answers are
//! remembered: an equal case is not solved again.

pub mod air;
pub mod bottleneck;
pub mod cancel;
pub mod clock;
pub mod counting;
pub mod coupling;
pub mod day;
pub mod economics;
pub mod fabric;
pub mod finding;
pub mod headline;
pub mod liquid;
pub mod loads;
pub mod mechanical;
pub mod memo;
pub mod overrides;
pub mod plant;
pub mod power;
pub mod rack_space;
pub mod reliability;
pub mod resilience;
pub mod result;
pub mod snapshot;
pub mod space;
pub mod stages;
pub mod storage;
pub mod stranded;
pub mod summary;
pub mod switched_off;
pub mod workload;

use crate::catalog::Catalog;
use crate::plan::Plan;
use cancel::{CancelToken, Cancelled};
use clock::Clock;
use memo::Memory;
use result::{Coupling, Quality, Results};
use snapshot::Snapshot;
use stages::{Fabric, Stages, Turn, Watch};
use std::sync::Arc;
use switched_off::Off;

/// Why a plan has no results.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvaluateError {
    /// A newer request came.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The plan refers to something that the catalogue does not have.
    #[error(transparent)]
    Unresolved(#[from] snapshot::ResolveError),
    /// A stage refused its input.
    #[error("{stage}: {message}")]
    Stage {
        /// The stage.
        stage: &'static str,
        /// What is wrong, naming field, value and limit.
        message: String,
    },
}

/// Evaluates plans, keeping what makes the next answer faster: its threads, the last air field
/// and the last answers.
#[derive(Debug)]
pub struct Evaluator {
    clock: Clock,
    pool: Option<Arc<rayon::ThreadPool>>,
    memory: Memory,
}

impl Evaluator {
    /// An evaluator with its own pool of `threads`.
    #[must_use]
    pub fn new(threads: usize, clock: Clock) -> Self {
        // Without a pool of its own (the system refused threads) it works on the caller's.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build().ok();
        Self { clock, pool: pool.map(Arc::new), memory: Memory::default() }
    }

    /// One answer. Everything but the air field is final in either quality.
    pub fn evaluate(
        &mut self,
        plan: &Plan,
        catalog: &Arc<Catalog>,
        revision: u64,
        quality: Quality,
        cancel: &CancelToken,
    ) -> Result<Results, EvaluateError> {
        let mut run = || {
            let mut watch = Watch::new(self.clock.clone());
            evaluate(plan, catalog, quality, cancel, &mut self.memory, &mut watch)
        };
        let mut results = match &self.pool {
            Some(pool) => Arc::clone(pool).install(run)?,
            None => run()?,
        };
        results.revision = revision;
        Ok(results)
    }
}

/// The stage list.
fn evaluate(
    plan: &Plan,
    catalog: &Arc<Catalog>,
    quality: Quality,
    cancel: &CancelToken,
    memory: &mut Memory,
    watch: &mut Watch,
) -> Result<Results, EvaluateError> {
    let snapshot = watch.time("resolve", || Snapshot::resolve(plan, catalog))?;
    if quality == Quality::Settled {
        // A settled answer depends on the plan alone, not on what was on screen before it. A fine one
        // starts from the last fine one: equal to a fresh one within its error bars, far sooner.
        memory.air_state.remove(&quality);
    }
    let mut off = Off::default();
    let mut rounds = 0;
    let (fabric, settled, chain) = loop {
        let running = snapshot.without(&off.racks());
        let mut stages = Stages::new(&running, quality, cancel, memory, watch);
        let fabric = stages.fabric()?;
        let settled = settle(&mut stages, &running, &fabric, cancel)?;
        // A rack without power still asks for it: its feeds are judged on what it would draw.
        let wanted = off.wanted(&settled.turn.loads);
        let chain = stages.power(&snapshot, &settled.turn, &wanted)?;
        rounds += 1;
        let more = off.extend(&running, &settled.turn, &chain.result);
        if !more || rounds > switched_off::MAX_ROUNDS {
            break (fabric, settled, chain);
        }
    };
    let Settled { mut turn, clocks, state } = settled;
    off.stop(&mut turn.loads);
    let quantities = counting::quantities(&snapshot, &fabric, &turn, &chain);
    let operation = headline::operation(&snapshot, &fabric, &turn, &chain);
    let mut stages = Stages::new(&snapshot, quality, cancel, memory, watch);
    let (economics_case, economics) = stages.economics(&quantities, &operation)?;
    let resilience = stages.resilience(&fabric, &turn, &chain)?;
    let mut findings = coupling::findings(&snapshot, &clocks, &state);
    findings.extend(off.findings(&snapshot));
    let parts = headline::Parts {
        fabric,
        turn,
        chain,
        quantities,
        operation,
        economics,
        economics_case,
        resilience,
        coupling: state,
    };
    Ok(headline::results(&snapshot, parts, findings, quality, watch.report()))
}

/// The outer iteration's last turn.
struct Settled {
    turn: Turn,
    clocks: Vec<f64>,
    state: Coupling,
}

/// The outer iteration: heat slows GPUs, slower GPUs give off less heat.
fn settle(
    stages: &mut Stages<'_>,
    snapshot: &Snapshot,
    fabric: &Fabric,
    cancel: &CancelToken,
) -> Result<Settled, EvaluateError> {
    let throttle = coupling::Throttle::of(snapshot)?;
    let mut clocks = vec![1.0; snapshot.racks.len()];
    let mut state = Coupling::default();
    loop {
        cancel.check()?;
        state.iterations += 1;
        let turn = stages.turn(fabric, &clocks)?;
        let (next, change) = coupling::next_clocks(&turn, snapshot, &clocks, throttle, &state);
        state.last_change = change;
        state.settled = change <= coupling::SETTLED;
        if state.settled || state.iterations >= coupling::MAX_ITERATIONS {
            return Ok(Settled { turn, clocks, state });
        }
        clocks = next;
    }
}
