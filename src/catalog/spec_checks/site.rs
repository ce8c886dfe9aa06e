//! Limits of sites, standards and assumptions.

use crate::catalog::check::Checker;
use crate::catalog::spec::{AssumptionSpec, SiteSpec, Spec, StandardSpec};

impl Spec for SiteSpec {
    const KIND: &'static str = "site";

    fn check(&self, to: &mut Checker<'_>) {
        if self.country.len() != 3 || !self.country.bytes().all(|b| b.is_ascii_uppercase()) {
            to.report("country", format!("'{}' is not a three-letter ISO 3166 code", self.country));
        }
        to.range("latitude_deg", self.latitude_deg, -90.0, 90.0, "°");
        to.range("longitude_deg", self.longitude_deg, -180.0, 180.0, "°");
        to.range("elevation_m", self.elevation_m, -430.0, 5_500.0, "m");
        check_climate(self, to);
        to.optional("hours_below_18c", self.hours_below_18c, 0.0, 8_784.0, "h");
        to.optional("grid_carbon_g_kwh", self.grid_carbon_g_kwh, 0.0, 2_000.0, "g/kWh");
        to.optional("wholesale_usd_kwh", self.wholesale_usd_kwh, 0.0, 2.0, "USD/kWh");
        to.optional("industrial_usd_kwh", self.industrial_usd_kwh, 0.0, 2.0, "USD/kWh");
    }
}

/// Dry bulbs within the records of inhabited places; no dew point above its dry bulb.
fn check_climate(site: &SiteSpec, to: &mut Checker<'_>) {
    to.range("annual_mean_db_c", site.annual_mean_db_c, -30.0, 40.0, "°C");
    to.range("design_db_c", site.design_db_c, -20.0, 60.0, "°C");
    to.optional("design_mcwb_c", site.design_mcwb_c, -20.0, 40.0, "°C");
    to.optional("design_wb_c", site.design_wb_c, -20.0, 40.0, "°C");
    to.ascending(&[("design_mcwb_c", site.design_mcwb_c), ("design_db_c", Some(site.design_db_c))]);
    to.ascending(&[("design_wb_c", site.design_wb_c), ("design_db_c", Some(site.design_db_c))]);
    for mean in site.db_mean_c {
        to.range("db_mean_c", mean, -50.0, 50.0, "°C");
    }
    for (dew, dry) in site.dp_mean_c.iter().flatten().zip(site.db_mean_c) {
        to.range(
            "dp_mean_c",
            *dew,
            -60.0,
            dry.clamp(-60.0, 50.0),
            "°C (no higher than the dry bulb)",
        );
    }
}

impl Spec for StandardSpec {
    const KIND: &'static str = "standard";

    fn check(&self, to: &mut Checker<'_>) {
        to.text("topic", &self.topic);
        to.text("item", &self.item);
        to.text("value", &self.value);
        to.optional("low", self.low, -1e9, 1e9, &self.unit);
        to.optional("high", self.high, -1e9, 1e9, &self.unit);
        to.ascending(&[("low", self.low), ("high", self.high)]);
    }
}

impl Spec for AssumptionSpec {
    const KIND: &'static str = "assumption";

    fn check(&self, to: &mut Checker<'_>) {
        to.text("unit", &self.unit);
        to.text("meaning", &self.meaning);
        for (field, value) in [("low", self.low), ("value", self.value), ("high", self.high)] {
            to.range(field, value, -1e12, 1e12, &self.unit);
        }
        to.ascending(&[
            ("low", Some(self.low)),
            ("value", Some(self.value)),
            ("high", Some(self.high)),
        ]);
    }
}
