//! The camera that orbits a target: yaw, pitch, distance; perspective.
//!
//! Room coordinates: x east, y north, z up, m. Yaw is the compass direction in which the camera
//! looks, 0 to the north, growing clockwise; pitch is how far it looks down. Pixels count from the
//! picture's upper left corner.

use super::vector::{Vec3, add, cross, dot, length, scale, sub, unit};

/// Opening angle along the picture's shorter side, rad: a 50 mm lens's, so that halls look as in
/// photographs.
const OPENING: f32 = 0.62;
/// Nothing nearer than this is drawn, m.
pub const NEAR_M: f32 = 0.05;
/// Steepest look down, rad: just short of the pole, where yaw loses its meaning.
const STEEPEST: f32 = 1.5533;
/// Shallowest look, rad: never from below the floor.
const SHALLOWEST: f32 = 0.035;
/// Nearest and farthest distance to the target, m.
const DISTANCE_M: [f32; 2] = [0.8, 1500.0];
/// Air around what is framed, as a factor of distance.
const MARGIN: f32 = 1.04;
/// Rounds of moving what is framed into place; perspective makes each of them inexact.
const ROUNDS: usize = 14;

/// Where the camera is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrbitCamera {
    /// Direction of view over the floor, rad clockwise from north.
    pub yaw: f32,
    /// Angle of view below the horizon, rad.
    pub pitch: f32,
    /// From the target, m.
    pub distance_m: f32,
    /// What it looks at, m.
    pub target_m: Vec3,
}

/// A direction to look from, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// From the south-east, above.
    Iso,
    /// From straight above, north up.
    Top,
    /// From the south.
    Front,
    /// From the east.
    Side,
}

impl Preset {
    /// All of them, in the order of their buttons.
    pub const ALL: [Self; 4] = [Self::Iso, Self::Top, Self::Front, Self::Side];

    /// Its name.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Iso => "Iso",
            Self::Top => "Top",
            Self::Front => "Front",
            Self::Side => "Side",
        }
    }

    /// Yaw and pitch, rad.
    #[must_use]
    pub const fn angles(self) -> (f32, f32) {
        match self {
            Self::Iso => (-0.62, 0.62),
            Self::Top => (0.0, STEEPEST),
            Self::Front => (0.0, 0.16),
            Self::Side => (-std::f32::consts::FRAC_PI_2, 0.16),
        }
    }
}

/// An upright box, m: lower and upper corner.
pub type Bounds = [Vec3; 2];

impl OrbitCamera {
    /// A camera that shows a box from a preset's side in a picture of this shape.
    #[must_use]
    pub fn framing(bounds: &Bounds, preset: Preset, size: [f32; 2]) -> Self {
        let (yaw, pitch) = preset.angles();
        let mut camera = Self { yaw, pitch, distance_m: 10.0, target_m: [0.0; 3] };
        camera.frame(bounds, size);
        camera
    }

    /// Moves target and distance so that a box just fits, in the middle, keeping the direction.
    pub fn frame(&mut self, bounds: &Bounds, size: [f32; 2]) {
        self.frame_within(bounds, size, [0.0; 4]);
    }

    /// The same with room to spare at the left, top, right and bottom of the picture, px.
    pub fn frame_within(&mut self, bounds: &Bounds, size: [f32; 2], spare: [f32; 4]) {
        let [lo, hi] = *bounds;
        self.target_m = [0, 1, 2].map(|a| f32::midpoint(lo[a], hi[a]));
        let reach = length(sub(hi, lo)).max(1.0);
        self.distance_m = (2.0 * reach).clamp(DISTANCE_M[0], DISTANCE_M[1]);
        let free = [0, 1].map(|a| (size[a] - spare[a] - spare[a + 2]).max(size[a] * 0.2));
        let middle = [0, 1].map(|a| (size[a] + spare[a] - spare[a + 2]) / 2.0);
        for _ in 0..ROUNDS {
            let lens = Lens::new(self, size);
            let seen: Vec<Vec3> = corners(bounds).iter().filter_map(|c| lens.project(*c)).collect();
            if seen.len() < 8 {
                self.distance_m = (1.5 * self.distance_m).min(DISTANCE_M[1]);
                continue;
            }
            let range = |a: usize| {
                let low = seen.iter().map(|p| p[a]).fold(f32::MAX, f32::min);
                (low, seen.iter().map(|p| p[a]).fold(f32::MIN, f32::max))
            };
            let (x, y) = (range(0), range(1));
            let fill = ((x.1 - x.0) / free[0]).max((y.1 - y.0) / free[1]) * MARGIN;
            self.pan(
                [middle[0] - f32::midpoint(x.0, x.1), middle[1] - f32::midpoint(y.0, y.1)],
                size,
            );
            let wanted = self.distance_m * fill.clamp(0.5, 2.0);
            self.distance_m = wanted.clamp(DISTANCE_M[0], DISTANCE_M[1]);
        }
        self.aim_at_height(f32::midpoint(lo[2], hi[2]));
    }

