//! Trees give the headline numbers again, from their leaves alone.

use super::*;
use crate::catalog::load;
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::result::Quality;
use std::sync::Arc;

/// The value of the last node, reckoned from the leaves.
fn again(nodes: &[Explained]) -> f64 {
    let mut values: Vec<f64> = Vec::new();
    for node in nodes {
        let of: Vec<f64> = node.parts.iter().map(|p| values[*p]).collect();
        values.push(if of.is_empty() { node.value } else { node.rule.value(&of, &[]) });
    }
    values[values.len() - 1]
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * b.abs().max(1e-6)
}

#[test]
fn trees_give_the_headlines_again() {
    for text in [
        include_str!("../../../presets/enterprise-1mw.plan.ron"),
        include_str!("../../../presets/mi350x-air.plan.ron"),
        include_str!("../../../presets/dgx-h100-superpod-4su.plan.ron"),
    ] {
        let opened = crate::format::from_text(text).unwrap();
        let catalog = Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
        let mut evaluator = Evaluator::new(1, Clock::still());
        let never = CancelToken::never();
        let plan = &opened.plan;
        let results = evaluator.evaluate(plan, &catalog, 0, Quality::Draft, &never).unwrap();
        let kpi = &results.kpi;
        let worst = kpi.worst_inlet.as_ref().unwrap();
        let wanted = [
            (Figure::Output, vec![kpi.tokens_per_s.unwrap().base]),
            (Figure::TokensPerJ, vec![kpi.tokens_per_j.unwrap()]),
            (Figure::Goodput, vec![kpi.goodput_pct]),
            (Figure::Pue, vec![kpi.pue, kpi.wue_l_kwh]),
            (Figure::Facility, vec![kpi.facility_mw * 1e6]),
            (Figure::Stranded, vec![kpi.stranded_mw * 1e6]),
            (Figure::WorstInlet, vec![worst.inlet_c, worst.margin_k()]),
            (Figure::WorstLoading, vec![kpi.worst_loading.as_ref().unwrap().worst_pct]),
        ];
        assert_eq!(wanted.each_ref().map(|w| w.0), Figure::ALL);
        for (figure, values) in wanted {
            let trees = reckon(figure, plan, &catalog, &results);
            assert_eq!(trees.len(), values.len(), "{figure:?}");
            for (tree, value) in trees.iter().zip(values) {
                let found = again(tree);
                assert!(close(found, value), "{figure:?}: {found} for {value}");
                let bare = tree.iter().find(|n| n.parts.is_empty() && n.source.is_none());
                let bare = bare.filter(|n| !matches!(n.rule, Rule::Fixed(_)));
                assert!(bare.is_none(), "{figure:?}: {bare:?} has no source");
                assert!(tree.iter().all(|n| n.value.is_finite()), "{figure:?}");
            }
        }
    }
}

#[test]
fn design_power_goes_down_to_the_catalogue() {
    let text = include_str!("../../../presets/enterprise-1mw.plan.ron");
    let opened = crate::format::from_text(text).unwrap();
    let catalog = Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
    let mut evaluator = Evaluator::new(1, Clock::still());
    let results = evaluator
        .evaluate(&opened.plan, &catalog, 0, Quality::Draft, &CancelToken::never())
        .unwrap();
    let trees = reckon(Figure::Facility, &opened.plan, &catalog, &results);
    let leaf = trees[0].iter().find(|n| n.name.ends_with(": design power")).unwrap();
    let source = leaf.source.as_ref().unwrap();
    assert!(!source.source.is_empty() && !source.date.is_empty(), "{source:?}");
}
