//! What training kernels and links reach of the speed of light: a few global laws.
//!
//! No constant belongs to a device or a model; a new device inherits them through its peaks,
//! bandwidths and class. Values and the runs that they were fitted to are in
//! `assets/efficiency/training.ron`; `tokenmill fit training` finds them again.
//!
//! Validity: peaks of 0.3 to 15 PFLOP/s, hidden widths of 2,000 to 26,000, stacks of 2021 to 2026.

use super::super::device::{Device, Precision};
use super::types::TrainingOptions;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

const SHIPPED: &str = include_str!("../../../../assets/efficiency/training.ron");

/// Peak at which the reference efficiencies hold, FLOP/s (H100, dense BF16).
const REFERENCE_PEAK_FLOP_S: f64 = 989e12;
/// Time in which the young-kernel penalty of a class halves, years (assumption; two MLPerf rounds
/// half a year apart do not tell more).
const YOUTH_HALVES_YEARS: f64 = 0.5;
/// Date at which the pace of mixture-of-experts software is 1, years.
const EXPERT_SOFTWARE_YEAR: f64 = 2026.1;
/// Bounds of that pace against [`EXPERT_SOFTWARE_YEAR`]: nothing measured is slower, and halving
/// once more is an assumption of how far it can go.
const EXPERT_PACE: (f64, f64) = (0.5, 1.0);
/// Backward over forward of fused attention: five products instead of two (FlashAttention-2,
/// arXiv 2307.08691).
pub const ATTENTION_BACKWARD: f64 = 2.5;
/// Exponent of the norm that joins the time of kernels and of the host that launches them.
pub const HOST_NORM: f64 = 3.0;
/// Share of memory bandwidth of element-wise kernels (assumption; copy kernels reach 0.85-0.9).
pub const ELEMENTWISE_BANDWIDTH: f64 = 0.75;

/// What a file of laws holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    provenance: String,
    laws: TrainingLaws,
}

/// The fitted laws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingLaws {
    /// Share of the peak of very large matrix products on a part of the reference peak.
    pub gemm_share: f64,
    /// The faster the arithmetic, the harder to feed and power: share ∝ peak^-this.
    pub peak_exponent: f64,
    /// Largest share of the peak.
    pub share_cap: f64,
    /// Harmonic-mean width of a product (rows, depth, columns) at which half is reached.
    pub half_width: f64,
    /// Share of all that AMD's kernels reach against NVIDIA's on the same peak.
    pub cdna_share: f64,
    /// Share lost on the day a class launches; halves every half year.
    pub youth_loss: f64,
    /// Share of the BF16 peak of fused causal attention at the reference peak.
    pub attention_share: f64,
    /// Its fall with the peak.
    pub attention_exponent: f64,
    /// Share of the BF16 peak of unfused attention's batched products.
    pub unfused_share: f64,
    /// Times that unfused attention moves its scores through memory, forward.
    pub score_passes: f64,
    /// Times that a layer moves the residual's width through memory, forward.
    pub elementwise_passes: f64,
    /// Share of the scale-up link that exchanges reach.
    pub link_share: f64,
    /// Share of the NIC that exchanges reach.
    pub nic_share: f64,
    /// Share of the tensor-parallel exchange left exposed by stacks since 2023.
    pub tensor_exposed: f64,
    /// Share of stage-to-stage sends left exposed.
    pub pipeline_exposed: f64,
    /// Share of the gradient exchange left exposed however long the step.
    pub gradient_exposed: f64,
    /// Share of the experts' exchange left exposed.
    pub expert_exposed: f64,
    /// Share of the context-parallel exchange left exposed.
    pub context_exposed: f64,
    /// Efficiency of grouped expert products against plain ones of the same shape.
    pub expert_share: f64,
    /// Times that a routed row crosses memory, forward.
    pub row_passes: f64,
    /// Host time of a dense layer's step (forward and backward of a micro-batch), s.
    pub dense_host_s: f64,
    /// Host time of an expert layer's step at the reference date, s.
    pub expert_host_s: f64,
    /// Time in which the host time of expert layers halves, years.
    pub expert_halves_years: f64,
    /// Exponent by which expert kernels follow the same pace.
    pub expert_pace_exponent: f64,
}

