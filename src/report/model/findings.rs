//! Findings: every design problem with its limit and who set it.

use super::{Block, Cell, Column, Given, Section, Table, Tone, words};
use crate::evaluate::finding::{Finding, Severity};
use crate::units::display;

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let count = |s| given.results.count(s);
    let summary = format!(
        "{}, {}, {}. An error is an exceeded limit or a design that can not \
         work as drawn; a warning is within limits but outside good practice; a note explains.",
        words::counted(count(Severity::Error), "error"),
        words::counted(count(Severity::Warning), "warning"),
        words::counted(count(Severity::Info), "note"),
    );
    let mut blocks = vec![Block::Paragraph(summary)];
    if given.results.findings.is_empty() {
        blocks.push(Block::Paragraph("Nothing was found.".into()));
    } else {
        blocks.push(Block::Table(table(given)));
    }
    Section { id: "findings", title: "Findings", blocks }
}

fn table(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("Severity"),
        Column::text("Subject"),
        Column::text("What is wrong, and what would help"),
        Column::number("Value", ""),
        Column::number("Limit", ""),
        Column::text("Source of the limit"),
    ];
    let mut table = Table::new("findings", "", columns);
    for finding in &given.results.findings {
        table.push(row(given, finding));
    }
    table
}

fn row(given: &Given<'_>, finding: &Finding) -> Vec<Cell> {
    let tone = match finding.severity {
        Severity::Error => Tone::Bad,
        Severity::Warning => Tone::Warn,
        Severity::Info => Tone::Muted,
    };
    let advice = finding.advice.trim();
    let message = match advice {
        "" => format!("{}.", finding.message),
        _ => format!("{}. {advice}", finding.message),
    };
    let value = |v: Option<f64>| match v {
        Some(v) if v.is_finite() => Cell::text(display::of(v, finding.unit, 3).to_string()),
        _ => Cell::none(),
    };
    vec![
        Cell::text(words::severity(finding.severity)).toned(tone),
        Cell::text(words::subject(given, &finding.subject)),
        Cell::text(message),
        value(finding.value),
        value(finding.limit),
        Cell::text(finding.source.clone()).toned(Tone::Muted),
    ]
}
