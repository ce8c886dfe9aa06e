//! Worth of money in time.
//!
//! ```text
//! (1) NPV  = Σ CFₜ/(1+r)ᵗ, t from 0
//! (2) CRF  = r / (1 − (1+r)⁻ⁿ), the yearly payment that recovers one unit of capital
//! (3) LCO  = (I + PV(costs) − PV(salvage)) / PV(units)
//! (4) MIRR = ((NPV of gains)/(−NPV of losses))^(1/n)·(1+r) − 1, one rate for both
//! ```
//!
//! References: L. Blank, A. Tarquin, *Engineering Economy*, 8th ed., ch. 2, 4 and 7.

/// Net present value of `cash_flow` at `rate`, equation (1).
#[must_use]
pub fn npv(rate: f64, cash_flow: &[f64]) -> f64 {
    cash_flow.iter().rev().fold(0.0, |later, now| now + later / (1.0 + rate))
}

/// Capital recovery factor over `years` at `rate`, equation (2); 1/n at rate 0.
#[must_use]
pub fn capital_recovery_factor(rate: f64, years: f64) -> f64 {
    // ln_1p and exp_m1 keep all digits at small rates.
    let shrink = -(-years * rate.ln_1p()).exp_m1();
    if rate == 0.0 { 1.0 / years } else { rate / shrink }
}

/// All internal rates of return between −99 % and +1,000 % a year, ascending: none, one or, where
/// the cash flow changes sign more than once, perhaps several.
#[must_use]
pub fn internal_rates(cash_flow: &[f64]) -> Vec<f64> {
    const STEPS: usize = 4000;
    let growth = |i: usize| {
        let (low, high) = (0.01_f64.ln(), 11.0_f64.ln());
        (low + (high - low) * i as f64 / STEPS as f64).exp()
    };
    let value = |g: f64| npv(g - 1.0, cash_flow);
    let mut roots = Vec::new();
    let mut left = (growth(0), value(growth(0)));
    for i in 1..=STEPS {
        let right = (growth(i), value(growth(i)));
        if left.1 * right.1 < 0.0 {
            roots.push(bisect(left.0, right.0, value) - 1.0);
        } else if right.1 == 0.0 && left.1 != 0.0 {
            roots.push(right.0 - 1.0);
        }
        left = right;
    }
    roots
}

/// The lowest internal rate of return at once, for many cash flows: exact where the cash flow
/// changes sign once (the root is then alone), found on a coarser grid otherwise.
#[must_use]
pub fn first_internal_rate(cash_flow: &[f64]) -> Option<f64> {
    const STEPS: usize = 60;
    let (low, high) = (0.01_f64, 11.0_f64);
    let value = |g: f64| npv(g - 1.0, cash_flow);
    let signs = cash_flow.iter().filter(|c| **c != 0.0).map(|c| *c > 0.0);
    let changes = signs.clone().zip(signs.skip(1)).filter(|(a, b)| a != b).count();
    let steps = match changes {
        0 => return None,
        1 => 1,
        _ => STEPS,
    };
    let factor = (high / low).powf(1.0 / steps as f64);
    let mut left = (low, value(low));
    for i in 1..=steps {
        let g = if i == steps { high } else { left.0 * factor };
        let right = (g, value(g));
        if left.1 * right.1 < 0.0 || right.1 == 0.0 {
            return Some(polished(left.0, right.0, cash_flow) - 1.0);
        }
        left = right;
    }
    None
}

/// Root of the present value over growth between `a` and `b`, by Newton's method kept inside the
/// bracket, to rounding.
fn polished(mut a: f64, mut b: f64, cash_flow: &[f64]) -> f64 {
    const MOST: usize = 60;
    let rising = npv(a - 1.0, cash_flow) < 0.0;
    // Start where returns usually lie, if the bracket allows.
    let mut g = if a < 1.1 && 1.1 < b { 1.1 } else { (a * b).sqrt() };
    for _ in 0..MOST {
        let (mut value, mut slope) = (0.0, 0.0);
        for c in cash_flow.iter().rev() {
            slope = (slope - value / g) / g;
            value = c + value / g;
        }
        if (value < 0.0) == rising {
            a = g;
        } else {
            b = g;
        }
        let newton = g - value / slope;
        let next = if newton > a && newton < b { newton } else { (a * b).sqrt() };
        if (next - g).abs() <= 2.0 * f64::EPSILON * g {
            return next;
        }
        g = next;
    }
    g
}

/// Root of `f` between `a` and `b`, where it changes sign, to the last bit.
fn bisect(mut a: f64, mut b: f64, f: impl Fn(f64) -> f64) -> f64 {
    let rising = f(a) < 0.0;
    loop {
        let middle = a + (b - a) / 2.0;
        if middle <= a || middle >= b {
            return middle;
        }
        if (f(middle) < 0.0) == rising { a = middle } else { b = middle }
    }
}

