//! The report as data: key figures, sections, paragraphs, tables of typed cells, figures.
//!
//! [`ReportModel::new`] is the list of sections. A cell holds the number and the text that it was
//! rounded to; no writer formats a number of its own.

mod basis;
pub mod bill;
mod cost;
mod day;
mod findings;
mod headline;
mod heat;
mod limits;
mod loads;
mod money_maps;
mod network;
mod performance;
mod power;
mod provenance;
mod resilience;
mod sources;
mod table;
mod validation;
mod words;

pub use headline::KeyFigure;
pub use table::{Cell, Column, ColumnKind, Row, RowRole, Table, Tone};

use super::ReportError;
use super::figure::Figure;
use crate::cases::Outcome;
use crate::catalog::Catalog;
use crate::evaluate::economics::EconomicsCase;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use std::sync::Arc;

/// What the report says about itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReportContext {
    /// Time of creation, `YYYY-MM-DDThh:mm:ssZ`; passed in, so that equal plans give equal bytes.
    pub generated_at: String,
    /// Version of the program.
    pub version: String,
    /// Validation cases that were run on this machine; empty when none was.
    pub validation: Vec<Outcome>,
    /// A plan to compare this one with.
    pub against: Option<Against>,
}

/// Another plan, as priced.
#[derive(Clone, Debug, PartialEq)]
pub struct Against {
    /// Its name.
    pub name: String,
    /// What its cost was worked out from.
    pub economics: Arc<EconomicsCase>,
}

/// Everything that the pack says.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportModel {
    /// Title of the plan.
    pub title: String,
    /// One line under the title: what the hall is and where.
    pub subtitle: String,
    /// When and by what it was made.
    pub context: ReportContext,
    /// Headline numbers.
    pub key_figures: Vec<KeyFigure>,
    /// Which limit binds, in one sentence.
    pub verdict: String,
    /// The rest, in order.
    pub sections: Vec<Section>,
}

/// One chapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Stable identifier.
    pub id: &'static str,
    /// Heading.
    pub title: &'static str,
    /// Content in order.
    pub blocks: Vec<Block>,
}

/// One piece of a section.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// A table.
    Table(Table),
    /// A picture.
    Figure(Figure),
}

/// What the sections are made from.
#[derive(Clone, Copy)]
pub(super) struct Given<'a> {
    pub plan: &'a Plan,
    pub catalog: &'a Catalog,
    pub results: &'a Results,
    pub context: &'a ReportContext,
}

impl ReportModel {
    /// The report on a plan, its catalogue and its results.
    pub fn new(
        plan: &Plan,
        catalog: &Catalog,
        results: &Results,
        context: &ReportContext,
    ) -> Result<Self, ReportError> {
        let given = Given { plan, catalog, results, context };
        Ok(Self {
            title: plan.name.clone(),
            subtitle: words::subtitle(&given),
            context: context.clone(),
            key_figures: headline::key_figures(&given),
            verdict: results.bottleneck.reason.clone(),
            sections: vec![
                basis::section(&given),
                super::floor::section(plan, results),
                super::hall::section(plan, catalog, results)?,
                findings::section(&given),
                loads::section(&given),
                power::section(&given),
                resilience::outages(&given),
                resilience::availability(&given),
                resilience::standby(&given),
                resilience::panels(&given),
                heat::section(&given),
                network::section(&given),
                performance::storage(&given),
                performance::section(&given),
                cost::section(&given),
                bill::section(&given),
                power::stranded(&given),
                sources::assumptions(&given),
                sources::entries(&given),
                limits::section(&given),
                validation::section(&given),
                provenance::section(&given)?,
            ],
        })
    }

    /// All tables, in order.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.sections.iter().flat_map(|s| &s.blocks).filter_map(|b| match b {
            Block::Table(table) => Some(table),
            _ => None,
        })
    }

    /// Tables with this identifier: one for each system where they are of systems.
    pub fn tables_named<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Table> {
        self.tables().filter(move |t| t.id == id)
    }

    /// The table with this identifier.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables().find(|t| t.id == id)
    }

    /// The section with this identifier.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.id == id)
    }
}
