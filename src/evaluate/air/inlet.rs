//! Inlet temperatures against their limits, with the reason.

use super::capture::{Follow, RackCapture};
use super::case::InletLimits;
use super::classes::Standing;
use super::error::AirError;
use super::findings::{finding, subject};
use super::result::{AirResult, RackAir};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::finding::{Finding, Severity};
use crate::units::ZERO_CELSIUS_K;

/// Recirculation above this share is the cause to treat before the supply temperature.
const NOTABLE_RECIRCULATION: f64 = 0.05;
/// Racks whose reason is followed to its source, worst first.
const MOST_EXPLAINED: usize = 8;
/// Rise in K below which a single rack is not named as a source.
const NAMED_RISE_K: f64 = 0.2;

/// What is wrong with a rack's inlet, worst first; nothing for a rack without limits or flow.
pub(super) fn findings(limits: Option<&InletLimits>, r: &RackAir) -> Vec<Finding> {
    let (Some(limits), Some(standing)) = (limits, r.standing) else { return Vec::new() };
    let reason = format!("recirculation {:.0} % of intake{}", 100.0 * r.recirculation, inside(r));
    let mean = of_mean(limits, r, standing, &reason);
    mean.into_iter().chain(of_height(limits, r, standing)).collect()
}

fn of_mean(limits: &InletLimits, r: &RackAir, standing: Standing, reason: &str) -> Option<Finding> {
    let (rule, limit_k, word) = match standing {
        Standing::TooHot => {
            ("air.inlet-above-allowable", limits.allowable_max_k, "above allowable")
        }
        Standing::Warm => {
            ("air.inlet-above-recommended", limits.recommended_max_k, "above recommended")
        }
        Standing::TooCold => {
            ("air.inlet-below-allowable", limits.allowable_min_k, "below allowable")
        }
        Standing::Cool => {
            ("air.inlet-below-recommended", limits.recommended_min_k, "below recommended")
        }
        Standing::Recommended => return None,
    };
    let allowable = !standing.is_allowable();
    let t = r.server_inlet_k;
    let message = format!(
        "{} takes in air at {:.1} °C, {word} {:.1} °C{}: {reason}",
        r.id,
        t - ZERO_CELSIUS_K,
        limit_k - ZERO_CELSIUS_K,
        if allowable { format!(" ({})", limits.class) } else { String::new() },
    );
    let severity = if allowable { Severity::Error } else { Severity::Warning };
    let source = if allowable { &limits.source } else { &limits.recommended_source };
    Some(Finding {
        value: Some(t - ZERO_CELSIUS_K),
        limit: Some(limit_k - ZERO_CELSIUS_K),
        unit: "°C",
        source: source.clone(),
        advice: advice(t, limit_k, r.recirculation).into(),
        ..finding(severity, rule, subject(r.object, &r.id), message)
    })
}

/// Servers at one height beyond what the equipment allows while the rack's mean is not.
fn of_height(limits: &InletLimits, r: &RackAir, standing: Standing) -> Option<Finding> {
    let layers = r.intake_by_height_k.iter().enumerate();
    let (layer, face_k) = layers.max_by(|a, b| a.1.total_cmp(b.1))?;
    let t = face_k + r.server_inlet_k - r.intake_mean_k;
    if standing == Standing::TooHot || t <= limits.allowable_max_k {
        return None;
    }
    let share = (layer as f64 + 0.5) / r.intake_by_height_k.len() as f64;
    let limit_c = limits.allowable_max_k - ZERO_CELSIUS_K;
    let message = format!(
        "Servers at {:.0} % of the height of {} take in air at {:.1} °C, above allowable \
         {limit_c:.1} °C ({}), though the rack's mean is not",
        100.0 * share,
        r.id,
        t - ZERO_CELSIUS_K,
        limits.class,
    );
    Some(Finding {
        value: Some(t - ZERO_CELSIUS_K),
        limit: Some(limit_c),
        unit: "°C",
        source: limits.source.clone(),
        advice: "Leave these units empty and blanked, or close the space above the racks".into(),
        ..finding(
            Severity::Warning,
            "air.inlet-height-above-allowable",
            subject(r.object, &r.id),
            message,
        )
    })
}

