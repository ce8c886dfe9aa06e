//! Cancelling a running evaluation: the newest request wins.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Returned by a stage that saw that its answer is no longer wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the evaluation was cancelled by a newer one")]
pub struct Cancelled;

/// Watches the newest wanted revision; a running stage asks it once per sweep.
#[derive(Clone, Debug)]
pub struct CancelToken {
    newest: Arc<AtomicU64>,
    mine: u64,
}

impl CancelToken {
    /// A token for `revision`, cancelled once `newest` holds anything else.
    #[must_use]
    pub fn new(newest: Arc<AtomicU64>, revision: u64) -> Self {
        Self { newest, mine: revision }
    }

    /// A token that is never cancelled, for the command line and tests.
    #[must_use]
    pub fn never() -> Self {
        Self { newest: Arc::new(AtomicU64::new(0)), mine: 0 }
    }

    /// `Err(Cancelled)` once a newer revision is wanted.
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.newest.load(Ordering::Relaxed) == self.mine { Ok(()) } else { Err(Cancelled) }
    }
}
