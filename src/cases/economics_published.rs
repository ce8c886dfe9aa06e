//! Published costs and sales, computed again from their published inputs.

use super::registry::readable;
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::economics::{
    AssetLives, Band, CapexLine, Carbon, ClassRates, EconomicsCase, EconomicsResult, Energy,
    Financing, Headline, Investment, OpexBasis, OpexLine, Phase, Production, RentalPrice, Revenue,
    Sampling, Subsystem, Tariff, TokenMix, TokenPrices, Water, solve,
};
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_HOUR};
use serde::Deserialize;

const FILE: &str = include_str!("../../tests/cases/economics/published.json");

/// Days of a year of 8,760 hours.
const DAYS_PER_YEAR: f64 = 365.0;
/// Seconds of a day.
const SECONDS_PER_DAY: f64 = 24.0 * SECONDS_PER_HOUR;

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    provenance: String,
    published: Vec<Row>,
}

/// What is read from the result.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    AnnualUsd,
    UsdDay,
    RevenueDay,
    UsdPerGpuH,
    UsdPerMtok,
    TokSPerMw,
    JPerToken,
    CapexUsd,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tokens {
    #[serde(default)]
    day_cached: f64,
    #[serde(default)]
    day_input: f64,
    day_output: f64,
    #[serde(default)]
    usd_m_cached: f64,
    #[serde(default)]
    usd_m_input: f64,
    #[serde(default)]
    usd_m_output: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    what: String,
    read: Read,
    published: f64,
    tolerance_pct: f64,
    #[serde(default)]
    gpus: u32,
    #[serde(default)]
    rent_usd_gpu_h: f64,
    #[serde(default)]
    it_usd: f64,
    #[serde(default)]
    facility_usd: f64,
    #[serde(default)]
    opex_usd_year: f64,
    #[serde(default)]
    facility_kw: f64,
    #[serde(default = "five")]
    life_it: f64,
    #[serde(default = "five")]
    life_facility: f64,
    #[serde(default)]
    wacc: f64,
    tokens: Option<Tokens>,
}

const fn five() -> f64 {
    5.0
}

/// The shipped case.
#[must_use]
pub fn cases() -> Vec<Case> {
    vec![readable("published_economics", Topic::Economics, case("published_economics", FILE))]
}

/// A case from a file of published figures.
///
/// # Errors
/// A file that is not what it should be.
pub fn case(id: &str, text: &str) -> Result<Case, CaseError> {
    let file: File = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let title = format!("{} published costs and sales", file.published.len());
    let (source, name) = (file.provenance.clone(), id.to_owned());
    Ok(Case::new(id, Topic::Economics, title, source, move |cancel| {
        cancel.check()?;
        answer(&name, &file.published)
    }))
}

fn answer(id: &str, rows: &[Row]) -> Result<Answer, CaseError> {
    let mut quantities = Vec::new();
    let mut points = Vec::new();
    for row in rows {
        let result = solve(&row.case()).map_err(|e| CaseError::file(id, e))?;
        let ours = row.reading(&result).ok_or_else(|| {
            CaseError::file(id, format!("{}: the inputs do not give this figure", row.what))
        })?;
        let unit = row.read.unit();
        quantities.push(
            Quantity::relative(&row.what, unit, row.published, ours).within(row.tolerance_pct),
        );
        points.push(Point::new(row.what.clone(), row.published, ours));
    }
    let picture = Picture::Scatter {
        quantity: "Published figure".into(),
        unit: "",
        points,
        band: None,
        log: true,
    };
    Ok(Answer::of(quantities, picture))
}

impl Read {
    const fn unit(self) -> &'static str {
        match self {
            Self::AnnualUsd => "$/year",
            Self::UsdDay | Self::RevenueDay => "$/day",
            Self::UsdPerGpuH => "$/GPU-h",
            Self::UsdPerMtok => "$/M tok",
            Self::TokSPerMw => "tok/s/MW",
            Self::JPerToken => "J/tok",
            Self::CapexUsd => "$",
        }
    }
}

impl Row {
    fn reading(&self, r: &EconomicsResult) -> Option<f64> {
        let of = |h| r.headline(h).and_then(|s| s.base);
        match self.read {
            Read::AnnualUsd => Some(r.annual_usd),
            Read::UsdDay => Some(r.annual_usd / DAYS_PER_YEAR),
            Read::RevenueDay => {
                r.investment.as_ref().map(|i| i.full_year_revenue_usd / DAYS_PER_YEAR)
            }
            Read::UsdPerGpuH => of(Headline::UsdPerGpuH),
            Read::UsdPerMtok => of(Headline::UsdPerMtok),
            Read::TokSPerMw => of(Headline::TokSPerMw),
            Read::JPerToken => r.tokens_per_j.map(|t| 1.0 / t),
            Read::CapexUsd => Some(r.capex_usd.base),
        }
    }

