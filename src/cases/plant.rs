//! Weather, psychrometrics, towers and whole years of heat rejection against other programs.

use super::registry::readable;
use super::statistics::{quantile, worst};
use super::{Answer, Case, CaseError, Picture, Point, Quantity, Topic};
use crate::evaluate::plant::{
    Climate, DryCoolers, FanControl, Fluid, Plant, PlantCase, PlantLoop, PlantResult, Pump, Towers,
    Units, psychrometrics, solve, york_approach_k, york_covers,
};
use crate::units::ZERO_CELSIUS_K;
use serde::Deserialize;

const PSYCHROMETRICS: &str = include_str!("../../tests/cases/plant/psychrometrics.json");
const YORK: &str = include_str!("../../tests/cases/plant/york_tower.json");
const SITES: &str = include_str!("../../tests/cases/plant/sites.json");
const ENERGYPLUS: &str = include_str!("../../tests/cases/plant/energyplus_annual.json");

/// Humidity ratio and density, relative, %.
const HUMIDITY_PERCENT: f64 = 1e-3;
const DENSITY_PERCENT: f64 = 1e-2;
/// Dew point and wet bulb, K; enthalpy, J/kg.
const TEMPERATURE_K: f64 = 2e-3;
const ENTHALPY_J_KG: f64 = 1.0;
/// Approach of the tower correlation, K.
const APPROACH_K: f64 = 1e-4;
/// Hours below 18 °C: median and worst |Δ| over sites, h of 8,760.
const MEDIAN_H: f64 = 250.0;
const WORST_H: f64 = 900.0;
/// Fan and pump energy of a tower, make-up water, fan and pump energy of a dry cooler, %.
const TOWER_PERCENT: f64 = 10.0;
const WATER_PERCENT: f64 = 15.0;
const DRY_PERCENT: f64 = 20.0;

#[derive(Deserialize)]
struct Table<T> {
    source: String,
    #[serde(alias = "sites")]
    rows: Vec<T>,
}

#[derive(Clone, Deserialize)]
struct AirRow {
    dry_bulb_c: f64,
    rh: f64,
    pressure_pa: f64,
    wet_bulb_c: f64,
    dew_point_c: f64,
    humidity_ratio: f64,
    enthalpy_j_kg: f64,
    density: f64,
}

#[derive(Clone, Deserialize)]
struct TowerRow {
    wet_bulb_c: f64,
    range_k: f64,
    liquid_gas_ratio: f64,
    approach_k: f64,
}

#[derive(Clone, Deserialize)]
struct Site {
    id: String,
    elevation_m: f64,
    dry_bulb_mean_c: [f64; 12],
    dew_point_mean_c: [f64; 12],
    design_dry_bulb_c: f64,
    design_coincident_wet_bulb_c: Option<f64>,
    design_wet_bulb_c: f64,
    hours_below_18c: Option<f64>,
    tower_27c_overhead: Option<f64>,
    tower_27c_makeup_l_kwh: Option<f64>,
    dry_33c_overhead: Option<f64>,
    dry_33c_hours_above: Option<f64>,
}

impl Site {
    fn climate(&self) -> Climate {
        let k = |t_c: f64| t_c + ZERO_CELSIUS_K;
        Climate {
            elevation_m: self.elevation_m,
            dry_bulb_mean_k: self.dry_bulb_mean_c.map(k),
            dew_point_mean_k: self.dew_point_mean_c.map(k),
            design_dry_bulb_k: k(self.design_dry_bulb_c),
            design_coincident_wet_bulb_k: self.design_coincident_wet_bulb_c.map(k),
            design_wet_bulb_k: k(self.design_wet_bulb_c),
        }
    }
}

/// The shipped cases.
#[must_use]
pub fn cases() -> Vec<Case> {
    let title = "Humid air over its whole range";
    let air = table::<AirRow>("psychrometrics", title, PSYCHROMETRICS, |r| Ok(humid_air(r)));
    let title = "York tower correlation";
    let york = table::<TowerRow>("york_tower", title, YORK, |r| Ok(tower(r)));
    let title = "Hours below 18 °C from monthly means";
    let hours = table::<Site>("hours_below_18c", title, SITES, hours_below);
    let title = "A year of tower and dry cooler in five climates";
    let years = table::<Site>("energyplus_years", title, ENERGYPLUS, years);
    [
        ("psychrometrics", air),
        ("york_tower", york),
        ("hours_below_18c", hours),
        ("energyplus_years", years),
    ]
    .into_iter()
    .map(|(id, case)| readable(id, Topic::Plant, case))
    .collect()
}