/// Modified internal rate of return with one rate for borrowing and reinvesting, equation (4);
/// `None` where there are no gains or no losses.
#[must_use]
pub fn modified_internal_rate(cash_flow: &[f64], rate: f64) -> Option<f64> {
    let part = |keep: fn(f64) -> f64| {
        let flow: Vec<f64> = cash_flow.iter().map(|&c| keep(c)).collect();
        npv(rate, &flow)
    };
    let (gains, losses) = (part(|c| c.max(0.0)), -part(|c| c.min(0.0)));
    let periods = cash_flow.len().checked_sub(1).filter(|n| *n > 0)? as f64;
    (gains > 0.0 && losses > 0.0).then(|| (gains / losses).powf(1.0 / periods) * (1.0 + rate) - 1.0)
}

/// Levelised cost of one unit, equation (3): `costs` and `units` fall at the end of each year,
/// `salvage` at the end of the last. `None` where nothing is produced.
#[must_use]
pub fn levelised_cost(
    rate: f64,
    capex: f64,
    costs: &[f64],
    units: &[f64],
    salvage: f64,
) -> Option<f64> {
    let later = |flow: &[f64]| npv(rate, flow) / (1.0 + rate);
    let salvage_now = salvage * (1.0 + rate).powf(-(costs.len() as f64));
    let produced = later(units);
    (produced > 0.0).then(|| (capex + later(costs) - salvage_now) / produced)
}

/// Years until the discounted cash flow has paid back what was spent, linear within a year;
/// `None` where it never does.
#[must_use]
pub fn discounted_payback(rate: f64, cash_flow: &[f64]) -> Option<f64> {
    let mut balance = 0.0;
    let mut worth = 1.0;
    for (year, cash) in cash_flow.iter().enumerate() {
        let step = cash * worth;
        if balance < 0.0 && balance + step >= 0.0 {
            return Some(year as f64 - 1.0 + -balance / step);
        }
        balance += step;
        worth /= 1.0 + rate;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde::Deserialize;

    #[derive(Deserialize)]
    struct Vector {
        years: f64,
        capex: f64,
        rate: f64,
        revenue: Vec<f64>,
        opex: Vec<f64>,
        salvage: f64,
        units: Vec<f64>,
        npv: f64,
        irr: f64,
        capital_recovery_factor: f64,
        annuity: f64,
        levelised_cost_per_unit: f64,
        mirr: f64,
    }

    #[derive(Deserialize)]
    struct File {
        finance: Vec<Vector>,
    }

    fn close(got: f64, want: f64, what: &str) {
        assert!((got - want).abs() <= 1e-9 * want.abs().max(1e-3), "{what}: {got} for {want}");
    }

    #[test]
    fn all_reference_vectors_are_met() {
        let text = include_str!("../../../tests/cases/economics/finance_vectors.json");
        let file: File = serde_json::from_str(text).unwrap();
        assert_eq!(file.finance.len(), 40);
        for v in file.finance {
            let mut flow = vec![-v.capex];
            flow.extend(v.revenue.iter().zip(&v.opex).map(|(r, o)| r - o));
            *flow.last_mut().unwrap() += v.salvage;
            // Relative to the capital: the NPV itself may be near 0.
            assert!((npv(v.rate, &flow) - v.npv).abs() < 1e-11 * v.capex);
            let nearest = internal_rates(&flow)
                .into_iter()
                .min_by(|a, b| (a - v.irr).abs().total_cmp(&(b - v.irr).abs()))
                .unwrap();
            assert!((nearest - v.irr).abs() < 1e-9, "irr {nearest} for {}", v.irr);
            let crf = capital_recovery_factor(v.rate, v.years);
            close(crf, v.capital_recovery_factor, "crf");
            close(v.capex * crf, v.annuity, "annuity");
            close(modified_internal_rate(&flow, v.rate).unwrap(), v.mirr, "mirr");
            let levelised = levelised_cost(v.rate, v.capex, &v.opex, &v.units, v.salvage).unwrap();
            close(levelised, v.levelised_cost_per_unit, "levelised");
        }
    }

    #[test]
    fn a_cash_flow_may_have_no_or_two_internal_rates() {
        assert!(internal_rates(&[1.0, 1.0]).is_empty());
        let two = internal_rates(&[-100.0, 230.0, -132.0]);
        assert_eq!(two.len(), 2);
        assert!((two[0] - 0.1).abs() < 1e-9 && (two[1] - 0.2).abs() < 1e-9);
    }

    #[test]
    fn payback_falls_within_a_year() {
        assert!(
            (discounted_payback(0.0, &[-100.0, 40.0, 40.0, 40.0]).unwrap() - 2.5).abs() < 1e-12
        );
        assert_eq!(discounted_payback(0.0, &[-100.0, 40.0]), None);
        assert_eq!(modified_internal_rate(&[-1.0, -1.0], 0.1), None);
        assert_eq!(levelised_cost(0.1, 1.0, &[1.0], &[0.0], 0.0), None);
    }

    proptest! {
        #[test]
        fn annuities_repay_the_capital(rate in 0.0_f64..0.4, years in 1_usize..40) {
            let crf = capital_recovery_factor(rate, years as f64);
            let paid = npv(rate, &vec![crf; years]) / (1.0 + rate);
            prop_assert!((paid - 1.0).abs() < 1e-10);
        }
    }
}
