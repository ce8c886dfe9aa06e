//! Accelerators and models by the names that people and published tables write.
//!
//! `deepseek-ai/DeepSeek-R1-0528-FP4`, `DeepSeek-R1` and `deepseek_r1` are one model;
//! `H100-SXM-80GBx8`, `h100_sxm` and `NVIDIA H100 80GB HBM3` one accelerator. A name is cut into
//! words, words that say nothing of the shape (organisation, number format, form, count) are
//! dropped, and what is left is compared with the names of the catalogue cut in the same way. The
//! catalogue may carry entries of the user's own; those are found like the shipped ones.

use super::CaseError;
use crate::catalog::{AcceleratorSpec, Catalog, Entry, ModelSpec, Table, nearest_names};
use crate::evaluate::workload::{Device, ModelArch, from_catalog};
use std::sync::Arc;

/// Words of a model's name that leave its shape alone: who publishes it, its number format, what
/// it was tuned for, date of a re-release.
const MODEL_NOISE: &[&str] = &[
    "0528",
    "0711",
    "0905",
    "2507",
    "amd",
    "awq",
    "base",
    "bf16",
    "block",
    "chat",
    "dynamic",
    "fp16",
    "fp4",
    "fp8",
    "gptq",
    "hf",
    "instruct",
    "int4",
    "int8",
    "it",
    "lora",
    "meta",
    "mxfp4",
    "mxfp8",
    "nvfp4",
    "nvidia",
    "preview",
    "quant",
    "quantized",
    "thinking",
    "trt",
    "trtllm",
    "turbo",
    "v0.1",
    "v1",
    "w4a16",
    "w8a8",
];

/// Models that share the shape of a catalogue entry, by name without noise.
///
/// Meta's 70B is unchanged from Llama 3 to 3.3; GLM-5.1 to 5.3 carry GLM-5's widths (their public
/// configurations; 5.2 and 5.3 run the indexer in every fourth layer only); Kimi K2.6 and K2.7
/// those of K2.5; DeepSeek-V3.1 those of V3. MiniMax-M2 and M2.1: from memory.
const MODEL_ALIASES: &[(&str, &str)] = &[
    ("deepseekv3.1", "deepseek_v3"),
    ("dsr1", "deepseek_r1"),
    ("dsv3", "deepseek_v3"),
    ("glm5.1", "glm5"),
    ("glm5.2", "glm5"),
    ("glm5.3", "glm5"),
    ("gpt175b", "gpt3_175b"),
    ("gpt3", "gpt3_175b"),
    ("gptoss", "gpt_oss_120b"),
    ("kimik2.6", "kimi_k25"),
    ("kimik2.7", "kimi_k25"),
    ("kimik2.7code", "kimi_k25"),
    ("llama38b", "llama31_8b"),
    ("llama370b", "llama31_70b"),
    ("llama3.370b", "llama31_70b"),
    ("llama3405b", "llama31_405b"),
    ("minimaxm2", "minimax_m25"),
    ("minimaxm2.1", "minimax_m25"),
    ("mixtral", "mixtral_8x7b"),
    ("qwen3480b", "qwen3_coder_480b"),
    ("qwen3coder", "qwen3_coder_480b"),
];

/// Words of an accelerator's name that do not tell one product from another here.
const DEVICE_NOISE: &[&str] = &[
    "aarch64",
    "aarch64x4",
    "aarch64x64",
    "aarch64x72",
    "amd",
    "aws",
    "dgx",
    "google",
    "gpu",
    "hbm2e",
    "hbm3",
    "hbm3e",
    "hgx",
    "instinct",
    "intel",
    "nvidia",
    "nvl72",
    "nvl8",
    "oam",
    "per",
    "sxm",
    "sxm4",
    "sxm5",
    "sxm6",
    "trt",
    "vllm",
];

/// Short names of accelerators, without noise, and the entry meant: the form that serves.
const DEVICE_ALIASES: &[(&str, &str)] = &[
    ("a100", "a100_sxm_80"),
    ("gaudi3", "gaudi3_oam"),
    ("gb200", "gb200_gpu"),
    ("gb300", "gb300_gpu"),
    ("rtxpro6000", "rtx_pro_6000_se"),
    ("rtxpro6000blackwellserver", "rtx_pro_6000_se"),
    ("rtxpro6000d", "rtx_pro_6000_se"),
    ("rtxpro6000server", "rtx_pro_6000_se"),
    ("rubin", "rubin_gpu"),
    ("trn2", "trainium2"),
    ("trn3", "trainium3"),
    ("vr200", "rubin_gpu"),
];

/// The accelerator that `name` means, in the largest scale-up domain of its kind: 8 in an HGX
/// server, 72 in GB200, GB300 and VR200 racks.
///
/// # Errors
/// A name that nothing in the catalogue answers to, with the nearest known ones, or an entry
/// without arithmetic rates.
pub fn device_named(catalog: &Catalog, name: &str) -> Result<Device, CaseError> {
    let entry = accelerator_named(catalog, name)?;
    from_catalog::device(entry, None, 1.0)
        .map_err(|field| CaseError::solver(format!("the catalogue has no {field} of {}", entry.id)))
}

