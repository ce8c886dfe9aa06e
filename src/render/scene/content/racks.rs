//! Racks: the front shows intake by height, the rear exhaust, the top the overlay's value.

use super::Content;
use super::boxes::{body, edges, foot, lid, upright, wall};
use crate::evaluate::air::RackAir;
use crate::evaluate::result::RackSummary;
use crate::plan::{Contents, Facing, ObjectId, Rack};
use crate::render::colormap::Rgb;
use crate::render::overlay::{Overlay, Scale};
use crate::render::scene::camera::Bounds;
use crate::render::scene::look::Look;
use crate::render::scene::mesh::{Part, lit, mix, with_alpha};
use crate::units::ZERO_CELSIUS_K;
use std::collections::BTreeMap;

/// Frame around the panel of a face, as a share of its width and of its height.
const FRAME: [f32; 2] = [0.06, 0.025];
/// Gap between two slices of a panel, as a share of the height.
const GAP: f32 = 0.006;
/// Distance of panels from the face they are on, m.
const LIFT_M: f32 = 0.004;
/// Opacity of a rack that is only reserved.
const GHOST: u8 = 36;
/// Slices of a front that shows one value.
const PLAIN_SLICES: usize = 7;

/// All racks.
#[must_use]
pub fn racks(content: &Content<'_>, look: &Look) -> Part {
    let scale = content.results.and_then(|r| look.overlay.scale(r));
    let air = content.results.map(|r| &r.air.racks).into_iter().flatten();
    let air: BTreeMap<ObjectId, &RackAir> =
        air.filter_map(|r| r.object.map(|id| (id, r))).collect();
    let mut part = Part::default();
    for rack in &content.plan.floor.racks {
        let shown = Shown {
            rack,
            bounds: upright(&rack.footprint(), 0.0, rack.size_mm.height as f32 * 1e-3),
            summary: content.results.and_then(|r| r.rack(rack.id)),
            air: air.get(&rack.id).copied(),
            scale: scale.as_ref(),
            look,
        };
        shown.draw(&mut part);
    }
    part
}

struct Shown<'a> {
    rack: &'a Rack,
    bounds: Bounds,
    summary: Option<&'a RackSummary>,
    air: Option<&'a RackAir>,
    scale: Option<&'a Scale>,
    look: &'a Look,
}

impl Shown<'_> {
    fn draw(&self, part: &mut Part) {
        let palette = &self.look.palette;
        let id = self.rack.id.0 + 1;
        let edge = mix(palette.body, palette.edge, 0.4);
        if self.rack.contents == Contents::Reserved {
            self.ghost(part, id);
        } else {
            body(&mut part.solid, &self.bounds, palette.body, id);
            self.front(part, id);
            self.rear(part, id);
            let top = self.value_colour().unwrap_or(palette.body);
            lid(&mut part.solid, &self.bounds, 0.05, LIFT_M, with_alpha(top, 255), id);
            edges(part, &self.bounds, with_alpha(edge, 255), 1.0);
        }
        if self.look.selection.contains(&self.rack.id) {
            edges(part, &self.bounds, with_alpha(palette.accent, 255), 2.6);
            foot(part, &self.bounds, with_alpha(palette.accent, 255), 2.6);
        } else if self.summary.is_some_and(|s| self.look.overlay.past_limit(s)) {
            edges(part, &self.bounds, with_alpha(palette.bad, 255), 1.8);
        }
    }

    fn ghost(&self, part: &mut Part, id: u32) {
        let palette = &self.look.palette;
        for facing in Facing::ALL {
            wall(&self.bounds, facing).plain(&mut part.clear, palette.muted, GHOST, id);
        }
        lid(&mut part.clear, &self.bounds, 0.0, 0.0, with_alpha(palette.muted, GHOST), id);
        edges(part, &self.bounds, with_alpha(palette.muted, 190), 1.0);
        foot(part, &self.bounds, with_alpha(palette.muted, 190), 1.0);
    }

    /// Slices of the front, bottom to top.
    fn front(&self, part: &mut Part, id: u32) {
        let by_height =
            self.air.filter(|a| self.look.overlay.shows_air() && !a.intake_by_height_k.is_empty());
        let colours: Vec<Rgb> = match (by_height, self.scale) {
            (Some(air), Some(scale)) => {
                air.intake_by_height_k.iter().map(|t| scale.colour(t - ZERO_CELSIUS_K)).collect()
            }
            _ => vec![self.value_colour().unwrap_or(self.kind_colour()); PLAIN_SLICES],
        };
        let face = wall(&self.bounds, self.rack.facing);
        let across = [FRAME[0], 1.0 - FRAME[0]];
        let share = (1.0 - 2.0 * FRAME[1]) / colours.len() as f32;
        for (i, colour) in colours.into_iter().enumerate() {
            let from = FRAME[1] + share * i as f32;
            let both = [with_alpha(lit(colour, 0.94), 255), with_alpha(colour, 255)];
            face.panel(&mut part.solid, across, [from + GAP, from + share - GAP], LIFT_M, both, id);
        }
    }

    /// The rear: exhaust temperature, or the frame of a rear-door heat exchanger around it.
    fn rear(&self, part: &mut Part, id: u32) {
        let palette = &self.look.palette;
        let face = wall(&self.bounds, self.rack.facing.opposite());
        let exhaust = self.summary.and_then(|s| s.exhaust_c);
        let colour = match (exhaust, self.scale) {
            (Some(t), Some(scale)) if self.look.overlay.shows_air() => {
                mix(scale.colour(t), palette.body, 0.25)
            }
            _ => mix(palette.body, palette.edge, 0.25),
        };
        let both = [with_alpha(lit(colour, 0.86), 255), with_alpha(colour, 255)];
        let frame = if self.rack.rear_door.is_some() {
            let teal = mix(palette.body, palette.cooling, 0.75);
            let door = [with_alpha(lit(teal, 0.8), 255), with_alpha(teal, 255)];
            face.panel(&mut part.solid, [0.02, 0.98], [0.01, 0.99], LIFT_M, door, id);
            0.14
        } else {
            0.08
        };
        let height = frame * 0.35;
        let (x, y) = ([frame, 1.0 - frame], [height, 1.0 - height]);
        face.panel(&mut part.solid, x, y, 2.0 * LIFT_M, both, id);
    }

    /// Colour of the overlay's value; grey without one; none on the bare drawing.
    fn value_colour(&self) -> Option<Rgb> {
        let palette = &self.look.palette;
        if self.look.overlay == Overlay::Plan {
            return Some(mix(palette.body, self.kind_colour(), 0.45));
        }
        let scale = self.scale?;
        let value = self.summary.and_then(|s| self.look.overlay.rack_value(s));
        Some(value.map_or(mix(palette.body, palette.muted, 0.4), |v| scale.colour(v)))
    }

    fn kind_colour(&self) -> Rgb {
        let palette = &self.look.palette;
        match self.rack.contents {
            Contents::Compute { .. } => palette.compute,
            Contents::Network | Contents::Storage => palette.network,
            Contents::Reserved => palette.muted,
        }
    }
}
