//! How a value follows from others: the few operations that a cost model is made of.

use super::finance::{
    capital_recovery_factor, discounted_payback, first_internal_rate, modified_internal_rate,
};
use super::graph::BLOCK;
use serde::Serialize;

/// An operation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// A number that nothing moves.
    Fixed(f64),
    /// The uncertain input with this number.
    Input(usize),
    /// a + b + …
    Sum,
    /// a · b · …
    Product,
    /// a − b.
    Difference,
    /// a / b.
    Quotient,
    /// Capital recovery factor of rate a over b years.
    Recovery,
    /// (1 + a)^k: growth, or discounting where k is below 0.
    Growth(f64),
    /// Share of year `year` in which a phase that starts at `from` and ramps over `ramp` is live,
    /// with a life of a years.
    Live {
        /// Opening, years.
        from: f64,
        /// Years to full sale.
        ramp: f64,
        /// The year, from 1.
        year: f64,
    },
    /// 1 where `from` + a falls on `year`, falling to 0 a year before and after.
    Due {
        /// Opening, years.
        from: f64,
        /// The year.
        year: f64,
    },
    /// 1 − a/b: what is left of a life of b years after a years.
    LeftOver,
    /// a·(1 − b/c): the a at which b vanishes, where c is the part of b that grows with a.
    BreakEven,
    /// Internal rate of return of the cash flow.
    InternalRate,
    /// Modified internal rate of return at rate a of the cash flow b, c, …
    ModifiedRate,
    /// Payback of the cash flow.
    Payback,
    /// Payback at rate a of the cash flow b, c, …
    DiscountedPayback,
}

/// Full-sale years of a phase until `age`, which ramps evenly over `ramp` years.
fn lived(age: f64, ramp: f64) -> f64 {
    if age < ramp { age * age / (2.0 * ramp) } else { age - ramp / 2.0 }
}

impl Rule {
    /// The value that follows from `of`.
    #[must_use]
    pub fn value(&self, of: &[f64], inputs: &[f64]) -> f64 {
        match *self {
            Self::Fixed(value) => value,
            Self::Input(i) => inputs[i],
            Self::Sum => of.iter().sum(),
            Self::Product => of.iter().product(),
            Self::Difference => of[0] - of[1],
            Self::Quotient => of[0] / of[1],
            Self::Recovery => capital_recovery_factor(of[0], of[1]),
            Self::Growth(k) => growth(of[0], k),
            Self::Live { from, ramp, year } => {
                let age = |at: f64| (at - from).clamp(0.0, of[0]);
                lived(age(year), ramp) - lived(age(year - 1.0), ramp)
            }
            Self::Due { from, year } => (1.0 - (year - from - of[0]).abs()).max(0.0),
            Self::LeftOver => 1.0 - of[0] / of[1],
            Self::BreakEven => {
                if of[2] > 0.0 {
                    of[0] * (1.0 - of[1] / of[2])
                } else {
                    f64::INFINITY
                }
            }
            Self::InternalRate => first_internal_rate(of).unwrap_or(f64::NEG_INFINITY),
            Self::ModifiedRate => {
                modified_internal_rate(&of[1..], of[0]).unwrap_or(f64::NEG_INFINITY)
            }
            Self::Payback => discounted_payback(0.0, of).unwrap_or(f64::INFINITY),
            Self::DiscountedPayback => discounted_payback(of[0], &of[1..]).unwrap_or(f64::INFINITY),
        }
    }

    /// The same for [`BLOCK`] samples: `done` holds the columns of everything before.
    pub(super) fn column(
        &self,
        of: &[usize],
        done: &[f64],
        out: &mut [f64],
        scratch: &mut Vec<f64>,
    ) {
        let column = |n: usize| &done[n * BLOCK..(n + 1) * BLOCK];
        match self {
            Self::Fixed(_) | Self::Input(_) => {}
            Self::Sum => fold(of, out, column, |a, b| *a += b),
            Self::Product => fold(of, out, column, |a, b| *a *= b),
            Self::Difference | Self::Quotient => {
                let minus = matches!(self, Self::Difference);
                for ((out, a), b) in out.iter_mut().zip(column(of[0])).zip(column(of[1])) {
                    *out = if minus { a - b } else { a / b };
                }
            }
            _ => {
                for (i, out) in out.iter_mut().enumerate() {
                    scratch.clear();
                    scratch.extend(of.iter().map(|n| done[n * BLOCK + i]));
                    *out = self.value(scratch, &[]);
                }
            }
        }
    }

    /// The formula in words of the symbols of its parts.
    #[must_use]
    pub fn formula(&self, of: &[&str]) -> String {
        let first = of.first().copied().unwrap_or_default();
        let rest = || of[1..].join(", ");
        match self {
            Self::Fixed(_) | Self::Input(_) => String::new(),
            Self::Sum => of.join(" + "),
            Self::Product => of.join(" · "),
            Self::Difference => of.join(" − "),
            Self::Quotient => of.join(" / "),
            Self::Recovery => format!("CRF({})", of.join(", ")),
            Self::Growth(k) => format!("(1 + {first})^{k}"),
            Self::Live { from, ramp, year } => {
                format!("live in year {year} (opens {from}, ramp {ramp}, life {first})")
            }
            Self::Due { from, year } => format!("end of life {from} + {first} in year {year}"),
            Self::LeftOver => format!("1 − {}", of.join("/")),
            Self::BreakEven => format!("{first} · (1 − {})", of[1..].join("/")),
            Self::InternalRate => format!("IRR({})", of.join(", ")),
            Self::ModifiedRate => format!("MIRR({}; rate {first})", rest()),
            Self::Payback => format!("payback({})", of.join(", ")),
            Self::DiscountedPayback => format!("payback({}; rate {first})", rest()),
        }
    }
}

/// (1 + rate)^k, exactly repeatable; whole powers by multiplication.
fn growth(rate: f64, k: f64) -> f64 {
    if k.fract() == 0.0 { (1.0 + rate).powi(k as i32) } else { (1.0 + rate).powf(k) }
}

fn fold<'a>(
    of: &[usize],
    out: &mut [f64],
    column: impl Fn(usize) -> &'a [f64],
    join: impl Fn(&mut f64, f64),
) {
    match of.split_first() {
        None => out.fill(0.0),
        Some((first, rest)) => {
            out.copy_from_slice(column(*first));
            for n in rest {
                for (a, b) in out.iter_mut().zip(column(*n)) {
                    join(a, *b);
                }
            }
        }
    }
}
