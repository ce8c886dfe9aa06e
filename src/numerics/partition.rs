//! Cutting a sequence of weights into contiguous parts.

use std::ops::Range;

/// Halvings of the search for the smallest largest part; beyond the precision of the weights.
const HALVINGS: usize = 50;

/// Cuts `weights` (zero or more each) into as few contiguous parts of at most `capacity` as there
/// can be, and among those cuts takes one whose largest part is smallest. A single weight above
/// `capacity` gets a part of its own. No weights, no parts.
#[must_use]
pub fn contiguous_parts(weights: &[f64], capacity: f64) -> Vec<Range<usize>> {
    let fewest = greedy(weights, capacity);
    let largest = weights.iter().copied().fold(0.0, f64::max);
    let (mut low, mut high) = (largest.min(capacity), capacity.max(largest));
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if greedy(weights, middle).len() <= fewest.len() { high = middle } else { low = middle }
    }
    let balanced = greedy(weights, high);
    if balanced.len() == fewest.len() { balanced } else { fewest }
}

fn greedy(weights: &[f64], capacity: f64) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let (mut start, mut sum) = (0, 0.0);
    for (i, &w) in weights.iter().enumerate() {
        if i > start && sum + w > capacity {
            parts.push(start..i);
            (start, sum) = (i, 0.0);
        }
        sum += w;
    }
    if start < weights.len() {
        parts.push(start..weights.len());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_few_contiguous_and_balanced() {
        assert_eq!(contiguous_parts(&[1.0; 7], 4.0), [0..4, 4..7]);
        assert_eq!(contiguous_parts(&[3.0, 1.0, 1.0, 3.0], 5.0), [0..2, 2..4]);
        assert_eq!(contiguous_parts(&[9.0, 1.0], 5.0), [0..1, 1..2]);
        assert_eq!(contiguous_parts(&[0.0, 0.0], 5.0), vec![0..2]);
        assert!(contiguous_parts(&[], 5.0).is_empty());
    }
}
