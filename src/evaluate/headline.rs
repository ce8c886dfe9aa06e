//! The headline numbers, and the results put together. Every total that is shown anywhere is made
//! here or in a stage, once.

use super::economics::{
    EconomicsCase, EconomicsResult, Operation, Percentiles, Prompts, Quantities,
};
use super::finding::{Finding, Severity};
use super::power::case::LoadKind;
use super::power::resilience::ResilienceResult;
use super::result::{
    BuswayRoute, Coupling, EnergyBalance, Kpis, Quality, RackSummary, Results, StageTime, Stranded,
    WorstInlet, WorstLoading,
};
use super::snapshot::{RackKind, Snapshot};
use super::stages::{Chain, Fabric, Turn};
use super::workload::prefill_share;
use super::{bottleneck, mechanical, overrides, space, stranded, summary};
use crate::numerics::band::Band;
use crate::plan::Job;
use crate::plan::ObjectId;
use crate::units::{HOURS_PER_YEAR, Watts};
use std::sync::Arc;

/// Litres in a cubic metre.
const LITRES_PER_M3: f64 = 1000.0;

/// Everything that the stages found.
pub struct Parts {
    /// Fabric.
    pub fabric: Fabric,
    /// The last turn of the outer iteration.
    pub turn: Turn,
    /// The power chain.
    pub chain: Chain,
    /// Counted quantities.
    pub quantities: Quantities,
    /// How the factory runs.
    pub operation: Operation,
    /// Economics.
    pub economics: EconomicsResult,
    /// What it was asked.
    pub economics_case: EconomicsCase,
    /// Outages, availability, standby.
    pub resilience: Arc<ResilienceResult>,
    /// How the outer iteration ended.
    pub coupling: Coupling,
}

/// Power of the year at full load, W.
struct YearPower {
    it_w: f64,
    facility_w: f64,
}

impl YearPower {
    /// Design IT load, losses of the chain, and mechanical power averaged over the climate.
    fn of(turn: &Turn, chain: &Chain) -> Self {
        let totals = &chain.result.totals;
        let design_plant_w: f64 = turn.plant.loops.iter().map(|l| l.design.power.total_w()).sum();
        let year_plant_w = turn.plant.annual_mean_power.total_w();
        let mechanical_w = totals.mechanical_w - design_plant_w + year_plant_w;
        Self { it_w: totals.rack_w, facility_w: totals.rack_w + totals.loss_w + mechanical_w }
    }

    fn pue(&self) -> f64 {
        if self.it_w > 0.0 { self.facility_w / self.it_w } else { 1.0 }
    }
}

/// How the factory runs over the year.
#[must_use]
pub fn operation(snapshot: &Snapshot, fabric: &Fabric, turn: &Turn, chain: &Chain) -> Operation {
    let year = YearPower::of(turn, chain);
    let it_kw = working_it_kw(snapshot, fabric, turn);
    let design_kwh = year.it_w / 1e3 * HOURS_PER_YEAR;
    let wue =
        if design_kwh > 0.0 { turn.plant.makeup_m3_year * LITRES_PER_M3 / design_kwh } else { 0.0 };
    Operation {
        facility_at_load_kw: it_kw * year.pue(),
        facility_peak_kw: chain.result.totals.source_w / 1e3,
        it_share: 1.0 / year.pue(),
        wue_l_kwh: wue,
        goodput: turn.workload.goodput * used_share(turn),
        sold_share: sold_share(snapshot, turn),
        tokens_per_s: turn.workload.tokens_per_s,
        prompts: prompts(snapshot, turn),
    }
}

/// Prompts beside the output of all groups, as fast as planned; none when training.
fn prompts(snapshot: &Snapshot, turn: &Turn) -> Option<Prompts> {
    let Job::Serving(job) = &snapshot.plan.workload.job else { return None };
    let (mut computed_tok_s, mut prefill, mut gpus) = (0.0, 0.0, 0.0);
    for group in &turn.workload.groups {
        let (Some(serving), Some(rate)) = (&group.serving, group.tokens_per_s) else { continue };
        if serving.total_tok_s > 0.0 {
            computed_tok_s += serving.total_input_tok_s * rate.base / serving.total_tok_s;
        }
        prefill += group.prefill_share.unwrap_or(0.0) * f64::from(group.gpus_used);
        gpus += f64::from(group.gpus_used);
    }
    (computed_tok_s > 0.0 && gpus > 0.0).then(|| Prompts {
        computed_tok_s,
        cached_share: job.cached_prompt_pct / 100.0,
        prefill_share: prefill_share::with_error(prefill / gpus),
    })
}

