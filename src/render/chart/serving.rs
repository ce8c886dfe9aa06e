//! The serving answer as charts: the front of operating points by what is bought with it, and
//! where the time goes.

use super::{Axis, Chart, Layer, Mark, Role};
use crate::evaluate::result::Results;
use crate::evaluate::workload::{
    Basis, Operation, OperationTimes, ServingPoint, ServingResult, Sla, TimeSplit, WorkloadGroup,
    WorkloadLimit,
};
use crate::plan::{Job, Plan};
use crate::units::{SECONDS_PER_HOUR, display};

/// What the vertical axis of the front counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Yield {
    /// Output tokens/s of one GPU.
    #[default]
    PerGpu,
    /// Output tokens/s of one megawatt of facility power.
    PerMw,
    /// US dollars for a million output tokens.
    UsdPerMtok,
}

impl Yield {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::PerGpu, Self::PerMw, Self::UsdPerMtok];

    /// A word on a button.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PerGpu => "per GPU",
            Self::PerMw => "per MW",
            Self::UsdPerMtok => "$ per M tokens",
        }
    }

    /// Quantity and unit of the axis.
    #[must_use]
    pub const fn axis(self) -> &'static str {
        match self {
            Self::PerGpu => "output, tok/s per GPU",
            Self::PerMw => "output, k tok/s per MW of facility power",
            Self::UsdPerMtok => "$ per M output tokens",
        }
    }

    /// How a value is written.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        match self {
            Self::PerGpu => format!("{} tok/s per GPU", display::sig(value, 3)),
            Self::PerMw => format!("{} k tok/s per MW", display::sig(value, 3)),
            Self::UsdPerMtok => format!("{} per M tokens", display::usd(value)),
        }
    }
}

/// What turns tokens/s of one GPU into tokens per megawatt and dollars, at the plan's own figures:
/// the chosen point comes out at the plan's headline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Planned over modelled tokens/s: maturity of the software.
    maturity: f64,
    /// Installed GPUs for each GPU at work.
    installed: f64,
    /// Facility power per installed GPU while working, MW.
    mw_per_gpu: Option<f64>,
    /// Cost of an installed GPU's sold hour, US dollars.
    usd_gpu_h: Option<f64>,
}

impl Rates {
    /// The rates of a group of a plan. Every point is charged the facility power and the yearly
    /// cost of the plan as it is: a batch that draws less power than the chosen one is not yet
    /// credited with it.
    #[must_use]
    pub fn of(group: &WorkloadGroup, serving: &ServingResult, results: &Results) -> Self {
        let planned = group.tokens_per_s.map_or(serving.total_tok_s, |b| b.base);
        let used = f64::from(group.gpus_used.max(1));
        let all = f64::from(results.quantities.gpus.max(1));
        let energy = &results.economics_case.energy;
        let mw = energy.facility_at_load_kw.base / 1e3 / all;
        Self {
            maturity: if serving.total_tok_s > 0.0 { planned / serving.total_tok_s } else { 1.0 },
            installed: f64::from(group.gpus) / used,
            mw_per_gpu: (mw > 0.0).then_some(mw),
            usd_gpu_h: results.economics.usd_per_gpu_h.map(|p| p.base),
        }
    }

    /// Output of one GPU at a point, tokens/s.
    #[must_use]
    pub fn gpu_tok_s(&self, point: &ServingPoint) -> f64 {
        point.gpu_tok_s * self.maturity
    }

    /// The value of a point on the vertical axis.
    #[must_use]
    pub fn value(&self, point: &ServingPoint, by: Yield) -> Option<f64> {
        let rate = self.gpu_tok_s(point);
        let value = match by {
            Yield::PerGpu => rate,
            Yield::PerMw => rate / (self.mw_per_gpu? * self.installed) / 1e3,
            Yield::UsdPerMtok => self.usd_gpu_h? * self.installed * 1e6 / (rate * SECONDS_PER_HOUR),
        };
        value.is_finite().then_some(value)
    }
}

