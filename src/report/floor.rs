//! The floor plan and the inlet heat map, as shapes.

use super::figure::{Figure, Fill, FloorFigure, Shape};
use super::model::{Block, Section};
use crate::evaluate::result::Results;
use crate::plan::{Aisle, Facing, Floor, ObstacleKind, Plan, Rack, RectMm};
use crate::render::overlay::Overlay;
use crate::units::display;

/// Depth of the mark on a front face, mm.
const FRONT_MARK_MM: i32 = 90;

/// The section with both pictures.
pub fn section(plan: &Plan, results: &Results) -> Section {
    let blocks = vec![
        Block::Figure(Figure::Floor(drawing(plan))),
        Block::Figure(Figure::Floor(inlets(plan, results))),
    ];
    Section { id: "floor", title: "Floor plan and inlet heat map", blocks }
}

/// The bare plan.
#[must_use]
pub fn drawing(plan: &Plan) -> FloorFigure {
    let mut shapes = building(&plan.floor);
    shapes.extend(plan.floor.racks.iter().map(|r| rack(r, Fill::Neutral, false)));
    FloorFigure {
        title: "Floor plan".into(),
        hall: plan.hall_area(),
        shapes,
        legend: None,
        note: format!(
            "{} racks, {} cooling units. The dark edge of a rack is its front. North is up.",
            display::count(plan.floor.racks.len() as u64),
            display::count(plan.floor.units.len() as u64),
        ),
    }
}

/// Racks coloured by mean inlet.
#[must_use]
pub fn inlets(plan: &Plan, results: &Results) -> FloorFigure {
    let scale = Overlay::Inlet.scale(results);
    let mut shapes = building(&plan.floor);
    for drawn in &plan.floor.racks {
        let line = results.rack(drawn.id);
        let value = line.and_then(|r| Overlay::Inlet.rack_value(r));
        let fill = scale.zip(value).map_or(Fill::Neutral, |(s, v)| Fill::Value(s.colour(v)));
        let past_limit = line.is_some_and(|r| Overlay::Inlet.past_limit(r));
        shapes.push(rack(drawn, fill, past_limit));
    }
    let error = results.air.intake_error_k();
    FloorFigure {
        title: "Rack inlet temperature".into(),
        hall: plan.hall_area(),
        shapes,
        legend: scale,
        note: format!(
            "Mean error bar of inlets ±{}. The limit mark is the lowest of all racks; a rack whose hottest \
             intake is above its own limit is hatched. Racks without a value are grey.",
            display::of(error.mean_k, "K", 2)
        ),
    }
}

fn building(floor: &Floor) -> Vec<Shape> {
    let plain = |area: RectMm, fill: Fill, label: &str| Shape {
        area,
        fill,
        over_limit: false,
        front: None,
        label: label.to_owned(),
    };
    let aisles = floor.containments.iter().map(|c| {
        let fill = match c.aisle {
            Aisle::Cold => Fill::ColdAisle,
            Aisle::Hot => Fill::HotAisle,
        };
        plain(c.area, fill, &c.name)
    });
    let tiles = floor.tiles.iter().map(|t| plain(t.footprint(), Fill::Tile, ""));
    let parts = floor.obstacles.iter().map(|o| match o.kind {
        ObstacleKind::Column | ObstacleKind::Wall => plain(o.area, Fill::Solid, ""),
        _ => plain(o.area, Fill::Outline, o.kind.label()),
    });
    let units = floor.units.iter().map(|u| plain(u.footprint(), Fill::Cooling, &u.name));
    aisles.chain(tiles).chain(parts).chain(units).collect()
}

fn rack(rack: &Rack, fill: Fill, over_limit: bool) -> Shape {
    let area = rack.footprint();
    Shape {
        area,
        fill,
        over_limit,
        front: Some(front(area, rack.facing)),
        label: rack.name.clone(),
    }
}

/// The strip along the edge at which air enters.
fn front(area: RectMm, facing: Facing) -> RectMm {
    let mut strip = area;
    match facing {
        Facing::North => strip.min.y = area.max.y.saturating_sub(FRONT_MARK_MM).max(area.min.y),
        Facing::South => strip.max.y = area.min.y.saturating_add(FRONT_MARK_MM).min(area.max.y),
        Facing::East => strip.min.x = area.max.x.saturating_sub(FRONT_MARK_MM).max(area.min.x),
        Facing::West => strip.max.x = area.min.x.saturating_add(FRONT_MARK_MM).min(area.max.x),
    }
    strip
}
