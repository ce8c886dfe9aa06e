//! A day of open arrivals as charts and in words: what the hours ask for, how long a request waits.

use super::{Axis, Chart, Layer, Mark, Role};
use crate::evaluate::workload::{DayOfLoad, Hour};
use crate::units::display;

/// Milliseconds in a second.
const MS: f64 = 1e3;
/// Where limits begin and end beside the first and last hour.
const BESIDE: f64 = 0.5;

/// What a day comes to: the busiest hour, what is sold of what is asked for, replicas that keep it.
#[must_use]
pub fn statement(day: &DayOfLoad) -> String {
    let Some(peak) = day.peak() else { return String::new() };
    let percent = |share: f64| display::percent(share * 100.0);
    let head = format!("Busiest hour, {}: {} of capacity", clock(day), percent(peak.utilisation));
    let sold = if day.turned_away() > 0.0 {
        format!(
            "{} of the day's requests are turned away, so that {} of capacity is sold where {} is \
             asked for",
            percent(day.turned_away()),
            percent(day.sold_share),
            percent(day.asked_share)
        )
    } else {
        format!("all that is asked for over the day, {}, is sold", percent(day.asked_share))
    };
    format!("{head}; {sold}. {}", replicas(day))
}

/// Replicas needed against those there are.
#[must_use]
pub fn replicas(day: &DayOfLoad) -> String {
    match day.replicas_needed {
        Some(needed) => format!(
            "It takes {} replicas to keep the service level in it for 99 % of requests; there are {}",
            display::count(u64::from(needed)),
            display::count(u64::from(day.replicas))
        ),
        None => "No number of replicas keeps the service level for 99 % of requests".into(),
    }
}

/// The busiest hour as a clock shows it.
fn clock(day: &DayOfLoad) -> String {
    format!("{:02}:00", day.peak_hour)
}

/// Demand over the capacity within the service level, hour by hour, percent.
#[must_use]
pub fn demand(day: &DayOfLoad) -> Chart {
    let bars = |value: fn(&Hour) -> Option<f64>| -> Vec<[f64; 2]> {
        let hours = day.hours.iter().enumerate();
        hours.filter_map(|(h, hour)| Some([h as f64, value(hour)? * 100.0])).collect()
    };
    let layers = vec![
        // Below the bars of what is served, so that only what stands out above them shows.
        layer("turned away", Role::Bad, Mark::Bars, {
            bars(|h| (h.utilisation > 1.0).then_some(h.utilisation))
        }),
        layer("served", Role::Main, Mark::Bars, bars(|h| Some(h.utilisation.min(1.0)))),
        level(day, "capacity within the service level", 100.0),
    ];
    chart(day, "Demand over capacity", "demand, % of capacity", layers)
}

/// Median and 99th percentile of the time to first token, hour by hour, ms, with the limit; hours
/// that ask for more than the replicas can take in have none.
#[must_use]
pub fn first_token(day: &DayOfLoad, limit_s: Option<f64>) -> Chart {
    let of = |value: fn(&Hour) -> Option<f64>| -> Vec<[f64; 2]> {
        let hours = day.hours.iter().enumerate();
        hours.filter_map(|(h, hour)| Some([h as f64, value(hour)? * MS])).collect()
    };
    // A line would bridge the hours without an answer.
    let whole = day.hours.iter().all(|h| h.ttft_s.is_some());
    let (line, dashes) = if whole { (Mark::Line, Mark::Dashes) } else { (Mark::Dots, Mark::Dots) };
    let mut layers = vec![
        layer("99 % of requests", Role::Plan, dashes, of(|h| h.ttft_p99_s)),
        layer("median", Role::Main, line, of(|h| h.ttft_s)),
    ];
    layers.extend(limit_s.map(|s| level(day, "limit", s * MS)));
    chart(day, "Time to first token over the day", "TTFT, ms", layers)
}

fn layer(name: &str, role: Role, mark: Mark, points: Vec<[f64; 2]>) -> Layer {
    Layer { name: name.into(), role, mark, points }
}

