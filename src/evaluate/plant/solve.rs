//! Solves every loop on its design day and through the synthetic year, and adds up.

use super::case::{Climate, MONTHS, PlantCase, PlantLoop};
use super::check::{PlantError, check};
use super::climate::{HOURS, MONTH_HOURS, SyntheticYear, design_air_of, is_wet};
use super::findings::findings;
use super::prepared::{PreparedPlant, Running};
use super::result::{MonthResult, PlantLoopResult, PlantPoint, PlantResult, PowerSplit};

/// A supply warmer than its set point by no more than this counts as held, K; the tolerance of the
/// published hour counts that we compare with.
pub const SET_POINT_TOLERANCE_K: f64 = 0.3;
/// Joules in a kilowatt-hour over seconds in an hour: W h to kWh.
const KWH_PER_WH: f64 = 1e-3;
/// m³ of water in an hour from kg/s.
const M3_PER_HOUR_KG_S: f64 = 3.6;
/// Compressor shares below this count as none.
const NO_COMPRESSOR: f64 = 1e-9;

/// Power, water and temperatures of all plants, with findings. Energy: what goes outdoors is the
/// heat of the loops and all mechanical work, to rounding.
pub fn solve(case: &PlantCase) -> Result<PlantResult, PlantError> {
    check(case)?;
    let year = SyntheticYear::new(&case.climate);
    let loops = case
        .loops
        .iter()
        .map(|l| solve_loop(l, &case.climate, &year))
        .collect::<Result<Vec<_>, _>>()?;
    let findings = case.loops.iter().zip(&loops).flat_map(|(c, r)| findings(c, r)).collect();
    Ok(PlantResult {
        design_power: sum_power(loops.iter().map(|l| l.design.power)),
        annual_mean_power: sum_power(loops.iter().map(|l| l.annual_mean_power)),
        makeup_m3_year: loops.iter().fold(0.0, |a, l| a + l.makeup_m3_year),
        climate: year.fit,
        findings,
        loops,
    })
}

fn sum_power(parts: impl Iterator<Item = PowerSplit>) -> PowerSplit {
    parts.fold(PowerSplit::default(), |a, b| PowerSplit {
        fan_w: a.fan_w + b.fan_w,
        pump_w: a.pump_w + b.pump_w,
        compressor_w: a.compressor_w + b.compressor_w,
    })
}

fn solve_loop(
    case: &PlantLoop,
    climate: &Climate,
    year: &SyntheticYear,
) -> Result<PlantLoopResult, PlantError> {
    let pressure = year.table.pressure_pa();
    let impossible =
        || PlantError::ImpossibleRating { place: case.name.clone(), what: "dry coolers" };
    let duty = PreparedPlant::new(case, Running::Duty, pressure).ok_or_else(impossible)?;
    let all = PreparedPlant::new(case, Running::All, pressure).ok_or_else(impossible)?;
    let one_out = PreparedPlant::new(case, Running::OneOut, pressure);
    let air = &design_air_of(&case.plant, climate, &year.table);
    let mut annual = Annual::new();
    for (m, hours) in year.months.iter().enumerate() {
        for a in hours {
            annual.add(m, MONTH_HOURS[m] / HOURS as f64, case, &duty.point(a, &year.table));
        }
    }
    Ok(annual.finish(PlantLoopResult {
        name: case.name.clone(),
        heat_w: case.heat_w,
        design: duty.point(air, &year.table),
        design_one_out: one_out.as_ref().map(|p| p.point(air, &year.table)),
        design_capacity_w: all.capacity_w(air),
        design_capacity_one_out_w: one_out.map_or(0.0, |p| p.capacity_w(air)),
        months: [MonthResult::default(); MONTHS],
        annual_mean_power: PowerSplit::default(),
        makeup_m3_year: 0.0,
        free_cooling_hours: 0.0,
        partial_free_cooling_hours: 0.0,
        hours_above_set_point: 0.0,
        warmest_supply_k: 0.0,
        worst_approach_k: 0.0,
    }))
}

/// Sums through the year.
struct Annual {
    months: [MonthResult; MONTHS],
    partial_hours: f64,
    warmest_k: f64,
    approach_k: f64,
}

impl Annual {
    fn new() -> Self {
        Self {
            months: [MonthResult::default(); MONTHS],
            partial_hours: 0.0,
            warmest_k: f64::NEG_INFINITY,
            approach_k: f64::INFINITY,
        }
    }

    fn add(&mut self, month: usize, hours: f64, case: &PlantLoop, p: &PlantPoint) {
        let m = &mut self.months[month];
        let kwh = hours * KWH_PER_WH;
        m.hours += hours;
        m.heat_kwh += kwh * case.heat_w;
        m.fan_kwh += kwh * p.power.fan_w;
        m.pump_kwh += kwh * p.power.pump_w;
        m.compressor_kwh += kwh * p.power.compressor_w;
        m.rejected_kwh += kwh * p.rejected_w;
        m.makeup_m3 += hours * M3_PER_HOUR_KG_S * p.makeup_kg_s;
        m.evaporated_m3 += hours * M3_PER_HOUR_KG_S * p.evaporated_kg_s;
        m.mean_supply_k += hours * p.supply_k;
        if p.compressor_share < NO_COMPRESSOR {
            m.free_cooling_hours += hours;
        } else if p.compressor_share < 1.0 - NO_COMPRESSOR {
            self.partial_hours += hours;
        }
        if p.supply_k > case.supply_set_k + SET_POINT_TOLERANCE_K {
            m.hours_above_set_point += hours;
        }
        let sink_k = if is_wet(&case.plant) { p.wet_bulb_k } else { p.dry_bulb_k };
        self.warmest_k = self.warmest_k.max(p.supply_k);
        self.approach_k = self.approach_k.min(p.supply_k - sink_k);
    }

    fn finish(mut self, empty: PlantLoopResult) -> PlantLoopResult {
        for m in &mut self.months {
            m.mean_supply_k /= m.hours;
        }
        let sum = |pick: fn(&MonthResult) -> f64| self.months.iter().map(pick).sum::<f64>();
        let mean_w = |kwh: f64| kwh / (KWH_PER_WH * sum(|m| m.hours));
        PlantLoopResult {
            months: self.months,
            annual_mean_power: PowerSplit {
                fan_w: mean_w(sum(|m| m.fan_kwh)),
                pump_w: mean_w(sum(|m| m.pump_kwh)),
                compressor_w: mean_w(sum(|m| m.compressor_kwh)),
            },
            makeup_m3_year: sum(|m| m.makeup_m3),
            free_cooling_hours: sum(|m| m.free_cooling_hours),
            partial_free_cooling_hours: self.partial_hours,
            hours_above_set_point: sum(|m| m.hours_above_set_point),
            warmest_supply_k: self.warmest_k,
            worst_approach_k: self.approach_k,
            ..empty
        }
    }
}
