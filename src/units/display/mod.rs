//! Numbers to text and back: the only place where it happens.
//!
//! House style: 2–3 significant digits, thin spaces in thousands, U+2212 for minus, the unit after
//! a thin space and, where the view wants it, apart from the number so that it can be set smaller.

mod parse;

pub use parse::{ParseError, parse};

/// Space inside a number and before a unit.
pub const THIN_SPACE: char = '\u{2009}';
/// Minus sign.
pub const MINUS: char = '\u{2212}';
/// What is shown where there is no number.
pub const NONE: &str = "–";

/// A number ready to be shown: the figure and its unit apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The figure.
    pub number: String,
    /// The unit; may be empty.
    pub unit: String,
}

impl Shown {
    fn new(number: String, unit: impl Into<String>) -> Self {
        Self { number, unit: unit.into() }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.unit.as_str() {
            "" => f.write_str(&self.number),
            unit => write!(f, "{}{THIN_SPACE}{unit}", self.number),
        }
    }
}

/// A number with this many decimals, thousands apart.
#[must_use]
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.into();
    }
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::with_capacity(plain.len() + 8);
    let is_zero = plain.bytes().all(|b| matches!(b, b'0' | b'.'));
    if value < 0.0 && !is_zero {
        text.push(MINUS);
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    if !part.is_empty() {
        text.push('.');
        text.push_str(part);
    }
    text
}

/// A whole number, thousands apart.
#[must_use]
pub fn count(value: u64) -> String {
    fixed(value as f64, 0)
}

/// A number with this many significant digits; digits before the point are never dropped.
#[must_use]
pub fn sig(value: f64, digits: u32) -> String {
    fixed(value, decimals_for(value, digits))
}

/// The same, in powers of ten where a plain number would be a row of zeros.
#[must_use]
pub fn figure(value: f64, digits: u32) -> String {
    const SMALLEST: f64 = 1e-3;
    if value == 0.0 {
        return "0".into();
    }
    if value.is_finite() && value.abs() < SMALLEST {
        let sign = if value < 0.0 { "−" } else { "" };
        let decimals = digits.min(2).saturating_sub(1) as usize;
        return format!("{sign}{:.decimals$e}", value.abs());
    }
    sig(value, digits)
}

/// Decimals that show `digits` significant ones.
fn decimals_for(value: f64, digits: u32) -> usize {
    if value == 0.0 || !value.is_finite() {
        return 0;
    }
    let magnitude = |v: f64| v.abs().log10().floor() as i32;
    let wanted = digits as i32;
    let decimals = (wanted - 1 - magnitude(value)).clamp(0, 9);
    // 9.996 with three digits rounds to 10.00: one digit less is enough.
    let rounded = (value * 10f64.powi(decimals)).round() / 10f64.powi(decimals);
    if rounded == 0.0 {
        return 0;
    }
    (wanted - 1 - magnitude(rounded)).clamp(0, 9) as usize
}

/// SI prefixes that the field uses, with their factors.
const PREFIXES: [(f64, &str); 6] =
    [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""), (1e-3, "m")];

/// The prefix for a value, so that one to three digits stand before the point.
fn prefix(value: f64) -> (f64, &'static str) {
    let size = value.abs() * (1.0 + 5e-4);
    if size == 0.0 {
        return (1.0, "");
    }
    PREFIXES.into_iter().find(|(factor, _)| size >= *factor).unwrap_or((1.0, ""))
}

/// A value with the SI prefix that fits: `si(132_000.0, "W", 3)` is 132 kW.
#[must_use]
pub fn si(value: f64, unit: &str, digits: u32) -> Shown {
    if !value.is_finite() {
        return Shown::new(NONE.into(), unit);
    }
    let (factor, name) = prefix(value);
    Shown::new(sig(value / factor, digits), format!("{name}{unit}"))
}

/// A value in a unit that stays as it is.
#[must_use]
pub fn of(value: f64, unit: &str, digits: u32) -> Shown {
    Shown::new(sig(value, digits), unit)
}

/// The same for a value that may be missing.
#[must_use]
pub fn maybe(value: Option<f64>, unit: &str, digits: u32) -> Shown {
    value.map_or_else(|| Shown::new(NONE.into(), ""), |v| of(v, unit, digits))
}

/// Power, from W.
#[must_use]
pub fn power_w(watts: f64) -> Shown {
    si(watts, "W", 3)
}

/// Power, from kW.
#[must_use]
pub fn power_kw(kw: f64) -> Shown {
    power_w(kw * 1e3)
}

/// A rate of tokens, from tokens/s.
#[must_use]
pub fn tokens_s(rate: f64) -> Shown {
    let (factor, name) = prefix(rate.max(1.0));
    let space = if name.is_empty() { "" } else { " " };
    Shown::new(sig(rate / factor, 3), format!("{name}{space}tok/s"))
}

/// Temperature, from °C, one decimal.
#[must_use]
pub fn celsius(t_c: f64) -> Shown {
    Shown::new(fixed(t_c, 1), "°C")
}

/// Share, from percent: whole above ten, one decimal below.
#[must_use]
pub fn percent(pct: f64) -> Shown {
    Shown::new(fixed(pct, if pct.abs() >= 9.95 || pct == 0.0 { 0 } else { 1 }), "%")
}

