//! The scene of a small preset.

use super::*;
use crate::catalog::load;
use crate::evaluate::Evaluator;
use crate::evaluate::air::AirField;
use crate::evaluate::cancel::CancelToken;
use crate::evaluate::clock::Clock;
use crate::render::scene::look::{Axis, Layers};
use crate::render::scene::mesh::{Mesh, NOTHING};
use std::collections::BTreeSet;

const PRESET: &str = include_str!("../../../../presets/enterprise-1mw.plan.ron");

/// Colours that can be told apart.
fn palette() -> Palette {
    let grey = |v: u8| [v, v, v];
    Palette {
        sky: grey(1),
        ground: grey(2),
        floor: grey(40),
        grid: grey(60),
        wall: grey(50),
        edge: grey(90),
        body: grey(70),
        shadow: grey(0),
        text: grey(250),
        muted: grey(120),
        accent: [0, 0, 255],
        bad: [255, 0, 0],
        warn: [255, 255, 0],
        cooling: [0, 255, 255],
        compute: [0, 128, 255],
        network: [128, 0, 255],
        glow: grey(255),
    }
}

fn everything() -> Layers {
    Layers {
        slice_m: Some(1.2),
        section: Some(Section { axis: Axis::Y, share: 0.4 }),
        limit_surface: true,
        surface_c: Some(26.0),
        ..Layers::default()
    }
}

fn look(layers: Layers) -> Look {
    Look { layers, overlay: Overlay::Inlet, palette: palette(), selection: BTreeSet::new() }
}

struct Hall {
    plan: Plan,
    catalog: Arc<Catalog>,
    results: Results,
}

fn hall() -> Hall {
    let opened = crate::format::from_text(PRESET).unwrap();
    let catalog = Arc::new(load::shipped().unwrap().overlaid(&opened.embedded));
    let results = Evaluator::new(1, Clock::still())
        .evaluate(&opened.plan, &catalog, 1, Quality::Draft, &CancelToken::never())
        .unwrap();
    Hall { plan: opened.plan, catalog, results }
}

impl Hall {
    fn content(&self) -> Content<'_> {
        Content { plan: &self.plan, catalog: &self.catalog, results: Some(&self.results) }
    }
}

fn ids(scene: &Scene) -> BTreeSet<u32> {
    let meshes = scene.parts.iter().flat_map(|p| [&p.solid, &p.clear]);
    let ids = meshes.flat_map(|m| m.triangles.iter().map(|t| t.id));
    ids.filter(|id| *id != NOTHING).map(|id| id - 1).collect()
}

#[test]
fn everything_on_the_floor_can_be_picked() {
    let hall = hall();
    let scene = Builder::default().build(&hall.content(), &look(Layers::default()));
    let drawn: BTreeSet<u32> = hall.plan.floor.footprints().map(|(id, _)| id.0).collect();
    assert_eq!(ids(&scene), drawn);
}

#[test]
fn every_corner_exists_and_lies_in_the_room_or_its_rim() {
    let hall = hall();
    let scene = Builder::default().build(&hall.content(), &look(everything()));
    let [lo, hi] = scene.bounds;
    let check = |mesh: &Mesh| {
        for t in &mesh.triangles {
            assert!(t.corners.iter().all(|c| (*c as usize) < mesh.vertices.len()));
        }
        for v in &mesh.vertices {
            assert!((0..3).all(|a| v.at[a] >= lo[a] - 0.5 && v.at[a] <= hi[a] + 0.5), "{v:?}");
        }
    };
    assert_eq!(scene.parts.len(), 7);
    for part in &scene.parts {
        check(&part.solid);
        check(&part.clear);
    }
}

#[test]
fn the_hotter_the_intake_the_nearer_its_colour_to_the_end_of_the_scale() {
    let mut hall = hall();
    let rack = hall.plan.floor.racks[0].id;
    let air = Arc::make_mut(&mut hall.results.air);
    let found = air.racks.iter_mut().find(|r| r.object == Some(rack)).unwrap();
    found.intake_by_height_k = vec![289.15, 315.15];
    let scale = temperature_scale(&hall.results).unwrap();
    let part = racks::racks(&hall.content(), &look(Layers::default()));
    let mine = part.solid.triangles.iter().filter(|t| t.id == rack.0 + 1);
    let colours: BTreeSet<[u8; 4]> =
        mine.flat_map(|t| t.corners.map(|c| part.solid.vertices[c as usize].colour)).collect();
    for t_c in [16.0, 42.0] {
        let [r, g, b] = scale.colour(t_c);
        assert!(colours.contains(&[r, g, b, 255]), "{t_c} °C");
    }
}

#[test]
fn slices_leave_out_solids() {
    let hall = hall();
    let field = &hall.results.air.field;
    let scale = temperature_scale(&hall.results).unwrap();
    let open = field.slice(1.2).unwrap().solid.iter().filter(|s| !**s).count();
    assert_eq!(air::horizontal(field, 1.2, &scale, &palette()).clear.triangles.len(), 2 * open);
    assert!(open < field.grid.n[0] * field.grid.n[1]);
}

#[test]
fn unchanged_parts_are_kept_and_changed_ones_made_anew() {
    let hall = hall();
    let mut builder = Builder::default();
    let first = builder.build(&hall.content(), &look(everything()));
    let again = builder.build(&hall.content(), &look(everything()));
    let same = |a: &Scene, b: &Scene| {
        a.parts.iter().zip(&b.parts).map(|(a, b)| Arc::ptr_eq(a, b)).collect::<Vec<_>>()
    };
    assert_eq!(same(&first, &again), [true, true, false, true, true, true, true]);
    let mut layers = everything();
    layers.surface_c = Some(30.0);
    let other = builder.build(&hall.content(), &look(layers));
    assert_eq!(same(&first, &other), [true, true, false, true, true, false, true]);
}

#[test]
fn a_broken_field_draws_no_air() {
    let mut hall = hall();
    for field in
        [AirField::default(), AirField { solid: Vec::new(), ..hall.results.air.field.clone() }]
    {
        Arc::make_mut(&mut hall.results.air).field = field;
        let scene = Builder::default().build(&hall.content(), &look(everything()));
        assert!(scene.parts[3..].iter().all(|p| **p == Part::default()));
    }
}