    fn case(&self) -> EconomicsCase {
        let exact = Band::exact;
        EconomicsCase {
            capex: vec![
                line(Subsystem::Compute, "IT", self.it_usd),
                line(Subsystem::Power, "Facility", self.facility_usd),
            ],
            opex: vec![
                opex("Running cost", self.opex_usd_year),
                opex("Rent", self.rent_usd_gpu_h * f64::from(self.gpus) * HOURS_PER_YEAR),
            ],
            energy: Energy {
                facility_at_load_kw: exact(self.facility_kw),
                idle_power_share: 1.0,
                peak_kw: 0.0,
                it_share: 1.0,
                price_usd_kwh: exact(0.0),
                demand_usd_kw_month: exact(0.0),
                tariff: Tariff::flat(),
            },
            water: Water { wue_l_kwh: 0.0, price_usd_m3: exact(0.0) },
            carbon: Carbon { grid_g_kwh: exact(0.0), embodied_t: None, price_usd_t: exact(0.0) },
            financing: Financing::Annuity { wacc: exact(self.wacc) },
            class_rates: ClassRates::default(),
            lives: AssetLives {
                it: exact(self.life_it),
                network: exact(self.life_it),
                plant: exact(self.life_facility),
                building: exact(self.life_facility),
            },
            production: self.production(),
            investment: Some(self.investment()),
            colocation: None,
            sources: Vec::new(),
            sampling: Sampling { samples: 1, seed: 1 },
        }
    }

    fn production(&self) -> Production {
        let mix = |t: &Tokens| {
            let input = t.day_cached + t.day_input;
            TokenMix {
                input_per_output: input / t.day_output,
                cached_share: if input > 0.0 { t.day_cached / input } else { 0.0 },
                cached_cost_ratio: 0.0,
                prefill_share: Band::exact(0.5),
            }
        };
        let rate = |t: &Tokens| Band::exact(t.day_output / SECONDS_PER_DAY);
        Production {
            gpus: self.gpus,
            sold_share: Band::exact(1.0),
            availability: Band::exact(1.0),
            tokens_per_s: self.tokens.as_ref().map(rate),
            mix: self.tokens.as_ref().map(mix),
        }
    }

    fn investment(&self) -> Investment {
        let change_year = Band::exact(0.0);
        let revenue = match &self.tokens {
            Some(t) => Revenue::Tokens(TokenPrices {
                input: Band::exact(t.usd_m_input),
                cached: Band::exact(t.usd_m_cached),
                output: Band::exact(t.usd_m_output),
                change_year,
            }),
            None => Revenue::Rental(RentalPrice {
                usd_gpu_h: Band::exact(self.rent_usd_gpu_h),
                change_year,
            }),
        };
        Investment {
            discount_rate: Band::exact(self.wacc),
            revenue,
            phases: vec![Phase { start_years: 0.0, share: 1.0 }],
            ramp_years: 0.0,
            residual_it: Band::exact(0.0),
            tax: None,
        }
    }
}

fn line(subsystem: Subsystem, item: &str, usd: f64) -> CapexLine {
    CapexLine {
        subsystem,
        item: item.to_owned(),
        quantity: 1.0,
        unit: "lump".to_owned(),
        unit_price_usd: Some(Band::exact(usd)),
        source: "the published figure".to_owned(),
        date: String::new(),
    }
}

fn opex(item: &str, usd: f64) -> OpexLine {
    OpexLine {
        item: item.to_owned(),
        basis: OpexBasis::PerYear(Band::exact(usd)),
        source: "the published figure".to_owned(),
        date: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_figures_are_met() {
        let file: File = serde_json::from_str(FILE).unwrap();
        for row in &file.published {
            let ours = row.reading(&solve(&row.case()).unwrap()).unwrap();
            let off = 100.0 * (ours / row.published - 1.0).abs();
            assert!(off <= row.tolerance_pct, "{}: {ours} for {}", row.what, row.published);
        }
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        let text = FILE.replace("it_usd", "it_dollars");
        assert!(case("x", &text).is_err());
    }
}
