//! Time measurement without touching the system clock: the program's entry injects it, tests and
//! golden files use a clock that stands still.

use std::fmt;
use std::sync::Arc;

/// Seconds since some fixed moment.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> f64 + Send + Sync>);

impl Clock {
    /// A clock that reads `now`.
    pub fn new(now: impl Fn() -> f64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands still: every duration is 0, so that results are reproducible.
    #[must_use]
    pub fn still() -> Self {
        Self::new(|| 0.0)
    }

    /// Seconds now.
    #[must_use]
    pub fn now_s(&self) -> f64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
