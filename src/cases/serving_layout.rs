//! How a row's model is spread over accelerators, and how many requests each part holds.
//!
//! Tables differ in what they call a width. Recorded are `tp_size` T, `attention_dp_size` D,
//! `moe_tp_size`, `moe_ep_size` E and `pp_size` P, and one deployment has T·D·P accelerators with
//! T·D = `moe_tp`·E. Where a row's numbers only fit another reading, that reading is taken and told
//! in its notes; see each function for the evidence.

use super::CaseError;
use super::text_table::Row;
use crate::evaluate::workload::{Device, Disaggregated, ModelArch, Pool, ServingLayout};

/// Widest tensor-parallel group that a row is taken to mean literally; wider aggregated "TP" in a
/// rack-scale domain is a whole deployment, see [`whole_deployment`].
const WIDEST_TENSOR: u32 = 16;
/// A scale-up domain larger than one server.
const SERVER: u32 = 8;
/// Accelerators of a prefill worker where a row records only a deployment's total: one tray of
/// GB200 or GB300.
const PREFILL_GPUS: u32 = 4;

/// A row's deployment.
pub(super) struct Deployment {
    /// Layout of one replica, or of a decode worker.
    pub(super) layout: ServingLayout,
    /// The pools, if disaggregated.
    pub(super) pools: Option<Disaggregated>,
    /// Accelerators of all replicas or workers.
    pub(super) gpus: u32,
    /// Requests in flight over all of them.
    pub(super) concurrency: f64,
    /// Replicas that share them.
    pub(super) replicas: u32,
    /// Accelerators that the row counts.
    pub(super) counted: Option<f64>,
}

/// The widths of a row, as recorded, blanks filled.
#[derive(Clone, Copy)]
struct Widths {
    tensor: u32,
    data: u32,
    pipeline: u32,
    moe_tensor: Option<u32>,
    expert: Option<u32>,
}

impl Widths {
    fn of(row: Row<'_>, prefix: &str) -> Result<Option<Self>, CaseError> {
        let n = |name: &str| row.count(&format!("{prefix}{name}"));
        let (tensor, data) = (n("tp_size")?, n("attention_dp_size")?);
        let (moe_tensor, expert) = (n("moe_tp_size")?, n("moe_ep_size")?);
        let pipeline = n("pp_size")?.unwrap_or(1);
        if tensor.is_none() && data.is_none() && expert.is_none() {
            return Ok(None);
        }
        let tensor = tensor.unwrap_or(1);
        Ok(Some(Self { tensor, data: data.unwrap_or(1), pipeline, moe_tensor, expert }))
    }

    fn ranks(&self) -> u32 {
        self.tensor.saturating_mul(self.data)
    }

    fn gpus(&self) -> u32 {
        self.ranks().saturating_mul(self.pipeline)
    }

    /// InferenceX rows in which the product of two widths was recorded: T or D is m², with
    /// `moe_tp` = `moe_ep` = m. The deployment had m accelerators: its measured time per token is
    /// that of rows recorded as TP m (16/4/4 against 4/1/4, 64/8/8 against 8/1/8 of the same
    /// image, precision and concurrency), and no such server has 64.
    fn unsquared(self, notes: &mut Vec<String>) -> Self {
        let Some(m) = self.expert.filter(|m| *m > 1 && self.moe_tensor == Some(*m)) else {
            return self;
        };
        let square = m.saturating_mul(m);
        let unsquared = match (self.tensor, self.data) {
            (t, 1) if t == square => Self { tensor: m, moe_tensor: Some(1), ..self },
            (1, d) if d == square => Self { data: m, moe_tensor: Some(1), ..self },
            _ => return self,
        };
        notes.push(format!(
            "recorded as {square} = {m} × {m}; read as {m} accelerators with EP{m} (inferred from \
             twin rows)"
        ));
        unsquared
    }

