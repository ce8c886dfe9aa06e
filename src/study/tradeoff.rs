//! Evaluating variants in the background: own threads, progress, cancel. Each variant is capped by
//! the limit that binds, and the limit is named.

use super::fit::{capped, compute_racks};
use super::variants::{Variant, variants};
use crate::catalog::Catalog;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::economics::EconomicsCase;
use crate::evaluate::result::{Kpis, Limit, Quality, Results};
use crate::evaluate::{EvaluateError, Evaluator};
use crate::plan::Plan;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// A variant, evaluated.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Place in the list of variants.
    pub index: usize,
    /// What is different.
    pub label: String,
    /// Name of the system.
    pub system: String,
    /// The plan as evaluated: compute racks beyond the cap are reserved.
    pub plan: Plan,
    /// Headline numbers.
    pub kpi: Kpis,
    /// What it was priced from, for a comparison on common samples.
    pub economics: Arc<EconomicsCase>,
    /// The limit that binds.
    pub binding: Limit,
    /// Why, in a sentence.
    pub reason: String,
    /// Compute racks that the limit leaves without power.
    pub capped_racks: usize,
}

/// How far a study is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// Variants evaluated, refused ones included.
    pub done: usize,
    /// Variants in all.
    pub total: usize,
    /// Whether no thread works any more.
    pub finished: bool,
    /// Time since the start, s; stands still once finished.
    pub seconds: f64,
}

struct Shared {
    total: AtomicUsize,
    next: AtomicUsize,
    done: AtomicUsize,
    running: AtomicUsize,
    finished: AtomicBool,
    wanted: Arc<AtomicU64>,
    outcomes: Mutex<Vec<Outcome>>,
    seconds: Mutex<(f64, Option<f64>)>,
}

/// A running or finished study.
pub struct Study {
    shared: Arc<Shared>,
    clock: Clock,
    workers: Vec<JoinHandle<()>>,
    of: Plan,
}

/// What the workers read.
struct Job {
    variants: Vec<Variant>,
    catalog: Arc<Catalog>,
    clock: Clock,
}

/// Revision for which the workers work; any other value cancels them.
const WANTED: u64 = 1;

impl Study {
    /// Starts evaluating the variants of a plan; `wake` is called after each.
    #[must_use]
    pub fn start(
        plan: &Plan,
        catalog: &Arc<Catalog>,
        threads: usize,
        clock: Clock,
        wake: impl Fn() + Clone + Send + 'static,
    ) -> Self {
        let variants = variants(plan, catalog);
        let threads = threads.clamp(1, variants.len().max(1));
        let shared = Arc::new(Shared {
            total: AtomicUsize::new(variants.len()),
            next: AtomicUsize::new(0),
            done: AtomicUsize::new(0),
            running: AtomicUsize::new(threads),
            finished: AtomicBool::new(false),
            wanted: Arc::new(AtomicU64::new(WANTED)),
            outcomes: Mutex::default(),
            seconds: Mutex::new((clock.now_s(), None)),
        });
        let job = Arc::new(Job { variants, catalog: Arc::clone(catalog), clock: clock.clone() });
        let workers = (0..threads).filter_map(|n| {
            let (shared, job, wake) = (Arc::clone(&shared), Arc::clone(&job), wake.clone());
            std::thread::Builder::new()
                .name(format!("study-{n}"))
                .spawn(move || work(&shared, &job, &wake))
                .ok()
        });
        let workers = workers.collect();
        Self { shared, clock, workers, of: plan.clone() }
    }

    /// Whether it is a study of this plan.
    #[must_use]
    pub fn is_of(&self, plan: &Plan) -> bool {
        self.of == *plan
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let (start, end) = *lock(&self.shared.seconds);
        Progress {
            done: self.shared.done.load(Ordering::Relaxed),
            total: self.shared.total.load(Ordering::Relaxed),
            finished: self.shared.finished.load(Ordering::Relaxed),
            seconds: end.unwrap_or_else(|| self.clock.now_s()) - start,
        }
    }

    /// What was found so far, in the order of the variants.
    #[must_use]
    pub fn outcomes(&self) -> Vec<Outcome> {
        lock(&self.shared.outcomes).clone()
    }

    /// Stops; what was found stays.
    pub fn cancel(&self) {
        self.shared.wanted.store(0, Ordering::Relaxed);
    }

    /// Waits until every variant is evaluated.
    pub fn wait(&mut self) {
        for worker in self.workers.drain(..) {
            let _ = worker.join();
        }
    }
}

impl Drop for Study {
    fn drop(&mut self) {
        self.cancel();
    }
}

/// The content, even after a panic elsewhere: it is only ever replaced as a whole or appended to.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(shared: &Shared, job: &Job, wake: &impl Fn()) {
    let mut evaluator = Evaluator::new(1, job.clock.clone());
    let cancel = CancelToken::new(Arc::clone(&shared.wanted), WANTED);
    while cancel.check().is_ok() {
        let index = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some(variant) = job.variants.get(index) else { break };
        // A variant that can not be evaluated at all is no alternative; the rest goes on.
        if let Ok(outcome) = evaluate(&mut evaluator, job, index, variant, &cancel) {
            let mut outcomes = lock(&shared.outcomes);
            let at = outcomes.partition_point(|o| o.index < index);
            outcomes.insert(at, outcome);
        }
        shared.done.fetch_add(1, Ordering::Relaxed);
        wake();
    }
    if shared.running.fetch_sub(1, Ordering::Relaxed) == 1 {
        lock(&shared.seconds).1 = Some(job.clock.now_s());
        shared.finished.store(true, Ordering::Relaxed);
        wake();
    }
}

