//! Serving a model: lengths, service level, demand, and what runs it.
//!
//! What came after the first files has a default and is not written while it holds, so that older
//! plans open unchanged and a plan that does not use it stays as it was.

use serde::{Deserialize, Serialize};

/// Largest share of prompts that a prefix cache can hold, percent: the end of a prompt is new in
/// every request.
pub const MOST_CACHED_PCT: f64 = 99.0;
/// Most tokens drafted per step that make sense (published deployments draft 1 to 8).
pub const MOST_DRAFTED: u32 = 16;
/// Peak hour over daily mean cannot be more: all of the day's requests in one of its hours.
pub const MOST_PEAK_TO_MEAN: f64 = 24.0;

/// Serving a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serving {
    /// Mean prompt, tokens (ISL), cached ones included.
    pub input_tokens: u32,
    /// Mean answer, tokens (OSL).
    pub output_tokens: u32,
    /// Time to first token allowed (TTFT), ms.
    pub ttft_ms: f64,
    /// Time per output token allowed (TPOT), ms.
    pub tpot_ms: f64,
    /// Peak hour over daily mean demand.
    pub peak_to_mean: f64,
    /// Mean share of the capacity that is asked for over the year, percent. What the peak hour asks
    /// for beyond the capacity is turned away and not sold.
    pub sold_pct: f64,
    /// Share of the prompt tokens that are found in a prefix cache and not computed, percent.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cached_prompt_pct: f64,
    /// What runs the model.
    #[serde(default, skip_serializing_if = "is_default")]
    pub engine: ServingEngine,
    /// Whether prefill and decode share their GPUs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deployment: Deployment,
    /// Speculative decoding; none unless the planner asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drafts: Option<Drafts>,
}

impl Default for Serving {
    /// A chat service.
    fn default() -> Self {
        Self {
            input_tokens: 1_024,
            output_tokens: 1_024,
            ttft_ms: 2_000.0,
            tpot_ms: 50.0,
            peak_to_mean: 1.5,
            sold_pct: 65.0,
            cached_prompt_pct: 0.0,
            engine: ServingEngine::default(),
            deployment: Deployment::default(),
            drafts: None,
        }
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Serving engine.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum ServingEngine {
    /// NVIDIA TensorRT-LLM.
    #[default]
    TensorRtLlm,
    /// SGLang.
    Sglang,
    /// vLLM.
    Vllm,
}

impl ServingEngine {
    /// All engines.
    pub const ALL: [Self; 3] = [Self::TensorRtLlm, Self::Sglang, Self::Vllm];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TensorRtLlm => "TensorRT-LLM",
            Self::Sglang => "SGLang",
            Self::Vllm => "vLLM",
        }
    }
}

/// Whether prefill and decode share their GPUs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum Deployment {
    /// Prefill and decode on the same GPUs.
    #[default]
    Aggregated,
    /// Prefill and decode on workers of their own, the cache sent from one to the other.
    Disaggregated,
    /// Whichever of both gives more within the service level.
    Better,
}

impl Deployment {
    /// All deployments.
    pub const ALL: [Self; 3] = [Self::Aggregated, Self::Disaggregated, Self::Better];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Aggregated => "aggregated",
            Self::Disaggregated => "disaggregated",
            Self::Better => "better of both",
        }
    }
}

/// Speculative decoding: tokens guessed ahead (multi-token prediction, a draft model) and checked in
/// one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafts {
    /// Tokens drafted per step.
    pub drafted: u32,
    /// Mean number of those that are accepted, 0 to `drafted`.
    pub accepted: f64,
}

impl Default for Drafts {
    /// One token of a model's own prediction layer, accepted as DeepSeek reports for it (arXiv
    /// 2412.19437: 85 to 90 %).
    fn default() -> Self {
        Self { drafted: 1, accepted: 0.85 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST_FILES: &str = "(input_tokens:4000,output_tokens:1000,ttft_ms:3000.0,tpot_ms:40.0,\
                               peak_to_mean:1.25,sold_pct:65.0)";

    #[test]
    fn a_job_of_the_first_files_opens_and_is_written_as_it_was() {
        let old: Serving = ron::from_str(FIRST_FILES).unwrap();
        assert_eq!(old.engine, ServingEngine::TensorRtLlm);
        assert_eq!(old.deployment, Deployment::Aggregated);
        assert_eq!((old.cached_prompt_pct, old.drafts), (0.0, None));
        assert_eq!(ron::to_string(&old).unwrap(), FIRST_FILES);
    }

    #[test]
    fn what_a_planner_sets_comes_back() {
        let set = Serving {
            cached_prompt_pct: 56.0,
            engine: ServingEngine::Vllm,
            deployment: Deployment::Better,
            drafts: Some(Drafts { drafted: 3, accepted: 1.9 }),
            ..Serving::default()
        };
        let text = ron::to_string(&set).unwrap();
        assert_eq!(ron::from_str::<Serving>(&text).unwrap(), set);
    }
}
