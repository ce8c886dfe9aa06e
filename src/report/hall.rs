//! The hall in three dimensions, on paper: the same pictures as in the window, in print colours.

use super::ReportError;
use super::colour;
use super::figure::{Figure, Picture};
use super::model::{Block, Section};
use crate::catalog::Catalog;
use crate::evaluate::result::Results;
use crate::plan::Plan;
use crate::render::colormap::Rgb;
use crate::render::overlay::{Overlay, Scale};
use crate::render::scene::content::temperature_scale;
use crate::render::scene::mesh::mix;
use crate::render::scene::{
    Builder, Content, Layers, Look, OrbitCamera, Palette, Preset, Quality, draw,
};
use crate::units::display;
use image::{ImageFormat, RgbImage};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::sync::Arc;

/// Size of a picture, px: 270 dots per inch over the width of the text.
const SIZE_PX: [u32; 2] = [1900, 930];
/// Samples per pixel along each direction, and width of lines, px.
const QUALITY: Quality = Quality { samples: 2, line_scale: 1.6 };
/// Height of the slice in the second picture, m: the middle of a rack's intake.
const SLICE_M: f64 = 1.2;

/// The section with both pictures.
pub fn section(plan: &Plan, catalog: &Catalog, results: &Results) -> Result<Section, ReportError> {
    let flow = Layers { streamlines: true, ..Layers::default() };
    let slice = Layers { slice_m: Some(SLICE_M), streamlines: false, ..Layers::default() };
    let figure = |title: String, layers: Layers, note: String| {
        let png = Arc::new(hall_png(plan, catalog, results, layers)?);
        let legend =
            temperature_scale(results).map(|scale| Scale { label: "Racks and air, °C", ..scale });
        let shape = SIZE_PX[1] as f32 / SIZE_PX[0] as f32;
        Ok::<_, ReportError>(Block::Figure(Figure::Picture(Picture {
            title,
            png,
            shape,
            legend,
            note,
        })))
    };
    let error = results.air.intake_error_k();
    let trust = format!("Mean inlet error ±{}, see Limits.", display::of(error.mean_k, "K", 2));
    let blocks = vec![
        figure(
            "Paths of the air from supplies and exhausts".into(),
            flow,
            format!(
                "Seen from the south-east. Fronts of racks show the intake by height, rears the \
                 exhaust; fronts of air units the supply, tops the return. Paths are drawn a little \
                 lighter or darker than the scale, to stand out. {trust}"
            ),
        )?,
        figure(
            format!("Air at {}", display::of(SLICE_M, "m", 2)),
            slice,
            format!("Temperature of the air in a level plane. {trust}"),
        )?,
    ];
    Ok(Section { id: "hall-3d", title: "Hall in 3-D", blocks })
}

/// One picture as PNG.
pub fn hall_png(
    plan: &Plan,
    catalog: &Catalog,
    results: &Results,
    layers: Layers,
) -> Result<Vec<u8>, ReportError> {
    let look =
        Look { layers, overlay: Overlay::Inlet, palette: paper(), selection: BTreeSet::new() };
    let content = Content { plan, catalog, results: Some(results) };
    let scene = Builder::default().build(&content, &look);
    let size = SIZE_PX.map(|v| v as f32);
    let camera = OrbitCamera::framing(&scene.bounds, Preset::Iso, size);
    let frame = draw(&scene, &camera, SIZE_PX, QUALITY);
    let mut picture = RgbImage::new(SIZE_PX[0], SIZE_PX[1]);
    for (pixel, rgba) in picture.pixels_mut().zip(frame.rgba.chunks_exact(4)) {
        pixel.0.copy_from_slice(&rgba[..3]);
    }
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// Print colours.
fn paper() -> Palette {
    let grey = |share: f32| -> Rgb { mix(colour::PAPER, colour::MUTED, share) };
    Palette {
        sky: colour::PAPER,
        ground: colour::PAPER,
        floor: grey(0.12),
        grid: grey(0.3),
        wall: grey(0.08),
        edge: grey(0.75),
        body: grey(0.26),
        shadow: mix(colour::MUTED, colour::TEXT, 0.3),
        text: colour::TEXT,
        muted: colour::MUTED,
        accent: colour::ACCENT,
        bad: colour::BAD,
        warn: colour::WARN,
        cooling: colour::COOLING,
        compute: colour::ACCENT,
        network: colour::MUTED,
        glow: mix(colour::MUTED, colour::TEXT, 0.5),
    }
}