/// The shape of the model that `name` means.
///
/// # Errors
/// A name that nothing in the catalogue answers to, with the nearest known ones.
pub fn model_named(catalog: &Catalog, name: &str) -> Result<ModelArch, CaseError> {
    Ok(from_catalog::model(model_entry_named(catalog, name)?))
}

/// The catalogue entry of the accelerator that `name` means.
///
/// # Errors
/// A name that nothing answers to.
pub fn accelerator_named<'a>(
    catalog: &'a Catalog,
    name: &str,
) -> Result<&'a Arc<Entry<AcceleratorSpec>>, CaseError> {
    find(&catalog.accelerators, name, DEVICE_ALIASES, device_key)
        .ok_or_else(|| unknown("accelerator", name, &catalog.accelerators, device_key))
}

/// The catalogue entry of the model that `name` means.
///
/// # Errors
/// A name that nothing answers to.
pub fn model_entry_named<'a>(
    catalog: &'a Catalog,
    name: &str,
) -> Result<&'a Arc<Entry<ModelSpec>>, CaseError> {
    find(&catalog.models, name, MODEL_ALIASES, model_key)
        .ok_or_else(|| unknown("model", name, &catalog.models, model_key))
}

/// An entry by id, by its own name, or by an alias; in that order, so that a user's entry hides an
/// alias.
fn find<'a, S>(
    table: &'a Table<S>,
    name: &str,
    aliases: &[(&str, &str)],
    key: fn(&str) -> String,
) -> Option<&'a Arc<Entry<S>>> {
    let name = name.trim();
    if let Some(entry) = table.find(name) {
        return Some(entry);
    }
    let wanted = key(name);
    if wanted.is_empty() {
        return None;
    }
    let without_points = wanted.replace('.', "");
    let same = |text: &str| key(text).replace('.', "") == without_points;
    table.iter().find(|e| same(&e.id) || same(&e.name)).or_else(|| {
        let (_, id) = aliases.iter().find(|(alias, _)| *alias == wanted)?;
        table.find(id)
    })
}

fn unknown<S>(
    kind: &'static str,
    name: &str,
    table: &Table<S>,
    key: fn(&str) -> String,
) -> CaseError {
    const SHOWN: usize = 3;
    let names = table.iter().map(|e| (key(&e.name), e.name.as_str()));
    let nearest = nearest_names(&key(name), names, SHOWN);
    CaseError::Unknown { kind, name: name.into(), nearest: nearest.join(", ") }
}

/// What is left of an accelerator's name: `8xH100-SXM-80GBx8` → `h100`.
fn device_key(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = words(&lower).map(uncounted);
    words.filter(|word| !DEVICE_NOISE.contains(word) && !is_size_or_count(word)).collect()
}

/// What is left of a model's name: `meta-llama/Meta-Llama-3.1-70B-Instruct` → `llama3.170b`.
fn model_key(name: &str) -> String {
    let lower = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    words(&lower).filter(|word| !MODEL_NOISE.contains(word)).collect()
}

fn words(lower: &str) -> impl Iterator<Item = &str> {
    let parts = lower.split(|c: char| !(c.is_alphanumeric() || c == '.'));
    parts.map(|word| word.trim_matches('.')).filter(|word| !word.is_empty())
}

/// `8xmi300x` → `mi300x`.
fn uncounted(word: &str) -> &str {
    match word.split_once('x') {
        Some((count, rest)) if is_number(count) && !rest.is_empty() => rest,
        _ => word,
    }
}

