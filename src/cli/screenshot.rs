//! `tokenmill screenshot`: a picture of the real window, without display or GPU.

use super::open::window_options;
use super::{Common, Environment};
use crate::evaluate::economics::Headline;
use crate::render::scene::{Axis, Layers, Section};
use crate::session::files::{read_any_text, write_atomic};
use crate::study::Figure;
use crate::ui::commands::Command;
use crate::ui::headless::Headless;
use crate::ui::screens::Tab;
use crate::ui::state::{MainView, Overlay};
use crate::ui::tabs::CostPage;
use std::io::Cursor;
use std::path::PathBuf;

/// Words of the verb.
#[derive(Debug, clap::Args)]
pub struct Words {
    /// Plan file or preset
    plan: String,
    /// What to show: the window with its overlay inlet, air, power, feeds, liquid, stranded,
    /// utilisation, cost, amps or plan; section, the air by height; the hall in three dimensions, 3d,
    /// 3d-slice, 3d-section or 3d-limit; the power chain, one-line; or with the tab tradeoffs,
    /// workload, measured:FILE.csv (a table of measured serving points), economics, cash-flow,
    /// cost-map, compare (this plan against its best variant), explain (the formula of the cost),
    /// explain-power, racks, powertab, outages, findings, timings, validation (or validation:CASE), history or
    /// assumptions open
    #[arg(long, default_value = "window")]
    view: String,
    /// File to write
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,
    /// Size in points
    #[arg(long, default_value = "1600x1000", value_name = "WxH", value_parser = size)]
    size: (u32, u32),
    /// Pixels per point
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f32,
    /// Light theme
    #[arg(long)]
    light: bool,
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let parse = |t: &str| t.parse::<u32>().ok().filter(|v| (320..=7680).contains(v));
    text.split_once('x')
        .and_then(|(w, h)| Some((parse(w)?, parse(h)?)))
        .ok_or_else(|| format!("'{text}' is not WIDTHxHEIGHT with both from 320 to 7680"))
}

fn scale(text: &str) -> Result<f32, String> {
    text.parse::<f32>()
        .ok()
        .filter(|v| (0.5..=4.0).contains(v))
        .ok_or_else(|| format!("'{text}' is not a number from 0.5 to 4"))
}

/// What a view's name changes in the window.
enum View {
    Window,
    Overlay(Overlay),
    Tab(Tab),
    /// A table of measured points beside the model.
    Measured(String),
    /// A page of the economics tab.
    Costs(CostPage),
    /// A headline taken apart, over its tab.
    Explain(Command),
    Orbit(Layers),
    OneLine,
    /// Air with its vertical section and arrows.
    Section,
    /// The tab with every shipped case run, one of them selected.
    Validation(Option<String>),
}

/// The upright section that `3d-section` shows.
const MIDDLE: Section = Section { axis: Axis::Y, share: 0.5 };

fn view(name: &str) -> anyhow::Result<View> {
    let all = Layers::default();
    Ok(match name {
        "window" => View::Window,
        "3d" => View::Orbit(Layers::default()),
        "3d-slice" => View::Orbit(Layers { slice_m: Some(0.0), streamlines: false, ..all }),
        "3d-section" => View::Orbit(Layers { section: Some(MIDDLE), ..all }),
        "3d-limit" => View::Orbit(Layers { limit_surface: true, ..all }),
        "one-line" => View::OneLine,
        "plan" => View::Overlay(Overlay::Plan),
        "inlet" => View::Overlay(Overlay::Inlet),
        "air" => View::Overlay(Overlay::Air),
        "section" => View::Section,
        "power" => View::Overlay(Overlay::Power),
        "feeds" => View::Overlay(Overlay::Feeds),
        "liquid" => View::Overlay(Overlay::Liquid),
        "stranded" => View::Overlay(Overlay::Stranded),
        "utilisation" => View::Overlay(Overlay::Utilisation),
        "cost" => View::Overlay(Overlay::Cost),
        "amps" => View::Overlay(Overlay::Amps),
        "tradeoffs" => View::Tab(Tab::Tradeoffs),
        "racks" => View::Tab(Tab::Racks),
        "powertab" => View::Tab(Tab::Power),
        "outages" => View::Tab(Tab::Outages),
        "workload" => View::Tab(Tab::Workload),
        "costs" | "economics" => View::Costs(CostPage::Overview),
        "cash-flow" => View::Costs(CostPage::Cash),
        "cost-map" => View::Costs(CostPage::Map),
        "compare" => View::Costs(CostPage::Compare),
        "explain" => View::Explain(Command::Explain(Headline::UsdPerMtok)),
        "explain-power" => View::Explain(Command::ExplainFigure(Figure::Facility)),
        "findings" => View::Tab(Tab::Findings),
        "timings" => View::Tab(Tab::Timings),
        "validation" => View::Validation(None),
        "history" => View::Tab(Tab::History),
        "assumptions" => View::Tab(Tab::Assumptions),
        _ if name.starts_with("measured:") => {
            let (_, file) = name.split_once(':').unwrap_or_default();
            View::Measured(read_any_text(file)?)
        }
        _ if name.starts_with("validation:") => {
            View::Validation(name.split_once(':').map(|(_, id)| id.to_owned()))
        }
        _ => {
            anyhow::bail!("--view '{name}' is not known; `tokenmill screenshot --help` lists them")
        }
    })
}

/// Runs the verb.
pub fn run(words: &Words, common: &Common, environment: &Environment) -> anyhow::Result<()> {
    let view = view(&words.view)?;
    let mut options = window_options(&words.plan, common, environment)?;
    options.dark = Some(!words.light);
    options.recovery_folder = None;
    let size = (words.size.0 as f32, words.size.1 as f32);
    let mut window = Headless::new(options, size, words.scale);
    match view {
        View::Window => {}
        View::Overlay(overlay) => window.app().ui_state().overlay = overlay,
        View::Measured(text) => {
            let ctx = window.context().clone();
            window.app().show_measured(text, &ctx);
        }
        View::Explain(command) => {
            window.app().open_tab(Tab::Costs);
            window.settle();
            window.command(command);
        }
        View::Costs(page) => {
            if page == CostPage::Compare {
                window.settle();
                window.command(Command::RunTradeoffs);
            }
            window.app().open_tab(Tab::Costs);
            window.app().tabs().costs.page = page;
        }
        View::Tab(tab) => window.app().open_tab(tab),
        View::Orbit(layers) => {
            let state = window.app().ui_state();
            (state.main, state.layers) = (MainView::Orbit, layers);
        }
        View::OneLine => window.app().ui_state().main = MainView::OneLine,
        View::Section => {
            let app = window.app();
            (app.ui_state().overlay, app.ui_state().show_arrows) = (Overlay::Air, true);
            app.floor().show_section();
            app.ui_state().follow = true;
            let rack = app.document().plan().floor.racks.get(3).map(|r| r.id);
            app.ui_state().selection = rack.into_iter().collect();
        }
        View::Validation(case) => {
            window.command(Command::RunValidation);
            if let Some(id) = case {
                anyhow::ensure!(window.app().select_case(&id), "--view: no case is called '{id}'");
            }
        }
    }
    window.settle();
    window.finish();
    let mut png = Cursor::new(Vec::new());
    window.picture().write_to(&mut png, image::ImageFormat::Png)?;
    write_atomic(&words.out, png.get_ref())?;
    Ok(())
}
