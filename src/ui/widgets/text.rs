//! Text in the two weights and three sizes of the style.

use crate::ui::theme::{self, Theme};
use crate::units::display::Shown;
use eframe::egui::{Color32, RichText, Stroke, text::LayoutJob, text::TextFormat};

/// Which colour a figure is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ink {
    /// Ordinary.
    #[default]
    Plain,
    /// Captions.
    Muted,
    /// Within limits.
    Ok,
    /// Little margin.
    Warn,
    /// Past a limit.
    Bad,
}

impl Ink {
    /// Its colour.
    #[must_use]
    pub const fn colour(self, theme: &Theme) -> Color32 {
        match self {
            Self::Plain => theme.text,
            Self::Muted => theme.muted,
            Self::Ok => theme.ok,
            Self::Warn => theme.warn,
            Self::Bad => theme.bad,
        }
    }

    /// For a use of a limit in percent: nothing past a limit is ever green.
    #[must_use]
    pub fn of_use(used_pct: f64) -> Self {
        if used_pct > 100.0 {
            Self::Bad
        } else if used_pct >= 90.0 {
            Self::Warn
        } else {
            Self::Plain
        }
    }
}

/// The heavier weight.
#[must_use]
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).font(theme::semibold(theme::BODY))
}

/// A muted caption.
#[must_use]
pub fn small(text: impl Into<String>, theme: &Theme) -> RichText {
    RichText::new(text).font(theme::caption()).color(theme.muted)
}

/// A figure with its unit small and muted behind it.
#[must_use]
pub fn shown(value: &Shown, size: f32, ink: Color32, theme: &Theme) -> LayoutJob {
    let mut job = LayoutJob::default();
    let font = if size > theme::BODY { theme::semibold(size) } else { theme::body() };
    let format = |font_id, color| TextFormat {
        font_id,
        color,
        underline: Stroke::NONE,
        valign: eframe::egui::Align::BOTTOM,
        ..TextFormat::default()
    };
    job.append(&value.number, 0.0, format(font, ink));
    if !value.unit.is_empty() {
        job.append(&value.unit, 4.0, format(theme::caption(), theme.muted));
    }
    job
}
