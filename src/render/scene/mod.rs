//! The hall in three dimensions, drawn by the processor: the same picture in the window, in the
//! report and on the command line.
//!
//! [`content`] turns plan and results into a [`mesh::Scene`] of triangles and lines, with the light
//! already in their colours; [`raster`] draws it as an [`camera::OrbitCamera`] sees it. All colours
//! come from the caller's [`look::Palette`] and from the colour maps.

pub mod camera;
pub mod content;
pub mod look;
pub mod mesh;
pub mod raster;
pub mod vector;

pub use camera::{Bounds, Lens, OrbitCamera, Preset};
pub use content::{Builder, Content, Same};
pub use look::{Axis, Layers, Look, Palette, Section};
pub use mesh::Scene;
pub use raster::{Frame, Quality, draw, draw_into};
