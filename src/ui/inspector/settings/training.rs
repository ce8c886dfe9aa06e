//! A training job: what kind it starts from, its step, adapters and the tokens of the whole job. The
//! inspector and the workload tab show the same fields.

use super::facility::typed_ui;
use crate::plan::training::{MOST_RANK, MOST_TOKENS};
use crate::plan::{Training, TrainingPreset};
use crate::ui::inspector::field::{Number, explained_choice_ui};
use crate::ui::theme::Theme;
use eframe::egui::Ui;

const START: &str = "choosing one fills in its usual sequence, batch, adapters and tokens; change \
    them below as you like";
const RANK: &str = "rank of low-rank adapters on frozen weights (LoRA); 0 trains all weights, which \
    takes gradients and optimiser states for each of them. At most 1024";
const TOKENS: &str = "tokens of the whole job, in millions: time and cost to train them are told; 0 \
    leaves the job open";
/// Tokens of the field's unit.
const MILLION: f64 = 1e6;

/// A training job.
pub fn training_ui(ui: &mut Ui, training: &mut Training, theme: &Theme) {
    let (all, label) = (TrainingPreset::ALL, TrainingPreset::label);
    let current = Some(TrainingPreset::of(training));
    if let Some(preset) = explained_choice_ui(ui, ("Kind", START), current, &all, label, theme) {
        *training = Training { scheduled_pct: training.scheduled_pct, ..preset.job() };
    }
    let sequence = f64::from(training.sequence_tokens);
    let sequence = Number::new("Sequence", sequence, "tokens", (1.0, 1e7));
    if let Some(n) = typed_ui(ui, &sequence, theme) {
        training.sequence_tokens = n.round() as u32;
    }
    let batch = Number::new("Batch", training.batch_tokens as f64, "tokens", (1.0, 1e12));
    if let Some(n) = typed_ui(ui, &batch, theme) {
        training.batch_tokens = n.round() as u64;
    }
    let rank = f64::from(training.adapter_rank.unwrap_or(0));
    let rank = Number::new("Adapter rank", rank, "", (0.0, f64::from(MOST_RANK)));
    if let Some(n) = typed_ui(ui, &rank.source(RANK, false), theme) {
        training.adapter_rank = (n >= 1.0).then(|| n.round() as u32);
    }
    let tokens = training.tokens.unwrap_or(0.0) / MILLION;
    let tokens = Number::new("Tokens to train", tokens, "M", (0.0, MOST_TOKENS / MILLION));
    if let Some(n) = typed_ui(ui, &tokens.source(TOKENS, false), theme) {
        training.tokens = (n > 0.0).then(|| (n * MILLION).max(1.0));
    }
    let scheduled = Number::new("Scheduled", training.scheduled_pct, "%", (0.1, 100.0));
    training.scheduled_pct = typed_ui(ui, &scheduled, theme).unwrap_or(training.scheduled_pct);
}
