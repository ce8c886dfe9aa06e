//! Which device and model a row of a training table means.

use super::published::published_shape;
use crate::catalog::{AcceleratorSpec, Catalog, Entry};
use crate::evaluate::workload::from_catalog;
use crate::evaluate::workload::{ArchClass, Device, ModelArch};

/// Words of tables for accelerators of the catalogue.
const DEVICES: [(&str, &str); 6] = [
    ("a100", "a100_sxm_80"),
    ("a10080e", "a100_sxm_80"),
    ("h10080gnvl8", "h100_sxm"),
    ("h800", "h100_sxm"),
    ("gb200", "gb200_gpu"),
    ("gb300", "gb300_gpu"),
];
/// Words of tables for models of the catalogue.
const MODELS: [(&str, &str); 7] = [
    ("llama38b", "llama31_8b"),
    ("llama370b", "llama31_70b"),
    ("llama3370b", "llama31_70b"),
    ("llama270b", "llama31_70b"),
    ("llama270blora", "llama31_70b"),
    ("llama3405b", "llama31_405b"),
    ("deepseekv3671b", "deepseek_v3"),
];
/// NVLink of the H800, bytes/s in one direction: 400 GB/s both ways (public reports of the
/// export version; from memory).
const H800_LINK_BYTE_S: f64 = 200e9;
/// Vocabulary of Llama 2.
const LLAMA_2_VOCAB: u32 = 32_000;

/// A name without case, spaces and marks.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether an accelerator goes by a plain name.
fn matches(e: &Entry<AcceleratorSpec>, wanted: &str) -> bool {
    let short = plain(&e.id);
    short == wanted || short.strip_suffix("sxm") == Some(wanted) || plain(&e.name) == wanted
}

/// The device that a table calls `name`, or the nearest known names.
pub(super) fn device(catalog: &Catalog, name: &str) -> Result<(Device, ArchClass), String> {
    let whole = plain(name);
    let known = |word: &str| catalog.accelerators.iter().any(|e| matches(e, word));
    // `DGX-GB300` and `GB300 NVL72` name the part in one of their words.
    let part = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .map(plain)
        .find(|word| !word.is_empty() && (known(word) || DEVICES.iter().any(|(w, _)| w == word)));
    let is_whole = known(&whole) || DEVICES.iter().any(|(w, _)| *w == whole);
    let wanted = if is_whole { whole } else { part.unwrap_or(whole) };
    let alias = DEVICES.iter().find(|(word, _)| *word == wanted).map(|(_, id)| *id);
    let entry = alias
        .and_then(|id| catalog.accelerators.find(id))
        .or_else(|| catalog.accelerators.iter().find(|e| matches(e, &wanted)));
    let Some(entry) = entry else {
        return Err(unknown("device", name, &catalog.accelerators.nearest(name)));
    };
    let mut device = from_catalog::device(entry, None, 1.0)
        .map_err(|field| format!("{} has no {field} in the catalogue", entry.id))?;
    if wanted == "h800" {
        device.scale_up_byte_s = H800_LINK_BYTE_S;
        device.name = "NVIDIA H800".into();
    }
    Ok((device, ArchClass::of(&entry.spec.arch)))
}

/// The model that a table calls `name`, or the nearest known names.
pub(super) fn model(catalog: &Catalog, name: &str) -> Result<ModelArch, String> {
    let wanted = plain(name);
    if let Some(shape) = published_shape(&wanted) {
        return Ok(shape);
    }
    let alias = MODELS.iter().find(|(word, _)| *word == wanted).map(|(_, id)| *id);
    let entry = alias.and_then(|id| catalog.models.find(id)).or_else(|| {
        catalog.models.iter().find(|e| plain(&e.id) == wanted || plain(&e.name) == wanted)
    });
    let Some(entry) = entry else {
        return Err(unknown("model", name, &catalog.models.nearest(name)));
    };
    let mut arch = from_catalog::model(entry);
    if wanted.starts_with("llama2") {
        arch.vocab = LLAMA_2_VOCAB;
        arch.name = "Llama 2 70B".into();
    }
    Ok(arch)
}

fn unknown(kind: &str, name: &str, nearest: &[String]) -> String {
    let known = if nearest.is_empty() {
        "the catalogue lists what is known".to_owned()
    } else {
        format!("nearest known: {}", nearest.join(", "))
    };
    format!("no {kind} is called \"{name}\"; {known}")
}
