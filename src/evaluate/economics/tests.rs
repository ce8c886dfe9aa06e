//! Tests of the whole stage, published cross-checks among them.

use super::finance::capital_recovery_factor;
use super::*;
use proptest::prelude::*;

fn line(subsystem: Subsystem, item: &str, quantity: f64, price: Option<Band>) -> CapexLine {
    CapexLine {
        subsystem,
        item: item.into(),
        quantity,
        unit: "piece".into(),
        unit_price_usd: price,
        source: "test".into(),
        date: "2026".into(),
    }
}

pub(super) fn case() -> EconomicsCase {
    EconomicsCase {
        capex: vec![
            line(Subsystem::Compute, "Servers", 32.0, Some(Band::around(4e5, 0.15, 0.15))),
            line(Subsystem::Network, "Switches", 12.0, Some(Band::around(5e4, 0.2, 0.4))),
            line(Subsystem::Network, "Optics", 768.0, Some(Band::around(900.0, 0.2, 0.4))),
            line(Subsystem::Power, "UPS", 600.0, Some(Band::around(500.0, 0.25, 0.6))),
            line(Subsystem::Building, "Hall", 500.0, Some(Band::around(3000.0, 0.25, 0.6))),
        ],
        opex: vec![
            OpexLine {
                item: "Staff".into(),
                basis: OpexBasis::PerYear(Band::around(2e5, 0.2, 0.2)),
                source: "test".into(),
                date: "2026".into(),
            },
            OpexLine {
                item: "Maintenance".into(),
                basis: OpexBasis::ShareOfCapex {
                    subsystem: Subsystem::Power,
                    share: Band::around(0.03, 0.3, 0.3),
                },
                source: "test".into(),
                date: "2026".into(),
            },
        ],
        energy: Energy {
            facility_at_load_kw: Band::around(560.0, 0.1, 0.15),
            idle_power_share: 0.4,
            peak_kw: 600.0,
            it_share: 0.8,
            price_usd_kwh: Band::around(0.08, 0.4, 0.8),
            demand_usd_kw_month: Band::exact(10.0),
            tariff: Tariff::flat(),
        },
        water: Water { wue_l_kwh: 0.5, price_usd_m3: Band::exact(3.0) },
        carbon: Carbon {
            grid_g_kwh: Band::exact(370.0),
            embodied_t: Some(Band::exact(40.0)),
            price_usd_t: Band::exact(0.0),
        },
        financing: Financing::Annuity { wacc: Band::new(0.06, 0.09, 0.14) },
        class_rates: ClassRates::default(),
        lives: AssetLives {
            it: Band::new(3.0, 4.0, 6.0),
            network: Band::new(3.0, 5.0, 7.0),
            plant: Band::exact(14.0),
            building: Band::exact(20.0),
        },
        production: Production {
            gpus: 256,
            sold_share: Band::new(0.4, 0.65, 0.85),
            availability: Band::exact(0.97),
            tokens_per_s: Some(Band::around(4e5, 0.3, 1.0)),
            mix: Some(TokenMix {
                input_per_output: 4.0,
                cached_share: 0.5,
                cached_cost_ratio: 0.1,
                prefill_share: Band::new(0.3, 0.4, 0.5),
            }),
        },
        investment: Some(Investment {
            discount_rate: Band::exact(0.09),
            revenue: Revenue::Rental(RentalPrice {
                usd_gpu_h: Band::new(6.0, 8.0, 9.0),
                change_year: Band::new(-0.4, -0.2, -0.1),
            }),
            phases: vec![Phase { start_years: 0.0, share: 1.0 }],
            ramp_years: 0.25,
            residual_it: Band::new(0.0, 0.1, 0.25),
            tax: None,
        }),
        colocation: Some(Colocation { usd_kw_month: Band::new(120.0, 170.0, 220.0), it_kw: 450.0 }),
        sources: Vec::new(),
        sampling: Sampling::LIVE,
    }
}

