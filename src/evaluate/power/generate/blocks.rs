//! Puts busway runs on blocks. A block is one transformer with its UPS; its capacity is what the
//! transformer can carry with the worst failover on it.

use crate::numerics::partition::contiguous_parts;
use crate::plan::Scheme;

/// A block of the chain.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    /// System letter (`A` … `D`), or the block's own number with block redundancy.
    pub system: String,
    /// `A1`, `2`, `C`.
    pub name: String,
    /// Power that it is sized for, with the worst single failover on it, W.
    pub sizing_w: f64,
}

/// Which blocks feed a run: `A` end and `B` end, as indices of blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fed {
    pub first: usize,
    /// Second path, if the scheme has one. Equal to `first` with block redundancy.
    pub second: Option<usize>,
}

/// Blocks and what they feed.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Assignment {
    pub blocks: Vec<Block>,
    /// Per run.
    pub fed: Vec<Fed>,
    /// Index of the catcher block with block redundancy.
    pub catcher: Option<usize>,
}

/// Assigns runs of the given power to blocks of at most `capacity_w`.
pub(super) fn assign(scheme: Scheme, runs_w: &[f64], capacity_w: f64) -> Assignment {
    match scheme {
        Scheme::N | Scheme::NPlus1 => one_path(runs_w, capacity_w),
        Scheme::TwoN => two_paths(runs_w, capacity_w),
        Scheme::FourN3R => distributed(runs_w, capacity_w),
        Scheme::BlockRedundant => with_catcher(runs_w, capacity_w),
    }
}

/// Block number of each run, neighbours together, and the power of each block.
fn contiguous(runs_w: &[f64], capacity_w: f64) -> (Vec<usize>, Vec<f64>) {
    let mut of_run = Vec::with_capacity(runs_w.len());
    let mut power_w = Vec::new();
    for (block, part) in contiguous_parts(runs_w, capacity_w).into_iter().enumerate() {
        of_run.extend(part.clone().map(|_| block));
        power_w.push(runs_w[part].iter().sum());
    }
    (of_run, power_w)
}

fn system(letter: &str, power_w: &[f64]) -> Vec<Block> {
    let block = |(i, &sizing_w): (usize, &f64)| Block {
        system: letter.to_owned(),
        name: format!("{letter}{}", i + 1),
        sizing_w,
    };
    power_w.iter().enumerate().map(block).collect()
}

fn one_path(runs_w: &[f64], capacity_w: f64) -> Assignment {
    let (of_run, power_w) = contiguous(runs_w, capacity_w);
    let fed = of_run.into_iter().map(|first| Fed { first, second: None }).collect();
    Assignment { blocks: system("A", &power_w), fed, catcher: None }
}

fn two_paths(runs_w: &[f64], capacity_w: f64) -> Assignment {
    let (of_run, power_w) = contiguous(runs_w, capacity_w);
    let n = power_w.len();
    let fed = of_run.into_iter().map(|b| Fed { first: b, second: Some(n + b) }).collect();
    let blocks = [system("A", &power_w), system("B", &power_w)].concat();
    Assignment { blocks, fed, catcher: None }
}

/// Active blocks, each behind transfer switches to one catcher as large as the largest of them.
fn with_catcher(runs_w: &[f64], capacity_w: f64) -> Assignment {
    let (of_run, power_w) = contiguous(runs_w, capacity_w);
    let fed = of_run.into_iter().map(|b| Fed { first: b, second: Some(b) }).collect();
    let active = |(i, &sizing_w): (usize, &f64)| Block {
        system: format!("{}", i + 1),
        name: format!("{}", i + 1),
        sizing_w,
    };
    let mut blocks: Vec<Block> = power_w.iter().enumerate().map(active).collect();
    let largest = power_w.iter().copied().fold(0.0, f64::max);
    let catcher = (!blocks.is_empty()).then_some(blocks.len());
    if catcher.is_some() {
        blocks.push(Block { system: "C".into(), name: "C".into(), sizing_w: largest });
    }
    Assignment { blocks, fed, catcher }
}

/// The pairs of systems that feed racks with distributed redundancy.
const PAIRS: [(usize, usize); 6] = [(0, 1), (2, 3), (0, 2), (1, 3), (0, 3), (1, 2)];
const SYSTEMS: [&str; 4] = ["A", "B", "C", "D"];
/// Groups of four blocks tried beyond the fewest that could do, before accepting an overload.
const MOST_EXTRA_GROUPS: usize = 64;

