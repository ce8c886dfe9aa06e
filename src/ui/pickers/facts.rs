//! What a picker shows of a catalogue entry: facts with their badges.

use crate::catalog::{
    AcceleratorSpec, Catalog, CoolingKind, CoolingSpec, Entry, ModelSpec, NetworkKind, NetworkSpec,
    PowerKind, PowerSpec, PriceRange, SiteSpec, StorageSpec, SystemForm, SystemSpec, Table,
};
use crate::ui::screens::Picker;
use crate::units::display::{self, Shown};

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub value: String,
    /// Who says so, in a word.
    pub badge: &'static str,
    /// Who says so, in full.
    pub source: String,
}

/// An entry that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Catalogue id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Facts in the same order for every candidate of a picker.
    pub facts: Vec<Fact>,
    /// Caveats.
    pub notes: String,
}

/// Collects the facts of one entry.
struct Facts<'a, S> {
    entry: &'a Entry<S>,
    facts: Vec<Fact>,
}

impl<'a, S> Facts<'a, S> {
    const fn of(entry: &'a Entry<S>) -> Self {
        Self { entry, facts: Vec::new() }
    }

    fn text(mut self, label: &'static str, field: &str, value: impl Into<String>) -> Self {
        let provenance = self.entry.provenance_of(field);
        let source = format!("{} · {}", provenance.source, provenance.date);
        self.facts.push(Fact { label, value: value.into(), badge: provenance.badge(), source });
        self
    }

    fn number(self, label: &'static str, field: &str, value: Option<f64>, unit: &str) -> Self {
        let text = display::maybe(value, unit, 3).to_string();
        self.text(label, field, text)
    }

    fn price(self, label: &'static str, field: &str, price: Option<PriceRange>) -> Self {
        let text = price.map_or_else(
            || "unpriced".into(),
            |p| {
                format!("{} ({})", display::usd(p.base), display::band(p.low, p.high, display::usd))
            },
        );
        self.text(label, field, text)
    }

    fn done(self) -> Candidate {
        let entry = self.entry;
        Candidate {
            id: entry.id.clone(),
            name: entry.name.clone(),
            vendor: entry.vendor.clone(),
            facts: self.facts,
            notes: entry.notes.clone(),
        }
    }
}

/// Entries of a table that pass, as candidates.
fn pick<S>(
    table: &Table<S>,
    passes: impl Fn(&S) -> bool,
    facts: impl Fn(&Entry<S>) -> Candidate,
) -> Vec<Candidate> {
    table.iter().filter(|e| passes(&e.spec)).map(|e| facts(e)).collect()
}

/// Everything that a picker offers.
#[must_use]
pub fn candidates(picker: Picker, catalog: &Catalog) -> Vec<Candidate> {
    use CoolingKind as C;
    let cooling = |kinds: &[C]| pick(&catalog.cooling, |s| kinds.contains(&s.kind), cooling_facts);
    let power = |kind: PowerKind| pick(&catalog.power, |s| s.kind == kind, power_facts);
    match picker {
        Picker::System => pick(
            &catalog.systems,
            |s| s.missing_for_placing().is_empty(),
            |e| system_facts(e, catalog),
        ),
        Picker::AirUnit => cooling(&[C::Crah, C::FanWall, C::InRow]),
        Picker::Cdu => cooling(&[C::CduL2l, C::CduL2a]),
        Picker::RearDoor => cooling(&[C::RdhxActive, C::RdhxPassive]),
        Picker::Switch => pick(&catalog.network, is_fabric_switch, network_facts),
        Picker::Storage => pick(&catalog.storage, |_| true, storage_facts),
        Picker::Model => pick(&catalog.models, |_| true, model_facts),
        Picker::Site => pick(&catalog.sites, |_| true, site_facts),
        Picker::Transformer => power(PowerKind::Transformer),
        Picker::Ups => power(PowerKind::Ups),
        Picker::Busway => power(PowerKind::Busway),
        Picker::Generator => power(PowerKind::Generator),
    }
}

