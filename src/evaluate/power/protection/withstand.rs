//! Duty: short-circuit currents against what a busway, a board or a cable withstands.

use crate::evaluate::power::case::Nameplate;
use crate::evaluate::power::short_circuit::BusFault;
use serde::Serialize;

/// Usual short-time withstand currents of low-voltage assemblies for 1 s, A (ranges of IEC 61439
/// makers).
const COMMON_ICW_A: [f64; 11] =
    [10e3, 16e3, 25e3, 35e3, 50e3, 65e3, 80e3, 100e3, 120e3, 150e3, 200e3];

/// Currents of a fault at the supply terminals against ratings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Duty {
    /// Thermal equivalent current, 1 s, A.
    pub ith_a: f64,
    /// Peak current, A.
    pub ip_a: f64,
    /// Rated short-time withstand current, 1 s, A; none if no source states one.
    pub icw_a: Option<f64>,
    /// Peak withstand current, A: as rated, or Icw times the factor of IEC 61439-1.
    pub ipk_a: Option<f64>,
    /// The larger of thermal and peak current over its rating (1 = at the rating); none if not
    /// rated, and then it is not checked.
    pub share: Option<f64>,
    /// The least usual Icw that would do, A; none above the largest usual one.
    pub needed_icw_a: Option<f64>,
    /// Who states the ratings; empty if nobody does.
    pub source: String,
}

/// Peak over r.m.s. withstand current of assemblies (IEC 61439-1, table 7; recalled, not re-read).
fn peak_over_rms(icw_a: f64) -> f64 {
    match icw_a {
        i if i <= 5e3 => 1.5,
        i if i <= 10e3 => 1.7,
        i if i <= 20e3 => 2.0,
        i if i <= 50e3 => 2.1,
        _ => 2.2,
    }
}

pub(super) fn duty(rated: &Nameplate, fault: &BusFault) -> Duty {
    let icw_a = rated.icw_a;
    let ipk_a = rated.ipk_a.or(icw_a.map(|i| i * peak_over_rms(i)));
    let thermal = icw_a.map(|i| fault.ith_a / i);
    let peak = ipk_a.map(|i| fault.ip_a / i);
    let enough = |icw: &f64| *icw >= fault.ith_a && icw * peak_over_rms(*icw) >= fault.ip_a;
    Duty {
        ith_a: fault.ith_a,
        ip_a: fault.ip_a,
        icw_a,
        ipk_a,
        share: thermal.into_iter().chain(peak).reduce(f64::max),
        needed_icw_a: COMMON_ICW_A.into_iter().find(enough),
        source: if icw_a.or(rated.ipk_a).is_some() { rated.source.clone() } else { String::new() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAULT: BusFault = BusFault {
        ik_max_a: 60e3,
        ip_a: 140e3,
        ith_a: 60.7e3,
        ik_min_a: 49e3,
        r_ohm: 6e-4,
        x_ohm: 4.3e-3,
    };

    #[test]
    fn the_larger_share_of_thermal_and_peak_binds() {
        let rated = |icw_a, ipk_a| Nameplate { icw_a, ipk_a, ..Nameplate::default() };
        let d = duty(&rated(Some(50e3), None), &FAULT);
        assert_eq!(d.ipk_a, Some(105e3));
        assert!((d.share.unwrap() - 140.0 / 105.0).abs() < 1e-12);
        assert_eq!(d.needed_icw_a, Some(65e3));
        let d = duty(&rated(Some(50e3), Some(264e3)), &FAULT);
        assert!((d.share.unwrap() - 60.7 / 50.0).abs() < 1e-12);
    }

    #[test]
    fn what_is_not_rated_is_not_checked() {
        let d = duty(&Nameplate::default(), &FAULT);
        assert_eq!((d.share, d.icw_a, d.source.as_str()), (None, None, ""));
    }
}
