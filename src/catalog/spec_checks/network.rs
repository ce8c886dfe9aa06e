//! Limits of network parts and storage.

use super::{MOST_KG, MOST_USD};
use crate::catalog::check::Checker;
use crate::catalog::spec::{NetworkSpec, Spec, StorageSpec};

impl Spec for NetworkSpec {
    const KIND: &'static str = "network part";

    fn check(&self, to: &mut Checker<'_>) {
        to.optional_count("ports", self.ports, 1, 10_000);
        to.optional("port_gbit_s", self.port_gbit_s, 0.1, 100_000.0, "Gbit/s");
        to.optional_count("rack_units", self.rack_units, 1, 60);
        to.optional("typical_power_w", self.typical_power_w, 0.0, 50_000.0, "W");
        to.optional("max_power_w", self.max_power_w, 0.0, 50_000.0, "W");
        to.ascending(&[
            ("typical_power_w", self.typical_power_w),
            ("max_power_w", self.max_power_w),
        ]);
        to.optional("mass_kg", self.mass_kg, 0.01, MOST_KG, "kg");
        to.optional("depth_mm", self.depth_mm, 10.0, 2_000.0, "mm");
        to.optional("reach_m", self.reach_m, 0.1, 200_000.0, "m");
        to.optional("latency_ns", self.latency_ns, 1.0, 1e6, "ns");
        to.price("price_usd", self.price_usd, MOST_USD);
    }
}

impl Spec for StorageSpec {
    const KIND: &'static str = "storage unit";

    fn check(&self, to: &mut Checker<'_>) {
        to.text("kind", &self.kind);
        to.optional("read_gbyte_s", self.read_gbyte_s, 0.01, 1e6, "GB/s");
        to.optional("write_gbyte_s", self.write_gbyte_s, 0.01, 1e6, "GB/s");
        to.optional("usable_pbyte", self.usable_pbyte, 1e-4, 1e4, "PB");
        to.optional("raw_pbyte", self.raw_pbyte, 1e-4, 1e4, "PB");
        to.ascending(&[("usable_pbyte", self.usable_pbyte), ("raw_pbyte", self.raw_pbyte)]);
        to.optional_count("rack_units", self.rack_units, 1, 60);
        to.optional("typical_power_w", self.typical_power_w, 1.0, 200_000.0, "W");
        to.optional("max_power_w", self.max_power_w, 1.0, 200_000.0, "W");
        to.ascending(&[
            ("typical_power_w", self.typical_power_w),
            ("max_power_w", self.max_power_w),
        ]);
        to.optional("mass_kg", self.mass_kg, 1.0, MOST_KG, "kg");
        to.price("price_usd", self.price_usd, MOST_USD);
    }
}
