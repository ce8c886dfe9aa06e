//! Tests of the questions asked of a priced plan: bands, explanations, comparisons, flips.

use super::finance::npv;
use super::tests::case;
use super::*;
use proptest::prelude::*;

fn model() -> Model {
    Model::new(&case()).unwrap()
}

#[test]
fn every_headline_has_a_band_around_its_base() {
    let r = solve(&case()).unwrap();
    let found: Vec<Headline> = r.headlines.iter().map(|h| h.headline).collect();
    assert_eq!(found, Headline::ALL);
    for h in &r.headlines {
        assert_eq!(h.base, model().value(h.headline, &[]), "{h:?}");
        if let (Some(low), Some(middle), Some(high)) = (h.p10, h.p50, h.p90) {
            assert!(low < middle && middle < high, "{h:?}");
        }
        assert!((0.0..=1.0).contains(&h.exists), "{h:?}");
    }
    assert!(r.headlines.iter().all(|h| h.p50.is_some()), "{:?}", r.headlines);
}

#[test]
fn an_explanation_computes_its_headline_again() {
    for with_tax in [false, true] {
        let mut c = case();
        if let Some(i) = c.investment.as_mut().filter(|_| with_tax) {
            i.tax = Some(Tax { rate: Band::exact(0.25), write_off_years: 5.0 });
            i.phases = [0.0, 0.5].map(|at| Phase { start_years: at, share: 0.5 }).to_vec();
        }
        let m = Model::new(&c).unwrap();
        for headline in m.headlines() {
            let tree = m.explain(headline).unwrap();
            let (again, value) = (tree.evaluate(), m.value(headline, &[]).unwrap());
            assert!((again - value).abs() <= 1e-9 * value.abs(), "{headline:?}: {again} {value}");
            assert!((tree.nodes[tree.root()].value - value).abs() <= 1e-9 * value.abs());
            for (at, node) in tree.nodes.iter().enumerate() {
                assert!(node.parts.iter().all(|p| *p < at));
                assert!(node.parts.is_empty() == node.formula.is_empty(), "{node:?}");
            }
        }
    }
}

#[test]
fn a_tree_ends_in_priced_lines_with_sources() {
    let tree = model().explain(Headline::UsdPerMtok).unwrap();
    let servers = tree.nodes.iter().find(|n| n.name == "Servers, unit price").unwrap();
    assert_eq!((servers.value, servers.source.as_ref().unwrap().date.as_str()), (4e5, "2026"));
    let price = tree.nodes.iter().find(|n| n.input.as_deref() == Some("Electricity price"));
    assert_eq!(price.unwrap().unit, "$/kWh");
    assert!(tree.nodes[tree.root()].formula.contains('/'));
}

#[test]
fn an_input_knows_what_it_moves() {
    let m = model();
    let of = |input: &str| m.dependents(input);
    let tokens = of("Tokens per second");
    let found = |list: &[Dependence], h| list.iter().find(|d| d.headline == h).copied();
    let per_token = found(&tokens, Headline::UsdPerMtok).unwrap().elasticity.unwrap();
    assert!((per_token - (1.0 / 1.01 - 1.0) / 0.01).abs() < 1e-9);
    assert!(found(&tokens, Headline::UsdPerGpuH).is_none());
    let rent = of("Rental price");
    assert!(found(&rent, Headline::Npv).is_some() && found(&rent, Headline::AnnualUsd).is_none());
    assert!(of("no such input").is_empty());
}

#[test]
fn the_cash_flow_adds_up_to_its_present_value() {
    let r = solve(&case()).unwrap();
    let i = r.investment.unwrap();
    let flow: Vec<f64> = i.years.iter().map(|y| y.net_usd).collect();
    assert!((npv(0.09, &flow) - i.npv_usd).abs() < 1e-9 * r.capex_usd.base);
    let capital: f64 = i.years.iter().map(|y| y.capital_usd).sum();
    assert!((capital - r.capex_usd.base).abs() < 1e-9 * capital);
    // Four years of life, half of the first ramp of a quarter year lost.
    let lived: f64 = i.years.iter().map(|y| y.live_share).sum();
    assert!((lived - (4.0 - 0.125)).abs() < 1e-12);
    for y in &i.years {
        let sum = y.revenue_usd - y.running_usd - y.capital_usd + y.residual_usd - y.tax_usd;
        assert!((sum - y.net_usd).abs() < 1e-6);
        assert!(y.cumulative_p10_usd <= y.cumulative_p90_usd);
    }
    let last = i.years.last().unwrap().cumulative_usd;
    assert!((last - flow.iter().sum::<f64>()).abs() < 1e-6);
    for rate in &i.internal_rates {
        assert!(npv(*rate, &flow).abs() < 1e-6 * capital);
    }
}

