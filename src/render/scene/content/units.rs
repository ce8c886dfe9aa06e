//! Cooling units: the front shows the supply temperature, the top the return.

use super::Content;
use super::boxes::{body, edges, foot, lid, upright, wall};
use crate::catalog::spec::CoolingKind;
use crate::evaluate::air::UnitAir;
use crate::plan::CoolingUnit;
use crate::render::colormap::Rgb;
use crate::render::overlay::Scale;
use crate::render::scene::look::Look;
use crate::render::scene::mesh::{Mesh, Part, lit, mix, with_alpha};
use crate::units::ZERO_CELSIUS_K;

/// Louvres on a supply front.
const LOUVRES: usize = 9;
/// Distance of panels from the face they are on, m.
const LIFT_M: f32 = 0.004;

/// Adds all units.
pub fn units(content: &Content<'_>, look: &Look, part: &mut Part) {
    let air_scale = content.results.and_then(|r| look.overlay.scale(r));
    let scale = air_scale.filter(|_| look.overlay.shows_air());
    for unit in &content.plan.floor.units {
        let answers = content.results.map(|r| &r.air.units).into_iter().flatten();
        let air = answers.into_iter().find(|u| u.object == Some(unit.id));
        draw(part, unit, is_coolant(content, unit), air, scale.as_ref(), look);
    }
}

fn is_coolant(content: &Content<'_>, unit: &CoolingUnit) -> bool {
    let kind = content.catalog.cooling.get(&unit.model).map(|entry| entry.spec.kind);
    matches!(kind, Some(CoolingKind::CduL2l | CoolingKind::CduInrack | CoolingKind::CduL2a))
}

fn draw(
    part: &mut Part,
    unit: &CoolingUnit,
    coolant: bool,
    air: Option<&UnitAir>,
    scale: Option<&Scale>,
    look: &Look,
) {
    let palette = &look.palette;
    let id = unit.id.0 + 1;
    let bounds = upright(&unit.footprint(), 0.0, unit.size_mm.height as f32 * 1e-3);
    let kind = if coolant { palette.compute } else { palette.cooling };
    let casing = mix(palette.body, kind, if unit.failed { 0.12 } else { 0.38 });
    body(&mut part.solid, &bounds, casing, id);
    let moving = air.filter(|a| a.flow_m3_s > 0.0);
    let of = |t_k: f64| scale.map(|s| s.colour(t_k - ZERO_CELSIUS_K));
    let front = moving.and_then(|a| of(a.supply_k));
    let top = moving.and_then(|a| of(a.return_k));
    let face = wall(&bounds, unit.facing);
    if coolant {
        let door = mix(casing, kind, 0.35);
        for x in [[0.05, 0.485], [0.515, 0.95]] {
            let both = [with_alpha(lit(door, 0.8), 255), with_alpha(door, 255)];
            face.panel(&mut part.solid, x, [0.04, 0.96], LIFT_M, both, id);
        }
    } else {
        let colour = front.unwrap_or_else(|| mix(casing, kind, 0.4));
        louvres(&mut part.solid, &face, colour, id);
        let grille = top.unwrap_or_else(|| mix(casing, kind, 0.25));
        lid(&mut part.solid, &bounds, 0.12, LIFT_M, with_alpha(grille, 255), id);
    }
    let edge = with_alpha(mix(casing, palette.edge, 0.55), 255);
    edges(part, &bounds, edge, 1.0);
    if unit.failed {
        let bad = with_alpha(palette.bad, 255);
        let p = |x, y| face.point(x, y, 0.02);
        part.line(p(0.05, 0.05), p(0.95, 0.95), bad, 3.0);
        part.line(p(0.05, 0.95), p(0.95, 0.05), bad, 3.0);
        edges(part, &bounds, bad, 1.8);
    }
    if look.selection.contains(&unit.id) {
        let accent = with_alpha(palette.accent, 255);
        edges(part, &bounds, accent, 2.6);
        foot(part, &bounds, accent, 2.6);
    }
}

fn louvres(mesh: &mut Mesh, face: &super::boxes::Wall, colour: Rgb, id: u32) {
    let (from, to) = (0.05, 0.95);
    let share = (to - from) / LOUVRES as f32;
    for i in 0..LOUVRES {
        let low = from + share * i as f32;
        let both = [with_alpha(lit(colour, 0.72), 255), with_alpha(colour, 255)];
        face.panel(mesh, [0.05, 0.95], [low + 0.012, low + share - 0.012], LIFT_M, both, id);
    }
}
