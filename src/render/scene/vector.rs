//! Three numbers as a vector.

/// x, y, z.
pub type Vec3 = [f32; 3];

/// a + b.
#[must_use]
pub fn add(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

/// a − b.
#[must_use]
pub fn sub(a: Vec3, b: Vec3) -> Vec3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

/// a times a number.
#[must_use]
pub fn scale(a: Vec3, by: f32) -> Vec3 {
    a.map(|v| v * by)
}

/// Inner product.
#[must_use]
pub fn dot(a: Vec3, b: Vec3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Outer product.
#[must_use]
pub fn cross(a: Vec3, b: Vec3) -> Vec3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// Length.
#[must_use]
pub fn length(a: Vec3) -> f32 {
    dot(a, a).sqrt()
}

/// The same direction with length 1; zero stays zero.
#[must_use]
pub fn unit(a: Vec3) -> Vec3 {
    let l = length(a);
    if l > 0.0 { scale(a, 1.0 / l) } else { a }
}

/// `share` of the way from a to b.
#[must_use]
pub fn lerp(a: Vec3, b: Vec3, share: f32) -> Vec3 {
    add(a, scale(sub(b, a), share))
}
