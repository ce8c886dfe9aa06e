//! The yearly cost at one point of the uncertain inputs.
//!
//! Symbols: I capital, n life, w cost of capital, a availability, s sold share.
//!
//! ```text
//! (1) capital per year    = Σ over subsystems I·CRF(w, n)      or, straight-line, I/n
//! (2) average power       = P_load·(σ + (1 − σ)·a·s)           σ idle power share
//! (3) GPU-hours per year  = GPUs·8760·a·s
//! (4) tokens per year     = tokens/s·3600·8760·a·s
//! (5) $/GPU-hour = annual/(3),   $/M tokens = annual·10⁶/(4)
//! ```

use super::Band;
use super::case::{AssetClass, EconomicsCase, Financing, OpexBasis, OpexLine, Subsystem};
use super::finance::capital_recovery_factor;
use super::result::CostPart;
use crate::units::{HOURS_PER_YEAR, SECONDS_PER_HOUR};

/// Months in a year, for the demand charge.
const MONTHS_PER_YEAR: f64 = 12.0;
/// Litres in a cubic metre.
const L_PER_M3: f64 = 1e3;
/// Grams in a tonne.
const G_PER_T: f64 = 1e6;

/// An input that is uncertain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Input {
    Capital(Subsystem),
    Life(AssetClass),
    Wacc,
    Opex(usize),
    FacilityPower,
    EnergyPrice,
    DemandCharge,
    WaterPrice,
    CarbonPrice,
    SoldShare,
    Availability,
    Tokens,
}

/// The case in canonical order, with capital summed by subsystem.
pub(super) struct Model<'a> {
    pub case: &'a EconomicsCase,
    pub capital: [Band; 7],
    pub opex: Vec<&'a OpexLine>,
}

/// One value for every uncertain input.
#[derive(Clone, Debug)]
pub(super) struct Point {
    capital: [f64; 7],
    life: [f64; 4],
    wacc: f64,
    opex: Vec<f64>,
    facility_kw: f64,
    energy_price: f64,
    demand: f64,
    water_price: f64,
    carbon_price: f64,
    sold: f64,
    available: f64,
    tokens_per_s: f64,
}

/// What a point costs and makes in a year.
#[derive(Clone, Debug)]
pub(super) struct Year {
    pub parts: Vec<(CostPart, f64)>,
    pub usd: f64,
    pub gpu_h: f64,
    pub tokens: f64,
    pub average_kw: f64,
    pub energy_kwh: f64,
    pub water_m3: f64,
    pub carbon_t: f64,
}

impl Year {
    /// Dollars per sold GPU-hour.
    pub fn usd_per_gpu_h(&self) -> f64 {
        self.usd / self.gpu_h
    }
    /// Dollars per million tokens.
    pub fn usd_per_mtok(&self) -> f64 {
        self.usd * 1e6 / self.tokens
    }
}

impl<'a> Model<'a> {
    pub fn new(case: &'a EconomicsCase, capital: [Band; 7]) -> Self {
        let mut opex: Vec<&OpexLine> = case.opex.iter().collect();
        opex.sort_by(|a, b| {
            a.item
                .cmp(&b.item)
                .then_with(|| opex_band(a).base.total_cmp(&opex_band(b).base))
                .then_with(|| opex_band(a).high.total_cmp(&opex_band(b).high))
                .then_with(|| opex_band(a).low.total_cmp(&opex_band(b).low))
                .then_with(|| a.source.cmp(&b.source))
        });
        Self { case, capital, opex }
    }

    /// Every input with its name and band, in canonical order, certain ones included.
    pub fn inputs(&self) -> Vec<(Input, String, Band)> {
        let case = self.case;
        let named = |input, name: &str, band| (input, name.to_owned(), band);
        let mut all: Vec<(Input, String, Band)> = Subsystem::ALL
            .into_iter()
            .zip(self.capital)
            .map(|(s, band)| (Input::Capital(s), format!("{} price", s.name()), band))
            .collect();
        for (class, name) in [
            (AssetClass::It, "Life of servers and storage"),
            (AssetClass::Network, "Life of network"),
            (AssetClass::Plant, "Life of plant"),
            (AssetClass::Building, "Life of building"),
        ] {
            all.push(named(Input::Life(class), name, life(case, class)));
        }
        if let Financing::Annuity { wacc } = case.financing {
            all.push(named(Input::Wacc, "Cost of capital", wacc));
        }
        for (i, line) in self.opex.iter().enumerate() {
            all.push(named(Input::Opex(i), &line.item, opex_band(line)));
        }
        let e = &case.energy;
        all.extend([
            named(Input::FacilityPower, "Facility power", e.facility_at_load_kw),
            named(Input::EnergyPrice, "Electricity price", e.price_usd_kwh),
            named(Input::DemandCharge, "Demand charge", e.demand_usd_kw_month),
            named(Input::WaterPrice, "Water price", case.water.price_usd_m3),
            named(Input::CarbonPrice, "Carbon price", case.carbon.price_usd_t),
            named(Input::SoldShare, "Utilisation", case.production.sold_share),
            named(Input::Availability, "Availability", case.production.availability),
        ]);
        if let Some(tokens) = case.production.tokens_per_s {
            all.push(named(Input::Tokens, "Tokens per second", tokens));
        }
        all
    }

