//! Two variants against each other: how sure is it that one is better, and what would flip it.
//!
//! Samples are common: an input that both variants have, by its name, takes the same place in its
//! band in the same sample. What both share (the electricity price, the cost of capital) then
//! cancels from the difference, and only what differs makes it uncertain.

use super::headline::Headline;
use super::model::Model;
use super::spread::percentiles;
use serde::Serialize;

/// How variant B compares with variant A on one headline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The headline.
    pub headline: Headline,
    /// A at base values.
    pub a: Option<f64>,
    /// B at base values.
    pub b: Option<f64>,
    /// B less A: P10, P50, P90 of the common samples.
    pub difference: [Option<f64>; 3],
    /// Share of samples in which B is better, 0–1; a tie counts half.
    pub b_better: f64,
    /// The same if nothing were shared: what two separate bands would suggest.
    pub b_better_unshared: f64,
    /// Names of uncertain inputs that both have.
    pub shared: Vec<String>,
    /// How sure, in words.
    pub words: String,
}

/// Compares `b` with `a`; `None` where one of them lacks the headline.
#[must_use]
pub fn compare(a: &Model, b: &Model, headline: Headline) -> Option<Comparison> {
    let (node_a, node_b) = (a.node_of(headline)?, b.node_of(headline)?);
    let (drawn_a, drawn_b) = (a.sample(&[node_a]), b.sample(&[node_b]));
    let (in_a, in_b) = (drawn_a.of(node_a), drawn_b.of(node_b));
    let mut difference: Vec<f64> = in_b.iter().zip(in_a).map(|(b, a)| b - a).collect();
    difference.retain(|d| !d.is_nan());
    let b_better = share_better(in_a, in_b, headline);
    // The same samples against each other in another order are independent.
    let n = in_b.len().min(in_a.len());
    let mut turned = in_b[..n].to_vec();
    shuffle(&mut turned, a.case.sampling.seed);
    let found = |v: f64| v.is_finite().then_some(v);
    Some(Comparison {
        headline,
        a: found(drawn_a.base[node_a]),
        b: found(drawn_b.base[node_b]),
        difference: percentiles(&difference, &mut Vec::new()),
        b_better,
        b_better_unshared: share_better(&in_a[..n], &turned, headline),
        shared: shared(a, b),
        words: words(b_better, headline),
    })
}

/// Fisher and Yates' shuffle.
fn shuffle(values: &mut [f64], seed: u64) {
    let mut random = crate::numerics::sampling::SplitMix64::new(!seed);
    for i in (1..values.len()).rev() {
        values.swap(i, random.below(i as u64 + 1) as usize);
    }
}

fn share_better(a: &[f64], b: &[f64], headline: Headline) -> f64 {
    let score = |(a, b): (&f64, &f64)| {
        let (good, bad) = if headline.less_is_better() { (b, a) } else { (a, b) };
        match good.partial_cmp(bad) {
            Some(std::cmp::Ordering::Less) => 1.0,
            Some(std::cmp::Ordering::Greater) => 0.0,
            _ => 0.5,
        }
    };
    let n = a.len().min(b.len()).max(1) as f64;
    a.iter().zip(b).map(score).sum::<f64>() / n
}

fn shared(a: &Model, b: &Model) -> Vec<String> {
    let in_b = |name: &str| b.inputs.iter().any(|i| i.name == name && i.band.is_uncertain());
    let of_a = a.inputs.iter().filter(|i| i.band.is_uncertain() && in_b(&i.name));
    of_a.map(|i| i.name.clone()).collect()
}

/// Shares of samples from which a comparison is called almost certain, likely, leaning.
const SURE: [(f64, &str); 3] =
    [(0.95, "almost certainly"), (0.8, "probably"), (0.6, "more likely than not")];

fn words(b_better: f64, headline: Headline) -> String {
    let (better, share) = if b_better >= 0.5 { ("B", b_better) } else { ("A", 1.0 - b_better) };
    let how = SURE.iter().find(|(least, _)| share >= *least).map(|(_, word)| *word);
    let percent = 100.0 * share;
    let figure = headline.label();
    match how {
        Some(how) => format!("{better} is {how} better on “{figure}” ({percent:.0} % of samples)"),
        None => format!(
            "no clear winner on “{figure}”: {better} is better in {percent:.0} % of samples"
        ),
    }
}
