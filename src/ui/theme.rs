//! The design tokens, dark and light, and how they become egui's style. The only file of the
//! window with colour literals; the colour maps of the heat maps live in `render`.
//!
//! Light accent, ok and warn are a shade darker than the drawings so that they hold 4.5:1 as text
//! on every surface; the test below checks the whole table.

use eframe::egui;
use egui::{Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, TextStyle};
use std::sync::Arc;

/// Corner radius of everything that has one, points.
pub const RADIUS: u8 = 6;
/// Height of a row in lists and tables, points.
pub const ROW: f32 = 24.0;
/// Smallest height of something to click, points.
pub const TOUCH: f32 = 28.0;
/// Body text, points.
pub const BODY: f32 = 13.0;
/// Captions, units, axis labels, points.
pub const CAPTION: f32 = 11.0;
/// Headline figures, points.
pub const HEADLINE: f32 = 20.0;
/// Duration of a fade from an old to a new state, s.
pub const FADE_S: f32 = 0.12;

/// Name of the semibold font family.
const SEMIBOLD: &str = "semibold";

/// A table of colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Whether it is the dark one.
    pub dark: bool,
    /// Behind everything.
    pub window: Color32,
    /// Panels.
    pub panel: Color32,
    /// Things above a panel: fields, hovered rows, chips.
    pub raised: Color32,
    /// Lines between panels.
    pub hairline: Color32,
    /// The hall's floor.
    pub floor: Color32,
    /// Grid lines on the floor.
    pub grid: Color32,
    /// Text.
    pub text: Color32,
    /// Captions and units.
    pub muted: Color32,
    /// Selection, links, active tool.
    pub accent: Color32,
    /// Within limits.
    pub ok: Color32,
    /// Little margin.
    pub warn: Color32,
    /// Past a limit.
    pub bad: Color32,
    /// Compute.
    pub compute: Color32,
    /// Cooling.
    pub cooling: Color32,
    /// Power.
    pub power: Color32,
    /// Network and storage.
    pub network: Color32,
}

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

impl Theme {
    /// The dark table.
    #[must_use]
    pub const fn dark() -> Self {
        Self {
            dark: true,
            window: hex(0x0e_1115),
            panel: hex(0x15_1a20),
            raised: hex(0x1c_222a),
            hairline: hex(0x28_303a),
            floor: hex(0x11_161c),
            grid: hex(0x1b_222b),
            text: hex(0xe4_e9f0),
            muted: hex(0x8a_95a5),
            accent: hex(0x4c_b8ff),
            ok: hex(0x46_c98b),
            warn: hex(0xf0_b429),
            bad: hex(0xff_6b5e),
            compute: hex(0x7a_a2ff),
            cooling: hex(0x38_c6c0),
            power: hex(0xf0_b429),
            network: hex(0xb5_8cff),
        }
    }

    /// The light table.
    #[must_use]
    pub const fn light() -> Self {
        Self {
            dark: false,
            window: hex(0xee_f1f5),
            panel: hex(0xff_ffff),
            raised: hex(0xf3_f5f8),
            hairline: hex(0xd8_dee6),
            floor: hex(0xf7_f9fb),
            grid: hex(0xe6_ebf1),
            text: hex(0x18_202a),
            muted: hex(0x5d_6876),
            accent: hex(0x0a_70c3),
            ok: hex(0x17_7d4e),
            warn: hex(0x99_6200),
            bad: hex(0xc8_382c),
            compute: hex(0x3a_62c4),
            cooling: hex(0x0d_7873),
            power: hex(0x8a_6400),
            network: hex(0x78_4fc8),
        }
    }

    /// The table in use.
    #[must_use]
    pub fn of(ctx: &egui::Context) -> Self {
        if ctx.global_style().visuals.dark_mode { Self::dark() } else { Self::light() }
    }

    /// A faint wash of a colour over a panel: selected rows, chips, callouts.
    #[must_use]
    pub fn wash(&self, colour: Color32) -> Color32 {
        mix(self.panel, colour, if self.dark { 0.18 } else { 0.12 })
    }

    /// The part of a gauge that is not filled.
    #[must_use]
    pub fn track(&self) -> Color32 {
        mix(self.panel, self.muted, 0.16)
    }

    /// Makes egui look like this: fonts, spacing, colours.
    pub fn apply(&self, ctx: &egui::Context) {
        ctx.set_theme(if self.dark { egui::Theme::Dark } else { egui::Theme::Light });
        let theme = *self;
        ctx.all_styles_mut(move |style| {
            style.text_styles = text_styles();
            style.animation_time = FADE_S;
            spacing(&mut style.spacing);
            visuals(&theme, &mut style.visuals);
            style.interaction.selectable_labels = false;
            style.interaction.tooltip_delay = 0.35;
        });
    }
}

/// `share` of the way from one colour to another.
fn mix(from: Color32, to: Color32, share: f32) -> Color32 {
    let one = |a: u8, b: u8| (f32::from(a) + (f32::from(b) - f32::from(a)) * share).round() as u8;
    Color32::from_rgb(one(from.r(), to.r()), one(from.g(), to.g()), one(from.b(), to.b()))
}

