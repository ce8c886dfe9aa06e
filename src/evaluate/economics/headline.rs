//! The figures that a plan is judged by.

use serde::{Deserialize, Serialize};

/// A figure with a band, a formula tree and a tornado of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Headline {
    /// Tokens per second while working, output tokens when serving.
    TokensPerS,
    /// Yearly cost over GPU-hours sold.
    UsdPerGpuH,
    /// Yearly cost over output tokens (trained tokens when training).
    UsdPerMtok,
    /// Yearly cost over input and output tokens together.
    UsdPerMtokBlended,
    /// Prefill's share of the yearly cost over computed input tokens.
    UsdPerMtokInput,
    /// Cost of an input token found in the cache.
    UsdPerMtokCached,
    /// Decode's share of the yearly cost over output tokens.
    UsdPerMtokOutput,
    /// Cost of a year.
    AnnualUsd,
    /// Capital.
    CapexUsd,
    /// Net present value.
    Npv,
    /// Internal rate of return.
    Irr,
    /// Modified internal rate of return.
    Mirr,
    /// Years until spent money has come back.
    Payback,
    /// The same, discounted.
    DiscountedPayback,
    /// Utilisation at which the net present value is 0.
    BreakEvenUtilisation,
    /// Sales price at which the net present value is 0, over the assumed one.
    BreakEvenPriceLevel,
    /// Present cost of the whole life over present tokens.
    LevelisedUsdPerMtok,
    /// Emissions per million tokens, embodied ones included.
    CarbonPerMtok,
    /// Tokens per second and megawatt of facility power.
    TokSPerMw,
    /// Cost of a year in a rented hall.
    ColocationAnnualUsd,
    /// Cost per GPU-hour in a rented hall.
    ColocationUsdPerGpuH,
    /// Cost per million tokens in a rented hall.
    ColocationUsdPerMtok,
}

impl Headline {
    /// All, in the order of reports.
    pub const ALL: [Self; 22] = [
        Self::TokensPerS,
        Self::UsdPerGpuH,
        Self::UsdPerMtok,
        Self::UsdPerMtokBlended,
        Self::UsdPerMtokInput,
        Self::UsdPerMtokCached,
        Self::UsdPerMtokOutput,
        Self::AnnualUsd,
        Self::CapexUsd,
        Self::Npv,
        Self::Irr,
        Self::Mirr,
        Self::Payback,
        Self::DiscountedPayback,
        Self::BreakEvenUtilisation,
        Self::BreakEvenPriceLevel,
        Self::LevelisedUsdPerMtok,
        Self::CarbonPerMtok,
        Self::TokSPerMw,
        Self::ColocationAnnualUsd,
        Self::ColocationUsdPerGpuH,
        Self::ColocationUsdPerMtok,
    ];

    /// Its name, always saying which tokens are meant.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::TokensPerS => "Tokens per second",
            Self::UsdPerGpuH => "Cost per GPU-hour sold",
            Self::UsdPerMtok => "Cost per M output tokens, all cost on output",
            Self::UsdPerMtokBlended => "Cost per M tokens, input and output blended",
            Self::UsdPerMtokInput => "Cost per M input tokens",
            Self::UsdPerMtokCached => "Cost per M cached input tokens",
            Self::UsdPerMtokOutput => "Cost per M output tokens, decode only",
            Self::AnnualUsd => "Cost per year",
            Self::CapexUsd => "Capital",
            Self::Npv => "Net present value",
            Self::Irr => "Internal rate of return",
            Self::Mirr => "Modified internal rate of return",
            Self::Payback => "Payback",
            Self::DiscountedPayback => "Discounted payback",
            Self::BreakEvenUtilisation => "Break-even utilisation",
            Self::BreakEvenPriceLevel => "Break-even price over assumed price",
            Self::LevelisedUsdPerMtok => "Levelised cost per M output tokens",
            Self::CarbonPerMtok => "Carbon per M output tokens",
            Self::TokSPerMw => "Tokens per second and MW",
            Self::ColocationAnnualUsd => "Cost per year, colocated",
            Self::ColocationUsdPerGpuH => "Cost per GPU-hour sold, colocated",
            Self::ColocationUsdPerMtok => "Cost per M output tokens, colocated",
        }
    }

    /// Its unit.
    #[must_use]
    pub const fn unit(self) -> &'static str {
        match self {
            Self::TokensPerS => "tok/s",
            Self::UsdPerGpuH | Self::ColocationUsdPerGpuH => "$/GPU-h",
            Self::UsdPerMtok
            | Self::UsdPerMtokBlended
            | Self::UsdPerMtokInput
            | Self::UsdPerMtokCached
            | Self::UsdPerMtokOutput
            | Self::LevelisedUsdPerMtok
            | Self::ColocationUsdPerMtok => "$/M tok",
            Self::AnnualUsd | Self::ColocationAnnualUsd => "$/year",
            Self::CapexUsd | Self::Npv => "$",
            Self::Irr | Self::Mirr => "1/year",
            Self::Payback | Self::DiscountedPayback => "years",
            Self::BreakEvenUtilisation | Self::BreakEvenPriceLevel => "share",
            Self::CarbonPerMtok => "g CO₂e/M tok",
            Self::TokSPerMw => "tok/s/MW",
        }
    }

    /// Whether less is better.
    #[must_use]
    pub const fn less_is_better(self) -> bool {
        !matches!(self, Self::TokensPerS | Self::Npv | Self::Irr | Self::Mirr | Self::TokSPerMw)
    }
}

/// A headline with its band; a value that does not exist (a payback that never comes) is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HeadlineSpread {
    /// Which.
    pub headline: Headline,
    /// Every input at its base.
    pub base: Option<f64>,
    /// 10 % of samples lie below.
    pub p10: Option<f64>,
    /// Half of the samples lie below.
    pub p50: Option<f64>,
    /// 90 % of samples lie below.
    pub p90: Option<f64>,
    /// Share of samples in which the value exists, 0–1.
    pub exists: f64,
}