/// Money in US dollars: cents below a thousand, then k, M and B.
#[must_use]
pub fn usd(dollars: f64) -> String {
    if !dollars.is_finite() {
        return NONE.into();
    }
    let sign = if dollars < 0.0 { MINUS.to_string() } else { String::new() };
    let size = dollars.abs();
    let figure = if size * (1.0 + 5e-4) >= 1e9 {
        format!("{}{THIN_SPACE}B", sig(size / 1e9, 3))
    } else if size * (1.0 + 5e-4) >= 1e6 {
        format!("{}{THIN_SPACE}M", sig(size / 1e6, 3))
    } else if size >= 1e4 {
        format!("{}{THIN_SPACE}k", sig(size / 1e3, 3))
    } else if size >= 100.0 || size == 0.0 {
        fixed(size, 0)
    } else if size >= 0.1 {
        fixed(size, if size >= 1.0 { 2 } else { 3 })
    } else {
        sig(size, 2)
    };
    format!("{sign}${figure}")
}

/// Money that may be unpriced.
#[must_use]
pub fn usd_or_unpriced(dollars: Option<f64>) -> String {
    dollars.map_or_else(|| "unpriced".into(), usd)
}

/// A length, from mm, to the millimetre.
#[must_use]
pub fn mm(length: i64) -> Shown {
    Shown::new(fixed(length as f64, 0), "mm")
}

/// A duration, from s.
#[must_use]
pub fn seconds(s: f64) -> Shown {
    const MILLI: f64 = 1e-3;
    const MICROS_PER_S: f64 = 1e6;
    match s {
        0.0 => Shown::new("0".into(), "ms"),
        s if s.abs() < MILLI => of(s * MICROS_PER_S, "µs", 3),
        s => si(s, "s", 3),
    }
}

/// A change: always with a sign.
#[must_use]
pub fn signed(value: f64, digits: u32) -> String {
    let text = sig(value, digits);
    if value > 0.0 { format!("+{text}") } else { text }
}

/// A relative change in percent, with a sign; `None` where it would not be seen.
#[must_use]
pub fn relative_change(now: f64, before: f64) -> Option<String> {
    let pct = (now - before) / before.abs() * 100.0;
    let seen = pct.is_finite() && pct.abs() >= 0.05;
    seen.then(|| {
        let sign = if pct > 0.0 { "+" } else { "" };
        format!("{sign}{}{THIN_SPACE}%", fixed(pct, 1))
    })
}

/// A band, `a–b`, both ends formatted alike.
#[must_use]
pub fn band(low: f64, high: f64, text: impl Fn(f64) -> String) -> String {
    let (low, high) = (text(low), text(high));
    if low == high { low } else { format!("{low}–{high}") }
}

/// A number as one would type it: enough digits to come back the same, no thousands.
#[must_use]
pub fn typed(value: f64) -> String {
    let rounded = format!("{value:.6}");
    let text = if rounded.contains('.') {
        rounded.trim_end_matches('0').trim_end_matches('.')
    } else {
        &rounded
    };
    let exact = text.parse::<f64>().is_ok_and(|v| v == value);
    if exact { text.to_owned() } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_apart_and_minus_is_a_minus() {
        assert_eq!(fixed(12_600.0, 0), "12\u{2009}600");
        assert_eq!(fixed(-1234.56, 1), "\u{2212}1\u{2009}234.6");
        assert_eq!(fixed(-0.001, 1), "0.0");
        assert_eq!(count(7_488), "7\u{2009}488");
    }

    #[test]
    fn significant_digits_never_drop_whole_ones() {
        assert_eq!(sig(128.44, 3), "128");
        assert_eq!(sig(4.8211, 3), "4.82");
        assert_eq!(sig(9.996, 3), "10.0");
        assert_eq!(sig(0.0, 3), "0");
        assert_eq!(sig(14_732.0, 3), "14\u{2009}732");
        assert_eq!(sig(f64::NAN, 3), NONE);
        assert_eq!(sig(-1e-13, 3), "0");
        assert_eq!(power_w(3e-15).to_string(), "0\u{2009}W");
    }

    #[test]
    fn prefixes_follow_the_size() {
        assert_eq!(power_kw(132.0).to_string(), "132\u{2009}kW");
        assert_eq!(power_kw(9_740.0).to_string(), "9.74\u{2009}MW");
        assert_eq!(power_w(999_999.0).unit, "MW");
        assert_eq!(tokens_s(4_820_000.0).to_string(), "4.82\u{2009}M tok/s");
        assert_eq!(tokens_s(0.0).to_string(), "0\u{2009}tok/s");
        assert_eq!(seconds(0.061).to_string(), "61.0\u{2009}ms");
    }

    #[test]
    fn money_keeps_cents_only_where_they_matter() {
        assert_eq!(usd(0.087), "$0.087");
        assert_eq!(usd(0.0871), "$0.087");
        assert_eq!(usd(3.5), "$3.50");
        assert_eq!(usd(412e6), "$412\u{2009}M");
        assert_eq!(usd(-25_300.0), "\u{2212}$25.3\u{2009}k");
        assert_eq!(usd_or_unpriced(None), "unpriced");
    }

    #[test]
    fn changes_carry_a_sign_or_are_not_shown() {
        assert_eq!(relative_change(101.9, 100.0).as_deref(), Some("+1.9\u{2009}%"));
        assert_eq!(relative_change(98.8, 100.0).as_deref(), Some("\u{2212}1.2\u{2009}%"));
        assert_eq!(relative_change(100.001, 100.0), None);
        assert_eq!(relative_change(1.0, 0.0), None);
    }

    #[test]
    fn bands_join_their_ends() {
        assert_eq!(band(0.071, 0.12, usd), "$0.071–$0.120");
        assert_eq!(band(3.0, 3.0, |v| sig(v, 2)), "3.0");
    }
}
