//! The yearly cost as formulas of the uncertain inputs.
//!
//! Symbols: I capital, n life, w cost of capital, a availability, s sold share, σ idle power share.
//!
//! ```text
//! (1) capital per year    = Σ over subsystems I·CRF(w, n)      or, straight-line, I/n
//! (2) average power       = P_load·(σ + (1 − σ)·a·s)
//! (3) GPU-hours per year  = GPUs·8760·a·s
//! (4) tokens per year     = tokens/s·3600·8760·a·s
//! (5) energy cost         = price·8760·P_load·(σ·f_even + (1 − σ)·a·s·f_work), f from the tariff
//! (6) $/GPU-hour = annual/(3),   $/M tokens = annual·10⁶/(4)
//! (7) $/M input  = annual·φ·10⁶/(computed input tokens), $/M output = annual·(1 − φ)·10⁶/(4),
//!     φ prefill's share of GPU time
//! ```

use super::Band;
use super::case::{AssetClass, EconomicsCase, Financing, OpexBasis, OpexLine, Subsystem};
use super::graph::NodeId;
use super::headline::Headline;
use super::inputs::{Kind, Writer, money, rate, share, years};
use super::result::CostPart;
use super::rule::Rule;
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_HOUR};

/// Months in a year, for the demand charge and rents.
pub(super) const MONTHS_PER_YEAR: f64 = 12.0;
/// Litres in a cubic metre.
const L_PER_M3: f64 = 1e3;
/// Grams in a tonne.
const G_PER_T: f64 = 1e6;
/// Tokens in a million.
const M: f64 = 1e6;
/// Highest cost of capital that makes sense.
const MOST_WACC: f64 = 0.5;

/// Dollars per year, as words of a node.
const USD_YEAR: &str = "$/year";

/// Places of the cost model.
pub(super) struct Cost {
    pub capital: [NodeId; 7],
    pub parts: Vec<(CostPart, NodeId)>,
    pub wacc: NodeId,
    pub life: [NodeId; 4],
    pub sold: NodeId,
    pub annual: NodeId,
    pub gpu_h: NodeId,
    pub tokens_year: Option<NodeId>,
    pub average_kw: NodeId,
    pub energy_kwh: NodeId,
    pub water_m3: NodeId,
    pub carbon_t: NodeId,
    /// Running cost of a year, without capital.
    pub running: NodeId,
    /// Part of it that follows the work.
    pub running_sold: NodeId,
    pub heads: Vec<(Headline, NodeId)>,
}

/// Running lines in canonical order.
pub(super) fn in_order(case: &EconomicsCase) -> Vec<&OpexLine> {
    let mut opex: Vec<&OpexLine> = case.opex.iter().collect();
    opex.sort_by(|a, b| {
        a.item
            .cmp(&b.item)
            .then_with(|| opex_band(a).base.total_cmp(&opex_band(b).base))
            .then_with(|| opex_band(a).high.total_cmp(&opex_band(b).high))
            .then_with(|| opex_band(a).low.total_cmp(&opex_band(b).low))
            .then_with(|| a.source.cmp(&b.source))
    });
    opex
}

fn opex_band(line: &OpexLine) -> Band {
    match line.basis {
        OpexBasis::PerYear(band) | OpexBasis::ShareOfCapex { share: band, .. } => band,
    }
}

