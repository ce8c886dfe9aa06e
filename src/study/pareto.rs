//! Which of many points no other point beats.

/// Indices of the points that no other point beats in both values, from the lowest `x`. `x` is
/// better when it is higher if `more_x`; `y` is always better when it is lower. Points that are
/// not finite never count.
#[must_use]
pub fn front(points: &[(f64, f64)], more_x: bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..points.len())
        .filter(|i| points[*i].0.is_finite() && points[*i].1.is_finite())
        .collect();
    let better_x = |i: usize| if more_x { -points[i].0 } else { points[i].0 };
    order.sort_by(|a, b| {
        better_x(*a)
            .total_cmp(&better_x(*b))
            .then(points[*a].1.total_cmp(&points[*b].1))
            .then(a.cmp(b))
    });
    let mut lowest = f64::INFINITY;
    let mut found: Vec<usize> = order
        .into_iter()
        .filter(|i| {
            let beats = points[*i].1 < lowest;
            if beats {
                lowest = points[*i].1;
            }
            beats
        })
        .collect();
    found.sort_by(|a, b| points[*a].0.total_cmp(&points[*b].0));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unbeaten_points_are_on_the_front() {
        let points = [(1.0, 5.0), (2.0, 3.0), (3.0, 4.0), (4.0, 6.0), (2.0, 9.0), (f64::NAN, 0.0)];
        assert_eq!(front(&points, true), vec![1, 2, 3]);
        assert_eq!(front(&points, false), vec![0, 1]);
        assert!(front(&[], true).is_empty());
    }
}
