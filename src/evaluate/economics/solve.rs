//! The stage itself: add up, spread, explain.

use super::case::{EconomicsCase, EconomicsError};
use super::cash::Cash;
use super::finance::internal_rates;
use super::graph::NodeId;
use super::headline::{Headline, HeadlineSpread};
use super::model::{Model, OF_HALL, is_missing};
use super::result::{BilledLine, EconomicsResult, Percentiles, UnpricedItem, WaterfallStep};
use super::result_investment::{CashYear, ColocationResult, InvestmentResult};
use super::spread::{Samples, percentiles};
use super::terms::Revenue;
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::numerics::band::Band;
use crate::units::SECONDS_PER_HOUR;

/// Joules in a kilowatt-hour.
const J_PER_KWH: f64 = 1e3 * SECONDS_PER_HOUR;
/// Tokens in a million.
const M: f64 = 1e6;

/// Prices a plan. The order of lines does not matter, to the last bit.
///
/// # Errors
/// A number that no plan has, by name.
pub fn solve(case: &EconomicsCase) -> Result<EconomicsResult, EconomicsError> {
    Model::new(case).map(|model| model.answer())
}

impl Model {
    /// The whole answer.
    #[must_use]
    pub fn answer(&self) -> EconomicsResult {
        let samples = self.sample(&self.wanted());
        let headlines = self.spreads(&samples);
        let at = |node: NodeId| samples.base[node];
        let (cost, case) = (&self.cost, &self.case);
        let energy_kwh = at(cost.energy_kwh);
        let tokens = cost.tokens_year.map(|node| at(node) * M);
        let capex_usd = self.capex.iter().fold(Band::default(), |sum, t| sum + t.usd);
        let unpriced = self.unpriced();
        let of = |headline| percentiles_of(&headlines, headline);
        let gpus = case.production.gpus;
        let life = case.lives.it.base;
        EconomicsResult {
            capex: self.capex.clone(),
            capex_usd,
            capex_per_gpu_usd: (gpus > 0).then(|| capex_usd.base / f64::from(gpus)),
            annual_usd: at(cost.annual),
            gpu_h_year: at(cost.gpu_h),
            usd_per_gpu_h: of(Headline::UsdPerGpuH),
            usd_per_mtok: of(Headline::UsdPerMtok),
            tokens_per_j: self.tokens_per_j_at_load(),
            tokens_per_j_year: tokens.and_then(|t| ratio(t, energy_kwh * J_PER_KWH)),
            tokens_year: tokens,
            average_kw: at(cost.average_kw),
            energy_kwh_year: energy_kwh,
            water_m3_year: at(cost.water_m3),
            operational_t_year: at(cost.carbon_t),
            embodied_t_year: case.carbon.embodied_t.map_or(0.0, |t| t.base / life),
            carbon_g_per_mtok: of(Headline::CarbonPerMtok).map(|p| p.base),
            waterfall: self.waterfall(&samples),
            tornado: self.tornado(self.main_headline()),
            findings: findings(&unpriced, &self.bill),
            unpriced,
            investment: self.cash.as_ref().map(|cash| self.investment(cash, &samples, &headlines)),
            colocation: self.colocation_result(&samples),
            tariff_factors: case.energy.tariff.factors(),
            headlines,
            bill: self.bill.clone(),
        }
    }

    /// Nodes whose samples the answer needs.
    fn wanted(&self) -> Vec<NodeId> {
        let mut wanted: Vec<NodeId> = self.heads.iter().map(|(_, node)| *node).collect();
        wanted.extend(self.cash.iter().flat_map(|c| c.years.iter().map(|y| y.net)));
        wanted.extend(self.colocation.iter().map(|c| c.saving));
        wanted
    }

    fn tokens_per_j_at_load(&self) -> Option<f64> {
        let w = self.case.energy.facility_at_load_kw.base * 1e3;
        ratio(self.case.production.tokens_per_s?.base, w)
    }

    fn unpriced(&self) -> Vec<UnpricedItem> {
        let missing = self.bill.iter().filter(|b| is_missing(b));
        missing
            .map(|b| UnpricedItem {
                subsystem: b.line.subsystem,
                item: b.line.item.clone(),
                quantity: b.line.quantity,
                unit: b.line.unit.clone(),
            })
            .collect()
    }

    fn waterfall(&self, samples: &Samples) -> Vec<WaterfallStep> {
        let gpu_h = samples.base[self.cost.gpu_h];
        let steps = self.cost.parts.iter().map(|(part, node)| (part, samples.base[*node]));
        steps
            .filter(|(_, usd)| *usd > 0.0)
            .map(|(part, usd)| WaterfallStep {
                part: part.clone(),
                usd_year: usd,
                usd_gpu_h: (self.case.production.gpus > 0).then(|| usd / gpu_h),
            })
            .collect()
    }