/// Writes the cost of `case`, whose capital by subsystem is `capital`.
pub(super) fn write(w: &mut Writer, case: &EconomicsCase, capital: &[Band; 7]) -> Cost {
    let nodes = Subsystem::ALL.map(|s| {
        let band = capital[s as usize];
        let (name, symbol) = (format!("{} price", s.name()), format!("I_{}", short(s)));
        w.input(&name, &symbol, band, money("$", band, true))
    });
    let lives = lives(w, case);
    let (wacc, mut parts) = capital_parts(w, case, &nodes, &lives);
    let opex: Vec<(CostPart, NodeId)> = opex_parts(w, case, &nodes);
    let mut running: Vec<NodeId> = opex.iter().map(|(_, n)| *n).collect();
    parts.extend(opex);
    let used = used(w, case);
    let power = power(w, case, used.both);
    let utilities = utilities(w, case, &power);
    running.extend(utilities.parts.iter().map(|(_, n)| *n));
    parts.extend(utilities.parts);
    let of_parts: Vec<NodeId> = parts.iter().map(|(_, n)| *n).collect();
    let annual = w.sum(("Cost per year", "C", USD_YEAR), &of_parts);
    let running = w.sum(("Running cost per year", "O", USD_YEAR), &running);
    let gpus = w.fixed(("GPUs", "N", "GPU"), f64::from(case.production.gpus));
    let gpu_h = w.product(("GPU-hours sold per year", "H", "GPU-h"), &[gpus, used.hours]);
    let capex = w.sum(("Capital", "I", "$"), &nodes);
    let mut cost = Cost {
        capital: nodes,
        parts,
        wacc,
        life: lives,
        sold: used.sold,
        annual,
        gpu_h,
        tokens_year: None,
        average_kw: power.average_kw,
        energy_kwh: utilities.energy_kwh,
        water_m3: utilities.water_m3,
        carbon_t: utilities.carbon_t,
        running,
        running_sold: utilities.sold,
        heads: vec![(Headline::AnnualUsd, annual), (Headline::CapexUsd, capex)],
    };
    if case.production.gpus > 0 {
        let per_hour = w.over(("Cost per GPU-hour sold", "c_h", "$/GPU-h"), annual, gpu_h);
        cost.heads.push((Headline::UsdPerGpuH, per_hour));
    }
    if let Some(tokens) = case.production.tokens_per_s {
        write_tokens(w, case, tokens, used.hours, power.at_load_kw, &mut cost);
    }
    cost
}

const fn short(s: Subsystem) -> &'static str {
    match s {
        Subsystem::Compute => "compute",
        Subsystem::Network => "network",
        Subsystem::Storage => "storage",
        Subsystem::Power => "power",
        Subsystem::Cooling => "cooling",
        Subsystem::Building => "building",
        Subsystem::Other => "other",
    }
}

fn lives(w: &mut Writer, case: &EconomicsCase) -> [NodeId; 4] {
    let l = &case.lives;
    [
        ("Life of servers and storage", "n_it", l.it),
        ("Life of network", "n_net", l.network),
        ("Life of plant", "n_plant", l.plant),
        ("Life of building", "n_bldg", l.building),
    ]
    .map(|(name, symbol, band)| w.input(name, symbol, band, years(band)))
}

/// Equation (1); the common rate first.
fn capital_parts(
    w: &mut Writer,
    case: &EconomicsCase,
    capital: &[NodeId; 7],
    lives: &[NodeId; 4],
) -> (NodeId, Vec<(CostPart, NodeId)>) {
    let common = match case.financing {
        Financing::Annuity { wacc } => wacc,
        Financing::StraightLine => {
            case.investment.as_ref().map_or(Band::exact(0.0), |i| i.discount_rate)
        }
    };
    let wacc = w.input("Cost of capital", "w", common, rate(0.0, MOST_WACC));
    let factors = match case.financing {
        Financing::StraightLine => None,
        Financing::Annuity { .. } => Some(recovery_factors(w, case, wacc, lives)),
    };
    let parts = Subsystem::ALL.map(|s| {
        let (usd, class) = (capital[s as usize], s.asset_class() as usize);
        let (name, symbol) = (format!("{}, per year", s.name()), format!("A_{}", short(s)));
        let words = (name.as_str(), symbol.as_str(), USD_YEAR);
        let node = match factors {
            Some(factors) => w.product(words, &[usd, factors[class]]),
            None => w.over(words, usd, lives[class]),
        };
        (CostPart::Capital(s), node)
    });
    (wacc, parts.to_vec())
}

