//! A case made ready: its lines in canonical order, its formulas, its uncertain inputs.

use super::Band;
use super::case::{CapexLine, EconomicsCase, EconomicsError, Subsystem};
use super::cash::{self, Cash};
use super::check::check;
use super::cost::{self, Cost, MONTHS_PER_YEAR};
use super::graph::{Graph, NodeId};
use super::headline::Headline;
use super::inputs::{Input, Writer, money};
use super::result::{BilledLine, CapexTotal, CostPart};

/// A case made ready for any number of questions.
pub struct Model {
    pub(super) case: EconomicsCase,
    pub(super) bill: Vec<BilledLine>,
    pub(super) capex: Vec<CapexTotal>,
    pub(super) graph: Graph,
    pub(super) inputs: Vec<Input>,
    pub(super) heads: Vec<(Headline, NodeId)>,
    pub(super) cost: Cost,
    pub(super) cash: Option<Cash>,
    pub(super) colocation: Option<ColocationNodes>,
}

/// Places of the rented hall.
#[derive(Clone, Copy)]
pub(super) struct ColocationNodes {
    pub rent: NodeId,
    pub annual: NodeId,
    /// Own hall less rented one, per year.
    pub saving: NodeId,
}

impl Model {
    /// Makes `case` ready. The order of its lines does not matter.
    ///
    /// # Errors
    /// A number that no plan has, by name.
    pub fn new(case: &EconomicsCase) -> Result<Self, EconomicsError> {
        check(case)?;
        let bill = bill(case);
        let capex = totals(&bill);
        let mut capital = [Band::default(); 7];
        for total in &capex {
            capital[total.subsystem as usize] = total.usd;
        }
        let mut w = Writer::default();
        let mut cost = cost::write(&mut w, case, &capital);
        let cash = case.investment.as_ref().and_then(|t| cash::write(&mut w, case, t, &mut cost));
        let colocation = colocation(&mut w, case, &mut cost);
        let mut heads = std::mem::take(&mut cost.heads);
        heads.sort_by_key(|(headline, _)| *headline);
        let Writer { graph, inputs } = w;
        let case = case.clone();
        Ok(Self { case, bill, capex, graph, inputs, heads, cost, cash, colocation })
    }

    /// Every input at its base.
    pub(super) fn base(&self) -> Vec<f64> {
        self.inputs.iter().map(|i| i.band.base).collect()
    }

    /// The headlines that this case has.
    #[must_use]
    pub fn headlines(&self) -> Vec<Headline> {
        self.heads.iter().map(|(headline, _)| *headline).collect()
    }

    /// Names of the inputs.
    #[must_use]
    pub fn input_names(&self) -> Vec<&str> {
        self.inputs.iter().map(|i| i.name.as_str()).collect()
    }

    pub(super) fn node_of(&self, headline: Headline) -> Option<NodeId> {
        self.heads.iter().find(|(h, _)| *h == headline).map(|(_, node)| *node)
    }

    pub(super) fn input_named(&self, name: &str) -> Option<usize> {
        self.inputs.iter().position(|i| i.name == name)
    }

    /// A headline with some inputs, by name, at values of their own; `None` where the case lacks
    /// the headline or one of the inputs, or the value does not exist.
    #[must_use]
    pub fn value(&self, headline: Headline, set: &[(&str, f64)]) -> Option<f64> {
        let mut inputs = self.base();
        for (name, value) in set {
            inputs[self.input_named(name)?] = *value;
        }
        let value = self.graph.values(&inputs)[self.node_of(headline)?];
        value.is_finite().then_some(value)
    }

    /// A headline over a grid of two inputs, row by row from the first of `ys`; `None` where the
    /// case lacks one of them.
    #[must_use]
    pub fn map(
        &self,
        headline: Headline,
        (x, xs): (&str, &[f64]),
        (y, ys): (&str, &[f64]),
    ) -> Option<Vec<Option<f64>>> {
        let (x, y) = (self.input_named(x)?, self.input_named(y)?);
        let node = self.node_of(headline)?;
        let mut inputs = self.base();
        let mut cells = Vec::with_capacity(xs.len() * ys.len());
        for y_value in ys {
            for x_value in xs {
                inputs[x] = *x_value;
                inputs[y] = *y_value;
                let value = self.graph.values(&inputs)[node];
                cells.push(value.is_finite().then_some(value));
            }
        }
        Some(cells)
    }

