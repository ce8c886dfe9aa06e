//! Where a number comes from and how far it was checked.

use serde::{Deserialize, Serialize};

/// What kind of statement a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// The vendor's own data sheet, guide or price list.
    Vendor,
    /// Measured by a third party and published.
    PublishedMeasurement,
    /// Our arithmetic on sourced numbers.
    Derived,
    /// Press, analyst or reseller estimate.
    PressEstimate,
    /// Our own planning assumption; nobody vouches for it.
    Assumption,
    /// Entered by the user.
    User,
}

impl Confidence {
    /// The word shown beside a number.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vendor => "vendor",
            Self::PublishedMeasurement => "measured",
            Self::Derived => "derived",
            Self::PressEstimate => "press estimate",
            Self::Assumption => "assumption",
            Self::User => "user",
        }
    }
}

/// Whether somebody read the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Read in the stored source.
    Stored,
    /// Follows from other numbers by the arithmetic in the notes.
    Derived,
    /// Part read, part from memory; the notes say which.
    Mixed,
    /// Written from memory: shown as "unverified".
    Recall,
    /// The user vouches for it.
    User,
}

/// Source of a number or of a whole entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// Publisher and title.
    pub source: String,
    /// When the value was true or read, `YYYY` or `YYYY-MM`.
    pub date: String,
    /// What kind of statement it is.
    pub confidence: Confidence,
    /// Whether it was checked.
    pub checked: Checked,
}

impl Provenance {
    /// Whether the number must carry the "unverified" badge.
    #[must_use]
    pub const fn is_unverified(&self) -> bool {
        matches!(self.checked, Checked::Recall | Checked::Mixed)
    }

    /// Short badge: what kind of statement, and "unverified" where nobody read the source.
    #[must_use]
    pub const fn badge(&self) -> &'static str {
        if self.is_unverified() { "unverified" } else { self.confidence.label() }
    }
}
