//! What would flip the decision: the smallest change of one input that makes B beat A.
//!
//! Inputs of the world (a price, a rate, a life) move in both variants alike, by the same factor,
//! or by the same step where they cross zero; inputs of a variant's own (its price, its speed, its
//! use) move in B alone. Each input is searched outwards from its base, first through its own
//! band, then to the limits that make sense at all; where the difference changes sign the place is
//! found by bisection. Changes are ranked by the band that they use up: a change of 1.0 is from
//! the base to the end of the band on that side.

use super::headline::Headline;
use super::inputs::Input;
use super::model::Model;
use crate::units::display;
use serde::Serialize;

/// One change that flips the decision.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flip {
    /// The input.
    pub input: String,
    /// Unit of its values.
    pub unit: String,
    /// Whether it moves in B alone.
    pub only_b: bool,
    /// Its value in B as planned.
    pub from: f64,
    /// Its value in B at which both are equal.
    pub to: f64,
    /// The change in percent of the planned value; `None` where that is 0.
    pub percent: Option<f64>,
    /// The change over the distance from base to the end of the band on that side; `None` for an
    /// input without a band there.
    pub of_band: Option<f64>,
    /// In words.
    pub words: String,
}

/// The answer for one headline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Flips {
    /// The headline.
    pub headline: Headline,
    /// Whether B beats A as planned: nothing has to change, and the flips say what would undo it.
    pub b_leads: bool,
    /// Changes of one input each, the least of its band first.
    pub flips: Vec<Flip>,
    /// The answer in one sentence.
    pub words: String,
}

/// Steps of the outward search on each side.
const STEPS: usize = 48;
/// Halvings of the last step; the place is then known to about 10⁻¹² of it.
const HALVINGS: usize = 40;

/// What would flip the order of `a` and `b`; `None` where one of them lacks the headline.
#[must_use]
pub fn flips(a: &Model, b: &Model, headline: Headline) -> Option<Flips> {
    let pair = Pair { a, b, headline };
    let now = pair.lead(None)?;
    let mut flips: Vec<Flip> =
        (0..b.inputs.len()).filter_map(|i| pair.flip(i, now > 0.0)).collect();
    let rank = |f: &Flip| (f.of_band.unwrap_or(f64::INFINITY), f.percent.map_or(0.0, f64::abs));
    flips.sort_by(|x, y| {
        let (x_rank, y_rank) = (rank(x), rank(y));
        x_rank
            .0
            .total_cmp(&y_rank.0)
            .then(x_rank.1.total_cmp(&y_rank.1))
            .then(x.input.cmp(&y.input))
    });
    let words = summary(&flips, headline, now > 0.0);
    Some(Flips { headline, b_leads: now > 0.0, flips, words })
}

struct Pair<'a> {
    a: &'a Model,
    b: &'a Model,
    headline: Headline,
}

