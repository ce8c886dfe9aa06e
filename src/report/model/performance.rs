//! Storage against need, and the performance of the workload.

use super::{Block, Cell, Column, Given, RowRole, Section, Table};
use crate::evaluate::workload::{ServingResult, WorkloadGroup};
use crate::plan::{Job, Training};
use crate::render::chart::serving::{self, Rates, Yield};
use crate::report::figure::Figure;
use crate::units::display::{self, NONE};

/// Bytes in a terabyte and a petabyte.
const BYTE_PER_TB: f64 = 1e12;
const BYTE_PER_PB: f64 = 1e15;

/// The storage section.
pub fn storage(given: &Given<'_>) -> Section {
    let s = &given.results.storage;
    let rate = |v: Option<f64>| {
        v.map_or_else(|| NONE.to_owned(), |b| display::si(b, "B/s", 3).to_string())
    };
    let seconds = |v: Option<f64>| display::maybe(v, "s", 3).to_string();
    let share = |v: Option<f64>| {
        v.map_or_else(|| NONE.to_owned(), |x| display::percent(x * 100.0).to_string())
    };
    let capacity = s.usable_byte.map(|b| b / BYTE_PER_PB);
    let facts = vec![
        ("Read rate on offer", rate(s.read_supply_byte_s)),
        ("Read rate needed", rate(Some(s.read_need_byte_s))),
        ("Write rate on offer", rate(s.write_supply_byte_s)),
        ("Usable capacity", display::maybe(capacity, "PB", 3).to_string()),
        ("Accelerator utilisation that reading allows", share(s.au)),
        ("Time to write a checkpoint", seconds(s.checkpoint_write_s)),
        ("Time to read a checkpoint back", seconds(s.restore_s)),
        ("Time lost to writing checkpoints", share(s.checkpoint_stall_share)),
        ("Compute rate left after storage", share(Some(s.job_factor))),
        ("Power of the appliances", display::power_w(s.power_w).to_string()),
    ];
    let table = Table::facts("storage", "Storage", facts)
        .noted("– where the appliance's data sheet gives no figure.");
    Section { id: "storage", title: "Storage", blocks: vec![Block::Table(table)] }
}

/// The performance section.
pub fn section(given: &Given<'_>) -> Section {
    let workload = &given.results.workload;
    let mut blocks =
        vec![Block::Paragraph(workload.explanation.clone()), Block::Table(groups(given))];
    for group in &workload.groups {
        blocks.extend(serving_blocks(given, group));
    }
    if workload.groups.iter().any(|g| g.serving.is_some()) {
        blocks.push(Block::Table(fronts(given)));
        blocks.push(Block::Table(super::day::hours(given)));
    }
    blocks.push(Block::Table(facts(given)));
    Section { id: "performance", title: "Performance", blocks }
}

/// The front of a group with the chosen point, where its time goes, what it uses.
fn serving_blocks(given: &Given<'_>, group: &WorkloadGroup) -> Vec<Block> {
    let (Some(answer), Some(sla)) = (&group.serving, serving::sla(given.plan)) else {
        return Vec::new();
    };
    let name = system_name(given, group);
    let mut front = serving::front(group, answer, given.results, &sla, Yield::PerGpu);
    front.title = format!("{}, {name}", front.title);
    let mut blocks = vec![
        Block::Figure(Figure::Chart(front)),
        Block::Figure(Figure::Stacks {
            title: format!("Where the time of the chosen point goes, {name}"),
            stacks: serving::stacks(answer),
        }),
    ];
    blocks.push(Block::Table(operations(answer, &name)));
    let mut front = serving::front(group, answer, given.results, &sla, Yield::UsdPerMtok);
    if !front.is_empty() {
        front.title = format!("Speed of a user against cost, {name}");
        blocks.push(Block::Figure(Figure::Chart(front)));
    }
    blocks.extend(super::day::blocks(given, group, &name));
    blocks
}

/// Where the time goes by operation in the two phases.
fn operations(answer: &ServingResult, name: &str) -> Table {
    let columns = vec![
        Column::text("Operation"),
        Column::number("Decode", "ms per step"),
        Column::number("Share", "%"),
        Column::number("Prefill", "ms per prompt"),
        Column::number("Share", "%"),
    ];
    let mut table = Table::new("operations", format!("Time by operation, {name}"), columns);
    for row in serving::operations(&answer.point) {
        let ms = |(s, _): (f64, f64)| Cell::significant(s * 1e3, 3);
        let share = |(_, share): (f64, f64)| Cell::number(share * 100.0, 1);
        table.push(vec![
            Cell::text(row.operation.label()),
            ms(row.decode),
            share(row.decode),
            ms(row.prefill),
            share(row.prefill),
        ]);
    }
    let (basis, why) = serving::basis_words(answer.point.basis);
    table.noted(format!("Founded on: {basis} – {why}."))
}

/// Name of a group's system.
pub(super) fn system_name(given: &Given<'_>, group: &WorkloadGroup) -> String {
    let entry = given.catalog.systems.find(&group.system);
    entry.map_or_else(|| group.system.clone(), |e| e.name.clone())
}

