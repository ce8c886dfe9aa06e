//! Behaviour of training: accounting kept, failures typed, slow links and storage felt.

use super::super::arch::Attention;
use super::super::device::Precision;
use super::super::reference::{h100, llama_70b};
use super::super::serving_types::WorkloadLimit;
use super::memory::memory;
use super::{
    ArchClass, Recompute, Sharding, TrainingCase, TrainingLayout, TrainingMethod, TrainingOptions,
    TrainingSoftware, solve_training,
};
use proptest::prelude::*;

fn training() -> TrainingCase {
    TrainingCase {
        device: h100(),
        model: llama_70b(),
        precision: Precision::Bf16,
        gpus: 256,
        sequence_tokens: 8192.0,
        global_batch: 512,
        recompute: None,
        layout: None,
        fabric_factor: 1.0,
        storage_read_byte_s: None,
        read_bytes_per_token: 4.0,
        options: TrainingOptions { class: ArchClass::Hopper, ..TrainingOptions::default() },
    }
}

#[test]
fn training_slows_with_oversubscription_and_starved_storage() {
    let base = solve_training(&training()).unwrap();
    let layout = Some(base.layout);
    let narrow = TrainingCase { fabric_factor: 0.05, layout, ..training() };
    let narrow = solve_training(&narrow).unwrap();
    assert!(narrow.step_s > base.step_s);
    let starved = TrainingCase { storage_read_byte_s: Some(1e4), layout, ..training() };
    let starved = solve_training(&starved).unwrap();
    assert_eq!(starved.limit, WorkloadLimit::Storage);
    let bytes = 512.0 * 8192.0 * 4.0;
    assert!((starved.step_s - bytes / 1e4).abs() < 1e-6 * starved.step_s);
}

#[test]
fn a_step_obeys_its_own_accounting() {
    let r = solve_training(&training()).unwrap();
    assert!((r.split.total() - r.step_s).abs() < 1e-9 * r.step_s);
    assert!((r.total_tok_s * r.step_s - 512.0 * 8192.0).abs() < 1e-3);
    assert!(r.mfu > 0.25 && r.mfu < 0.6, "{}", r.mfu);
    assert!((r.checkpoint_bytes - 12.0 * llama_70b().params().total()).abs() < 1.0);
}

#[test]
fn a_model_that_fits_in_no_layout_is_refused() {
    assert!(solve_training(&TrainingCase { gpus: 4, ..training() }).is_err());
}

fn stated(layout: TrainingLayout) -> TrainingCase {
    TrainingCase { layout: Some(layout), ..training() }
}

#[test]
fn the_bubble_is_stages_less_one_over_micro_batches_and_chunks() {
    let base = TrainingLayout { tensor: 8, pipeline: 8, data: 4, ..TrainingLayout::SINGLE };
    let shares = [1, 2, 5].map(|interleave| {
        let layout = TrainingLayout { interleave, ..base };
        let case = TrainingCase { recompute: Some(Recompute::Full), ..stated(layout) };
        let r = solve_training(&case).unwrap();
        // 512 sequences over 4 replicas: 128 micro-batches; sends grow with the chunks.
        let one = r.split.bubble * f64::from(interleave) / 7.0;
        assert!((one * 128.0 + r.split.bubble) / r.step_s > 0.97);
        r.split.bubble
    });
    assert!(shares[0] > shares[1] && shares[1] > shares[2], "{shares:?}");
}

#[test]
fn sharding_divides_what_it_says() {
    let of = |sharding| {
        let layout = TrainingLayout { tensor: 8, data: 32, sharding, ..TrainingLayout::SINGLE };
        memory(&training(), layout, Recompute::Full)
    };
    let none = of(Sharding::None);
    let params = llama_70b().params().total() / 8.0;
    assert!((none.optimiser - 12.0 * params).abs() < 1.0);
    assert!((of(Sharding::Optimiser).optimiser - none.optimiser / 32.0).abs() < 1.0);
    assert_eq!(of(Sharding::Optimiser).gradients, none.gradients);
    assert!((of(Sharding::Gradients).gradients - none.gradients / 32.0).abs() < 1.0);
    assert!((of(Sharding::Parameters).weights - none.weights / 32.0).abs() < 1.0);
}

