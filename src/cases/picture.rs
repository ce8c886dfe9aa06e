//! The picture of a case as data, so that window and report draw the same.

use serde::Serialize;

/// Ours against the reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Picture {
    /// One point per compared thing: reference to the right, ours upwards, a diagonal between.
    Scatter {
        /// What both axes measure.
        quantity: String,
        /// Unit of both axes.
        unit: &'static str,
        /// The points.
        points: Vec<Point>,
        /// Half-width of the band around the diagonal: in `unit`, or a share of the value when
        /// `log`.
        band: Option<f64>,
        /// Logarithmic axes.
        log: bool,
    },
    /// Curves over a common axis.
    Profile {
        /// What the horizontal axis measures.
        x: String,
        /// What the vertical axis measures.
        y: String,
        /// The curves; the reference first.
        series: Vec<Series>,
    },
    /// Two bars per name: reference and ours.
    Pairs {
        /// What the bars measure.
        quantity: String,
        /// Unit of the bars.
        unit: &'static str,
        /// One per pair.
        points: Vec<Point>,
    },
}

/// One compared thing of a scatter or pair of bars.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Its name.
    pub label: String,
    /// The reference.
    pub reference: f64,
    /// One standard deviation of the reference itself; 0 when it has none.
    pub reference_std: f64,
    /// Ours.
    pub ours: f64,
}

/// A curve.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Series {
    /// Who says so.
    pub name: String,
    /// Whether it is the reference; drawn as marks, ours as a line.
    pub is_reference: bool,
    /// x and y.
    pub points: Vec<[f64; 2]>,
}

impl Point {
    /// A point whose reference has no scatter of its own.
    pub fn new(label: impl Into<String>, reference: f64, ours: f64) -> Self {
        Self { label: label.into(), reference, reference_std: 0.0, ours }
    }
}

impl Picture {
    /// Lowest and highest number on the axes of a scatter or of bars; none without a finite number.
    #[must_use]
    pub fn range(points: &[Point]) -> Option<(f64, f64)> {
        let values = points
            .iter()
            .flat_map(|p| [p.reference - p.reference_std, p.reference + p.reference_std, p.ours]);
        let finite: Vec<f64> = values.filter(|v| v.is_finite()).collect();
        let low = finite.iter().copied().reduce(f64::min)?;
        let high = finite.iter().copied().reduce(f64::max)?;
        Some((low, high))
    }
}