    /// Moves the target along the line of sight to a height; the picture stays as it is. So the
    /// camera turns about something in the hall, and does not sink below the floor.
    fn aim_at_height(&mut self, z_m: f32) {
        let along = (self.target_m[2] - z_m) / self.pitch.sin();
        let distance_m = self.distance_m + along;
        if along.abs() < 0.5 * self.distance_m && distance_m > DISTANCE_M[0] {
            let forward = Lens::new(self, [1.0; 2]).forward;
            self.target_m = add(self.target_m, scale(forward, along));
            self.distance_m = distance_m;
        }
    }

    /// Turns by an angle in rad to the right and down.
    pub fn orbit(&mut self, yaw: f32, pitch: f32) {
        if self.target_m[2] < 0.0 {
            self.aim_at_height(0.0);
        }
        self.yaw = (self.yaw + yaw).rem_euclid(std::f32::consts::TAU);
        self.pitch = (self.pitch + pitch).clamp(SHALLOWEST, STEEPEST);
    }

    /// Looks from a preset's side.
    pub const fn look(&mut self, preset: Preset) {
        (self.yaw, self.pitch) = preset.angles();
    }

    /// Moves the target with the picture: a point at the target's depth follows the pointer.
    pub fn pan(&mut self, by_px: [f32; 2], size: [f32; 2]) {
        let lens = Lens::new(self, size);
        let metres = self.distance_m / lens.focal_px;
        let across = scale(lens.right, -by_px[0] * metres);
        let along = scale(lens.up, by_px[1] * metres);
        self.target_m = add(self.target_m, add(across, along));
    }

    /// Comes nearer by a factor (above 1) while the target-depth point under a pixel stays there.
    pub fn zoom_about(&mut self, at_px: [f32; 2], factor: f32, size: [f32; 2]) {
        if !(factor.is_finite() && factor > 0.0) {
            return;
        }
        let wanted = (self.distance_m / factor).clamp(DISTANCE_M[0], DISTANCE_M[1]);
        let kept = 1.0 - wanted / self.distance_m;
        let lens = Lens::new(self, size);
        let under = self.pivot(&lens, at_px);
        self.target_m = add(self.target_m, scale(sub(under, self.target_m), kept));
        self.distance_m = wanted;
    }

    /// The point under a pixel at the target's depth.
    fn pivot(&self, lens: &Lens, at_px: [f32; 2]) -> Vec3 {
        let ray = lens.ray(at_px);
        let along = dot(ray, lens.forward).max(1e-3);
        add(lens.eye, scale(ray, self.distance_m / along))
    }
}

/// The corners of a box.
#[must_use]
pub fn corners([lo, hi]: &Bounds) -> [Vec3; 8] {
    std::array::from_fn(|i| [0, 1, 2].map(|a| if i >> a & 1 == 0 { lo[a] } else { hi[a] }))
}

/// A camera with a picture's size: turns points into pixels and back.
#[derive(Clone, Copy, Debug)]
pub struct Lens {
    /// The camera's place, m.
    pub eye: Vec3,
    /// Unit vector to the right of the picture.
    pub right: Vec3,
    /// Unit vector up the picture.
    pub up: Vec3,
    /// Unit vector into the picture.
    pub forward: Vec3,
    /// Pixels per unit of slope.
    pub focal_px: f32,
    /// Middle of the picture, px.
    pub centre: [f32; 2],
}

impl Lens {
    /// The lens of a camera for a picture of this size in px.
    #[must_use]
    pub fn new(camera: &OrbitCamera, size: [f32; 2]) -> Self {
        let ((sy, cy), (sp, cp)) = (camera.yaw.sin_cos(), camera.pitch.sin_cos());
        let forward = [sy * cp, cy * cp, -sp];
        let right = [cy, -sy, 0.0];
        let up = cross(right, forward);
        let eye = sub(camera.target_m, scale(forward, camera.distance_m));
        let shorter = size[0].min(size[1]).max(1.0);
        let focal_px = shorter / 2.0 / (OPENING / 2.0).tan();
        Self { eye, right, up, forward, focal_px, centre: [size[0] / 2.0, size[1] / 2.0] }
    }

    /// A point as seen from the eye: right, up and into the picture, m.
    #[must_use]
    pub fn view(&self, p: Vec3) -> Vec3 {
        let d = sub(p, self.eye);
        [dot(d, self.right), dot(d, self.up), dot(d, self.forward)]
    }

    /// Pixel and nearness (1/m, larger is nearer) of a point in view coordinates.
    #[must_use]
    pub fn pixel(&self, v: Vec3) -> Vec3 {
        let near = 1.0 / v[2];
        let reach = self.focal_px * near;
        [self.centre[0] + v[0] * reach, self.centre[1] - v[1] * reach, near]
    }

    /// Pixel and nearness of a point in the room; none behind the eye.
    #[must_use]
    pub fn project(&self, p: Vec3) -> Option<Vec3> {
        let v = self.view(p);
        (v[2] >= NEAR_M).then(|| self.pixel(v))
    }

