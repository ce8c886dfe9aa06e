//! How long frames take; run by hand, never judged by the clock in a test run.

use super::pictures::shoot;
use super::{Desk, plan_with, rack};
use crate::catalog::SystemKey;
use crate::plan::clearance::conflicts;
use crate::plan::{Contents, Facing, Plan, Rack};
use crate::ui::theme::{Theme, install_fonts};
use eframe::egui::{Context, Event, Modifiers, PointerButton, RawInput, Rect, pos2, vec2};
use std::sync::Arc;
use std::time::Instant;

/// 5,000 racks in 50 rows.
fn big() -> Plan {
    let racks = (0..5000_u32)
        .map(|i| {
            let (row, column) = ((i / 100) as i32, (i % 100) as i32);
            let facing = if row % 2 == 0 { Facing::North } else { Facing::South };
            let contents = Contents::Compute { system: SystemKey::new("dgx_b200"), count: 4 };
            let place = rack(i + 1, 3000 + column * 600, 3000 + row * 2400, facing);
            Rack { contents, ..place }
        })
        .collect();
    let mut plan = plan_with(racks);
    let hall = Arc::make_mut(&mut plan.hall);
    (hall.size_x_mm, hall.size_y_mm) = (66_000, 126_000);
    plan
}

#[test]
#[ignore = "a measurement"]
fn frames_of_5000_racks() {
    let plan = big();
    let start = Instant::now();
    let found = conflicts(&plan).len();
    println!("conflicts of 5000 racks: {:?}, {found} found", start.elapsed());
    let mut desk = Desk::new(plan);
    let ctx = Context::default();
    install_fonts(&ctx);
    Theme::dark().apply(&ctx);
    let frame = |desk: &mut Desk, events: Vec<Event>| {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1600.0, 1000.0))),
            events,
            ..RawInput::default()
        };
        let start = Instant::now();
        let mut output = ctx.run_ui(input, |ui| desk.ui(ui));
        let built = start.elapsed();
        let shapes = std::mem::take(&mut output.shapes);
        ctx.tessellate(shapes, 1.0);
        output.drop_without_applying_deltas();
        (built, start.elapsed())
    };
    for _ in 0..5 {
        frame(&mut desk, Vec::new());
    }
    report("still", (0..50).map(|_| frame(&mut desk, Vec::new())).collect());
    let camera = *desk.floor.camera().unwrap();
    let at = camera.screen_from_floor(3300.0, 3600.0);
    let modifiers = Modifiers::NONE;
    let button = PointerButton::Primary;
    frame(&mut desk, vec![Event::PointerMoved(at)]);
    frame(&mut desk, vec![Event::PointerButton { pos: at, button, pressed: true, modifiers }]);
    let drag = (0..50).map(|i| {
        let to = at + vec2(10.0 + i as f32, i as f32 * 0.5);
        frame(&mut desk, vec![Event::PointerMoved(to)])
    });
    report("drag", drag.collect());
}

fn report(word: &str, mut times: Vec<(std::time::Duration, std::time::Duration)>) {
    times.sort();
    let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
    println!(
        "{word}: built {:?} (worst {:?}), with tessellation {:?}",
        median.0, worst.0, median.1
    );
}

#[test]
#[ignore = "a measurement"]
fn painting_a_picture_of_1600_by_1000() {
    let mut desk = Desk::new(super::preset());
    let start = Instant::now();
    shoot(&mut desk, [1600, 1000], 1.0, &[]);
    println!("first picture with fonts and three frames: {:?}", start.elapsed());
    let ctx = Context::default();
    install_fonts(&ctx);
    let input = || RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1600.0, 1000.0))),
        ..RawInput::default()
    };
    let mut textures = crate::ui::raster::TextureStore::default();
    for _ in 0..3 {
        let mut output = ctx.run_ui(input(), |ui| desk.ui(ui));
        let start = Instant::now();
        let _picture = crate::ui::raster::render(
            &ctx,
            &mut output,
            [1600, 1000],
            eframe::egui::Color32::BLACK,
            &mut textures,
        );
        println!("rasterised in {:?}", start.elapsed());
    }
}
