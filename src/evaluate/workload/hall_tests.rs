//! The workload stage on the shipped presets and on broken halls.

use super::from_plan::HallConditions;
use super::hall::WorkloadResult;
use super::solve_hall::solve_hall;
use crate::catalog::ModelKey;
use crate::catalog::load::shipped;
use crate::evaluate::finding::Severity;
use crate::evaluate::snapshot::{RackKind, Snapshot};
use crate::format::from_text;
use crate::plan::{
    Contents, Deployment, Drafts, Job, Plan, Precision, Serving, ServingEngine, Training,
    TrainingPreset,
};
use std::sync::Arc;

fn presets() -> Vec<(String, Plan)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/presets");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let text = std::fs::read_to_string(path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, from_text(&text).unwrap().plan)
        })
        .collect()
}

fn preset(name: &str) -> Plan {
    presets().into_iter().find(|(n, _)| n.starts_with(name)).unwrap().1
}

fn snapshot(plan: &Plan) -> Snapshot {
    Snapshot::resolve(plan, &shipped().unwrap()).unwrap()
}

fn solve(plan: &Plan) -> WorkloadResult {
    let s = snapshot(plan);
    solve_hall(&s, &HallConditions::planned(&s).unwrap())
}

fn rules(result: &WorkloadResult) -> Vec<&'static str> {
    result.findings.iter().map(|f| f.rule).collect()
}

fn job(plan: &mut Plan) -> &mut Serving {
    let Job::Serving(job) = &mut workload(plan).job else { panic!("a serving preset") };
    job
}

fn workload(plan: &mut Plan) -> &mut crate::plan::Workload {
    Arc::make_mut(&mut plan.workload)
}

#[test]
fn every_preset_delivers_tokens_without_errors() {
    for (name, plan) in presets() {
        let r = solve(&plan);
        let tokens = r.tokens_per_s.unwrap_or_else(|| panic!("{name}: {:?}", r.findings));
        for day in r.groups.iter().filter_map(|g| g.day.as_ref()) {
            println!(
                "{name}: peak {:?}, replicas {} of {:?} needed",
                day.peak().unwrap(),
                day.replicas,
                day.replicas_needed
            );
        }
        println!(
            "{name}: {} of {} GPUs, {:.0} tok/s ({:.1} per GPU), user {:?}, TTFT {:?}, goodput {:.3}, power {:.2}; {}",
            r.gpus_used,
            r.gpus,
            tokens.base,
            tokens.base / f64::from(r.gpus_used),
            r.user_tok_s,
            r.ttft_s,
            r.goodput,
            r.power_fraction,
            r.explanation
        );
        assert!(tokens.low > 0.0 && tokens.low < tokens.base && tokens.base < tokens.high);
        assert!(
            r.findings.iter().all(|f| f.severity < Severity::Error),
            "{name}: {:?}",
            r.findings
        );
        assert!(r.goodput > 0.8 && r.goodput <= 1.0, "{name}: {}", r.goodput);
        assert!(r.power_fraction > 0.3 && r.power_fraction <= 1.0);
        assert!(r.gpus_used <= r.gpus);
    }
}

#[test]
fn rates_per_gpu_lie_where_published_deployments_do() {
    let per_gpu = |name: &str| {
        let r = solve(&preset(name));
        r.tokens_per_s.unwrap().base / f64::from(r.gpus_used)
    };
    // H100, Llama 70B in BF16 training: 0.35-0.45 of 989 TFLOP/s is 800-1,050 tokens/s per GPU
    // (Llama 3 paper's MFU of 41-43 % at a larger size).
    let training = per_gpu("dgx-h100");
    assert!(training > 700.0 && training < 1100.0, "{training}");
    // NVL72, DeepSeek-R1 in FP4 with wide expert parallelism at 25-50 tokens/s/user: published
    // points run from 1,500 (2025, shared prefill) to 10,000 (2026, disaggregated) per GPU.
    let serving = per_gpu("gb200");
    assert!(serving > 1000.0 && serving < 10_000.0, "{serving}");
}