/// IT power while the job runs: systems at the power that their operation mix draws.
fn working_it_kw(snapshot: &Snapshot, fabric: &Fabric, turn: &Turn) -> f64 {
    let fraction = |system: &str| {
        turn.workload.groups.iter().find(|g| g.system == system).map_or(1.0, |g| g.power_fraction)
    };
    let compute: f64 = snapshot
        .racks
        .iter()
        .zip(&turn.loads)
        .filter(|(rack, _)| rack.kind == RackKind::Compute)
        .map(|(rack, load)| {
            let share = rack.system.as_ref().map_or(1.0, |s| fraction(&s.id));
            load.electric.to_kw() * share.clamp(0.0, 1.0)
        })
        .sum();
    compute + fabric.result.typical_w / 1e3 + turn.storage.power_w / 1e3
}

fn used_share(turn: &Turn) -> f64 {
    f64::from(turn.workload.gpus_used) / f64::from(turn.workload.gpus.max(1))
}

/// What is sold of the output: what the peak hours ask for beyond the capacity is not.
fn sold_share(snapshot: &Snapshot, turn: &Turn) -> f64 {
    let asked = match &snapshot.plan.workload.job {
        Job::Serving(job) => job.sold_pct / 100.0,
        Job::Training(job) => return job.scheduled_pct / 100.0,
    };
    let (mut lost, mut all) = (0.0, 0.0);
    for group in &turn.workload.groups {
        let (Some(day), Some(rate)) = (&group.day, group.tokens_per_s) else { continue };
        lost += day.turned_away() * rate.base;
        all += rate.base;
    }
    if lost > 0.0 { asked * (1.0 - lost / all) } else { asked }
}

/// The results, with findings in order of severity.
#[must_use]
pub fn results(
    snapshot: &Snapshot,
    parts: Parts,
    coupling_findings: Vec<Finding>,
    quality: Quality,
    timings: Vec<StageTime>,
) -> Results {
    let findings = all_findings(snapshot, &parts, coupling_findings);
    let Parts {
        fabric,
        turn,
        chain,
        quantities,
        operation,
        economics,
        economics_case,
        resilience,
        coupling,
    } = parts;
    let racks = summary::racks(snapshot, &turn, &chain, &findings);
    let facility = Watts::w(chain.result.totals.source_w);
    let headroom = bottleneck::headroom(snapshot, &turn, &chain, &racks);
    let stranded = stranded::ledger(snapshot, &racks, facility, &headroom);
    let mut kpi = kpis(snapshot, &turn, &chain, &racks, &operation, &economics, &stranded);
    let count = |s: Severity| findings.iter().filter(|f| f.severity == s).count();
    (kpi.errors, kpi.warnings) = (count(Severity::Error), count(Severity::Warning));
    kpi.gpus = quantities.gpus;
    Results {
        revision: 0,
        quality,
        kpi,
        racks,
        bottleneck: bottleneck::verdict(&turn, &headroom),
        stranded,
        findings,
        coupling,
        energy: energy(snapshot, &turn, &chain),
        timings,
        quantities,
        busways: busways(&chain),
        power: chain.result,
        resilience,
        power_quantities: chain.generated.quantities,
        power_case: Arc::new(chain.generated.case),
        fabric: fabric.result,
        economics: Arc::new(economics),
        economics_case: Arc::new(economics_case),
        loads: turn.loads,
        air: turn.air,
        liquid: turn.liquid,
        plant: turn.plant,
        storage: turn.storage,
        workload: turn.workload,
    }
}

fn all_findings(
    snapshot: &Snapshot,
    parts: &Parts,
    coupling_findings: Vec<Finding>,
) -> Vec<Finding> {
    let turn = &parts.turn;
    let mut findings: Vec<Finding> = [
        &snapshot.findings,
        &parts.fabric.findings,
        &parts.fabric.result.findings,
        &turn.workload.findings,
        &turn.storage.findings,
        &turn.air.findings,
        &turn.liquid_parts.findings,
        &turn.liquid.findings,
        &turn.plant_parts.findings,
        &turn.plant.findings,
        &parts.chain.generated.findings,
        &parts.chain.result.findings,
        &parts.resilience.findings,
        &parts.economics.findings,
    ]
    .into_iter()
    .flatten()
    .cloned()
    .chain(space::findings(snapshot))
    .chain(overrides::findings(snapshot, &turn.liquid_parts.case))
    .chain(coupling_findings)
    .collect();
    findings.sort_by(|a, b| {
        (b.severity, a.rule, &a.subject, &a.message)
            .cmp(&(a.severity, b.rule, &b.subject, &b.message))
    });
    findings.dedup();
    findings
}

