//! The cash flow over the life of the servers, as formulas.
//!
//! ```text
//! (1) live_t    = Σ phases share·(part of year t in which the phase is live, ramping at first)
//! (2) sales_t   = R·live_t·(1 + g)^(t − ½),   R sales of a full year at today's prices
//! (3) net_t     = sales_t − O·live_t − capital_t + residual_t − tax_t
//! (4) residual  = r·I_it + Σ over other classes I·(1 − n_it/n), at the end of the servers' life
//! (5) tax_t     = τ·(sales_t − running_t + residual_t − write-off_t)
//! (6) NPV       = Σ net_t/(1 + w)^t,   t from 0
//! (7) break-even utilisation = s·(1 − NPV/PV(what grows with s))
//! ```
//!
//! One generation of servers: it earns until its life n_it ends, wherever in a year that is, so
//! that every figure moves smoothly with n_it. Network that wears out before the servers do is
//! renewed in part, which (4) counts as a negative rest. All sums are in money of year 0: prices
//! change only by their own paths.

use super::Band;
use super::case::{AssetClass, EconomicsCase, Subsystem};
use super::cost::Cost;
use super::graph::NodeId;
use super::headline::Headline;
use super::inputs::{Kind, Writer, money, rate};
use super::rule::Rule;
use super::terms::{Investment, Revenue, TokenMix, TokenPrices};

/// Fastest fall and rise of a price that make sense, per year.
const PATH: (f64, f64) = (-0.95, 1.0);

/// Places of one year.
#[derive(Clone, Copy)]
pub(super) struct YearNodes {
    pub live: NodeId,
    pub revenue: NodeId,
    pub running: NodeId,
    pub capital: NodeId,
    pub residual: NodeId,
    pub tax: NodeId,
    pub net: NodeId,
}

/// Places of the cash flow.
pub(super) struct Cash {
    pub full_year: NodeId,
    pub years: Vec<YearNodes>,
    pub npv: NodeId,
}

/// What all years share.
struct Shared<'a> {
    terms: &'a Investment,
    life: NodeId,
    full_year: NodeId,
    price_change: NodeId,
    running: NodeId,
    running_sold: NodeId,
    capital: NodeId,
    residual: NodeId,
    tax_rate: Option<NodeId>,
    kept: Option<NodeId>,
    zero: NodeId,
}

/// Number of years after year 0.
fn horizon(case: &EconomicsCase, terms: &Investment) -> u32 {
    let last = terms.phases.iter().map(|p| p.start_years).fold(0.0, f64::max);
    (last + case.lives.it.high).ceil() as u32
}

/// Writes the cash flow and its headlines.
pub(super) fn write(
    w: &mut Writer,
    case: &EconomicsCase,
    terms: &Investment,
    cost: &mut Cost,
) -> Option<Cash> {
    let (full_year, price_change) = revenue(w, case, terms, cost)?;
    let shared = shared(w, terms, cost, full_year, price_change);
    let mut years = Vec::new();
    let mut worth = Sums::default();
    for t in 0..=horizon(case, terms) {
        years.push(year(w, &shared, t, cost.wacc, &mut worth));
    }
    let npv = w.sum(("Net present value", "NPV", "$"), &worth.net);
    heads(w, cost, &years, &worth, npv);
    Some(Cash { full_year, years, npv })
}

/// Sales of a full year, and the yearly change of their price.
fn revenue(
    w: &mut Writer,
    case: &EconomicsCase,
    terms: &Investment,
    cost: &Cost,
) -> Option<(NodeId, NodeId)> {
    const WORDS: (&str, &str, &str) = ("Sales of a full year", "R", "$/year");
    match &terms.revenue {
        Revenue::Rental(rental) => {
            if case.production.gpus == 0 {
                return None;
            }
            let band = rental.usd_gpu_h;
            let price = w.input("Rental price", "p_h", band, money("$/GPU-h", band, false));
            let path = rate(PATH.0, PATH.1);
            let change = w.input("Rental price path", "g", rental.change_year, path);
            Some((w.product(WORDS, &[cost.gpu_h, price]), change))
        }
        Revenue::Tokens(prices) => {
            let made = cost.tokens_year?;
            let per_output = token_sales(w, prices, case.production.mix.as_ref());
            let path = rate(PATH.0, PATH.1);
            let change = w.input("Token price path", "g", prices.change_year, path);
            Some((w.product(WORDS, &[made, per_output]), change))
        }
    }
}