/// `80gb`, `80g`, `80e`, `x8`, `80gbx8`.
fn is_size_or_count(word: &str) -> bool {
    let (size, count) = word.split_once('x').unwrap_or((word, ""));
    let memory = ["gb", "g", "e"].iter().any(|unit| size.strip_suffix(unit).is_some_and(is_number));
    memory || size.is_empty() && is_number(count)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::shipped;

    #[test]
    fn models_are_found_as_people_write_them() {
        let catalog = shipped().unwrap();
        for (name, id) in [
            ("deepseek-ai/DeepSeek-V3", "deepseek_v3"),
            ("DeepSeekV3", "deepseek_v3"),
            ("DeepSeek-R1", "deepseek_r1"),
            ("deepseek-ai/DeepSeek-R1-0528", "deepseek_r1"),
            ("nvidia/DeepSeek-R1-0528-FP4", "deepseek_r1"),
            ("deepseek-ai/DeepSeek-V3.2", "deepseek_v32"),
            ("meta-llama/Meta-Llama-3.1-70B-Instruct", "llama31_70b"),
            ("Llama-3.3-70B", "llama31_70b"),
            ("LLAMA3_70B", "llama31_70b"),
            ("Llama-2-70B", "llama2_70b"),
            ("Llama-2-70B-LoRA", "llama2_70b"),
            ("meta-llama/Llama-2-70b-chat-hf", "llama2_70b"),
            ("LLAMA3.1_405B", "llama31_405b"),
            ("Llama-3.1-8B", "llama31_8b"),
            ("meta-llama/Llama-4-Maverick-17B-128E-Instruct", "llama4_maverick"),
            ("gpt-oss-120b", "gpt_oss_120b"),
            ("GPT OSS 120B", "gpt_oss_120b"),
            ("openai/gpt-oss-20b", "gpt_oss_20b"),
            ("Qwen3_30B_a3B", "qwen3_30b_a3b"),
            ("Qwen/Qwen3-235B-A22B", "qwen3_235b_a22b"),
            ("Qwen3-32B", "qwen3_32b"),
            ("Qwen3.5-397B-A17B", "qwen35_397b_a17b"),
            ("nvidia/Qwen3.5-397B-A17B-NVFP4", "qwen35_397b_a17b"),
            ("Kimi-K2.5-NVFP4", "kimi_k25"),
            ("moonshotai/Kimi-K2-Instruct", "kimi_k2"),
            ("nvidia/Kimi-K2.6-NVFP4", "kimi_k25"),
            ("GLM-5-FP8", "glm5"),
            ("zai-org/GLM-5.1", "glm5"),
            ("MiniMaxAI/MiniMax-M2.5", "minimax_m25"),
            ("Mixtral-8x7B", "mixtral_8x7b"),
            ("mistralai/Mixtral-8x7B-v0.1", "mixtral_8x7b"),
            ("GPT-175B", "gpt3_175b"),
            ("GPT-22B", "gpt_22b"),
            ("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8", "nemotron3_super"),
        ] {
            let found = model_entry_named(&catalog, name).map(|e| e.id.clone());
            assert_eq!(found.as_deref(), Ok(id), "{name}");
        }
    }

    #[test]
    fn accelerators_are_found_as_people_write_them() {
        let catalog = shipped().unwrap();
        for (name, id, domain) in [
            ("h100_sxm", "h100_sxm", 8),
            ("H100-SXM-80GBx8", "h100_sxm", 8),
            ("NVIDIA H100 80GB HBM3", "h100_sxm", 8),
            ("DGX-H100", "h100_sxm", 8),
            ("h200_sxm", "h200_sxm", 8),
            ("B200", "b200_sxm", 8),
            ("B200-SXM-180GBx8_TRT", "b200_sxm", 8),
            ("b300_sxm", "b300_sxm", 8),
            ("gb200", "gb200_gpu", 72),
            ("GB200-NVL72", "gb200_gpu", 72),
            ("gb300", "gb300_gpu", 72),
            ("a100_sxm", "a100_sxm_80", 8),
            ("A100", "a100_sxm_80", 8),
            ("a100_80e", "a100_sxm_80", 8),
            ("h100_80g_nvl8", "h100_sxm", 8),
            ("l40s", "l40s", 8),
            ("rtx_pro_6000_server", "rtx_pro_6000_se", 8),
            ("mi300x", "mi300x", 8),
            ("AMD Instinct MI325X", "mi325x", 8),
            ("8xMI355X", "mi355x", 8),
            ("MI355X", "mi355x", 8),
        ] {
            let found = accelerator_named(&catalog, name).map(|e| e.id.clone());
            assert_eq!(found.as_deref(), Ok(id), "{name}");
            assert_eq!(device_named(&catalog, name).unwrap().scale_up_domain, domain, "{name}");
        }
    }

    #[test]
    fn what_is_not_known_is_answered_with_the_nearest() {
        let catalog = shipped().unwrap();
        let said = device_named(&catalog, "h10_sxm").unwrap_err().to_string();
        assert!(said.contains("h10_sxm") && said.contains("NVIDIA H100 SXM"), "{said}");
        let said = model_named(&catalog, "Lama-3.1-70B").unwrap_err().to_string();
        assert!(said.contains("Llama 3.1 70B"), "{said}");
        assert_eq!(said.matches(", ").count(), 2, "three are named: {said}");
        assert!(device_named(&catalog, "").is_err() && model_named(&catalog, "fp8").is_err());
        // A different product is no spelling of a known one.
        assert!(device_named(&catalog, "H100 NVL").is_err());
        assert_eq!(accelerator_named(&catalog, "H100 PCIe").unwrap().id, "h100_pcie");
    }

    #[test]
    fn entries_of_the_user_are_found_by_name() {
        let mut catalog = (*shipped().unwrap()).clone();
        let mut mine = (**catalog.accelerators.find("h100_sxm").unwrap()).clone();
        (mine.id, mine.name) = ("x9000".into(), "Acme X9000 128GB".into());
        catalog.accelerators.insert(Arc::new(mine));
        assert_eq!(device_named(&catalog, "acme x9000").unwrap().name, "Acme X9000 128GB");
    }
}