fn recovery_factors(
    w: &mut Writer,
    case: &EconomicsCase,
    wacc: NodeId,
    lives: &[NodeId; 4],
) -> [NodeId; 4] {
    let rates = &case.class_rates;
    [
        (AssetClass::It, "servers and storage", "it", rates.it),
        (AssetClass::Network, "network", "net", rates.network),
        (AssetClass::Plant, "plant", "plant", rates.plant),
        (AssetClass::Building, "building", "bldg", rates.building),
    ]
    .map(|(class, name, tag, own)| {
        let rate_of = match own {
            Some(band) => {
                let (name, symbol) = (format!("Cost of capital, {name}"), format!("w_{tag}"));
                w.input(&name, &symbol, band, rate(0.0, MOST_WACC))
            }
            None => wacc,
        };
        let (name, symbol) = (format!("Capital recovery, {name}"), format!("CRF_{tag}"));
        w.rule((&name, &symbol, "1/year"), Rule::Recovery, &[rate_of, lives[class as usize]])
    })
}

fn opex_parts(
    w: &mut Writer,
    case: &EconomicsCase,
    capital: &[NodeId; 7],
) -> Vec<(CostPart, NodeId)> {
    let lines = in_order(case).into_iter().enumerate();
    lines
        .map(|(i, line)| {
            let (band, symbol) = (opex_band(line), format!("o_{}", i + 1));
            let node = match line.basis {
                OpexBasis::PerYear(_) => {
                    w.input(&line.item, &symbol, band, money(USD_YEAR, band, true))
                }
                OpexBasis::ShareOfCapex { subsystem, .. } => {
                    let kind = Kind { unit: "1/year", limits: (0.0, 1.0), own: true };
                    let rate = w.input(&line.item, &format!("{symbol}%"), band, kind);
                    w.product((&line.item, &symbol, USD_YEAR), &[rate, capital[subsystem as usize]])
                }
            };
            (CostPart::Opex(line.item.clone()), node)
        })
        .collect()
}

/// Shares of time.
struct Used {
    sold: NodeId,
    both: NodeId,
    hours: NodeId,
}

fn used(w: &mut Writer, case: &EconomicsCase) -> Used {
    let made = &case.production;
    let sold = w.input("Utilisation", "s", made.sold_share, share(true));
    let available = w.input("Availability", "a", made.availability, share(true));
    let both = w.product(("Hours worked over all hours", "u", "share"), &[available, sold]);
    let year = w.fixed(("Hours of a year", "8760", "h"), HOURS_PER_YEAR);
    let hours = w.product(("Hours worked per year", "h", "h"), &[year, both]);
    Used { sold, both, hours }
}

/// Power while idle and while working, equation (2).
struct Power {
    at_load_kw: NodeId,
    idle_kw: NodeId,
    work_kw: NodeId,
    average_kw: NodeId,
}

fn power(w: &mut Writer, case: &EconomicsCase, used: NodeId) -> Power {
    let e = &case.energy;
    let band = e.facility_at_load_kw;
    let at_load_kw = w.input("Facility power", "P", band, money("kW", band, true));
    let idle = w.fixed(("Idle power share", "σ", "share"), e.idle_power_share);
    let rest = w.fixed(("Share that follows the work", "1−σ", "share"), 1.0 - e.idle_power_share);
    let idle_kw = w.product(("Power drawn at all hours", "P_idle", "kW"), &[at_load_kw, idle]);
    let work_kw =
        w.product(("Power that follows the work", "P_work", "kW"), &[at_load_kw, rest, used]);
    let average_kw = w.sum(("Average power", "P_mean", "kW"), &[idle_kw, work_kw]);
    Power { at_load_kw, idle_kw, work_kw, average_kw }
}

/// Energy, demand, water, carbon.
struct Utilities {
    parts: Vec<(CostPart, NodeId)>,
    sold: NodeId,
    energy_kwh: NodeId,
    water_m3: NodeId,
    carbon_t: NodeId,
}