/// The service level of a plan that serves.
#[must_use]
pub fn sla(plan: &Plan) -> Option<Sla> {
    match &plan.workload.job {
        Job::Serving(s) => {
            Some(Sla { ttft_s: Some(s.ttft_ms / 1e3), tpot_s: Some(s.tpot_ms / 1e3) })
        }
        Job::Training(_) => None,
    }
}

/// Whether a point keeps the service level.
#[must_use]
pub fn keeps(point: &ServingPoint, sla: &Sla) -> bool {
    sla.ttft_s.is_none_or(|most| point.ttft_s <= most)
        && sla.tpot_s.is_none_or(|most| point.tpot_s <= most)
}

/// The front of a group: users' speed to the right, yield upwards, the service level as a rule,
/// the chosen point as a ring.
#[must_use]
pub fn front(
    group: &WorkloadGroup,
    serving: &ServingResult,
    results: &Results,
    sla: &Sla,
    by: Yield,
) -> Chart {
    let rates = Rates::of(group, serving, results);
    let place = |p: &ServingPoint| Some([p.user_tok_s, rates.value(p, by)?]);
    let all: Vec<([f64; 2], &ServingPoint)> =
        serving.pareto.iter().filter_map(|p| Some((place(p)?, p))).collect();
    let within =
        |wanted: bool| all.iter().filter(move |(_, p)| keeps(p, sla) == wanted).map(|(at, _)| *at);
    let layer = |name: &str, role, mark, points| Layer { name: name.into(), role, mark, points };
    let mut layers = vec![
        layer("not beaten", Role::Quiet, Mark::Line, all.iter().map(|(at, _)| *at).collect()),
        layer("misses the service level", Role::Quiet, Mark::Dots, within(false).collect()),
        layer("keeps the service level", Role::Main, Mark::Dots, within(true).collect()),
    ];
    let chosen = place(&serving.point);
    layers.extend(chosen.map(|at| layer("this plan", Role::Plan, Mark::Rings, vec![at])));
    let mut named: Vec<([f64; 2], String)> =
        all.iter().map(|(at, p)| (*at, words(p, &by.text(at[1]), sla))).collect();
    // The ring is said first where it lies on a dot.
    named.extend(chosen.map(|at| {
        let words = words(&serving.point, &by.text(at[1]), sla);
        (at, format!("this plan: {words}\n{}", limit_words(serving)))
    }));
    Chart {
        title: "Speed of a user against yield".into(),
        x: Axis::of("one user, tok/s"),
        y: Axis {
            words: by.axis().into(),
            usd: by == Yield::UsdPerMtok,
            log: by == Yield::UsdPerMtok,
        },
        layers: layers.into_iter().filter(|l| !l.points.is_empty()).collect(),
        field: None,
        rules: sla.tpot_s.map(|s| (1.0 / s, "service level".to_owned())).into_iter().collect(),
        named,
    }
}

/// What keeps the chosen point from more.
fn limit_words(serving: &ServingResult) -> String {
    if serving.sla_met {
        format!("kept from more by: {}", serving.limit.label())
    } else {
        "nearest miss: no layout keeps the service level".into()
    }
}

/// A point in words: layout, batch, speeds, what takes the time.
fn words(point: &ServingPoint, value: &str, sla: &Sla) -> String {
    let longest = point.split.largest();
    let share = point.split.shares().part(longest) * 100.0;
    let kept = if keeps(point, sla) { "" } else { " · misses the service level" };
    format!(
        "{} · {} requests in flight per replica{kept}\n{} tok/s per user · {value}\nTTFT {} · \
         memory {} full\nmost of the time: {}, {}",
        point.label(),
        display::fixed(point.batch, 0),
        display::sig(point.user_tok_s, 3),
        display::seconds(point.ttft_s),
        display::percent(point.memory_utilisation * 100.0),
        longest.label(),
        display::percent(share),
    )
}

/// A bar of shares that add up to one.
#[derive(Clone, Debug, PartialEq)]
pub struct Stack {
    /// What is divided (`Decode step`).
    pub label: String,
    /// The whole in words (`21.4 ms`).
    pub whole: String,
    /// Parts with their shares, 0 to 1.
    pub parts: Vec<Part>,
}