impl TrainingLaws {
    /// Laws before any run is seen: kernel tables for products, attention and links, round guesses for
    /// the rest.
    pub const PRIOR: Self = Self {
        gemm_share: 0.72,
        peak_exponent: 0.2,
        share_cap: 0.84,
        half_width: 350.0,
        cdna_share: 0.7,
        youth_loss: 0.2,
        attention_share: 0.55,
        attention_exponent: 0.1,
        unfused_share: 0.4,
        score_passes: 6.0,
        elementwise_passes: 18.0,
        link_share: 0.65,
        nic_share: 0.75,
        tensor_exposed: 0.5,
        pipeline_exposed: 0.5,
        gradient_exposed: 0.4,
        expert_exposed: 0.5,
        context_exposed: 0.5,
        expert_share: 0.5,
        row_passes: 6.0,
        dense_host_s: 1.5e-3,
        expert_host_s: 6e-3,
        expert_halves_years: 1.0,
        expert_pace_exponent: 1.0,
    };

    /// The laws that ship with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static LAWS: LazyLock<TrainingLaws> =
            LazyLock::new(|| TrainingLaws::read(SHIPPED).unwrap_or(TrainingLaws::PRIOR));
        &LAWS
    }

    /// Laws from text.
    ///
    /// # Errors
    /// Names the place that can not be read.
    pub fn read(text: &str) -> Result<Self, ron::error::SpannedError> {
        ron::from_str::<File>(text).map(|file| file.laws)
    }

    /// As text, readable and the same every time.
    ///
    /// # Errors
    /// Never for laws of plain numbers.
    pub fn write(&self, provenance: &str) -> Result<String, ron::Error> {
        let file = File { provenance: provenance.to_owned(), laws: *self };
        let mut text = ron::ser::to_string_pretty(&file, ron::ser::PrettyConfig::default())?;
        text.push('\n');
        Ok(text)
    }

    /// Share that the class's kernels reach for its vendor and age.
    #[must_use]
    pub fn class_share(&self, options: &TrainingOptions) -> f64 {
        let age = (options.software.year - options.class.launch_year()).max(0.0);
        let young = 1.0 - self.youth_loss * (-age / YOUTH_HALVES_YEARS).exp2();
        if options.class.is_cdna() { young * self.cdna_share } else { young }
    }

    /// FLOP/s of very large products in `precision`.
    #[must_use]
    pub fn gemm_flop_s(
        &self,
        device: &Device,
        precision: Precision,
        options: &TrainingOptions,
    ) -> f64 {
        let rated = device.rated_flop_s(precision);
        let law = self.gemm_share * (REFERENCE_PEAK_FLOP_S / rated).powf(self.peak_exponent);
        device.flop_s(precision) * law.min(self.share_cap) * self.class_share(options)
    }

    /// Share of that which a product of `rows` × `depth` × `columns` reaches.
    #[must_use]
    pub fn size_share(&self, rows: f64, depth: f64, columns: f64) -> f64 {
        1.0 / (1.0 + self.half_width * (1.0 / rows + 1.0 / depth + 1.0 / columns) / 3.0)
    }

    /// FLOP/s of attention.
    #[must_use]
    pub fn attention_flop_s(&self, device: &Device, options: &TrainingOptions) -> f64 {
        let rated = device.rated_flop_s(Precision::Bf16);
        let now = device.flop_s(Precision::Bf16);
        if !options.software.fused_attention {
            return now * self.unfused_share;
        }
        let law = (REFERENCE_PEAK_FLOP_S / rated).powf(self.attention_exponent);
        now * (self.attention_share * law).min(self.share_cap) * self.class_share(options)
    }

    /// Time of expert kernels and their launch at the software's date, over that at the reference.
    #[must_use]
    pub fn expert_pace(&self, options: &TrainingOptions) -> f64 {
        let years = options.software.year - EXPERT_SOFTWARE_YEAR;
        (-years / self.expert_halves_years).exp2().clamp(EXPERT_PACE.0, EXPERT_PACE.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_laws_are_read_and_come_back() {
        let laws = TrainingLaws::read(SHIPPED).unwrap();
        assert_eq!(&laws, TrainingLaws::shipped());
        assert_eq!(TrainingLaws::read(&laws.write("here").unwrap()).unwrap(), laws);
        assert!(TrainingLaws::read("(provenance: \"\", laws: (speed: 1.0))").is_err());
    }
}
