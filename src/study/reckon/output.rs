//! Output of the hall, from the time of a step up.

use super::Facts;
use super::sheet::{Sheet, evaluated, of_plan};
use crate::evaluate::economics::{Rule, SourceNote};
use crate::evaluate::workload::{ServingResult, TimeSplit, TrainingResult, WorkloadGroup};
use crate::plan::Job;

/// Relative difference below which a correction says nothing.
const SAME: f64 = 1e-12;

/// Tokens per second of every group together.
pub(super) fn output(sheet: &mut Sheet, facts: &Facts<'_>) -> usize {
    let mut parts = Vec::new();
    for (at, group) in facts.results.workload.groups.iter().enumerate() {
        let Some(made) = group.tokens_per_s.map(|b| b.base) else { continue };
        let at = at + 1;
        let raw = match (&group.serving, &group.training) {
            (Some(serving), _) => served(sheet, facts, group, serving, at),
            (None, Some(training)) => trained(sheet, facts, group, training, at),
            (None, None) => continue,
        };
        parts.push(matured(sheet, facts, group, (raw, made), at));
    }
    sheet.rule(("Output of the hall", "t", "tok/s"), Rule::Sum, parts)
}

/// With the maturity of the software, where that is not one.
fn matured(
    sheet: &mut Sheet,
    facts: &Facts<'_>,
    group: &WorkloadGroup,
    (raw, made): (usize, f64),
    at: usize,
) -> usize {
    let ratio = made / sheet.nodes[raw].value;
    if !ratio.is_finite() || (ratio - 1.0).abs() <= SAME {
        return raw;
    }
    let note = evaluated("workload", "planning assumption on the maturity of the software");
    let factor = sheet.leaf(("Maturity of the software", &format!("m{at}"), ""), ratio, note);
    let name = format!("{}, output", name_of(facts, group));
    sheet.rule((&name, &format!("t{at}"), "tok/s"), Rule::Product, vec![raw, factor])
}

fn name_of(facts: &Facts<'_>, group: &WorkloadGroup) -> String {
    let entry = facts.catalog.systems.find(&group.system);
    entry.map_or_else(|| group.system.clone(), |e| e.name.clone())
}

/// Replicas × requests in flight × share of their time that tokens come ÷ time per token.
fn served(
    sheet: &mut Sheet,
    facts: &Facts<'_>,
    group: &WorkloadGroup,
    serving: &ServingResult,
    at: usize,
) -> usize {
    let (name, point) = (name_of(facts, group), &serving.point);
    let chosen = format!("the search over layouts chose {}", point.label());
    let replicas = sheet.leaf(
        (&format!("{name}: replicas"), &format!("r{at}"), "replicas"),
        f64::from(serving.replicas),
        evaluated("workload", &chosen),
    );
    let why = format!("kept from more by: {}", serving.limit.label());
    let batch = sheet.leaf(
        ("Requests in flight per replica", &format!("b{at}"), "requests"),
        point.batch,
        evaluated("workload", &why),
    );
    let tpot = step(sheet, facts, group, ("Time per output token", "τ", at), &point.split);
    // The mean step is what a user waits for; the small rest is time that no operation names.
    let rest = point.tpot_s - sheet.nodes[tpot].value;
    let tpot = if rest.abs() > SAME * point.tpot_s {
        let note = evaluated("workload", "waiting for prompts of other requests");
        let rest = sheet.leaf(("Interference", &format!("w{at}"), "s"), rest, note);
        let words = ("Time per output token, as a user sees it", format!("T{at}"));
        sheet.rule((words.0, &words.1, "s"), Rule::Sum, vec![tpot, rest])
    } else {
        tpot
    };
    let share = point.replica_tok_s * sheet.nodes[tpot].value / point.batch;
    let decoding = sheet.leaf(
        ("Share of their time in which tokens come", &format!("d{at}"), ""),
        share,
        evaluated("workload", "the rest goes to their own prompts and to waiting"),
    );
    let flow = sheet.rule(
        ("Requests that get tokens", &format!("B{at}"), "requests"),
        Rule::Product,
        vec![batch, decoding],
    );
    let words = ("Tokens per second of a replica", format!("ρ{at}"));
    let replica = sheet.rule((words.0, &words.1, "tok/s"), Rule::Quotient, vec![flow, tpot]);
    let words = format!("{name}, all replicas");
    sheet.rule((&words, &format!("R{at}"), "tok/s"), Rule::Product, vec![replicas, replica])
}

/// Tokens of an optimiser step over its time.
fn trained(
    sheet: &mut Sheet,
    facts: &Facts<'_>,
    group: &WorkloadGroup,
    training: &TrainingResult,
    at: usize,
) -> usize {
    let asked = match &facts.plan.workload.job {
        Job::Training(job) => job.batch_tokens as f64,
        Job::Serving(_) => 0.0,
    };
    let done = training.total_tok_s * training.step_s;
    let note = if (done - asked).abs() <= 1e-6 * asked {
        of_plan("batch of the job")
    } else {
        evaluated("workload", "whole sequences nearest to the batch of the job")
    };
    let batch = sheet.leaf(("Tokens of a step", &format!("b{at}"), "tokens"), done, note);
    let time = step(sheet, facts, group, ("Time of a step", "τ", at), &training.split);
    let rest = training.step_s - sheet.nodes[time].value;
    let time = if rest.abs() > SAME * training.step_s {
        let note = evaluated("workload", "time that no operation names");
        let rest = sheet.leaf(("Rest of the step", &format!("w{at}"), "s"), rest, note);
        let symbol = format!("T{at}");
        sheet.rule(("Time of a step, whole", &symbol, "s"), Rule::Sum, vec![time, rest])
    } else {
        time
    };
    let name = format!("{}, trained", name_of(facts, group));
    sheet.rule((&name, &format!("R{at}"), "tok/s"), Rule::Quotient, vec![batch, time])
}

/// A time by what it waits for.
fn step(
    sheet: &mut Sheet,
    facts: &Facts<'_>,
    group: &WorkloadGroup,
    (name, symbol, at): (&str, &str, usize),
    split: &TimeSplit,
) -> usize {
    let parts = [
        ("arithmetic", "c", split.compute),
        ("memory bandwidth", "m", split.memory),
        ("scale-up links", "u", split.scale_up),
        ("scale-out fabric", "f", split.fabric),
        ("launches and the engine", "o", split.overhead),
        ("pipeline bubbles", "p", split.bubble),
        ("storage", "s", split.storage),
    ];
    let parts: Vec<usize> = parts
        .into_iter()
        .filter(|(_, _, s)| *s > 0.0)
        .map(|(what, short, s)| {
            let (name, symbol) = (format!("Waiting for {what}"), format!("{symbol}{short}{at}"));
            sheet.leaf((&name, &symbol, "s"), s, device(facts, group))
        })
        .collect();
    sheet.rule((name, &format!("{symbol}{at}"), "s"), Rule::Sum, parts)
}

/// Whose data sheet the kernel laws are asked through.
fn device(facts: &Facts<'_>, group: &WorkloadGroup) -> SourceNote {
    let system = facts.catalog.systems.find(&group.system);
    let key = system.and_then(|s| s.spec.accelerator.as_ref());
    let Some(part) = key.and_then(|k| facts.catalog.accelerators.get(k)) else {
        return evaluated("workload", "kernel laws fitted to public timings");
    };
    SourceNote {
        source: format!(
            "kernel laws fitted to public timings, at the peaks of {}: {}",
            part.name, part.provenance.source
        ),
        date: part.provenance.date.clone(),
        badge: part.provenance.badge().to_owned(),
        assumption: None,
    }
}