/// Sales per million output tokens, with the input tokens that come with them.
fn token_sales(w: &mut Writer, prices: &TokenPrices, mix: Option<&TokenMix>) -> NodeId {
    const MTOK: &str = "$/M tok";
    let output = prices.output;
    let output = w.input("Price of output tokens", "p_out", output, money(MTOK, output, false));
    let Some(mix) = mix.filter(|m| m.input_per_output > 0.0) else { return output };
    let computed = mix.input_per_output * (1.0 - mix.cached_share);
    let computed = w.fixed(("Computed input per output token", "ρ_in", "tok/tok"), computed);
    let input = prices.input;
    let input = w.input("Price of input tokens", "p_in", input, money(MTOK, input, false));
    let sold_input = w.product(("Sales of input", "R_in", MTOK), &[computed, input]);
    let cached = mix.input_per_output * mix.cached_share;
    let cached = w.fixed(("Cached input per output token", "ρ_c", "tok/tok"), cached);
    let hit = prices.cached;
    let hit = w.input("Price of cached tokens", "p_cache", hit, money(MTOK, hit, false));
    let sold_cached = w.product(("Sales of cached input", "R_c", MTOK), &[cached, hit]);
    w.sum(
        ("Sales per M output tokens, input included", "R/T", MTOK),
        &[output, sold_input, sold_cached],
    )
}

fn shared<'a>(
    w: &mut Writer,
    terms: &'a Investment,
    cost: &Cost,
    full_year: NodeId,
    price_change: NodeId,
) -> Shared<'a> {
    let life = cost.life[AssetClass::It as usize];
    let capital = w.sum(("Capital", "I", "$"), &cost.capital);
    let residual = residual(w, terms.residual_it, cost);
    let tax_rate = terms.tax.as_ref().map(|tax| {
        let kind = Kind { unit: "share", limits: (0.0, 0.9), own: false };
        w.input("Tax rate", "τ", tax.rate, kind)
    });
    let one = w.fixed(("One", "1", ""), 1.0);
    let kept = tax_rate.map(|rate| w.less(("Share kept after tax", "1−τ", "share"), one, rate));
    Shared {
        terms,
        life,
        full_year,
        price_change,
        running: cost.running,
        running_sold: cost.running_sold,
        capital,
        residual,
        tax_rate,
        kept,
        zero: w.fixed(("Nothing", "0", "$"), 0.0),
    }
}

/// Equation (4).
fn residual(w: &mut Writer, share_it: Band, cost: &Cost) -> NodeId {
    let kind = Kind { unit: "share", limits: (0.0, 1.0), own: false };
    let left_it = w.input("Residual value of servers", "r", share_it, kind);
    let n_it = cost.life[AssetClass::It as usize];
    let left: Vec<NodeId> = Subsystem::ALL
        .into_iter()
        .map(|s| {
            let class = s.asset_class();
            let share = if class == AssetClass::It {
                left_it
            } else {
                let words = ("Life left", "1−n_it/n", "share");
                w.rule(words, Rule::LeftOver, &[n_it, cost.life[class as usize]])
            };
            let name = format!("{}, worth at the end", s.name());
            w.product((&name, "V", "$"), &[cost.capital[s as usize], share])
        })
        .collect();
    w.sum(("Worth at the end", "V", "$"), &left)
}

/// Present values that are summed over the years.
#[derive(Default)]
struct Sums {
    net: Vec<NodeId>,
    sold: Vec<NodeId>,
    revenue: Vec<NodeId>,
    live: Vec<NodeId>,
}