fn table<T: for<'de> Deserialize<'de> + Send + Sync + 'static>(
    id: &str,
    title: &str,
    text: &str,
    answer: impl Fn(&[T]) -> Result<Answer, CaseError> + Send + Sync + 'static,
) -> Result<Case, CaseError> {
    let file: Table<T> = serde_json::from_str(text).map_err(|e| CaseError::file(id, e))?;
    let source = file.source.clone();
    Ok(Case::new(id, Topic::Plant, title, source, move |cancel| {
        cancel.check()?;
        answer(&file.rows)
    }))
}

fn worst_of<T>(rows: &[T], error: impl Fn(&T) -> f64) -> f64 {
    worst(&rows.iter().map(error).collect::<Vec<_>>())
}

fn humid_air(rows: &[AirRow]) -> Answer {
    let w = |r: &AirRow| psychrometrics::humidity_ratio(r.dry_bulb_c, r.rh, r.pressure_pa);
    let wet = |r: &AirRow| psychrometrics::wet_bulb(r.dry_bulb_c, w(r), r.pressure_pa);
    let density = |r: &AirRow| {
        psychrometrics::dry_air_density(r.dry_bulb_c, w(r), r.pressure_pa) * (1.0 + w(r))
    };
    let percent = |ours: f64, reference: f64| 100.0 * (ours / reference - 1.0);
    let named = |name: &str, unit, error, tolerance| {
        let name = format!("{name}, {} states, worst |Δ|", rows.len());
        Quantity::error_of(name, unit, error).within(tolerance)
    };
    let humidity = worst_of(rows, |r| percent(w(r), r.humidity_ratio));
    let dew = worst_of(rows, |r| psychrometrics::dew_point(w(r), r.pressure_pa) - r.dew_point_c);
    let bulb = worst_of(rows, |r| wet(r) - r.wet_bulb_c);
    let enthalpy =
        worst_of(rows, |r| psychrometrics::enthalpy_j_kg(r.dry_bulb_c, w(r)) - r.enthalpy_j_kg);
    let mass = worst_of(rows, |r| percent(density(r), r.density));
    let quantities = vec![
        named("Humidity ratio", "%", humidity, HUMIDITY_PERCENT),
        named("Dew point", "K", dew, TEMPERATURE_K),
        named("Wet bulb", "K", bulb, TEMPERATURE_K),
        named("Enthalpy", "J/kg", enthalpy, ENTHALPY_J_KG),
        named("Density", "%", mass, DENSITY_PERCENT),
    ];
    let label = |r: &AirRow| format!("{} °C, {:.0} %", r.dry_bulb_c, 100.0 * r.rh);
    let points = rows.iter().map(|r| Point::new(label(r), r.wet_bulb_c, wet(r))).collect();
    let quantity = "Wet bulb".into();
    Answer::of(
        quantities,
        Picture::Scatter { quantity, unit: "°C", points, band: None, log: false },
    )
}

fn tower(rows: &[TowerRow]) -> Answer {
    // Warmer wet bulbs than the correlation covers are clamped by the product and not compared.
    let rows: Vec<&TowerRow> = rows.iter().filter(|r| york_covers(r.wet_bulb_c)).collect();
    let ours = |r: &TowerRow| york_approach_k(r.range_k, r.wet_bulb_c, r.liquid_gas_ratio);
    let error = worst(&rows.iter().map(|r| ours(r) - r.approach_k).collect::<Vec<_>>());
    let name = format!("Approach, {} points, worst |Δ|", rows.len());
    let label = |r: &TowerRow| format!("{} °C wet bulb, {} K range", r.wet_bulb_c, r.range_k);
    let points = rows.iter().map(|r| Point::new(label(r), r.approach_k, ours(r))).collect();
    let quantity = "Approach".into();
    Answer::of(
        vec![Quantity::error_of(name, "K", error).within(APPROACH_K)],
        Picture::Scatter { quantity, unit: "K", points, band: None, log: false },
    )
}

fn solved(case: &PlantCase) -> Result<PlantResult, CaseError> {
    solve(case).map_err(CaseError::solver)
}

fn hours_below(sites: &[Site]) -> Result<Answer, CaseError> {
    let mut points = Vec::new();
    for site in sites {
        let Some(counted) = site.hours_below_18c else { continue };
        let case = PlantCase { climate: site.climate(), loops: Vec::new() };
        let ours = solved(&case)?.climate.hours_below_18c;
        points.push(Point::new(site.id.clone(), counted, ours));
    }
    let errors: Vec<f64> = points.iter().map(|p| (p.ours - p.reference).abs()).collect();
    let sites = points.len();
    let quantities = vec![
        Quantity::error_of(
            format!("Hours, {sites} sites, median |Δ|"),
            "h",
            quantile(&errors, 0.5),
        )
        .within(MEDIAN_H),
        Quantity::error_of(format!("Hours, {sites} sites, worst |Δ|"), "h", worst(&errors))
            .within(WORST_H),
    ];
    let quantity = "Hours a year below 18 °C".into();
    let band = Some(MEDIAN_H);
    Ok(Answer::of(quantities, Picture::Scatter { quantity, unit: "h", points, band, log: false }))
}