/// One part of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Share of the whole, 0 to 1.
    pub share: f64,
    /// What it waits for.
    pub limit: WorkloadLimit,
}

/// The parts of a split, in the order of the fields; nothing that takes no time.
#[must_use]
pub fn parts(split: &TimeSplit) -> Vec<Part> {
    let shares = split.shares();
    [
        WorkloadLimit::Compute,
        WorkloadLimit::MemoryBandwidth,
        WorkloadLimit::ScaleUp,
        WorkloadLimit::Fabric,
        WorkloadLimit::Overhead,
        WorkloadLimit::Bubble,
        WorkloadLimit::Storage,
    ]
    .into_iter()
    .map(|limit| Part { name: limit.label().into(), share: shares.part(limit), limit })
    .filter(|p| p.share > 0.0)
    .collect()
}

/// Where the time of the chosen point goes, phase by phase.
#[must_use]
pub fn stacks(serving: &ServingResult) -> Vec<Stack> {
    let point = &serving.point;
    let stack = |label: &str, split: &TimeSplit, whole: &str| Stack {
        label: label.into(),
        whole: format!("{} {whole}", display::seconds(split.total())),
        parts: parts(split),
    };
    let mean = Stack {
        label: "Mean step".into(),
        whole: format!("{} per token", display::seconds(point.tpot_s)),
        parts: parts(&point.split),
    };
    vec![
        stack("Prefill", &point.prefill_split, "per prompt"),
        stack("Decode", &point.decode_split, "per step"),
        mean,
    ]
}

/// Time of an operation in the two phases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperationRow {
    /// The operation.
    pub operation: Operation,
    /// Time of a decode step that goes to it, s, and its share, 0 to 1.
    pub decode: (f64, f64),
    /// Time of the prefill of one prompt that goes to it, s, and its share, 0 to 1.
    pub prefill: (f64, f64),
}

/// Operations that take time in either phase, longest in decode first.
#[must_use]
pub fn operations(point: &ServingPoint) -> Vec<OperationRow> {
    let whole = |times: &OperationTimes| -> f64 {
        Operation::ALL.into_iter().map(|o| times.of(o)).sum::<f64>().max(f64::MIN_POSITIVE)
    };
    let (decode, prefill) = (&point.decode_operations, &point.prefill_operations);
    let wholes = (whole(decode), whole(prefill));
    let mut rows: Vec<OperationRow> = Operation::ALL
        .into_iter()
        .map(|operation| {
            let (d, p) = (decode.of(operation), prefill.of(operation));
            OperationRow { operation, decode: (d, d / wholes.0), prefill: (p, p / wholes.1) }
        })
        .filter(|r| r.decode.0 > 0.0 || r.prefill.0 > 0.0)
        .collect();
    rows.sort_by(|a, b| b.decode.0.total_cmp(&a.decode.0).then(a.operation.cmp(&b.operation)));
    rows
}

/// How well a prediction is founded, in words.
#[must_use]
pub const fn basis_words(basis: Basis) -> (&'static str, &'static str) {
    match basis {
        Basis::Measured => ("measured kernels", "kernels of this class were timed on this device"),
        Basis::SameClass => ("same class", "timed on another device of the generation"),
        Basis::Extrapolated => {
            ("extrapolated", "inherited through peaks and bandwidths of the data sheet")
        }
    }
}

/// How much of what the accelerator offers is used: name, share 0 to 1, explanation.
#[must_use]
pub fn roofline(point: &ServingPoint) -> [(&'static str, f64, &'static str); 4] {
    [
        ("Arithmetic", point.compute_utilisation, "achieved over peak FLOP/s of the precision"),
        ("Memory bandwidth", point.bandwidth_utilisation, "achieved over peak bytes/s"),
        ("Memory filled", point.memory_utilisation, "weights, cache and workspace over usable"),
        ("Power", point.power_fraction, "mean power over design power of the accelerator"),
    ]
}