    /// What the tornado and the flips are about when nobody chooses.
    #[must_use]
    pub fn main_headline(&self) -> Headline {
        if self.case.production.tokens_per_s.is_some() {
            Headline::UsdPerMtok
        } else if self.case.production.gpus > 0 {
            Headline::UsdPerGpuH
        } else {
            Headline::AnnualUsd
        }
    }
}

/// The hall rented: its power, cooling and building are not bought, rent comes on top.
fn colocation(w: &mut Writer, case: &EconomicsCase, cost: &mut Cost) -> Option<ColocationNodes> {
    let terms = case.colocation?;
    let band = terms.usd_kw_month;
    let price = w.input("Colocation rent", "p_colo", band, money("$/kW-month", band, false));
    let kw = w.fixed(("IT capacity rented", "P_it", "kW"), terms.it_kw);
    let months = w.fixed(("Months of a year", "12", "month"), MONTHS_PER_YEAR);
    let rent = w.product(("Rent", "C_rent", "$/year"), &[price, kw, months]);
    let mut parts: Vec<NodeId> =
        cost.parts.iter().filter(|(part, _)| !is_of_hall(part)).map(|(_, node)| *node).collect();
    parts.push(rent);
    let annual = w.sum(("Cost per year, colocated", "C_colo", "$/year"), &parts);
    let saving = w.less(("Own hall less rented", "ΔC", "$/year"), cost.annual, annual);
    cost.heads.push((Headline::ColocationAnnualUsd, annual));
    if case.production.gpus > 0 {
        let words = ("Cost per GPU-hour sold, colocated", "c_h,colo", "$/GPU-h");
        cost.heads.push((Headline::ColocationUsdPerGpuH, w.over(words, annual, cost.gpu_h)));
    }
    if let Some(made) = cost.tokens_year {
        let words = ("Cost per M output tokens, colocated", "c_t,colo", "$/M tok");
        cost.heads.push((Headline::ColocationUsdPerMtok, w.over(words, annual, made)));
    }
    Some(ColocationNodes { rent, annual, saving })
}

/// Subsystems that the landlord owns.
pub(super) const OF_HALL: [Subsystem; 3] =
    [Subsystem::Power, Subsystem::Cooling, Subsystem::Building];

fn is_of_hall(part: &CostPart) -> bool {
    matches!(part, CostPart::Capital(s) if OF_HALL.contains(s))
}

/// Lines in canonical order with their totals.
fn bill(case: &EconomicsCase) -> Vec<BilledLine> {
    let mut lines: Vec<&CapexLine> = case.capex.iter().collect();
    let price = |l: &CapexLine| l.unit_price_usd.unwrap_or(Band::exact(-1.0));
    lines.sort_by(|a, b| {
        let (pa, pb) = (price(a), price(b));
        a.subsystem
            .cmp(&b.subsystem)
            .then_with(|| a.item.cmp(&b.item))
            .then_with(|| a.unit.cmp(&b.unit))
            .then_with(|| a.quantity.total_cmp(&b.quantity))
            .then_with(|| pa.base.total_cmp(&pb.base))
            .then_with(|| pa.low.total_cmp(&pb.low))
            .then_with(|| pa.high.total_cmp(&pb.high))
            .then_with(|| (&a.source, &a.date).cmp(&(&b.source, &b.date)))
    });
    lines
        .into_iter()
        .map(|line| BilledLine {
            total_usd: line.unit_price_usd.map(|p| p * line.quantity),
            line: line.clone(),
        })
        .collect()
}

fn totals(bill: &[BilledLine]) -> Vec<CapexTotal> {
    Subsystem::ALL
        .into_iter()
        .map(|subsystem| {
            let of = || bill.iter().filter(move |b| b.line.subsystem == subsystem);
            CapexTotal {
                subsystem,
                usd: of().filter_map(|b| b.total_usd).fold(Band::default(), |sum, b| sum + b),
                unpriced_lines: of().filter(|b| is_missing(b)).count() as u32,
            }
        })
        .collect()
}

/// Whether something is bought for which there is no price.
pub(super) fn is_missing(b: &BilledLine) -> bool {
    b.total_usd.is_none() && b.line.quantity > 0.0
}
