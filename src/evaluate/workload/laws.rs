//! What an engine adds to its kernels, fitted to measured serving: host time, interference of
//! prefills with decoding, and how far kernels inside captured graphs run from timed ones.
//!
//! One value per engine or per class of operation, never one per device or model. The values, the
//! data they were fitted to and the errors that remain are in `assets/efficiency/serving.ron`;
//! `tokenmill fit serving` finds them again from a table of measurements.

use super::serving_types::Engine;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

const SHIPPED: &str = include_str!("../../../assets/efficiency/serving.ron");

/// Scales of kernel times inside an engine, the same for every device and model.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClassLaw {
    /// Share of memory bandwidth at which products of few rows stream their weights.
    pub stream_share: f64,
    /// Launch and tail of a product, µs.
    pub launch_us: f64,
    /// Added where its activations are turned into 8 or 4 bits, µs.
    pub quantise_us: f64,
    /// Attention over its isolated timings.
    pub attention: f64,
    /// Experts over their isolated timings.
    pub experts: f64,
    /// Routing and permutation that engines fuse or hide, per layer of experts, µs.
    pub experts_fused_us: f64,
    /// Collectives over their isolated timings.
    pub collectives: f64,
    /// Launch time that captured graphs and programmatic launches hide, per kernel, µs.
    pub hidden_launch_us: f64,
    /// Time of one element-wise kernel beside its traffic, µs.
    pub elementwise_us: f64,
    /// Waiting for the slowest rank at each collective, µs.
    pub skew_us: f64,
    /// Prefill over the sum of its kernels.
    pub prefill: f64,
    /// Change of speed of expert models per year of software age: time ∝ exp(−x · years).
    pub experts_maturity_per_year: f64,
    /// Cost of drafting one token, over that of a decode step.
    pub draft: f64,
}

/// What one engine adds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EngineLaw {
    /// Host time of a decode step that does not hide behind the accelerator, ms.
    pub step_ms: f64,
    /// The same per sequence in flight of an attention group, µs.
    pub sequence_us: f64,
    /// Admission of a prompt, ms.
    pub prompt_ms: f64,
    /// Share of other requests' prefills that delays a decoding one (φ), lengths drawn at random.
    pub interference: f64,
    /// The same when equal lengths make requests start and end in waves.
    pub interference_waves: f64,
    /// Prefills found ahead by a request, per request in flight in its group.
    pub ahead: f64,
    /// The same in waves.
    pub ahead_waves: f64,
}

/// Measured time per token over the model's, at points never used to fit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ErrorBand {
    /// 10 % of points lie below.
    pub p10: f64,
    /// 90 % of points lie below.
    pub p90: f64,
    /// Points that the band was read from.
    pub points: u32,
}

/// Error bands by how well a prediction is founded.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bands {
    /// Kernels of the device were timed.
    pub measured: ErrorBand,
    /// Kernels of another device of the generation were timed.
    pub same_class: ErrorBand,
    /// Inherited through peaks and bandwidths.
    pub extrapolated: ErrorBand,
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServingLaws {
    /// Where the measurements come from.
    pub provenance: String,
    /// Scales by class of operation.
    pub classes: ClassLaw,
    /// TensorRT-LLM.
    pub tensor_rt_llm: EngineLaw,
    /// SGLang.
    pub sglang: EngineLaw,
    /// vLLM.
    pub vllm: EngineLaw,
    /// What errors to expect of the time per token.
    pub time_per_token: Bands,
}

impl ServingLaws {
    /// The laws that ship with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static LAWS: LazyLock<ServingLaws> =
            LazyLock::new(|| ServingLaws::read(SHIPPED).unwrap_or_else(|_| ServingLaws::ideal()));
        &LAWS
    }

    /// Laws from text.
    ///
    /// # Errors
    /// Names the place that can not be read.
    pub fn read(text: &str) -> Result<Self, ron::error::SpannedError> {
        ron::from_str(text)
    }

    /// As text, readable and the same every time.
    ///
    /// # Errors
    /// Never for laws of plain numbers.
    pub fn write(&self) -> Result<String, ron::Error> {
        let mut text = ron::ser::to_string_pretty(self, ron::ser::PrettyConfig::default())?;
        text.push('\n');
        Ok(text)
    }

    /// An engine that adds nothing to its kernels: where a fit starts.
    #[must_use]
    pub fn ideal() -> Self {
        // Half of a wave is ahead of a request where prompts go first (SGLang), a tenth where they
        // are mixed into decode steps.
        let engine = EngineLaw {
            step_ms: 0.6,
            sequence_us: 8.0,
            prompt_ms: 15.0,
            interference: 1.0,
            interference_waves: 1.0,
            ahead: 0.1,
            ahead_waves: 0.1,
        };
        let band = ErrorBand { p10: 0.5, p90: 2.0, points: 0 };
        Self {
            provenance: "start of a fit".to_owned(),
            classes: ClassLaw {
                stream_share: 0.83,
                launch_us: 3.0,
                quantise_us: 3.0,
                attention: 1.0,
                experts: 1.0,
                experts_fused_us: 5.0,
                collectives: 1.0,
                hidden_launch_us: 0.0,
                elementwise_us: 2.0,
                skew_us: 2.0,
                prefill: 1.0,
                experts_maturity_per_year: 0.3,
                draft: 0.05,
            },
            tensor_rt_llm: engine,
            sglang: EngineLaw { ahead_waves: 0.5, ..engine },
            vllm: engine,
            time_per_token: Bands { measured: band, same_class: band, extrapolated: band },
        }
    }

    /// Law of `engine`.
    #[must_use]
    pub const fn engine(&self, engine: Engine) -> &EngineLaw {
        match engine {
            Engine::TensorRtLlm => &self.tensor_rt_llm,
            Engine::Sglang => &self.sglang,
            Engine::Vllm => &self.vllm,
        }
    }

    /// The same, to change.
    pub const fn engine_mut(&mut self, engine: Engine) -> &mut EngineLaw {
        match engine {
            Engine::TensorRtLlm => &mut self.tensor_rt_llm,
            Engine::Sglang => &mut self.sglang,
            Engine::Vllm => &mut self.vllm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_laws_are_read() {
        let laws = ServingLaws::read(SHIPPED).unwrap();
        assert_ne!(laws, ServingLaws::ideal());
        let again = ServingLaws::read(&ron::to_string(&laws).unwrap()).unwrap();
        assert_eq!(again, laws);
    }
}
