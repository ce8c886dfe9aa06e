//! Limits of cooling and power equipment.

use super::{COLDEST_C, HOTTEST_C, MOST_KG, MOST_USD_PER_KW};
use crate::catalog::check::Checker;
use crate::catalog::spec::{CoolingSpec, EfficiencyPoint, PowerSpec, Spec};

impl Spec for CoolingSpec {
    const KIND: &'static str = "cooling unit";

    fn check(&self, to: &mut Checker<'_>) {
        to.optional("capacity_kw", self.capacity_kw, 0.5, 100_000.0, "kW");
        to.optional("airflow_m3_h", self.airflow_m3_h, 10.0, 5e6, "m³/h");
        to.optional("fan_or_pump_kw", self.fan_or_pump_kw, 0.0, 5_000.0, "kW");
        to.ascending(&[("fan_or_pump_kw", self.fan_or_pump_kw), ("capacity_kw", self.capacity_kw)]);
        to.optional("cop", self.cop, 0.5, 60.0, "");
        to.optional("water_flow_l_min", self.water_flow_l_min, 0.1, 1e6, "L/min");
        to.optional("pressure_bar", self.pressure_bar, 0.0, 20.0, "bar");
        to.optional("approach_k", self.approach_k, 0.1, 40.0, "K");
        to.optional("supply_c", self.supply_c, COLDEST_C, HOTTEST_C, "°C");
        to.optional("return_c", self.return_c, COLDEST_C, HOTTEST_C, "°C");
        to.ascending(&[("supply_c", self.supply_c), ("return_c", self.return_c)]);
        to.size("size_mm", self.size_mm);
        to.optional("mass_kg", self.mass_kg, 1.0, MOST_KG, "kg");
        to.price("price_usd_per_kw", self.price_usd_per_kw, MOST_USD_PER_KW);
    }
}

impl Spec for PowerSpec {
    const KIND: &'static str = "power unit";

    fn check(&self, to: &mut Checker<'_>) {
        to.optional("rating_kva", self.rating_kva, 0.1, 1e6, "kVA");
        to.optional("rating_kw", self.rating_kw, 0.1, 1e6, "kW");
        to.ascending(&[("rating_kw", self.rating_kw), ("rating_kva", self.rating_kva)]);
        to.optional("rating_a", self.rating_a, 1.0, 20_000.0, "A");
        to.optional("voltage_v", self.voltage_v, 12.0, 400_000.0, "V");
        to.optional("impedance_pct", self.impedance_pct, 0.5, 25.0, "%");
        to.optional("icw_1s_ka", self.icw_1s_ka, 0.5, 300.0, "kA");
        to.optional("ipk_ka", self.ipk_ka, 0.5, 700.0, "kA");
        to.ascending(&[("icw_1s_ka", self.icw_1s_ka), ("ipk_ka", self.ipk_ka)]);
        let rating_w = self.rating_kva.or(self.rating_kw).map_or(1e9, |k| k * 1e3);
        to.optional("no_load_loss_w", self.no_load_loss_w, 0.0, 0.1 * rating_w, "W");
        to.optional("load_loss_w", self.load_loss_w, 0.0, 0.2 * rating_w, "W");
        check_efficiency(&self.efficiency, to);
        to.optional("efficiency_eco_pct", self.efficiency_eco_pct, 50.0, 100.0, "%");
        to.optional("battery_min", self.battery_min, 0.0, 1_440.0, "min");
        to.optional("energy_kwh", self.energy_kwh, 0.1, 1e6, "kWh");
        to.optional("start_s", self.start_s, 0.0, 600.0, "s");
        to.optional("max_step_load_pct", self.max_step_load_pct, 1.0, 100.0, "%");
        to.size("size_mm", self.size_mm);
        to.optional("mass_kg", self.mass_kg, 1.0, MOST_KG, "kg");
        to.price("price_usd_per_kw", self.price_usd_per_kw, MOST_USD_PER_KW);
    }
}

fn check_efficiency(points: &[EfficiencyPoint], to: &mut Checker<'_>) {
    for EfficiencyPoint { load_pct, efficiency_pct } in points {
        to.range("efficiency", *load_pct, 1.0, 150.0, "% load");
        to.range("efficiency", *efficiency_pct, 30.0, 100.0, "%");
    }
    if points.windows(2).any(|w| w[0].load_pct >= w[1].load_pct) {
        to.report("efficiency", "loads must rise from point to point");
    }
}