/// Every operating point on the front of every group.
fn fronts(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("System"),
        Column::text("Layout"),
        Column::number("In flight", "per replica"),
        Column::number("One user", "tok/s"),
        Column::number("One GPU", "tok/s"),
        Column::number("Cost", "USD per M tokens"),
        Column::number("TTFT", "ms"),
        Column::number("Memory filled", "%"),
        Column::text("Most of the time"),
        Column::text("Service level"),
    ];
    let mut table = Table::new("operating_points", "Operating points on the front", columns);
    let Some(sla) = serving::sla(given.plan) else { return table };
    for group in &given.results.workload.groups {
        let Some(answer) = &group.serving else { continue };
        let rates = Rates::of(group, answer, given.results);
        for point in &answer.pareto {
            let kept = if serving::keeps(point, &sla) { "kept" } else { "missed" };
            table.push(vec![
                Cell::text(system_name(given, group)),
                Cell::text(point.label()),
                Cell::number(point.batch, 0),
                Cell::significant(point.user_tok_s, 3),
                Cell::significant(rates.gpu_tok_s(point), 3),
                rates
                    .value(point, Yield::UsdPerMtok)
                    .map_or_else(Cell::none, |v| Cell::significant(v, 3)),
                Cell::number(point.ttft_s * 1e3, 0),
                Cell::number(point.memory_utilisation * 100.0, 0),
                Cell::text(point.split.largest().label()),
                Cell::text(kept),
            ]);
        }
    }
    table.noted(
        "Layouts and batches that no other beats in both speed of a user and output. Every point \
         is charged the plan's own cost of a GPU-hour.",
    )
}

fn groups(given: &Given<'_>) -> Table {
    let columns = vec![
        Column::text("System"),
        Column::text("Layout"),
        Column::number("GPUs", ""),
        Column::number("In use", ""),
        Column::number("TPOT", "ms"),
        Column::number("TTFT", "ms"),
        Column::number("Step", "s"),
        Column::number("Low", "tok/s"),
        Column::number("Output", "tok/s"),
        Column::number("High", "tok/s"),
        Column::text("Limit"),
    ];
    let mut table = Table::new("performance", "Output by system", columns);
    for group in &given.results.workload.groups {
        table.push(group_line(given, group));
    }
    let workload = &given.results.workload;
    let mut total = vec![
        Cell::text("Total"),
        Cell::blank(),
        Cell::count(workload.gpus),
        Cell::count(workload.gpus_used),
    ];
    total.resize_with(7, Cell::blank);
    total.extend(rates(workload.tokens_per_s));
    table.push_as(RowRole::Total, total);
    table.noted(
        "Output tokens when serving, trained tokens when training, while working. Low and high \
         are the observed error of the performance model.",
    )
}

fn rates(band: Option<crate::numerics::band::Band>) -> [Cell; 3] {
    band.map_or_else(
        || [Cell::none(), Cell::none(), Cell::none()],
        |b| [b.low, b.base, b.high].map(|v| Cell::number(v, 0)),
    )
}

fn group_line(given: &Given<'_>, group: &WorkloadGroup) -> Vec<Cell> {
    let serving = group.serving.as_ref();
    let training = group.training.as_ref();
    let layout = serving
        .map(|s| s.point.label())
        .or_else(|| training.map(|t| t.layout.label()))
        .unwrap_or_else(|| "does not fit".into());
    let limit = serving.map(|s| s.limit).or_else(|| training.map(|t| t.limit));
    let mut cells = vec![
        Cell::text(system_name(given, group)),
        Cell::text(layout),
        Cell::count(group.gpus),
        Cell::count(group.gpus_used),
        Cell::maybe(serving.map(|s| s.point.tpot_s * 1e3), 1),
        Cell::maybe(serving.map(|s| s.point.ttft_s * 1e3), 0),
        Cell::maybe(training.map(|t| t.step_s), 2),
    ];
    cells.extend(rates(group.tokens_per_s));
    cells.push(limit.map_or_else(Cell::none, |l| Cell::text(l.label())));
    cells
}

fn facts(given: &Given<'_>) -> Table {
    let w = &given.results.workload;
    let checkpoint = (w.checkpoint_bytes > 0.0).then_some(w.checkpoint_bytes / BYTE_PER_TB);
    let mut facts = vec![
        ("Goodput after failures and checkpoints", display::percent(w.goodput * 100.0).to_string()),
        ("Tokens per second and user", display::maybe(w.user_tok_s, "tok/s", 3).to_string()),
        ("Checkpoint interval", display::maybe(w.checkpoint_interval_s, "s", 3).to_string()),
        ("Checkpoint, or weights of a replica", display::maybe(checkpoint, "TB", 3).to_string()),
        ("Storage read of the job", display::si(w.storage_read_byte_s, "B/s", 3).to_string()),
        (
            "Power of working GPUs over design",
            display::percent(w.power_fraction * 100.0).to_string(),
        ),
    ];
    if let Job::Training(Training { tokens: Some(tokens), scheduled_pct, .. }) =
        given.plan.workload.job
    {
        let cost = given.results.kpi.usd_per_mtok.map(|band| band.base * tokens / 1e6);
        facts.extend([
            (
                "Time to train the job's tokens",
                display::maybe(w.days_to_train(tokens, scheduled_pct / 100.0), "days", 3)
                    .to_string(),
            ),
            ("Cost to train the job's tokens", display::usd_or_unpriced(cost)),
        ]);
    }
    if let Some(job) = &w.job {
        let per_day = display::sig(job.interruptions_per_day, 2);
        facts.extend([
            (
                "Interruptions of the job",
                format!("{per_day} a day, {} GPUs out each", job.blast_gpus),
            ),
            ("GPUs that stand by as spares", display::count(job.spare_gpus.into())),
            (
                "Size that the job keeps during repairs",
                display::percent(job.size_share * 100.0).to_string(),
            ),
        ]);
    }
    Table::facts("workload_facts", "Reliability and data", facts)
}
