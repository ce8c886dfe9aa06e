//! What a component shows: its figures in the shown state, its worst case beside them, its status.

use crate::evaluate::power::result::ElementResult;
use crate::evaluate::result::Results;
use crate::ui::theme::Theme;
use crate::ui::view::View;
use crate::ui::widgets::Ink;
use crate::units::display;
use eframe::egui::Color32;

/// Below this share of the continuous limit a loading is green, percent.
const AMBER_PCT: f64 = 80.0;

/// Figures and status of one element.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// In the shown state: normal, or without what failed.
    pub now: &'a ElementResult,
    /// In the normal state, with its worst case.
    pub normal: &'a ElementResult,
    /// Taken for failed.
    pub out: bool,
    /// Switched off because its voltage collapsed.
    pub tripped: bool,
    /// Whether something is taken for failed.
    pub what_if: bool,
}

impl<'a> Reading<'a> {
    /// Of an element by its index.
    pub fn of(view: &View<'a>, results: &'a Results, element: usize) -> Option<Self> {
        let normal = results.power.elements.get(element)?;
        let outage = view.what_if.outage();
        let power = outage.map_or(results.power.as_ref(), |o| &o.power);
        let now = power.elements.get(element).filter(|e| e.name == normal.name).unwrap_or(normal);
        let tripped =
            outage.and_then(|o| o.summary()).is_some_and(|s| s.tripped.contains(&normal.name));
        let out = view.what_if.out().contains(&normal.name);
        Some(Self { now, normal, out, tripped, what_if: outage.is_some() })
    }

    /// Whether there is a rating to hold a load against.
    pub fn rated(&self) -> bool {
        self.normal.capacity > 0.0 && !self.normal.capacity_unit.is_empty()
    }

    /// Loading in the shown state, percent of the continuous limit.
    pub fn now_pct(&self) -> f64 {
        self.now.normal_of_limit() * 100.0
    }

    /// Loading in the normal state, percent of the continuous limit.
    pub fn normal_pct(&self) -> f64 {
        self.normal.normal_of_limit() * 100.0
    }

    /// Worst loading over all examined outages, percent of the continuous limit.
    pub fn worst_pct(&self) -> f64 {
        self.normal.worst_of_limit() * 100.0
    }

    /// Colour of the symbol.
    pub fn ink(&self, theme: &Theme) -> Color32 {
        if self.out || self.tripped {
            theme.bad
        } else if !self.now.live {
            theme.muted.gamma_multiply(0.7)
        } else if self.rated() {
            loading_ink(self.now_pct()).colour(theme)
        } else {
            theme.text
        }
    }

    /// One word on its state, where there is something to say.
    pub const fn state(&self) -> Option<&'static str> {
        if self.out {
            Some("out of service")
        } else if self.tripped {
            Some("tripped")
        } else if !self.now.live {
            Some("not energised")
        } else {
            None
        }
    }

    /// Power and current.
    pub fn flow_words(&self) -> String {
        let kw = display::power_w(self.now.p_out_w);
        format!("{kw} · {}", display::of(self.now.i_a, "A", 3))
    }

    /// Voltage and drop.
    pub fn volt_words(&self, v_nominal_v: f64) -> String {
        if !self.now.live {
            return format!("{} nominal", display::si(v_nominal_v, "V", 3));
        }
        let volts = display::si(self.now.v_pu * v_nominal_v, "V", 3);
        format!("{volts} · drop {}", display::percent(self.now.drop_percent))
    }

    /// Everything in one line, for the screen reader.
    pub fn words(&self) -> String {
        let load = if self.rated() {
            let worst = display::percent(self.worst_pct());
            format!(", {} of limit, worst {worst}", display::percent(self.now_pct()))
        } else {
            String::new()
        };
        let state = self.state().map(|s| format!(", {s}")).unwrap_or_default();
        format!("{}{load}{state}", self.normal.name)
    }
}

/// Green below 80 % of the continuous limit, amber up to it, red beyond.
pub fn loading_ink(pct: f64) -> Ink {
    if pct > 100.0 {
        Ink::Bad
    } else if pct >= AMBER_PCT {
        Ink::Warn
    } else {
        Ink::Ok
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_past_a_limit_is_green() {
        let inks = [0.0, 79.9, 80.0, 100.0, 100.1].map(loading_ink);
        assert_eq!(inks, [Ink::Ok, Ink::Ok, Ink::Warn, Ink::Warn, Ink::Bad]);
    }
}