#[test]
fn at_the_break_even_there_is_nothing_to_gain() {
    let m = model();
    let capex = m.value(Headline::CapexUsd, &[]).unwrap();
    let at = m.value(Headline::BreakEvenUtilisation, &[]).unwrap();
    let npv = m.value(Headline::Npv, &[("Utilisation", at)]).unwrap();
    assert!(npv.abs() < 1e-9 * capex, "{npv}");
    let level = m.value(Headline::BreakEvenPriceLevel, &[]).unwrap();
    let npv = m.value(Headline::Npv, &[("Rental price", 8.0 * level)]).unwrap();
    assert!(npv.abs() < 1e-9 * capex, "{npv}");
}

#[test]
fn input_and_output_share_the_cost_of_the_year() {
    let m = model();
    let of = |h| m.value(h, &[]).unwrap();
    let r = solve(&case()).unwrap();
    let output = r.tokens_year.unwrap() / 1e6;
    let (fresh, cached) = (output * 2.0, output * 2.0);
    let sum = of(Headline::UsdPerMtokInput) * fresh
        + of(Headline::UsdPerMtokCached) * cached
        + of(Headline::UsdPerMtokOutput) * output;
    assert!((sum - r.annual_usd).abs() < 1e-9 * r.annual_usd);
    let blended = of(Headline::UsdPerMtokBlended) * output * 5.0;
    assert!((blended - r.annual_usd).abs() < 1e-9 * r.annual_usd);
}

#[test]
fn a_dear_evening_costs_by_the_work_done_in_it() {
    let flat = solve(&case()).unwrap();
    let mut c = case();
    c.energy.tariff.periods.push(TariffPeriod {
        name: "on-peak".into(),
        days_share: 1.0,
        from_h: 12,
        hours: 6,
        factor: 2.0,
    });
    let even = solve(&c).unwrap();
    let energy = |r: &EconomicsResult| {
        r.waterfall.iter().find(|s| s.part == CostPart::Energy).unwrap().usd_year
    };
    assert!((energy(&even) / energy(&flat) - 1.25).abs() < 1e-12);
    c.energy.tariff.load_shape = Tariff::day_shape(1.3, 14.0);
    assert!(energy(&solve(&c).unwrap()) > energy(&even));
}

#[test]
fn a_rented_hall_is_compared_with_the_built_one() {
    let r = solve(&case()).unwrap();
    let c = r.colocation.unwrap();
    assert!((c.rent_usd_year - 170.0 * 450.0 * 12.0).abs() < 1e-6);
    let of_hall = |s: &&WaterfallStep| {
        matches!(
            s.part,
            CostPart::Capital(Subsystem::Power | Subsystem::Cooling | Subsystem::Building)
        )
    };
    let saved: f64 = r.waterfall.iter().filter(of_hall).map(|s| s.usd_year).sum();
    assert!((r.annual_usd - saved + c.rent_usd_year - c.annual_usd).abs() < 1e-6);
    assert!((c.capital_saved_usd - (600.0 * 500.0 + 500.0 * 3000.0)).abs() < 1e-6);
    assert!(c.cheaper_share < 0.5 && (c.annual_usd > r.annual_usd));
}

#[test]
fn what_two_variants_share_does_not_blur_their_difference() {
    let a = model();
    let mut dearer = case();
    dearer.production.tokens_per_s = Some(Band::around(3.6e5, 0.3, 1.0));
    let b = Model::new(&dearer).unwrap();
    let c = compare(&a, &b, Headline::UsdPerMtok).unwrap();
    // The same plan, a tenth slower: always dearer, though the two bands overlap widely.
    assert!(c.b_better == 0.0 && c.b_better_unshared > 0.3, "{c:?}");
    assert!(c.words.starts_with("A is almost certainly better"), "{}", c.words);
    assert!(c.shared.iter().any(|n| n == "Electricity price"));
    let same = compare(&a, &a, Headline::UsdPerMtok).unwrap();
    assert!(same.b_better == 0.5 && same.difference == [Some(0.0); 3]);
    let gain = compare(&b, &a, Headline::TokSPerMw).unwrap();
    assert!(gain.b_better == 1.0 && gain.words.starts_with("B is almost certainly"));
}

