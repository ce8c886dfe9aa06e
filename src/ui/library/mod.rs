//! The left panel: what can be placed, with search. A click arms the tool, a drag carries the
//! object to the floor.

mod items;

pub use items::{Group, Item, Offer, Part, groups, name_new};

use super::commands::Command;
use super::state::{Action, Tool};
use super::theme::{self, Theme};
use super::view::{Asks, View};
use super::widgets::{shown, small};
use crate::plan::{Edit, Object};
use eframe::egui::{
    self, Align2, Color32, Rect, Response, ScrollArea, Sense, TextEdit, Ui, pos2, vec2,
};

/// What the library remembers.
#[derive(Clone, Debug, Default)]
pub struct LibraryState {
    /// Words searched for.
    pub search: String,
    /// Groups of the catalogue they were made from.
    groups: Vec<Group>,
    made_from: usize,
}

impl LibraryState {
    /// Groups, rebuilt when the catalogue has another number of entries.
    fn groups(&mut self, view: &View<'_>) -> &[Group] {
        if self.groups.is_empty() || self.made_from != view.catalog.len() {
            self.groups = groups(view.catalog);
            self.made_from = view.catalog.len();
        }
        &self.groups
    }
}

/// Shows the panel.
pub fn library_ui(
    ui: &mut Ui,
    view: &View<'_>,
    tool: &Tool,
    state: &mut LibraryState,
    asks: &mut Asks,
) {
    ui.add_space(4.0);
    let search = TextEdit::singleline(&mut state.search)
        .hint_text("Search equipment…")
        .desired_width(f32::INFINITY);
    ui.add(search).accessible_name("Search equipment");
    ui.add_space(4.0);
    let words = state.search.to_lowercase();
    let matches = |item: &Item| {
        let text = format!("{} {}", item.name, item.vendor).to_lowercase();
        words.split_whitespace().all(|w| text.contains(w))
    };
    let groups = state.groups(view).to_vec();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for group in &groups {
            let found: Vec<&Item> = group.items.iter().filter(|i| matches(i)).collect();
            if found.is_empty() {
                continue;
            }
            ui.add_space(8.0);
            ui.label(small(group.title.to_uppercase(), &view.theme));
            ui.add_space(4.0);
            for item in found {
                let response = item_ui(ui, item, is_armed(item, tool), &view.theme);
                act(&response, item, view, asks);
            }
        }
        ui.add_space(12.0);
    });
}

fn is_armed(item: &Item, tool: &Tool) -> bool {
    matches!((&item.offer, tool), (Offer::Place(a), Tool::Place(b)) if a == b)
}

/// One row: a coloured mark, the name, the key figure.
fn item_ui(ui: &mut Ui, item: &Item, armed: bool, theme: &Theme) -> Response {
    let size = vec2(ui.available_width(), theme::TOUCH);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click_and_drag());
    let usable = !matches!(item.offer, Offer::Incomplete(_));
    response
        .widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, usable, armed, &item.name));
    let painter = ui.painter_at(rect);
    if armed {
        painter.rect_filled(rect, theme::RADIUS, theme.wash(theme.accent));
    } else if response.hovered() {
        painter.rect_filled(rect, theme::RADIUS, theme.raised);
    }
    let mark = Rect::from_center_size(pos2(rect.left() + 8.0, rect.center().y), vec2(8.0, 8.0));
    painter.rect_filled(mark, 2.0, part_colour(item.part, theme));
    let figure = painter.layout_job(shown(&item.figure, theme::CAPTION, theme.muted, theme));
    let figure_left = rect.right() - 4.0 - figure.size().x;
    painter.galley(pos2(figure_left, rect.center().y - figure.size().y / 2.0), figure, theme.muted);
    let mut right = figure_left - 8.0;
    if item.unverified {
        let at = pos2(right, rect.center().y);
        let badge =
            painter.text(at, Align2::RIGHT_CENTER, "unverified", theme::caption(), theme.warn);
        right = badge.left() - 6.0;
    }
    let ink = if usable { theme.text } else { theme.muted };
    let clip = Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), pos2(right, rect.bottom()));
    let name = egui::text::LayoutJob {
        wrap: egui::text::TextWrapping::truncate_at_width(clip.width().max(24.0)),
        ..egui::text::LayoutJob::simple_singleline(item.name.clone(), theme::body(), ink)
    };
    let galley = painter.layout_job(name);
    painter.galley(pos2(clip.left(), rect.center().y - galley.size().y / 2.0), galley, ink);
    response.on_hover_text(hint(item))
}

fn hint(item: &Item) -> String {
    let how = match &item.offer {
        Offer::Place(_) => "click to place, or drag to the floor",
        Offer::RearDoor(_) => "click to fit to the selected racks",
        Offer::Pick(_) => "click to choose the model",
        Offer::Incomplete(why) => why,
    };
    match item.vendor.as_str() {
        "" => format!("{}: {how}", item.name),
        vendor => format!("{} · {vendor}: {how}", item.name),
    }
}

/// The colour of a system of the factory.
#[must_use]
pub const fn part_colour(part: Part, theme: &Theme) -> Color32 {
    match part {
        Part::Compute => theme.compute,
        Part::Cooling => theme.cooling,
        Part::Power => theme.power,
        Part::Network => theme.network,
        Part::Room => theme.muted,
    }
}

fn act(response: &Response, item: &Item, view: &View<'_>, asks: &mut Asks) {
    match &item.offer {
        Offer::Place(object) => {
            response.dnd_set_drag_payload::<Object>((**object).clone());
            if response.clicked() {
                asks.actions.push(Action::Use(Tool::Place(object.clone())));
            }
        }
        Offer::RearDoor(door) if response.clicked() => {
            let fitted: Vec<Object> = view
                .selected()
                .into_iter()
                .filter_map(|o| match o {
                    Object::Rack(mut rack) => {
                        rack.rear_door = Some(door.clone());
                        Some(Object::Rack(rack))
                    }
                    _ => None,
                })
                .collect();
            if fitted.is_empty() {
                asks.actions.push(Action::Say("Select racks first, then choose the door".into()));
            } else {
                let label = format!("Fit {} to {} racks", item.name, fitted.len());
                let edits = vec![Edit::Replace(fitted)];
                asks.edit(Edit::Batch { label, edits });
            }
        }
        Offer::Pick(picker) if response.clicked() => asks.run(Command::Pick(*picker)),
        Offer::Incomplete(why) if response.clicked() => {
            asks.actions.push(Action::Say(format!("{}: {why}", item.name)));
        }
        _ => {}
    }
}
