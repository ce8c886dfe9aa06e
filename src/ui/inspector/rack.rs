//! One or several racks: position, contents, feeds, door, phase. Several show what they share,
//! and a change applies to all.

use super::breath::breath_ui;
use super::field::{Change, Number, choice_ui, entry_ui, shared, switch_ui};
use super::rack_facts::rack_facts_ui;
use crate::plan::{Contents, Edit, Facing, Feeds, Object, Rack};
use crate::ui::commands::Command;
use crate::ui::screens::Picker;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{Ink, fact_ui, section_title_ui};
use crate::units::display::{self, Shown};
use eframe::egui::Ui;

/// Largest coordinate that can be typed, mm.
const FAR_MM: f64 = 1e6;

/// Shows racks.
pub fn racks_ui(ui: &mut Ui, view: &View<'_>, racks: &[Rack], asks: &mut Asks) {
    let theme = &view.theme;
    if let ([rack], Some(results)) = (racks, view.results) {
        if let Some(summary) = results.rack(rack.id) {
            ui.scope(|ui| rack_facts_ui(ui, view, summary, rack.size_mm.height));
            breath_ui(ui, view, rack.id, asks);
        }
    } else {
        sums_ui(ui, view, racks);
    }
    ui.separator();
    section_title_ui(ui, "Contents", "", theme);
    contents_ui(ui, view, racks, asks);
    ui.separator();
    section_title_ui(ui, "Place", "", theme);
    place_ui(ui, racks, theme, asks);
}

/// One edit of all racks.
fn change(racks: &[Rack], asks: &mut Asks, edit: impl Fn(&mut Rack)) {
    let changed = racks.iter().cloned().map(|mut rack| {
        edit(&mut rack);
        Object::Rack(rack)
    });
    asks.edit(Edit::Replace(changed.collect()));
}

fn sums_ui(ui: &mut Ui, view: &View<'_>, racks: &[Rack]) {
    let Some(results) = view.results else { return };
    let lines: Vec<_> = racks.iter().filter_map(|r| results.rack(r.id)).collect();
    let theme = &view.theme;
    let kw: f64 = lines.iter().map(|r| r.electric_kw).sum();
    let gpus: u64 = lines.iter().map(|r| u64::from(r.gpus)).sum();
    let hottest = lines.iter().filter_map(|r| r.inlet_max_c).fold(f64::NEG_INFINITY, f64::max);
    fact_ui(ui, "Power together", &display::power_kw(kw), Ink::Plain, theme);
    let gpus = Shown { number: display::count(gpus), unit: String::new() };
    fact_ui(ui, "GPUs together", &gpus, Ink::Plain, theme);
    if hottest.is_finite() {
        fact_ui(ui, "Hottest inlet", &display::celsius(hottest), Ink::Plain, theme);
    }
}

fn contents_ui(ui: &mut Ui, view: &View<'_>, racks: &[Rack], asks: &mut Asks) {
    let theme = &view.theme;
    let contents = shared(racks, |r| r.contents.clone());
    let (name, badge) = contents_words(view, contents.as_ref());
    if entry_ui(ui, "GPU system", &name, &badge, theme) {
        asks.run(Command::Pick(Picker::System));
    }
    let count = shared(racks, |r| match &r.contents {
        Contents::Compute { count, .. } => Some(*count),
        _ => None,
    });
    if racks.iter().any(|r| matches!(r.contents, Contents::Compute { .. })) {
        let number = Number::new("Systems per rack", 1.0, "", (1.0, 64.0))
            .mixed(count.flatten().map(f64::from));
        if let Some(Change::To(n)) = number.ui(ui, theme) {
            change(racks, asks, |rack| {
                if let Contents::Compute { count, .. } = &mut rack.contents {
                    *count = n.round() as u32;
                }
            });
        }
    }
    let door = shared(racks, |r| r.rear_door.clone());
    let door_name = match &door {
        None => "—".to_owned(),
        Some(None) => "none".into(),
        Some(Some(key)) => {
            view.catalog.cooling.get(key).map_or_else(|| key.to_string(), |e| e.name.clone())
        }
    };
    if entry_ui(ui, "Rear door", &door_name, "catalogue", theme) {
        asks.run(Command::Pick(Picker::RearDoor));
    }
    let feeds = [Feeds::Both, Feeds::A, Feeds::B];
    let feed = shared(racks, |r| r.feeds);
    if let Some(feeds) = choice_ui(ui, "Feeds", feed, &feeds, feeds_label, theme) {
        change(racks, asks, |r| r.feeds = feeds);
    }
    let phase =
        Number::new("Phase", 1.0, "", (1.0, 99.0)).mixed(shared(racks, |r| r.phase).map(f64::from));
    if let Some(Change::To(n)) = phase.ui(ui, theme) {
        change(racks, asks, |r| r.phase = n.round() as u16);
    }
}

fn contents_words(view: &View<'_>, contents: Option<&Contents>) -> (String, String) {
    match contents {
        None => ("—".into(), "the selected racks differ".into()),
        Some(Contents::Compute { system, .. }) => view.catalog.systems.get(system).map_or_else(
            || (system.to_string(), "not in the catalogue".into()),
            |e| (e.name.clone(), e.provenance.badge().into()),
        ),
        Some(Contents::Network) => ("network".into(), "switches of the generated fabric".into()),
        Some(Contents::Storage) => ("storage".into(), "appliances of the storage system".into()),
        Some(Contents::Reserved) => ("reserved".into(), "kept for a later phase".into()),
    }
}

const fn feeds_label(feeds: Feeds) -> &'static str {
    match feeds {
        Feeds::Both => "A and B",
        Feeds::A => "A only",
        Feeds::B => "B only",
    }
}

fn place_ui(ui: &mut Ui, racks: &[Rack], theme: &Theme, asks: &mut Asks) {
    if let [rack] = racks {
        let at = |label, v: i32| Number::new(label, f64::from(v), "mm", (-FAR_MM, FAR_MM));
        if let Some(Change::To(x)) = at("East", rack.at.x).ui(ui, theme) {
            change(racks, asks, |r| r.at.x = x.round() as i32);
        }
        if let Some(Change::To(y)) = at("North", rack.at.y).ui(ui, theme) {
            change(racks, asks, |r| r.at.y = y.round() as i32);
        }
    }
    let facing = shared(racks, |r| r.facing);
    if let Some(facing) = choice_ui(ui, "Front looks", facing, &Facing::ALL, facing_label, theme) {
        change(racks, asks, |r| r.facing = facing);
    }
    let size = shared(racks, |r| r.size_mm);
    let words = size.map_or_else(
        || "—".into(),
        |s| {
            let mm = |v: u32| display::fixed(f64::from(v), 0);
            format!("{} × {} × {}", mm(s.width), mm(s.depth), mm(s.height))
        },
    );
    fact_ui(
        ui,
        "Width × depth × height",
        &Shown { number: words, unit: "mm".into() },
        Ink::Plain,
        theme,
    );
    if let Some(locked) = switch_ui(ui, "Locked", shared(racks, |r| r.locked), theme) {
        change(racks, asks, |r| r.locked = locked);
    }
}

/// A direction in words.
pub const fn facing_label(facing: Facing) -> &'static str {
    match facing {
        Facing::North => "north",
        Facing::East => "east",
        Facing::South => "south",
        Facing::West => "west",
    }
}
