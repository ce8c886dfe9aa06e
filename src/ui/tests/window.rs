//! Opening, sorting, jumping, undoing, choosing.

use super::options;
use crate::evaluate::finding::Subject;
use crate::plan::{Contents, Edit};
use crate::ui::app::TokenmillApp;
use crate::ui::state::{Action, Selection};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;

/// The window on the small preset, solved.
fn window() -> Harness<'static, TokenmillApp> {
    let mut harness = Harness::builder()
        .with_size([1600.0, 1000.0])
        .with_max_steps(64)
        .build_eframe(|cc| TokenmillApp::new(&cc.egui_ctx, options("enterprise-1mw"), None));
    for _ in 0..3000 {
        harness.step();
        if harness.state().is_at_rest() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    harness.run_steps(4);
    harness
}

fn click(harness: &mut Harness<'_, TokenmillApp>, label: &str) {
    harness.get_by_label(label).click();
    harness.run_steps(4);
}

#[test]
fn a_tab_opens_and_its_table_sorts() {
    let mut window = window();
    click(&mut window, "Racks");
    click(&mut window, "Sort by kW");
    click(&mut window, "Sort by kW");
    let racks = &window.state().document().results().unwrap().racks;
    let hungriest =
        racks.iter().max_by(|a, b| a.electric_kw.total_cmp(&b.electric_kw).then(b.id.cmp(&a.id)));
    let name = format!("Rack {}", hungriest.unwrap().name);
    window.get_by_label(&name).click();
    window.run_steps(4);
    assert_eq!(window.state_mut().ui_state().selection.len(), 1);
}

#[test]
fn a_finding_jumps_to_its_object() {
    let mut window = window();
    click(&mut window, "Findings");
    let results = std::sync::Arc::clone(window.state().document().results().unwrap());
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
    assert_eq!(window.state_mut().ui_state().selection, Selection::from([id]));
}

#[test]
fn undo_is_in_the_menu() {
    let mut window = window();
    let before = window.state().document().plan().clone();
    let rack = before.floor.racks[0].id;
    window.state_mut().act(Action::Apply(Edit::Move { ids: vec![rack], dx: 100, dy: 0 }));
    window.run_steps(2);
    assert_ne!(*window.state().document().plan(), before);
    click(&mut window, "Edit");
    let undo = window.get_by(|n| n.label().is_some_and(|l| l.starts_with("Undo")));
    undo.click();
    window.run_steps(4);
    assert_eq!(*window.state().document().plan(), before);
}

#[test]
fn a_picker_applies_to_every_selected_rack() {
    let mut window = window();
    let compute: Vec<_> = window
        .state()
        .document()
        .plan()
        .floor
        .racks
        .iter()
        .filter(|r| matches!(r.contents, Contents::Compute { .. }))
        .map(|r| r.id)
        .take(2)
        .collect();
    window.state_mut().ui_state().selection = compute.iter().copied().collect();
    window.run_steps(2);
    let ctx = window.ctx.clone();
    let pick = crate::ui::commands::Command::Pick(crate::ui::screens::Picker::System);
    window.state_mut().run(pick, &ctx);
    window.run_steps(4);
    let name = {
        let catalog = window.state().document().catalog();
        let entry = catalog.systems.find("dgx_h200").or_else(|| catalog.systems.find("dgx_h100"));
        entry.unwrap().name.clone()
    };
    window.get_all_by_label(&name).next().unwrap().click();
    window.run_steps(4);
    click(&mut window, &format!("Use {name}"));
    let racks = &window.state().document().plan().floor.racks;
    let changed: Vec<_> = racks
        .iter()
        .filter(|r| compute.contains(&r.id))
        .map(|r| format!("{:?}", r.contents))
        .collect();
    assert!(changed.iter().all(|c| c.contains("dgx_h")), "{changed:?}");
    assert_eq!(window.state().document().history().past_labels().len(), 1);
}

#[test]
fn text_typed_into_a_field_is_one_edit() {
    let mut window = window();
    let ctx = window.ctx.clone();
    let section = crate::ui::commands::Command::Section(crate::ui::screens::Section::Power);
    window.state_mut().run(section, &ctx);
    window.run_steps(8);
    let field = window.get_by_label("Contract");
    field.focus();
    window.run_steps(2);
    window.key_combination_modifiers(eframe::egui::Modifiers::COMMAND, &[eframe::egui::Key::A]);
    window.run_steps(1);
    window.get_by_label("Contract").type_text("1.5");
    window.run_steps(2);
    window.key_press(eframe::egui::Key::Enter);
    window.run_steps(4);
    let mw = window.state().document().plan().power.utility_mw;
    assert!((mw - 1.5).abs() < 1e-12, "{mw}");
}
