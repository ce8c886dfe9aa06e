//! Fields of the inspector: label, value, unit, source on hover, reset where it was overridden.

use crate::ui::theme::{self, Theme};
use crate::units::display;
use eframe::egui::{self, Align, Button, ComboBox, Id, Key, Label, Layout, RichText, TextEdit, Ui};

/// Shown where selected objects differ.
const MIXED: &str = "—";
/// Width of a unit beside a field, points.
const UNIT_WIDTH: f32 = 44.0;
/// Width of a number field, points.
const NUMBER_WIDTH: f32 = 92.0;

/// A number field.
#[derive(Clone, Debug)]
pub struct Number<'a> {
    /// Name.
    pub label: &'a str,
    /// Value in `unit`; `None` shows as mixed.
    pub value: Option<f64>,
    /// Unit.
    pub unit: &'a str,
    /// Lowest and highest value that makes sense.
    pub range: (f64, f64),
    /// Who says so, for the hover.
    pub source: String,
    /// Whether it can be put back to a value that somebody else states.
    pub resettable: bool,
}

/// What happened to a field.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// A new value.
    To(f64),
    /// Back to the source's value.
    Reset,
}

impl<'a> Number<'a> {
    /// A field of the plan itself.
    #[must_use]
    pub fn new(label: &'a str, value: f64, unit: &'a str, range: (f64, f64)) -> Self {
        Self {
            label,
            value: Some(value),
            unit,
            range,
            source: "set in this plan".into(),
            resettable: false,
        }
    }

    /// With the value that all selected objects share.
    #[must_use]
    pub const fn mixed(mut self, value: Option<f64>) -> Self {
        self.value = value;
        self
    }

    /// With its source.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>, resettable: bool) -> Self {
        self.source = source.into();
        self.resettable = resettable;
        self
    }

    /// Shows the field; what was asked for, once the input is complete.
    #[must_use]
    pub fn ui(&self, ui: &mut Ui, theme: &Theme) -> Option<Change> {
        let mut change = None;
        labelled(ui, self.label, &self.source, theme, |ui| {
            let unit = Label::new(RichText::new(self.unit).small().color(theme.muted)).truncate();
            ui.allocate_ui_with_layout(
                egui::vec2(UNIT_WIDTH, theme::ROW),
                Layout::left_to_right(Align::Center),
                |ui| {
                    ui.set_min_width(UNIT_WIDTH);
                    ui.add(unit);
                },
            );
            change = self.edit_ui(ui, theme).map(Change::To);
            if self.resettable && reset_ui(ui, self.label, theme) {
                change = Some(Change::Reset);
            }
        });
        change
    }

    fn edit_ui(&self, ui: &mut Ui, theme: &Theme) -> Option<f64> {
        let id = ui.make_persistent_id(("field", self.label));
        let shown = self.value.map_or_else(|| MIXED.to_owned(), display::typed);
        let typing: Option<String> = ui.data(|d| d.get_temp(id));
        let mut text = typing.clone().unwrap_or_else(|| shown.clone());
        let edit = TextEdit::singleline(&mut text)
            .id(id)
            .desired_width(NUMBER_WIDTH - 16.0)
            .align(egui::Align2::RIGHT_CENTER);
        let response = ui.add(edit);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, self.label));
        let parsed = self.read(&text);
        if let (Err(problem), true) = (&parsed, typing.is_some()) {
            let line = egui::Stroke::new(1.0, theme.bad);
            let inside = egui::StrokeKind::Inside;
            ui.painter().rect_stroke(response.rect, theme::RADIUS, line, inside);
            response.clone().on_hover_text(problem);
        }
        if response.has_focus() {
            if text != shown || typing.is_some() {
                ui.data_mut(|d| d.insert_temp(id, text));
            }
            return None;
        }
        self.finish(ui, id, typing, &parsed)
    }

    /// Takes the typed text once the field has lost its focus; Esc drops it.
    fn finish(
        &self,
        ui: &Ui,
        id: Id,
        typed: Option<String>,
        parsed: &Result<f64, String>,
    ) -> Option<f64> {
        typed?;
        ui.data_mut(|d| d.remove_temp::<String>(id));
        let given_up = ui.input(|i| i.key_pressed(Key::Escape));
        let value = parsed.as_ref().ok().copied()?;
        (!given_up && self.value != Some(value)).then_some(value)
    }

    fn read(&self, text: &str) -> Result<f64, String> {
        let value = display::parse(text, self.unit).map_err(|e| e.to_string())?;
        let (low, high) = self.range;
        if (low..=high).contains(&value) {
            Ok(value)
        } else {
            let (low, high) = (display::typed(low), display::typed(high));
            Err(format!("{} must be {low} to {high} {}", self.label, self.unit))
        }
    }
}

