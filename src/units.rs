//! Units as types at public edges: a private SI number, constructors and readers named by the
//! unit, and only the operators that make sense. Kernels inside a solver use plain `f64` slices
//! with a unit suffix (`t_k`, `q_w`, `dp_pa`) instead.
//!
//! Temperature and temperature difference are different types, so that a supply temperature can
//! not be added to another one by mistake.

pub mod display;

use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

/// 0 °C in kelvin (exact by definition of the Celsius scale, BIPM SI brochure, 9th edition).
pub const ZERO_CELSIUS_K: f64 = 273.15;
/// Seconds in an hour.
pub const SECONDS_PER_HOUR: f64 = 3600.0;
/// Hours in a common year of 365 days, the convention of typical-meteorological-year files.
pub const HOURS_PER_YEAR: f64 = 8760.0;

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident, $($make:ident / $read:ident = $factor:expr),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(f64);

        #[allow(clippy::self_named_constructors, reason = "constructors are named by their unit")]
        impl $name {
            /// Nothing of this quantity.
            pub const ZERO: Self = Self(0.0);
            $(
                /// From a value in the unit of the name.
                #[must_use]
                pub const fn $make(value: f64) -> Self { Self(value * $factor) }
                /// The value in the unit of the name.
                #[must_use]
                pub const fn $read(self) -> f64 { self.0 / $factor }
            )+
            /// The larger of two.
            #[must_use]
            pub const fn max(self, other: Self) -> Self { Self(self.0.max(other.0)) }
            /// The smaller of two.
            #[must_use]
            pub const fn min(self, other: Self) -> Self { Self(self.0.min(other.0)) }
            /// Whether the number is neither infinite nor NaN.
            #[must_use]
            pub const fn is_finite(self) -> bool { self.0.is_finite() }
        }
        impl Add for $name { type Output = Self; fn add(self, o: Self) -> Self { Self(self.0 + o.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, o: Self) -> Self { Self(self.0 - o.0) } }
        impl Neg for $name { type Output = Self; fn neg(self) -> Self { Self(-self.0) } }
        impl AddAssign for $name { fn add_assign(&mut self, o: Self) { self.0 += o.0; } }
        impl SubAssign for $name { fn sub_assign(&mut self, o: Self) { self.0 -= o.0; } }
        impl Mul<f64> for $name { type Output = Self; fn mul(self, k: f64) -> Self { Self(self.0 * k) } }
        impl Mul<$name> for f64 { type Output = $name; fn mul(self, q: $name) -> $name { $name(self * q.0) } }
        impl Div<f64> for $name { type Output = Self; fn div(self, k: f64) -> Self { Self(self.0 / k) } }
        impl Div for $name { type Output = f64; fn div(self, o: Self) -> f64 { self.0 / o.0 } }
        impl Sum for $name { fn sum<I: Iterator<Item = Self>>(it: I) -> Self { Self(it.map(|q| q.0).sum()) } }
    };
}

quantity!(
    /// Power or heat flow.
    Watts, w / to_w = 1.0, kw / to_kw = 1e3, mw / to_mw = 1e6
);
quantity!(
    /// Temperature difference.
    TempDelta, k / to_k = 1.0
);
quantity!(
    /// Mass flow.
    KgPerSec, kg_s / to_kg_s = 1.0
);
quantity!(
    /// Volume flow.
    CubicMetresPerSec, m3_s / to_m3_s = 1.0, m3_h / to_m3_h = 1.0 / 3600.0, l_min / to_l_min = 1.0 / 60_000.0
);
quantity!(
    /// Pressure or pressure difference.
    Pascals, pa / to_pa = 1.0, kpa / to_kpa = 1e3, bar / to_bar = 1e5
);
quantity!(
    /// Electric potential difference; line to line for three-phase quantities.
    Volts, v / to_v = 1.0, kv / to_kv = 1e3
);
quantity!(
    /// Electric current.
    Amps, a / to_a = 1.0, ka / to_ka = 1e3
);
quantity!(
    /// Money in US dollars of the plan's price year.
    Usd, usd / to_usd = 1.0, kusd / to_kusd = 1e3, musd / to_musd = 1e6
);
quantity!(
    /// Rate of tokens.
    TokensPerSec, tok_s / to_tok_s = 1.0, mtok_s / to_mtok_s = 1e6
);
quantity!(
    /// Data rate in bytes (not bits) per second.
    BytesPerSec, byte_s / to_byte_s = 1.0, gbyte_s / to_gbyte_s = 1e9, gbit_s / to_gbit_s = 1e9 / 8.0
);
quantity!(
    /// Mass.
    Kilograms, kg / to_kg = 1.0
);
quantity!(
    /// Length.
    Metres, m / to_m = 1.0, mm / to_mm = 1e-3
);
quantity!(
    /// Time.
    Seconds, s / to_s = 1.0, ms / to_ms = 1e-3, h / to_h = 3600.0
);

/// Absolute temperature.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Kelvin(f64);

impl Kelvin {
    /// From kelvin.
    #[must_use]
    pub const fn k(value: f64) -> Self {
        Self(value)
    }
    /// From degrees Celsius.
    #[must_use]
    pub const fn c(value: f64) -> Self {
        Self(value + ZERO_CELSIUS_K)
    }
    /// In kelvin.
    #[must_use]
    pub const fn to_k(self) -> f64 {
        self.0
    }
    /// In degrees Celsius.
    #[must_use]
    pub const fn to_c(self) -> f64 {
        self.0 - ZERO_CELSIUS_K
    }
    /// The hotter of two.
    #[must_use]
    pub const fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }
    /// The colder of two.
    #[must_use]
    pub const fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }
}

impl Sub for Kelvin {
    type Output = TempDelta;
    fn sub(self, other: Self) -> TempDelta {
        TempDelta(self.0 - other.0)
    }
}
impl Add<TempDelta> for Kelvin {
    type Output = Self;
    fn add(self, rise: TempDelta) -> Self {
        Self(self.0 + rise.0)
    }
}
impl Sub<TempDelta> for Kelvin {
    type Output = Self;
    fn sub(self, fall: TempDelta) -> Self {
        Self(self.0 - fall.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_undo_constructors() {
        assert!((Watts::kw(132.0).to_w() - 132_000.0).abs() < 1e-9);
        assert!((CubicMetresPerSec::m3_h(3600.0).to_m3_s() - 1.0).abs() < 1e-12);
        assert!((CubicMetresPerSec::l_min(60.0).to_m3_s() - 1e-3).abs() < 1e-12);
        assert!((BytesPerSec::gbit_s(400.0).to_gbyte_s() - 50.0).abs() < 1e-12);
        assert!((Kelvin::c(27.0).to_k() - 300.15).abs() < 1e-12);
    }

    #[test]
    fn a_difference_of_temperatures_is_not_a_temperature() {
        let rise: TempDelta = Kelvin::c(37.0) - Kelvin::c(25.0);
        assert!((rise.to_k() - 12.0).abs() < 1e-12);
        assert!(((Kelvin::c(20.0) + rise).to_c() - 32.0).abs() < 1e-12);
    }
}
