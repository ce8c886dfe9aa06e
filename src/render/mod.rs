//! Pictures without egui, shared by window, report and command line: colour maps, what the floor
//! is coloured by, the air field as an image, streamlines, isosurfaces, the hall in three dimensions.

pub mod air_image;
pub mod chart;
pub mod colormap;
pub mod field;
pub mod isosurface;
pub mod oneline;
pub mod overlay;
pub mod scene;
pub mod section;
pub mod seeds;
pub mod streamlines;
