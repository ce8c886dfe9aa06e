//! The theme's colours for the hall in three dimensions.

use crate::render::colormap::Rgb;
use crate::render::scene::Palette;
use crate::render::scene::mesh::{lit, mix};
use crate::ui::theme::Theme;
use eframe::egui::Color32;

fn rgb(colour: Color32) -> Rgb {
    [colour.r(), colour.g(), colour.b()]
}

/// Colours of everything that is not data.
#[must_use]
pub fn palette(theme: &Theme) -> Palette {
    let (window, panel, raised) = (rgb(theme.window), rgb(theme.panel), rgb(theme.raised));
    let (muted, text, hairline) = (rgb(theme.muted), rgb(theme.text), rgb(theme.hairline));
    let dark = theme.dark;
    let pick = |in_dark: Rgb, in_light: Rgb| if dark { in_dark } else { in_light };
    Palette {
        sky: pick(mix(window, hairline, 0.35), mix(window, hairline, 0.55)),
        ground: pick(window, panel),
        floor: pick(mix(raised, muted, 0.16), mix(raised, muted, 0.10)),
        grid: pick(mix(raised, muted, 0.34), mix(hairline, muted, 0.18)),
        wall: pick(mix(raised, muted, 0.10), mix(window, hairline, 0.45)),
        edge: pick(mix(muted, text, 0.35), mix(muted, hairline, 0.25)),
        body: pick(mix(raised, muted, 0.22), mix(panel, muted, 0.16)),
        shadow: pick(lit(window, 0.45), mix(muted, text, 0.3)),
        text,
        muted,
        accent: rgb(theme.accent),
        bad: rgb(theme.bad),
        warn: rgb(theme.warn),
        cooling: rgb(theme.cooling),
        compute: rgb(theme.compute),
        network: rgb(theme.network),
        glow: pick(rgb(Color32::WHITE), mix(text, muted, 0.3)),
    }
}