fn utilities(w: &mut Writer, case: &EconomicsCase, power: &Power) -> Utilities {
    let e = &case.energy;
    let year = w.fixed(("Hours of a year", "8760", "h"), HOURS_PER_YEAR);
    let price = e.price_usd_kwh;
    let price = w.input("Electricity price", "p_e", price, money("$/kWh", price, false));
    let energy_kwh = w.product(("Energy per year", "E", "kWh"), &[power.average_kw, year]);
    let (even, work) = e.tariff.factors();
    let even = w.fixed(("Tariff factor of even power", "f_even", "×"), even);
    let work = w.fixed(("Tariff factor of the work", "f_work", "×"), work);
    let idle_usd =
        w.product(("Energy at all hours", "C_idle", USD_YEAR), &[power.idle_kw, year, price, even]);
    let work_usd = w.product(
        ("Energy that follows the work", "C_work", USD_YEAR),
        &[power.work_kw, year, price, work],
    );
    let energy = w.sum(("Energy", "C_energy", USD_YEAR), &[idle_usd, work_usd]);
    let demand = demand(w, case);
    let per_kwh = e.it_share * case.water.wue_l_kwh / L_PER_M3;
    let per_kwh = w.fixed(("Water per facility energy", "ω", "m³/kWh"), per_kwh);
    let water_m3 = w.product(("Water per year", "W", "m³"), &[energy_kwh, per_kwh]);
    let water_price = case.water.price_usd_m3;
    let water_price = w.input("Water price", "p_w", water_price, money("$/m³", water_price, false));
    let water = w.product(("Water", "C_water", USD_YEAR), &[water_m3, water_price]);
    let grid = case.carbon.grid_g_kwh;
    let grid = w.input("Grid carbon", "g", grid, money("g/kWh", grid, false));
    let grams = w.fixed(("Tonnes per gram", "10⁻⁶", "t/g"), 1.0 / G_PER_T);
    let carbon_t = w.product(("Emissions of operation", "G", "t"), &[energy_kwh, grid, grams]);
    let tonne = case.carbon.price_usd_t;
    let tonne = w.input("Carbon price", "p_c", tonne, money("$/t", tonne, false));
    let carbon = w.product(("Carbon", "C_carbon", USD_YEAR), &[carbon_t, tonne]);
    let follows = w.over(("Work's share of energy", "k", "share"), power.work_kw, power.average_kw);
    let others = w.sum(("Water and carbon", "C_wc", USD_YEAR), &[water, carbon]);
    let others = w.product(("Water and carbon of the work", "C_wcw", USD_YEAR), &[others, follows]);
    Utilities {
        sold: w.sum(("Running cost of the work", "O_work", USD_YEAR), &[work_usd, others]),
        parts: vec![
            (CostPart::Energy, energy),
            (CostPart::Demand, demand),
            (CostPart::Water, water),
            (CostPart::Carbon, carbon),
        ],
        energy_kwh,
        water_m3,
        carbon_t,
    }
}

fn demand(w: &mut Writer, case: &EconomicsCase) -> NodeId {
    let charge = case.energy.demand_usd_kw_month;
    let charge = w.input("Demand charge", "p_d", charge, money("$/kW-month", charge, false));
    let peak = w.fixed(("Peak power", "P_peak", "kW"), case.energy.peak_kw);
    let months = w.fixed(("Months of a year", "12", "month"), MONTHS_PER_YEAR);
    w.product(("Demand", "C_demand", USD_YEAR), &[peak, charge, months])
}

