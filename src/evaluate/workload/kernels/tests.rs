//! What the shipped laws promise: measurements reproduced, sizes ordered, any device served.

use super::super::device::Precision;
use super::super::reference::{b200, gb200, h100};
use super::fit::{self, FitError};
use super::*;

macro_rules! sample {
    ($name:literal) => {
        ($name, include_str!(concat!("../../../../tests/cases/workload/kernels/", $name)))
    };
}

const SAMPLE: [(&str, &str); 7] = [
    sample!("ops_gemm.csv"),
    sample!("ops_attention_decode.csv"),
    sample!("ops_attention_prefill.csv"),
    sample!("ops_mla.csv"),
    sample!("ops_moe.csv"),
    sample!("ops_collectives.csv"),
    sample!("ops_deepep_all_to_all.csv"),
];

fn files(named: &[(&str, &str)]) -> Vec<(String, String)> {
    named.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect()
}

fn heads(query: f64, cache: f64) -> Heads {
    Heads { query, cache, width: 128.0 }
}

/// Parts of which only a data sheet is known.
fn strangers() -> Vec<Device> {
    let part = |name: &str, bf16, fp8, fp4, memory_byte_s, scale_up_byte_s| Device {
        name: name.into(),
        bf16_flop_s: bf16,
        fp8_flop_s: fp8,
        fp4_flop_s: fp4,
        memory_byte_s,
        scale_up_byte_s,
        ..h100()
    };
    vec![
        part("A100 SXM", 312e12, None, None, 2.04e12, 300e9),
        part("L40S", 362e12, Some(733e12), None, 0.864e12, 0.0),
        part("MI300X", 1307e12, Some(2615e12), None, 5.3e12, 448e9),
        part("MI355X", 2300e12, Some(4600e12), Some(9200e12), 8.0e12, 537e9),
        part("R200", 4e15, Some(17.5e15), Some(35e15), 22e12, 1800e9),
    ]
}

/// Every operation at one size, as (name, time).
fn everything(d: &Device, rows: f64) -> Vec<(&'static str, KernelTime)> {
    let k = Kernels::shipped();
    let (fp8, half) = (Precision::Fp8, Precision::Bf16);
    let experts = |skewed, ranks| ExpertShape {
        tokens: rows,
        hidden: 7168.0,
        inter: 2048.0,
        top_k: 8.0,
        experts: 256.0,
        ranks,
        skewed,
    };
    let exchange = |nodes: f64| ExchangeShape {
        ranks: 8.0 * nodes,
        nodes,
        tokens: rows,
        hidden: 7168.0,
        top_k: 8.0,
        experts: 256.0,
    };
    vec![
        ("gemm 16", k.gemm(d, half, rows, 8192.0, 8192.0)),
        ("gemm 8", k.gemm(d, fp8, rows, 28672.0, 8192.0)),
        ("gemm 8 block", k.gemm(d, Format::Fp8Block, rows, 4096.0, 7168.0)),
        ("gemm 4", k.gemm(d, Precision::Fp4, rows, 8192.0, 28672.0)),
        ("gemm narrow", k.gemm(d, half, rows, 256.0, 7168.0)),
        ("experts 8", k.experts(d, Format::Fp8Block, &experts(false, 8.0))),
        ("experts 4", k.experts(d, Precision::Fp4, &experts(true, 8.0))),
        ("experts 4 in 16", k.experts(d, Format::Fp4Weights, &experts(true, 1.0))),
        ("decode", k.decode_attention(d, half, rows, heads(8.0, 1.0), 4096.0)),
        ("decode 8", k.decode_attention(d, fp8, rows, heads(64.0, 8.0), 1000.0)),
        ("context", k.decode_attention(d, fp8, 16.0, heads(32.0, 4.0), rows)),
        ("prefill", k.prefill_attention(d, half, 1.0, (rows, 0.0), heads(32.0, 8.0))),
        ("chunk", k.prefill_attention(d, fp8, 1.0, (rows, 8192.0), heads(8.0, 1.0))),
        ("mla decode", k.mla_decode(d, half, rows, 128.0, 4096.0)),
        ("mla prefill", k.mla_prefill(d, fp8, 1.0, (rows, 0.0), 16.0)),
        ("all-reduce", k.all_reduce(d, 8.0, rows * 16384.0)),
        ("all-gather", k.all_gather(d, 8.0, rows * 16384.0)),
        ("reduce-scatter", k.reduce_scatter(d, 4.0, rows * 16384.0)),
        ("all-to-all", k.all_to_all(d, 8.0, rows * 16384.0)),
        ("dispatch", k.deepep_dispatch(d, &exchange(1.0), true)),
        ("combine", k.deepep_combine(d, &exchange(4.0), true)),
        ("dispatch, prefill", k.deepep_dispatch(d, &exchange(2.0), false)),
        ("combine, prefill", k.deepep_combine(d, &exchange(1.0), false)),
    ]
}

