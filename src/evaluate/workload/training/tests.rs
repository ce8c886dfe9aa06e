//! Behaviour of training: accounting kept, failures typed, slow links and storage felt.

use super::super::device::Precision;
use super::super::reference::{h100, llama_70b};
use super::super::serving_types::WorkloadLimit;
use super::{ArchClass, TrainingCase, TrainingOptions, solve_training};
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
