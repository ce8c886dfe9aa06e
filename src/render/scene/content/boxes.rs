//! Upright boxes with light on them, and panels on their faces.

use crate::plan::{Facing, RectMm};
use crate::render::colormap::Rgb;
use crate::render::scene::camera::Bounds;
use crate::render::scene::mesh::{Mesh, Part, Rgba, lit, with_alpha};
use crate::render::scene::vector::{Vec3, add, scale};

/// Light on a horizontal face that looks up.
const LIGHT_TOP: f32 = 1.0;
/// Light at the foot of an upright face over that at its top: the floor takes some of it.
const FOOT: f32 = 0.78;

/// Light on an upright face: a lamp high in the south-west, over an even ground light.
#[must_use]
pub const fn light_on(facing: Facing) -> f32 {
    match facing {
        Facing::South => 0.90,
        Facing::West => 0.82,
        Facing::East => 0.70,
        Facing::North => 0.64,
    }
}

/// The box over a footprint, m.
#[must_use]
pub fn upright(area: &RectMm, from_m: f32, to_m: f32) -> Bounds {
    let m = |mm: i32| mm as f32 * 1e-3;
    [[m(area.min.x), m(area.min.y), from_m], [m(area.max.x), m(area.max.y), to_m]]
}

/// A face of a box: its lower left corner seen from outside, its width to the right and its height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wall {
    /// Lower left corner, m.
    pub corner: Vec3,
    /// To the lower right corner, m.
    pub across: Vec3,
    /// To the upper left corner, m.
    pub up: Vec3,
    /// Unit vector outward.
    pub out: Vec3,
    /// The way it looks.
    pub facing: Facing,
}

/// The face of a box that looks some way.
#[must_use]
pub fn wall([lo, hi]: &Bounds, facing: Facing) -> Wall {
    let (w, d, h) = (hi[0] - lo[0], hi[1] - lo[1], hi[2] - lo[2]);
    let (corner, across) = match facing {
        Facing::South => ([lo[0], lo[1], lo[2]], [w, 0.0, 0.0]),
        Facing::East => ([hi[0], lo[1], lo[2]], [0.0, d, 0.0]),
        Facing::North => ([hi[0], hi[1], lo[2]], [-w, 0.0, 0.0]),
        Facing::West => ([lo[0], hi[1], lo[2]], [0.0, -d, 0.0]),
    };
    let (x, y) = facing.direction();
    Wall { corner, across, up: [0.0, 0.0, h], out: [x as f32, y as f32, 0.0], facing }
}

impl Wall {
    /// A point by its shares across and up, lifted off the face, m.
    #[must_use]
    pub fn point(&self, across: f32, up: f32, lift_m: f32) -> Vec3 {
        let on = add(scale(self.across, across), scale(self.up, up));
        add(add(self.corner, on), scale(self.out, lift_m))
    }

    /// Adds a rectangle between two shares of width and height, lifted off the face.
    pub fn panel(
        &self,
        mesh: &mut Mesh,
        [x0, x1]: [f32; 2],
        [y0, y1]: [f32; 2],
        lift_m: f32,
        colours: [Rgba; 2],
        id: u32,
    ) {
        let p = |x, y| self.point(x, y, lift_m);
        let [low, high] = colours;
        mesh.quad([p(x0, y0), p(x1, y0), p(x1, y1), p(x0, y1)], [low, low, high, high], id);
    }

    /// Adds the whole face in one colour under the hall's light.
    pub fn plain(&self, mesh: &mut Mesh, colour: Rgb, alpha: u8, id: u32) {
        let light = light_on(self.facing);
        let shade = |share: f32| with_alpha(lit(colour, light * share), alpha);
        self.panel(mesh, [0.0, 1.0], [0.0, 1.0], 0.0, [shade(FOOT), shade(1.0)], id);
    }
}

/// Adds the upper face of a box, drawn in by a margin and lifted.
pub fn lid(mesh: &mut Mesh, [lo, hi]: &Bounds, inset_m: f32, lift_m: f32, colour: Rgba, id: u32) {
    let (w, d) = (hi[0] - lo[0] - 2.0 * inset_m, hi[1] - lo[1] - 2.0 * inset_m);
    if w > 0.0 && d > 0.0 {
        let corner = [lo[0] + inset_m, lo[1] + inset_m, hi[2] + lift_m];
        mesh.patch(corner, [w, 0.0, 0.0], [0.0, d, 0.0], colour, id);
    }
}

/// Adds a box without its underside.
pub fn body(mesh: &mut Mesh, bounds: &Bounds, colour: Rgb, id: u32) {
    for facing in Facing::ALL {
        wall(bounds, facing).plain(mesh, colour, 255, id);
    }
    lid(mesh, bounds, 0.0, 0.0, with_alpha(lit(colour, LIGHT_TOP), 255), id);
}

/// Adds the upright edges and the upper rim of a box.
pub fn edges(part: &mut Part, [lo, hi]: &Bounds, colour: Rgba, width_px: f32) {
    let corner = |i: usize, z: f32| {
        let [x, y] = [[lo[0], lo[1]], [hi[0], lo[1]], [hi[0], hi[1]], [lo[0], hi[1]]][i % 4];
        [x, y, z]
    };
    for i in 0..4 {
        part.line(corner(i, lo[2]), corner(i, hi[2]), colour, width_px);
        part.line(corner(i, hi[2]), corner(i + 1, hi[2]), colour, width_px);
    }
}

/// Adds the lower rim of a box.
pub fn foot(part: &mut Part, [lo, hi]: &Bounds, colour: Rgba, width_px: f32) {
    let z = lo[2] + 0.004;
    let ring = [[lo[0], lo[1], z], [hi[0], lo[1], z], [hi[0], hi[1], z], [lo[0], hi[1], z]];
    for i in 0..4 {
        part.line(ring[i], ring[(i + 1) % 4], colour, width_px);
    }
}
