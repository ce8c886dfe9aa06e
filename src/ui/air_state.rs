//! How far the air answer is, in words: one short line for the canvas, the rest on hover.

use super::state::Freshness;
use crate::evaluate::air::AirResult;
use crate::units::display;

/// The state of the air answer in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirWords {
    /// Grid, state, error bars.
    pub short: String,
    /// Everything else.
    pub detail: String,
    /// Whether the answer stands still on the grid that was asked for.
    pub is_firm: bool,
}

/// Puts an answer's state into words; `seconds` is what the air stage took.
#[must_use]
pub fn air_words(air: &AirResult, freshness: Freshness, seconds: f64) -> AirWords {
    let effort = &air.effort;
    let error = air.intake_error_k();
    let state = match freshness {
        Freshness::Missing | Freshness::Updating => "updating…",
        Freshness::Draft => "coarse, refining…",
        Freshness::Refining if effort.settled => "settled, refining…",
        Freshness::Refining => "settling, refining…",
        Freshness::Settled if effort.settled => "settled",
        Freshness::Settled => "not fully settled",
    };
    let preview = if air.model.is_preview() { "preview · " } else { "" };
    let short = format!(
        "{preview}{} m grid · {state} · ±{:.1} K mean, ±{:.1} K worst",
        display::sig(effort.dx_m, 2),
        error.mean_k,
        error.worst_k,
    );
    let detail = format!(
        "{} cells of {} m, {} steps in {}\n\
         {} simulated; means still move by {}\n\
         residual of the last pressure correction {:.0e}\n\
         Error bars of rack intakes: scatter in time, grid and turbulence model together",
        display::count(effort.cells as u64),
        display::sig(effort.dx_m, 2),
        display::count(effort.steps as u64),
        display::seconds(seconds),
        display::seconds(effort.simulated_s),
        display::of(effort.change_k, "K", 2),
        effort.residual,
    );
    let is_firm = effort.settled && matches!(freshness, Freshness::Settled | Freshness::Refining);
    AirWords { short, detail, is_firm }
}