const fn is_fabric_switch(spec: &NetworkSpec) -> bool {
    matches!(spec.kind, NetworkKind::SwitchIb | NetworkKind::SwitchEth)
        && spec.ports.is_some()
        && spec.port_gbit_s.is_some()
}

fn system_facts(entry: &Entry<SystemSpec>, catalog: &Catalog) -> Candidate {
    let s = &entry.spec;
    let accelerator = s.accelerator.as_ref().and_then(|k| catalog.accelerators.get(k));
    let gpu = |f: fn(&AcceleratorSpec) -> Option<f64>| accelerator.and_then(|a| f(&a.spec));
    let form = match s.form {
        SystemForm::Rack => "whole rack".to_owned(),
        _ => display::maybe(s.rack_units.map(f64::from), "U", 2).to_string(),
    };
    Facts::of(entry)
        .text("Form", "form", form)
        .text(
            "GPUs",
            "accelerator_count",
            accelerator.map_or_else(
                || s.accelerator_count.to_string(),
                |a| format!("{} × {}", s.accelerator_count, a.name),
            ),
        )
        .number("Design power", "design_power_w", s.design_power_w.map(|w| w / 1e3), "kW")
        .number("Typical power", "typical_power_w", s.typical_power_w.map(|w| w / 1e3), "kW")
        .number(
            "Heat to liquid",
            "liquid_heat_fraction",
            s.liquid_heat_fraction.map(|f| f * 100.0),
            "%",
        )
        .number("Inlet allowed", "inlet_max_c", s.inlet_max_c, "°C")
        .number("Coolant allowed", "liquid_supply_max_c", s.liquid_supply_max_c, "°C")
        .number("FP8 dense per GPU", "accelerator", gpu(|a| a.fp8_dense_tflops), "TFLOP/s")
        .number("Memory per GPU", "accelerator", gpu(|a| Some(a.memory_gbyte)), "GB")
        .number("Bandwidth per GPU", "accelerator", gpu(|a| Some(a.memory_tbyte_s)), "TB/s")
        .number("Network per port", "nic_gbit_s", s.nic_gbit_s, "Gbit/s")
        .number("Mass", "mass_kg", s.mass_kg, "kg")
        .price("Price", "price_usd", s.price_usd)
        .done()
}

fn cooling_facts(entry: &Entry<CoolingSpec>) -> Candidate {
    let s = &entry.spec;
    let size = s.size_mm.map_or_else(
        || display::NONE.into(),
        |m| format!("{} × {} × {} mm", m.width, m.depth, m.height),
    );
    Facts::of(entry)
        .number("Rated heat", "capacity_kw", s.capacity_kw, "kW")
        .number("Airflow", "airflow_m3_h", s.airflow_m3_h.map(|v| v / 3600.0), "m³/s")
        .number("Fan or pump", "fan_or_pump_kw", s.fan_or_pump_kw, "kW")
        .number("Flow", "water_flow_l_min", s.water_flow_l_min, "L/min")
        .number("Approach", "approach_k", s.approach_k, "K")
        .number("Supply at rating", "supply_c", s.supply_c, "°C")
        .text("Size", "size_mm", size)
        .number("Mass", "mass_kg", s.mass_kg, "kg")
        .price("Price per kW", "price_usd_per_kw", s.price_usd_per_kw)
        .done()
}

fn network_facts(entry: &Entry<NetworkSpec>) -> Candidate {
    let s = &entry.spec;
    Facts::of(entry)
        .number("Ports", "ports", s.ports.map(f64::from), "")
        .number("Per port", "port_gbit_s", s.port_gbit_s, "Gbit/s")
        .number("Height", "rack_units", s.rack_units.map(f64::from), "U")
        .number("Typical power", "typical_power_w", s.typical_power_w, "W")
        .number("Largest power", "max_power_w", s.max_power_w, "W")
        .number("Latency", "latency_ns", s.latency_ns, "ns")
        .text("Cooling", "liquid_cooled", if s.liquid_cooled { "liquid" } else { "air" })
        .price("Price", "price_usd", s.price_usd)
        .done()
}

