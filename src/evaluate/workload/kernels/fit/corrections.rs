//! The tables of equation (1): what the base leaves, as sums of bilinear tables drawn toward 0.
//!
//! Minimises Σ w r² + λ Σ v² over the values v of all tables; weights w = 1 where |r| < 3 % and
//! 3 %/|r| beyond, found by repetition: a sum of absolute errors that is smooth at the bottom.

use super::super::class::{Grid, MOST_AXES};
use super::super::law::Base;
use super::super::law::locate;
use super::base;
use super::samples::Sample;
use crate::numerics::cholesky;

/// Strength λ with which values are drawn toward 0, in timings: a value that fewer timings than
/// that speak for stays near 0.
const RIDGE: f64 = 0.5;
/// Error in log time beyond which a timing pulls with constant force.
const ROBUST: f64 = 0.03;
/// Repetitions of the weights.
const ROUNDS: usize = 8;
/// Most entries of a timing: four corners of four tables.
const ENTRIES: usize = 16;

/// What a timing touches: indices into all values, and weights.
type Touch = ([usize; ENTRIES], [f64; ENTRIES]);

/// Values of all tables of `grid`, one table after the other, row by row.
pub(super) fn fit(samples: &[&Sample], grid: &Grid, base: &Base) -> Vec<f64> {
    let count = values(grid);
    let touches: Vec<Touch> = samples.iter().map(|s| touch(grid, &s.work.sizes)).collect();
    let wanted: Vec<f64> = samples.iter().map(|s| -base::residual(base, s)).collect();
    let mut weights = vec![1.0; samples.len()];
    let mut solution = vec![0.0; count];
    for _ in 0..ROUNDS {
        let mut matrix = vec![0.0; count * count];
        let mut right = vec![0.0; count];
        for i in 0..count {
            matrix[i * count + i] = RIDGE;
        }
        for ((touch, &want), &w) in touches.iter().zip(&wanted).zip(&weights) {
            for (&i, &a) in touch.0.iter().zip(&touch.1).filter(|(_, a)| **a != 0.0) {
                right[i] += w * a * want;
                for (&j, &b) in touch.0.iter().zip(&touch.1) {
                    matrix[i * count + j] += w * a * b;
                }
            }
        }
        let Some(found) = cholesky::solve(matrix, &right) else { break };
        solution = found;
        for ((w, touch), &want) in weights.iter_mut().zip(&touches).zip(&wanted) {
            let error = (want - value(touch, &solution)).abs();
            *w = 1.0 / (error / ROBUST).max(1.0);
        }
    }
    solution
}

/// Correction, in log time, at the sizes of `sample`.
pub(super) fn at(grid: &Grid, sample: &Sample, solution: &[f64]) -> f64 {
    value(&touch(grid, &sample.work.sizes), solution)
}

fn value(touch: &Touch, solution: &[f64]) -> f64 {
    touch.0.iter().zip(&touch.1).map(|(&i, a)| a * solution[i]).sum()
}

/// Number of values of all tables.
fn values(grid: &Grid) -> usize {
    grid.pairs.iter().map(|&(a, b)| grid.axes[a].knots.len() * grid.axes[b].knots.len()).sum()
}

fn touch(grid: &Grid, sizes: &[f64; MOST_AXES]) -> Touch {
    let (mut at, mut share) = ([0; ENTRIES], [0.0; ENTRIES]);
    let (mut start, mut n) = (0, 0);
    for &(a, b) in &grid.pairs {
        let (rows, columns) = (&grid.axes[a].knots, &grid.axes[b].knots);
        let ((i, u), (j, v)) = (locate(rows, sizes[a]), locate(columns, sizes[b]));
        let corner = start + i * columns.len() + j;
        let below = corner + columns.len();
        let corners = [
            (corner, (1.0 - u) * (1.0 - v)),
            (corner + 1, (1.0 - u) * v),
            (below, u * (1.0 - v)),
            (below + 1, u * v),
        ];
        for (index, weight) in corners {
            (at[n], share[n]) = (index, weight);
            n += 1;
        }
        start += rows.len() * columns.len();
    }
    (at, share)
}

/// `solution` as the asset nests it: per pair, rows.
pub(super) fn nested(grid: &Grid, solution: &[f64]) -> Vec<Vec<Vec<f64>>> {
    let mut rest = solution;
    let mut tables = Vec::new();
    for &(a, b) in &grid.pairs {
        let (rows, columns) = (grid.axes[a].knots.len(), grid.axes[b].knots.len());
        let (table, after) = rest.split_at(rows * columns);
        tables.push(table.chunks(columns).map(<[f64]>::to_vec).collect());
        rest = after;
    }
    tables
}