#[test]
fn hot_racks_slow_the_hall() {
    let plan = preset("gb200");
    let s = snapshot(&plan);
    let cool = HallConditions::planned(&s).unwrap();
    let mut hot = cool.clone();
    for rack in s.racks.iter().filter(|r| r.kind == RackKind::Compute) {
        hot.clocks.insert(rack.id, 0.6);
    }
    let (a, b) = (solve_hall(&s, &cool), solve_hall(&s, &hot));
    assert!(b.tokens_per_s.unwrap().base < a.tokens_per_s.unwrap().base);
    assert!(b.power_fraction < a.power_fraction);
}

#[test]
fn the_order_of_racks_does_not_matter() {
    let plan = preset("gb300");
    let mut turned = plan.clone();
    Arc::make_mut(&mut turned.floor).racks.reverse();
    assert_eq!(solve(&plan), solve(&turned));
}

#[test]
fn a_model_too_large_is_a_finding_and_no_tokens() {
    let mut plan = preset("enterprise");
    // One trillion parameters in 16 bits are 2 TB: more than one server of 1.4 TB holds.
    let keep = snapshot(&plan).racks.iter().find(|r| r.kind == RackKind::Compute).unwrap().id;
    Arc::make_mut(&mut plan.floor).racks.retain(|r| r.id == keep);
    for rack in &mut Arc::make_mut(&mut plan.floor).racks {
        let Contents::Compute { count, .. } = &mut rack.contents else { panic!("a compute rack") };
        *count = 1;
    }
    let w = workload(&mut plan);
    w.model = ModelKey::new("kimi_k2");
    w.precision = Precision::Bf16;
    let r = solve(&plan);
    assert!(rules(&r).contains(&"workload.does-not-fit"), "{:?}", r.findings);
    assert_eq!(r.tokens_per_s, None);
    assert_eq!(r.gpus_used, 0);
}

#[test]
fn an_impossible_service_level_is_a_finding_with_numbers() {
    let mut plan = preset("gb200");
    job(&mut plan).tpot_ms = 0.5;
    let r = solve(&plan);
    assert!(rules(&r).contains(&"workload.sla-missed"));
    assert!(r.tokens_per_s.unwrap().base > 0.0);
}

#[test]
fn an_empty_hall_delivers_nothing() {
    let mut plan = preset("gb200");
    Arc::make_mut(&mut plan.floor).racks.clear();
    let r = solve(&plan);
    assert_eq!(r.tokens_per_s, None);
    assert_eq!(rules(&r), ["workload.no-accelerators"]);
    assert_eq!(r.goodput, 0.0);
}

#[test]
fn adapters_train_sooner_and_time_follows_the_goodput() {
    let mut plan = preset("gb200");
    let job = |preset: TrainingPreset| Job::Training(preset.job());
    workload(&mut plan).job = job(TrainingPreset::FineTuning);
    let full = snapshot(&plan);
    let conditions = HallConditions::planned(&full).unwrap();
    let all = solve_hall(&full, &conditions);
    let rate = all.tokens_per_s.unwrap().base * all.goodput;
    let days = all.days_to_train(1e9, 1.0).unwrap();
    assert!((days * 86_400.0 * rate / 1e9 - 1.0).abs() < 1e-12);
    // Same step, adapters instead of all weights.
    let Job::Training(mut same) = job(TrainingPreset::FineTuning) else { panic!() };
    same.adapter_rank = Some(16);
    workload(&mut plan).job = Job::Training(same);
    let adapters = solve_hall(&snapshot(&plan), &conditions);
    assert!(adapters.days_to_train(1e9, 1.0).unwrap() < days);
    let failures = all.job.unwrap();
    assert_eq!(failures.blast_gpus, 72);
    assert!(failures.size_share < 1.0 && failures.running_share < 1.0);
    assert!((failures.size_share * failures.running_share - all.goodput).abs() < 1e-12);
}

