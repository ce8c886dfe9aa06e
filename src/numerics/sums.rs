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
        assert!((fixed_order_sum(10_000, |i| i as f64) - 49_995_000.0).abs() < 1e-6);
    }
}