/// Groups of four blocks; in each, runs are spread over the six pairs of systems so that losing
/// one system loads the other three evenly.
fn distributed(runs_w: &[f64], capacity_w: f64) -> Assignment {
    if runs_w.is_empty() {
        return Assignment::default();
    }
    let total_w: f64 = runs_w.iter().sum();
    let fewest = (total_w / (3.0 * capacity_w)).ceil().max(1.0);
    let mut best = None;
    for extra in 0..MOST_EXTRA_GROUPS {
        let groups = fewest + extra as f64;
        let (fed, worst_w) = spread(runs_w, total_w / groups * (1.0 + 1e-9));
        let fits = worst_w.iter().all(|w| *w <= capacity_w);
        best = Some((fed, worst_w));
        if fits {
            break;
        }
    }
    let (fed, worst_w) = best.unwrap_or_default();
    let n = worst_w.len() / SYSTEMS.len();
    let blocks = SYSTEMS
        .iter()
        .enumerate()
        .flat_map(|(s, letter)| system(letter, &worst_w[s * n..(s + 1) * n]))
        .collect();
    Assignment { blocks, fed, catcher: None }
}

/// Feeds of each run and the worst failover power of each block, blocks by system and then group.
fn spread(runs_w: &[f64], group_w: f64) -> (Vec<Fed>, Vec<f64>) {
    let parts = contiguous_parts(runs_w, group_w);
    let n = parts.len();
    let mut fed = vec![Fed { first: 0, second: None }; runs_w.len()];
    let mut worst_w = vec![0.0; SYSTEMS.len() * n];
    for (group, part) in parts.into_iter().enumerate() {
        let mut by_power: Vec<usize> = part.collect();
        by_power.sort_by(|&a, &b| runs_w[b].total_cmp(&runs_w[a]).then(a.cmp(&b)));
        let mut pair_w = [0.0; PAIRS.len()];
        for run in by_power {
            let cost = |p: &usize| {
                let mut with = pair_w;
                with[*p] += runs_w[run];
                failover(&with).into_iter().fold(0.0, f64::max)
            };
            let best = (0..PAIRS.len())
                .min_by(|a, b| cost(a).total_cmp(&cost(b)).then(pair_w[*a].total_cmp(&pair_w[*b])));
            let p = best.unwrap_or(0);
            pair_w[p] += runs_w[run];
            let (x, y) = PAIRS[p];
            fed[run] = Fed { first: x * n + group, second: Some(y * n + group) };
        }
        for (s, w) in failover(&pair_w).into_iter().enumerate() {
            worst_w[s * n + group] = w;
        }
    }
    (fed, worst_w)
}

/// Worst power of each system over the loss of any other.
fn failover(pair_w: &[f64; PAIRS.len()]) -> [f64; SYSTEMS.len()] {
    let mut worst = [0.0; SYSTEMS.len()];
    for (s, worst) in worst.iter_mut().enumerate() {
        let mine = || PAIRS.iter().zip(pair_w).filter(|((x, y), _)| *x == s || *y == s);
        let normal: f64 = mine().map(|(_, w)| 0.5 * w).sum();
        let moved = mine().map(|(_, w)| 0.5 * w).fold(0.0, f64::max);
        *worst = normal + moved;
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_paths_mirror_each_other() {
        let a = assign(Scheme::TwoN, &[4.0, 4.0, 4.0, 4.0], 9.0);
        assert_eq!(a.blocks.len(), 4);
        assert_eq!(a.blocks[3].name, "B2");
        assert_eq!(a.fed[2], Fed { first: 1, second: Some(3) });
    }

    #[test]
    fn distributed_blocks_carry_a_third_each_after_a_loss() {
        let a = assign(Scheme::FourN3R, &[1.0; 12], 4.5);
        assert_eq!(a.blocks.len(), 4);
        for block in &a.blocks {
            assert!((block.sizing_w - 4.0).abs() < 1e-12, "{block:?}");
        }
    }

    #[test]
    fn uneven_runs_take_more_groups_rather_than_overload() {
        let a = assign(Scheme::FourN3R, &[3.0, 3.0, 1.0, 1.0, 1.0, 3.0, 2.0], 4.5);
        assert!(a.blocks.iter().all(|b| b.sizing_w <= 4.5), "{:?}", a.blocks);
    }

    #[test]
    fn the_catcher_is_as_large_as_the_largest_block() {
        let a = assign(Scheme::BlockRedundant, &[4.0, 5.0, 3.0], 6.0);
        assert_eq!(a.blocks.len(), 4);
        assert_eq!(a.catcher, Some(3));
        assert_eq!(a.blocks[3].sizing_w, 5.0);
    }

    #[test]
    fn nothing_needs_no_blocks() {
        for scheme in Scheme::ALL {
            assert!(assign(scheme, &[], 1.0).blocks.is_empty());
        }
    }
}