/// Times that a variant's racks are cut before its figures are taken as they are.
const MAX_CUTS: usize = 3;

fn evaluate(
    evaluator: &mut Evaluator,
    job: &Job,
    index: usize,
    variant: &Variant,
    cancel: &CancelToken,
) -> Result<Outcome, EvaluateError> {
    let all = compute_racks(&variant.plan);
    let within = within_limits(evaluator, &job.catalog, &variant.plan, cancel)?;
    let cut = all - within.racks;
    let (binding, reason) = binding(&within.results, variant, within.by, cut);
    Ok(Outcome {
        index,
        label: variant.label.clone(),
        system: variant.system.clone(),
        plan: within.plan,
        economics: Arc::clone(&within.results.economics_case),
        kpi: within.results.kpi,
        binding,
        reason,
        capped_racks: cut,
    })
}

/// A plan cut to what its limits carry.
pub(super) struct Within {
    /// The plan as evaluated: compute racks beyond the limit are reserved.
    pub plan: Plan,
    /// Its results.
    pub results: Results,
    /// The limit that cut it first, and how far it was used with every rack, %.
    pub by: Option<(Limit, f64)>,
    /// Compute racks that are left.
    pub racks: usize,
}

/// Evaluates a plan, its racks cut until power, air and liquid carry them.
pub(super) fn within_limits(
    evaluator: &mut Evaluator,
    catalog: &Arc<Catalog>,
    plan: &Plan,
    cancel: &CancelToken,
) -> Result<Within, EvaluateError> {
    let mut keep = compute_racks(plan);
    let mut cut = plan.clone();
    let mut by: Option<(Limit, f64)> = None;
    let mut cuts = 0;
    let results = loop {
        let results = evaluator.evaluate(&cut, catalog, 0, Quality::Draft, cancel)?;
        let Some((limit, used_pct)) = overrun(&results) else { break results };
        if cuts == MAX_CUTS || keep <= 1 {
            break results;
        }
        cuts += 1;
        by = by.or(Some((limit, used_pct)));
        keep = ((keep as f64 * 100.0 / used_pct).floor() as usize).clamp(1, keep - 1);
        cut = capped(plan, keep);
    };
    Ok(Within { plan: cut, results, by, racks: keep })
}

/// The limit that is exceeded most among those that fewer racks would relieve.
fn overrun(results: &Results) -> Option<(Limit, f64)> {
    let relievable = [Limit::Power, Limit::Air, Limit::Liquid];
    results
        .bottleneck
        .uses
        .iter()
        .filter(|u| relievable.contains(&u.limit) && u.used_pct > 100.0)
        .max_by(|a, b| a.used_pct.total_cmp(&b.used_pct))
        .map(|u| (u.limit, u.used_pct))
}

fn binding(
    results: &Results,
    variant: &Variant,
    capped_by: Option<(Limit, f64)>,
    cut: usize,
) -> (Limit, String) {
    match capped_by {
        Some((limit, used)) => (
            limit,
            format!(
                "{} at {used:.0} % of its limit with every rack; reserved instead: {cut}",
                limit.label()
            ),
        ),
        None if variant.left_out > 0 => (
            Limit::Space,
            format!(
                "{} racks no longer fit their rows; {}",
                variant.left_out, results.bottleneck.reason
            ),
        ),
        None => (results.bottleneck.binding, results.bottleneck.reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fit::{compute_racks, with_system};
    use super::*;
    use crate::catalog::{SystemKey, load};
    use crate::format;
    const HALL: &str = include_str!("../../presets/enterprise-1mw.plan.ron");

    fn hall() -> (Plan, Arc<Catalog>) {
        let text = HALL;
        let opened = format::from_text(text).unwrap();
        let catalog = load::shipped().unwrap();
        (opened.plan, Arc::new(catalog.overlaid(&opened.embedded)))
    }

    #[test]
    fn variants_differ_from_the_plan_and_from_each_other() {
        let (plan, catalog) = hall();
        let all = variants(&plan, &catalog);
        assert!(all.len() > 10, "{}", all.len());
        let mut labels: Vec<&str> = all.iter().map(|v| v.label.as_str()).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), all.len());
        assert!(all.iter().all(|v| v.plan != plan));
    }

    #[test]
    fn wider_racks_never_overlap() {
        let (plan, catalog) = hall();
        for id in ["gb300_nvl72", "dgx_h100"] {
            let (next, left_out) = with_system(&plan, &catalog, &SystemKey::new(id), 1);
            let racks = &next.floor.racks;
            assert_eq!(compute_racks(&next) + left_out, compute_racks(&plan));
            for (i, a) in racks.iter().enumerate() {
                for b in &racks[i + 1..] {
                    assert!(!a.footprint().overlaps(&b.footprint()), "{} {}", a.name, b.name);
                }
            }
        }
    }

    #[test]
    fn a_cap_reserves_the_last_racks() {
        let (plan, _) = hall();
        let all = compute_racks(&plan);
        assert_eq!(compute_racks(&capped(&plan, all - 1)), all - 1);
        assert_eq!(capped(&plan, all), plan);
    }

    #[test]
    fn a_cancelled_study_ends_and_keeps_what_it_found() {
        let (plan, catalog) = hall();
        let mut study = Study::start(&plan, &catalog, 1, Clock::still(), || {});
        study.cancel();
        study.wait();
        let progress = study.progress();
        assert!(progress.finished);
        assert!(study.outcomes().len() <= progress.done);
    }
}
