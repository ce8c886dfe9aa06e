//! From plan and catalogue to results, in pure stages.

pub mod air;
pub mod cancel;
pub mod clock;
pub mod economics;
pub mod fabric;
pub mod finding;
pub mod liquid;
pub mod loads;
pub mod plant;
pub mod power;
pub mod rack_space;
pub mod reliability;
pub mod result;
pub mod snapshot;
pub mod storage;
pub mod workload;

use crate::catalog::Catalog;
use crate::plan::Plan;
use cancel::{CancelToken, Cancelled};
use clock::Clock;
use result::{Quality, Results};
use std::sync::Arc;

/// Why a plan has no results.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EvaluateError {
    /// A newer request came.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
    /// The plan refers to something that the catalogue does not have.
    #[error(transparent)]
    Unresolved(#[from] snapshot::ResolveError),
    /// A stage refused its input.
    #[error("{stage}: {message}")]
    Stage {
        /// The stage.
        stage: &'static str,
        /// What is wrong, naming field, value and limit.
        message: String,
    },
}

/// Evaluates plans, keeping what makes the next answer faster: its threads, the last air field
/// and the last answer of each stage.
#[derive(Debug)]
pub struct Evaluator {
    clock: Clock,
    pool: Option<rayon::ThreadPool>,
}

impl Evaluator {
    /// An evaluator with its own pool of `threads`.
    #[must_use]
    pub fn new(threads: usize, clock: Clock) -> Self {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build().ok();
        Self { clock, pool }
    }

    /// One answer.
    pub fn evaluate(
        &mut self,
        _plan: &Plan,
        _catalog: &Arc<Catalog>,
        _revision: u64,
        _quality: Quality,
        cancel: &CancelToken,
    ) -> Result<Results, EvaluateError> {
        cancel.check()?;
        Err(EvaluateError::Stage {
            stage: "evaluate",
            message: format!("{:?} {:?}", self.clock, self.pool),
        })
    }
}