impl Pair<'_> {
    /// How far B is ahead of A, with input `i` of B at a value; `None` where it means nothing.
    fn lead(&self, set: Option<(usize, f64)>) -> Option<f64> {
        let (mut in_a, mut in_b) = (self.a.base(), self.b.base());
        if let Some((i, value)) = set {
            let input = &self.b.inputs[i];
            in_b[i] = value;
            if let Some(j) = self.twin(input) {
                in_a[j] = moved_alike(&self.a.inputs[j], input, value);
            }
        }
        let a = self.a.graph.values(&in_a)[self.a.node_of(self.headline)?];
        let b = self.b.graph.values(&in_b)[self.b.node_of(self.headline)?];
        let lead = if self.headline.less_is_better() { a - b } else { b - a };
        // A payback that never comes loses against one that does.
        (!lead.is_nan()).then_some(lead)
    }

    /// The same input of A, where it belongs to the world.
    fn twin(&self, input: &Input) -> Option<usize> {
        if input.own { None } else { self.a.input_named(&input.name) }
    }

    fn flip(&self, i: usize, leads: bool) -> Option<Flip> {
        let input = &self.b.inputs[i];
        let sides = [input.limits.0, input.limits.1];
        let found = sides.into_iter().filter_map(|end| self.search(i, end, leads));
        found.map(|to| self.told(i, to)).min_by(|x, y| {
            let size = |f: &Flip| f.of_band.unwrap_or(f64::INFINITY);
            size(x)
                .total_cmp(&size(y))
                .then((x.to - x.from).abs().total_cmp(&(y.to - y.from).abs()))
        })
    }

    /// The nearest value on the way to `end` at which the lead changes sides.
    fn search(&self, i: usize, end: f64, leads: bool) -> Option<f64> {
        let base = self.b.inputs[i].band.base;
        let flipped = |value: f64| self.lead(Some((i, value))).is_some_and(|l| (l > 0.0) != leads);
        if end == base || !end.is_finite() {
            return None;
        }
        // Squared steps look more closely near the base, where the answer matters most.
        let at = |k: usize| base + (end - base) * (k as f64 / STEPS as f64).powi(2);
        let first = (1..=STEPS).find(|k| flipped(at(*k)))?;
        let (mut near, mut far) = (at(first - 1), at(first));
        for _ in 0..HALVINGS {
            let middle = near + (far - near) / 2.0;
            if flipped(middle) { far = middle } else { near = middle }
        }
        Some(far)
    }

    fn told(&self, i: usize, to: f64) -> Flip {
        let input = &self.b.inputs[i];
        let from = input.band.base;
        let edge = if to > from { input.band.high } else { input.band.low };
        let percent = (from != 0.0).then(|| 100.0 * (to - from) / from.abs());
        let of_band = (edge != from).then(|| (to - from) / (edge - from));
        let only_b = self.twin(input).is_none();
        Flip {
            input: input.name.clone(),
            unit: input.unit.to_owned(),
            only_b,
            from,
            to,
            percent,
            of_band,
            words: in_words(input, to, percent, of_band, only_b),
        }
    }
}

/// Where the world's input stands in A when it moves to `value` in B.
fn moved_alike(in_a: &Input, in_b: &Input, value: f64) -> f64 {
    let (a, b) = (in_a.band.base, in_b.band.base);
    let moved = if a > 0.0 && b > 0.0 { a * value / b } else { a + value - b };
    moved.clamp(in_a.limits.0, in_a.limits.1)
}

fn in_words(
    input: &Input,
    to: f64,
    percent: Option<f64>,
    of_band: Option<f64>,
    only_b: bool,
) -> String {
    let from = input.band.base;
    let change = percent.map_or_else(String::new, |p| format!(", {} %", display::signed(p, 3)));
    let band = match of_band {
        Some(share) if share <= 1.0 => {
            format!(", {:.0} % of the way to the end of its band", 100.0 * share)
        }
        Some(share) => format!(", {share:.1} times its band"),
        None => String::new(),
    };
    let whose = if only_b { " of B" } else { "" };
    let (from, to) = (figure(from, input.unit), figure(to, input.unit));
    format!("{}{whose} from {from} to {to}{change}{band}", input.name)
}

/// A value with its unit: dollars as dollars, rates of tokens in steps of a thousand.
fn figure(value: f64, unit: &str) -> String {
    if let Some(rest) = unit.strip_prefix('$') {
        return format!("{}{rest}", display::usd(value));
    }
    match unit {
        "tok/s" => display::tokens_s(value).to_string(),
        "share" => display::percent(value * 100.0).to_string(),
        "1/year" => format!("{} a year", display::percent(value * 100.0)),
        "" => display::figure(value, 3),
        _ => format!("{} {unit}", display::figure(value, 3)),
    }
}

fn summary(flips: &[Flip], headline: Headline, leads: bool) -> String {
    let (winner, verb) = if leads { ("A would beat B", "lose") } else { ("B beats A", "gain") };
    let figure = headline.label();
    match flips.first() {
        None => {
            format!("None alone: no single change within its limits makes B {verb} on “{figure}”")
        }
        Some(f) if f.of_band.is_none_or(|share| share > 1.0) => {
            format!("None within its band; the nearest is {}: then {winner} on “{figure}”", f.words)
        }
        Some(f) => format!("{winner} on “{figure}” with {}", f.words),
    }
}