#[test]
fn the_parts_add_up_to_the_whole() {
    let r = solve(&case()).unwrap();
    let by_part: f64 = r.waterfall.iter().map(|s| s.usd_year).sum();
    assert!((by_part - r.annual_usd).abs() < 1e-9 * r.annual_usd);
    let per_hour: f64 = r.waterfall.iter().filter_map(|s| s.usd_gpu_h).sum();
    let headline = r.usd_per_gpu_h.unwrap();
    assert!((per_hour - headline.base).abs() < 1e-9 * headline.base);
    let capex: f64 = r.capex.iter().map(|c| c.usd.base).sum();
    let billed: f64 = r.bill.iter().filter_map(|b| b.total_usd).map(|t| t.base).sum();
    assert!((capex - billed).abs() < 1e-9 * capex && (capex - r.capex_usd.base).abs() < 1.0);
    assert!(headline.p10 < headline.p50 && headline.p50 < headline.p90);
    assert!(r.unpriced.is_empty() && r.findings.is_empty());
}

#[test]
fn cost_per_token_follows_the_published_formula() {
    let r = solve(&case()).unwrap();
    let per_gpu_s = 4e5 / 256.0;
    let want = r.usd_per_gpu_h.unwrap().base / (per_gpu_s * 3600.0 / 1e6);
    assert!((r.usd_per_mtok.unwrap().base - want).abs() < 1e-12 * want);
    assert!((r.tokens_per_j.unwrap() - 4e5 / 560e3).abs() < 1e-15);
    assert!(r.tokens_per_j_year.unwrap() < r.tokens_per_j.unwrap());
}

/// Epoch AI (2026-05): 38 G$ per GW, of which 25.5 G$ servers; opex 0.9 G$ a year; 14 years for
/// the facility, 7 % cost of capital. Published: 8.5, 12 and 7 G$ a year at 5, 3 and 7 years.
#[test]
fn a_published_gigawatt_costs_what_it_should() {
    for (life, want_g_usd) in [(5.0, 8.5), (3.0, 12.0), (7.0, 7.0)] {
        let mut c = case();
        c.capex = vec![
            line(Subsystem::Compute, "IT", 1.0, Some(Band::exact(25.5e9))),
            line(Subsystem::Power, "Facility", 1.0, Some(Band::exact(12.5e9))),
        ];
        c.opex = vec![OpexLine {
            item: "Opex with energy".into(),
            basis: OpexBasis::PerYear(Band::exact(0.9e9)),
            source: "Epoch AI".into(),
            date: "2026-05".into(),
        }];
        c.energy.facility_at_load_kw = Band::exact(0.0);
        c.energy.peak_kw = 0.0;
        c.financing = Financing::Annuity { wacc: Band::exact(0.07) };
        c.lives.it = Band::exact(life);
        let annual = solve(&c).unwrap().annual_usd / 1e9;
        assert!((annual / want_g_usd - 1.0).abs() < 0.015, "{life} years: {annual}");
    }
}

/// Closed-form anchors: DeepSeek's own day at 2 $ a GPU-hour, Bernstein's gigawatt in NVL72 racks,
/// the ClusterMAX GPU line, and DeepSeek's theoretical day of sales (printed as 562,027 $ from
/// unrounded token counts).
#[test]
fn published_figures_are_met_in_closed_form() {
    assert!((226.75_f64 * 8.0 * 24.0 * 2.0 - 87_072.0).abs() < 1e-6);
    let sales = 342e3 * 0.14 + 266e3 * 0.55 + 168e3 * 2.19;
    assert!((sales / 562_027.0 - 1.0_f64).abs() < 2e-4);
    let racks = 35e9_f64 / 5.9e6;
    assert!((racks - 5932.0).abs() < 1.0 && (1e6 / racks - 169.0).abs() < 1.0);
    assert!((5_426_381.0_f64 / 4096.0 / 730.0 - 1.815).abs() < 1e-3);
}

#[test]
fn items_without_a_price_are_listed_and_not_nothing() {
    let mut c = case();
    c.capex.push(line(Subsystem::Cooling, "CDU", 2.0, None));
    c.capex.push(line(Subsystem::Cooling, "Spare", 0.0, None));
    let r = solve(&c).unwrap();
    assert_eq!(r.unpriced.len(), 1);
    assert_eq!((r.unpriced[0].item.as_str(), r.unpriced[0].quantity), ("CDU", 2.0));
    assert_eq!(r.findings[0].rule, "economics.unpriced");
    assert_eq!(r.capex[4].unpriced_lines, 1);
    assert!(r.bill.iter().any(|b| b.line.item == "CDU" && b.total_usd.is_none()));
}

