//! Limits of accelerators, systems and rack frames.

use super::{COLDEST_C, HOTTEST_C, MOST_ACCELERATORS, MOST_KG, MOST_SYSTEM_W, MOST_USD};
use crate::catalog::Catalog;
use crate::catalog::check::Checker;
use crate::catalog::spec::{AcceleratorSpec, FlowPoint, RackSpec, Spec, SystemForm, SystemSpec};

impl Spec for AcceleratorSpec {
    const KIND: &'static str = "accelerator";

    fn check(&self, to: &mut Checker<'_>) {
        to.text("arch", &self.arch);
        to.text("form", &self.form);
        to.text("memory_type", &self.memory_type);
        to.text("launch", &self.launch);
        to.text("cooling", &self.cooling);
        to.optional("tdp_w", self.tdp_w, 10.0, 20_000.0, "W");
        to.optional("idle_w", self.idle_w, 0.0, 5_000.0, "W");
        to.ascending(&[("idle_w", self.idle_w), ("tdp_w", self.tdp_w)]);
        for (field, peak) in [
            ("bf16_dense_tflops", self.bf16_dense_tflops),
            ("fp8_dense_tflops", self.fp8_dense_tflops),
            ("fp4_dense_tflops", self.fp4_dense_tflops),
        ] {
            to.optional(field, peak, 1.0, 1e6, "TFLOP/s");
        }
        to.range("memory_gbyte", self.memory_gbyte, 1.0, 10_000.0, "GB");
        to.range("memory_tbyte_s", self.memory_tbyte_s, 0.01, 1_000.0, "TB/s");
        to.optional("scale_up_gbyte_s_bidir", self.scale_up_gbyte_s_bidir, 1.0, 1e5, "GB/s");
        to.count("scale_up_domain", self.scale_up_domain, 1, MOST_ACCELERATORS);
        to.optional("nic_gbit_s", self.nic_gbit_s, 1.0, 100_000.0, "Gbit/s");
        to.price("price_usd", self.price_usd, MOST_USD);
        to.optional("max_air_inlet_c", self.max_air_inlet_c, 10.0, 60.0, "°C");
        to.optional("max_liquid_supply_c", self.max_liquid_supply_c, 5.0, 80.0, "°C");
    }
}

impl Spec for SystemSpec {
    const KIND: &'static str = "system";

    fn check(&self, to: &mut Checker<'_>) {
        to.count("accelerator_count", self.accelerator_count, 0, MOST_ACCELERATORS);
        if self.accelerator.is_some() && self.accelerator_count == 0 {
            to.report("accelerator_count", "is 0 though an accelerator is named");
        }
        to.optional_count("rack_units", self.rack_units, 1, 60);
        check_power(self, to);
        to.optional("mass_kg", self.mass_kg, 1.0, MOST_KG, "kg");
        to.size("size_mm", self.size_mm);
        to.optional("airflow_m3_h", self.airflow_m3_h, 0.0, 200_000.0, "m³/h");
        to.optional("inlet_min_c", self.inlet_min_c, COLDEST_C, HOTTEST_C, "°C");
        to.optional("inlet_max_c", self.inlet_max_c, COLDEST_C, HOTTEST_C, "°C");
        to.ascending(&[("inlet_min_c", self.inlet_min_c), ("inlet_max_c", self.inlet_max_c)]);
        check_liquid(self, to);
        to.optional_count("nic_count", self.nic_count, 1, 100_000);
        to.optional("nic_gbit_s", self.nic_gbit_s, 1.0, 100_000.0, "Gbit/s");
        to.price("price_usd", self.price_usd, MOST_USD);
    }

    fn check_references(&self, catalog: &Catalog, to: &mut Checker<'_>) {
        if let Some(Err(unknown)) =
            self.accelerator.as_ref().map(|k| catalog.accelerators.require(k))
        {
            to.report("accelerator", unknown.to_string());
        }
        if let Some(Err(unknown)) = self.frame.as_ref().map(|k| catalog.racks.require(k)) {
            to.report("frame", unknown.to_string());
        }
    }
}

fn check_power(system: &SystemSpec, to: &mut Checker<'_>) {
    let steps = [
        ("typical_power_w", system.typical_power_w),
        ("design_power_w", system.design_power_w),
        ("peak_power_w", system.peak_power_w),
    ];
    for (field, power) in steps {
        to.optional(field, power, 1.0, MOST_SYSTEM_W, "W");
    }
    to.ascending(&steps);
}

fn check_liquid(system: &SystemSpec, to: &mut Checker<'_>) {
    to.optional("liquid_heat_fraction", system.liquid_heat_fraction, 0.0, 1.0, "");
    to.optional("liquid_supply_max_c", system.liquid_supply_max_c, 5.0, 80.0, "°C");
    if !system.liquid_flow.is_empty() && system.liquid_heat_fraction == Some(0.0) {
        to.report("liquid_flow", "is given though liquid_heat_fraction is 0");
    }
    for FlowPoint { supply_c, flow_l_min, drop_kpa } in &system.liquid_flow {
        to.range("liquid_flow", *supply_c, 0.0, 80.0, "°C supply");
        to.range("liquid_flow", *flow_l_min, 0.1, 20_000.0, "L/min");
        to.optional("liquid_flow", *drop_kpa, 0.0, 1_000.0, "kPa drop");
    }
    if system.liquid_flow.windows(2).any(|w| w[0].supply_c >= w[1].supply_c) {
        to.report("liquid_flow", "supply temperatures must rise from point to point");
    }
    if system.form == SystemForm::Pod && !system.liquid_flow.is_empty() {
        to.report("liquid_flow", "belongs to the racks of a pod, not to the pod");
    }
}

impl Spec for RackSpec {
    const KIND: &'static str = "rack frame";

    fn check(&self, to: &mut Checker<'_>) {
        to.text("standard", &self.standard);
        to.text("unit_kind", &self.unit_kind);
        to.size("size_mm", self.size_mm);
        to.optional_count("units", self.units, 1, 70);
        to.optional("tare_kg", self.tare_kg, 10.0, MOST_KG, "kg");
        to.optional("static_load_kg", self.static_load_kg, 10.0, MOST_KG, "kg");
        to.optional("dynamic_load_kg", self.dynamic_load_kg, 10.0, MOST_KG, "kg");
        to.ascending(&[
            ("dynamic_load_kg", self.dynamic_load_kg),
            ("static_load_kg", self.static_load_kg),
        ]);
        to.optional("busbar_a", self.busbar_a, 1.0, 20_000.0, "A");
        to.optional("busbar_vdc", self.busbar_vdc, 12.0, 1_500.0, "V");
        to.optional("max_kw", self.max_kw, 0.1, 5_000.0, "kW");
        to.price("price_usd", self.price_usd, MOST_USD);
    }
}
