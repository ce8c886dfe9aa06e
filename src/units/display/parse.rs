//! Typed values to numbers: a figure, maybe with a unit of the same family as the field's.

use super::{MINUS, THIN_SPACE};

/// Why a typed value was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing typed.
    #[error("type a number")]
    Empty,
    /// No number at the start.
    #[error("'{0}' is not a number")]
    NotANumber(String),
    /// A unit that does not belong to the field.
    #[error("'{typed}' is not a unit of this field; it is in {wanted}")]
    Unit {
        /// What was typed.
        typed: String,
        /// The field's unit.
        wanted: String,
    },
}

/// Families of units with their factors to the first unit of the family.
const FAMILIES: &[&[(&str, f64)]] = &[
    &[("W", 1.0), ("kW", 1e3), ("MW", 1e6), ("GW", 1e9)],
    &[("VA", 1.0), ("kVA", 1e3), ("MVA", 1e6)],
    &[("V", 1.0), ("kV", 1e3)],
    &[("A", 1.0), ("kA", 1e3)],
    &[("m", 1.0), ("mm", 1e-3), ("cm", 1e-2), ("ft", 0.3048), ("'", 0.3048), ("in", 0.0254)],
    &[("Pa", 1.0), ("kPa", 1e3), ("bar", 1e5)],
    &[("m³/s", 1.0), ("m³/h", 1.0 / 3600.0), ("L/min", 1.0 / 60_000.0), ("L/s", 1e-3)],
    &[("s", 1.0), ("ms", 1e-3), ("min", 60.0), ("h", 3600.0)],
    &[("$", 1.0), ("k$", 1e3), ("M$", 1e6), ("USD", 1.0)],
    &[("$/kWh", 1.0), ("$/MWh", 1e-3), ("¢/kWh", 1e-2), ("USD/kWh", 1.0)],
    &[("K", 1.0), ("°F Δ", 5.0 / 9.0)],
];

/// Reads a typed value of a field in `unit`. Takes thin spaces, U+2212, a decimal comma and any
/// unit of the same family; `°F` where `°C` is wanted.
pub fn parse(text: &str, unit: &str) -> Result<f64, ParseError> {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return Err(ParseError::Empty);
    }
    let split = number_length(&cleaned);
    let (number, suffix) = cleaned.split_at(split);
    let value: f64 = number.parse().map_err(|_| ParseError::NotANumber(text.trim().to_owned()))?;
    if !value.is_finite() {
        return Err(ParseError::NotANumber(text.trim().to_owned()));
    }
    convert(value, suffix, unit).ok_or_else(|| ParseError::Unit {
        typed: suffix.to_owned(),
        wanted: if unit.is_empty() { "a plain number".into() } else { unit.to_owned() },
    })
}

/// Plain minus, point and no spaces.
fn clean(text: &str) -> String {
    let money = text.trim().trim_start_matches('$');
    money
        .chars()
        .filter(|c| !c.is_whitespace() && *c != THIN_SPACE && *c != '\u{202f}')
        .map(|c| match c {
            MINUS => '-',
            ',' => '.',
            other => other,
        })
        .collect()
}

/// How many bytes at the start belong to a number.
fn number_length(text: &str) -> usize {
    let mut end = 0;
    let bytes = text.as_bytes();
    while end < bytes.len() {
        let exponent = matches!(bytes[end], b'e' | b'E')
            && end > 0
            && bytes.get(end + 1).is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+'));
        let sign = matches!(bytes[end], b'-' | b'+')
            && (end == 0 || matches!(bytes[end - 1], b'e' | b'E'));
        if bytes[end].is_ascii_digit() || bytes[end] == b'.' || exponent || sign {
            end += 1;
        } else {
            break;
        }
    }
    end
}

fn convert(value: f64, typed: &str, wanted: &str) -> Option<f64> {
    if typed.is_empty() || typed == wanted {
        return Some(value);
    }
    if wanted == "°C" {
        return match typed {
            "C" => Some(value),
            "°F" | "F" => Some((value - 32.0) * 5.0 / 9.0),
            "K" => Some(value - crate::units::ZERO_CELSIUS_K),
            _ => None,
        };
    }
    let lower = |unit: &str| unit.to_lowercase();
    let find = |unit: &str, family: &[(&str, f64)]| {
        family
            .iter()
            .find(|(name, _)| *name == unit)
            .or_else(|| family.iter().find(|(name, _)| lower(name) == lower(unit)))
            .map(|(_, factor)| *factor)
    };
    FAMILIES.iter().find_map(|family| {
        let to = find(wanted, family)?;
        let from = find(typed, family)?;
        Some(value * from / to)
    })
}

#[cfg(test)]
mod tests {
    use super::super::{fixed, typed};
    use super::*;

    #[test]
    fn a_unit_of_the_family_is_converted() {
        assert_eq!(parse("132", "kW"), Ok(132.0));
        assert_eq!(parse("0.132 MW", "kW"), Ok(132.0));
        assert_eq!(parse("1,2 m", "mm"), Ok(1200.0));
        assert_eq!(parse("80 °F", "°C").map(f64::round), Ok(27.0));
        assert_eq!(parse("65 $/MWh", "$/kWh"), Ok(0.065));
    }

    #[test]
    fn what_is_shown_can_be_typed_back() {
        for value in [12_600.0, -1_234.5, 0.065] {
            assert_eq!(parse(&fixed(value, 3), "mm"), Ok(value));
            assert_eq!(parse(&typed(value), "mm"), Ok(value));
        }
        assert_eq!(parse(&typed(0.1 + 0.2), ""), Ok(0.1 + 0.2));
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(parse("  ", "kW"), Err(ParseError::Empty));
        assert!(matches!(parse("many", "kW"), Err(ParseError::NotANumber(_))));
        assert!(matches!(parse("3 furlongs", "kW"), Err(ParseError::Unit { .. })));
        assert!(parse("1e999", "kW").is_err());
    }
}
