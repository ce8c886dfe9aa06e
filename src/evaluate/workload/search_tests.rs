//! Behaviour of the searches: limits kept, failures typed, order and repetition without effect.

use super::device::{Device, Precision};
use super::error::WorkloadError;
use super::reference::{b200, deepseek_v3, gb200, h100, llama_8b, llama_70b, llama_405b};
use super::search::solve_serving;
use super::serving_types::{
    ServingCase, ServingLayout, ServingMode, ServingPoint, ServingPrecision, Sla, Software,
    WorkloadLimit,
};
use proptest::prelude::*;

pub(super) fn serving() -> ServingCase {
    ServingCase {
        device: h100(),
        model: llama_70b(),
        precision: ServingPrecision::usual(Precision::Fp8),
        gpus: 8,
        input_tokens: 2000.0,
        output_tokens: 500.0,
        cached_prompt_fraction: 0.0,
        sla: Sla { ttft_s: Some(2.0), tpot_s: Some(0.04) },
        layout: None,
        batch: None,
        fabric_factor: 1.0,
        software: Software::default(),
        equal_lengths: false,
        mode: ServingMode::Aggregated,
    }
}

#[test]
fn the_chosen_point_keeps_the_service_level_and_memory() {
    let r = solve_serving(&serving()).unwrap();
    assert!(r.sla_met && r.point.tpot_s <= 0.04 && r.point.ttft_s <= 2.0);
    assert!(r.point.batch <= r.point.batch_fits && r.point.memory_utilisation <= 1.0);
    assert_eq!(r.replicas * r.point.gpus() + r.gpus_idle, 8);
    assert!((r.total_tok_s - r.point.replica_tok_s * f64::from(r.replicas)).abs() < 1e-9);
    assert!((r.point.split.total() - 1.0).abs() < 1e-9);
}

#[test]
fn a_tighter_service_level_never_gives_more_tokens() {
    let rate = |tpot: f64| {
        let sla = Sla { tpot_s: Some(tpot), ..serving().sla };
        solve_serving(&ServingCase { sla, ..serving() }).unwrap().total_tok_s
    };
    let rates: Vec<f64> = [0.015, 0.02, 0.03, 0.05, 0.1].map(rate).to_vec();
    assert!(rates.windows(2).all(|w| w[0] <= w[1]), "{rates:?}");
}

#[test]
fn the_front_is_not_dominated_and_holds_the_chosen_rate() {
    let r = solve_serving(&ServingCase { sla: Sla::default(), ..serving() }).unwrap();
    assert!(r.pareto.len() > 3);
    for pair in r.pareto.windows(2) {
        assert!(pair[0].user_tok_s <= pair[1].user_tok_s && pair[0].gpu_tok_s > pair[1].gpu_tok_s);
    }
    let best = r.pareto.iter().map(|p| p.gpu_tok_s).fold(0.0, f64::max);
    assert!(best >= r.point.gpu_tok_s * 0.999);
}

#[test]
fn more_memory_bandwidth_speeds_decode_and_a_throttled_clock_slows_prefill() {
    let fixed = ServingCase {
        layout: Some(ServingLayout { tensor: 4, ..ServingLayout::SINGLE }),
        batch: Some(8.0),
        ..serving()
    };
    let base = solve_serving(&fixed).unwrap().point;
    let wide = Device { memory_byte_s: 2.0 * h100().memory_byte_s, ..h100() };
    let wide = solve_serving(&ServingCase { device: wide, ..fixed.clone() }).unwrap().point;
    assert!(wide.tpot_s < 0.8 * base.tpot_s);
    let hot = Device { clock_factor: 0.5, ..h100() };
    let hot = solve_serving(&ServingCase { device: hot, ..fixed }).unwrap().point;
    // Half the clock doubles what arithmetic binds of a prefill (its links and launches keep their
    // speed), and hardly touches decoding.
    let prefill = |p: &ServingPoint| p.prefill_split.total();
    assert!(prefill(&hot) > 1.4 * prefill(&base), "{} {}", prefill(&hot), prefill(&base));
    assert!(hot.decode_split.total() < 1.2 * base.decode_split.total());
    assert!(hot.ttft_s > 1.2 * base.ttft_s && hot.tpot_s < 1.3 * base.tpot_s);
    assert!(hot.power_fraction < base.power_fraction);
}

