//! Seeded sampling that gives the same numbers on every machine and for any number of threads.

/// The SplitMix64 generator (Steele, Lea, Flood: *Fast splittable pseudorandom number
/// generators*, OOPSLA 2014): small, fast, and good enough to shuffle strata.
#[derive(Clone, Copy, Debug)]
pub struct SplitMix64(u64);

impl SplitMix64 {
    /// A generator that starts from `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`, even for all practical purposes (bias below n/2⁶⁴).
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u64
    }
}

/// Probabilities in 0–1 for one variable of a Latin hypercube: the midpoints of `n` equal strata
/// in an order drawn from `seed`. Each stratum is met once, so that means converge fast.
#[must_use]
pub fn stratified(n: usize, seed: u64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..n).collect();
    let mut random = SplitMix64::new(seed);
    for i in (1..n).rev() {
        order.swap(i, random.below(i as u64 + 1) as usize);
    }
    order.into_iter().map(|i| (i as f64 + 0.5) / n as f64).collect()
}

/// Quantile `p` of values sorted in ascending order, linear between neighbours.
#[must_use]
pub fn sorted_quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let at = p.clamp(0.0, 1.0) * last as f64;
    let (i, part) = (at.floor() as usize, at.fract());
    let right = sorted[(i + 1).min(last)];
    Some(sorted[i] + (right - sorted[i]) * part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_the_published_generator() {
        let mut random = SplitMix64::new(1_234_567);
        assert_eq!(random.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(random.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn every_stratum_is_met_once() {
        let mut p = stratified(100, 7);
        assert_ne!(p, stratified(100, 8));
        p.sort_by(f64::total_cmp);
        for (i, v) in p.iter().enumerate() {
            assert!((v - (i as f64 + 0.5) / 100.0).abs() < 1e-15);
        }
    }

    #[test]
    fn quantiles_of_sorted_values() {
        assert_eq!(sorted_quantile(&[], 0.5), None);
        assert_eq!(sorted_quantile(&[1.0, 2.0, 4.0], 0.75), Some(3.0));
        assert_eq!(sorted_quantile(&[1.0, 2.0, 4.0], 1.0), Some(4.0));
    }
}
