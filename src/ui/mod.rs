//! The window. Views read plan and results and return actions; only [`app`] applies them.

mod air_state;
pub mod app;
pub mod commands;
pub mod dialogs;
pub mod fed;
pub mod floor_editor;
pub mod headless;
pub mod inspector;
pub mod kpi;
pub mod library;
pub mod menus;
pub mod oneline;
pub mod pickers;
pub mod raster;
pub mod screens;
pub mod state;
pub mod status;
pub mod tabs;
pub mod theme;
pub mod view;
pub mod view3d;
pub mod what_if;
pub mod widgets;

#[cfg(test)]
pub(in crate::ui) mod tests;