/// A limit across the day.
fn level(day: &DayOfLoad, name: &str, at: f64) -> Layer {
    let ends = [-BESIDE, day.hours.len() as f64 - 1.0 + BESIDE];
    layer(name, Role::Limit, Mark::Dashes, ends.map(|x| [x, at]).to_vec())
}

fn chart(day: &DayOfLoad, title: &str, y: &str, layers: Vec<Layer>) -> Chart {
    let tops = |h: usize| {
        let at = layers.iter().filter(|l| l.role != Role::Limit);
        at.flat_map(|l| l.points.iter().copied()).filter(move |p| p[0] == h as f64)
    };
    let named = day
        .hours
        .iter()
        .enumerate()
        .flat_map(|(h, hour)| tops(h).map(move |at| (at, words(h, hour))))
        .collect();
    Chart {
        title: title.into(),
        x: Axis::of("hour of the day"),
        y: Axis::of(y),
        layers: layers.into_iter().filter(|l| !l.points.is_empty()).collect(),
        rules: vec![(day.peak_hour as f64, "busiest hour".into())],
        named,
        ..Chart::default()
    }
}

/// An hour in words.
fn words(h: usize, hour: &Hour) -> String {
    let head = format!(
        "{h:02}:00: {} of capacity, {} requests/s",
        display::percent(hour.utilisation * 100.0),
        display::sig(hour.requests_s, 3)
    );
    match (hour.ttft_s, hour.ttft_p99_s, hour.tpot_s) {
        (Some(ttft), Some(p99), Some(tpot)) => format!(
            "{head}\nTTFT {}, 99 % within {}\nTPOT {}",
            display::seconds(ttft),
            display::seconds(p99),
            display::seconds(tpot)
        ),
        _ => format!("{head}\nmore than the replicas can take in"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two hours: a quiet one and one that asks for `peak` of the capacity.
    fn day(peak: f64) -> DayOfLoad {
        let hour = |u: f64| {
            let time = |s: f64| (u <= 1.0).then_some(s * u);
            Hour {
                requests_s: 100.0 * u,
                utilisation: u,
                in_flight: time(10.0),
                ttft_s: time(1.0),
                ttft_p99_s: time(2.0),
                tpot_s: time(0.04),
            }
        };
        let asked = f64::midpoint(0.4, peak);
        DayOfLoad {
            hours: vec![hour(0.4), hour(peak)],
            peak_hour: 1,
            asked_share: asked,
            sold_share: asked - (peak - 1.0).max(0.0) / 2.0,
            sla_met_at_peak: peak <= 1.0,
            replicas: 10,
            replicas_needed: Some((10.0 * peak).ceil() as u32),
        }
    }

    #[test]
    fn what_is_turned_away_stands_out_above_what_is_served() {
        let chart = demand(&day(1.2));
        let of = |role| &chart.layers.iter().find(|l| l.role == role).unwrap().points;
        assert_eq!(of(Role::Bad), &[[1.0, 120.0]]);
        assert_eq!(of(Role::Main), &[[0.0, 40.0], [1.0, 100.0]]);
        assert!(demand(&day(0.9)).layers.iter().all(|l| l.role != Role::Bad));
        assert_eq!(chart.rules[0].0, 1.0);
    }

    #[test]
    fn hours_without_an_answer_have_no_point_and_no_line_across() {
        let full = first_token(&day(0.8), Some(3.0));
        assert!(full.layers.iter().any(|l| l.mark == Mark::Line && l.points.len() == 2));
        let limit = full.layers.iter().find(|l| l.role == Role::Limit).unwrap();
        assert!(limit.points.iter().all(|p| p[1] == 3000.0));
        let burst = first_token(&day(1.2), None);
        assert!(burst.layers.iter().all(|l| l.mark == Mark::Dots && l.points.len() == 1));
    }

    #[test]
    fn one_sentence_says_what_is_sold() {
        let said = statement(&day(0.8));
        let head = format!("01:00: {} of capacity", display::percent(80.0));
        assert!(said.contains(&head) && said.contains("all that is"), "{said}");
        assert!(said.contains("takes 8 replicas"), "{said}");
        let said = statement(&day(1.2));
        assert!(said.contains("turned away") && said.contains("70"), "{said}");
        assert!(said.contains("takes 12 replicas"), "{said}");
    }
}
