//! Provisioned against typical power: how far compute racks may be oversubscribed, and the risk.
//!
//! Racks draw μ on average with spread σ; two of them correlate by ρ (0 independent, 1 lock-step).
//! Of n racks (1) σ_n = σ √(n + ρ n (n − 1)), and the share of the time above a limit L is
//! (2) Q((L − n μ) / σ_n) with the tail Q of the normal distribution. A cap cuts each rack at a
//! share of its design power: then no sum exceeds n times the cap.
//!
//! Validity: many racks, or lock-step ones, for which the sum is as normal as one rack is; a tail
//! far below 1e-4 says "hardly ever" and no more.

use super::case::ResilienceCase;
use serde::Serialize;

/// Spread of a rack's power about its mean, fraction of design. Assumption: typical figures of
/// racks lie two spreads below design at a typical share of 85 to 90 %.
const DEFAULT_SPREAD: f64 = 0.05;
/// Correlation of serving racks. Assumption; training is lock-step.
const SERVING_CORRELATION: f64 = 0.1;
/// Share of the time that the provisioned power may be exceeded where the plan states none.
const DEFAULT_RISK: f64 = 1e-4;
/// Most racks that are searched for.
const MOST_RACKS: u32 = 1_000_000;

/// Provisioned against typical power.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ProvisionResult {
    /// Compute racks.
    pub racks: u32,
    /// Mean design power of one, kW.
    pub design_kw: f64,
    /// Cap of one, kW; equals the design power without a cap.
    pub cap_kw: f64,
    /// Mean draw of one, kW.
    pub typical_kw: f64,
    /// Spread of one, kW.
    pub spread_kw: f64,
    /// Correlation of two.
    pub correlation: f64,
    /// Power provisioned for all of them: racks × design, kW.
    pub provisioned_kw: f64,
    /// Mean draw of all, kW.
    pub mean_kw: f64,
    /// Power that all of them exceed for the accepted share of the time, kW.
    pub at_risk_kw: f64,
    /// Accepted share of the time.
    pub risk: f64,
    /// Racks that the provisioned power would carry at that risk.
    pub racks_at_risk: u32,
    /// Racks more than provisioned, percent.
    pub oversubscription_pct: f64,
    /// Whether the cap alone keeps those racks within the provisioned power.
    pub capped: bool,
}

/// The provisioning of a case; `None` without compute racks.
#[must_use]
pub fn provision(case: &ResilienceCase) -> Option<ProvisionResult> {
    let (facts, own) = (&case.swing, &case.settings.provision);
    let racks = facts.racks.len() as u32;
    if racks == 0 || facts.design_w <= 0.0 {
        return None;
    }
    let n = f64::from(racks);
    let design_kw = facts.design_w / 1e3 / n;
    let cap_kw = design_kw * own.cap_pct.map_or(1.0, |p| p / 100.0).clamp(0.0, 1.0);
    let typical_kw = (design_kw * facts.typical_share).min(cap_kw);
    let spread_kw = design_kw * own.spread_pct.map_or(DEFAULT_SPREAD, |p| p / 100.0).max(0.0);
    let default = if facts.training { 1.0 } else { SERVING_CORRELATION };
    let correlation = own.correlation.unwrap_or(default).clamp(0.0, 1.0);
    let risk = own.risk_pct.map_or(DEFAULT_RISK, |p| p / 100.0).clamp(1e-9, 0.5);
    let z = quantile(risk);
    let high = |n: f64| {
        let sum = spread_kw * (n + correlation * n * (n - 1.0)).sqrt();
        (n * typical_kw + z * sum).min(n * cap_kw)
    };
    let provisioned_kw = n * design_kw;
    let racks_at_risk = most(|n| high(f64::from(n)) <= provisioned_kw * (1.0 + 1e-12));
    Some(ProvisionResult {
        racks,
        design_kw,
        cap_kw,
        typical_kw,
        spread_kw,
        correlation,
        provisioned_kw,
        mean_kw: n * typical_kw,
        at_risk_kw: high(n),
        risk,
        racks_at_risk,
        oversubscription_pct: (f64::from(racks_at_risk) / n - 1.0) * 100.0,
        capped: cap_kw < design_kw
            && f64::from(racks_at_risk) * cap_kw <= provisioned_kw * 1.000_001,
    })
}

/// Largest count that fits, by bisection: what n racks draw rises with n.
fn most(fits: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, MOST_RACKS);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// z with Q(z) = `p`, by bisection on [`tail`].
fn quantile(p: f64) -> f64 {
    let (mut low, mut high) = (0.0, 8.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if tail(middle) > p { low = middle } else { high = middle }
    }
    0.5 * (low + high)
}

/// Upper tail of the normal distribution for z ≥ 0: Abramowitz and Stegun 26.2.17, error below
/// 7.5e-8.
#[must_use]
pub fn tail(z: f64) -> f64 {
    const B: [f64; 5] =
        [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
    let t = 1.0 / (1.0 + 0.231_641_9 * z);
    let series = B.iter().rev().fold(0.0, |sum, b| (sum + b) * t);
    (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt() * series
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::power::resilience::SwingFacts;

    fn case(correlation: f64) -> ResilienceCase {
        let swing = SwingFacts {
            racks: (0..100).collect(),
            design_w: 10e6,
            typical_share: 0.8,
            ..SwingFacts::default()
        };
        let mut case = ResilienceCase { swing, ..ResilienceCase::default() };
        case.settings.provision.correlation = Some(correlation);
        case
    }

    #[test]
    fn tails_are_those_of_the_tables() {
        for (z, q) in [(0.0, 0.5), (1.0, 0.158_655_3), (2.0, 0.022_750_1), (3.719, 1.0e-4)] {
            assert!((tail(z) - q).abs() < 2e-7, "{z}: {}", tail(z));
        }
        assert!((quantile(0.022_750_13) - 2.0).abs() < 1e-5);
    }

    #[test]
    fn independent_racks_may_be_oversubscribed_more_than_lock_step_ones() {
        let (free, bound) = (provision(&case(0.0)).unwrap(), provision(&case(1.0)).unwrap());
        // Lock-step: each rack at 80 + 3.719 · 5 = 98.6 kW of 100.
        assert_eq!(bound.racks_at_risk, 101);
        // Independent: 80 n + 18.6 √n ≤ 10,000.
        assert_eq!(free.racks_at_risk, 122);
        assert!(free.at_risk_kw < bound.at_risk_kw);
    }

    #[test]
    fn a_cap_bounds_the_sum() {
        let mut case = case(1.0);
        case.settings.provision.cap_pct = Some(90.0);
        let capped = provision(&case).unwrap();
        assert_eq!(capped.racks_at_risk, 111);
        assert!(capped.capped);
    }
}
