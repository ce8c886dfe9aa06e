//! The workload model: operating points a second, the search over all layouts.

use super::{Speed, median_of};
use crate::cases::CaseError;
use crate::evaluate::clock::Clock;
use crate::evaluate::workload::load::{PEAK_OVER_MEAN, day};
use crate::evaluate::workload::reference::{b200, deepseek_v3, gb200, h100, llama_70b};
use crate::evaluate::workload::serving::LayoutModel;
use crate::evaluate::workload::{
    Demand, Device, ModelArch, Precision, ServingCase, ServingLayout, ServingMode,
    ServingPrecision, Sla, Software, solve_serving,
};

/// Operating points of one timing.
const POINTS: usize = 2000;
/// Timings that a median is of.
const REPEATS: usize = 5;

/// Times points and searches on one thread; `told` is called after each measurement.
///
/// # Errors
/// A case that can not be solved.
pub fn workload(clock: &Clock, mut told: impl FnMut(&Speed)) -> Result<Vec<Speed>, CaseError> {
    let dense = case(h100(), llama_70b(), Precision::Fp8, 8);
    let experts = case(b200(), deepseek_v3(), Precision::Fp4, 8);
    let rack = case(gb200(), deepseek_v3(), Precision::Fp4, 72);
    let mut out = Vec::new();
    let mut add = |speed: Speed| {
        told(&speed);
        out.push(speed);
    };
    for (name, case) in [("Llama 70B on 8 H100", &dense), ("DeepSeek-V3 on 8 B200", &experts)] {
        add(points(name, case, clock)?);
        add(search(name, case, clock)?);
    }
    add(search("DeepSeek-V3 on 72 GB200", &rack, clock)?);
    let apart = ServingCase { mode: ServingMode::Disaggregated, ..rack.clone() };
    for (name, case) in [
        ("Llama 70B on 8 H100", &dense),
        ("DeepSeek-V3 on 72 GB200", &rack),
        ("DeepSeek-V3 on 72 GB200, disaggregated", &apart),
    ] {
        add(a_day(name, case, clock)?);
    }
    Ok(out)
}

fn case(device: Device, model: ModelArch, weights: Precision, gpus: u32) -> ServingCase {
    ServingCase {
        device,
        model,
        precision: ServingPrecision::usual(weights),
        gpus,
        input_tokens: 4096.0,
        output_tokens: 1024.0,
        cached_prompt_fraction: 0.0,
        sla: Sla { ttft_s: Some(2.0), tpot_s: Some(0.05) },
        layout: None,
        batch: None,
        fabric_factor: 1.0,
        software: Software::default(),
        equal_lengths: false,
        mode: ServingMode::Aggregated,
    }
}

/// Points of one layout, the layout made anew every hundredth.
fn points(name: &str, case: &ServingCase, clock: &Clock) -> Result<Speed, CaseError> {
    let layout = ServingLayout { tensor: 8, ..ServingLayout::SINGLE };
    let (sum, seconds) = median_of(REPEATS, clock, || {
        let mut sum = 0.0;
        for block in 0..POINTS / 100 {
            let model = LayoutModel::new(case, layout);
            for i in 0..100 {
                sum += model.at(1.0 + ((block * 100 + i) % 256) as f64).tpot_s;
            }
        }
        Ok(sum)
    })?;
    let rate = POINTS as f64 / seconds;
    let note = format!("{rate:.0} points/s, mean TPOT {:.2} ms", 1e3 * sum / POINTS as f64);
    Ok(speed(format!("{name}: {POINTS} serving points"), seconds, note))
}

fn search(name: &str, case: &ServingCase, clock: &Clock) -> Result<Speed, CaseError> {
    let (answer, seconds) =
        median_of(REPEATS, clock, || solve_serving(case).map_err(CaseError::solver))?;
    let note = format!("chose {}", answer.point.label());
    Ok(speed(format!("{name}: search of all layouts"), seconds, note))
}

/// A day of open arrivals on the deployment that the search chose.
fn a_day(name: &str, case: &ServingCase, clock: &Clock) -> Result<Speed, CaseError> {
    let answer = solve_serving(case).map_err(CaseError::solver)?;
    let demand = Demand { mean_share: 0.65, peak_to_mean: PEAK_OVER_MEAN, peak_hour: 14.0 };
    let (day, seconds) = median_of(REPEATS, clock, || Ok(day(case, &answer, demand)))?;
    let needed = day.replicas_needed.unwrap_or(0);
    let note = format!("{needed} of {} replicas needed at the peak", day.replicas);
    Ok(speed(format!("{name}: a day of load"), seconds, note))
}

fn speed(what: String, seconds: f64, note: String) -> Speed {
    Speed { what, threads: 1, cells: None, steps: None, seconds, repeats: REPEATS, note }
}