    fn layout(
        self,
        row: Row<'_>,
        prefix: &str,
        model: &ModelArch,
        notes: &mut Vec<String>,
    ) -> Result<ServingLayout, CaseError> {
        let mut widths = self;
        let expert = if model.moe.is_some() { widths.expert.unwrap_or(1) } else { 1 };
        let wanted = expert.saturating_mul(widths.moe_tensor.unwrap_or(1));
        if model.moe.is_some() && widths.data == 1 && wanted > widths.ranks() {
            let data = wanted / widths.tensor;
            if data * widths.tensor == wanted
                && row.text(&format!("{prefix}attention_dp_size")).is_none()
            {
                notes.push(format!("attention data parallelism not stated: {data} assumed"));
                widths.data = data;
            }
        }
        if !widths.ranks().is_multiple_of(expert) {
            return Err(row.fault(format!(
                "impossible layout: {prefix}moe_ep_size is {expert}, but must divide \
                 {prefix}tp_size × {prefix}attention_dp_size = {}",
                widths.ranks()
            )));
        }
        let Self { tensor, data, pipeline, .. } = widths;
        Ok(ServingLayout { tensor, data, expert, pipeline })
    }
}

/// The deployment of a row.
pub(super) fn deployment(
    row: Row<'_>,
    device: &Device,
    model: &ModelArch,
    inferencex: bool,
    notes: &mut Vec<String>,
) -> Result<Deployment, CaseError> {
    match row.text("mode").map(str::to_lowercase).as_deref() {
        None | Some("agg" | "aggregated") => aggregated(row, device, model, inferencex, notes),
        Some("disagg" | "disaggregated") => disaggregated(row, device, model, inferencex, notes),
        Some(_) => Err(row.problem("mode", "agg or disagg")),
    }
}

fn aggregated(
    row: Row<'_>,
    device: &Device,
    model: &ModelArch,
    inferencex: bool,
    notes: &mut Vec<String>,
) -> Result<Deployment, CaseError> {
    let stated = row.count("gpus_agg")?;
    let recorded = match (Widths::of(row, "")?, stated) {
        (Some(widths), _) => widths,
        (None, Some(gpus)) => {
            notes.push(format!("layout not stated: TP{gpus} assumed"));
            Widths { tensor: gpus, data: 1, pipeline: 1, moe_tensor: None, expert: None }
        }
        (None, None) => return Err(row.problem("tp_size", "a whole number of at least 1")),
    };
    let counted = stated.or(Some(recorded.gpus()));
    let whole = recorded.data == 1
        && device.scale_up_domain > SERVER
        && (recorded.tensor > WIDEST_TENSOR || !recorded.tensor.is_power_of_two());
    if whole && recorded.tensor > PREFILL_GPUS && model.moe.is_some() {
        let concurrency = concurrency(row, 1.0)?;
        return Ok(whole_deployment(recorded.gpus(), concurrency, counted, notes));
    }
    let widths = if inferencex { recorded.unsquared(notes) } else { recorded };
    let layout = widths.layout(row, "", model, notes)?;
    let concurrency = concurrency(row, f64::from(recorded.data))?;
    let replicas = if widths.gpus() < recorded.gpus() {
        1
    } else {
        replicas(row, recorded, model, stated, concurrency, notes)?
    };
    Ok(Deployment {
        layout,
        pools: None,
        gpus: layout.gpus().saturating_mul(replicas),
        concurrency,
        replicas,
        counted: counted.map(f64::from),
    })
}

/// Replicas that share the requests: as many as the row's accelerators hold, or as many batches
/// as are in flight. A batch counted per attention rank (InferenceX) or per accelerator of a model
/// of experts is no replica.
fn replicas(
    row: Row<'_>,
    recorded: Widths,
    model: &ModelArch,
    stated: Option<u32>,
    concurrency: f64,
    notes: &mut Vec<String>,
) -> Result<u32, CaseError> {
    let held = stated.map_or(1, |gpus| gpus / recorded.gpus().max(1)).max(1);
    if held > 1 {
        notes.push(format!("{held} replicas share the requests"));
        return Ok(held);
    }
    let Some(batch) = row.positive("batch_size")? else { return Ok(1) };
    const MOST: f64 = 1e4;
    let batches = concurrency / batch;
    let per_rank = batches == f64::from(recorded.data)
        || model.moe.is_some() && batches == f64::from(recorded.ranks());
    if per_rank || batches.fract() != 0.0 || !(2.0..=MOST).contains(&batches) {
        return Ok(1);
    }
    notes.push(format!("{batches} replicas inferred from concurrency over batch_size"));
    Ok(batches as u32)
}

