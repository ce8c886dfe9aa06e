//! Piecewise-linear interpolation over a table of points.

/// Value of the polyline through `points` (sorted by x) at `x`; clamped to the end values outside.
/// Returns `None` for an empty table.
pub fn clamped_linear(points: &[(f64, f64)], x: f64) -> Option<f64> {
    let (first, last) = (points.first()?, points.last()?);
    if x <= first.0 {
        return Some(first.1);
    }
    if x >= last.0 {
        return Some(last.1);
    }
    let right = points.partition_point(|p| p.0 < x);
    let (a, b) = (points[right - 1], points[right]);
    Some(a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_inside_and_clamps_outside() {
        let table = [(0.0, 1.0), (2.0, 5.0), (4.0, 5.0)];
        assert_eq!(clamped_linear(&table, 1.0), Some(3.0));
        assert_eq!(clamped_linear(&table, -1.0), Some(1.0));
        assert_eq!(clamped_linear(&table, 9.0), Some(5.0));
        assert_eq!(clamped_linear(&[], 1.0), None);
    }
}
