//! Tables of validation and speed on standard output, progress on standard error.
#![allow(clippy::print_stderr, reason = "this module prints for the verbs")]

use crate::cases::speed::Speed;
use crate::cases::{Outcome, Verdict, words};
use crate::format::WRITTEN_BY;
use crate::units::display;
use serde::Serialize;
use std::io::{IsTerminal, Write};

/// Name and version of the schema; the version rises when a key changes its meaning or goes.
pub const VALIDATION_SCHEMA: &str = "tokenmill.validation/1";

/// The same for the table of speed.
pub const SPEED_SCHEMA: &str = "tokenmill.speed/1";

/// How far a list of cases is, with the time left by the share done; on a terminal only.
pub fn progress(done: usize, all: usize, elapsed_s: f64, what: &str) {
    if std::io::stderr().is_terminal() {
        let left_s = elapsed_s / done.max(1) as f64 * (all - done) as f64;
        eprint!("\r\x1b[K{done}/{all} {what}, about {} left", display::seconds(left_s));
    }
}

/// Clears the line of [`progress`].
pub fn progress_end() {
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
}

#[derive(Serialize)]
struct File<'a> {
    schema: &'static str,
    written_by: &'static str,
    threads: usize,
    passed: usize,
    failed: usize,
    information: usize,
    cases: &'a [Outcome],
}

/// Everything as JSON.
pub fn validation_json(outcomes: &[Outcome], threads: usize) -> anyhow::Result<()> {
    let count = |v| outcomes.iter().filter(|o| o.verdict == v).count();
    let file = File {
        schema: VALIDATION_SCHEMA,
        written_by: WRITTEN_BY,
        threads,
        passed: count(Verdict::Passed),
        failed: count(Verdict::Failed),
        information: count(Verdict::Information),
        cases: outcomes,
    };
    let mut text = serde_json::to_string_pretty(&file)?;
    text.push('\n');
    self::text(&text)
}

/// A text as it is.
pub fn text(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().lock().write_all(text.as_bytes())?)
}

/// A table of every case and quantity, and the sums.
pub fn validation(outcomes: &[Outcome]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    for outcome in outcomes {
        case(&mut out, outcome)?;
    }
    let gates: Vec<(usize, usize)> = outcomes.iter().map(Outcome::count).collect();
    let (met, gated) = gates.iter().fold((0, 0), |s, g| (s.0 + g.0, s.1 + g.1));
    let count = |v| outcomes.iter().filter(|o| o.verdict == v).count();
    let seconds: f64 = outcomes.iter().map(|o| o.seconds).sum();
    writeln!(
        out,
        "{} cases: {} pass, {} fall short, {} for information; {met} of {gated} gated quantities \
         within tolerance; {}",
        outcomes.len(),
        count(Verdict::Passed),
        count(Verdict::Failed),
        count(Verdict::Information),
        display::seconds(seconds)
    )?;
    Ok(())
}

fn case(out: &mut impl Write, o: &Outcome) -> anyhow::Result<()> {
    let (met, gated) = o.count();
    let (topic, id) = (o.topic.id(), &o.id);
    let time = display::seconds(o.seconds);
    writeln!(out, "{:4} {topic}/{id} · {} · {met}/{gated} · {time}", o.verdict.label(), o.title)?;
    if !o.source.is_empty() {
        writeln!(out, "     against: {}", o.source)?;
    }
    for note in &o.notes {
        writeln!(out, "     note: {note}")?;
    }
    if !o.quantities.is_empty() {
        let [quantity, reference, ours] = ["quantity", "reference", "ours"];
        let [error, tolerance] = ["error", "tolerance"];
        writeln!(out, "     {quantity:46} {reference:>16} {ours:>16} {error:>12} {tolerance:>10}")?;
    }
    for q in &o.quantities {
        let (name, reference, ours) = (&q.name, words::reference(q), words::ours(q));
        let (error, tolerance, verdict) = (words::error(q), words::tolerance(q), words::verdict(q));
        writeln!(
            out,
            "     {name:46} {reference:>16} {ours:>16} {error:>12} {tolerance:>10} {verdict}"
        )?;
    }
    writeln!(out)?;
    Ok(())
}

/// A row of the table of speed, under its heading if it is the first.
pub fn speed(s: &Speed, first: bool) {
    let count = |v: Option<usize>| v.map_or_else(String::new, |n| display::count(n as u64));
    let mut out = std::io::stdout().lock();
    let heading = ["what", "threads", "cells", "steps", "time", "ns/cell/step"];
    // A closed pipe ends the table, not the measurement's exit code.
    if first {
        let [what, threads, cells, steps, time, cost] = heading;
        let _ =
            writeln!(out, "{what:44} {threads:>7} {cells:>10} {steps:>7} {time:>10} {cost:>13}");
    }
    let time = display::seconds(s.seconds).to_string();
    let cost = s.ns_per_cell_step().map_or_else(String::new, |c| display::sig(c, 3));
    let (what, threads) = (&s.what, s.threads);
    let (cells, steps, note) = (count(s.cells), count(s.steps), &s.note);
    let _ =
        writeln!(out, "{what:44} {threads:>7} {cells:>10} {steps:>7} {time:>10} {cost:>13} {note}");
}

/// Measurements as JSON.
pub fn speed_json(all: &[Speed]) -> anyhow::Result<()> {
    #[derive(Serialize)]
    struct Row<'a> {
        #[serde(flatten)]
        speed: &'a Speed,
        ns_per_cell_step: Option<f64>,
    }
    #[derive(Serialize)]
    struct File<'a> {
        schema: &'static str,
        written_by: &'static str,
        rows: Vec<Row<'a>>,
    }
    let row = |speed| Row { speed, ns_per_cell_step: speed.ns_per_cell_step() };
    let rows = all.iter().map(row).collect();
    let file = File { schema: SPEED_SCHEMA, written_by: WRITTEN_BY, rows };
    let mut json = serde_json::to_string_pretty(&file)?;
    json.push('\n');
    text(&json)
}
