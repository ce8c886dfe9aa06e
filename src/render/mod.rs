//! Pictures without egui, shared by window, report and command line: colour maps, what the floor
//! is coloured by, the air field as an image.

pub mod air_image;
pub mod colormap;
pub mod field;
pub mod overlay;
pub mod streamlines;
