//! Opening, sorting, jumping, undoing, choosing.

use super::options;
use crate::evaluate::finding::Subject;
use crate::plan::{Contents, Edit};
use crate::ui::app::TokenmillApp;
use crate::ui::state::{Action, Selection};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

/// The window as the harness drives it: made in the first frame, when there is a context.
#[derive(Default)]
struct Window(Option<TokenmillApp>);

impl Window {
    fn app(&mut self) -> &mut TokenmillApp {
        self.0.as_mut().unwrap()
    }
}

/// The window on the small preset, solved.
fn window() -> Harness<'static, Window> {
    let mut harness = Harness::builder()
        .with_size([1600.0, 1000.0])
        .with_max_steps(64)
        .allow_missing_glyphs()
        .build_ui_state(
            |ui, window: &mut Window| match &mut window.0 {
                Some(app) => app.frame_ui(ui),
                // Fonts are there from the next frame on.
                None => {
                    window.0 = Some(TokenmillApp::new(ui.ctx(), options("enterprise-1mw"), None));
                }
            },
            Window::default(),
        );
    harness.run_steps(2);
    harness.state_mut().app().wait();
    harness.run_steps(6);
    harness
}

fn click(harness: &mut Harness<'_, Window>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

#[test]
fn a_tab_opens_and_its_table_sorts() {
    let mut window = window();
    click(&mut window, "Racks");
    click(&mut window, "Sort by kW");
    click(&mut window, "Sort by kW");
    let racks = &window.state_mut().app().document().results().unwrap().racks;
    let hungriest =
        racks.iter().max_by(|a, b| a.electric_kw.total_cmp(&b.electric_kw).then(b.id.cmp(&a.id)));
    let name = format!("Rack {}", hungriest.unwrap().name);
    window.get_by_label(&name).click();
    window.run_steps(4);
    assert_eq!(window.state_mut().app().ui_state().selection.len(), 1);
}

#[test]
fn a_finding_jumps_to_its_object() {
    let mut window = window();
    click(&mut window, "Findings");
    let results = std::sync::Arc::clone(window.state_mut().app().document().results().unwrap());
    let found = results.findings.iter().find_map(|f| match f.subject {
        Subject::Object(id) => Some((f, id)),
        _ => None,
    });
    let Some((finding, id)) = found else { return };
    let word = match finding.severity {
        crate::evaluate::finding::Severity::Error => "Error",
        crate::evaluate::finding::Severity::Warning => "Warning",
        crate::evaluate::finding::Severity::Info => "Note",
    };
    let label = format!("{word}: {}", finding.message);
    let Some(row) = window.query_by_label(&label) else { return };
    row.click();
    window.run_steps(4);
    assert_eq!(window.state_mut().app().ui_state().selection, Selection::from([id]));
}

#[test]
fn undo_is_in_the_menu() {
    let mut window = window();
    let before = window.state_mut().app().document().plan().clone();
    let rack = before.floor.racks[0].id;
    window.state_mut().app().act(Action::Apply(Edit::Move { ids: vec![rack], dx: 100, dy: 0 }));
    window.run_steps(2);
    assert_ne!(*window.state_mut().app().document().plan(), before);
    click(&mut window, "Edit");
    let undo = window.get_by(|n| n.label().is_some_and(|l| l.starts_with("Undo")));
    undo.click();
    window.run_steps(4);
    assert_eq!(*window.state_mut().app().document().plan(), before);
}

#[test]
fn a_picker_applies_to_every_selected_rack() {
    let mut window = window();
    let compute: Vec<_> = window
        .state_mut()
        .app()
        .document()
        .plan()
        .floor
        .racks
        .iter()
        .filter(|r| matches!(r.contents, Contents::Compute { .. }))
        .map(|r| r.id)
        .take(2)
        .collect();
    window.state_mut().app().ui_state().selection = compute.iter().copied().collect();
    window.run_steps(2);
    let ctx = window.ctx.clone();
    let pick = crate::ui::commands::Command::Pick(crate::ui::screens::Picker::System);
    window.state_mut().app().run(pick, &ctx);
    window.run_steps(4);
    let name = {
        let catalog = window.state_mut().app().document().catalog();
        let entry = catalog.systems.find("dgx_h200").or_else(|| catalog.systems.find("dgx_h100"));
        entry.unwrap().name.clone()
    };
    window.get_all_by_label(&name).next().unwrap().click();
    window.run_steps(4);
    click(&mut window, &format!("Use {name}"));
    let racks = &window.state_mut().app().document().plan().floor.racks;
    let changed: Vec<_> = racks
        .iter()
        .filter(|r| compute.contains(&r.id))
        .map(|r| format!("{:?}", r.contents))
        .collect();
    assert!(changed.iter().all(|c| c.contains("dgx_h")), "{changed:?}");
    assert_eq!(window.state_mut().app().document().history().past_labels().len(), 1);
}

#[test]
fn text_typed_into_a_field_is_one_edit() {
    let mut window = window();
    let ctx = window.ctx.clone();
    let section = crate::ui::commands::Command::Section(crate::ui::screens::Section::Power);
    window.state_mut().app().run(section, &ctx);
    window.run_steps(8);
    let field = window.get_by_role_and_label(eframe::egui::Role::TextInput, "Contract");
    field.focus();
    window.run_steps(2);
    window.key_combination_modifiers(eframe::egui::Modifiers::COMMAND, &[eframe::egui::Key::A]);
    window.run_steps(1);
    window.get_by_role_and_label(eframe::egui::Role::TextInput, "Contract").type_text("1.5");
    window.run_steps(2);
    window.key_press(eframe::egui::Key::Enter);
    window.run_steps(4);
    let mw = window.state_mut().app().document().plan().power.utility_mw;
    assert!((mw - 1.5).abs() < 1e-12, "{mw}");
}
