//! The tables of equation (1): what the base leaves, as sums of smooth bilinear tables.
//!
//! Minimises Σ w r² + λ Σ v² + along both sizes of every table σ ∫ (∂v)² + β ∫ (∂²v)² over the
//! values v of all tables. Weights w = 1 where |r| < 3 % and 3 %/|r| beyond, found by repetition: a
//! sum of absolute errors that is smooth at the bottom. Bending costs, so that a value no timing
//! speaks for continues its neighbours; slope and size cost a little, so that it does not run away.

use super::super::class::{Grid, MOST_AXES};
use super::super::law::Base;
use super::super::law::locate;
use super::base;
use super::samples::Sample;
use crate::numerics::cholesky;

/// λ: strength with which values are drawn toward 0, in timings.
const RIDGE: f64 = 0.05;
/// σ: strength against slopes, in timings per (log time per doubling)².
const SLOPE: f64 = 0.02;
/// β: strength against bends, in timings per (log time per doubling²)². Chosen, like λ and σ, from
/// {0, 0.02, 0.1, 0.5} by the errors on shapes left out; all classes share it.
const BEND: f64 = 0.1;
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
    let stiffness = stiffness(grid, count);
    let touches: Vec<Touch> = samples.iter().map(|s| touch(grid, &s.work.sizes)).collect();
    let wanted: Vec<f64> = samples.iter().map(|s| -base::residual(base, s)).collect();
    let mut weights = vec![1.0; samples.len()];
    let mut solution = vec![0.0; count];
    for _ in 0..ROUNDS {
        let mut matrix = stiffness.clone();
        let mut right = vec![0.0; count];
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

/// The part of the normal equations that the tables bring without any timing.
fn stiffness(grid: &Grid, count: usize) -> Vec<f64> {
    let mut matrix = vec![0.0; count * count];
    for i in 0..count {
        matrix[i * count + i] = RIDGE;
    }
    let mut add = |cells: &[usize], pulls: &[f64], strength: f64| {
        for (&i, a) in cells.iter().zip(pulls) {
            for (&j, b) in cells.iter().zip(pulls) {
                matrix[i * count + j] += strength * a * b;
            }
        }
    };
    let mut start = 0;
    for &(a, b) in &grid.pairs {
        let (rows, columns) = (&grid.axes[a].knots, &grid.axes[b].knots);
        let cell = |i: usize, j: usize| start + i * columns.len() + j;
        for j in 0..columns.len() {
            penalise(rows, |i| cell(i, j), &mut add);
        }
        for i in 0..rows.len() {
            penalise(columns, |j| cell(i, j), &mut add);
        }
        start += rows.len() * columns.len();
    }
    matrix
}

/// Adds the squares of slope and bend, integrated between `knots`, of the cells along them.
fn penalise(
    knots: &[f64],
    cell: impl Fn(usize) -> usize,
    add: &mut impl FnMut(&[usize], &[f64], f64),
) {
    for i in 1..knots.len() {
        let width = knots[i] - knots[i - 1];
        add(&[cell(i - 1), cell(i)], &[-1.0, 1.0], SLOPE / width);
    }
    for i in 1..knots.len().saturating_sub(1) {
        let (left, right) = (knots[i] - knots[i - 1], knots[i + 1] - knots[i]);
        let both = left + right;
        let pulls = [2.0 / (left * both), -2.0 / (left * right), 2.0 / (right * both)];
        add(&[cell(i - 1), cell(i), cell(i + 1)], &pulls, BEND * (0.5 * both).powi(3));
    }
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