#[test]
fn straight_line_leaves_out_the_return_on_capital() {
    let annuity = solve(&case()).unwrap();
    let mut c = case();
    c.financing = Financing::StraightLine;
    let straight = solve(&c).unwrap();
    assert!(straight.annual_usd < annuity.annual_usd);
    let compute = straight.waterfall[0].usd_year;
    assert!((compute - 32.0 * 4e5 / 4.0).abs() < 1e-6);
    assert!(straight.tornado.iter().all(|b| b.input != "Cost of capital"));
    let recovered = annuity.waterfall[0].usd_year;
    assert!((recovered - 128e5 * capital_recovery_factor(0.09, 4.0)).abs() < 1e-6);
}

#[test]
fn the_tornado_names_utilisation_and_software_first() {
    let r = solve(&case()).unwrap();
    let names: Vec<&str> = r.tornado.iter().map(|b| b.input.as_str()).collect();
    assert_eq!(&names[..3], &["Tokens per second", "Utilisation", "Life of servers and storage"]);
    assert!(r.tornado.windows(2).all(|w| w[0].swing() >= w[1].swing()));
    let sold = &r.tornado[1];
    assert!(sold.at_low > sold.at_high);
}

#[test]
fn a_hall_without_gpus_or_tokens_is_still_priced() {
    let mut c = case();
    c.production.gpus = 0;
    c.production.tokens_per_s = None;
    let r = solve(&c).unwrap();
    assert!(r.usd_per_gpu_h.is_none() && r.usd_per_mtok.is_none());
    assert!(r.annual_usd > 0.0 && !r.tornado.is_empty());
}

#[test]
fn bad_numbers_are_refused_by_name() {
    let mut c = case();
    c.capex[1].unit_price_usd = Some(Band::new(3.0, 2.0, 4.0));
    assert!(solve(&c).unwrap_err().to_string().contains("Switches"));
    let mut c = case();
    c.production.sold_share = Band::new(0.0, 0.5, 1.0);
    assert!(solve(&c).unwrap_err().to_string().contains("sold_share"));
    let mut c = case();
    c.energy.price_usd_kwh = Band::exact(f64::NAN);
    assert!(solve(&c).unwrap_err().to_string().contains("price_usd_kwh"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn a_dearer_item_never_lowers_a_cost(which in 0_usize..5, factor in 1.0_f64..3.0) {
        let cheap = solve(&case()).unwrap();
        let mut c = case();
        let price = &mut c.capex[which].unit_price_usd;
        *price = price.map(|p| p * factor);
        let dear = solve(&c).unwrap();
        let (a, b) = (cheap.usd_per_mtok.unwrap(), dear.usd_per_mtok.unwrap());
        let slack = 1.0 + 1e-12;
        prop_assert!(b.base * slack >= a.base && b.p10 * slack >= a.p10);
        prop_assert!(b.p90 * slack >= a.p90 && dear.annual_usd * slack >= cheap.annual_usd);
    }

    #[test]
    fn the_order_of_lines_does_not_matter(turn in 0_usize..5, flip: bool) {
        let mut c = case();
        c.capex.rotate_left(turn);
        if flip {
            c.capex.reverse();
            c.opex.reverse();
        }
        prop_assert_eq!(solve(&c).unwrap(), solve(&case()).unwrap());
    }
}

#[test]
fn few_samples_tell_nearly_what_many_do() {
    let mut c = case();
    let few = solve(&c).unwrap();
    c.sampling = Sampling::default();
    let many = solve(&c).unwrap();
    assert_eq!(solve(&c).unwrap(), many, "the same seed gives the same answer");
    for (a, b) in few.headlines.iter().zip(&many.headlines) {
        assert_eq!(a.base, b.base);
        // A payback that never comes in a tenth of the samples has no P90.
        let (Some(low), Some(high)) = (b.p10, b.p90) else { continue };
        for (x, y) in [(a.p10, low), (a.p90, high)] {
            assert!(x.is_some_and(|x| (x - y).abs() < 0.05 * (high - low)), "{a:?} {b:?}");
        }
    }
}
