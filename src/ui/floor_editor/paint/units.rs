//! Cooling units: CRAHs, fan walls, in-row units, CDUs.

use super::Scene;
use super::brush::{Brush, mix};
use super::label::ink_on;
use super::racks::edge;
use crate::catalog::Catalog;
use crate::catalog::spec::CoolingKind;
use crate::plan::CoolingUnit;
use crate::ui::theme::Theme;
use eframe::egui::{Color32, FontId, Painter};

/// Draws every unit in view.
pub fn paint(painter: &Painter, scene: &Scene<'_>) {
    let theme = scene.input.theme;
    let mut brush = Brush::new(painter);
    let mut names = Vec::new();
    for unit in &scene.input.plan.floor.units {
        let area = unit.footprint();
        if !area.overlaps(&scene.visible) {
            continue;
        }
        let r = brush.snap_rect(scene.camera.screen_rect(&area));
        let colour = kind_colour(unit, scene.input.catalog, theme);
        let fill = mix(theme.floor, colour, if unit.failed { 0.08 } else { 0.22 });
        brush.rect(r, fill);
        brush.frame(r, 1.5, mix(theme.floor, colour, 0.85));
        brush.rect(edge(r.shrink(3.0), unit.facing, 2.0), colour);
        if unit.failed {
            brush.cross(r.shrink(2.0), 2.0, theme.bad);
        }
        if r.width().max(r.height()) > 32.0 && r.width().min(r.height()) > 12.0 {
            names.push((r, unit.name.as_str(), fill));
        }
    }
    brush.finish(painter);
    for (r, name, fill) in names {
        let upright = r.height() > r.width() * 1.4 && r.width() < 60.0;
        let ink = ink_on(fill).gamma_multiply(0.85);
        let font = FontId::proportional(if r.width().max(r.height()) < 48.0 { 8.0 } else { 10.0 });
        if upright {
            let galley = painter.layout_no_wrap(name.to_owned(), font, ink);
            if galley.size().x < r.height() - 6.0 {
                let at =
                    r.center() + eframe::egui::vec2(-galley.size().y / 2.0, galley.size().x / 2.0);
                let text = eframe::egui::epaint::TextShape::new(at, galley, ink);
                painter.add(text.with_angle(-std::f32::consts::FRAC_PI_2));
            }
        } else {
            let galley = painter.layout_no_wrap(name.to_owned(), font, ink);
            if galley.size().x < r.width() - 4.0 {
                painter.galley(r.center() - galley.size() / 2.0, galley, ink);
            }
        }
    }
}

/// Coolant equipment is blue-violet like the loop, air equipment teal.
fn kind_colour(unit: &CoolingUnit, catalog: &Catalog, theme: &Theme) -> Color32 {
    let kind = catalog.cooling.get(&unit.model).map(|entry| entry.spec.kind);
    match kind {
        Some(CoolingKind::CduL2l | CoolingKind::CduInrack | CoolingKind::CduL2a) => theme.compute,
        _ => theme.cooling,
    }
}
