//! The years: what each brings, what has come back by then, and what the investment is worth.

use crate::evaluate::economics::InvestmentResult;
use crate::render::chart::cash::cash_chart;
use crate::ui::theme::Theme;
use crate::ui::view::View;
use crate::ui::widgets::{
    Ink, chart_heading_ui, chart_ui, empty_ui, fact_ui, section_title_ui, small,
};
use crate::units::display::{self, Shown};
use eframe::egui::{Rect, ScrollArea, Stroke, Ui, UiBuilder, pos2};

/// Width of the figures at the right, points.
const FIGURES: f32 = 320.0;

/// Shows chart and figures.
pub fn cash_ui(ui: &mut Ui, view: &View<'_>, investment: Option<&InvestmentResult>) {
    let theme = &view.theme;
    let Some(investment) = investment else {
        return empty_ui(
            ui,
            "Nothing is sold",
            "a plan with GPUs and prices earns something; then its years are shown here",
            theme,
        );
    };
    let full = Rect::from_min_max(pos2(ui.max_rect().left(), ui.cursor().top()), ui.max_rect().max);
    let edge = (full.right() - FIGURES).max(full.center().x);
    ui.painter().vline(edge, full.y_range(), Stroke::new(1.0, theme.hairline));
    let mut pane = |from: f32, to: f32, name: &str| {
        let rect = Rect::from_min_max(pos2(from, full.top()), pos2(to, full.bottom()));
        ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name))
    };
    let mut left = pane(full.left(), edge - 12.0, "cash-chart");
    let chart = cash_chart(&investment.years);
    chart_heading_ui(&mut left, &chart, theme);
    chart_ui(&mut left, "cash", "Cash flow by year with P10 to P90", &chart, theme);
    let mut right = pane(edge + 12.0, full.right(), "cash-figures");
    ScrollArea::vertical().id_salt("cash").auto_shrink(false).show(&mut right, |ui| {
        figures_ui(ui, investment, theme);
    });
}

fn figures_ui(ui: &mut Ui, investment: &InvestmentResult, theme: &Theme) {
    section_title_ui(ui, "As an investment", "over the life of its servers", theme);
    ui.label(small(&investment.revenue_basis, theme));
    let words = |text: String| Shown { number: text, unit: String::new() };
    let loses = if investment.npv_usd < 0.0 { Ink::Bad } else { Ink::Plain };
    fact_ui(ui, "Net present value", &words(display::usd(investment.npv_usd)), loses, theme);
    let gains = display::percent(investment.gains_share * 100.0);
    fact_ui(ui, "Chance that it is above 0", &gains, Ink::Plain, theme)
        .on_hover_text("share of the sampled worlds in which the investment gains");
    let percent = |v: f64| format!("{} %", display::sig(v * 100.0, 3));
    let rates = match investment.internal_rates.as_slice() {
        [] => "none".to_owned(),
        all => all.iter().map(|r| percent(*r)).collect::<Vec<_>>().join(" · "),
    };
    fact_ui(ui, "Internal rate of return", &words(rates), Ink::Plain, theme)
        .on_hover_text("a cash flow that changes its sign twice may have several");
    let none = || "never".to_owned();
    let years = |v: Option<f64>| v.map_or_else(none, |v| format!("{} years", display::sig(v, 2)));
    let modified = investment.modified_rate.map_or_else(|| "none".to_owned(), percent);
    fact_ui(ui, "Modified, at the cost of capital", &words(modified), Ink::Plain, theme);
    fact_ui(ui, "Payback", &words(years(investment.payback_years)), Ink::Plain, theme);
    let later = years(investment.discounted_payback_years);
    fact_ui(ui, "Payback, discounted", &words(later), Ink::Plain, theme);
    let at = investment.break_even_utilisation;
    let beyond = at.is_none_or(|v| v > 1.0);
    let at = at.map_or_else(|| "at no utilisation".to_owned(), percent);
    let ink = if beyond { Ink::Bad } else { Ink::Plain };
    fact_ui(ui, "Breaks even at a utilisation of", &words(at), ink, theme);
    let level = investment.break_even_price_level;
    let level = level.map_or_else(|| "at no price".to_owned(), percent);
    fact_ui(ui, "Breaks even at, of the price", &words(level), Ink::Plain, theme);
    let sales = display::usd(investment.full_year_revenue_usd);
    fact_ui(ui, "Sales of a full first year", &words(sales), Ink::Plain, theme);
}
