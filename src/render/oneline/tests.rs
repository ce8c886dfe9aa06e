//! Everything is there, once; nothing stands on anything else; the same case gives the same picture.

use super::{Area, OneLine, Tree};
use crate::catalog::load;
use crate::evaluate::Evaluator;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::evaluate::power::case::{Element, ElementKind, Feed, Load, LoadKind, PowerCase};
use crate::evaluate::result::Quality;
use crate::plan::Scheme;
use std::sync::Arc;

fn case_of(scheme: Scheme) -> Arc<PowerCase> {
    let base = load::shipped().unwrap();
    let text = include_str!("../../../presets/enterprise-1mw.plan.ron");
    let opened = crate::format::from_text(text).unwrap();
    let mut plan = opened.plan;
    let mut power = plan.power.as_ref().clone();
    power.scheme = scheme;
    plan.power = Arc::new(power);
    let catalog = Arc::new(base.overlaid(&opened.embedded));
    let mut evaluator = Evaluator::new(1, Clock::still());
    let never = CancelToken::never();
    evaluator.evaluate(&plan, &catalog, 1, Quality::Draft, &never).unwrap().power_case
}

fn schemes() -> Vec<Arc<PowerCase>> {
    Scheme::ALL.into_iter().map(case_of).collect()
}

#[test]
fn every_element_and_every_feed_is_drawn_once_and_inside() {
    for case in schemes() {
        let line = OneLine::of(&case);
        assert_eq!(line.nodes.len(), case.elements.len());
        let feeds: usize = case.loads.iter().map(|l| l.feeds.len()).sum();
        assert_eq!(line.taps.len(), feeds);
        let supplies = case
            .elements
            .iter()
            .map(|e| usize::from(e.parent.is_some()) + usize::from(e.backup.is_some()));
        assert_eq!(line.wires.len(), supplies.sum::<usize>());
        let whole = Area { min: [0.0; 2], max: line.size };
        for node in &line.nodes {
            assert!(node.area.max[0] > node.area.min[0], "{node:?}");
            assert!(whole.contains(node.area.min) && whole.contains(node.area.max), "{node:?}");
            for tap in &line.taps[node.taps.clone()] {
                assert!(node.bar.is_some_and(|b| (b.x[0]..=b.x[1]).contains(&tap.at[0])));
            }
        }
    }
}

#[test]
fn nothing_stands_on_anything_else() {
    for case in schemes() {
        let line = OneLine::of(&case);
        for (i, a) in line.nodes.iter().enumerate() {
            for (j, b) in line.nodes.iter().enumerate().skip(i + 1) {
                let names = (&case.elements[i].name, &case.elements[j].name);
                assert!(!a.area.overlaps(&b.area), "{names:?}: {:?} {:?}", a.area, b.area);
            }
        }
        let mut at: Vec<_> = line.taps.iter().map(|t| (t.at[0] as i64, t.at[1] as i64)).collect();
        let n = at.len();
        at.sort_unstable();
        at.dedup();
        assert_eq!(at.len(), n, "two taps at one place");
    }
}

#[test]
fn supplies_stand_above_what_they_feed_and_a_symbol_is_found_where_it_stands() {
    for case in schemes() {
        let (line, tree) = (OneLine::of(&case), Tree::of(&case));
        for (i, element) in case.elements.iter().enumerate() {
            if let Some(parent) = element.parent.filter(|p| !tree.listed[*p]) {
                assert!(line.nodes[parent].at[1] < line.nodes[i].at[1], "{}", element.name);
            }
            assert_eq!(line.element_at(line.nodes[i].at), Some(i), "{}", element.name);
        }
    }
}

#[test]
fn the_same_case_gives_the_same_picture() {
    let case = case_of(Scheme::BlockRedundant);
    assert_eq!(OneLine::of(&case), OneLine::of(&case.as_ref().clone()));
}

#[test]
fn an_empty_case_is_an_empty_picture() {
    let line = OneLine::of(&PowerCase::default());
    assert!(line.nodes.is_empty() && line.wires.is_empty());
}

/// Two sides of eight blocks with sixty busways each, as a case file could ask for.
fn large() -> PowerCase {
    let model = case_of(Scheme::N);
    let like = |kind: ElementKind| model.elements.iter().find(|e| e.kind == kind).unwrap().clone();
    let mut case = PowerCase { name: "large".into(), ..PowerCase::default() };
    let add = |case: &mut PowerCase, name: String, kind, parent| {
        let element = Element { name, parent, backup: None, ..like(kind) };
        case.elements.push(element);
        case.elements.len() - 1
    };
    for side in ["A", "B"] {
        let utility = add(&mut case, format!("UT-{side}"), ElementKind::Utility, None);
        for block in 0..8 {
            let tx = format!("TX-{side}{block}");
            let tx = add(&mut case, tx, ElementKind::Transformer, Some(utility));
            let ups = add(&mut case, format!("UPS-{side}{block}"), ElementKind::Ups, Some(tx));
            for row in 0..60 {
                let name = format!("BW-{side}{block}-{row}");
                let busway = add(&mut case, name, ElementKind::Busway, Some(ups));
                let feeds = vec![Feed { element: busway, share: 1.0, tap: 0.5 }; 1];
                for rack in 0..10 {
                    let name = format!("R{side}{block}-{row}-{rack}");
                    case.loads.push(Load {
                        name,
                        kind: LoadKind::Rack,
                        object: None,
                        p_w: 1e3,
                        power_factor: 0.99,
                        feeds: feeds.clone(),
                        rule: crate::evaluate::power::case::FeedRule::Share,
                    });
                }
            }
        }
    }
    case
}

#[test]
fn a_thousand_components_stand_apart() {
    let case = large();
    let line = OneLine::of(&case);
    assert!(line.nodes.len() > 990 && line.taps.len() == case.loads.len());
    let mut areas: Vec<Area> = line.nodes.iter().map(|n| n.area).collect();
    areas.sort_by(|a, b| a.min[1].total_cmp(&b.min[1]));
    for (i, a) in areas.iter().enumerate() {
        let near = areas[i + 1..].iter().take_while(|b| b.min[1] < a.max[1]);
        assert!(near.into_iter().all(|b| !a.overlaps(b)), "{a:?}");
    }
}
