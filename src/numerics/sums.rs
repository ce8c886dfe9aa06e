//! Sums whose result does not depend on the number of threads.

use rayon::prelude::*;

/// Block length of [`fixed_order_sum`]. Fixed, so that the order of additions is a property of
/// the data alone.
const BLOCK: usize = 4096;

/// Sum of `f(i)` for `i` in `0..n`, in fixed blocks added in index order: bit-equal for any number
/// of threads.
pub fn fixed_order_sum(n: usize, f: impl Fn(usize) -> f64 + Sync) -> f64 {
    let blocks: Vec<f64> = (0..n.div_ceil(BLOCK))
        .into_par_iter()
        .map(|b| (b * BLOCK..((b + 1) * BLOCK).min(n)).map(&f).sum())
        .collect();
    blocks.iter().sum()
}

/// Independent partial sums inside a block, so that the compiler may use vector instructions.
const LANES: usize = 8;

/// Dot product in fixed blocks added in index order: bit-equal for any number of threads. The
/// longer slice is cut to the shorter one's length.
pub fn fixed_order_dot(a: &[f64], b: &[f64]) -> f64 {
    let n = a.len().min(b.len());
    let (a, b) = (&a[..n], &b[..n]);
    if n <= 4 * BLOCK {
        return a.chunks(BLOCK).zip(b.chunks(BLOCK)).map(|(a, b)| lane_dot(a, b)).sum();
    }
    let blocks: Vec<f64> =
        a.par_chunks(BLOCK).zip(b.par_chunks(BLOCK)).map(|(a, b)| lane_dot(a, b)).collect();
    blocks.iter().sum()
}

fn lane_dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; LANES];
    let (ca, cb) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let tail: f64 = ca.remainder().iter().zip(cb.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in ca.zip(cb) {
        for l in 0..LANES {
            lanes[l] += x[l] * y[l];
        }
    }
    lanes.iter().sum::<f64>() + tail
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equals_the_closed_form_and_is_bit_equal_for_any_thread_count() {
        let term = |i: usize| 1.0 / (1.0 + i as f64);
        let with = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| fixed_order_sum(100_003, term))
        };
        assert_eq!(with(1).to_bits(), with(3).to_bits());
        let a: Vec<f64> = (0..50_001).map(term).collect();
        let dot = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| fixed_order_dot(&a, &a))
        };
        assert_eq!(dot(1).to_bits(), dot(3).to_bits());
        assert!((fixed_order_dot(&a[..3], &[1.0, 2.0, 3.0]) - 3.0).abs() < 1e-15);
        assert!((fixed_order_sum(10_000, |i| i as f64) - 49_995_000.0).abs() < 1e-6);
    }
}
