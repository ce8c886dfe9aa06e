//! What serves the model, what is asked for, and what that does to dollars: the serving job of a
//! plan through the whole evaluation.

use crate::support::{evaluate, hall, not_finite};
use std::sync::Arc;
use tokenmill::evaluate::economics::Headline;
use tokenmill::evaluate::finding::Severity;
use tokenmill::evaluate::result::{Quality, Results};
use tokenmill::plan::{Deployment, Drafts, Job, Serving, ServingEngine};

/// The answer of a small hall that serves, after `change`.
fn answer(change: impl FnOnce(&mut Serving)) -> Results {
    let mut hall = hall("enterprise-1mw");
    let Job::Serving(job) = &mut Arc::make_mut(&mut hall.plan.workload).job else {
        panic!("the preset serves")
    };
    change(job);
    evaluate(&hall.plan, &hall.catalog, Quality::Draft, 1).unwrap()
}

fn usd(results: &Results, headline: Headline) -> f64 {
    results.economics.headline(headline).unwrap().base.unwrap()
}

#[test]
fn prompts_found_in_a_cache_make_input_cheaper() {
    let plain = answer(|_| ());
    let cached = answer(|job| job.cached_prompt_pct = 60.0);
    for headline in [
        Headline::UsdPerMtokInput,
        Headline::UsdPerMtokOutput,
        Headline::UsdPerMtokBlended,
        Headline::UsdPerMtok,
    ] {
        let (before, after) = (usd(&plain, headline), usd(&cached, headline));
        assert!(after < before, "{headline:?}: {before} to {after}");
    }
    let (computed, held) =
        (usd(&cached, Headline::UsdPerMtokInput), usd(&cached, Headline::UsdPerMtokCached));
    assert!(held < computed, "{held} {computed}");
    assert!(plain.economics.headline(Headline::UsdPerMtokCached).is_none());
}

#[test]
fn input_and_output_pay_for_everything_once() {
    for cached_pct in [0.0, 60.0] {
        let r = answer(|job| job.cached_prompt_pct = cached_pct);
        let mix = r.economics_case.production.mix.unwrap();
        // Prompts of 4,000 tokens and answers of 1,000, cached or not.
        assert!((mix.input_per_output - 4.0).abs() < 1e-9, "{}", mix.input_per_output);
        assert!((mix.cached_share - cached_pct / 100.0).abs() < 1e-12);
        let share = r.workload.groups[0].prefill_share.unwrap();
        assert!((mix.prefill_share.base - share).abs() < 1e-12 && share > 0.05 && share < 0.95);
        let computed = mix.input_per_output * (1.0 - mix.cached_share);
        let held = mix.input_per_output * mix.cached_share;
        let of_cached =
            r.economics.headline(Headline::UsdPerMtokCached).and_then(|h| h.base).unwrap_or(0.0);
        let sum = usd(&r, Headline::UsdPerMtokInput) * computed
            + of_cached * held
            + usd(&r, Headline::UsdPerMtokOutput);
        let all = usd(&r, Headline::UsdPerMtok);
        assert!((sum / all - 1.0).abs() < 1e-9, "{cached_pct} %: {sum} against {all}");
        let blended = usd(&r, Headline::UsdPerMtokBlended) * (1.0 + mix.input_per_output);
        assert!((blended / all - 1.0).abs() < 1e-9);
    }
}

#[test]
fn what_the_peak_asks_for_beyond_the_capacity_is_not_sold() {
    let even = answer(|job| (job.sold_pct, job.peak_to_mean) = (90.0, 1.0));
    let peaked = answer(|job| (job.sold_pct, job.peak_to_mean) = (90.0, 1.5));
    assert_eq!(even.kpi.sold_pct, 90.0);
    let day = peaked.workload.groups[0].day.as_ref().unwrap();
    let served: f64 = day.hours.iter().map(|h| h.utilisation.min(1.0)).sum::<f64>() / 24.0;
    assert!((peaked.kpi.sold_pct / 100.0 - served).abs() < 1e-9, "{}", peaked.kpi.sold_pct);
    assert!(peaked.kpi.sold_pct < 90.0);
    assert!(peaked.economics.tokens_year < even.economics.tokens_year);
    assert!(usd(&peaked, Headline::UsdPerMtok) > usd(&even, Headline::UsdPerMtok));
}

#[test]
fn the_ends_of_every_field_give_numbers() {
    for deployment in Deployment::ALL {
        for (engine, drafts) in [
            (ServingEngine::Sglang, None),
            (ServingEngine::Vllm, Some(Drafts { drafted: 16, accepted: 16.0 })),
            (ServingEngine::TensorRtLlm, Some(Drafts { drafted: 1, accepted: 0.0 })),
        ] {
            let r = answer(|job| {
                (job.cached_prompt_pct, job.engine, job.deployment) = (99.0, engine, deployment);
                (job.drafts, job.peak_to_mean, job.sold_pct) = (drafts, 24.0, 100.0);
            });
            assert!(not_finite(&r).is_empty(), "{engine:?} {deployment:?}: {:?}", not_finite(&r));
            assert!(r.workload.tokens_per_s.is_some(), "{engine:?} {deployment:?}");
        }
    }
}

#[test]
fn one_gpu_serves_or_says_why_not() {
    for deployment in Deployment::ALL {
        let mut hall = hall("enterprise-1mw");
        let Job::Serving(job) = &mut Arc::make_mut(&mut hall.plan.workload).job else {
            panic!("the preset serves")
        };
        job.deployment = deployment;
        let floor = Arc::make_mut(&mut hall.plan.floor);
        let computes = |r: &tokenmill::plan::Rack| {
            matches!(r.contents, tokenmill::plan::Contents::Compute { .. })
        };
        let first = floor.racks.iter().position(computes).unwrap();
        let keep = floor.racks[first].id;
        floor.racks.retain(|r| !computes(r) || r.id == keep);
        let mut catalog = hall.catalog.as_ref().clone();
        let systems: Vec<_> = catalog.systems.iter().cloned().collect();
        for system in systems {
            let mut one = system.as_ref().clone();
            one.spec.accelerator_count = 1;
            catalog.systems.insert(Arc::new(one));
        }
        for rack in &mut floor.racks {
            if let tokenmill::plan::Contents::Compute { count, .. } = &mut rack.contents {
                *count = 1;
            }
        }
        let r = evaluate(&hall.plan, &Arc::new(catalog), Quality::Draft, 1).unwrap();
        assert_eq!(r.workload.gpus, 1);
        let said = r.workload.findings.iter().any(|f| f.severity == Severity::Error);
        assert_ne!(r.workload.tokens_per_s.is_some(), said, "{deployment:?}: {:?}", r.findings);
        assert!(not_finite(&r).is_empty(), "{deployment:?}");
    }
}
