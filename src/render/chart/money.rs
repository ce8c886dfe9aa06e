//! Cost as charts: where a GPU-hour's money goes, and what moves it.

use super::contour::Field;
use super::{Axis, Chart, Layer, Mark, Role};
use crate::evaluate::economics::{CostPart, EconomicsResult, Subsystem, TornadoBar};
use crate::study::IsoCost;
use crate::units::display;

/// What a cost belongs to; each writer has a colour for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum System {
    /// Servers and rack-scale systems.
    Compute,
    /// Network and storage.
    Network,
    /// Power chain and electricity.
    Power,
    /// Cooling and water.
    Cooling,
    /// Everything else.
    Other,
}

impl System {
    /// The system of a part of the factory.
    #[must_use]
    pub const fn of(subsystem: Subsystem) -> Self {
        match subsystem {
            Subsystem::Compute => Self::Compute,
            Subsystem::Network | Subsystem::Storage => Self::Network,
            Subsystem::Power => Self::Power,
            Subsystem::Cooling => Self::Cooling,
            Subsystem::Building | Subsystem::Other => Self::Other,
        }
    }
}

/// A step of the waterfall: from the sum of the steps before it to its own end.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Name.
    pub label: String,
    /// What it belongs to.
    pub system: System,
    /// Sum of the steps before, US dollars.
    pub from: f64,
    /// Sum with this one, US dollars.
    pub to: f64,
    /// Cost of a year, US dollars.
    pub usd_year: f64,
}

impl Step {
    /// Its own height, US dollars.
    #[must_use]
    pub fn usd(&self) -> f64 {
        self.to - self.from
    }
}

/// Name of a part of the cost.
#[must_use]
pub fn part_name(part: &CostPart) -> String {
    match part {
        CostPart::Capital(subsystem) => format!("{} capital", subsystem.name()),
        CostPart::Opex(name) => name.clone(),
        CostPart::Energy => "Electricity".into(),
        CostPart::Demand => "Demand charge".into(),
        CostPart::Water => "Water".into(),
        CostPart::Carbon => "Carbon".into(),
    }
}

/// What a part of the cost belongs to.
#[must_use]
pub const fn part_system(part: &CostPart) -> System {
    match part {
        CostPart::Capital(subsystem) => System::of(*subsystem),
        CostPart::Energy | CostPart::Demand => System::Power,
        CostPart::Water => System::Cooling,
        CostPart::Opex(_) | CostPart::Carbon => System::Other,
    }
}

/// Steps per sold GPU-hour where there are GPUs, else per year.
#[must_use]
pub fn waterfall(economics: &EconomicsResult) -> Vec<Step> {
    let mut sum = 0.0;
    let steps = economics.waterfall.iter().filter(|s| s.usd_year != 0.0);
    steps
        .map(|step| {
            let from = sum;
            sum += step.usd_gpu_h.unwrap_or(step.usd_year);
            Step {
                label: part_name(&step.part),
                system: part_system(&step.part),
                from,
                to: sum,
                usd_year: step.usd_year,
            }
        })
        .collect()
}

/// What one input does to the headline, in percent of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Swing {
    /// The input.
    pub input: String,
    /// Change with the input at its low value, %.
    pub at_low: f64,
    /// Change with the input at its high value, %.
    pub at_high: f64,
    /// Its low, base and high value.
    pub values: (f64, f64, f64),
}

/// The longest bars of the tornado.
#[must_use]
pub fn swings(economics: &EconomicsResult, most: usize) -> Vec<Swing> {
    let headline = economics.usd_per_mtok.or(economics.usd_per_gpu_h);
    let base = headline.map_or(economics.annual_usd, |p| p.base);
    if base <= 0.0 {
        return Vec::new();
    }
    let change = |at: f64| (at - base) / base * 100.0;
    let bar = |bar: &TornadoBar| Swing {
        input: bar.input.clone(),
        at_low: change(bar.at_low),
        at_high: change(bar.at_high),
        values: (bar.values.low, bar.values.base, bar.values.high),
    };
    economics.tornado.iter().filter(|b| b.swing() > 0.0).take(most).map(bar).collect()
}

/// The map of the cost with its lines of equal cost and the plan on it.
#[must_use]
pub fn iso_chart(map: &IsoCost) -> Chart {
    let percent: Vec<f64> = map.sold.iter().map(|s| s * 100.0).collect();
    let field = Field { xs: percent, ys: map.price_usd_kwh.clone(), values: map.usd.clone() };
    let mut layers: Vec<Layer> = Vec::new();
    for level in field.levels() {
        layers.push(Layer {
            name: display::usd(level),
            role: Role::Quiet,
            mark: Mark::Pieces,
            points: field.contour(level).into_iter().flatten().collect(),
        });
    }
    let [sold, price, usd] = map.plan;
    layers.push(Layer {
        name: format!("this plan, {}", display::usd(usd)),
        role: Role::Plan,
        mark: Mark::Rings,
        points: vec![[sold * 100.0, price]],
    });
    let words = |x: f64, y: f64, usd: f64| {
        format!("{} sold, {}/kWh: {}", display::percent(x), display::usd(y), display::usd(usd))
    };
    let mut named = Vec::with_capacity(field.values.len());
    for (row, y) in field.ys.iter().enumerate() {
        named.extend(
            field.xs.iter().enumerate().map(|(at, x)| ([*x, *y], words(*x, *y, field.at(at, row)))),
        );
    }
    Chart {
        title: map.headline.label().into(),
        x: Axis::of("share of the available hours sold, %"),
        y: Axis { words: "electricity, $/kWh".into(), usd: true, log: false },
        layers,
        field: Some(field),
        rules: Vec::new(),
        named,
    }
}