/// Installs the fonts; once per context, before the first frame.
pub fn install_fonts(ctx: &egui::Context) {
    let mut fonts = egui::FontDefinitions::default();
    let mut add = |name: &str, bytes: &'static [u8]| {
        fonts.font_data.insert(name.into(), Arc::new(egui::FontData::from_static(bytes)));
    };
    add("inter", include_bytes!("../../assets/fonts/Inter-Regular-Tabular.otf"));
    add("inter-semibold", include_bytes!("../../assets/fonts/Inter-SemiBold-Tabular.otf"));
    add("icons", egui_phosphor::bytes::regular::FONT);
    let families = [
        (FontFamily::Proportional, "inter"),
        (FontFamily::Monospace, "inter"),
        (FontFamily::Name(SEMIBOLD.into()), "inter-semibold"),
    ];
    for (family, first) in families {
        let rest = fonts.families.remove(&family).unwrap_or_default();
        let mut keys = vec![first.to_owned(), "icons".to_owned()];
        keys.extend(rest);
        fonts.families.insert(family, keys);
    }
    ctx.set_fonts(fonts);
}

/// Body text.
#[must_use]
pub const fn body() -> FontId {
    FontId::new(BODY, FontFamily::Proportional)
}

/// Captions.
#[must_use]
pub const fn caption() -> FontId {
    FontId::new(CAPTION, FontFamily::Proportional)
}

/// The heavier of the two weights, at a size.
#[must_use]
pub fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(SEMIBOLD.into()))
}

fn text_styles() -> std::collections::BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Small, caption()),
        (TextStyle::Body, body()),
        (TextStyle::Button, body()),
        (TextStyle::Monospace, FontId::new(BODY, FontFamily::Monospace)),
        (TextStyle::Heading, semibold(16.0)),
    ]
    .into()
}

fn spacing(spacing: &mut egui::Spacing) {
    spacing.item_spacing = egui::vec2(8.0, 4.0);
    spacing.button_padding = egui::vec2(8.0, 4.0);
    spacing.interact_size = egui::vec2(28.0, ROW);
    spacing.window_margin = Margin::same(16);
    spacing.menu_margin = Margin::same(4);
    spacing.menu_width = 280.0;
    spacing.indent = 12.0;
    spacing.combo_width = 80.0;
    spacing.text_edit_width = 120.0;
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 10.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = egui::style::ScrollStyle::floating();
    spacing.scroll.bar_width = 8.0;
    spacing.scroll.fade.strength = 0.0;
}

fn visuals(theme: &Theme, visuals: &mut egui::Visuals) {
    *visuals = if theme.dark { egui::Visuals::dark() } else { egui::Visuals::light() };
    let line = Stroke::new(1.0, theme.hairline);
    let radius = CornerRadius::same(RADIUS);
    visuals.panel_fill = theme.panel;
    visuals.window_fill = theme.panel;
    visuals.window_stroke = line;
    visuals.window_corner_radius = radius;
    visuals.menu_corner_radius = radius;
    visuals.window_shadow = egui::Shadow::NONE;
    visuals.popup_shadow = egui::Shadow {
        offset: [0, 4],
        blur: 12,
        spread: 0,
        color: Color32::from_black_alpha(if theme.dark { 96 } else { 32 }),
    };
    visuals.extreme_bg_color = theme.raised;
    visuals.faint_bg_color = theme.raised;
    visuals.code_bg_color = theme.raised;
    visuals.hyperlink_color = theme.accent;
    visuals.warn_fg_color = theme.warn;
    visuals.error_fg_color = theme.bad;
    visuals.weak_text_color = Some(theme.muted);
    visuals.selection.bg_fill = theme.wash(theme.accent);
    visuals.selection.stroke = Stroke::new(1.0, theme.text);
    visuals.text_cursor.stroke = Stroke::new(1.5, theme.accent);
    visuals.indent_has_left_vline = false;
    visuals.striped = false;
    visuals.slider_trailing_fill = true;
    let look = |fill: Color32, edge: Stroke, ink: Color32| egui::style::WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: edge,
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, ink),
        expansion: 0.0,
    };
    let lifted = mix(theme.raised, theme.muted, 0.14);
    visuals.widgets.noninteractive = look(theme.panel, line, theme.text);
    visuals.widgets.inactive = look(theme.raised, Stroke::NONE, theme.text);
    visuals.widgets.hovered = look(lifted, Stroke::NONE, theme.text);
    visuals.widgets.active = look(lifted, Stroke::new(1.0, theme.accent), theme.text);
    visuals.widgets.open = look(lifted, Stroke::NONE, theme.text);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(c: Color32) -> f64 {
        let channel = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(c.r()) + 0.7152 * channel(c.g()) + 0.0722 * channel(c.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_ink_is_readable_on_every_surface() {
        for t in [Theme::dark(), Theme::light()] {
            let inks = [
                ("text", t.text),
                ("muted", t.muted),
                ("accent", t.accent),
                ("ok", t.ok),
                ("warn", t.warn),
                ("bad", t.bad),
                ("compute", t.compute),
                ("cooling", t.cooling),
                ("power", t.power),
                ("network", t.network),
            ];
            for (name, ink) in inks {
                for surface in [t.window, t.panel, t.raised, t.floor] {
                    let ratio = contrast(ink, surface);
                    assert!(ratio >= 4.5, "{name} dark={}: {ratio:.2}", t.dark);
                }
            }
        }
    }

    #[test]
    fn chips_keep_their_words_readable() {
        for t in [Theme::dark(), Theme::light()] {
            for ink in [t.accent, t.ok, t.warn, t.bad] {
                assert!(contrast(t.text, t.wash(ink)) >= 4.5);
            }
        }
    }
}