#[test]
fn activations_are_korthikantis_for_a_plain_transformer() {
    // 34 s b h / t per layer with sequence parallelism, + 5 a s / h without recompute.
    let layout = TrainingLayout { tensor: 8, ..TrainingLayout::SINGLE };
    let mut case = TrainingCase { sequence_tokens: 2048.0, ..stated(layout) };
    case.model.attention =
        Attention::Gqa { heads: 64, kv_heads: 64, head_dim: 128, output_gate: false };
    (case.model.ffn, case.model.gated) = (4 * 8192, false);
    case.options.software = TrainingSoftware::megatron_2022(true);
    let unit = 2048.0 * 8192.0 / 8.0 * 80.0;
    let kept = memory(&case, layout, Recompute::Selective).activations;
    assert!((kept / (34.0 * unit) - 1.0).abs() < 1e-9, "{}", kept / unit);
    let all = memory(&case, layout, Recompute::None).activations;
    let scores = 5.0 * 64.0 * 2048.0 / 8192.0;
    assert!((all / ((34.0 + scores) * unit) - 1.0).abs() < 1e-9);
}

#[test]
fn context_parallelism_carries_sequences_that_do_not_fit() {
    let long = TrainingCase { sequence_tokens: 131_072.0, global_batch: 32, ..training() };
    let r = solve_training(&long).unwrap();
    assert!(r.layout.context > 1, "{}", r.layout.label());
    assert!(r.memory_bytes <= h100().memory_bytes);
}

#[test]
fn adapters_cost_two_thirds_and_fit_where_all_weights_do_not() {
    let few = TrainingCase { gpus: 8, global_batch: 8, ..training() };
    assert!(solve_training(&few).is_err());
    let mut adapters = TrainingCase { precision: Precision::Fp8, ..few };
    adapters.options.method = TrainingMethod::Lora { rank: 16 };
    let r = solve_training(&adapters).unwrap();
    assert!(r.memory.optimiser < 0.05 * r.memory.weights);
    let wide = TrainingCase { recompute: Some(Recompute::None), ..training() };
    let mut frozen = wide.clone();
    frozen.options.method = TrainingMethod::Lora { rank: 16 };
    let layout = Some(solve_training(&wide).unwrap().layout);
    let [all, some] = [wide, frozen]
        .map(|c| solve_training(&TrainingCase { layout, ..c }).unwrap().split.compute);
    assert!(some / all > 0.6 && some / all < 0.8, "{}", some / all);
}

#[test]
fn impossible_layouts_say_why() {
    let single = TrainingLayout::SINGLE;
    for (layout, why) in [
        (TrainingLayout { tensor: 0, ..single }, "at least 1"),
        (TrainingLayout { data: 512, ..single }, "more accelerators"),
        (TrainingLayout { pipeline: 81, ..single }, "more stages"),
        (TrainingLayout { pipeline: 8, interleave: 16, ..single }, "more chunks"),
        (TrainingLayout { expert: 2, data: 2, ..single }, "experts"),
    ] {
        let said = solve_training(&stated(layout)).unwrap_err().to_string();
        assert!(said.contains(why), "{said}");
    }
}

#[test]
fn hardware_counts_what_is_done_again_and_days_follow_the_rate() {
    let full = TrainingCase { recompute: Some(Recompute::Full), ..training() };
    let r = solve_training(&full).unwrap();
    assert!(r.hfu / r.mfu > 1.25 && r.hfu / r.mfu < 1.4, "{}", r.hfu / r.mfu);
    assert!((r.mfu * r.peak_flop_s / r.model_flop_s - 1.0).abs() < 1e-12);
    let days = r.days_to_train(1e12, 0.9);
    assert!((days * 86_400.0 * r.total_tok_s * 0.9 / 1e12 - 1.0).abs() < 1e-12);
    let hours = r.gpu_hours(1e12, 0.9);
    assert!((hours / (days * 24.0 * f64::from(r.layout.gpus())) - 1.0).abs() < 1e-12);
}

proptest! {
    #[test]
    fn absurd_jobs_fail_politely_or_answer_finitely(
        gpus in 0u32..100_000,
        sequence in prop::num::f64::ANY,
        batch in 0u32..100_000,
        factor in 0.0..1.5f64,
        storage in 0.0..1e13f64,
    ) {
        let case = TrainingCase {
            gpus,
            sequence_tokens: sequence,
            global_batch: batch,
            fabric_factor: factor,
            storage_read_byte_s: Some(storage),
            ..training()
        };
        if let Ok(r) = solve_training(&case) {
            prop_assert!(r.step_s.is_finite() && r.step_s > 0.0);
            prop_assert!(r.mfu > 0.0 && r.mfu <= 1.0);
            prop_assert!(r.layout.gpus() <= gpus);
        }
    }
}
