//! What can be reached in a graph.

/// Which of `n` nodes are reached from `from` along the ways, each from its first node to its second.
#[must_use]
pub fn reached(
    n: usize,
    ways: impl IntoIterator<Item = (usize, usize)>,
    from: impl IntoIterator<Item = usize>,
) -> Vec<bool> {
    let mut next = vec![Vec::new(); n];
    for (a, b) in ways {
        next[a].push(b);
    }
    let mut seen = vec![false; n];
    let mut waiting: Vec<usize> = from.into_iter().collect();
    while let Some(at) = waiting.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            waiting.extend(&next[at]);
        }
    }
    seen
}

/// Ways in both directions.
pub fn both(
    edges: impl IntoIterator<Item = (usize, usize)>,
) -> impl Iterator<Item = (usize, usize)> {
    edges.into_iter().flat_map(|(a, b)| [(a, b), (b, a)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_are_followed_in_their_direction_only() {
        assert_eq!(reached(4, [(0, 1), (2, 1), (1, 3)], [0]), [true, true, false, true]);
        assert_eq!(reached(3, both([(1, 0), (2, 1)]), [0]), [true; 3]);
        assert_eq!(reached(2, [], []), [false; 2]);
    }
}
