//! The command palette: any command, rack or finding by its name.

use crate::evaluate::finding::Subject;
use crate::plan::ObjectId;
use crate::ui::commands::{Circumstances, Command};
use crate::ui::theme;
use crate::ui::view::View;
use crate::ui::widgets::small;
use eframe::egui::{self, Align, Button, Id, Key, Modal, ScrollArea, TextEdit, Ui, vec2};

/// Entries shown at most.
const MOST: usize = 60;

/// What is typed, and which line is marked.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    words: String,
    marked: usize,
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaletteChoice {
    /// A command.
    Run(Command),
    /// An object.
    Reveal(ObjectId),
}

struct Entry {
    text: String,
    note: String,
    choice: PaletteChoice,
}

/// Shows the palette; whether it stays open, and what was chosen.
pub fn palette_ui(
    ctx: &egui::Context,
    view: &View<'_>,
    now: &Circumstances,
    palette: &mut Palette,
) -> (bool, Option<PaletteChoice>) {
    let width = (ctx.content_rect().width() - 120.0).clamp(300.0, 620.0);
    let modal = Modal::new(Id::unique("palette")).show(ctx, |ui| {
        ui.set_width(width);
        let (down, up, enter) = ui.input_mut(|i| {
            let none = egui::Modifiers::NONE;
            (
                i.consume_key(none, Key::ArrowDown),
                i.consume_key(none, Key::ArrowUp),
                i.key_pressed(Key::Enter),
            )
        });
        let edit = TextEdit::singleline(&mut palette.words)
            .hint_text("Commands, racks, findings…")
            .desired_width(f32::INFINITY);
        let response = ui.add(edit).accessible_name("Find");
        if response.changed() {
            palette.marked = 0;
        }
        if !enter {
            response.request_focus();
        }
        let found = entries(view, now, ui.ctx(), &palette.words);
        let last = found.len().saturating_sub(1);
        palette.marked = (palette.marked + usize::from(down)).min(last);
        palette.marked = palette.marked.saturating_sub(usize::from(up));
        let clicked = list_ui(ui, view, &found, palette.marked, down || up);
        let entered = enter.then_some(palette.marked);
        clicked.or(entered).and_then(|at| found.get(at)).map(|e| e.choice)
    });
    let chosen = modal.inner;
    (chosen.is_none() && !modal.should_close(), chosen)
}

fn list_ui(
    ui: &mut Ui,
    view: &View<'_>,
    found: &[Entry],
    marked: usize,
    moved: bool,
) -> Option<usize> {
    let mut clicked = None;
    ScrollArea::vertical().max_height(380.0).auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for (i, entry) in found.iter().enumerate() {
            let button = Button::selectable(i == marked, entry.text.as_str())
                .right_text(small(entry.note.as_str(), &view.theme))
                .truncate()
                .min_size(vec2(ui.available_width(), theme::TOUCH));
            let response = ui.add(button).accessible_name(entry.text.as_str());
            if i == marked && moved {
                response.scroll_to_me(Some(Align::Center));
            }
            if response.clicked() {
                clicked = Some(i);
            }
        }
    });
    clicked
}

/// Everything whose text holds all the words, commands first.
fn entries(view: &View<'_>, now: &Circumstances, ctx: &egui::Context, words: &str) -> Vec<Entry> {
    let words = words.to_lowercase();
    let fits = |text: &str| {
        let text = text.to_lowercase();
        words.split_whitespace().all(|w| text.contains(w))
    };
    let commands = Command::all().into_iter().filter(|c| c.enabled(now)).map(|c| Entry {
        text: c.label(),
        note: c.shortcut().map(|s| ctx.format_shortcut(&s)).unwrap_or_default(),
        choice: PaletteChoice::Run(c),
    });
    let objects = view
        .plan
        .floor
        .racks
        .iter()
        .map(|r| (r.name.clone(), r.id))
        .chain(view.plan.floor.units.iter().map(|u| (u.name.clone(), u.id)));
    let objects = objects.map(|(name, id)| Entry {
        text: name,
        note: "go to".into(),
        choice: PaletteChoice::Reveal(id),
    });
    let findings = view.results.into_iter().flat_map(|r| &r.findings).filter_map(|f| {
        let Subject::Object(id) = f.subject else { return None };
        Some(Entry {
            text: f.message.clone(),
            note: "finding".into(),
            choice: PaletteChoice::Reveal(id),
        })
    });
    commands.chain(objects).chain(findings).filter(|e| fits(&e.text)).take(MOST).collect()
}
