//! Lengths as people type them: `1200`, `1.2m`, `4'`, `3' 6"`, `2*600`, `(5-2)*1.2 m`.
//!
//! A bare number is millimetres. A length times a length is refused, and so is anything left over.

/// Millimetres of an international foot (exact, 1959 agreement).
const FOOT_MM: f64 = 304.8;
/// Millimetres of an inch (exact, 1959 agreement).
const INCH_MM: f64 = 25.4;
/// Longest accepted text, so that nesting can not exhaust the stack.
const MAX_CHARS: usize = 64;

/// Why a text is not a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LengthError {
    /// Nothing typed.
    #[error("type a length")]
    Empty,
    /// A character or word that has no place here.
    #[error("\"{0}\" is not understood")]
    Unexpected(char),
    /// A number or bracket is missing at the end.
    #[error("something is missing at the end")]
    Incomplete,
    /// Metres times metres.
    #[error("that is not a length")]
    NotALength,
    /// Division by zero or beyond a thousand kilometres.
    #[error("out of range")]
    OutOfRange,
}

/// Reads a length in mm.
pub fn parse_length_mm(text: &str) -> Result<i32, LengthError> {
    let chars: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    if chars.is_empty() {
        return Err(LengthError::Empty);
    }
    if chars.len() > MAX_CHARS {
        return Err(LengthError::OutOfRange);
    }
    let mut parser = Parser { chars, at: 0 };
    let value = parser.sum()?;
    if let Some(c) = parser.peek() {
        return Err(LengthError::Unexpected(c));
    }
    if value.power > 1 {
        return Err(LengthError::NotALength);
    }
    let mm = value.amount.round();
    if mm.abs() > 1e9 || !mm.is_finite() {
        return Err(LengthError::OutOfRange);
    }
    Ok(mm as i32)
}

/// A number and how often a length is a factor in it; a bare number has power 0 and counts as mm
/// where a length is needed.
#[derive(Clone, Copy)]
struct Value {
    amount: f64,
    power: i32,
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = wanted
            .chars()
            .zip(self.chars.iter().skip(self.at))
            .all(|(a, b)| a == b.to_ascii_lowercase())
            && self.at + wanted.chars().count() <= self.chars.len();
        if found {
            self.at += wanted.chars().count();
        }
        found
    }

    fn sum(&mut self) -> Result<Value, LengthError> {
        let mut total = self.product()?;
        loop {
            let sign: f64 = match self.peek() {
                Some('+') => 1.0,
                Some('-' | '−') => -1.0,
                _ => return Ok(total),
            };
            self.at += 1;
            let next = self.product()?;
            total = Value {
                amount: sign.mul_add(next.amount, total.amount),
                power: total.power.max(next.power),
            };
        }
    }

    fn product(&mut self) -> Result<Value, LengthError> {
        let mut total = self.signed()?;
        loop {
            let divide = match self.peek() {
                Some('*' | '×') => false,
                Some('/') => true,
                _ => return Ok(total),
            };
            self.at += 1;
            let next = self.signed()?;
            if divide && next.amount == 0.0 {
                return Err(LengthError::OutOfRange);
            }
            total = if divide {
                Value { amount: total.amount / next.amount, power: total.power - next.power }
            } else {
                Value { amount: total.amount * next.amount, power: total.power + next.power }
            };
        }
    }

    fn signed(&mut self) -> Result<Value, LengthError> {
        match self.peek() {
            Some('-' | '−') => {
                self.at += 1;
                let value = self.signed()?;
                Ok(Value { amount: -value.amount, ..value })
            }
            Some('+') => {
                self.at += 1;
                self.signed()
            }
            _ => self.atom(),
        }
    }

    fn atom(&mut self) -> Result<Value, LengthError> {
        let mut value = if self.take("(") {
            let inside = self.sum()?;
            if !self.take(")") {
                return Err(self.missing());
            }
            inside
        } else {
            Value { amount: self.number()?, power: 0 }
        };
        if let Some(unit_mm) = self.unit() {
            value = Value { amount: value.amount * unit_mm, power: value.power + 1 };
            // Feet are followed by inches without a plus.
            if unit_mm == FOOT_MM && self.peek().is_some_and(|c| c.is_ascii_digit()) {
                value.amount += self.number()? * INCH_MM;
                if !(self.take("\"") || self.take("″") || self.take("in")) && self.peek().is_some()
                {
                    return Err(self.missing());
                }
            }
        }
        Ok(value)
    }

    fn unit(&mut self) -> Option<f64> {
        const UNITS: [(&str, f64); 9] = [
            ("mm", 1.0),
            ("cm", 10.0),
            ("m", 1000.0),
            ("ft", FOOT_MM),
            ("'", FOOT_MM),
            ("′", FOOT_MM),
            ("in", INCH_MM),
            ("\"", INCH_MM),
            ("″", INCH_MM),
        ];
        UNITS.iter().find(|(word, _)| self.take(word)).map(|(_, mm)| *mm)
    }

    fn number(&mut self) -> Result<f64, LengthError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.' || c == ',') {
            self.at += 1;
        }
        let digits: String =
            self.chars[start..self.at].iter().map(|c| if *c == ',' { '.' } else { *c }).collect();
        digits.parse().map_err(|_| self.missing())
    }

    fn missing(&self) -> LengthError {
        self.peek().map_or(LengthError::Incomplete, LengthError::Unexpected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_type_lengths_in_many_ways() {
        for (text, mm) in [
            ("1200", 1200),
            ("1.2m", 1200),
            ("1,2 m", 1200),
            ("4'", 1219),
            ("3' 6\"", 1067),
            ("2*600", 1200),
            ("-2*(600+1cm)", -1220),
            ("3m/2", 1500),
            ("6m/2m", 3),
            ("600 mm + 1", 601),
            ("−250", -250),
        ] {
            assert_eq!(parse_length_mm(text), Ok(mm), "{text}");
        }
    }

    #[test]
    fn nonsense_is_named() {
        assert_eq!(parse_length_mm(" "), Err(LengthError::Empty));
        assert_eq!(parse_length_mm("12x"), Err(LengthError::Unexpected('x')));
        assert_eq!(parse_length_mm("12*"), Err(LengthError::Incomplete));
        assert_eq!(parse_length_mm("(12"), Err(LengthError::Incomplete));
        assert_eq!(parse_length_mm("1m*1m"), Err(LengthError::NotALength));
        assert_eq!(parse_length_mm("1/0"), Err(LengthError::OutOfRange));
        assert_eq!(parse_length_mm("99999999999"), Err(LengthError::OutOfRange));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[0-9.,'\"m()+*/ -]{0,80}") {
            let _ = parse_length_mm(&text);
        }
    }
}