/// Equations (1) to (3) of year `t`.
fn year(w: &mut Writer, s: &Shared, t: u32, wacc: NodeId, worth: &mut Sums) -> YearNodes {
    let y = f64::from(t);
    let named = |text: &str| format!("{text}, year {t}");
    let tagged = |text: &str| format!("{text}_{t}");
    let live = live(w, s, y);
    let path = w.rule(
        (&named("Price over today's"), &tagged("π"), "×"),
        Rule::Growth(y - 0.5),
        &[s.price_change],
    );
    let revenue = w.product((&named("Sales"), &tagged("R"), "$"), &[s.full_year, live, path]);
    let running = w.product((&named("Running cost"), &tagged("O"), "$"), &[s.running, live]);
    let spent: f64 =
        s.terms.phases.iter().map(|p| p.share * (1.0 - (y - p.start_years).abs()).max(0.0)).sum();
    let spent = w.fixed((&named("Share built"), &tagged("b"), "share"), spent);
    let capital = w.product((&named("Capital spent"), &tagged("I"), "$"), &[s.capital, spent]);
    let due = due(w, s, y);
    let residual = w.product((&named("Worth left"), &tagged("V"), "$"), &[s.residual, due]);
    let tax = tax(w, s, t, [revenue, running, residual]);
    let gains = w.sum((&named("Gains"), &tagged("gain"), "$"), &[revenue, residual]);
    let costs = w.sum((&named("Costs"), &tagged("cost"), "$"), &[running, capital, tax]);
    let net = w.less((&named("Cash flow"), &tagged("CF"), "$"), gains, costs);
    let discount = w.rule((&named("Discount"), &tagged("d"), "×"), Rule::Growth(-y), &[wacc]);
    let present = |w: &mut Writer, text: &str, symbol: &str, of: NodeId| {
        let (name, symbol) = (named(text), tagged(symbol));
        w.product((&name, &symbol, "$"), &[of, discount])
    };
    worth.net.push(present(w, "Present cash flow", "PV", net));
    let follows = w.product(
        (&named("Running cost of the work"), &tagged("O_w"), "$"),
        &[s.running_sold, live],
    );
    let mut sold = w.less((&named("Sales less their cost"), &tagged("S"), "$"), revenue, follows);
    let mut sales = revenue;
    if let Some(kept) = s.kept {
        sold = w.product((&named("The same after tax"), &tagged("S_τ"), "$"), &[sold, kept]);
        sales = w.product((&named("Sales after tax"), &tagged("R_τ"), "$"), &[sales, kept]);
    }
    worth.sold.push(present(w, "Present sales less their cost", "PS", sold));
    worth.revenue.push(present(w, "Present sales", "PR", sales));
    worth.live.push(present(w, "Present years of work", "PL", live));
    YearNodes { live, revenue, running, capital, residual, tax, net }
}

fn live(w: &mut Writer, s: &Shared, y: f64) -> NodeId {
    let (name, symbol) = (format!("Capacity live, year {y}"), format!("L_{y}"));
    if y < 1.0 {
        return w.fixed((&name, &symbol, "share"), 0.0);
    }
    weighted(w, s, (&name, &symbol), |from| Rule::Live { from, ramp: s.terms.ramp_years, year: y })
}

fn due(w: &mut Writer, s: &Shared, y: f64) -> NodeId {
    let (name, symbol) = (format!("Share at its end, year {y}"), format!("e_{y}"));
    weighted(w, s, (&name, &symbol), |from| Rule::Due { from, year: y })
}