#[test]
fn the_asset_can_be_read_and_is_what_the_fit_writes() {
    let laws = KernelLaws::read(SHIPPED).unwrap();
    assert!(Kernels::new(&laws).is_ok());
    assert_eq!(laws.write().unwrap(), SHIPPED);
    assert!(laws.laws.len() > 40 && !laws.provenance.is_empty());
}

#[test]
fn laws_hold_on_shapes_that_they_were_not_fitted_to() {
    for (class, most) in [
        (Class::Gemm, 0.08),
        (Class::DecodeAttention, 0.05),
        (Class::PrefillAttention, 0.05),
        (Class::Experts, 0.12),
        (Class::SkewedExperts, 0.12),
        (Class::CustomAllReduce, 0.12),
        (Class::AllReduce, 0.12),
        (Class::AllGather, 0.12),
        (Class::ReduceScatter, 0.12),
        (Class::AllToAll, 0.12),
    ] {
        let laws = Kernels::shipped().laws().iter().filter(|l| l.class == class);
        let (sum, count) = laws.fold((0.0, 0.0), |(sum, count), l| {
            (sum + l.error_median * l.timings as f64, count + l.timings as f64)
        });
        assert!(sum / count < most, "{class:?}: {}", sum / count);
    }
}

#[test]
fn measurements_are_reproduced() {
    let scores = fit::check(&files(&SAMPLE), Kernels::shipped()).unwrap();
    assert_eq!(scores.len(), Class::ALL.len());
    for (class, errors) in scores {
        assert!(errors.median < 0.12, "{class:?}: {errors:?}");
    }
}

#[test]
fn more_rows_are_never_much_faster() {
    for device in [h100(), b200(), gb200()].into_iter().chain(strangers()) {
        let mut before = everything(&device, 1.0);
        let mut rows = 1.0;
        while rows < 40_000.0 {
            rows *= 1.25;
            let now = everything(&device, rows);
            for ((name, old), (_, new)) in before.iter().zip(&now) {
                let ratio = new.total() / old.total();
                assert!(ratio > 0.9, "{} {name} at {rows}: {ratio}", device.name);
            }
            before = now;
        }
    }
}

#[test]
fn a_data_sheet_is_enough_for_every_operation() {
    for device in strangers() {
        for rows in [1.0, 100.0, 20_000.0] {
            for (name, time) in everything(&device, rows) {
                let t = time.total();
                let parts = [time.compute_s, time.memory_s, time.link_s, time.overhead_s];
                assert!(parts.iter().all(|p| *p >= 0.0), "{name}: {time:?}");
                assert!(t > 1e-6 && t < 10.0, "{} {name} at {rows}: {t}", device.name);
            }
        }
    }
}

#[test]
fn large_products_approach_the_peak_of_any_device_but_never_pass_it() {
    for device in [h100(), b200(), gb200()].into_iter().chain(strangers()) {
        for precision in [Precision::Bf16, Precision::Fp8, Precision::Fp4] {
            let t = Kernels::shipped().gemm(&device, precision, 16_384.0, 16_384.0, 16_384.0);
            let share = 2.0 * 16_384f64.powi(3) / device.flop_s(precision) / t.total();
            assert!(share > 0.25 && share < 0.95, "{} {precision:?}: {share}", device.name);
            assert!(t.compute_s > 0.9 * t.total() && t.memory_s == 0.0);
        }
    }
}

#[test]
fn nothing_to_do_takes_no_time() {
    let (k, d) = (Kernels::shipped(), h100());
    assert_eq!(k.gemm(&d, Precision::Bf16, 0.0, 4096.0, 4096.0), KernelTime::default());
    assert_eq!(k.gemm(&d, Precision::Bf16, f64::NAN, 4096.0, 4096.0), KernelTime::default());
    assert_eq!(k.all_reduce(&d, 1.0, 1e6), KernelTime::default());
    assert_eq!(k.mla_decode(&d, Precision::Fp8, 1.0, 0.0, 5.0), KernelTime::default());
    assert_eq!(k.gemm(&d, Precision::Bf16, 1e300, 1e300, 1e300), KernelTime::default());
}

#[test]
fn a_time_says_how_it_is_founded() {
    let k = Kernels::shipped();
    let h200 = Device { name: "NVIDIA H200 SXM".into(), memory_byte_s: 4.8e12, ..h100() };
    let of = |d: &Device, p: Precision| k.basis(d, Class::Gemm, p);
    assert_eq!(of(&h100(), Precision::Fp8), Basis::Measured);
    assert_eq!(of(&h200, Precision::Fp8), Basis::SameClass);
    assert_eq!(of(&h200, Precision::Fp4), Basis::Extrapolated);
    assert_eq!(of(&b200(), Precision::Fp4), Basis::Measured);
    for stranger in strangers() {
        assert_eq!(of(&stranger, Precision::Bf16), Basis::Extrapolated);
    }
}

