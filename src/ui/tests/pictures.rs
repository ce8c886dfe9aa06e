//! Pictures of the window, written for a person to look at:
//! `TOKENMILL_PICTURES=folder cargo test --lib ui::tests::pictures -- --ignored`.

use super::options;
use crate::evaluate::clock::Clock;
use crate::ui::commands::Command;
use crate::ui::headless::Headless;
use crate::ui::screens::{Picker, Tab};
use crate::ui::state::Selection;
use std::path::PathBuf;
use std::time::Instant;

#[test]
#[ignore = "writes pictures to look at"]
fn the_window_in_both_themes_and_sizes() {
    let Some(folder) = std::env::var_os("TOKENMILL_PICTURES").map(PathBuf::from) else { return };
    let start = Instant::now();
    for (dark, size, scale) in [
        (true, [1600.0, 1000.0], 1.0),
        (false, [1600.0, 1000.0], 1.0),
        (true, [1280.0, 800.0], 1.0),
        (false, [2560.0, 1440.0], 1.0),
    ] {
        let mut options = options("gb300-10mw");
        options.dark = Some(dark);
        options.clock = Clock::new(move || start.elapsed().as_secs_f64());
        let mut window = Headless::new(options, (size[0], size[1]), scale);
        window.settle();
        let theme = if dark { "dark" } else { "light" };
        let shoot = |window: &mut Headless, name: &str| {
            let path = folder.join(format!("{name}-{theme}-{}.png", size[0]));
            window.picture().save(path).unwrap();
        };
        let rack = window.app().document().plan().floor.racks[6].id;
        window.app().ui_state().selection = Selection::from([rack]);
        window.skip(3);
        shoot(&mut window, "main");
        if size[0] != 1600.0 {
            continue;
        }
        for tab in
            [Tab::Racks, Tab::Power, Tab::Costs, Tab::Findings, Tab::Timings, Tab::Assumptions]
        {
            window.command(Command::Tab(tab));
            shoot(&mut window, &format!("tab-{}", tab.label().to_lowercase()));
        }
        window.app().ui_state().selection = Selection::new();
        window.command(Command::Tab(Tab::Tradeoffs));
        shoot(&mut window, "settings");
        for (name, command) in [
            ("picker", Command::Pick(Picker::System)),
            ("palette", Command::Palette),
            ("shortcuts", Command::Shortcuts),
            ("about", Command::About),
            ("gallery", Command::New),
        ] {
            window.command(command);
            shoot(&mut window, name);
            window.app().close_floating();
            window.skip(1);
        }
    }
}

#[test]
#[ignore = "writes pictures to look at; evaluates every variant"]
fn the_trade_offs() {
    let Some(folder) = std::env::var_os("TOKENMILL_PICTURES").map(PathBuf::from) else { return };
    let start = Instant::now();
    let mut options = options("enterprise-1mw");
    options.clock = Clock::new(move || start.elapsed().as_secs_f64());
    let mut window = Headless::new(options, (1600.0, 1000.0), 1.0);
    window.settle();
    window.command(Command::RunTradeoffs);
    while !window.app().is_at_rest() {
        std::thread::sleep(std::time::Duration::from_millis(50));
        window.skip(1);
    }
    window.picture().save(folder.join("tradeoffs.png")).unwrap();
    window.app().choose_variant(0);
    window.skip(3);
    window.picture().save(folder.join("tradeoffs-chosen.png")).unwrap();
}

#[test]
#[ignore = "writes pictures to look at"]
fn tokens_and_dollars() {
    let Some(folder) = std::env::var_os("TOKENMILL_PICTURES").map(PathBuf::from) else { return };
    let table = "model,system,precision,isl,osl,concurrency,tp,attention_dp,moe_ep,ttft_ms,tpot_ms\n\
        DeepSeek-R1,b200_sxm,fp4,1024,1024,64,8,1,8,300,14\n\
        DeepSeek-R1,b200_sxm,fp4,1024,1024,16,8,1,8,250,9\n\
        DeepSeek-R1,b200_sxm,fp4,1024,8192,four,4,1,1,162,7.9\n";
    for (dark, size) in
        [(true, (1600.0, 1000.0)), (false, (1280.0, 800.0)), (true, (2560.0, 1440.0))]
    {
        let mut options = options("gb300-10mw");
        options.dark = Some(dark);
        let mut window = Headless::new(options, size, 1.0);
        window.settle();
        let shoot = |window: &mut Headless, name: &str| {
            window.finish();
            window.picture().save(folder.join(format!("{name}-{}.png", size.0))).unwrap();
        };
        let explained = crate::evaluate::economics::Headline::UsdPerMtok;
        window.command(Command::Explain(explained));
        shoot(&mut window, "explained");
        window.app().close_floating();
        window.command(Command::Tab(Tab::Workload));
        shoot(&mut window, "workload");
        let ctx = window.context().clone();
        window.app().show_measured(table.into(), &ctx);
        shoot(&mut window, "measured");
        window.command(Command::Tab(Tab::Costs));
        for page in crate::ui::tabs::CostPage::ALL {
            window.app().tabs().costs.page = page;
            shoot(&mut window, &format!("economics-{}", page.label().replace(' ', "-")));
        }
    }
}
