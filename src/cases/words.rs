//! Compared numbers as text, the same in the table of the command line, the window and the report.

use super::Quantity;
use crate::units::display;

/// Digits of a compared number: five, so that 0.01 K shows on 35 °C.
const VALUE_DIGITS: u32 = 5;
/// Digits of an error or tolerance.
const ERROR_DIGITS: u32 = 2;

fn value(v: f64, digits: u32, unit: &str) -> String {
    const LARGEST_COUNT: f64 = 1e9;
    let count = unit.is_empty() && v.fract() == 0.0 && v.abs() < LARGEST_COUNT;
    with_unit(if count { display::fixed(v, 0) } else { display::figure(v, digits) }, unit)
}

/// The reference, or that the number is an error itself.
#[must_use]
pub fn reference(q: &Quantity) -> String {
    q.reference.map_or_else(|| display::NONE.into(), |v| value(v, VALUE_DIGITS, q.unit))
}

/// Ours.
#[must_use]
pub fn ours(q: &Quantity) -> String {
    let digits = if q.reference.is_some() { VALUE_DIGITS } else { ERROR_DIGITS };
    value(q.ours, digits, q.unit)
}

/// The error with its sign.
#[must_use]
pub fn error(q: &Quantity) -> String {
    let sign = if q.error > 0.0 && q.reference.is_some() { "+" } else { "" };
    with_unit(format!("{sign}{}", display::figure(q.error, ERROR_DIGITS)), q.error_unit)
}

/// The tolerance; none for information.
#[must_use]
pub fn tolerance(q: &Quantity) -> String {
    match q.tolerance {
        None => display::NONE.into(),
        Some(0.0) => "exact".into(),
        Some(t) => with_unit(display::figure(t, ERROR_DIGITS), q.error_unit),
    }
}

/// The word for whether it passes.
#[must_use]
pub fn verdict(q: &Quantity) -> &'static str {
    match q.passes() {
        Some(true) => "pass",
        Some(false) => "FAIL",
        None => "info",
    }
}

fn with_unit(number: String, unit: &str) -> String {
    if unit.is_empty() { number } else { format!("{number} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_sign_unit_and_size() {
        let q = Quantity::difference("t", "°C", 20.0, 21.26).within(1.6);
        let all = [reference(&q), ours(&q), error(&q), tolerance(&q), verdict(&q).into()];
        assert_eq!(all, ["20.000 °C", "21.260 °C", "+1.3 K", "1.6 K", "pass"]);
        let tiny = Quantity::error_of("e", "%", 3.25e-12).within(0.0);
        assert_eq!(
            [error(&tiny), tolerance(&tiny), reference(&tiny)],
            ["3.3e-12 %", "exact", display::NONE]
        );
    }
}