#[test]
fn a_broken_asset_is_an_error_not_a_panic() {
    assert!(matches!(KernelLaws::read("(grids: 3)"), Err(KernelLawError::Syntax { .. })));
    let mut laws = KernelLaws::shipped();
    laws.laws[0].corrections[0].pop();
    assert!(matches!(Kernels::new(&laws), Err(KernelLawError::Mismatch { .. })));
    laws.laws.retain(|l| l.class == Class::Gemm);
    laws.laws.remove(0);
    assert!(matches!(Kernels::new(&laws), Err(KernelLawError::Missing(_))));
}

/// Rows as a kernel of 80 % of peak, 90 % of bandwidth and 4 µs would give them.
fn synthetic() -> String {
    let mut text = "system,gemm_dtype,m,n,k,latency_ms\n".to_owned();
    for m in [1.0f64, 16.0, 64.0, 256.0, 1024.0, 4096.0, 16384.0] {
        for (n, k) in [(4096.0, 4096.0), (8192.0, 2048.0), (2048.0, 8192.0), (16384.0, 16384.0)] {
            let compute = 2.0 * m * n * k / 989e12 / 0.8;
            let memory = 2.0 * (n * k + m * k + m * n) / 3.35e12 / 0.9;
            let t = 4e-6 + (compute.powi(4) + memory.powi(4)).powf(0.25);
            text += &format!("h100_sxm,bfloat16,{m},{n},{k},{:.9}\n", t * 1e3);
        }
    }
    text
}

#[test]
fn a_fit_finds_the_law_that_made_the_timings() {
    let made = fit::fit(
        &files(&[("my_gemm.csv", &synthetic())]),
        &KernelLaws::shipped(),
        &["synthetic".to_owned()],
    )
    .unwrap();
    let ours = |l: &&Law| {
        l.class == Class::Gemm && l.format == Format::Bf16 && l.architecture == Architecture::Hopper
    };
    let law = made.laws.laws.iter().find(ours).unwrap();
    assert!((law.compute_share - 0.8).abs() < 0.01, "{law:?}");
    assert!((law.stream_share - 0.9).abs() < 0.01, "{law:?}");
    assert!((law.overhead_us - 4.0).abs() < 0.1, "{law:?}");
    assert!(made.scores[0].shape_out.median < 0.01, "{:?}", made.scores);
    // Laws without fresh timings stay as they were.
    assert_eq!(made.laws.laws.len(), KernelLaws::shipped().laws.len());
    assert_eq!(made.kept.len(), Class::ALL.len() - 1);
    assert!(Kernels::new(&made.laws).is_ok());
}

#[test]
fn the_same_timings_give_the_same_bytes_on_any_number_of_threads() {
    let refit = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let files = files(&[("gemm.csv", &synthetic())]);
        let fitted = pool.install(|| fit::fit(&files, &KernelLaws::default(), &[])).unwrap();
        fitted.laws.write().unwrap()
    };
    assert_eq!(refit(1), refit(4));
}

#[test]
fn mistakes_in_a_file_are_named_with_their_place() {
    let complaint = |name: &str, text: &str| -> String {
        let files = files(&[(name, text)]);
        let error: FitError = fit::fit(&files, &KernelLaws::default(), &[]).unwrap_err();
        error.to_string()
    };
    let head = "system,gemm_dtype,m,n,k,latency_ms\n";
    let with = |row: &str| complaint("gemm.csv", &format!("{head}{row}\n"));
    let said = with("h100_sxm,bfloat16,1,4096,4096,-3");
    assert_eq!(said, "gemm.csv, row 2, column `latency_ms`: `-3` is not a number above 0");
    assert!(with("h100_sxm,int3,1,4096,4096,1").contains("`int3` is not one of bfloat16"));
    assert!(with("tpu,bfloat16,1,4096,4096,1").contains("column `system`: `tpu`"));
    assert!(with("h100_sxm,bfloat16,1,4096,1").contains("5 values under 6 columns"));
    assert!(with("h100_sxm,bfloat16,1,4096,4096,1").contains("1 timings, at least 12"));
    assert!(complaint("gemm.csv", "system,m\nh100_sxm,1\n").contains("no column `gemm_dtype`"));
    assert!(complaint("other.csv", head).contains("the name must contain one of gemm"));
    assert_eq!(complaint("gemm.csv", head), "no timings");
}
