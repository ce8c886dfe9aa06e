//! The years: what each brings, what has come back by then, and what the investment is worth.

use crate::evaluate::economics::{Headline, InvestmentResult};
use crate::render::chart::cash::cash_chart;
use crate::ui::commands::Command;
use crate::ui::theme::Theme;
use crate::ui::view::{Asks, View};
use crate::ui::widgets::{
    Ink, chart_heading_ui, chart_ui, empty_ui, fact_ui, section_title_ui, small,
};
use crate::units::display::{self, Shown};
use eframe::egui::{
    self, CursorIcon, Rect, Response, ScrollArea, Sense, Stroke, Ui, UiBuilder, pos2,
};

/// Width of the figures at the right, points.
const FIGURES: f32 = 320.0;

/// Shows chart and figures.
pub fn cash_ui(
    ui: &mut Ui,
    view: &View<'_>,
    investment: Option<&InvestmentResult>,
    asks: &mut Asks,
) {
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
        figures_ui(ui, investment, theme, asks);
    });
}

/// A figure whose formula a click opens.
fn figure_ui(
    ui: &mut Ui,
    (label, value): (&str, String),
    ink: Ink,
    headline: Headline,
    theme: &Theme,
    asks: &mut Asks,
) -> Response {
    let shown = Shown { number: value, unit: String::new() };
    let row = fact_ui(ui, label, &shown, ink, theme);
    let response = ui.interact(row.rect, ui.scope_id().with(label), Sense::click());
    let name = format!("Explain {}", headline.label());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    if response.clicked() {
        asks.run(Command::Explain(headline));
    }
    response
}

fn figures_ui(ui: &mut Ui, investment: &InvestmentResult, theme: &Theme, asks: &mut Asks) {
    section_title_ui(ui, "As an investment", "over the life of its servers", theme);
    ui.label(small(&investment.revenue_basis, theme));
    ui.spacing_mut().item_spacing.y = 0.0;
    let percent = |v: f64| format!("{} %", display::sig(v * 100.0, 3));
    let years = |v: Option<f64>| {
        v.map_or_else(|| "never".to_owned(), |v| format!("{} years", display::sig(v, 2)))
    };
    let ink = |bad: bool| if bad { Ink::Bad } else { Ink::Plain };
    let mut show = |label, value, bad, headline| {
        figure_ui(ui, (label, value), ink(bad), headline, theme, asks)
    };
    let npv = investment.npv_usd;
    show("Net present value", display::usd(npv), npv < 0.0, Headline::Npv);
    let gains = display::percent(investment.gains_share * 100.0).to_string();
    show("Chance that it is above 0", gains, false, Headline::Npv)
        .on_hover_text("share of the sampled worlds in which the investment gains");
    let rates = match investment.internal_rates.as_slice() {
        [] => "none".to_owned(),
        all => all.iter().map(|r| percent(*r)).collect::<Vec<_>>().join(" · "),
    };
    show("Internal rate of return", rates, false, Headline::Irr)
        .on_hover_text("a cash flow that changes its sign twice may have several");
    let modified = investment.modified_rate.map_or_else(|| "none".to_owned(), percent);
    show("Modified, at the cost of capital", modified, false, Headline::Mirr);
    show("Payback", years(investment.payback_years), false, Headline::Payback);
    let later = years(investment.discounted_payback_years);
    show("Payback, discounted", later, false, Headline::DiscountedPayback);
    let at = investment.break_even_utilisation;
    let words = at.map_or_else(|| "at no utilisation".to_owned(), percent);
    let never = at.is_none_or(|v| v > 1.0);
    show("Breaks even at a utilisation of", words, never, Headline::BreakEvenUtilisation);
    let level = investment.break_even_price_level;
    let level = level.map_or_else(|| "at no price".to_owned(), percent);
    show("Breaks even at, of the price", level, false, Headline::BreakEvenPriceLevel);
    let sales = display::usd(investment.full_year_revenue_usd);
    let sales = Shown { number: sales, unit: String::new() };
    fact_ui(ui, "Sales of a full first year", &sales, Ink::Plain, theme);
}