fn kpis(
    snapshot: &Snapshot,
    turn: &Turn,
    chain: &Chain,
    racks: &[RackSummary],
    operation: &Operation,
    economics: &EconomicsResult,
    stranded: &Stranded,
) -> Kpis {
    let year = YearPower::of(turn, chain);
    Kpis {
        tokens_per_s: turn.workload.tokens_per_s,
        usd_per_mtok: economics.usd_per_mtok.map(p10_p90),
        usd_per_gpu_h: economics.usd_per_gpu_h.map(p10_p90),
        tokens_per_j: economics.tokens_per_j,
        goodput_pct: operation.goodput * 100.0,
        sold_pct: operation.sold_share * 100.0,
        user_tok_s: turn.workload.user_tok_s,
        ttft_ms: turn.workload.ttft_s.map(|s| s * 1e3),
        pue: year.pue(),
        wue_l_kwh: operation.wue_l_kwh,
        facility_mw: chain.result.totals.source_w / 1e6,
        utility_mw: snapshot.plan.power.utility_mw,
        it_mw: turn.loads.iter().map(|l| l.electric.to_mw()).sum(),
        stranded_mw: stranded.total_mw,
        stranded_cause: stranded.causes.first().map(|c| c.cause.clone()).unwrap_or_default(),
        worst_inlet: worst_inlet(racks, turn),
        worst_loading: worst_loading(chain),
        capex_usd: economics.capex_usd,
        unpriced_items: economics.unpriced.len(),
        gpus: 0,
        errors: 0,
        warnings: 0,
    }
}

/// Headline with its P10 to P90.
const fn p10_p90(p: Percentiles) -> Band {
    Band::new(p.p10, p.base, p.p90)
}

fn worst_inlet(racks: &[RackSummary], turn: &Turn) -> Option<WorstInlet> {
    racks
        .iter()
        .filter(|r| r.kind != RackKind::Reserved)
        .filter_map(|r| Some((r.inlet_limit_c - r.inlet_c?, r)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, r)| WorstInlet {
            rack: r.id,
            name: r.name.clone(),
            inlet_c: r.inlet_c.unwrap_or(r.inlet_limit_c),
            limit_c: r.inlet_limit_c,
            error_k: intake_error_k(turn, r.id),
        })
}

/// Error bar of a rack's intake, in K.
fn intake_error_k(turn: &Turn, rack: ObjectId) -> f64 {
    let bar = turn.air.racks.iter().find(|r| r.object == Some(rack)).map(|r| r.intake_error_k);
    bar.unwrap_or_else(|| turn.air.intake_error_k().mean_k)
}

fn worst_loading(chain: &Chain) -> Option<WorstLoading> {
    let worst = chain
        .result
        .elements
        .iter()
        .filter(|e| !e.capacity_unit.is_empty())
        .max_by(|a, b| a.worst_of_limit().total_cmp(&b.worst_of_limit()))?;
    Some(WorstLoading {
        element: worst.name.clone(),
        normal_pct: worst.normal_of_limit() * 100.0,
        worst_pct: worst.worst_of_limit() * 100.0,
        outage: worst.worst_outage.clone(),
    })
}

fn busways(chain: &Chain) -> Vec<BuswayRoute> {
    chain
        .generated
        .busways
        .iter()
        .map(|b| BuswayRoute { name: b.name.clone(), feed: b.feed.clone(), area: b.area })
        .collect()
}

/// Energy at the design point. Heat of the chain's losses leaves the building by itself: electrical
/// rooms are not part of the modelled hall.
fn energy(snapshot: &Snapshot, turn: &Turn, chain: &Chain) -> EnergyBalance {
    let totals = &chain.result.totals;
    let rejected_w: f64 = turn.plant.loops.iter().map(|l| l.design.rejected_w).sum();
    let house_w = mechanical::house_w(snapshot, &turn.loads).unwrap_or(0.0);
    let balance = &turn.air.balance;
    // Fans, pumps and plant that no feed reaches give off nothing.
    let unpowered_w: f64 = chain
        .result
        .loads
        .iter()
        .filter(|l| l.kind != LoadKind::Rack && !l.served)
        .map(|l| l.p_w)
        .sum();
    EnergyBalance {
        in_w: totals.source_w,
        it_w: totals.rack_w,
        mechanical_w: totals.mechanical_w,
        electrical_loss_w: totals.loss_w,
        out_w: rejected_w
            + totals.loss_w
            + house_w
            + balance.heat_leaked_w
            + balance.heat_unplaced_w
            - unpowered_w,
    }
}