#[test]
fn the_smallest_flip_is_found_and_does_flip() {
    let a = model();
    let mut slower = case();
    slower.production.tokens_per_s = Some(Band::around(3.6e5, 0.3, 1.0));
    let b = Model::new(&slower).unwrap();
    let f = flips(&a, &b, Headline::UsdPerMtok).unwrap();
    assert!(!f.b_leads);
    let speed = f.flips.iter().find(|f| f.input == "Tokens per second").unwrap();
    assert!((speed.to - 4e5).abs() < 1.0 && (speed.percent.unwrap() - 100.0 / 9.0).abs() < 1e-3);
    assert!(speed.only_b && (speed.of_band.unwrap() - 1.0 / 9.0).abs() < 1e-3);
    assert!(f.words.contains("B beats A"), "{}", f.words);
    // A price that both pay does not change their order.
    assert!(f.flips.iter().all(|f| f.input != "Electricity price"));
    for flip in f.flips.iter().filter(|f| f.only_b) {
        let at = b.value(Headline::UsdPerMtok, &[(&flip.input, flip.to)]).unwrap();
        let of_a = a.value(Headline::UsdPerMtok, &[]).unwrap();
        assert!((at / of_a - 1.0).abs() < 1e-6, "{flip:?}");
    }
}

#[test]
fn where_nothing_flips_the_answer_says_so() {
    let a = model();
    let mut lost = case();
    lost.production.tokens_per_s = Some(Band::exact(1.0));
    let b = Model::new(&lost).unwrap();
    let f = flips(&a, &b, Headline::TokensPerS).unwrap();
    assert!(f.flips.is_empty() && f.words.starts_with("None alone"), "{}", f.words);
}

#[test]
fn a_loss_without_end_has_no_rate_and_no_payback() {
    let mut c = case();
    if let Some(i) = c.investment.as_mut() {
        i.revenue = Revenue::Rental(RentalPrice {
            usd_gpu_h: Band::exact(0.01),
            change_year: Band::exact(-0.5),
        });
        i.residual_it = Band::exact(0.0);
    }
    let r = solve(&c).unwrap();
    let i = r.investment.clone().unwrap();
    assert!(i.payback_years.is_none() && i.npv_usd < 0.0 && i.gains_share == 0.0);
    assert!(i.break_even_utilisation.is_none_or(|u| u > 1.0));
    let payback = r.headline(Headline::Payback).unwrap();
    assert!(payback.base.is_none() && payback.p50.is_none() && payback.exists == 0.0);
}

#[test]
fn a_map_reads_the_same_model() {
    let m = model();
    let axis = ("Utilisation", &[0.4, 0.6, 0.8][..]);
    let cells = m.map(Headline::UsdPerMtok, axis, ("Electricity price", &[0.05, 0.1])).unwrap();
    assert_eq!(cells.len(), 6);
    let set = [("Utilisation", 0.8), ("Electricity price", 0.05)];
    assert_eq!(cells[2], m.value(Headline::UsdPerMtok, &set));
    assert!(cells[0] > cells[1] && cells[3] > cells[0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn an_input_that_is_added_leaves_the_samples_of_others_be(usd in 1.0_f64..1e6) {
        let mut c = case();
        c.opex.push(OpexLine {
            item: "Something else".into(),
            basis: OpexBasis::PerYear(Band::around(usd, 0.5, 0.5)),
            source: "test".into(),
            date: "2026".into(),
        });
        let (with, without) = (solve(&c).unwrap(), solve(&case()).unwrap());
        let of = |r: &EconomicsResult| r.headline(Headline::TokSPerMw).copied();
        prop_assert_eq!(of(&with), of(&without));
        prop_assert!(with.annual_usd > without.annual_usd);
    }

    #[test]
    fn dearer_inputs_never_pay_better(k in 1.01_f64..3.0) {
        let m = model();
        for (name, base) in [("Electricity price", 0.08), ("Compute price", 128e5), ("Staff", 2e5)] {
            let dear = [(name, base * k)];
            prop_assert!(m.value(Headline::Npv, &dear) < m.value(Headline::Npv, &[]));
            let payback = m.value(Headline::Payback, &dear);
            prop_assert!(payback.is_none() || payback > m.value(Headline::Payback, &[]));
        }
    }
}