/// Requests in flight; where only a batch is given, that of each of `ranks`.
fn concurrency(row: Row<'_>, ranks: f64) -> Result<f64, CaseError> {
    const NEEDED: &str = "a number above 0, or batch_size must be given";
    match (row.positive("concurrency")?, row.positive("batch_size")?) {
        (Some(concurrency), _) => Ok(concurrency),
        (None, Some(batch)) => Ok(batch * ranks),
        (None, None) => Err(row.problem("concurrency", NEEDED)),
    }
}

/// A rack-scale deployment of which only the total was recorded, as a tensor width that no layout
/// has (12, 20, 24, 28, 36, 40, 48, 52, 72 …): prefill and decode workers together. How they were
/// split is not known; here prefill on workers of one tray, as many as keep pace, and decode with
/// attention data parallelism over the rest.
fn whole_deployment(
    gpus: u32,
    concurrency: f64,
    counted: Option<u32>,
    notes: &mut Vec<String>,
) -> Deployment {
    notes.push(format!(
        "{gpus} accelerators recorded as one width; read as a disaggregated deployment, split \
         inferred"
    ));
    let wide = |n: u32| ServingLayout { tensor: 1, data: n, expert: n, pipeline: 1 };
    let decode = wide(gpus - PREFILL_GPUS);
    let pool = |layout| Pool { layout, workers: None };
    Deployment {
        layout: decode,
        pools: Some(Disaggregated { prefill: pool(wide(PREFILL_GPUS)), decode: pool(decode) }),
        gpus,
        concurrency,
        replicas: 1,
        counted: counted.map(f64::from),
    }
}

fn disaggregated(
    row: Row<'_>,
    device: &Device,
    model: &ModelArch,
    inferencex: bool,
    notes: &mut Vec<String>,
) -> Result<Deployment, CaseError> {
    let wanted = |column: &str| row.problem(column, "a whole number of at least 1");
    let prefill = Widths::of(row, "prefill_")?.ok_or_else(|| wanted("prefill_tp_size"))?;
    let decode = Widths::of(row, "decode_")?.ok_or_else(|| wanted("decode_tp_size"))?;
    let workers = (row.count("prefill_num_workers")?, row.count("decode_num_workers")?);
    let batch = row.positive("decode_batch_size")?;
    let concurrency = match (row.positive("concurrency")?, batch) {
        (Some(concurrency), _) => concurrency,
        (None, Some(batch)) => batch * f64::from(decode.data) * f64::from(workers.1.unwrap_or(1)),
        (None, None) => {
            let needed = "a number above 0, or decode_batch_size must be given";
            return Err(row.problem("concurrency", needed));
        }
    };
    let stated = row.count("gpus_agg")?;
    let odd = decode.tensor > WIDEST_TENSOR || !decode.tensor.is_power_of_two();
    let same = prefill.tensor == decode.tensor && prefill.data == decode.data;
    if same && odd && workers == (None, None) && device.scale_up_domain > SERVER {
        let total = decode.gpus();
        return Ok(whole_deployment(total, concurrency, stated.or(Some(total)), notes));
    }
    let mut pool = |widths: Widths, prefix, workers| {
        let widths = if inferencex { widths.unsquared(notes) } else { widths };
        Ok::<_, CaseError>(Pool { layout: widths.layout(row, prefix, model, notes)?, workers })
    };
    let pools = Disaggregated {
        prefill: pool(prefill, "prefill_", workers.0)?,
        decode: pool(decode, "decode_", workers.1)?,
    };
    let size = |pool: Pool| pool.layout.gpus().saturating_mul(pool.workers.unwrap_or(1));
    let gpus = size(pools.prefill).saturating_add(size(pools.decode));
    let known = workers.0.is_some() && workers.1.is_some();
    if !known {
        notes.push("numbers of workers not stated".into());
    }
    Ok(Deployment {
        layout: pools.decode.layout,
        pools: Some(pools),
        gpus,
        concurrency,
        replicas: 1,
        counted: stated.or(known.then_some(gpus)).map(f64::from),
    })
}
