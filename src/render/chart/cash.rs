//! The years of the investment: what each brings, what has come back by then, with P10 to P90.

use super::{Axis, Chart, Layer, Mark, Role};
use crate::evaluate::economics::CashYear;
use crate::units::display;

/// The cash flow: bars of the year with whiskers, the sum since the start as a line in its band.
#[must_use]
pub fn cash_chart(years: &[CashYear]) -> Chart {
    let at = |y: &CashYear| f64::from(y.year);
    let bars = |keep: fn(f64) -> f64| years.iter().map(|y| [at(y), keep(y.net_usd)]).collect();
    let pairs = |low: fn(&CashYear) -> f64, high: fn(&CashYear) -> f64| -> Vec<[f64; 2]> {
        years.iter().flat_map(|y| [[at(y), low(y)], [at(y), high(y)]]).collect()
    };
    let layer = |name: &str, role, mark, points| Layer { name: name.into(), role, mark, points };
    let layers = vec![
        layer(
            "sum since the start, P10–P90",
            Role::Main,
            Mark::Area,
            pairs(|y| y.cumulative_p10_usd, |y| y.cumulative_p90_usd),
        ),
        layer("earned in the year", Role::Good, Mark::Bars, bars(|v| v.max(0.0))),
        layer("spent in the year", Role::Bad, Mark::Bars, bars(|v| v.min(0.0))),
        layer(
            "the year, P10–P90",
            Role::Quiet,
            Mark::Whiskers,
            pairs(|y| y.net_p10_usd, |y| y.net_p90_usd),
        ),
        layer(
            "sum since the start",
            Role::Main,
            Mark::Line,
            years.iter().map(|y| [at(y), y.cumulative_usd]).collect(),
        ),
    ];
    let named = years
        .iter()
        .flat_map(|y| {
            let words = words(y);
            [([at(y), y.net_usd], words.clone()), ([at(y), y.cumulative_usd], words)]
        })
        .collect();
    Chart {
        title: "Cash flow".into(),
        x: Axis::of("year"),
        y: Axis { words: "US dollars".into(), usd: true, log: false },
        layers,
        named,
        ..Chart::default()
    }
}

fn words(y: &CashYear) -> String {
    let usd = display::usd;
    let mut lines = vec![format!(
        "Year {}: {} ({})",
        y.year,
        usd(y.net_usd),
        display::band(y.net_p10_usd, y.net_p90_usd, usd)
    )];
    for (name, value) in [
        ("sales", y.revenue_usd),
        ("running cost", -y.running_usd),
        ("capital", -y.capital_usd),
        ("worth at the end of life", y.residual_usd),
        ("tax", -y.tax_usd),
    ] {
        if value != 0.0 {
            lines.push(format!("{name} {}", usd(value)));
        }
    }
    lines.push(format!(
        "since the start {} ({})",
        usd(y.cumulative_usd),
        display::band(y.cumulative_p10_usd, y.cumulative_p90_usd, usd)
    ));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: u32, net_usd: f64, cumulative_usd: f64) -> CashYear {
        CashYear {
            year,
            live_share: 1.0,
            revenue_usd: net_usd.max(0.0),
            running_usd: 0.0,
            capital_usd: (-net_usd).max(0.0),
            residual_usd: 0.0,
            tax_usd: 0.0,
            net_usd,
            cumulative_usd,
            net_p10_usd: net_usd - 1.0,
            net_p90_usd: net_usd + 1.0,
            cumulative_p10_usd: cumulative_usd - 2.0,
            cumulative_p90_usd: cumulative_usd + 2.0,
        }
    }

    #[test]
    fn spent_and_earned_years_have_their_own_bars_and_the_band_holds_the_line() {
        let chart = cash_chart(&[year(0, -10.0, -10.0), year(1, 6.0, -4.0), year(2, 7.0, 3.0)]);
        let of = |mark: Mark, role: Role| {
            chart.layers.iter().find(|l| l.mark == mark && l.role == role).unwrap()
        };
        assert_eq!(of(Mark::Bars, Role::Good).points, [[0.0, 0.0], [1.0, 6.0], [2.0, 7.0]]);
        assert_eq!(of(Mark::Bars, Role::Bad).points, [[0.0, -10.0], [1.0, 0.0], [2.0, 0.0]]);
        let band = &of(Mark::Area, Role::Main).points;
        for (pair, p) in band.chunks(2).zip(&of(Mark::Line, Role::Main).points) {
            assert!(pair[0][1] < p[1] && p[1] < pair[1][1]);
        }
        assert!(chart.named[0].1.contains("capital"), "{}", chart.named[0].1);
    }
}