    /// Unit vector from the eye through a pixel.
    #[must_use]
    pub fn ray(&self, at_px: [f32; 2]) -> Vec3 {
        let x = (at_px[0] - self.centre[0]) / self.focal_px;
        let y = (self.centre[1] - at_px[1]) / self.focal_px;
        unit(add(self.forward, add(scale(self.right, x), scale(self.up, y))))
    }

    /// The point under a pixel at some nearness.
    #[must_use]
    pub fn unproject(&self, at: Vec3) -> Vec3 {
        let ray = self.ray([at[0], at[1]]);
        add(self.eye, scale(ray, 1.0 / (at[2] * dot(ray, self.forward))))
    }

    /// Where a pixel's ray meets the floor, m; none above the horizon.
    #[must_use]
    pub fn floor_under(&self, at_px: [f32; 2]) -> Option<Vec3> {
        let ray = self.ray(at_px);
        let along = -self.eye[2] / ray[2];
        let p = add(self.eye, scale(ray, along));
        (along > 0.0 && length(p).is_finite()).then_some(p)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: [f32; 2] = [1600.0, 1000.0];
    const HALL: Bounds = [[0.0, 0.0, 0.0], [40.0, 25.0, 4.0]];

    fn camera() -> OrbitCamera {
        OrbitCamera::framing(&HALL, Preset::Iso, SIZE)
    }

    fn near(a: Vec3, b: Vec3, by: f32) -> bool {
        length(sub(a, b)) < by
    }

    #[test]
    fn projecting_and_back_is_the_same_point() {
        for preset in Preset::ALL {
            let camera = OrbitCamera::framing(&HALL, preset, SIZE);
            let lens = Lens::new(&camera, SIZE);
            for p in [[1.0, 2.0, 0.5], [39.0, 24.0, 3.9], [20.0, 0.0, 0.0]] {
                let there = lens.project(p).unwrap();
                assert!(near(lens.unproject(there), p, 2e-3), "{preset:?} {p:?}");
            }
        }
    }

    #[test]
    fn axes_point_the_right_way() {
        let lens = Lens::new(&OrbitCamera { yaw: 0.0, ..camera() }, SIZE);
        let at = |p| lens.project(p).unwrap();
        let origin = at([20.0, 12.0, 0.0]);
        assert!(at([21.0, 12.0, 0.0])[0] > origin[0], "east is right when looking north");
        assert!(at([20.0, 12.0, 1.0])[1] < origin[1], "up is up");
        assert!(at([20.0, 13.0, 0.0])[2] < origin[2], "north is further away");
        assert!(lens.project(add(lens.eye, scale(lens.forward, -1.0))).is_none());
    }

    #[test]
    fn framing_shows_every_corner_and_fills_the_picture() {
        for preset in Preset::ALL {
            for size in [SIZE, [400.0, 900.0]] {
                let lens = Lens::new(&OrbitCamera::framing(&HALL, preset, size), size);
                let seen: Vec<Vec3> =
                    corners(&HALL).iter().map(|c| lens.project(*c).unwrap()).collect();
                for p in &seen {
                    assert!(p[0] >= 0.0 && p[0] <= size[0], "{preset:?} {p:?}");
                    assert!(p[1] >= 0.0 && p[1] <= size[1], "{preset:?} {p:?}");
                }
                let width = |a: usize| {
                    seen.iter().map(|p| p[a]).fold(0.0, f32::max)
                        - seen.iter().map(|p| p[a]).fold(f32::MAX, f32::min)
                };
                assert!((width(0) / size[0]).max(width(1) / size[1]) > 0.75, "{preset:?}");
            }
        }
    }

    #[test]
    fn zoom_keeps_the_point_under_the_pointer() {
        let mut camera = camera();
        let at = [1200.0, 300.0];
        let before = camera.pivot(&Lens::new(&camera, SIZE), at);
        camera.zoom_about(at, 1.7, SIZE);
        let p = Lens::new(&camera, SIZE).project(before).unwrap();
        assert!((p[0] - at[0]).abs() < 0.1 && (p[1] - at[1]).abs() < 0.1, "{p:?}");
    }

    #[test]
    fn pan_moves_the_target_with_the_pointer() {
        let mut camera = camera();
        let target = camera.target_m;
        camera.pan([80.0, -30.0], SIZE);
        let p = Lens::new(&camera, SIZE).project(target).unwrap();
        assert!((p[0] - 880.0).abs() < 0.1 && (p[1] - 470.0).abs() < 0.1, "{p:?}");
    }

    #[test]
    fn the_floor_is_found_under_a_pixel() {
        let lens = Lens::new(&camera(), SIZE);
        let p = lens.project([12.0, 7.0, 0.0]).unwrap();
        assert!(near(lens.floor_under([p[0], p[1]]).unwrap(), [12.0, 7.0, 0.0], 1e-2));
        let mut low = camera();
        low.orbit(0.0, -1.0);
        let level = Lens::new(&low, SIZE);
        assert!(level.eye[2] > 0.0, "never below the floor");
        assert!(level.floor_under([800.0, 0.0]).is_none());
    }
}
