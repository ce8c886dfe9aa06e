//! Stacked bars of shares on paper: where a step's time goes.

use super::flow::Flow;
use super::sheet::{CONTENT_W, MARGIN, Style};
use crate::evaluate::workload::WorkloadLimit;
use crate::render::chart::serving::Stack;
use crate::report::colour::{ACCENT, BAD, COOLING, HAIRLINE, MUTED, OK, Rgb, TEXT, WARN, ink_on};
use crate::units::display;

/// Room for names left of the bars, pt.
const NAMES_W: f32 = 120.0;
/// Distance of bars, pt.
const PITCH: f32 = 20.0;
/// Thickness of a bar, pt.
const THICK: f32 = 13.0;
/// Narrowest part that carries its percentage, pt.
const WRITTEN: f32 = 22.0;

/// The ink of what a step waits for.
const fn ink(limit: WorkloadLimit) -> Rgb {
    match limit {
        WorkloadLimit::Compute => ACCENT,
        WorkloadLimit::MemoryBandwidth | WorkloadLimit::MemoryCapacity => COOLING,
        WorkloadLimit::ScaleUp => MUTED,
        WorkloadLimit::Fabric => BAD,
        WorkloadLimit::Storage => OK,
        WorkloadLimit::Overhead | WorkloadLimit::Bubble | WorkloadLimit::Sla => WARN,
    }
}

/// Draws stacks where the flow stands, their legend below.
pub fn draw(flow: &mut Flow<'_>, title: &str, stacks: &[Stack]) {
    if stacks.is_empty() {
        return;
    }
    flow.ensure(54.0 + PITCH * stacks.len() as f32);
    flow.caption(title);
    let width = CONTENT_W - NAMES_W;
    for stack in stacks {
        let y = flow.y;
        let sheet = flow.sheet();
        sheet.text([MARGIN, y + 6.0], Style::bold(7.6, TEXT), stack.label.clone());
        sheet.text([MARGIN, y + 14.0], Style::regular(6.8, MUTED), stack.whole.clone());
        sheet.fill([MARGIN + NAMES_W, y, width, THICK], HAIRLINE);
        let mut x = MARGIN + NAMES_W;
        for part in &stack.parts {
            let wide = part.share.clamp(0.0, 1.0) as f32 * width;
            let colour = ink(part.limit);
            sheet.fill([x, y, (wide - 0.5).max(0.2), THICK], colour);
            if wide >= WRITTEN {
                let style = Style::bold(6.8, ink_on(colour));
                let text = display::percent(part.share * 100.0).to_string();
                sheet.text([x + wide / 2.0 - 7.0, y + 9.0], style, text);
            }
            x += wide;
        }
        flow.y += PITCH;
    }
    legend(flow, stacks);
    flow.y += 16.0;
}

fn legend(flow: &mut Flow<'_>, stacks: &[Stack]) {
    let mut limits: Vec<WorkloadLimit> =
        stacks.iter().flat_map(|s| s.parts.iter().map(|p| p.limit)).collect();
    limits.sort_unstable();
    limits.dedup();
    let y = flow.y + 4.0;
    let sheet = flow.sheet();
    let mut x = MARGIN + NAMES_W;
    for limit in limits {
        sheet.fill([x, y - 5.0, 5.0, 5.0], ink(limit));
        sheet.text([x + 8.0, y], Style::regular(7.0, MUTED), limit.label());
        x += 8.0 + limit.label().chars().count() as f32 * 3.7 + 12.0;
    }
}
