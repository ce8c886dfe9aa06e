//! A choice of a few, side by side.

use crate::ui::theme::{self, Theme};
use eframe::egui::{self, Button, RichText, Ui};

/// Shows the options as one row of buttons; `name` says what is chosen, for those who do not see
/// it. The new choice, if it changed.
pub fn segments_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    current: T,
    all: &[T],
    label: impl Fn(T) -> &'static str,
    theme: &Theme,
) -> Option<T> {
    let mut chosen = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 1.0;
        for option in all {
            let on = *option == current;
            let ink = if on { theme.text } else { theme.muted };
            let words = RichText::new(label(*option)).font(theme::caption()).color(ink);
            let fill = if on { theme.wash(theme.accent) } else { theme.raised };
            let button = Button::new(words).fill(fill).min_size(egui::vec2(0.0, theme::ROW));
            let response = ui.add(button);
            let words = format!("{name}: {}", label(*option));
            response.widget_info(|| {
                egui::WidgetInfo::selected(egui::Role::Button, true, on, words.as_str())
            });
            if response.clicked() && !on {
                chosen = Some(*option);
            }
        }
    });
    chosen
}
