//! Room in racks for what the fabric and storage stages put there.

use super::snapshot::RackFacts;

/// Height of one rack unit \[mm\] (EIA-310-D).
const U_MM: f64 = 44.45;
/// Frame above and below the usable units \[mm\]; assumption where the frame gives no units.
const FRAME_MM: f64 = 150.0;

/// Units that a rack offers beyond `reserved` ones.
#[must_use]
pub fn free_units(rack: &RackFacts, reserved: u32) -> u32 {
    let of_frame = rack.frame.as_ref().and_then(|f| f.spec.units);
    let of_height = || ((f64::from(rack.height_mm) - FRAME_MM).max(0.0) / U_MM) as u32;
    of_frame.unwrap_or_else(of_height).saturating_sub(reserved)
}
