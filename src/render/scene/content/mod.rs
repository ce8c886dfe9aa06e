//! From plan and results to a scene. Parts that did not change are kept from picture to picture.

mod air;
mod boxes;
mod panels;
mod racks;
mod shell;
mod units;

use super::look::{Look, Palette, Section};
use super::mesh::{Part, Scene};
use crate::catalog::Catalog;
use crate::evaluate::air::AirResult;
use crate::evaluate::result::{Quality, Results};
use crate::plan::{Floor, Hall, ObjectId, Plan};
use crate::render::overlay::{Overlay, Scale};
use std::collections::BTreeSet;
use std::sync::Arc;

pub use shell::room;

/// What there is to show.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The catalogue.
    pub catalog: &'a Catalog,
    /// Results, maybe of an older plan.
    pub results: Option<&'a Results>,
}

/// The temperature whose surface is shown when none was chosen: the lowest limit of any rack's
/// inlet, °C.
#[must_use]
pub fn limit_temperature_c(results: &Results) -> Option<f64> {
    Overlay::Inlet.scale(results).and_then(|scale| scale.limit)
}

/// Builds scenes and keeps the parts that are dear.
#[derive(Default)]
pub struct Builder {
    shell: Kept<ShellKey>,
    equipment: Kept<EquipmentKey>,
    slice: Kept<(Same<AirResult>, u64, Palette)>,
    section: Kept<(Same<AirResult>, Section, Palette)>,
    surface: Kept<(Same<AirResult>, u64, Palette)>,
    paths: Kept<(Same<AirResult>, Same<Floor>, Palette)>,
}

type ShellKey = (Same<Floor>, Same<Hall>, Palette);
type EquipmentKey =
    (Same<Floor>, Option<(Same<AirResult>, u64, Quality)>, Overlay, Palette, BTreeSet<ObjectId>);

impl Builder {
    /// The scene of a plan.
    pub fn build(&mut self, content: &Content<'_>, look: &Look) -> Scene {
        let Content { plan, .. } = *content;
        let palette = look.palette;
        let (floor, hall) = (Same(Arc::clone(&plan.floor)), Same(Arc::clone(&plan.hall)));
        let mut parts =
            vec![self.shell.get((floor, hall, palette), || shell::shell(plan, &palette))];
        if look.layers.equipment {
            let answer = content.results.map(|r| (Same(Arc::clone(&r.air)), r.revision, r.quality));
            let floor = Same(Arc::clone(&plan.floor));
            let key = (floor, answer, look.overlay, palette, look.selection.clone());
            parts.push(self.equipment.get(key, || {
                let mut part = racks::racks(content, look);
                units::units(content, look, &mut part);
                part
            }));
        }
        if look.layers.containment {
            parts.push(Arc::new(panels::panels(plan, look)));
        }
        if let Some(results) = content.results {
            self.air(plan, results, look, &mut parts);
        }
        Scene { parts, bounds: room(plan), background: [palette.sky, palette.ground] }
    }

    fn air(&mut self, plan: &Plan, results: &Results, look: &Look, parts: &mut Vec<Arc<Part>>) {
        let (palette, layers) = (look.palette, look.layers);
        let air = || Same(Arc::clone(&results.air));
        let field = &results.air.field;
        let Some(scale) = temperature_scale(results) else { return };
        if let Some(height_m) = layers.slice_m {
            let make = || air::horizontal(field, height_m, &scale, &palette);
            parts.push(self.slice.get((air(), height_m.to_bits(), palette), make));
        }
        if let Some(section) = layers.section {
            let make = || air::vertical(field, section, &scale, &palette);
            parts.push(self.section.get((air(), section, palette), make));
        }
        let level = layers.surface_c.or_else(|| limit_temperature_c(results));
        if let Some(t_c) = level.filter(|_| layers.limit_surface) {
            let make = || air::surface(field, t_c, &palette);
            parts.push(self.surface.get((air(), t_c.to_bits(), palette), make));
        }
        if layers.streamlines {
            let floor = Same(Arc::clone(&plan.floor));
            let make = || air::paths(&plan.floor, field, &panels::walls(plan), &scale, &palette);
            parts.push(self.paths.get((air(), floor, palette), make));
        }
    }
}

/// The scale of everything that shows air, whatever racks are coloured by.
#[must_use]
pub fn temperature_scale(results: &Results) -> Option<Scale> {
    Overlay::Air.scale(results)
}

#[cfg(test)]
mod tests;

/// A value that counts as the same only if it is the very same one, not if it is alike.
pub struct Same<T>(pub Arc<T>);

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A part and what it was made from.
struct Kept<K> {
    of: Option<K>,
    part: Arc<Part>,
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self { of: None, part: Arc::default() }
    }
}

impl<K: PartialEq> Kept<K> {
    fn get(&mut self, of: K, make: impl FnOnce() -> Part) -> Arc<Part> {
        if self.of.as_ref() != Some(&of) {
            self.part = Arc::new(make());
            self.of = Some(of);
        }
        Arc::clone(&self.part)
    }
}