#[test]
fn experts_spread_over_a_large_domain() {
    let case = ServingCase {
        device: gb200(),
        model: deepseek_v3(),
        precision: ServingPrecision::usual(Precision::Fp4),
        gpus: 72,
        sla: Sla { ttft_s: Some(3.0), tpot_s: Some(0.03) },
        ..serving()
    };
    let nvl72 = solve_serving(&case).unwrap();
    let hgx = Device { scale_up_domain: 8, ..gb200() };
    let hgx = solve_serving(&ServingCase { device: hgx, ..case }).unwrap();
    assert!(nvl72.point.layout.expert > 1, "{}", nvl72.point.layout.label());
    assert!(nvl72.total_tok_s >= hgx.total_tok_s);
}

#[test]
fn a_model_that_fits_nowhere_says_by_how_much() {
    let case = ServingCase {
        model: llama_405b(),
        precision: ServingPrecision::usual(Precision::Bf16),
        ..serving()
    };
    match solve_serving(&case).unwrap_err() {
        WorkloadError::DoesNotFit { needed_gb, have_gb, .. } => assert!(needed_gb > have_gb * 0.9),
        other => panic!("{other}"),
    }
}

#[test]
fn an_impossible_layout_says_why() {
    let layout = Some(ServingLayout { tensor: 16, ..ServingLayout::SINGLE });
    let error = solve_serving(&ServingCase { layout, ..serving() }).unwrap_err();
    assert!(error.to_string().contains("more accelerators than there are"));
}

#[test]
fn a_missed_service_level_still_yields_numbers() {
    let sla = Sla { ttft_s: None, tpot_s: Some(1e-4) };
    let r = solve_serving(&ServingCase { sla, ..serving() }).unwrap();
    assert!(!r.sla_met && r.total_tok_s > 0.0);
    assert_eq!(r.limit, WorkloadLimit::Sla);
    assert!(r.explanation.contains("no layout meets 0.100 ms TPOT; best is"), "{}", r.explanation);
}

#[test]
fn long_contexts_fill_memory() {
    let case = ServingCase {
        device: b200(),
        model: llama_8b(),
        input_tokens: 100_000.0,
        sla: Sla::default(),
        layout: Some(ServingLayout::SINGLE),
        ..serving()
    };
    let r = solve_serving(&case).unwrap();
    assert_eq!(r.limit, WorkloadLimit::MemoryCapacity);
    assert!(r.point.memory_utilisation > 0.9);
}

#[test]
fn answers_repeat_bit_for_bit_on_any_thread() {
    let once = solve_serving(&serving()).unwrap();
    let other = std::thread::spawn(|| solve_serving(&serving()).unwrap()).join().unwrap();
    assert_eq!(once, other);
}

proptest! {
    #[test]
    fn absurd_cases_fail_politely_or_answer_finitely(
        gpus in 0u32..100_000,
        input in prop::num::f64::ANY,
        output in 0.0..1e7f64,
        ttft in prop::num::f64::ANY,
        clock in -1.0..2.0f64,
        nic in 0.0..1e12f64,
        domain in 0u32..200,
    ) {
        let device = Device { clock_factor: clock, nic_byte_s: nic, scale_up_domain: domain, ..h100() };
        let sla = Sla { ttft_s: Some(ttft), tpot_s: None };
        let case = ServingCase { device, gpus, input_tokens: input, output_tokens: output, sla, ..serving() };
        if let Ok(r) = solve_serving(&case) {
            prop_assert!(r.total_tok_s.is_finite() && r.total_tok_s > 0.0);
            prop_assert!(r.point.tpot_s.is_finite() && r.point.ttft_s.is_finite());
            prop_assert!(r.point.power_fraction > 0.0 && r.point.power_fraction <= 1.0);
        }
    }
}
