//! Elimination order of a sparse symmetric pattern: minimum degree, then a postorder of the
//! elimination tree so that what is used together lies together.
//!
//! The graph is eliminated symbolically: the node with fewest neighbours goes next (the lowest index
//! among equals, so that the order is reproducible) and its neighbours become joined to each other.
//! What a node was joined to at that moment is its column of the triangular factor, fill included.

use std::collections::BTreeSet;

/// An order of elimination and the pattern of the factor that it leads to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Elimination {
    /// Which node stands at each position.
    pub order: Vec<usize>,
    /// Position of each node.
    pub place: Vec<usize>,
    /// By position: the later positions that it is joined to when it goes, rising.
    pub joined: Vec<Vec<usize>>,
}

/// Orders the nodes `0..n` joined by `pairs` (either direction, repeats and loops allowed).
#[must_use]
pub fn minimum_degree(n: usize, pairs: &[(usize, usize)]) -> Elimination {
    let mut neighbours = vec![Vec::new(); n];
    for &(a, b) in pairs.iter().filter(|(a, b)| a != b) {
        neighbours[a].push(b);
        neighbours[b].push(a);
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    let mut waiting: BTreeSet<(usize, usize)> =
        neighbours.iter().enumerate().map(|(v, list)| (list.len(), v)).collect();
    let (mut went, mut columns) = (vec![0; n], vec![Vec::new(); n]);
    let mut step = 0;
    while let Some((_, v)) = waiting.pop_first() {
        let column = std::mem::take(&mut neighbours[v]);
        for &u in &column {
            waiting.remove(&(neighbours[u].len(), u));
            neighbours[u] = merged(&neighbours[u], &column, u, v);
            waiting.insert((neighbours[u].len(), u));
        }
        (went[v], columns[v]) = (step, column);
        step += 1;
    }
    postordered(&went, &columns)
}

/// Both sorted lists as one, without `u` and `v`.
fn merged(a: &[usize], b: &[usize], u: usize, v: usize) -> Vec<usize> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let next = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => *x.min(y),
            (Some(x), None) => *x,
            (None, Some(y)) => *y,
            (None, None) => break,
        };
        i += usize::from(a.get(i) == Some(&next));
        j += usize::from(b.get(j) == Some(&next));
        if next != u && next != v {
            out.push(next);
        }
    }
    out
}

/// Renumbers so that each subtree of the elimination tree is contiguous; fill stays the same.
fn postordered(went: &[usize], columns: &[Vec<usize>]) -> Elimination {
    let n = went.len();
    let mut children = vec![Vec::new(); n];
    let mut roots = Vec::new();
    let mut by_step = vec![0; n];
    for (v, &step) in went.iter().enumerate() {
        by_step[step] = v;
    }
    for &v in &by_step {
        match columns[v].iter().min_by_key(|u| went[**u]) {
            Some(&parent) => children[parent].push(v),
            None => roots.push(v),
        }
    }
    let (mut order, mut place) = (Vec::with_capacity(n), vec![0; n]);
    for root in roots {
        let mut path = vec![(root, 0)];
        while let Some((v, next)) = path.pop() {
            if let Some(&child) = children[v].get(next) {
                path.push((v, next + 1));
                path.push((child, 0));
            } else {
                place[v] = order.len();
                order.push(v);
            }
        }
    }
    let column = |v: &usize| {
        let mut joined: Vec<usize> = columns[*v].iter().map(|u| place[*u]).collect();
        joined.sort_unstable();
        joined
    };
    let joined = order.iter().map(column).collect();
    Elimination { order, place, joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_no_fill_and_a_ring_of_n_has_n_minus_3() {
        let fill = |n, pairs: &[(usize, usize)]| {
            let joined: usize = minimum_degree(n, pairs).joined.iter().map(Vec::len).sum();
            joined - pairs.len()
        };
        let tree: Vec<(usize, usize)> = (1..50).map(|i| (i / 3, i)).collect();
        assert_eq!(fill(50, &tree), 0);
        let ring: Vec<(usize, usize)> = (0..20).map(|i| (i, (i + 1) % 20)).collect();
        assert_eq!(fill(20, &ring), 17);
    }

    #[test]
    fn the_order_is_a_permutation_and_columns_point_forward() {
        let pairs = [(0, 4), (4, 2), (2, 0), (3, 1), (3, 3), (1, 3), (5, 2), (5, 4)];
        let e = minimum_degree(7, &pairs);
        let mut seen = e.order.clone();
        seen.sort_unstable();
        assert_eq!(seen, (0..7).collect::<Vec<_>>());
        for (p, joined) in e.joined.iter().enumerate() {
            assert!(joined.iter().all(|q| *q > p) && joined.is_sorted());
            assert_eq!(e.place[e.order[p]], p);
        }
        for (a, b) in pairs.into_iter().filter(|(a, b)| a != b) {
            let (p, q) = (e.place[a].min(e.place[b]), e.place[a].max(e.place[b]));
            assert!(e.joined[p].contains(&q), "{a}-{b} is not in the factor");
        }
    }
}
