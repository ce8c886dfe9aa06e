//! Validation cases that were run here: verdicts, gated numbers, pictures.

use super::{Block, Cell, Column, Given, RowRole, Section, Table, Tone};
use crate::cases::{Outcome, Picture, Topic, Verdict, words};
use crate::report::figure::{Compared, Figure};

/// The section.
pub fn section(given: &Given<'_>) -> Section {
    let outcomes = &given.context.validation;
    let mut blocks = vec![Block::Paragraph(opening(outcomes))];
    if !outcomes.is_empty() {
        blocks.push(Block::Table(cases(outcomes)));
        blocks.push(Block::Figure(Figure::Compared(pictures(outcomes))));
        blocks.push(Block::Table(quantities(outcomes)));
    }
    Section { id: "validation", title: "Validation", blocks }
}

fn opening(outcomes: &[Outcome]) -> String {
    if outcomes.is_empty() {
        return "No validation case was run here before this report was made, so nothing is shown \
                as validated. `tokenmill validate` and the Validation tab run them."
            .into();
    }
    let count = |v| outcomes.iter().filter(|o| o.verdict == v).count();
    format!(
        "{} cases with known answers were solved on this machine by the solvers that made this \
         report: {} pass, {} fall short, {} are shown for information. A case passes when every \
         gated number is within its tolerance; numbers without a tolerance are left out here.",
        outcomes.len(),
        count(Verdict::Passed),
        count(Verdict::Failed),
        count(Verdict::Information)
    )
}

const fn tone(passes: Option<bool>) -> Tone {
    match passes {
        Some(true) => Tone::Good,
        Some(false) => Tone::Bad,
        None => Tone::Muted,
    }
}

fn verdict_cell(verdict: Verdict) -> Cell {
    let passes = match verdict {
        Verdict::Passed => Some(true),
        Verdict::Failed => Some(false),
        Verdict::Information => None,
    };
    Cell::text(verdict.label()).toned(tone(passes))
}

fn cases(outcomes: &[Outcome]) -> Table {
    let columns = vec![
        Column::text("Topic"),
        Column::text("Case"),
        Column::text("Verdict"),
        Column::text("Nearest to its tolerance"),
        Column::text("Reference"),
    ];
    let mut table = Table::new("validation_cases", "Cases run here", columns);
    for o in outcomes {
        let tightest = o.tightest().map_or_else(String::new, |q| {
            format!("{}: {} of {}", q.name, words::error(q), words::tolerance(q))
        });
        table.push(vec![
            Cell::text(o.topic.label()),
            Cell::text(o.title.as_str()),
            verdict_cell(o.verdict),
            Cell::text(tightest),
            Cell::text(short_source(&o.source)).toned(Tone::Muted),
        ]);
    }
    table
}

/// The beginning of a source; the whole of it is in the case file.
fn short_source(source: &str) -> String {
    const LONGEST: usize = 90;
    let short: String = source.chars().take(LONGEST).collect();
    if short.len() < source.len() { format!("{}…", short.trim_end()) } else { short }
}

fn quantities(outcomes: &[Outcome]) -> Table {
    let columns = vec![
        Column::text("Quantity"),
        Column::text("Reference"),
        Column::text("Ours"),
        Column::text("Error"),
        Column::text("Tolerance"),
        Column::text(""),
    ];
    let mut table = Table::new("validation_quantities", "Gated numbers", columns);
    for o in outcomes {
        let mut gated = o.quantities.iter().filter(|q| q.tolerance.is_some()).peekable();
        if gated.peek().is_none() {
            continue;
        }
        table.push_as(
            RowRole::Group,
            vec![Cell::text(format!("{} · {}", o.topic.label(), o.title))],
        );
        for q in gated {
            table.push(vec![
                Cell::text(q.name.as_str()),
                Cell::text(words::reference(q)),
                Cell::text(words::ours(q)),
                Cell::text(words::error(q)),
                Cell::text(words::tolerance(q)),
                Cell::text(words::verdict(q)).toned(tone(q.passes())),
            ]);
        }
    }
    table
}

/// Pictures of what has scatter worth seeing: the halls, the years, the measured runs.
fn pictures(outcomes: &[Outcome]) -> Vec<Compared> {
    let worth = |o: &&Outcome| {
        matches!(o.topic, Topic::Air | Topic::Plant | Topic::Workload | Topic::Storage)
    };
    let several = |p: &Picture| match p {
        Picture::Scatter { points, .. } | Picture::Pairs { points, .. } => points.len() > 1,
        Picture::Profile { .. } => true,
    };
    let drawn = outcomes.iter().filter(worth).filter_map(|o| {
        let picture = o.picture.clone().filter(several)?;
        Some(Compared { title: o.title.clone(), picture })
    });
    drawn.collect()
}
