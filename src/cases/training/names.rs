//! Which device and model a row of a training table means: those of the catalogue, the shapes of
//! papers, and the export version of the H100.

use super::super::CaseError;
use super::super::hardware::{accelerator_named, model_entry_named};
use super::published::published_shape;
use crate::catalog::Catalog;
use crate::evaluate::workload::from_catalog;
use crate::evaluate::workload::{ArchClass, Device, ModelArch};

/// NVLink of the H800, bytes/s in one direction: 400 GB/s both ways (public reports of the
/// export version; from memory).
const H800_LINK_BYTE_S: f64 = 200e9;

/// A name without case, spaces and marks.
pub(super) fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The device that a table calls `name`, or the nearest known names.
pub(super) fn device(catalog: &Catalog, name: &str) -> Result<(Device, ArchClass), CaseError> {
    let export = plain(name) == "h800";
    let entry = accelerator_named(catalog, if export { "h100_sxm" } else { name })?;
    let mut device = from_catalog::device(entry, None, 1.0).map_err(|field| {
        CaseError::solver(format!("{} has no {field} in the catalogue", entry.id))
    })?;
    if export {
        device.scale_up_byte_s = H800_LINK_BYTE_S;
        device.name = "NVIDIA H800".into();
    }
    Ok((device, ArchClass::of(&entry.spec.arch)))
}

/// The model that a table calls `name`, or the nearest known names.
pub(super) fn model(catalog: &Catalog, name: &str) -> Result<ModelArch, CaseError> {
    match published_shape(&plain(name)) {
        Some(shape) => Ok(shape),
        None => Ok(from_catalog::model(model_entry_named(catalog, name)?)),
    }
}