fn advice(t_k: f64, limit_k: f64, recirculation: f64) -> &'static str {
    if t_k < limit_k {
        "Raise the supply temperature"
    } else if recirculation > NOTABLE_RECIRCULATION {
        "Contain the aisle, add supply air near this rack, or close gaps beside and above it"
    } else {
        "Lower the supply temperature or add cooling capacity"
    }
}

/// Names in each too hot rack's finding whose exhaust it breathes, and by which way: dyes of the
/// worst [`MOST_EXPLAINED`] racks on the settled flow.
pub fn explain(result: &mut AirResult, cancel: &CancelToken) -> Result<(), AirError> {
    let Some(frozen) = result.frozen.clone() else { return Err(AirError::NoFlow) };
    let excess = |i: &usize| {
        let limits = frozen.case.racks[*i].limits.as_ref();
        limits.map_or(0.0, |l| result.racks[*i].server_inlet_k - l.recommended_max_k)
    };
    let hot = |r: &RackAir| matches!(r.standing, Some(Standing::Warm | Standing::TooHot));
    let mut targets: Vec<usize> =
        (0..result.racks.len()).filter(|i| hot(&result.racks[*i])).collect();
    targets.sort_by(|a, b| excess(b).total_cmp(&excess(a)).then(a.cmp(b)));
    targets.truncate(MOST_EXPLAINED);
    let follow = Follow::new(result, &frozen);
    let rows = follow.rows(&targets, cancel)?;
    let reasons: Vec<String> = (targets.iter().zip(&rows))
        .map(|(i, row)| {
            let room = reason(result, &follow.rack(*i, &row.supplies, Some(row), &[]));
            room + &inside(&result.racks[*i])
        })
        .collect();
    for (i, reason) in targets.into_iter().zip(reasons) {
        let r = &result.racks[i];
        let (Some(limits), Some(standing)) = (&frozen.case.racks[i].limits, r.standing) else {
            continue;
        };
        let Some(better) = of_mean(limits, r, standing, &reason) else { continue };
        let same = |f: &&mut Finding| f.rule == better.rule && f.subject == better.subject;
        if let Some(old) = result.findings.iter_mut().find(same) {
            *old = better;
        }
    }
    Ok(())
}

/// Words for air that comes back inside the rack.
fn inside(r: &RackAir) -> String {
    let rise_k = r.server_inlet_k - r.intake_mean_k;
    if rise_k < NAMED_RISE_K {
        return String::new();
    }
    format!(", +{rise_k:.1} K past its blanking")
}

/// Why a rack is hot, in words.
fn reason(result: &AirResult, rack: &RackCapture) -> String {
    let supply_c = result.metrics.supply_k + rack.supply_rise_k - ZERO_CELSIUS_K;
    let rise_k = rack.recirculation_rise_k + rack.unexplained_k;
    // Dyes tell the shares; the rise that is shared out is the solved intake's.
    let scale =
        if rack.recirculation_rise_k > 0.0 { rise_k / rack.recirculation_rise_k } else { 1.0 };
    if rise_k < NAMED_RISE_K {
        return format!("its supply air is at {supply_c:.1} °C");
    }
    let way = rack.ways.first().map_or(String::new(), |(way, _)| format!(" {}", way.words()));
    let from = rack.from_racks.first().filter(|h| scale * h.rise_k >= NAMED_RISE_K);
    let Some(first) = from else {
        return format!("recirculation{way}, +{rise_k:.1} K on supply of {supply_c:.1} °C");
    };
    let source = &result.racks[first.rack];
    let name = if source.id == rack.id { "its own exhaust" } else { source.id.as_str() };
    // One source that explains nearly all of it needs no second number.
    let first_k = scale * first.rise_k;
    if first_k > 0.9 * rise_k {
        return format!("recirculation from {name}{way}, +{rise_k:.1} K");
    }
    format!("recirculation{way}, +{rise_k:.1} K, of which +{first_k:.1} K from {name}")
}
