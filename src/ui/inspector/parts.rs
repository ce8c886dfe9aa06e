//! Containment, tiles, parts of the building, and selections of several kinds.

use super::field::{Change, Number, choice_ui, shared, switch_ui};
use crate::plan::{Aisle, Containment, Edit, Object, Obstacle, PointMm, RectMm, Tile};
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, fact_ui};
use crate::units::display::{self, Shown};
use eframe::egui::Ui;

/// Shows them.
pub fn parts_ui(ui: &mut Ui, view: &View<'_>, objects: &[Object], asks: &mut Asks) {
    let theme = &view.theme;
    match objects {
        [Object::Containment(one)] => containment_ui(ui, one, theme, asks),
        [Object::Tile(one)] => tile_ui(ui, one, theme, asks),
        [Object::Obstacle(one)] => obstacle_ui(ui, one, theme, asks),
        many => kinds_ui(ui, many, theme),
    }
    let locked = shared(objects, Object::locked);
    if let Some(locked) = switch_ui(ui, "Locked", locked, theme) {
        let changed = objects.iter().cloned().map(|mut object| {
            object.set_locked(locked);
            object
        });
        asks.edit(Edit::Replace(changed.collect()));
    }
}

fn kinds_ui(ui: &mut Ui, objects: &[Object], theme: &Theme) {
    let of = |test: fn(&Object) -> bool| objects.iter().filter(|o| test(o)).count();
    let kinds = [
        ("Racks", of(|o| matches!(o, Object::Rack(_)))),
        ("Cooling units", of(|o| matches!(o, Object::Unit(_)))),
        ("Tiles", of(|o| matches!(o, Object::Tile(_)))),
        ("Containments", of(|o| matches!(o, Object::Containment(_)))),
        ("Parts of the building", of(|o| matches!(o, Object::Obstacle(_)))),
    ];
    for (label, n) in kinds.into_iter().filter(|(_, n)| *n > 0) {
        let value = Shown { number: display::count(n as u64), unit: String::new() };
        fact_ui(ui, label, &value, Ink::Plain, theme);
    }
}

fn containment_ui(ui: &mut Ui, one: &Containment, theme: &Theme, asks: &mut Asks) {
    let mut next = one.clone();
    let aisle = |a| match a {
        Aisle::Cold => "cold aisle",
        Aisle::Hot => "hot aisle",
    };
    if let Some(kind) =
        choice_ui(ui, "Encloses", Some(one.aisle), &[Aisle::Cold, Aisle::Hot], aisle, theme)
    {
        next.aisle = kind;
    }
    next.area = area_ui(ui, one.area, theme);
    let height = Number::new("Height", f64::from(one.height_mm), "mm", (500.0, 20_000.0));
    if let Some(Change::To(mm)) = height.ui(ui, theme) {
        next.height_mm = mm.round() as u32;
    }
    next.roof = switch_ui(ui, "Roof or duct", Some(one.roof), theme).unwrap_or(one.roof);
    next.doors = switch_ui(ui, "Doors", Some(one.doors), theme).unwrap_or(one.doors);
    let leak = Number::new("Leakage", one.leakage_pct, "%", (0.0, 100.0));
    if let Some(Change::To(pct)) = leak.ui(ui, theme) {
        next.leakage_pct = pct;
    }
    if next != *one {
        asks.edit(Edit::Replace(vec![Object::Containment(next)]));
    }
}

fn tile_ui(ui: &mut Ui, one: &Tile, theme: &Theme, asks: &mut Asks) {
    let open = Number::new("Open area", one.open_pct, "%", (1.0, 100.0));
    if let Some(Change::To(pct)) = open.ui(ui, theme) {
        let next = Tile { open_pct: pct, ..one.clone() };
        asks.edit(Edit::Replace(vec![Object::Tile(next)]));
    }
    let edge = display::mm(i64::from(one.size_mm));
    fact_ui(ui, "Edge", &edge, Ink::Plain, theme);
}

fn obstacle_ui(ui: &mut Ui, one: &Obstacle, theme: &Theme, asks: &mut Asks) {
    let next = Obstacle { area: area_ui(ui, one.area, theme), ..one.clone() };
    let air = if one.kind.blocks_air() { "blocked" } else { "free" };
    let value = Shown { number: air.into(), unit: String::new() };
    fact_ui(ui, "Air through it", &value, Ink::Plain, theme);
    if next != *one {
        asks.edit(Edit::Replace(vec![Object::Obstacle(next)]));
    }
}

/// Corner and size of an area; the area as asked for.
fn area_ui(ui: &mut Ui, area: RectMm, theme: &Theme) -> RectMm {
    let (mut at, mut x, mut y) = (area.min, area.size_x(), area.size_y());
    let field = |ui: &mut Ui, label, value: &mut i32, low: f64| {
        let number = Number::new(label, f64::from(*value), "mm", (low, 1e6));
        if let Some(Change::To(mm)) = number.ui(ui, theme) {
            *value = mm.round() as i32;
        }
    };
    field(ui, "East", &mut at.x, -1e6);
    field(ui, "North", &mut at.y, -1e6);
    field(ui, "Size east–west", &mut x, 1.0);
    field(ui, "Size north–south", &mut y, 1.0);
    RectMm::at(PointMm::new(at.x, at.y), x, y)
}