    fn investment(
        &self,
        cash: &Cash,
        samples: &Samples,
        headlines: &[HeadlineSpread],
    ) -> InvestmentResult {
        let at = |node: NodeId| samples.base[node];
        let base = |h: Headline| headlines.iter().find(|s| s.headline == h).and_then(|s| s.base);
        let flow: Vec<f64> = cash.years.iter().map(|y| at(y.net)).collect();
        let npv = samples.of(cash.npv);
        let gains = npv.iter().filter(|v| **v > 0.0).count() as f64;
        InvestmentResult {
            revenue_basis: self.revenue_basis(),
            full_year_revenue_usd: at(cash.full_year),
            years: cash_years(cash, samples),
            npv_usd: at(cash.npv),
            internal_rates: internal_rates(&flow),
            modified_rate: base(Headline::Mirr),
            payback_years: base(Headline::Payback),
            discounted_payback_years: base(Headline::DiscountedPayback),
            break_even_utilisation: base(Headline::BreakEvenUtilisation),
            break_even_price_level: base(Headline::BreakEvenPriceLevel),
            gains_share: gains / npv.len().max(1) as f64,
        }
    }

    fn revenue_basis(&self) -> String {
        match self.case.investment.as_ref().map(|i| i.revenue) {
            Some(Revenue::Rental(r)) => {
                format!("GPU-hours rented at {:.2} $ at first", r.usd_gpu_h.base)
            }
            Some(Revenue::Tokens(p)) => format!(
                "tokens at {:.2} $ in, {:.2} $ cached, {:.2} $ out per million at first",
                p.input.base, p.cached.base, p.output.base
            ),
            None => String::new(),
        }
    }

    fn colocation_result(&self, samples: &Samples) -> Option<ColocationResult> {
        let nodes = self.colocation?;
        let saving = samples.of(nodes.saving);
        let cheaper = saving.iter().filter(|v| **v > 0.0).count() as f64;
        let of_hall = self.capex.iter().filter(|t| OF_HALL.contains(&t.subsystem));
        Some(ColocationResult {
            rent_usd_year: samples.base[nodes.rent],
            annual_usd: samples.base[nodes.annual],
            capital_saved_usd: of_hall.map(|t| t.usd.base).sum(),
            cheaper_share: cheaper / saving.len().max(1) as f64,
        })
    }
}

fn percentiles_of(headlines: &[HeadlineSpread], headline: Headline) -> Option<Percentiles> {
    let found = headlines.iter().find(|s| s.headline == headline)?;
    Some(Percentiles { base: found.base?, p10: found.p10?, p50: found.p50?, p90: found.p90? })
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

fn cash_years(cash: &Cash, samples: &Samples) -> Vec<CashYear> {
    let at = |node: NodeId| samples.base[node];
    let mut so_far = 0.0;
    let mut drawn = vec![0.0; samples.of(cash.npv).len()];
    let mut scratch = Vec::new();
    cash.years
        .iter()
        .zip(0..)
        .map(|(y, year)| {
            let net = samples.of(y.net);
            for (sum, value) in drawn.iter_mut().zip(net) {
                *sum += value;
            }
            so_far += at(y.net);
            let [net_p10, _, net_p90] = percentiles(net, &mut scratch);
            let [sum_p10, _, sum_p90] = percentiles(&drawn, &mut scratch);
            CashYear {
                year,
                live_share: at(y.live),
                revenue_usd: at(y.revenue),
                running_usd: at(y.running),
                capital_usd: at(y.capital),
                residual_usd: at(y.residual),
                tax_usd: at(y.tax),
                net_usd: at(y.net),
                cumulative_usd: so_far,
                net_p10_usd: net_p10.unwrap_or_default(),
                net_p90_usd: net_p90.unwrap_or_default(),
                cumulative_p10_usd: sum_p10.unwrap_or_default(),
                cumulative_p90_usd: sum_p90.unwrap_or_default(),
            }
        })
        .collect()
}

fn findings(unpriced: &[UnpricedItem], bill: &[BilledLine]) -> Vec<Finding> {
    if unpriced.is_empty() {
        return Vec::new();
    }
    let names: Vec<&str> = unpriced.iter().map(|u| u.item.as_str()).collect();
    vec![Finding {
        severity: Severity::Warning,
        rule: "economics.unpriced",
        subject: Subject::Plan("economics".to_owned()),
        message: format!("Costs leave out items without a price: {}", names.join(", ")),
        value: Some(unpriced.len() as f64),
        limit: Some(bill.len() as f64),
        unit: "lines",
        source: "the catalogue".to_owned(),
        advice: "Enter prices; until then costs are too low by theirs".to_owned(),
    }]
}
