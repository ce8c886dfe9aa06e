//! The stage itself: add up, spread, explain.

use super::Band;
use super::case::{CapexLine, EconomicsCase, EconomicsError, Subsystem};
use super::check::check;
use super::cost::{Model, Year};
use super::result::{BilledLine, CapexTotal, EconomicsResult, UnpricedItem, WaterfallStep};
use super::spread::{has_gpus, has_tokens, spread, tornado};
use crate::evaluate::finding::{Finding, Severity, Subject};
use crate::units::SECONDS_PER_HOUR;

/// Joules in a kilowatt-hour.
const J_PER_KWH: f64 = 1e3 * SECONDS_PER_HOUR;
/// Grams in a tonne.
const G_PER_T: f64 = 1e6;

/// Prices a plan. The order of lines does not matter, to the last bit.
pub fn solve(case: &EconomicsCase) -> Result<EconomicsResult, EconomicsError> {
    check(case)?;
    let bill = bill(case);
    let capex = totals(&bill);
    let mut capital = [Band::default(); 7];
    for total in &capex {
        capital[total.subsystem as usize] = total.usd;
    }
    let model = Model::new(case, capital);
    let year = model.year(&model.base());
    let spread = spread(&model, &year);
    let capex_usd = capex.iter().fold(Band::default(), |sum, t| sum + t.usd);
    let unpriced = unpriced(&bill);
    let tokens = has_tokens(case).then_some(year.tokens);
    let carbon_t = year.carbon_t + case.carbon.embodied_t_year.unwrap_or(0.0);
    Ok(EconomicsResult {
        capex_per_gpu_usd: has_gpus(case).then(|| capex_usd.base / f64::from(case.production.gpus)),
        capex,
        capex_usd,
        annual_usd: year.usd,
        gpu_h_year: year.gpu_h,
        usd_per_gpu_h: spread.usd_per_gpu_h,
        usd_per_mtok: spread.usd_per_mtok,
        tokens_per_j: tokens_per_j_at_load(case),
        tokens_per_j_year: tokens.and_then(|t| ratio(t, year.energy_kwh * J_PER_KWH)),
        tokens_year: tokens,
        average_kw: year.average_kw,
        energy_kwh_year: year.energy_kwh,
        water_m3_year: year.water_m3,
        operational_t_year: year.carbon_t,
        carbon_g_per_mtok: tokens.and_then(|t| ratio(carbon_t * G_PER_T * 1e6, t)),
        waterfall: waterfall(&year, has_gpus(case)),
        tornado: tornado(&model),
        findings: findings(&unpriced, &bill),
        unpriced,
        bill,
    })
}

fn ratio(a: f64, b: f64) -> Option<f64> {
    (b > 0.0).then(|| a / b)
}

fn tokens_per_j_at_load(case: &EconomicsCase) -> Option<f64> {
    let w = case.energy.facility_at_load_kw.base * 1e3;
    ratio(case.production.tokens_per_s?.base, w)
}

/// Lines in canonical order with their totals.
fn bill(case: &EconomicsCase) -> Vec<BilledLine> {
    let mut lines: Vec<&CapexLine> = case.capex.iter().collect();
    let price = |l: &CapexLine| l.unit_price_usd.unwrap_or(Band::exact(-1.0));
    lines.sort_by(|a, b| {
        let (pa, pb) = (price(a), price(b));
        a.subsystem
            .cmp(&b.subsystem)
            .then_with(|| a.item.cmp(&b.item))
            .then_with(|| a.unit.cmp(&b.unit))
            .then_with(|| a.quantity.total_cmp(&b.quantity))
            .then_with(|| pa.base.total_cmp(&pb.base))
            .then_with(|| pa.low.total_cmp(&pb.low))
            .then_with(|| pa.high.total_cmp(&pb.high))
            .then_with(|| (&a.source, &a.date).cmp(&(&b.source, &b.date)))
    });
    lines
        .into_iter()
        .map(|line| BilledLine {
            total_usd: line.unit_price_usd.map(|p| p * line.quantity),
            line: line.clone(),
        })
        .collect()
}

fn totals(bill: &[BilledLine]) -> Vec<CapexTotal> {
    Subsystem::ALL
        .into_iter()
        .map(|subsystem| {
            let of = || bill.iter().filter(move |b| b.line.subsystem == subsystem);
            CapexTotal {
                subsystem,
                usd: of().filter_map(|b| b.total_usd).fold(Band::default(), |sum, b| sum + b),
                unpriced_lines: of().filter(|b| is_missing(b)).count() as u32,
            }
        })
        .collect()
}

/// Whether something is bought for which there is no price.
fn is_missing(b: &BilledLine) -> bool {
    b.total_usd.is_none() && b.line.quantity > 0.0
}

fn unpriced(bill: &[BilledLine]) -> Vec<UnpricedItem> {
    bill.iter()
        .filter(|b| is_missing(b))
        .map(|b| UnpricedItem {
            subsystem: b.line.subsystem,
            item: b.line.item.clone(),
            quantity: b.line.quantity,
            unit: b.line.unit.clone(),
        })
        .collect()
}

fn waterfall(year: &Year, has_gpus: bool) -> Vec<WaterfallStep> {
    year.parts
        .iter()
        .filter(|(_, usd)| *usd > 0.0)
        .map(|(part, usd)| WaterfallStep {
            part: part.clone(),
            usd_year: *usd,
            usd_gpu_h: has_gpus.then(|| usd / year.gpu_h),
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