#[test]
fn slow_storage_costs_a_training_job_goodput() {
    let mut plan = preset("gb200");
    workload(&mut plan).job = Job::Training(Training {
        sequence_tokens: 4096,
        batch_tokens: 16 << 20,
        scheduled_pct: 90.0,
        adapter_rank: None,
        tokens: None,
    });
    let s = snapshot(&plan);
    let fast = HallConditions {
        storage_write_byte_s: Some(1e12),
        storage_read_byte_s: Some(1e12),
        ..HallConditions::planned(&s).unwrap()
    };
    let slow = HallConditions { storage_write_byte_s: Some(5e9), ..fast.clone() };
    let (a, b) = (solve_hall(&s, &fast), solve_hall(&s, &slow));
    assert!(a.goodput > b.goodput, "{} {}", a.goodput, b.goodput);
    assert!(b.checkpoint_interval_s.unwrap() > a.checkpoint_interval_s.unwrap());
    assert!(a.checkpoint_bytes > 1e12);
}

#[test]
fn what_serves_the_model_reaches_the_case() {
    use super::serving_types::{Engine, ServingMode, Speculation};
    let mut plan = preset("gb200");
    let set = job(&mut plan);
    set.cached_prompt_pct = 40.0;
    set.engine = ServingEngine::Sglang;
    set.deployment = Deployment::Better;
    set.drafts = Some(Drafts { drafted: 2, accepted: 1.5 });
    let (s, set) = (snapshot(&plan), job(&mut plan).clone());
    let conditions = HallConditions::planned(&s).unwrap();
    let group = &super::from_plan::groups(&s, &conditions)[0];
    let device = super::from_plan::device(group, 1.0).unwrap();
    let case = super::from_plan::serving_case(&s, &conditions, group, device, &set);
    assert_eq!(case.cached_prompt_fraction, 0.4);
    assert_eq!(case.software.engine, Engine::Sglang);
    assert_eq!(case.software.speculation, Some(Speculation { depth: 2, accepted: 1.5 }));
    assert_eq!(case.mode, ServingMode::Either);
}

#[test]
fn a_cache_and_drafts_give_more_tokens() {
    let tokens = |change: fn(&mut Serving)| {
        let mut plan = preset("gb200");
        change(job(&mut plan));
        solve(&plan).tokens_per_s.unwrap().base
    };
    let plain = tokens(|_| ());
    let cached = tokens(|job| job.cached_prompt_pct = 60.0);
    assert!(cached > plain, "{plain} {cached}");
    let drafted = tokens(|job| job.drafts = Some(Drafts { drafted: 1, accepted: 0.85 }));
    assert!(drafted > plain, "{plain} {drafted}");
    let wasted = tokens(|job| job.drafts = Some(Drafts { drafted: 4, accepted: 0.0 }));
    assert!(wasted < plain, "drafts that nobody accepts cost: {plain} {wasted}");
}

#[test]
fn impossible_settings_are_findings_and_no_numbers() {
    let refused = |change: fn(&mut Serving), words: &str| {
        let mut plan = preset("enterprise");
        change(job(&mut plan));
        let r = solve(&plan);
        let said = r.findings.iter().find(|f| f.rule == "workload.bad-input");
        assert!(said.unwrap().message.contains(words), "{:?}", r.findings);
        assert_eq!(r.tokens_per_s, None);
        assert!(r.groups.iter().all(|g| g.day.is_none() && g.prefill_share.is_none()));
    };
    refused(|job| job.cached_prompt_pct = 100.0, "cached_prompt_fraction is 1");
    refused(
        |job| job.drafts = Some(Drafts { drafted: 1, accepted: 2.0 }),
        "speculation.accepted is 2, must be between 0 and 1",
    );
    refused(|job| job.drafts = Some(Drafts { drafted: 0, accepted: 0.0 }), "depth is 0");
}

#[test]
fn a_peak_beyond_the_capacity_is_told_with_the_replicas_that_would_do() {
    let mut plan = preset("enterprise");
    assert!(!rules(&solve(&plan)).contains(&"workload.peak-exceeds-capacity"));
    (job(&mut plan).sold_pct, job(&mut plan).peak_to_mean) = (90.0, 1.5);
    let r = solve(&plan);
    let found = r.findings.iter().find(|f| f.rule == "workload.peak-exceeds-capacity").unwrap();
    let day = r.groups[0].day.as_ref().unwrap();
    assert!(found.message.contains("135 %"), "{}", found.message);
    assert_eq!(found.value, day.replicas_needed.map(f64::from));
    assert!(day.replicas_needed.unwrap() > day.replicas && day.sold_share < 0.9);
}