    /// Every input at its base.
    pub fn base(&self) -> Point {
        let mut point = Point {
            capital: [0.0; 7],
            life: [1.0; 4],
            wacc: 0.0,
            opex: vec![0.0; self.opex.len()],
            facility_kw: 0.0,
            energy_price: 0.0,
            demand: 0.0,
            water_price: 0.0,
            carbon_price: 0.0,
            sold: 1.0,
            available: 1.0,
            tokens_per_s: 0.0,
        };
        for (input, _, band) in self.inputs() {
            point.set(input, band.base);
        }
        point
    }

    /// Equations (1) to (4).
    pub fn year(&self, point: &Point) -> Year {
        let case = self.case;
        let used = point.available * point.sold;
        let idle = case.energy.idle_power_share;
        let average_kw = point.facility_kw * (idle + (1.0 - idle) * used);
        let energy_kwh = average_kw * HOURS_PER_YEAR;
        let water_m3 = energy_kwh * case.energy.it_share * case.water.wue_l_kwh / L_PER_M3;
        let carbon_t = energy_kwh * case.carbon.grid_g_kwh / G_PER_T;
        let mut parts = self.capital_parts(point);
        parts.extend(self.opex_parts(point));
        let demand = case.energy.peak_kw * point.demand * MONTHS_PER_YEAR;
        parts.extend([
            (CostPart::Energy, energy_kwh * point.energy_price),
            (CostPart::Demand, demand),
            (CostPart::Water, water_m3 * point.water_price),
            (CostPart::Carbon, carbon_t * point.carbon_price),
        ]);
        let hours = HOURS_PER_YEAR * used;
        Year {
            usd: parts.iter().map(|(_, usd)| usd).sum(),
            parts,
            gpu_h: f64::from(case.production.gpus) * hours,
            tokens: point.tokens_per_s * SECONDS_PER_HOUR * hours,
            average_kw,
            energy_kwh,
            water_m3,
            carbon_t,
        }
    }

    fn capital_parts(&self, point: &Point) -> Vec<(CostPart, f64)> {
        let per_year = |subsystem: Subsystem, usd: f64| {
            let years = point.life[subsystem.asset_class() as usize];
            match self.case.financing {
                Financing::Annuity { .. } => usd * capital_recovery_factor(point.wacc, years),
                Financing::StraightLine => usd / years,
            }
        };
        Subsystem::ALL
            .into_iter()
            .zip(point.capital)
            .map(|(s, usd)| (CostPart::Capital(s), per_year(s, usd)))
            .collect()
    }

    fn opex_parts(&self, point: &Point) -> Vec<(CostPart, f64)> {
        let yearly = |line: &OpexLine, value: f64| match line.basis {
            OpexBasis::PerYear(_) => value,
            OpexBasis::ShareOfCapex { subsystem, .. } => value * point.capital[subsystem as usize],
        };
        let lines = self.opex.iter().zip(&point.opex);
        lines.map(|(l, &v)| (CostPart::Opex(l.item.clone()), yearly(l, v))).collect()
    }
}

impl Point {
    pub fn set(&mut self, input: Input, value: f64) {
        match input {
            Input::Capital(s) => self.capital[s as usize] = value,
            Input::Life(class) => self.life[class as usize] = value,
            Input::Wacc => self.wacc = value,
            Input::Opex(i) => self.opex[i] = value,
            Input::FacilityPower => self.facility_kw = value,
            Input::EnergyPrice => self.energy_price = value,
            Input::DemandCharge => self.demand = value,
            Input::WaterPrice => self.water_price = value,
            Input::CarbonPrice => self.carbon_price = value,
            Input::SoldShare => self.sold = value,
            Input::Availability => self.available = value,
            Input::Tokens => self.tokens_per_s = value,
        }
    }
}

fn life(case: &EconomicsCase, class: AssetClass) -> Band {
    match class {
        AssetClass::It => case.lives.it,
        AssetClass::Network => case.lives.network,
        AssetClass::Plant => case.lives.plant,
        AssetClass::Building => case.lives.building,
    }
}

fn opex_band(line: &OpexLine) -> Band {
    match line.basis {
        OpexBasis::PerYear(band) | OpexBasis::ShareOfCapex { share: band, .. } => band,
    }
}
