//! Training runs against published figures.

use super::csv::Rows;
use super::registry::readable;
use super::workload::{IN_SAMPLE, Ratios, heading, stated_band};
use super::workload_rows::{device, model_named, models};
use super::{Answer, Case, CaseError, Quantity, Topic};
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::workload::{
    Precision, TRAINING_ERROR_LOW_HIGH, TrainingCase, TrainingLayout, solve_training,
};

const TRAINING: &str = include_str!("../../tests/cases/workload/training_points.csv");
/// Bytes read per token of training data: 4-byte token identifiers.
const READ_BYTES_PER_TOKEN: f64 = 4.0;
/// Fully sharded training runs (no tensor or pipeline split of a model larger than one part) are
/// not modelled; at most this many rows of the table are such.
const NOT_MODELLED: f64 = 5.0;

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let title = "Published training throughput";
    let case = Case::new("training_runs", Topic::Workload, title, heading(TRAINING), training_runs);
    vec![readable("training_runs", Topic::Workload, Ok(case))]
}

fn training_runs(cancel: &CancelToken) -> Result<Answer, CaseError> {
    let (shapes, rows) = (models()?, Rows::of("training_points.csv", TRAINING)?);
    let (mut dense, mut sparse, mut unmodelled) = (Ratios::default(), Ratios::default(), 0.0);
    for row in 0..rows.len() {
        cancel.check()?;
        let case = training(&shapes, &rows, row)?;
        let Ok(result) = solve_training(&case) else {
            unmodelled += 1.0;
            continue;
        };
        let used = f64::from(result.layout.gpus()) / f64::from(case.gpus);
        let label = format!("{} on {} {}", case.model.name, case.gpus, case.device.name);
        let list = if case.model.moe.is_some() { &mut sparse } else { &mut dense };
        list.push(label, rows.number(row, "tok_s_gpu")?, result.gpu_tok_s * used);
    }
    let mut quantities = vec![
        dense.error("Dense models", 0.5).within(13.0),
        dense.error("Dense models", 0.9),
        sparse.error("Models of experts", 0.5).within(35.0),
        sparse.error("Models of experts", 0.9),
        Quantity::error_of("Runs that the model can not state", "", unmodelled)
            .within(NOT_MODELLED),
    ];
    let all: Vec<f64> = dense.ratios().into_iter().chain(sparse.ratios()).collect();
    quantities.extend(stated_band(
        "Tokens per second and GPU",
        &all,
        TRAINING_ERROR_LOW_HIGH,
        0.03,
    ));
    dense.points.extend(sparse.points);
    let answer = Answer::of(quantities, dense.picture("Tokens per second and GPU", "tok/s", 0.3));
    Ok(Answer { notes: vec![IN_SAMPLE.into()], ..answer })
}

/// A published training run.
fn training(shapes: &Rows<'_>, rows: &Rows<'_>, row: usize) -> Result<TrainingCase, CaseError> {
    let gpus = rows.count(row, "gpus")?;
    let (tensor, pipeline) = (rows.count(row, "tp")?, rows.count(row, "pp")?);
    // A table that does not state the layout has zeros.
    let layout = match gpus.checked_div(tensor.saturating_mul(pipeline)) {
        Some(data) => Some(TrainingLayout {
            tensor,
            pipeline,
            data,
            expert: rows.count(row, "ep")?,
            micro_batch: rows.count(row, "micro_batch")?,
        }),
        None => None,
    };
    Ok(TrainingCase {
        device: device(rows, row, "device")?,
        model: model_named(shapes, rows.text(row, "model")?)?,
        precision: match rows.text(row, "precision")? {
            "bf16" => Precision::Bf16,
            "nvfp4" => Precision::Fp4,
            _ => Precision::Fp8,
        },
        gpus,
        sequence_tokens: rows.number(row, "sequence")?,
        global_batch: rows.count(row, "global_batch")?,
        recompute: None,
        layout,
        fabric_factor: 1.0,
        storage_read_byte_s: None,
        read_bytes_per_token: READ_BYTES_PER_TOKEN,
    })
}