/// Σ over phases of share times a rule of the life.
fn weighted(
    w: &mut Writer,
    s: &Shared,
    (name, symbol): (&str, &str),
    rule: impl Fn(f64) -> Rule,
) -> NodeId {
    if let [only] = s.terms.phases.as_slice() {
        return w.rule((name, symbol, "share"), rule(only.start_years), &[s.life]);
    }
    let parts: Vec<NodeId> = s
        .terms
        .phases
        .iter()
        .enumerate()
        .map(|(i, phase)| {
            let tag = format!("{symbol},{}", i + 1);
            let of = w.rule((name, &tag, "share"), rule(phase.start_years), &[s.life]);
            let share = w.fixed(("Share of the phase", "q", "share"), phase.share);
            w.product((name, &tag, "share"), &[share, of])
        })
        .collect();
    w.sum((name, symbol, "share"), &parts)
}

/// Equation (5).
fn tax(w: &mut Writer, s: &Shared, t: u32, [sales, running, residual]: [NodeId; 3]) -> NodeId {
    let (Some(rate), Some(terms)) = (s.tax_rate, &s.terms.tax) else { return s.zero };
    let years = terms.write_off_years;
    let part = |from: f64| {
        let age = |at: f64| (at - from).clamp(0.0, years);
        (age(f64::from(t)) - age(f64::from(t) - 1.0)) / years
    };
    let share: f64 = s.terms.phases.iter().map(|p| p.share * part(p.start_years)).sum();
    let share = w.fixed(("Share written off", "z", "share"), share);
    let write_off = w.product(("Write-off", "D", "$"), &[s.capital, share]);
    let gains = w.sum(("Taxable gains", "gain", "$"), &[sales, residual]);
    let costs = w.sum(("Taxable costs", "cost", "$"), &[running, write_off]);
    let profit = w.less(("Taxable profit", "B", "$"), gains, costs);
    let (name, symbol) = (format!("Tax, year {t}"), format!("τB_{t}"));
    w.product((&name, &symbol, "$"), &[rate, profit])
}

/// Equation (7) and the rates of return.
fn heads(w: &mut Writer, cost: &mut Cost, years: &[YearNodes], worth: &Sums, npv: NodeId) {
    let flow: Vec<NodeId> = years.iter().map(|y| y.net).collect();
    let with_rate: Vec<NodeId> = std::iter::once(cost.wacc).chain(flow.iter().copied()).collect();
    let irr = w.rule(("Internal rate of return", "IRR", "1/year"), Rule::InternalRate, &flow);
    let mirr = w.rule(
        ("Modified internal rate of return", "MIRR", "1/year"),
        Rule::ModifiedRate,
        &with_rate,
    );
    let payback = w.rule(("Payback", "t_b", "years"), Rule::Payback, &flow);
    let discounted =
        w.rule(("Discounted payback", "t_d", "years"), Rule::DiscountedPayback, &with_rate);
    let sold = w.sum(("Present sales less their cost", "PS", "$"), &worth.sold);
    let sales = w.sum(("Present sales", "PR", "$"), &worth.revenue);
    let utilisation =
        w.rule(("Break-even utilisation", "s*", "share"), Rule::BreakEven, &[cost.sold, npv, sold]);
    let one = w.fixed(("One", "1", ""), 1.0);
    let level = w.rule(
        ("Break-even price over assumed price", "p*/p", "share"),
        Rule::BreakEven,
        &[one, npv, sales],
    );
    cost.heads.extend([
        (Headline::Npv, npv),
        (Headline::Irr, irr),
        (Headline::Mirr, mirr),
        (Headline::Payback, payback),
        (Headline::DiscountedPayback, discounted),
        (Headline::BreakEvenUtilisation, utilisation),
        (Headline::BreakEvenPriceLevel, level),
    ]);
    if let Some(made) = cost.tokens_year {
        let costs = w.less(("Present cost", "PC", "$"), sales, npv);
        let live = w.sum(("Present years of work", "PL", "years"), &worth.live);
        let tokens = w.product(("Present M tokens", "PT", "M tok"), &[made, live]);
        let levelised =
            w.over(("Levelised cost per M output tokens", "LCOT", "$/M tok"), costs, tokens);
        cost.heads.push((Headline::LevelisedUsdPerMtok, levelised));
    }
}
