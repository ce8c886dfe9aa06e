//! Containment: the very panels that the air solver sees, translucent; the aisle's floor tinted.

use crate::evaluate::air::{Baffle, containment_panels};
use crate::plan::{Aisle, Plan};
use crate::render::scene::look::Look;
use crate::render::scene::mesh::{NOTHING, Part, mix, with_alpha};
use crate::render::scene::vector::Vec3;
use std::collections::BTreeMap;

/// Opacity of an upright panel and of a roof.
const OPACITY: [u8; 2] = [34, 26];

/// The panels of a plan.
#[must_use]
pub fn walls(plan: &Plan) -> Vec<Baffle> {
    containment_panels(plan, f64::from(plan.hall.height_mm) * 1e-3)
}

/// All panels.
#[must_use]
pub fn panels(plan: &Plan, look: &Look) -> Part {
    let palette = &look.palette;
    let floor = &plan.floor;
    let colours: BTreeMap<_, _> = floor
        .containments
        .iter()
        .map(|c| (c.id, if c.aisle == Aisle::Hot { palette.warn } else { palette.accent }))
        .collect();
    let mut part = Part::default();
    for c in &floor.containments {
        let [lo, hi] = super::boxes::upright(&c.area, 0.0, 0.003);
        let chosen = look.selection.contains(&c.id);
        let ink = if chosen { palette.accent } else { colours[&c.id] };
        let tint = with_alpha(mix(palette.floor, ink, if chosen { 0.3 } else { 0.14 }), 255);
        let (u, v) = ([hi[0] - lo[0], 0.0, 0.0], [0.0, hi[1] - lo[1], 0.0]);
        part.solid.patch([lo[0], lo[1], hi[2]], u, v, tint, c.id.0 + 1);
    }
    for panel in walls(plan) {
        let chosen = panel.object.is_some_and(|id| look.selection.contains(&id));
        let colour = panel.object.and_then(|id| colours.get(&id)).copied();
        let ink = if chosen { palette.accent } else { colour.unwrap_or(palette.muted) };
        sheet(&mut part, &panel, ink, chosen);
    }
    part
}

fn sheet(part: &mut Part, panel: &Baffle, ink: [u8; 3], chosen: bool) {
    let (lo, hi) = (panel.min_m.map(|v| v as f32), panel.max_m.map(|v| v as f32));
    let Some(flat) = (0..3).find(|a| panel.min_m[*a] == panel.max_m[*a]) else { return };
    let (a, b) = ((flat + 1) % 3, (flat + 2) % 3);
    let corner = |x: f32, y: f32| -> Vec3 {
        let mut p = lo;
        (p[a], p[b]) = (x, y);
        p
    };
    let ring =
        [corner(lo[a], lo[b]), corner(hi[a], lo[b]), corner(hi[a], hi[b]), corner(lo[a], hi[b])];
    let alpha = OPACITY[usize::from(flat == 2)];
    part.clear.quad(ring, [with_alpha(ink, alpha); 4], NOTHING);
    let (edge, width) = if chosen { (255, 2.4) } else { (150, 1.1) };
    for i in 0..4 {
        part.line(ring[i], ring[(i + 1) % 4], with_alpha(ink, edge), width);
    }
}
