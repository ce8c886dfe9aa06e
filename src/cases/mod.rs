//! Validation: every case that ships, run here and held against what others measured or computed.
//!
//! ```text
//! case file + reference ─read─► Case ─run─► Outcome: quantities (reference, ours, error, tolerance), picture
//! ```
//! A [`Case`] is a question with known answers; [`run::run`] asks the solver behind the product and
//! compares. Nothing is shown as validated that did not come from here: the command line
//! (`validate`), the window's Validation tab and the report's appendix all read [`Outcome`]s.
//!
//! A quantity without a tolerance is information: it is shown and never counted as passed.
//! Case files are compiled into the program; [`folder`] reads the same formats from a user's disk.

pub mod air;
mod cavity;
mod csv;
pub mod dc_power;
pub mod economics;
pub mod economics_published;
pub mod fabric;
pub mod folder;
pub mod hardware;
pub mod liquid;
pub mod max_load;
pub mod measured;
pub mod network;
pub mod picture;
pub mod plant;
pub mod pod2;
pub mod power;
pub mod power_file;
pub mod quantity;
pub mod quoted;
pub mod registry;
pub mod reliability;
pub mod row_answers;
pub mod run;
pub mod serving_answer;
mod serving_layout;
pub mod serving_points;
pub mod serving_rows;
mod serving_software;
mod serving_terms;
pub mod short_circuit;
pub mod solve_file;
pub mod speed;
pub mod statistics;
pub mod storage;
pub mod text_table;
pub mod training;
pub mod words;
pub mod workload;
mod workload_rows;

pub use picture::{Picture, Point, Series};
pub use quantity::Quantity;
pub use registry::shipped;
pub use run::{Outcome, Verdict, run, run_all};

use crate::evaluate::cancel::{CancelToken, Cancelled};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// What a case is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// Airflow and temperature of a hall.
    Air,
    /// Coolant loops.
    Liquid,
    /// Heat rejection through the year.
    Plant,
    /// The power chain.
    Power,
    /// The scale-out network.
    Fabric,
    /// Shared storage.
    Storage,
    /// Tokens per second.
    Workload,
    /// Money.
    Economics,
    /// Failures and goodput.
    Reliability,
}

impl Topic {
    /// All, in the order of the lists.
    pub const ALL: [Self; 9] = [
        Self::Air,
        Self::Liquid,
        Self::Plant,
        Self::Power,
        Self::Fabric,
        Self::Storage,
        Self::Workload,
        Self::Economics,
        Self::Reliability,
    ];

    /// The word for it on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Air => "air",
            Self::Liquid => "liquid",
            Self::Plant => "plant",
            Self::Power => "power",
            Self::Fabric => "fabric",
            Self::Storage => "storage",
            Self::Workload => "workload",
            Self::Economics => "economics",
            Self::Reliability => "reliability",
        }
    }

    /// Its heading.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Air => "Air",
            Self::Liquid => "Liquid",
            Self::Plant => "Plant",
            Self::Power => "Power",
            Self::Fabric => "Fabric",
            Self::Storage => "Storage",
            Self::Workload => "Workload",
            Self::Economics => "Economics",
            Self::Reliability => "Reliability",
        }
    }

    /// The topic that a word names.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.id() == word)
    }
}

/// Why a case gave no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CaseError {
    /// Someone stopped it.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The case or its reference is not what it should be; names file and field.
    #[error("{file}: {problem}")]
    File {
        /// Which file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A name that the catalogue does not know.
    #[error("no {kind} is called \"{name}\"; nearest: {nearest}")]
    Unknown {
        /// What was looked for.
        kind: &'static str,
        /// The name as given.
        name: String,
        /// Known names that look alike, best first.
        nearest: String,
    },
    /// The solver refused or failed.
    #[error("not solved: {0}")]
    Solver(String),
}

impl CaseError {
    /// A fault in a file.
    pub(crate) fn file(file: impl Into<String>, problem: impl fmt::Display) -> Self {
        Self::File { file: file.into(), problem: problem.to_string() }
    }

    /// A solver that did not answer; the message is the solver's own.
    pub(crate) fn solver(problem: impl fmt::Display) -> Self {
        Self::Solver(problem.to_string())
    }
}

/// What a case answers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Reference and ours, side by side.
    pub quantities: Vec<Quantity>,
    /// Ours against the reference.
    pub picture: Option<Picture>,
    /// Whether the solver settled; a direct solution always has.
    pub settled: bool,
    /// What a reader must know beside the numbers.
    pub notes: Vec<String>,
}

impl Answer {
    /// Numbers and a picture of a direct solution.
    #[must_use]
    pub fn of(quantities: Vec<Quantity>, picture: Picture) -> Self {
        Self { quantities, picture: Some(picture), settled: true, notes: Vec::new() }
    }
}

/// What solves a case.
type Solve = dyn Fn(&CancelToken) -> Result<Answer, CaseError> + Send + Sync;

/// One question with a known answer.
#[derive(Clone)]
pub struct Case {
    /// Stable identifier, unique in its set.
    pub id: String,
    /// What it is about.
    pub topic: Topic,
    /// What is asked, in a few words.
    pub title: String,
    /// Who measured or computed the reference, with what.
    pub source: String,
    solve: Arc<Solve>,
}

impl Case {
    /// A case that `solve` answers.
    pub fn new(
        id: impl Into<String>,
        topic: Topic,
        title: impl Into<String>,
        source: impl Into<String>,
        solve: impl Fn(&CancelToken) -> Result<Answer, CaseError> + Send + Sync + 'static,
    ) -> Self {
        let (id, title, source) = (id.into(), title.into(), source.into());
        Self { id, topic, title, source, solve: Arc::new(solve) }
    }

    /// Solves and compares.
    ///
    /// # Errors
    /// A file that can not be read, a solver that refuses, or a wish to stop.
    pub fn answer(&self, cancel: &CancelToken) -> Result<Answer, CaseError> {
        (self.solve)(cancel)
    }
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Case({} {})", self.topic.id(), self.id)
    }
}
