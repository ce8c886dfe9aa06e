//! What serves the model: prefix cache, engine, deployment, drafts. The inspector and the workload
//! tab show the same fields.

use super::facility::typed_ui;
use crate::plan::serving::{MOST_CACHED_PCT, MOST_DRAFTED};
use crate::plan::{Deployment, Drafts, Serving, ServingEngine};
use crate::ui::inspector::field::{Number, explained_choice_ui};
use crate::ui::theme::Theme;
use eframe::egui::Ui;

const CACHED: &str = "share of the prompt tokens found in a prefix cache: they are not computed, \
    still attended to, and sold at the price of cached tokens. 0 to 99 %. Memory that the cache \
    itself takes is not counted";
const ENGINE: &str = "host time, admission and interference of prefills as fitted to published runs \
    of this engine";
const DEPLOYMENT: &str = "aggregated: every GPU prefills and decodes · disaggregated: prefill and \
    decode on workers of their own, the cache sent between them; needs at least two workers · better \
    of both: whichever gives more tokens within the service level";
const DRAFTS: &str = "tokens guessed ahead per step and checked together (multi-token prediction, a \
    draft model); off unless you ask for it, since acceptance depends on model and text. At most 16";
const ACCEPTED: &str = "mean number of the drafted tokens that the model accepts, 0 to the number \
    drafted; DeepSeek reports 0.85 to 0.9 for one";

/// Cache, engine, deployment and drafts of a serving job.
pub fn software_ui(ui: &mut Ui, serving: &mut Serving, theme: &Theme) {
    let number = |label, value, unit, range, hint: &str| {
        Number::new(label, value, unit, range).source(hint, false)
    };
    let cached = serving.cached_prompt_pct;
    let cached = number("Prompt cached", cached, "%", (0.0, MOST_CACHED_PCT), CACHED);
    serving.cached_prompt_pct = typed_ui(ui, &cached, theme).unwrap_or(serving.cached_prompt_pct);
    let (all, label) = (ServingEngine::ALL, ServingEngine::label);
    let engine = Some(serving.engine);
    serving.engine = explained_choice_ui(ui, ("Engine", ENGINE), engine, &all, label, theme)
        .unwrap_or(serving.engine);
    let (all, label) = (Deployment::ALL, Deployment::label);
    let chosen = Some(serving.deployment);
    serving.deployment =
        explained_choice_ui(ui, ("Deployment", DEPLOYMENT), chosen, &all, label, theme)
            .unwrap_or(serving.deployment);
    let drafted = serving.drafts.map_or(0.0, |d| f64::from(d.drafted));
    let most = f64::from(MOST_DRAFTED);
    let drafted = number("Drafted per step", drafted, "tokens", (0.0, most), DRAFTS);
    if let Some(n) = typed_ui(ui, &drafted, theme) {
        serving.drafts = drafting(n.round() as u32, serving.drafts);
    }
    if let Some(drafts) = &mut serving.drafts {
        let range = (0.0, f64::from(drafts.drafted));
        let accepted = number("Accepted", drafts.accepted, "tokens", range, ACCEPTED);
        drafts.accepted = typed_ui(ui, &accepted, theme).unwrap_or(drafts.accepted);
    }
}

/// Drafts of `drafted` tokens: none for 0, and never more accepted than drafted.
fn drafting(drafted: u32, before: Option<Drafts>) -> Option<Drafts> {
    let accepted = before.unwrap_or_default().accepted;
    (drafted > 0).then(|| Drafts { drafted, accepted: accepted.min(f64::from(drafted)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_drafts_hold_what_is_accepted_and_none_takes_them_away() {
        let first = drafting(1, None).unwrap();
        assert_eq!(first, Drafts::default());
        let three = Some(Drafts { drafted: 3, accepted: 2.1 });
        assert_eq!(drafting(2, three), Some(Drafts { drafted: 2, accepted: 2.0 }));
        assert_eq!(drafting(0, three), None);
    }
}