/// A label on the left and controls from the right.
pub fn labelled(
    ui: &mut Ui,
    label: &str,
    hint: &str,
    theme: &Theme,
    controls: impl FnOnce(&mut Ui),
) {
    ui.horizontal(|ui| {
        ui.set_min_height(theme::TOUCH);
        let text = Label::new(RichText::new(label).color(theme.muted)).truncate();
        let room = (ui.available_width() - UNIT_WIDTH - NUMBER_WIDTH - 48.0).max(60.0);
        ui.allocate_ui_with_layout(
            egui::vec2(room, theme::TOUCH),
            Layout::left_to_right(Align::Center),
            |ui| ui.add(text).on_hover_text(hint),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            controls(ui);
        });
    });
}

fn reset_ui(ui: &mut Ui, label: &str, theme: &Theme) -> bool {
    let icon = RichText::new(egui_phosphor::regular::ARROW_COUNTER_CLOCKWISE).color(theme.muted);
    ui.add(Button::new(icon).frame(false))
        .on_hover_text("Back to the source's value")
        .accessible_name(format!("Reset {label}"))
        .clicked()
}

/// A choice out of a few; `None` shows as mixed.
pub fn choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: &str,
    current: Option<T>,
    all: &[T],
    text: impl Fn(T) -> &'static str,
    theme: &Theme,
) -> Option<T> {
    explained_choice_ui(ui, (label, "set in this plan"), current, all, text, theme)
}

/// The same with a label that says what the choice does when pointed at.
pub fn explained_choice_ui<T: Copy + PartialEq>(
    ui: &mut Ui,
    (label, hint): (&str, &str),
    current: Option<T>,
    all: &[T],
    text: impl Fn(T) -> &'static str,
    theme: &Theme,
) -> Option<T> {
    let mut chosen = None;
    labelled(ui, label, hint, theme, |ui| {
        ComboBox::from_id_salt(("choice", label))
            .width(140.0)
            .selected_text(current.map_or(MIXED, &text))
            .show_ui(ui, |ui| {
                for option in all {
                    let is_current = current == Some(*option);
                    if ui.selectable_label(is_current, text(*option)).clicked() && !is_current {
                        chosen = Some(*option);
                    }
                }
            })
            .response
            .accessible_name(label);
    });
    chosen
}

/// A yes or no; `None` shows as mixed.
pub fn switch_ui(ui: &mut Ui, label: &str, current: Option<bool>, theme: &Theme) -> Option<bool> {
    let mut changed = None;
    labelled(ui, label, "set in this plan", theme, |ui| {
        let mut on = current.unwrap_or(false);
        let text = if current.is_none() { MIXED } else { "" };
        if ui.checkbox(&mut on, text).accessible_name(label).changed() {
            changed = Some(on);
        }
    });
    changed
}

/// A catalogue entry with a button that opens its picker.
pub fn entry_ui(ui: &mut Ui, label: &str, name: &str, badge: &str, theme: &Theme) -> bool {
    let mut clicked = false;
    labelled(ui, label, badge, theme, |ui| {
        let button = Button::new(name).truncate();
        let size = [ui.available_width().min(180.0), theme::ROW];
        clicked = ui
            .add_sized(size, button)
            .on_hover_text(format!("{name} · {badge}\nclick to compare and choose"))
            .accessible_name(format!("{label}: {name}"))
            .clicked();
    });
    clicked
}

/// The value that all have, or none.
pub fn shared<T: Clone + PartialEq, O>(objects: &[O], get: impl Fn(&O) -> T) -> Option<T> {
    let mut values = objects.iter().map(get);
    let first = values.next()?;
    values.all(|v| v == first).then_some(first)
}
