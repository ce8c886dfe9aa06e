//! One compared number: reference, ours, error, tolerance.

use serde::ser::{Serialize, SerializeStruct, Serializer};

/// One compared number. Error and tolerance are in `error_unit`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// What it is.
    pub name: String,
    /// Unit of `reference` and `ours`; empty for a pure number.
    pub unit: &'static str,
    /// Measured or computed by others; none where the number is itself an error (a mean |Δ|).
    pub reference: Option<f64>,
    /// What the product's solver says.
    pub ours: f64,
    /// Ours against the reference, in `error_unit`.
    pub error: f64,
    /// `unit`, or `%` for a relative error.
    pub error_unit: &'static str,
    /// Largest |error| that passes; none for information, which never counts as passed.
    pub tolerance: Option<f64>,
}

impl Quantity {
    /// A number compared by its difference.
    pub fn difference(
        name: impl Into<String>,
        unit: &'static str,
        reference: f64,
        ours: f64,
    ) -> Self {
        Self {
            name: name.into(),
            unit,
            reference: Some(reference),
            ours,
            error: ours - reference,
            error_unit: difference_unit(unit),
            tolerance: None,
        }
    }

    /// A number compared by its ratio: the error is in percent of the reference.
    pub fn relative(
        name: impl Into<String>,
        unit: &'static str,
        reference: f64,
        ours: f64,
    ) -> Self {
        let error = if ours == reference { 0.0 } else { 100.0 * (ours / reference - 1.0) };
        Self { error, error_unit: "%", ..Self::difference(name, unit, reference, ours) }
    }

    /// A number that is an error itself: a mean or worst |Δ| of many.
    pub fn error_of(name: impl Into<String>, unit: &'static str, value: f64) -> Self {
        Self {
            name: name.into(),
            unit,
            reference: None,
            ours: value,
            error: value,
            error_unit: unit,
            tolerance: None,
        }
    }

    /// The same, passing while |error| is at most `tolerance`.
    #[must_use]
    pub fn within(self, tolerance: f64) -> Self {
        Self { tolerance: Some(tolerance), ..self }
    }

    /// The same, gated only if `gated`.
    #[must_use]
    pub fn within_if(self, gated: bool, tolerance: f64) -> Self {
        if gated { self.within(tolerance) } else { self }
    }

    /// Whether it passes; none for information. An error that is not a number fails.
    #[must_use]
    pub fn passes(&self) -> Option<bool> {
        self.tolerance.map(|limit| self.error.abs() <= limit)
    }
}

/// The fields, and `passes` beside them: none for information.
impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Quantity", 8)?;
        out.serialize_field("name", &self.name)?;
        out.serialize_field("unit", self.unit)?;
        out.serialize_field("reference", &self.reference)?;
        out.serialize_field("ours", &self.ours)?;
        out.serialize_field("error", &self.error)?;
        out.serialize_field("error_unit", self.error_unit)?;
        out.serialize_field("tolerance", &self.tolerance)?;
        out.serialize_field("passes", &self.passes())?;
        out.end()
    }
}

/// A difference of temperatures is in K.
fn difference_unit(unit: &'static str) -> &'static str {
    if unit == "°C" { "K" } else { unit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn information_never_passes_and_nan_fails() {
        let plain = Quantity::difference("t", "°C", 20.0, 21.0);
        assert_eq!((plain.passes(), plain.error_unit), (None, "K"));
        assert_eq!(plain.clone().within(0.9).passes(), Some(false));
        assert_eq!(plain.within(1.0).passes(), Some(true));
        assert_eq!(Quantity::error_of("e", "K", f64::NAN).within(1.0).passes(), Some(false));
    }

    #[test]
    fn relative_errors_are_in_percent_of_the_reference() {
        assert!((Quantity::relative("p", "W", 50.0, 51.0).error - 2.0).abs() < 1e-9);
        assert_eq!(Quantity::relative("p", "W", 0.0, 0.0).error, 0.0);
        assert_eq!(Quantity::relative("p", "W", 0.0, 1.0).within(1.0).passes(), Some(false));
    }
}
