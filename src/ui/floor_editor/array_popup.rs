//! The array box: counts, pitch and alternate facing, previewed live, one step in the history.

use super::input::FloorInput;
use super::state::FloorState;
use crate::plan::array::{ArraySpec, array};
use crate::plan::length::parse_length_mm;
use crate::plan::{Edit, Object, ObjectId, PointMm};
use crate::ui::state::{Action, Selection};
use crate::ui::theme::{body, caption, semibold};
use eframe::egui::{self, Context, DragValue, Key, RichText, TextEdit, Ui};

/// Aisle kept between alternating rows at first, mm: two floor tiles.
const FIRST_AISLE_MM: i32 = 1200;

/// The form while it is open.
#[derive(Clone, Debug)]
pub struct ArrayForm {
    originals: Vec<Object>,
    first_id: u32,
    counts: [u32; 2],
    pitch: [String; 2],
    alternate: bool,
    shown: Option<ArraySpec>,
    at: egui::Pos2,
    fresh: bool,
}

impl ArrayForm {
    /// A form for the selection; none if nothing is selected.
    pub fn new(input: &FloorInput<'_>, at: egui::Pos2) -> Option<Self> {
        let chosen = &input.ui_state.selection;
        let originals: Vec<Object> =
            input.plan.floor.objects().filter(|o| chosen.contains(&o.id())).collect();
        let around = originals.iter().map(Object::footprint).reduce(|a, b| a.union(&b))?;
        Some(Self {
            originals,
            first_id: input.plan.next_id,
            counts: [2, 1],
            pitch: [around.size_x().to_string(), (around.size_y() + FIRST_AISLE_MM).to_string()],
            alternate: true,
            shown: None,
            at,
            fresh: true,
        })
    }

    fn spec(&self) -> Option<ArraySpec> {
        Some(ArraySpec {
            count_x: self.counts[0],
            count_y: self.counts[1],
            pitch_x_mm: parse_length_mm(&self.pitch[0]).ok()?,
            pitch_y_mm: parse_length_mm(&self.pitch[1]).ok()?,
            alternate: self.alternate,
        })
    }
}

/// What a person pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Open,
    Place,
    Drop,
}

/// Shows the form if it is open; previews, commits or aborts.
pub fn show(
    ctx: &Context,
    input: &FloorInput<'_>,
    state: &mut FloorState,
    actions: &mut Vec<Action>,
) {
    let Some(mut form) = state.array.take() else { return };
    let answer = egui::Area::new(egui::Id::unique("floor-array"))
        .fixed_pos(form.at)
        .constrain(true)
        .order(egui::Order::Foreground)
        .show(ctx, |ui| {
            egui::Frame::popup(ui.style())
                .inner_margin(12)
                .show(ui, |ui| form_ui(ui, input, &mut form))
                .inner
        })
        .inner;
    form.fresh = false;
    let spec = form.spec();
    if spec != form.shown
        && let Some(spec) = spec
    {
        form.shown = Some(spec);
        actions.push(Action::Preview(Edit::Add(copies(input, &form, spec))));
    }
    match answer {
        Answer::Open => state.array = Some(form),
        Answer::Drop => actions.push(Action::Abort),
        Answer::Place => {
            let added = spec.map_or(0, |s| copies(input, &form, s).len());
            actions
                .push(Action::Commit(format!("Array of {} objects", added + form.originals.len())));
            let all: Selection = form
                .originals
                .iter()
                .map(Object::id)
                .chain((form.first_id..).map(ObjectId).take(added))
                .collect();
            actions.push(Action::Select(all));
        }
    }
}

/// Copies named against the floor without the preview.
fn copies(input: &FloorInput<'_>, form: &ArrayForm, spec: ArraySpec) -> Vec<Object> {
    let mut floor = (*input.plan.floor).clone();
    let first = ObjectId(form.first_id);
    floor.racks.retain(|o| o.id < first);
    floor.units.retain(|o| o.id < first);
    floor.containments.retain(|o| o.id < first);
    array(&floor, &form.originals, spec)
}

fn form_ui(ui: &mut Ui, input: &FloorInput<'_>, form: &mut ArrayForm) -> Answer {
    let theme = input.theme;
    ui.set_width(232.0);
    ui.label(RichText::new("Array").font(semibold(13.0)));
    for (axis, word) in ["East", "North"].into_iter().enumerate() {
        ui.horizontal(|ui| {
            ui.add_sized([40.0, 20.0], egui::Label::new(RichText::new(word).font(body())));
            let count = DragValue::new(&mut form.counts[axis]).range(1..=500).speed(0.1);
            ui.add(count).on_hover_text("How many, the originals included");
            ui.label(RichText::new("×").color(theme.muted));
            let wrong = parse_length_mm(&form.pitch[axis]).is_err();
            let field = TextEdit::singleline(&mut form.pitch[axis]).desired_width(64.0);
            let response = ui.add(field).on_hover_text("Pitch: 600, 1.2m, 4', 2*600");
            if form.fresh && axis == 0 {
                response.request_focus();
            }
            let (unit, ink) = if wrong { ("?", theme.bad) } else { ("mm pitch", theme.muted) };
            ui.label(RichText::new(unit).font(caption()).color(ink));
        });
    }
    ui.checkbox(&mut form.alternate, "Turn every other row round");
    if let Some(spec) = form.spec() {
        let gap = aisle(form, spec);
        let text = format!("{} objects · aisle {} mm", total(form, spec), gap);
        ui.label(RichText::new(text).font(caption()).color(theme.muted));
    }
    let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
    ui.horizontal(|ui| {
        if ui.button("Place").clicked() || enter {
            Answer::Place
        } else if ui.button("Cancel").clicked() || escape {
            Answer::Drop
        } else {
            Answer::Open
        }
    })
    .inner
}

const fn total(form: &ArrayForm, spec: ArraySpec) -> u64 {
    form.originals.len() as u64 * spec.count_x as u64 * spec.count_y as u64
}

/// Gap between two rows of the array, mm.
fn aisle(form: &ArrayForm, spec: ArraySpec) -> i32 {
    let zero = crate::plan::RectMm::at(PointMm::default(), 0, 0);
    let around = form.originals.iter().map(Object::footprint).reduce(|a, b| a.union(&b));
    spec.pitch_y_mm.saturating_sub(around.unwrap_or(zero).size_y())
}