/// Water of the facility loop at 25 °C, as EnergyPlus took it.
const WATER: Fluid = Fluid { density_kg_m3: 997.0, cp_j_kg_k: 4181.0 };
/// Heat of either loop, W.
const HEAT_W: f64 = 1e6;

/// A loop of 1 MW with a pump of 200 kPa at 0.7 wire to water (`equipment` of the file).
fn one_megawatt(name: &str, supply_set_c: f64, flow_m3_s: f64, plant: Plant) -> PlantLoop {
    PlantLoop {
        name: name.into(),
        heat_w: HEAT_W,
        supply_set_k: supply_set_c + ZERO_CELSIUS_K,
        fluid: WATER,
        pump: Pump { flow_m3_s, head_pa: 200_000.0, wire_to_water: 0.7 },
        plant,
    }
}

/// The tower of the file: 27 °C supply.
fn tower_loop() -> PlantLoop {
    const FLOW_M3_S: f64 = 0.042_935;
    let towers = Towers {
        units: Units { count: 1, spare: 0 },
        rated_flow_m3_s: FLOW_M3_S,
        air_flow_m3_s: 49.375,
        fan_w: 10_500.0,
        rated_wet_bulb_k: 298.75,
        rated_approach_k: 3.9,
        rated_range_k: 5.6,
        min_speed: 0.2,
        pump: None,
        cycles_of_concentration: 4.0,
        drift_fraction: 5e-5,
    };
    let plant = Plant::CoolingTower { towers, exchanger_approach_k: 0.0 };
    one_megawatt("tower", 27.0, FLOW_M3_S, plant)
}

/// The two-speed dry cooler of the file: 33 °C supply.
fn dry_loop() -> PlantLoop {
    const FLOW_M3_S: f64 = 0.024_044;
    let coolers = DryCoolers {
        units: Units { count: 1, spare: 0 },
        rated_heat_w: HEAT_W,
        rated_flow_m3_s: FLOW_M3_S,
        rated_approach_k: 8.05,
        air_flow_m3_s: 78.58,
        fan_w: 16_000.0,
        control: FanControl::TwoSpeed { low_flow: 0.5, low_power: 0.16 },
        ua_air_exponent: 0.5,
    };
    one_megawatt("dry cooler", 33.0, FLOW_M3_S, Plant::DryCooler { coolers, adiabatic: None })
}

fn years(sites: &[Site]) -> Result<Answer, CaseError> {
    let (mut quantities, mut points) = (Vec::new(), Vec::new());
    for site in sites {
        let loops = vec![tower_loop(), dry_loop()];
        let r = solved(&PlantCase { climate: site.climate(), loops })?;
        let share = |i: usize| 100.0 * r.loops[i].annual_mean_power.total_w() / HEAT_W;
        let makeup = r.loops[0].makeup_m3_year / 8760.0;
        let named = |what: &str| format!("{}: {what}", site.id);
        let known = [
            (
                "tower fans and pumps",
                "% of heat",
                site.tower_27c_overhead.map(|v| 100.0 * v),
                share(0),
                TOWER_PERCENT,
            ),
            ("tower make-up water", "L/kWh", site.tower_27c_makeup_l_kwh, makeup, WATER_PERCENT),
            (
                "dry cooler fans and pumps",
                "% of heat",
                site.dry_33c_overhead.map(|v| 100.0 * v),
                share(1),
                DRY_PERCENT,
            ),
        ];
        for (what, unit, reference, ours, tolerance) in known {
            let Some(reference) = reference else { continue };
            quantities
                .push(Quantity::relative(named(what), unit, reference, ours).within(tolerance));
            if unit == "% of heat" {
                points.push(Point::new(named(what), reference, ours));
            }
        }
        let hours = r.loops[1].hours_above_set_point;
        quantities.extend(site.dry_33c_hours_above.map(|counted| {
            Quantity::difference(
                named("hours above the set point, dry cooler"),
                "h",
                counted,
                hours,
            )
        }));
    }
    let quantity = "Fans and pumps".into();
    let picture = Picture::Pairs { quantity, unit: "% of heat", points };
    Ok(Answer::of(quantities, picture))
}
