//! Who heats whom: the racks that breathe the selected rack's exhaust, and whose it breathes.

use super::Scene;
use super::brush::Brush;
use super::label;
use crate::evaluate::air::Capture;
use crate::plan::ObjectId;
use eframe::egui::{Painter, Stroke, StrokeKind};

/// Shares of a rack's intake below this are not drawn.
const LEAST_SHARE: f64 = 0.005;
/// Share of a rack's intake that gets the widest arrow.
const FULL_SHARE: f64 = 0.3;

/// Draws arrows and shares around the one selected rack.
pub fn paint(painter: &Painter, scene: &Scene<'_>) {
    let state = scene.input.ui_state;
    let (Some(capture), 1) = (&state.capture, state.selection.len()) else { return };
    let Some(selected) = state.selection.first() else { return };
    let Some(at) = capture.racks.iter().position(|r| r.object == Some(*selected)) else { return };
    let mut brush = Brush::new(painter);
    let mut names = Vec::new();
    for (from, to, share) in pairs(capture, at) {
        let theme = scene.input.theme;
        let outgoing = from == *selected;
        let ink = if outgoing { theme.bad } else { theme.accent };
        let (Some(a), Some(b)) = (rect(scene, from), rect(scene, to)) else { continue };
        let other = if outgoing { b } else { a };
        painter.rect_filled(other, 0, ink.gamma_multiply(0.25 + 0.5 * strength(share)));
        painter.rect_stroke(other, 0, Stroke::new(1.5, ink), StrokeKind::Outside);
        let along = b.center() - a.center();
        if along.length() > 1.0 {
            let width = 1.0 + 4.0 * strength(share);
            brush.line(a.center(), b.center(), width, ink.gamma_multiply(0.8));
            brush.arrow(a.center() + along * 0.6, along.normalized() * 9.0, ink);
        }
        names.push((other, share, ink));
    }
    brush.finish(painter);
    for (r, share, ink) in names {
        let text = format!("{:.1} %", share * 100.0);
        label::chip(painter, r.center(), &text, ink, scene.input.theme);
    }
}

/// Heating rack, heated rack and share of the latter's intake, for one rack of the capture.
fn pairs(capture: &Capture, at: usize) -> Vec<(ObjectId, ObjectId, f64)> {
    let mut out = Vec::new();
    for (heated, rack) in capture.racks.iter().enumerate() {
        for h in rack.from_racks.iter().filter(|h| h.share >= LEAST_SHARE && h.rack != heated) {
            let ends = (capture.racks.get(h.rack).and_then(|r| r.object), rack.object);
            if (heated == at || h.rack == at)
                && let (Some(from), Some(to)) = ends
            {
                out.push((from, to, h.share));
            }
        }
    }
    out
}

fn strength(share: f64) -> f32 {
    (share / FULL_SHARE).clamp(0.0, 1.0) as f32
}

fn rect(scene: &Scene<'_>, id: ObjectId) -> Option<eframe::egui::Rect> {
    let object = scene.input.plan.floor.object(id)?;
    Some(scene.camera.screen_rect(&object.footprint()))
}