/// Equations (4), (6), (7), and what a token emits.
fn write_tokens(
    w: &mut Writer,
    case: &EconomicsCase,
    band: Band,
    hours: NodeId,
    at_load_kw: NodeId,
    cost: &mut Cost,
) {
    const MTOK: &str = "$/M tok";
    let rate = w.input("Tokens per second", "t", band, money("tok/s", band, true));
    let seconds = w.fixed(("Seconds of an hour", "3600", "s"), SECONDS_PER_HOUR);
    let millions = w.fixed(("Millions per one", "10⁻⁶", "M"), 1.0 / M);
    let made = w.product(("M tokens per year", "T", "M tok"), &[rate, seconds, hours, millions]);
    let per_mtok =
        w.over(("Cost per M output tokens, all cost on output", "c_t", MTOK), cost.annual, made);
    let mw = w.fixed(("MW per kW", "10⁻³", "MW/kW"), 1e-3);
    let load_mw = w.product(("Facility power", "P_MW", "MW"), &[at_load_kw, mw]);
    let per_mw = w.over(("Tokens per second and MW", "t/P", "tok/s/MW"), rate, load_mw);
    let emitted = match case.carbon.embodied_t {
        Some(embodied) => {
            let kind = money("t", embodied, true);
            let total = w.input("Embodied carbon", "G_emb", embodied, kind);
            let yearly = w.over(
                ("Embodied carbon per year", "G_emb/n", "t"),
                total,
                cost.life[AssetClass::It as usize],
            );
            w.sum(("Emissions per year", "G_all", "t"), &[cost.carbon_t, yearly])
        }
        None => cost.carbon_t,
    };
    let grams = w.fixed(("Grams per tonne", "10⁶", "g/t"), G_PER_T);
    let grams = w.product(("Emissions per year", "G_g", "g"), &[emitted, grams]);
    let carbon = w.over(("Carbon per M output tokens", "g_t", "g CO₂e/M tok"), grams, made);
    cost.tokens_year = Some(made);
    cost.heads.extend([
        (Headline::TokensPerS, rate),
        (Headline::UsdPerMtok, per_mtok),
        (Headline::TokSPerMw, per_mw),
        (Headline::CarbonPerMtok, carbon),
    ]);
    if let Some(mix) = &case.production.mix {
        write_mix(w, mix, made, cost);
    }
}

/// Input and output apart, equation (7).
fn write_mix(w: &mut Writer, mix: &super::TokenMix, made: NodeId, cost: &mut Cost) {
    const MTOK: &str = "$/M tok";
    let per_output =
        w.fixed(("Input tokens per output token", "ρ", "tok/tok"), mix.input_per_output);
    let one = w.fixed(("One", "1", ""), 1.0);
    let both = w.sum(("Tokens per output token", "1+ρ", "tok/tok"), &[one, per_output]);
    let all = w.product(("M tokens per year, input and output", "T_all", "M tok"), &[made, both]);
    let blended =
        w.over(("Cost per M tokens, input and output blended", "c_b", MTOK), cost.annual, all);
    let prefill = w.input("Prefill share of GPU time", "φ", mix.prefill_share, share(true));
    let decode = w.less(("Decode share of GPU time", "1−φ", "share"), one, prefill);
    let decode_usd = w.product(("Cost of decode", "C_dec", USD_YEAR), &[cost.annual, decode]);
    let output = w.over(("Cost per M output tokens, decode only", "c_out", MTOK), decode_usd, made);
    cost.heads
        .extend([(Headline::UsdPerMtokBlended, blended), (Headline::UsdPerMtokOutput, output)]);
    if mix.input_per_output <= 0.0 {
        return;
    }
    // A cached token counts as the part of a computed one that it costs.
    let weight = 1.0 - mix.cached_share + mix.cached_share * mix.cached_cost_ratio;
    let weight = w.fixed(("Computed tokens per input token", "κ", "tok/tok"), weight);
    let computed = w.product(
        ("M computed input tokens per year", "T_in", "M tok"),
        &[made, per_output, weight],
    );
    let prefill_usd = w.product(("Cost of prefill", "C_pre", USD_YEAR), &[cost.annual, prefill]);
    let input = w.over(("Cost per M input tokens", "c_in", MTOK), prefill_usd, computed);
    cost.heads.push((Headline::UsdPerMtokInput, input));
    if mix.cached_share > 0.0 {
        let ratio =
            w.fixed(("Cost of a cached over a computed token", "χ", "×"), mix.cached_cost_ratio);
        let cached =
            w.product(("Cost per M cached input tokens", "c_cache", MTOK), &[input, ratio]);
        cost.heads.push((Headline::UsdPerMtokCached, cached));
    }
}
