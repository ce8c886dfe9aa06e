//! Key figures: the headline numbers of the evaluation, each with its band where there is one.

use super::{Given, Tone, words};
use crate::evaluate::result::{Kpis, WorstInlet, WorstLoading};
use crate::numerics::band::Band;
use crate::units::display::{self, Shown};

/// One headline number.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFigure {
    /// Field of `kpi` in the results file.
    pub id: &'static str,
    /// Name.
    pub label: &'static str,
    /// The figure as shown.
    pub text: String,
    /// Unit as shown; may be empty.
    pub unit: String,
    /// Band, limit or comparison; may be empty.
    pub detail: String,
    /// Unrounded, in the unit of the results file.
    pub value: Option<f64>,
    /// Status; `detail` says it in words.
    pub tone: Tone,
}

impl KeyFigure {
    fn new(id: &'static str, label: &'static str, value: Option<f64>, shown: Shown) -> Self {
        let Shown { number: text, unit } = shown;
        Self { id, label, text, unit, detail: String::new(), value, tone: Tone::Plain }
    }

    fn detailed(self, detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    fn toned(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

/// All of them.
pub fn key_figures(given: &Given<'_>) -> Vec<KeyFigure> {
    let kpi = &given.results.kpi;
    let mut all = output(kpi);
    all.extend(energy(kpi));
    all.extend(margins(kpi));
    all.extend(money(kpi));
    all
}

fn dollars(band: Option<Band>) -> (Option<f64>, Shown, String) {
    let text = band.map_or_else(|| display::NONE.to_owned(), |b| display::usd(b.base));
    let detail = band.map_or_else(String::new, |b| {
        format!("P10–P90 {}", display::band(b.low, b.high, display::usd))
    });
    (band.map(|b| b.base), Shown { number: text, unit: String::new() }, detail)
}

fn output(kpi: &Kpis) -> Vec<KeyFigure> {
    let tokens = kpi.tokens_per_s;
    let none = || Shown { number: display::NONE.into(), unit: String::new() };
    let rate = KeyFigure::new(
        "tokens_per_s",
        "Output",
        tokens.map(|b| b.base),
        tokens.map_or_else(none, |b| display::tokens_s(b.base)),
    )
    .detailed(tokens.map_or_else(
        || "the model does not fit".to_owned(),
        |b| display::band(b.low, b.high, |v| display::tokens_s(v).to_string()),
    ));
    let (value, shown, detail) = dollars(kpi.usd_per_mtok);
    let per_mtok =
        KeyFigure::new("usd_per_mtok", "Cost per M tokens", value, shown).detailed(detail);
    let (value, shown, detail) = dollars(kpi.usd_per_gpu_h);
    let per_hour =
        KeyFigure::new("usd_per_gpu_h", "Cost per sold GPU-hour", value, shown).detailed(detail);
    let user = kpi
        .user_tok_s
        .map_or_else(String::new, |v| format!("{} per user", display::of(v, "tok/s", 3)));
    let first = kpi.ttft_ms;
    let ttft =
        KeyFigure::new("ttft_ms", "Time to first token", first, display::maybe(first, "ms", 3))
            .detailed(if first.is_some() { user } else { "training job".into() });
    let goodput = KeyFigure::new(
        "goodput_pct",
        "Goodput",
        Some(kpi.goodput_pct),
        display::percent(kpi.goodput_pct),
    )
    .detailed(format!("{} of the year sold or scheduled", display::percent(kpi.sold_pct)));
    vec![rate, per_mtok, per_hour, ttft, goodput]
}

fn energy(kpi: &Kpis) -> Vec<KeyFigure> {
    let mw = |v: f64| display::of(v, "MW", 3);
    let over = kpi.facility_mw > kpi.utility_mw;
    let contract = format!(
        "{} the contract of {}",
        if over { "exceeds" } else { "within" },
        mw(kpi.utility_mw)
    );
    vec![
        KeyFigure::new("facility_mw", "Facility power", Some(kpi.facility_mw), mw(kpi.facility_mw))
            .detailed(contract)
            .toned(if over { Tone::Bad } else { Tone::Plain }),
        KeyFigure::new("it_mw", "IT power", Some(kpi.it_mw), mw(kpi.it_mw))
            .detailed("at the racks' terminals, design"),
        KeyFigure::new("stranded_mw", "Stranded power", Some(kpi.stranded_mw), mw(kpi.stranded_mw))
            .detailed(kpi.stranded_cause.clone()),
        KeyFigure::new("pue", "PUE", Some(kpi.pue), display::of(kpi.pue, "", 4))
            .detailed("mean over the year"),
        KeyFigure::new(
            "wue_l_kwh",
            "WUE",
            Some(kpi.wue_l_kwh),
            display::of(kpi.wue_l_kwh, "L/kWh", 3),
        )
        .detailed("mean over the year"),
        KeyFigure::new(
            "tokens_per_j",
            "Tokens per joule",
            kpi.tokens_per_j,
            display::maybe(kpi.tokens_per_j, "tok/J", 3),
        )
        .detailed("of facility energy while working"),
    ]
}

fn margins(kpi: &Kpis) -> Vec<KeyFigure> {
    let inlet = kpi.worst_inlet.as_ref();
    let loading = kpi.worst_loading.as_ref();
    let none = || Shown { number: display::NONE.into(), unit: String::new() };
    vec![
        KeyFigure::new(
            "worst_inlet",
            "Worst rack inlet",
            inlet.map(|w| w.inlet_c),
            inlet.map_or_else(none, |w| display::celsius(w.inlet_c)),
        )
        .detailed(inlet.map_or_else(String::new, inlet_words))
        .toned(inlet.map_or(Tone::Plain, inlet_tone)),
        KeyFigure::new(
            "worst_loading",
            "Worst power loading",
            loading.map(|w| w.worst_pct),
            loading.map_or_else(none, |w| display::percent(w.worst_pct)),
        )
        .detailed(loading.map_or_else(String::new, loading_words))
        .toned(
            loading
                .map_or(Tone::Plain, |w| if w.worst_pct > 100.0 { Tone::Bad } else { Tone::Plain }),
        ),
    ]
}

fn inlet_words(worst: &WorstInlet) -> String {
    format!(
        "±{} · {}, {} {} its limit",
        display::of(worst.error_k, "K", 2),
        worst.name,
        display::of(worst.margin_k().abs(), "K", 2),
        if worst.margin_k() < 0.0 { "above" } else { "below" },
    )
}

fn inlet_tone(worst: &WorstInlet) -> Tone {
    if worst.margin_k() < 0.0 {
        Tone::Bad
    } else if worst.margin_k() < worst.error_k {
        Tone::Warn
    } else {
        Tone::Plain
    }
}

fn loading_words(worst: &WorstLoading) -> String {
    let when = worst.outage.as_deref().unwrap_or("normal state");
    format!("of the continuous limit · {}, {when}", worst.element)
}

fn money(kpi: &Kpis) -> Vec<KeyFigure> {
    let capex = kpi.capex_usd;
    let unpriced = match kpi.unpriced_items {
        0 => "every item priced".to_owned(),
        n => format!("{} unpriced, not included", words::counted(n, "item")),
    };
    let problems = kpi.errors + kpi.warnings;
    vec![
        KeyFigure::new(
            "capex_usd",
            "Capital",
            Some(capex.base),
            Shown { number: display::usd(capex.base), unit: String::new() },
        )
        .detailed(format!("{} · {unpriced}", display::band(capex.low, capex.high, display::usd)))
        .toned(if kpi.unpriced_items > 0 { Tone::Warn } else { Tone::Plain }),
        KeyFigure::new(
            "errors",
            "Findings",
            Some(problems as f64),
            Shown { number: display::count(problems as u64), unit: String::new() },
        )
        .detailed(format!(
            "{}, {}",
            words::counted(kpi.errors, "error"),
            words::counted(kpi.warnings, "warning")
        ))
        .toned(match (kpi.errors, kpi.warnings) {
            (0, 0) => Tone::Good,
            (0, _) => Tone::Warn,
            _ => Tone::Bad,
        }),
    ]
}
