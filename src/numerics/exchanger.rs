//! Effectiveness of heat exchangers against the number of transfer units (ε–NTU): dimensionless
//! formulas, free of any fluid.
//!
//! ```text
//! ε = q / q_max,  NTU = UA / C_min,  c = C_min / C_max
//! counter-flow    ε = (1 − exp(−NTU (1 − c))) / (1 − c exp(−NTU (1 − c))),  NTU / (1 + NTU) at c = 1   (1)
//! cross-flow      ε = 1/(c NTU) Σₙ [1 − e^(−NTU) Σ_{m≤n} NTUᵐ/m!] [1 − e^(−c NTU) Σ_{m≤n} (c NTU)ᵐ/m!]    (2)
//! ```
//! Both are exact; (2) is for both streams unmixed. The common closed approximation of (2) with
//! NTU^0.22 is up to 4 % off, for no gain in speed.
//! References: W. M. Kays, A. L. London, Compact Heat Exchangers, 3rd ed.; J. L. Mason, Heat
//! transfer in crossflow, Proc. 2nd US National Congress of Applied Mechanics (1955) 801–803.

use super::bracket::root_in;

/// Below this distance from 1 (or from 0 for the capacity ratio) the limit of the formula is used.
const RATIO_EPS: f64 = 1e-9;
/// Largest NTU that the inverses return: effectiveness is 1 to within rounding for any ratio of
/// practical interest.
const NTU_MAX: f64 = 200.0;
/// Largest NTU that the cross-flow inverse returns.
const CROSSFLOW_NTU_MAX: f64 = 50.0;
/// Most terms of (2); NTU plus a dozen times its root suffice.
const SERIES_MAX: i32 = 400;
/// Terms of (2) below this share of the sum are dropped; the terms only fall.
const SERIES_END: f64 = 1e-15;

/// Effectiveness of a counter-flow exchanger, (1). `ntu` ≥ 0, `ratio` = C_min / C_max in 0..=1.
#[must_use]
pub fn counterflow_effectiveness(ntu: f64, ratio: f64) -> f64 {
    if 1.0 - ratio < RATIO_EPS {
        return ntu / (1.0 + ntu);
    }
    let e = (-ntu * (1.0 - ratio)).exp();
    (1.0 - e) / (1.0 - ratio * e)
}

/// NTU at which a counter-flow exchanger reaches `effectiveness`, the inverse of (1); clamped to
/// the range 0..=200.
#[must_use]
pub fn counterflow_ntu(effectiveness: f64, ratio: f64) -> f64 {
    if effectiveness >= 1.0 {
        return NTU_MAX;
    }
    let ntu = if 1.0 - ratio < RATIO_EPS {
        effectiveness / (1.0 - effectiveness)
    } else {
        ((1.0 - effectiveness * ratio) / (1.0 - effectiveness)).ln() / (1.0 - ratio)
    };
    ntu.clamp(0.0, NTU_MAX)
}

/// Effectiveness of a cross-flow exchanger with both streams unmixed, (2).
#[must_use]
pub fn crossflow_effectiveness(ntu: f64, ratio: f64) -> f64 {
    let (hot, cold) = (ntu, ratio * ntu);
    if cold < RATIO_EPS {
        return 1.0 - (-ntu).exp();
    }
    let (exp_hot, exp_cold) = ((-hot).exp(), (-cold).exp());
    let (mut term_hot, mut term_cold) = (exp_hot, exp_cold);
    let (mut rest_hot, mut rest_cold) = (1.0 - exp_hot, 1.0 - exp_cold);
    let mut sum = rest_hot * rest_cold;
    for n in 1..SERIES_MAX {
        term_hot *= hot / f64::from(n);
        term_cold *= cold / f64::from(n);
        rest_hot -= term_hot;
        rest_cold -= term_cold;
        let next = rest_hot * rest_cold;
        sum += next;
        if next < SERIES_END * sum {
            break;
        }
    }
    sum / cold
}

/// NTU at which a cross-flow exchanger reaches `effectiveness`, the inverse of (2); 50 if none
/// does.
#[must_use]
pub fn crossflow_ntu(effectiveness: f64, ratio: f64) -> f64 {
    root_in(0.0, CROSSFLOW_NTU_MAX, 1e-12, |ntu| {
        crossflow_effectiveness(ntu, ratio) - effectiveness
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(serde::Deserialize)]
    struct Table {
        rows: Vec<Row>,
    }
    #[derive(serde::Deserialize)]
    struct Row {
        ntu: f64,
        cr: f64,
        effectiveness: f64,
    }

    #[test]
    fn counterflow_matches_the_exact_table() {
        let text = include_str!("../../tests/cases/plant/effectiveness_ntu.json");
        let table: Table = serde_json::from_str(text).unwrap();
        assert!(!table.rows.is_empty());
        for r in table.rows {
            let got = counterflow_effectiveness(r.ntu, r.cr);
            assert!((got - r.effectiveness).abs() < 1e-6, "{} {}: {got}", r.ntu, r.cr);
        }
    }

    /// The usual closed approximation (Incropera, table 11.3), an independent check of (2).
    fn crossflow_approximate(ntu: f64, c: f64) -> f64 {
        1.0 - (ntu.powf(0.22) / c * ((-c * ntu.powf(0.78)).exp() - 1.0)).exp()
    }

    #[test]
    fn crossflow_series_is_near_the_closed_approximation_and_exact_at_the_limit() {
        for ntu in [0.3, 1.0, 2.0, 3.5, 5.0] {
            for c in [0.1, 0.5, 0.8, 1.0] {
                let error = crossflow_approximate(ntu, c) / crossflow_effectiveness(ntu, c) - 1.0;
                assert!(error.abs() < 0.04, "{ntu} {c} {error}");
            }
            let condenser = crossflow_effectiveness(ntu, 0.0);
            assert!((condenser - (1.0 - (-ntu).exp())).abs() < 1e-12);
            assert!((crossflow_effectiveness(ntu, 1e-7) - condenser).abs() < 1e-6);
            assert!(crossflow_effectiveness(ntu, 0.7) < counterflow_effectiveness(ntu, 0.7));
        }
    }

    proptest! {
        #[test]
        fn inverses_undo_the_formulas(ntu in 0.01..8.0f64, ratio in 0.0..=1.0f64) {
            let e = counterflow_effectiveness(ntu, ratio);
            prop_assert!((0.0..1.0).contains(&e));
            prop_assert!((counterflow_ntu(e, ratio) / ntu - 1.0).abs() < 1e-6);
            let e = crossflow_effectiveness(ntu, ratio);
            prop_assert!((crossflow_effectiveness(crossflow_ntu(e, ratio), ratio) - e).abs() < 1e-9);
        }
    }
}
