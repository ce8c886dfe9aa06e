//! The window. Views read plan and results and return actions; only [`app`] applies them.

pub mod floor_editor;
pub mod raster;
pub mod state;
pub mod theme;