fn storage_facts(entry: &Entry<StorageSpec>) -> Candidate {
    let s = &entry.spec;
    Facts::of(entry)
        .text("Kind", "kind", s.kind.as_str())
        .number("Read", "read_gbyte_s", s.read_gbyte_s, "GB/s")
        .number("Write", "write_gbyte_s", s.write_gbyte_s, "GB/s")
        .number("Usable", "usable_pbyte", s.usable_pbyte, "PB")
        .number("Height", "rack_units", s.rack_units.map(f64::from), "U")
        .number("Largest power", "max_power_w", s.max_power_w, "W")
        .price("Price", "price_usd", s.price_usd)
        .done()
}

fn model_facts(entry: &Entry<ModelSpec>) -> Candidate {
    let s = &entry.spec;
    let kind = if s.moe.is_some() { "mixture of experts" } else { "dense" };
    let attention = if s.mla.is_some() { "latent (MLA)" } else { "grouped heads" };
    Facts::of(entry)
        .number("Parameters", "params_total_b", Some(s.params_total_b), "B")
        .number("Active per token", "params_active_b", Some(s.params_active_b), "B")
        .text("Kind", "moe", kind)
        .text("Attention", "mla", attention)
        .number("Layers", "layers", Some(f64::from(s.layers)), "")
        .number("Longest context", "context_tokens", Some(f64::from(s.context_tokens)), "tokens")
        .done()
}

fn site_facts(entry: &Entry<SiteSpec>) -> Candidate {
    let s = &entry.spec;
    Facts::of(entry)
        .text("Country", "country", s.country.as_str())
        .number("Design dry bulb, 0.4 %", "design_db_c", Some(s.design_db_c), "°C")
        .number("Design wet bulb, 0.4 %", "design_wb_c", s.design_wb_c, "°C")
        .number("Mean dry bulb", "annual_mean_db_c", Some(s.annual_mean_db_c), "°C")
        .number("Hours below 18 °C", "hours_below_18c", s.hours_below_18c, "h")
        .number("Electricity", "industrial_usd_kwh", s.industrial_usd_kwh, "$/kWh")
        .number("Grid carbon", "grid_carbon_g_kwh", s.grid_carbon_g_kwh, "g/kWh")
        .number("Elevation", "elevation_m", Some(s.elevation_m), "m")
        .text("Water stress", "water_stress", s.water_stress.as_str())
        .done()
}

fn power_facts(entry: &Entry<PowerSpec>) -> Candidate {
    let s = &entry.spec;
    let best = s.efficiency.iter().map(|p| p.efficiency_pct).fold(f64::NAN, f64::max);
    let rating = [(s.rating_kva, "kVA"), (s.rating_kw, "kW"), (s.rating_a, "A")]
        .into_iter()
        .find_map(|(value, unit)| value.map(|v| display::of(v, unit, 3)))
        .unwrap_or_else(|| Shown { number: display::NONE.into(), unit: String::new() });
    Facts::of(entry)
        .text("Rating", "rating_kva", rating.to_string())
        .number("Voltage", "voltage_v", s.voltage_v, "V")
        .number("Best efficiency", "efficiency", Some(best).filter(|b| b.is_finite()), "%")
        .number("Eco mode", "efficiency_eco_pct", s.efficiency_eco_pct, "%")
        .number("Impedance", "impedance_pct", s.impedance_pct, "%")
        .number("Withstand 1 s", "icw_1s_ka", s.icw_1s_ka, "kA")
        .number("Battery", "battery_min", s.battery_min, "min")
        .price("Price per kW", "price_usd_per_kw", s.price_usd_per_kw)
        .done()
}
